// dbt-bigquery's Column: records with fields, arrays by their mode (dbt-bigquery 1.11 column.py).

import { UnknownSignal } from '../../../jinja/errors.ts'
import { strOf } from '../../../jinja/repr.ts'
import type { Value } from '../../../jinja/value.ts'
import { PyList } from '../../../jinja/value.ts'
import { BASE, columnsIn, dtypeOf, extended, field, nameOf, oneOf, textOf } from './base.ts'
import type { ClassMethod, ColumnKind, ColumnValue, MakeColumn } from './base.ts'

function subfields(column: ColumnValue): readonly ColumnValue[] { return columnsIn(field(column, 'fields')) }

function flatten(column: ColumnValue, prefix: readonly string[], make: MakeColumn): readonly ColumnValue[] {
  const path = [...prefix, nameOf(column)]
  const fields = subfields(column)
  if (fields.length > 0) return fields.flatMap((each) => flatten(each, path, make))
  return [make(column.kind, new Map<string, Value>([['column', path.join('.')], ['dtype', field(column, 'dtype')], ['fields', null], ['mode', field(column, 'mode')]]))]
}

function dataType(column: ColumnValue): Value {
  const dtype = dtypeOf(column)
  const type = dtype.toUpperCase() === 'RECORD' ? `STRUCT<${subfields(column).map((each) => `${each.kind.quoted(each)} ${strOf(dataType(each))}`).join(', ')}>` : dtype
  // Of a catalog's column the mode is unknown, but it is no array.
  const mode = column.fields.get('mode') ?? null
  if (typeof mode === 'object' && mode?.unknown?.code === 'column-type-unknown') return type
  return textOf(field(column, 'mode'), 'upper').toUpperCase() === 'REPEATED' ? `ARRAY<${type}>` : type
}

/** Cuts at a character outside of angle and round brackets; null when they do not match. */
function divided(text: string): string[] | null {
  const parts: string[] = ['']
  let [angle, round] = [0, 0]
  for (const char of text) {
    if (char === '<') angle++
    else if (char === '>' && --angle < 0) return null
    else if (char === '(') round++
    else if (char === ')' && --round < 0) return null
    if (char === ',' && angle === 0 && round === 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  if (angle !== 0 || round !== 0) return null
  if (parts.at(-1) === '') parts.pop()
  return parts.map((part) => part.trim())
}

/** `_parse_struct_fields`: name and type of the fields of `struct<…>`; null for what is none. */
function structFields(type: string): { readonly name: string; readonly type: string }[] | null {
  const stripped = type.trim()
  if (!stripped.toLowerCase().startsWith('struct<')) return null
  let [angle, round, at] = [1, 0, 'struct<'.length]
  for (; at < stripped.length && angle > 0; at++) {
    const char = stripped[at]
    if (char === '<') angle++
    else if (char === '>' && round === 0) angle--
    else if (char === '(') round++
    else if (char === ')') round--
  }
  const rest = stripped.slice(at)
  if (angle !== 0 || (rest !== '' && !/^\s/.test(rest))) return null
  const parts = divided(stripped.slice('struct<'.length, at - 1))
  return parts === null ? null : parts.flatMap((part) => { const [, name, of = ''] = /^(\S+)\s*([\s\S]*)$/.exec(part) ?? []; return name === undefined ? [] : [{ name, type: of }] })
}

function structExpression(path: string, type: string): string {
  const fields = structFields(type)
  return fields === null ? path : `IF(${path} IS NULL, NULL, STRUCT(${fields.map((each) => structFields(each.type) === null ? `${path}.${each.name} AS ${each.name}` : `${structExpression(`${path}.${each.name}`, each.type)} AS ${each.name}`).join(', ')}))`
}

export const BIGQUERY: ColumnKind = {
  ...BASE, className: 'BigQueryColumn', module: 'bigquery.column',
  labels: new Map([['TEXT', 'STRING'], ['FLOAT', 'FLOAT64'], ['INTEGER', 'INT64']]),
  parameters: [['fields', null], ['mode', 'NULLABLE']],
  init: (given) => {
    const fields = given.get('fields') ?? null
    if (typeof fields === 'object' && fields?.unknown) return given
    const items = fields instanceof PyList ? fields.items : []
    // A template cannot make what belongs here: google's SchemaField.
    if (fields !== null && !(fields instanceof PyList && items.every((each) => typeof each === 'object' && each !== null && 'kind' in each))) throw new UnknownSignal({ code: 'adapter', message: 'the fields of this column are not known', stack: [] })
    return new Map<string, Value>([...given, ['fields', new PyList([...items])], ['mode', given.get('mode') ?? 'NULLABLE']])
  },
  isString: oneOf('string'),
  isInteger: oneOf('int64'),
  isNumeric: oneOf('numeric'),
  isFloat: oneOf('float64'),
  numericType: (dtype) => dtype,
  canExpandTo: (column, other) => column.kind.isString(column) && other.kind.isString(other),
  quoted: (column) => `\`${nameOf(column)}\``,
  literal: (column, value) => `cast(${strOf(value)} as ${strOf(field(column, 'dtype'))})`,
  dataType,
  repr: (column) => `<BigQueryColumn ${nameOf(column)} (${strOf(dataType(column))}, ${strOf(field(column, 'mode'))})>`,
  methods: extended(BASE, 'methods', new Map([['flatten', { parameters: [], run: (column: ColumnValue, _values: readonly Value[], make: MakeColumn) => new PyList([...flatten(column, [], make)]) }]])),
  statics: extended(BASE, 'statics', new Map<string, ClassMethod>([
    ['get_struct_select_expression', { parameters: [['column_name'], ['data_type']], run: (_kind, [column, type]) => {
      const [name, of] = [strOf(column ?? null), textOf(type ?? null, 'strip')]
      return structFields(of) === null ? name : `${structExpression(name, of)} AS ${name}`
    } }],
  ])),
}
