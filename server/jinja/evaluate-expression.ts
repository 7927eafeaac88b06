// Expressions as functions over a frame: made once per template, run often.

import { getAttribute, getItem, methodOf, runMethod } from './attributes.ts'
import { NO_KWARGS } from './arguments.ts'
import { foldedValue, hasSafeRepr, hasSlice, isConstant } from './constant.ts'
import { contains, equal, hashed, ordered } from './compare.ts'
import { PyException, UnknownSignal, typeError } from './errors.ts'
import { exploreValues } from './explore.ts'
import { FILTERS } from './filters/filters.ts'
import type { Frame, Scope } from './frame.ts'
import { UNRESOLVED, frameAt, slotOf } from './frame.ts'
import { iterOf } from './iterate.ts'
import type { Arguments, Binary, Call, Compare, Conditional, Const, DictExpression, Expression, Filter, Getattr, Getitem, Name, Test, Unary } from './nodes.ts'
import { binary, sliceOf, unary } from './operators.ts'
import { contents } from './output.ts'
import { strOf } from './repr.ts'
import { unlessVeiled } from './runtime.ts'
import { TESTS } from './tests.ts'
import { textOf, truthOf, typeNameOf } from './types.ts'
import { PyUndefined } from './undefined.ts'
import { PyDict, PyList, PyObject, PyTuple, PyUnknown } from './value.ts'
import type { CallArgs, UnknownOrigin, Value } from './value.ts'

export type Evaluate = (frame: Frame) => Value

/** Throws PyException for what jinja2 refuses when it compiles. */
export function compileExpression(node: Expression, scope: Scope): Evaluate {
  const evaluate = compileUnseen(node, scope)
  return scope.preview === null || scope.folding || node.kind === 'Const' ? evaluate : noting(node, evaluate)
}

/** Of a preview: what the expression was, each time. */
function noting(node: Expression, evaluate: Evaluate): Evaluate {
  return frame => {
    const value = evaluate(frame)
    const { runtime, unit: { source } } = frame
    if (runtime.trace !== null && runtime.certain && source.at === null) runtime.trace.see(node.start + source.offset, node.end + source.offset, value)
    return value
  }
}

function compileUnseen(node: Expression, scope: Scope): Evaluate {
  if (scope.folding || !scope.slices || !hasSlice(node)) return compileNode(node, scope)
  const folded = compileFolded(node, scope)
  const normal = compileNode(node, scope)
  return frame => {
    const value = folded(frame)
    return value !== undefined && hasSafeRepr(value) ? value : normal(frame)
  }
}

/** What jinja2 computes beforehand, undefined where it does not. Whether it does never changes, and is found out on the first run. */
export function compileFolded(node: Expression, outer: Scope): (frame: Frame) => Value | undefined {
  const scope = { ...outer, folding: true }
  const evaluate = compileNode(node, scope)
  let constant: boolean | null = null
  return frame => {
    constant ??= isConstant(node, part => foldedValue(compileNode(part, scope), frame))
    return constant ? foldedValue(evaluate, frame) : undefined
  }
}

function compileNode(node: Expression, scope: Scope): Evaluate {
  switch (node.kind) {
    case 'Const': return compileConst(node)
    case 'Name': return compileName(node, scope)
    case 'NamespaceRef': return compileName({ ...node, kind: 'Name' }, scope)
    case 'Tuple': { const items = node.items.map(item => compileExpression(item, scope)); return frame => new PyTuple(items.map(item => item(frame))) }
    case 'List': { const items = node.items.map(item => compileExpression(item, scope)); return frame => { frame.runtime.spend(1, items.length * 8); return new PyList(items.map(item => item(frame))) } }
    case 'Dict': return compileDict(node, scope)
    case 'CondExpr': return compileConditional(node, scope)
    case 'BinOp': return compileBinary(node, scope)
    case 'UnaryOp': return compileUnary(node, scope)
    case 'And': case 'Or': return compileLogical(node.kind === 'And', compileExpression(node.left, scope), compileExpression(node.right, scope))
    case 'Not': { const operand = compileExpression(node.node, scope); return frame => { const value = operand(frame); return unknownOf(value) ? value : !truthOf(value) } }
    case 'Compare': return compileCompare(node, scope)
    case 'Concat': return compileConcat(node.nodes.map(part => compileExpression(part, scope)), node)
    case 'Call': return compileCall(node, scope, null)
    case 'Filter': return compileFilter(node, scope)
    case 'Test': return compileTest(node, scope)
    case 'Getattr': return compileGetattr(node, scope)
    case 'Getitem': return compileGetitem(node, scope)
    case 'Slice': return () => { throw new PyException('TemplateSyntaxError', 'slice outside of a subscript') }
    case 'Missing': return frame => { frame.runtime.at = node; throw new PyException('TemplateSyntaxError', 'Expected an expression') }
  }
}

