// Python's regular expressions to a tree (CPython 3.11, re/_parser.py), with its errors and their positions.
// Patterns are texts of templates: they never become JavaScript regular expressions.

import { PyException } from '../errors.ts'
import { anyChar, categoryTest, literalTest, setTest, type CharTest, type SetItem } from './regex-chars.ts'

export const Flag = { A: 256, I: 2, L: 4, M: 8, S: 16, X: 64, U: 32 } as const

export type RegexNode =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'at'; readonly where: 'start' | 'lineStart' | 'end' | 'lineEnd' | 'textEnd' | 'boundary' | 'notBoundary'; readonly ascii: boolean }
  | { readonly kind: 'seq'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'alt'; readonly branches: readonly RegexNode[] }
  | { readonly kind: 'group'; readonly index: number; readonly node: RegexNode }
  | { readonly kind: 'repeat'; readonly min: number; readonly max: number; readonly mode: 'greedy' | 'lazy' | 'possessive'; readonly node: RegexNode }
  | { readonly kind: 'backref'; readonly group: number; readonly ignoreCase: boolean }
  | { readonly kind: 'look'; readonly behind: number | null; readonly negative: boolean; readonly node: RegexNode }
  | { readonly kind: 'atomic'; readonly node: RegexNode }
  | { readonly kind: 'conditional'; readonly group: number; readonly yes: RegexNode; readonly no: RegexNode }

export interface ParsedRegex {
  readonly node: RegexNode
  readonly flags: number
  /** Number of groups, without the whole match. */
  readonly groups: number
  readonly names: ReadonlyMap<string, number>
}

export const MAX_REPEAT = 4294967295
const MAX_DEPTH = 200

interface Parser {
  readonly pattern: string
  readonly chars: readonly string[]
  at: number
  flags: number
  groups: number
  readonly names: Map<string, number>
  readonly open: Set<number>
  readonly widths: Map<number, readonly [number, number]>
  /** The group count at the lookbehind that is being read; null outside. */
  lookbehindGroups: number | null
  readonly pendingConditions: { group: number; at: number }[]
  depth: number
}

/** `re.error` (errorClass 'error') for a pattern that Python refuses. */
export function parseRegex(pattern: string, flags: number): ParsedRegex {
  const parser: Parser = {
    pattern, chars: Array.from(pattern), at: 0, flags: flags & Flag.A ? flags : flags | Flag.U, groups: 0, names: new Map(), open: new Set(),
    widths: new Map(), lookbehindGroups: null, pendingConditions: [], depth: 0,
  }
  let node: RegexNode
  try {
    node = readAlternatives(parser, parser.flags, true)
  } catch (signal) {
    if (!(signal instanceof VerboseFound)) throw signal
    return parseRegex(pattern, flags | Flag.X)
  }
  if (parser.at < parser.chars.length) throw refuse(parser, 'unbalanced parenthesis', parser.at)
  for (const { group, at } of parser.pendingConditions) {
    if (group > parser.groups) throw refuse(parser, `invalid group reference ${group}`, at)
  }
  return { node, flags: parser.flags, groups: parser.groups, names: parser.names }
}

/** `(?x)` at the start changes how everything is read: Python starts over. */
class VerboseFound extends Error {}

export function regexError(message: string, pattern: string | null, at: number | null): PyException {
  if (pattern === null || at === null) return new PyException('error', message)
  const before = Array.from(pattern).slice(0, at)
  let text = `${message} at position ${at}`
  if (pattern.includes('\n')) text += ` (line ${before.filter(c => c === '\n').length + 1}, column ${at - before.lastIndexOf('\n')})`
  return new PyException('error', text)
}

function refuse(parser: Parser, message: string, at: number): PyException {
  return regexError(message, parser.pattern, at)
}

function peek(parser: Parser): string | undefined { return parser.chars[parser.at] }

function take(parser: Parser, c: string): boolean {
  if (parser.chars[parser.at] !== c) return false
  parser.at++
  return true
}

function readAlternatives(parser: Parser, flags: number, first: boolean): RegexNode {
  if (++parser.depth > MAX_DEPTH) throw new PyException('RecursionError', 'maximum recursion depth exceeded')
  const branches: RegexNode[] = []
  const state = { flags }
  do {
    branches.push(readSequence(parser, state, first && branches.length === 0))
  } while (take(parser, '|'))
  parser.depth--
  const [only] = branches
  return branches.length === 1 && only !== undefined ? only : { kind: 'alt', branches }
}

