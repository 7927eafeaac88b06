// Puts a session together: which namespace of macros and which members a context of the mode has, in dbt's order of precedence.
// Values are made lazily, when a template asks for their name.

import type { CallContext, Value } from '../../jinja/value.ts'
import { renderInside } from './engine.ts'
import { NODE_MEMBERS, member } from './members.ts'
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
export function makeSession(world: World, mode: Mode, draft: NodeDraft | null, recorder: Recorder, options: SessionOptions = {}): Session {
  const hasMacros = mode !== 'yaml' && mode !== 'docs' && mode !== 'exposure'
  const made = new Map<string, Value | undefined>()
  const session: Session = {
    world, mode, draft, recorder,
    packageName: options.packageName ?? draft?.package_name ?? world.project.root.name,
    nodeName: options.nodeName ?? draft?.name ?? '',
    run: options.run ?? null,
    macroStack: [],
    results: new Map(),
    lookup: name => {
      const given = options.extra?.get(name)
      if (given !== undefined) return given
      if (made.has(name)) return made.get(name)
      const value = find(name)
      // The stack changes while macros run; everything else is made once.
      if (name !== 'context_macro_stack' && name !== '_sql_results') made.set(name, value)
      return value
    },
    render: (text, context: CallContext) => renderInside(text, context, name => session.lookup(name)),
  }
  const namespace: MacroNamespace = options.testMacros ? testNamespace(session, options.testMacros) : fullNamespace(session)
  const members = (name: string): Value | undefined => options.own?.has(name) ? options.own.get(name) : member(session, namespace, name)
  const context = new LazyDict('ChainMap', () => NODE_MEMBERS, name => session.lookup(name))
  const builtins = new LazyDict('dict', () => hasMacros ? NODE_MEMBERS : NODE_MEMBERS.slice(0, 24), members)
  const find = (name: string): Value | undefined => {
    if (mode === 'exposure') return members(name)
    if (name === 'context') return context
    const macro = hasMacros ? namespace.get(name) : undefined
    if (macro !== undefined) return macro
    return name === 'builtins' ? builtins : members(name)
  }
  return session
}