function compileConst(node: Const): Evaluate {
  const { value } = node
  if (!node.named) return () => value
  return frame => new PyUnknown({ code: 'named-character', message: 'which character a \\N{…} names is not known here', stack: frame.runtime.sites() })
}

/** Why a value is unknown; null when it is known. */
export function unknownOf(value: Value): UnknownOrigin | null {
  return typeof value === 'object' && value !== null ? value.unknown : null
}

function compileName(node: Name, scope: Scope): Evaluate {
  const { name } = node
  const identifier = scope.symbols.find(name)
  if (!identifier) throw new PyException('AssertionError', `Tried to resolve a name to a reference that was unknown to the frame ('${name}')`)
  const { depth, index } = slotOf(scope, identifier)
  if (depth > 0) return frame => resolved(frameAt(frame, depth), index, node)
  return frame => {
    const value = frame.slots[index]
    return value === undefined || value === UNRESOLVED ? resolved(frame, index, node) : value
  }
}

/** The variable of `owner`, looked up when that was not done yet. */
function resolved(owner: Frame, index: number, node: Name): Value {
  if (owner.slots[index] === UNRESOLVED) {
    owner.runtime.at = node
    owner.slots[index] = owner.unit.resolve(node.name)
  }
  return owner.slots[index] ?? (owner.slots[index] === null ? null : owner.runtime.undefined(node.name))
}

function compileDict(node: DictExpression, scope: Scope): Evaluate {
  const items = node.items.map(item => [compileExpression(item.key, scope), compileExpression(item.value, scope)] as const)
  return frame => {
    frame.runtime.spend(1, items.length * 16)
    const dict = new PyDict()
    for (const [key, value] of items) {
      const k = key(frame)
      const v = value(frame)
      const origin = unknownOf(k)
      if (origin) { dict.unknown = origin; continue }
      frame.runtime.at = node
      hashed(k)
      dict.set(k, v)
    }
    return dict
  }
}

function compileConditional(node: Conditional, outer: Scope): Evaluate {
  const scope = { ...outer, soft: true }
  const test = compileExpression(node.test, scope)
  const then = compileExpression(node.then, scope)
  const orelse = node.orelse ? compileExpression(node.orelse, scope) : (frame: Frame): Value =>
    new PyUndefined('run', null, undefined, `the inline if-expression on line ${lineOf(frame, node.start)} evaluated to false and no else section was defined.`)
  return frame => {
    const condition = test(frame)
    const origin = unknownOf(condition)
    if (origin) return exploreValues(frame, origin, [then, orelse])
    return truthOf(condition) ? then(frame) : orelse(frame)
  }
}

function lineOf(frame: Frame, offset: number): number {
  return frame.unit.source.lineOf(offset)
}

function compileBinary(node: Binary, scope: Scope): Evaluate {
  const left = compileExpression(node.left, scope)
  const right = compileExpression(node.right, scope)
  const { op } = node
  return frame => {
    const a = left(frame)
    const b = right(frame)
    const { runtime } = frame
    runtime.spend(1)
    runtime.at = node
    if (typeof a !== 'object' && typeof b !== 'object') return binary(op, a, b, runtime)
    try {
      return binary(op, a, b, runtime)
    } catch (problem) {
      if (problem instanceof UnknownSignal) return runtime.signalled(problem)
      throw problem
    }
  }
}

