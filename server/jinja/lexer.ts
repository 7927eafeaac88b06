// jinja2 3.1's lexer (jinja2.lexer, dbt's options: no trim_blocks, no lstrip_blocks, no line statements) on top of nunjucks' Tokenizer.
// Strict it stops at jinja2's first error. Tolerant it never stops: a tag ends where any delimiter opens, and a string that breaks off is cut.
// Offsets are those of the given text; jinja2's dropping of one final newline is done here, \r\n → \n where a value is made.

import lexer from 'nunjucks/src/lexer.js'
import type { Tokenizer } from 'nunjucks/src/lexer.js'
import { isDigit, isIdentifier, nameEnd, reprOfChar, skipSpaces, skipSpacesBack } from './chars.ts'
import { decodeString, normalizeNewlines } from './strings.ts'

/** jinja2's token types; `comment`, `raw_begin` and `raw_end` are for readers of tokens, the parser skips them. */
export type TokenType =
  | 'data' | 'comment' | 'raw_begin' | 'raw_end' | 'variable_begin' | 'variable_end' | 'block_begin' | 'block_end' | 'eof'
  | 'name' | 'string' | 'integer' | 'float'
  | 'add' | 'assign' | 'colon' | 'comma' | 'div' | 'dot' | 'eq' | 'floordiv' | 'gt' | 'gteq' | 'lbrace' | 'lbracket' | 'lparen' | 'lt' | 'lteq'
  | 'mod' | 'mul' | 'ne' | 'pipe' | 'pow' | 'rbrace' | 'rbracket' | 'rparen' | 'semicolon' | 'sub' | 'tilde'

export interface Token {
  readonly type: TokenType
  readonly start: number
  readonly end: number
  /** A name or operator as written, a string decoded, a number's value, data after white space control. */
  readonly value: string | bigint | number
  /** unterminated: a string without its closing quote; cut: the end of a tag that does not stand there; named: a string with `\N{…}`. */
  readonly flaw: '' | 'unterminated' | 'cut' | 'named'
}

export type Report = (message: string, start: number, end: number) => void

// A class of nunjucks' internals that is not exported by name.
const Base = lexer.lex('').constructor as typeof Tokenizer

type Mode = 'data' | 'variable' | 'block' | 'raw'

const MAX_INT_DIGITS = 4300

export class JinjaTokenizer extends Base {
  private readonly text: string
  private readonly stop: number
  private readonly tolerant: boolean
  private readonly report: Report
  private mode: Mode = 'data'
  private trimStart = false
  private pending: Token | null = null
  private brackets: number[] = []
  private nextBackslash = -1
  /** Where the last token that jinja2's parser sees begins. */
  lastStart = 0
  private dataStart = 0
  /** Ends that no longer occur in the text, so that nobody looks for them again and again. */
  private readonly unclosed = new Set<string>()
  private countedTo = 0
  private counted = 0

  constructor(text: string, tolerant: boolean, report: Report) {
    super(text)
    this.text = text
    this.stop = endWithoutFinalNewline(text)
    this.tolerant = tolerant
    this.report = report
  }

  /** The next token, white space left out; null at the end. */
  override nextToken(): Token | null {
    const read = this.readToken()
    if (read !== null && read.type !== 'comment' && read.type !== 'raw_begin' && read.type !== 'raw_end') this.lastStart = read.type === 'data' ? this.dataStart : read.start
    return read
  }

  private readToken(): Token | null {
    const pending = this.pending
    if (pending !== null) {
      this.pending = null
      return pending
    }
    if (this.mode === 'data') return this.readData()
    return this.mode === 'raw' ? this.readRaw() : this.readCode()
  }

  private readData(): Token | null {
    const { text, stop } = this
    const start = this.index
    if (start >= stop) return null
    const open = findOpening(text, start, stop)
    const from = this.trimStart ? skipSpaces(text, start, open) : start
    const to = text.charCodeAt(open + 2) === MINUS && open < stop ? skipSpacesBack(text, from, open) : open
    this.trimStart = false
    this.dataStart = from
    if (open >= stop) this.index = stop
    const tag = open < stop ? this.readOpening(open) : null
    if (from >= to) return tag
    this.pending = tag
    return token('data', start, open >= stop ? text.length : open, normalizeNewlines(text.slice(from, to)))
  }