function readSequence(parser: Parser, state: { flags: number }, first: boolean): RegexNode {
  const items: RegexNode[] = []
  for (;;) {
    const c = peek(parser)
    if (c === undefined || c === '|' || c === ')') break
    if (state.flags & Flag.X && skipVerbose(parser, c)) continue
    const at = parser.at
    parser.at++
    const repeat = '*+?{'.includes(c) ? readRepeat(parser, c, at) : null
    if (repeat !== null) {
      const previous = items.pop()
      if (previous === undefined || previous.kind === 'at') throw refuse(parser, 'nothing to repeat', at)
      if (previous.kind === 'repeat') throw refuse(parser, 'multiple repeat', at)
      items.push({ kind: 'repeat', ...repeat, node: previous.kind === 'seq' && previous.items.length === 1 ? previous.items[0] ?? previous : previous })
      continue
    }
    const { flags } = state
    if (c === '.') items.push({ kind: 'char', test: anyChar(flags) })
    else if (c === '^') items.push({ kind: 'at', where: flags & Flag.M ? 'lineStart' : 'start', ascii: false })
    else if (c === '$') items.push({ kind: 'at', where: flags & Flag.M ? 'lineEnd' : 'end', ascii: false })
    else if (c === '[') items.push(readSet(parser, flags, at))
    else if (c === '(') {
      const group = readGroup(parser, state, at, first && items.length === 0)
      if (group !== null) items.push(group)
    } else if (c === '\\') items.push(readEscape(parser, flags, at))
    else items.push({ kind: 'char', test: literalTest(c.codePointAt(0) ?? 0, flags) })
  }
  return { kind: 'seq', items }
}

function skipVerbose(parser: Parser, c: string): boolean {
  if (' \t\n\r\v\f'.includes(c)) { parser.at++; return true }
  if (c !== '#') return false
  while (parser.at < parser.chars.length && parser.chars[parser.at++] !== '\n') { /* comment */ }
  return true
}

type Repeat = Pick<RegexNode & { kind: 'repeat' }, 'min' | 'max' | 'mode'>

/** null for a `{` that is only a brace. */
function readRepeat(parser: Parser, c: string, at: number): Repeat | null {
  let min = c === '+' ? 1 : 0
  let max = c === '?' ? 1 : MAX_REPEAT
  if (c === '{') {
    if (peek(parser) === '}') return null
    const number = (): string => {
      let digits = ''
      while (/^[0-9]$/.test(peek(parser) ?? '')) digits += parser.chars[parser.at++]
      return digits
    }
    const low = number()
    const high = take(parser, ',') ? number() : low
    if (!take(parser, '}')) { parser.at = at + 1; return null }
    if (low !== '') min = limited(low)
    if (high !== '') {
      max = limited(high)
      if (max < min) throw refuse(parser, 'min repeat greater than max repeat', at + 1)
    }
  }
  const mode = take(parser, '?') ? 'lazy' : take(parser, '+') ? 'possessive' : 'greedy'
  return { min, max, mode }
}

function limited(digits: string): number {
  const count = Number(digits)
  if (count >= MAX_REPEAT) throw new PyException('OverflowError', 'the repetition number is too large')
  return count
}

const CATEGORIES = 'dDsSwW'

function readEscape(parser: Parser, flags: number, at: number): RegexNode {
  const c = parser.chars[parser.at++]
  if (c === undefined) throw refuse(parser, 'bad escape (end of pattern)', at)
  const ascii = (flags & Flag.A) !== 0
  if (c === 'A') return { kind: 'at', where: 'start', ascii }
  if (c === 'Z') return { kind: 'at', where: 'textEnd', ascii }
  if (c === 'b') return { kind: 'at', where: 'boundary', ascii }
  if (c === 'B') return { kind: 'at', where: 'notBoundary', ascii }
  if (CATEGORIES.includes(c)) return { kind: 'char', test: categoryTest(c, ascii) }
  if (c >= '1' && c <= '9') {
    let digits = c
    const next = peek(parser) ?? ''
    if (/^[0-9]$/.test(next)) {
      parser.at++
      digits += next
      const third = peek(parser) ?? ''
      if (/^[0-3][0-7]$/.test(digits) && /^[0-7]$/.test(third)) {
        parser.at++
        return { kind: 'char', test: literalTest(Number.parseInt(digits + third, 8), flags) }
      }
      if (/^[4-7][0-7]$/.test(digits) && /^[0-7]$/.test(third)) throw refuse(parser, `octal escape value \\${digits}${third} outside of range 0-0o377`, at)
    }
    const group = Number(digits)
    if (group > parser.groups) throw refuse(parser, `invalid group reference ${group}`, at + 1)
    checkGroup(parser, group, at)
    return { kind: 'backref', group, ignoreCase: (flags & Flag.I) !== 0 }
  }
  return { kind: 'char', test: literalTest(escapedCode(parser, c, at), flags) }
}

