// What results that the user has fill in where dbt asks the warehouse: each answer says what it stands on, and nothing else is filled.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseListingFile } from '../../../server/dbt/defer/listing-file.ts'
import { catalogColumns } from '../../../server/dbt/defer/existence.ts'
import type { RelationListing } from '../../../server/dbt/defer/types.ts'
import { adapterOf } from '../../../server/dbt/adapters/adapters.ts'
import { columnClass } from '../../../server/dbt/context/column.ts'
import { catalogColumn } from '../../../server/dbt/context/columns/catalog.ts'
import { compileNode } from '../../../server/dbt/compile/compile.ts'
import { parseCatalog } from '../../../server/dbt/state/artifacts.ts'
import { evidenceText } from '../../../server/ide/evidence.ts'
import { UnknownSignal } from '../../../server/jinja/errors.ts'
import { PyObject, PyUnknown } from '../../../server/jinja/value.ts'
import { snapshotOf } from '../../support/snapshot.ts'

const evidence = suite('evidence')

async function compiled(sql: string, change: (listing: RelationListing) => RelationListing) {
  const { snapshot } = await snapshotOf(`
    //- models/t.sql
    select 1 as id
    //- models/m.sql
    ${sql}
  `)
  const listing = change(snapshot.listing)
  const node = snapshot.manifest.nodes.get('model.p.m')
  assert.ok(node)
  const { database, schema } = node
  return { result: compileNode({ ...snapshot, deferring: { ...snapshot.deferring, listing } }, node), database, schema }
}

const COLUMNS = "{% for c in adapter.get_columns_in_relation(ref('t')) %}{{ c.name }}:{{ c.data_type }} {% endfor %}"
const duckdb = adapterOf('duckdb', { databricksLowerCases: true })

function fileOf(relations: unknown): RelationListing {
  const parsed = parseListingFile(JSON.stringify(relations), { file: '/e.json', as_of: '2026-01-01T00:00:00Z' }, duckdb)
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.message)
  return parsed.ok ? parsed.listing : (undefined as never)
}

evidence('columns of a listing file, with file and age', async () => {
  const first = await compiled(COLUMNS, (listing) => listing)
  assert.is(first.result?.compiled_code, null)
  assert.equal(first.result?.unknown.map(({ code }) => code), ['columns-unknown'])
  const listing = fileOf([{ database: first.database, schema: first.schema, identifier: 't', type: 'table', columns: [{ name: 'id', type: 'INTEGER' }, { name: 'Name', type: 'VARCHAR' }] }])
  const { result } = await compiled(COLUMNS, () => listing)
  assert.is(result?.compiled_code, 'id:INTEGER Name:character varying(256) ')
  assert.equal(result?.evidence.map(({ evidence: kind, file }) => [kind, file]), [['listing', '/e.json']])
  const [found] = result?.evidence ?? []
  assert.ok(found)
  assert.is(evidenceText(found, '2026-01-04T00:00:00Z'), `adapter.get_columns_in_relation("${first.database ?? ''}"."${first.schema}"."t"): answered from the listing /e.json, 3 days old`)
})

evidence('a relation that is known to be absent has no columns on DuckDB, and get_relation is None', async () => {
  const { result } = await compiled(`${COLUMNS}{{ adapter.get_relation('d', 's', 'gone') }}`, () => fileOf([]))
  assert.is(result?.compiled_code, 'None')
  assert.is(result?.evidence.length, 2)
})

evidence("a catalog's columns are those of the relation, in order", () => {
  const catalog = parseCatalog(JSON.stringify({
    metadata: { generated_at: '2026-01-01T00:00:00Z' },
    nodes: { 'model.p.t': { metadata: { database: 'd', schema: 's', name: 't', type: 'BASE TABLE' }, columns: { b: { name: 'b', index: 2, type: 'DATE' }, a: { name: 'a', index: 1, type: 'INTEGER' } } } },
    sources: { 'source.p.x.y': { metadata: { database: 'd', schema: 'x', name: 'y', type: 'VIEW' }, columns: {} } },
  }))
  assert.ok(catalog)
  assert.equal(catalog && catalogColumns(catalog, '/c.json').get('d\0s\0t')?.columns, [{ name: 'a', type: 'INTEGER' }, { name: 'b', type: 'DATE' }])
})

/** data_type, or ? where the catalog does not tell it. */
const CATALOG_TYPES: readonly [adapter: string, catalog: string, data_type: string][] = [
  ['duckdb', 'DECIMAL(18,3)', 'DECIMAL(18,3)'], ['duckdb', 'VARCHAR', 'character varying(256)'],
  ['postgres', 'integer', 'integer'], ['postgres', 'character varying(20)', 'character varying(20)'], ['postgres', 'character varying', 'character varying'], ['postgres', 'numeric(10,2)', 'numeric(10,2)'],
  ['postgres', 'timestamp(3) without time zone', '?'], ['postgres', 'integer[]', '?'], ['postgres', 'mood', '?'],
  ['snowflake', 'TEXT', '?'], ['snowflake', 'NUMBER', '?'], ['snowflake', 'TIMESTAMP_NTZ', 'TIMESTAMP_NTZ'], ['snowflake', 'BOOLEAN', 'BOOLEAN'], ['snowflake', 'ARRAY', '?'],
  ['bigquery', 'INT64', 'INT64'], ['bigquery', 'BOOL', 'BOOLEAN'], ['bigquery', 'NUMERIC(10, 2)', 'NUMERIC'], ['bigquery', 'ARRAY<STRING>', 'ARRAY<STRING>'], ['bigquery', 'STRUCT<a INT64>', '?'],
  ['databricks', 'string', 'string'], ['databricks', 'decimal(10,2)', '?'], ['spark', 'array<int>', 'array<int>'],
  ['trino', 'varchar(10)', 'varchar(10)'], ['trino', 'timestamp(3) with time zone', 'timestamp(3) with time zone'], ['athena', 'string', 'varchar'], ['athena', 'timestamp', '?'],
  ['clickhouse', 'LowCardinality(Nullable(String))', 'LowCardinality(Nullable(String))'], ['sqlserver', 'int', '?'],
]
for (const [adapter, type, expected] of CATALOG_TYPES) {
  evidence(`the catalog of ${adapter} says ${type}`, () => {
    const columns = columnClass({ type: adapter, lacks: new Set() })
    assert.ok(columns)
    const column = columns && catalogColumn(columns, adapter, 'A', type, new PyUnknown({ code: 'column-type-unknown', message: '', stack: [] }))
    assert.is(column instanceof PyObject && column.getattr('name'), adapter === 'trino' ? 'a' : 'A')
    const found = () => { try { return column instanceof PyObject ? column.getattr('data_type') : null } catch (problem) { if (problem instanceof UnknownSignal) return '?'; throw problem } }
    assert.is(found(), expected)
  })
}

evidence("the fields of BigQuery's records are no columns of the table", () => {
  const columns = columnClass({ type: 'bigquery', lacks: new Set() })
  assert.is(columns && catalogColumn(columns, 'bigquery', 'record.inner', 'INT64', new PyUnknown({ code: '', message: '', stack: [] })), null)
})

evidence('what is wrong with columns of a listing file', () => {
  const parsed = parseListingFile('[{"identifier":"x","columns":["a"]}]', { file: '/e.json', as_of: null }, duckdb)
  assert.is(parsed.ok ? '' : parsed.message, 'entry 0: "columns" is a list of {"name", "type"}')
})

evidence.run()
