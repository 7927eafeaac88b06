// The scalars of YAML: plain, quoted, block. Each reads one from the scan's position and pushes its token.
// Folding, chomping and escapes are libyaml's.

import { isBlank, isBlankOrBreak, isBreak, isBreakOrEnd, isDigit, isFlowIndicator, isGap, isHex } from './chars.ts'
import { Token, codeAt, pushToken, readBreak, refuse, skipBreak, type Scan } from './tokens.ts'

/** `forced`: take the first character whatever it is (tolerant scans). */
export function scanPlain(scan: Scan, forced = false): void {
  const { text } = scan
  const { length } = text
  const start = scan.position
  const flow = scan.keys.length > 1
  let value = ''
  let end = start
  let run = start
  let position = start
  let ledByBreaks = false
  if (forced) end = ++position
  for (;;) {
    if (position === scan.lineStart && atDocumentMark(scan, position)) break
    let c = position < length ? text.charCodeAt(position) : 0
    if (c === 35) break
    const wordStart = position
    while (position < length && !isBlankOrBreak(c)) {
      if (c === 58) {
        const next = position + 1 < length ? text.charCodeAt(position + 1) : 0
        if (isGap(next)) break
        if (flow && (next === 63 || isFlowIndicator(next))) {
          scan.position = position
          refuse(scan, "found unexpected ':'", position, 'while scanning a plain scalar', start)
          break
        }
      } else if (flow && isFlowIndicator(c)) break
      c = ++position < length ? text.charCodeAt(position) : 0
    }
    if (position > wordStart) {
      ledByBreaks = false
      end = position
    }
    if (position >= length || !isBlankOrBreak(c)) break
    // Blanks and breaks up to the next word; within one line they stay as they are.
    let firstBreak = ''
    let moreBreaks = ''
    const gap = position
    while (position < length && isBlankOrBreak(c)) {
      if (isBlank(c)) {
        if (ledByBreaks && c === 9 && position - scan.lineStart <= scan.indent) {
          scan.position = position
          refuse(scan, 'found a tab character that violates indentation', position, 'while scanning a plain scalar', start)
        }
        position++
      } else {
        scan.position = position
        if (ledByBreaks) moreBreaks += readBreak(scan)
        else firstBreak = readBreak(scan)
        ledByBreaks = true
        position = scan.position
      }
      c = position < length ? text.charCodeAt(position) : 0
    }
    if (ledByBreaks) {
      // Mended: with flow collections too, lest one that is left open swallows the lines below it.
      if ((!flow || scan.tolerant) && position - scan.lineStart <= scan.indent) break
      if (plainGoesOn(scan, position, flow)) {
        value += text.slice(run, gap) + fold(firstBreak, moreBreaks)
        run = position
      }
    }
  }
  scan.position = position
  pushToken(scan, Token.scalar, start, end, run < end ? value + text.slice(run, end) : value, '', 'plain')
  if (ledByBreaks) scan.keyAllowed = true
}

/** Whether a word of the plain scalar follows here, on a new line. */
function plainGoesOn(scan: Scan, position: number, flow: boolean): boolean {
  const c = codeAt(scan, position)
  if (position >= scan.text.length || c === 35) return false
  if (position === scan.lineStart && atDocumentMark(scan, position)) return false
  if (c === 58 && isGap(codeAt(scan, position + 1))) return false
  return !(flow && isFlowIndicator(c))
}

function fold(firstBreak: string, moreBreaks: string): string {
  if (firstBreak !== '\n') return firstBreak + moreBreaks
  return moreBreaks === '' ? ' ' : moreBreaks
}

function atDocumentMark(scan: Scan, position: number): boolean {
  const c = codeAt(scan, position)
  return (c === 45 || c === 46) && codeAt(scan, position + 1) === c && codeAt(scan, position + 2) === c && isGap(codeAt(scan, position + 3))
}

