// Puts a session together: which namespace of macros and which members a context of the mode has, in dbt's order of precedence.
// Values are made lazily, when a template asks for their name.

import { UnknownSignal } from '../../jinja/errors.ts'
import { PyUnknown } from '../../jinja/value.ts'
import type { CallContext, Value } from '../../jinja/value.ts'
import { renderInside } from './engine.ts'
import { member } from './members.ts'
import { LazyDict } from './namespace-object.ts'
import { fullNamespace, testNamespace } from './namespaces.ts'
import type { MacroNamespace } from './namespaces.ts'
import type { Mode, Recorder, Session } from './session.ts'
import type { NodeDraft, RunContext, World } from './types.ts'

export interface SessionOptions {
  /** The package whose macros come first; the node's own by default. */
  readonly packageName?: string
  readonly nodeName?: string
  readonly run?: RunContext | null
  /** Ids of the only macros there are (generic tests while parsing). */
  readonly testMacros?: readonly string[]
  /** Names before all others. Read when asked, so it may be filled later. */
  readonly extra?: ReadonlyMap<string, Value>
  /** Names of this evaluation's own context alone, after macros: `doc`. */
  readonly own?: ReadonlyMap<string, Value>
}

/** A session whose `lookup` answers as dbt's context of that mode. */
export function makeSession(world: World, mode: Mode, draft: NodeDraft | null, recorder: Recorder, options: SessionOptions = NO_OPTIONS): Session {
  return new ContextSession(world, mode, draft, recorder, options)
}

const NO_OPTIONS: SessionOptions = {}

/** All names of dbt's context, its macros among them, in dbt's order. */
function unordered(): never { throw new UnknownSignal({ code: 'context', message: 'which names dbt lists, and in which order, is not known', stack: [] }) }

/** Sessions are made by the ten thousand, most for a few names: everything in them waits until it is asked for. */
class ContextSession implements Session {
  readonly world: World
  readonly mode: Mode
  readonly draft: NodeDraft | null
  readonly recorder: Recorder
  readonly packageName: string
  readonly run: RunContext | null
  readonly macroStack: string[] = []
  readonly lookup: (name: string) => Value | undefined
  private readonly options: SessionOptions
  private readonly made = new Map<string, Value | undefined>()
  private knownResults: Map<string, Value> | null = null
  private knownNamespace: MacroNamespace | null = null

  constructor(world: World, mode: Mode, draft: NodeDraft | null, recorder: Recorder, options: SessionOptions) {
    this.world = world
    this.mode = mode
    this.draft = draft
    this.recorder = recorder
    this.options = options
    this.packageName = options.packageName ?? draft?.package_name ?? world.project.root.name
    this.run = options.run ?? null
    this.lookup = name => this.find(name)
  }

  get nodeName(): string { return this.options.nodeName ?? this.draft?.name ?? '' }
  get results(): Map<string, Value> { return this.knownResults ??= new Map() }

  render(text: string, context: CallContext): Value { return renderInside(text, context, this.lookup) }

  private get namespace(): MacroNamespace { return this.knownNamespace ??= this.options.testMacros ? testNamespace(this, this.options.testMacros) : fullNamespace(this) }

  private get hasMacros(): boolean { return this.mode !== 'yaml' && this.mode !== 'docs' && this.mode !== 'exposure' }

  private find(name: string): Value | undefined {
    const given = this.options.extra?.get(name)
    if (given !== undefined) return given
    const known = this.made.get(name)
    if (known !== undefined || this.made.has(name)) return known
    const value = this.make(name)
    // The stack changes while macros run; everything else is made once.
    if (name !== 'context_macro_stack' && name !== '_sql_results') this.made.set(name, value)
    return value
  }

  private make(name: string): Value | undefined {
    if (this.mode === 'exposure') return this.member(name)
    // Jinja's own reference to the template and its blocks, which dbt's have none of.
    if (name === 'self') return new PyUnknown({ code: 'self', message: 'what `self` says of a template is not known', stack: [] }, true)
    if (name === 'context') return new LazyDict('ChainMap', unordered, this.lookup)
    const macro = this.hasMacros ? this.namespace.get(name) : undefined
    if (macro !== undefined) return macro
    return name === 'builtins' ? new LazyDict('dict', unordered, member => this.member(member)) : this.member(name)
  }

  private member(name: string): Value | undefined {
    return this.options.own?.has(name) ? this.options.own.get(name) : member(this, this.namespace, name)
  }
}
