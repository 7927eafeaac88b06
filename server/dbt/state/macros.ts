// Which macros differ from the state's, and which nodes they reach. dbt-core 1.12 StateSelectorMethod._macros_modified and
// recursively_check_macros_modified: the exact text of the block counts, added and removed macros count, tests and hooks included.

import type { Manifest } from '../nodes/types.ts'
import type { Comparison } from '../rules/comparison.ts'
import { reason, type ModifiedReason } from './reasons.ts'
import type { StateManifest } from './types.ts'

export interface MacroComparison {
  /** unique_id → how it differs. */
  readonly modified: ReadonlyMap<string, 'changed' | 'added'>
  /** The reason for a node that depends on these macros; null: none of them differs. */
  reach(macros: readonly string[], node: string): ModifiedReason | null
}

/** `compared`: whether the macros of a package are known well enough to be compared; dbt's own often are not. */
export function compareMacros(current: Manifest, state: StateManifest, comparison: Comparison, compared: (packageName: string) => boolean): MacroComparison {
  const modified = new Map<string, 'changed' | 'added'>()
  // A call without a package finds its own package's macros; `default__x` and the like are reached by dispatch alone.
  const followed = (from: string, macros: readonly string[]): readonly string[] => comparison.macros === 'transitive' ? macros : macros.filter((id) => packageOf(id) === packageOf(from) && !/^macro\.[^.]+\.[a-z]+__/.test(id))
  for (const [id, macro] of current.macros) {
    if (!compared(macro.package_name)) continue
    const old = state.macros.get(id)?.get('macro_sql')
    if (old === undefined) { if (comparison.macroAddedCounts) modified.set(id, 'added') }
    else if (old !== macro.macro_sql && !(comparison.body === 'whitespace' && typeof old === 'string' && old.trim() === macro.macro_sql.trim())) modified.set(id, 'changed')
  }
  // Macros don't depend on nodes, so what one reaches is the same for every node.
  const chains = new Map<string, readonly string[] | null>()
  const chainOf = (id: string, above: ReadonlySet<string>): readonly string[] | null => {
    const known = chains.get(id)
    if (known !== undefined) return known
    if (modified.has(id)) { chains.set(id, [id]); return [id] }
    const inside = new Set(above).add(id)
    let complete = true
    for (const called of followed(id, current.macros.get(id)?.depends_on.macros ?? [])) {
      if (inside.has(called)) { complete = false; continue }
      const chain = chainOf(called, inside)
      if (chain) { const found = [id, ...chain]; chains.set(id, found); return found }
    }
    // Inside a cycle the answer holds for this walk alone.
    if (complete || above.size === 0) chains.set(id, null)
    return null
  }
  return {
    modified,
    reach: (macros, node) => {
      if (modified.size === 0) return null
      for (const id of followed(node, macros)) {
        const chain = chainOf(id, new Set())
        const last = chain?.[chain.length - 1]
        if (chain && last !== undefined) {
          const how = modified.get(last) === 'added' ? 'is new' : 'changed'
          return reason('macros', 'macros', `${last} ${how}${chain.length > 1 ? `, called through ${chain.slice(0, -1).join(' → ')}` : ''}`, { key: last, chain, old: textOf(state.macros.get(last)?.get('macro_sql')), new: current.macros.get(last)?.macro_sql ?? null })
        }
      }
      return null
    },
  }
}

function packageOf(id: string): string {
  return id.split('.')[1] ?? ''
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
