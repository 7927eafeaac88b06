// Jinja's `graph`: every enabled resource as a dict (dbt 1.12 contracts/graph/manifest.py build_flat_graph). Made when a template first asks.

import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { CAME_LATER, unknownField } from '../context/draft-dict.ts'
import { nodeDict, sourceDict } from '../context/model-dict.ts'
import type { Manifest, ManifestNode, OtherResource } from '../nodes/types.ts'
import type { Project } from '../project/types.ts'

const made = new WeakMap<Manifest, PyDict>()

export function graphDict(project: Project, manifest: Manifest): PyDict {
  let graph = made.get(manifest)
  if (!graph) made.set(manifest, graph = flatGraph(project, manifest))
  return graph
}

/** The members of a node's dict that hang on more than the node: where its YAML is, when it was made. */
export function moreFields(project: Project, node: ManifestNode): Map<string, Value> {
  const { patch } = node
  const owner = patch ? Array.from(project.packages.values()).filter(({ root }) => patch.path.startsWith(`${root}/`)).toSorted((one, other) => other.root.length - one.root.length)[0] : undefined
  const fields = new Map<string, Value>([
    ['patch_path', patch === null ? null : owner ? `${owner.name}://${patch.path.slice(owner.root.length + 1)}` : unknownField('patch_path')],
    ['build_path', null], ['created_at', unknownField('created_at')], ['config_call_dict', unknownField('config_call_dict')], ['unrendered_config_call_dict', unknownField('unrendered_config_call_dict')],
  ])
  if (node.resource_type === 'seed') fields.set('root_path', project.packages.get(node.package_name)?.root ?? unknownField('root_path'))
  else fields.set('compiled_path', null)
  if (node.resource_type === 'operation') fields.set('index', BigInt(/-(\d+)$/.exec(node.name)?.[1] ?? 0))
  if (node.resource_type === 'model') {
    fields.set('primary_key', unknownField('primary_key'))
    fields.set('time_spine', node.properties.get('time_spine') ?? null)
  }
  for (const name of CAME_LATER) if (!project.rules.jinjaHas.has(name)) fields.delete(name)
  return fields
}

/** A finished node as `model` (None left out) or in `graph`. */
export function finishedDict(project: Project, node: ManifestNode, omitNone: boolean, extra: ReadonlyMap<string, Value> = moreFields(project, node)): PyDict {
  const dict = nodeDict(node, omitNone, extra)
  for (const name of CAME_LATER) if (!project.rules.jinjaHas.has(name)) dict.delete(name)
  if (project.rules.jinjaHas.has('deferred')) dict.set('deferred', false)
  return dict
}

function flatGraph(project: Project, manifest: Manifest): PyDict {
  const others = (type: OtherResource['resource_type']): PyDict => new PyDict(Array.from(manifest.others.values()).filter((each) => each.resource_type === type).map((each) => [each.unique_id, otherDict(each)] as const))
  const { rules } = project
  const enabled = Array.from(manifest.nodes.values()).filter((node) => node.enabled)
  const isFunction = (node: ManifestNode): boolean => node.resource_type === 'function'
  return new PyDict([
    ['exposures', others('exposure')],
    ...(rules.graphHas.has('functions') ? [['functions', new PyDict(enabled.filter(isFunction).map((node) => [node.unique_id, finishedDict(project, node, false)] as const))] as const] : []),
    ['groups', others('group')], ['metrics', others('metric')],
    ['nodes', new PyDict(enabled.filter((node) => !isFunction(node)).map((node) => [node.unique_id, finishedDict(project, node, false)] as const))],
    ['sources', new PyDict(Array.from(manifest.sources.values()).filter((source) => source.enabled).map((source) => [source.unique_id, sourceDict(source)] as const))],
    ['semantic_models', others('semantic_model')], ['saved_queries', others('saved_query')],
    ...(rules.graphHas.has('unit_tests') ? [['unit_tests', others('unit_test')] as const] : []),
  ])
}

function otherDict(other: OtherResource): PyDict {
  const texts = (list: readonly string[]): Value => new PyList([...list])
  return new PyDict([
    ['name', other.name], ['resource_type', other.resource_type], ['package_name', other.package_name], ['path', other.path], ['original_file_path', other.original_file_path], ['unique_id', other.unique_id],
    ['fqn', texts(other.fqn)], ['description', other.description], ['config', new PyDict(other.config)], ['tags', texts(other.tags)], ['meta', new PyDict(other.meta)], ['group', other.group],
    ['depends_on', new PyDict([['macros', texts(other.depends_on.macros)], ['nodes', texts(other.depends_on.nodes)]])], ...other.properties,
  ])
}
