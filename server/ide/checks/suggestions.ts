// Adds to a "not found" problem the names that may have been meant, for its code action.

import { closest, distance } from 'fastest-levenshtein'
import type { Problem } from '../../dbt/problem.ts'
import { lookupOf } from '../../dbt/graph/lookup.ts'
import type { Snapshot } from '../../dbt/snapshot.ts'

const NOT_FOUND: ReadonlySet<string> = new Set(['ref-not-found', 'source-not-found', 'function-not-found'])

export function refSuggestions(snapshot: Snapshot, problem: Problem): Problem {
  if (!NOT_FOUND.has(problem.code)) return problem
  const wanted = problem.data?.['name']
  if (typeof wanted !== 'string') return problem
  const lookup = lookupOf(snapshot.manifest)
  const table = problem.code === 'source-not-found' ? lookup.sources : problem.code === 'function-not-found' ? lookup.functions : lookup.refs
  const names = [...table.keys()]
  if (names.length === 0) return problem
  const near = names.filter((name) => distance(name, wanted) <= Math.max(2, Math.floor(wanted.length / 3))).toSorted((one, other) => distance(one, wanted) - distance(other, wanted)).slice(0, 3)
  const best = near.length > 0 ? near : names.filter((name) => name === closest(wanted, names) && name.includes(wanted))
  return best.length === 0 ? problem : { ...problem, data: { ...problem.data, suggestions: best } }
}
