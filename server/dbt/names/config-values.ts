// The shapes that dbt's config dataclasses give to values after merging: hooks, docs, contract, freshness, test failures.
// dbt 1.12: artifacts/resources/v1/config.py, model.py, snapshot.py, source_definition.py. Only shapes; nothing is looked up.

import { reprOf, strOf } from '../../jinja/repr.ts'
import { unknownWithin } from '../../jinja/unknown-within.ts'
import { typeNameOf } from '../../jinja/types.ts'
import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Config } from '../nodes/types.ts'
import type { Rules } from '../rules/rules.ts'
import { isColor } from './colors.ts'

export interface Refused { readonly error: string; readonly errorKey?: string }

/** Rewrites `changed` in place; answers dbt's complaint about the first value that has no legal shape. */
export function normaliseConfig(kind: string, changed: Map<string, Value>, textsMayBeNumbers: boolean, analysisSwitch: Rules['analysisSwitch']): Refused | null {
  let error: Refused | null = null
  for (const key of ['pre-hook', 'post-hook']) {
    const hooks = changed.get(key)
    if (!(hooks instanceof PyList)) continue
    const wrong = hooks.items.find(hook => !(hook instanceof PyDict) && typeof hook !== 'string' && !(typeof hook === 'object' && hook?.unknown))
    // json.loads in hooks.get_hook_dict; the latter half is ours.
    if (wrong !== undefined) error ??= { error: `the JSON object must be str, bytes or bytearray, not ${typeNameOf(wrong)} (a hook is a text, or a dict with sql)`, errorKey: key }
    changed.set(key, new PyList(hooks.items.map(hookOf)))
  }
  const tags = changed.get('tags')
  // Before 1.12 the class refuses them; sources are not validated.
  if (tags instanceof PyList && (textsMayBeNumbers || kind === 'source') && tags.items.some(tag => typeof tag !== 'string')) changed.set('tags', new PyList(tags.items.map(tag => unknownWithin(tag) ? tag : strOf(tag))))
  for (const key of TEXTS) {
    const value = changed.get(key)
    if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') {
      changed.set(key, strOf(value))
      if (!textsMayBeNumbers) error ??= { error: `${reprOf(value)} is not valid under any of the given schemas`, errorKey: key }
    }
  }
  fill(changed, 'docs', [['show', true], ['node_color', null]])
  fill(changed, 'contract', [['enforced', false], ['alias_types', true]])
  fill(changed, 'snapshot_meta_column_names', META_COLUMNS)
  const pointer = changed.get('latest_version_pointer')
  if (typeof pointer === 'boolean') changed.set('latest_version_pointer', new PyDict([['enabled', pointer], ['alias', null]]))
  fill(changed, 'latest_version_pointer', [['enabled', null], ['alias', null]])
  const analysis = changed.get('static_analysis')
  if (typeof analysis === 'boolean' && analysisSwitch !== 'kept') changed.set('static_analysis', analysisSwitch === 'text' ? strOf(analysis) : analysis ? 'on' : 'off')
  if (kind === 'model' && changed.has('freshness')) changed.set('freshness', modelFreshness(changed.get('freshness') ?? null))
  if (kind === 'source' && changed.get('freshness') instanceof PyDict) changed.set('freshness', sourceFreshness(changed.get('freshness') as PyDict))
  if (kind === 'function') fill(changed, 'snowflake', [['quote_args', true]])
  if (kind === 'saved_query') fill(changed, 'cache', [['enabled', false]])
  for (const key of ['meta', 'docs', 'contract', 'quoting', 'persist_docs', 'grants', 'column_types']) {
    const value = changed.get(key)
    if (value !== undefined && value !== null && !(value instanceof PyDict) && !unknownWithin(value)) error ??= { error: unmade(`${kind.charAt(0).toUpperCase()}${kind.slice(1)}Config`, key, value) ?? `expected dict for ${key}`, errorKey: key }
  }
  return error
}

/** mashumaro's InvalidFieldValue: what cannot be made into a field of the class. Null for fields that are checked afterwards. The tags of exposures are a list, made of anything that Python can walk through. */
export function unmade(of: string, key: string, value: Value): string | null {
  const type = key === 'tags' && of === 'ExposureConfig' && typeof value !== 'string' && !(value instanceof PyDict) ? 'List[str]' : TYPES.get(key)
  return type === undefined ? null : `Field "${key}" of type ${type} in ${of} has invalid value ${reprOf(value)}`
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['on_configuration_change', 'OnConfigurationChangeOption'], ['persist_docs', 'Dict[str, Any]'], ['quoting', 'Dict[str, Any]'], ['column_types', 'Dict[str, Any]'], ['meta', 'Dict[str, Any]'], ['limit', 'Optional[int]'],
])

const SEVERITY = /^(warn|error)$/i
const ONE_MATERIALIZATION: ReadonlySet<string> = new Set(['test', 'seed'])

