// Where macros stand and where they are called: for references, rename and call hierarchy. Only files that hold the name are looked at.

import type { MacroDefinition } from '../dbt/context/types.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import type { Place } from '../text/span.ts'
import { macroNamed } from './macros.ts'
import { callsOfFile, isYaml, testEntriesOf } from './scene.ts'
import { mentionsIn } from './yaml-mentions.ts'

/** The macro in whose block the offset lies. */
export function macroAt(snapshot: Snapshot, path: string, offset: number): MacroDefinition | null {
  for (const macro of snapshot.world.macros.byId.values()) {
    const { place } = macro.node
    if (place.path === path && offset >= place.start && offset <= place.end) return macro
  }
  return null
}

/** The name at every call; generic tests where YAML names them; the place is that of the last part of a dotted name. */
export function macroUses(snapshot: Snapshot, macro: MacroDefinition): readonly Place[] {
  const test = macro.name.startsWith('test_') ? macro.name.slice('test_'.length) : null
  const places: Place[] = []
  for (const file of [...snapshot.files.values(), ...snapshot.besides.values()]) {
    if (!file.text.includes(test ?? macro.name)) continue
    for (const call of callsOfFile(file)) {
      if (call.name.split('.').at(-1) !== macro.name || macroNamed(snapshot, file.path, call.name)?.unique_id !== macro.unique_id) continue
      places.push({ path: file.path, start: call.nameSpan.end - macro.name.length, end: call.nameSpan.end })
    }
    if (!isYaml(file.path)) continue
    // What a unit test replaces.
    for (const each of mentionsIn(file)) if (each.kind === 'macro' && each.name.split('.').at(-1) === macro.name && macroNamed(snapshot, file.path, each.name)?.unique_id === macro.unique_id) places.push({ path: file.path, start: each.span.end - macro.name.length, end: each.span.end })
    if (test === null) continue
    for (const entry of testEntriesOf(file)) {
      if (entry.name.split('.').at(-1) !== test) continue
      const dot = entry.name.indexOf('.')
      const called = dot < 0 ? macro.name : `${entry.name.slice(0, dot)}.${macro.name}`
      if (macroNamed(snapshot, file.path, called)?.unique_id === macro.unique_id) places.push({ path: file.path, start: entry.span.end - test.length, end: entry.span.end })
    }
  }
  return places
}
