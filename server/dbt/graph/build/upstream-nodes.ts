// Models of other projects as nodes of this one. dbt 1.12: parser/manifest.py inject_external_nodes, contracts/graph/nodes.py ModelNode.from_args;
// dbt-loom gives them their group and event_time. Their place is the manifest that tells of them.

import type { Value } from '../../../jinja/value.ts'
import { configClassOf } from '../../names/config-classes.ts'
import type { Config, ManifestNode } from '../../nodes/types.ts'
import type { Project } from '../../project/types.ts'
import type { Rules } from '../../rules/rules.ts'
import type { UpstreamModel } from '../../project/upstream.ts'

const made = new WeakMap<UpstreamModel, ManifestNode>()

/** What this project neither has nor has switched off (`has`). The same model gives the same node. */
export function upstreamNodes({ upstream, rules }: Project, has: (id: string) => boolean): ManifestNode[] {
  const there = new Set(upstream.models.map(model => model.unique_id))
  return upstream.models.filter(model => !has(model.unique_id)).map(model => {
    let node = made.get(model)
    if (!node) made.set(model, node = nodeOf(model, rules, id => there.has(id)))
    return node
  })
}

const NOTHING: Config = new Map()

/** A dependency that no manifest holds makes no edge. */
function nodeOf(model: UpstreamModel, rules: Rules, isThere: (id: string) => boolean): ManifestNode {
  const { unique_id, name, package_name, database, schema, identifier, version } = model
  const unrendered: [string, Value][] = [['alias', identifier], ['schema', schema]]
  if (database) unrendered.push(['database', database])
  return {
    resource_type: 'model', unique_id, name, package_name, path: '', original_file_path: '', fqn: version === null ? [package_name, name] : [package_name, name, `v${version}`],
    place: { path: model.manifest, start: model.entry, end: model.entry }, description: '', language: 'sql', raw_code: '', rawCodeOffset: null, checksum: { name: 'sha256', checksum: '' }, enabled: model.enabled,
    config: new Map<string, Value>([...Array.from(configClassOf('model', rules.name).fields, ([key, field]): [string, Value] => [key, field.default()]), ['enabled', model.enabled], ['event_time', model.event_time]]), unrendered_config: new Map(unrendered), database, schema, alias: identifier, relation_name: model.relation_name,
    tags: [], meta: NOTHING, group: model.group, access: model.access, version, latest_version: model.latest_version, deprecation_date: model.deprecation_date, columns: new Map(), constraints: [],
    contract: { enforced: false, alias_types: true, checksum: null }, patch: null, docs: new Map<string, Value>([['show', true], ['node_color', null]]), refs: [], sources: [], metrics: [], functions: [],
    depends_on: { nodes: model.depends_on.filter(isThere), macros: [] }, calls: [], test: null, index: null, properties: NOTHING, problems: [], unknown: [],
  }
}
