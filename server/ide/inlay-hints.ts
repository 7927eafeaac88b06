// Inlay hints: behind each ref, source and function, the relation that it reads.

import type { Span } from '../text/span.ts'
import { callsIn, sourceFile, type ResolvedCall, type Snapshot } from '../dbt/snapshot.ts'
import { becauseOf, factsOf, headlineOf, hintOf } from './describe.ts'
import { brokenCalls } from './meaning.ts'
import { callsOfFile, isYaml, stringArgument } from './scene.ts'
import type { InlayHint } from './types.ts'

const MOST_TARGETS = 3

export function inlayHints(snapshot: Snapshot, path: string, range: Span): readonly InlayHint[] {
  const bySpan = new Map<string, ResolvedCall[]>()
  for (const each of callsIn(snapshot, path)) {
    const { span } = each.call
    if (each.node.resource_type === 'test' && each.call.nameSpan === null) continue
    if (span.end < range.start || span.start > range.end) continue
    const key = `${span.start}:${span.end}`
    const known = bySpan.get(key)
    if (known) known.push(each)
    else bySpan.set(key, [each])
  }
  return [...[...bySpan.values()].flatMap((calls) => hint(snapshot, calls)), ...testArguments(snapshot, path, range, bySpan), ...unevaluated(snapshot, path, range)].toSorted((one, other) => one.offset - other.offset)
}

/** `to: ref('x')` and its like: evaluation has these calls where the test stands in YAML, the text has them in an argument of it. */
function testArguments(snapshot: Snapshot, path: string, range: Span, evaluated: ReadonlyMap<string, unknown>): InlayHint[] {
  const file = isYaml(path) ? sourceFile(snapshot, path) : null
  const ofTests = file ? callsIn(snapshot, path).filter((each) => each.node.resource_type === 'test' && each.call.nameSpan === null) : []
  if (!file || ofTests.length === 0) return []
  return callsOfFile(file).filter((call) => call.end >= range.start && call.start <= range.end && !evaluated.has(`${call.start}:${call.end}`)).flatMap((call) => {
    const args = call.args.map(stringArgument)
    // Of the tests before it that make this call, the nearest is the one whose argument it is.
    const meant = ofTests.filter((each) => each.call.span.start <= call.start && each.call.kind === call.name && each.call.args.length === args.length && each.call.args.every((arg, at) => arg === args[at]))
    const nearest = Math.max(...meant.map((each) => each.call.span.start))
    const own = meant.filter((each) => each.call.span.start === nearest)
    return hint(snapshot, own.map((each) => ({ ...each, call: { ...each.call, span: { start: call.start, end: call.end } } })))
  })
}

function unevaluated(snapshot: Snapshot, path: string, range: Span): InlayHint[] {
  return brokenCalls(snapshot, path).flatMap(({ call, resolution }): InlayHint[] => {
    const label = call.end < range.start || call.start > range.end ? null : hintOf(resolution)
    return label === null ? [] : [{ offset: call.end, label, tooltip: 'The template is not whole; this is the answer for the arguments as they stand.' }]
  })
}

function hint(snapshot: Snapshot, calls: readonly ResolvedCall[]): InlayHint[] {
  const labels = [...new Set(calls.flatMap((each) => hintOf(each.resolution) ?? []))]
  const first = calls[0]
  if (!first || labels.length === 0) return []
  const label = labels.length <= MOST_TARGETS ? labels.join(', ') : `${labels.slice(0, MOST_TARGETS).join(', ')} and ${labels.length - MOST_TARGETS} more`
  const tooltip = [...new Set(calls.map((each) => [[headlineOf(each.resolution), becauseOf(each.resolution)].filter(Boolean).join(': '), ...factsOf(each.resolution, snapshot.now)].join('\n')))].slice(0, MOST_TARGETS).join('\n\n')
  return [{ offset: first.call.span.end, label, tooltip }]
}
