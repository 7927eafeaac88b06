// YAML text to tokens, after the rules of libyaml 0.2.5 (PyYAML's C loader, which dbt uses): simple keys, indentation, flow levels.
// Accepts and refuses what libyaml does. A tolerant scan never stops; how it mends is said at each place.

import { isBlank, isBreak, isBreakOrEnd, isGap } from './chars.ts'
import { scanAnchor, scanDirective, scanTag } from './scan-properties.ts'
import { scanBlockScalar, scanPlain, scanQuoted } from './scan-scalars.ts'
import { Refused, Token, codeAt, pushToken, refuse, skipBreak, type Scan, type Scanned, type SimpleKey, type TokenKind, type YamlToken } from './tokens.ts'

const MAX_KEY_LENGTH = 1024

export function scanYaml(text: string, tolerant: boolean): Scanned { return run(scanOf(text, tolerant)) }

/** The same in steps of some thousand tokens. */
export function* scanSteps(text: string): Generator<void, Scanned> {
  const scan = scanOf(text, false)
  const more = (): boolean => {
    for (let token = 0; token < STEP; token++) if (!fetchToken(scan)) return false
    return true
  }
  while (tried(scan, more)) yield
  return { tokens: scan.tokens, problems: scan.problems }
}

const STEP = 2000

function scanOf(text: string, tolerant: boolean): Scan {
  const scan = newScan(text, tolerant, null)
  if (text.charCodeAt(0) === 0xfeff) scan.position = scan.lineStart = 1
  return scan
}

/** Where a scan stands when the token at `position` is about to be read: first on its line in block context, inside of collections indented by `indents` (outermost first, -1 before all). */
export interface Resumption { readonly position: number; readonly lineStart: number; readonly indents: readonly number[] }

/** `indents`: of the collections that are open where the scan stopped, or null when it ended with the text or was refused. */
export interface ScannedPart extends Scanned { readonly position: number; readonly indents: readonly number[] | null }

/** A strict scan that goes on from a place of the text, up to the first of `stops` that is such a place too. */
export function scanPart(text: string, from: Resumption, stops: ReadonlySet<number>): ScannedPart {
  const scan = newScan(text, false, stops)
  scan.position = from.position
  scan.lineStart = from.lineStart
  scan.indents.push(...from.indents.slice(0, -1))
  scan.indent = from.indents.at(-1) ?? -1
  const scanned = run(scan)
  return { ...scanned, position: scan.position, indents: scan.stopped ? [...scan.indents, scan.indent] : null }
}

function newScan(text: string, tolerant: boolean, stops: ReadonlySet<number> | null): Scan {
  return {
    text, tolerant, tokens: [], problems: [], position: 0, line: 0, lineStart: 0, indent: -1, indents: [],
    keys: [noKey()], opened: [], keyAllowed: true, unclosed: new Set(), fetchLine: 0, fetchPosition: 0, dropped: Infinity, stops, stopped: false,
  }
}

function run(scan: Scan): Scanned {
  tried(scan, () => {
    while (fetchToken(scan)) { /* one more */ }
    return false
  })
  return { tokens: scan.tokens, problems: scan.problems }
}

/** Whether there is more to scan; a refusal ends it. */
function tried(scan: Scan, more: () => boolean): boolean {
  try {
    return more()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    scan.tokens.length = Math.min(scan.tokens.length, firstPendingToken(scan))
    return false
  }
}

function noKey(): SimpleKey {
  return { possible: false, required: false, token: 0, start: 0, line: 0, column: 0 }
}

/** libyaml hands no token to its parser that could still turn out to be a key when the refused one was fetched. */
function firstPendingToken(scan: Scan): number {
  let first = scan.dropped
  for (const key of scan.keys) {
    if (key.possible && !wasStale(scan, key)) first = Math.min(first, key.token)
  }
  return first
}

