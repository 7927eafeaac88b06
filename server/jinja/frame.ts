// Where variables live while a template runs, and how names are bound to their places before it runs.

import { PyObject } from './value.ts'
import type { Value } from './value.ts'
import type { SyntaxProblem } from './nodes.ts'
import type { Identifier, Symbols } from './symbols.ts'
import type { Buffer, Runtime, Source } from './runtime.ts'
import type { UndefinedMode } from './undefined.ts'
import { globalOf } from './globals.ts'

/** The value of a name in dbt's context; undefined when it has none. */
export type Lookup = (name: string) => Value | undefined

/** One run of one template: where its free names come from. */
export class Unit {
  readonly source: Source
  /** The Undefined of the template: a macro of a file and its caller's body have each their own. */
  readonly mode: UndefinedMode
  private readonly lookup: Lookup
  constructor(source: Source, lookup: Lookup, mode: UndefinedMode) {
    this.source = source
    this.mode = mode
    this.lookup = lookup
  }
  resolve(name: string): Value | undefined {
    const given = this.lookup(name)
    return given === undefined ? globalOf(name) : given
  }
}

/** The variables of one Python function of jinja2's generated code: the template, a macro, a recursive loop, a loop's filter. */
export class Frame {
  slots: (Value | undefined)[]
  readonly names: readonly string[]
  readonly parent: Frame | null
  readonly runtime: Runtime
  readonly unit: Unit
  buffer: Buffer
  constructor(fn: FunctionScope, parent: Frame | null, runtime: Runtime, unit: Unit, buffer: Buffer) {
    this.slots = fn.empty.slice()
    this.names = fn.names
    this.parent = parent
    this.runtime = runtime
    this.unit = unit
    this.buffer = buffer
  }
}

class Unresolved extends PyObject {
  readonly typeName = 'missing'
}

/** A variable whose name is looked up in the context when it is first read. */
export const UNRESOLVED: PyObject = new Unresolved()

export class FunctionScope {
  readonly base: number
  readonly parent: FunctionScope | null
  readonly names: string[] = []
  /** As many missing values as there are names. */
  readonly empty: undefined[] = []
  private readonly indexes = new Map<string, number>()
  constructor(base: number, parent: FunctionScope | null) {
    this.base = base
    this.parent = parent
  }
  slot(identifier: Identifier): number {
    let index = this.indexes.get(identifier.key)
    if (index === undefined) {
      index = this.names.length
      this.indexes.set(identifier.key, index)
      this.names.push(identifier.name)
      this.empty.push(undefined)
    }
    return index
  }
}

/** What the code at a place sees; `soft`: inside an `if` of the same frame, where unknown filters wait until they are reached. */
export interface Scope {
  readonly symbols: Symbols
  readonly fn: FunctionScope
  readonly soft: boolean
  readonly native: boolean
  /** Template.slices: without any, what jinja2 computes beforehand differs nowhere from what it computes when reached. */
  readonly slices: boolean
  /** Inside a loop's body of the same Python function. */
  readonly loop: boolean
  /** Of a preview: what is broken is shown, and values are noted (tolerant.ts, trace.ts). Null everywhere else, in macros too. */
  readonly preview: PreviewScope | null
  /** Compiling what jinja2 computes beforehand, where a slice of something that has none is merely undefined. */
  readonly folding: boolean
}

/** The text of the template and what its parser complained of. */
export interface PreviewScope { readonly text: string; readonly errors: readonly SyntaxProblem[] }

/** How many functions out, and which variable there. */
export interface Slot { readonly depth: number; readonly index: number }

export function slotOf(scope: Scope, identifier: Identifier): Slot {
  let fn = scope.fn
  let depth = 0
  while (identifier.level < fn.base && fn.parent) { fn = fn.parent; depth++ }
  return { depth, index: fn.slot(identifier) }
}

export function frameAt(frame: Frame, depth: number): Frame {
  let at = frame
  for (let i = 0; i < depth && at.parent; i++) at = at.parent
  return at
}

/** What happens on entering a frame (a loop's turn, a macro, a with): its variables get their first values. */
export function entryOf(scope: Scope): (frame: Frame) => void {
  const steps: { readonly index: number; readonly from: Slot | null; readonly value: PyObject | undefined }[] = []
  for (const { identifier, load } of scope.symbols.loads.values()) {
    if (load.kind === 'parameter') continue
    const { index } = slotOf(scope, identifier)
    steps.push({ index, from: load.kind === 'alias' ? slotOf(scope, load.of) : null, value: load.kind === 'resolve' ? UNRESOLVED : undefined })
  }
  if (steps.length === 0) return () => {}
  return frame => {
    for (const { index, from, value } of steps) {
      frame.slots[index] = from ? frameAt(frame, from.depth).slots[from.index] : value
    }
  }
}

