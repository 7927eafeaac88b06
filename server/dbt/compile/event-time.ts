// Which rows a ref() or source() is limited to by time: `--sample`, and the batches of microbatch models that `dbt run` makes of a period.
// dbt 1.12: context/providers.py resolve_event_time_filter, materializations/incremental/microbatch.py. `dbt compile` itself applies neither.

import { strOf } from '../../jinja/repr.ts'
import type { Value } from '../../jinja/value.ts'
import { PyDatetime, PyTimezone } from '../../jinja/python/datetime.ts'
import type { EventTimeFilter } from '../context/relation.ts'
import type { ManifestNode, SourceNode } from '../nodes/types.ts'
import { momentText, type TimeWindow } from '../project/event-time.ts'
import type { CompileWorld } from './types.ts'

/** One batch of a microbatch model; `suffix` is in the name of its compiled file. */
export interface Batch extends TimeWindow { readonly id: string; readonly suffix: string }

type Filtered = { readonly kind: 'none' } | { readonly kind: 'filter'; readonly filter: EventTimeFilter } | { readonly kind: 'unknown'; readonly message: string }

const NONE: Filtered = { kind: 'none' }

/** What limits `target` as `reader` reads it. */
export function eventTimeFilterOf({ deferring: { project } }: Pick<CompileWorld, 'deferring'>, reader: ManifestNode, target: ManifestNode | SourceNode, batch: Batch | null): Filtered {
  const sample = project.flags.sample.value
  if (sample === null && batch === null) return NONE
  const column = target.config.get('event_time') ?? null
  if (column === null || column === '' || !FILTERED.has(target.resource_type) || (reader.resource_type !== 'model' && reader.resource_type !== 'snapshot')) return NONE
  if (sample?.kind === 'relative') return { kind: 'unknown', message: `--sample ${sample.spec} counts back from the moment at which dbt starts; give it a start and an end` }
  const window = sample === null ? batch : batch === null ? sample : { start: later(sample.start, batch.start), end: earlier(sample.end, batch.end) }
  return window ? { kind: 'filter', filter: { field: project.rules.quotesEventTime ? fieldOf(target, strOf(column)) : strOf(column), start: momentText(window.start), end: momentText(window.end) } } : NONE
}

const FILTERED: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'source'])

function later(one: bigint, other: bigint): bigint { return one > other ? one : other }

function earlier(one: bigint, other: bigint): bigint { return one < other ? one : other }

/** _resolve_event_time_field_name: quoted when its column says so, else when the source's `quoting: column:` does. */
function fieldOf(target: ManifestNode | SourceNode, name: string): string {
  const column = Array.from(target.columns.values()).find((each) => each.name === name)
  const ofSource = target.resource_type === 'source' ? target.quoting.get('column') ?? false : false
  // dbt quotes with the Column class of dbt-adapters, whatever the adapter.
  return column?.quote ?? ofSource ? `"${name}"` : name
}

/** What makes `dbt run` compile a model batch by batch. */
export function isMicrobatch(node: ManifestNode): boolean {
  return node.resource_type === 'model' && node.config.get('materialized') === 'incremental' && node.config.get('incremental_strategy') === 'microbatch'
}

/** The batches of a period (build_batches): cut at the batch size, the last one ends exactly at the end. Null: no batch_size. */
export function batchesOf(node: ManifestNode, period: TimeWindow): readonly Batch[] | null {
  const size = BATCH_SIZES.get(strOf(node.config.get('batch_size') ?? null))
  if (!size) return null
  const end = ceiling(period.end, size)
  const batches: Batch[] = []
  let start = truncated(period.start, size)
  do {
    const next = offset(start, size, 1)
    const suffix = new Date(Number(start / 1000n)).toISOString().slice(0, size.printed)
    batches.push({ start, end: next < end ? next : end, id: suffix.replaceAll('-', ''), suffix })
    start = next
  } while (start < end)
  return batches
}

interface BatchSize { readonly parts: number; readonly printed: number }

/** How many parts of a date a batch keeps, and how much of the ISO text its name has. */
const BATCH_SIZES: ReadonlyMap<string, BatchSize> = new Map([['year', { parts: 1, printed: 4 }], ['month', { parts: 2, printed: 7 }], ['day', { parts: 3, printed: 10 }], ['hour', { parts: 4, printed: 13 }]])

function partsOf(moment: bigint): [number, number, number, number] {
  const date = new Date(Number(moment / 1000n))
  return [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCHours()]
}

function momentOf([year, month, day, hour]: readonly [number, number, number, number]): bigint {
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  date.setUTCHours(hour)
  return BigInt(date.getTime()) * 1000n
}

function truncated(moment: bigint, { parts }: BatchSize): bigint {
  const [year, month, day, hour] = partsOf(moment)
  return momentOf([year, parts > 1 ? month : 0, parts > 2 ? day : 1, parts > 3 ? hour : 0])
}

function offset(moment: bigint, size: BatchSize, by: number): bigint {
  const parts = partsOf(truncated(moment, size))
  parts[size.parts - 1] = (parts[size.parts - 1] ?? 0) + by
  return momentOf(parts)
}

function ceiling(moment: bigint, size: BatchSize): bigint {
  const start = truncated(moment, size)
  return start === moment ? moment : offset(start, size, 1)
}

/** `model.batch` of Jinja. */
export function batchFields(batch: Batch): readonly (readonly [string, Value])[] {
  return [['id', batch.id], ['event_time_start', datetimeOf(batch.start)], ['event_time_end', datetimeOf(batch.end)]]
}

function datetimeOf(moment: bigint): PyDatetime {
  const [year, month, day, hour] = partsOf(moment)
  const rest = ((moment % 3_600_000_000n) + 3_600_000_000n) % 3_600_000_000n
  const micro = Number(rest % 1_000_000n)
  const seconds = Number(rest / 1_000_000n)
  return new PyDatetime({ year, month: month + 1, day }, { hour, minute: Math.trunc(seconds / 60), second: seconds % 60, microsecond: micro }, new PyTimezone(0n))
}
