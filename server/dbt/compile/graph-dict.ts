// Jinja's `graph`: every enabled resource as a dict (dbt 1.12 contracts/graph/manifest.py build_flat_graph). Made when a template first asks.

import { unmetered } from '../../jinja/meter.ts'
import { strOf } from '../../jinja/repr.ts'
import { PyDict, PyList, PyUnknown } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { CAME_LATER, unknownField } from '../context/draft-dict.ts'
import { nodeDict, nodeFields, sourceDict } from '../context/model-dict.ts'
import type { Column, Manifest, ManifestNode, OtherResource, SourceNode } from '../nodes/types.ts'
import type { Project } from '../project/types.ts'

const made = new WeakMap<Manifest, PyDict>()

export function graphDict(project: Project, manifest: Manifest): PyDict {
  let graph = made.get(manifest)
  if (!graph) made.set(manifest, graph = unmetered(() => flatGraph(project, manifest)))
  return graph
}

function patchPath(project: Project, patch: ManifestNode['patch']): Value {
  if (patch === null) return null
  const [owner] = Array.from(project.packages.values()).filter(({ root }) => patch.path.startsWith(`${root}/`)).toSorted((one, other) => other.root.length - one.root.length)
  return owner ? `${owner.name}://${patch.path.slice(owner.root.length + 1)}` : unknownField('patch_path')
}

/** The members of a node's dict that hang on more than the node: where its YAML is, when it was made. */
export function moreFields(project: Project, node: ManifestNode): Map<string, Value> {
  const fields = new Map<string, Value>([
    ['patch_path', patchPath(project, node.patch)],
    ['build_path', null], ['deferred', false], ['created_at', unknownField('created_at')], ['config_call_dict', unknownField('config_call_dict')], ['unrendered_config_call_dict', unknownField('unrendered_config_call_dict')],
  ])
  if (DEFERRABLE.has(node.resource_type)) fields.set('defer_relation', project.flags.defer.value ? unknownField('defer_relation') : null)
  if (node.resource_type === 'seed') fields.set('root_path', project.packages.get(node.package_name)?.root ?? unknownField('root_path'))
  else fields.set('compiled_path', null)
  if (node.resource_type === 'operation') fields.set('index', BigInt(/-(\d+)$/.exec(node.name)?.[1] ?? 0))
  if (node.resource_type === 'model') {
    fields.set('primary_key', unknownField('primary_key'))
    if (project.rules.hasMicrobatch) {
      fields.set('time_spine', node.properties.get('time_spine') ?? null)
      fields.set('batch', null)
    }
  }
  for (const name of CAME_LATER) if (!project.rules.jinjaHas.has(name)) fields.delete(name)
  return fields
}

const DEFERRABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

/** A finished node as `model` (None left out) or in `graph`. */
export function finishedDict(project: Project, node: ManifestNode, omitNone: boolean, extra: ReadonlyMap<string, Value> = moreFields(project, node)): PyDict {
  const dict = nodeDict(node, omitNone, extra)
  for (const name of CAME_LATER) if (!project.rules.jinjaHas.has(name)) dict.delete(name)
  return withoutLaterColumns(project, dict, node.columns)
}

/** What of columns came later: `granularity` with 1.9, `config` and `doc_blocks` with 1.10, the semantic ones with 1.12. Where somebody wrote one before, it is a key like any other. */
function withoutLaterColumns({ rules: { jinjaHas } }: Project, dict: PyDict, written: ReadonlyMap<string, Column>): PyDict {
  const later = [...jinjaHas.has('column.granularity') ? [] : ['granularity'], ...jinjaHas.has('doc_blocks') ? [] : ['config', 'doc_blocks'], ...jinjaHas.has('column.dimension') ? [] : ['dimension', 'entity']]
  const columns = later.length === 0 ? null : dict.get('columns')
  if (columns instanceof PyDict) for (const [at, column] of columns.items()) if (column instanceof PyDict) for (const name of later) if (!written.get(strOf(at))?.extra.has(name)) column.delete(name)
  return dict
}

