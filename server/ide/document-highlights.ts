// Document highlights: the other places of this file that mean what the cursor is on.

import type { Span } from '../text/span.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import { references } from './references.ts'

export function documentHighlights(snapshot: Snapshot, path: string, offset: number): readonly Span[] {
  const found = references(snapshot, path, offset, { declaration: true }).filter((each) => each.path === path)
  // The whole file as a declaration says nothing; nor does a lone place.
  const small = found.filter((each) => each.start > 0 || each.end - each.start < 200)
  return small.some((each) => offset >= each.start && offset <= each.end) ? small : []
}
