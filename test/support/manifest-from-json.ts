// Our Manifest out of the manifest.json that real dbt wrote, so that selection, state and deferral are tested without the builder of manifests.
// Places are empty (offset 0 of the file as dbt names it); calls stay empty.

import type { Column, Config, Manifest, ManifestNode, MacroNode, OtherResource, RefArgs, SourceNode } from '../../server/dbt/nodes/types.ts'
import { parseJson } from '../../server/dbt/state/json.ts'
import { PyDict, PyList, type Value } from '../../server/jinja/value.ts'

/** `json`: the text of manifest.json. Throws when it is none: a test's mistake. */
export function manifestFromJson(json: string): { readonly manifest: Manifest; readonly projectName: string; readonly adapterType: string } {
  const parsed = parseJson(json)
  if (!parsed.ok || !(parsed.value instanceof PyDict)) throw new Error(parsed.ok ? 'no object' : parsed.message)
  const root = parsed.value
  const section = (name: string): [string, PyDict][] => dict(root, name).items().flatMap(([id, value]) => (typeof id === 'string' && value instanceof PyDict ? [[id, value] as [string, PyDict]] : []))
  const metadata = dict(root, 'metadata')
  const manifest: Manifest = {
    nodes: new Map([...section('nodes'), ...section('functions')].map(([id, entry]) => [id, nodeOf(id, entry)])),
    sources: new Map(section('sources').map(([id, entry]) => [id, sourceOf(id, entry)])),
    macros: new Map(section('macros').map(([id, entry]) => [id, macroOf(id, entry)])),
    others: new Map(['exposures', 'metrics', 'semantic_models', 'saved_queries', 'unit_tests', 'groups'].flatMap(section).map(([id, entry]) => [id, otherOf(id, entry)])),
    disabled: new Map(dict(root, 'disabled').items().map(([id, list]) => [text(id), items(list).flatMap((entry) => (entry instanceof PyDict ? [entry.get('resource_type') === 'source' ? sourceOf(text(id), entry) : nodeOf(text(id), entry)] : []))])),
    problems: [],
    final: true,
  }
  return { manifest, projectName: text(metadata.get('project_name')), adapterType: text(metadata.get('adapter_type')) }
}

function base(id: string, entry: PyDict) {
  const path = text(entry.get('original_file_path'))
  return {
    unique_id: id,
    name: text(entry.get('name')),
    package_name: text(entry.get('package_name')),
    path: text(entry.get('path')),
    original_file_path: path,
    fqn: strings(entry.get('fqn')),
    place: { path, start: 0, end: 0 },
    description: text(entry.get('description')),
  }
}

function nodeOf(id: string, entry: PyDict): ManifestNode {
  const config = dict(entry, 'config')
  const metadata = entry.get('test_metadata')
  const patch = entry.get('patch_path')
  return {
    ...base(id, entry),
    resource_type: text(entry.get('resource_type')) as ManifestNode['resource_type'],
    language: (text(entry.get('language')) || 'sql') as ManifestNode['language'],
    raw_code: text(entry.get('raw_code')),
    rawCodeOffset: 0,
    checksum: { name: text(dict(entry, 'checksum').get('name')), checksum: text(dict(entry, 'checksum').get('checksum')) },
    enabled: config.get('enabled') !== false,
    config: toMap(config),
    unrendered_config: toMap(dict(entry, 'unrendered_config')),
    database: textOrNull(entry.get('database')),
    schema: text(entry.get('schema')),
    alias: text(entry.get('alias')),
    relation_name: textOrNull(entry.get('relation_name')),
    tags: strings(entry.get('tags')),
    meta: toMap(dict(entry, 'meta')),
    group: textOrNull(entry.get('group')),
    access: (textOrNull(entry.get('access')) ?? 'protected') as ManifestNode['access'],
    version: version(entry.get('version')),
    latest_version: version(entry.get('latest_version')),
    deprecation_date: textOrNull(entry.get('deprecation_date')),
    columns: columns(entry),
    constraints: items(entry.get('constraints') ?? null),
    contract: { enforced: dict(entry, 'contract').get('enforced') === true, alias_types: dict(entry, 'contract').get('alias_types') !== false, checksum: textOrNull(dict(entry, 'contract').get('checksum')) },
    patch: typeof patch === 'string' ? { path: patch, start: 0, end: 0 } : null,
    docs: toMap(dict(entry, 'docs')),
    refs: refs(entry),
    sources: sourceArgs(entry),
    metrics: items(entry.get('metrics') ?? null).map(strings),
    functions: items(entry.get('functions') ?? null).map(strings),
    depends_on: dependsOn(entry),
    calls: [],
    test: metadata instanceof PyDict ? { metadata: { name: text(metadata.get('name')), namespace: textOrNull(metadata.get('namespace')), kwargs: toMap(dict(metadata, 'kwargs')) }, column_name: textOrNull(entry.get('column_name')), attached_node: textOrNull(entry.get('attached_node')), file_key_name: textOrNull(entry.get('file_key_name')) } : null,
    index: null,
    properties: toMap(entry),
    problems: [],
    unknown: [],
  }
}

