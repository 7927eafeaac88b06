// ref, source, function and metric: while parsing they record the call and give the relation of the node itself, as dbt does;
// at run time they ask the RunContext. Rules: dbt 1.12 context/providers.py Base/Parse/Runtime…Resolver. What a name means is never decided here.

import { PyException, UnknownSignal } from '../../jinja/errors.ts'
import { strOf } from '../../jinja/repr.ts'
import { qualifiedTypeNameOf } from '../../jinja/types.ts'
import { PyDict, PyFunction, PyObject, PyUnknown } from '../../jinja/value.ts'
import type { CallArgs, CallContext, UnknownOrigin, Value } from '../../jinja/value.ts'
import type { RefArgs } from '../nodes/types.ts'
import type { Package, Project } from '../project/types.ts'
import { compilationError } from './errors.ts'
import { FinishedNode } from './finished-node.ts'
import { hiddenMember } from './hidden.ts'
import { NodeObject } from './node-object.ts'
import { RecordValue, makeLazyRelation } from './relation.ts'
import type { Relation } from './relation.ts'
import { originAt, recordCall, recordUnknown } from './session.ts'
import type { Session } from './session.ts'
import type { Answer } from './types.ts'

export function refFunction(session: Session): PyFunction {
  return new Resolver(session, 'ref', (args, context) => {
    const call = checked(session, context, 'ref', args, () => refArgs(args))
    if (call === null) return ownRelation(session, null)
    recordCall(session.recorder, context, { kind: 'ref', args: call.package === null ? [call.name] : [call.package, call.name], version: call.version, invalid: null })
    if (session.run) return answer(session.run.resolveRef(call), context, session)
    if (context.certain) session.recorder.add('refs', call)
    return ownRelation(session, null)
  })
}

export function sourceFunction(session: Session): PyFunction {
  return new Resolver(session, 'source', (args, context) => {
    const call = checked(session, context, 'source', args, () => sourceArgs(args))
    if (call === null) return ownRelation(session, null)
    recordCall(session.recorder, context, { kind: 'source', args: call, version: null, invalid: null })
    if (session.run) return answer(session.run.resolveSource(call[0], call[1]), context, session)
    if (context.certain) session.recorder.add('sources', call)
    return ownRelation(session, null)
  })
}

export function functionFunction(session: Session): PyFunction {
  return new Resolver(session, 'function', (args, context) => {
    const call = checked(session, context, 'function', args, () => namedArgs('function', 'ref', args))
    if (call === null) return ownRelation(session, 'function')
    recordCall(session.recorder, context, { kind: 'function', args: call, version: null, invalid: null })
    if (session.run) return answer(session.run.resolveFunction(call[call.length - 1] ?? '', call.length === 2 ? call[0] ?? null : null), context, session)
    if (context.certain) session.recorder.add('functions', call)
    return ownRelation(session, 'function')
  })
}

export function metricFunction(session: Session): PyFunction {
  return new Resolver(session, 'metric', (args, context) => {
    const call = checked(session, context, 'metric', args, () => namedArgs('metric', 'metric', args))
    if (call === null) return new PyUnknown(originAt(context, 'metric', 'the name of the metric is not known'))
    recordCall(session.recorder, context, { kind: 'metric', args: call, version: null, invalid: null })
    const name = call[call.length - 1] ?? ''
    const packageName = call.length === 2 ? call[0] ?? null : null
    if (session.run) return answer(session.run.resolveMetric(name, packageName), context, session)
    if (context.certain) session.recorder.add('metrics', call)
    return new MetricReference(name, packageName)
  })
}

/** dbt's resolver objects carry the RuntimeConfig: packages reach for it as `builtins.ref.config`. */
class Resolver extends PyFunction {
  private readonly session: Session
  constructor(session: Session, name: string, invoke: PyFunction['invoke']) { super(name, invoke); this.session = session }
  override getattr(name: string): Value | undefined {
    const { session } = this
    const { project } = session.world
    switch (name) {
      case 'config': return new RuntimeConfig(project, project.root)
      case 'current_project': session.recorder.readsWorld = true; return project.root.name
      case 'resolve_limit': return project.flags.empty.value ? 0n : null
      case 'model': session.recorder.readsWorld = true; return modelObject(session)
    }
    return super.getattr(name) ?? hiddenMember(name, 'Resolver')
  }
}

