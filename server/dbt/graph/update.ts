// The next manifest after an edit. An edit of one node's SQL that changes nothing others can see replaces that node and its edges alone,
// at a cost that does not grow with the project. Everything else builds anew, with the last build's memory.

import type { SourceFile } from '../files.ts'
import { declarationsOf } from '../nodes/file-declarations.ts'
import { withChanges } from '../nodes/overlay-map.ts'
import type { ManifestNode } from '../nodes/types.ts'
import type { Build } from './build/build.ts'
import { describeNode } from './build/describe.ts'
import { finishNode } from './build/finish.ts'
import { Memory, recipeOf } from './build/memory.ts'
import type { BuildMemory, Recipe } from './build/memory.ts'
import { parseNode } from './build/parse.ts'
import type { Work } from './build/work.ts'
import { shareEdges } from './edges.ts'
import { shareLookup } from './lookup.ts'
import { buildManifest } from './manifest.ts'
import type { BuiltManifest, ManifestInput } from './manifest.ts'
import { resolveEdges } from './resolve-edges.ts'
import { withEdges } from './build/complete.ts'

/** `changed`: the files of `input.files` whose text is another one than at the last build; null when that is not known. Equals building from scratch. */
export function updateManifest(previous: BuiltManifest, input: ManifestInput, changed: readonly SourceFile[] | null): BuiltManifest {
  return (changed && updateNodes(previous, input, changed)) ?? buildManifest(input, previous.memory)
}

/** Null when an edit may be seen from elsewhere. */
export function updateNodes({ manifest, memory: before }: BuiltManifest, input: ManifestInput, changed: readonly SourceFile[]): BuiltManifest | null {
  if (!changed.length || before.world !== input.world || before.resources !== input.resources) return null
  const memory = Memory.continuing(before)
  const build: Build = { world: input.world, project: input.world.project, memory, problems: [] }
  const replaced = new Map<string, ManifestNode>()
  const recipes = new Map<string, Recipe>()
  for (const file of changed) {
    const recipe = before.recipes.get(file.path)
    const made = recipe && remake(build, before, recipe, file)
    if (!made) return null
    const node = manifest.nodes.get(made.plain.unique_id)
    if (!node || build.problems.length) return null
    const edges = resolveEdges(build.project, manifest, made.plain)
    if (edges.switchedOff && !build.project.rules.keepsTestsOnMissing) return null
    replaced.set(made.plain.unique_id, memory.withEdges(made.plain, edges, () => withEdges(made.plain, edges)))
    recipes.set(file.path, made)
  }
  const next = { ...manifest, nodes: withChanges(manifest.nodes, replaced) }
  shareLookup(manifest, next)
  shareEdges(manifest, next, [...replaced.keys()])
  return { manifest: next, memory: { ...before, recipes: withChanges(before.recipes, recipes) } satisfies BuildMemory }
}

/** The node of a file made again, when all that others see of it stayed. */
function remake(build: Build, before: BuildMemory, recipe: Recipe, file: SourceFile): Recipe | null {
  const { work, plain, resource, declared } = recipe
  const { nodes: [declaration, ...more], problems } = declarationsOf({ ...resource, file }, build.project)
  if (!declaration || more.length || problems.length || declaration.unique_id !== declared || declaration.type === 'snapshot' || declaration.type === 'seed') return null
  if (work.problems.length || work.overloads.length) return null
  const parsed = parseNode(build, declaration)
  if ((parsed.config.get('enabled') !== false) !== recipe.enabled) return null
  const next: Work = { ...work, parsed, node: null }
  const made = describeNode(build, before.docs, finishNode(build, next))
  return sameFace(plain, made) ? recipeOf(next, made, { ...resource, file }) : null
}

/** What lookups, checks and other nodes ask of a node. */
function sameFace(one: ManifestNode, two: ManifestNode): boolean {
  return one.enabled && two.enabled && one.unique_id === two.unique_id && one.name === two.name && one.group === two.group && one.access === two.access
    && one.relation_name === two.relation_name && one.database === two.database && one.schema === two.schema && one.alias === two.alias
    && one.config.get('materialized') === two.config.get('materialized')
    && one.depends_on.macros.includes('macro.dbt.is_incremental') === two.depends_on.macros.includes('macro.dbt.is_incremental')
}
