// A whole manifest as records, and back: resources are read one by one when they are asked for.

import { macroDependsOn } from '../context/macro-depends.ts'
import type { MacroDefinition, World } from '../context/types.ts'
import type { Files } from '../files.ts'
import { markAcyclic, reachesCycle } from '../graph/edges.ts'
import { lookupOf, useLookup } from '../graph/lookup.ts'
import type { Lookup, NameTable } from '../graph/lookup.ts'
import { strangerIds, useStrangers } from '../graph/strangers.ts'
import type { StrangerIds } from '../graph/strangers.ts'
import type { MacroNode, Manifest, ManifestNode, OtherResource, SourceNode } from '../nodes/types.ts'
import { DeferredMap, LazyMap } from './lazy-map.ts'
import type { Cursor, Reader } from './reader.ts'
import { readNode, readOther, readSource, writeNode, writeOther, writeSource } from './resources.ts'
import { readMaybePlace, readPairs, readProblems, writeMaybePlace, writePairs, writeProblems } from './shared.ts'
import type { Frame, Writer } from './writer.ts'

type Any = ManifestNode | SourceNode | OtherResource
/** Id, path of the file that declares it, where the record lies. */
type Located = readonly (readonly [string, string, number])[]

const NODE = 0, SOURCE = 1, OTHER = 2

/** Where the parts of a manifest lie. */
export interface KeptManifest {
  readonly nodes: Located
  readonly sources: Located
  readonly others: Located
  readonly macros: Located
  /** For each id: the kinds, files and records. */
  readonly disabled: readonly (readonly [string, readonly (readonly [number, string, number])[]])[]
  readonly lookup: Lookup
  /** Whether no chain of edges comes back to where it began. */
  readonly acyclic: boolean
  readonly problems: Manifest['problems']
  readonly strangers: StrangerIds
}

/** Yields between resources. */
export function* keepManifest(writer: Writer, manifest: Manifest, files: Files): Generator<void, KeptManifest> {
  const nodes: [string, string, number][] = []
  for (const [id, node] of manifest.nodes) { nodes.push([id, node.place.path, writer.record(frame => writeNode(frame, node, files))]); yield }
  const sources: [string, string, number][] = []
  for (const [id, source] of manifest.sources) { sources.push([id, source.place.path, writer.record(frame => writeSource(frame, source))]); yield }
  const others: [string, string, number][] = []
  for (const [id, other] of manifest.others) { others.push([id, other.place.path, writer.record(frame => writeOther(frame, other))]); yield }
  const macros: [string, string, number][] = []
  // What stands in a macro's own text is read from there.
  for (const [id, macro] of manifest.macros) { if (macro.patch !== null) macros.push([id, macro.place.path, writer.record(frame => writeMacro(frame, macro))]); yield }
  const disabled: [string, [number, string, number][]][] = []
  for (const [id, list] of manifest.disabled) { disabled.push([id, list.map(each => keepAny(writer, each, files))]); yield }
  let acyclic = true
  for (const id of [...manifest.nodes.keys(), ...manifest.others.keys()]) { acyclic &&= !reachesCycle(manifest, id); yield }
  return { nodes, sources, others, macros, disabled, problems: manifest.problems, lookup: lookupOf(manifest), acyclic, strangers: strangerIds(manifest) }
}

function keepAny(writer: Writer, resource: Any, files: Files): [number, string, number] {
  const { path } = resource.place
  if (resource.resource_type === 'source') return [SOURCE, path, writer.record(frame => writeSource(frame, resource))]
  return isNode(resource) ? [NODE, path, writer.record(frame => writeNode(frame, resource, files))] : [OTHER, path, writer.record(frame => writeOther(frame, resource))]
}

function isNode(resource: ManifestNode | OtherResource): resource is ManifestNode { return 'raw_code' in resource }

export function writeManifest(frame: Frame, kept: KeptManifest): void {
  const located = (list: Located): void => frame.list(list, ([id, path, offset]) => { frame.text(id); frame.text(path); frame.int(offset) })
  located(kept.nodes)
  located(kept.sources)
  located(kept.others)
  located(kept.macros)
  frame.list(kept.disabled, ([id, list]) => { frame.text(id); frame.list(list, ([kind, path, offset]) => { frame.int(kind); frame.text(path); frame.int(offset) }) })
  frame.flag(kept.acyclic)
  writeLookup(frame, kept.lookup)
  writeProblems(frame, kept.problems)
  for (const ids of [kept.strangers.enabled, kept.strangers.switchedOff]) frame.list(ids, id => frame.text(id))
}

export function readManifest(cursor: Cursor): KeptManifest {
  const located = (): Located => cursor.list(() => [cursor.text(), cursor.text(), cursor.offset()] as const)
  return {
    nodes: located(), sources: located(), others: located(), macros: located(),
    disabled: cursor.list(() => [cursor.text(), cursor.list(() => [cursor.int(), cursor.text(), cursor.offset()] as const)] as const),
    acyclic: cursor.flag(), lookup: readLookup(cursor), problems: readProblems(cursor),
    strangers: { enabled: cursor.list(() => cursor.text()), switchedOff: cursor.list(() => cursor.text()) },
  }
}