function fetchToken(scan: Scan): boolean {
  scan.fetchLine = scan.line
  scan.fetchPosition = scan.position
  scan.dropped = Infinity
  dropStaleKey(scan, scan.keys[0]!)
  skipToToken(scan)
  dropStaleKey(scan, scan.keys[0]!)
  const { position } = scan
  const column = position - scan.lineStart
  if (scan.tolerant && scan.keys.length > 1) closeAbandonedFlow(scan, column)
  unrollIndent(scan, column, position)
  if (scan.stops !== null && mayStop(scan, column)) {
    scan.stopped = true
    return false
  }
  if (position >= scan.text.length) return endStream(scan)
  const c = scan.text.charCodeAt(position)
  const next = codeAt(scan, position + 1)
  const flow = scan.keys.length > 1
  if (column === 0) {
    if (c === 37 /* % */) return fetchDirective(scan)
    if ((c === 45 || c === 46) && next === c && codeAt(scan, position + 2) === c && isGap(codeAt(scan, position + 3))) return fetchDocumentMark(scan, c)
  }
  switch (c) {
    case 91: return openFlow(scan, Token.flowSequenceStart)
    case 123: return openFlow(scan, Token.flowMappingStart)
    case 93: return closeFlow(scan, Token.flowSequenceEnd)
    case 125: return closeFlow(scan, Token.flowMappingEnd)
    case 44: return fetchIndicator(scan, Token.flowEntry, true)
    case 45: if (isGap(next)) return fetchBlockEntry(scan); break
    case 63: if (flow || isGap(next)) return fetchKey(scan); break
    case 58: if (flow || isGap(next)) return fetchValue(scan); break
    case 42: return fetchProperty(scan, () => scanAnchor(scan, Token.alias))
    case 38: return fetchProperty(scan, () => scanAnchor(scan, Token.anchor))
    case 33: return fetchProperty(scan, () => scanTag(scan))
    case 39: case 34: return fetchProperty(scan, () => scanQuoted(scan, c))
    case 124: case 62:
      if (flow) break
      removeKey(scan)
      scan.keyAllowed = true
      scanBlockScalar(scan, c === 124)
      return true
  }
  if (startsPlain(c, next, flow)) {
    saveKey(scan)
    scan.keyAllowed = false
    scanPlain(scan)
    return true
  }
  refuse(scan, 'found character that cannot start any token', position, 'while scanning for the next token', position)
  // Mended: the rest of the line (of the flow entry) is a plain scalar, as its writer most likely meant.
  saveKey(scan)
  scan.keyAllowed = false
  scanPlain(scan, true)
  return true
}

function mayStop({ stops, position, keys: [key, flow], keyAllowed, indent, text }: Scan, column: number): boolean {
  return stops!.has(position) && position < text.length && flow === undefined && !key!.possible && keyAllowed && indent === column
}

function startsPlain(c: number, next: number, flow: boolean): boolean {
  if (c === 9) return false
  if (c === 45) return !isBlank(next)
  if (c === 63 || c === 58) return !flow && !isGap(next)
  return !(c < 128 && '#&*!|>\'"%@`,[]{}'.includes(String.fromCharCode(c)))
}

function skipToToken(scan: Scan): void {
  const { text } = scan
  for (;;) {
    if (scan.position === scan.lineStart && text.charCodeAt(scan.position) === 0xfeff) scan.position++
    const tabs = scan.keys.length > 1 || !scan.keyAllowed
    let c = codeAt(scan, scan.position)
    while (c === 32 || (tabs && c === 9)) c = codeAt(scan, ++scan.position)
    if (c === 35) {
      do c = codeAt(scan, ++scan.position)
      while (scan.position < text.length && !isBreak(c))
    }
    if (scan.position < text.length && isBreak(c)) {
      skipBreak(scan)
      if (scan.keys.length === 1) scan.keyAllowed = true
    } else if (c === 9 && scan.tolerant) {
      // Mended: a tab in front of a token counts as one blank, so the rest of the line is still read.
      refuse(scan, 'found character that cannot start any token', scan.position, 'while scanning for the next token', scan.position)
      scan.position++
    } else return
  }
}

