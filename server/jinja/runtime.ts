// One evaluation's state: budget, call stack, output buffers, and the regions of code that hang on an unknown.
// A region is code that Python may or may not run: what it changes is written in a journal, and at its end everything that differs is unknown.

import { attributeOf, getAttribute, getItem } from './attributes.ts'
import { PyException, Unfathomable, UnknownSignal, typeError } from './errors.ts'
import { work } from './meter.ts'
import type { UndefinedMode } from './undefined.ts'
import { PyUndefined } from './undefined.ts'
import { typeNameOf } from './types.ts'
import { PyDict, PyFunction, PyList, PyNamespace, PyObject, PyUnknown } from './value.ts'
import type { CallArgs, CallContext, CallSite, DictEntry, HashKey, UnknownOrigin, Value } from './value.ts'
import { PySet } from './set.ts'
import type { Call } from './nodes.ts'
import type { Trace } from './trace.ts'
import type { Span } from '../text/span.ts'

export interface Budget {
  /** Evaluated nodes, loop turns and calls. */
  readonly steps: number
  /** Bytes of text and lists made. */
  readonly bytes: number
  /** Nested macro calls. */
  readonly depth: number
}

/** A run of the output that one node of the template produced. */
export interface Piece extends Span {
  readonly text: string
  /** Set when this part of the text is not known; `text` is then empty. */
  readonly unknown: UnknownOrigin | null
  /** Of a preview: where the text was written, innermost first (the tag or the template text itself), then the calls that led there. */
  readonly sites?: readonly CallSite[]
  /** Of a preview: template text of `sites[0]`, as it stands there but for white space control. */
  readonly literal?: boolean
}

/** Where a template's text stands. `offset` is added to every place told to others. */
export interface Source {
  readonly path: string
  readonly offset: number
  /** The macro whose body this is; null for a node's own text. */
  readonly inMacro: string | null
  /** Of a template that is no part of a file (the value of a variable): the call that has it rendered, which is the place of everything in it. */
  readonly at: CallSite | null
  /** The line (from 1) of an offset of the template, for the one message that names it. */
  lineOf(offset: number): number
}

export class Buffer {
  text = ''
  unknown: UnknownOrigin | null = null
  /** How many regions were open when it began: text written under more is uncertain. */
  readonly level: number
  readonly pieces: Piece[] | null
  /** Native rendering: the values as they are. */
  readonly values: Value[] | null
  /** How many parts Python would have joined so far, and the first that is no text: joining it raises. */
  parts = 0
  bad: { readonly index: number; readonly type: string } | null = null
  /** Of a preview; its nested buffers have pieces too. */
  readonly trace: Trace | null
  /** Nobody will read it: texts are counted, not kept. */
  readonly mute: boolean
  constructor(level: number, pieces: Piece[] | null, values: Value[] | null, trace: Trace | null = null, mute = false) {
    this.level = level
    this.pieces = pieces
    this.values = values
    this.trace = trace
    this.mute = mute
  }
}

/** A running call. Most are never asked where they stand. */
class StackEntry {
  readonly source: Source
  readonly node: Span
  readonly outer: StackEntry | null
  private known: readonly CallSite[] | null = null
  constructor(source: Source, node: Span, outer: StackEntry | null) {
    this.source = source
    this.node = node
    this.outer = outer
  }
  /** Made once for each call, from the one of its caller. */
  get stack(): readonly CallSite[] {
    if (this.known !== null) return this.known
    const site = siteOf(this.source, this.node)
    return this.known = this.outer === null ? [site] : [site, ...this.outer.stack]
  }
}

/** A call takes about as long as this many ordinary steps: a blown budget must not take longer because it was spent on calls. */
const CALL_STEPS = 30

const NO_CALLS: readonly CallSite[] = []

interface Region { readonly origin: UnknownOrigin; readonly journal: Map<PyObject, Snapshot> }

type Snapshot = readonly Value[] | ReadonlyMap<HashKey, DictEntry> | ReadonlyMap<HashKey, Value> | ReadonlyMap<string, Value>

export class Runtime implements CallContext {
  /** Of the template that runs now: macros of files have jinja2's own Undefined even while dbt parses. */
  mode: UndefinedMode
  readonly budget: Budget
  /** The node whose operation is under way, for places of errors. */
  at: Span = { start: 0, end: 0 }
  source: Source
  readonly unknowns: UnknownOrigin[] = []
  /** The same, once they are many. */
  private noted: Set<UnknownOrigin> | null = null
  /** The first operations that ran into an unknown: Python may have raised there already. */
  readonly met: UnknownOrigin[] = []
  private entry: StackEntry | null = null
  /** Of the text that is evaluated itself. */
  private readonly own: Source
  private regions: Region[] = []
  depth = 0
  /** Set when the macro that is running may have returned already. */
  maybeReturned: UnknownOrigin | null = null
  /** Null but in previews. */
  readonly trace: Trace | null

