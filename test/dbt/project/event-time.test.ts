// Moments of --sample and --event-time-…, as dbt 1.12.6 takes and refuses them.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { momentText, parseEventTimes, parseSample } from '../../../server/dbt/project/event-time.ts'

const moments = suite('event time')

function sample(text: string): string {
  const parsed = parseSample(text)
  if (!parsed.ok) return parsed.message
  return parsed.value.kind === 'relative' ? `relative ${parsed.value.spec}` : `${momentText(parsed.value.start)} … ${momentText(parsed.value.end)}`
}

for (const [text, shown] of [
  ["{start: '2024-01-01', end: '2024-01-02T10:00'}", '2024-01-01 00:00:00+00:00 … 2024-01-02 10:00:00+00:00'],
  ["{start: '2024-01-01T00:00:00+02:00', end: 2024-01-02 10:00:00}", '2024-01-01 00:00:00+00:00 … 2024-01-02 10:00:00+00:00'],
  ["{'start': '20240101', 'end': '2024-01-05 01:02:03.5'}", '2024-01-01 00:00:00+00:00 … 2024-01-05 01:02:03.500000+00:00'],
  ["  {start: '2024-01-01', end: '2023-01-01', more: 1}", '2024-01-01 00:00:00+00:00 … 2023-01-01 00:00:00+00:00'],
  ['{start: 2024-01-01, end: 2024-01-02}', 'Field "start" of type datetime in SampleWindow has invalid value 2024-01-01'],
  ["{start: '2024-01-01'}", 'Field "end" of type datetime is missing in SampleWindow instance'],
  ["{start: 'x', end: 'y'}", "Field \"start\" of type datetime in SampleWindow has invalid value 'x'"],
  ['3 days', 'relative 3 days'],
  ['-3 days', 'relative -3 days'],
  ['3days', "Runtime Error\n  Cannot load SAMPLE_WINDOW from '3days'. Must be of form 'DAYS_INT GRAIN_SIZE'."],
  ['x days', "Runtime Error\n  Unable to convert 'x' to an integer."],
  ['3 weeks', "Runtime Error\n  Invalid grain size 'weeks'. Must be one of ['hour', 'day', 'month', 'year', 'hours', 'days', 'months', 'years']."],
] as const) moments(`--sample ${text}`, () => assert.is(sample(text), shown))

moments('--event-time-start and --event-time-end come together, in order', () => {
  const message = (start: string | null, end: string | null): string | null => { const parsed = parseEventTimes(start, end); return parsed.ok ? parsed.value && `${momentText(parsed.value.start)} … ${momentText(parsed.value.end)}` : parsed.message }
  assert.is(message(null, null), null)
  assert.is(message('2024-01-01', '2024-01-02 03:04:05'), '2024-01-01 00:00:00+00:00 … 2024-01-02 03:04:05+00:00')
  assert.match(message('2024-01-01', null) ?? '', /^The flag `--event-time-start` was specified, but `--event-time-end` was not\./)
  assert.is(message('2024-01-02', '2024-01-01'), 'Value for `--event-time-start` must be less than `--event-time-end`')
  assert.match(message('yesterday', '2024-01-01') ?? '', /^Invalid value for '--event-time-start'/)
})

moments.run()
