// Which constraint types an adapter enforces: CONSTRAINT_SUPPORT of the adapters' impl.py. A removed constraint that was enforced breaks a contract.

const BASE = ['not_null', 'foreign_key']
const ENFORCED: ReadonlyMap<string, readonly string[]> = new Map([
  ['athena', []],
  ['bigquery', ['not_null']],
  ['clickhouse', ['check']],
  ['databricks', ['check', 'not_null']],
  ['duckdb', ['check', 'not_null', 'unique', 'primary_key', 'foreign_key']],
  ['postgres', ['check', 'not_null', 'unique', 'primary_key', 'foreign_key']],
  ['redshift', ['not_null']],
  ['snowflake', ['not_null']],
  ['spark', []],
  ['trino', ['not_null']],
])

export function isEnforced(adapterType: string, constraintType: string): boolean {
  return (ENFORCED.get(adapterType) ?? BASE).includes(constraintType)
}
