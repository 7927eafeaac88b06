// Jinja's `model` (and `graph`'s nodes) of finished nodes as dicts: the keys dbt's nodes have.
// Values only. Rules: dbt 1.12 contracts/graph/nodes.py `to_dict`, context/providers.py ctx_model.

import { PyDict, PyLazyDict, PyList, PyUnknown } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Column, Config, MacroNode, ManifestNode, OtherResource, RefArgs, SourceNode } from '../nodes/types.ts'
import type { Rules } from '../rules/rules.ts'

type Entries = readonly (readonly [string, Value])[]

/** A finished node: `omitNone` for `model`, all keys for `graph`. `extra` replaces or adds members. */
export function nodeDict(node: ManifestNode, omitNone: boolean, extra: ReadonlyMap<string, Value> = new Map()): PyDict {
  const isModel = node.resource_type === 'model'
  const texts = (lists: readonly (readonly string[])[]) => new PyList(lists.map(names => new PyList([...names])))
  const macros = ['macros', new PyList([...node.depends_on.macros])] as const
  // A seed is a ParsedNode and no CompiledNode: nothing in it can refer to anything.
  const compiled: Entries = node.resource_type === 'seed' ? [['depends_on', new PyDict([macros])]] : [
    ['language', node.language], ['refs', new PyList(node.refs.map(ref => refDict(ref, omitNone)))], ['sources', texts(node.sources)], ['metrics', texts(node.metrics)], ['functions', texts(node.functions)],
    ['depends_on', new PyDict([macros, ['nodes', new PyList([...node.depends_on.nodes])]])],
    ['contract', compact(new Map<string, Value>([['enforced', node.contract.enforced], ['alias_types', node.contract.alias_types], ['checksum', node.contract.checksum]]), omitNone)],
  ]
  const entries: Entries = [
    ['database', node.database], ['schema', node.schema], ['name', node.name], ['resource_type', node.resource_type], ['package_name', node.package_name],
    ['path', node.path], ['original_file_path', node.original_file_path], ['unique_id', node.unique_id], ['fqn', new PyList([...node.fqn])], ['alias', node.alias],
    ['checksum', new PyDict([['name', node.checksum.name], ['checksum', node.checksum.checksum]])],
    ['config', configDict(node.config, omitNone)], ['tags', new PyList([...node.tags])], ['description', node.description],
    ['columns', columnsDict(node.columns, omitNone)],
    ['meta', dictOf(node.meta)], ['group', node.group], ['docs', compact(node.docs.size > 0 ? node.docs : new Map<string, Value>([['show', true], ['node_color', null]]), omitNone)],
    ['unrendered_config', dictOf(node.unrendered_config)], ['relation_name', node.relation_name], ['raw_code', node.raw_code], ['doc_blocks', new PyList([])],
    ...compiled,
    ...(isModel ? [['access', node.access], ['constraints', new PyList([...node.constraints])], ['version', node.version], ['latest_version', node.latest_version], ['deprecation_date', node.deprecation_date]] as const : []),
    ...(node.test ? [['test_metadata', testMetadata(node, omitNone)], ['column_name', node.test.column_name], ['file_key_name', node.test.file_key_name], ['attached_node', node.test.attached_node]] as const : []),
  ]
  const all = new Map(entries)
  for (const [key, value] of extra) all.set(key, value)
  // The schema is no optional field of dbt's: None stays.
  return new PyDict(inOrder(all).filter(([key, value]) => !omitNone || value !== null || key === 'schema'))
}

/** Of the fields of dbt's node classes (1.12 artifacts/resources; 1.7 to 1.11 have them in the same order, but that 1.7 begins a generic test with its test_metadata). */
const ORDER: ReadonlyMap<string, number> = new Map([
  'returns', 'database', 'schema', 'name', 'resource_type', 'package_name', 'path', 'original_file_path', 'unique_id', 'fqn', 'alias', 'checksum', 'config', '_event_status', 'tags', 'description', 'columns', 'meta', 'group', 'docs',
  'patch_path', 'build_path', 'deferred', 'unrendered_config', 'created_at', 'config_call_dict', 'unrendered_config_call_dict', 'relation_name', 'raw_code', 'doc_blocks', 'root_path', 'language', 'refs', 'sources', 'metrics', 'functions',
  'depends_on', 'compiled_path', 'compiled', 'compiled_code', 'extra_ctes_injected', 'extra_ctes', 'contract', 'access', 'constraints', 'version', 'latest_version', 'deprecation_date', 'defer_relation', 'primary_key', 'time_spine', 'batch',
  'index', 'column_name', 'file_key_name', 'attached_node', 'test_metadata', 'arguments', 'overloads',
].map((name, index) => [name, index]))

