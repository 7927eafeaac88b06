// Finding what a ref, source, function, metric or doc name means: dbt's lookup tables and the order in which packages are searched.
// dbt 1.12: contracts/graph/manifest.py RefableLookup, SourceLookup, …, DisabledLookup, _packages_to_search, resolve_*.
// It answers with ids; whether a ref may be made (access, groups) is resolve-edges.ts's business.

import { strOf } from '../../jinja/repr.ts'
import type { Manifest, ManifestNode, OtherResource, RefArgs, SourceNode } from '../nodes/types.ts'
import { behaves } from '../nodes/behaviour.ts'
import type { Project } from '../project/types.ts'
import { drained } from '../steps.ts'

/** name → package → id, both in dbt's insertion order. */
export type NameTable = ReadonlyMap<string, ReadonlyMap<string, string>>

export interface Lookup {
  readonly refs: NameTable
  readonly sources: NameTable
  readonly functions: NameTable
  readonly metrics: NameTable
  readonly docs: NameTable
  /** search name → package → ids of disabled resources, in order. */
  readonly disabled: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>
}

export type Found =
  | { readonly kind: 'found'; readonly unique_id: string }
  | { readonly kind: 'disabled'; readonly unique_id: string }
  | { readonly kind: 'ambiguous'; readonly key: string; readonly ids: readonly string[] }
  | { readonly kind: 'missing' }

const MISSING: Found = { kind: 'missing' }
const REFABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

const lookups = new WeakMap<Manifest, Lookup>()

/** The tables of a manifest, made once. */
export function lookupOf(manifest: Manifest): Lookup { return lookups.get(manifest) ?? drained(lookupSteps(manifest)) }

/** Makes the tables, in steps. */
export function* lookupSteps(manifest: Manifest): Generator<void, Lookup> {
  const lookup = yield* buildLookup(manifest)
  lookups.set(manifest, lookup)
  return lookup
}

/** After an edit that changed no name, the new manifest uses the old one's tables. */
export function shareLookup(from: Manifest, to: Manifest): void { lookups.set(to, lookupOf(from)) }

/** The tables are known from elsewhere. */
export function useLookup(manifest: Manifest, lookup: Lookup): void { lookups.set(manifest, lookup) }

export interface ListedName { readonly unique_id: string; readonly resource_type: string; readonly package_name: string; readonly name: string }

/** The tables of nodes of which the names alone are known. */
export function lookupOfNames(nodes: Iterable<ListedName>): Lookup {
  const refs = new Tables(), functions = new Tables()
  for (const node of nodes) addNode(refs, functions, { version: null, latest_version: null, ...node })
  return { refs: refs.map, sources: new Map(), functions: functions.map, metrics: new Map(), docs: new Map(), disabled: new Map() }
}

class Tables {
  readonly map = new Map<string, Map<string, string>>()
  add(name: string, packageName: string, id: string): void {
    const known = this.map.get(name)
    if (known) known.set(packageName, id)
    else this.map.set(name, new Map([[packageName, id]]))
  }
}

function* buildLookup(manifest: Pick<Manifest, 'nodes' | 'sources' | 'others' | 'disabled'>): Generator<void, Lookup> {
  const refs = new Tables(), sources = new Tables(), functions = new Tables(), metrics = new Tables(), docs = new Tables()
  for (const node of manifest.nodes.values()) {
    addNode(refs, functions, node)
    yield
  }
  for (const source of manifest.sources.values()) sources.add(`${source.source_name}.${source.name}`, source.package_name, source.unique_id)
  for (const other of manifest.others.values()) {
    if (other.resource_type === 'metric') metrics.add(other.name, other.package_name, other.unique_id)
    else if (other.resource_type === 'doc') docs.add(other.name, other.package_name, other.unique_id)
  }
  yield
  const disabled = new Map<string, Map<string, string[]>>()
  for (const [id, list] of manifest.disabled) {
    for (const resource of list) {
      const name = searchName(resource)
      let packages = disabled.get(name)
      if (!packages) disabled.set(name, packages = new Map<string, string[]>())
      const ids = packages.get(resource.package_name)
      if (ids) ids.push(id)
      else packages.set(resource.package_name, [id])
    }
  }
  return { refs: refs.map, sources: sources.map, functions: functions.map, metrics: metrics.map, docs: docs.map, disabled }
}

export interface Refable { readonly name: string; readonly package_name: string; readonly unique_id: string; readonly version: ManifestNode['version']; readonly latest_version: ManifestNode['version'] }

function addNode(refs: Tables, functions: Tables, node: Refable & { readonly resource_type: string }): void {
  if (node.resource_type === 'function') functions.add(node.name, node.package_name, node.unique_id)
  else if (REFABLE.has(node.resource_type)) addRefable(refs, node)
}

function addRefable(tables: Tables, node: Refable): void {
  if (node.version === null) {
    tables.add(node.name, node.package_name, node.unique_id)
    return
  }
  // dbt makes the entry of the bare name even when no version of it is the latest.
  if (!tables.map.has(node.name)) tables.map.set(node.name, new Map<string, string>())
  tables.add(`${node.name}.v${strOf(node.version)}`, node.package_name, node.unique_id)
  if (sameVersion(node.version, node.latest_version)) tables.add(node.name, node.package_name, node.unique_id)
}

