// A string literal's text as jinja2 3.1 reads it (lexer.Lexer.wrap): newlines to \n, then Python's `unicode-escape`.
// Must not throw: a bad escape is kept as written and named in `problem`.

export interface DecodedString {
  readonly value: string
  /** Python's words for a bad escape, as jinja2 reports them. */
  readonly problem: string | null
  /** There is a `\N{…}`: which character that is we do not know; it stands in `value` as written. */
  readonly named: boolean
}

const NEWLINES = /\r\n?/g
const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['\n', ''], ['\\', '\\'], ["'", "'"], ['"', '"'], ['a', '\x07'], ['b', '\b'], ['f', '\f'], ['n', '\n'], ['r', '\r'], ['t', '\t'], ['v', '\v'],
])
const HEX_LENGTH: ReadonlyMap<string, number> = new Map([['x', 2], ['u', 4], ['U', 8]])

export function normalizeNewlines(text: string): string {
  return text.includes('\r') ? text.replace(NEWLINES, '\n') : text
}

/** `raw` is what stands between the quotes. */
export function decodeString(raw: string): DecodedString {
  const text = normalizeNewlines(raw)
  let at = text.indexOf('\\')
  if (at < 0) return { value: text, problem: null, named: false }
  let value = ''
  let from = 0
  let problem: string | null = null
  let named = false
  while (at >= 0) {
    value += text.slice(from, at)
    const escape = decodeEscape(text, at)
    value += escape.value
    problem ??= escape.problem
    named ||= escape.named
    from = escape.end
    at = text.indexOf('\\', from)
  }
  return { value: value + text.slice(from), problem, named }
}

interface Escape extends DecodedString { readonly end: number }

function decodeEscape(text: string, at: number): Escape {
  const char = text.charAt(at + 1)
  const simple = SIMPLE.get(char)
  if (simple !== undefined) return done(simple, at + 2)
  if (char >= '0' && char <= '7') {
    const digits = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0] ?? '0'
    return done(String.fromCharCode(Number.parseInt(digits, 8)), at + 1 + digits.length)
  }
  const length = HEX_LENGTH.get(char)
  if (length !== undefined) return decodeHex(text, at, char, length)
  if (char === 'N') return decodeNamed(text, at)
  const code = text.codePointAt(at + 1) ?? 0
  // jinja2 first writes what is not ASCII as an escape of its own, whose backslash this one then escapes.
  if (code > 127) return done('\\' + asciiEscape(code).slice(1), at + 1 + (code > 0xffff ? 2 : 1))
  return done('\\' + char, at + 1 + char.length)
}

function decodeHex(text: string, at: number, letter: string, length: number): Escape {
  const digits = text.slice(at + 2, at + 2 + length)
  const written = /^[0-9a-fA-F]*/.exec(digits)?.[0] ?? ''
  if (written.length < length) return { value: '\\' + letter, problem: `truncated \\${letter}${'X'.repeat(length)} escape`, named: false, end: at + 2 }
  const code = Number.parseInt(digits, 16)
  if (code > 0x10ffff) return { value: '\\' + letter, problem: 'illegal Unicode character', named: false, end: at + 2 }
  return done(code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code), at + 2 + length)
}

function decodeNamed(text: string, at: number): Escape {
  const close = text.indexOf('}', at + 3)
  if (text.charAt(at + 2) !== '{' || close <= at + 3) return { value: '\\N', problem: 'malformed \\N character escape', named: false, end: at + 2 }
  return { value: text.slice(at, close + 1), problem: null, named: true, end: close + 1 }
}

function asciiEscape(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}

function done(value: string, end: number): Escape {
  return { value, problem: null, named: false, end }
}
