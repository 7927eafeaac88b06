// What an answer of dbt says, taken apart: the nodes of a manifest as our records are keyed, the sentence of a refusal that tells.
// It must not compare anything.

import type { Fields, Reduced } from './recorded.ts'

const COMPARED = ['nodes', 'sources', 'exposures', 'metrics', 'semantic_models', 'saved_queries', 'unit_tests', 'functions']

/** Every node of the manifest but operations, with the key `disabled ID` for those switched off. */
export function expected(manifest: Reduced): [string, Fields][] {
  const found: [string, Fields][] = []
  for (const table of COMPARED) {
    for (const [id, node] of Object.entries(manifest[table] ?? {})) {
      const fields = node as Fields
      if (fields['resource_type'] === 'operation') continue
      const enabled = (fields['config'] as Fields | undefined)?.['enabled'] !== false
      found.push([enabled ? id : `disabled ${id}`, fields])
    }
  }
  for (const [id, nodes] of Object.entries(manifest['disabled'] ?? {})) {
    const last = (nodes as readonly Fields[]).at(-1)
    if (last) found.push([`disabled ${id}`, last])
  }
  return found
}

/**
 * The sentence that tells: the first line that is neither dbt's class of error nor names only the file; of YAML that cannot be read what libyaml
 * says last, of an entry that its schema refuses what stands behind `at path`. Lines of generated Python are nobody's business.
 */
export function coreOf(text: string): string {
  const raw = /\n\s*Raw Error:\n\s*-+\n([^]*)$/.exec(text)?.[1]
  if (raw !== undefined) return raw.split('\n').map(squeezed).filter((each) => each !== '' && !each.startsWith('in "<unicode string>"')).at(-1) ?? squeezed(raw)
  const lines = text.split('\n').map(squeezed).filter((each) => each !== '' && !/^(.*[ :-] )?(Compilation|Parsing|Runtime|Internal|Database) Error( in .*)?$/.test(each))
  const line = (lines[0] ?? squeezed(text)).replace(/ \(<template>, line \d+\)$/, '')
  return / config given in .* - (at path .*)$/.exec(line)?.[1] ?? line
}

export function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

export function kindOf(id: string): string {
  return id.split('.')[0] ?? id
}
