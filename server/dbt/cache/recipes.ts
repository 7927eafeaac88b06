// What graph/update.ts needs to make one node again after an edit of its file: what YAML says of it.

import type { Recipe } from '../graph/build/memory.ts'
import type { NodePatch } from '../graph/build/work.ts'
import type { Files, SourceFile } from '../files.ts'
import type { Manifest, ManifestNode } from '../nodes/types.ts'
import type { ResourceFile } from '../nodes/resource-file.ts'
import type { FoundFile } from '../project/resource-files.ts'
import { LazyMap } from './lazy-map.ts'
import type { Cursor, Reader } from './reader.ts'
import { readColumns, readPlace, writeColumns, writePlace } from './shared.ts'
import { readConfig, readMaybeConfig, readValues, readVersion, writeConfig, writeMaybeConfig, writeValue, writeValues } from './values.ts'
import type { Frame, Writer } from './writer.ts'

/** Path of the file, id of its node, where the rest lies. */
export type KeptRecipes = readonly (readonly [string, string, number])[]

/** Yields between recipes. Those that an edit cannot use (graph/update.ts remake) are left out. */
export function* keepRecipes(writer: Writer, recipes: ReadonlyMap<string, Recipe>): Generator<void, KeptRecipes> {
  const kept: [string, string, number][] = []
  for (const [path, recipe] of recipes) {
    if (recipe.work.problems.length === 0 && recipe.work.overloads.length === 0) kept.push([path, recipe.plain.unique_id, writer.record(frame => writeRecipe(frame, recipe))])
    yield
  }
  return kept
}

export function writeRecipes(frame: Frame, kept: KeptRecipes): void { frame.list(kept, ([path, id, offset]) => { frame.text(path); frame.text(id); frame.int(offset) }) }
export function readRecipes(cursor: Cursor): KeptRecipes { return cursor.list(() => [cursor.text(), cursor.text(), cursor.offset()] as const) }

/** `manifest`: the one that was kept with them. */
export function recipesOf(reader: Reader, kept: KeptRecipes, manifest: Manifest, files: Files, resources: ReadonlyMap<string, readonly FoundFile[]>): ReadonlyMap<string, Recipe> {
  const usable = kept.filter(([path, id]) => files.has(path) && resources.get(path)?.length === 1 && manifest.nodes.has(id))
  return new LazyMap(usable.map(([path]) => path), (index, path) => {
    const [, id = '', offset = 0] = usable[index] ?? []
    // Both are there: see above.
    const found = resources.get(path)?.[0] as FoundFile
    const resource: ResourceFile = { kind: found.kind, packageName: found.packageName, searchedPath: found.searchedPath, relativePath: found.relativePath, file: files.get(path) as SourceFile }
    return { ...readRecipe(reader.at(offset)), plain: manifest.nodes.get(id) as ManifestNode, resource }
  })
}

function writeRecipe(frame: Frame, { work, declared, enabled }: Recipe): void {
  frame.text(work.unique_id)
  frame.text(work.name)
  frame.texts(work.fqn)
  frame.maybe(work.patch, patch => writePatch(frame, patch))
  frame.maybeText(work.attached)
  frame.maybeText(work.attachedGroup)
  frame.text(declared)
  frame.flag(enabled)
}

function readRecipe(cursor: Cursor): Pick<Recipe, 'work' | 'declared' | 'enabled'> {
  return {
    work: {
      unique_id: cursor.text(), name: cursor.text(), fqn: cursor.texts(), patch: cursor.maybe(() => readPatch(cursor)), attached: cursor.maybeText(), attachedGroup: cursor.maybeText(),
      problems: [], overloads: [],
    },
    declared: cursor.text(), enabled: cursor.flag(),
  }
}

function writePatch(frame: Frame, patch: NodePatch): void {
  frame.maybeText(patch.section)
  frame.text(patch.name)
  frame.text(patch.packageName)
  frame.text(patch.original_file_path)
  writePlace(frame, patch.place)
  frame.text(patch.description)
  writeColumns(frame, patch.columns)
  writeConfig(frame, patch.config)
  writeMaybeConfig(frame, patch.unrendered)
  frame.list(patch.configPlaces, ({ key, place }) => { frame.text(key); writePlace(frame, place) })
  writeValues(frame, patch.constraints)
  frame.list(patch.constraintPlaces, place => writePlace(frame, place))
  writeValue(frame, patch.version)
  writeValue(frame, patch.latest_version)
  frame.maybeText(patch.deprecation_date)
  frame.flag(patch.whole)
  writeConfig(frame, patch.properties)
  frame.maybe(patch.unknown, unknown => { frame.text(unknown.code); frame.text(unknown.message) })
}

function readPatch(cursor: Cursor): NodePatch {
  return {
    section: cursor.maybeText(), name: cursor.text(), packageName: cursor.text(), original_file_path: cursor.text(), place: readPlace(cursor), description: cursor.text(), columns: readColumns(cursor),
    config: readConfig(cursor), unrendered: readMaybeConfig(cursor), configPlaces: cursor.list(() => ({ key: cursor.text(), place: readPlace(cursor) })), constraints: readValues(cursor), constraintPlaces: cursor.list(() => readPlace(cursor)), version: readVersion(cursor),
    latest_version: readVersion(cursor), deprecation_date: cursor.maybeText(), whole: cursor.flag(), properties: readConfig(cursor), unknown: cursor.maybe(() => ({ code: cursor.text(), message: cursor.text() })),
  }
}
