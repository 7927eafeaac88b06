// dbt's base Column as data and functions that the kinds of the adapters override one by one: dbt-adapters 1.x base/column.py.

import { refuseUnknown } from '../../../jinja/arguments.ts'
import { PyException } from '../../../jinja/errors.ts'
import { reprOf, strOf } from '../../../jinja/repr.ts'
import { typeNameOf } from '../../../jinja/types.ts'
import { PyList, PyObject } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { Parameters } from '../args.ts'
import { runtimeError } from '../errors.ts'

/** In the order of the dataclass. */
export type ColumnFields = ReadonlyMap<string, Value>
export interface ColumnValue extends PyObject { readonly kind: ColumnKind; readonly fields: ColumnFields }
export type MakeColumn = (kind: ColumnKind, given: ColumnFields) => ColumnValue
type Test = (column: ColumnValue) => boolean

export interface ColumnKind {
  readonly className: string
  /** Below `dbt.adapters`. */
  readonly module: string
  readonly labels: ReadonlyMap<string, string>
  /** Of the constructor, behind `column` and `dtype`. */
  readonly parameters: Parameters
  readonly init?: (fields: ColumnFields, make: MakeColumn) => ColumnFields
  readonly isString: Test
  readonly isFloat: Test
  readonly isInteger: Test
  readonly isNumeric: Test
  readonly stringSize: (column: ColumnValue) => bigint
  readonly stringType: (size: Value) => string
  readonly numericType: (dtype: Value, precision: Value, scale: Value) => Value
  readonly translate: (kind: ColumnKind, dtype: Value) => Value
  readonly dataType: (column: ColumnValue) => Value
  readonly expandedType: (column: ColumnValue) => Value
  readonly quoted: (column: ColumnValue) => string
  readonly literal: (column: ColumnValue, value: Value) => string
  readonly canExpandTo: (column: ColumnValue, other: ColumnValue) => boolean
  readonly fromDescription: (kind: ColumnKind, name: Value, type: string, make: MakeColumn) => ColumnValue
  readonly repr: (column: ColumnValue) => string
  readonly str?: (column: ColumnValue) => string
  readonly properties: ReadonlyMap<string, (column: ColumnValue, make: MakeColumn) => Value>
  readonly methods: ReadonlyMap<string, InstanceMethod>
  readonly statics: ReadonlyMap<string, ClassMethod>
}

export interface InstanceMethod { readonly parameters: Parameters; readonly run: (column: ColumnValue, values: readonly Value[], make: MakeColumn) => Value }
export interface ClassMethod { readonly parameters: Parameters; readonly run: (kind: ColumnKind, values: readonly Value[], make: MakeColumn) => Value }

export function field(column: ColumnValue, name: string): Value {
  const value = column.fields.get(name) ?? null
  refuseUnknown(value)
  return value
}

export function nameOf(column: ColumnValue): string { return strOf(field(column, 'column')) }

/** `self.dtype`, of which Python wants `.lower()`. */
export function dtypeOf(column: ColumnValue): string { return textOf(field(column, 'dtype'), 'lower') }

export function lowerType(column: ColumnValue): string { return dtypeOf(column).toLowerCase() }

export function textOf(value: Value, method: string): string {
  refuseUnknown(value)
  if (typeof value !== 'string') throw new PyException('AttributeError', `'${typeNameOf(value)}' object has no attribute '${method}'`)
  return value
}

/** `self.dtype.lower() in […]`. */
export function oneOf(...types: readonly string[]): Test {
  const known = new Set(types)
  return (column) => known.has(lowerType(column))
}

export function startsWith(prefix: string): Test { return (column) => lowerType(column).startsWith(prefix) }

export function integerOf(value: Value): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') return BigInt(Math.trunc(value))
  if (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)) return BigInt(value.trim())
  throw new PyException('ValueError', `invalid literal for int() with base 10: ${reprOf(value)}`)
}

/** A size given to `string_type`, of which Python asks whether it is positive. */
export function positive(size: Value): boolean { return typeof size === 'bigint' ? size > 0n : typeof size === 'number' && size > 0 }

export function sized(bySize: (column: ColumnValue) => bigint): (column: ColumnValue) => bigint {
  return (column) => {
    if (!column.kind.isString(column)) throw runtimeError('Called string_size() on non-string field!')
    return bySize(column)
  }
}

/** `text` has no size, whatever is said. */
export function sizeOr(fallback: bigint): (column: ColumnValue) => bigint {
  return (column) => {
    const size = field(column, 'char_size')
    return field(column, 'dtype') === 'text' || size === null ? fallback : integerOf(size)
  }
}

export function baseDataType(column: ColumnValue): Value {
  const { kind } = column
  if (kind.isString(column)) return kind.stringType(kind.stringSize(column))
  if (kind.isNumeric(column)) return kind.numericType(field(column, 'dtype'), field(column, 'numeric_precision'), field(column, 'numeric_scale'))
  return field(column, 'dtype')
}

function withPrecision(dtype: Value, precision: Value, scale: Value): Value {
  return precision === null || scale === null ? dtype : `${strOf(dtype)}(${strOf(precision)},${strOf(scale)})`
}

