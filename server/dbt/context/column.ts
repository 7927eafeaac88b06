// dbt's Column: name and data type of a column as templates see them; `api.Column`, `adapter.Column`.
// What the classes of the adapters do differently stands in columns/, one kind each, after dbt-adapters 1.x base/column.py and the adapters' column.py.

import { reprOf, strOf } from '../../jinja/repr.ts'
import { PyDict, PyFunction, PyObject } from '../../jinja/value.ts'
import type { CallArgs, PyUnknown, Value } from '../../jinja/value.ts'
import type { Adapter } from '../adapters/types.ts'
import { SELF, bindKnown } from './args.ts'
import type { Parameters } from './args.ts'
import { BASE } from './columns/base.ts'
import type { ColumnFields, ColumnKind, ColumnValue, MakeColumn } from './columns/base.ts'
import { KINDS } from './columns/kinds.ts'
import { hiddenMember } from './hidden.ts'

/** `api.Column`: the class, callable. Null for adapters whose columns are not written down. */
export function columnClass({ type, lacks }: Pick<Adapter, 'type' | 'lacks'>): ColumnClass | null {
  const kind = KINDS.get(type)
  return kind ? new ColumnClass(lacks.has('fields') && type === 'duckdb' ? withoutFields(kind) : kind) : null
}

/** dbt-duckdb's Column before structs had fields. */
function withoutFields({ init: _init, ...kind }: ColumnKind): ColumnKind {
  return { ...kind, parameters: BASE.parameters, properties: BASE.properties, methods: BASE.methods, statics: BASE.statics, fromDescription: BASE.fromDescription, repr: BASE.repr }
}

export class ColumnClass extends PyObject {
  readonly typeName = 'type'
  readonly kind: ColumnKind
  constructor(kind: ColumnKind) { super(); this.kind = kind }
  override truthy(): boolean { return true }
  override callable(): boolean { return true }
  override call({ args, kwargs }: CallArgs): Value {
    const parameters: Parameters = [['column'], ['dtype'], ...this.kind.parameters]
    const values = bindKnown(`${this.kind.className}.__init__`, parameters, { args, kwargs }, SELF)
    return makeColumn(this.kind, new Map(parameters.map(([name], index) => [name, values[index] ?? null])))
  }
  override getattr(name: string): Value | undefined { return classMember(this.kind, name) }
  override repr(): string { return `<class 'dbt.adapters.${this.kind.module}.${this.kind.className}'>` }
}

class Column extends PyObject implements ColumnValue {
  readonly kind: ColumnKind
  readonly fields: ColumnFields
  constructor(kind: ColumnKind, fields: ColumnFields) { super(); this.kind = kind; this.fields = fields }
  get typeName(): string { return this.kind.className }
  override get qualifiedTypeName(): string { return `dbt.adapters.${this.kind.module}.${this.kind.className}` }
  override truthy(): boolean { return true }
  override hashKey(): undefined { return undefined }
  override equals(other: Value): boolean | undefined {
    return other instanceof Column ? other.kind === this.kind && [...this.fields].every(([name, value]) => reprOf(value) === reprOf(other.fields.get(name) ?? null)) : undefined
  }
  override repr(): string { return this.kind.repr(this) }
  override str(): string { return this.kind.str?.(this) ?? this.kind.repr(this) }
  override getattr(name: string): Value | undefined {
    const { kind } = this
    const property = kind.properties.get(name)
    if (property) return property(this, makeColumn)
    const field = this.fields.get(name)
    if (field !== undefined) return field
    const own = kind.methods.get(name)
    if (own) return method(name, own.parameters, (values) => own.run(this, values, makeColumn))
    return classMember(kind, name)
  }
}

const makeColumn: MakeColumn = (kind, given) => {
  const fields = new Map<string, Value>([['column', null], ['dtype', null], ['char_size', null], ['numeric_precision', null], ['numeric_scale', null], ...defaultsOf(kind), ...given])
  return new Column(kind, kind.init?.(fields, makeColumn) ?? fields)
}

function defaultsOf(kind: ColumnKind): [string, Value][] { return kind.parameters.map(([name, fallback = null]) => [name, fallback]) }

function classMember(kind: ColumnKind, name: string): Value | undefined {
  switch (name) {
    case 'TYPE_LABELS': return new PyDict(kind.labels)
    case 'translate_type': return method(name, [['dtype']], ([dtype]) => kind.translate(kind, dtype ?? null))
    case 'create': return method(name, [['name'], ['label_or_dtype']], ([column, label]) => makeColumn(kind, new Map([['column', column ?? null], ['dtype', kind.translate(kind, label ?? null)]])))
    case 'string_type': return method(name, [['size']], ([size]) => kind.stringType(size ?? null))
    case 'numeric_type': return method(name, [['dtype'], ['precision'], ['scale']], ([dtype, precision, scale]) => kind.numericType(dtype ?? null, precision ?? null, scale ?? null))
    case 'from_description': return method(name, [['name'], ['raw_data_type']], ([column, raw]) => kind.fromDescription(kind, column ?? null, strOf(raw ?? null), makeColumn))
  }
  const own = kind.statics.get(name)
  if (own) return method(name, own.parameters, (values) => own.run(kind, values, makeColumn))
  if (name === 'char_size' || name === 'numeric_precision' || name === 'numeric_scale') return null
  return hiddenMember(name, 'Column', `Column ${kind.module.split('.', 1)[0] ?? ''}`)
}

/** A column as `get_columns_in_relation` gives it: what is known of its fields; the others have their defaults. */
export function columnOf({ kind }: ColumnClass, fields: ReadonlyMap<string, Value>): Value { return makeColumn(kind, fields) }

/** A column of which nothing but the name is known. */
export function namedColumn({ kind }: ColumnClass, name: string, unknown: PyUnknown): Value {
  return makeColumn(kind, new Map<string, Value>([['column', name], ['dtype', unknown], ...kind.parameters.map(([field]): [string, Value] => [field, unknown])]))
}

/** As `from_description` reads a type such as `VARCHAR(16)`. */
export function columnFromDescription({ kind }: ColumnClass, name: string, type: string): Value { return kind.fromDescription(kind, name, type, makeColumn) }

function method(name: string, parameters: Parameters, run: (values: readonly Value[]) => Value): PyFunction {
  return new PyFunction(name, (args) => run(bindKnown(`${BASE.className}.${name}`, parameters, args, SELF)))
}
