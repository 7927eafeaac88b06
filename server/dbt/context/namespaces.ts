// Macros as callable values, and the namespaces in which templates find them: own package, root, package names, `dbt`, dbt's own.
// Rules: dbt 1.12 context/macros.py MacroNamespace, context/macro_resolver.py TestMacroNamespace, clients/jinja.py MacroGenerator.

import { PyException, UnknownSignal } from '../../jinja/errors.ts'
import { strOf } from '../../jinja/repr.ts'
import { typeNameOf } from '../../jinja/types.ts'
import { PyFunction, PyObject, PyUnknown } from '../../jinja/value.ts'
import type { CallArgs, CallContext, Value } from '../../jinja/value.ts'
import { bindKnown } from './args.ts'
import { DBT_MACRO_NAMES, isDbtsName } from './builtin-macros.ts'
import { dispatchFailure, dispatchSearch, type Candidate } from './dispatch.ts'
import { compilationError } from './errors.ts'
import { hiddenMember } from './hidden.ts'
import { runMacro } from './engine.ts'
import { internalMacro, macroByName, macroOfPackage } from './macros.ts'
import { classOf } from './resolvers.ts'
import { originAt, recordUnknown } from './session.ts'
import type { Session } from './session.ts'
import type { MacroDefinition } from './types.ts'

/** Where the macros of a context come from: all that the node sees, or just those of a generic test. */
export interface MacroNamespace {
  get(name: string): Value | undefined
  /** Undefined: there is no such package; null: it has no such macro. */
  ofPackage(packageName: string | null, name: string): MacroDefinition | null | undefined
}

/** MacroNamespaceBuilder.build_namespace for a node of the session's package. */
export function fullNamespace(session: Session): MacroNamespace {
  const { macros: index } = session.world
  const get = (name: string): Value | undefined => {
    const own = index.byPackage.get(session.packageName)?.get(name) ?? index.byPackage.get(index.rootPackage)?.get(name)
    if (own) return new MacroCallable(session, own)
    if (index.byPackage.has(name) && !index.internalPackages.includes(name)) return new PackageNamespace(session, name)
    if (name === 'dbt') return new PackageNamespace(session, name)
    const internal = internalMacro(index, name)
    if (internal) return new MacroCallable(session, internal)
    session.recorder.readMacro(`missing:${name}`)
    return index.source === null && isDbtsName(name) ? missingMacro(session, name) : undefined
  }
  return {
    get,
    ofPackage: (packageName, name) => packageName === null
      ? index.find(name, session.packageName)
      : macroOfPackage(index, packageName, name),
  }
}

const NONE_REACHED: ReadonlyMap<string, MacroDefinition> = new Map<string, MacroDefinition>()

/** TestMacroNamespace: the macros that the test reaches statically, by their own name and by their package's. */
export function testNamespace(session: Session, reachable: readonly string[]): MacroNamespace {
  const { macros: index } = session.world
  const byName = new Map<string, MacroDefinition>()
  const packages = new Map<string, Map<string, MacroDefinition>>()
  for (const id of reachable) {
    const macro = index.byId.get(id)
    if (!macro) continue
    byName.set(macro.name, macro)
    let own = packages.get(macro.package_name)
    if (!own) packages.set(macro.package_name, own = new Map())
    own.set(macro.name, macro)
  }
  return {
    get: name => {
      const own = packages.get(name)
      if (own) return new PackageNamespace(session, name, own)
      const macro = byName.get(name)
      if (macro) return new MacroCallable(session, macro)
      session.recorder.readMacro(`missing:${name}`)
      if (index.source !== null) return undefined
      return name === 'dbt' ? new PackageNamespace(session, name, NONE_REACHED) : isDbtsName(name) ? missingMacro(session, name) : undefined
    },
    ofPackage: (packageName, name) => packageName === null ? macroByName(index, name) : macroOfPackage(index, packageName, name),
  }
}

/** dbt's MacroGenerator: a macro of a file, with the calling node's context. */
class MacroCallable extends PyObject {
  readonly typeName = 'MacroGenerator'
  readonly macro: MacroDefinition
  private readonly session: Session
  constructor(session: Session, macro: MacroDefinition) { super(); this.session = session; this.macro = macro }
  override get qualifiedTypeName(): string { return 'dbt.clients.jinja.MacroGenerator' }
  override truthy(): boolean { return true }
  override callable(): boolean { return true }
  override equals(other: Value): boolean | undefined { return other instanceof MacroCallable ? other.macro === this.macro : undefined }
  override call(args: CallArgs, context: CallContext): Value {
    const { recorder, macroStack, run } = this.session
    const id = this.macro.unique_id
    recorder.readMacro(id)
    if (macroStack.length === 0 && context.certain && !recorder.macros.includes(id)) recorder.add('macros', id)
    macroStack.push(id)
    const before = recorder.calls.length
    try {
      const value = runMacro(this.macro, args, context, this.session.lookup)
      if (run && STAND_INS.has(this.macro.name) && !this.macro.internal) recorder.give(before, value instanceof PyUnknown ? null : strOf(value))
      return value
    } finally {
      macroStack.pop()
    }
  }
}

/** What a project may put its own macro in front of, as dbt's documentation of `builtins` has it. */
const STAND_INS: ReadonlySet<string> = new Set(['ref', 'source', 'function'])

