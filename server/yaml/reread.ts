// Reading a YAML text again after an edit: only the items of a root key's list that the edit touched, the rest of the tree is taken over.
// The scan goes on from a dash whose surroundings did not change and ends at the next one where it stands as the last scan did.
// Equals parseYaml of the whole text; where that is not plain from the texts, the answer is null.

import { isBreak } from './chars.ts'
import { finishMap } from './map.ts'
import type { YamlDocument, YamlEntry, YamlMap, YamlNode, YamlProblem, YamlSeq } from './nodes.ts'
import { documentOf, layoutOf, readTokens, refusedDocument } from './parse.ts'
import { atDepth, byDepth, depthOf, isSyntax, UNPRINTABLE } from './problems.ts'
import { scanPart, type ScannedPart } from './scan.ts'
import { shifted, shiftedEntry } from './shift.ts'
import { Token, type TokenKind, type YamlToken } from './tokens.ts'

export interface Reread {
  readonly document: YamlDocument
  /** Null when the new text is refused. */
  readonly change: Change | null
}

/** What lies before `start` is as it was; what lay at or behind `end` (in the old text) lies `delta` further on. The items between stand in one list. */
export interface Change { readonly start: number; readonly end: number; readonly delta: number }

/** `before`: what an earlier text was read as. */
export function rereadYaml(before: YamlDocument, text: string): Reread | null {
  const layout = layoutOf(before)
  const { root } = before
  if (!layout?.plain || root?.kind !== 'map' || root.flow || root.tag !== null || !startsLine(layout.text, root.start)) return null
  const edit = editOf(layout.text, text)
  if (!edit) return { document: before, change: { start: text.length, end: text.length, delta: 0 } }
  if (UNPRINTABLE.test(text.slice(edit.start, edit.end + edit.delta))) return null
  const list = listAt(root, layout.text, edit)
  return list && readPart(before, root, text, edit, list)
}

/** The list of a root key, and the item from which it is read again. */
interface List { readonly key: number; readonly seq: YamlSeq; readonly item: number; readonly dash: number; readonly column: number; readonly stops: ReadonlyMap<number, Stop> }

/** Where the rest begins: an item of the same list, or a root key. */
type Stop = { readonly kind: 'item' | 'key'; readonly index: number; readonly old: number }

function listAt(root: YamlMap, old: string, edit: Change): List | null {
  const key = lastBefore(root.written, edit.start, entry => entry.key.start)
  const seq = root.written[key]?.value
  if (seq?.kind !== 'seq' || seq.flow || seq.tag !== null || seq.start >= edit.start) return null
  const first = dashOf(old, seq.items[0])
  if (!first) return null
  let item = lastBefore(seq.items, edit.start, node => node.start)
  // An edit at the very start of an item lies behind its dash.
  if (seq.items[item + 1]?.start === edit.start) item++
  let dash: Dash | null = null
  for (; item >= 0; item--) {
    dash = dashOf(old, seq.items[item])
    if (dash && dash.column === first.column && dash.at < edit.start) break
  }
  if (!dash || item < 0) return null
  const stops = new Map<number, Stop>()
  for (let index = item + 1; index < seq.items.length; index++) {
    const next = dashOf(old, seq.items[index])
    if (next && next.at >= edit.end && next.column === first.column) stops.set(next.at + edit.delta, { kind: 'item', index, old: next.at })
  }
  for (let index = key + 1; index < root.written.length; index++) {
    const start = root.written[index]?.key.start ?? -1
    if (start >= edit.end && startsLine(old, start)) stops.set(start + edit.delta, { kind: 'key', index, old: start })
  }
  return { key, seq, item, dash: dash.at, column: first.column, stops }
}