function checkGroup(parser: Parser, group: number, at: number): void {
  if (parser.open.has(group)) throw refuse(parser, 'cannot refer to an open group', at)
  if (parser.lookbehindGroups !== null && group > parser.lookbehindGroups) throw refuse(parser, 'cannot refer to group defined in the same lookbehind subpattern', at)
}

const SIMPLE = new Map([['a', 7], ['f', 12], ['n', 10], ['r', 13], ['t', 9], ['v', 11], ['\\', 92]])
const HEX_LENGTHS = new Map([['x', 2], ['u', 4], ['U', 8]])

/** The code of an escape that stands for one character, inside sets and outside. */
function escapedCode(parser: Parser, c: string, at: number): number {
  const simple = SIMPLE.get(c)
  if (simple !== undefined) return simple
  const length = HEX_LENGTHS.get(c)
  if (length !== undefined) {
    let digits = ''
    while (digits.length < length && /^[0-9a-fA-F]$/.test(peek(parser) ?? '')) digits += parser.chars[parser.at++]
    if (digits.length < length) throw refuse(parser, `incomplete escape \\${c}${digits}`, at)
    const code = Number.parseInt(digits, 16)
    if (code > 0x10ffff) throw refuse(parser, `bad escape \\${c}${digits}`, at)
    return code
  }
  if (c === '0') {
    let digits = '0'
    while (digits.length < 3 && /^[0-7]$/.test(peek(parser) ?? '')) digits += parser.chars[parser.at++]
    return Number.parseInt(digits, 8)
  }
  if (/^[A-Za-z]$/.test(c)) throw refuse(parser, `bad escape \\${c}`, at)
  return c.codePointAt(0) ?? 0
}

function readSet(parser: Parser, flags: number, at: number): RegexNode {
  const items: SetItem[] = []
  const negative = take(parser, '^')
  const first = parser.at
  const ascii = (flags & Flag.A) !== 0
  const unterminated = (): PyException => refuse(parser, 'unterminated character set', at)
  for (;;) {
    const itemAt = parser.at
    const c = parser.chars[parser.at++]
    if (c === undefined) throw unterminated()
    if (c === ']' && itemAt !== first) break
    const low = readSetItem(parser, c, itemAt, ascii, unterminated)
    if (!take(parser, '-')) {
      items.push(low)
      continue
    }
    const highAt = parser.at
    const d = parser.chars[parser.at++]
    if (d === undefined) throw unterminated()
    if (d === ']') {
      items.push(low, { low: 45, high: 45 })
      break
    }
    const high = readSetItem(parser, d, highAt, ascii, unterminated)
    const range = parser.chars.slice(itemAt, parser.at).join('')
    if (!('low' in low) || !('low' in high) || high.low < low.low) throw refuse(parser, `bad character range ${range}`, itemAt)
    items.push({ low: low.low, high: high.low })
  }
  return { kind: 'char', test: setTest(items, negative, flags) }
}

function readSetItem(parser: Parser, c: string, at: number, ascii: boolean, unterminated: () => PyException): SetItem {
  if (c !== '\\') return one(c.codePointAt(0) ?? 0)
  const escape = parser.chars[parser.at++]
  if (escape === undefined) throw unterminated()
  if (CATEGORIES.includes(escape)) return { test: categoryTest(escape, ascii) }
  if (escape === 'b') return one(8)
  if (escape >= '0' && escape <= '7') {
    let digits = escape
    while (digits.length < 3 && /^[0-7]$/.test(peek(parser) ?? '')) digits += parser.chars[parser.at++]
    const code = Number.parseInt(digits, 8)
    if (code > 0o377) throw refuse(parser, `octal escape value \\${digits} outside of range 0-0o377`, at)
    return one(code)
  }
  if (/^[0-9]$/.test(escape)) throw refuse(parser, `bad escape \\${escape}`, at)
  return one(escapedCode(parser, escape, at))
}

function one(code: number): SetItem { return { low: code, high: code } }