  constructor(mode: UndefinedMode, budget: Budget, source: Source, trace: Trace | null = null) {
    this.mode = mode
    this.budget = budget
    this.source = source
    this.own = source
    this.trace = trace
  }

  /** A buffer for what a macro, a block or a recursive loop prints. */
  nested(native: boolean): Buffer { return new Buffer(this.level, this.trace === null ? null : [], native ? [] : null, this.trace) }

  get stack(): readonly CallSite[] {
    return this.entry === null ? NO_CALLS : this.entry.stack
  }

  get literal(): Span | null {
    const { entry } = this
    return entry === null || entry.outer !== null || entry.source !== this.own ? null : lastLiteral(entry.node, entry.source.offset)
  }

  get certain(): boolean { return this.regions.length === 0 }

  get because(): UnknownOrigin | null { return this.regions[0]?.origin ?? null }

  get level(): number { return this.regions.length }

  spend(steps: number, bytes = 0): void { work(steps, bytes) }

  /** Python may never come here, and if it does, with a value that ends sooner: an error only where nothing before it was unknown. */
  exhausted(problem: unknown): unknown { return this.because === null ? problem : new Unfathomable(this.because) }

  call(callee: Value, args: CallArgs): Value {
    if (!(callee instanceof PyObject)) throw typeError(`'${typeNameOf(callee)}' object is not callable`)
    if (callee.unknown) {
      for (const arg of args.args) this.taint(arg, callee.unknown)
      for (const arg of args.kwargs.values()) this.taint(arg, callee.unknown)
      return new PyUnknown(callee.unknown)
    }
    if (!callee.callable()) throw typeError(`'${typeNameOf(callee)}' object is not callable`)
    if (!(callee instanceof PyFunction)) return callee.call(args, this)
    try {
      return callee.call(args, this)
    } catch (problem) {
      throw unlessVeiled(problem, args)
    }
  }

  attribute(object: Value, name: string): Value { return getAttribute(this, object, name) }

  item(object: Value, key: Value): Value { return getItem(this, object, key) }

  /** The filter `attr`: `object.name` without the item that `.` falls back to. */
  ownAttribute(object: Value, name: string): Value {
    return attributeOf(object, name) === undefined ? this.undefined(name, object) : getAttribute(this, object, name)
  }

  /** Runs `callee` with the call's place on the stack. */
  callAt(node: Span, callee: Value, args: CallArgs): Value {
    this.spend(CALL_STEPS)
    this.at = node
    const outer = this.entry
    const { source, mode } = this
    this.entry = new StackEntry(source, node, outer)
    try {
      return this.call(callee, args)
    } catch (problem) {
      if (problem instanceof UnknownSignal) return this.signalled(problem)
      if (problem instanceof PyException && problem.sites === null) problem.sites = this.at === node ? this.stack : [siteOf(source, this.at), ...this.stack]
      throw problem
    } finally {
      this.entry = outer
      this.source = source
      this.mode = mode
    }
  }

  /** The place of an error raised here, innermost first. */
  sites(): CallSite[] { return [siteOf(this.source, this.at), ...this.stack] }

  /** The value of an operation that ran into an unknown. */
  signalled(signal: UnknownSignal): PyUnknown {
    this.spend(20)
    const origin = signal.origin.stack.length > 0 ? signal.origin : { ...signal.origin, stack: this.sites() }
    if (this.met.length < 20) this.met.push(origin)
    return new PyUnknown(origin)
  }

  undefined(name: Value, owner?: Value, hint: string | null = null, errorClass?: string): PyUndefined {
    return new PyUndefined(this.mode, name, owner, hint, errorClass)
  }

  /** Notes an unknown that shaped the result. */
  note(origin: UnknownOrigin): void {
    const { unknowns, noted } = this
    if (noted === null ? unknowns.includes(origin) : noted.has(origin)) return
    unknowns.push(origin)
    if (noted !== null) noted.add(origin)
    else if (unknowns.length === 32) this.noted = new Set(unknowns)
  }

  // Regions

  open(origin: UnknownOrigin): void {
    this.note(origin)
    this.regions.push({ origin, journal: new Map() })
  }

  touch(object: PyObject): void {
    const region = this.regions[this.regions.length - 1]
    if (region && !region.journal.has(object)) region.journal.set(object, snapshotOf(object))
  }

  /** Ends the innermost region and hands back what was changed in it, still changed. */
  close(): ReadonlyMap<PyObject, Snapshot> {
    return this.regions.pop()?.journal ?? new Map<PyObject, Snapshot>()
  }

  /** Ends regions until `level` are left, making everything changed in them unknown. Returns whether anything was. */
  closeTo(level: number): boolean {
    let changed = false
    while (this.regions.length > level) {
      const origin = this.regions[this.regions.length - 1]?.origin
      const journal = this.close()
      for (const [object, before] of journal) {
        this.touch(object)
        if (origin && spoil(object, before, origin)) changed = true
      }
    }
    return changed
  }

