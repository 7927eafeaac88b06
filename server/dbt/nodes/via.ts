// The macros through which a call was reached, as related places of what is wrong with it. dbt's own macros have no file here.

import type { Problem } from '../problem.ts'
import type { ResourceCall } from './types.ts'

/** Innermost first; nothing for a call that stands in the node's own text. */
export function relatedVia({ via }: Pick<ResourceCall, 'via'>): Pick<Problem, 'related'> {
  const related = via.filter(({ path }) => !path.startsWith('dbt:')).map(({ path, span, macro }) => ({ place: { path, start: span.start, end: span.end }, message: macro === null ? 'called here' : `in ${macro.replace(/^macro\./, 'macro ')}` }))
  return related.length > 0 ? { related } : {}
}
