// dbt-duckdb's Column: structs know their fields (dbt-duckdb 1.11 column.py).

import type { Value } from '../../../jinja/value.ts'
import { PyList } from '../../../jinja/value.ts'
import { BASE, columnsIn, extended, field, nameOf, oneOf, startsWith, textOf } from './base.ts'
import type { ColumnKind, ColumnValue, MakeColumn } from './base.ts'

const isStruct = startsWith('struct')

/** `STRUCT(a VARCHAR, b DECIMAL(10, 2))`: name and type of each field; commas within brackets divide nothing. */
function structFields(type: string): [string, string][] {
  const inner = /^STRUCT\((.*)\)/i.exec(type)?.[1]
  if (inner === undefined) return []
  const parts: string[] = ['']
  let depth = 0
  for (const char of inner) {
    if (char === '(') depth++
    else if (char === ')') depth--
    if (char === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts.map((part) => {
    const [, name = part.trim(), of = ''] = /^(\S*?) ([\s\S]*)$/.exec(part.trim()) ?? []
    return [name, of]
  })
}

function flatten(column: ColumnValue, make: MakeColumn): readonly ColumnValue[] {
  if (!isStruct(column)) return [column]
  return subfields(column).flatMap((each) => (isStruct(each) ? flatten(each, make) : [each]).map((leaf) => plain(column.kind, `${nameOf(column)}.${nameOf(leaf)}`, field(leaf, 'dtype'), make)))
}

function subfields(column: ColumnValue): readonly ColumnValue[] { return columnsIn(field(column, 'fields')) }

function plain(kind: ColumnKind, name: string, dtype: Value, make: MakeColumn): ColumnValue { return make(kind, new Map<string, Value>([['column', name], ['dtype', dtype], ['fields', null]])) }

export const DUCKDB: ColumnKind = {
  ...BASE, className: 'DuckDBColumn', module: 'duckdb.column',
  parameters: [...BASE.parameters, ['fields', null]],
  init: (given, make) => {
    const dtype = given.get('dtype') ?? null
    const fields = given.get('fields') ?? new PyList([])
    if (!(fields instanceof PyList) || (typeof dtype === 'object' && dtype?.unknown)) return new Map([...given, ['fields', fields]])
    if (textOf(dtype, 'lower').toLowerCase().startsWith('struct')) fields.items.push(...structFields(textOf(dtype, 'lower')).map(([name, type]) => plain(DUCKDB, name, type, make)))
    return new Map([...given, ['fields', fields]])
  },
  isFloat: oneOf('real', 'float', 'float4', 'float8', 'double'),
  isInteger: oneOf('tinyint', 'smallint', 'integer', 'bigint', 'hugeint', 'utinyint', 'usmallint', 'uinteger', 'ubigint', 'int1', 'int2', 'int4', 'int8', 'short', 'int', 'signed', 'long'),
  methods: extended(BASE, 'methods', new Map([
    ['is_struct', { parameters: [], run: isStruct }],
    ['flatten', { parameters: [], run: (column: ColumnValue, _values: readonly Value[], make: MakeColumn) => new PyList([...flatten(column, make)]) }],
  ])),
}
