// Inlay hints: behind each ref, source and function, the relation that it reads.

import type { Span } from '../text/span.ts'
import { callsIn, type ResolvedCall, type Snapshot } from '../dbt/snapshot.ts'
import { factsOf, headlineOf, hintOf } from './describe.ts'
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
  return [...bySpan.values()].flatMap((calls) => hint(snapshot, calls)).toSorted((one, other) => one.offset - other.offset)
}

function hint(snapshot: Snapshot, calls: readonly ResolvedCall[]): InlayHint[] {
  const labels = [...new Set(calls.flatMap((each) => hintOf(each.resolution) ?? []))]
  const first = calls[0]
  if (!first || labels.length === 0) return []
  const label = labels.length <= MOST_TARGETS ? labels.join(', ') : `${labels.slice(0, MOST_TARGETS).join(', ')} and ${labels.length - MOST_TARGETS} more`
  const tooltip = [...new Set(calls.map((each) => [headlineOf(each.resolution), ...factsOf(each.resolution, snapshot.now)].join('\n')))].slice(0, MOST_TARGETS).join('\n\n')
  return [{ offset: first.call.span.end, label, tooltip }]
}
