// Each text was printed by the adapter's own relation class.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { adapterOf } from '../../../server/dbt/adapters/adapters.ts'
import { quoteName, renderEventTime, renderLimited, renderRelation } from '../../../server/dbt/adapters/render.ts'

const rendering = suite('adapters render')
const rules = { databricksLowerCases: true }

const expected: Record<string, { readonly plain: string; readonly empty: string; readonly five: string; readonly times: string; readonly end: string }> = {
  duckdb: { plain: '"Db"."Sc"."Tb"', empty: '(select * from "Db"."Sc"."Tb" where false limit 0)', five: '(select * from "Db"."Sc"."Tb" limit 5)', times: `(select * from "Db"."Sc"."Tb" where ts >= '2024-01-02 00:00:00+00:00' and ts < '2024-01-03 04:05:06.000789+00:00')`, end: `(select * from "Db"."Sc"."Tb" where ts < '2024-01-03 04:05:06.000789+00:00')` },
  postgres: { plain: '"Db"."Sc"."Tb"', empty: '(select * from "Db"."Sc"."Tb" where false limit 0) _dbt_limit_subq_Tb', five: '(select * from "Db"."Sc"."Tb" limit 5) _dbt_limit_subq_Tb', times: `(select * from "Db"."Sc"."Tb" where ts >= '2024-01-02 00:00:00+00:00' and ts < '2024-01-03 04:05:06.000789+00:00') _dbt_et_filter_subq_Tb`, end: `(select * from "Db"."Sc"."Tb" where ts < '2024-01-03 04:05:06.000789+00:00') _dbt_et_filter_subq_Tb` },
  snowflake: { plain: 'Db.Sc.Tb', empty: '(select * from Db.Sc.Tb where false limit 0)', five: '(select * from Db.Sc.Tb limit 5)', times: `(select * from Db.Sc.Tb where ts >= to_timestamp_tz('2024-01-02 00:00:00+00:00') and ts < to_timestamp_tz('2024-01-03 04:05:06.000789+00:00'))`, end: `(select * from Db.Sc.Tb where ts < to_timestamp_tz('2024-01-03 04:05:06.000789+00:00'))` },
  bigquery: { plain: '`Db`.`Sc`.`Tb`', empty: '(select * from `Db`.`Sc`.`Tb` where false limit 0)', five: '(select * from `Db`.`Sc`.`Tb` limit 5)', times: "(select * from `Db`.`Sc`.`Tb` where cast(ts as timestamp) >= '2024-01-02 00:00:00+00:00' and cast(ts as timestamp) < '2024-01-03 04:05:06.000789+00:00')", end: "(select * from `Db`.`Sc`.`Tb` where cast(ts as timestamp) < '2024-01-03 04:05:06.000789+00:00')" },
  databricks: { plain: '`db`.`sc`.`tb`', empty: '(select * from `db`.`sc`.`tb` where false limit 0)', five: '(select * from `db`.`sc`.`tb` limit 5)', times: "(select * from `db`.`sc`.`tb` where ts >= '2024-01-02 00:00:00+00:00' and ts < '2024-01-03 04:05:06.000789+00:00')", end: "(select * from `db`.`sc`.`tb` where ts < '2024-01-03 04:05:06.000789+00:00')" },
  spark: { plain: 'Sc.Tb', empty: '(select * from Sc.Tb where false limit 0)', five: '(select * from Sc.Tb limit 5)', times: "(select * from Sc.Tb where ts >= '2024-01-02 00:00:00+00:00' and ts < '2024-01-03 04:05:06.000789+00:00')", end: "(select * from Sc.Tb where ts < '2024-01-03 04:05:06.000789+00:00')" },
  trino: { plain: '"Db"."Sc"."Tb"', empty: '(select * from "Db"."Sc"."Tb" where false limit 0)', five: '(select * from "Db"."Sc"."Tb" limit 5)', times: `(select * from "Db"."Sc"."Tb" where ts >= TIMESTAMP '2024-01-02 00:00:00+00:00' and ts < TIMESTAMP '2024-01-03 04:05:06.000789+00:00')`, end: `(select * from "Db"."Sc"."Tb" where ts < TIMESTAMP '2024-01-03 04:05:06.000789+00:00')` },
  clickhouse: { plain: '`Sc`.`Tb`', empty: '(select * from `Sc`.`Tb` where false limit 0)', five: '(select * from `Sc`.`Tb` limit 5)', times: "(select * from `Sc`.`Tb` where ts >= '2024-01-02 00:00:00' and ts < '2024-01-03 04:05:06')", end: "(select * from `Sc`.`Tb` where ts < '2024-01-03 04:05:06')" },
  athena: { plain: '"Db"."Sc"."Tb"', empty: '(select * from "Db"."Sc"."Tb" where false limit 0)', five: '(select * from "Db"."Sc"."Tb" limit 5)', times: `(select * from "Db"."Sc"."Tb" where cast(ts as timestamp) >= timestamp '2024-01-02 00:00:00+00:00' and cast(ts as timestamp) < timestamp '2024-01-03 04:05:06.000789+00:00')`, end: `(select * from "Db"."Sc"."Tb" where cast(ts as timestamp) < timestamp'2024-01-03 04:05:06.000789+00:00')` },
  sqlserver: { plain: '"Db"."Sc"."Tb"', empty: '(select * from "Db"."Sc"."Tb" where 1=0)', five: '(select TOP 5 * from "Db"."Sc"."Tb")', times: `(select * from "Db"."Sc"."Tb" where ts >= cast('2024-01-02 00:00:00+00:00' as datetime2) and ts < cast('2024-01-03 04:05:06.000789+00:00' as datetime2)) _dbt_et_filter_subq_Tb`, end: `(select * from "Db"."Sc"."Tb" where ts < cast('2024-01-03 04:05:06.000789+00:00' as datetime2)) _dbt_et_filter_subq_Tb` },
  fabric: { plain: '[Db].[Sc].[Tb]', empty: '(select * from [Db].[Sc].[Tb] where 1=0) _dbt_limit_subq_Tb', five: '(select TOP 5 * from [Db].[Sc].[Tb]) _dbt_limit_subq_Tb', times: "(select * from [Db].[Sc].[Tb] where ts >= '2024-01-02 00:00:00+00:00' and ts < '2024-01-03 04:05:06.000789+00:00') _dbt_et_filter_subq_Tb", end: "(select * from [Db].[Sc].[Tb] where ts < '2024-01-03 04:05:06.000789+00:00') _dbt_et_filter_subq_Tb" },
}