  /** Reads `{{`, `{%`, a raw tag or a whole comment. */
  private readOpening(open: number): Token {
    const { text, stop } = this
    const sign = text.charCodeAt(open + 2)
    const after = open + 2 < stop && (sign === MINUS || sign === PLUS) ? open + 3 : open + 2
    const second = text.charCodeAt(open + 1)
    if (second === HASH) return this.readComment(open, after)
    if (second === PERCENT) {
      const raw = this.readRawTag(after, 'raw', false)
      if (raw !== null) {
        this.mode = 'raw'
        this.index = raw.trims ? skipSpaces(text, raw.end, stop) : raw.end
        return token('raw_begin', open, raw.end, 'raw')
      }
    }
    this.mode = second === PERCENT ? 'block' : 'variable'
    this.brackets = []
    this.index = after
    return token(second === PERCENT ? 'block_begin' : 'variable_begin', open, after, text.slice(open, after))
  }

  private readComment(open: number, after: number): Token {
    const { text, stop } = this
    const close = this.unclosed.has('#}') ? -1 : text.indexOf('#}', after)
    if (close >= 0 && close + 2 <= stop) {
      this.index = close + 2
      this.trimStart = close > after && text.charCodeAt(close - 1) === MINUS
      return token('comment', open, close + 2, '')
    }
    // jinja2 has no error for a comment that opens at the very end.
    if (after < stop) this.report('Missing end of comment tag', open, after)
    this.unclosed.add('#}')
    const lineEnd = text.indexOf('\n', after)
    this.index = lineEnd < 0 || lineEnd > stop ? stop : lineEnd
    return token('comment', open, this.index, '')
  }

  /** `raw` or `endraw` up to its `%}`, from behind the `{%` and its sign. */
  private readRawTag(from: number, name: string, plusEnds: boolean): { readonly end: number; readonly trims: boolean } | null {
    const { text, stop } = this
    const start = skipSpaces(text, from, stop)
    if (!text.startsWith(name, start)) return null
    const at = skipSpaces(text, start + name.length, stop)
    const sign = text.charCodeAt(at)
    const close = sign === MINUS || (plusEnds && sign === PLUS) ? at + 1 : at
    return text.startsWith('%}', close) && close + 2 <= stop ? { end: close + 2, trims: sign === MINUS } : null
  }

  private readRaw(): Token | null {
    const { text, stop } = this
    const start = this.index
    this.mode = 'data'
    for (let open = this.unclosed.has('endraw') ? -1 : text.indexOf('{%', start); open >= 0 && open < stop; open = text.indexOf('{%', open + 1)) {
      const sign = text.charCodeAt(open + 2)
      const tag = this.readRawTag(sign === MINUS || sign === PLUS ? open + 3 : open + 2, 'endraw', true)
      if (tag === null) continue
      const to = sign === MINUS ? skipSpacesBack(text, start, open) : open
      this.index = tag.end
      this.trimStart = tag.trims
      this.dataStart = start
      const end = token('raw_end', open, tag.end, 'endraw')
      if (start >= to) return end
      this.pending = end
      return token('data', start, open, normalizeNewlines(text.slice(start, to)))
    }
    if (start < stop) this.report('Missing end of raw directive', start, start + 1)
    this.unclosed.add('endraw')
    return this.readData()
  }