/** The node itself, where templates meet it as an object. */
export function modelObject(session: Session): Value {
  const { draft, run, world } = session
  if (!draft || session.mode === 'name') return new PyUnknown({ code: 'model', message: 'the macro that is called stands for the model here', stack: [] }, true)
  if (!run) return new NodeObject(draft, world.project.rules)
  const model = run.model()
  return model instanceof PyDict ? new FinishedNode(draft, model, run.config) : model
}

/** What never hangs on the command that runs; the rest of RuntimeConfig is unknown. */
class RuntimeConfig extends PyObject {
  readonly typeName = 'RuntimeConfig'
  private readonly project: Project
  private readonly of: Package
  constructor(project: Project, of: Package) { super(); this.project = project; this.of = of }
  override truthy(): boolean { return true }
  override getattr(name: string): Value | undefined {
    const { project, of } = this
    switch (name) {
      case 'project_name': return of.name
      case 'version': return of.version
      case 'project_root': return of.root
      case 'target_name': return project.target?.name ?? null
      case 'profile_name': return project.target?.profileName ?? null
      case 'dependencies': return new PyDict(Array.from(project.packages.values(), each => [each.name, new RuntimeConfig(project, each)] as const))
      case 'credentials': case 'args': case 'vars': case 'cli_vars': case 'threads': case 'packages': case 'query_comment': case 'model_paths': case 'macro_paths': case 'seed_paths': case 'test_paths':
      case 'analysis_paths': case 'docs_paths': case 'asset_paths': case 'snapshot_paths': case 'target_path': case 'log_path': case 'quoting': case 'models': case 'seeds': case 'snapshots': case 'sources': case 'tests': case 'data_tests':
      case 'on_run_start': case 'on_run_end': case 'dispatch': case 'config_version': case 'selectors': case 'project_env_vars': case 'profile_env_vars': case 'invoked_at': case 'clean_targets': case 'packages_install_path':
        return new PyUnknown({ code: 'runtime-config', message: `dbt's RuntimeConfig.${name} is not known before a command runs`, stack: [] })
    }
    return hiddenMember(name, 'RuntimeConfig')
  }
}

/** dbt's MetricReference of parse time: prints its name. */
class MetricReference extends RecordValue {
  readonly metric: string
  constructor(metric: string, packageName: string | null) {
    super('MetricReference', new Map<string, Value>([['metric_name', metric], ['package_name', packageName]]))
    this.metric = metric
  }
  override str(): string { return this.metric }
}

/** The relation of the node that is rendered, quoted by the project's policy (Relation.create_from(config, model)). */
export function ownRelation(session: Session, type: string | null): Relation | null {
  const { draft, world: { project } } = session
  if (!draft) return null
  return makeLazyRelation(project.adapter, () => ({ database: draft.database, schema: draft.schema, identifier: draft.alias }), { type, quoting: project.root.quoting })
}

/** RuntimeXResolver's answer as a value; errors are thrown in dbt's words. */
export function answer(given: Answer, context: CallContext, session: Session): Value {
  if (given.kind === 'value') {
    if (given.evidence) session.recorder.add('evidence', { stack: context.stack, ...given.evidence })
    return given.value
  }
  if (given.kind === 'error') throw compilationError(given.message, given.code)
  const origin = originAt(context, given.code, given.message)
  recordUnknown(session.recorder, origin)
  return new PyUnknown(origin)
}

/** Of a refused call: a container may hold what is not known, and has no text then. */
function shownArgument(value: Value): string { return typeof value === 'object' && value !== null && !isText(value) ? classOf(value) : strOf(value) }

// The arguments in dbt's checks, or null when they hang on an unknown: then the node's graph is not wholly known.
function checked<T>(session: Session, context: CallContext, kind: 'ref' | 'source' | 'function' | 'metric', args: CallArgs, read: () => T): T | null {
  const unknown = unknownAmong(args.args) ?? unknownAmong(args.kwargs.values())
  if (unknown) {
    recordUnknown(session.recorder, unknown)
    if (session.run) throw new UnknownSignal(unknown)
    return null
  }
  try {
    return read()
  } catch (error) {
    if (error instanceof PyException) recordCall(session.recorder, context, { kind, args: args.args.map(shownArgument), version: null, invalid: error.message })
    throw error
  }
}

