// var() and env_var(): what a name means for a node of a package, and dbt's errors when it is missing. Everything read is recorded.
// Rules: dbt 1.12 context/base.py Var, context/providers.py ModelConfiguredVar, context/configured.py ConfiguredVar.

import { jsonDumps } from '../../jinja/python/json-dumps.ts'
import { PyException, UnknownSignal } from '../../jinja/errors.ts'
import { strOf } from '../../jinja/repr.ts'
import { typeNameOf } from '../../jinja/types.ts'
import { PyDict, PyFunction, PyList, PyObject } from '../../jinja/value.ts'
import type { CallArgs, CallContext, Value } from '../../jinja/value.ts'
import type { Package, Project } from '../project/types.ts'
import { SELF, bindKnown } from './args.ts'
import { deepCopy } from './copy.ts'
import { compilationError, parsingError } from './errors.ts'
import { hiddenMember } from './hidden.ts'
import type { Session } from './session.ts'

const SECRET_PREFIX = 'DBT_ENV_SECRET'
const NOT_SET = new PyFunction('_VAR_NOTSET', () => null)

/** `var`: callable, with `has_var`. */
export class VarObject extends PyObject {
  readonly typeName = 'Var'
  private readonly session: Session
  private readonly copies = new Map<string, Value>()
  constructor(session: Session) { super(); this.session = session }
  override truthy(): boolean { return true }
  override callable(): boolean { return true }
  override getattr(name: string): Value | undefined {
    if (name === 'has_var') return new PyFunction('has_var', args => this.find(textOf(bindKnown('Var.has_var', [['var_name']], args, SELF)[0] ?? null)) !== undefined)
    if (name === 'node_name') return this.session.draft ? this.session.nodeName : '<Configuration>'
    return hiddenMember(name, 'Var')
  }
  override call(args: CallArgs, context: CallContext): Value {
    const [name, fallback] = bindVar(args)
    if (typeof name !== 'string') return this.missing(strOf(name), fallback, context)
    const raw = this.find(name)
    if (raw === undefined) return this.missing(name, fallback, context)
    if (typeof raw !== 'string' || this.session.mode === 'yaml' || this.session.mode === 'docs') return this.copied(name, raw)
    return this.session.render(raw, context)
  }

  private copied(name: string, raw: Value): Value {
    if (typeof raw !== 'object') return raw
    const known = this.copies.get(name)
    if (known !== undefined) return known
    const copy = deepCopy(raw)
    this.copies.set(name, copy)
    return copy
  }

  private missing(name: string, fallback: Value, context: CallContext): Value {
    if (fallback !== NOT_SET) return fallback
    if (this.session.mode === 'parse') return null
    const owner = this.session.draft ? this.session.nodeName : '<Configuration>'
    const configured = this.session.mode === 'yaml' || this.session.mode === 'docs'
    const merged = configured ? asDict(this.session.world.project.cliVars) : mergedVars(this.session.world.project, this.session.packageName)
    throw compilationError(notFound(name, owner, merged, context), 'var-missing', 'RequiredVarNotFoundError')
  }

  private find(name: string): Value | undefined {
    this.session.recorder.readVar(`${this.session.packageName}:${name}`)
    for (const layer of layers(this.session.world.project, this.session.packageName)) {
      const value = layer.get(name)
      if (value !== undefined) return value
    }
    return undefined
  }
}

function bindVar(args: CallArgs): [Value, Value] {
  const [name, fallback] = bindKnownExceptDefault(args)
  return [name ?? null, fallback ?? null]
}

// The default may hang on an unknown that is never needed.
function bindKnownExceptDefault(args: CallArgs): readonly Value[] {
  const name = args.args[0] ?? args.kwargs.get('var_name')
  if (name instanceof PyObject && name.unknown) throw new UnknownSignal(name.unknown)
  const kwargs = new Map(args.kwargs)
  const fallback = args.args[1] ?? kwargs.get('default')
  if (fallback === undefined) return bindKnown('Var.__call__', [['var_name'], ['default', NOT_SET]], args, SELF)
  if (kwargs.has('default')) kwargs.set('default', null)
  bindKnown('Var.__call__', [['var_name'], ['default', null]], { args: args.args.map((value, index) => index === 1 ? null : value), kwargs }, SELF)
  return [name ?? null, fallback]
}