/** Python's `==` on versions: 1 equals 1.0, never '1'. */
export function sameVersion(one: ManifestNode['version'], two: ManifestNode['version']): boolean {
  if (typeof one === 'string' || typeof two === 'string') return one === two
  // Numbers of both kinds compare by value.
  return one == two
}

/** The name a disabled resource is found under. */
function searchName(resource: ManifestNode | SourceNode | OtherResource): string {
  if (resource.resource_type === 'source') return `${resource.source_name}.${resource.name}`
  return 'version' in resource && resource.version !== null ? `${resource.name}.v${strOf(resource.version)}` : resource.name
}

/** Packages in the order in which a node of `packageName` searches them; null stands for "any". */
export function packagesToSearch(project: Project, packageName: string, target: string | null, kind: 'ref' | 'source' = 'ref'): readonly (string | null)[] {
  if (target !== null) return [target]
  const root = project.root.name
  if (packageName === root) return [root, null]
  if (kind === 'source' && !project.rules.sourceHasRootStep) return [packageName, null]
  const ownFirst = project.rules.refOrder === 'own-first' || behaves(project, 'require_ref_searches_node_package_before_root')
  return ownFirst ? [packageName, root, null] : [root, packageName, null]
}

/** resolve_ref. */
export function resolveRef(project: Project, manifest: Manifest, packageName: string, ref: RefArgs): Found {
  const lookup = lookupOf(manifest)
  // `if version:` of dbt: 0 and '' count as none.
  const key = ref.version !== null && ref.version !== '' && ref.version != 0 ? `${ref.name}.v${strOf(ref.version)}` : ref.name
  let disabled: string | null = null
  for (const candidate of packagesToSearch(project, packageName, ref.package)) {
    const ids = idsOf(lookup.refs, key, candidate)
    if (ids.length > 1) return { kind: 'ambiguous', key, ids }
    const id = ids[0]
    if (id !== undefined && manifest.nodes.get(id)?.enabled) return { kind: 'found', unique_id: id }
    disabled ??= disabledOf(manifest, lookup, key, candidate, REFABLE)
  }
  return disabled === null ? MISSING : { kind: 'disabled', unique_id: disabled }
}

/** resolve_source; `ambiguous` only where the rules have it. */
export function resolveSource(project: Project, manifest: Manifest, packageName: string, source: string, table: string): Found {
  const lookup = lookupOf(manifest)
  return firstFound(manifest, lookup, lookup.sources, `${source}.${table}`, packagesToSearch(project, packageName, null, 'source'), id => manifest.sources.get(id)?.enabled === true, project.rules.ambiguousSource === 'error')
}

/** resolve_function: `args` is [name] or [package, name]. */
export function resolveFunction(project: Project, manifest: Manifest, packageName: string, args: readonly string[]): Found {
  const lookup = lookupOf(manifest)
  const [target, name] = args.length > 1 ? [args[0] ?? null, args[1] ?? ''] : [null, args[0] ?? '']
  return firstFound(manifest, lookup, lookup.functions, name, packagesToSearch(project, packageName, target), id => manifest.nodes.get(id)?.enabled === true, false)
}

/** resolve_metric: `args` is [name] or [package, name]. */
export function resolveMetric(project: Project, manifest: Manifest, packageName: string, args: readonly string[]): Found {
  const lookup = lookupOf(manifest)
  const [target, name] = args.length > 1 ? [args[0] ?? null, args[1] ?? ''] : [null, args[0] ?? '']
  return firstFound(manifest, lookup, lookup.metrics, name, packagesToSearch(project, packageName, target), id => manifest.others.get(id)?.enabled === true, false)
}

/** resolve_doc: the id of a docs block. */
export function resolveDoc(project: Project, docs: NameTable, packageName: string, target: string | null, name: string): string | null {
  for (const candidate of packagesToSearch(project, packageName, target)) {
    const id = idsOf(docs, name, candidate)[0]
    if (id !== undefined) return id
  }
  return null
}

function firstFound(manifest: Manifest, lookup: Lookup, table: NameTable, key: string, candidates: readonly (string | null)[], enabled: (id: string) => boolean, ambiguity: boolean): Found {
  let disabled: string | null = null
  for (const candidate of candidates) {
    const ids = idsOf(table, key, candidate)
    if (ambiguity && ids.length > 1) return { kind: 'ambiguous', key, ids }
    const id = ids[0]
    if (id !== undefined && enabled(id)) return { kind: 'found', unique_id: id }
    disabled ??= disabledOf(manifest, lookup, key, candidate, null)
  }
  return disabled === null ? MISSING : { kind: 'disabled', unique_id: disabled }
}

export function idsOf(table: NameTable, key: string, packageName: string | null): readonly string[] {
  const packages = table.get(key)
  if (!packages) return []
  if (packageName === null) return [...packages.values()]
  const id = packages.get(packageName)
  return id === undefined ? [] : [id]
}

/** "Any" package is the first one that has such a name, even when its resources are of another type. */
function disabledOf(manifest: Manifest, lookup: Lookup, key: string, packageName: string | null, types: ReadonlySet<string> | null): string | null {
  const packages = lookup.disabled.get(key)
  if (!packages) return null
  const ids = packageName === null ? packages.values().next().value : packages.get(packageName)
  if (!ids) return null
  for (const id of ids) {
    const resource = manifest.disabled.get(id)?.[0]
    if (resource && (!types || types.has(resource.resource_type))) return id
  }
  return null
}
