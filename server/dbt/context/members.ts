// The members of dbt's Jinja contexts by name: which context has which, and what each is. Made when first asked for.
// Rules: dbt 1.12 context/base.py, target.py, configured.py, providers.py, docs.py. Macros are not here (namespaces.ts).

import { PyException } from '../../jinja/errors.ts'
import { strOf } from '../../jinja/repr.ts'
import { PyDict, PyLazyDict, PyFunction, PyList, PyObject, PyUnknown } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { AdapterObject, RelationProxy } from './adapter-object.ts'
import { SELF, bindKnown } from './args.ts'
import { baseMember } from './members-base.ts'
import { columnClass } from './column.ts'
import { InvocationArguments } from './invocation.ts'
import { ParseConfigObject, RuntimeConfigObject } from './config-object.ts'
import { SECRET_STARS } from '../project/secrets.ts'
import { compilationError } from './errors.ts'
import { exceptionsDict } from './exceptions.ts'
import { draftDict } from './draft-dict.ts'
import { compactHooks } from './model-dict.ts'
import type { MacroNamespace } from './namespaces.ts'
import { AttributeDict } from './namespace-object.ts'
import { functionFunction, metricFunction, modelObject, ownRelation, refFunction, sourceFunction } from './resolvers.ts'
import { originAt, recordUnknown } from './session.ts'
import type { Session } from './session.ts'
import { VarObject, envVarFunction } from './vars.ts'
import { isGeneric } from './watched-draft.ts'

/** A member of the session's context, or undefined when that context has none of this name. */
export function member(session: Session, macros: MacroNamespace, name: string): Value | undefined {
  if (session.mode === 'exposure') return exposureMember(session, name)
  const shared = sharedMember(session, name)
  if (shared !== undefined) return shared
  return session.mode === 'yaml' || session.mode === 'docs' ? undefined : nodeMember(session, macros, name)
}

function exposureMember(session: Session, name: string): Value | undefined {
  switch (name) {
    case 'ref': return refFunction(session)
    case 'source': return sourceFunction(session)
    case 'metric': return metricFunction(session)
    default: return undefined
  }
}

function sharedMember(session: Session, name: string): Value | undefined {
  const { project } = session.world
  switch (name) {
    case 'var': return new VarObject(session)
    case 'env_var': return envVarFunction(session)
    case 'dbt_version':
      session.recorder.readsWorld = true
      return session.world.dbtVersion ?? unknown('dbt-version', 'which version of dbt will run is not known')
    case 'target': case 'env':
      if (name === 'env' && (session.mode === 'yaml' || session.mode === 'docs')) return undefined
      session.recorder.readsWorld = true
      return project.target ? targetDict(project.target.context) : unknown('target', 'there is no target: the profile could not be read')
    case 'project_name': session.recorder.readsWorld = true; return project.root.name
    default: return baseMember(session, name)
  }
}

