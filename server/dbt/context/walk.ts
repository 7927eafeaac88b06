// Finds the calls of a template without evaluating it: parents before children, fields in the order of jinja2's `find_all`.
// Says nothing about which of them ever happen.

import type { Arguments, Call, Expression, Parameter, Statement, Target } from '../../jinja/nodes.ts'

type Node = Statement | Expression | Target

/** Every call expression, in jinja2's order. Iterative: nesting depth costs no stack. */
export function callsOf(body: readonly Statement[]): Call[] {
  const calls: Call[] = []
  const pending: Node[] = body.toReversed()
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'Call') calls.push(node)
    pending.push(...childrenOf(node).toReversed())
  }
  return calls
}

/** The direct children, in jinja2's order of fields. */
function childrenOf(node: Node): Node[] {
  switch (node.kind) {
    case 'Text': case 'Break': case 'Continue': case 'Name': case 'NamespaceRef': case 'Const': case 'Missing': return []
    case 'Print': case 'Concat': case 'UnknownTag': return [...node.nodes]
    case 'Set': return [node.target, node.value]
    case 'SetBlock': return [node.target, ...given(node.filter), ...node.body]
    case 'For': return [node.target, node.iter, ...node.body, ...node.orelse, ...given(node.test)]
    case 'If': return [node.test, ...node.body, ...node.elif.flatMap(branch => [branch.test, ...branch.body]), ...node.orelse]
    case 'Macro': case 'Test': return node.kind === 'Macro' || 'body' in node ? [...defaults(node.params), ...node.body] : [node.node, ...argumentsOf(node)]
    case 'CallBlock': return [node.call, ...defaults(node.params), ...node.body]
    case 'FilterBlock': return [...node.body, node.filter]
    case 'With': return [...node.targets, ...node.values, ...node.body]
    case 'Do': case 'Not': case 'UnaryOp': return [node.node]
    case 'Autoescape': return [node.value, ...node.body]
    case 'Materialization': return [...given(node.supportedLanguages), ...node.body]
    case 'Docs': case 'Snapshot': case 'Loader': return [...node.body]
    case 'Tuple': case 'List': return [...node.items]
    case 'Dict': return node.items.flatMap(item => [item.key, item.value])
    case 'CondExpr': return [node.test, node.then, ...given(node.orelse)]
    case 'BinOp': case 'And': case 'Or': return [node.left, node.right]
    case 'Compare': return [node.expr, ...node.ops.map(operand => operand.expr)]
    case 'Call': return [node.node, ...argumentsOf(node)]
    case 'Filter': return [...given(node.node), ...argumentsOf(node)]
    case 'Getattr': return [node.node]
    case 'Getitem': return [node.node, node.arg]
    case 'Slice': return [...given(node.from), ...given(node.to), ...given(node.step)]
  }
}

function argumentsOf(node: Arguments): Expression[] {
  return [...node.args, ...node.kwargs.map(argument => argument.value), ...given(node.dynArgs), ...given(node.dynKwargs)]
}

function defaults(parameters: readonly Parameter[]): Expression[] { return parameters.flatMap(parameter => given(parameter.default)) }

function given(node: Expression | null): Expression[] { return node === null ? [] : [node] }
