// Puts the CTEs of ephemeral models into a compiled text, on its pieces, so that every part still knows where it comes from.
// dbt 1: compilation.py inject_ctes_into_sql; dbt 2 wraps the whole text instead.

import { insertionPoint } from '../../sql/first-statement.ts'
import type { CompiledPiece } from './types.ts'

/** `parts`: of a preview, what the body is made of. */
export interface Cte { readonly id: string; readonly name: string; readonly body: string; readonly parts: readonly Part[] | null }

export type Part = Omit<CompiledPiece, 'start' | 'end'>

/** Null where dbt fails because there is no statement. Offsets of the pieces given do not matter. */
export function injectInto(pieces: readonly Part[], ctes: readonly Cte[], style: 'with' | 'wrapper'): readonly CompiledPiece[] | null {
  if (ctes.length === 0) return placed(pieces)
  if (style === 'wrapper') return placed([made('with '), ...listed(ctes, ', ', ''), made('\n--EPHEMERAL-SELECT-WRAPPER-START\nselect * from (\n'), ...pieces, made('\n--EPHEMERAL-SELECT-WRAPPER-END\n)')])
  const point = insertionPoint(pieces.map((piece) => piece.text ?? '').join(''))
  if (!point) return null
  const [before, rest] = split(pieces, point.at)
  const [after] = split(rest, point.end - point.at)
  return placed([...before, ...(point.afterWith ? [] : [made('with')]), ...listed(ctes, ', ', ' '), made(point.afterWith ? ', ' : ' '), ...after])
}

function listed(ctes: readonly Cte[], between: string, lead: string): Part[] {
  return ctes.flatMap(({ id, name, body, parts }, index) => [made(`${index === 0 ? '' : between}${lead}${name} as (\n`), ...(parts ?? [made(body)]).map((part) => ({ ...part, source: null, cte: part.cte ?? id })), made('\n)')])
}

function made(text: string): Part { return { text, source: null, unknown: null, resolutions: [], cte: null, sites: [], literal: false } }

function split(pieces: readonly Part[], at: number): [Part[], Part[]] {
  const before: Part[] = []
  const after: Part[] = []
  let offset = 0
  for (const piece of pieces) {
    const length = piece.text?.length ?? 0
    if (offset + length <= at) before.push(piece)
    else if (offset >= at || piece.text === null) after.push(piece)
    else {
      // A part of template text keeps its exact place; what a tag printed keeps the tag's.
      const literal = piece.source !== null && piece.source.end - piece.source.start === length
      const middle = (piece.source?.start ?? 0) + at - offset
      before.push({ ...piece, text: piece.text.slice(0, at - offset), source: literal && piece.source ? { start: piece.source.start, end: middle } : piece.source, sites: cutSites(piece, 0, at - offset) })
      after.push({ ...piece, text: piece.text.slice(at - offset), source: literal && piece.source ? { start: middle, end: piece.source.end } : piece.source, sites: cutSites(piece, at - offset, length) })
    }
    offset += length
  }
  return [before, after]
}

function cutSites({ sites, literal, text }: Part, from: number, to: number): Part['sites'] {
  const [own, ...calls] = sites
  if (!own || !literal || own.end - own.start !== text?.length) return sites
  return [{ ...own, start: own.start + from, end: own.start + to }, ...calls]
}

export function placed(parts: readonly Part[]): CompiledPiece[] {
  let offset = 0
  return parts.map((part) => {
    const start = offset
    offset += part.text?.length ?? 0
    return { start, end: offset, ...part }
  })
}
