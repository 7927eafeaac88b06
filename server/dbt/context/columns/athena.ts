// dbt-athena's Column: types of Hive on the way in, of Trino on the way out (dbt-athena 1.10 column.py).

import { strOf } from '../../../jinja/repr.ts'
import type { Value } from '../../../jinja/value.ts'
import { runtimeError } from '../errors.ts'
import { RecordValue } from '../relation.ts'
import { BASE, dtypeOf, extended, field, nameOf, oneOf, positive, sized, startsWith } from './base.ts'
import type { ClassMethod, ColumnKind, ColumnValue, InstanceMethod, MakeColumn } from './base.ts'

const isBinary = oneOf('binary', 'varbinary')
const isTimestamp = oneOf('timestamp')
const isArray = startsWith('array')

/** The enumeration TableType; a template can only be handed one. */
class TableType extends RecordValue {
  constructor() { super('TableType', new Map([['value', 'table'], ['name', 'TABLE']])) }
  override str(): string { return 'TableType.TABLE' }
  override repr(): string { return "<TableType.TABLE: 'table'>" }
}

function isIceberg(column: ColumnValue): boolean {
  const type = field(column, 'table_type')
  return type instanceof RecordValue && type.getattr('value') === 'iceberg_table'
}

function innerType(column: ColumnValue): string {
  if (!isArray(column)) throw runtimeError('Called array_inner_type() on non-array field!')
  return /^array[<(](.*)[>)]$/.exec(dtypeOf(column))?.[1] ?? dtypeOf(column)
}

function timestampType(column: ColumnValue): string { return isIceberg(column) ? 'timestamp(6)' : 'timestamp' }

function dataType(column: ColumnValue, make: MakeColumn): Value {
  if (column.kind.isString(column)) return column.kind.stringType(column.kind.stringSize(column))
  if (column.kind.isNumeric(column)) return column.kind.numericType(field(column, 'dtype'), field(column, 'numeric_precision'), field(column, 'numeric_scale'))
  if (isBinary(column)) return 'varbinary'
  if (isTimestamp(column)) return timestampType(column)
  if (isArray(column)) return `array(${strOf(dataType(make(column.kind, new Map<string, Value>([...column.fields, ['dtype', innerType(column)], ['table_type', new TableType()]])), make))})`
  return field(column, 'dtype')
}

export const ATHENA: ColumnKind = {
  ...BASE, className: 'AthenaColumn', module: 'athena.column',
  labels: new Map([['STRING', 'VARCHAR'], ['TEXT', 'VARCHAR']]),
  parameters: [...BASE.parameters, ['table_type', null]],
  init: (given) => new Map([...given, ['table_type', given.get('table_type') ?? new TableType()]]),
  isString: oneOf('varchar', 'string'),
  stringType: (size) => positive(size) ? `varchar(${strOf(size)})` : 'varchar',
  stringSize: sized((column) => { const size = field(column, 'char_size'); return typeof size === 'bigint' ? size : 0n }),
  properties: extended(BASE, 'properties', new Map([
    ['data_type', dataType], ['expanded_data_type', dataType],
    ['quoted_hive', (column: ColumnValue) => `\`${nameOf(column)}\``],
  ])),
  methods: extended(BASE, 'methods', new Map<string, InstanceMethod>([
    ['is_iceberg', { parameters: [], run: isIceberg }], ['is_binary', { parameters: [], run: isBinary }], ['is_timestamp', { parameters: [], run: isTimestamp }], ['is_array', { parameters: [], run: isArray }],
    ['timestamp_type', { parameters: [], run: timestampType }], ['array_inner_type', { parameters: [], run: innerType }],
    ['literal', { parameters: [['value']], run: (column, [value], make) => `${strOf(value ?? null)}::${strOf(dataType(column, make))}` }],
  ])),
  statics: new Map<string, ClassMethod>([
    ['binary_type', { parameters: [], run: () => 'varbinary' }],
    ['array_type', { parameters: [['inner_type']], run: (_kind, [inner]) => `array(${strOf(inner ?? null)})` }],
  ]),
}
