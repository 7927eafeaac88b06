// Find references: every call that means the resource at the cursor, through macros and YAML too, and its YAML entry.

import type { Place } from '../text/span.ts'
import { nodesIn, resourceOf, sourceFile, usersOf, type AnyResource, type Snapshot } from '../dbt/snapshot.ts'
import { macroNamed } from './macros.ts'
import { answersFor } from './meaning.ts'
import { callsOfFile, isYaml, thingAt } from './scene.ts'
import { yamlTarget } from './yaml-names.ts'

export function references(snapshot: Snapshot, path: string, offset: number, options: { readonly declaration: boolean }): readonly Place[] {
  const target = resourceAt(snapshot, path, offset)
  if (!target) return []
  const places = target.resource_type === 'macro' ? macroUses(snapshot, target.unique_id, target.name) : usersOf(snapshot, target.unique_id).map((each): Place => (each.call.nameSpan ? { path: each.call.path, ...each.call.nameSpan } : { path: each.call.path, ...each.call.span }))
  if (options.declaration) {
    places.push(target.place)
    if ('patch' in target && target.patch) places.push(target.patch)
  }
  return [...new Map(places.map((each) => [`${each.path}:${each.start}:${each.end}`, each])).values()].toSorted((one, other) => (one.path === other.path ? one.start - other.start : one.path < other.path ? -1 : 1))
}

/** What the cursor is on: the target of a call, a name in YAML, or, anywhere else in a model's file, the model itself. */
export function resourceAt(snapshot: Snapshot, path: string, offset: number): AnyResource | null {
  const file = sourceFile(snapshot, path)
  if (!file) return null
  const thing = thingAt(file, offset)
  if (thing?.kind === 'call') {
    const answers = answersFor(snapshot, path, thing)
    if (answers.kind === 'resolutions') { const id = answers.resolutions[0]?.target; return id ? resourceOf(snapshot, id) : null }
    if (answers.kind === 'doc') return resourceOf(snapshot, answers.unique_id)
    return null
  }
  if (thing?.kind === 'macro') return macroNamed(snapshot, path, thing.name)?.node ?? null
  if (thing?.kind === 'yaml') return yamlTarget(snapshot, path, thing)
  const macro = macroAt(snapshot, path, offset)
  if (macro) return macro
  return isYaml(path) ? null : nodesIn(snapshot, path).find((each) => each.resource_type === 'model' || each.resource_type === 'seed' || (offset >= each.place.start && offset <= each.place.end)) ?? null
}

/** The macro in whose block the offset lies. */
export function macroAt(snapshot: Snapshot, path: string, offset: number): AnyResource | null {
  for (const macro of snapshot.manifest.macros.values()) if (macro.place.path === path && offset >= macro.place.start && offset <= macro.place.end) return macro
  return null
}

function macroUses(snapshot: Snapshot, id: string, name: string): Place[] {
  const places: Place[] = []
  for (const file of snapshot.files.values()) {
    if (!file.text.includes(name)) continue
    for (const call of callsOfFile(file)) if (call.name.split('.').at(-1) === name && macroNamed(snapshot, file.path, call.name)?.unique_id === id) places.push({ path: file.path, ...call.nameSpan })
  }
  return places
}
