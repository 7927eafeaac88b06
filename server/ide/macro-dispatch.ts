// `adapter.dispatch('name', 'package')`: the implementations that it chooses among, and from one of them the calls that may choose it. For every adapter, not
// only the target's: who edits `bigquery__name` on DuckDB wants to see them too.

import { dispatchSearch } from '../dbt/context/dispatch.ts'
import type { MacroDefinition } from '../dbt/context/types.ts'
import type { SourceFile } from '../dbt/files.ts'
import { packageOf, type Snapshot } from '../dbt/snapshot.ts'
import type { LiteralCall } from '../jinja/literal.ts'
import type { Place, Span } from '../text/span.ts'
import { callAround, callsOfFile, stringArgument } from './scene.ts'

const IMPLEMENTATION = /^[a-z0-9]+__(.+)$/

interface Dispatched { readonly name: string; readonly span: Span; readonly namespace: string | null }

function dispatchedBy(call: LiteralCall): Dispatched | null {
  if (call.name !== 'adapter.dispatch') return null
  const [first, second] = [call.args[0] ?? keyword(call, 'macro_name'), call.args[1] ?? keyword(call, 'macro_namespace')]
  const name = stringArgument(first)
  return name === null || !first ? null : { name, span: first.span, namespace: stringArgument(second) }
}

function keyword(call: LiteralCall, name: string): LiteralCall['args'][number] | undefined {
  return call.kwargs.find((each) => each.name === name)?.value
}

/** Whether a call in a file of this package may lead to a macro. */
function mayChoose(snapshot: Snapshot, packageName: string, { name, namespace }: Dispatched, macro: MacroDefinition): boolean {
  if (IMPLEMENTATION.exec(macro.name)?.[1] !== name) return false
  const packages = new Set(dispatchSearch(snapshot.project, name, namespace).map((each) => each.packageName))
  // Without a namespace dbt looks as it does for a plain name.
  return packages.has(macro.package_name) || (packages.has(null) && (macro.internal || macro.package_name === packageName || macro.package_name === snapshot.project.root.name))
}

/** Of the name in `adapter.dispatch` at an offset: what it may lead to, in the order in which dbt looks, then those for other adapters. */
export function dispatchedAt(snapshot: Snapshot, file: SourceFile, offset: number): { readonly span: Span; readonly macros: readonly MacroDefinition[] } | null {
  const call = callAround(file, offset)
  const dispatched = call && dispatchedBy(call)
  if (!dispatched || offset < dispatched.span.start || offset > dispatched.span.end) return null
  const own = packageOf(snapshot, file.path)
  const order = dispatchSearch(snapshot.project, dispatched.name, dispatched.namespace)
  const rank = (macro: MacroDefinition): number => {
    const at = order.findIndex((each) => each.macroName === macro.name && (each.packageName === null || each.packageName === macro.package_name))
    return at < 0 ? order.length : at
  }
  const macros = [...snapshot.world.macros.byId.values()].filter((macro) => mayChoose(snapshot, own, dispatched, macro)).toSorted((one, other) => rank(one) - rank(other))
  return macros.length === 0 ? null : { span: dispatched.span, macros }
}

/** The names in calls of `adapter.dispatch` that may lead to a macro. */
export function dispatchUses(snapshot: Snapshot, macro: MacroDefinition): readonly Place[] {
  const name = IMPLEMENTATION.exec(macro.name)?.[1]
  if (name === undefined) return []
  return [...snapshot.files.values()].filter(({ text }) => text.includes('dispatch') && text.includes(name)).flatMap((file) => callsOfFile(file).flatMap((call): Place[] => {
    const dispatched = dispatchedBy(call)
    return dispatched && mayChoose(snapshot, packageOf(snapshot, file.path), dispatched, macro) ? [{ path: file.path, ...dispatched.span }] : []
  }))
}