function compileUnary(node: Unary, scope: Scope): Evaluate {
  const operand = compileExpression(node.node, scope)
  return frame => {
    const value = operand(frame)
    if (unknownOf(value)) return value
    frame.runtime.at = node
    return unary(node.op, value)
  }
}

function compileLogical(and: boolean, left: Evaluate, right: Evaluate): Evaluate {
  return frame => {
    const value = left(frame)
    const origin = unknownOf(value)
    if (origin) return exploreValues(frame, origin, [() => value, right])
    return truthOf(value) === and ? right(frame) : value
  }
}

function compileCompare(node: Compare, scope: Scope): Evaluate {
  const first = compileExpression(node.expr, scope)
  const rest = node.ops.map(({ op, expr }) => ({ op, evaluate: compileExpression(expr, scope) }))
  return frame => {
    let left = first(frame)
    const { runtime } = frame
    for (const { op, evaluate } of rest) {
      const right = evaluate(frame)
      runtime.spend(1 + weight(left) + weight(right))
      runtime.at = node
      try {
        if (!compareOnce(op, left, right)) return false
      } catch (problem) {
        if (problem instanceof UnknownSignal) return runtime.signalled(problem)
        throw problem
      }
      left = right
    }
    return true
  }
}

/** What looking through a value costs beside one step. */
function weight(value: Value): number {
  if (typeof value === 'string') return value.length >> 12
  return value instanceof PyList || value instanceof PyTuple ? value.items.length >> 4 : 0
}

function compareOnce(op: Compare['ops'][number]['op'], left: Value, right: Value): boolean {
  switch (op) {
    case 'eq': return equal(left, right)
    case 'ne': return !equal(left, right)
    case 'lt': return ordered('<', left, right)
    case 'lteq': return ordered('<=', left, right)
    case 'gt': return ordered('>', left, right)
    case 'gteq': return ordered('>=', left, right)
    case 'in': return contains(right, left)
    case 'notin': return !contains(right, left)
  }
}

function compileConcat(parts: readonly Evaluate[], node: Expression): Evaluate {
  return frame => {
    const { runtime } = frame
    const values = parts.map(part => part(frame))
    runtime.spend(1)
    runtime.at = node
    let text = ''
    try {
      for (const value of values) text += strOf(value)
    } catch (problem) {
      if (problem instanceof UnknownSignal) return runtime.signalled(problem)
      throw problem
    }
    runtime.spend(text.length >> 8, text.length)
    return text
  }
}

/** `caller`: gives the `caller` of a call block, passed as a keyword. */
export function compileCall(node: Call, scope: Scope, caller: Evaluate | null): Evaluate {
  const evaluateArgs = compileArguments(node, scope, true, caller)
  if (node.node.kind === 'Getattr' && !node.node.attr.startsWith('_')) return compileMethodCall(node, node.node, scope, evaluateArgs)
  const callee = compileExpression(node.node, scope)
  return frame => {
    const target = callee(frame)
    return frame.runtime.callAt(node, target, evaluateArgs(frame))
  }
}

/** `object.name(…)` without making a method object first. */
function compileMethodCall(node: Call, access: Getattr, scope: Scope, evaluateArgs: (frame: Frame) => CallArgs): Evaluate {
  const object = compileExpression(access.node, scope)
  const { attr } = access
  return frame => {
    const { runtime } = frame
    const self = object(frame)
    const method = unknownOf(self) ? undefined : methodOf(self, attr)
    if (!method) {
      runtime.at = access
      const callee = getAttribute(runtime, self, attr)
      return runtime.callAt(node, callee, evaluateArgs(frame))
    }
    const args = evaluateArgs(frame)
    runtime.spend(typeof self === 'string' ? 1 + weight(self) : 1)
    runtime.at = node
    try {
      const result = runMethod(self, method.run, method.mutates, args, runtime)
      if (typeof result === 'string') runtime.spend(0, result.length)
      return result
    } catch (thrown) {
      const problem = unlessVeiled(thrown, args)
      if (problem instanceof UnknownSignal) return runtime.signalled(problem)
      throw problem
    }
  }
}