function wasStale(scan: Scan, key: SimpleKey): boolean {
  return key.line < scan.fetchLine || key.start + MAX_KEY_LENGTH < scan.fetchPosition
}

function isStale(scan: Scan, key: SimpleKey): boolean {
  return key.line < scan.line || key.start + MAX_KEY_LENGTH < scan.position
}

function dropStaleKey(scan: Scan, key: SimpleKey): void {
  if (!key.possible || !isStale(scan, key)) return
  dropKey(scan, key)
}

function dropKey(scan: Scan, key: SimpleKey): void {
  if (key.required || !wasStale(scan, key)) scan.dropped = Math.min(scan.dropped, key.token)
  key.possible = false
  if (key.required) refuse(scan, "could not find expected ':'", scan.position, 'while scanning a simple key', key.start)
}

function saveKey(scan: Scan): void {
  if (!scan.keyAllowed) return
  removeKey(scan)
  const column = scan.position - scan.lineStart
  scan.keys[scan.keys.length - 1] = {
    possible: true, required: scan.keys.length === 1 && scan.indent === column,
    token: scan.tokens.length, start: scan.position, line: scan.line, column,
  }
}

function removeKey(scan: Scan): void {
  const key = scan.keys[scan.keys.length - 1]!
  if (key.possible) dropKey(scan, key)
}

function rollIndent(scan: Scan, column: number, at: number, kind: TokenKind, start: number): void {
  if (scan.keys.length > 1 || scan.indent >= column) return
  scan.indents.push(scan.indent)
  scan.indent = column
  insertToken(scan, at, kind, start)
}

function insertToken(scan: Scan, at: number, kind: TokenKind, start: number): void {
  const token: YamlToken = { kind, start, end: start, text: '', handle: '', style: 'plain' }
  if (at === scan.tokens.length) scan.tokens.push(token)
  else scan.tokens.splice(at, 0, token)
}

function unrollIndent(scan: Scan, column: number, position: number): void {
  if (scan.keys.length > 1) return
  while (scan.indent > column) {
    pushToken(scan, Token.blockEnd, position, position)
    scan.indent = scan.indents.pop() ?? -1
  }
}

/** Mended: a flow collection left open ends where a line stands no deeper than the block that holds it, or with the text. */
function closeAbandonedFlow(scan: Scan, column: number): void {
  const last = scan.tokens[scan.tokens.length - 1]
  const c = codeAt(scan, scan.position)
  const atEnd = scan.position >= scan.text.length
  if (!atEnd && (column > scan.indent || last === undefined || last.end > scan.lineStart || c === 93 || c === 125 || c === 44)) return
  while (scan.keys.length > 1) {
    scan.keys.pop()
    const end = last?.end ?? scan.position
    pushToken(scan, scan.opened.pop() === Token.flowSequenceStart ? Token.flowSequenceEnd : Token.flowMappingEnd, end, end)
  }
  scan.keyAllowed = true
}

function endStream(scan: Scan): false {
  unrollIndent(scan, -1, scan.position)
  removeKey(scan)
  const [outer] = scan.keys
  if (outer !== undefined && outer.possible && outer.required) dropKey(scan, outer)
  pushToken(scan, Token.streamEnd, scan.position, scan.position)
  return false
}

function fetchDirective(scan: Scan): true {
  unrollIndent(scan, -1, scan.position)
  removeKey(scan)
  scan.keyAllowed = false
  scanDirective(scan)
  return true
}

function fetchDocumentMark(scan: Scan, c: number): true {
  unrollIndent(scan, -1, scan.position)
  removeKey(scan)
  scan.keyAllowed = false
  pushToken(scan, c === 45 ? Token.documentStart : Token.documentEnd, scan.position, scan.position + 3)
  scan.position += 3
  return true
}