/** `package_name` as a namespace: `package_name.macro(...)`. */
class PackageNamespace extends PyObject {
  get typeName(): string { return this.session.world.project.rules.packagesAreDicts ? 'dict' : 'MacroNamespace' }
  override get qualifiedTypeName(): string { return this.session.world.project.rules.packagesAreDicts ? 'dict' : 'dbt.context.macros.MacroNamespace' }
  private readonly session: Session
  private readonly packageName: string
  private readonly only: ReadonlyMap<string, MacroDefinition> | null
  constructor(session: Session, packageName: string, only: ReadonlyMap<string, MacroDefinition> | null = null) {
    super()
    this.session = session
    this.packageName = packageName
    this.only = only
  }
  override truthy(): boolean { return true }
  override subscriptable(): boolean { return true }
  override getattr(name: string): Value | undefined {
    if (name === 'get') return new PyFunction('get', args => {
      const [key, fallback] = bindKnown('get', [['key'], ['default', null]], args)
      const found = this.getitem(key ?? null)
      return found === undefined ? fallback ?? null : found
    })
    return hiddenMember(name, 'MacroNamespace')
  }
  override getitem(key: Value): Value | undefined {
    if (typeof key !== 'string') return undefined
    const { macros: index } = this.session.world
    const macro = this.only ? this.only.get(key) : macroOfPackage(index, this.packageName, key)
    if (macro) return new MacroCallable(this.session, macro)
    this.session.recorder.readMacro(`missing:${this.packageName}.${key}`)
    return this.packageName === 'dbt' && index.source === null ? missingMacro(this.session, key) : undefined
  }
  override contains(key: Value): boolean { return this.getitem(key) !== undefined }
  override repr(): string { throw new UnknownSignal({ code: 'macros', message: 'Python prints all macros of the package with their places in memory', stack: [] }) }
}

/** `adapter.dispatch(name, namespace)`: the first macro found in dbt's search order. */
export function dispatchMacro(session: Session, namespace: MacroNamespace, args: CallArgs, context: CallContext): Value {
  const [name, given, packages] = bindKnown('BaseDatabaseWrapper.dispatch', [['macro_name'], ['macro_namespace', null], ['packages', null]], args, ['self'])
  if (typeof name !== 'string' && !(name instanceof PyObject)) throw new PyException('TypeError', `argument of type '${typeNameOf(name ?? null)}' is not iterable`)
  const macroName = strOf(name ?? null)
  const dot = macroName.indexOf('.')
  if (dot >= 0) {
    throw compilationError(`In adapter.dispatch, got a macro name of "${macroName}", but "." is not a valid macro name component. Did you mean \`adapter.dispatch("${macroName.slice(dot + 1)}", macro_namespace="${macroName.slice(0, dot)}")\`?`, 'macro-not-found')
  }
  if (packages !== null) throw compilationError(deprecatedPackages(macroName), 'macro-not-found', 'MacroDispatchArgError')
  if (given !== null && given !== undefined && typeof given !== 'string') {
    throw compilationError(`In adapter.dispatch, got a ${classOf(given)} macro_namespace argument ("${strOf(given)}"), but macro_namespace should be None or a string.`, 'macro-not-found')
  }
  const candidates = dispatchSearch(session.world.project, macroName, given ?? null)
  for (const { packageName, macroName: candidate } of candidates) {
    const macro = namespace.ofPackage(packageName, candidate)
    if (macro) return new MacroCallable(session, macro)
    session.recorder.readMacro(`missing:${packageName === null ? '' : `${packageName}.`}${candidate}`)
  }
  const { macros: index } = session.world
  if (index.source === null && mayBeDbts(macroName, given ?? null, candidates)) {
    const origin = originAt(context, 'missing-macro', missingMessage(macroName))
    return new PyUnknown(origin)
  }
  throw compilationError(dispatchFailure(macroName, given ?? null, candidates), 'macro-not-found')
}

// Without dbt's own macros a name that is, or may be, one of them is unknown, not missing.
// A namespace that is no package is searched as none is: everywhere.
function mayBeDbts(name: string, namespace: string | null, searched: readonly Candidate[]): boolean {
  return namespace === 'dbt' || (searched.some((each) => each.packageName === null) && DBT_MACRO_NAMES.has(name))
}

function missingMessage(name: string): string { return `${name} is one of dbt's own macros, and they could not be read (no manifest.json, no installed dbt)` }

/** A macro of dbt's that nobody could read: callable, its result unknown. */
function missingMacro(session: Session, name: string): Value {
  return new PyFunction(name, (_args, context) => {
    const { recorder, macroStack } = session
    // Of what a model calls, dbt's adapters bring versions with a prefix only: a plain name is that of package `dbt`.
    const id = `macro.dbt.${name}`
    if (DBT_MACRO_NAMES.has(name) && macroStack.length === 0 && context.certain && !recorder.macros.includes(id)) recorder.add('macros', id)
    const origin = originAt(context, 'missing-macro', missingMessage(name))
    if (session.run) recordUnknown(recorder, origin)
    throw new UnknownSignal(origin)
  })
}

function deprecatedPackages(name: string): string {
  return `        The "packages" argument of adapter.dispatch() has been deprecated.\n        Use the "macro_namespace" argument instead.\n\n        Raised during dispatch for: ${name}\n\n        For more information, see:\n\n        https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch\n        `
}

