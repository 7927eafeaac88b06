// The evaluator's door: templates and macros in, text or values or an error out. Never throws for bad input, runs no JavaScript of a template,
// ends within its budget.

import { PyException, MacroReturn, Unfathomable, UnknownSignal, isExhaustion } from './errors.ts'
import { compileStatements } from './evaluate-statement.ts'
import type { Execute } from './evaluate-statement.ts'
import { Frame, FunctionScope, Unit, entryOf } from './frame.ts'
import type { Lookup, PreviewScope, Scope } from './frame.ts'
import { metered } from './meter.ts'
import type { Template } from './nodes.ts'
import { contents } from './output.ts'
import { nativeValue } from './native.ts'
import { Buffer, Runtime } from './runtime.ts'
import type { Budget, Piece, Source } from './runtime.ts'
import { Symbols, visitStatements } from './symbols.ts'
import { BROKEN } from './tolerant.ts'
import { Trace } from './trace.ts'
import { strOf } from './repr.ts'
import type { UndefinedMode } from './undefined.ts'
import type { CallArgs, CallSite, UnknownOrigin, Value } from './value.ts'
import { PyMacro } from './macro.ts'
import { callMacro } from './file-macro.ts'
import type { MacroFile } from './file-macro.ts'
import { PyUnknown } from './value.ts'
import { linesOf, positionAt } from '../text/lines.ts'

export interface RenderOptions {
  /** dbt's Undefined of parse time, or jinja2's own. */
  readonly undefined: UndefinedMode
  /** dbt's native environment (YAML, test arguments): the result is `value`. */
  readonly native?: boolean
  readonly budget?: Partial<Budget>
  /** What of the output is wanted: the text and where its parts come from (as if not said), the text alone, or nothing. What raises, raises all the same. */
  readonly output?: 'pieces' | 'text' | 'none'
  /** For an editor: what is broken or raises becomes an unknown piece of code `broken`, pieces know their macros, and the values of expressions are noted. */
  readonly preview?: boolean
}

/** Where the template stands, for places in errors, pieces and call stacks. */
export interface TemplateSource {
  readonly path: string
  /** The offset in the file of the template's first character. */
  readonly offset?: number
  readonly inMacro?: string | null
  /** The template's own text, for the one message that names a line. */
  readonly text?: string
}

export type RenderResult =
  | {
    readonly kind: 'ok'
    readonly text: string
    /** The native value, or the text. */
    readonly value: Value
    readonly pieces: readonly Piece[]
    /** Everything unknown that shaped the result, in order of first appearance. The text is exact when empty. */
    readonly unknowns: readonly UnknownOrigin[]
    /** Of a preview. */
    readonly trace: Trace | null
  }
  | RenderError

export interface RenderError {
  readonly kind: 'error'
  readonly message: string
  /** Python's class name: 'UndefinedError', 'TypeError', 'TemplateSyntaxError', 'BudgetExceeded', 'MacroReturn' … */
  readonly errorClass: string
  /** Innermost first; the last is in the template's own text. */
  readonly stack: readonly CallSite[]
  /** Unknowns met before the error: with any, Python may have raised another one earlier. */
  readonly unknowns: readonly UnknownOrigin[]
  /** What the thrower attached (PyException.detail). */
  readonly detail: unknown
  /** Of a preview: what had been printed until the budget was blown. */
  readonly pieces: readonly Piece[]
}

const DEFAULT_BUDGET: Budget = { steps: 500_000, bytes: 50_000_000, depth: 170 }

/** Evaluates a template. `lookup` gives dbt's context; jinja2's own globals (range, dict, namespace …) come after it. */
export function render(template: Template, source: TemplateSource, lookup: Lookup, options: RenderOptions): RenderResult {
  const where = sourceOf(source)
  const trace = options.preview === true ? new Trace() : null
  const runtime = new Runtime(options.undefined, { ...DEFAULT_BUDGET, ...options.budget }, where, trace)
  const [syntax] = template.errors
  if (syntax && trace === null) return failure(runtime, new PyException('TemplateSyntaxError', syntax.message), [{ path: where.path, start: syntax.start + where.offset, end: syntax.end + where.offset, inMacro: where.inMacro }])
  const native = options.native ?? false
  const { output = 'pieces' } = options
  const buffer = new Buffer(0, native || output !== 'pieces' ? null : [], native ? [] : null, trace, output === 'none')
  const result = guarded(runtime, () => {
    for (const { message, start, end } of template.errors) runtime.note({ code: BROKEN, message, stack: [{ path: where.path, start: start + where.offset, end: end + where.offset, inMacro: null }] })
    runProgram(trace === null ? programOf(template, native) : previewOf(template, source.text ?? ''), runtime, where, lookup, buffer)
    const value = native ? nativeValue(buffer.values ?? []) : contents(buffer)
    const unknown = typeof value === 'object' && value !== null ? value.unknown : null
    if (unknown) runtime.note(unknown)
    return { kind: 'ok', text: native ? (unknown ? '' : strOf(value)) : buffer.text, value, pieces: buffer.pieces ?? [], unknowns: runtime.unknowns, trace }
  })
  if (result.kind === 'error') return trace !== null ? { ...result, pieces: buffer.pieces ?? [] } : result
  return result.value instanceof PyUnknown && result.pieces.length === 0 ? { ...result, pieces: [...buffer.pieces ?? [], restOf(buffer, result.value.origin, source)] } : result
}

