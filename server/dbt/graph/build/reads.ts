// Is what an earlier build evaluated still true? Compares two worlds once, then answers for each evaluation by what it read.
// It errs on the side of evaluating again.

import { equal } from '../../../jinja/compare.ts'
import { PyDict } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { MacroDefinition, Reads, World } from '../../context/types.ts'
import type { Project } from '../../project/types.ts'

/** What differs between the world of an earlier build and this one. */
export interface WorldDelta {
  readonly nothing: boolean
  /** Everything is to be evaluated again: other rules, adapter, flags. */
  readonly everything: boolean
  /** Names of macros that were added, removed or changed. */
  readonly macros: ReadonlySet<string>
  readonly vars: boolean
  readonly env: ReadonlySet<string>
  readonly target: boolean
}

const NO_DELTA: WorldDelta = { nothing: true, everything: false, macros: new Set(), vars: false, env: new Set(), target: false }
const ALL: WorldDelta = { nothing: false, everything: true, macros: new Set(), vars: true, env: new Set(), target: true }

export function worldDelta(before: World | null, now: World): WorldDelta {
  if (!before) return ALL
  if (before.project === now.project && before.macros === now.macros && before.dbtVersion === now.dbtVersion) return NO_DELTA
  if (before.dbtVersion !== now.dbtVersion || !sameFrame(before.project, now.project)) return ALL
  const macros = before.macros === now.macros ? new Set<string>() : changedMacros(before.macros.byId, now.macros.byId)
  const env = before.project.env === now.project.env ? new Set<string>() : changedKeys(before.project.env, now.project.env)
  return {
    nothing: false, everything: false, macros, env,
    vars: before.project !== now.project && !sameVars(before.project, now.project),
    target: before.project !== now.project && !sameTarget(before.project, now.project),
  }
}

/** Rules, adapter, flags, packages and their order, dispatch, quoting: what every evaluation rests on. */
function sameFrame(one: Project, two: Project): boolean {
  if (one.rules !== two.rules && JSON.stringify(plain(one.rules)) !== JSON.stringify(plain(two.rules))) return false
  if (one.adapter !== two.adapter && JSON.stringify(plain(one.adapter)) !== JSON.stringify(plain(two.adapter))) return false
  if (one.flags !== two.flags && JSON.stringify(plain(one.flags)) !== JSON.stringify(plain(two.flags))) return false
  const left = [...one.packages.values()]
  const right = [...two.packages.values()]
  return left.length === right.length && left.every((of, index) => {
    const other = right[index]
    return other !== undefined && of.name === other.name && of.root === other.root && JSON.stringify([of.dispatch, plain(of.quoting), of.restrictAccess]) === JSON.stringify([other.dispatch, plain(other.quoting), other.restrictAccess])
  })
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(([key, item]) => [key, plain(item)])
  if (Array.isArray(value)) return value.map(plain)
  return typeof value === 'object' && value !== null ? Object.entries(value).map(([key, item]) => [key, plain(item)]) : typeof value === 'bigint' ? String(value) : value
}

function sameVars(one: Project, two: Project): boolean {
  if (!sameValues(one.cliVars, two.cliVars)) return false
  for (const [name, of] of one.packages) {
    const other = two.packages.get(name)
    if (!other || !sameValues(of.vars, other.vars)) return false
  }
  return true
}

function sameTarget(one: Project, two: Project): boolean {
  if (one.target === two.target) return true
  return one.target !== null && two.target !== null && one.target.name === two.target.name && one.target.database === two.target.database
    && one.target.schema === two.target.schema && sameValues(one.target.context, two.target.context) && one.root.name === two.root.name
}

export function sameValues(one: ReadonlyMap<string, Value>, two: ReadonlyMap<string, Value>): boolean {
  if (one === two) return true
  if (one.size !== two.size) return false
  for (const [key, value] of one) {
    const other = two.get(key)
    if (other === undefined || !sameValue(value, other)) return false
  }
  return true
}

/** Equal and of the same kind: 1, 1.0 and True are different texts in a template. */
function sameValue(one: Value, two: Value): boolean {
  if (one === two) return true
  if (typeof one !== typeof two) return false
  if (one instanceof PyDict && two instanceof PyDict) {
    const left = one.items(), right = two.items()
    return left.length === right.length && left.every(([key, value], index) => right[index] !== undefined && key === right[index][0] && sameValue(value, right[index][1]))
  }
  try {
    return equal(one, two)
  } catch {
    // An unknown inside: never the same.
    return false
  }
}

function changedMacros(before: ReadonlyMap<string, MacroDefinition>, now: ReadonlyMap<string, MacroDefinition>): Set<string> {
  const changed = new Set<string>()
  for (const [id, macro] of before) {
    const other = now.get(id)
    if (!other || (other !== macro && other.node.macro_sql !== macro.node.macro_sql)) changed.add(macro.name)
  }
  for (const [id, macro] of now) if (!before.has(id)) changed.add(macro.name)
  return changed
}

function changedKeys(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): Set<string> {
  const changed = new Set<string>()
  for (const [key, value] of before) if (now.get(key) !== value) changed.add(key)
  for (const key of now.keys()) if (!before.has(key)) changed.add(key)
  // `dbt_metadata_envs` reads them all.
  if ([...changed].some(key => key.startsWith('DBT_ENV_CUSTOM_ENV_'))) changed.add('DBT_ENV_CUSTOM_ENV_*')
  return changed
}

/** With more changed macros than this (dbt's own five hundred come with a state) an evaluation costs less than looking for each of them. */
const WORTH_A_LOOK = 40

/** Whether an evaluation of `text` that read `reads` would give the same again. */
export function stillTrue(delta: WorldDelta, reads: Reads, text: string, macrosOf: (id: string) => MacroDefinition | undefined): boolean {
  if (delta.nothing) return true
  if (delta.everything) return false
  if (delta.vars && reads.vars.size) return false
  if (delta.target && reads.target) return false
  for (const name of reads.env) if (delta.env.has(name)) return false
  if (!delta.macros.size) return true
  if (delta.macros.size > WORTH_A_LOOK) return false
  for (const name of delta.macros) {
    if (text.includes(name)) return false
    // `default__x` and `duckdb__x` decide what `adapter.dispatch('x')` finds.
    const dispatched = name.includes('__') ? name.slice(name.indexOf('__') + 2) : null
    for (const read of reads.macros) {
      const macro = read.slice(read.lastIndexOf(read.startsWith('missing:') ? ':' : '.') + 1)
      if (macro === name || (dispatched !== null && (macro === dispatched || macro.endsWith(`__${dispatched}`)))) return false
      if (macrosOf(read)?.node.macro_sql.includes(name)) return false
    }
  }
  return true
}
