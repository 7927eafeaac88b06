// The part of Python's grammar that matters for finding calls: statements as blocks, and expressions in which a call, a list or an f-string
// can be told from anything else. Tolerant: what it does not know is an Other with the expressions inside it. Never throws.

import type { Span } from '../../text/span.ts'
import { pythonTokens } from './python-tokens.ts'
import type { PythonToken } from './python-tokens.ts'

export type PyExpression =
  | (Span & { readonly kind: 'Name'; readonly name: string })
  | (Span & { readonly kind: 'Number'; readonly text: string })
  | (Span & { readonly kind: 'String'; readonly parts: readonly string[] })
  | (Span & { readonly kind: 'JoinedStr'; readonly values: readonly PyExpression[] })
  | (Span & { readonly kind: 'Attribute'; readonly value: PyExpression; readonly attr: string })
  | (Span & { readonly kind: 'Call'; readonly func: PyExpression; readonly args: readonly PyExpression[]; readonly keywords: readonly { readonly name: string | null; readonly value: PyExpression }[] })
  | (Span & { readonly kind: 'List' | 'Tuple' | 'Set'; readonly items: readonly PyExpression[] })
  | (Span & { readonly kind: 'Dict'; readonly items: readonly { readonly key: PyExpression | null; readonly value: PyExpression }[] })
  | (Span & { readonly kind: 'Unary'; readonly op: string; readonly value: PyExpression })
  | (Span & { readonly kind: 'Other'; readonly what: string; readonly parts: readonly PyExpression[] })

export interface PyStatement extends Span {
  /** First word: 'def', 'return', 'class', 'if' …, or '' for expressions and assignments. */
  readonly keyword: string
  /** `def` and `class`: the name. */
  readonly name: string
  /** `def`: positional-or-keyword parameters. */
  readonly parameters: readonly string[]
  /** `return`: whether a bare tuple follows. */
  readonly returnsTuple: boolean
  readonly expressions: readonly PyExpression[]
  readonly body: readonly PyStatement[]
  readonly imports: readonly string[]
}

/** Statements from tokens (of `pythonTokens`). */
export function pythonStatements(tokens: readonly PythonToken[]): PyStatement[] { return new StatementReader(tokens).block() }

class StatementReader {
  private at = 0
  private readonly tokens: readonly PythonToken[]
  constructor(tokens: readonly PythonToken[]) { this.tokens = tokens }

  block(): PyStatement[] {
    const statements: PyStatement[] = []
    for (let token = this.tokens[this.at]; token && token.type !== 'dedent' && token.type !== 'end'; token = this.tokens[this.at]) {
      if (token.type === 'newline' || token.type === 'indent') { this.at++; continue }
      statements.push(...this.logicalLine())
    }
    return statements
  }

  // One logical line: simple statements between `;`, or a compound statement with its block.
  private logicalLine(): PyStatement[] {
    const line: PythonToken[] = []
    for (let token = this.tokens[this.at]; token && token.type !== 'newline' && token.type !== 'end'; token = this.tokens[++this.at]) line.push(token)
    if (this.tokens[this.at]?.type === 'newline') this.at++
    const head = compoundHead(line)
    if (head === null) return split(line, ';').flatMap(part => part.length > 0 ? [statement(part, [])] : [])
    const rest = line.slice(head + 1)
    let body: PyStatement[] = split(rest, ';').flatMap(part => part.length > 0 ? [statement(part, [])] : [])
    if (rest.length === 0 && this.tokens[this.at]?.type === 'indent') {
      this.at++
      body = this.block()
      if (this.tokens[this.at]?.type === 'dedent') this.at++
    }
    return [statement(line.slice(0, head), body)]
  }
}

const COMPOUND = new Set(['def', 'class', 'if', 'elif', 'else', 'for', 'while', 'with', 'try', 'except', 'finally', 'async', 'match', 'case'])

// The index of the colon that ends a compound statement's head, or null for a simple statement.
function compoundHead(line: readonly PythonToken[]): number | null {
  const first = line[0]
  if (first?.type !== 'name' || !COMPOUND.has(first.text)) return null
  let depth = 0
  let lambdas = 0
  for (const [index, token] of line.entries()) {
    if (token.type === 'name' && token.text === 'lambda' && depth === 0) lambdas++
    if (token.type !== 'op') continue
    if ('([{'.includes(token.text)) depth++
    else if (')]}'.includes(token.text)) depth--
    else if (token.text === ':' && depth === 0) {
      if (lambdas > 0) { lambdas--; continue }
      return index
    }
  }
  return null
}

