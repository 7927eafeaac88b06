// What `target` shows for outputs of every adapter: test/golden/targets.json was written by the adapters' own credentials classes
// ([type, output, connection_info or the refusal, database, schema]; dbt 1.12.6).
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { adapterOf } from '../../../server/dbt/adapters/adapters.ts'
import { describe, Refusal } from '../../../server/dbt/project/credentials.ts'
import { jsonDumps } from '../../../server/jinja/python/json-dumps.ts'
import { jsonLoads } from '../../../server/jinja/python/json.ts'
import { reprOf } from '../../../server/jinja/repr.ts'
import { PyDict, PyList, type Value } from '../../../server/jinja/value.ts'

const targets = suite('project targets')
const spender = { spend(): void {} }
const dumps = (value: Value): string => jsonDumps(value, {}, spender)
const golden = jsonLoads(readFileSync(new URL('../../golden/targets.json', import.meta.url), 'utf8'), spender)
const around = { rules: { duckdbMemoryDatabase: 'memory' as const, duckdbDatabaseMayDiffer: false, duckdbNameEndsAtFirstDot: true }, projectRoot: '/p', home: '/home/me' }

function described(type: string, output: PyDict, rules = around.rules): Value {
  const result = describe(adapterOf(type, { databricksLowerCases: true }), new Map(output.items().map(([key, value]) => [String(key), value] as const)), { ...around, rules })
  return result instanceof Refusal ? new PyList([result.message, null, null]) : new PyList([new PyDict(result.shown), result.database, result.schema])
}

for (const row of golden instanceof PyList ? golden.items : []) {
  const [type, output, ...expected] = row instanceof PyList ? row.items : []
  if (typeof type !== 'string' || !(output instanceof PyDict)) throw new Error('not a row of targets.json')
  targets(`${type} ${reprOf(output)}`, () => {
    // dbt shows the settings of DuckDB as they are, keys and tokens included; here they are stars
    const wanted = dumps(new PyList(expected)).replace('"s3_access_key_id": "k"', '"s3_access_key_id": "*****"')
    assert.is(dumps(described(type, output)), wanted)
  })
}

targets('a DuckDB file name with two dots, before dbt-duckdb 1.10.2', () => {
  const output = new PyDict([['path', '/x/my.db.duckdb']])
  const [, database] = (described('duckdb', output, { duckdbMemoryDatabase: 'memory' as const, duckdbDatabaseMayDiffer: false, duckdbNameEndsAtFirstDot: false }) as PyList).items
  assert.is(database, 'my.db')
})

targets('an adapter that is not known shows everything but secrets', () => {
  const [shown] = (described('exasol', new PyDict([['schema', 's'], ['dsn', 'x'], ['password', 'p'], ['api_token', 't'], ['nested', new PyDict([['private_key', 'k'], ['a', 1n]])]])) as PyList).items
  assert.is(dumps(shown ?? null), '{"schema": "s", "dsn": "x", "nested": {"private_key": "*****", "a": 1}, "database": null}')
})

targets.run()
