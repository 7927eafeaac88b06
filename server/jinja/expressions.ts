// jinja2 3.1's expression grammar (jinja2.parser.Parser.parse_tuple … parse_primary), method for method.
// Tolerant, a Missing stands where nothing stands, and trees that grow too high are cut.

import type { Arguments, Call, CompareOp, Const, DictExpression, Expression, Filter, KeywordArgument, Missing, Target, TupleExpression } from './nodes.ts'
import type { Token, TokenType } from './lexer.ts'
import { TokenStream, describe, quote } from './stream.ts'

/** How deep trees may be; CPython itself refuses what jinja2 makes of 200 nested brackets. */
export const MAX_DEPTH = 200
export const TOO_DEEP = `nested too deeply: more than ${MAX_DEPTH} levels`

export class ExpressionParser extends TokenStream {
  /** A slice was read. */
  slices = false
  /** The height of the tree that was parsed last. */
  private height = 0

  protected missing(): Missing {
    this.height = 1
    const start = this.lastEnd
    // The white space up to the next token belongs to it, and so to the nodes around it: there a cursor may stand.
    this.lastEnd = Math.max(start, this.current.start)
    return { kind: 'Missing', start, end: this.lastEnd }
  }

  parseExpression(withCondition = true): Expression {
    if (this.depth >= MAX_DEPTH) return this.tooDeep()
    this.depth++
    const node = withCondition ? this.parseConditional() : this.parseBinary(OR)
    this.depth--
    return node
  }

  private tooDeep(): Missing {
    this.failAt(TOO_DEEP, this.current)
    const { lastEnd } = this
    this.height = 1
    return { kind: 'Missing', start: lastEnd, end: lastEnd }
  }

