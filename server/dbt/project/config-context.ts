// What Jinja sees in dbt_project.yml, profiles.yml and packages.yml: dbt/context/base.py (var, env_var, conversions), target.py and secret.py.
// Values of secret variables never get in: stars stand for them. Members that only a running dbt has are unknown.

import { bind, refuseUnknown, type Parameters } from '../../jinja/arguments.ts'
import { PyException } from '../../jinja/errors.ts'
import { render } from '../../jinja/evaluate.ts'
import { parseTemplate } from '../../jinja/parse.ts'
import { jsonDumps } from '../../jinja/python/json-dumps.ts'
import { jsonLoads } from '../../jinja/python/json.ts'
import { PyDict, PyFunction, PyObject, PyUnknown, type CallArgs, type CallContext, type Value } from '../../jinja/value.ts'
import { linesOf, positionAt } from '../../text/lines.ts'
import { SECRET_STARS } from './secrets.ts'

export interface ConfigContext {
  /** Command line over vars.yml; for packages nothing. */
  readonly vars: ReadonlyMap<string, Value>
  readonly env: ReadonlyMap<string, string>
  /** profiles.yml and packages.yml may use DBT_ENV_SECRET_*. */
  readonly secrets: boolean
  readonly target: ReadonlyMap<string, Value> | null
  readonly dbtVersion: string
}

export interface ConfigResult {
  /** null when there is an error, an unknown where dbt alone knows it. */
  readonly value: Value
  readonly problem: { readonly code: string; readonly severity: 'error' | 'information'; readonly message: string } | null
}