function nodeMember(session: Session, macros: MacroNamespace, name: string): Value | undefined {
  const { world: { project }, draft, run } = session
  switch (name) {
    case 'ref': return refFunction(session)
    case 'source': return sourceFunction(session)
    case 'metric': return metricFunction(session)
    case 'function': return project.rules.jinjaHas.has(name) ? functionFunction(session) : undefined
    case 'config': return configMember(session)
    case 'execute': return session.mode === 'run' || session.mode === 'operation'
    case 'exceptions': return exceptionsDict(project.adapter)
    case 'adapter': return new AdapterObject(session, macros)
    case 'api': return new PyDict([['Relation', new RelationProxy(session)], ['Column', columnMember(session)]])
    case 'column': return columnMember(session)
    case 'database': session.recorder.readsWorld = true; return draft && session.mode !== 'name' ? draft.database : project.target?.database ?? null
    case 'schema': session.recorder.readsWorld = true; return draft && session.mode !== 'name' ? draft.schema : project.target?.schema ?? null
    case 'graph': return run ? run.graph() : new PyDict()
    case 'model': session.recorder.readsWorld = true; return modelMember(session)
    case 'this': session.recorder.readsWorld = true; return ofTest(session) ? undefined : run ? run.this : draft?.resource_type === 'operation' ? null : ownRelation(session, null)
    case 'pre_hooks': return hooksMember(session, 'pre-hook')
    case 'post_hooks': return hooksMember(session, 'post-hook')
    case 'sql': return null
    case 'compiled_code': case 'defer_relation': return ofTest(session) ? undefined : null
    case 'sql_now': return DATE_FUNCTIONS.get(project.adapter.type) ?? unknown('adapter', 'the date function of this adapter is not known')
    case 'load_result': return new PyFunction(name, args => loadResult(session, strOf(bindKnown('ProviderContext.load_result', [['name']], args, SELF)[0] ?? null)))
    case 'store_result': return new PyFunction(name, args => storeResult(session, args.args[0] ?? args.kwargs.get('name') ?? null, args.kwargs.get('response') ?? args.args[1] ?? null, args.kwargs.get('agate_table') ?? args.args[2] ?? null))
    case 'store_raw_result': return new PyFunction(name, args => storeResult(session, args.args[0] ?? args.kwargs.get('name') ?? null, null, args.kwargs.get('agate_table') ?? null))
    case '_sql_results': return new PyDict(session.results)
    case 'validation': return new AttributeDict('AttrDict', new Map([['any', new PyFunction('any', types => validator(types.args))]]))
    case 'write': return new PyFunction(name, args => { bindKnown('ProviderContext.write', [['payload']], args, SELF); return '' })
    case 'render': return new PyFunction(name, (args, context) => {
      const [text] = bindKnown('ProviderContext.render', [['string']], args, SELF)
      return typeof text === 'string' ? session.render(text, context) : session.render(strOf(text ?? null), context)
    })
    case 'try_or_compiler_error': return new PyFunction(name, (args, context) => {
      const [message, callee, ...rest] = args.args
      try {
        return context.call(callee ?? null, { args: rest, kwargs: args.kwargs })
      } catch (error) {
        if (!(error instanceof PyException)) throw error
        throw compilationError(strOf(message ?? null))
      }
    })
    case 'load_agate_table': return new PyFunction(name, (_args, context) => {
      if (draft?.resource_type !== 'seed') throw compilationError(`can only load_agate_table for seeds (got a ${draft?.resource_type ?? 'macro'})`)
      return new PyUnknown(originAt(context, 'seed-table', 'the rows of the seed are not read'))
    })
    case 'adapter_macro': return new PyFunction(name, args => {
      throw compilationError(`The "adapter_macro" macro has been deprecated. Instead, use the \`adapter.dispatch\` method to find a macro and call the result.  For more information, see: https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch) adapter_macro was called for: ${strOf(args.args[0] ?? null)}`)
    })
    case 'selected_resources': return run?.selectedResources ? new PyList([...run.selectedResources]) : run ? unknown('invocation', 'which nodes dbt will be told to run is not known') : new PyList([])
    case 'submit_python_job': return new PyFunction(name, args => {
      const [parsed] = bindKnown('ProviderContext.submit_python_job', [['parsed_model'], ['compiled_code']], args, SELF)
      throw compilationError(`submit_python_job is not intended to be called here, at model ${strOf(parsed instanceof PyDict ? parsed.get('alias') ?? null : null)}, with macro call_stack [${session.macroStack.map(id => `'${id}'`).join(', ')}].`, 'compilation-error', 'DbtRuntimeError')
    })
    case 'context_macro_stack': return new AttributeDict('MacroStack', new Map<string, Value>([['depth', BigInt(session.macroStack.length)], ['call_stack', new PyList([...session.macroStack])]]))
    case 'dbt_metadata_envs': {
      session.recorder.readEnvironment(`${METADATA_PREFIX}*`)
      return new PyDict(Array.from(project.env).filter(([key]) => key.startsWith(METADATA_PREFIX)).map(([key, value]) => [key.slice(METADATA_PREFIX.length), value] as const))
    }
    case 'invocation_args_dict': return new InvocationArguments(session)
    default: return undefined
  }
}

/** A generic test that is parsed has a macro's context (TestContext), as generate_…_name has: no `this`, no hooks. */
function ofTest({ mode, draft }: Session): boolean { return mode === 'name' || (mode === 'parse' && draft !== null && isGeneric(draft)) }