  /** Cuts a tree that has become too high, as chains of operators and calls do without any nesting. */
  private grown<T extends Expression>(node: T, height: number): T | Missing {
    this.height = height
    if (height <= MAX_DEPTH) return node
    this.fail(TOO_DEEP, node.start, node.end)
    this.height = 1
    return { kind: 'Missing', start: node.start, end: node.end }
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

  private parsePostfix(first: Expression, start: number): Expression {
    let node = first
    for (;;) {
      const type = this.current.type
      if (type === 'dot') node = this.parseAttribute(node, start)
      else if (type === 'lbracket') node = this.parseItem(node, start)
      else if (type === 'lparen') node = this.parseCall(node, start)
      else return node
    }
  }

  private parseFilterExpression(first: Expression, start: number): Expression {
    let node = first
    for (;;) {
      const type = this.current.type
      if (type === 'pipe') node = this.parseFilter(node, start)
      else if (type === 'lparen') node = this.parseCall(node, start)
      else if (type === 'name' && this.current.value === 'is') node = this.parseTest(node, start)
      else return node
    }
  }

  protected parsePrimary(withNamespace = false): Expression {
    const token = this.current
    this.height = 1
    switch (token.type) {
      case 'name': return this.parseName(withNamespace)
      case 'string': return this.parseStrings()
      case 'integer':
      case 'float':
        this.next()
        return constant(token.value, token.start, token.end)
      case 'lparen': return this.parseParentheses()
      case 'lbracket': return this.parseList()
      case 'lbrace': return this.parseDict()
      default:
        this.failAt(`unexpected ${quote(describe(token))}`, token)
        return this.missing()
    }
  }

  private parseName(withNamespace: boolean): Expression {
    const { value, start, end } = this.next()
    const name = String(value)
    switch (name) {
      case 'true': case 'True': return constant(true, start, end)
      case 'false': case 'False': return constant(false, start, end)
      case 'none': case 'None': return constant(null, start, end)
      default:
    }
    if (!withNamespace || !this.at('dot')) return { kind: 'Name', name, start, end }
    this.next()
    const attr = this.expect('name')
    return { kind: 'NamespaceRef', name, attr: attr === null ? '' : String(attr.value), start, end: this.lastEnd }
  }

  private parseStrings(): Const {
    const first = this.next()
    let value = String(first.value)
    let { flaw } = first
    while (this.at('string')) {
      const more = this.next()
      value += String(more.value)
      if (more.flaw !== '') flaw = more.flaw
    }
    return { kind: 'Const', value, unterminated: flaw === 'unterminated', named: flaw === 'named', start: first.start, end: this.lastEnd }
  }

  private parseParentheses(): Expression {
    const { start } = this.next()
    const node = this.parseTuple({ parentheses: true })
    const { height } = this
    this.expect('rparen')
    this.height = height
    return node.kind === 'Tuple' && node.start >= start ? this.widened(node, start) : node
  }

  private widened(node: TupleExpression, start: number): TupleExpression {
    return this.bareTuple === node ? { ...node, start, end: this.lastEnd } : node
  }

  /** The tuple that was made last without brackets of its own. */
  private bareTuple: TupleExpression | null = null

  parseTuple(rules: { readonly withCondition?: boolean; readonly parentheses?: boolean } = {}): Expression {
    return this.parseTupleOf(() => this.parseExpression(rules.withCondition ?? true), rules.parentheses ?? false)
  }

  private parseTupleOf(parse: () => Expression, parentheses: boolean): Expression {
    const { start } = this.current
    const items: Expression[] = []
    let isTuple = false
    let height = 0
    for (;;) {
      if (items.length > 0 && this.expect('comma') === null) break
      if (this.atTupleEnd()) break
      items.push(parse())
      height = Math.max(height, this.height)
      if (!this.at('comma')) break
      isTuple = true
    }
    const [only] = items
    this.height = height
    if (!isTuple && only !== undefined) return only
    if (!isTuple && !parentheses) {
      this.failAt(`Expected an expression, got ${quote(describe(this.current))}`, this.current)
      return this.missing()
    }
    const tuple: TupleExpression = { kind: 'Tuple', items, start: Math.min(start, only?.start ?? this.lastEnd), end: this.lastEnd }
    this.bareTuple = tuple
    return this.grown(tuple, height + 1)
  }

  /** jinja2 means `in` and `recursive` to end a tuple too, but its test for them is never true (3.1.6, is_tuple_end). */
  private atTupleEnd(): boolean {
    const { type } = this.current
    return type === 'variable_end' || type === 'block_end' || type === 'rparen'
  }

  /** jinja2's parse_assign_target, `name_only` apart. */
  protected parseTarget(withNamespace: boolean): Target {
    const node = this.parseTupleOf(() => this.parsePrimary(withNamespace), false)
    const wrong = unassignable(node)
    if (wrong === null) return node as Target
    this.fail(`can't assign to '${wrong}'`, node.start, node.end)
    return { kind: 'Missing', start: node.start, end: node.end }
  }

  protected parseList(): Expression {
    const { start } = this.next()
    const items: Expression[] = []
    let height = 0
    while (!this.at('rbracket')) {
      if (items.length > 0 && !this.separated('rbracket')) break
      if (this.at('rbracket')) break
      items.push(this.parseExpression())
      height = Math.max(height, this.height)
    }
    this.expect('rbracket')
    return this.grown({ kind: 'List', items, start, end: this.lastEnd }, height + 1)
  }

  /** A comma was read, or (tolerant) is taken as read because another item stands there. */
  private separated(close: TokenType): boolean {
    if (this.expect('comma') !== null) return true
    return this.current.type !== close && STARTS_ITEM.has(this.current.type) && this.depth < MAX_DEPTH
  }

  private parseDict(): DictExpression | Missing {
    const { start } = this.next()
    const items: { key: Expression; value: Expression }[] = []
    let height = 0
    while (!this.at('rbrace')) {
      if (items.length > 0 && !this.separated('rbrace')) break
      if (this.at('rbrace')) break
      const key = this.parseExpression()
      height = Math.max(height, this.height)
      const value = this.expect('colon') === null ? this.missing() : this.parseExpression()
      height = Math.max(height, this.height)
      items.push({ key, value })
    }
    this.expect('rbrace')
    return this.grown({ kind: 'Dict', items, start, end: this.lastEnd }, height + 1)
  }

  private parseAttribute(node: Expression, start: number): Expression {
    const height = this.height + 1
    this.next()
    const token = this.current
    if (token.type === 'name' || token.type === 'integer') {
      this.next()
    } else {
      // jinja2 reads on before it complains.
      if (!this.tolerant) this.next()
      this.failAt('expected name or number', token)
      return this.grown({ kind: 'Getattr', node, attr: '', attrSpan: { start: this.lastEnd, end: this.lastEnd }, start, end: this.lastEnd }, height)
    }
    if (token.type === 'name') return this.grown({ kind: 'Getattr', node, attr: String(token.value), attrSpan: { start: token.start, end: token.end }, start, end: token.end }, height)
    return this.grown({ kind: 'Getitem', node, arg: constant(token.value, token.start, token.end), start, end: token.end }, height)
  }

  private parseItem(node: Expression, start: number): Expression {
    let { height } = this
    const open = this.next()
    const args: Expression[] = []
    while (!this.at('rbracket')) {
      if (args.length > 0 && this.expect('comma') === null) break
      const before = this.current
      args.push(this.parseSubscript())
      height = Math.max(height, this.height)
      if (this.current === before) break
    }
    const [only] = args
    const argsEnd = this.lastEnd
    this.expect('rbracket')
    const arg: Expression = args.length === 1 && only !== undefined ? only : { kind: 'Tuple', items: args, start: open.end, end: argsEnd }
    return this.grown({ kind: 'Getitem', node, arg, start, end: this.lastEnd }, height + 2)
  }

  private parseSubscript(): Expression {
    let { start } = this.current
    let from: Expression | null = null
    let height = 1
    if (!this.at('colon')) {
      from = this.parseExpression()
      start = Math.min(start, from.start)
      if (!this.at('colon')) return from
      height = this.height
    }
    this.next()
    const to = this.at('colon') ? null : this.parseBound()
    height = Math.max(height, this.height)
    const step = this.skip('colon') ? this.parseBound() : null
    this.slices = true
    return this.grown({ kind: 'Slice', from, to, step, start, end: this.lastEnd }, Math.max(height, this.height) + 1)
  }

  private parseBound(): Expression | null {
    return this.at('rbracket') || this.at('comma') ? null : this.parseExpression()
  }

  protected parseCall(node: Expression, start: number): Call | Missing {
    const { height } = this
    const open = this.current.start
    const args = this.parseArguments()
    return this.grown({
      kind: 'Call', node, args: args.args, kwargs: args.kwargs, dynArgs: args.dynArgs, dynKwargs: args.dynKwargs,
      argsSpan: { start: open, end: this.lastEnd }, open: args.open, start, end: this.lastEnd,
    }, Math.max(height, this.height) + 1)
  }

  private parseArguments(): Arguments & { readonly open: boolean } {
    const open = this.next()
    const args: Expression[] = []
    const kwargs: KeywordArgument[] = []
    let dynArgs: Expression | null = null
    let dynKwargs: Expression | null = null
    let height = 0
    let first = true
    while (!this.at('rparen')) {
      if (!first) {
        if (this.expect('comma') === null) break
        if (this.at('rparen')) break
      }
      first = false
      const before = this.current
      if (this.at('mul')) {
        if (dynArgs !== null || dynKwargs !== null) this.failArguments(open)
        this.next()
        dynArgs = this.parseExpression()
      } else if (this.at('pow')) {
        if (dynKwargs !== null) this.failArguments(open)
        this.next()
        dynKwargs = this.parseExpression()
      } else if (this.at('name') && this.look().type === 'assign') {
        if (dynKwargs !== null) this.failArguments(open)
        const name = this.next()
        this.next()
        const value = this.parseExpression()
        kwargs.push({ name: String(name.value), nameSpan: { start: name.start, end: name.end }, value, start: name.start, end: Math.max(name.end, this.lastEnd, value.end) })
      } else {
        if (dynArgs !== null || dynKwargs !== null || kwargs.length > 0) this.failArguments(open)
        args.push(this.parseExpression())
      }
      height = Math.max(height, this.height)
      if (this.current === before && !this.at('comma')) break
    }
    const closed = this.expect('rparen') !== null
    this.height = height
    return { args, kwargs, dynArgs, dynKwargs, open: !closed }
  }

  private failArguments(open: Token): void { this.failAt('invalid syntax for function call expression', open) }

  /** A chain of `|name(…)`; `startsInline` when its first name has no `|` before it, as in `{% filter … %}`. */
  protected parseFilter(first: Expression, start: number): Expression
  protected parseFilter(first: Expression | null, start: number, startsInline?: boolean): Expression | null
  protected parseFilter(first: Expression | null, start: number, startsInline = false): Expression | null {
    let node = first
    let inline = startsInline
    while (this.at('pipe') || inline) {
      if (!inline) this.next()
      inline = false
      let height = node === null ? 0 : this.height
      const { name, span } = this.parseDottedName()
      const args = this.at('lparen') ? this.parseArguments() : NO_ARGUMENTS
      if (args !== NO_ARGUMENTS) height = Math.max(height, this.height)
      const filter: Filter = {
        kind: 'Filter', node, name, nameSpan: span, args: args.args, kwargs: args.kwargs, dynArgs: args.dynArgs, dynKwargs: args.dynKwargs,
        start: Math.min(start, span.start), end: Math.max(span.end, this.lastEnd),
      }
      node = this.grown(filter, height + 1)
    }
    return node
  }

  private parseDottedName(): { readonly name: string; readonly span: { readonly start: number; readonly end: number } } {
    const first = this.expect('name')
    if (first === null) return { name: '', span: { start: this.lastEnd, end: this.lastEnd } }
    let name = String(first.value)
    while (this.skip('dot')) {
      const part = this.expect('name')
      if (part === null) break
      name += `.${String(part.value)}`
    }
    return { name, span: { start: first.start, end: this.lastEnd } }
  }

  private parseTest(node: Expression, start: number): Expression {
    let { height } = this
    this.next()
    const negated = this.skipName('not')
    const { name, span } = this.parseDottedName()
    let args: Arguments = NO_ARGUMENTS
    if (this.at('lparen')) {
      args = this.parseArguments()
      height = Math.max(height, this.height)
    } else if (STARTS_TEST_ARGUMENT.has(this.current.type) && !this.isName('else') && !this.isName('or') && !this.isName('and')) {
      if (this.isName('is')) this.failAt('You cannot chain multiple tests with is', this.current)
      const argStart = this.current.start
      args = { ...NO_ARGUMENTS, args: [this.parsePostfix(this.parsePrimary(), argStart)] }
      height = Math.max(height, this.height)
    }
    const test = this.grown({
      kind: 'Test', node, name, nameSpan: span, args: args.args, kwargs: args.kwargs, dynArgs: args.dynArgs, dynKwargs: args.dynKwargs,
      start, end: Math.max(span.end, this.lastEnd),
    }, height + 1)
    return negated ? this.grown({ kind: 'Not', node: test, start, end: test.end }, this.height + 1) : test
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

const STARTS_ITEM: ReadonlySet<TokenType> = new Set(['name', 'string', 'integer', 'float', 'lparen', 'lbracket', 'lbrace'])
const STARTS_TEST_ARGUMENT: ReadonlySet<TokenType> = new Set(['name', 'string', 'integer', 'float', 'lbracket', 'lbrace'])
const NO_ARGUMENTS: Arguments = { args: [], kwargs: [], dynArgs: null, dynKwargs: null }

const OPERATOR_TEXT: ReadonlyMap<TokenType, '+' | '-' | '*' | '/' | '//' | '%' | '**'> = new Map([
  ['add', '+'], ['sub', '-'], ['mul', '*'], ['div', '/'], ['floordiv', '//'], ['mod', '%'], ['pow', '**'],
])

function binary(operator: Token, left: Expression, right: Expression, start: number, end: number): Expression {
  if (operator.type === 'name') return { kind: operator.value === 'or' ? 'Or' : 'And', left, right, start, end: Math.max(end, right.end) }
  return { kind: 'BinOp', op: OPERATOR_TEXT.get(operator.type) ?? '+', left, right, start, end: Math.max(end, right.end) }
}

function constant(value: Const['value'], start: number, end: number): Const {
  return { kind: 'Const', value, unterminated: false, named: false, start, end }
}

const CLASS_NAMES: ReadonlyMap<string, string> = new Map([['+', 'add'], ['-', 'sub'], ['*', 'mul'], ['/', 'div'], ['//', 'floordiv'], ['%', 'mod'], ['**', 'pow']])

/** jinja2's name of the node's class in lower case, when it (or an item of it) is nothing that can be assigned to. */
function unassignable(node: Expression): string | null {
  switch (node.kind) {
    case 'Name': case 'NamespaceRef': case 'Missing': return null
    case 'Tuple': return node.items.some((item) => unassignable(item) !== null) ? 'tuple' : null
    default: return classNameOf(node).toLowerCase()
  }
}

/** jinja2's class of a node. */
export function classNameOf(node: Expression): string {
  if (node.kind === 'BinOp') {
    const name = CLASS_NAMES.get(node.op) ?? ''
    return node.op === '//' ? 'FloorDiv' : name.charAt(0).toUpperCase() + name.slice(1)
  }
  if (node.kind === 'UnaryOp') return node.op === '-' ? 'Neg' : 'Pos'
  return node.kind === 'NamespaceRef' ? 'NSRef' : node.kind
}
