// One evaluation of a template in dbt's context: who is being rendered, in which mode, what was called and read so far.
// The members of the context are made from it lazily; it holds no result of another evaluation.

import type { CallContext, CallSite, UnknownOrigin, Value } from '../../jinja/value.ts'
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
  lookup(name: string): Value | undefined
  /** Renders a text with this context (vars that hold templates, `render()`). */
  render(text: string, context: CallContext): Value
}

/** Everything that dbt writes into the node while it renders it, and what was read. */
export interface Recorder {
  readonly calls: ResourceCall[]
  readonly refs: RefArgs[]
  readonly sources: (readonly [string, string])[]
  readonly metrics: (readonly string[])[]
  readonly functions: (readonly string[])[]
  readonly configCalls: ConfigCall[]
  readonly macros: string[]
  readonly unknown: UnknownOrigin[]
  readonly evidence: (Evidenced & { readonly stack: readonly CallSite[] })[]
  readonly readMacros: Set<string>
  readonly readVars: Set<string>
  readonly readEnv: Set<string>
  readsWorld: boolean
  /** The literal argument of the call at a place of the node's own text or of a macro, for `nameSpan`. */
  nameSpanAt(site: CallSite): { readonly start: number; readonly end: number } | null
}

export function makeRecorder(nameSpanAt: Recorder['nameSpanAt']): Recorder {
  return {
    calls: [], refs: [], sources: [], metrics: [], functions: [], configCalls: [], macros: [], unknown: [], evidence: [],
    readMacros: new Set(), readVars: new Set(), readEnv: new Set(), readsWorld: false, nameSpanAt,
  }
}

export function readsOf(recorder: Recorder): Reads {
  return { macros: recorder.readMacros, vars: recorder.readVars, env: recorder.readEnv, target: recorder.readsWorld }
}

/** Notes a call of ref, source, function or metric with its places. */
export function recordCall(recorder: Recorder, context: CallContext, call: Pick<ResourceCall, 'kind' | 'args' | 'version' | 'invalid'>): void {
  const { stack } = context
  const [inner] = stack
  const outer = stack[stack.length - 1]
  if (!inner || !outer) return
  // Resolving and noting it takes about as long as this many steps.
  context.spend(100)
  recorder.calls.push({
    ...call,
    path: outer.path,
    span: { start: outer.start, end: outer.end },
    nameSpan: inner === outer ? recorder.nameSpanAt(inner) : null,
    via: stack.slice(0, -1).map(site => ({ path: site.path, span: { start: site.start, end: site.end }, macro: site.inMacro })),
    certain: context.certain,
  })
}

export function recordUnknown(recorder: Recorder, origin: UnknownOrigin): void {
  if (!recorder.unknown.includes(origin)) recorder.unknown.push(origin)
}

/** A new unknown that begins at the running call. */
export function originAt(context: CallContext, code: string, message: string): UnknownOrigin {
  return { code, message, stack: context.stack }
}