function split(line: readonly PythonToken[], separator: string): PythonToken[][] {
  const parts: PythonToken[][] = [[]]
  let depth = 0
  for (const token of line) {
    if (token.type === 'op' && '([{'.includes(token.text)) depth++
    if (token.type === 'op' && ')]}'.includes(token.text)) depth--
    if (token.type === 'op' && token.text === separator && depth === 0) parts.push([])
    else parts[parts.length - 1]?.push(token)
  }
  return parts
}

function statement(line: readonly PythonToken[], body: readonly PyStatement[]): PyStatement {
  const [first, second] = line
  const start = first?.start ?? 0
  const end = body[body.length - 1]?.end ?? line[line.length - 1]?.end ?? start
  const isAsync = first?.text === 'async'
  const keyword = first?.type === 'name' && KEYWORDS.has(first.text) ? isAsync ? `async ${second?.text ?? ''}` : first.text : ''
  const base = { keyword, start, end, body, name: '', parameters: [] as string[], returnsTuple: false, imports: [] as string[], expressions: [] as PyExpression[] }
  if (keyword === 'import') return { ...base, imports: split(line.slice(1), ',').flatMap(part => part[0] ? [part[0].text] : []) }
  if (keyword === 'from') return { ...base, imports: second?.type === 'name' ? [second.text] : [] }
  if (keyword === 'def' || keyword === 'async def') {
    const rest = line.slice(isAsync ? 2 : 1)
    return { ...base, name: rest[0]?.text ?? '', parameters: parameterNames(rest.slice(1)), expressions: expressionsOf(rest.slice(1)) }
  }
  if (keyword === 'class') return { ...base, name: second?.text ?? '', expressions: expressionsOf(line.slice(2)) }
  const rest = keyword === '' ? line : line.slice(1)
  return { ...base, returnsTuple: keyword === 'return' && split(rest, ',').length > 1, expressions: expressionsOf(rest) }
}

const KEYWORDS = new Set([...COMPOUND, 'return', 'import', 'from', 'del', 'raise', 'assert', 'global', 'nonlocal', 'pass', 'break', 'continue'])

// FunctionDef.args.args: without `/`-only, `*args`, keyword-only and `**kwargs`.
function parameterNames(tokens: readonly PythonToken[]): string[] {
  let inner: readonly PythonToken[] = []
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (token.text === '(' && token.type === 'op') depth++
    if (token.text === ')' && token.type === 'op' && --depth === 0) { inner = tokens.slice(1, index); break }
  }
  let names: string[] = []
  for (const part of split(inner, ',')) {
    const [first] = part
    if (!first) continue
    if (first.text === '/') { names = []; continue }
    if (first.text === '*' || first.text === '**') break
    names.push(first.text)
  }
  return names
}

function expressionsOf(tokens: readonly PythonToken[]): PyExpression[] {
  const reader = new ExpressionReader(tokens)
  const found: PyExpression[] = []
  while (!reader.atEnd()) {
    const expression = reader.expression()
    if (expression) found.push(expression)
    else reader.skip()
  }
  return found
}

const OPERATOR_WORDS = new Set(['and', 'or', 'in', 'is', 'if', 'else', 'for', 'async', 'as'])
const PREFIX_WORDS = new Set(['not', 'lambda', 'await', 'yield', 'from'])
const BINARY = new Set(['+', '-', '*', '/', '//', '%', '@', '&', '|', '^', '<<', '>>', '**', '<', '>', '==', '!=', '<=', '>=', ':='])

class ExpressionReader {
  private at = 0
  private readonly tokens: readonly PythonToken[]
  constructor(tokens: readonly PythonToken[]) { this.tokens = tokens }

  atEnd(): boolean { return this.at >= this.tokens.length }

  skip(): void { this.at++ }

  /** One expression up to a comma, colon, `=` or closing bracket; null when there is none here. */
  expression(): PyExpression | null {
    const first = this.unary()
    if (!first) return null
    const parts = [first]
    let what = ''
    for (let token = this.tokens[this.at]; token && isOperator(token); token = this.tokens[this.at]) {
      what ||= token.text
      this.at++
      const next = this.unary()
      if (next) parts.push(next)
    }
    return parts.length === 1 && what === '' ? first : { kind: 'Other', what: classOf(what), parts, start: first.start, end: this.last() }
  }

