// Exports of a saved query go through the naming macros as nodes do, though they have next to nothing of a node: what a macro cannot take of
// them refuses the project. dbt 1.12: parser/schema_yaml_readers.py SavedQueryParser.parse_saved_query.

import { reprOf } from '../../../jinja/repr.ts'
import { PyDict, PyList, PyObject } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import { evaluateExportName } from '../../context/evaluate-node.ts'
import type { Reads } from '../../context/types.ts'
import type { Config } from '../../nodes/types.ts'
import type { Problem } from '../../problem.ts'
import type { Place } from '../../../text/span.ts'
import type { Build } from './build.ts'

/** ExportDestinationType of dbt_semantic_interfaces. */
const DESTINATIONS: ReadonlySet<Value> = new Set<Value>(['table', 'view'])

/** `config`: of the saved query; `reads` gets what its macros read. The first refusal. */
export function exportProblems(build: Build, config: Config, exports: Value | undefined, place: Place, unique_id: string, reads: Reads[]): readonly Problem[] {
  if (build.project.rules.strictYaml || !(exports instanceof PyList)) return []
  const nodes = exports.items.flatMap((each) => each instanceof PyDict ? [new ExportObject(each, config)] : [])
  for (const node of nodes) {
    const wanted = node.config.getattr('export_as') ?? null
    const known = typeof wanted !== 'object' || !wanted?.unknown
    if (known && !DESTINATIONS.has(wanted)) return [{ code: 'config-invalid', severity: 'error', message: `Field "export_as" of type ExportDestinationType in ExportConfig has invalid value ${reprOf(wanted)}`, place, unique_id }]
  }
  for (const node of nodes) {
    for (const component of ['database', 'schema', 'alias'] as const) {
      // The schema of an export stands under another key than its macro is asked with.
      const { problem, value, unknown, reads: read } = evaluateExportName(build.world, component, component === 'schema' ? null : node.config.getattr(component) ?? null, node, place, unique_id)
      reads.push(read)
      if (problem) return [problem]
      if (unknown) return []
      node.named.set(component, value)
    }
  }
  return []
}

class ExportObject extends PyObject {
  readonly typeName = 'Export'
  readonly config: ExportConfigObject
  readonly named = new Map<string, Value>()
  private readonly entry: PyDict
  constructor(entry: PyDict, config: Config) {
    super()
    this.entry = entry
    const own = entry.get('config')
    this.config = new ExportConfigObject(own instanceof PyDict ? own : new PyDict(), config)
  }
  override get qualifiedTypeName(): string { return 'dbt.artifacts.resources.v1.saved_query.Export' }
  override truthy(): boolean { return true }
  override getattr(name: string): Value | undefined {
    if (name === 'config') return this.config
    return name === 'name' || name === 'unrendered_config' ? this.entry.get(name === 'name' ? name : 'config') : this.named.get(name)
  }
}

class ExportConfigObject extends PyObject {
  readonly typeName = 'ExportConfig'
  private readonly own: PyDict
  private readonly outer: Config
  constructor(own: PyDict, outer: Config) { super(); this.own = own; this.outer = outer }
  override get qualifiedTypeName(): string { return 'dbt.artifacts.resources.v1.saved_query.ExportConfig' }
  override truthy(): boolean { return true }
  override getattr(name: string): Value | undefined {
    const given = (key: string): Value => (this.own.has(key) ? this.own.get(key) : this.outer.get(key)) ?? null
    switch (name) {
      case 'schema_name': return given('schema_name') ?? given('schema')
      case 'export_as': case 'alias': case 'database': return given(name)
      default: return undefined
    }
  }
}
