// What dbt finds in a Python model without running it: calls of dbt.ref, dbt.source, dbt.config, dbt.config.get and dbt.config.meta_get
// whose arguments are literals. The name `dbt` is taken literally. Rules and messages: dbt 1.12 parser/models.py.

import { parseTemplate } from '../../jinja/parse.ts'
import { PyException } from '../../jinja/errors.ts'
import { strOf } from '../../jinja/repr.ts'
import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Place, Span } from '../../text/span.ts'
import type { RefArgs, ResourceCall } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import { RENDER_CHARS, renderTemplate } from './engine.ts'
import { literalValue } from './python-literals.ts'
import { pythonStatements } from './python-tree.ts'
import type { PyExpression, PyStatement } from './python-tree.ts'
import { pythonTokens } from './python-tokens.ts'
import { messageOf } from './problem-of.ts'
import { refArgs } from './resolvers.ts'
import { hasBannedMacro } from './static-parser.ts'
import type { ConfigCall, NodeDraft, ParseEvaluation, World } from './types.ts'

/** As evaluateForParse, for a Python model. */
export function evaluatePythonForParse(draft: NodeDraft, world: World): ParseEvaluation {
  const found = new Found(draft)
  const problem = analyse(draft, found)
  const overridden = hasBannedMacro(world.macros, draft.package_name) && found.calls.length > 0
  return {
    calls: found.calls, refs: found.refs, sources: found.sources, metrics: [], functions: [], configCalls: found.configCalls, macros: [],
    reads: { macros: new Set(['missing:ref', 'missing:source', 'missing:config']), vars: new Set(), env: new Set(), target: false },
    unknown: overridden ? [{ code: 'overridden-ref', message: 'a macro named ref, source or config stands in for dbt.ref() and the like', stack: [] }] : [],
    problem, staticallyParsed: false,
  }
}

interface PythonCall { readonly func: string; readonly args: readonly Value[]; readonly kwargs: ReadonlyMap<string, Value>; readonly node: Extract<PyExpression, { kind: 'Call' }> }

class Found {
  readonly calls: ResourceCall[] = []
  readonly refs: RefArgs[] = []
  readonly sources: (readonly [string, string])[] = []
  readonly configCalls: ConfigCall[] = []
  private readonly draft: NodeDraft
  constructor(draft: NodeDraft) { this.draft = draft }

  place(span: Span): Place { return { path: this.draft.file, start: span.start + this.draft.offset, end: span.end + this.draft.offset } }

  record(call: Pick<ResourceCall, 'kind' | 'args' | 'version'>, node: PythonCall['node']): void {
    const name = node.args[node.args.length - 1]
    const span = this.place(node)
    const written = name?.kind === 'String' && name.parts.length === 1 && /^['"][^\\'"]*['"]$/.test(name.parts[0] ?? '') ? this.place({ start: name.start + 1, end: name.end - 1 }) : null
    this.calls.push({ kind: call.kind, args: call.args, version: call.version, invalid: null, span: { start: span.start, end: span.end }, path: span.path, nameSpan: written && { start: written.start, end: written.end }, via: [], certain: true })
  }

  config(values: ReadonlyMap<string, Value>, span: Span): void { this.configCalls.push({ values, place: this.place(span) }) }
}

function analyse(draft: NodeDraft, found: Found): Problem | null {
  const refuse = (message: string, span: Span, code = 'python-model'): Problem => ({ code, severity: 'error', message, place: found.place(span), unique_id: draft.unique_id })
  const text = draft.raw_code
  const whole = { start: 0, end: Math.min(text.length, (text.indexOf('\n') + 1 || text.length + 1) - 1) }
  const jinja = jinjaProblem(text)
  if (jinja !== null) return refuse(jinja, whole)
  const { tokens, problem } = pythonTokens(text)
  if (problem) return refuse(`${problem.message} (${draft.original_file_path.split('/').pop()}, line ${problem.line})\n${text.split('\n')[problem.line - 1] ?? ''}`, problem, 'python-syntax')
  const statements = pythonStatements(tokens)
  if (statements.length === 0) return null
  const invalid = validate(statements)
  if (invalid !== null) return refuse(invalid, whole)
  const calls: PythonCall[] = []
  try {
    for (const statement of statements) visitStatement(statement, calls)
    apply(calls, found)
  } catch (error) {
    if (error instanceof LiteralStop) return refuse(error.message, error.span)
    throw error
  }
  return null
}

