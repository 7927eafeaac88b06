// dbt's Column: name and data type of a column as templates see them, for each adapter as its package defines it.
// Follows dbt-adapters 1.x base/column.py and the adapters' column.py; adapters whose columns parse types of their own beyond that are unknown there.

import { reprOf, strOf } from '../../jinja/repr.ts'
import { PyException } from '../../jinja/errors.ts'
import { PyFunction, PyObject } from '../../jinja/value.ts'
import type { CallArgs, Value } from '../../jinja/value.ts'
import { SELF, bindKnown } from './args.ts'
import type { Parameters } from './args.ts'
import { runtimeError } from './errors.ts'

interface ColumnKind {
  readonly className: string
  readonly labels: ReadonlyMap<string, string>
  readonly quote: string
  readonly strings: readonly string[]
  readonly floats: readonly string[]
  readonly integers: readonly string[]
  readonly numerics: readonly string[]
  /** Spark's and Databricks' `data_type` is the type as given. */
  readonly plainTypes: boolean
  readonly stringType: (size: bigint) => string
  readonly defaultSize: bigint
  /** Types that keep their name although they are strings without a size. */
  readonly bareStrings: readonly string[]
  readonly lowerCases: boolean
  readonly translates: boolean
}

const BASE: ColumnKind = {
  className: 'Column',
  labels: new Map([['STRING', 'TEXT']]),
  quote: '"',
  strings: ['text', 'character varying', 'character', 'varchar'],
  floats: ['real', 'float4', 'float', 'double precision', 'float8', 'double'],
  integers: ['smallint', 'integer', 'bigint', 'smallserial', 'serial', 'bigserial', 'int2', 'int4', 'int8', 'serial2', 'serial4', 'serial8'],
  numerics: ['numeric', 'decimal'],
  plainTypes: false,
  stringType: size => `character varying(${size})`,
  defaultSize: 256n,
  bareStrings: [],
  lowerCases: false,
  translates: true,
}

const SPARK: ColumnKind = { ...BASE, className: 'SparkColumn', quote: '`', plainTypes: true, translates: false }

const KINDS: ReadonlyMap<string, ColumnKind> = new Map<string, ColumnKind>([
  ['duckdb', { ...BASE, className: 'DuckDBColumn', floats: ['real', 'float', 'float4', 'float8', 'double'], integers: ['tinyint', 'smallint', 'integer', 'bigint', 'hugeint', 'utinyint', 'usmallint', 'uinteger', 'ubigint', 'int1', 'int2', 'int4', 'int8', 'short', 'int', 'signed', 'long'] }],
  ['postgres', { ...BASE, className: 'PostgresColumn', bareStrings: ['text', 'character varying'] }],
  ['redshift', BASE],
  ['snowflake', { ...BASE, className: 'SnowflakeColumn', integers: [], numerics: ['int', 'integer', 'bigint', 'smallint', 'tinyint', 'byteint', 'numeric', 'decimal', 'number'], defaultSize: 16777216n }],
  ['spark', SPARK],
  ['databricks', { ...SPARK, className: 'DatabricksColumn', labels: new Map([['LONG', 'BIGINT']]), translates: true, lowerCases: true }],
  ['trino', { ...BASE, className: 'TrinoColumn', labels: new Map([['STRING', 'VARCHAR'], ['FLOAT', 'DOUBLE']]), strings: ['varchar', 'char'], floats: ['real', 'double precision', 'double'], integers: ['tinyint', 'smallint', 'integer', 'int', 'bigint'], numerics: ['decimal'], stringType: size => `varchar(${size})`, bareStrings: ['varchar'] }],
])

/** `api.Column`: the class, callable. Null for adapters whose columns are not written down here. */
export function columnClass(adapterType: string): ColumnClass | null {
  const kind = KINDS.get(adapterType)
  return kind ? new ColumnClass(kind) : null
}

