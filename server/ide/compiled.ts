// The compiled document beside a source file: its text as far as it is known, which relation is whose, and the way between both texts.
// What cannot be known stands there as it is written; an error of dbt's is said at the top as SQL comments.

import { compileNode } from '../dbt/compile/compile.ts'
import type { Compiled, CompiledPiece } from '../dbt/compile/types.ts'
import type { ManifestNode } from '../dbt/nodes/types.ts'
import { nodesIn, sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import type { Span } from '../text/span.ts'

export interface CompiledDocument {
  readonly unique_id: string
  readonly text: string
  /** True: byte for byte what dbt writes. */
  readonly exact: boolean
  readonly marks: readonly CompiledMark[]
  readonly spans: readonly MappedSpan[]
}

/** A relation or an unknown part in the compiled text. */
export interface CompiledMark extends Span {
  readonly kind: 'dev' | 'prod' | 'ephemeral' | 'source' | 'function' | 'unknown'
  readonly message: string
}

/** A part of the compiled text and what made it in the source file. `literal`: text of the template itself, character by character. */
export interface MappedSpan extends Span {
  readonly source: Span
  readonly literal: boolean
}

const KINDS: ReadonlySet<string> = new Set(['dev', 'prod', 'ephemeral', 'source', 'function', 'unknown'])

/** More than this is cut, with a note. UTF-16 units. */
const LIMIT = 50 * 1024 * 1024

/** The document of a node of the file: of `uniqueId`, or the one at `offset`, or the first. Null: nothing there is compiled. */
export function compiledDocument(snapshot: Snapshot, path: string, choice: { readonly uniqueId?: string; readonly offset?: number } = {}): CompiledDocument | null {
  const nodes = nodesIn(snapshot, path).filter((each): each is ManifestNode => 'raw_code' in each && each.enabled)
  const { uniqueId, offset } = choice
  const node = nodes.find((each) => each.unique_id === uniqueId) ?? nodes.find((each) => offset !== undefined && each.place.start <= offset && offset <= each.place.end) ?? nodes[0]
  const compiled = node ? compileNode(snapshot, node) : null
  return compiled ? documentOf(compiled, sourceFile(snapshot, path)?.text ?? '') : null
}

/** Where an offset of the source file went; null when that part printed nothing. */
export function toCompiled(document: CompiledDocument, offset: number): number | null {
  const span = document.spans.find(({ source }) => source.start <= offset && offset < source.end) ?? document.spans.find(({ source }) => offset === source.end)
  if (!span) return null
  return span.literal ? span.start + offset - span.source.start : span.start
}

/** Where an offset of the compiled text comes from, in the source file; null for what dbt added. */
export function toSource(document: CompiledDocument, offset: number): Span | null {
  const span = document.spans.find(({ start, end }) => start <= offset && offset < end) ?? document.spans.find(({ end }) => offset === end)
  if (!span) return null
  if (!span.literal) return span.source
  const at = span.source.start + offset - span.start
  return { start: at, end: at }
}

function documentOf({ node, pieces, error, compiled_code }: Compiled, source: string): CompiledDocument {
  const marks: CompiledMark[] = []
  const spans: MappedSpan[] = []
  let text = error ? `${error.message.trim().split('\n').map((line) => `-- ${line}\n`).join('')}` : ''
  const parts: readonly Pick<CompiledPiece, 'text' | 'source' | 'unknown' | 'resolutions'>[] = error ? [{ text: node.raw_code, source: node.rawCodeOffset === null ? null : { start: node.rawCodeOffset, end: node.rawCodeOffset + node.raw_code.length }, unknown: null, resolutions: [] }] : pieces
  for (const piece of parts) {
    if (text.length > LIMIT) { text = `${text.slice(0, LIMIT)}\n-- cut here: the compiled text is longer than ${LIMIT / 1024 / 1024} MB\n`; break }
    const start = text.length
    text += piece.text ?? (piece.source ? `{{ ${source.slice(piece.source.start, piece.source.end)} }}` : '{{ … }}')
    if (piece.source) spans.push({ start, end: text.length, source: piece.source, literal: piece.text !== null && piece.text === source.slice(piece.source.start, piece.source.end) })
    if (piece.unknown) marks.push({ start, end: text.length, kind: 'unknown', message: piece.unknown.message })
    else marks.push(...relationMarks(piece, start))
  }
  return { unique_id: node.unique_id, text, exact: compiled_code !== null, marks, spans }
}

/** Each relation where its text stands in what the tag printed. */
function relationMarks(piece: Pick<CompiledPiece, 'text' | 'resolutions'>, start: number): CompiledMark[] {
  const marks: CompiledMark[] = []
  for (const { kind, relation, message } of piece.resolutions) {
    if (relation === null || relation === '' || piece.text === null || !KINDS.has(kind)) continue
    for (let at = piece.text.indexOf(relation); at >= 0; at = piece.text.indexOf(relation, at + relation.length)) {
      if (marks.some((mark) => mark.start === start + at)) continue
      marks.push({ start: start + at, end: start + at + relation.length, kind: kind as CompiledMark['kind'], message })
    }
  }
  return marks
}
