// Parents and children of every resource, made when first asked for, kept across edits that change only a few edges. Cycles too.
// dbt: contracts/graph/manifest.py build_node_edges; graph/linker.py find_cycles.

import { withChanges } from '../nodes/overlay-map.ts'
import type { Manifest } from '../nodes/types.ts'

export interface EdgeMaps {
  /** Direct dependencies, in depends_on's order. */
  parents(id: string): readonly string[]
  /** Direct dependants, in the manifest's order. */
  children(id: string): readonly string[]
}

const NONE: readonly string[] = []
const childMaps = new WeakMap<Manifest, ReadonlyMap<string, readonly string[]>>()

export function edgesOf(manifest: Manifest): EdgeMaps {
  return { parents: id => parentsOf(manifest, id), children: id => childrenOf(manifest).get(id) ?? NONE }
}

function parentsOf(manifest: Manifest, id: string): readonly string[] {
  return manifest.nodes.get(id)?.depends_on.nodes ?? manifest.others.get(id)?.depends_on.nodes ?? NONE
}

function childrenOf(manifest: Manifest): ReadonlyMap<string, readonly string[]> {
  let children = childMaps.get(manifest)
  if (!children) {
    const made = new Map<string, string[]>()
    const add = (id: string, parents: readonly string[]): void => {
      for (const parent of parents) {
        const list = made.get(parent)
        if (list) list.push(id)
        else made.set(parent, [id])
      }
    }
    for (const [id, node] of manifest.nodes) add(id, node.depends_on.nodes)
    for (const [id, other] of manifest.others) add(id, other.depends_on.nodes)
    childMaps.set(manifest, children = made)
  }
  return children
}

/** After an edit that replaced the edges of `ids` alone: the new manifest takes over what the old one had worked out. */
export function shareEdges(from: Manifest, to: Manifest, ids: readonly string[]): void {
  const known = clear.get(from)
  if ((known || acyclic.has(from)) && ids.every(id => sameIds(parentsOf(from, id), parentsOf(to, id)))) {
    if (known) clear.set(to, known)
    if (acyclic.has(from)) acyclic.add(to)
  }
  const children = childMaps.get(from)
  if (!children) return
  const changes = new Map<string, readonly string[]>()
  const of = (parent: string): readonly string[] => changes.get(parent) ?? children.get(parent) ?? NONE
  for (const id of ids) {
    const before = parentsOf(from, id)
    const after = parentsOf(to, id)
    for (const parent of before) if (!after.includes(parent)) changes.set(parent, of(parent).filter(child => child !== id))
    // Behind those it had: the exact place among siblings matters to nobody but needs the whole manifest to find.
    for (const parent of after) if (!before.includes(parent)) changes.set(parent, [...of(parent), id])
  }
  childMaps.set(to, changes.size ? withChanges(children, changes) : children)
}

/** Whether an update left every edge as it was, as far as that was noticed. */
export function sameEdges(from: Manifest, to: Manifest): boolean {
  const known = childMaps.get(from)
  return known !== undefined && known === childMaps.get(to)
}

function sameIds(one: readonly string[], two: readonly string[]): boolean { return one.length === two.length && one.every((id, index) => id === two[index]) }

const clear = new WeakMap<Manifest, Set<string>>()
const acyclic = new WeakSet<Manifest>()

/** It is known from elsewhere that the graph has no cycle. */
export function markAcyclic(manifest: Manifest): void { acyclic.add(manifest) }

/** Whether a cycle can be reached from `start`. What was seen to reach none is remembered: asking for all nodes costs one walk of the graph. */
export function reachesCycle(manifest: Manifest, start: string): boolean {
  if (acyclic.has(manifest)) return false
  let done = clear.get(manifest)
  if (!done) clear.set(manifest, done = new Set<string>())
  return !done.has(start) && findCycle(manifest, start, done) !== null
}

/** The first cycle that can be reached from `start`, as ids from the repeated one to itself; null without. Never recursive: chains are long.
 *  `done`: ids known to reach none; it grows. */
function findCycle(manifest: Manifest, start: string, done: Set<string> = new Set()): readonly string[] | null {
  const path: string[] = []
  const onPath = new Set<string>()
  const stack: { readonly id: string; next: number }[] = [{ id: start, next: 0 }]
  path.push(start)
  onPath.add(start)
  while (stack.length) {
    const top = stack[stack.length - 1]
    if (!top) break
    const parent = parentsOf(manifest, top.id)[top.next++]
    if (parent === undefined) {
      stack.pop()
      path.pop()
      onPath.delete(top.id)
      done.add(top.id)
    } else if (onPath.has(parent)) return [...path.slice(path.indexOf(parent)), parent]
    else if (!done.has(parent)) {
      stack.push({ id: parent, next: 0 })
      path.push(parent)
      onPath.add(parent)
    }
  }
  return null
}
