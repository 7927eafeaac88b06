// jinja2 3.1's operators (jinja2.parser.Parser.parse_condexpr … parse_pow), method for method.

import type { CompareOp, Expression } from './nodes.ts'
import type { Token, TokenType } from './lexer.ts'
import { PostfixParser } from './postfix.ts'
import { MAX_DEPTH } from './primaries.ts'

export class ExpressionParser extends PostfixParser {
  parseExpression(withCondition = true): Expression {
    if (this.depth >= MAX_DEPTH) return this.tooDeep()
    this.depth++
    const node = withCondition ? this.parseConditional() : this.parseBinary(OR)
    this.depth--
    return node
  }

  private parseConditional(): Expression {
    const first = this.current.start
    let node = this.parseBinary(OR)
    const start = Math.min(first, node.start)
    while (this.isName('if')) {
      let height = this.height
      this.next()
      const test = this.parseBinary(OR)
      height = Math.max(height, this.height)
      let orelse: Expression | null = null
      if (this.skipName('else')) {
        orelse = this.parseExpression()
        height = Math.max(height, this.height)
      }
      // oxlint-disable-next-line unicorn/no-thenable -- a node of the tree, never awaited
      node = this.grown({ kind: 'CondExpr', test, then: node, orelse, start, end: this.lastEnd }, height + 1)
    }
    return node
  }

  /** jinja2's parse_or … parse_pow in one; `min` is the loosest operator taken. */
  private parseBinary(min: number): Expression {
    let { start } = this.current
    let node: Expression
    let max = POW
    if (min <= NOT && this.isName('not')) {
      this.next()
      node = this.depth >= MAX_DEPTH ? this.tooDeep() : this.parseNotOperand()
      node = this.grown({ kind: 'Not', node, start, end: this.lastEnd }, this.height + 1)
      max = AND
    } else {
      node = this.parseUnary(true)
      start = Math.min(start, node.start)
    }
    for (;;) {
      const precedence = this.precedence()
      if (precedence < min || precedence > max) return node
      if (precedence === COMPARE) node = this.parseCompare(node, start)
      else if (precedence === CONCAT) node = this.parseConcat(node, start)
      else {
        const height = this.height
        const operator = this.next()
        const right = this.parseBinary(precedence + 1)
        node = this.grown(binary(operator, node, right, start, this.lastEnd), Math.max(height, this.height) + 1)
      }
    }
  }

  private parseNotOperand(): Expression {
    this.depth++
    const node = this.parseBinary(NOT)
    this.depth--
    return node
  }

  private precedence(): number {
    const token = this.current
    if (token.type !== 'name') return PRECEDENCE.get(token.type) ?? 0
    switch (token.value) {
      case 'or': return OR
      case 'and': return AND
      case 'in': return COMPARE
      case 'not': {
        const ahead = this.look()
        return ahead.type === 'name' && ahead.value === 'in' ? COMPARE : 0
      }
      default: return 0
    }
  }

  private parseCompare(expr: Expression, start: number): Expression {
    let height = this.height
    const ops: { op: CompareOp; expr: Expression }[] = []
    while (this.precedence() === COMPARE) {
      const operator = this.next()
      const op = operator.value === 'not' ? 'notin' : operator.value === 'in' ? 'in' : operator.type as CompareOp
      if (op === 'notin') this.next()
      ops.push({ op, expr: this.parseBinary(SUM) })
      height = Math.max(height, this.height)
    }
    return this.grown({ kind: 'Compare', expr, ops, start, end: this.lastEnd }, height + 1)
  }

  private parseConcat(first: Expression, start: number): Expression {
    let height = this.height
    const nodes = [first]
    while (this.at('tilde')) {
      this.next()
      nodes.push(this.parseBinary(PRODUCT))
      height = Math.max(height, this.height)
    }
    return this.grown({ kind: 'Concat', nodes, start, end: this.lastEnd }, height + 1)
  }

  private parseUnary(withFilter: boolean): Expression {
    const { type } = this.current
    let { start } = this.current
    let node: Expression
    if (type === 'sub' || type === 'add') {
      if (this.depth >= MAX_DEPTH) return this.tooDeep()
      this.next()
      this.depth++
      const operand = this.parseUnary(false)
      this.depth--
      node = this.grown({ kind: 'UnaryOp', op: type === 'sub' ? '-' : '+', node: operand, start, end: this.lastEnd }, this.height + 1)
    } else {
      node = this.parsePrimary()
      start = Math.min(start, node.start)
    }
    node = this.parsePostfix(node, start)
    return withFilter ? this.parseFilterExpression(node, start) : node
  }
}

const OR = 1
const AND = 2
const NOT = 3
const COMPARE = 4
const SUM = 5
const CONCAT = 6
const PRODUCT = 7
const POW = 8

const PRECEDENCE: ReadonlyMap<TokenType, number> = new Map([
  ['eq', COMPARE], ['ne', COMPARE], ['lt', COMPARE], ['lteq', COMPARE], ['gt', COMPARE], ['gteq', COMPARE],
  ['add', SUM], ['sub', SUM], ['tilde', CONCAT], ['mul', PRODUCT], ['div', PRODUCT], ['floordiv', PRODUCT], ['mod', PRODUCT], ['pow', POW],
])

const OPERATOR_TEXT: ReadonlyMap<TokenType, '+' | '-' | '*' | '/' | '//' | '%' | '**'> = new Map([
  ['add', '+'], ['sub', '-'], ['mul', '*'], ['div', '/'], ['floordiv', '//'], ['mod', '%'], ['pow', '**'],
])

function binary(operator: Token, left: Expression, right: Expression, start: number, end: number): Expression {
  if (operator.type === 'name') return { kind: operator.value === 'or' ? 'Or' : 'And', left, right, start, end: Math.max(end, right.end) }
  return { kind: 'BinOp', op: OPERATOR_TEXT.get(operator.type) ?? '+', left, right, start, end: Math.max(end, right.end) }
}
