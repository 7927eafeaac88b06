// In which order dbt runs a selection with one thread: each as soon as everything above it is done; what may run at the same moment by its depth in
// the graph of what is selected, then by unique_id. dbt-core 1.12 graph/queue.py GraphQueue, graph/graph.py get_subset_graph, compilation.py add_test_edges, task/build.py.

import type { DbtCommand } from '../graph/select-commands.ts'
import { reach, type GraphEdges } from '../graph/select-edges.ts'

/** Ids of a selection in order; a cycle's end up behind, by id. */
export function runOrder(selected: readonly string[], edges: GraphEdges, command: DbtCommand): string[] {
  const isUnit = (id: string) => edges.members.get(id)?.resource_type === 'unit_test'
  // `dbt build` runs unit tests with their model, not by themselves.
  const queued = command === 'build' ? selected.filter((id) => !isUnit(id)) : selected
  // `dbt test` keeps no edges.
  const parents = command === 'test' ? new Map<string, ReadonlySet<string>>() : parentsAmong(new Set(queued), edges, command === 'build' ? testsBefore(queued, edges) : null)
  const order = inQueue(queued, parents)
  if (queued.length === selected.length) return order
  const units = selected.filter(isUnit).toSorted()
  const placed = new Set<string>()
  const withUnits = order.flatMap((id) => {
    const own = units.filter((unit) => edges.parents(unit).includes(id) && !placed.has(unit))
    for (const unit of own) placed.add(unit)
    return [...own, id]
  })
  return [...withUnits, ...units.filter((unit) => !placed.has(unit))]
}

function inQueue(ids: readonly string[], parents: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const children = new Map<string, string[]>()
  for (const [id, above] of parents) {
    for (const parent of above) {
      const list = children.get(parent)
      if (list) list.push(id)
      else children.set(parent, [id])
    }
  }
  const level = levels(ids, parents, children)
  const before = (a: string, b: string) => (level.get(a) ?? 0) - (level.get(b) ?? 0) || (a < b ? -1 : 1)
  const waiting = new Map(ids.map((id) => [id, parents.get(id)?.size ?? 0]))
  // The queue is emptied into the pool as soon as something is in it, so among what comes later the first that could run is first.
  const order = ids.filter((id) => waiting.get(id) === 0).toSorted(before)
  for (const id of order) {
    waiting.delete(id)
    const ready: string[] = []
    for (const child of children.get(id) ?? []) {
      const left = (waiting.get(child) ?? 0) - 1
      waiting.set(child, left)
      if (left === 0) ready.push(child)
    }
    order.push(...ready.toSorted(before))
  }
  return [...order, ...Array.from(waiting.keys()).toSorted()]
}

/** How many steps the longest way from a root has. */
function levels(ids: readonly string[], parents: ReadonlyMap<string, ReadonlySet<string>>, children: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const waiting = new Map(ids.map((id) => [id, parents.get(id)?.size ?? 0]))
  const found = new Map<string, number>()
  let group = ids.filter((id) => waiting.get(id) === 0)
  for (let depth = 0; group.length > 0; depth++) {
    const next: string[] = []
    for (const id of group) {
      found.set(id, depth)
      for (const child of children.get(id) ?? []) {
        const left = (waiting.get(child) ?? 0) - 1
        waiting.set(child, left)
        if (left === 0) next.push(child)
      }
    }
    group = next
  }
  return found
}

/** Edges between the selected, ways through what is not selected among them. */
function parentsAmong(selected: ReadonlySet<string>, edges: GraphEdges, tests: ReadonlyMap<string, readonly string[]> | null): Map<string, ReadonlySet<string>> {
  const all = (id: string): readonly string[] => { const more = tests?.get(id); return more ? [...edges.parents(id), ...more] : edges.parents(id) }
  const through = new Map<string, ReadonlySet<string>>()
  const nearest = (id: string): ReadonlySet<string> => {
    const known = through.get(id)
    if (known) return known
    const found = new Set<string>()
    through.set(id, found)
    for (const parent of all(id)) {
      if (selected.has(parent)) found.add(parent)
      else for (const above of nearest(parent)) found.add(above)
    }
    return found
  }
  return new Map(Array.from(selected, (id) => { const above = new Set(nearest(id)); above.delete(id); return [id, above] as const }))
}

/** A node waits for the tests of everything above it: by node, the tests all of whose parents are above the node. Of tests with one parent the parent's own children are enough. */
function testsBefore(selected: readonly string[], edges: GraphEdges): Map<string, readonly string[]> {
  const found = new Map<string, string[]>()
  const isNode = (id: string) => { const member = edges.members.get(id); return member !== undefined && 'raw_code' in member && member.resource_type !== 'test' }
  const below = new Map<string, ReadonlySet<string>>()
  const descendants = (id: string): ReadonlySet<string> => {
    let known = below.get(id)
    if (!known) below.set(id, known = reach(new Set([id]), (each) => edges.children(each).filter(isNode), null))
    return known
  }
  for (const test of selected) {
    if (edges.members.get(test)?.resource_type !== 'test') continue
    const tested = edges.parents(test)
    const [first, ...rest] = tested
    if (first === undefined) continue
    const after = rest.length === 0 ? edges.children(first).filter(isNode) : [...descendants(first)].filter((id) => rest.every((each) => descendants(each).has(id)))
    for (const id of after) {
      const list = found.get(id)
      if (list) list.push(test)
      else found.set(id, [test])
    }
  }
  return found
}
