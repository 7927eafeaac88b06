// Which nodes count as selected, and dbt 2's frontier around them. Memoised by world: a world is one snapshot with one set of assumptions.

import { commandTypes } from '../graph/select-commands.ts'
import type { ManifestNode } from '../nodes/types.ts'
import type { DeferWorld } from './types.ts'

/** dbt's SELECTED_RESOURCES (graph/selector.py get_graph_queue): with nothing selected, everything of the command's types. */
export function isSelected(world: DeferWorld, id: string): boolean {
  if (world.selected !== null) return world.selected.has(id)
  if (world.alone === true) return false
  const node = world.manifest.nodes.get(id)
  return node !== undefined && node.enabled && commandTypes(world.command, [], []).has(node.resource_type)
}

/** dbt 2: the unselected parents of selected nodes and of hooks, going on through unselected ephemeral ones. */
export function frontierOf(world: DeferWorld): ReadonlySet<string> {
  const known = frontiers.get(world)
  if (known) return known
  const frontier = new Set<string>(world.alone === true && world.selected === null ? world.manifest.nodes.keys() : [])
  const visit = (node: ManifestNode): void => {
    for (const id of node.depends_on.nodes) {
      const parent = world.manifest.nodes.get(id)
      if (!parent || frontier.has(id) || isSelected(world, id)) continue
      frontier.add(id)
      if (isEphemeral(parent)) visit(parent)
    }
  }
  for (const node of world.manifest.nodes.values()) if (node.resource_type === 'operation' || isSelected(world, node.unique_id)) visit(node)
  frontiers.set(world, frontier)
  return frontier
}

const frontiers = new WeakMap<DeferWorld, ReadonlySet<string>>()

export function isEphemeral(node: ManifestNode): boolean {
  return node.config.get('materialized') === 'ephemeral'
}