function inOrder(fields: ReadonlyMap<string, Value>): (readonly [string, Value])[] {
  const rank = (name: string): number => ORDER.get(name) ?? ORDER.size
  return Array.from(fields).sort(([one], [other]) => rank(one) - rank(other))
}

/** What `model` is in a generate_…_name macro: the macro itself (GenerateNameProvider), less what its properties would say. */
export function macroDict(macro: MacroNode, rules: Pick<Rules, 'jinjaHas'>): PyDict {
  let items: ReadonlyMap<string, Value> | null = null
  // Made for every call of a naming macro, and hardly ever looked into.
  const known = (): ReadonlyMap<string, Value> => items ??= macroItems(macro, rules)
  return new PyLazyDict(() => known().keys(), name => known().get(name))
}

function macroItems(macro: MacroNode, rules: Pick<Rules, 'jinjaHas'>): ReadonlyMap<string, Value> {
  const unknown = (key: string): readonly [string, Value] => [key, new PyUnknown({ code: 'model', message: `the ${key} of the macro that stands for the model here`, stack: [] }, true)]
  return new Map<string, Value>([
    ['name', macro.name], ['resource_type', 'macro'], ['package_name', macro.package_name], ['path', macro.path], ['original_file_path', macro.original_file_path], ['unique_id', macro.unique_id], ['macro_sql', macro.macro_sql],
    unknown('depends_on'), unknown('description'), unknown('meta'), unknown('docs'), ...(rules.jinjaHas.has('macro.config') ? [unknown('config')] : []), unknown('arguments'), unknown('created_at'),
  ])
}

/** A source in `graph.sources`. */
export function sourceDict(source: SourceNode): PyDict {
  return new PyDict([
    ['database', source.database], ['schema', source.schema], ['name', source.name], ['resource_type', 'source'], ['package_name', source.package_name], ['path', source.path],
    ['original_file_path', source.original_file_path], ['unique_id', source.unique_id], ['fqn', new PyList([...source.fqn])], ['source_name', source.source_name],
    ['source_description', source.source_description], ['loader', source.loader], ['identifier', source.identifier],
    ['quoting', new PyDict(['database', 'schema', 'identifier', 'column'].map(part => [part, source.quoting.get(part) ?? null] as const))],
    ['loaded_at_field', source.loaded_at_field], ['freshness', source.freshness], ['external', source.external], ['description', source.description],
    ['columns', columnsDict(source.columns, false)], ['meta', dictOf(source.meta)],
    ['tags', new PyList([...source.tags])], ['config', configDict(source.config, false)], ['unrendered_config', dictOf(source.unrendered_config)], ['relation_name', source.relation_name],
    ['unrendered_database', source.unrendered_database], ['unrendered_schema', source.unrendered_schema],
  ])
}

/** Every key dbt knows of a resource, nulls included (`dbt ls --output json`); `extra` replaces or adds. */
export function nodeFields(resource: ManifestNode | SourceNode | OtherResource, extra: ReadonlyMap<string, Value>): PyDict {
  if (isNode(resource)) return nodeDict(resource, false, extra)
  const fields = resource.resource_type === 'source' ? sourceDict(resource) : otherDict(resource)
  for (const [key, value] of extra) fields.set(key, value)
  return fields
}

function isNode(resource: ManifestNode | SourceNode | OtherResource): resource is ManifestNode { return 'raw_code' in resource }

/** What these classes of dbt do not have. */
const LACKING: { readonly [type: string]: readonly string[] } = { semantic_model: ['tags', 'meta', 'sources'], saved_query: ['meta', 'sources'] }

