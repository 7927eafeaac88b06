// What an answer of dbt says, taken apart: the nodes of a manifest as our records are keyed, the sentence of a refusal that tells.
// It must not compare anything.

import type { Fields, Reduced } from './recorded.ts'

const COMPARED = ['nodes', 'sources', 'exposures', 'metrics', 'semantic_models', 'saved_queries', 'unit_tests', 'functions']

/** Every node of the manifest but operations, each with its key. */
export function expected(manifest: Reduced): [string, Fields][] {
  const found: [string, Fields][] = []
  for (const table of COMPARED) {
    for (const [id, node] of Object.entries(manifest[table] ?? {})) {
      const fields = node as Fields
      if (fields['resource_type'] === 'operation') continue
      found.push([keyOf(id, fields, (fields['config'] as Fields | undefined)?.['enabled'] !== false), fields])
    }
  }
  for (const [id, nodes] of Object.entries(manifest['disabled'] ?? {})) {
    for (const fields of nodes as readonly Fields[]) found.push([keyOf(id, fields, false), fields])
  }
  return found
}

/** The id; of a node switched off `disabled ID at FILE`: there may be several of one id, which dbt lists as the file system happens to. */
export function keyOf(id: string, fields: Fields, enabled: boolean): string {
  return enabled ? id : `disabled ${id} at ${String(fields['original_file_path'])}`
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