/** Unknown `*args` or `**kwargs` make the call's result unknown. */
function compileArguments(node: Arguments, scope: Scope, isCall: boolean, caller: Evaluate | null = null): (frame: Frame) => CallArgs {
  const args: Evaluate[] = []
  for (const arg of node.args) args.push(compileExpression(arg, scope))
  if (node.kwargs.length === 0 && caller === null && node.dynArgs === null && node.dynKwargs === null) return positionalOnly(args)
  const kwargs = node.kwargs.map(kwarg => [kwarg.name, compileExpression(kwarg.value, scope)] as const)
  const seen = new Set<string>()
  for (const [name] of kwargs) {
    if (seen.has(name)) throw new PyException('SyntaxError', `keyword argument repeated: ${name}`)
    seen.add(name)
  }
  if (caller) kwargs.push(['caller', caller])
  const dynArgs = node.dynArgs ? compileExpression(node.dynArgs, scope) : null
  const dynKwargs = node.dynKwargs ? compileExpression(node.dynKwargs, scope) : null
  return frame => {
    const positional = args.map(arg => arg(frame))
    const named = new Map<string, Value>()
    const star = dynArgs?.(frame)
    for (const [name, value] of kwargs) named.set(name, value(frame))
    const starStar = dynKwargs?.(frame)
    if (star !== undefined) spread(frame, positional, star)
    if (starStar !== undefined) spreadNamed(named, starStar, isCall)
    return { args: positional, kwargs: named }
  }
}

function positionalOnly(args: readonly Evaluate[]): (frame: Frame) => CallArgs {
  const [only] = args
  if (only === undefined) return () => ({ args: [], kwargs: NO_KWARGS })
  if (args.length === 1) return frame => ({ args: [only(frame)], kwargs: NO_KWARGS })
  return frame => {
    const values: Value[] = []
    for (const arg of args) values.push(arg(frame))
    return { args: values, kwargs: NO_KWARGS }
  }
}

function spread(frame: Frame, into: Value[], star: Value): void {
  if (unknownOf(star) === null && !(textOf(star) !== undefined || star instanceof PyObject)) throw typeError(`Value after * must be an iterable, not ${typeNameOf(star)}`)
  const iterator = iterOf(star)
  for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
    frame.runtime.spend(1, 8)
    into.push(item)
  }
}

function spreadNamed(into: Map<string, Value>, starStar: Value, isCall: boolean): void {
  const callee = isCall ? 'jinja2.sandbox.SandboxedEnvironment.call()' : 'function'
  const origin = unknownOf(starStar)
  if (origin) throw new UnknownSignal(origin)
  if (starStar instanceof PyUndefined) {
    if (starStar.mode === 'run') starStar.fail()
    return
  }
  if (!(starStar instanceof PyDict)) throw typeError(`${callee} argument after ** must be a mapping, not ${typeNameOf(starStar)}`)
  for (const [key, value] of starStar.items()) {
    const name = textOf(key)
    if (name === undefined) throw typeError('keywords must be strings')
    if (into.has(name)) throw typeError(`${callee} got multiple values for keyword argument '${name}'`)
    into.set(name, value)
  }
}

/** Filters that look at each letter or word of a text. */
const LETTER_BY_LETTER: ReadonlySet<string> = new Set(['title', 'capitalize', 'wordwrap', 'urlize', 'wordcount', 'striptags', 'xmlattr', 'pprint', 'urlencode', 'int', 'float'])

