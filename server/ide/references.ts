// Find references: every call that means the resource at the cursor, through macros and YAML too, and its YAML entry.

import type { ResourceCall } from '../dbt/nodes/types.ts'
import type { Place } from '../text/span.ts'
import { nodesIn, resourceOf, sourceFile, usersOf, type AnyResource, type Snapshot } from '../dbt/snapshot.ts'
import { dispatchUses } from './macro-dispatch.ts'
import { macroAt, macroUses } from './macro-uses.ts'
import { macroNamed, macroNamePlace } from './macros.ts'
import { answersFor, brokenCalls, brokenFiles } from './meaning.ts'
import { namedIn, selectorPlaces, varUses } from './project-files.ts'
import { callsOfFile, isYaml, stringArgument, thingAt } from './scene.ts'
import { callsNaming, declaredAt, mentionsOf, placeOf } from './yaml-declared.ts'
import type { MentionKind } from './yaml-mentions.ts'
import { yamlTarget } from './yaml-names.ts'

export function references(snapshot: Snapshot, path: string, offset: number, options: { readonly declaration: boolean }): readonly Place[] {
  const declared = declaredAt(snapshot, path, offset)
  if (declared) return inOrder(mentionsOf(snapshot, declared).filter((each) => options.declaration || each.declares === null).map(placeOf))
  const named = namedIn(snapshot, path, offset)
  if (named?.kind === 'selector') return inOrder(selectorPlaces(snapshot, named.name, true))
  if (named?.kind === 'var') return inOrder([...varUses(snapshot, named.name), ...(options.declaration ? [{ path, ...named.span }] : [])])
  const variable = variableAt(snapshot, path, offset)
  if (variable !== null) return inOrder(varUses(snapshot, variable))
  const target = resourceAt(snapshot, path, offset)
  if (!target) return []
  const macro = target.resource_type === 'macro' ? snapshot.world.macros.byId.get(target.unique_id) : undefined
  const places = macro ? [...macroUses(snapshot, macro), ...dispatchUses(snapshot, macro)] : [...meantBy(snapshot, path, offset, target).flatMap((each) => usersOf(snapshot, each.unique_id).map(({ call }) => callPlace(snapshot, call))), ...namedBy(snapshot, target), ...inBroken(snapshot, target)]
  if (options.declaration) {
    if (!macro) places.push(target.place)
    // dbt's own macros have no file here.
    else if (sourceFile(snapshot, target.place.path)) places.push({ path: target.place.path, ...macroNamePlace(snapshot, macro) })
    if ('patch' in target && target.patch) places.push(target.patch)
  }
  return inOrder(places)
}

function variableAt(snapshot: Snapshot, path: string, offset: number): string | null {
  const file = sourceFile(snapshot, path)
  const thing = file ? thingAt(file, offset) : null
  return thing?.kind === 'call' && thing.function === 'var' ? stringArgument(thing.call.args[0]) : null
}

function inOrder(places: readonly Place[]): Place[] {
  return [...new Map(places.map((each) => [`${each.path}:${each.start}:${each.end}`, each])).values()].toSorted((one, other) => (one.path === other.path ? one.start - other.start : one.path < other.path ? -1 : 1))
}

/** A name in YAML means every version of the model, that of a source every table. */
function meantBy(snapshot: Snapshot, path: string, offset: number, target: AnyResource): readonly AnyResource[] {
  const file = sourceFile(snapshot, path)
  const thing = file ? thingAt(file, offset) : null
  if (target.resource_type === 'source' && 'source_name' in target && ((thing?.kind === 'yaml' && thing.path.length === 3) || (thing?.kind === 'call' && thing.argument === 0))) return [...snapshot.manifest.sources.values()].filter((each) => each.source_name === target.source_name)
  if (target.resource_type === 'model' && 'version' in target && target.version !== null && thing?.kind === 'yaml') return [...snapshot.manifest.nodes.values()].filter((each) => each.resource_type === 'model' && each.name === target.name && each.package_name === target.package_name)
  return [target]
}

/** Mentions that make no edge, or whose edge has no place: inputs and models of unit tests, docs blocks, groups, metrics by name. */
function namedBy(snapshot: Snapshot, target: AnyResource): Place[] {
  const { name, resource_type: type } = target
  const mentioned = (kind: MentionKind): Place[] => mentionsOf(snapshot, { kind, name, of: null }).filter((each) => each.declares === null).map(placeOf)
  switch (type) {
    case 'doc': return literally(snapshot, target, ['doc'], '')
    case 'model': return [...mentioned('model'), ...literally(snapshot, target, ['ref', 'source'], 'unit_tests')]
    case 'seed': case 'snapshot': return literally(snapshot, target, ['ref', 'source'], 'unit_tests')
    case 'source': return literally(snapshot, target, ['ref', 'source'], 'unit_tests')
    case 'group': case 'metric': return [...mentioned(type), ...callsNaming(snapshot, type, name)]
    default: return []
  }
}

/** In files whose text is broken just now: no edge comes out of them. */
function inBroken(snapshot: Snapshot, target: AnyResource): Place[] {
  return [...brokenFiles(snapshot)].flatMap((path) => brokenCalls(snapshot, path).flatMap(({ call, resolution }) => {
    const span = call.args.at(-1)?.span
    return span && resolution.target === target.unique_id ? [{ path, start: span.start, end: span.end }] : []
  }))
}

/** Literal calls that mean the target, in files that also hold a word. */
function literally(snapshot: Snapshot, target: AnyResource, functions: readonly string[], word: string): Place[] {
  const { name } = target
  return [...snapshot.files.values()].filter((file) => file.text.includes(name) && file.text.includes(word)).flatMap((file) => callsOfFile(file).flatMap((call) => {
    const argument = call.args.at(-1)
    if (!functions.includes(call.name) || argument?.kind !== 'string' || argument.value !== name) return []
    return resourceAt(snapshot, file.path, argument.span.start)?.unique_id === target.unique_id ? [{ path: file.path, ...argument.span }] : []
  }))
}

/** What the cursor is on: the target of a call, a name in YAML, or, anywhere else in a model's file, the model itself. */
export function resourceAt(snapshot: Snapshot, path: string, offset: number): AnyResource | null {
  const file = sourceFile(snapshot, path)
  if (!file) return null
  const named = namedIn(snapshot, path, offset)
  if (named?.kind === 'resource') return named.resource
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
function callPlace(snapshot: Snapshot, call: ResourceCall): Place {
  const { path } = call
  if (call.nameSpan) return { path, start: call.nameSpan.start, end: call.nameSpan.end }
  const file = call.via.length === 0 ? sourceFile(snapshot, path) : null
  const written = file ? callsOfFile(file).find((each) => each.start === call.span.start && each.end === call.span.end)?.args.at(-1) : undefined
  return written?.kind === 'string' ? { path, start: written.span.start, end: written.span.end } : { path, start: call.span.start, end: call.span.end }
}