/** renderer.py render_value: native; text without any Jinja mark is itself. Messages are dbt's. */
export function evaluateConfigText(text: string, context: ConfigContext, path: string): ConfigResult {
  if (!/\{\{|\{%|\{#|#\}|%\}|\}\}/.test(text)) return { value: text, problem: null }
  const result = evaluate(text, context, path, true, 0)
  if (result.kind === 'error') {
    return { value: null, problem: { code: typeof result.detail === 'string' ? result.detail : 'template-syntax', severity: 'error', message: couldNotRender(text, result, result.stack[0]?.start ?? 0) } }
  }
  const [unknown] = result.unknowns
  return unknown ? { value: new PyUnknown(unknown), problem: { code: 'config-not-known', severity: 'information', message: unknown.message } } : { value: result.value, problem: null }
}

/** renderer.py render_value: what fails in a value of YAML, in dbt's words. `at`: where the template is broken, from its first character. */
export function couldNotRender(text: string, error: { readonly errorClass: string; readonly message: string }, at: number): string {
  const { errorClass, message } = error
  const shown = errorClass === 'TemplateSyntaxError' || errorClass === 'TemplateAssertionError' ? message + lineShown(text, at) : message
  return OTHER_ERRORS.has(errorClass) ? shown : `Could not render ${text}: ${shown}`
}

/** jinja2's str(TemplateSyntaxError): the line of the template that is broken. */
function lineShown(text: string, at: number): string {
  const { line } = positionAt(linesOf(text), at)
  return `\n  line ${line + 1}\n    ${(text.split(/\r\n|\r|\n/)[line] ?? '').trim()}`
}

/** dbt's errors that are no CompilationErrors; of everything else clients/jinja.py catch_jinja makes one. */
const OTHER_ERRORS = new Set(['ParsingError', 'DbtRuntimeError', 'DbtValidationError'])

const SECRET_PREFIX = 'DBT_ENV_SECRET'
/** A var whose text renders a var … ends here; Python's own recursion limit would end it. */
const MAX_DEPTH = 20

function evaluate(text: string, context: ConfigContext, path: string, native: boolean, depth: number): ReturnType<typeof render> {
  return render(parseTemplate(text), { path, text }, (name) => member(name, context, path, depth), { undefined: 'run', native, budget: { steps: 200_000, bytes: 10_000_000 } })
}

function member(name: string, context: ConfigContext, path: string, depth: number): Value | undefined {
  switch (name) {
    case 'env_var': return new PyFunction(name, (args) => envVar(args, context))
    case 'var': return new VarMember(context, path, depth)
    case 'target': return context.target ? new PyDict(context.target) : undefined
    case 'dbt_version': return context.dbtVersion
    case 'fromjson': return new PyFunction(name, (args, call) => {
      const [text, fallback] = known('BaseContext.fromjson', [['string'], ['default', null]], args)
      return orElse(fallback ?? null, () => jsonLoads(textOrFail(text ?? null), call))
    })
    case 'tojson': return new PyFunction(name, (args, call) => {
      const [value, fallback, sortKeys] = known('BaseContext.tojson', [['value'], ['default', null], ['sort_keys', false]], args)
      return orElse(fallback ?? null, () => jsonDumps(value ?? null, { sortKeys: sortKeys === true }, call))
    })
    default: return OTHERS.has(name) ? new PyUnknown({ code: 'config-member', message: `${name} is not evaluated in configuration files`, stack: [] }) : undefined
  }
}

const OTHERS = new Set(['return', 'fromyaml', 'toyaml', 'set', 'set_strict', 'zip', 'zip_strict', 'log', 'print', 'run_started_at', 'invocation_id', 'thread_id', 'modules', 'flags',
  'diff_of_two_dicts', 'local_md5', 'builtins', 'context', 'dbt_metadata_envs', 'invocation_args_dict', 'debug'])

function envVar(args: CallArgs, context: ConfigContext): Value {
  const [name, fallback] = known('env_var', [['var'], ['default', null]], args)
  if (typeof name !== 'string') throw new PyException('AttributeError', 'env_var() takes a name')
  const secret = name.startsWith(SECRET_PREFIX)
  if (secret && !context.secrets) throw new PyException('ParsingError', `Secret env vars are allowed only in profiles.yml or packages.yml. Found '${name}' referenced elsewhere.`, 'env-var-secret')
  const value = context.env.get(name)
  if (value !== undefined) return secret ? SECRET_STARS : value
  if (fallback !== null && fallback !== undefined) return fallback
  throw new PyException('ParsingError', `Env var required but not provided: '${name}'`, 'env-var-missing')
}

/** `var`: strings among the variables are templates themselves (Var.get_rendered_var). */
class VarMember extends PyObject {
  readonly typeName = 'Var'
  private readonly context: ConfigContext
  private readonly path: string
  private readonly depth: number
  constructor(context: ConfigContext, path: string, depth: number) { super(); this.context = context; this.path = path; this.depth = depth }
  override truthy(): boolean { return true }
  override callable(): boolean { return true }
  override getattr(name: string): Value | undefined {
    return name === 'has_var' ? new PyFunction(name, (args) => this.context.vars.has(String(known('Var.has_var', [['var_name']], args)[0]))) : undefined
  }
  override call(args: CallArgs, call: CallContext): Value {
    const [name, fallback] = known('Var.__call__', [['var_name'], ['default', NOT_SET]], args)
    const raw = typeof name === 'string' ? this.context.vars.get(name) : undefined
    if (raw === undefined) return fallback === NOT_SET ? this.missing(String(name), call) : fallback ?? null
    if (typeof raw !== 'string' || !raw.includes('{')) return raw
    if (this.depth >= MAX_DEPTH) throw new PyException('RecursionError', 'maximum recursion depth exceeded')
    const result = evaluate(raw, this.context, this.path, false, this.depth + 1)
    if (result.kind === 'error') throw new PyException(result.errorClass, result.message, result.detail)
    const [unknown] = result.unknowns
    return unknown ? new PyUnknown(unknown) : result.text
  }
  private missing(name: string, call: CallContext): never {
    const shown = jsonDumps(new PyDict(this.context.vars), { sortKeys: true, indent: '    ' }, call)
    throw new PyException('CompilationError', `Required var '${name}' not found in config:\nVars supplied to <Configuration> = ${shown}`, 'var-missing')
  }
}

const NOT_SET = new PyFunction('_VAR_NOTSET', () => null)

function known(name: string, parameters: Parameters, args: CallArgs): Value[] {
  const values = bind(name, parameters, args)
  for (const value of values) refuseUnknown(value)
  return values
}

function textOrFail(value: Value): string {
  if (typeof value === 'string') return value
  throw new PyException('TypeError', 'the JSON object must be str, bytes or bytearray')
}

function orElse(fallback: Value, run: () => Value): Value {
  try {
    return run()
  } catch (error) {
    if (error instanceof PyException && (error.errorClass === 'ValueError' || error.errorClass === 'JSONDecodeError')) return fallback
    throw error
  }
}