function compileFilter(node: Filter, scope: Scope): Evaluate {
  const filter = FILTERS.get(node.name)
  if (!filter && !scope.soft) throw new PyException('TemplateAssertionError', `No filter named '${node.name}'.`)
  const operand = node.node ? compileExpression(node.node, scope) : (frame: Frame): Value => contents(frame.buffer)
  const evaluateArgs = compileArguments(node, scope, false)
  return frame => {
    const { runtime } = frame
    const value = operand(frame)
    const args = evaluateArgs(frame)
    runtime.spend(1)
    runtime.at = node
    if (!filter) throw new PyException('TemplateRuntimeError', `No filter named '${node.name}' found.`)
    const origin = unknownOf(value)
    if (origin) return new PyUnknown(origin)
    if (typeof value === 'string' && value.length > 64) runtime.spend(value.length >> (LETTER_BY_LETTER.has(node.name) ? 1 : 8))
    try {
      const result = filter(runtime, value, args, scope.native)
      if (typeof result === 'string') runtime.spend(result.length >> (typeof value === 'string' ? 7 : 3), result.length)
      return result
    } catch (thrown) {
      const problem = unlessVeiled(thrown, args)
      if (problem instanceof UnknownSignal) return runtime.signalled(problem)
      throw problem
    }
  }
}

function compileTest(node: Test, scope: Scope): Evaluate {
  const test = TESTS.get(node.name)
  if (!test && !scope.soft) throw new PyException('TemplateAssertionError', `No test named '${node.name}'.`)
  const operand = compileExpression(node.node, scope)
  const evaluateArgs = compileArguments(node, scope, false)
  return frame => {
    const { runtime } = frame
    const value = operand(frame)
    const args = evaluateArgs(frame)
    runtime.spend(1)
    runtime.at = node
    if (!test) throw new PyException('TemplateRuntimeError', `No test named '${node.name}' found.`)
    const origin = unknownOf(value)
    if (origin) return value instanceof PyUnknown && value.present && (node.name === 'defined' || node.name === 'undefined') ? node.name === 'defined' : new PyUnknown(origin)
    try {
      return test(runtime, value, args)
    } catch (thrown) {
      const problem = unlessVeiled(thrown, args)
      if (problem instanceof UnknownSignal) return runtime.signalled(problem)
      throw problem
    }
  }
}

function compileGetattr(node: Getattr, scope: Scope): Evaluate {
  const object = compileExpression(node.node, scope)
  const { attr } = node
  return frame => {
    const value = object(frame)
    frame.runtime.at = node
    return signalSafe(frame, () => getAttribute(frame.runtime, value, attr))
  }
}

function signalSafe(frame: Frame, compute: () => Value): Value {
  try {
    return compute()
  } catch (problem) {
    if (problem instanceof UnknownSignal) return frame.runtime.signalled(problem)
    throw problem
  }
}

function foldedSlice(frame: Frame, value: Value, bounds: readonly [Value, Value, Value]): Value {
  try {
    return sliceOf(value, ...bounds)
  } catch (problem) {
    if (problem instanceof PyException && problem.errorClass === 'TypeError') return frame.runtime.undefined(null, value)
    throw problem
  }
}

function compileGetitem(node: Getitem, scope: Scope): Evaluate {
  const object = compileExpression(node.node, scope)
  const { arg } = node
  if (arg.kind === 'Slice') {
    const [from, to, step] = [arg.from, arg.to, arg.step].map(part => part ? compileExpression(part, scope) : (): Value => null) as [Evaluate, Evaluate, Evaluate]
    return frame => {
      const value = object(frame)
      const bounds = [from(frame), to(frame), step(frame)] as const
      frame.runtime.at = node
      frame.runtime.spend(1 + weight(value))
      if (value instanceof PyUndefined) return value.getitem(null)
      return signalSafe(frame, () => scope.folding ? foldedSlice(frame, value, bounds) : sliceOf(value, ...bounds))
    }
  }
  const key = compileExpression(arg, scope)
  return frame => {
    const value = object(frame)
    const k = key(frame)
    frame.runtime.at = node
    return signalSafe(frame, () => getItem(frame.runtime, value, k))
  }
}

