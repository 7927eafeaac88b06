// Native rendering turns what jinja2 can compute while compiling into text: `{{ 5 }}` gives '5', while `{{ var('n') }}` gives an int.

import type { Compare, Expression } from './nodes.ts'
import { childrenOf } from './symbols.ts'
import { strOf } from './repr.ts'
import { PyDict, PyList, PyMarkup, PyObject, PyTuple } from './value.ts'
import type { Value } from './value.ts'
import { PySet } from './set.ts'
import { truthOf } from './types.ts'
import type { Frame } from './frame.ts'
import { PyException } from './errors.ts'
import { PyRange } from './iterate.ts'
import { PyComplex } from './numbers.ts'

const NEEDS_CONTEXT = new Set(['map', 'select', 'reject', 'selectattr', 'rejectattr', 'random'])

/** How a part is computed beforehand: undefined where that fails. */
export type Fold = (node: Expression) => Value | undefined

/** The text of a constant expression; null when it is none. */
export function constantText(node: Expression, fold: Fold): string | null {
  if (!isConstant(node, fold)) return null
  const value = fold(node)
  return value !== undefined && hasSafeRepr(value) ? strOf(value) : null
}

const slices = new WeakMap<Expression, boolean>()

/** Whether a slice stands anywhere inside: only then does computing beforehand differ from computing when reached.. */
export function hasSlice(node: Expression): boolean {
  if (node.kind === 'Const' || node.kind === 'Name') return false
  let found = slices.get(node)
  if (found === undefined) {
    found = (node.kind === 'Getitem' && node.arg.kind === 'Slice') || childrenOf(node).some(hasSlice)
    slices.set(node, found)
  }
  return found
}

/** The value jinja2 would compute beforehand; undefined where it gives up and leaves the work to the run. */
export function foldedValue(evaluate: (frame: Frame) => Value, frame: Frame): Value | undefined {
  try {
    return evaluate(frame)
  } catch (problem) {
    if (problem instanceof PyException && problem.errorClass !== 'BudgetExceeded') return undefined
    throw problem
  }
}

/** Whether jinja2 can compute it while compiling. With `fold`, parts that are never reached need not be constant. */
export function isConstant(node: Expression, fold: Fold | null = null): boolean {
  switch (node.kind) {
    case 'Name': case 'NamespaceRef': case 'Call': case 'Missing': return false
    case 'Filter': return node.node !== null && !NEEDS_CONTEXT.has(node.name) && childrenOf(node).every(child => isConstant(child, fold))
    case 'And': case 'Or': return isConstant(node.left, fold) && (decides(node.left, node.kind === 'Or', fold) || isConstant(node.right, fold))
    case 'Compare': return isConstant(node.expr, fold) && (node.ops.length > 1 && fold ? chainIsConstant(node, fold) : node.ops.every(({ expr }) => isConstant(expr, fold)))
    case 'CondExpr': {
      if (!isConstant(node.test, fold)) return false
      if (!fold) return isConstant(node.then) && node.orelse !== null && isConstant(node.orelse)
      const chosen = decides(node.test, true, fold) ? node.then : node.orelse
      return chosen !== null && isConstant(chosen, fold)
    }
    default: return childrenOf(node).every(child => isConstant(child, fold))
  }
}

/** Compare.as_const: the chain ends at the first pair that does not hold. */
function chainIsConstant({ expr, ops, ...span }: Compare, fold: Fold): boolean {
  let left = expr
  for (const op of ops) {
    if (!isConstant(op.expr, fold)) return false
    if (decides({ ...span, expr: left, ops: [op] }, false, fold)) return true
    left = op.expr
  }
  return true
}

function decides(node: Expression, when: boolean, fold: Fold | null): boolean {
  const value = fold?.(node)
  return value !== undefined && truthOf(value) === when
}

/** jinja2.compiler.has_safe_repr. */
export function hasSafeRepr(value: Value): boolean {
  if (!(value instanceof PyObject)) return true
  if (value instanceof PyMarkup || value instanceof PyRange || value instanceof PyComplex) return true
  if (value instanceof PyList || (value instanceof PyTuple && value.typeName === 'tuple')) return value.items.every(hasSafeRepr)
  if (value instanceof PySet) return value.unordered().every(hasSafeRepr)
  return value instanceof PyDict && value.items().every(([key, item]) => hasSafeRepr(key) && hasSafeRepr(item))
}
