// Compares one node as dbt's manifest has it with the record of `ls --output json`, field by field.
// Empty is absent (dbt writes null, [] or {} by class); lists whose order changes between two runs of dbt are sorted. Nothing else is forgiven.

import { isDeepStrictEqual } from 'node:util'
import type { Fields } from './recorded.ts'

export type Verdict = 'equal' | 'unknown' | 'known' | 'different'

export interface Difference {
  readonly field: string
  readonly dbt: unknown
  readonly ours: unknown
}

/** What is compared where dbt has it. `config` is compared key by key as `config.KEY`. */
export const FIELDS = ['resource_type', 'name', 'package_name', 'path', 'original_file_path', 'fqn', 'database', 'schema', 'alias', 'identifier', 'source_name',
  'relation_name', 'config', 'access', 'group', 'version', 'latest_version', 'deprecation_date', 'tags', 'meta', 'refs', 'sources', 'functions', 'depends_on',
  'description', 'columns', 'test_metadata', 'attached_node', 'column_name', 'raw_code', 'language', 'unrendered_config', 'checksum', 'contract', 'constraints',
  'primary_key', 'loader', 'external', 'quoting', 'freshness', 'loaded_at_field', 'label', 'type', 'owner', 'url', 'maturity', 'model', 'given', 'expect', 'overrides',
  'arguments', 'returns'] as const

/** Keys of our records besides FIELDS. */
export const OWN_KEYS = ['unique_id', 'enabled', 'unknown']

/**
 * dbt 2's manifest has another form: it is what dbt writes after rendering, with defaults that no dbt 1 has, other checksums, other lists of
 * macros. Names, configs that somebody gave, and edges to nodes are compared.
 */
const NOT_IN_2: ReadonlySet<string> = new Set(['checksum', 'unrendered_config', 'contract', 'quoting', 'language', 'raw_code', 'functions', 'primary_key', 'doc_blocks', 'given', 'expect', 'overrides'])
/** What a unit test has in dbt 2 because it is a node like others there. */
const OF_A_MODEL: ReadonlySet<string> = new Set(['database', 'alias', 'refs'])
/** Of a node that is switched off dbt 2 renders nothing. */
const NOT_RENDERED: ReadonlySet<string> = new Set(['refs', 'sources', 'depends_on', 'config', 'columns', 'description'])
/** Keys of `config` that one dbt or the other fills with defaults: compared where both have them. */
const FILLED_IN_2: ReadonlySet<string> = new Set(['quoting', 'static_analysis', 'schema_origin', 'contract', 'delimiter', 'docs', 'lookback', 'on_configuration_change', 'on_schema_change', 'materialized', 'alias', 'partition_by'])

/** `told`: fields that our records hold at all; others are not compared (they are counted by the caller). */
export function differencesOf(theirs: Fields, ours: Fields, told: ReadonlySet<string>, version = '1.12'): Difference[] {
  const found: Difference[] = []
  const second = version === '2'
  if (second) [theirs, ours] = [asIn2(theirs), asIn2(ours)]
  for (const field of FIELDS) {
    if (!told.has(field) || (second && (NOT_IN_2.has(field) || (ours['resource_type'] === 'unit_test' && OF_A_MODEL.has(field)) || (ours['enabled'] === false && NOT_RENDERED.has(field))))) continue
    const [dbt, own] = [steady(field, theirs[field]), steady(field, ours[field])]
    if (field === 'config' || field === 'unrendered_config') found.push(...byKey(field, dbt, own).filter((each) => !second || !FILLED_IN_2.has(each.field.slice(field.length + 1)) || (each.dbt !== undefined && each.ours !== undefined && !each.field.endsWith('.quoting') && !each.field.endsWith('.partition_by'))))
    else if (second && field === 'depends_on') found.push(...byKey(field, dbt, own).filter((each) => each.field === 'depends_on.nodes'))
    else if (!isDeepStrictEqual(dbt, own)) found.push({ field, dbt, ours: own })
  }
  return found
}

/** What dbt 2 writes in other words: tags in another order, severities in capitals, a source twice that is called twice, days without a time, columns with what their node has. */
function asIn2(node: Fields): Fields {
  const config = { ...node['config'] as Fields | undefined }
  if (Array.isArray(config['tags'])) config['tags'] = distinct(config['tags'])
  if (typeof config['severity'] === 'string') config['severity'] = config['severity'].toUpperCase()
  const { columns, sources, tags, deprecation_date: date } = node
  return {
    ...node, config,
    ...(Array.isArray(tags) ? { tags: distinct(tags) } : {}),
    ...(Array.isArray(sources) ? { sources: distinct(sources) } : {}),
    ...(typeof date === 'string' ? { deprecation_date: date.slice(0, 10) } : {}),
    ...(columns ? { columns: Object.keys(columns).sort() } : {}),
  }
}

function distinct(list: readonly unknown[]): unknown[] {
  return [...new Map(list.map((item) => [JSON.stringify(item), item])).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}

function byKey(field: string, dbt: unknown, own: unknown): Difference[] {
  const [a, b] = [(dbt ?? {}) as Fields, (own ?? {}) as Fields]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()
    .filter((key) => !isDeepStrictEqual(steady(key, a[key]), steady(key, b[key])))
    .map((key) => ({ field: `${field}.${key}`, dbt: a[key], ours: b[key] }))
}

function steady(field: string, value: unknown): unknown {
  // dbt 1.12 makes a text of a schema that is None when it writes the manifest, and there alone.
  if (field === 'schema' && value === 'None') return undefined
  const kept = withoutEmpty(value)
  if (kept === undefined) return undefined
  if ((field === 'refs' || field === 'sources' || field === 'functions') && Array.isArray(kept)) return [...kept].sort(byText)
  // The tags of a column are made of a set (parser/common.py ParserRef._add).
  if (field === 'columns' && typeof kept === 'object' && kept !== null) return JSON.parse(JSON.stringify(kept, (key, value: unknown) => (key === 'tags' && Array.isArray(value) ? [...value].sort() : value)))
  if (field === 'depends_on' && typeof kept === 'object' && kept !== null) {
    return Object.fromEntries(Object.entries(kept).map(([key, list]) => [key, Array.isArray(list) ? [...new Set(list as string[])].sort() : list]))
  }
  return kept
}

function byText(a: unknown, b: unknown): number {
  const [x, y] = [JSON.stringify(a), JSON.stringify(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

function withoutEmpty(value: unknown): unknown {
  if (value === null || value === '' || value === undefined) return undefined
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item: unknown) => (item === null ? null : typeof item === 'object' ? withoutEmpty(item) ?? {} : item))
  if (typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, item]) => [key, withoutEmpty(item)] as const).filter(([, item]) => item !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
