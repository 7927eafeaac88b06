// Existence as dbt's cache answers it: case rules of the adapters, approximate matches, merging of listings, listing files.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { adapterOf } from '../../../server/dbt/adapters/adapters.ts'
import { assumed, existenceOf, joinListings, listed, mergeListings, NOTHING_KNOWN } from '../../../server/dbt/defer/existence.ts'
import { parseListingFile } from '../../../server/dbt/defer/listing-file.ts'

const existence = suite('existence')
const rules = { databricksLowerCases: true }
const [duckdb, snowflake, trino, spark] = ['duckdb', 'snowflake', 'trino', 'spark'].map((type) => adapterOf(type, rules)) as [ReturnType<typeof adapterOf>, ReturnType<typeof adapterOf>, ReturnType<typeof adapterOf>, ReturnType<typeof adapterOf>]
const one = [{ database: 'dev', schema: 's', identifier: 'Orders', type: 'table' }]

existence('exact, absent and approximate', () => {
  const listing = listed(one, 'warehouse', '2026-01-01T00:00:00Z', duckdb)
  const parts = { database: 'dev', schema: 's', identifier: 'Orders' }
  assert.equal(existenceOf(listing, duckdb, duckdb.quotePolicy, parts), { exists: true, evidence: 'warehouse', as_of: '2026-01-01T00:00:00Z', type: 'table' })
  assert.equal(existenceOf(listing, duckdb, duckdb.quotePolicy, { ...parts, identifier: 'nope' }), { exists: false, evidence: 'warehouse', as_of: '2026-01-01T00:00:00Z' })
  assert.equal(existenceOf(listing, duckdb, duckdb.quotePolicy, { ...parts, identifier: 'orders' }), { kind: 'approximate', searched: 'dev.s.orders', found: 'dev.s.Orders' })
})

existence('unquoted names are upper case in Snowflake; Trino matches any case; Spark has no database', () => {
  const upper = listed([{ database: 'DB', schema: 'S', identifier: 'ORDERS', type: null }], 'warehouse', null, snowflake)
  const lower = { database: 'db', schema: 's', identifier: 'orders' }
  assert.is((existenceOf(upper, snowflake, snowflake.quotePolicy, lower) as { exists: boolean }).exists, true)
  assert.is((existenceOf(listed(one, 'warehouse', null, trino), trino, trino.quotePolicy, { database: 'dev', schema: 's', identifier: 'orders' }) as { exists: boolean }).exists, true)
  assert.is((existenceOf(listed([{ database: null, schema: 's', identifier: 'orders', type: null }], 'warehouse', null, spark), spark, spark.quotePolicy, { database: 's', schema: 's', identifier: 'orders' }) as { exists: boolean }).exists, true)
})

existence('nothing known stays unknown; assumptions answer everything', () => {
  const parts = { database: 'dev', schema: 's', identifier: 'x' }
  assert.is((existenceOf(NOTHING_KNOWN, duckdb, duckdb.quotePolicy, parts) as { exists: null }).exists, null)
  assert.is((existenceOf(assumed('all'), duckdb, duckdb.quotePolicy, parts) as { exists: boolean }).exists, true)
  assert.is((existenceOf(assumed('none'), duckdb, duckdb.quotePolicy, parts) as { exists: boolean }).exists, false)
})

existence('a listing says nothing of databases it does not cover', () => {
  const listing = { ...listed(one, 'warehouse', null, duckdb), databases: new Set(['dev']) }
  assert.is((existenceOf(listing, duckdb, duckdb.quotePolicy, { database: 'other', schema: 's', identifier: 'x' }) as { exists: null }).exists, null)
})

existence('presences add up; a complete listing decides alone', () => {
  const partial = { ...listed(one, 'warehouse', null, duckdb), evidence: 'run-results' as const, complete: false }
  const merged = mergeListings([partial, NOTHING_KNOWN])
  assert.is((existenceOf(merged, duckdb, duckdb.quotePolicy, { database: 'dev', schema: 's', identifier: 'Orders' }) as { exists: boolean }).exists, true)
  assert.is((existenceOf(merged, duckdb, duckdb.quotePolicy, { database: 'dev', schema: 's', identifier: 'x' }) as { exists: null }).exists, null)
  assert.is(mergeListings([partial, assumed('none')]).kind, 'none')
})

existence('listing files: good ones and clear errors', () => {
  const at = { file: '/exists.json', as_of: null }
  const good = parseListingFile('[{"database":"dev","schema":"s","identifier":"x","type":"view"}]', at, duckdb)
  assert.ok(good.ok && good.listing.relations.size === 1)
  const message = (text: string): string => { const parsed = parseListingFile(text, at, duckdb); return parsed.ok ? 'fine' : parsed.message }
  assert.is(message('[{'), 'no JSON: Expecting property name enclosed in double quotes: line 1 column 3 (char 2)')
  assert.is(message('{}'), 'expected a list of {"database", "schema", "identifier", "type"}')
  assert.is(message('[{"schema":"s"}]'), 'entry 0: expected an object with a text "identifier"')
  assert.is(message('[{"identifier":"x","schema":1}]'), 'entry 0: "database", "schema" and "type" are texts or null')
})

existence('the databases that a target attaches: what is in none of their listings does not exist, elsewhere it is not known', () => {
  const own = { ...listed(one, 'warehouse', null, duckdb), databases: new Set(['dev']) }
  const side = { ...listed([{ database: 'side', schema: 's', identifier: 'x', type: 'view' }], 'warehouse', null, duckdb), databases: new Set(['side']) }
  const joined = joinListings([own, side])
  const exists = (database: string, identifier: string) => joined && (existenceOf(joined, duckdb, duckdb.quotePolicy, { database, schema: 's', identifier }) as { exists: boolean | null }).exists
  assert.equal([exists('dev', 'Orders'), exists('side', 'x'), exists('SIDE', 'y'), exists('dev', 'x'), exists('third', 'x')], [true, true, false, false, null])
  assert.is(joinListings([]), null)
})

existence.run()
