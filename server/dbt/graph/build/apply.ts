// Applying YAML to the nodes: patches find their node by name, versions rename models, tests become nodes.
// dbt 1.12: parser/schemas.py SchemaParser.parse_file, NodePatchParser.parse_patch, ModelPatchParser.parse_patch.

import { strOf } from '../../../jinja/repr.ts'
import { PyDict } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { Place } from '../../../text/span.ts'
import { ambiguousRef, duplicatePatch } from '../messages.ts'
import { originalPath } from '../../nodes/resource-file.ts'
import type { ResourceFile } from '../../nodes/resource-file.ts'
import type { Declaration } from '../../nodes/declaration.ts'
import type { PropertyEntry } from '../../nodes/property-file.ts'
import type { NodeType } from '../../nodes/types.ts'
import type { Assembly } from './assembly.ts'
import { report } from './build.ts'
import type { Build } from './build.ts'
import { listOf } from './columns.ts'
import type { FileDraft } from './entry-records.ts'
import { parseNode } from './parse.ts'
import { entryPatches } from './patches.ts'
import type { EntryPatches, VersionPatch } from './patches.ts'
import type { RenderedEntry } from './render-entry.ts'
import { testDeclarations } from './test-declarations.ts'
import type { TestTarget } from './test-declarations.ts'
import { workOf } from './work.ts'
import type { NodePatch, Work } from './work.ts'

const TYPE: { readonly [section: string]: NodeType } = { models: 'model', seeds: 'seed', snapshots: 'snapshot', analyses: 'analysis', functions: 'function', data_tests: 'test' }

export interface ReadEntry { readonly entry: PropertyEntry; readonly rendered: RenderedEntry; readonly patches: EntryPatches }

/** The patches of one section of a file, with what is wrong with them reported. Yields between entries. */
export function* readEntries(build: Build, draft: FileDraft, entries: readonly PropertyEntry[], render: (entry: PropertyEntry) => RenderedEntry): Generator<void, ReadEntry[]> {
  const read: ReadEntry[] = []
  for (const entry of entries) {
    read.push(draft.step(entry, () => readEntry(build, draft.resource, entry, render(entry))))
    yield
  }
  return read
}

export function readEntry(build: Build, resource: ResourceFile, entry: PropertyEntry, rendered: RenderedEntry): ReadEntry {
  const path = originalPath(resource)
  const patches = build.memory.fromEntry(rendered, `patches ${path}`, () => entryPatches(entry, rendered, resource.packageName, path, build.project.rules))
  for (const { message, place } of patches.errors) report(build, 'yaml-invalid', message, place)
  return { entry, rendered, patches }
}

/** The patches of one section, before the tests of any (`applyTests`), as dbt does. `taken`: a node took the patch of an entry without versions. */
export function applySection(build: Build, assembly: Assembly, draft: FileDraft, section: string, read: readonly ReadEntry[], taken: (read: ReadEntry) => void): void {
  const type = TYPE[section]
  if (!type) return
  for (const each of read) {
    const { entry, patches } = each
    draft.step(entry, into => {
      if (patches.patch) into.target = applyPatch(build, assembly, section, type, patches.patch, () => taken(each))
      else for (const version of patches.versions) applyVersion(build, assembly, { ...entry, name: patches.name }, version)
    })
  }
}

/** The tests that the entries of one section declare become nodes. Yields between entries. */
export function* applyTests(build: Build, assembly: Assembly, draft: FileDraft, section: string, read: readonly ReadEntry[]): Generator<void> {
  if (section !== 'models' && section !== 'seeds' && section !== 'snapshots') return
  for (const each of read) {
    draft.step(each.entry, into => {
      for (const declaration of entryTests(build, draft.resource, section, each)) {
        const work = workOf(parseNode(build, declaration))
        addTest(assembly, work)
        into.tests.push(work)
      }
    })
    yield
  }
}

