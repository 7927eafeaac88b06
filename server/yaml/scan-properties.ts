// Anchors, aliases, tags and directives: what stands in front of a node or a document.

import { isBlank, isBreakOrEnd, isDigit, isGap, isHex, isNameChar } from './chars.ts'
import { Token, codeAt, pushToken, refuse, skipBreak, type Scan } from './tokens.ts'

export function scanAnchor(scan: Scan, kind: typeof Token.anchor | typeof Token.alias): void {
  const start = scan.position++
  const name = readName(scan)
  const c = codeAt(scan, scan.position)
  if (name === '' || !(isGap(c) || '?:,]}%@`'.includes(String.fromCharCode(c)))) {
    refuse(scan, 'did not find expected alphabetic or numeric character', scan.position, kind === Token.anchor ? 'while scanning an anchor' : 'while scanning an alias', start)
    // Mended: everything up to the next blank is the name.
    while (!isGap(codeAt(scan, scan.position))) scan.position++
  }
  pushToken(scan, kind, start, scan.position, scan.text.slice(start + 1, scan.position))
}

function readName(scan: Scan): string {
  const start = scan.position
  while (isNameChar(codeAt(scan, scan.position))) scan.position++
  return scan.text.slice(start, scan.position)
}

export function scanTag(scan: Scan): void {
  const start = scan.position
  let handle: string
  let suffix: string
  if (codeAt(scan, start + 1) === 60 /* < */) {
    scan.position += 2
    handle = ''
    suffix = readUri(scan, true, false, '', start)
    if (codeAt(scan, scan.position) === 62) scan.position++
    else refuse(scan, "did not find the expected '>'", scan.position, 'while scanning a tag', start)
  } else {
    handle = readHandle(scan)
    if (handle.length > 1 && handle.endsWith('!')) suffix = readUri(scan, false, false, '', start)
    else {
      suffix = readUri(scan, false, false, handle, start)
      handle = '!'
      // A lone `!` is the non-specific tag, not a handle.
      if (suffix === '') { handle = ''; suffix = '!' }
    }
  }
  const c = codeAt(scan, scan.position)
  if (!isGap(c) && !(scan.keys.length > 1 && c === 44)) {
    refuse(scan, 'did not find expected whitespace or line break', scan.position, 'while scanning a tag', start)
    while (!isGap(codeAt(scan, scan.position))) scan.position++
  }
  pushToken(scan, Token.tag, start, scan.position, suffix, handle)
}

/** `!`, `!name` or `!name!`, from the scan's position. */
function readHandle(scan: Scan): string {
  const start = scan.position++
  readName(scan)
  if (codeAt(scan, scan.position) === 33) scan.position++
  return scan.text.slice(start, scan.position)
}

const URI_CHARS = ";/?:@&=+$.%!~*'()"

function readUri(scan: Scan, verbatim: boolean, directive: boolean, head: string, start: number): string {
  const context = directive ? 'while parsing a %TAG directive' : 'while parsing a tag'
  let uri = head.slice(1)
  let length = head.length
  for (;;) {
    const c = codeAt(scan, scan.position)
    if (!isNameChar(c) && !(c > 0 && c < 128 && (URI_CHARS.includes(String.fromCharCode(c)) || (verbatim && (c === 44 || c === 91 || c === 93))))) break
    if (c === 37) uri += readUriEscapes(scan, context, start)
    else { uri += String.fromCharCode(c); scan.position++ }
    length++
  }
  if (length === 0) refuse(scan, 'did not find expected tag URI', scan.position, context, start)
  return uri
}

function readUriEscapes(scan: Scan, context: string, start: number): string {
  let encoded = ''
  while (codeAt(scan, scan.position) === 37) {
    if (!isHex(codeAt(scan, scan.position + 1)) || !isHex(codeAt(scan, scan.position + 2))) {
      refuse(scan, 'did not find URI escaped octet', scan.position, context, start)
      scan.position++
      return '%'
    }
    encoded += scan.text.slice(scan.position, scan.position + 3)
    scan.position += 3
  }
  try {
    return decodeURIComponent(encoded)
  } catch {
    refuse(scan, 'found an incorrect leading UTF-8 octet', scan.position, context, start)
    return encoded
  }
}

export function scanDirective(scan: Scan): void {
  const start = scan.position++
  const context = 'while scanning a directive'
  const name = readName(scan)
  if (name === '') refuse(scan, 'could not find expected directive name', scan.position, context, start)
  else if (!isGap(codeAt(scan, scan.position))) refuse(scan, 'found unexpected non-alphabetical character', scan.position, context, start)
  let handle = ''
  let value = ''
  if (name === 'YAML') value = readVersion(scan, start)
  else if (name === 'TAG') {
    skipBlanks(scan)
    if (codeAt(scan, scan.position) !== 33) refuse(scan, "did not find expected '!'", scan.position, 'while scanning a tag directive', start)
    else handle = readHandle(scan)
    if (handle !== '!' && !(handle.length > 1 && handle.endsWith('!'))) refuse(scan, "did not find expected '!'", scan.position, 'while parsing a tag directive', start)
    if (!isBlank(codeAt(scan, scan.position))) refuse(scan, 'did not find expected whitespace', scan.position, 'while scanning a %TAG directive', start)
    skipBlanks(scan)
    value = readUri(scan, true, true, '', start)
    if (!isGap(codeAt(scan, scan.position))) refuse(scan, 'did not find expected whitespace or line break', scan.position, 'while scanning a %TAG directive', start)
  } else refuse(scan, 'found unknown directive name', scan.position, context, start)
  const end = scan.position
  skipBlanks(scan)
  const c = codeAt(scan, scan.position)
  if (c !== 35 && !isBreakOrEnd(c)) refuse(scan, 'did not find expected comment or line break', scan.position, context, start)
  while (!isBreakOrEnd(codeAt(scan, scan.position))) scan.position++
  if (scan.position < scan.text.length) skipBreak(scan)
  pushToken(scan, Token.directive, start, end, value, handle === '' ? name : handle)
}

function skipBlanks(scan: Scan): void {
  while (isBlank(codeAt(scan, scan.position))) scan.position++
}

function readVersion(scan: Scan, start: number): string {
  const context = 'while scanning a %YAML directive'
  skipBlanks(scan)
  const from = scan.position
  const readNumber = (): void => {
    const first = scan.position
    while (isDigit(codeAt(scan, scan.position))) scan.position++
    if (scan.position === first) refuse(scan, 'did not find expected version number', scan.position, context, start)
    else if (scan.position - first > 9) refuse(scan, 'found extremely long version number', scan.position, context, start)
  }
  readNumber()
  if (codeAt(scan, scan.position) === 46) scan.position++
  else refuse(scan, "did not find expected digit or '.' character", scan.position, context, start)
  readNumber()
  return scan.text.slice(from, scan.position)
}
