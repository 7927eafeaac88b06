// generate_database_name, generate_schema_name and generate_alias_name as dbt's own macros have them, without running them:
// nodes by the ten thousand have no others. Only where nothing of the project, a package or an adapter stands in their way.
// dbt-adapters 1.x: include/global_project/macros/get_custom_name/*.sql; snowflake's own differ only for catalogs.

import { strOf } from '../../jinja/repr.ts'
import { strip } from '../../text/python.ts'
import type { Value } from '../../jinja/value.ts'
import type { NameEvaluation } from '../context/evaluate-node.ts'
import type { MacroIndex, NodeDraft, Reads } from '../context/types.ts'
import type { Project } from '../project/types.ts'

export type NameComponent = 'database' | 'schema' | 'alias'

const OWN: ReadonlySet<string> = new Set(['snowflake__generate_database_name', 'snowflake__generate_schema_name'])

const plain = new WeakMap<MacroIndex, ReadonlyMap<NameComponent, Reads | null>>()

/** Null when the macros have to run. */
export function defaultName(project: Project, index: MacroIndex, component: NameComponent, custom: Value, draft: NodeDraft): NameEvaluation | null {
  let known = plain.get(index)
  if (!known) plain.set(index, known = new Map((['database', 'schema', 'alias'] as const).map(each => [each, plainReads(index, each)])))
  const reads = known.get(component)
  if (!reads || (custom !== null && typeof custom !== 'string') || draft.config.has('catalog_name') || draft.config.has('catalog')) return null
  const value = nameOf(project, component, custom, draft)
  return value === null ? null : { value: strip(value), unknown: null, problem: null, reads }
}

/** What the two macros read, when they are the only ones of their name. */
function plainReads(index: MacroIndex, component: NameComponent): Reads | null {
  const name = `generate_${component}_name`
  const ids: string[] = []
  for (const [id, macro] of index.byId) {
    if (!macro.name.endsWith(name)) continue
    if (!macro.internal || (macro.name !== name && macro.name !== `default__${name}` && !OWN.has(macro.name))) return null
    ids.push(id)
  }
  return ids.length ? { macros: new Set(ids), vars: new Set(), env: new Set(), target: true } : null
}

function nameOf(project: Project, component: NameComponent, custom: string | null, draft: NodeDraft): string | null {
  const { target } = project
  if (!target) return null
  switch (component) {
    case 'database': return custom ?? target.database
    case 'schema': return custom === null ? target.schema : `${target.schema}_${strip(custom)}`
    case 'alias':
      if (custom) return custom
      return draft.version !== null && draft.version !== '' && draft.version != 0 ? `${draft.name}_v${strOf(draft.version).replaceAll('.', '_')}` : draft.name
  }
}