interface ColumnFields {
  readonly column: Value
  readonly dtype: Value
  readonly char_size: Value
  readonly numeric_precision: Value
  readonly numeric_scale: Value
}

const CONSTRUCTOR: Parameters = [['column'], ['dtype'], ['char_size', null], ['numeric_precision', null], ['numeric_scale', null]]

export class ColumnClass extends PyObject {
  readonly typeName = 'type'
  readonly kind: ColumnKind
  constructor(kind: ColumnKind) { super(); this.kind = kind }
  override truthy(): boolean { return true }
  override callable(): boolean { return true }
  override call(args: CallArgs): Value {
    const [column, dtype, char_size, numeric_precision, numeric_scale] = bindKnown(`${this.kind.className}.__init__`, CONSTRUCTOR, args, SELF)
    return new Column(this.kind, { column: column ?? null, dtype: dtype ?? null, char_size: char_size ?? null, numeric_precision: numeric_precision ?? null, numeric_scale: numeric_scale ?? null })
  }
  override getattr(name: string): Value | undefined { return classMethod(this.kind, name) }
  override repr(): string { return `<class '${this.kind.className}'>` }
}

class Column extends PyObject {
  readonly kind: ColumnKind
  readonly fields: ColumnFields
  constructor(kind: ColumnKind, fields: ColumnFields) { super(); this.kind = kind; this.fields = fields }
  get typeName(): string { return this.kind.className }
  override truthy(): boolean { return true }
  override hashKey(): undefined { return undefined }
  override equals(other: Value): boolean | undefined {
    return other instanceof Column ? other.kind === this.kind && reprOf(this) === reprOf(other) : undefined
  }
  override repr(): string {
    if (this.kind.plainTypes) return `<${this.kind.className} ${strOf(this.fields.column)} (${this.dataType()})>`
    const { column, dtype, char_size, numeric_precision, numeric_scale } = this.fields
    const shown = `${this.kind.className}(column=${reprOf(column)}, dtype=${reprOf(dtype)}, char_size=${reprOf(char_size)}, numeric_precision=${reprOf(numeric_precision)}, numeric_scale=${reprOf(numeric_scale)}`
    return `${shown}${this.kind.className === 'DuckDBColumn' ? ', fields=[]' : this.kind.className === 'SnowflakeColumn' ? ', collation=None' : ''})`
  }
  override getattr(name: string): Value | undefined {
    switch (name) {
      case 'name': case 'column': return this.fields.column
      case 'dtype': case 'char_size': case 'numeric_precision': case 'numeric_scale': return this.fields[name]
      case 'quoted': return this.kind.quote + strOf(this.fields.column) + this.kind.quote
      case 'data_type': case 'expanded_data_type': return this.dataType()
      case 'is_string': return this.question(name, this.kind.strings)
      case 'is_float': return this.question(name, this.kind.floats)
      case 'is_integer': return this.question(name, this.kind.integers)
      case 'is_numeric': return this.question(name, this.kind.numerics)
      case 'is_number': return this.question(name, [...this.kind.integers, ...this.kind.numerics, ...this.kind.floats])
      case 'string_size': return method(name, [], () => this.stringSize())
      case 'literal': return method(name, [['value']], ([value]) => this.kind.plainTypes ? `cast(${strOf(value ?? null)} as ${strOf(this.fields.dtype)})` : `${strOf(value ?? null)}::${this.dataType()}`)
      case 'can_expand_to': return method(name, [['other_column']], ([other]) => this.canExpandTo(other ?? null))
      default: return classMethod(this.kind, name)
    }
  }

  dataType(): string {
    const dtype = strOf(this.fields.dtype)
    if (this.kind.plainTypes) return dtype
    if (this.kind.bareStrings.includes(this.type()) && (this.fields.char_size === null || this.type() === 'text')) return dtype
    if (this.kind.strings.includes(this.type())) return this.kind.stringType(this.stringSize())
    if (this.kind.numerics.includes(this.type())) return numericType(this.kind, this.fields.dtype, this.fields.numeric_precision, this.fields.numeric_scale)
    return dtype
  }