function readGroup(parser: Parser, state: { flags: number }, at: number, first: boolean): RegexNode | null {
  let capture = true
  let name: string | null = null
  let { flags } = state
  let wrap: ((node: RegexNode) => RegexNode) | null = null
  if (take(parser, '?')) {
    const c = parser.chars[parser.at++]
    if (c === undefined) throw refuse(parser, 'unexpected end of pattern', parser.at - 1)
    if (c === 'P') {
      if (take(parser, '<')) name = readName(parser, '>', 'group name')
      else if (take(parser, '=')) {
        const nameAt = parser.at
        const referred = readName(parser, ')', 'group name')
        const group = parser.names.get(referred)
        if (group === undefined) throw refuse(parser, `unknown group name ${quoted(referred)}`, nameAt)
        checkGroup(parser, group, nameAt)
        return { kind: 'backref', group, ignoreCase: (flags & Flag.I) !== 0 }
      } else {
        const d = peek(parser)
        throw d === undefined ? refuse(parser, 'unexpected end of pattern', parser.at) : refuse(parser, `unknown extension ?P${d}`, at + 1)
      }
    } else if (c === ':') capture = false
    else if (c === '#') {
      for (;;) {
        const d = parser.chars[parser.at++]
        if (d === undefined) throw refuse(parser, 'missing ), unterminated comment', at)
        if (d === ')') return null
      }
    } else if (c === '=' || c === '!' || c === '<') return readLook(parser, flags, c, at)
    else if (c === '(') return readConditional(parser, flags, at)
    else if (c === '>') {
      capture = false
      wrap = node => ({ kind: 'atomic', node })
    } else if ('aiLmsux-'.includes(c)) {
      const changed = readFlags(parser, flags, c, at, first)
      if (changed === null) {
        state.flags |= parser.flags & ~Flag.U
        return null
      }
      flags = changed
      capture = false
    } else throw refuse(parser, `unknown extension ?${c}`, at + 1)
  }
  let index = 0
  if (capture) {
    index = ++parser.groups
    if (name !== null) {
      const earlier = parser.names.get(name)
      if (earlier !== undefined) throw refuse(parser, `redefinition of group name ${quoted(name)} as group ${index}; was group ${earlier}`, at + 4)
      parser.names.set(name, index)
    }
    parser.open.add(index)
  }
  const node = readAlternatives(parser, flags, false)
  if (!take(parser, ')')) throw refuse(parser, 'missing ), unterminated subpattern', at)
  if (!capture) return wrap === null ? { kind: 'seq', items: [node] } : wrap(node)
  parser.open.delete(index)
  parser.widths.set(index, widthOf(parser, node))
  return { kind: 'group', index, node }
}

function quoted(name: string): string {
  return name.includes("'") && !name.includes('"') ? `"${name}"` : `'${name}'`
}

function readName(parser: Parser, end: string, what: string): string {
  const start = parser.at
  let name = ''
  for (;;) {
    const c = parser.chars[parser.at++]
    if (c === undefined) throw name === '' ? refuse(parser, `missing ${what}`, start) : refuse(parser, `missing ${end}, unterminated name`, start)
    if (c === end) break
    name += c
  }
  if (name === '') throw refuse(parser, `missing ${what}`, start)
  if (what === 'group name' && end !== ')' || !/^[0-9]+$/.test(name)) {
    if (!/^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(name)) throw refuse(parser, `bad character in group name ${quoted(name)}`, start)
  }
  return name
}

function readLook(parser: Parser, flags: number, c: string, at: number): RegexNode {
  let kind = c
  let behind = false
  const outer = parser.lookbehindGroups
  if (c === '<') {
    const d = parser.chars[parser.at++]
    if (d === undefined) throw refuse(parser, 'unexpected end of pattern', parser.at - 1)
    if (d !== '=' && d !== '!') throw refuse(parser, `unknown extension ?<${d}`, at + 1)
    kind = d
    behind = true
    parser.lookbehindGroups ??= parser.groups
  }
  const node = readAlternatives(parser, flags, false)
  parser.lookbehindGroups = outer
  if (!take(parser, ')')) throw refuse(parser, 'missing ), unterminated subpattern', at)
  if (!behind) return { kind: 'look', behind: null, negative: kind === '!', node }
  const [low, high] = widthOf(parser, node)
  if (low !== high) throw regexError('look-behind requires fixed-width pattern', null, null)
  return { kind: 'look', behind: low, negative: kind === '!', node }
}

