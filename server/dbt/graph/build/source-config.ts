// The config of a source and the fields that come from it; before dbt 1.10 they come from the entries themselves.
// dbt 1.12: parser/sources.py SourcePatcher._generate_source_config, merge_source_freshness; 1.7, 1.8: SourcePatcher.parse_source.

import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import { sourceFreshness } from '../../names/config-values.ts'
import type { Config, SourceNode } from '../../nodes/types.ts'
import type { Rules } from '../../rules/rules.ts'
import { configOf, nullableText, textList } from './columns.ts'

type Data = ReadonlyMap<string, Value>

/** The fields of a source that config has as well. */
export function sourceFields(rules: Rules, config: Config, source: Data, table: Data): Pick<SourceNode, 'tags' | 'meta' | 'freshness' | 'loaded_at_field'> {
  if (rules.sourceFields === 'config') return { tags: textList(config.get('tags')), meta: configOf(config.get('meta')), freshness: config.get('freshness') ?? null, loaded_at_field: nullableText(config.get('loaded_at_field')) }
  const tableOnly = rules.sourceFields === 'table'
  const field = table.get('loaded_at_field')
  return {
    tags: [...new Set([...textList(source.get('tags')), ...textList(table.get('tags'))])].toSorted(),
    meta: new Map([...(tableOnly ? [] : configOf(source.get('meta'))), ...configOf(table.get('meta'))]),
    freshness: oldFreshness(source.get('freshness'), table.get('freshness')),
    loaded_at_field: nullableText(tableOnly ? field || source.get('loaded_at_field') : table.has('loaded_at_field') ? field : source.get('loaded_at_field')),
  }
}

/** SourcePatcher._generate_source_config: `config` of source and table, with the old top-level keys folded in. Tables that say nothing of it share that of their source. */
export function sourceConfig(rules: Rules, source: Data, table: Data): ReadonlyMap<string, Value> {
  if (TABLE_KEYS.some(key => table.has(key))) return mergedConfig(rules, source, table)
  const known = ofSources.get(source)
  if (known && known.rules === rules) return known.config
  const config = mergedConfig(rules, source, NO_KEYS)
  ofSources.set(source, { rules, config })
  return config
}

/** All that mergedConfig reads of a table. */
const TABLE_KEYS: readonly string[] = ['config', 'freshness', 'loaded_at_field', 'loaded_at_query', 'meta', 'tags']
const NO_KEYS: Data = new Map()
const ofSources = new WeakMap<Data, { readonly rules: Rules; readonly config: ReadonlyMap<string, Value> }>()

function mergedConfig(rules: Rules, source: Data, table: Data): Map<string, Value> {
  const sourceConfig = configOf(source.get('config')), tableConfig = configOf(table.get('config'))
  const result = new Map(sourceConfig)
  for (const [key, value] of tableConfig) result.set(key, value)
  if (rules.sourceFields !== 'config') return result
  const freshness = freshnessOf([source.get('freshness'), sourceConfig.get('freshness'), table.get('freshness'), tableConfig.get('freshness')])
  if (freshness === undefined) result.delete('freshness')
  else result.set('freshness', freshness)
  const present = table.has('loaded_at_field') || Boolean(tableConfig.get('loaded_at_field'))
  const field = present || (table.get('loaded_at_field') ?? null) !== null || (tableConfig.get('loaded_at_field') ?? null) !== null
    ? table.get('loaded_at_field') || tableConfig.get('loaded_at_field') : source.get('loaded_at_field') || sourceConfig.get('loaded_at_field')
  result.set('loaded_at_field', field ?? null)
  const query = (table.get('loaded_at_query') ?? null) !== null || (tableConfig.get('loaded_at_query') ?? null) !== null
    ? table.get('loaded_at_query') || tableConfig.get('loaded_at_query') : present ? null : source.get('loaded_at_query') || sourceConfig.get('loaded_at_query')
  result.set('loaded_at_query', query ?? null)
  // Keys as they are written: before 1.12 the class refuses those that are no text.
  result.set('meta', new PyDict([source.get('meta'), sourceConfig.get('meta'), table.get('meta'), tableConfig.get('meta')].flatMap(level => level instanceof PyDict ? level.items() : [])))
  const tags = [...textList(source.get('tags')), ...configTags(sourceConfig.get('tags')), ...textList(table.get('tags')), ...configTags(tableConfig.get('tags'))]
  result.set('tags', new PyList([...new Set(tags)].toSorted()))
  return result
}

/** SourcePatcher._get_config_tags: what is no text is warned of and left out. */
function configTags(tags: Value | undefined): string[] {
  return (tags instanceof PyList ? tags.items : [tags]).filter(tag => typeof tag === 'string')
}

/** merge_source_freshness over source, source config, table, table config; undefined when nobody set a threshold. */
function freshnessOf(levels: readonly (Value | undefined)[]): Value | undefined {
  if (levels.every(level => level === undefined)) return undefined
  let merged: PyDict | null | undefined
  levels.forEach((level, index) => {
    // Nothing written sets nothing.
    if (level === undefined && index > 0) return
    const given = level === null ? null : sourceFreshness(level instanceof PyDict ? level : new PyDict())
    const written = level instanceof PyDict ? level : new PyDict()
    if (index === 0) merged = given
    else if (merged && given) merged = mergeThresholds(merged, given, written)
    else merged = !merged && given && isSet(given) ? given : null
  })
  if (merged === null) return null
  return merged && isSet(merged) ? merged : undefined
}

/** merge_freshness before dbt 1.10: what is not written is a threshold without values, and null takes it away. */
function oldFreshness(source: Value | undefined, table: Value | undefined): Value {
  const read = (level: Value | undefined): PyDict | null => level === null ? null : sourceFreshness(level instanceof PyDict ? level : new PyDict())
  const [base, update] = [read(source), read(table)]
  return base && update ? mergeThresholds(base, update, table instanceof PyDict ? table : new PyDict()) : base === null ? update : null
}

function isSet(threshold: PyDict): boolean {
  return ['warn_after', 'error_after'].some(key => {
    const time = threshold.get(key)
    return time instanceof PyDict && (time.get('count') ?? null) !== null && (time.get('period') ?? null) !== null
  })
}

function mergeThresholds(base: PyDict, update: PyDict, written: PyDict): PyDict {
  const time = (key: string): Value => {
    const left = base.get(key) ?? null, right = update.get(key) ?? null
    const bothSet = left instanceof PyDict && timeSet(left) && right instanceof PyDict && timeSet(right)
    if (bothSet) return new PyDict([...left.items(), ...right.items().filter(([, value]) => value !== null)])
    if (right === null) return null
    return right instanceof PyDict && timeSet(right) ? right : left
  }
  return new PyDict([['warn_after', time('warn_after')], ['error_after', time('error_after')], ['filter', written.get('filter') ?? base.get('filter') ?? null]])
}

function timeSet(time: PyDict): boolean { return (time.get('count') ?? null) !== null && (time.get('period') ?? null) !== null }

/** calculate_loaded_at_field_query_from_raw_target. */
export function loadedTwice(source: Data, table: Data): string | null {
  const given = (of: Data, key: string): boolean => Boolean(of.get(key)) || Boolean(configOf(of.get('config')).get(key))
  const message = (level: string): string => `Cannot specify both loaded_at_field and loaded_at_query at ${level} level.`
  if ((table.has('loaded_at_field') || given(table, 'loaded_at_field')) && given(table, 'loaded_at_query')) return message('table')
  return given(source, 'loaded_at_field') && given(source, 'loaded_at_query') ? message('source') : null
}
