// Visits the tree in the order of the text, and finds the nodes at an offset. Knows the shape of nodes.ts and nothing of what it means.

import type { Arguments, Expression, Statement, Template } from './nodes.ts'

export type Node = Template | Statement | Expression

/** Calls `visit` for the node and all below it, parents first; `visit` returns false to leave a node's children out. */
export function walk(node: Node, visit: (node: Node) => boolean | void): void {
  if (visit(node) === false) return
  for (const child of childrenOf(node)) walk(child, visit)
}

/** The nodes around an offset, outermost first. Where two nodes meet, the one that begins there is taken. */
export function pathAt(template: Template, offset: number): Node[] {
  const path: Node[] = [template]
  for (let node: Node | undefined = template; node !== undefined;) {
    const children: readonly Node[] = childrenOf(node)
    node = children.find((child) => child.start <= offset && offset < child.end) ?? children.find((child) => child.start <= offset && offset === child.end)
    if (node !== undefined) path.push(node)
  }
  return path
}

/** The nodes right below one, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'Template': case 'Docs': case 'Snapshot': case 'Loader': return node.body
    case 'Print': case 'Concat': case 'UnknownTag': return node.nodes
    case 'Set': return [node.target, node.value]
    case 'SetBlock': return [node.target, ...some(node.filter), ...node.body]
    case 'For': return [node.target, node.iter, ...some(node.test), ...node.body, ...node.orelse]
    case 'If': return [node.test, ...node.body, ...node.elif.flatMap((branch) => [branch.test, ...branch.body]), ...node.orelse]
    case 'Macro': case 'Test': return 'params' in node ? [...node.params.flatMap((p) => some(p.default)), ...node.body] : [node.node, ...argumentsOf(node)]
    case 'CallBlock': return [...node.params.flatMap((p) => some(p.default)), node.call, ...node.body]
    case 'FilterBlock': return [node.filter, ...node.body]
    case 'With': return [...node.targets.flatMap((target, i) => [target, ...some(node.values[i] ?? null)]), ...node.body]
    case 'Do': case 'UnaryOp': case 'Not': case 'Getattr': return [node.node]
    case 'Autoescape': return [node.value, ...node.body]
    case 'Materialization': return [...some(node.supportedLanguages), ...node.body]
    case 'Tuple': case 'List': return node.items
    case 'Dict': return node.items.flatMap((pair) => [pair.key, pair.value])
    case 'CondExpr': return [node.then, node.test, ...some(node.orelse)]
    case 'BinOp': case 'And': case 'Or': return [node.left, node.right]
    case 'Compare': return [node.expr, ...node.ops.map((operand) => operand.expr)]
    case 'Call': return [node.node, ...argumentsOf(node)]
    case 'Filter': return [...some(node.node), ...argumentsOf(node)]
    case 'Getitem': return [node.node, node.arg]
    case 'Slice': return [...some(node.from), ...some(node.to), ...some(node.step)]
    case 'Text': case 'Break': case 'Continue': case 'Name': case 'NamespaceRef': case 'Const': case 'Missing': return NONE
    default: return node satisfies never
  }
}

function argumentsOf(node: Arguments): readonly Expression[] {
  if (node.kwargs.length === 0 && !node.dynArgs && !node.dynKwargs) return node.args
  const all = [...node.args, ...node.kwargs.map((k) => k.value), ...some(node.dynArgs), ...some(node.dynKwargs)]
  // `*args` may stand before keyword arguments, and in broken text anything before anything.
  return all.toSorted((a, b) => a.start - b.start)
}

const NONE: readonly Node[] = []

function some<T>(node: T | null): T[] {
  return node === null ? [] : [node]
}
