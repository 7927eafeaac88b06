// dbt-sqlserver's Column: sizes of -1 are `max` (dbt-sqlserver 1.10 sqlserver_column.py).

import { strOf } from '../../../jinja/repr.ts'
import type { Value } from '../../../jinja/value.ts'
import { runtimeError } from '../errors.ts'
import { BASE, extended, field, integerOf, lowerType, oneOf, positive, sized } from './base.ts'
import type { ColumnKind, ColumnValue, InstanceMethod } from './base.ts'

const isDecimal = oneOf('numeric', 'decimal')
const isMoney = oneOf('money', 'smallmoney')

function isMax(column: ColumnValue): boolean {
  const size = field(column, 'char_size')
  return ['varchar', 'nvarchar'].includes(lowerType(column)) && size !== null && integerOf(size) === -1n
}

/** By the column's own type, where `string_type` of the class is always varchar. */
function stringType(column: ColumnValue, size: Value): string {
  const type = lowerType(column)
  if (size === -1n) {
    if (type === 'varchar' || type === 'nvarchar') return `${type}(max)`
    throw runtimeError(`${type}(max) is not a valid SQL Server type`)
  }
  const fallback = type === 'nvarchar' ? '4000' : type === 'nchar' || type === 'char' ? '1' : '8000'
  return `${['nvarchar', 'nchar', 'char'].includes(type) ? type : 'varchar'}(${positive(size) ? strOf(size) : fallback})`
}

function dataType(column: ColumnValue): Value {
  if (lowerType(column) === 'datetime2') return 'datetime2(6)'
  if (column.kind.isString(column)) return stringType(column, column.kind.stringSize(column))
  if (isDecimal(column)) return column.kind.numericType(field(column, 'dtype'), field(column, 'numeric_precision'), field(column, 'numeric_scale'))
  return field(column, 'dtype')
}

const LEGACY: ColumnKind = {
  ...BASE, className: 'SQLServerColumn', module: 'sqlserver.sqlserver_column',
  labels: new Map([
    ['STRING', 'VARCHAR(8000)'], ['VARCHAR', 'VARCHAR(8000)'], ['CHAR', 'CHAR(1)'], ['NCHAR', 'CHAR(1)'], ['NVARCHAR', 'VARCHAR(8000)'], ['TIMESTAMP', 'DATETIME2(6)'], ['DATETIME2', 'DATETIME2(6)'],
    ['DATETIME2(6)', 'DATETIME2(6)'], ['DATE', 'DATE'], ['TIME', 'TIME(6)'], ['FLOAT', 'FLOAT'], ['REAL', 'REAL'], ['INT', 'INT'], ['INTEGER', 'INT'], ['BIGINT', 'BIGINT'], ['SMALLINT', 'SMALLINT'],
    ['TINYINT', 'SMALLINT'], ['BIT', 'BIT'], ['BOOLEAN', 'BIT'], ['DECIMAL', 'DECIMAL'], ['NUMERIC', 'NUMERIC'], ['MONEY', 'DECIMAL'], ['SMALLMONEY', 'DECIMAL'],
    ['UNIQUEIDENTIFIER', 'UNIQUEIDENTIFIER'], ['VARBINARY', 'VARBINARY(MAX)'], ['BINARY', 'BINARY(1)'],
  ]),
  isString: oneOf('varchar', 'char', 'nvarchar', 'nchar'),
  isFloat: oneOf('float', 'real'),
  isInteger: oneOf('bit', 'tinyint', 'smallint', 'int', 'integer', 'bigint'),
  isNumeric: oneOf('numeric', 'decimal', 'money', 'smallmoney'),
  stringSize: sized((column) => { const size = field(column, 'char_size'); return size === null ? 8000n : integerOf(size) }),
  stringType: (size) => `varchar(${positive(size) ? strOf(size) : '8000'})`,
  literal: (column, value) => `cast('${strOf(value)}' as ${strOf(dataType(column))})`,
  dataType,
  canExpandTo: (column, other) => {
    if (!column.kind.isString(column) || !other.kind.isString(other) || lowerType(column) !== lowerType(other) || isMax(column)) return false
    return isMax(other) || other.kind.stringSize(other) > column.kind.stringSize(column)
  },
  methods: extended(BASE, 'methods', new Map<string, InstanceMethod>([
    ['string_type_instance', { parameters: [['size']], run: (column, [size]) => stringType(column, size ?? null) }],
    ['is_max_string', { parameters: [], run: isMax }], ['is_decimal_type', { parameters: [], run: isDecimal }], ['is_fixed_numeric', { parameters: [], run: isMoney }],
  ])),
}

/** Unless the flag dbt_sqlserver_use_native_string_types is off. */
export const SQLSERVER: ColumnKind = {
  ...LEGACY, className: 'SQLServerColumnNative', labels: new Map([...LEGACY.labels, ['STRING', 'VARCHAR(MAX)'], ['NCHAR', 'NCHAR(1)'], ['NVARCHAR', 'NVARCHAR(4000)']]),
}