function readPart(before: YamlDocument, root: YamlMap, text: string, edit: Change, list: List): Reread | null {
  const { dash, column, seq } = list
  const open = column === 0 ? [-1, 0] : [-1, 0, column]
  const part = scanPart(text, { position: dash, lineStart: dash - column, indents: open }, new Set(list.stops.keys()))
  const stop = part.indents === null ? null : list.stops.get(part.position) ?? null
  // Where the scan stopped it must stand as the last one did there.
  if (stop && part.indents?.join() !== (stop.kind === 'item' ? open : [-1, 0]).join()) return null
  const key = root.written[list.key]?.key
  if (!key) return null
  const reading = readTokens({ tokens: framed(root, key, seq, column, part), problems: part.problems }, false)
  const refusal = reading.problems.filter(isSyntax)
  if (refusal.length) return { document: refusedDocument(text, refusal), change: null }
  const read = reading.root
  if (part.problems.length || !reading.plain || read?.kind !== 'map') return null
  const [own, ...more] = read.written
  if (own?.value.kind !== 'seq' || own.value.flow || (stop?.kind === 'item' && more.length)) return null
  const end = stop?.old ?? before.root?.end ?? 0
  const items = [...seq.items.slice(0, list.item), ...own.value.items, ...stop?.kind === 'item' ? seq.items.slice(stop.index).map(item => shifted(item, edit.delta)) : []]
  const value: YamlSeq = { kind: 'seq', items, flow: false, start: seq.start, end: items.reduce((last, item) => Math.max(last, item.end), seq.start), tag: null, alias: null }
  const rest = stop ? root.written.slice(stop.kind === 'item' ? list.key + 1 : stop.index).map(entry => shiftedEntry(entry, edit.delta)) : []
  const written: YamlEntry[] = [...root.written.slice(0, list.key), { key, value }, ...more, ...rest]
  const problems = problemsOf(before.problems, reading.problems, dash, stop?.old ?? Infinity, edit.delta)
  if (!problems) return null
  const last = written.at(-1)
  const made = finishMap(written, false, root.start, last ? Math.max(last.key.end, last.value.end) : root.start, null, root.start, problem => problems.push(atDepth(problem, 1)))
  return { document: documentOf(text, { root: made, problems: byDepth(problems), plain: true }), change: { start: dash, end: stop ? end : Infinity, delta: edit.delta } }
}

/** The tokens of the part in the collections that hold it, as a whole text of its own. */
function framed(root: YamlMap, key: YamlNode, seq: YamlSeq, column: number, part: ScannedPart): YamlToken[] {
  const at = (kind: TokenKind, start: number, end = start): YamlToken => ({ kind, start, end, text: '', handle: '', style: 'plain' })
  const tokens = [
    at(Token.blockMappingStart, root.start), at(Token.key, key.start), { ...at(Token.scalar, key.start, key.end), text: 'key', style: 'plain' as const }, at(Token.value, key.end, key.end + 1),
    ...column === 0 ? [] : [at(Token.blockSequenceStart, seq.start)], ...part.tokens,
  ]
  if (part.indents === null) return tokens
  return [...tokens, ...part.indents.slice(1).map(() => at(Token.blockEnd, part.position)), at(Token.streamEnd, part.position)]
}

/** Those of the items that stayed and of those read again, without the root's own; null when their order would need more than their depth. */
function problemsOf(old: readonly YamlProblem[], read: readonly YamlProblem[], start: number, end: number, delta: number): YamlProblem[] | null {
  if ([...old, ...read].some(problem => depthOf(problem) === 2 || depthOf(problem) === 0 || problem.kind === 'limit')) return null
  const inside = old.filter(problem => depthOf(problem) > 1)
  const moved = inside.filter(problem => problem.start >= end).map(problem => atDepth({ ...problem, start: problem.start + delta, end: problem.end + delta, contextStart: problem.contextStart === null ? null : problem.contextStart + delta }, depthOf(problem)))
  return [...inside.filter(problem => problem.start < start), ...read.filter(problem => depthOf(problem) > 1), ...moved]
}

interface Dash { readonly at: number; readonly column: number }

/** The dash of an item that starts on the dash's line, when that is the first thing on it. */
function dashOf(text: string, item: YamlNode | undefined): Dash | null {
  if (!item) return null
  let at = item.start - 1
  while (text.charCodeAt(at) === 32) at--
  if (text.charCodeAt(at) !== 45) return null
  let start = at
  while (start > 0 && text.charCodeAt(start - 1) === 32) start--
  return startsLine(text, start) ? { at, column: at - start } : null
}

function startsLine(text: string, at: number): boolean { return at === 0 || isBreak(text.charCodeAt(at - 1)) || (at === 1 && text.charCodeAt(0) === 0xfeff) }

function lastBefore<T>(things: readonly T[], offset: number, startOf: (thing: T) => number): number {
  let low = -1
  let high = things.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    const thing = things[middle]
    if (thing !== undefined && startOf(thing) < offset) low = middle
    else high = middle - 1
  }
  return low
}

const STEP = 4096

/** The shortest change of one text into the other; null when they are equal. */
export function editOf(old: string, text: string): Change | null {
  if (old === text) return null
  const shorter = Math.min(old.length, text.length)
  let start = 0
  // Whole pieces first: the engine compares them faster than a loop does.
  while (start + STEP <= shorter && old.slice(start, start + STEP) === text.slice(start, start + STEP)) start += STEP
  while (start < shorter && old.charCodeAt(start) === text.charCodeAt(start)) start++
  const most = shorter - start
  let same = 0
  while (same + STEP <= most && old.slice(old.length - same - STEP, old.length - same) === text.slice(text.length - same - STEP, text.length - same)) same += STEP
  while (same < most && old.charCodeAt(old.length - same - 1) === text.charCodeAt(text.length - same - 1)) same++
  return { start, end: old.length - same, delta: text.length - old.length }
}