/** The tests that an entry declares, with what is wrong with them reported. */
export function entryTests(build: Build, resource: ResourceFile, section: string, { entry, rendered, patches }: ReadEntry): Declaration[] {
  const declared = build.memory.fromEntry(rendered, `tests ${originalPath(resource)} ${build.world.project.adapter.type}`, reads => {
    const targets = patches.patch
      ? [{ target: targetOf(resource, section, entry, patches, null), columns: patches.columns, tests: patches.tests }]
      : patches.versions.map(version => ({ target: targetOf(resource, section, entry, patches, version), columns: version.columns, tests: version.tests ?? patches.tests }))
    const spoiled = new Set<Value>()
    return targets.map(({ target, columns, tests }) => testDeclarations(build, target, columns, tests, reads, spoiled))
  })
  return declared.flatMap(({ tests, errors }) => {
    for (const { code, message, place, severity } of errors) report(build, code, message, place, severity)
    return tests
  })
}

export function addTest(assembly: Assembly, work: Work): void {
  const target = work.parsed.declaration.test?.target
  if (target?.kind === 'node') {
    const name = target.version === null ? target.name : `${target.name}.v${strOf(target.version)}`
    const id = assembly.find('refable', name, target.packageName)[0]
    work.attached = id ?? (assembly.findDisabled(target.name, null, null)[0] ?? assembly.findDisabled(target.name.toUpperCase(), null, null)[0])?.unique_id ?? null
  }
  assembly.add(work, work.parsed.config.get('enabled') !== false)
}

function targetOf(resource: ResourceFile, section: string, entry: PropertyEntry, patches: EntryPatches, version: VersionPatch | null): TestTarget {
  const v = version?.patch.version ?? null
  const call = v !== null && v !== 0n && v !== 0 && v !== '' ? `ref('${patches.name}', version='${strOf(v)}')` : `ref('${patches.name}')`
  return {
    packageName: resource.packageName, original_file_path: originalPath(resource), file: entry.file.path, key: `${section}.${patches.name}`, name: patches.name, call, prefix: '',
    target: { kind: 'node', name: patches.name, version: v, packageName: resource.packageName }, version: v, quoteColumns: patches.quoteColumns, tags: [],
    place: { path: entry.file.path, ...entry.nameSpan },
  }
}

/** The node that took the patch; null: none, or it is not the only one. `taken` is called for every node that did. */
function applyPatch(build: Build, assembly: Assembly, section: string, type: NodeType, patch: NodePatch, taken: () => void): Work | null {
  const { name, packageName, place } = patch
  const kind = section === 'models' || section === 'seeds' || section === 'snapshots' ? 'refable' : type
  const own = kind === 'refable' || type === 'test' ? assembly.find(kind, name, packageName) : []
  const ids = own.length || type === 'test' ? own : assembly.find(kind, name, null)
  if (ids.length > 1 && type !== 'function') {
    report(build, 'ref-ambiguous', ambiguousRef(name, ids), place)
    return null
  }
  const id = ids[0]
  if (id === undefined) {
    if (type === 'test') missing(build, patch, section)
    else applyToDisabled(build, assembly, section, type, patch, taken)
    return null
  }
  const work = assembly.nodes.get(id)
  if (!work) return null
  const is = work.parsed.declaration.type
  if (kind === 'refable' && is !== type) {
    report(build, 'yaml-wrong-section', `'${name}' is a ${is} node, but it is specified in the ${section} section of ${patch.original_file_path}.\nTo fix this error, place the \`${name}\` specification under the ${is}s key instead.`, place, 'warning')
    return null
  }
  if (work.patch && type !== 'test') {
    report(build, 'name-duplicate', duplicatePatch(name, patch.original_file_path, work.patch.original_file_path), place)
    work.problems.push({ code: 'name-duplicate', severity: 'error', message: duplicatePatch(name, patch.original_file_path, work.patch.original_file_path), place: work.patch.place, unique_id: work.unique_id })
    return null
  }
  work.patch = patch
  taken()
  if (type === 'function') absorbOverloads(build, assembly, work, patch)
  return work
}

