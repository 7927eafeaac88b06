// The Column class of each adapter, by the adapter's type. Rules: column.py of each adapter package, as dbt 1.12 installs it.

import { strOf } from '../../../jinja/repr.ts'
import type { Value } from '../../../jinja/value.ts'
import { runtimeError } from '../errors.ts'
import { ATHENA } from './athena.ts'
import { BASE, baseDataType, dataclassRepr, describe, extended, field, labelled, lowerType, nameOf, oneOf, positive, sized, sizeOr, sizesOf, startsWith, textOf } from './base.ts'
import type { ColumnKind } from './base.ts'
import { BIGQUERY } from './bigquery.ts'
import { CLICKHOUSE } from './clickhouse.ts'
import { DUCKDB } from './duckdb.ts'
import { SQLSERVER } from './sqlserver.ts'

const POSTGRES: ColumnKind = {
  ...BASE, className: 'PostgresColumn', module: 'postgres.column',
  dataType: (column) => lowerType(column) === 'text' || (lowerType(column) === 'character varying' && field(column, 'char_size') === null) ? field(column, 'dtype') : baseDataType(column),
}

const COLLATION = /collate\s+'([^']+)'(\s*rtrim)?/i

const SNOWFLAKE: ColumnKind = {
  ...BASE, className: 'SnowflakeColumn', module: 'snowflake.column',
  parameters: [...BASE.parameters, ['collation', null]],
  isInteger: () => false,
  isNumeric: oneOf('int', 'integer', 'bigint', 'smallint', 'tinyint', 'byteint', 'numeric', 'decimal', 'number'),
  stringSize: sized(sizeOr(16777216n)),
  expandedType: (column) => {
    const collation = field(column, 'collation')
    const type = column.kind.dataType(column)
    return collation !== null && collation !== '' && column.kind.isString(column) ? `${strOf(type)} collate '${strOf(collation)}'` : type
  },
  fromDescription: (kind, name, raw, make) => {
    const lower = raw.toLowerCase()
    if (['array', 'object', 'map', 'vector'].some((prefix) => lower.startsWith(prefix))) return make(kind, new Map<string, Value>([['column', name], ['dtype', raw.replace(/\bVARCHAR\(134217728\)/gi, 'VARCHAR(16777216)')], ['collation', null]]))
    // re.IGNORECASE is taken for the place to search from: `pattern.search(text, 2)`.
    const collation = ['varchar', 'character', 'text'].some((prefix) => lower.startsWith(prefix)) ? COLLATION.exec(raw.slice(2))?.[1] ?? null : null
    const { fields } = describe(kind, name, raw.replace(new RegExp(COLLATION, 'gi'), '').trim(), make)
    return make(kind, new Map<string, Value>([...fields, ['collation', collation]]))
  },
  methods: extended(BASE, 'methods', new Map([
    ['is_array', { parameters: [], run: startsWith('array') }], ['is_object', { parameters: [], run: startsWith('object') }], ['is_map', { parameters: [], run: startsWith('map') }],
  ])),
}

const SPARK: ColumnKind = {
  ...BASE, className: 'SparkColumn', module: 'spark.column',
  parameters: [...BASE.parameters, ...['table_database', 'table_schema', 'table_name', 'table_type', 'table_owner', 'table_stats', 'column_index'].map((name) => [name, null] as const)],
  translate: (_kind, dtype) => dtype,
  canExpandTo: (column, other) => column.kind.isString(column) && other.kind.isString(other),
  literal: (column, value) => `cast(${strOf(value)} as ${strOf(field(column, 'dtype'))})`,
  quoted: (column) => `\`${nameOf(column)}\``,
  dataType: (column) => field(column, 'dtype'),
  numericType: (_dtype, precision, scale) => precision === null || scale === null ? 'decimal' : `decimal(${strOf(precision)},${strOf(scale)})`,
  repr: (column) => `<${column.kind.className} ${nameOf(column)} (${strOf(column.kind.dataType(column))})>`,
}

function quotedIfPlain(name: string): string { return name.includes('`') ? name : `\`${name}\`` }

const DATABRICKS: ColumnKind = {
  ...SPARK, className: 'DatabricksColumn', module: 'databricks.column',
  labels: new Map([['LONG', 'BIGINT']]),
  parameters: [...SPARK.parameters, ...['table_comment', 'comment', 'not_null', 'mask', 'databricks_tags'].map((name) => [name, null] as const)],
  translate: (kind, dtype) => textOf(labelled(kind, dtype), 'lower').toLowerCase(),
  dataType: (column) => column.kind.translate(column.kind, field(column, 'dtype')),
  quoted: (column) => quotedIfPlain(nameOf(column)),
}

