// The enums of dbt's semantic layer and what dbt says of a text that is none of them.
// metricflow_semantic_interfaces (dbt-semantic-interfaces before dbt 1.12): type_enums/, enum_extension.py ExtendedEnum.

import { strOf } from '../../../jinja/repr.ts'
import type { Value } from '../../../jinja/value.ts'

const ENUMS = {
  TimeGranularity: ['nanosecond', 'microsecond', 'millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'],
  DimensionType: ['categorical', 'time'],
  EntityType: ['foreign', 'natural', 'primary', 'unique'],
  AggregationType: ['sum', 'min', 'max', 'count_distinct', 'sum_boolean', 'average', 'percentile', 'median', 'count'],
  ConversionCalculationType: ['conversions', 'conversion_rate'],
  MetricType: ['simple', 'ratio', 'cumulative', 'derived', 'conversion'],
} as const

/** Finest first. */
export const GRAINS: readonly string[] = ENUMS.TimeGranularity

/** Null when the text, in whatever case, is one of the enum. */
export function wrongEnum(name: keyof typeof ENUMS, value: Value): string | null {
  const values: readonly string[] = ENUMS[name]
  return typeof value === 'string' && values.includes(value.toLowerCase()) ? null : `Invalid enum value: \`${strOf(value)}\` in enum ${name}`
}