function readConditional(parser: Parser, flags: number, at: number): RegexNode {
  const nameAt = parser.at
  const name = readName(parser, ')', 'group name')
  let group: number
  if (/^[0-9]+$/.test(name)) {
    group = Number(name)
    if (group === 0) throw refuse(parser, 'bad group number', nameAt)
    parser.pendingConditions.push({ group, at: nameAt })
  } else {
    const found = parser.names.get(name)
    if (found === undefined) throw refuse(parser, `unknown group name ${quoted(name)}`, nameAt)
    group = found
  }
  const state = { flags }
  const yes = readSequence(parser, state, false)
  const no: RegexNode = take(parser, '|') ? readSequence(parser, state, false) : { kind: 'seq', items: [] }
  if (peek(parser) === '|') throw refuse(parser, 'conditional backref with more than two branches', parser.at)
  if (!take(parser, ')')) throw refuse(parser, 'missing ), unterminated subpattern', at)
  return { kind: 'conditional', group, yes, no }
}

const LETTERS = new Map<string, number>([['a', Flag.A], ['i', Flag.I], ['L', Flag.L], ['m', Flag.M], ['s', Flag.S], ['u', Flag.U], ['x', Flag.X]])

/** `(?i)`: null, and the parser's own flags changed; `(?i:`: the flags of the group. */
function readFlags(parser: Parser, flags: number, firstLetter: string, at: number, first: boolean): number | null {
  let added = 0
  let removed = 0
  let c: string | undefined = firstLetter
  while (c !== undefined && c !== '-' && c !== ')' && c !== ':') {
    const flag = LETTERS.get(c)
    if (flag === undefined) throw refuse(parser, /^\p{L}$/u.test(c) ? 'unknown flag' : 'missing -, : or )', parser.at - 1)
    if (flag === Flag.L) throw refuse(parser, "bad inline flags: cannot use 'L' flag with a str pattern", parser.at)
    added |= flag
    if ((added & Flag.A) && (added & Flag.U)) throw refuse(parser, "bad inline flags: flags 'a', 'u' and 'L' are incompatible", parser.at)
    c = parser.chars[parser.at++]
    if (c === undefined) throw refuse(parser, 'missing -, : or )', parser.at - 1)
  }
  if (c === ')') {
    if (!first) throw refuse(parser, 'global flags not at the start of the expression', at)
    const verbose = (added & Flag.X) !== 0 && (parser.flags & Flag.X) === 0
    parser.flags |= added
    if (added & Flag.A) parser.flags &= ~Flag.U
    if (verbose) throw new VerboseFound()
    return null
  }
  if (c === '-') {
    c = parser.chars[parser.at++]
    if (c === undefined) throw refuse(parser, 'missing flag', parser.at - 1)
    if (!LETTERS.has(c)) throw refuse(parser, /^\p{L}$/u.test(c) ? 'unknown flag' : 'missing flag', parser.at - 1)
    while (c !== ':') {
      const flag = LETTERS.get(c ?? '')
      if (c === undefined) throw refuse(parser, 'missing :', parser.at - 1)
      if (flag === undefined) throw refuse(parser, /^\p{L}$/u.test(c) ? 'unknown flag' : 'missing :', parser.at - 1)
      if (flag === Flag.A || flag === Flag.U || flag === Flag.L) throw refuse(parser, "bad inline flags: cannot turn off flags 'a', 'u' and 'L'", parser.at)
      removed |= flag
      c = parser.chars[parser.at++]
    }
    if (added & removed) throw refuse(parser, 'bad inline flags: flag turned on and off', parser.at - 1)
  }
  const base = added & Flag.A ? flags & ~Flag.U : added & Flag.U ? flags & ~Flag.A : flags
  return (base | added) & ~removed
}

/** The fewest and most characters a node can match. */
function widthOf(parser: Parser, node: RegexNode): readonly [number, number] {
  switch (node.kind) {
    case 'char': return [1, 1]
    case 'at': case 'look': return [0, 0]
    case 'seq': return node.items.reduce<readonly [number, number]>(([low, high], item) => {
      const width = widthOf(parser, item)
      return [low + width[0], high + width[1]]
    }, [0, 0])
    case 'alt': case 'conditional': {
      const widths = (node.kind === 'alt' ? node.branches : [node.yes, node.no]).map(branch => widthOf(parser, branch))
      return [Math.min(...widths.map(width => width[0])), Math.max(...widths.map(width => width[1]))]
    }
    case 'group': case 'atomic': return widthOf(parser, node.node)
    case 'repeat': {
      const [low, high] = widthOf(parser, node.node)
      return [low * node.min, high === 0 ? 0 : high * node.max]
    }
    case 'backref': return parser.widths.get(node.group) ?? [0, MAX_REPEAT]
  }
}
