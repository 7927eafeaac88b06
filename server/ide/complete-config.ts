// Completion of configuration: keys in `config(…)` and under `config:`, and their values, with what they mean.

import { configClassOf } from '../dbt/names/config-classes.ts'
import type { ResourceType } from '../dbt/nodes/types.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import type { Span } from '../text/span.ts'
import { configDoc } from './config-docs.ts'
import type { Completion } from './types.ts'

/** Keys as `config()` takes them: Python names, so `pre_hook`. `given` are left out. */
export function configKeys({ project: { rules } }: Snapshot, type: ResourceType, span: Span, insert: (key: string) => string, given: ReadonlySet<string>): Completion[] {
  return [...configClassOf(type, rules.name).fields.keys()].map((key) => key.replaceAll('-', '_')).filter((key) => !given.has(key)).map((key) => {
    const { description, values } = configDoc(key)
    return { label: key, kind: 'value', detail: values.join(' | '), documentation: description, insert: insert(key), span, sort: key }
  })
}

export function configValues(snapshot: Snapshot, key: string, span: Span, wrap: (value: string) => string): Completion[] {
  const item = (label: string, detail: string): Completion => ({ label, kind: 'value', detail, documentation: '', insert: wrap(label), span, sort: label })
  if (key === 'materialized') return [...configDoc(key).values.map((value) => item(value, 'dbt')), ...materializations(snapshot).map((name) => item(name, 'materialization of the project'))]
  if (key === 'group') return [...snapshot.manifest.others.values()].filter((each) => each.resource_type === 'group').map((each) => item(each.name, 'group'))
  if (key === 'tags') return [...new Set([...snapshot.manifest.nodes.values()].flatMap((node) => node.tags))].map((tag) => item(tag, 'tag'))
  return configDoc(key).values.map((value) => item(value, key))
}

/** Custom ones: macros `materialization_NAME_ADAPTER` of the project and its packages. */
function materializations(snapshot: Snapshot): string[] {
  const names = new Set<string>()
  for (const macro of snapshot.world.macros.byId.values()) if (!macro.internal && macro.name.startsWith('materialization_')) names.add(macro.name.slice('materialization_'.length, macro.name.lastIndexOf('_')))
  return [...names]
}
