// Statements as functions over a frame, with jinja2's frames and scopes.

import { compileCall, compileExpression, compileFolded, unknownOf } from './evaluate-expression.ts'
import type { Evaluate } from './evaluate-expression.ts'
import { compileFor } from './evaluate-for.ts'
import { compileMacro, compileCaller } from './evaluate-macro.ts'
import { PyException, typeError, valueError } from './errors.ts'
import { BREAK, CONTINUE, NORMAL, exploreStatements } from './explore.ts'
import type { Flow } from './explore.ts'
import { entryOf, frameAt, slotOf } from './frame.ts'
import type { Frame, PreviewScope, Scope } from './frame.ts'
import { tryIter } from './iterate.ts'
import type { Autoescape, CallBlock, Expression, FilterBlock, If, SetBlock, SetStatement, Statement, Target, With } from './nodes.ts'
import { contents, write, writeRaw, writeValue } from './output.ts'
import type { Buffer } from './runtime.ts'
import { escape } from './markup.ts'
import { Symbols, childrenOf, macroVariable, visitExpression, visitStatements, visitTarget } from './symbols.ts'
import { tolerated } from './tolerant.ts'
import { truthOf, typeNameOf } from './types.ts'
import { PyNamespace, PyUnknown } from './value.ts'
import type { Value } from './value.ts'
import { constantText, foldedValue, hasSlice, isConstant } from './constant.ts'

export type Execute = (frame: Frame) => Flow

/** Throws PyException for what jinja2 refuses when it compiles. */
export function compileStatements(nodes: readonly Statement[], scope: Scope): Execute {
  const steps: Execute[] = []
  /** How many parts of the output each step adds. */
  const parts: number[] = []
  let constant = false
  for (const node of nodes) {
    // jinja2 joins neighbouring constants while compiling: they are one part of the output.
    let added = 0
    if (node.kind === 'Text') {
      if (!constant) added++
      constant = true
    } else if (node.kind === 'Print' && node.nodes.length > 0) {
      for (const part of node.nodes) {
        const kind = isConstant(part)
        if (!kind || !constant) added++
        constant = kind
      }
    } else constant = false
    parts.push(added)
    steps.push(scope.preview === null ? compileStatement(node, scope) : compileTolerant(node, scope, scope.preview))
  }
  if (steps.length === 0) return () => NORMAL
  return frame => {
    for (let i = 0; i < steps.length; i++) {
      frame.buffer.parts += parts[i] ?? 0
      const flow = steps[i]?.(frame) ?? NORMAL
      if (flow !== NORMAL) return flow
    }
    return NORMAL
  }
}

function compileTolerant(node: Statement, scope: Scope, preview: PreviewScope): Execute {
  return tolerated(node, preview, {
    make: () => compileStatement(node, scope),
    body: statements => compileStatements(statements, scope),
    assign: () => 'target' in node ? compileTarget(node.target, scope) : () => {},
  })
}

function compileStatement(node: Statement, scope: Scope): Execute {
  switch (node.kind) {
    case 'Text': { const { text } = node; return frame => { write(frame, text, node); return NORMAL } }
    case 'Print': return compilePrint(node.nodes, scope)
    case 'Set': return compileSet(node, scope)
    case 'SetBlock': return compileSetBlock(node, scope)
    case 'For': return compileFor(node, scope)
    case 'If': return compileIf(node, scope)
    case 'Macro': case 'Docs': case 'Test': case 'Materialization': {
      const make = compileMacro(node, scope)
      const assign = assignName(macroVariable(node), scope)
      return frame => { assign(frame, make(frame)); return NORMAL }
    }
    case 'CallBlock': return compileCallBlock(node, scope)
    case 'FilterBlock': return compileFilterBlock(node, scope)
    case 'With': return compileWith(node, scope)
    case 'Do': { const evaluate = compileExpression(node.node, scope); return frame => { evaluate(frame); return NORMAL } }
    case 'Break': return loopOnly('break', scope, BREAK)
    case 'Continue': return loopOnly('continue', scope, CONTINUE)
    case 'Autoescape': return compileAutoescape(node, scope)
    case 'Loader': return frame => { frame.runtime.at = node; throw typeError('no loader for this environment specified') }
    case 'Snapshot': throw new PyException('TemplateSyntaxError', "Encountered unknown tag 'snapshot'.")
    case 'UnknownTag': throw new PyException('TemplateSyntaxError', `Encountered unknown tag '${node.tag}'.`)
  }
}

/** Python itself refuses these outside of a loop, when the generated code is compiled. */
function loopOnly(word: string, scope: Scope, flow: Flow): Execute {
  if (!scope.loop) throw new PyException('SyntaxError', word === 'break' ? "'break' outside loop" : "'continue' not properly in loop")
  return () => flow
}