  private unary(): PyExpression | null {
    const token = this.tokens[this.at]
    if (!token) return null
    if (token.type === 'op' && (token.text === '-' || token.text === '+' || token.text === '~')) {
      this.at++
      const value = this.unary()
      return value && { kind: 'Unary', op: token.text, value, start: token.start, end: value.end }
    }
    if (token.type === 'op' && (token.text === '*' || token.text === '**')) {
      this.at++
      const value = this.expression()
      return value && { kind: 'Other', what: 'Starred', parts: [value], start: token.start, end: value.end }
    }
    if (token.type === 'name' && PREFIX_WORDS.has(token.text)) {
      this.at++
      if (token.text === 'lambda') while (this.tokens[this.at] && this.tokens[this.at]?.text !== ':') this.at++
      if (token.text === 'lambda') this.at++
      const value = this.expression()
      return { kind: 'Other', what: token.text === 'lambda' ? 'Lambda' : token.text === 'not' ? 'UnaryOp' : 'Await', parts: value ? [value] : [], start: token.start, end: this.last() }
    }
    return this.primary()
  }

  private primary(): PyExpression | null {
    let value = this.atom()
    if (!value) return null
    for (let token = this.tokens[this.at]; token?.type === 'op'; token = this.tokens[this.at]) {
      if (token.text === '.') {
        const name: PythonToken | undefined = this.tokens[this.at + 1]
        this.at += 2
        value = { kind: 'Attribute', value, attr: name?.text ?? '', start: value.start, end: name?.end ?? token.end }
      } else if (token.text === '(') value = this.call(value)
      else if (token.text === '[') {
        this.at++
        const parts: PyExpression[] = [value, ...this.items(']').items]
        value = { kind: 'Other', what: 'Subscript', parts, start: value.start, end: this.last() }
      } else break
    }
    return value
  }

  private call(func: PyExpression): PyExpression {
    this.at++
    const args: PyExpression[] = []
    const keywords: { name: string | null; value: PyExpression }[] = []
    for (let token = this.tokens[this.at]; token && !(token.type === 'op' && token.text === ')'); token = this.tokens[this.at]) {
      if (token.type === 'op' && token.text === ',') { this.at++; continue }
      const isKeyword = token.type === 'name' && this.tokens[this.at + 1]?.type === 'op' && this.tokens[this.at + 1]?.text === '='
      const isDouble = token.type === 'op' && token.text === '**'
      if (isKeyword) this.at += 2
      if (isDouble) this.at++
      const value = this.expression()
      if (!value) { this.at++; continue }
      if (isKeyword) keywords.push({ name: token.text, value })
      else if (isDouble) keywords.push({ name: null, value })
      else args.push(value)
    }
    this.at++
    return { kind: 'Call', func, args, keywords, start: func.start, end: this.last() }
  }

  private atom(): PyExpression | null {
    const token = this.tokens[this.at]
    if (!token) return null
    if (token.type === 'name' && !OPERATOR_WORDS.has(token.text)) { this.at++; return { kind: 'Name', name: token.text, start: token.start, end: token.end } }
    if (token.type === 'number') { this.at++; return { kind: 'Number', text: token.text, start: token.start, end: token.end } }
    if (token.type === 'string') return this.strings()
    if (token.type !== 'op') return null
    if (token.text === '...') { this.at++; return { kind: 'Other', what: 'Constant', parts: [], start: token.start, end: token.end } }
    if (token.text === '(') return this.bracketed(token, ')', 'Tuple')
    if (token.text === '[') return this.bracketed(token, ']', 'List')
    return token.text === '{' ? this.braces(token) : null
  }

  // Adjacent literals are one; an f among them makes an f-string.
  private strings(): PyExpression {
    const start = this.tokens[this.at]?.start ?? 0
    const texts: string[] = []
    const values: PyExpression[] = []
    let joined = false
    for (let token = this.tokens[this.at]; token?.type === 'string'; token = this.tokens[this.at]) {
      texts.push(token.text)
      if (/^[rR]?[fF]/.test(token.text)) { joined = true; values.push(...fields(token)) }
      this.at++
    }
    return joined ? { kind: 'JoinedStr', values, start, end: this.last() } : { kind: 'String', parts: texts, start, end: this.last() }
  }