function sourceOf(id: string, entry: PyDict): SourceNode {
  const config = dict(entry, 'config')
  return {
    ...base(id, entry),
    resource_type: 'source',
    source_name: text(entry.get('source_name')),
    source_description: text(entry.get('source_description')),
    identifier: text(entry.get('identifier')),
    database: textOrNull(entry.get('database')),
    schema: text(entry.get('schema')),
    externalLocation: null,
    relation_name: text(entry.get('relation_name')),
    quoting: new Map(dict(entry, 'quoting').items().flatMap(([key, value]) => (typeof value === 'boolean' ? [[text(key), value] as const] : []))),
    loader: text(entry.get('loader')),
    config: toMap(config),
    unrendered_config: toMap(dict(entry, 'unrendered_config')),
    unrendered_database: textOrNull(entry.get('unrendered_database')),
    unrendered_schema: textOrNull(entry.get('unrendered_schema')),
    enabled: config.get('enabled') !== false,
    tags: strings(entry.get('tags')),
    meta: toMap(dict(entry, 'meta')),
    columns: columns(entry),
    freshness: entry.get('freshness') ?? null,
    loaded_at_field: textOrNull(entry.get('loaded_at_field')),
    external: entry.get('external') ?? null,
    patch: null,
  }
}

function macroOf(id: string, entry: PyDict): MacroNode {
  return { ...base(id, entry), resource_type: 'macro', macro_sql: text(entry.get('macro_sql')), arguments: [], depends_on: { macros: strings(dict(entry, 'depends_on').get('macros')) }, supported_languages: null, patch: null }
}

function otherOf(id: string, entry: PyDict): OtherResource {
  const config = dict(entry, 'config')
  const type = text(entry.get('resource_type')) as OtherResource['resource_type']
  return {
    ...base(id, entry),
    resource_type: type,
    enabled: config.get('enabled') !== false,
    config: toMap(config),
    unrendered_config: toMap(dict(entry, 'unrendered_config')),
    // A unit test's tags are its config's (UnitTestDefinition.tags).
    tags: type === 'unit_test' ? tagList(config.get('tags')) : strings(entry.get('tags')),
    meta: toMap(dict(entry, 'meta')),
    properties: toMap(entry),
    group: textOrNull(entry.get('group')),
    version: version(entry.get('version')),
    metrics: items(entry.get('metrics') ?? null).map(strings),
    problems: [],
    unknown: [],
    refs: refs(entry),
    sources: sourceArgs(entry),
    calls: [],
    depends_on: dependsOn(entry),
  }
}

function columns(entry: PyDict): ReadonlyMap<string, Column> {
  return new Map(dict(entry, 'columns').items().flatMap(([key, value]) => (value instanceof PyDict ? [[text(key), {
    name: text(value.get('name')),
    description: text(value.get('description')),
    data_type: textOrNull(value.get('data_type')),
    quote: typeof value.get('quote') === 'boolean' ? value.get('quote') as boolean : null,
    tags: strings(value.get('tags')),
    meta: toMap(dict(value, 'meta')),
    constraints: items(value.get('constraints') ?? null),
    extra: new Map(),
    granularity: textOrNull(value.get('granularity')),
    dimension: value.get('dimension') ?? null,
    entity: value.get('entity') ?? null,
    place: { path: '', start: 0, end: 0 },
    doc_blocks: [],
  } satisfies Column] as const] : [])))
}

function refs(entry: PyDict): RefArgs[] {
  return items(entry.get('refs') ?? null).flatMap((ref) => (ref instanceof PyDict ? [{ name: text(ref.get('name')), package: textOrNull(ref.get('package')), version: version(ref.get('version')) }] : []))
}

function sourceArgs(entry: PyDict): (readonly [string, string])[] {
  return items(entry.get('sources') ?? null).map(strings).map(([source, table]) => [source ?? '', table ?? ''] as const)
}

function dependsOn(entry: PyDict): { nodes: readonly string[]; macros: readonly string[] } {
  const all = dict(entry, 'depends_on')
  return { nodes: strings(all.get('nodes')), macros: strings(all.get('macros')) }
}

function dict(from: PyDict, key: string): PyDict {
  const value = from.get(key)
  return value instanceof PyDict ? value : new PyDict()
}

function toMap(from: PyDict): Config {
  return new Map(from.items().flatMap(([key, value]) => (typeof key === 'string' ? [[key, value] as const] : [])))
}

function items(value: Value): readonly Value[] { return value instanceof PyList ? value.items : [] }
function strings(value: Value | undefined): string[] { return items(value ?? null).filter((item) => typeof item === 'string') }
function tagList(value: Value | undefined): string[] { return typeof value === 'string' ? [value] : strings(value) }
function text(value: Value | undefined): string { return typeof value === 'string' ? value : '' }
function textOrNull(value: Value | undefined): string | null { return typeof value === 'string' ? value : null }
function version(value: Value | undefined): string | bigint | number | null { return typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number' ? value : null }
