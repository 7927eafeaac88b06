// Sources, exposures, metrics, semantic models, saved queries and unit tests against the state's: their same_contents in
// dbt-core 1.12 contracts/graph/nodes.py, each with just the properties that dbt looks at.

import { reprOf, strOf } from '../../jinja/repr.ts'
import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import type { Config, OtherResource, SourceNode } from '../nodes/types.ts'
import type { CompareSettings } from './compare-nodes.ts'
import { sameFields, sameValue, shown } from './compare-values.ts'
import { fieldsOf } from './open.ts'
import { reason, type ModifiedReason } from './reasons.ts'
import type { StateFields } from './types.ts'

export function compareSource(current: SourceNode, old: StateFields, { rules, moreUnrendered }: CompareSettings): ModifiedReason[] {
  const relation: readonly (readonly [string, Value, string])[] = moreUnrendered && rules.comparison.sourceRelation === 'unrendered'
    ? [['database', current.unrendered_database, 'unrendered_database'], ['schema', current.unrendered_schema, 'unrendered_schema'], ['identifier', current.identifier, 'identifier']]
    : [['database', current.database, 'database'], ['schema', current.schema, 'schema'], ['identifier', current.identifier, 'identifier']]
  const properties: readonly (readonly [string, Value])[] = [
    ['quoting', new PyDict(Array.from(current.quoting))], ['freshness', current.freshness], ['loaded_at_field', current.loaded_at_field], ['external', current.external],
  ]
  return [
    ...relation.flatMap(([key, is, field]) => (sameValue(old.get(field) ?? null, is) ? [] : [reason('relation', 'relation', `the source's ${key} changed`, { key, old: shown(old.get(field)), new: shown(is) })])),
    ...fqn(current.fqn, old),
    ...configs(current.unrendered_config, dictOf(old, 'unrendered_config')).filter(({ key }) => !rules.comparison.ignoredSourceConfigs.has(key ?? '')),
    ...properties.filter(([key]) => rules.comparison.sourceKeys.has(key)).flatMap(([key, is]) => property(key, old.get(key), is)),
  ]
}

export function compareOther(current: OtherResource, old: StateFields, settings: CompareSettings): ModifiedReason[] {
  switch (current.resource_type) {
    case 'exposure': return compareExposure(current, old, settings)
    case 'metric': return [...named(current, old, ['type', 'description', 'label']), ...configs(current.unrendered_config, dictOf(old, 'unrendered_config'))]
    case 'semantic_model': return [...named(current, old, ['model', 'description', 'defaults', 'primary_entity', 'group']), ...ELEMENTS.flatMap(([key, fields]) => property(key, old.get(key), elements(current.properties.get(key), fields))), ...rendered(current, old)]
    case 'saved_query': return compareSavedQuery(current, old)
    case 'unit_test': return settings.rules.comparison.unitTests ? compareUnitTest(current, old) : []
    default: return []
  }
}

/** What dbt keeps of the parts of a semantic model (parser/schema_yaml_readers.py SemanticModelParser): these fields, and `meta` of their config. */
const ELEMENTS = [
  ['entities', ['name', 'type', 'description', 'label', 'role', 'expr']],
  ['dimensions', ['name', 'type', 'description', 'label', 'is_partition', 'type_params', 'expr']],
  ['measures', ['name', 'agg', 'description', 'label', 'expr', 'agg_params', 'non_additive_dimension', 'agg_time_dimension']],
] as const

function elements(value: Value | undefined, fields: readonly string[]): Value {
  return new PyList(items(value).map((each) => new PyDict([
    ...fields.map((key) => { const found = dict(each).get(key) ?? null; return [key, key === 'expr' && found !== null ? strOf(found) : found] as const }),
    ['config', new PyDict([['meta', dict(dict(each).get('config')).get('meta') ?? null]])],
  ])))
}

function compareExposure(current: OtherResource, old: StateFields, { rules }: CompareSettings): ModifiedReason[] {
  const keys = ['type', 'owner', 'maturity', 'url', 'description', 'label'].filter((key) => rules.comparison.exposureKeys.has(key))
  const before = new Set(strings(dict(old.get('depends_on')).get('nodes')))
  const now = new Set(current.depends_on.nodes)
  const moved = before.size !== now.size || Array.from(now).some((id) => !before.has(id))
  return [
    ...fqn(current.fqn, old),
    ...named(current, old, keys),
    ...(moved && rules.comparison.exposureKeys.has('depends_on') ? [reason('depends_on', null, 'depends_on changed', { old: Array.from(before).toSorted().join(', '), new: Array.from(now).toSorted().join(', ') })] : []),
    ...(rules.comparison.exposureConfigs ? configs(current.unrendered_config, dictOf(old, 'unrendered_config')) : []),
  ]
}