  private bracketed(open: PythonToken, close: string, kind: 'Tuple' | 'List'): PyExpression {
    this.at++
    const { items, commas, comprehension } = this.items(close)
    const [only] = items
    if (comprehension) return { kind: 'Other', what: kind === 'List' ? 'ListComp' : 'GeneratorExp', parts: items, start: open.start, end: this.last() }
    if (kind === 'Tuple' && commas === 0 && only && items.length === 1) return only
    return { kind, items, start: open.start, end: this.last() }
  }

  private braces(open: PythonToken): PyExpression {
    this.at++
    const items: { key: PyExpression | null; value: PyExpression }[] = []
    const loose: PyExpression[] = []
    let comprehension = false
    for (let token = this.tokens[this.at]; token && !(token.type === 'op' && token.text === '}'); token = this.tokens[this.at]) {
      if (token.type === 'op' && token.text === ',') { this.at++; continue }
      const isDouble = token.type === 'op' && token.text === '**'
      if (isDouble) this.at++
      const key = this.expression()
      if (!key) { this.at++; continue }
      if (isDouble) { items.push({ key: null, value: key }); continue }
      if (this.tokens[this.at]?.text !== ':') { comprehension ||= key.kind === 'Other' && key.what === 'ListComp'; loose.push(key); continue }
      this.at++
      const value = this.expression()
      if (value) { comprehension ||= value.kind === 'Other' && value.what === 'ListComp'; items.push({ key, value }) }
    }
    this.at++
    const span = { start: open.start, end: this.last() }
    if (comprehension) return { kind: 'Other', what: 'DictComp', parts: [...loose, ...items.flatMap(item => item.key ? [item.key, item.value] : [item.value])], ...span }
    return loose.length > 0 ? { kind: 'Set', items: loose, ...span } : { kind: 'Dict', items, ...span }
  }

  private items(close: string): { items: PyExpression[]; commas: number; comprehension: boolean } {
    const items: PyExpression[] = []
    let commas = 0
    for (let token = this.tokens[this.at]; token && !(token.type === 'op' && token.text === close); token = this.tokens[this.at]) {
      if (token.type === 'op' && token.text === ',') commas++
      const item = token.type === 'op' && (token.text === ',' || token.text === ':' || token.text === '=') ? null : this.expression()
      if (item) items.push(item)
      else this.at++
    }
    this.at++
    return { items, commas, comprehension: items.some(item => item.kind === 'Other' && item.what === 'ListComp') }
  }

  private last(): number { return this.tokens[Math.min(this.at, this.tokens.length) - 1]?.end ?? 0 }
}

function isOperator(token: PythonToken): boolean { return token.type === 'op' ? BINARY.has(token.text) : token.type === 'name' && (OPERATOR_WORDS.has(token.text) || token.text === 'not') }

// Python's name of the node, as in literal_eval's message.
function classOf(operator: string): string {
  if (operator === 'and' || operator === 'or') return 'BoolOp'
  if (operator === 'if') return 'IfExp'
  if (operator === 'for' || operator === 'async') return 'ListComp'
  if (['<', '>', '==', '!=', '<=', '>=', 'in', 'is', 'not'].includes(operator)) return 'Compare'
  return operator === ':=' ? 'NamedExpr' : 'BinOp'
}

// The expressions in `{…}` of an f-string.
function fields(token: PythonToken): PyExpression[] {
  const quote = /("""|'''|"|')/.exec(token.text)
  const from = (quote?.index ?? 0) + (quote?.[0].length ?? 0)
  const text = token.text.slice(0, token.text.length - (quote?.[0].length ?? 0))
  const found: PyExpression[] = []
  for (let at = from; at < text.length; at++) {
    if (text[at] !== '{') continue
    if (text[at + 1] === '{') { at++; continue }
    let depth = 1
    let end = at + 1
    for (; end < text.length && depth > 0; end++) depth += text[end] === '{' ? 1 : text[end] === '}' ? -1 : 0
    const inner = text.slice(at + 1, end - 1)
    const [expression] = expressionsOf(tokensAt(inner, token.start + at + 1))
    if (expression) found.push(expression)
    at = end - 1
  }
  return found
}

function tokensAt(text: string, offset: number): PythonToken[] {
  return pythonTokens(text).tokens.filter(token => token.type !== 'newline' && token.type !== 'end').map(({ type, text: shown, line, start, end }) => ({ type, text: shown, line, start: start + offset, end: end + offset }))
}
