// Find references: every call that means the resource at the cursor, through macros and YAML too, and its YAML entry.

import type { ResourceCall } from '../dbt/nodes/types.ts'
import type { Place } from '../text/span.ts'
import { nodesIn, resourceOf, sourceFile, usersOf, type AnyResource, type Snapshot } from '../dbt/snapshot.ts'
import { macroAt, macroUses } from './macro-uses.ts'
import { macroNamed, macroNamePlace } from './macros.ts'
import { answersFor } from './meaning.ts'
import { callsOfFile, isYaml, thingAt } from './scene.ts'
import { yamlTarget } from './yaml-names.ts'

export function references(snapshot: Snapshot, path: string, offset: number, options: { readonly declaration: boolean }): readonly Place[] {
  const target = resourceAt(snapshot, path, offset)
  if (!target) return []
  const macro = target.resource_type === 'macro' ? snapshot.world.macros.byId.get(target.unique_id) : undefined
  const places = macro ? [...macroUses(snapshot, macro)] : usersOf(snapshot, target.unique_id).map((each) => placeOf(snapshot, each.call))
  if (options.declaration) {
    places.push(macro ? { path: target.place.path, ...macroNamePlace(snapshot, macro) } : target.place)
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
  if (macro) return macro.node
  return isYaml(path) ? null : nodesIn(snapshot, path).find((each) => each.resource_type === 'model' || each.resource_type === 'seed' || (offset >= each.place.start && offset <= each.place.end)) ?? null
}

/** The name in a literal call; else the whole call through which the resource was reached. */
function placeOf(snapshot: Snapshot, call: ResourceCall): Place {
  const { path } = call
  if (call.nameSpan) return { path, start: call.nameSpan.start, end: call.nameSpan.end }
  const file = call.via.length === 0 ? sourceFile(snapshot, path) : null
  const written = file ? callsOfFile(file).find((each) => each.start === call.span.start && each.end === call.span.end)?.args.at(-1) : undefined
  return written?.kind === 'string' ? { path, start: written.span.start, end: written.span.end } : { path, start: call.span.start, end: call.span.end }
}