/** The manifest again. `files`: as they were when it was kept; `world`: with the same macros. */
export function manifestOf(reader: Reader, kept: KeptManifest, files: Files, world: World): Manifest {
  const lazy = <T>(list: Located, read: (cursor: Cursor) => T): ReadonlyMap<string, T> => new LazyMap(list.map(([id]) => id), index => read(reader.at(list[index]?.[2] ?? 0)))
  const any = (kind: number, offset: number): Any => {
    const cursor = reader.at(offset)
    return kind === SOURCE ? readSource(cursor) : kind === OTHER ? readOther(cursor) : readNode(cursor, files)
  }
  const patches = new Map(kept.macros.map(([id, , offset]) => [id, offset]))
  const manifest: Manifest = {
    nodes: lazy(kept.nodes, cursor => readNode(cursor, files)), sources: lazy(kept.sources, readSource), others: lazy(kept.others, readOther),
    macros: new LazyMap([...world.macros.byId.keys()], (_, id) => macroOf(world, id, patches.get(id), offset => reader.at(offset))),
    disabled: new LazyMap(kept.disabled.map(([id]) => id), index => (kept.disabled[index]?.[1] ?? []).map(([kind, , offset]) => any(kind, offset))),
    problems: kept.problems, final: true,
  }
  useLookup(manifest, kept.lookup)
  if (kept.acyclic) markAcyclic(manifest)
  useStrangers(manifest, kept.strangers)
  return manifest
}

/** What each file declares, without reading it: for each path the ids among nodes, sources, others and disabled resources, in this order. */
export function declaredIn(kept: KeptManifest, manifest: Manifest): ReadonlyMap<string, readonly Any[]> {
  return new DeferredMap(() => byPath(kept, manifest))
}

function byPath(kept: KeptManifest, manifest: Manifest): ReadonlyMap<string, readonly Any[]> {
  const made = new Map<string, (() => Any | undefined)[]>()
  const add = (path: string, get: () => Any | undefined): void => {
    const list = made.get(path)
    if (list) list.push(get)
    else made.set(path, [get])
  }
  for (const [id, path] of kept.nodes) add(path, () => manifest.nodes.get(id))
  for (const [id, path] of kept.sources) add(path, () => manifest.sources.get(id))
  for (const [id, path] of kept.others) add(path, () => manifest.others.get(id))
  for (const [id, list] of kept.disabled) list.forEach(([, path], index) => add(path, () => manifest.disabled.get(id)?.[index]))
  return new LazyMap([...made.keys()], (_, path) => (made.get(path) ?? []).flatMap(get => get() ?? []))
}

type Patched = Pick<MacroNode, 'description' | 'arguments' | 'patch'>

function writeMacro(frame: Frame, macro: MacroNode): void {
  frame.text(macro.description)
  frame.list(macro.arguments, argument => { frame.text(argument.name); frame.maybeText(argument.type); frame.maybeText(argument.default); frame.text(argument.description) })
  writeMaybePlace(frame, macro.patch)
}

function readMacro(cursor: Cursor): Patched {
  return {
    description: cursor.text(), arguments: cursor.list(() => ({ name: cursor.text(), type: cursor.maybeText(), default: cursor.maybeText(), description: cursor.text() })), patch: readMaybePlace(cursor),
  }
}

function macroOf(world: World, id: string, offset: number | undefined, at: (offset: number) => Cursor): MacroNode {
  // Asked only for ids of the index.
  const definition = world.macros.byId.get(id) as MacroDefinition
  const patch = offset === undefined ? {} : readMacro(at(offset))
  let macros: readonly string[] | null = null
  return { ...definition.node, ...patch, depends_on: { get macros() { return macros ??= macroDependsOn(world.macros, world.project, definition) } } }
}

/** One word; read when something is asked of it. */
function writeTable(frame: Frame, table: NameTable): void {
  frame.int(frame.writer.record(inner => inner.list([...table], ([name, packages]) => { inner.text(name); writePairs(inner, [...packages]) })))
}

function readTable(cursor: Cursor): NameTable {
  const { reader } = cursor
  const offset = cursor.offset()
  return new DeferredMap(() => {
    const inner = reader.at(offset)
    return new Map(inner.list(() => [inner.text(), new Map(readPairs(inner))] as const))
  })
}

function writeLookup(frame: Frame, lookup: Lookup): void {
  for (const table of [lookup.refs, lookup.sources, lookup.functions, lookup.metrics, lookup.docs]) writeTable(frame, table)
  frame.list([...lookup.disabled], ([name, packages]) => { frame.text(name); frame.list([...packages], ([of, ids]) => { frame.text(of); frame.texts(ids) }) })
}

function readLookup(cursor: Cursor): Lookup {
  return {
    refs: readTable(cursor), sources: readTable(cursor), functions: readTable(cursor), metrics: readTable(cursor), docs: readTable(cursor),
    disabled: new Map(cursor.list(() => [cursor.text(), new Map(cursor.list(() => [cursor.text(), cursor.texts()] as const))] as const)),
  }
}