export function scanQuoted(scan: Scan, quote: number): void {
  const start = scan.position
  const line = scan.line
  const lineStart = scan.lineStart
  const problems = scan.problems.length
  if (!(scan.tolerant && scan.unclosed.has(quote))) {
    const value = readQuoted(scan, quote, start)
    if (value !== null && (scan.line === line || !scan.tolerant || mayFollowQuoted(scan))) {
      pushToken(scan, Token.scalar, start, scan.position, value, '', quote === 39 ? 'single' : 'double')
      return
    }
    if (value === null) scan.unclosed.add(quote)
  }
  // Mended: a quote that is never closed, or closed lines later in the midst of other text, ends with its own line.
  scan.problems.length = problems
  refuse(scan, 'found unexpected end of stream', start, 'while scanning a quoted scalar', start)
  scan.line = line
  scan.lineStart = lineStart
  const end = quotedLineEnd(scan, start, quote)
  const closed = end > start + 1 && scan.text.charCodeAt(end - 1) === quote
  scan.position = end
  pushToken(scan, Token.scalar, start, end, scan.text.slice(start + 1, closed ? end - 1 : end), '', quote === 39 ? 'single' : 'double')
}

/** Where a quoted scalar that must end on its line does: behind its quote, or before the comma or bracket of a flow collection, or at the line's end. */
function quotedLineEnd(scan: Scan, start: number, quote: number): number {
  const flow = scan.keys.length > 1
  let end = start + 1
  for (; !isBreakOrEnd(codeAt(scan, end)); end++) {
    const c = codeAt(scan, end)
    if (c === quote) return end + 1
    if (flow && isFlowIndicator(c)) break
  }
  while (end > start + 1 && isBlank(codeAt(scan, end - 1))) end--
  return end
}

function mayFollowQuoted(scan: Scan): boolean {
  let at = scan.position
  while (isBlank(codeAt(scan, at))) at++
  const c = codeAt(scan, at)
  if (isBreakOrEnd(c)) return true
  if (c === 35) return at > scan.position
  return scan.keys.length > 1 && (c === 58 || isFlowIndicator(c))
}

/** The decoded value, with the scan behind the closing quote; null when there is none (tolerant). */
function readQuoted(scan: Scan, quote: number, start: number): string | null {
  const { text } = scan
  const single = quote === 39
  let value = ''
  scan.position++
  for (;;) {
    if (scan.position === scan.lineStart && atDocumentMark(scan, scan.position)) {
      refuse(scan, 'found unexpected document indicator', scan.position, 'while scanning a quoted scalar', start)
      return null
    }
    if (scan.position >= text.length) {
      refuse(scan, 'found unexpected end of stream', scan.position, 'while scanning a quoted scalar', start)
      return null
    }
    let ledByBreaks = false
    let run = scan.position
    let c = text.charCodeAt(scan.position)
    while (scan.position < text.length && !isBlankOrBreak(c)) {
      if (c === quote) {
        if (!single || codeAt(scan, scan.position + 1) !== quote) break
        value += text.slice(run, scan.position + 1)
        scan.position += 2
        run = scan.position
      } else if (!single && c === 92) {
        value += text.slice(run, scan.position)
        if (isBreak(codeAt(scan, scan.position + 1)) && scan.position + 1 < text.length) {
          scan.position++
          skipBreak(scan)
          ledByBreaks = true
          run = scan.position
          break
        }
        value += readEscape(scan, start)
        run = scan.position
      } else scan.position++
      c = codeAt(scan, scan.position)
    }
    value += text.slice(run, scan.position)
    if (codeAt(scan, scan.position) === quote) break
    value += readQuotedGap(scan, ledByBreaks)
  }
  scan.position++
  return value
}

function readQuotedGap(scan: Scan, afterEscapedBreak: boolean): string {
  let ledByBreaks = afterEscapedBreak
  let firstBreak = ''
  let moreBreaks = ''
  const start = scan.position
  for (let c = codeAt(scan, start); scan.position < scan.text.length && isBlankOrBreak(c); c = codeAt(scan, scan.position)) {
    if (isBlank(c)) scan.position++
    else if (ledByBreaks) moreBreaks += readBreak(scan)
    else {
      firstBreak = readBreak(scan)
      ledByBreaks = true
    }
  }
  if (!ledByBreaks) return scan.text.slice(start, scan.position)
  return fold(firstBreak, moreBreaks)
}

const escapes = new Map<string, string>([
  ['0', '\0'], ['a', '\x07'], ['b', '\b'], ['t', '\t'], ['\t', '\t'], ['n', '\n'], ['v', '\v'], ['f', '\f'], ['r', '\r'], ['e', '\x1b'],
  [' ', ' '], ['"', '"'], ['/', '/'], ['\\', '\\'], ['N', '\x85'], ['_', '\xa0'], ['L', '\u2028'], ['P', '\u2029'],
])
const escapeLengths = new Map<string, number>([['x', 2], ['u', 4], ['U', 8]])