function applyToDisabled(build: Build, assembly: Assembly, section: string, type: NodeType, patch: NodePatch, taken: () => void): void {
  const found = assembly.findDisabled(patch.name, patch.packageName, new Set([type]))
  if (!found.length) {
    missing(build, patch, section)
    return
  }
  if (found.length > 1 && patch.config.get('enabled')) {
    manyDisabled(build, found, type, patch.name, patch.place)
    return
  }
  for (const work of found) {
    work.patch = patch
    taken()
  }
}

function manyDisabled(build: Build, found: readonly Work[], type: string, name: string, place: Place): void {
  report(build, 'name-duplicate', `Found ${found.length} matching disabled nodes for ${type} '${name}'. Multiple nodes for the same unique id cannot be enabled in the schema file. They must be enabled in \`dbt_project.yml\` or in the sql files.`, place)
}

/** NoNodeForYamlKey. */
function missing(build: Build, { name, original_file_path, place }: Pick<NodePatch, 'name' | 'original_file_path' | 'place'>, section: string): void {
  report(build, 'yaml-no-node', `Did not find matching node for patch with name '${name}' in the '${section}' section of file '${original_file_path}'`, place, 'warning')
}

function applyVersion(build: Build, assembly: Assembly, entry: PropertyEntry, version: VersionPatch): void {
  const { patch, fileName } = version
  const { packageName, latest_version: latest } = patch
  const isLatest = typeof patch.version === typeof latest ? patch.version === latest : typeof patch.version !== 'string' && typeof latest !== 'string' && patch.version == latest
  const id = assembly.find('refable', fileName, packageName)[0] ?? (isLatest ? assembly.find('refable', entry.name, packageName)[0] : undefined)
  let work = id === undefined ? undefined : assembly.nodes.get(id)
  if (!work) {
    const found = assembly.findDisabled(fileName, null, new Set(['model']))
    if (found.length > 1 && patch.config.get('enabled')) {
      manyDisabled(build, found, 'model', entry.name, version.place)
      return
    }
    work = found[0]
  }
  if (work && id !== undefined && work.parsed.declaration.type !== 'model' && !build.project.rules.strictYaml) {
    // ModelPatchParser.parse_patch asserts it, without a word: `assert isinstance(found_node, ModelNode)`.
    report(build, 'yaml-wrong-section', `'${fileName}' is a ${work.parsed.declaration.type}, and only models have versions: dbt stops with an AssertionError.`, version.place)
    return
  }
  if (!work || work.parsed.declaration.type !== 'model') {
    missing(build, { name: fileName, original_file_path: patch.original_file_path, place: version.place }, 'models')
    return
  }
  const model = work
  assembly.rename(model, () => {
    const formatted = `v${strOf(patch.version)}`
    model.unique_id = `model.${packageName}.${entry.name}.${formatted}`
    model.fqn = [...model.fqn.slice(0, -1), entry.name, formatted]
    model.name = entry.name
    model.patch = patch
  })
}

/** FunctionPatchParser._absorb_overloads: the files of overloads belong to the function that names them. */
function absorbOverloads(build: Build, assembly: Assembly, root: Work, patch: NodePatch): void {
  for (const overload of listOf(patch.properties.get('overloads'))) {
    const name = overload instanceof PyDict ? overload.get('defined_in') : undefined
    if (typeof name !== 'string') continue
    const work = assembly.nodes.get(`function.${root.parsed.declaration.package_name}.${name}`)
    if (name === root.name) report(build, 'yaml-invalid', `Function '${root.name}' cannot list itself in overloads (defined_in: '${name}').`, patch.place)
    else if (!work) report(build, 'yaml-invalid', `Function overload '${name}' (defined_in) not found. Expected a SQL file at functions/${name}.sql`, patch.place)
    else {
      assembly.remove(work)
      root.overloads.push(work)
    }
  }
}
