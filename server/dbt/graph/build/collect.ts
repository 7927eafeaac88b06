// All files read in dbt's order: nodes parsed, then YAML applied package by package. What is left is a manifest without edges.
// dbt 1.12: parser/manifest.py ManifestLoader.load, parse_project.

import type { FileKind, ResourceFile } from '../../nodes/resource-file.ts'
import { originalPath } from '../../nodes/resource-file.ts'
import { declarationsOf, hookDeclarations } from '../../nodes/file-declarations.ts'
import type { Declaration } from '../../nodes/declaration.ts'
import { propertyFile } from '../../nodes/property-file.ts'
import type { PropertyEntry, Section } from '../../nodes/property-file.ts'
import type { OtherResource } from '../../nodes/types.ts'
import { duplicateName } from '../messages.ts'
import { addTest, applySection, applyTests, readEntries } from './apply.ts'
import { Assembly } from './assembly.ts'
import { report } from './build.ts'
import type { Build } from './build.ts'
import { docBlocks } from './doc-blocks.ts'
import { FileDraft } from './entry-records.ts'
import { keyProblems } from './key-checks.ts'
import { otherResources, semanticsOfModel } from './others.ts'
import { declaresSemantics } from './model-semantics.ts'
import { parseNode } from './parse.ts'
import { renderEntry } from './render-entry.ts'
import type { RenderedEntry } from './render-entry.ts'
import { buildSource, readSources, SourceList } from './sources.ts'
import { rowFiles } from './unit-tests.ts'
import type { RowFiles } from './unit-tests.ts'
import { workOf } from './work.ts'
import { yamlSnapshot } from './yaml-snapshots.ts'
import type { MacroPatches } from './macros.ts'
import { readMacroPatches } from './macros.ts'
import type { SourceNode } from '../../nodes/types.ts'

export interface Collected {
  readonly assembly: Assembly
  readonly sources: ReadonlyMap<string, SourceNode>
  readonly disabledSources: readonly SourceNode[]
  /** Everything else, enabled or not, in order; docs included. */
  readonly others: readonly OtherResource[]
  readonly macroPatches: MacroPatches
  /** Of declarations that are the only one of their file, in one package and kind. */
  readonly origins: ReadonlyMap<Declaration, ResourceFile>
  readonly drafts: readonly FileDraft[]
}

const NODE_KINDS: readonly FileKind[] = ['model', 'snapshot', 'analysis', 'singular_test', 'seed', 'docs']

/** Yields between files and between entries of property files, for whoever wants to let others in. */
export function* collect(build: Build, resources: readonly ResourceFile[]): Generator<void, Collected> {
  const assembly = new Assembly()
  const others = new Map<string, OtherResource>()
  const byPackage = groupFiles(resources)
  const origins = new Map<Declaration, ResourceFile>()
  const times = new Map<string, number>()
  for (const { file } of resources) times.set(file.path, (times.get(file.path) ?? 0) + 1)
  const alone = (file: ResourceFile): readonly Declaration[] => {
    const declarations = declared(build, file)
    const only = declarations[0]
    if (only && declarations.length === 1 && times.get(file.file.path) === 1) origins.set(only, file)
    return declarations
  }
  for (const [name, files] of byPackage) {
    const add = (declaration: Declaration): void => {
      const parsed = parseNode(build, declaration)
      assembly.add(workOf(parsed), parsed.config.get('enabled') !== false)
    }
    for (const kind of NODE_KINDS) {
      for (const file of files.get(kind) ?? []) {
        yield
        if (kind === 'docs') for (const doc of docBlocks(build, file)) addOther(build, others, doc)
        else yield* addAll(alone(file), add)
      }
    }
    const of = build.project.packages.get(name)
    if (of) yield* addAll(hookDeclarations(of, build.project), add)
    if (build.project.rules.hasFunctions) for (const file of files.get('function') ?? []) yield* addAll(alone(file), add)
  }
  const sources = new SourceList()
  const macroPatches: MacroPatches = new Map()
  const rows = rowFiles(build, resources)
  const drafts: FileDraft[] = []
  for (const files of byPackage.values()) {
    for (const file of files.get('schema') ?? []) {
      const draft = yield* applyFile(build, assembly, sources, others, macroPatches, rows, file)
      // Of a file that stands in several places, no edit concerns one entry alone.
      if (times.get(file.file.path) === 1) drafts.push(draft)
      yield
    }
  }
  const built = yield* buildSources(build, assembly, sources)
  return { assembly, sources: built.enabled, disabledSources: built.disabled, others: [...others.values()], macroPatches, origins, drafts }
}

function* addAll(declarations: Iterable<Declaration>, add: (declaration: Declaration) => void): Generator<void> {
  for (const declaration of declarations) {
    yield
    add(declaration)
  }
}