function readEscape(scan: Scan, start: number): string {
  const letter = scan.text.charAt(scan.position + 1)
  const simple = escapes.get(letter)
  if (simple !== undefined) {
    scan.position += 2
    return simple
  }
  const digits = escapeLengths.get(letter)
  if (digits === undefined) return refuseEscape(scan, 'found unknown escape character', start)
  scan.position += 2
  for (let i = 0; i < digits; i++) {
    if (!isHex(codeAt(scan, scan.position + i))) return refuseEscape(scan, 'did not find expected hexdecimal number', start)
  }
  const value = parseInt(scan.text.slice(scan.position, scan.position + digits), 16)
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) return refuseEscape(scan, 'found invalid Unicode character escape code', start)
  scan.position += digits
  return String.fromCodePoint(value)
}

/** Mended: the backslash stands for itself. */
function refuseEscape(scan: Scan, message: string, start: number): string {
  refuse(scan, message, scan.position, 'while parsing a quoted scalar', start)
  scan.position++
  return '\\'
}

export function scanBlockScalar(scan: Scan, literal: boolean): void {
  const { text } = scan
  const start = scan.position
  scan.position++
  const header = readBlockHeader(scan, start)
  let indent = header.increment > 0 ? Math.max(scan.indent, 0) + header.increment : 0
  let breaks = ''
  let end = scan.position
  const skipIndentation = (): void => {
    let deepest = 0
    end = scan.position
    for (;;) {
      let c = codeAt(scan, scan.position)
      while (c === 32 && (indent === 0 || scan.position - scan.lineStart < indent)) c = codeAt(scan, ++scan.position)
      const column = scan.position - scan.lineStart
      deepest = Math.max(deepest, column)
      if (c === 9 && (indent === 0 || column < indent)) {
        refuse(scan, 'found a tab character where an indentation space is expected', scan.position, 'while scanning a block scalar', start)
      }
      if (scan.position >= text.length || !isBreak(c)) break
      breaks += readBreak(scan)
      end = scan.position
    }
    if (indent === 0) indent = Math.max(deepest, scan.indent + 1, 1)
  }
  skipIndentation()
  let value = ''
  let lineBreak = ''
  let ledByBlank = false
  while (scan.position - scan.lineStart === indent && scan.position < text.length) {
    const blank = isBlank(text.charCodeAt(scan.position))
    if (!literal && lineBreak === '\n' && !ledByBlank && !blank) {
      if (breaks === '') value += ' '
    } else value += lineBreak
    value += breaks
    breaks = ''
    ledByBlank = blank
    let stop = scan.position
    while (stop < text.length && !isBreak(text.charCodeAt(stop))) stop++
    value += text.slice(scan.position, stop)
    scan.position = stop
    lineBreak = stop < text.length ? readBreak(scan) : ''
    skipIndentation()
  }
  if (header.chomping >= 0) value += lineBreak
  if (header.chomping > 0) value += breaks
  pushToken(scan, Token.scalar, start, end, value, '', literal ? 'literal' : 'folded')
}

function readBlockHeader(scan: Scan, start: number): { increment: number; chomping: number } {
  const context = 'while scanning a block scalar'
  let increment = 0
  let chomping = 0
  for (let turn = 0, seenDigit = false, seenSign = false; turn < 2; turn++) {
    const c = codeAt(scan, scan.position)
    if (!seenSign && (c === 43 || c === 45)) {
      seenSign = true
      chomping = c === 43 ? 1 : -1
    } else if (!seenDigit && isDigit(c)) {
      seenDigit = true
      if (c === 48) refuse(scan, 'found an indentation indicator equal to 0', scan.position, context, start)
      increment = c - 48
    } else break
    scan.position++
  }
  while (isBlank(codeAt(scan, scan.position))) scan.position++
  let c = codeAt(scan, scan.position)
  if (c !== 35 && !isBreakOrEnd(c)) refuse(scan, 'did not find expected comment or line break', scan.position, context, start)
  while (!isBreakOrEnd(c)) c = codeAt(scan, ++scan.position)
  if (scan.position < scan.text.length) skipBreak(scan)
  return { increment, chomping }
}
