// What Python calls white space, a digit, a name and a printable character; JavaScript's own answers differ (\s takes U+FEFF and leaves U+001C).

/** Python's `str.isspace` for one UTF-16 code unit; no white space lies outside the BMP. */
function isSpace(code: number): boolean {
  if (code === 32 || (code >= 9 && code <= 13)) return true
  if (code < 128) return code >= 28 && code <= 31
  return code === 0x85 || code === 0xa0 || code === 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f || code === 0x3000
}

export function skipSpaces(text: string, from: number, to: number): number {
  let i = from
  while (i < to && isSpace(text.charCodeAt(i))) i++
  return i
}

export function skipSpacesBack(text: string, from: number, to: number): number {
  let i = to
  while (i > from && isSpace(text.charCodeAt(i - 1))) i--
  return i
}

const DIGIT = /\p{Nd}/u

/** Python's `\d`. */
export function isDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code > 127 && DIGIT.test(String.fromCharCode(code)))
}

// jinja2's name pattern: Python's \w, and all else that may continue an identifier.
const NAME = /[\p{L}\p{N}_\p{XID_Continue}]+/uy
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u

/** The end of the name that starts at `from`; `from` itself when none does. */
export function nameEnd(text: string, from: number): number {
  let i = from
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || (c >= 48 && c <= 57)) continue
    if (c < 128) return i
    NAME.lastIndex = from
    return NAME.test(text) ? NAME.lastIndex : from
  }
  return i
}

export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name)
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u

/** Python's `repr` of a string of one character. */
export function reprOfChar(char: string): string {
  if (char === "'") return '"\'"'
  if (char === '\\') return "'\\\\'"
  const code = char.codePointAt(0) ?? 0
  if (char === ' ' || !UNPRINTABLE.test(char)) return `'${char}'`
  if (code < 0x100) return `'\\x${code.toString(16).padStart(2, '0')}'`
  return code < 0x10000 ? `'\\u${code.toString(16).padStart(4, '0')}'` : `'\\U${code.toString(16).padStart(8, '0')}'`
}
