// Between starts: reads the facts of a project that an earlier start kept, and keeps those of this one.

import { keepSnapshot, warmthOf } from './assemble.ts'
import { comparedKey, readCompared, writeCompared } from './cache/compared.ts'
import { placeOf } from './cache/ground.ts'
import { openFacts, type KeptFacts } from './cache/kept.ts'
import type { Inputs } from './inputs.ts'
import type { FactsStore } from './ports.ts'
import { comparisonMade } from './selection.ts'
import type { Snapshot } from './snapshot.ts'
import type { StateManifest } from './state/types.ts'

/** `why`: what was found and could not be used. */
export interface Found { readonly kept: KeptFacts | null; readonly why: string | null }

export function keptFacts(store: FactsStore, inputs: Inputs): Found {
  if (store.directory === null) return { kept: null, why: null }
  const read = store.read(placeOf(inputs))
  return read.kind === 'found' ? { kept: openFacts(read.pages), why: null } : { kept: null, why: read.why }
}

/** Whether the next start would gain by keeping this one's facts. */
export function worthKeeping(snapshot: Snapshot): boolean {
  const warmth = warmthOf(snapshot)
  return snapshot.manifest.final && (warmth === null || warmth.kind === 'none' || warmth.changed > FEW)
}

/** So many files are evaluated sooner than everything is written again. */
const FEW = 20

/** Yields between resources; then `write` has what is to be written. What cannot be kept is said in words. */
export function* keepingSteps(store: FactsStore, snapshot: Snapshot, inputs: Inputs, salt = store.salt()): Generator<void, (() => Promise<string | null>) | string | null> {
  if (store.directory === null) return null
  const kept = yield* keepSnapshot(snapshot, inputs, salt)
  if (kept === null) return null
  if (kept.kind === 'refused') return `not kept: ${kept.why}`
  return () => store.write(placeOf(inputs), kept.written)
}

/** What an earlier start found of these facts and this state; null: nothing that still holds. */
export function comparedBefore(store: FactsStore, { kept, snapshot, inputs }: { readonly kept: KeptFacts | null; readonly snapshot: Snapshot; readonly inputs: Inputs }, state: StateManifest): ((id: string) => boolean) | null {
  const warmth = warmthOf(snapshot)
  if (kept === null || warmth === null || warmth.kind === 'none') return null
  const read = store.read(comparedPlace(inputs))
  const differing = read.kind === 'found' ? readCompared(read.pages, keyOf(kept.salt, inputs, state)) : null
  return differing && ((id) => !differing.has(id) && !warmth.replaced.has(id))
}

/** `salt`: of the facts that the snapshot was made of, or that were made of it. Null: nothing to keep, or it is kept; else what went wrong. */
export async function keepCompared(store: FactsStore, snapshot: Snapshot, inputs: Inputs, salt: string): Promise<string | null> {
  const { state } = inputs.evidence
  const differing = comparisonMade(snapshot.manifest)?.outcome() ?? null
  if (state === null || differing === null || store.directory === null) return null
  // What was edited since the facts were kept says nothing of the facts.
  return store.write(comparedPlace(inputs), writeCompared(keyOf(salt, inputs, state), [...new Set([...differing, ...warmthOf(snapshot)?.replaced ?? []])]))
}

function comparedPlace(inputs: Inputs): string { return `${placeOf(inputs)}\0compared` }

function keyOf(salt: string, { internal }: Inputs, state: StateManifest): string { return comparedKey(salt, state.digest(), internal?.source === state.info.path) }