const METADATA_PREFIX = 'DBT_ENV_CUSTOM_ENV_'

// date_function of each adapter.
const DATE_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['duckdb', 'now()'], ['postgres', 'now()'], ['athena', 'now()'], ['clickhouse', 'now()'], ['redshift', 'getdate()'], ['snowflake', 'CURRENT_TIMESTAMP()'], ['bigquery', 'CURRENT_TIMESTAMP()'],
  ['spark', 'current_timestamp()'], ['databricks', 'current_timestamp()'], ['trino', 'datenow()'],
])

function unknown(code: string, message: string): PyUnknown { return new PyUnknown({ code, message, stack: [] }, true) }

function configMember(session: Session): Value {
  const { hasMetaGet } = session.world.project.rules
  if (session.mode === 'parse') return new ParseConfigObject(session, () => modelObject(session))
  if (session.mode === 'name') return new RuntimeConfigObject(null, '', () => null, hasMetaGet)
  return new RuntimeConfigObject(session.run?.config ?? null, session.draft?.unique_id ?? '', () => modelObject(session), hasMetaGet)
}

function columnMember(session: Session): Value {
  return columnClass(session.world.project.adapter) ?? unknown('adapter', 'the columns of this adapter are not known')
}

function modelMember(session: Session): Value {
  if (session.run) return session.run.model()
  return session.draft && session.mode !== 'name' ? draftDict(session.draft, session.world.project.rules) : unknown('model', 'the macro that is called stands for the model here')
}

function hooksMember(session: Session, key: string): Value {
  if (ofTest(session)) return null
  if (session.draft?.resource_type === 'test') return new PyList([])
  const hooks = (session.run?.config ?? session.draft?.config)?.get(key)
  return hooks instanceof PyList ? compactHooks(hooks) : hooks ?? new PyList([])
}

// ProviderContext.load_result: a result can be loaded once.
function loadResult(session: Session, name: string): Value {
  const stored = session.results.get(name)
  if (stored === undefined) return null
  if (stored === null) throw compilationError(`The 'statement' result named '${name}' has already been loaded into a variable`, 'compilation-error', 'MacroResultAlreadyLoadedError')
  if (name !== 'main') session.results.set(name, null)
  return stored
}

function storeResult(session: Session, name: Value, response: Value, table: Value): Value {
  const origin = [table, response].find(value => value instanceof PyObject && value.unknown)
  const rows = table instanceof PyObject ? table : new PyList([])
  const data = origin instanceof PyObject && origin.unknown ? new PyUnknown(origin.unknown) : new PyList([])
  if (origin instanceof PyObject && origin.unknown && session.run) recordUnknown(session.recorder, origin.unknown)
  session.results.set(strOf(name), new AttributeDict('AttrDict', new Map<string, Value>([['response', response], ['data', data], ['table', rows]])))
  return ''
}

// validation.any[...]: accepts a value of one of the types or equal to one of the others.
function validator(allowed: readonly Value[]): PyFunction {
  return new PyFunction('inner', args => {
    const [value] = bindKnown('inner', [['value']], args)
    if (allowed.some(one => one === value || (one instanceof PyObject && one.equals(value ?? null) === true))) return null
    throw new PyException('DbtValidationError', `Expected value "${strOf(value ?? null)}" to be one of ${allowed.map(strOf).join(',')}`)
  })
}

/** Each evaluation has its own, which a template may change; most ask for one key. */
function targetDict(context: ReadonlyMap<string, Value>): PyDict { return new PyLazyDict(() => context.keys(), name => withoutStars(context.get(name))) }

/** Stars stand where dbt has a secret, which no text of ours may show: it is unknown. */
function withoutStars(value: Value | undefined): Value | undefined {
  if (typeof value === 'string') return value.includes(SECRET_STARS) ? unknown('secret', 'what comes from a secret is not shown') : value
  if (value instanceof PyList) return new PyList(value.items.map(each => withoutStars(each) ?? null))
  if (value instanceof PyDict) return new PyDict(value.items().map(([key, each]) => [key, withoutStars(each) ?? null] as const))
  return value
}
