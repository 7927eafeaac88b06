// Remembers what a node compiled to, and whether that still holds: same settings, same macros, same targets of its calls, same ephemeral models.
// An edit that touches none of these costs a node nothing but the look.

import type { MacroDefinition, Reads } from '../context/types.ts'
import type { ManifestNode } from '../nodes/types.ts'
import type { Asked } from './questions.ts'
import type { CompileWorld } from './types.ts'

interface Kept<T> {
  readonly result: T
  readonly asked: Asked
  readonly reads: Reads
  /** Results of the ephemeral models that are injected. */
  readonly children: ReadonlyMap<string, T | null>
}

interface Entry<T> extends Kept<T> {
  readonly world: CompileWorld
  readonly macros: ReadonlyMap<string, MacroDefinition | null>
}

const kept = { plain: new WeakMap<ManifestNode, Entry<unknown>>(), preview: new WeakMap<ManifestNode, Entry<unknown>>() }

function entriesOf({ preview }: CompileWorld): WeakMap<ManifestNode, Entry<unknown>> { return preview === true ? kept.preview : kept.plain }

export function remember<T>(world: CompileWorld, node: ManifestNode, result: Kept<T>): void {
  entriesOf(world).set(node, { world, macros: macrosNow(world, node, result.reads), ...result })
}

/** The remembered result if nothing that it hangs on changed. `child`: the result of an ephemeral model as it stands now. */
export function recall<T>(world: CompileWorld, node: ManifestNode, child: (id: string) => T | null): T | null {
  const entry = entriesOf(world).get(node) as Entry<T> | undefined
  if (!entry) return null
  if (entry.world === world || (sameSettings(entry.world, world, entry.asked) && sameReads(entry, world, node))) {
    for (const [id, result] of entry.children) if (child(id) !== result) return null
    return entry.result
  }
  return null
}

function sameSettings(before: CompileWorld, now: CompileWorld, asked: Asked): boolean {
  const [old, next] = [before.deferring, now.deferring]
  if (old.project !== next.project || old.defer !== next.defer || old.favorState !== next.favorState || old.state !== next.state || old.listing !== next.listing || old.command !== next.command) return false
  if (old.selected !== next.selected && !sameSet(old.selected, next.selected)) return false
  if (before.world.dbtVersion !== now.world.dbtVersion) return false
  const needsAll = asked.wholeManifest || (asked.relations && next.listing.kind === 'all') || (next.defer && next.project.rules.defer === 'frontier')
  return old.manifest === next.manifest || (!needsAll && Array.from(asked.targets).every(([id, target]) => (next.manifest.nodes.get(id) ?? next.manifest.sources.get(id)) === target))
}

function sameReads<T>(entry: Entry<T>, now: CompileWorld, node: ManifestNode): boolean {
  if (entry.world.world.macros === now.world.macros) return true
  const current = macrosNow(now, node, entry.reads)
  return Array.from(entry.macros).every(([id, macro]) => current.get(id) === macro)
}

function macrosNow({ world: { macros } }: CompileWorld, node: ManifestNode, reads: Reads): ReadonlyMap<string, MacroDefinition | null> {
  return new Map(Array.from(reads.macros, (id) => [id, id.startsWith('missing:') ? macros.find(id.slice('missing:'.length), node.package_name) : macros.byId.get(id) ?? null]))
}

function sameSet(one: ReadonlySet<string> | null, other: ReadonlySet<string> | null): boolean {
  return one !== null && other !== null && one.size === other.size && Array.from(one).every((id) => other.has(id))
}