function compilePrint(nodes: readonly Expression[], scope: Scope): Execute {
  const [single] = nodes
  if (single && nodes.length === 1 && !scope.native) {
    const evaluate = compilePrinted(single, scope)
    return frame => { writeValue(frame, evaluate(frame), single); return NORMAL }
  }
  const parts = nodes.map(node => ({ node, evaluate: compilePrinted(node, scope) }))
  if (scope.native) {
    return frame => {
      for (const { node, evaluate } of parts) {
        const text = constantText(node, part => foldedValue(compileExpression(part, { ...scope, folding: true }), frame))
        if (text === null) writeValue(frame, evaluate(frame), node)
        else write(frame, text, node)
      }
      return NORMAL
    }
  }
  return frame => {
    for (const { node, evaluate } of parts) writeValue(frame, evaluate(frame), node)
    return NORMAL
  }
}

/** jinja2 prints what it can compute beforehand even when it would not fold it elsewhere. */
function compilePrinted(node: Expression, scope: Scope): Evaluate {
  const evaluate = compileExpression(node, scope)
  if (scope.native || !scope.slices || !hasSlice(node)) return evaluate
  const folded = compileFolded(node, scope)
  return frame => {
    const value = folded(frame)
    return value === undefined ? evaluate(frame) : value
  }
}

/** A function that stores into a variable. */
function assignName(name: string, scope: Scope): (frame: Frame, value: Value) => void {
  const identifier = scope.symbols.find(name)
  if (!identifier) throw new PyException('AssertionError', `Tried to resolve a name to a reference that was unknown to the frame ('${name}')`)
  const { depth, index } = slotOf(scope, identifier)
  if (depth === 0) return (frame, value) => { frame.slots[index] = value }
  return (frame, value) => { frameAt(frame, depth).slots[index] = value }
}

/** Assignment to a name, a namespace's attribute or a tuple of those. */
export function compileTarget(target: Target | Expression, scope: Scope): (frame: Frame, value: Value) => void {
  switch (target.kind) {
    case 'Name': return assignName(target.name, scope)
    case 'NamespaceRef': return compileNamespaceTarget(target.name, target.attr, scope)
    case 'Tuple': return compileTupleTarget(target.items.map(item => compileTarget(item, scope)))
    default: return () => { throw new PyException('TemplateSyntaxError', "can't assign to this") }
  }
}

function compileNamespaceTarget(name: string, attr: string, scope: Scope): (frame: Frame, value: Value) => void {
  const read = namespaceReader(name, scope)
  return (frame, value) => {
    const namespace = read(frame)
    if (!(namespace instanceof PyNamespace)) return
    frame.runtime.touch(namespace)
    namespace.attributes.set(attr, value)
  }
}

function namespaceReader(name: string, scope: Scope): Evaluate {
  return compileExpression({ kind: 'Name', name, start: 0, end: 0 }, scope)
}

function compileTupleTarget(targets: readonly ((frame: Frame, value: Value) => void)[]): (frame: Frame, value: Value) => void {
  return (frame, value) => {
    const origin = unknownOf(value)
    if (origin) {
      for (const target of targets) target(frame, new PyUnknown(origin))
      return
    }
    const iterator = tryIter(value)
    if (!iterator) throw typeError(`cannot unpack non-iterable ${typeNameOf(value)} object`)
    const items: Value[] = []
    for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
      if (items.length === targets.length) throw valueError(`too many values to unpack (expected ${targets.length})`)
      items.push(item)
    }
    if (items.length < targets.length) throw valueError(`not enough values to unpack (expected ${targets.length}, got ${items.length})`)
    for (const [i, target] of targets.entries()) target(frame, items[i] ?? null)
  }
}

function namespaceRefs(target: Target | Expression): string[] {
  if (target.kind === 'NamespaceRef') return [target.name]
  return target.kind === 'Tuple' ? target.items.flatMap(namespaceRefs) : []
}

function compileSet(node: SetStatement, scope: Scope): Execute {
  const namespaces = Array.from(new Set([...namespaceRefs(node.target), ...referencesIn(node.value)]), name => namespaceReader(name, scope))
  const value = compileExpression(node.value, scope)
  const assign = compileTarget(node.target, scope)
  return frame => {
    for (const read of namespaces) {
      const namespace = read(frame)
      if (!(namespace instanceof PyNamespace) && !unknownOf(namespace)) {
        frame.runtime.at = node
        throw new PyException('TemplateRuntimeError', 'cannot assign attribute on non-namespace object')
      }
    }
    const result = value(frame)
    frame.runtime.at = node
    assign(frame, result)
    return NORMAL
  }
}

function referencesIn(node: Expression): string[] {
  return node.kind === 'NamespaceRef' ? [node.name] : childrenOf(node).flatMap(referencesIn)
}

/** A frame inside the same Python function. */
export function inner(scope: Scope, analyze: (symbols: Symbols) => void): Scope {
  const symbols = new Symbols(scope.symbols)
  analyze(symbols)
  return { ...scope, symbols, soft: false }
}

