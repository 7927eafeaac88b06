// What a preview remembers of an evaluation besides its text: through which macros each part of the output came, and what each expression of the
// node's own text was. Only previews make one; a plain evaluation carries null instead and pays nothing.
//
// Strings carry no places. A text that a macro, a block set or a caller made is known again by what it says when it is printed, whole, trimmed or
// inside of a longer text; of two that say the same the later one counts. So a place can at worst be that of an equal text.

import { UnknownSignal } from './errors.ts'
import { floatRepr, stringRepr } from './repr.ts'
import { siteOf } from './runtime.ts'
import type { Piece, Source } from './runtime.ts'
import { typeNameOf } from './types.ts'
import { PyDict, PyList, PyObject, PyTuple } from './value.ts'
import type { CallSite, PyUnknown, Value } from './value.ts'
import type { Span } from '../text/span.ts'

/** A value an expression had. `text`: a string as it is, anything else as Python prints it, both cut. */
export interface Seen { readonly type: string; readonly text: string }

const MOST_VALUES = 6
/** A loop may pass a place a million times. */
const MOST_LOOKS = 40
const MOST_TEXT = 20_000
/** Beyond this a piece also holds what is printed after it. */
const MOST_PIECES = 50_000
const MOST_MADE = 20_000
const RECENT = 24
/** Shorter texts are not looked for inside of longer ones. */
const TELLING = 6
const LONGEST_SEARCH = 200_000

export class Trace {
  /** By `start:end` in the node's own file. */
  readonly values = new Map<string, Seen[]>()
  private readonly sites = new WeakMap<readonly CallSite[], Map<Span, readonly CallSite[]>>()
  private readonly looks = new Map<string, number>()
  private readonly made = new Map<string, readonly Piece[]>()
  private readonly partial = new WeakMap<PyUnknown, readonly Piece[]>()
  private recent: string[] = []
  private room = MOST_PIECES

  add(to: Piece[], piece: Piece): void {
    if (this.full(to) && !piece.unknown) { this.append(to, piece.text); return }
    this.room--
    to.push(piece)
  }

  /** There are too many pieces already: further text belongs to the last one. */
  full(pieces: readonly Piece[]): boolean {
    const last = pieces[pieces.length - 1]
    return this.room <= 0 && last !== undefined && !last.unknown
  }

  append(to: Piece[], text: string): void {
    const last = to[to.length - 1]
    if (last) to[to.length - 1] = { text: last.text + text, start: last.start, end: last.end, unknown: null, sites: last.sites ?? [], literal: false }
  }

  /** `calls`: an array for each stack, the same one while the stack is the same. */
  sitesOf(source: Source, node: Span, calls: readonly CallSite[]): readonly CallSite[] {
    let known = this.sites.get(calls)
    if (!known) this.sites.set(calls, known = new Map())
    let sites = known.get(node)
    if (!sites) known.set(node, sites = [siteOf(source, node), ...calls])
    return sites
  }

  remember(text: string, pieces: readonly Piece[]): void {
    if (pieces.length === 0 || text.trim() === '') return
    if (this.made.size >= MOST_MADE) this.made.clear()
    this.made.set(text, pieces)
    this.made.set(text.trim(), trimmed(text, pieces))
    this.recent.push(text.trim())
    if (this.recent.length > RECENT) this.recent.shift()
  }

  /** What is known of the text of a macro that is unknown as a whole. */
  rememberPart(value: PyUnknown, pieces: readonly Piece[]): void { this.partial.set(value, pieces) }

  partsOf(value: PyUnknown): readonly Piece[] | null { return this.partial.get(value) ?? null }

  /** The pieces that a printed text is made of, `own` for what nobody made; null when all of it is the printing tag's. */
  piecesOf(text: string, own: (part: string) => Piece): readonly Piece[] | null {
    const whole = this.made.get(text)
    if (whole) return whole
    if (text.length < TELLING || text.length > LONGEST_SEARCH) return null
    let parts: readonly (Piece | string)[] = [text]
    for (let i = this.recent.length - 1; i >= 0; i--) {
      const made = this.recent[i] ?? ''
      const pieces = made.length < TELLING ? undefined : this.made.get(made)
      if (pieces) parts = parts.flatMap(part => typeof part === 'string' ? around(part, made, pieces) : [part])
    }
    return parts.length === 1 && parts[0] === text ? null : parts.map(part => typeof part === 'string' ? own(part) : part)
  }

  see(start: number, end: number, value: Value): void {
    if (value instanceof PyObject && value.callable() && !value.unknown) return
    const key = `${start}:${end}`
    const looked = (this.looks.get(key) ?? 0) + 1
    if (looked > MOST_LOOKS) return
    this.looks.set(key, looked)
    const known = this.values.get(key)
    if (known && known.length >= MOST_VALUES) return
    const seen = seenOf(value)
    if (!known) this.values.set(key, [seen])
    else if (!known.some(each => each.type === seen.type && each.text === seen.text)) known.push(seen)
  }
}

function around(part: string, made: string, pieces: readonly Piece[]): (Piece | string)[] {
  const at = part.indexOf(made)
  if (at < 0) return [part]
  return [...(at > 0 ? [part.slice(0, at)] : []), ...pieces, ...(at + made.length < part.length ? [part.slice(at + made.length)] : [])]
}

function trimmed(text: string, pieces: readonly Piece[]): readonly Piece[] {
  const from = text.length - text.trimStart().length
  const to = text.trimEnd().length
  if (from === 0 && to === text.length) return pieces
  const kept: Piece[] = []
  let at = 0
  for (const piece of pieces) {
    const cut = piece.text.slice(Math.max(0, from - at), Math.max(0, to - at))
    if (cut !== '' || piece.unknown) kept.push(cut === piece.text ? piece : { ...piece, text: cut })
    at += piece.text.length
  }
  return kept
}

function seenOf(value: Value): Seen {
  if (typeof value === 'string') return { type: 'str', text: value.slice(0, MOST_TEXT) }
  if (value instanceof PyObject && value.unknown) return { type: 'unknown', text: value.unknown.message }
  return { type: typeNameOf(value), text: brief(value, 2) }
}

/** Containers may be huge (`graph`): a few items of them say enough. */
function brief(value: Value, depth: number): string {
  if (typeof value === 'string') return stringRepr(value.length > 200 ? `${value.slice(0, 200)}…` : value)
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return floatRepr(value)
  if (!(value instanceof PyObject)) return String(value)
  if (value.unknown) return '?'
  const listed = (items: readonly string[], more: boolean): string => depth === 0 && items.length > 0 ? '…' : [...items, ...(more ? ['…'] : [])].join(', ')
  if (value instanceof PyList || value instanceof PyTuple) {
    const text = listed(value.items.slice(0, 12).map(item => depth === 0 ? '' : brief(item, depth - 1)), value.items.length > 12)
    return value instanceof PyList ? `[${text}]` : `(${text})`
  }
  if (value instanceof PyDict) {
    const items = value.items()
    return `{${listed(items.slice(0, 12).map(([key, item]) => depth === 0 ? '' : `${brief(key, 0)}: ${brief(item, depth - 1)}`), items.length > 12)}}`
  }
  try {
    return value.length() === undefined ? value.str().slice(0, 2_000) : `${value.typeName} of ${value.length() ?? 0}`
  } catch (problem) {
    if (problem instanceof UnknownSignal) return '?'
    return value.typeName
  }
}