/** Nearest first: --vars, the root's for this package, the root's, the package's own for itself, the package's own. */
function layers(project: Project, packageName: string): Layer[] {
  const own = packageName === project.root.name ? null : project.packages.get(packageName) ?? null
  return [project.cliVars, ...varsOf(project.root, packageName), ...(own ? varsOf(own, packageName) : [])]
}

// VarProvider.vars_for: the dict under the package's name is laid over the global ones.
function varsOf(from: Package, packageName: string): Layer[] {
  const scoped = from.vars.get(packageName)
  return scoped === undefined ? [from.vars] : [scoped instanceof PyDict ? asMap(scoped) : new NoLayer(scoped), from.vars]
}

type Layer = Pick<ReadonlyMap<string, Value>, 'get' | typeof Symbol.iterator>

/** A variable that is named as the package and is no dict: dbt looks into it all the same (MultiDict.__getitem__). */
class NoLayer {
  private readonly value: Value
  constructor(value: Value) { this.value = value }
  get(name: string): undefined {
    const { value } = this
    if (typeof value !== 'string' && !(value instanceof PyList)) throw new PyException('TypeError', `argument of type '${typeNameOf(value)}' is not iterable`)
    const found = typeof value === 'string' ? value.includes(name) : value.items.includes(name)
    if (found) throw new PyException('TypeError', typeof value === 'string' ? "string indices must be integers, not 'str'" : 'list indices must be integers or slices, not str')
    return undefined
  }
  *[Symbol.iterator](): MapIterator<[string, Value]> {}
}

function asMap(dict: PyDict): ReadonlyMap<string, Value> {
  return new Map(dict.items().flatMap(([key, value]) => typeof key === 'string' ? [[key, value] as const] : []))
}

function asDict(map: ReadonlyMap<string, Value>): PyDict { return new PyDict(map) }

function notFound(name: string, owner: string, vars: PyDict, budget: Pick<CallContext, 'spend'>): string {
  return `Required var '${name}' not found in config:\nVars supplied to ${owner} = ${jsonDumps(vars, { sortKeys: true, indent: '    ' }, budget)}`
}

/** What dbt says when it compiles a node that asks for a variable without default; null: the variable is there. */
export function missingVar(project: Project, packageName: string, node: string, name: string): string | null {
  const known = layers(project, packageName).some((layer) => layer instanceof NoLayer || layer.get(name) !== undefined)
  return known ? null : notFound(name, node, mergedVars(project, packageName), { spend: () => undefined })
}

function mergedVars(project: Project, packageName: string): PyDict {
  const merged = new PyDict()
  for (const layer of layers(project, packageName).toReversed()) for (const [name, value] of layer) merged.set(name, value)
  return merged
}

function textOf(value: Value): string { return typeof value === 'string' ? value : strOf(value) }

/** `env_var`. A default of None counts as none; secrets are refused. */
export function envVarFunction(session: Session): PyFunction {
  return new PyFunction('env_var', args => {
    const [name, fallback] = bindKnown(`${session.mode === 'yaml' || session.mode === 'docs' ? 'SchemaYamlContext' : 'ProviderContext'}.env_var`, [['var'], ['default', null]], args, SELF)
    if (typeof name !== 'string') throw new PyException('AttributeError', `'${typeNameOf(name ?? null)}' object has no attribute 'startswith'`)
    if (name.startsWith(SECRET_PREFIX)) {
      throw parsingError(`Secret env vars are allowed only in profiles.yml or packages.yml. Found '${name}' referenced elsewhere.`, 'env-var-secret')
    }
    session.recorder.readEnvironment(name)
    const found = session.world.project.env.get(name) ?? fallback ?? null
    if (found === null) throw parsingError(`Env var required but not provided: '${name}'`, 'env-var-missing')
    return found
  })
}
