// The small artifacts beside a manifest: run_results.json, sources.json, catalog.json. Text → the few facts that are asked of them.
// Broken or foreign text gives null, never an error: these files are hints, the manifest is the state.

import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import type { Freshness, RunResult } from './evidence.ts'
import { parseJson } from './json.ts'

export interface RunResults {
  readonly generated_at: string | null
  readonly results: readonly RunResult[]
}

/** run_results.json v4 … v6; relation_name from v5 on. */
export function parseRunResults(text: string): RunResults | null {
  const root = objectOf(text)
  const results = root?.get('results')
  if (!root || !(results instanceof PyList)) return null
  return { generated_at: generatedAt(root), results: results.items.flatMap((result) => (result instanceof PyDict ? resultOf(result) : [])) }
}

function resultOf(result: PyDict): RunResult[] {
  const [id, status, response, timing] = [result.get('unique_id'), result.get('status'), result.get('adapter_response'), result.get('timing')]
  if (typeof id !== 'string' || typeof status !== 'string') return []
  const ends = timing instanceof PyList ? timing.items.flatMap((step) => (step instanceof PyDict ? str(step.get('completed_at')) ?? [] : [])) : []
  return [{
    unique_id: id, status, relation_name: str(result.get('relation_name')), seconds: num(result.get('execution_time')), bytes: response instanceof PyDict ? num(response.get('bytes_processed')) : null,
    completed_at: ends.at(-1) ?? null, message: str(result.get('message')),
  }]
}

/** sources.json v1 … v3: by unique_id. */
export function parseFreshness(text: string): ReadonlyMap<string, Freshness> | null {
  const results = objectOf(text)?.get('results')
  if (!(results instanceof PyList)) return null
  return new Map(results.items.flatMap((result) => {
    const id = result instanceof PyDict ? result.get('unique_id') : undefined
    return result instanceof PyDict && typeof id === 'string' ? [[id, { status: str(result.get('status')) ?? '', max_loaded_at: str(result.get('max_loaded_at')), snapshotted_at: str(result.get('snapshotted_at')) }] as const] : []
  }))
}

export interface Catalog { readonly generated_at: string | null; readonly relations: readonly { readonly unique_id: string; readonly database: string | null; readonly schema: string | null; readonly identifier: string; readonly type: string | null; readonly columns: readonly { readonly name: string; readonly type: string | null }[] }[] }

/** catalog.json v1; names in the case the warehouse returned. */
export function parseCatalog(text: string): Catalog | null {
  const root = objectOf(text)
  const nodes = root?.get('nodes')
  const sources = root?.get('sources')
  if (!root || !(nodes instanceof PyDict)) return null
  return {
    generated_at: generatedAt(root),
    relations: [...nodes.items(), ...(sources instanceof PyDict ? sources.items() : [])].flatMap(([id, node]) => {
      const metadata = node instanceof PyDict ? node.get('metadata') : undefined
      const name = metadata instanceof PyDict ? metadata.get('name') : undefined
      return typeof id === 'string' && metadata instanceof PyDict && typeof name === 'string' ? [{ unique_id: id, database: str(metadata.get('database')), schema: str(metadata.get('schema')), identifier: name, type: str(metadata.get('type')), columns: columnsOf(node instanceof PyDict ? node.get('columns') : undefined) }] : []
    }),
  }
}

/** In the warehouse's order. */
function columnsOf(value: Value | undefined): { readonly name: string; readonly type: string | null }[] {
  if (!(value instanceof PyDict)) return []
  const columns = value.items().flatMap(([key, column]) => (column instanceof PyDict ? [{ name: str(column.get('name')) ?? String(key), type: str(column.get('type')), index: num(column.get('index')) ?? 0 }] : []))
  return columns.toSorted((one, other) => one.index - other.index).map(({ name, type }) => ({ name, type }))
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

function num(value: Value | undefined): number | null {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null
}
