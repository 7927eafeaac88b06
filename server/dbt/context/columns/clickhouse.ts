// dbt-clickhouse's Column: `LowCardinality(Nullable(…))` is taken apart when a column is made (dbt-clickhouse 1.10 column.py).

import { strOf } from '../../../jinja/repr.ts'
import type { Value } from '../../../jinja/value.ts'
import { BASE, extended, field, integerOf, lowerType, nameOf, oneOf, sized, startsWith, textOf } from './base.ts'
import type { ClassMethod, ColumnKind, ColumnValue } from './base.ts'

const TEXTS = oneOf('string', 'fixedstring', 'longblob', 'longtext', 'tinytext', 'text', 'varchar', 'mediumblob', 'blob', 'tinyblob', 'char', 'mediumtext')
const isFixed = startsWith('fixedstring')

function nested(type: string, lowCardinality: boolean, nullable: boolean): string {
  const inner = nullable ? `Nullable(${type})` : type
  return lowCardinality ? `LowCardinality(${inner})` : inner
}

function flag(column: ColumnValue, name: string): boolean { return field(column, name) === true }

function typeOf(column: ColumnValue): string { return strOf(column.kind.dataType(column)) }

/** Type, size and wrappers; the regular expressions are Python's `search` of what `strip()` left. */
function taken(given: ReadonlyMap<string, Value>): Map<string, Value> {
  let type = textOf(given.get('dtype') ?? null, 'strip').trim()
  const low = /^LowCardinality\(([^\n]*)\)\n?$/.exec(type)
  if (low) type = low[1] ?? ''
  const nullable = /^Nullable\(([^\n]*)\)\n?$/.exec(type)
  if (nullable) type = nullable[1] ?? ''
  const size = type.toLowerCase().startsWith('fixedstring') ? /FixedString\((.*?)\)/.exec(type)?.[1] : undefined
  const decimal = type.toLowerCase().startsWith('decimal') ? /Decimal\((\d+), (\d+)\)/.exec(type) ?? [] : null
  return new Map<string, Value>([
    ['column', given.get('column') ?? null], ['dtype', type], ['char_size', size === undefined ? null : integerOf(size)],
    ['numeric_precision', decimal ? BigInt(decimal[1] ?? 0) : null], ['numeric_scale', decimal ? BigInt(decimal[2] ?? 0) : null], ['is_nullable', nullable !== null], ['is_low_cardinality', low !== null],
  ])
}

export const CLICKHOUSE: ColumnKind = {
  ...BASE, className: 'ClickHouseColumn', module: 'clickhouse.column',
  labels: new Map([['STRING', 'String'], ['TIMESTAMP', 'DateTime'], ['FLOAT', 'Float32'], ['INTEGER', 'Int32']]),
  parameters: [],
  init: (given) => {
    const dtype = given.get('dtype') ?? null
    return typeof dtype === 'object' && dtype?.unknown ? new Map<string, Value>([...given, ['char_size', dtype], ['numeric_precision', dtype], ['numeric_scale', dtype], ['is_nullable', dtype], ['is_low_cardinality', dtype]]) : taken(given)
  },
  isString: (column) => TEXTS(column) || isFixed(column),
  isInteger: (column) => lowerType(column).startsWith('int') || lowerType(column).startsWith('uint'),
  isNumeric: startsWith('decimal'),
  isFloat: startsWith('float'),
  stringSize: sized((column) => { const size = field(column, 'char_size'); return !isFixed(column) || size === null ? 256n : integerOf(size) }),
  stringType: () => 'String',
  numericType: (_dtype, precision, scale) => `Decimal(${strOf(precision)}, ${strOf(scale)})`,
  dataType: (column) => {
    const type = BASE.dataType(column)
    const [low, nullable] = [flag(column, 'is_low_cardinality'), flag(column, 'is_nullable')]
    return low || nullable ? nested(strOf(type), low, nullable) : type
  },
  literal: (column, value) => `to${strOf(field(column, 'dtype'))}(${strOf(value)})`,
  repr: (column) => `<ClickhouseColumn ${nameOf(column)} (${typeOf(column)}, is nullable: ${flag(column, 'is_nullable') ? 'True' : 'False'})>`,
  str: (column) => `${nameOf(column)} ${flag(column, 'is_nullable') ? `Nullable(${typeOf(column)})` : typeOf(column)}`,
  statics: extended(BASE, 'statics', new Map<string, ClassMethod>([
    ['nested_type', { parameters: [['dtype'], ['is_low_cardinality'], ['is_nullable']], run: (_kind, [dtype, low, nullable]) => nested(strOf(dtype ?? null), low === true, nullable === true) }],
  ])),
}