function unknownAmong(values: Iterable<Value>): UnknownOrigin | null {
  for (const value of values) if (value instanceof PyObject && value.unknown) return value.unknown
  return null
}

/** BaseRefResolver.__call__ and validate_args. */
export function refArgs({ args, kwargs }: CallArgs): RefArgs {
  if (args.length !== 1 && args.length !== 2) throw compilationError(`ref() takes at most two arguments (${args.length} given)`, 'ref-invalid', 'RefArgsError')
  const name = args[args.length - 1] ?? null
  const packageName = args.length === 2 ? args[0] ?? null : null
  const given = kwargs.get('version') ?? null
  const version = isTruthy(given) ? given : kwargs.get('v') ?? null
  if (!isText(name)) throw compilationError(`The name argument to ref() must be a string, got ${classOf(name)}`, 'ref-invalid')
  if (packageName !== null && !isText(packageName)) throw compilationError(`The package argument to ref() must be a string or None, got ${classOf(packageName)}`, 'ref-invalid')
  if (version !== null && typeof version === 'object') throw compilationError(`The version argument to ref() must be a string, int, float, or None - got ${classOf(version)}`, 'ref-invalid')
  return { name: strOf(name), package: packageName === null ? null : strOf(packageName), version: typeof version === 'boolean' ? BigInt(version) : version }
}

function sourceArgs({ args, kwargs }: CallArgs): readonly [string, string] {
  for (const key of kwargs.keys()) throw new PyException('TypeError', `BaseSourceResolver.__call__() got an unexpected keyword argument '${key}'`)
  if (args.length !== 2) throw compilationError(`source() takes exactly two arguments (${args.length} given)`, 'source-invalid', 'NumberSourceArgsError')
  const [source, table] = args
  if (!isText(source)) throw compilationError(`The source name (first) argument to source() must be a string, got ${classOf(source)}`, 'source-invalid')
  if (!isText(table)) throw compilationError(`The table name (second) argument to source() must be a string, got ${classOf(table)}`, 'source-invalid')
  return [strOf(source ?? null), strOf(table ?? null)]
}

// function() complains of its arguments in ref's words.
function namedArgs(kind: 'function' | 'metric', said: 'ref' | 'metric', { args, kwargs }: CallArgs): string[] {
  const owner = kind === 'function' ? 'BaseFunctionResolver' : 'BaseMetricResolver'
  for (const key of kwargs.keys()) throw new PyException('TypeError', `${owner}.__call__() got an unexpected keyword argument '${key}'`)
  if (args.length !== 1 && args.length !== 2) throw compilationError(`${said}() takes at most two arguments (${args.length} given)`, `${kind}-invalid`)
  const name = args[args.length - 1]
  const packageName = args.length === 2 ? args[0] ?? null : null
  if (!isText(name)) throw compilationError(`The name argument to ${kind}() must be a string, got ${classOf(name)}`, `${kind}-invalid`)
  if (packageName !== null && !isText(packageName)) throw compilationError(`The package argument to ${kind}() must be a string or None, got ${classOf(packageName)}`, `${kind}-invalid`)
  return packageName === null ? [strOf(name ?? null)] : [strOf(packageName), strOf(name ?? null)]
}

function isText(value: Value | undefined): boolean {
  return typeof value === 'string' || (value instanceof PyObject && ['Markup', 'TextMarker', 'NativeMarker', 'BoolMarker', 'NumberMarker'].includes(value.typeName))
}

function isTruthy(value: Value): boolean {
  if (typeof value === 'object' && value !== null) return value.truthy()
  return Boolean(value)
}

/** `{type(x)}` of Python: `<class 'int'>`. */
export function classOf(value: Value | undefined): string {
  const name = qualifiedTypeNameOf(value ?? null)
  return `<class '${name === 'dbt_common.clients.jinja.Undefined' ? 'dbt_common.clients.jinja.create_undefined.<locals>.Undefined' : name}'>`
}
