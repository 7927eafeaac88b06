// What is broken in a half-typed text and stands where nothing is printed (an unclosed comment, a branch that is not taken, a loop without items):
// a preview shows it at its end, so that nothing broken goes unseen.

import { BROKEN } from '../../jinja/tolerant.ts'
import { parseTemplate } from '../../jinja/parse.ts'
import type { Template } from '../../jinja/nodes.ts'
import type { RunEvaluation } from '../context/types.ts'

interface Written {
  readonly template: Template
  /** Of the template. */
  readonly text: string
  readonly file: string
  /** Of the template's first character in the file. */
  readonly offset: number
}

/** The evaluation of a preview with a piece for each complaint of the parser that none of its pieces shows. */
export function withUnshown(evaluation: RunEvaluation, { template, text, file, offset }: Written): RunEvaluation {
  const shown = evaluation.pieces.flatMap(({ unknown, sites: [site] }) => (unknown?.code === BROKEN && site?.path === file ? [site] : []))
  const missing = template.errors.flatMap(({ message, start }) => {
    // A block that is still open is no broken tag.
    if (message.startsWith('Unexpected end of template.')) return []
    const place = tagAt(text, start)
    // A strict lexer complains of a later tag when an earlier one left a string open.
    if (parseTemplate(text.slice(place.start, place.end)).errors.every((error) => error.message.startsWith('Unexpected end of template.'))) return []
    const at = { start: place.start + offset, end: place.end + offset }
    if (shown.some((site) => site.start < at.end && at.start < site.end)) return []
    const site = { path: file, inMacro: null, ...at }
    shown.push(site)
    return [{ text: null, source: at, unknown: { code: BROKEN, message, stack: [site] }, sites: [site], literal: false }]
  })
  return missing.length === 0 ? evaluation : { ...evaluation, pieces: [...evaluation.pieces, ...missing] }
}

/** From the delimiter that opens it to the end of its line, where a tolerant reading goes on. */
function tagAt(text: string, at: number): { readonly start: number; readonly end: number } {
  const opening = Math.max(...['{{', '{%', '{#'].map((delimiter) => text.lastIndexOf(delimiter, at)))
  const start = opening < 0 ? at : opening
  const line = text.indexOf('\n', Math.max(at, start))
  return { start, end: line < 0 ? text.length : line }
}