class LiteralStop extends Error {
  readonly span: Span
  constructor(message: string, span: Span) { super(message); this.span = span }
}

// verify_python_model_code: rendering must change nothing.
function jinjaProblem(text: string): string | null {
  if (!RENDER_CHARS.test(text)) return null
  const template = parseTemplate(text)
  const result = renderTemplate(template, text, { path: '', offset: 0 }, () => undefined, { permissive: false })
  if (result.kind === 'ok') return result.text === text && result.unknowns.length === 0 ? null : 'No jinja in python model code is allowed'
  return result.errorClass === 'UndefinedError' ? 'No jinja in python model code is allowed' : messageOf(result)
}

// PythonValidationVisitor; it does not look into functions.
function validate(statements: readonly PyStatement[]): string | null {
  const errors: string[] = []
  let models = 0
  const check = (statement: PyStatement): void => {
    if (statement.keyword !== 'def') { statement.body.forEach(check); return }
    if (statement.name !== 'model') return
    models++
    if (statement.parameters.length > 0 && statement.parameters[0] !== 'dbt') errors.push("'dbt' not provided for model as the first argument")
    if (statement.parameters.length !== 2) errors.push('model function should have two args, `dbt` and a session to current warehouse')
    const last = statement.body[statement.body.length - 1]
    if (last?.keyword !== 'return' || last.returnsTuple || last.expressions[0]?.kind === 'Tuple') errors.push('In current version, model function should return only one dataframe object')
  }
  statements.forEach(check)
  if (models !== 1) return `dbt allows exactly one model defined per python file, found ${models}`
  return errors.length > 0 ? errors.join('\n') : null
}

function visitStatement(statement: PyStatement, calls: PythonCall[]): void {
  for (const expression of statement.expressions) visit(expression, calls)
  for (const inner of statement.body) visitStatement(inner, calls)
}

// ast.NodeVisitor.generic_visit, until a call.
function visit(node: PyExpression, calls: PythonCall[]): void {
  switch (node.kind) {
    case 'Call': visitCall(node, calls); return
    case 'Attribute': case 'Unary': visit(node.value, calls); return
    case 'List': case 'Tuple': case 'Set': for (const item of node.items) visit(item, calls); return
    case 'Dict': for (const { key } of node.items) if (key) visit(key, calls); for (const { value } of node.items) visit(value, calls); return
    case 'JoinedStr': for (const value of node.values) visit(value, calls); return
    case 'Other': for (const part of node.parts) visit(part, calls); return
    default:
  }
}

const FUNCTIONS = new Set(['dbt.ref', 'dbt.source', 'dbt.config', 'dbt.config.get', 'dbt.config.meta_get'])

// PythonParseVisitor.visit_Call: below a call only calls that are arguments, or items of a list, tuple, dict or f-string that is one, are seen.
function visitCall(node: Extract<PyExpression, { kind: 'Call' }>, calls: PythonCall[]): void {
  const name = node.func.kind === 'Attribute' ? dotted(node.func) : null
  if (name !== null && FUNCTIONS.has(name)) {
    const args = node.args.map(literal)
    const kwargs = new Map(node.keywords.map(keyword => [keyword.name ?? 'None', literal(keyword.value)] as const))
    calls.push({ func: name.slice(name.lastIndexOf('.') + 1), args, kwargs, node })
  }
  for (const argument of [...node.args, ...node.keywords.map(keyword => keyword.value)]) {
    const inside = argument.kind === 'List' || argument.kind === 'Tuple' ? argument.items : argument.kind === 'Dict' ? argument.items.map(item => item.value) : argument.kind === 'JoinedStr' ? argument.values : [argument]
    for (const item of inside) if (item.kind === 'Call') visitCall(item, calls)
  }
  let func: PyExpression = node.func
  if (func.kind !== 'Attribute') return
  while (func.kind === 'Attribute') func = func.value
  if (func.kind === 'Call') visitCall(func, calls)
}

