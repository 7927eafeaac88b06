// The differences from dbt that we know of and could not mend: known-differences.json. The list can only shrink: what is not in it fails,
// and so does an entry of it that no longer differs.

import { readFileSync } from 'node:fs'
import path from 'node:path'

/** `id`: `*` for every node of the case. `field` is a field of the node; `missing`, `extra` for a node that one side has not; `refusal` (with an empty id) for what dbt says when it refuses the project.
 * Of deferral: the case is `PROJECT VERSION resolve`, the id a node and the mark of its line, the field `relation`. */
export interface KnownDifference { readonly case: string; readonly id: string; readonly field: string; readonly why: string }

export interface Known {
  /** True when it is listed; marks it as seen. */
  takes(name: string, id: string, field: string): boolean
  /** Entries of these cases that were not met. */
  stale(names: readonly string[]): readonly KnownDifference[]
}

export function knownDifferences(judge: 'parse' | 'defer'): Known {
  const all = JSON.parse(readFileSync(path.join(import.meta.dirname, 'known-differences.json'), 'utf8')) as Record<string, readonly KnownDifference[]>
  const list = all[judge] ?? []
  const keys = new Map(list.map((each) => [keyOf(each.case, each.id, each.field), each]))
  const met = new Set<string>()
  return {
    takes(name, id, field) {
      const key = [keyOf(name, id, field), keyOf(name, '*', field)].find((each) => keys.has(each))
      if (key === undefined) return false
      met.add(key)
      return true
    },
    stale: (names) => [...keys].filter(([key, each]) => !met.has(key) && names.includes(each.case)).map(([, each]) => each),
  }
}

function keyOf(...parts: readonly string[]): string { return parts.join('\0') }