const TRINO: ColumnKind = {
  ...BASE, className: 'TrinoColumn', module: 'trino.column',
  labels: new Map([['STRING', 'VARCHAR'], ['FLOAT', 'DOUBLE']]),
  isString: oneOf('varchar', 'char'),
  isFloat: oneOf('real', 'double precision', 'double'),
  isInteger: oneOf('tinyint', 'smallint', 'integer', 'int', 'bigint'),
  isNumeric: oneOf('decimal'),
  stringType: (size) => `varchar(${strOf(size)})`,
  stringSize: (column) => lowerType(column) === 'varchar' && field(column, 'char_size') === null ? 2147483646n : BASE.stringSize(column),
  dataType: (column) => lowerType(column) === 'varchar' && field(column, 'char_size') === null ? field(column, 'dtype') : baseDataType(column),
  fromDescription: (kind, name, raw, make) => {
    const lower = raw.toLowerCase()
    if (!['varchar', 'char', 'decimal'].some((prefix) => lower.startsWith(prefix))) return make(kind, new Map<string, Value>([['column', name], ['dtype', raw]]))
    const match = /^([^(]+)(\([^)]+\))?([\w ]+)?/.exec(raw)
    if (!match) throw runtimeError(`Could not interpret data type "${raw}"`)
    return make(kind, new Map<string, Value>([['column', name], ['dtype', (match[1] ?? '') + (match[3] ?? '')], ...sizesOf(raw, match[2])]))
  },
}

const FABRIC: ColumnKind = {
  ...BASE, className: 'FabricColumn', module: 'fabric.fabric_column',
  labels: new Map([
    ['BINARY', 'BINARY(1)'], ['BOOLEAN', 'BIT'], ['CHAR', 'CHAR(1)'], ['DATETIME2', 'DATETIME2(6)'], ['INTEGER', 'INT'], ['MONEY', 'DECIMAL'], ['NCHAR', 'CHAR(1)'], ['NVARCHAR', 'VARCHAR(MAX)'],
    ['SMALLMONEY', 'DECIMAL'], ['STRING', 'VARCHAR(MAX)'], ['TIME', 'TIME(6)'], ['TIMESTAMP', 'DATETIME2(6)'], ['TINYINT', 'SMALLINT'], ['VARBINARY', 'VARBINARY(MAX)'], ['VARCHAR', 'VARCHAR(MAX)'],
  ]),
  parameters: [...BASE.parameters, ['is_nullable', null], ['collation_name', null], ['is_identity', false]],
  stringType: (size) => `varchar(${positive(size) ? strOf(size) : 'max'})`,
  literal: (column, value) => `cast('${strOf(value)}' as ${strOf(column.kind.dataType(column))})`,
  isInteger: (column) => BASE.isInteger(column) || lowerType(column) === 'int',
  isString: oneOf('varchar', 'char'),
  isNumeric: oneOf('numeric', 'decimal', 'money', 'smallmoney'),
  canExpandTo: (column, other) => {
    if (!column.kind.isString(column) || !other.kind.isString(other)) return false
    const [size, wanted] = [column.kind.stringSize(column), other.kind.stringSize(other)]
    return size >= 0n && (wanted < 0n || wanted > size)
  },
  quoted: (column) => `[${textOf(field(column, 'column'), 'replace').replaceAll(']', ']]')}]`,
  dataType: (column) => lowerType(column) === 'datetime2' ? `datetime2(${strOf(field(column, 'numeric_scale') ?? 6n)})` : baseDataType(column),
  repr: (column) => dataclassRepr(column, 5),
}

export const KINDS: ReadonlyMap<string, ColumnKind> = new Map<string, ColumnKind>([
  ['duckdb', DUCKDB], ['postgres', POSTGRES], ['redshift', BASE], ['snowflake', SNOWFLAKE], ['bigquery', BIGQUERY], ['spark', SPARK], ['databricks', DATABRICKS], ['trino', TRINO],
  ['athena', ATHENA], ['clickhouse', CLICKHOUSE], ['fabric', FABRIC], ['sqlserver', SQLSERVER],
])