function compareSavedQuery(current: OtherResource, old: StateFields): ModifiedReason[] {
  const [params, before] = [dict(current.properties.get('query_params')), dict(old.get('query_params'))]
  const exported = (value: Value | undefined): Value => new PyList(items(value).map((each) => {
    // The state has both; what was just read has the config as it was written.
    const raw = dict(dict(each).get('unrendered_config') ?? dict(each).get('config'))
    return new PyDict([['name', dict(each).get('name') ?? null], ...['export_as', 'schema', 'alias'].map((key) => [key, raw.get(key) ?? null] as const)])
  }))
  return [
    ...['metrics', 'group_by', 'where'].flatMap((key) => property(key, before.get(key), params.get(key))),
    ...named(current, old, ['description', 'label', 'group']),
    ...property('exports', exported(old.get('exports')), exported(current.properties.get('exports'))),
    ...property('tags', old.get('tags'), new PyList([...current.tags])),
    ...rendered(current, old),
  ]
}

/** dbt hashes Python's text of model, versions, given, expect and overrides; where either hash is missing their texts are compared, order included. */
function compareUnitTest(current: OtherResource, old: StateFields): ModifiedReason[] {
  const [was, is] = [old.get('checksum'), current.properties.get('checksum')]
  if (typeof was === 'string' && typeof is === 'string') return was === is ? [] : [reason('unit_test', null, 'the unit test changed', { old: was, new: is })]
  // Rows that are not known are not said to differ.
  return (current.unknown.length > 0 ? ['model', 'versions', 'overrides'] : ['model', 'versions', 'given', 'expect', 'overrides']).flatMap((key) => {
    const [before, now] = [plain(old.get(key) ?? null), plain(current.properties.get(key) ?? null)]
    return reprOf(before) === reprOf(now) ? [] : [reason(key, null, `${key} of the unit test changed`, { old: shown(before), new: shown(now) })]
  })
}

/** Without the fields a manifest writes as None. */
function plain(value: Value): Value {
  if (value instanceof PyDict) return new PyDict(value.items().filter(([, item]) => item !== null).map(([key, item]) => [key, plain(item)] as const))
  return value instanceof PyList ? new PyList(value.items.map(plain)) : value
}

function named(current: OtherResource, old: StateFields, keys: readonly string[]): ModifiedReason[] {
  return keys.flatMap((key) => property(key, old.get(key), key === 'description' ? current.description : key === 'group' ? current.group : current.properties.get(key)))
}

function property(key: string, was: Value | undefined, is: Value | undefined): ModifiedReason[] {
  return sameFields(was, is) ? [] : [reason(key, null, `${key} changed`, { old: shown(was), new: shown(is) })]
}

function fqn(current: readonly string[], old: StateFields): ModifiedReason[] {
  const before = strings(old.get('fqn'))
  return before.length === current.length && before.every((part, i) => part === current[i]) ? [] : [reason('fqn', null, `moved from ${before.join('.')} to ${current.join('.')}`, { old: before.join('.'), new: current.join('.') })]
}

function configs(current: Config, before: Config): ModifiedReason[] {
  return Array.from(new Set([...before.keys(), ...current.keys()])).flatMap((key) => {
    const [was, is] = [before.get(key), current.get(key)]
    return sameValue(was, is) ? [] : [reason('configs', 'configs', was === undefined ? `config ${key} was added` : is === undefined ? `config ${key} was removed` : `config ${key} changed`, { key, old: shown(was), new: shown(is) })]
  })
}

/** `self.config == old.config`: the rendered config. */
function rendered(current: OtherResource, old: StateFields): ModifiedReason[] {
  const before = old.get('config') ?? new PyDict()
  const now = new PyDict(Array.from(current.config))
  return sameFields(before, now) ? [] : [reason('configs', 'configs', 'the config changed', { old: shown(before), new: shown(now) })]
}

function dict(value: Value | undefined): PyDict { return value instanceof PyDict ? value : new PyDict() }
function dictOf(fields: StateFields, key: string): Config { return fieldsOf(dict(fields.get(key))) }
function items(value: Value | undefined): readonly Value[] { return value instanceof PyList ? value.items : [] }
function strings(value: Value | undefined): string[] { return items(value).filter((item) => typeof item === 'string') }
