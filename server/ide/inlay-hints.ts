// Inlay hints: behind each ref, source and function, the relation that it reads.

import type { Span } from '../text/span.ts'
import { callsIn, sourceFile, type ResolvedCall, type Snapshot } from '../dbt/snapshot.ts'
import { becauseOf, factsOf, headlineOf, hintOf } from './describe.ts'
import { answersFor } from './meaning.ts'
import { callsOfFile, isPython, isYaml, templateOfFile } from './scene.ts'
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
  return [...[...bySpan.values()].flatMap((calls) => hint(snapshot, calls)), ...unevaluated(snapshot, path, range, bySpan)].toSorted((one, other) => one.offset - other.offset)
}

/** While the text is broken nothing of it is evaluated: what stands literally is answered, so that hints don't come and go with each key. */
function unevaluated(snapshot: Snapshot, path: string, range: Span, known: ReadonlyMap<string, unknown>): InlayHint[] {
  const file = sourceFile(snapshot, path)
  if (!file || !snapshot.manifest.final || isYaml(path) || isPython(path) || templateOfFile(file).errors.length === 0) return []
  return callsOfFile(file).flatMap((call): InlayHint[] => {
    if ((call.name !== 'ref' && call.name !== 'source') || call.open || call.end < range.start || call.start > range.end || known.has(`${call.start}:${call.end}`)) return []
    const answers = answersFor(snapshot, path, { kind: 'call', function: call.name, call, argument: -1, span: call })
    const label = answers.kind === 'resolutions' && answers.resolutions[0] ? hintOf(answers.resolutions[0]) : null
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