/** Runs a body into a buffer of its own. */
function capture(frame: Frame, native: boolean, body: Execute): { readonly flow: Flow; readonly buffer: Buffer } {
  const outer = frame.buffer
  const buffer = frame.runtime.nested(native)
  frame.buffer = buffer
  try {
    return { flow: body(frame), buffer }
  } finally {
    frame.buffer = outer
  }
}

function compileSetBlock(node: SetBlock, scope: Scope): Execute {
  const block = inner(scope, symbols => visitStatements(symbols, node.body))
  const enter = entryOf(block)
  const body = compileStatements(node.body, block)
  const filter = node.filter ? compileExpression(node.filter, block) : null
  const assign = compileTarget(node.target, scope)
  const namespaces = namespaceRefs(node.target).map(name => namespaceReader(name, scope))
  return frame => {
    enter(frame)
    const { flow, buffer } = capture(frame, scope.native, body)
    if (flow !== NORMAL) return flow
    const outer = frame.buffer
    frame.buffer = buffer
    let value: Value
    try {
      value = filter ? filter(frame) : contents(buffer)
    } finally {
      frame.buffer = outer
    }
    frame.runtime.at = node
    for (const read of namespaces) if (!(read(frame) instanceof PyNamespace)) throw typeError(`'${typeNameOf(read(frame))}' object does not support item assignment`)
    assign(frame, value)
    return NORMAL
  }
}

function compileIf(node: If, outer: Scope): Execute {
  const scope = { ...outer, soft: true }
  const branches = [{ test: node.test, body: node.body }, ...node.elif].map(({ test, body }) => ({ test: compileExpression(test, scope), body: compileStatements(body, scope), node: test }))
  const orelse = compileStatements(node.orelse, scope)
  const from = (index: number, frame: Frame): Flow => {
    const branch = branches[index]
    if (!branch) return orelse(frame)
    frame.runtime.spend(1)
    const condition = branch.test(frame)
    const origin = unknownOf(condition)
    if (origin) return exploreStatements(frame, origin, node, [branch.body, inside => from(index + 1, inside)])
    return truthOf(condition) ? branch.body(frame) : from(index + 1, frame)
  }
  return frame => from(0, frame)
}

function compileCallBlock(node: CallBlock, scope: Scope): Execute {
  const caller = compileCaller(node, scope)
  if (node.call.kind !== 'Call') throw new PyException('TemplateSyntaxError', 'expected call')
  const call = compileCall(node.call, scope, caller)
  return frame => {
    writeRaw(frame, call(frame), node)
    return NORMAL
  }
}

function compileFilterBlock(node: FilterBlock, scope: Scope): Execute {
  const block = inner(scope, symbols => { visitStatements(symbols, node.body); visitExpression(symbols, node.filter) })
  const enter = entryOf(block)
  const body = compileStatements(node.body, block)
  const filter = compileExpression(node.filter, block)
  return frame => {
    enter(frame)
    const { flow, buffer } = capture(frame, scope.native, body)
    if (flow !== NORMAL) return flow
    const outer = frame.buffer
    frame.buffer = buffer
    let value: Value
    try {
      value = filter(frame)
    } finally {
      frame.buffer = outer
    }
    writeRaw(frame, value, node)
    return NORMAL
  }
}

function compileWith(node: With, scope: Scope): Execute {
  const block = inner(scope, symbols => {
    for (const target of node.targets) visitTarget(symbols, target, true)
    visitStatements(symbols, node.body)
  })
  const enter = entryOf(block)
  const targets = node.targets.map(target => compileTarget(target, block))
  const values = node.values.map(value => compileExpression(value, scope))
  const body = compileStatements(node.body, block)
  return frame => {
    enter(frame)
    for (const [i, target] of targets.entries()) target(frame, values[i]?.(frame) ?? null)
    return body(frame)
  }
}

/** dbt never turns autoescape on; a template may, for a block: then what is printed in it is escaped. */
function compileAutoescape(node: Autoescape, scope: Scope): Execute {
  const block = inner(scope, symbols => visitStatements(symbols, node.body))
  const enter = entryOf(block)
  const on = compileExpression(node.value, scope)
  const body = compileStatements(node.body, block)
  const parts = node.body.map(part => part.kind === 'Print' ? part.nodes.map(expression => ({ expression, evaluate: compileExpression(expression, block) })) : compileStatements([part], block))
  return frame => {
    enter(frame)
    if (!truthOf(on(frame))) return body(frame)
    for (const part of parts) {
      if (typeof part === 'function') {
        const flow = part(frame)
        if (flow !== NORMAL) return flow
      } else for (const { expression, evaluate } of part) {
        const value = evaluate(frame)
        writeValue(frame, unknownOf(value) ? value : escape(value).text, expression)
      }
    }
    return NORMAL
  }
}
