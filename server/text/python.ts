// Strings as Python counts them: by code points, while JavaScript counts UTF-16 code units.

const SURROGATE = /[\ud800-\udfff]/

/** The code points of a text as strings; null when it has none outside the basic plane, so that plain indexes serve. */
export function codePoints(text: string): string[] | null {
  return SURROGATE.test(text) ? Array.from(text) : null
}

export function lengthOf(text: string): number { return codePoints(text)?.length ?? text.length }

/** `text[start:end]` with indexes already in range. */
export function sliceText(text: string, start: number, end: number): string {
  const points = codePoints(text)
  return points ? points.slice(start, end).join('') : text.slice(start, end)
}

/** Python's white space for `str.strip()` and `str.split()`. JavaScript's differs: it has U+FEFF and lacks \x1c–\x1f and \x85. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 32 || (code >= 9 && code <= 13) || (code >= 0x1c && code <= 0x1f)
  return code === 0x85 || code === 0xa0 || code === 0x1680 || (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f || code === 0x3000
}

/** `text.strip()`. */
export function strip(text: string): string { return lstrip(rstrip(text)) }

function lstrip(text: string): string {
  let start = 0
  while (start < text.length && isSpace(text.charCodeAt(start))) start++
  return text.slice(start)
}

export function rstrip(text: string): string {
  let end = text.length
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--
  return text.slice(0, end)
}

/** `text.split()`: on runs of white space. */
export function splitSpace(text: string, limit = -1): string[] {
  const parts: string[] = []
  let at = 0
  for (;;) {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++
    if (at === text.length) return parts
    if (limit >= 0 && parts.length === limit) { parts.push(text.slice(at)); return parts }
    const start = at
    while (at < text.length && !isSpace(text.charCodeAt(at))) at++
    parts.push(text.slice(start, at))
  }
}

const LINE_ENDS = /\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]/g

/** `text.splitlines(keepends)`. */
export function splitLines(text: string, keepEnds: boolean): string[] {
  const lines: string[] = []
  let start = 0
  for (const end of text.matchAll(LINE_ENDS)) {
    const after = end.index + end[0].length
    lines.push(text.slice(start, keepEnds ? after : end.index))
    start = after
  }
  if (start < text.length) lines.push(text.slice(start))
  return lines
}
