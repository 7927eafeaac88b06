// What is not known of a compiled text, read off a text of the same node that dbt wrote: the known parts must stand in it, in order, and what
// lies between them is what the warehouse said. Pure; whether the two texts are of the same node is for others to say (last-run.ts).

import type { CompiledPiece } from './types.ts'

/**
 * The pieces with their texts filled in; null where the known parts do not stand in `text`. Where it cannot be told which part of it is whose, they
 * become one.
 */
export function filledFrom(pieces: readonly CompiledPiece[], text: string): readonly CompiledPiece[] | null {
  const first = pieces.findIndex((piece) => piece.text === null)
  const last = pieces.findLastIndex((piece) => piece.text === null)
  const unknown = pieces[first]
  const [head, tail] = [textOf(pieces.slice(0, Math.max(first, 0))), textOf(pieces.slice(last + 1))]
  if (!unknown) return textOf(pieces) === text ? pieces : null
  if (!text.startsWith(head) || !text.endsWith(tail) || head.length + tail.length > text.length) return null
  const [from, to] = [head.length, text.length - tail.length]
  const between = runs(pieces.slice(first, last + 1))
  const early = placesOf(between, text, from, to, 'first')
  if (!early) return null
  const late = placesOf(between, text, from, to, 'last')
  const sure = between.every((run) => run.unknown.length <= 1) && late !== null && early.every((at, index) => at === late[index])
  if (!sure) return placed([...pieces.slice(0, first), { ...unknown, text: text.slice(from, to), source: null, sites: [], resolutions: [], literal: false }, ...pieces.slice(last + 1)])
  const middle = between.flatMap((run, index): CompiledPiece[] => {
    const start = (early[index - 1] ?? from) + (between[index - 1]?.known.length ?? 0)
    return [...run.unknown.map((piece) => ({ ...piece, text: text.slice(start, early[index]) })), ...run.pieces]
  })
  return placed([...pieces.slice(0, first), ...middle, ...pieces.slice(last + 1)])
}

/** Unknown pieces without a known text between them, and the known text that follows. */
interface Run { readonly unknown: readonly CompiledPiece[]; readonly pieces: readonly CompiledPiece[]; readonly known: string }

function runs(pieces: readonly CompiledPiece[]): Run[] {
  const found: { unknown: CompiledPiece[]; pieces: CompiledPiece[]; known: string }[] = []
  for (const piece of pieces) {
    const open = found.at(-1)
    if (piece.text === null && (!open || open.known !== '')) found.push({ unknown: [piece], pieces: [], known: '' })
    else if (piece.text === null) open?.unknown.push(piece)
    else if (open) { open.pieces.push(piece); open.known += piece.text }
  }
  return found
}

/** Where the known text of each run stands; the last one's is empty and stands at `to`. */
function placesOf(between: readonly Run[], text: string, from: number, to: number, which: 'first' | 'last'): number[] | null {
  const places = between.map(() => to)
  let [low, high] = [from, to]
  const inner = between.slice(0, -1)
  for (const index of which === 'first' ? inner.keys() : [...inner.keys()].toReversed()) {
    const known = inner[index]?.known ?? ''
    const at = which === 'first' ? text.indexOf(known, low) : text.lastIndexOf(known, high - known.length)
    if (at < low || at + known.length > high) return null
    places[index] = at
    if (which === 'first') low = at + known.length
    else high = at
  }
  return places
}

function textOf(pieces: readonly CompiledPiece[]): string { return pieces.map((piece) => piece.text ?? '').join('') }

function placed(pieces: readonly CompiledPiece[]): CompiledPiece[] {
  let offset = 0
  return pieces.map((piece) => {
    const start = offset
    offset += piece.text?.length ?? 0
    return { ...piece, start, end: offset }
  })
}