/** Exposures, metrics, groups …: the properties as dbt keeps them, and what all resources have. */
function otherDict(resource: OtherResource): PyDict {
  const fields = new PyDict([
    ['name', resource.name], ['resource_type', resource.resource_type], ['package_name', resource.package_name], ['path', resource.path], ['original_file_path', resource.original_file_path],
    ['unique_id', resource.unique_id], ['fqn', new PyList([...resource.fqn])], ['description', resource.description], ['config', configDict(resource.config, false)],
    ['unrendered_config', dictOf(resource.unrendered_config)], ['tags', new PyList([...resource.tags])], ['meta', dictOf(resource.meta)], ['refs', new PyList(resource.refs.map(ref => refDict(ref, false)))],
    ['sources', new PyList(resource.sources.map(names => new PyList([...names])))],
    ['depends_on', new PyDict([['macros', new PyList([...resource.depends_on.macros])], ['nodes', new PyList([...resource.depends_on.nodes])]])],
  ])
  if (resource.resource_type === 'unit_test') {
    for (const key of NOT_OF_UNIT_TESTS) fields.delete(key)
    fields.set('version', resource.version)
  }
  for (const key of LACKING[resource.resource_type] ?? []) fields.delete(key)
  if (GROUPED.has(resource.resource_type)) fields.set('group', resource.group)
  if (resource.resource_type === 'semantic_model') fields.delete('tags')
  if (resource.resource_type === 'saved_query') {
    fields.delete('sources')
    if (resource.description === '') fields.set('description', null)
  }
  for (const [key, value] of resource.properties) if (!fields.has(key)) fields.set(key, value)
  return fields
}

const GROUPED: ReadonlySet<string> = new Set(['metric', 'semantic_model', 'saved_query'])

/** UnitTestDefinition's tags are those of its config; it refers to nothing by itself. */
const NOT_OF_UNIT_TESTS = ['tags', 'meta', 'unrendered_config', 'refs', 'sources']

/** Wide, and hardly ever looked into. */
function columnsDict(columns: ReadonlyMap<string, Column>, omitNone: boolean): PyDict {
  return new PyLazyDict(() => columns.keys(), (name) => {
    const column = columns.get(name)
    return column && columnDict(column, omitNone)
  })
}

function columnDict(column: Column, omitNone: boolean): PyDict {
  return compact(new Map<string, Value>([
    ['name', column.name], ['description', column.description], ['meta', dictOf(column.meta)], ['data_type', column.data_type], ['constraints', new PyList([...column.constraints])], ['quote', column.quote],
    ['config', new PyDict([['meta', dictOf(column.meta)], ['tags', new PyList([...column.tags])]])], ['tags', new PyList([...column.tags])], ['granularity', column.granularity], ['dimension', column.dimension], ['entity', column.entity], ['doc_blocks', new PyList([...column.doc_blocks])], ...column.extra,
  ]), omitNone)
}

function refDict(ref: RefArgs, omitNone: boolean): PyDict {
  return compact(new Map<string, Value>([['name', ref.name], ['package', ref.package], ['version', ref.version]]), omitNone)
}

function testMetadata(node: ManifestNode, omitNone: boolean): PyDict {
  const metadata = node.test?.metadata
  return new PyDict([['name', metadata?.name ?? ''], ['kwargs', dictOf(metadata?.kwargs ?? new Map())], ...(omitNone && !metadata?.namespace ? [] : [['namespace', metadata?.namespace ?? null] as const])])
}

function configDict(config: Config, omitNone: boolean): PyDict {
  return new PyDict(Array.from(config).filter(([, value]) => !omitNone || value !== null).map(([key, value]) => [key, omitNone ? compactConfig(key, value) : value] as const))
}

/** A value of a config as `to_dict(omit_none)` shows it. */
export function compactConfig(key: string, value: Value): Value {
  if (value instanceof PyDict) return COMPACTED.has(key) ? compact(textKeys(value), true) : value
  return value instanceof PyList && (key === 'pre-hook' || key === 'post-hook') ? compactHooks(value) : value
}

/** Hooks without what they do not say (Hook.to_dict(omit_none)). */
export function compactHooks(hooks: PyList): PyList { return new PyList(hooks.items.map((hook) => hook instanceof PyDict ? compact(textKeys(hook), true) : hook)) }

const COMPACTED = new Set(['docs', 'contract', 'latest_version_pointer', 'snapshot_meta_column_names'])

function compact(map: ReadonlyMap<string, Value>, omitNone: boolean): PyDict { return new PyDict(Array.from(map).filter(([, value]) => !omitNone || value !== null)) }

function dictOf(map: ReadonlyMap<string, Value>): PyDict { return new PyDict(map) }

function textKeys(dict: PyDict): ReadonlyMap<string, Value> { return new Map(dict.items().flatMap(([key, value]) => typeof key === 'string' ? [[key, value] as const] : [])) }