  private readCode(): Token | null {
    const { text, stop } = this
    let start = this.index
    for (;;) {
      start = skipSpaces(text, start, stop)
      this.index = start
      if (start >= stop) return null
      const c = text.charCodeAt(start)
      const end = this.readTagEnd(start, c)
      if (end !== null) return end
      if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95) return this.readName(start)
      if (c === QUOTE || c === DOUBLE_QUOTE) {
        const string = this.readString(start, c)
        if (string !== null) return string
      } else if (c >= 48 && c <= 57) {
        return this.readNumber(start)
      } else if (c > 127 && nameEnd(text, start) > start) {
        return this.readName(start)
      } else {
        const operator = this.readOperator(start, c)
        if (operator !== null) return operator
      }
      start = this.index
    }
  }

  private readTagEnd(start: number, c: number): Token | null {
    const { text } = this
    const variable = this.mode === 'variable'
    if (this.brackets.length === 0) {
      const signed = c === MINUS || (c === PLUS && !variable) ? 1 : 0
      const at = start + signed
      const first = signed ? text.charCodeAt(at) : c
      if (first === (variable ? CLOSE : PERCENT) && text.charCodeAt(at + 1) === CLOSE && at + 2 <= this.stop) return this.endTag(start, at + 2, c === MINUS)
    }
    return this.tolerant ? this.readTagEndTolerantly(start, c) : null
  }

  /** Where a tag must have ended although its brackets are open or its delimiters do not match. */
  private readTagEndTolerantly(start: number, c: number): Token | null {
    const { text } = this
    const next = text.charCodeAt(start + 1)
    if (c === OPEN && (next === OPEN || next === PERCENT || next === HASH)) {
      const type = this.mode === 'block' ? 'block_end' : 'variable_end'
      this.mode = 'data'
      return { type, start, end: start, value: '{', flaw: 'cut' }
    }
    const signed = c === MINUS ? 1 : 0
    const at = start + signed
    if (text.charCodeAt(at + 1) !== CLOSE || at + 2 > this.stop) return null
    const first = text.charCodeAt(at)
    if (first !== PERCENT && !(first === CLOSE && this.bracesEndTag(at))) return null
    const expected = this.brackets.at(-1)
    this.report(expected === undefined ? "unexpected '}'" : `unexpected '}', expected '${String.fromCharCode(expected)}'`, at, at + 2)
    return this.endTag(start, at + 2, signed === 1)
  }

  private bracesEndTag(at: number): boolean {
    let open = 0
    while (open < 2 && this.brackets.at(-1 - open) === CLOSE) open++
    if (open === 0) return true
    return open === 1 && this.mode === 'variable' && this.text.charCodeAt(at + 2) !== CLOSE
  }

  private endTag(start: number, end: number, trims: boolean): Token {
    const type = this.mode === 'block' ? 'block_end' : 'variable_end'
    this.mode = 'data'
    this.index = end
    this.trimStart = trims
    return token(type, start, end, '')
  }

  private readName(start: number): Token {
    const end = nameEnd(this.text, start)
    const value = this.text.slice(start, end)
    this.index = end
    // An ASCII name cannot be wrong: digits were taken as a number before.
    if (!ASCII_NAME.test(value) && !isIdentifier(value)) this.report('Invalid character in identifier', start, end)
    return token('name', start, end, value)
  }

  private readNumber(start: number): Token {
    const { text, stop } = this
    const floatEnd = text.charCodeAt(start - 1) === DOT ? start : endOfFloat(text, start, stop)
    if (floatEnd > start) {
      this.index = floatEnd
      return token('float', start, floatEnd, Number(text.slice(start, floatEnd).replaceAll('_', '')))
    }
    const end = endOfInteger(text, start, stop)
    this.index = end
    const digits = asciiDigits(text.slice(start, end).replaceAll('_', ''))
    if (digits.length > MAX_INT_DIGITS && !/^0[box]/i.test(digits)) {
      this.report(`Exceeds the limit (${MAX_INT_DIGITS} digits) for integer string conversion: value has ${digits.length} digits; use sys.set_int_max_str_digits() to increase the limit`, start, end)
      return token('integer', start, end, 0n)
    }
    return token('integer', start, end, BigInt(digits))
  }

  private readString(start: number, quote: number): Token | null {
    const end = this.tolerant ? this.findStringEndTolerantly(start, quote) : this.findStringEnd(start, quote)
    if (end < 0) {
      this.unexpectedChar(start)
      if (!this.tolerant) {
        // Whoever reports without throwing reads nothing more.
        this.index = this.stop
        return null
      }
      const cut = cutOfString(this.text, start + 1, this.stop)
      this.index = cut
      const decoded = decodeString(this.text.slice(start + 1, cut))
      return { type: 'string', start, end: cut, value: decoded.value, flaw: 'unterminated' }
    }
    this.index = end
    const decoded = decodeString(this.text.slice(start + 1, end - 1))
    if (decoded.problem !== null) this.report(decoded.problem, start, end)
    return { type: 'string', start, end, value: decoded.value, flaw: decoded.named ? 'named' : '' }
  }

  /** The offset behind the closing quote, or -1. */
  private findStringEnd(start: number, quote: number): number {
    const { text, stop } = this
    const mark = quote === QUOTE ? "'" : '"'
    let close = text.indexOf(mark, start + 1)
    let i = start + 1
    for (;;) {
      if (close < 0 || close >= stop) return -1
      if (this.nextBackslash < i) {
        const found = text.indexOf('\\', i)
        this.nextBackslash = found < 0 ? text.length : found
      }
      if (this.nextBackslash > close) return close + 1
      i = this.nextBackslash + 2
      if (close < i) close = text.indexOf(mark, i)
    }
  }

  /** As above, but a string that holds both a newline and a delimiter, or after which no code can go on, was never closed. */
  private findStringEndTolerantly(start: number, quote: number): number {
    const { text, stop } = this
    if (this.unclosed.has(String.fromCharCode(quote))) return -1
    let newline = false
    let delimiter = false
    for (let i = start + 1; i < stop; i++) {
      const c = text.charCodeAt(i)
      if (c === quote) return delimiter && !canFollowString(text, i + 1, stop) ? -1 : i + 1
      if (c === BACKSLASH) i++
      else if (c === 10 || c === 13) newline = true
      else if ((c === OPEN && isOpening(text.charCodeAt(i + 1))) || (c === CLOSE && isClosing(text.charCodeAt(i - 1)))) delimiter = true
      if (newline && delimiter) return -1
    }
    this.unclosed.add(String.fromCharCode(quote))
    return -1
  }

  private readOperator(start: number, c: number): Token | null {
    const next = this.text.charCodeAt(start + 1)
    const double = start + 1 < this.stop ? doubleOperator(c, next) : undefined
    if (double !== undefined) {
      this.index = start + 2
      return token(double, start, start + 2, this.text.slice(start, start + 2))
    }
    const type = OPERATORS.get(c)
    if (type === undefined) {
      this.unexpectedChar(start)
      this.index = start + ((this.text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1)
      return null
    }
    this.index = start + 1
    const closing = CLOSING_OF.get(c)
    if (closing !== undefined) this.brackets.push(closing)
    else if ((c === CLOSE || c === 41 || c === 93) && !this.closeBracket(start, c)) return null
    return token(type, start, start + 1, this.text.charAt(start))
  }

  /** False when the bracket closes nothing and is to be ignored. */
  private closeBracket(start: number, c: number): boolean {
    const expected = this.brackets.pop()
    if (expected === c) return true
    const char = String.fromCharCode(c)
    this.report(expected === undefined ? `unexpected '${char}'` : `unexpected '${char}', expected '${String.fromCharCode(expected)}'`, start, start + 1)
    if (expected === undefined) return false
    this.brackets.push(expected)
    const opened = this.brackets.slice(-8).lastIndexOf(c)
    if (opened < 0) return false
    this.brackets.length = Math.max(0, this.brackets.length - 8) + opened
    return true
  }

  private unexpectedChar(at: number): void {
    const char = String.fromCodePoint(this.text.codePointAt(at) ?? 0)
    this.report(`unexpected char ${reprOfChar(char)} at ${this.pythonIndex(at)}`, at, at + char.length)
  }

  /** jinja2 counts characters, not UTF-16 units, and only after \r\n became \n. Asked in ascending order. */
  private pythonIndex(at: number): number {
    for (let i = this.countedTo; i < at; i++) {
      const c = this.text.charCodeAt(i)
      const secondHalf = (c >= 0xdc00 && c <= 0xdfff && isHighSurrogate(this.text.charCodeAt(i - 1))) || (c === 10 && this.text.charCodeAt(i - 1) === 13)
      if (!secondHalf) this.counted++
    }
    this.countedTo = Math.max(this.countedTo, at)
    return this.counted
  }
}

