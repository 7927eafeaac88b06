// What may follow an expression (jinja2.parser.Parser.parse_postfix, parse_filter_expr): attributes, items, calls, filters and tests.

import type { Arguments, Call, Expression, Filter, KeywordArgument, Missing } from './nodes.ts'
import type { Token, TokenType } from './lexer.ts'
import { PrimaryParser, constant } from './primaries.ts'

export abstract class PostfixParser extends PrimaryParser {
  /** A slice was read. */
  slices = false

  protected parsePostfix(first: Expression, start: number): Expression {
    let node = first
    for (;;) {
      const type = this.current.type
      if (type === 'dot') node = this.parseAttribute(node, start)
      else if (type === 'lbracket') node = this.parseItem(node, start)
      else if (type === 'lparen') node = this.parseCall(node, start)
      else return node
    }
  }

  protected parseFilterExpression(first: Expression, start: number): Expression {
    let node = first
    for (;;) {
      const type = this.current.type
      if (type === 'pipe') node = this.parseFilter(node, start)
      else if (type === 'lparen') node = this.parseCall(node, start)
      else if (type === 'name' && this.current.value === 'is') node = this.parseTest(node, start)
      else return node
    }
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

const STARTS_TEST_ARGUMENT: ReadonlySet<TokenType> = new Set(['name', 'string', 'integer', 'float', 'lbracket', 'lbrace'])
const NO_ARGUMENTS: Arguments = { args: [], kwargs: [], dynArgs: null, dynKwargs: null }
