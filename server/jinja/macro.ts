// Macros as values: binding of arguments as jinja2's Macro does it, then running the body.

import { PyException, typeError } from './errors.ts'
import type { Evaluate } from './evaluate-expression.ts'
import type { Flow } from './explore.ts'
import { Frame } from './frame.ts'
import type { FunctionScope } from './frame.ts'
import { contents } from './output.ts'
import { siteOf } from './runtime.ts'
import type { Runtime } from './runtime.ts'
import { stringRepr } from './repr.ts'
import { PyDict, PyObject, PyTuple } from './value.ts'
import type { CallArgs, CallContext, Value } from './value.ts'

/** The part of a macro that is the same for all its runs. */
export interface MacroCode {
  /** Null for a call block's `caller`. */
  readonly name: string | null
  readonly parameters: readonly { readonly name: string; readonly slot: number; readonly fallback: Evaluate | null }[]
  readonly callerSlot: number | null
  readonly kwargsSlot: number | null
  readonly varargsSlot: number | null
  readonly accessesCaller: boolean
  readonly fn: FunctionScope
  readonly native: boolean
  enter(frame: Frame): void
  body(frame: Frame): Flow
}

export class PyMacro extends PyObject {
  readonly typeName = 'Macro'
  override get qualifiedTypeName(): string { return 'jinja2.runtime.Macro' }
  readonly code: MacroCode
  private readonly home: Frame
  constructor(code: MacroCode, home: Frame) {
    super()
    this.code = code
    this.home = home
  }
  override callable(): boolean { return true }
  override call(args: CallArgs, _context: CallContext): Value { return run(this.code, this.home, args) }
  override getattr(name: string): Value | undefined {
    switch (name) {
      case 'name': return this.code.name
      case 'arguments': return new PyTuple(this.code.parameters.map(parameter => parameter.name))
      case 'catch_kwargs': return this.code.kwargsSlot !== null
      case 'catch_varargs': return this.code.varargsSlot !== null
      case 'caller': return this.code.accessesCaller
      case 'explicit_caller': return this.code.parameters.some(parameter => parameter.name === 'caller')
      default: return undefined
    }
  }
  override repr(): string { return this.code.name === null ? '<Macro anonymous>' : `<Macro ${stringRepr(this.code.name)}>` }
}

function run(code: MacroCode, home: Frame, args: CallArgs): Value {
  const { runtime } = home
  if (++runtime.depth > runtime.budget.depth) {
    runtime.depth--
    throw runtime.exhausted(new PyException('RecursionError', 'maximum recursion depth exceeded'))
  }
  const level = runtime.level
  const maybeReturned = runtime.maybeReturned
  try {
    const frame = new Frame(code.fn, home, runtime, home.unit, runtime.nested(code.native))
    bindParameters(code, frame, runtime, args)
    return within(code, frame)
  } finally {
    runtime.depth--
    // A return() that may have happened ends the macro of a file, not this one: it stays open for it.
    if (runtime.maybeReturned === maybeReturned) runtime.closeTo(level)
  }
}

function within(code: MacroCode, frame: Frame): Value {
  const { runtime } = frame
  const { source, mode } = frame.unit
  runtime.source = source
  runtime.mode = mode
  try {
    code.enter(frame)
    defaults(code, frame, runtime)
    code.body(frame)
    return contents(frame.buffer)
  } catch (problem) {
    if (problem instanceof PyException && problem.sites === null) problem.sites = [siteOf(source, runtime.at), ...runtime.stack]
    throw problem
  }
}

function bindParameters(code: MacroCode, frame: Frame, runtime: Runtime, given: CallArgs): void {
  const { parameters } = code
  const { args } = given
  const kwargs: Map<string, Value> | null = given.kwargs.size > 0 ? new Map(given.kwargs) : null
  let foundCaller = code.accessesCaller && parameters.length <= args.length && parameters.some(parameter => parameter.name === 'caller')
  for (let i = 0; i < parameters.length; i++) {
    const parameter = parameters[i] as MacroCode['parameters'][number]
    let value: Value | undefined = args[i]
    if (i >= args.length) {
      value = kwargs?.get(parameter.name)
      kwargs?.delete(parameter.name)
      if (parameter.name === 'caller') foundCaller = true
    }
    frame.slots[parameter.slot] = value
  }
  if (code.accessesCaller && !foundCaller && code.callerSlot !== null) {
    frame.slots[code.callerSlot] = kwargs?.get('caller') ?? runtime.undefined('caller', undefined, 'No caller defined')
    kwargs?.delete('caller')
  }
  if (code.kwargsSlot !== null) frame.slots[code.kwargsSlot] = new PyDict(kwargs ?? [])
  else if (kwargs !== null && kwargs.size > 0) {
    if (kwargs.has('caller')) throw typeError(`macro ${shown(code)} was invoked with two values for the special caller argument. This is most likely a bug.`)
    throw typeError(`macro ${shown(code)} takes no keyword argument ${stringRepr(Array.from(kwargs.keys())[0] ?? '')}`)
  }
  if (code.varargsSlot !== null) frame.slots[code.varargsSlot] = new PyTuple(args.slice(parameters.length))
  else if (args.length > parameters.length) throw typeError(`macro ${shown(code)} takes not more than ${parameters.length} argument(s)`)
}

function shown(code: MacroCode): string { return code.name === null ? 'None' : stringRepr(code.name) }

function defaults(code: MacroCode, frame: Frame, runtime: Runtime): void {
  for (const { name, slot, fallback } of code.parameters) {
    if (frame.slots[slot] !== undefined) continue
    frame.slots[slot] = fallback ? fallback(frame) : runtime.undefined(name, undefined, `parameter '${name}' was not provided`)
  }
}
