// The facts of a project as one value to keep between starts, and what of it still holds at the next one. The door of this folder.
// It decides by hashes of what facts rest on (ground.ts), never by age; what does not hold is as if it were not there.

import type { World } from '../context/types.ts'
import { macrosOfFile, rememberMacros, spansOf } from '../context/macro-files.ts'
import type { MacroSpan } from '../context/macro-files.ts'
import type { SourceFile } from '../files.ts'
import { docsOf } from '../graph/build/describe.ts'
import { memoryOfKept } from '../graph/build/memory.ts'
import type { BuiltManifest } from '../graph/manifest.ts'
import { macroFilesOf } from '../inputs.ts'
import type { Inputs } from '../inputs.ts'
import type { FoundFile } from '../project/resource-files.ts'
import { groundOf, hashOfEnv, hashOfFile, type Ground } from './ground.ts'
import { declaredIn, keepManifest, manifestOf, readManifest, writeManifest } from './manifests.ts'
import { Reader, type Cursor, type Pages } from './reader.ts'
import { keepRecipes, readRecipes, recipesOf, writeRecipes } from './recipes.ts'
import { Unstorable, Writer, type Frame, type Written } from './writer.ts'

/** What an earlier start left, still to be held against the present. */
export interface KeptFacts {
  readonly reader: Reader
  readonly ground: Ground
  readonly salt: string
  /** Variables of the environment that were read, with the hashes of their values. */
  readonly env: readonly (readonly [string, string])[]
  readonly files: ReadonlyMap<string, string>
  readonly macros: readonly (readonly [string, readonly MacroSpan[]])[]
  /** The rest of the record: the manifest, then the recipes. */
  readonly rest: () => Cursor
}

export type Keeping = { readonly kind: 'written'; readonly written: Written } | { readonly kind: 'refused'; readonly why: string }

/** Everything worth keeping of a finished build. Yields between resources. `salt`: random, for the hashes of the environment. */
export function* keepFacts(inputs: Inputs, { manifest, memory }: BuiltManifest, salt: string): Generator<void, Keeping> {
  const writer = new Writer(secretsOf(inputs))
  try {
    const kept = yield* keepManifest(writer, manifest, inputs.files)
    const recipes = yield* keepRecipes(writer, memory.recipes)
    const macros: (readonly [string, readonly MacroSpan[]])[] = []
    for (const of of macroFilesOf(inputs)) {
      const spans = spansOf(macrosOfFile(of))
      if (spans !== null) macros.push([of.file.path, spans])
      yield
    }
    for (const file of inputs.files.values()) { hashOfFile(file); yield }
    const ground = groundOf(inputs)
    const root = writer.record(frame => {
      writeGround(frame, ground)
      frame.text(salt)
      frame.list([...memory.env].toSorted(), name => { frame.text(name); frame.text(hashOfEnv(inputs.project, name, salt)) })
      frame.list([...inputs.files.values()], file => { frame.text(file.path); frame.text(hashOfFile(file)) })
      frame.list(macros, ([path, spans]) => { frame.text(path); frame.list(spans, span => { frame.text(span.name); frame.int(span.start); frame.int(span.end) }) })
    })
    const rest = writer.record(frame => { writeManifest(frame, kept); writeRecipes(frame, recipes) })
    writer.record(frame => { frame.int(root); frame.int(rest) })
    return { kind: 'written', written: writer.finish() }
  } catch (error) {
    if (error instanceof Unstorable) return { kind: 'refused', why: error.message }
    throw error
  }
}

export function openFacts(pages: Pages): KeptFacts {
  const reader = new Reader(pages)
  const ends = reader.at(pages.words.length - 2)
  const root = reader.at(ends.offset())
  const rest = ends.offset()
  return {
    reader, ground: readGround(root), salt: root.text(), env: root.list(() => [root.text(), root.text()] as const), files: new Map(root.list(() => [root.text(), root.text()] as const)),
    macros: root.list(() => [root.text(), root.list(() => ({ name: root.text(), start: root.int(), end: root.int() }))] as const), rest: () => reader.at(rest),
  }
}

/** Macro files whose text is the kept one need not be read again. */
export function useKeptMacros(kept: KeptFacts, inputs: Inputs): void {
  const spans = new Map(kept.macros)
  for (const of of macroFilesOf(inputs)) {
    const known = spans.get(of.file.path)
    if (known && kept.files.get(of.file.path) === hashOfFile(of.file)) rememberMacros(of, known)
  }
}

/** Why kept facts do not hold as a whole, in words; null: they do, but for the files that `changedFiles` names. */
export function whyNot(kept: KeptFacts, inputs: Inputs): string | null {
  const { ground } = kept
  const now = groundOf(inputs)
  if (ground.frame !== now.frame) return 'rules, adapter, flags or packages are others'
  if (ground.internal !== now.internal) return "dbt's own macros are others"
  if (ground.vars !== now.vars) return 'variables are others'
  if (ground.target !== now.target) return 'the target is another one'
  if (ground.project !== now.project) return 'dbt_project.yml or the list of files is another one'
  const moved = kept.env.find(([name, hash]) => hash === '' || hashOfEnv(inputs.project, name, kept.salt) !== hash)
  return moved ? `the environment variable ${moved[0]} has another value` : null
}

/** Files whose text is not the kept one. Yields between files. */
export function* changedFiles(kept: KeptFacts, inputs: Inputs): Generator<void, readonly SourceFile[]> {
  const changed: SourceFile[] = []
  let count = 0
  for (const file of inputs.files.values()) {
    if (kept.files.get(file.path) !== hashOfFile(file)) changed.push(file)
    if (++count % FILES_A_STEP === 0) yield
  }
  return changed
}

/** Hashed between two steps. */
const FILES_A_STEP = 50

export interface KeptBuild extends BuiltManifest { readonly declared: ReturnType<typeof declaredIn> }

/** The build as it was kept, in steps. Holds for `inputs` when nothing changed; `resources`: of the inputs, by path. */
export function* keptBuild(kept: KeptFacts, inputs: Inputs, world: World, resources: ReadonlyMap<string, readonly FoundFile[]>): Generator<void, KeptBuild> {
  const cursor = kept.rest()
  const parts = readManifest(cursor)
  yield
  const manifest = manifestOf(kept.reader, parts, inputs.files, world)
  yield
  const recipes = recipesOf(kept.reader, readRecipes(cursor), manifest, inputs.files, resources)
  let docs: ReturnType<typeof docsOf> | null = null
  const made = () => docs ??= docsOf(manifest.others.values())
  return {
    manifest, declared: declaredIn(parts, manifest),
    memory: memoryOfKept(world, { resources: inputs.resources, recipes, docs: { get table() { return made().table }, get texts() { return made().texts } }, env: new Set(kept.env.map(([name]) => name)) }),
  }
}

/** Values that must never reach the disk: of variables whose name says so. Short ones are words that stand everywhere. */
function secretsOf({ project }: Inputs): readonly string[] {
  return [...project.env].flatMap(([name, value]) => name.startsWith('DBT_ENV_SECRET') && value.length >= SHORTEST_SECRET ? [value] : [])
}

const SHORTEST_SECRET = 6

function writeGround(frame: Frame, ground: Ground): void {
  for (const each of [ground.frame, ground.project, ground.vars, ground.target, ground.internal]) frame.text(each)
}

function readGround(cursor: Cursor): Ground {
  return { frame: cursor.text(), project: cursor.text(), vars: cursor.text(), target: cursor.text(), internal: cursor.text() }
}
