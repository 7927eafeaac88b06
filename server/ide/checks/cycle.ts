// dependency-cycle: a node that depends on itself through others. dbt parses such a project and refuses to do anything with it (compilation.py Linker.find_cycles).

import { answerCall } from '../../dbt/defer/answer.ts'
import { edgesOf, reachesCycle } from '../../dbt/graph/edges.ts'
import type { ManifestNode, OtherResource } from '../../dbt/nodes/types.ts'
import { relatedVia } from '../../dbt/nodes/via.ts'
import type { Problem } from '../../dbt/problem.ts'
import type { Snapshot } from '../../dbt/snapshot.ts'

export function cycleProblems(snapshot: Snapshot, node: ManifestNode | OtherResource): readonly Problem[] {
  const cycle = reachesCycle(snapshot.manifest, node.unique_id) ? wayBack(snapshot, node.unique_id) : null
  if (!cycle) return []
  const next = cycle[1] ?? node.unique_id
  const call = node.calls.find((each) => answerCall(snapshot.deferring, node, each).target === next)
  const place = call ? { path: call.path, ...(call.nameSpan ?? call.span) } : node.place
  return [{ code: 'dependency-cycle', severity: 'error', message: `Found a cycle: ${cycle.slice(0, -1).join(' --> ')}`, place, unique_id: node.unique_id, ...(call ? relatedVia(call) : {}) }]
}

/** The shortest way from a node up its parents and back to it; null: none. Looks at its ancestors alone. */
function wayBack(snapshot: Snapshot, id: string): readonly string[] | null {
  const edges = edgesOf(snapshot.manifest)
  const cameFrom = new Map<string, string>()
  let ring = [id]
  while (ring.length > 0) {
    const next: string[] = []
    for (const at of ring) {
      for (const parent of edges.parents(at)) {
        if (parent === id) return path(cameFrom, id, at)
        if (cameFrom.has(parent)) continue
        cameFrom.set(parent, at)
        next.push(parent)
      }
    }
    ring = next
  }
  return null
}

function path(cameFrom: ReadonlyMap<string, string>, start: string, last: string): string[] {
  const back = [last]
  for (let at = last; at !== start;) {
    at = cameFrom.get(at) ?? start
    back.push(at)
  }
  return [...back.toReversed(), start]
}
