// The token stream as jinja2's parser sees it (jinja2.lexer.TokenStream): one current token, one ahead, and errors in jinja2's words.
// Strict it throws a SyntaxStop at the first error; tolerant it records one error a tag.

import parser from 'nunjucks/src/parser.js'
import { JinjaTokenizer } from './lexer.ts'
import type { Token, TokenType } from './lexer.ts'
import type { SyntaxProblem } from './nodes.ts'

/** Carries the first error out of a strict parse. */
export class SyntaxStop {
  readonly problem: PendingProblem
  constructor(problem: PendingProblem) {
    this.problem = problem
  }
}

/** A problem whose line is still the offset at whose line jinja2 reports it. */
export type PendingProblem = Omit<SyntaxProblem, 'line'> & { readonly lineAt: number }

export class TokenStream extends parser.Parser {
  readonly problems: PendingProblem[] = []
  protected readonly tolerant: boolean
  protected readonly length: number
  protected current: Token
  /** The end of the token before the current one. */
  protected lastEnd = 0
  /** One error was said in this tag; what follows is its echo. */
  protected panic = false
  protected depth = 0
  private readonly source: JinjaTokenizer
  private ahead: Token | null = null

  constructor(text: string, tolerant: boolean) {
    const source = new JinjaTokenizer(text, tolerant, (message, start, end) => this.fail(message, start, end, start, message.startsWith('Missing end')))
    super(source)
    this.source = source
    this.tolerant = tolerant
    this.length = text.length
    this.current = { type: 'eof', start: 0, end: 0, value: '', flaw: '' }
    this.current = this.read()
  }

  // ── stream ──

  protected next(): Token {
    const token = this.current
    if (token.type === 'eof') return token
    this.lastEnd = token.end
    const ahead = this.ahead
    if (ahead === null) this.current = this.read()
    else {
      this.current = ahead
      this.ahead = null
    }
    return token
  }

  protected look(): Token {
    this.ahead ??= this.read()
    return this.ahead
  }

  private read(): Token {
    for (;;) {
      const token = this.source.nextToken()
      // jinja2 reports the end of the template at the line of the last token.
      if (token === null) return { type: 'eof', start: this.length, end: this.length, value: '', flaw: '' }
      if (token.type !== 'comment' && token.type !== 'raw_begin' && token.type !== 'raw_end') return token
    }
  }

  protected at(type: TokenType): boolean {
    return this.current.type === type
  }

  protected isName(value: string): boolean {
    return this.current.value === value && this.at('name')
  }

  protected skip(type: TokenType): boolean {
    if (!this.at(type)) return false
    this.next()
    return true
  }

  protected skipName(value: string): boolean {
    if (!this.isName(value)) return false
    this.next()
    return true
  }

  /** The token, or null after saying what was expected. */
  protected expect(type: TokenType, name?: string): Token | null {
    const token = this.current
    if (token.type === type && (name === undefined || token.value === name) && token.flaw !== 'cut') return this.next()
    this.failExpected(name ?? describeType(type))
    return null
  }

  protected failExpected(expected: string): void {
    const token = this.current
    if (token.type === 'eof') this.fail(`unexpected end of template, expected ${quote(expected)}.`, this.lastEnd, this.length, this.lastStart())
    else this.fail(`expected token ${quote(expected)}, got ${quote(describe(token))}`, token.start, token.end)
  }

  /** jinja2 gives the end of the template the line of the last token. */
  protected lastStart(): number {
    return this.source.lastStart
  }

  /** Throws when strict. `lineAt`: an offset in the line that jinja2 names. */
  protected fail(message: string, start: number, end: number, lineAt: number = start, always = false): void {
    const problem = { message, start, end, lineAt }
    if (!this.tolerant) throw new SyntaxStop(problem)
    if (this.panic && !always) return
    if (!always) this.panic = true
    this.problems.push(problem)
  }

  protected failAt(message: string, token: Token): void {
    this.fail(message, token.start, token.end)
  }

  /** Nothing of this tag is left. */
  protected atTagEnd(): boolean {
    const type = this.current.type
    return type === 'block_end' || type === 'variable_end' || type === 'eof' || type === 'data' || type === 'block_begin' || type === 'variable_begin'
  }
}

const OPERATOR_NAMES: ReadonlyMap<TokenType, string> = new Map([
  ['add', '+'], ['sub', '-'], ['div', '/'], ['floordiv', '//'], ['mul', '*'], ['mod', '%'], ['pow', '**'], ['tilde', '~'],
  ['lbracket', '['], ['rbracket', ']'], ['lparen', '('], ['rparen', ')'], ['lbrace', '{'], ['rbrace', '}'],
  ['eq', '=='], ['ne', '!='], ['gt', '>'], ['gteq', '>='], ['lt', '<'], ['lteq', '<='], ['assign', '='], ['dot', '.'], ['colon', ':'],
  ['pipe', '|'], ['comma', ','], ['semicolon', ';'],
  ['block_begin', 'begin of statement block'], ['block_end', 'end of statement block'],
  ['variable_begin', 'begin of print statement'], ['variable_end', 'end of print statement'],
  ['data', 'template data / text'], ['eof', 'end of template'],
])

function describeType(type: TokenType): string {
  return OPERATOR_NAMES.get(type) ?? type
}

/** jinja2.lexer.describe_token */
export function describe(token: Token): string {
  if (token.flaw === 'cut') return '{'
  return token.type === 'name' ? String(token.value) : describeType(token.type)
}

/** Python's repr of a token's description. */
export function quote(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`
}
