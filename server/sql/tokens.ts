// SQL cut into tokens as dbt's SQL tokenizer (sqlparse 0.6) cuts it, in as many kinds as finding a statement's end and its WITH needs.
// It knows no grammar and no dialect, never fails, and takes linear time: a mark that is never closed is a token of its own.

import { isSpace } from '../text/python.ts'

/**
 * `keyword`: one of the words in KEYWORDS, or several that count as one (`END IF`, `ORDER BY`); `word`: any other keyword or name;
 * `operand`: numbers, quoted names, strings, placeholders, `*`; `comment`: with the line's end for `--`.
 */
export type TokenKind = 'space' | 'newline' | 'line-comment' | 'comment' | 'punctuation' | 'assignment' | 'operator' | 'time-zone' | 'keyword' | 'cte' | 'create' | 'word' | 'operand'

export interface SqlToken {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
  /** The letters in upper case of keywords, the character of punctuation; else ''. */
  readonly value: string
}

/** Every token of `text`, in order, without gaps; offsets in UTF-16 units. */
export function* sqlTokens(text: string): Generator<SqlToken> {
  let at = 0
  const lastCommentEnd = text.lastIndexOf('*/')
  const dollars = new DollarQuotes(text)
  while (at < text.length) {
    const token = nextToken(text, at, lastCommentEnd, dollars)
    yield token
    at = token.end
  }
}

/** Words that open, close or divide something, and that are no names where they stand alone. */
const KEYWORDS: ReadonlySet<string> = new Set(['BEGIN', 'END', 'IF', 'FOR', 'FOREACH', 'WHILE', 'LOOP', 'DO', 'DECLARE', 'TRANSACTION', 'WORK', 'DEFERRED', 'IMMEDIATE', 'EXCLUSIVE', 'GO', 'WHERE', 'LIMIT', 'UNION', 'EXCEPT', 'INTERSECT', 'HAVING', 'RETURNING', 'INTO', 'RECURSIVE'])

const LETTERS = 'A-Za-zÀ-ÖØ-Üà-öø-üſK'
// Python's \w and \s.
const WORD = String.raw`[\p{L}\p{N}_]`
const NOT_WORD = String.raw`(?!${WORD})`
const SPACE = String.raw`[\s\x1c-\x1f\x85]`

const at = (source: string, flags = 'iuy'): RegExp => new RegExp(source, flags)
/** Keywords even right before a dot or a bracket. */
const ALWAYS_KEYWORD = at(`(?:CASE|IN|VALUES|USING|FROM|AS)${NOT_WORD}`)
const NAME = at(`[${LETTERS}]${WORD}*`, 'uy')
const BEFORE_DOT = at(String.raw`${SPACE}*\.(?!\p{Nd})`)
const NUMBER = at(String.raw`-?0x[\dA-F]+|-?\p{Nd}+(?:\.\p{Nd}+)?E-?\p{Nd}+|-?(?:\p{Nd}+\.\p{Nd}*|\.\p{Nd}+)(?![_${LETTERS}])|-?\p{Nd}+(?![_${LETTERS}])`)
const words = (...phrases: readonly string[]): RegExp => at(`(?:${phrases.map((each) => each.replaceAll(' ', `${SPACE}+`)).join('|')})${NOT_WORD}`)
const MORE_WORDS = words(
  'END IF', 'END LOOP', 'END WHILE', 'END FOR', 'END CASE', 'END', 'IF EXISTS', 'IF NOT EXISTS', 'NOT NULL', 'NOT (?:I|R)?LIKE', 'NOT REGEXP', 'UNION ALL', 'CREATE OR REPLACE', 'CREATE', 'DOUBLE PRECISION',
  'GROUP BY', 'ORDER BY', 'PRIMARY KEY', 'HANDLER FOR', `GO${SPACE}\\p{Nd}+`, 'LATERAL VIEW (?:EXPLODE|INLINE|PARSE_URL_TUPLE|POSEXPLODE|STACK)', '(?:LEFT |RIGHT |FULL )?(?:INNER |OUTER |STRAIGHT )?JOIN', '(?:CROSS |NATURAL )JOIN',
)
const TIME_ZONE = at(`(?:AT|WITH')${SPACE}+TIME${SPACE}+ZONE${SPACE}+'[^']+'`)
const ANY_WORD = at(String.raw`${WORD}[$#\p{L}\p{N}_]*`)
const PLACEHOLDER = at(String.raw`\?|%(?:\(${WORD}+\))?s|(?<!${WORD})[$:]${WORD}+|\\${WORD}+`)
const AT_NAME = at(`(?:@|##|#)[${LETTERS}]${WORD}+`, 'uy')
const BRACKET_NAME = at(String.raw`(?<![\p{L}\p{N}_\])])\[[^\]\[]+\]`)
const LINE_COMMENT = at(String.raw`(?:--|# )[^\r\n]*(?:\r\n|\r|\n|$)`)
const OPERATOR = at(String.raw`->>?|#>>?|@>|<@|\?\|?|\?&|-|#-|[<>=~!]+|[+\/@#%^&|^-]+`)

