// What the project's own ref(), source() or function() macro gave back for the calls that it passed on, by call.

import type { RunEvaluation } from '../context/types.ts'
import type { ResourceCall } from '../nodes/types.ts'

/** Text by keyOfCall; null: not known, or not the same every time. */
export type Given = ReadonlyMap<string, string | null>

export const NOTHING_GIVEN: Given = new Map()

/** The same for one call, whether dbt parses or runs. */
export function keyOfCall({ kind, args, version, path, span, via }: ResourceCall): string {
  return [kind, ...args, String(version), path, span.start, span.end, ...via.flatMap((each) => [each.path, each.span.start, each.span.end])].join('\0')
}

export function givenOf({ given }: Pick<RunEvaluation, 'given'>): Given {
  if (given.size === 0) return NOTHING_GIVEN
  const texts = new Map<string, string | null>()
  for (const [call, text] of given) {
    const key = keyOfCall(call)
    texts.set(key, texts.has(key) && texts.get(key) !== text ? null : text)
  }
  return texts
}
