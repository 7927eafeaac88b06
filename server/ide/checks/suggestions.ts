// Adds to a "not found" problem the names that may have been meant, for its code action.

import { distance } from 'fastest-levenshtein'
import type { Problem } from '../../dbt/problem.ts'
import { lookupOf, type NameTable } from '../../dbt/graph/lookup.ts'
import type { Snapshot } from '../../dbt/snapshot.ts'

/** `data.suggestions`: whole names; for a source the table's, when the source itself is right. */
export function refSuggestions(snapshot: Snapshot, problem: Problem): Problem {
  const args = problem.data?.['args']
  if (!Array.isArray(args) || args.length === 0) return problem
  const lookup = lookupOf(snapshot.manifest)
  const last = String(args.at(-1))
  switch (problem.code) {
    case 'ref-not-found': return suggested(problem, nearestKeys(lookup.refs, last))
    case 'function-not-found': return suggested(problem, nearestKeys(lookup.functions, last))
    case 'source-not-found': {
      const own = [...lookup.sources.keys()].filter((key) => key.startsWith(`${String(args[0])}.`))
      return suggested(problem, nearest(own.map((key) => key.slice(key.indexOf('.') + 1)), last))
    }
    default: return problem
  }
}

/** By table, and by what was looked for: tables stay the same from one key to the next, and a wrong name is asked about with each of them. */
const answers = new WeakMap<NameTable, Map<string, readonly string[]>>()

function nearestKeys(names: NameTable, wanted: string): readonly string[] {
  const known = answers.get(names) ?? new Map<string, readonly string[]>()
  answers.set(names, known)
  let near = known.get(wanted)
  if (!near) known.set(wanted, near = nearest([...names.keys()], wanted))
  return near
}

/** At most three, nearest first: as many typing errors as a third of the name has letters, or one name within the other. */
export function nearest(names: readonly string[], wanted: string): string[] {
  const most = wanted.length < 3 ? 1 : Math.max(2, Math.floor(wanted.length / 3))
  const near = names.filter((name) => Math.abs(name.length - wanted.length) <= most && distance(name, wanted) <= most).toSorted((one, other) => distance(one, wanted) - distance(other, wanted)).slice(0, 3)
  return near.length > 0 || wanted.length < 3 ? near : names.filter((name) => name.includes(wanted) || (name.length >= 4 && wanted.includes(name))).toSorted((one, other) => one.length - other.length).slice(0, 3)
}

export function suggested(problem: Problem, names: readonly string[]): Problem {
  return names.length === 0 ? problem : { ...problem, data: { ...problem.data, suggestions: names } }
}