function nextToken(text: string, start: number, lastCommentEnd: number, dollars: DollarQuotes): SqlToken {
  const char = text.charAt(start)
  const make = (kind: TokenKind, end: number, value = ''): SqlToken => ({ kind, start, end, value })
  if (char === '/' && text.charAt(start + 1) === '*' && start + 2 <= lastCommentEnd) return make('comment', text.indexOf('*/', start + 2) + 2)
  if (char === '$') {
    const end = dollars.endOf(start)
    if (end !== null) return make('operand', end)
  }
  if (char === '\n' || char === '\r') return make('newline', start + (text.startsWith('\r\n', start) ? 2 : 1))
  if (isSpace(text.charCodeAt(start))) return make('space', start + 1)
  if (char === '-' || char === '#') {
    const end = endAt(LINE_COMMENT, text, start)
    if (end !== null) return make('line-comment', end)
  }
  if (char === ':') {
    if (text.charAt(start + 1) === '=') return make('assignment', start + 2)
    if (text.charAt(start + 1) === ':') return make('punctuation', start + 2, '::')
  }
  if (char === '*') return make('operand', start + 1)
  if (char === '\'' || char === '"' || char === '`' || char === '´') {
    const end = quotedEnd(text, start, char)
    return end === null ? make('operator', start + 1) : make('operand', end)
  }
  const placeholder = endAt(PLACEHOLDER, text, start)
  if (placeholder !== null) return make('operand', placeholder)
  return ofWord(text, start) ?? ofRest(text, start, char)
}

function ofWord(text: string, start: number): SqlToken | null {
  const make = (kind: TokenKind, end: number, value = ''): SqlToken => ({ kind, start, end, value })
  const always = endAt(ALWAYS_KEYWORD, text, start)
  if (always !== null) return make('keyword', always, text.slice(start, always).toUpperCase())
  const name = endAt(NAME, text, start)
  if (name !== null && (text.charAt(start - 1) === '.' || text.charAt(name) === '(' || endAt(BEFORE_DOT, text, name) !== null)) return make('operand', name)
  const number = endAt(NUMBER, text, start)
  if (number !== null) return make('operand', number)
  const more = endAt(MORE_WORDS, text, start)
  if (more !== null) {
    const value = text.slice(start, more).toUpperCase()
    return value.startsWith('CREATE') ? make('create', more, value) : make('keyword', more, value)
  }
  const zone = endAt(TIME_ZONE, text, start)
  if (zone !== null) return make('time-zone', zone)
  const word = endAt(ANY_WORD, text, start)
  if (word === null) return null
  const value = text.slice(start, word).toUpperCase()
  return value === 'WITH' ? make('cte', word, value) : KEYWORDS.has(value) ? make('keyword', word, value) : make('word', word, value)
}

function ofRest(text: string, start: number, char: string): SqlToken {
  const bracketed = char === '[' ? endAt(BRACKET_NAME, text, start) : char === '@' || char === '#' ? endAt(AT_NAME, text, start) : null
  if (bracketed !== null) return { kind: 'operand', start, end: bracketed, value: '' }
  if (';:()[],.'.includes(char)) return { kind: 'punctuation', start, end: start + 1, value: char }
  return { kind: 'operator', start, end: endAt(OPERATOR, text, start) ?? start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1), value: '' }
}

function endAt(pattern: RegExp, text: string, start: number): number | null {
  pattern.lastIndex = start
  return pattern.test(text) ? pattern.lastIndex : null
}

/**
 * Behind the closing quote. A doubled quote, and in '…' and "…" one behind a backslash, belongs to the text, unless no other quote closes it:
 * then the last such one does. Null: nothing closes it.
 */
function quotedEnd(text: string, start: number, quote: string): number | null {
  const escapes = quote === '\'' || quote === '"'
  let fallback: number | null = null
  let at = start + 1
  for (;;) {
    const next = text.indexOf(quote, at)
    if (next < 0) return fallback
    if (escapes && next > at && text.charAt(next - 1) === '\\') {
      fallback = next + 1
      at = next + 1
    } else if (text.charAt(next + 1) === quote) {
      fallback = next + 1
      at = next + 2
    } else {
      return next + 1
    }
  }
}

/** `$$ … $$` and `$tag$ … $tag$`: where the one that opens at a place ends. Closers are found once for each tag. */
class DollarQuotes {
  private readonly text: string
  private readonly closers = new Map<string, number[]>()
  constructor(text: string) { this.text = text }

  endOf(start: number): number | null {
    DOLLAR_TAG.lastIndex = start
    const tag = DOLLAR_TAG.exec(this.text)?.[0]
    if (tag === undefined) return null
    let places = this.closers.get(tag)
    if (!places) {
      places = []
      for (let at = this.text.indexOf(tag); at >= 0; at = this.text.indexOf(tag, at + 1)) places.push(at)
      this.closers.set(tag, places)
    }
    const from = start + tag.length
    let low = 0
    let high = places.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((places[middle] ?? 0) < from) low = middle + 1
      else high = middle
    }
    const found = places[low]
    return found === undefined ? null : found + tag.length
  }
}

const DOLLAR_TAG = at(String.raw`(?<![\p{L}\p{N}_"$])\$(?:[_${LETTERS}]${WORD}*)?\$`, 'uy')