/** What the classes' validate and NodeConfig.__post_init__ say of the whole config. */
export function refusedConfig(kind: string, config: Config): Refused | null {
  const severity = config.get('severity')
  if (kind === 'test' && typeof severity === 'string' && severity !== '' && !SEVERITY.test(severity)) return { error: `at path []: Severity must be either 'warn' or 'error'. Got '${severity}'`, errorKey: 'severity' }
  const materialized = config.get('materialized')
  if (ONE_MATERIALIZATION.has(kind) && typeof materialized === 'string' && materialized !== '' && materialized !== kind) return { error: `at path []: A ${kind} must have a materialized value of '${kind}'`, errorKey: 'materialized' }
  const after = kind === 'model' ? buildAfter(config.get('freshness') ?? null) : null
  if (after) {
    const [count, period] = [after.get('count') ?? null, after.get('period') ?? null]
    const wants = (key: string, other: string): Refused => ({ error: `\`freshness.build_after\` must have a value for \`${key}\` if a \`${other}\` is provided`, errorKey: 'freshness' })
    if (period !== null && count === null) return wants('count', 'period')
    if (count !== null && period === null) return wants('period', 'count')
    if (typeof period === 'string' && !PERIODS.has(period)) return { error: `Field "build_after" of type ModelBuildAfter in ModelFreshness has invalid value ${reprOf(new PyDict([['count', count], ['period', period]]))}`, errorKey: 'freshness' }
  }
  const thresholds = kind === 'source' ? config.get('freshness') : null
  if (thresholds instanceof PyDict) {
    for (const key of ['warn_after', 'error_after']) {
      const time = thresholds.get(key)
      const period = time instanceof PyDict ? time.get('period') ?? null : null
      if (typeof period === 'string' && !PERIODS.has(period)) return { error: `Field "${key}" of type Optional[Time] in FreshnessThreshold has invalid value ${reprOf(time ?? null)}`, errorKey: 'freshness' }
    }
  }
  const contract = config.get('contract')
  const onSchemaChange = config.get('on_schema_change') ?? null
  if (contract instanceof PyDict && contract.get('enforced') === true && config.get('materialized') === 'incremental' && onSchemaChange !== 'append_new_columns' && onSchemaChange !== 'fail') {
    return { error: `Invalid value for on_schema_change: ${strOf(onSchemaChange)}. Models materialized as incremental with contracts enabled must set on_schema_change to 'append_new_columns' or 'fail'`, errorKey: 'on_schema_change' }
  }
  return null
}

const PERIODS: ReadonlySet<string> = new Set(['minute', 'hour', 'day'])

/** NodeConfig.__post_init__ of dbt 1: a colour that its documentation site could not show. */
export function refusedColor(kind: string, config: Config): Refused | null {
  const docs = NODE_CONFIGS.has(kind) ? config.get('docs') : null
  const color = docs instanceof PyDict ? docs.get('node_color') : null
  if (typeof color !== 'string' || color === '' || isColor(color)) return null
  return { error: `Invalid color name for docs.node_color: ${color}. It is neither a valid HTML color name nor a valid HEX code.`, errorKey: 'docs' }
}

/** Classes made of NodeConfig. */
const NODE_CONFIGS: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'analysis', 'function'])

function buildAfter(freshness: Value): PyDict | null {
  const after = freshness instanceof PyDict ? freshness.get('build_after') : null
  return after instanceof PyDict ? after : null
}

/** Fields of type str: since 1.12 numbers become text, before they are refused. */
const TEXTS: readonly string[] = ['alias', 'schema', 'database', 'group', 'materialized']

const META_COLUMNS: readonly (readonly [string, Value])[] = [['dbt_valid_to', null], ['dbt_valid_from', null], ['dbt_scd_id', null], ['dbt_updated_at', null], ['dbt_is_deleted', null]]

/** The dataclass's fields in order with what the value gives; other keys of the value are dropped as mashumaro drops them. */
function fill(changed: Map<string, Value>, key: string, fields: readonly (readonly [string, Value])[]): void {
  const value = changed.get(key)
  if (value instanceof PyDict) changed.set(key, shaped(value, fields))
}

function shaped(value: PyDict, fields: readonly (readonly [string, Value])[]): PyDict {
  return new PyDict(fields.map(([name, initial]) => [name, value.has(name) ? value.get(name) ?? null : initial]))
}

/** hooks.get_hook_dict: a text that is JSON is read as such. */
function hookOf(value: Value): Value {
  if (value instanceof PyDict) return shaped(value, [['sql', ''], ['transaction', true], ['index', null]])
  if (typeof value !== 'string') return value
  return new PyDict([['sql', jsonField(value, 'sql') ?? value], ['transaction', jsonField(value, 'transaction') ?? true], ['index', null]])
}

function jsonField(text: string, field: 'sql' | 'transaction'): Value {
  if (!text.trimStart().startsWith('{') || text.trimStart().startsWith('{{')) return null
  try {
    const parsed: unknown = JSON.parse(text)
    const value: unknown = typeof parsed === 'object' && parsed !== null && Object.hasOwn(parsed, field) ? Reflect.get(parsed, field) : null
    return typeof value === 'string' || typeof value === 'boolean' ? value : null
  } catch {
    return null
  }
}

function modelFreshness(value: Value): Value {
  const after = value instanceof PyDict ? value.get('build_after') : undefined
  if (!(after instanceof PyDict)) return null
  return new PyDict([['build_after', shaped(after, [['count', null], ['period', null], ['updates_on', 'any']])]])
}

/** FreshnessThreshold with all of its fields. */
export function sourceFreshness(value: PyDict): PyDict {
  const time = (key: string): Value => {
    const given = value.get(key)
    if (given === null) return null
    return shaped(given instanceof PyDict ? given : new PyDict(), [['count', null], ['period', null]])
  }
  return new PyDict([['warn_after', time('warn_after')], ['error_after', time('error_after')], ['filter', value.get('filter') ?? null]])
}

/** TestConfig.finalize_and_validate (1.9; before it __post_init__): `store_failures_as` rules over `store_failures`. Answers what changes, null when nothing does. */
export function finishedTest(config: Config): ReadonlyMap<string, Value> | null {
  const as = config.get('store_failures_as') ?? null
  const store = config.get('store_failures') ?? null
  if (as !== null) return store === (as !== 'ephemeral') ? null : new Map([['store_failures', as !== 'ephemeral']])
  return store === true ? new Map([['store_failures_as', 'table']]) : store === false ? new Map([['store_failures_as', 'ephemeral']]) : null
}