  private type(): string { return strOf(this.fields.dtype).toLowerCase() }

  private question(name: string, types: readonly string[]): PyFunction { return method(name, [], () => types.includes(this.type())) }

  private isString(): boolean { return this.kind.strings.includes(this.type()) }

  private stringSize(): bigint {
    if (!this.isString()) throw runtimeError('Called string_size() on non-string field!')
    const size = this.fields.char_size
    if (this.fields.dtype === 'text' || size === null) return this.kind.className === 'TrinoColumn' && this.type() === 'varchar' ? 2147483646n : this.kind.defaultSize
    if (typeof size === 'bigint') return size
    if (typeof size === 'string' && /^\s*[+-]?\d+\s*$/.test(size)) return BigInt(size.trim())
    throw new PyException('ValueError', `invalid literal for int() with base 10: ${reprOf(size)}`)
  }

  private canExpandTo(other: Value): boolean {
    if (!(other instanceof Column) || !this.isString() || !other.isString()) return false
    return this.kind.plainTypes || other.stringSize() > this.stringSize()
  }
}

function classMethod(kind: ColumnKind, name: string): Value | undefined {
  switch (name) {
    case 'translate_type': return method(name, [['dtype']], ([dtype]) => translate(kind, strOf(dtype ?? null)))
    case 'create': return method(name, [['name'], ['label_or_dtype']], ([column, label]) => new Column(kind, { column: column ?? null, dtype: translate(kind, strOf(label ?? null)), char_size: null, numeric_precision: null, numeric_scale: null }))
    case 'string_type': return method(name, [['size']], ([size]) => kind.stringType(typeof size === 'bigint' ? size : 0n))
    case 'numeric_type': return method(name, [['dtype'], ['precision'], ['scale']], ([dtype, precision, scale]) => numericType(kind, dtype ?? null, precision ?? null, scale ?? null))
    case 'from_description': return method(name, [['name'], ['raw_data_type']], ([column, raw]) => fromDescription(kind, column ?? null, strOf(raw ?? null)))
    default: return undefined
  }
}

function translate(kind: ColumnKind, dtype: string): string {
  if (!kind.translates) return dtype
  const label = kind.labels.get(dtype.toUpperCase()) ?? dtype
  return kind.lowerCases ? label.toLowerCase() : label
}

function numericType(kind: ColumnKind, dtype: Value, precision: Value, scale: Value): string {
  const name = kind.plainTypes ? 'decimal' : strOf(dtype)
  return precision === null || scale === null ? name : `${name}(${strOf(precision)},${strOf(scale)})`
}

function fromDescription(kind: ColumnKind, column: Value, raw: string): Column {
  const match = /^([^(]+)(\([^)]+\))?/.exec(raw)
  if (!match) throw runtimeError(`Could not interpret data type "${raw}"`)
  const parts = match[2] === undefined ? [] : match[2].slice(1, -1).split(',')
  const number = (text: string): bigint => {
    if (/^\s*[+-]?\d+\s*$/.test(text)) return BigInt(text.trim())
    throw runtimeError(`Could not interpret data_type "${raw}": could not convert "${text}" to an integer`)
  }
  const [first, second] = parts
  const [size, precision, scale] = first === undefined || parts.length > 2 ? [null, null, null] : second === undefined ? [number(first), null, null] : [null, number(first), number(second)]
  return new Column(kind, { column, dtype: match[1] ?? '', char_size: size, numeric_precision: precision, numeric_scale: scale })
}

function method(name: string, parameters: Parameters, run: (values: readonly Value[]) => Value): PyFunction {
  return new PyFunction(name, args => run(bindKnown(`Column.${name}`, parameters, args, SELF)))
}