function openFlow(scan: Scan, kind: TokenKind): true {
  saveKey(scan)
  scan.keys.push(noKey())
  scan.opened.push(kind)
  scan.keyAllowed = true
  return takeOne(scan, kind)
}

function closeFlow(scan: Scan, kind: TokenKind): true {
  removeKey(scan)
  if (scan.keys.length > 1) {
    scan.keys.pop()
    scan.opened.pop()
  }
  scan.keyAllowed = false
  return takeOne(scan, kind)
}

function fetchProperty(scan: Scan, read: () => void): true {
  saveKey(scan)
  scan.keyAllowed = false
  read()
  return true
}

function fetchIndicator(scan: Scan, kind: TokenKind, keyAllowed: boolean): true {
  removeKey(scan)
  scan.keyAllowed = keyAllowed
  return takeOne(scan, kind)
}

function takeOne(scan: Scan, kind: TokenKind): true {
  pushToken(scan, kind, scan.position, ++scan.position)
  return true
}

function fetchBlockEntry(scan: Scan): true {
  if (scan.keys.length === 1) {
    if (!scan.keyAllowed) {
      refuse(scan, 'block sequence entries are not allowed in this context', scan.position, null, null)
      // Mended: the dash stays out; what follows it on the line is skipped by the parser.
      scan.position++
      return true
    }
    rollIndent(scan, scan.position - scan.lineStart, scan.tokens.length, Token.blockSequenceStart, scan.position)
  }
  return fetchIndicator(scan, Token.blockEntry, true)
}

function fetchKey(scan: Scan): true {
  if (scan.keys.length === 1) {
    if (!scan.keyAllowed) {
      refuse(scan, 'mapping keys are not allowed in this context', scan.position, null, null)
      scan.position++
      return true
    }
    rollIndent(scan, scan.position - scan.lineStart, scan.tokens.length, Token.blockMappingStart, scan.position)
  }
  return fetchIndicator(scan, Token.key, scan.keys.length === 1)
}

function fetchValue(scan: Scan): true {
  const key = scan.keys[scan.keys.length - 1]!
  if (key.possible && !isStale(scan, key)) {
    insertToken(scan, key.token, Token.key, key.start)
    rollIndent(scan, key.column, key.token, Token.blockMappingStart, key.start)
    key.possible = false
    scan.keyAllowed = false
  } else {
    key.possible = false
    if (scan.keys.length === 1) {
      if (!scan.keyAllowed) {
        refuse(scan, 'mapping values are not allowed in this context', scan.position, null, null)
        if (!splitScalar(scan)) skipLine(scan)
        return true
      }
      rollIndent(scan, scan.position - scan.lineStart, scan.tokens.length, Token.blockMappingStart, scan.position)
    }
    scan.keyAllowed = scan.keys.length === 1
  }
  return takeOne(scan, Token.value)
}

/**
 * Mended: a `key:` swallowed as the last line of a plain scalar (its line is indented too far) is a key after all.
 * The scalar keeps its earlier lines, the scan goes back to the last one. Each line goes back once, so this stays linear.
 */
function splitScalar(scan: Scan): boolean {
  const last = scan.tokens[scan.tokens.length - 1]
  if (last === undefined || last.kind !== Token.scalar || last.style !== 'plain' || last.start >= scan.lineStart || last.end !== scan.position) return false
  const head = scan.text.slice(last.start, scan.lineStart).trimEnd()
  scan.tokens[scan.tokens.length - 1] = { ...last, end: last.start + head.length, text: head.replace(/\s*\n\s*/g, ' ') }
  scan.position = scan.lineStart
  scan.keyAllowed = true
  return true
}

function skipLine(scan: Scan): void {
  while (!isBreakOrEnd(codeAt(scan, scan.position))) scan.position++
}
