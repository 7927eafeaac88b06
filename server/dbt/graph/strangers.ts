// Nodes with a problem that stands in another file than their own: in their property file, or in the twin that came second. They are few,
// and are found once for each table of the manifest, so that the diagnostics of one file look at no other.

import { OverlayMap } from '../nodes/overlay-map.ts'
import type { Manifest, ManifestNode, OtherResource } from '../nodes/types.ts'

export type Complained = ManifestNode | OtherResource

export function strangersIn({ nodes, others, disabled }: Manifest): readonly Complained[] {
  return [...strangers(nodes), ...strangers(others), ...strangersDisabled(disabled)]
}

/** The strangers are known from elsewhere, by id: those of `nodes` and `others`, and those that are disabled. */
export function useStrangers({ nodes, others, disabled }: Manifest, { enabled, switchedOff }: StrangerIds): void {
  const of = (table: ReadonlyMap<string, Complained>): readonly Complained[] => enabled.flatMap((id) => table.get(id) ?? [])
  found.set(nodes, of(nodes))
  found.set(others, of(others))
  found.set(disabled, complaining(switchedOff.flatMap((id) => disabled.get(id) ?? [])))
}

/** As `useStrangers` takes them. */
export interface StrangerIds { readonly enabled: readonly string[]; readonly switchedOff: readonly string[] }

export function strangerIds({ nodes, others, disabled }: Manifest): StrangerIds {
  const idsOf = (list: readonly Complained[]): string[] => [...new Set(list.map((node) => node.unique_id))]
  return { enabled: idsOf([...strangers(nodes), ...strangers(others)]), switchedOff: idsOf(strangersDisabled(disabled)) }
}

function strangers(table: ReadonlyMap<string, Complained>): readonly Complained[] {
  let known = found.get(table)
  if (!known) {
    // An edit replaces a few nodes of many.
    known = table instanceof OverlayMap
      ? [...strangers(table.base as ReadonlyMap<string, Complained>).filter((node) => !table.changed.has(node.unique_id) && !table.removed.has(node.unique_id)), ...[...table.changed.values() as Iterable<Complained>].filter(isStrange)]
      : [...table.values()].filter(isStrange)
    found.set(table, known)
  }
  return known
}

function strangersDisabled(table: Manifest['disabled']): readonly Complained[] {
  let known = found.get(table)
  if (!known) found.set(table, known = complaining([...table.values()].flat()))
  return known
}

function complaining(list: readonly (Complained | { readonly resource_type: 'source' })[]): Complained[] {
  return list.flatMap((node) => ('problems' in node && isStrange(node) ? [node] : []))
}

function isStrange(node: Complained): boolean {
  return node.problems.some((problem) => problem.place.path !== node.place.path)
}

const found = new WeakMap<object, readonly Complained[]>()