const PERCENT = 37
const HASH = 35
const PLUS = 43
const MINUS = 45
const DOT = 46
const QUOTE = 39
const DOUBLE_QUOTE = 34
const BACKSLASH = 92
const OPEN = 123
const CLOSE = 125
const ASCII_NAME = /^[A-Za-z0-9_]*$/

const OPERATORS: ReadonlyMap<number, TokenType> = new Map([
  [43, 'add'], [45, 'sub'], [47, 'div'], [42, 'mul'], [37, 'mod'], [126, 'tilde'], [91, 'lbracket'], [93, 'rbracket'], [40, 'lparen'], [41, 'rparen'],
  [123, 'lbrace'], [125, 'rbrace'], [62, 'gt'], [60, 'lt'], [61, 'assign'], [46, 'dot'], [58, 'colon'], [124, 'pipe'], [44, 'comma'], [59, 'semicolon'],
])
const CLOSING_OF: ReadonlyMap<number, number> = new Map([[40, 41], [91, 93], [123, 125]])

function token(type: TokenType, start: number, end: number, value: string | bigint | number): Token {
  return { type, start, end, value, flaw: '' }
}

function endWithoutFinalNewline(text: string): number {
  const last = text.charCodeAt(text.length - 1)
  if (last === 13) return text.length - 1
  if (last !== 10) return text.length
  return text.charCodeAt(text.length - 2) === 13 ? text.length - 2 : text.length - 1
}

