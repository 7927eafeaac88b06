// jinja2's primaries (jinja2.parser.Parser.parse_primary, parse_tuple, parse_list, parse_dict): names, constants and what stands in brackets.
// Tolerant, a Missing stands where nothing stands, and trees that grow too high are cut.

import type { Const, DictExpression, Expression, Missing, Target, TupleExpression } from './nodes.ts'
import type { TokenType } from './lexer.ts'
import { TokenStream, describe, quote } from './stream.ts'

/** How deep trees may be; CPython itself refuses what jinja2 makes of 200 nested brackets. */
export const MAX_DEPTH = 200
export const TOO_DEEP = `nested too deeply: more than ${MAX_DEPTH} levels`

export abstract class PrimaryParser extends TokenStream {
  /** The height of the tree that was parsed last. */
  protected height = 0

  protected missing(): Missing {
    this.height = 1
    const start = this.lastEnd
    // The white space up to the next token belongs to it, and so to the nodes around it: there a cursor may stand.
    this.lastEnd = Math.max(start, this.current.start)
    return { kind: 'Missing', start, end: this.lastEnd }
  }

  abstract parseExpression(withCondition?: boolean): Expression

  protected tooDeep(): Missing {
    this.failAt(TOO_DEEP, this.current)
    const { lastEnd } = this
    this.height = 1
    return { kind: 'Missing', start: lastEnd, end: lastEnd }
  }

  /** Cuts a tree that has become too high, as chains of operators and calls do without any nesting. */
  protected grown<T extends Expression>(node: T, height: number): T | Missing {
    this.height = height
    if (height <= MAX_DEPTH) return node
    this.fail(TOO_DEEP, node.start, node.end)
    this.height = 1
    return { kind: 'Missing', start: node.start, end: node.end }
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
}

const STARTS_ITEM: ReadonlySet<TokenType> = new Set(['name', 'string', 'integer', 'float', 'lparen', 'lbracket', 'lbrace'])

export function constant(value: Const['value'], start: number, end: number): Const {
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
