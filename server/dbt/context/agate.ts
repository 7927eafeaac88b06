// The empty table that dbt's `adapter.execute` answers while it parses: no columns, no rows.
// Tables with rows only a warehouse can give; they are unknown, never made here.

import { PyDict, PyFunction, PyList, PyObject, PyTuple } from '../../jinja/value.ts'
import type { PyIter, Value } from '../../jinja/value.ts'

export class AgateTable extends PyObject {
  readonly typeName = 'Table'
  override get qualifiedTypeName(): string { return 'agate.table.Table' }
  override truthy(): boolean { return true }
  override subscriptable(): boolean { return true }
  override iter(): PyIter { return { next: () => undefined } }
  override getattr(name: string): Value | undefined {
    switch (name) {
      case 'rows': case 'columns': return new PyTuple([])
      case 'column_names': case 'column_types': case 'row_names': return new PyTuple([])
      case 'print_table': case 'print_json': case 'print_csv': return new PyFunction(name, () => null)
      case 'rename': case 'select': case 'where': case 'exclude': case 'limit': return new PyFunction(name, () => new AgateTable())
      case 'to_dict': return new PyFunction(name, () => new PyDict())
      case 'values': return new PyFunction(name, () => new PyList([]))
      default: return undefined
    }
  }
  // Table.print_structure: names and types of no columns.
  override str(): string { return '| column | data_type |\n| ------ | --------- |\n' }
}