for (const [type, texts] of Object.entries(expected)) {
  rendering(type, () => {
    const adapter = adapterOf(type, rules)
    const plain = renderRelation(adapter, { database: 'Db', schema: 'Sc', identifier: 'Tb' }, adapter.quotePolicy, adapter.includePolicy)
    const identifier = 'Tb'
    assert.is(plain, texts.plain)
    assert.is(renderLimited(adapter, plain, identifier, 0), texts.empty)
    assert.is(renderLimited(adapter, plain, identifier, 5), texts.five)
    assert.is(renderEventTime(adapter, plain, identifier, { field: 'ts', start: '2024-01-02 00:00:00+00:00', end: '2024-01-03 04:05:06.000789+00:00' }), texts.times)
    assert.is(renderEventTime(adapter, plain, identifier, { field: 'ts', start: null, end: '2024-01-03 04:05:06.000789+00:00' }), texts.end)
  })
}

rendering('embedded quotes, an unknown adapter, databricks before 1.10', () => {
  assert.is(quoteName(adapterOf('sqlserver', rules), 'S"c`h]'), '"S""c`h]"')
  assert.is(quoteName(adapterOf('fabric', rules), 'T"b`]'), '[T"b`]]]')
  assert.is(quoteName(adapterOf('duckdb', rules), 'T"b'), '"T"b"')
  assert.is(adapterOf('exasol', rules).known, false)
  const databricks = adapterOf('databricks', { databricksLowerCases: false })
  assert.is(renderRelation(databricks, { database: 'C', schema: 'S', identifier: 'T' }, databricks.quotePolicy, databricks.includePolicy), '`C`.`S`.`T`')
})

rendering.run()
