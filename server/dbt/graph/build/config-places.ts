// Where the value of a config key was given: in a config() call, in YAML, or nowhere in the node's own files. Places only.

import type { Place } from '../../../text/span.ts'
import type { YamlNode } from '../../../yaml/nodes.ts'
import type { ConfigCall } from '../../context/types.ts'
import { under } from '../../nodes/yaml-values.ts'

export interface ConfigPlace { readonly key: string; readonly place: Place }

/** Properties of an entry that become config (normalize_*_attribute). */
const MOVED: ReadonlySet<string> = new Set(['meta', 'docs', 'group', 'contract', 'access'])

/** The values under `config:` of an entry and of its version, and the properties that count as config; later ones win. */
export function configPlaces(path: string, nodes: readonly YamlNode[]): ConfigPlace[] {
  const places: ConfigPlace[] = []
  for (const node of nodes) {
    for (const [holder, moved] of [[node, true], [under(node, 'config'), false]] as const) {
      if (holder?.kind !== 'map') continue
      for (const { key, value } of holder.entries) {
        if (key.kind === 'scalar' && (!moved || MOVED.has(key.text))) places.push({ key: key.text, place: { path, start: value.start, end: value.end } })
      }
    }
  }
  return places
}

/** The level that wins is asked first: config() calls, then YAML; null when neither has the key. */
export function configPlace(key: string, calls: readonly ConfigCall[], yaml: readonly ConfigPlace[]): Place | null {
  const spellings = [key, key.replaceAll('-', '_')]
  const call = calls.findLast(({ values }) => spellings.some((each) => values.has(each)))
  return call?.place ?? yaml.findLast((each) => spellings.includes(each.key))?.place ?? null
}
