// A column as `get_columns_in_relation` would give it, made of what catalog.json says. The two ask the warehouse different questions, so of some adapters
// only part is known; what is not is unknown. Rules: macros/catalog.sql and get_columns_in_relation of each adapter package, as dbt 1.12 installs it.

import type { PyUnknown, Value } from '../../../jinja/value.ts'
import { columnFromDescription, columnOf, namedColumn } from '../column.ts'
import type { ColumnClass } from '../column.ts'

/** Null: no column of the relation (BigQuery's catalog lists the fields of records too). `unknown`: what stands for what the catalog does not tell. */
export function catalogColumn(columns: ColumnClass, adapterType: string, name: string, type: string | null, unknown: PyUnknown): Value | null {
  if (adapterType === 'bigquery' && name.includes('.')) return null
  const make = (dtype: Value, more: Readonly<Record<string, Value>> = {}): Value => columnOf(columns, new Map<string, Value>([['column', name], ['dtype', dtype], ...Object.entries(more)]))
  const rest = namedColumn(columns, name, unknown)
  if (type === null) return rest
  switch (adapterType) {
    // Both read the same: DuckDB's and ClickHouse's type, the description of Spark, what Glue says.
    case 'duckdb': case 'clickhouse': case 'spark': return make(type)
    case 'athena': return make(type, { table_type: unknown })
    case 'trino': return columnFromDescription(columns, name.toLowerCase(), type)
    case 'databricks': return PLAIN_DATABRICKS.has(type) ? make(type) : rest
    case 'postgres': case 'redshift': return postgresColumn(type, make) ?? rest
    case 'snowflake': return snowflakeColumn(type.toUpperCase(), make, unknown) ?? rest
    case 'bigquery': return bigqueryColumn(type, make, unknown) ?? rest
    default: return rest
  }
}

type Make = (dtype: Value, more?: Readonly<Record<string, Value>>) => Value

const PLAIN_DATABRICKS: ReadonlySet<string> = new Set(['string', 'boolean', 'tinyint', 'smallint', 'int', 'bigint', 'float', 'double', 'date', 'timestamp', 'timestamp_ntz', 'binary', 'variant'])

/** Bits of precision, and scale, as information_schema.columns has them. */
const POSTGRES_NUMBERS: ReadonlyMap<string, readonly [bigint, Value]> = new Map<string, readonly [bigint, Value]>([
  ['smallint', [16n, 0n]], ['integer', [32n, 0n]], ['bigint', [64n, 0n]], ['real', [24n, null]], ['double precision', [53n, null]],
])
const PLAIN_POSTGRES: ReadonlySet<string> = new Set(['text', 'boolean', 'date', 'uuid', 'json', 'jsonb', 'bytea', 'timestamp without time zone', 'timestamp with time zone', 'super'])

/** Of format_type(atttypid, atttypmod). Arrays, enumerations and the rest have other names in information_schema. */
function postgresColumn(type: string, make: Make): Value | null {
  const number = POSTGRES_NUMBERS.get(type)
  if (number) return make(type, { numeric_precision: number[0], numeric_scale: number[1] })
  if (PLAIN_POSTGRES.has(type)) return make(type)
  const [, base, size, scale] = /^(character varying|character|numeric)(?:\((\d+)(?:,(\d+))?\))?$/.exec(type) ?? []
  if (base === undefined) return null
  if (base === 'numeric') return make(base, { numeric_precision: size === undefined ? null : BigInt(size), numeric_scale: scale === undefined ? null : BigInt(scale) })
  return make(base, { char_size: size === undefined ? null : BigInt(size) })
}

/** The catalog has names without sizes, where `describe table` has `VARCHAR(16777216)`. */
function snowflakeColumn(type: string, make: Make, unknown: PyUnknown): Value | null {
  if (type === 'TEXT' || type === 'VARCHAR') return make('VARCHAR', { char_size: unknown, collation: unknown })
  if (type === 'NUMBER') return make('NUMBER', { numeric_precision: unknown, numeric_scale: unknown })
  if (['TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ', 'TIME', 'BINARY'].includes(type)) return make(type, { char_size: unknown })
  return ['BOOLEAN', 'DATE', 'FLOAT', 'VARIANT'].includes(type) ? make(type) : null
}

/** The API's names of the types, as the adapter translates them. Parameters are no part of them. */
const BIGQUERY_TYPES: ReadonlyMap<string, string> = new Map([['BOOL', 'BOOLEAN'], ...['INT64', 'FLOAT64', 'STRING', 'BYTES', 'DATE', 'DATETIME', 'TIME', 'TIMESTAMP', 'NUMERIC', 'BIGNUMERIC', 'GEOGRAPHY', 'JSON'].map((name) => [name, name] as const)])

/** Whether a column may be null the catalog does not tell: its mode is unknown unless it is an array. */
function bigqueryColumn(type: string, make: Make, unknown: PyUnknown): Value | null {
  const [, item] = /^ARRAY<(.*)>$/.exec(type) ?? []
  const known = BIGQUERY_TYPES.get((item ?? type).replace(/\([^<>]*\)$/, ''))
  return known === undefined ? null : make(known, { mode: item === undefined ? unknown : 'REPEATED' })
}
