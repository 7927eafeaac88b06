// One entry of a property file made again: the node that it patches and the tests that it declares, at a cost that does not grow with the file.
// Its new facts get core places of their own (moves.ts). Everything that others could see of the change is left to a new build: the answer is then null.

import type { SourceFile } from '../files.ts'
import { declarationsOf } from '../nodes/file-declarations.ts'
import { changeBetween, propertyFile } from '../nodes/property-file.ts'
import type { PropertyEntry, PropertyFile, Section } from '../nodes/property-file.ts'
import { originalPath } from '../nodes/resource-file.ts'
import type { ManifestNode } from '../nodes/types.ts'
import { originOf, shifted } from '../../yaml/shift.ts'
import { entryTests, readEntry } from './build/apply.ts'
import type { Build } from './build/build.ts'
import { describeNode } from './build/describe.ts'
import { recordKey } from './build/entry-records.ts'
import type { FileRecord } from './build/entry-records.ts'
import { finishNode } from './build/finish.ts'
import { quietEntry } from './build/key-checks.ts'
import { recipeOf } from './build/memory.ts'
import { declaresSemantics } from './build/model-semantics.ts'
import type { BuildMemory, Recipe } from './build/memory.ts'
import { parseNode } from './build/parse.ts'
import { renderEntry } from './build/render-entry.ts'
import { workOf } from './build/work.ts'
import type { Work } from './build/work.ts'
import { movesAfter } from './moves.ts'
import type { FileMoves } from './moves.ts'

export interface UpdatedEntry {
  /** Described, without edges: the patched node first. */
  readonly nodes: readonly ManifestNode[]
  readonly recipe: Recipe
  readonly record: FileRecord
  readonly moves: FileMoves
}

const PATCHED: ReadonlySet<Section> = new Set(['models', 'seeds'])

/** `nodes`: those of the core; `moved`: the moves of the file so far. */
export function updateEntry(build: Build, before: BuildMemory, nodes: ReadonlyMap<string, ManifestNode>, file: SourceFile, moved: FileMoves | undefined): UpdatedEntry | null {
  const record = before.records.get(file.path)
  if (!record?.quiet || file.lastGood || record.resource.file.lastGood) return null
  const resource = { ...record.resource, file }
  const change = changeBetween(record.resource.file, file)
  const now = propertyFile(file, originalPath(resource))
  const entry = change && !now.problems.length ? onlyDifference(propertyFile(record.resource.file, originalPath(resource)), now) : null
  if (!change || !entry || entry === 'several') return null
  const { moves, by } = movesAfter(moved, change, Math.min(change.end + change.delta, file.text.length) - change.start)
  const known = record.entries.get(recordKey(entry.section, entry.index))
  const target = known && nodes.get(known.target)
  if (!known || !target || !PATCHED.has(entry.section) || !quietEntry(build.project, resource, entry.section, entry.node)) return null
  const core = { ...entry, node: shifted(entry.node, by) as PropertyEntry['node'], nameSpan: { start: entry.nameSpan.start + by, end: entry.nameSpan.end + by } }
  const rendered = renderEntry(build, resource.packageName, core)
  if (rendered.problem || rendered.unknown || declaresSemantics(rendered.value)) return null
  const read = readEntry(build, resource, core, rendered)
  const { patch } = read.patches
  const recipe = before.recipes.get(target.place.path)
  if (!patch || patch.name !== target.name || recipe?.plain.unique_id !== known.target) return null
  const work = patchedWork(build, recipe, patch)
  if (!work) return null
  const node = describeNode(build, before.docs, finishNode(build, work))
  const tests = entryTests(build, resource, entry.section, read).map((declaration): ManifestNode | null => {
    const parsed = parseNode(build, declaration)
    if (parsed.config.get('enabled') === false) return null
    return describeNode(build, before.docs, finishNode(build, { ...workOf(parsed), attached: known.target, attachedGroup: node.group }))
  })
  if (tests.length !== known.tests.length || !tests.every((test, index): test is ManifestNode => test?.unique_id === known.tests[index])) return null
  return { nodes: [node, ...tests], recipe: recipeOf(work, node, recipe.resource), record: { ...record, resource }, moves }
}

function patchedWork(build: Build, recipe: Recipe, patch: Work['patch']): Work | null {
  const { nodes: [declaration, ...more] } = declarationsOf(recipe.resource, build.project)
  if (!declaration || more.length || declaration.unique_id !== recipe.declared || recipe.work.problems.length || recipe.work.overloads.length) return null
  return { parsed: parseNode(build, declaration), node: null, ...recipe.work, patch }
}

/** The one entry that is not what it was, wherever it stands; null: none. */
function onlyDifference(before: PropertyFile, now: PropertyFile): PropertyEntry | 'several' | null {
  if (before.problems.length || before.sections.size !== now.sections.size) return 'several'
  let found: PropertyEntry | null = null
  for (const [section, entries] of now.sections) {
    const old = before.sections.get(section)
    if (old?.length !== entries.length) return 'several'
    for (const [index, entry] of entries.entries()) {
      const other = old[index]
      if (other && originOf(other.node) === originOf(entry.node) && other.index === entry.index) continue
      if (found || other?.name !== entry.name) return 'several'
      found = entry
    }
  }
  return found
}
