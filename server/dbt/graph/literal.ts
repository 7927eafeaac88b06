// The first pass: names and places that stand literally in the files, in milliseconds. Enough for a first definition, hover and completion.
// No template runs; no name of a relation is right before the second pass, so `final` is false and nobody may call anything missing.

import { stringValue, mapGet, seqItems } from '../../yaml/find.ts'
import { behaves } from '../nodes/behaviour.ts'
import type { Declaration } from '../nodes/declaration.ts'
import { declarationsOf } from '../nodes/file-declarations.ts'
import { MappedMap } from '../nodes/mapped-map.ts'
import { propertyFile, textSpan, yamlSteps } from '../nodes/property-file.ts'
import { originalPath, stemOf, type FileKind, type ResourceFile } from '../nodes/resource-file.ts'
import type { Manifest, ManifestNode, MacroNode, NodeType, SourceNode } from '../nodes/types.ts'
import type { FoundFile } from '../project/resource-files.ts'
import type { Project } from '../project/types.ts'
import { drained } from '../steps.ts'
import { upstreamNodes } from './build/upstream-nodes.ts'
import { lookupOfNames, useLookup, type ListedName } from './lookup.ts'
import type { ManifestInput } from './manifest.ts'

const NOTHING: ReadonlyMap<string, never> = new Map<string, never>()

/** In steps of one file. */
export function* literalSteps({ world, files, resources }: ManifestInput): Generator<void, Manifest> {
  const nodes = new Map<string, ManifestNode>()
  const sources = new Map<string, SourceNode>()
  for (const { path, ...rest } of resources) {
    const file = files.get(path)
    if (!file) continue
    yield
    const resource: ResourceFile = { file, ...rest }
    if (resource.kind === 'schema') {
      yield* yamlSteps(file)
      for (const source of literalSources(resource)) sources.set(source.unique_id, source)
    } else for (const declaration of declarationsOf(resource, world.project).nodes) if (!nodes.has(declaration.unique_id)) nodes.set(declaration.unique_id, literalNode(declaration))
  }
  for (const node of upstreamNodes(world.project, id => nodes.has(id))) nodes.set(node.unique_id, node)
  const macros = new Map<string, MacroNode>()
  for (const [id, macro] of world.macros.byId) if (!macro.internal) macros.set(id, macro.node)
  return { nodes, sources, macros, others: NOTHING, disabled: NOTHING, problems: [], final: false }
}

export interface Listed {
  readonly manifest: Manifest
  /** By path. */
  readonly declared: ReadonlyMap<string, readonly (ManifestNode | SourceNode)[]>
}

/** Before any file is read: nodes whose names their paths say, each made when it is asked for, and what stands in the files that are there (open documents). Snapshots, sources and macros come later. */
export function listed({ world, files, resources }: ManifestInput): Listed {
  const { project } = world
  const jinja = behaves(project, 'allow_jinja_file_extensions')
  const there = drained(literalSteps({ world, files, resources: resources.filter(({ path }) => files.has(path)) }))
  const names = [...there.nodes.values()].map(({ unique_id, resource_type, package_name, name }): ListedName => ({ unique_id, resource_type, package_name, name }))
  const entries = new Map<string, ManifestNode | FoundFile>(there.nodes)
  const idsAt = new Map<string, string[]>()
  for (const { unique_id, place } of [...there.nodes.values(), ...there.sources.values()]) idsAt.set(place.path, [...idsAt.get(place.path) ?? [], unique_id])
  for (const found of resources) {
    const type = NAMED_BY_PATH.get(found.kind)
    if (type === undefined || files.has(found.path)) continue
    const name = stemOf(found.relativePath, jinja)
    const id = `${type}.${found.packageName}.${name}`
    if (entries.has(id)) continue
    entries.set(id, found)
    idsAt.set(found.path, [id])
    names.push({ unique_id: id, resource_type: type, package_name: found.packageName, name })
  }
  const made = new WeakMap<FoundFile, ManifestNode>()
  const nodes = new MappedMap(entries, (entry): ManifestNode => {
    if ('unique_id' in entry) return entry
    let node = made.get(entry)
    if (!node) made.set(entry, node = emptyNode(entry, project))
    return node
  })
  const manifest: Manifest = { ...there, nodes }
  useLookup(manifest, lookupOfNames(names))
  return { manifest, declared: new MappedMap(idsAt, (ids) => ids.flatMap((id) => nodes.get(id) ?? there.sources.get(id) ?? [])) }
}

function emptyNode({ path, ...found }: FoundFile, project: Project): ManifestNode {
  const [declaration] = declarationsOf({ file: { path, text: '', size: 0 }, ...found }, project).nodes
  if (!declaration) throw new Error(`${path} should declare a node`)
  return literalNode(declaration)
}

/** Kinds of files that hold one node, named by the file. */
const NAMED_BY_PATH: ReadonlyMap<FileKind, NodeType> = new Map([['model', 'model'], ['seed', 'seed'], ['analysis', 'analysis'], ['singular_test', 'test'], ['function', 'function']])

function literalNode(declared: Declaration): ManifestNode {
  const { type, offset, checksum, ...base } = declared
  return {
    unique_id: base.unique_id, name: base.name, package_name: base.package_name, path: base.path, original_file_path: base.original_file_path, fqn: base.fqn, place: base.place, language: base.language, raw_code: base.raw_code,
    resource_type: type, rawCodeOffset: offset, checksum, description: '', enabled: true, config: NOTHING, unrendered_config: NOTHING, database: null, schema: '', alias: base.name, relation_name: null,
    tags: [], meta: NOTHING, group: null, access: 'protected', version: null, latest_version: null, deprecation_date: null, columns: NOTHING, constraints: [], contract: { enforced: false, alias_types: true, checksum: null },
    patch: null, docs: NOTHING, refs: [], sources: [], metrics: [], functions: [], depends_on: { nodes: [], macros: [] }, calls: [], test: null, index: null, properties: NOTHING, problems: [],
    unknown: [{ code: 'not-evaluated', message: 'the project is still being read' }],
  }
}

function literalSources(resource: ResourceFile): SourceNode[] {
  const original = originalPath(resource)
  return (propertyFile(resource.file, original).sections.get('sources') ?? []).flatMap((entry) => seqItems(mapGet(entry.node, 'tables')).flatMap((table): SourceNode[] => {
    const nameNode = mapGet(table, 'name')
    const name = stringValue(nameNode)
    if (name === undefined || !nameNode) return []
    return [{
      unique_id: `source.${resource.packageName}.${entry.name}.${name}`, name, package_name: resource.packageName, path: original, original_file_path: original, fqn: [resource.packageName, entry.name, name],
      place: { path: resource.file.path, ...textSpan(nameNode) }, description: stringValue(mapGet(table, 'description')) ?? '', resource_type: 'source', source_name: entry.name, source_description: '', identifier: name,
      database: null, schema: '', relation_name: '', quoting: NOTHING, loader: '', config: NOTHING, unrendered_config: NOTHING, unrendered_database: null, unrendered_schema: null, enabled: true, tags: [], meta: NOTHING, columns: NOTHING,
      freshness: null, loaded_at_field: null, external: null, externalLocation: null, patch: null,
    } as SourceNode]
  }))
}
