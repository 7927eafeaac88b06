// The config classes of dbt (artifacts/resources/v1/*.py) as data: fields in order, defaults, how two levels merge.
// Values only; the merging itself is in config.ts.

import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { ResourceType } from '../nodes/types.ts'
import { hasConfigField } from '../rules/config-fields.ts'
import type { RuleSetName } from '../rules/rules.ts'

export type Merge = 'clobber' | 'append' | 'update' | 'dict-key-append' | 'object'

export interface ConfigField { readonly name: string; readonly merge: Merge; readonly default: () => Value }

export interface ConfigClass {
  readonly name: string
  readonly fields: ReadonlyMap<string, ConfigField>
  /** dbt's name of the class, under which schema/classes.ts has what its values may be. */
  readonly schema: string
}

const none = (): Value => null
const list = (): Value => new PyList([])
const dict = (): Value => new PyDict()
const of = (value: Value) => (): Value => value
const dictOf = (items: readonly (readonly [string, Value])[]) => (): Value => new PyDict(items)

type Row = readonly [string, () => Value, Merge?]

const nodeAndTest: readonly Row[] = [
  ['enabled', of(true)], ['alias', none], ['schema', none], ['database', none], ['tags', list, 'append'], ['meta', dict, 'update'], ['group', none], ['static_analysis', none],
]
const node: readonly Row[] = [
  ...nodeAndTest, ['materialized', of('view')], ['incremental_strategy', none], ['batch_size', none], ['lookback', of(1n)], ['begin', none], ['persist_docs', dict],
  ['post-hook', list, 'append'], ['pre-hook', list, 'append'], ['quoting', dict, 'update'], ['column_types', dict, 'update'], ['full_refresh', none], ['unique_key', none],
  ['on_schema_change', of('ignore')], ['on_configuration_change', of('apply')], ['grants', dict, 'dict-key-append'], ['packages', list, 'append'],
  ['docs', dictOf([['show', true], ['node_color', null]]), 'update'], ['contract', dictOf([['enforced', false], ['alias_types', true]]), 'update'],
  ['event_time', none], ['concurrent_batches', none],
]
const freshness = dictOf([
  ['warn_after', new PyDict([['count', null], ['period', null]])], ['error_after', new PyDict([['count', null], ['period', null]])], ['filter', null],
])
const rowsOf: { readonly [name: string]: readonly Row[] } = {
  node,
  model: [...node, ['access', of('protected')], ['freshness', none], ['on_error', none], ['latest_version_pointer', dictOf([['enabled', null], ['alias', null]]), 'update']],
  seed: [...node, ['materialized', of('seed')], ['delimiter', of(',')], ['quote_columns', none]],
  snapshot: [
    ...node, ['materialized', of('snapshot')], ['strategy', none], ['target_schema', none], ['target_database', none], ['updated_at', none], ['check_cols', none],
    ['snapshot_meta_column_names', dictOf([['dbt_valid_to', null], ['dbt_valid_from', null], ['dbt_scd_id', null], ['dbt_updated_at', null], ['dbt_is_deleted', null]])],
    ['dbt_valid_to_current', none],
  ],
  test: [
    ...nodeAndTest, ['schema', of('dbt_test__audit')], ['materialized', of('test')], ['severity', of('ERROR')], ['store_failures', none], ['store_failures_as', none], ['sql_header', none],
    ['where', none], ['limit', none], ['fail_calc', of('count(*)')], ['warn_if', of('!= 0')], ['error_if', of('!= 0')],
  ],
  function: [
    ...node, ['materialized', of('function')], ['type', of('scalar')], ['volatility', none], ['runtime_version', none], ['entry_point', none], ['snowflake', dictOf([['quote_args', true]])],
  ],
  source: [
    ['enabled', of(true)], ['event_time', none], ['freshness', freshness], ['loaded_at_field', none], ['loaded_at_query', none], ['meta', dict, 'update'], ['tags', list], ['static_analysis', none],
  ],
  exposure: [['enabled', of(true)], ['tags', list], ['meta', dict]],
  metric: [['enabled', of(true)], ['group', none], ['meta', dict, 'update']],
  semantic_model: [['enabled', of(true)], ['group', none], ['meta', dict, 'update']],
  saved_query: [['enabled', of(true)], ['group', none], ['meta', dict, 'update'], ['export_as', none], ['schema', none], ['cache', dictOf([['enabled', false]])]],
  unit_test: [['tags', list, 'append'], ['meta', dict, 'update'], ['enabled', of(true)], ['static_analysis', none]],
  group: [['meta', dict, 'update']],
}

const classes = new Map<string, ConfigClass>()
for (const [name, rows] of Object.entries(rowsOf)) {
  classes.set(name, { name, schema: `${name.split('_').map(part => part.charAt(0).toUpperCase() + part.slice(1)).join('')}Config`, fields: new Map(rows.map(([field, value, merge]) => [field, { name: field, merge: merge ?? 'clobber', default: value }])) })
}
const nodeClass = classes.get('node') as ConfigClass

const versions = new Map<RuleSetName, Map<string, ConfigClass>>()

/** contracts/graph/model_config.py get_config_for, with the fields of that version; analyses and operations have the plain node's. One object for each class and version. */
export function configClassOf(type: ResourceType, rules: RuleSetName): ConfigClass {
  const whole = classes.get(type) ?? nodeClass
  let known = versions.get(rules)
  if (!known) versions.set(rules, known = new Map<string, ConfigClass>())
  let found = known.get(whole.name)
  if (!found) known.set(whole.name, found = { ...whole, fields: new Map(Array.from(whole.fields).filter(([field]) => hasConfigField(rules, whole.name, field))) })
  return found
}

/** common: dbt_common/contracts/config/base.py BaseConfig.mergebehavior, for config() calls whose class is not known. */
export const CALL_MERGE: ReadonlyMap<string, Merge> = new Map<string, Merge>([
  ...['pre-hook', 'pre_hook', 'post-hook', 'post_hook', 'tags', 'packages'].map(key => [key, 'append'] as const),
  ...['quoting', 'column_types', 'meta', 'docs', 'contract'].map(key => [key, 'update'] as const),
  ['grants', 'dict-key-append'], ['snapshot_meta_column_names', 'object'],
])
