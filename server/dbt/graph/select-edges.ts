// The graph that selection walks: every resource that dbt links, and who depends on whom (dbt-core 1.12 compilation.py Linker.link_graph).
// Edges come from depends_on as it stands in the manifest; nothing is resolved here.

import type { Manifest, ManifestNode, OtherResource, SourceNode } from '../nodes/types.ts'

export type GraphMember = ManifestNode | SourceNode | OtherResource

export interface GraphEdges {
  readonly members: ReadonlyMap<string, GraphMember>
  parents(id: string): readonly string[]
  children(id: string): readonly string[]
}

/** Enabled members and their edges (graph/selector.py `_is_graph_member`); memoised by manifest. */
export function edgesOf(manifest: Manifest): GraphEdges {
  const known = memo.get(manifest)
  if (known) return known
  const members = new Map<string, GraphMember>()
  for (const [id, node] of manifest.nodes) if (node.enabled) members.set(id, node)
  for (const [id, source] of manifest.sources) if (source.enabled) members.set(id, source)
  for (const [id, other] of manifest.others) if (other.enabled && other.resource_type !== 'group' && other.resource_type !== 'doc') members.set(id, other)
  const parents = new Map<string, readonly string[]>()
  const children = new Map<string, string[]>()
  for (const [id, member] of members) {
    const up = Array.from(new Set(dependsOn(member))).filter((parent) => members.has(parent))
    parents.set(id, up)
    for (const parent of up) {
      const list = children.get(parent)
      if (list) list.push(id)
      else children.set(parent, [id])
    }
  }
  const edges: GraphEdges = { members, parents: (id) => parents.get(id) ?? [], children: (id) => children.get(id) ?? [] }
  memo.set(manifest, edges)
  return edges
}

const memo = new WeakMap<Manifest, GraphEdges>()

/** dbt's `depends_on_nodes`: sources and seeds have none. */
export function dependsOn(member: GraphMember): readonly string[] {
  return member.resource_type === 'source' || member.resource_type === 'seed' ? [] : (member as ManifestNode | OtherResource).depends_on.nodes
}

/** Neighbours up to `depth` steps away; a start is in it only when another start reaches it (graph/graph.py select_children, select_parents). */
export function reach(starts: ReadonlySet<string>, next: (id: string) => readonly string[], depth: number | null): Set<string> {
  const found = new Set<string>()
  let layer: ReadonlySet<string> = starts
  for (let step = 0; layer.size > 0 && (depth === null || step < depth); step++) {
    const following = new Set<string>()
    for (const id of layer) for (const neighbour of next(id)) if (!found.has(neighbour)) following.add(neighbour)
    for (const id of following) found.add(id)
    layer = following
  }
  return found
}