function flatGraph(project: Project, manifest: Manifest): PyDict {
  const others = (type: OtherResource['resource_type']): PyDict => new PyDict(Array.from(manifest.others.values()).filter((each) => each.resource_type === type).map((each) => [each.unique_id, otherDict(project, each)] as const))
  const { rules } = project
  const enabled = Array.from(manifest.nodes.values()).filter((node) => node.enabled)
  const isFunction = (node: ManifestNode): boolean => node.resource_type === 'function'
  return new PyDict([
    ['exposures', others('exposure')],
    ...(rules.graphHas.has('functions') ? [['functions', new PyDict(enabled.filter(isFunction).map((node) => [node.unique_id, finishedDict(project, node, false)] as const))] as const] : []),
    ['groups', others('group')], ['metrics', others('metric')],
    ['nodes', new PyDict(enabled.filter((node) => !isFunction(node)).map((node) => [node.unique_id, finishedDict(project, node, false)] as const))],
    ['sources', new PyDict(Array.from(manifest.sources.values()).filter((source) => source.enabled).map((source) => [source.unique_id, graphSource(project, source)] as const))],
    ['semantic_models', others('semantic_model')], ['saved_queries', others('saved_query')],
    ...(rules.graphHas.has('unit_tests') ? [['unit_tests', others('unit_test')] as const] : []),
  ])
}

/** Every key that dbt knows of a resource, nulls included: what `dbt ls --output json` chooses from. What is not known is left out; `extra` replaces or adds. */
export function listedDict(project: Project, resource: ManifestNode | SourceNode | OtherResource, extra: ReadonlyMap<string, Value>): PyDict {
  const dict = 'raw_code' in resource ? finishedDict(project, resource, false, new Map([...moreFields(project, resource), ...NOT_DEFERRED.get(resource.resource_type) ?? [], ...extra])) : resource.resource_type === 'source' ? graphSource(project, resource) : otherDict(project, resource)
  if (!('raw_code' in resource)) for (const [key, value] of extra) dict.set(key, value)
  return new PyDict(dict.items().filter(([, value]) => !(value instanceof PyUnknown)))
}

/** `ls` takes --defer and never defers. */
const NOT_DEFERRED: ReadonlyMap<string, readonly (readonly [string, Value])[]> = new Map([...DEFERRABLE].map((type) => [type, [['defer_relation', null]] as const]))

function graphSource(project: Project, source: SourceNode): PyDict {
  const dict = sourceDict(source)
  const { jinjaHas, hasUnitTests } = project.rules
  const more: readonly (readonly [string, Value | undefined])[] = [
    ['patch_path', patchPath(project, source.patch)], ['created_at', unknownField('created_at')], ['source_meta', unknownField('source_meta')],
    ['_event_status', hasUnitTests ? new PyDict() : undefined], ['loaded_at_query', jinjaHas.has('doc_blocks') ? source.config.get('loaded_at_query') ?? null : undefined],
    ['doc_blocks', jinjaHas.has('doc_blocks') ? unknownField('doc_blocks') : undefined],
  ]
  for (const [name, value] of more) if (value !== undefined) dict.set(name, value)
  if (!jinjaHas.has('unrendered_config_call_dict')) for (const name of ['unrendered_database', 'unrendered_schema']) dict.delete(name)
  return withoutLaterColumns(project, dict, source.columns)
}

/** Of the classes that have fields of their own: names of those of all resources that they lack, and of their own that may be unsaid. */
const OTHERS: ReadonlyMap<string, { readonly lacks: readonly string[]; readonly own: readonly (readonly [string, () => Value])[] }> = new Map([
  ['exposure', { lacks: ['group'], own: [['label', none], ['maturity', none], ['url', none], ['metrics', noItems], ['refs', noItems], ['sources', noItems]] }],
  ['metric', { lacks: [], own: [['filter', none], ['metrics', noItems], ['time_granularity', none], ['metadata', () => unknownField('metadata')]] }],
  ['semantic_model', { lacks: [], own: [['label', none], ['primary_entity', none], ['metadata', () => unknownField('metadata')], ['node_relation', () => unknownField('node_relation')]] }],
  ['saved_query', { lacks: [], own: [['label', none], ['metadata', () => unknownField('metadata')]] }],
  ['unit_test', { lacks: [], own: [['versions', none], ['_event_status', () => new PyDict()]] }],
  ['group', { lacks: ['fqn', 'tags', 'meta', 'group', 'depends_on', 'refs', 'sources', 'unrendered_config'], own: [] }],
])

function none(): Value { return null }
function noItems(): Value { return new PyList([]) }

function otherDict(project: Project, other: OtherResource): PyDict {
  const dict = nodeFields(other, new Map([['created_at', unknownField('created_at')]]))
  const { lacks, own } = OTHERS.get(other.resource_type) ?? { lacks: [], own: [] }
  for (const [name, byDefault] of own) if (!dict.has(name)) dict.set(name, byDefault())
  for (const name of lacks) dict.delete(name)
  if (other.resource_type === 'metric' && !project.rules.jinjaHas.has('unrendered_config_call_dict')) dict.delete('time_granularity')
  if (other.resource_type === 'group') {
    dict.delete('created_at')
    if (!project.rules.jinjaHas.has('doc_blocks')) for (const name of ['config', 'description']) dict.delete(name)
  }
  return dict
}
