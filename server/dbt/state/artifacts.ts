// The small artifacts beside a manifest: run_results.json, sources.json, catalog.json. Text → the few facts that are asked of them.
// Broken or foreign text gives null, never an error: these files are hints, the manifest is the state.

import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import { parseJson } from './json.ts'

export interface RunResults {
  readonly generated_at: string | null
  readonly results: readonly { readonly unique_id: string; readonly status: string; readonly relation_name: string | null; readonly seconds: number | null }[]
}

/** run_results.json v4 … v6; relation_name from v5 on. */
export function parseRunResults(text: string): RunResults | null {
  const root = objectOf(text)
  const results = root?.get('results')
  if (!root || !(results instanceof PyList)) return null
  return {
    generated_at: generatedAt(root),
    results: results.items.flatMap((result) => {
      if (!(result instanceof PyDict)) return []
      const [id, status] = [result.get('unique_id'), result.get('status')]
      if (typeof id !== 'string' || typeof status !== 'string') return []
      const seconds = result.get('execution_time')
      return [{ unique_id: id, status, relation_name: str(result.get('relation_name')), seconds: typeof seconds === 'number' || typeof seconds === 'bigint' ? Number(seconds) : null }]
    }),
  }
}

/** sources.json: unique_id → max_loaded_at; null where the check failed. */
export function parseFreshness(text: string): ReadonlyMap<string, string | null> | null {
  const results = objectOf(text)?.get('results')
  if (!(results instanceof PyList)) return null
  return new Map(results.items.flatMap((result) => {
    const id = result instanceof PyDict ? result.get('unique_id') : undefined
    return result instanceof PyDict && typeof id === 'string' ? [[id, str(result.get('max_loaded_at'))] as const] : []
  }))
}

export interface Catalog { readonly generated_at: string | null; readonly relations: readonly { readonly unique_id: string; readonly database: string | null; readonly schema: string | null; readonly identifier: string; readonly type: string | null }[] }

/** catalog.json v1; names in the case the warehouse returned. */
export function parseCatalog(text: string): Catalog | null {
  const root = objectOf(text)
  const nodes = root?.get('nodes')
  if (!root || !(nodes instanceof PyDict)) return null
  return {
    generated_at: generatedAt(root),
    relations: nodes.items().flatMap(([id, node]) => {
      const metadata = node instanceof PyDict ? node.get('metadata') : undefined
      const name = metadata instanceof PyDict ? metadata.get('name') : undefined
      return typeof id === 'string' && metadata instanceof PyDict && typeof name === 'string' ? [{ unique_id: id, database: str(metadata.get('database')), schema: str(metadata.get('schema')), identifier: name, type: str(metadata.get('type')) }] : []
    }),
  }
}

function objectOf(text: string): PyDict | null {
  const parsed = parseJson(text)
  return parsed.ok && parsed.value instanceof PyDict ? parsed.value : null
}

function generatedAt(root: PyDict): string | null {
  const metadata = root.get('metadata')
  return metadata instanceof PyDict ? str(metadata.get('generated_at')) : null
}

function str(value: Value | undefined): string | null {
  return typeof value === 'string' ? value : null
}