  /** Makes a mutable value unknown from now on (whoever got it may have changed it). */
  taint(value: Value, origin: UnknownOrigin): void {
    if (!(value instanceof PyList || value instanceof PyDict || value instanceof PySet || value instanceof PyNamespace)) return
    value.unknown ??= origin
  }
}

const OF_THE_VALUE: ReadonlySet<string> = new Set(['TypeError', 'ValueError', 'AttributeError', 'KeyError', 'IndexError', 'OverflowError', 'ZeroDivisionError'])

/** Python's complaint about an argument that is not known is no error: with its real value there may be none. */
export function unlessVeiled(problem: unknown, { args, kwargs }: CallArgs): unknown {
  if (!(problem instanceof PyException) || !OF_THE_VALUE.has(problem.errorClass)) return problem
  for (const value of [...args, ...kwargs.values()]) if (value instanceof PyObject && value.unknown !== null) return new UnknownSignal(value.unknown)
  return problem
}

export function siteOf(source: Source, node: Span): CallSite {
  return source.at ?? { path: source.path, start: node.start + source.offset, end: node.end + source.offset, inMacro: source.inMacro }
}

function lastLiteral(node: Span | Call, offset: number): Span | null {
  const argument = 'args' in node ? node.args[node.args.length - 1] : undefined
  if (argument?.kind !== 'Const' || typeof argument.value !== 'string' || argument.end - argument.start !== argument.value.length + 2) return null
  return { start: argument.start + offset + 1, end: argument.end + offset - 1 }
}

export function snapshotOf(object: PyObject): Snapshot {
  work(object instanceof PyList ? object.items.length >> 2 : 2 * (object.length() ?? 0))
  if (object instanceof PyList) return object.items.slice()
  if (object instanceof PyDict) return new Map(Array.from(object.entries, ([key, { key: name, value }]) => [key, { key: name, value }]))
  if (object instanceof PySet) return new Map(object.entries)
  if (object instanceof PyNamespace) return new Map(object.attributes)
  return []
}

/** Puts an object back to an earlier state. */
export function restore(object: PyObject, to: Snapshot): void {
  work(object instanceof PyList ? object.items.length >> 2 : 2 * (object.length() ?? 0))
  if (object instanceof PyList) { object.items = (to as readonly Value[]).slice(); return }
  const target = object instanceof PyDict || object instanceof PySet ? object.entries as Map<HashKey, unknown> : object instanceof PyNamespace ? object.attributes as Map<unknown, unknown> : null
  if (!target) return
  target.clear()
  for (const [key, value] of to as ReadonlyMap<HashKey, unknown>) target.set(key as HashKey & string, object instanceof PyDict ? { ...value as DictEntry } : value)
}

/** What differs from `before` becomes unknown: of a namespace just the attributes, of anything else the whole. */
export function spoil(object: PyObject, before: Snapshot, origin: UnknownOrigin): boolean {
  if (object.unknown) return false
  if (object instanceof PyNamespace) return spoilAttributes(object, before as ReadonlyMap<string, Value>, origin)
  if (sameState(snapshotOf(object), before)) return false
  object.unknown = origin
  return true
}

function spoilAttributes(object: PyNamespace, before: ReadonlyMap<string, Value>, origin: UnknownOrigin): boolean {
  let changed = false
  for (const name of new Set([...before.keys(), ...object.attributes.keys()])) {
    const now = object.attributes.get(name)
    if (now !== undefined && before.has(name) && sameValue(now, before.get(name))) continue
    const earlier = before.get(name)
    if (earlier instanceof PyUnknown) { object.attributes.set(name, earlier); continue }
    if (now instanceof PyUnknown) continue
    object.attributes.set(name, new PyUnknown(origin))
    changed = true
  }
  return changed
}

function sameState(left: Snapshot, right: Snapshot): boolean {
  if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((value, i) => sameValue(value as Value, right[i] as Value))
  const a = left as ReadonlyMap<HashKey, unknown>
  const b = right as ReadonlyMap<HashKey, unknown>
  if (a.size !== b.size) return false
  const values = (map: ReadonlyMap<HashKey, unknown>): [HashKey, unknown][] => Array.from(map)
  const others = values(b)
  return values(a).every(([key, value], i) => {
    const other = others[i]
    if (!other || other[0] !== key) return false
    return isEntry(value) && isEntry(other[1]) ? sameValue(value.value, other[1].value) : sameValue(value as Value, other[1] as Value)
  })
}

function isEntry(value: unknown): value is DictEntry {
  return typeof value === 'object' && value !== null && !(value instanceof PyObject) && 'value' in value
}

/** Whether two values are certainly the same: equal primitives or the very same object. */
export function sameValue(left: Value | undefined, right: Value | undefined): boolean {
  return Object.is(left, right)
}
