// The next manifest after an edit. An edit of one node's SQL, or of one entry of a property file, that changes nothing others can see
// replaces what it says and its edges alone, at a cost that does not grow with the project. Everything else builds anew, with the last build's memory.

import type { SourceFile } from '../files.ts'
import { declarationsOf } from '../nodes/file-declarations.ts'
import { withChanges } from '../nodes/overlay-map.ts'
import type { ManifestNode } from '../nodes/types.ts'
import type { Build } from './build/build.ts'
import { describeNode } from './build/describe.ts'
import { finishNode } from './build/finish.ts'
import { Memory, recipeOf } from './build/memory.ts'
import type { FileRecord } from './build/entry-records.ts'
import type { BuildMemory, Recipe } from './build/memory.ts'
import { parseNode } from './build/parse.ts'
import type { Work } from './build/work.ts'
import { shareEdges } from './edges.ts'
import { shareLookup } from './lookup.ts'
import { buildManifest } from './manifest.ts'
import type { BuiltManifest, ManifestInput } from './manifest.ts'
import { resolveEdges } from './resolve-edges.ts'
import { withEdges } from './build/complete.ts'
import { nodeProblems } from './checks.ts'
import { movedManifest, movedOf } from './moves.ts'
import { updateEntry } from './update-entry.ts'
import type { Project } from '../project/types.ts'

/** `changed`: the files of `input.files` whose text is another one than at the last build; null when that is not known. Equals building from scratch. */
export function updateManifest(previous: BuiltManifest, input: ManifestInput, changed: readonly SourceFile[] | null): BuiltManifest {
  return (changed && updateNodes(previous, input, changed)) ?? buildManifest(input, previous.memory)
}

/** Null when an edit may be seen from elsewhere. */
export function updateNodes({ manifest, memory: before }: BuiltManifest, input: ManifestInput, changed: readonly SourceFile[]): BuiltManifest | null {
  if (!changed.length || before.world !== input.world || before.resources !== input.resources) return null
  const memory = Memory.continuing(before)
  const build: Build = { world: input.world, project: input.world.project, memory, problems: [] }
  const moved = movedOf(manifest)
  const core = moved?.core ?? manifest
  const moves = new Map(moved?.moves)
  const replaced = new Map<string, ManifestNode>()
  const recipes = new Map<string, Recipe>()
  const records = new Map<string, FileRecord>()
  for (const file of changed) {
    const again = { ...before, recipes: withChanges(before.recipes, recipes) }
    const recipe = again.recipes.get(file.path)
    const made = recipe ? remake(build, again, recipe, file) : updateEntry(build, again, core.nodes, file, moves.get(file.path))
    if (!made || build.problems.length) return null
    for (const plain of 'nodes' in made ? made.nodes : [made.plain]) {
      const node = replaced.get(plain.unique_id) ?? core.nodes.get(plain.unique_id)
      const edges = resolveEdges(build.project, core, plain)
      if (!node || !plain.enabled || (edges.switchedOff && !build.project.rules.keepsTestsOnMissing)) return null
      const linked = memory.withEdges(plain, edges, () => withEdges(plain, edges))
      if (!sameFace(build.project, node, linked)) return null
      replaced.set(plain.unique_id, linked)
    }
    if ('nodes' in made) {
      recipes.set(made.recipe.resource.file.path, made.recipe)
      records.set(file.path, made.record)
      moves.set(file.path, made.moves)
    } else recipes.set(file.path, made)
  }
  const next = { ...core, nodes: withChanges(core.nodes, replaced) }
  const ids = [...replaced.keys()]
  shareLookup(core, next)
  shareEdges(core, next, ids)
  const shown = movedManifest(next, moves)
  if (shown !== next) {
    shareLookup(next, shown)
    shareEdges(next, shown, [])
  }
  return { manifest: shown, memory: { ...before, recipes: withChanges(before.recipes, recipes), records: withChanges(before.records, records) } satisfies BuildMemory, replaced: ids }
}

/** The node of a file made again, when all that others see of it stayed. */
function remake(build: Build, before: BuildMemory, recipe: Recipe, file: SourceFile): Recipe | null {
  const { work, resource, declared } = recipe
  const { nodes: [declaration, ...more], problems } = declarationsOf({ ...resource, file }, build.project)
  if (!declaration || more.length || problems.length || declaration.unique_id !== declared || declaration.type === 'snapshot' || declaration.type === 'seed') return null
  if (work.problems.length || work.overloads.length) return null
  const parsed = parseNode(build, declaration)
  if ((parsed.config.get('enabled') !== false) !== recipe.enabled) return null
  const next: Work = { parsed, node: null, ...work }
  const made = describeNode(build, before.docs, finishNode(build, next))
  return recipeOf(next, made, { ...resource, file })
}

/** What lookups, checks and other nodes ask of a node. */
function sameFace(project: Project, one: ManifestNode, two: ManifestNode): boolean {
  return one.enabled === two.enabled && one.unique_id === two.unique_id && one.name === two.name && one.group === two.group && one.access === two.access
    && one.relation_name === two.relation_name && one.database === two.database && one.schema === two.schema && one.alias === two.alias
    && one.config.get('materialized') === two.config.get('materialized')
    && one.depends_on.macros.includes('macro.dbt.is_incremental') === two.depends_on.macros.includes('macro.dbt.is_incremental')
    && nodeProblems(project, one).length === 0 && nodeProblems(project, two).length === 0
}
