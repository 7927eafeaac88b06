// The tokens of YAML and the state of a scan. The names are those of the YAML 1.1 productions.

import type { ScalarStyle, YamlProblem } from './nodes.ts'

export const Token = {
  directive: 0, documentStart: 1, documentEnd: 2, streamEnd: 3,
  blockSequenceStart: 4, blockMappingStart: 5, blockEnd: 6,
  flowSequenceStart: 7, flowSequenceEnd: 8, flowMappingStart: 9, flowMappingEnd: 10, flowEntry: 11,
  blockEntry: 12, key: 13, value: 14, alias: 15, anchor: 16, tag: 17, scalar: 18,
} as const
export type TokenKind = typeof Token[keyof typeof Token]

export interface YamlToken {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
  /** The decoded scalar, the name of an alias or anchor, the suffix of a tag, the name of a directive. */
  readonly text: string
  /** The handle of a tag or of a %TAG directive. */
  readonly handle: string
  readonly style: ScalarStyle
}

/** A place that becomes a key when a `:` follows on its line. */
export interface SimpleKey {
  possible: boolean
  required: boolean
  token: number
  start: number
  line: number
  column: number
}

/** All tokens, ending in streamEnd unless a strict scan was refused; then `problems` holds the one reason and `tokens` what libyaml's parser would have got. */
export interface Scanned { readonly tokens: readonly YamlToken[]; readonly problems: YamlProblem[] }

export interface Scan {
  readonly text: string
  /** Whether to go on after an error, and mend it. */
  readonly tolerant: boolean
  readonly tokens: YamlToken[]
  readonly problems: YamlProblem[]
  position: number
  line: number
  lineStart: number
  indent: number
  readonly indents: number[]
  /** One for the block context and one for each open flow collection. */
  readonly keys: SimpleKey[]
  /** The kinds of the open flow collections. */
  readonly opened: TokenKind[]
  keyAllowed: boolean
  /** Where the fetch of the current token began, and the first token that stopped being a possible key since. */
  fetchLine: number
  fetchPosition: number
  dropped: number
  /** Tolerant only: quotes (by code) that are never closed again. */
  readonly unclosed: Set<number>
  /** Where to end when a token of the block context starts there, first on its line; null: at the end of the text. */
  readonly stops: ReadonlySet<number> | null
  stopped: boolean
}

/** Thrown by `refuse` when not tolerant, and caught by `parseYaml`; never leaves this folder. */
export class Refused extends Error {}

/** Notes what libyaml would refuse; returns only in a tolerant scan, which then mends it. */
export function refuse(scan: Pick<Scan, 'tolerant' | 'problems'>, message: string, at: number, context: string | null, contextStart: number | null): void {
  scan.problems.push({ kind: 'syntax', message, start: at, end: at + 1, context, contextStart })
  if (!scan.tolerant) throw new Refused(message)
}

/** The code unit at an offset; 0 at the end. */
export function codeAt(scan: Scan, offset: number): number {
  return offset < scan.text.length ? scan.text.charCodeAt(offset) : 0
}

/** Steps over one line break (CRLF is one). */
export function skipBreak(scan: Scan): void {
  scan.position += scan.text.charCodeAt(scan.position) === 13 && scan.text.charCodeAt(scan.position + 1) === 10 ? 2 : 1
  scan.line++
  scan.lineStart = scan.position
}

/** Steps over one line break and returns what it counts as: LS and PS stay, all others become a line feed. */
export function readBreak(scan: Scan): string {
  const c = scan.text.charCodeAt(scan.position)
  skipBreak(scan)
  return c === 0x2028 ? '\u2028' : c === 0x2029 ? '\u2029' : '\n'
}

export function pushToken(scan: Scan, kind: TokenKind, start: number, end: number, text = '', handle = '', style: ScalarStyle = 'plain'): void {
  scan.tokens.push({ kind, start, end, text, handle, style })
}