/** What an evaluation that ended in an unknown would have printed after all that it had printed. */
function restOf({ pieces }: Buffer, origin: UnknownOrigin, { offset = 0, text }: TemplateSource): Piece {
  const start = pieces?.at(-1)?.end ?? offset
  return { text: '', start, end: text === undefined ? start : offset + text.length, unknown: origin, sites: origin.stack, literal: false }
}

/** Calls one macro of a file with given arguments, as dbt runs an operation or a `generate_…_name` macro. */
export function renderMacro(macro: MacroFile, args: CallArgs, lookup: Lookup, options: RenderOptions): RenderResult {
  const runtime = new Runtime(options.undefined, { ...DEFAULT_BUDGET, ...options.budget }, macro.source)
  return guarded(runtime, () => {
    const value = callMacro(macro, lookup, args, runtime)
    const unknown = typeof value === 'object' && value !== null ? value.unknown : null
    if (unknown) runtime.note(unknown)
    return { kind: 'ok', text: unknown ? '' : strOf(value), value, pieces: [], unknowns: runtime.unknowns, trace: null }
  })
}

function sourceOf({ path, offset = 0, inMacro = null, text }: TemplateSource): Source {
  return { path, offset, inMacro, at: null, lineOf: at => text === undefined ? 1 : positionAt(linesOf(text), at).line + 1 }
}

function guarded(runtime: Runtime, run: () => RenderResult): RenderResult {
  try {
    return metered(runtime.budget, run)
  } catch (thrown) {
    const problem = isExhaustion(thrown) ? runtime.exhausted(thrown) : thrown
    if (problem instanceof PyException) return failure(runtime, problem, problem.sites ?? runtime.sites())
    // dbt: a return() outside of any macro of a file is an error whose text is the value.
    if (problem instanceof MacroReturn) return guarded(runtime, () => failure(runtime, new PyException('MacroReturn', typeof problem.value === 'object' && problem.value?.unknown ? '' : strOf(problem.value)), runtime.sites()))
    if (problem instanceof UnknownSignal || problem instanceof Unfathomable) return { kind: 'ok', text: '', value: new PyUnknown(problem.origin), pieces: [], unknowns: [...runtime.unknowns, problem.origin], trace: null }
    // JavaScript's own stack ran out before our depth limits did: Python's would have too.
    if (problem instanceof RangeError) return failure(runtime, new PyException('RecursionError', 'maximum recursion depth exceeded'), [])
    throw problem
  }
}

function failure(runtime: Runtime, problem: PyException, stack: readonly CallSite[]): RenderError {
  return { kind: 'error', message: problem.message, errorClass: problem.errorClass, stack, unknowns: [...runtime.unknowns, ...runtime.met], detail: problem.detail, pieces: [] }
}

interface Program {
  readonly fn: FunctionScope
  readonly symbols: Symbols
  readonly enter: (frame: Frame) => void
  readonly body: Execute
  /** Nothing but a macro stands in it: running it prints nothing. */
  readonly silent: boolean
  /** The variables that were asked for, and their slots. */
  readonly asked: Map<string, number | null>
}

function previewOf(template: Template, text: string): Program {
  return usable(template.compiled.preview ??= compile(template, false, { text, errors: template.errors }))
}

function programOf(template: Template, native: boolean): Program {
  const { compiled } = template
  return usable(native ? compiled.native ??= compile(template, true, null) : compiled.text ??= compile(template, false, null))
}

/** Of what `compile` put into Template.compiled. */
function usable(made: object): Program {
  if (made instanceof PyException) throw new PyException(made.errorClass, made.message)
  return made as Program
}

function compile(template: Template, native: boolean, preview: PreviewScope | null): Program | PyException {
  try {
    const symbols = new Symbols(null)
    visitStatements(symbols, template.body)
    const fn = new FunctionScope(0, null)
    const scope: Scope = { symbols, fn, soft: false, native, slices: template.slices, loop: false, folding: false, preview }
    const body = compileStatements(template.body, scope)
    return { fn, symbols, enter: entryOf(scope), body, silent: template.body.every(node => node.kind === 'Macro' || node.kind === 'Test'), asked: new Map() }
  } catch (problem) {
    if (problem instanceof PyException) return problem
    throw problem
  }
}

/** Runs a template's own statements. */
export function runRoot(template: Template, native: boolean, runtime: Runtime, source: Source, lookup: Lookup, buffer: Buffer): void {
  runProgram(programOf(template, native), runtime, source, lookup, buffer)
}

/** Runs a template's own statements and hands out the macro that a variable holds afterwards. */
export function definedMacro(template: Template, variable: string, runtime: Runtime, source: Source, lookup: Lookup): PyMacro | null {
  const program = programOf(template, false)
  const frame = runProgram(program, runtime, source, lookup, program.silent ? NO_OUTPUT : new Buffer(runtime.level, null, null))
  let slot = program.asked.get(variable)
  if (slot === undefined) {
    const identifier = program.symbols.find(variable)
    program.asked.set(variable, slot = identifier ? program.fn.slot(identifier) : null)
  }
  const value = slot === null ? undefined : frame.slots[slot]
  return value instanceof PyMacro ? value : null
}

const NO_OUTPUT = new Buffer(0, null, null, null, true)

/** The frame holds the template's variables afterwards. */
function runProgram(program: Program, runtime: Runtime, source: Source, lookup: Lookup, buffer: Buffer): Frame {
  const frame = new Frame(program.fn, null, runtime, new Unit(source, lookup, runtime.mode), buffer)
  program.enter(frame)
  program.body(frame)
  return frame
}
