// Go to definition: the model, seed or snapshot behind a ref, the YAML of a source, a macro's block, a variable, a docs block.

import { mapGet, seqItems } from '../yaml/find.ts'
import type { MacroNode } from '../dbt/nodes/types.ts'
import { callsIn, packageOf, resourceOf, sourceFile, type AnyResource, type Snapshot } from '../dbt/snapshot.ts'
import type { Place, Span } from '../text/span.ts'
import { dispatchedAt } from './macro-dispatch.ts'
import { macroDeclaration, macroNamed } from './macros.ts'
import { answersFor } from './meaning.ts'
import { namedIn, selectorPlaces } from './project-files.ts'
import { documentOfFile, stringArgument, textSpan, thingAt, type Thing } from './scene.ts'
import type { Definition } from './types.ts'
import { upstreamOf } from './upstream.ts'
import { declarationsOf, declaredAt } from './yaml-declared.ts'
import { yamlTarget } from './yaml-names.ts'

export function definition(snapshot: Snapshot, path: string, offset: number): readonly Definition[] {
  const file = sourceFile(snapshot, path)
  if (!file) return []
  const declared = declaredAt(snapshot, path, offset)
  if (declared) return declarationsOf(snapshot, declared).map((target) => ({ origin: declared.span, target, selection: target }))
  const named = namedIn(snapshot, path, offset)
  if (named) {
    if (named.kind === 'resource') return placesOf(snapshot, named.resource, named.span)
    const targets = named.kind === 'file' ? [{ path: named.path, start: 0, end: 0 }] : named.kind === 'selector' ? selectorPlaces(snapshot, named.name, false) : [{ path, ...named.span }]
    return targets.map((target) => ({ origin: named.span, target, selection: target }))
  }
  const dispatched = dispatchedAt(snapshot, file, offset)
  if (dispatched) return dispatched.macros.flatMap((each) => toMacro(snapshot, each.node, dispatched.span))
  const thing = thingAt(file, offset)
  if (thing) {
    const found = targetsOf(snapshot, path, thing)
    // The name of a test of dbt's own has no place here; the model that it tests is not what was asked for.
    if (found.length > 0 || (thing.kind === 'yaml' && yamlTarget(snapshot, path, thing))) return found
  }
  const through = callsIn(snapshot, path).filter((each) => offset >= each.call.span.start && offset <= each.call.span.end && each.resolution.target)
  return unique(through.flatMap((each) => ofResource(snapshot, each.resolution.target, each.call.span)))
}

function targetsOf(snapshot: Snapshot, path: string, thing: Thing): readonly Definition[] {
  switch (thing.kind) {
    case 'macro': {
      const macro = macroNamed(snapshot, path, thing.name)
      return macro ? toMacro(snapshot, macro.node, thing.span) : []
    }
    case 'yaml': {
      if (thing.path[0] === 'sources' && thing.path.length === 3 && thing.path[2] === 'name') return sourceEntries(snapshot, thing.text).map((target) => ({ origin: thing.span, target, selection: target }))
      const target = thing.path.at(-1) === 'defined_in' ? versionDefined(snapshot, path, thing) : yamlTarget(snapshot, path, thing)
      return target ? placesOf(snapshot, target, thing.span) : []
    }
    case 'call': {
      if (thing.function === 'source' && thing.argument === 0) {
        const entries = sourceEntries(snapshot, stringArgument(thing.call.args[0]) ?? '')
        if (entries.length > 0) return entries.map((target) => ({ origin: thing.span, target, selection: target }))
      }
      const answers = answersFor(snapshot, path, thing)
      if (answers.kind === 'resolutions') return unique(answers.resolutions.flatMap((each) => ofResource(snapshot, each.target, thing.span)))
      if (answers.kind === 'doc') return ofResource(snapshot, answers.unique_id, thing.span)
      if (answers.kind === 'variable' && answers.function === 'var') return variable(snapshot, path, answers.name, thing.span)
      return []
    }
  }
}

/** The version whose file `defined_in` names. */
function versionDefined(snapshot: Snapshot, path: string, thing: Extract<Thing, { kind: 'yaml' }>): AnyResource | null {
  const packageName = packageOf(snapshot, path)
  const stem = (file: string): string => file.slice(file.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '')
  return [...snapshot.manifest.nodes.values()].find((each) => each.resource_type === 'model' && each.package_name === packageName && each.version !== null && stem(each.place.path) === stem(`${thing.text}.sql`)) ?? null
}

function ofResource(snapshot: Snapshot, id: string | null, origin: Span): readonly Definition[] {
  const resource = id === null ? null : resourceOf(snapshot, id)
  return resource ? placesOf(snapshot, resource, origin) : []
}

/** Where a resource is declared. `origin`: what was asked about. */
export function placesOf(snapshot: Snapshot, resource: AnyResource, origin: Span): readonly Definition[] {
  if (resource.resource_type === 'macro') return toMacro(snapshot, resource as MacroNode, origin)
  const { place } = resource
  if (!place.path) return []
  // Of another project, known by its manifest: its file where that is at hand, else its entry.
  const elsewhere = upstreamOf(snapshot, resource.unique_id)?.file
  if (elsewhere) return [{ origin, target: { path: elsewhere, start: 0, end: 0 }, selection: { start: 0, end: 0 } }]
  // A file of its own is shown from its top; an entry in YAML at its name.
  const whole = place.start === 0 && sourceFile(snapshot, place.path)?.text.length === place.end
  return [{ origin, target: place, selection: whole ? { start: 0, end: 0 } : place }]
}

function toMacro(snapshot: Snapshot, macro: MacroNode, origin: Span): readonly Definition[] {
  const known = snapshot.world.macros.byId.get(macro.unique_id)
  const found = known ? macroDeclaration(snapshot, known) : null
  return found ? [{ origin, target: found.place, selection: found.name }] : []
}

function variable(snapshot: Snapshot, path: string, name: string, origin: Span): readonly Definition[] {
  const { project } = snapshot
  const packageName = packageOf(snapshot, path)
  for (const owner of [project.root, project.packages.get(packageName)]) {
    if (!owner) continue
    const vars = mapGet(documentOfFile(owner.file).root, 'vars')
    for (const map of [mapGet(vars, packageName), vars]) {
      const entry = map?.kind === 'map' ? map.entries.find((each) => each.key.kind === 'scalar' && each.key.text === name) : undefined
      if (entry) return [{ origin, target: { path: owner.file.path, start: entry.key.start, end: entry.value.end }, selection: { start: entry.key.start, end: entry.key.end } }]
    }
  }
  return []
}

function unique(definitions: readonly Definition[]): Definition[] {
  return [...new Map(definitions.map((each) => [`${each.target.path}:${each.selection.start}`, each])).values()]
}

/** `name:` of a source itself, in every file that has tables of it. */
function sourceEntries(snapshot: Snapshot, name: string): Place[] {
  const paths = new Set([...snapshot.manifest.sources.values()].filter((each) => each.source_name === name).map((each) => each.place.path))
  return [...paths].flatMap((path) => {
    const file = sourceFile(snapshot, path)
    return file ? seqItems(mapGet(documentOfFile(file).root, 'sources')).flatMap((entry) => {
      const named = mapGet(entry, 'name')
      return named?.kind === 'scalar' && named.text === name ? [{ path, ...textSpan(named) }] : []
    }) : []
  })
}
