// One evaluation of a template in dbt's context: who is being rendered, in which mode, what was called and read so far.
// The members of the context are made from it lazily; it holds no result of another evaluation.

import type { CallContext, CallSite, UnknownOrigin, Value } from '../../jinja/value.ts'
import { compact } from '../../text/compact.ts'
import type { RefArgs, ResourceCall } from '../nodes/types.ts'
import type { ConfigCall, Evidenced, NodeDraft, Reads, RunContext, World } from './types.ts'

/**
 * parse: dbt's ParseProvider · name: GenerateNameProvider · run: RuntimeProvider · operation: OperationProvider
 * · yaml: property files · docs: descriptions · exposure: `depends_on` of exposures.
 */
export type Mode = 'parse' | 'name' | 'run' | 'operation' | 'yaml' | 'docs' | 'exposure'

export interface Session {
  readonly world: World
  readonly mode: Mode
  /** The package whose macros come first. */
  readonly packageName: string
  /** The node that is rendered; null for YAML, docs and exposures. */
  readonly draft: NodeDraft | null
  /** What messages call it (dbt's `node.name`). */
  readonly nodeName: string
  readonly run: RunContext | null
  readonly recorder: Recorder
  /** dbt's context_macro_stack: ids of the macros of files that are running. */
  readonly macroStack: string[]
  /** What templates stored with store_result. */
  readonly results: Map<string, Value>
  /** A name of the context, or undefined. */
  readonly lookup: (name: string) => Value | undefined
  /** Renders a text with this context (vars that hold templates, `render()`). */
  render(text: string, context: CallContext): Value
}

/** Everything that dbt writes into the node while it renders it, and what was read. Most evaluations write nothing: lists are made when something comes. */
export class Recorder {
  calls: readonly ResourceCall[] = NOTHING
  refs: readonly RefArgs[] = NOTHING
  sources: readonly (readonly [string, string])[] = NOTHING
  metrics: readonly (readonly string[])[] = NOTHING
  functions: readonly (readonly string[])[] = NOTHING
  configCalls: readonly ConfigCall[] = NOTHING
  macros: readonly string[] = NOTHING
  unknown: readonly UnknownOrigin[] = NOTHING
  evidence: readonly (Evidenced & { readonly stack: readonly CallSite[] })[] = NOTHING
  /** What a macro of the project that stands in for ref, source or function gave back for the call it passed on: its text, null when that is not known. */
  given: ReadonlyMap<ResourceCall, string | null> = NONE_GIVEN
  readsWorld = false
  /** The names of calls stand in the node's own text, not in made-up text of a test. */
  readonly ownText: boolean
  private readMacros: Set<string> | null = null
  private readVars: Set<string> | null = null
  private readEnv: Set<string> | null = null

  constructor(ownText = false) { this.ownText = ownText }

  add<K extends RecordedList>(list: K, item: this[K][number]): void {
    if (this[list] === NOTHING) this[list] = [item] as unknown as this[K]
    else (this[list] as unknown[]).push(item)
  }

  /** `from`: the first of the calls that were noted while the macro ran. */
  give(from: number, text: string | null): void {
    if (from === this.calls.length) return
    if (this.given === NONE_GIVEN) this.given = new Map()
    const given = this.given as Map<ResourceCall, string | null>
    for (const call of this.calls.slice(from)) given.set(call, text)
  }

  readMacro(id: string): void { (this.readMacros ??= new Set()).add(id) }
  readVar(key: string): void { (this.readVars ??= new Set()).add(key) }
  readEnvironment(name: string): void { (this.readEnv ??= new Set()).add(name) }

  /** What was read so far. Nodes by the thousand read the same: they share one value. */
  reads(): Reads {
    const key = `${this.readsWorld ? '1' : '0'}\n${joined(this.readMacros)}\n${joined(this.readVars)}\n${joined(this.readEnv)}`
    let known = shared.get(key)
    if (!known) {
      if (shared.size >= SHARED) shared.clear()
      shared.set(key, known = { macros: new Set(this.readMacros), vars: new Set(this.readVars), env: new Set(this.readEnv), target: this.readsWorld })
    }
    return known
  }
}

type RecordedList = 'calls' | 'refs' | 'sources' | 'metrics' | 'functions' | 'configCalls' | 'macros' | 'unknown' | 'evidence'

const NOTHING: readonly never[] = []
const NONE_GIVEN: ReadonlyMap<ResourceCall, string | null> = new Map()
const shared = new Map<string, Reads>()
const SHARED = 20_000

function joined(set: ReadonlySet<string> | null): string { return set === null ? '' : [...set].join('\0') }

/** Notes a call of ref, source, function or metric with its places. */
export function recordCall(recorder: Recorder, context: CallContext, call: Pick<ResourceCall, 'kind' | 'args' | 'version' | 'invalid'>): void {
  const { stack } = context
  const [inner] = stack
  const outer = stack[stack.length - 1]
  if (!inner || !outer) return
  // Resolving and noting it takes about as long as this many steps.
  context.spend(150)
  recorder.add('calls', {
    kind: call.kind, args: call.args, version: call.version, invalid: call.invalid,
    span: { start: outer.start, end: outer.end },
    path: outer.path,
    nameSpan: inner === outer && recorder.ownText ? context.literal : null,
    via: compact(stack.slice(0, -1).map(site => ({ path: site.path, span: { start: site.start, end: site.end }, macro: site.inMacro }))),
    certain: context.certain,
  })
}

export function recordUnknown(recorder: Recorder, origin: UnknownOrigin): void {
  if (!recorder.unknown.includes(origin)) recorder.add('unknown', origin)
}

/** A new unknown that begins at the running call. */
export function originAt(context: CallContext, code: string, message: string): UnknownOrigin {
  return { code, message, stack: context.stack }
}
