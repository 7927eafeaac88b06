// The first pass: which calls stand in a template and what stands literally in them. Evaluates nothing; half-typed calls count.

import type { Span } from '../text/span.ts'
import type { Call, Const, Expression, Template } from './nodes.ts'
import { walk } from './walk.ts'

/** What an expression says by itself; 'dynamic' when only evaluation can tell. */
export type Literal =
  | { readonly kind: 'string'; readonly value: string; /** Inside the quotes. */ readonly span: Span; readonly unterminated: boolean }
  | { readonly kind: 'value'; readonly value: bigint | number | boolean | null; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly Literal[]; readonly span: Span }
  | { readonly kind: 'dict'; readonly entries: readonly { readonly key: Literal; readonly value: Literal }[]; readonly span: Span }
  | { readonly kind: 'dynamic'; readonly span: Span }

export interface LiteralKeyword { readonly name: string; readonly nameSpan: Span; readonly value: Literal }

export interface LiteralCall extends Span {
  /** Dotted as written: 'ref', 'dbt_utils.star', 'adapter.dispatch', 'config.get'. */
  readonly name: string
  readonly nameSpan: Span
  /** `(` … `)`. */
  readonly argsSpan: Span
  /** The `)` is missing. */
  readonly open: boolean
  readonly args: readonly Literal[]
  readonly kwargs: readonly LiteralKeyword[]
  /** There is a `*args` or `**kwargs`. */
  readonly spread: boolean
}

/** All calls of plain or dotted names, in the order of the text, nested ones after the one they stand in. Spans are UTF-16 offsets. */
export function literalCalls(template: Template): LiteralCall[] {
  const calls: LiteralCall[] = []
  walk(template, (node) => {
    if (node.kind !== 'Call') return
    const name = dottedName(node.node)
    if (name !== null) calls.push(literalCall(node, name))
  })
  return calls
}

/** 'a.b.c' for a chain of attributes on a name, else null. */
function dottedName(node: Expression): string | null {
  const parts: string[] = []
  let at = node
  while (at.kind === 'Getattr') {
    parts.push(at.attr)
    at = at.node
  }
  return at.kind === 'Name' ? [at.name, ...parts.toReversed()].join('.') : null
}

/** The literal in an expression; tuples count as lists, `-1` as a value. */
function literalOf(node: Expression): Literal {
  const span = { start: node.start, end: node.end }
  switch (node.kind) {
    case 'Const': return ofConst(node, span)
    case 'List': case 'Tuple': return { kind: 'list', items: node.items.map(literalOf), span }
    case 'Dict': return { kind: 'dict', entries: node.items.map((pair) => ({ key: literalOf(pair.key), value: literalOf(pair.value) })), span }
    case 'UnaryOp': {
      const operand = literalOf(node.node)
      if (operand.kind !== 'value' || (typeof operand.value !== 'bigint' && typeof operand.value !== 'number')) return { kind: 'dynamic', span }
      return { kind: 'value', value: node.op === '-' ? -operand.value : operand.value, span }
    }
    default: return { kind: 'dynamic', span }
  }
}

function ofConst(node: Const, span: Span): Literal {
  if (typeof node.value !== 'string') return { kind: 'value', value: node.value, span }
  if (node.named) return { kind: 'dynamic', span }
  return { kind: 'string', value: node.value, span: { start: span.start + 1, end: node.unterminated ? span.end : span.end - 1 }, unterminated: node.unterminated }
}

function literalCall(node: Call, name: string): LiteralCall {
  return {
    name,
    nameSpan: { start: node.node.start, end: node.node.end },
    argsSpan: node.argsSpan,
    open: node.open,
    args: node.args.map(literalOf),
    kwargs: node.kwargs.map((k) => ({ name: k.name, nameSpan: k.nameSpan, value: literalOf(k.value) })),
    spread: node.dynArgs !== null || node.dynKwargs !== null,
    start: node.start,
    end: node.end,
  }
}
