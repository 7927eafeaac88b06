// The other sides of a compiled document's diffs: with defer switched, and as production compiled it. Each is a document of its own.

import { documentOfNode, type CompiledDocument } from './compiled.ts'
import { stateNode } from '../dbt/state/open.ts'
import type { StateNode } from '../dbt/state/types.ts'
import type { ManifestNode } from '../dbt/nodes/types.ts'
import type { Snapshot } from '../dbt/snapshot.ts'

/** `saved`: the text on disk instead of the unsaved one. `state`: production; `state-source`: its text before it was compiled. */
export type Variant = 'saved' | 'state' | 'state-source' | 'defer-on' | 'defer-off'

export const VARIANTS: ReadonlySet<string> = new Set<Variant>(['saved', 'state', 'state-source', 'defer-on', 'defer-off'])

export function withDefer(snapshot: Snapshot, node: ManifestNode, defer: boolean): CompiledDocument | null {
  return documentOfNode({ world: snapshot.world, files: snapshot.files, deferring: { ...snapshot.deferring, defer } }, node)
}

/**
 * As production has it. `compiled`: the state's compiled_code, where it holds one; else its raw_code compiled here: by today's macros and graph,
 * every ref reading production. Null: the state has no such node, or there is no state.
 */
export function asInState(snapshot: Snapshot, node: ManifestNode, compiled: string | null): CompiledDocument | null {
  const { state } = snapshot.deferring
  const there = state ? stateNode(state, node.unique_id) : undefined
  if (!there) return null
  if (compiled !== null) return { unique_id: node.unique_id, path: node.place.path, text: compiled, exact: true, marks: [], spans: [], trace: null, evidence: [] }
  const raw = rawCode(there)
  if (raw === null) return null
  const past: ManifestNode = { ...node, raw_code: raw, rawCodeOffset: null, database: there.database, schema: there.schema, alias: there.alias, problems: [] }
  const made = documentOfNode({ world: snapshot.world, files: snapshot.files, deferring: { ...snapshot.deferring, defer: true, favorState: true, selected: new Set() } }, past)
  return made ? { ...made, exact: false } : null
}

/** The state `--state` names, which is what is compared with. Null: there is no text. */
export function sourceInState(snapshot: Snapshot, node: ManifestNode): CompiledDocument | null {
  const { state } = snapshot.evidence
  const there = state ? stateNode(state, node.unique_id) : undefined
  const text = there ? rawCode(there) : null
  return text === null ? null : { unique_id: node.unique_id, path: node.place.path, text, exact: true, marks: [], spans: [], trace: null, evidence: [] }
}

function rawCode({ fields }: StateNode): string | null {
  const raw = fields.get('raw_code')
  return typeof raw === 'string' && raw !== '' ? raw : null
}