function dotted(node: PyExpression): string | null {
  if (node.kind === 'Name') return node.name
  if (node.kind !== 'Attribute') return null
  const before = dotted(node.value)
  return before === null ? null : `${before}.${node.attr}`
}

// PythonLiteralEvalError. CPython adds the node's address to the first sentence.
function literal(node: PyExpression): Value {
  const value = literalValue(node)
  if (value !== undefined) return value
  throw new LiteralStop('Error when trying to literal_eval an arg to dbt.ref(), dbt.source(), dbt.config() or dbt.config.get() \nmalformed node or string\nhttps://docs.python.org/3/library/ast.html#ast.literal_eval\nIn dbt python model, `dbt.ref`, `dbt.source`, `dbt.config`, `dbt.config.get` function args only support Python literal structures', node)
}

function apply(calls: readonly PythonCall[], found: Found): void {
  const used: Value[][] = [[], [], [], []]
  let last: Span = { start: 0, end: 0 }
  for (const call of calls) {
    if (call.func === 'get' || call.func === 'meta_get') {
      const count = call.args.length
      if (count === 0) throw new LiteralStop(`dbt.config.${call.func}() requires at least one argument`, call.node)
      if (count > 2) throw new LiteralStop(`dbt.config.${call.func}() takes at most 2 arguments (${count} given)`, call.node)
      const first = call.func === 'get' ? 0 : 2
      used[first]?.push(call.args[0] ?? null)
      used[first + 1]?.push(call.args[1] ?? null)
      last = call.node
    } else applyCall(call, found)
  }
  const [keys, defaults, metaKeys, metaDefaults] = used
  if (keys?.length || metaKeys?.length) {
    found.config(new Map<string, Value>([['config_keys_used', new PyList(keys ?? [])], ['config_keys_defaults', new PyList(defaults ?? [])], ['meta_keys_used', new PyList(metaKeys ?? [])], ['meta_keys_defaults', new PyList(metaDefaults ?? [])]]), last)
  }
}

function applyCall({ func, args, kwargs, node }: PythonCall, found: Found): void {
  if (func === 'config') { found.config(configValues(args, kwargs, node), node); return }
  try {
    if (func === 'ref') {
      const ref = refArgs({ args, kwargs })
      found.refs.push(ref)
      found.record({ kind: 'ref', args: ref.package === null ? [ref.name] : [ref.package, ref.name], version: ref.version }, node)
      return
    }
    const [source, table] = args
    if (args.length !== 2) throw new LiteralStop(`source() takes exactly two arguments (${args.length} given)`, node)
    if (typeof source !== 'string' || typeof table !== 'string') throw new LiteralStop(`The ${typeof source === 'string' ? 'table name (second)' : 'source name (first)'} argument to source() must be a string`, node)
    found.sources.push([source, table])
    found.record({ kind: 'source', args: [source, table], version: null }, node)
  } catch (error) {
    if (error instanceof PyException) throw new LiteralStop(error.message, node)
    throw error
  }
}

// ParseConfigObject.__call__.
function configValues(args: readonly Value[], kwargs: ReadonlyMap<string, Value>, span: Span): ReadonlyMap<string, Value> {
  const [first] = args
  const given = args.length === 1 && kwargs.size === 0 && first instanceof PyDict ? new Map(first.items().map(([key, value]) => [strOf(key), value] as const)) : args.length === 0 && kwargs.size > 0 ? new Map(kwargs) : null
  if (!given) throw new LiteralStop('Invalid inline model config', span)
  for (const [old, now] of [['pre_hook', 'pre-hook'], ['post_hook', 'post-hook']] as const) {
    const hook = given.get(old)
    if (hook === undefined) continue
    if (given.has(now)) throw new LiteralStop(`Invalid config, has conflicting keys "${old}" and "${now}"`, span)
    given.delete(old)
    given.set(now, hook)
  }
  return given
}
