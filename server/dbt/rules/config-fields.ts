// Since when dbt's config classes have their fields, as data: read off the classes of 1.7, 1.8, 1.10, 1.11 and 1.12, and the notes of 1.9.
// What is not listed has been there since 1.7. Only names; what a field holds is names/config-classes.ts's business.

import type { RuleSetName } from './rules.ts'

const ORDER: readonly RuleSetName[] = ['1.7', '1.8', '1.9', '1.10', '1.11', '1.12', '2']

/** `field`: of every class that has it; `class.field`: of that one. */
const SINCE: ReadonlyMap<string, RuleSetName> = new Map(Object.entries<RuleSetName>({
  event_time: '1.9', batch_size: '1.9', lookback: '1.9', begin: '1.9', concurrent_batches: '1.9', static_analysis: '1.11',
  'model.freshness': '1.10', 'model.on_error': '1.12', 'model.latest_version_pointer': '1.12',
  'snapshot.snapshot_meta_column_names': '1.9', 'snapshot.dbt_valid_to_current': '1.9',
  'test.sql_header': '1.12',
  'source.freshness': '1.10', 'source.loaded_at_field': '1.10', 'source.loaded_at_query': '1.10', 'source.meta': '1.10', 'source.tags': '1.10',
  'exposure.tags': '1.10', 'exposure.meta': '1.10',
  'metric.meta': '1.8', 'saved_query.cache': '1.8', 'unit_test.enabled': '1.9', 'function.snowflake': '1.12',
}))

/** Whether the class has the field in that version. */
export function hasConfigField(rules: RuleSetName, className: string, field: string): boolean {
  const since = SINCE.get(`${className}.${field}`) ?? SINCE.get(field)
  return since === undefined || ORDER.indexOf(rules) >= ORDER.indexOf(since)
}
