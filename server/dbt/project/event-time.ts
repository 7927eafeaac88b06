// Moments of `--sample`, `--event-time-start` and `--event-time-end`, in microseconds since 1970 UTC (dbt takes every one for UTC), and their texts.
// dbt 1.12: cli/option_types.py SampleType, event_time/sample_window.py, cli/flags.py _validate_event_time_configs. Reads no clock.

import { PyDict } from '../../jinja/value.ts'
import { strOf } from '../../jinja/repr.ts'
import { parseYaml } from '../../yaml/parse.ts'
import { variableValue } from './yaml-values.ts'

export interface TimeWindow { readonly start: bigint; readonly end: bigint }

/** `3 days` ends at the moment at which dbt starts, which nobody knows before. */
export type Sample = ({ readonly kind: 'window' } & TimeWindow) | { readonly kind: 'relative'; readonly spec: string }

type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

const GRAINS = ['hour', 'day', 'month', 'year']

/** `--sample`: `{start: …, end: …}`, or a number and a grain. */
export function parseSample(text: string): Parsed<Sample> {
  if (text.trimStart().startsWith('{')) return parseWindow(text)
  const [count, grain, ...more] = text.split(' ')
  if (count === undefined || grain === undefined || more.length > 0) return refused(`Runtime Error\n  Cannot load SAMPLE_WINDOW from '${text}'. Must be of form 'DAYS_INT GRAIN_SIZE'.`)
  if (!/^[+-]?\d+$/.test(count)) return refused(`Runtime Error\n  Unable to convert '${count}' to an integer.`)
  if (!GRAINS.includes(grain.toLowerCase().replace(/s+$/, ''))) return refused(`Runtime Error\n  Invalid grain size '${grain}'. Must be one of [${[...GRAINS, ...GRAINS.map((each) => `${each}s`)].map((each) => `'${each}'`).join(', ')}].`)
  return { ok: true, value: { kind: 'relative', spec: text } }
}

function parseWindow(text: string): Parsed<Sample> {
  const value = variableValue(parseYaml(text).root)
  if (!(value instanceof PyDict)) return refused(`String '${text}' is not valid YAML`)
  const moments: bigint[] = []
  for (const key of ['start', 'end']) {
    const given = value.get(key)
    if (given === undefined) return refused(`Field "${key}" of type datetime is missing in SampleWindow instance`)
    // A YAML date is no datetime; a YAML timestamp is taken as it stands, its zone replaced.
    const moment = typeof given === 'string' || (given !== null && typeof given === 'object' && given.typeName === 'datetime') ? parseMoment(strOf(given)) : null
    if (moment === null) return refused(`Field "${key}" of type datetime in SampleWindow has invalid value ${typeof given === 'string' ? `'${given}'` : strOf(given)}`)
    moments.push(moment)
  }
  return { ok: true, value: { kind: 'window', start: moments[0] ?? 0n, end: moments[1] ?? 0n } }
}

/** Both or neither, start before end; null: neither. */
export function parseEventTimes(start: string | null, end: string | null): Parsed<TimeWindow | null> {
  if (start === null && end === null) return { ok: true, value: null }
  const only = (given: string, missing: string): Parsed<never> => refused(`The flag \`--event-time-${given}\` was specified, but \`--event-time-${missing}\` was not. When specifying \`--event-time-${given}\`, \`--event-time-${missing}\` must also be present.`)
  if (start === null) return only('end', 'start')
  if (end === null) return only('start', 'end')
  const [from, to] = [parseOption(start), parseOption(end)]
  if (from === null || to === null) return refused(`Invalid value for '--event-time-${from === null ? 'start' : 'end'}': '${from === null ? start : end}' does not match the formats '%Y-%m-%d', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d %H:%M:%S'.`)
  return from < to ? { ok: true, value: { start: from, end: to } } : refused('Value for `--event-time-start` must be less than `--event-time-end`')
}

/** click.DateTime. */
function parseOption(text: string): bigint | null { return /^\d{4}-\d\d?-\d\d?([T ]\d\d?:\d\d?:\d\d?)?$/.test(text) ? parseMoment(text.replaceAll(/(?<=[-T :])(\d)(?!\d)/g, '0$1')) : null }

/** datetime.fromisoformat with the zone dropped; null for what is none. */
function parseMoment(text: string): bigint | null {
  const match = /^(\d{4})(-?)(\d\d)\2(\d\d)(?:.(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,6})\d*)?)?)?(?:Z|[+-]\d\d:?\d\d(?::?\d\d)?)?)?$/.exec(text)
  if (!match) return null
  const [year, month, day, hour, minute, second] = [match[1], match[3], match[4], match[5], match[6], match[7]].map((part) => Number(part ?? 0)) as [number, number, number, number, number, number]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59 || year < 1) return null
  date.setUTCHours(hour, minute, second)
  return BigInt(date.getTime()) * 1000n + BigInt((match[8] ?? '').padEnd(6, '0'))
}

/** Python's `str()` of the datetime, in UTC. */
export function momentText(moment: bigint): string {
  const micro = ((moment % 1_000_000n) + 1_000_000n) % 1_000_000n
  const iso = new Date(Number((moment - micro) / 1000n)).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${micro === 0n ? '' : `.${String(micro).padStart(6, '0')}`}+00:00`
}

function refused(message: string): { readonly ok: false; readonly message: string } { return { ok: false, message } }