function groupFiles(resources: readonly ResourceFile[]): Map<string, Map<FileKind, ResourceFile[]>> {
  const byPackage = new Map<string, Map<FileKind, ResourceFile[]>>()
  for (const resource of resources) {
    const kinds = byPackage.get(resource.packageName) ?? new Map<FileKind, ResourceFile[]>()
    byPackage.set(resource.packageName, kinds)
    const list = kinds.get(resource.kind)
    if (list) list.push(resource)
    else kinds.set(resource.kind, [resource])
  }
  return byPackage
}

function declared(build: Build, file: ResourceFile): readonly Declaration[] {
  const { nodes, problems } = declarationsOf(file, build.project)
  build.problems.push(...problems)
  return nodes
}

const OTHER_SECTIONS: readonly Section[] = ['exposures', 'metrics', 'groups', 'semantic_models', 'unit_tests', 'saved_queries']

function* applyFile(build: Build, assembly: Assembly, sources: SourceList, others: Map<string, OtherResource>, macroPatches: MacroPatches, rows: RowFiles, file: ResourceFile): Generator<void, FileDraft> {
  const { sections, problems } = propertyFile(file.file, originalPath(file))
  const keys = keyProblems(build.project, file)
  build.problems.push(...problems, ...keys)
  const render = (entry: PropertyEntry): RenderedEntry => {
    const rendered = renderEntry(build, file.packageName, entry)
    if (rendered.problem) build.problems.push(rendered.problem)
    return rendered
  }
  const draft = new FileDraft(build, file, problems.length === 0 && keys.length === 0)
  function* nodes(section: Section): Generator<void> {
    const entries = sections.get(section)
    if (!entries?.length) return
    const read = yield* readEntries(build, draft, entries, render)
    applySection(build, assembly, draft, section, read, ({ entry, rendered, patches }) => {
      if (section !== 'models' || !build.project.rules.hasSemanticsInModels || !declaresSemantics(rendered.value)) return
      draft.givesMore(entry)
      for (const other of semanticsOfModel(build, file, entry, rendered, patches)) addOther(build, others, other)
    })
    yield* applyTests(build, assembly, draft, section, read)
  }
  function* othersOf(section: Section): Generator<void> {
    for (const entry of sections.get(section) ?? []) {
      for (const other of otherResources(build, file, entry, render(entry), rows)) addOther(build, others, other)
      yield
    }
  }
  yield* nodes('models')
  yield* nodes('seeds')
  if (build.project.rules.hasYamlSnapshots) {
    for (const entry of sections.get('snapshots') ?? []) {
      const made = yamlSnapshot(build, file, entry)
      if (!made) continue
      if ('message' in made) report(build, made.code, made.message, made.place)
      else assembly.add(workOf(parseNode(build, made)), true)
    }
  }
  yield* nodes('snapshots')
  const sourceEntries = sections.get('sources')
  if (sourceEntries) readSources(build, sources, file, sourceEntries, render)
  readMacroPatches(build, macroPatches, file, sections.get('macros') ?? [], render)
  if (build.project.rules.singularTestYaml) yield* nodes('data_tests')
  yield* nodes('analyses')
  yield* othersOf('exposures')
  if (build.project.rules.hasFunctions) yield* nodes('functions')
  for (const section of OTHER_SECTIONS.slice(1)) if (section !== 'unit_tests' || build.project.rules.hasUnitTests) yield* othersOf(section)
  return draft
}

function addOther(build: Build, others: Map<string, OtherResource>, other: OtherResource): void {
  const known = others.get(other.unique_id)
  if (!known || !other.enabled) {
    others.set(known ? `${other.unique_id}\0${others.size}` : other.unique_id, other)
    return
  }
  const shown = other.resource_type === 'doc' ? `doc("${other.name}")` : other.name
  report(build, 'name-duplicate', duplicateName(other, known, other.name, shown), other.place)
}

function* buildSources(build: Build, assembly: Assembly, list: SourceList): Generator<void, { enabled: Map<string, SourceNode>; disabled: SourceNode[] }> {
  const enabled = new Map<string, SourceNode>()
  const disabled: SourceNode[] = []
  for (const raw of list.tables.values()) {
    const { node, tests, refusal } = buildSource(build, list, raw)
    if (refusal) report(build, 'config-invalid', refusal.message, refusal.place)
    for (const { code, message, place, severity } of tests.errors) report(build, code, message, place, severity)
    for (const declaration of tests.tests) addTest(assembly, workOf(parseNode(build, declaration)))
    if (node.enabled) enabled.set(node.unique_id, node)
    else disabled.push(node)
    yield
  }
  return { enabled, disabled }
}
