// Call hierarchy of macros: who calls a macro (macros, models, tests, YAML), and what it calls, dispatch included.

import { macroDependsOn } from '../dbt/context/macro-depends.ts'
import type { MacroDefinition } from '../dbt/context/types.ts'
import { nodesIn, packageOf, sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import type { Place, Span } from '../text/span.ts'
import { macroAt, macroUses } from './macro-uses.ts'
import { dispatchUses } from './macro-dispatch.ts'
import { macroDeclaration, macroNamed } from './macros.ts'
import { callsOfFile, thingAt } from './scene.ts'

/** A macro, or (as a caller) the file in which it is called. `id`: the macro's unique_id, null for a file. */
export interface CallItem { readonly name: string; readonly detail: string; readonly id: string | null; readonly place: Place; readonly selection: Span }

/** `ranges`: the calls, in the caller's file. */
export interface CallEdge { readonly item: CallItem; readonly ranges: readonly Span[] }

export function prepareCallHierarchy(snapshot: Snapshot, path: string, offset: number): readonly CallItem[] {
  const file = sourceFile(snapshot, path)
  if (!file) return []
  const thing = thingAt(file, offset)
  const macro = thing?.kind === 'macro' ? macroNamed(snapshot, path, thing.name) : macroAt(snapshot, path, offset)
  const item = macro ? itemOf(snapshot, macro) : null
  return item ? [item] : []
}

export function incomingCalls(snapshot: Snapshot, id: string): readonly CallEdge[] {
  const macro = snapshot.world.macros.byId.get(id)
  if (!macro) return []
  const edges = new Map<string, { item: CallItem; ranges: Span[] }>()
  for (const use of [...macroUses(snapshot, macro), ...dispatchUses(snapshot, macro)]) {
    const caller = macroAt(snapshot, use.path, use.start)
    const item = (caller ? itemOf(snapshot, caller) : null) ?? fileItem(snapshot, use.path)
    const key = item.id ?? use.path
    const known = edges.get(key)
    if (known) known.ranges.push(use)
    else edges.set(key, { item, ranges: [use] })
  }
  return [...edges.values()]
}

export function outgoingCalls(snapshot: Snapshot, id: string): readonly CallEdge[] {
  const macro = snapshot.world.macros.byId.get(id)
  const file = macro ? sourceFile(snapshot, macro.node.place.path) : null
  if (!macro || !file) return []
  const { start, end } = macro.node.place
  const inside = callsOfFile(file).filter((call) => call.start >= start && call.end <= end)
  return macroDependsOn(snapshot.world.macros, snapshot.project, macro).flatMap((called): CallEdge[] => {
    const target = snapshot.world.macros.byId.get(called)
    const item = target ? itemOf(snapshot, target) : null
    if (!target || !item) return []
    const ranges = inside.filter((call) => macroNamed(snapshot, file.path, call.name)?.unique_id === called || (call.name === 'adapter.dispatch' && target.name.endsWith(`__${dispatchedName(call.args[0])}`))).map((call) => call.nameSpan)
    return [{ item, ranges }]
  })
}

function dispatchedName(argument: { readonly kind: string } | undefined): string {
  return argument?.kind === 'string' && 'value' in argument ? String(argument.value) : ''
}

function itemOf(snapshot: Snapshot, macro: MacroDefinition): CallItem | null {
  const found = macroDeclaration(snapshot, macro)
  return found && { name: macro.name, detail: `${macro.package_name}: ${macro.node.original_file_path}`, id: macro.unique_id, place: found.place, selection: found.name }
}

function fileItem(snapshot: Snapshot, path: string): CallItem {
  const node = nodesIn(snapshot, path)[0]
  const name = node && !path.endsWith('.yml') ? node.name : path.slice(path.lastIndexOf('/') + 1)
  const length = sourceFile(snapshot, path)?.text.length ?? 0
  return { name, detail: node ? `${node.package_name}: ${node.original_file_path}` : packageOf(snapshot, path), id: null, place: { path, start: 0, end: length }, selection: { start: 0, end: 0 } }
}
