// Between starts: reads the facts of a project that an earlier start kept, and keeps those of this one.

import { keepSnapshot, warmthOf } from './assemble.ts'
import { placeOf } from './cache/ground.ts'
import { openFacts, type KeptFacts } from './cache/kept.ts'
import type { Inputs } from './inputs.ts'
import type { FactsStore } from './ports.ts'
import type { Snapshot } from './snapshot.ts'

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
export function* keepingSteps(store: FactsStore, snapshot: Snapshot, inputs: Inputs): Generator<void, (() => Promise<string | null>) | string | null> {
  if (store.directory === null) return null
  const kept = yield* keepSnapshot(snapshot, inputs, store.salt())
  if (kept === null) return null
  if (kept.kind === 'refused') return `not kept: ${kept.why}`
  return () => store.write(placeOf(inputs), kept.written)
}