/** The offset of the next `{{`, `{%` or `{#`; `stop` when there is none. */
function findOpening(text: string, from: number, stop: number): number {
  for (let i = text.indexOf('{', from); i >= 0 && i + 1 < stop; i = text.indexOf('{', i + 1)) {
    if (isOpening(text.charCodeAt(i + 1))) return i
  }
  return stop
}

function isOpening(second: number): boolean {
  return second === OPEN || second === PERCENT || second === HASH
}

function isClosing(first: number): boolean {
  return first === CLOSE || first === PERCENT || first === HASH
}

function doubleOperator(c: number, next: number): TokenType | undefined {
  if (next === 61) {
    if (c === 61) return 'eq'
    if (c === 33) return 'ne'
    if (c === 62) return 'gteq'
    return c === 60 ? 'lteq' : undefined
  }
  if (c === 47 && next === 47) return 'floordiv'
  return c === 42 && next === 42 ? 'pow' : undefined
}

/** The end of `(\d+_)*\d+`; `from` when there is no digit. */
function endOfDigits(text: string, from: number, stop: number): number {
  let i = from
  while (i < stop && (isDigit(text.charCodeAt(i)) || (i > from && text.charCodeAt(i) === 95 && isDigit(text.charCodeAt(i + 1))))) i++
  return i
}

/** jinja2's float_re; `from` when what stands there is no float. */
function endOfFloat(text: string, from: number, stop: number): number {
  const whole = endOfDigits(text, from, stop)
  const fraction = text.charCodeAt(whole) === DOT ? endOfDigits(text, whole + 1, stop) : whole + 1
  const hasFraction = fraction > whole + 1
  const mantissa = hasFraction ? fraction : whole
  if ((text.charCodeAt(mantissa) | 32) === 101) {
    const sign = text.charCodeAt(mantissa + 1)
    const exponent = sign === PLUS || sign === MINUS ? mantissa + 2 : mantissa + 1
    const end = endOfDigits(text, exponent, stop)
    if (end > exponent) return end
  }
  return hasFraction ? fraction : from
}

/** jinja2's integer_re, in its order: 0b, 0o, 0x, decimal, zeros. */
function endOfInteger(text: string, from: number, stop: number): number {
  if (text.charCodeAt(from) !== 48) return endOfDigits(text, from, stop)
  const prefixed = /0(?:b(?:_?[01])+|o(?:_?[0-7])+|x(?:_?[\da-f])+)|0(?:_?0)*/iy
  prefixed.lastIndex = from
  const match = prefixed.exec(text)
  return from + (match?.[0].length ?? 1)
}

function asciiDigits(digits: string): string {
  if (ASCII_NAME.test(digits)) return digits
  // Unicode's decimal digits stand in runs of ten that begin at a multiple of ten from their zero.
  return [...digits].map((d) => (d < '\x80' ? d : String(digitValue(d.charCodeAt(0))))).join('')
}

function digitValue(code: number): number {
  let zero = code
  while (code - zero < 9 && isDigit(zero - 1)) zero--
  return code - zero
}

/** Where an unclosed string is cut: at its line's end or at a delimiter. */
function cutOfString(text: string, from: number, stop: number): number {
  for (let i = from; i < stop; i++) {
    const c = text.charCodeAt(i)
    if (c === 10 || c === 13 || (c === OPEN && isOpening(text.charCodeAt(i + 1)))) return i
    if ((c === CLOSE || c === PERCENT) && text.charCodeAt(i + 1) === CLOSE) return skipSpacesBack(text, from, i)
  }
  return stop
}

const AFTER_STRING = /\s*(?:$|[,)\]}:|~+\-*/%=!<>.["']|(?:if|else|is|in|and|or|not|recursive)\b)/y

function canFollowString(text: string, from: number, stop: number): boolean {
  const end = skipSpaces(text, from, stop)
  AFTER_STRING.lastIndex = end
  return AFTER_STRING.test(text)
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}