export function labelled(kind: ColumnKind, dtype: Value): Value { return kind.labels.get(textOf(dtype, 'upper').toUpperCase()) ?? dtype }

/** A dataclass prints its fields. `count`: of those, the first ones: a subclass that is no dataclass itself prints those of its base. */
export function dataclassRepr({ kind, fields }: ColumnValue, count = fields.size): string { return `${kind.className}(${Array.from(fields).slice(0, count).map(([name, value]) => `${name}=${reprOf(value)}`).join(', ')})` }

/** `VARCHAR(16)`, `NUMBER(38,0)`. */
export function describe(kind: ColumnKind, name: Value, raw: string, make: MakeColumn): ColumnValue {
  const match = /^([^(]+)(\([^)]+\))?/.exec(raw)
  if (!match) throw runtimeError(`Could not interpret data type "${raw}"`)
  return make(kind, new Map<string, Value>([['column', name], ['dtype', match[1] ?? ''], ...sizesOf(raw, match[2])]))
}

export function sizesOf(raw: string, size: string | undefined): [string, Value][] {
  const parts = size === undefined ? [] : size.slice(1, -1).split(',')
  const number = (text: string): bigint => {
    if (/^\s*[+-]?\d+\s*$/.test(text)) return BigInt(text.trim())
    throw runtimeError(`Could not interpret data_type "${raw}": could not convert "${text}" to an integer`)
  }
  const [first, second] = parts
  if (first === undefined || parts.length > 2) return []
  return second === undefined ? [['char_size', number(first)]] : [['numeric_precision', number(first)], ['numeric_scale', number(second)]]
}

/** The columns of a list of subfields. */
export function columnsIn(value: Value): readonly ColumnValue[] { return value instanceof PyList ? value.items.filter(isColumn) : [] }

function isColumn(value: Value): value is ColumnValue { return value instanceof PyObject && 'kind' in value && 'fields' in value }

function asColumn(value: Value): ColumnValue {
  refuseUnknown(value)
  if (isColumn(value)) return value
  throw new PyException('AttributeError', `'${typeNameOf(value)}' object has no attribute 'is_string'`)
}

function asked(test: (kind: ColumnKind) => Test) { return { parameters: [] as Parameters, run: (column: ColumnValue) => test(column.kind)(column) } }

const SIZES: Parameters = [['char_size', null], ['numeric_precision', null], ['numeric_scale', null]]

export const BASE: ColumnKind = {
  className: 'Column',
  module: 'base.column',
  labels: new Map([['STRING', 'TEXT']]),
  parameters: SIZES,
  isString: oneOf('text', 'character varying', 'character', 'varchar'),
  isFloat: oneOf('real', 'float4', 'float', 'double precision', 'float8', 'double'),
  isInteger: oneOf('smallint', 'integer', 'bigint', 'smallserial', 'serial', 'bigserial', 'int2', 'int4', 'int8', 'serial2', 'serial4', 'serial8'),
  isNumeric: oneOf('numeric', 'decimal'),
  stringSize: sized(sizeOr(256n)),
  stringType: (size) => `character varying(${strOf(size)})`,
  numericType: withPrecision,
  translate: labelled,
  dataType: baseDataType,
  expandedType: (column) => column.kind.dataType(column),
  quoted: (column) => `"${nameOf(column)}"`,
  literal: (column, value) => `${strOf(value)}::${strOf(column.kind.dataType(column))}`,
  canExpandTo: (column, other) => column.kind.isString(column) && other.kind.isString(other) && other.kind.stringSize(other) > column.kind.stringSize(column),
  fromDescription: describe,
  repr: (column) => dataclassRepr(column),
  properties: new Map([
    ['name', (column: ColumnValue) => column.fields.get('column') ?? null],
    ['quoted', (column: ColumnValue) => column.kind.quoted(column)],
    ['data_type', (column: ColumnValue) => column.kind.dataType(column)],
    ['expanded_data_type', (column: ColumnValue) => column.kind.expandedType(column)],
  ]),
  methods: new Map<string, InstanceMethod>([
    ['is_string', asked((kind) => kind.isString)], ['is_float', asked((kind) => kind.isFloat)], ['is_integer', asked((kind) => kind.isInteger)], ['is_numeric', asked((kind) => kind.isNumeric)],
    ['is_number', { parameters: [], run: (column) => [column.kind.isInteger(column), column.kind.isNumeric(column), column.kind.isFloat(column)].includes(true) }],
    ['string_size', { parameters: [], run: (column) => column.kind.stringSize(column) }],
    ['can_expand_to', { parameters: [['other_column']], run: (column, [other]) => column.kind.canExpandTo(column, asColumn(other ?? null)) }],
    ['literal', { parameters: [['value']], run: (column, [value]) => column.kind.literal(column, value ?? null) }],
  ]),
  statics: new Map(),
}

/** Methods, properties and class methods beside those of `kind`. */
export function extended<K extends 'methods' | 'properties' | 'statics'>(kind: ColumnKind, table: K, more: ColumnKind[K]): ColumnKind[K] {
  return new Map<string, never>([...kind[table] as ReadonlyMap<string, never>, ...more as ReadonlyMap<string, never>]) as ColumnKind[K]
}
