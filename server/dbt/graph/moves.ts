// A manifest whose property files were edited since it was made: every fact stands where it stands now, though only what was edited was made again.
// Below it lies the core, where each entry keeps the places it was read with; a resource is moved when somebody asks for it.

import type { Place, Span } from '../../text/span.ts'
import type { Column, MacroNode, Manifest, ManifestNode, OtherResource, ResourceCall, SourceNode } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import type { Change } from '../../yaml/reread.ts'
import { MappedMap } from '../nodes/mapped-map.ts'

/** A stretch of a file's core places, and how much further on it lies now. */
interface Stretch { readonly start: number; readonly end: number; readonly delta: number }

/** Of one file, in the order of core places. */
export type FileMoves = readonly Stretch[]

/** By absolute path. */
export type Moves = ReadonlyMap<string, FileMoves>

/** New entries get core places that no text reaches. */
const FIRST_FREE = 2 ** 32

/** The moves after one more edit; `free` is where the core places of what was read again begin, and `by` takes it there from where it is. */
export function movesAfter(moves: FileMoves | undefined, { start, end, delta }: Change, length: number): { readonly moves: FileMoves; readonly by: number } {
  const before = moves ?? [{ start: 0, end: FIRST_FREE, delta: 0 }]
  const free = Math.max(FIRST_FREE, before.at(-1)?.end ?? 0)
  const kept = before.flatMap((stretch): Stretch[] => {
    const head = { ...stretch, end: Math.min(stretch.end, start - stretch.delta) }
    const tail = { start: Math.max(stretch.start, end - stretch.delta), end: stretch.end, delta: stretch.delta + delta }
    return [head, tail].filter(each => each.start < each.end)
  })
  return { moves: [...kept, { start: free, end: free + length + 1, delta: start - free }], by: free - start }
}

function deltaAt(moves: FileMoves, at: number): number {
  for (const stretch of moves) if (at < stretch.end) return at < stretch.start ? 0 : stretch.delta
  return 0
}

export interface Moved {
  readonly core: Manifest
  readonly moves: Moves
  /** A resource of the core as it is in the manifest. */
  resource<T extends Resource>(core: T): T
}

type Resource = ManifestNode | SourceNode | OtherResource

const moved = new WeakMap<Manifest, Moved>()

/** Null for a manifest of which nothing was moved. */
export function movedOf(manifest: Manifest): Moved | null { return moved.get(manifest) ?? null }

export function movedManifest(core: Manifest, moves: Moves): Manifest {
  if (!moves.size) return core
  const mover = new Mover(moves)
  const resource = <T extends Resource>(each: T): T => mover.resource(each)
  const manifest: Manifest = {
    ...core, nodes: new MappedMap(core.nodes, resource), sources: new MappedMap(core.sources, resource), others: new MappedMap(core.others, resource),
    macros: new MappedMap(core.macros, each => mover.macro(each)), disabled: new MappedMap(core.disabled, list => (list.some(each => mover.touches(each)) ? list.map(resource) : list)),
    problems: mover.problems(core.problems),
  }
  moved.set(manifest, { core, moves, resource })
  return manifest
}

class Mover {
  private readonly moves: Moves
  private readonly made = new WeakMap<Resource | MacroNode, unknown>()
  constructor(moves: Moves) { this.moves = moves }

  touches(resource: Resource): boolean {
    const { moves } = this
    if (moves.has(resource.place.path) || ('patch' in resource && resource.patch && moves.has(resource.patch.path))) return true
    return 'problems' in resource && resource.problems.some(problem => moves.has(problem.place.path))
  }

  resource<T extends Resource>(resource: T): T {
    if (!this.touches(resource)) return resource
    const known = this.made.get(resource)
    if (known) return known as T
    const made = this.move(resource) as T
    this.made.set(resource, made)
    return made
  }

  /** Itself when all of its places stayed. */
  private move(resource: Resource): Resource {
    const place = this.place(resource.place)
    if (resource.resource_type === 'source') {
      const columns = this.columns(resource.columns)
      const patch = resource.patch && this.place(resource.patch)
      return place === resource.place && columns === resource.columns && patch === resource.patch ? resource : { ...resource, place, columns, patch }
    }
    const calls = same(resource.calls, resource.calls.map(call => this.call(call)))
    const problems = this.problems(resource.problems)
    if (!('raw_code' in resource)) return place === resource.place && calls === resource.calls && problems === resource.problems ? resource : { ...resource, place, calls, problems }
    const columns = this.columns(resource.columns)
    const patch = resource.patch && this.place(resource.patch)
    return place === resource.place && calls === resource.calls && problems === resource.problems && columns === resource.columns && patch === resource.patch ? resource : { ...resource, place, calls, problems, columns, patch }
  }

  macro(macro: MacroNode): MacroNode {
    const patch = macro.patch && this.place(macro.patch)
    if (patch === macro.patch) return macro
    const known = this.made.get(macro) as MacroNode | undefined
    if (known) return known
    const made = { ...macro, patch }
    this.made.set(macro, made)
    return made
  }

  problems(problems: readonly Problem[]): readonly Problem[] {
    return same(problems, problems.map(problem => {
      const place = this.place(problem.place)
      const related = problem.related?.map(each => (this.moves.has(each.place.path) ? { ...each, place: this.place(each.place) } : each))
      return place === problem.place && !related?.some((each, index) => each !== problem.related?.[index]) ? problem : { ...problem, place, ...related ? { related } : {} }
    }))
  }

  private call(call: ResourceCall): ResourceCall {
    const moves = this.moves.get(call.path)
    if (!moves) return call
    const span = spanOf(moves, call.span)
    const nameSpan = call.nameSpan && spanOf(moves, call.nameSpan)
    return span === call.span && nameSpan === call.nameSpan ? call : { ...call, span, nameSpan }
  }

  private columns(columns: ReadonlyMap<string, Column>): ReadonlyMap<string, Column> {
    const first = columns.values().next().value
    if (!first || !this.moves.has(first.place.path)) return columns
    let changed = false
    const result = new Map<string, Column>()
    for (const [name, column] of columns) {
      const place = this.place(column.place)
      changed ||= place !== column.place
      result.set(name, place === column.place ? column : { ...column, place })
    }
    return changed ? result : columns
  }

  private place(place: Place): Place {
    const moves = this.moves.get(place.path)
    return moves ? spanOf(moves, place) : place
  }
}

function spanOf<S extends Span>(moves: FileMoves, span: S): S {
  const delta = deltaAt(moves, span.start)
  return delta === 0 ? span : { ...span, start: span.start + delta, end: span.end + delta }
}

function same<T>(before: readonly T[], after: readonly T[]): readonly T[] { return after.every((each, index) => each === before[index]) ? before : after }
