// Requests inside compiled documents, and the commands that go between both texts. Positions are of the document as it is now.

import type { CancellationToken, Range } from 'vscode-languageserver/node'
import { definitionInside, hintsInside, hoverInside, referencesInside } from '../ide/compiled-features.ts'
import { selectionToSource, toCompiled } from '../ide/compiled-map.ts'
import { linesOf, offsetAt } from '../text/lines.ts'
import type { Span } from '../text/span.ts'
import { guarded, linesForOf, type Answering } from './answer.ts'
import type { CompiledDocuments } from './compiled-documents.ts'
import { toDefinition, toHover, toInlayHint, toLocation, toRange } from './convert.ts'
import type { ClientFeatures } from './features.ts'
import { pathOf, uriOf } from './uris.ts'

interface AboutDocument { readonly textDocument: { readonly uri: string } }
interface Within extends AboutDocument { readonly position: Range['start'] }

type Handler<P, R> = (params: P, token: CancellationToken) => R | Promise<R>

export interface InsideCompiled {
  /** The handler for a compiled document, else the other one. */
  hover<P extends Within, R>(otherwise: Handler<P, R>): Handler<P, R | ReturnType<typeof toHover> | null>
  definition<P extends Within, R>(otherwise: Handler<P, R>): Handler<P, R | ReturnType<typeof toDefinition> | null>
  references<P extends Within & { readonly context?: { readonly includeDeclaration?: boolean } }, R>(otherwise: Handler<P, R>): Handler<P, R | ReturnType<typeof toLocation>[] | null>
  hints<P extends AboutDocument & { readonly range?: Range }, R>(otherwise: Handler<P, R>): Handler<P, R | ReturnType<typeof toInlayHint>[] | null>
}

type Found = NonNullable<Awaited<ReturnType<CompiledDocuments['at']>>>

export function insideCompiled(answering: Answering, compiled: CompiledDocuments, features: () => ClientFeatures): InsideCompiled {
  const inside = <P extends AboutDocument, R, I>(name: string, otherwise: Handler<P, R>, answer: (found: Found, params: P) => I): Handler<P, R | I | null> => async (params, token) => {
    if (!compiled.isOne(params?.textDocument?.uri)) return otherwise(params, token)
    const result = await guarded(answering, `${name} inside compiled text`, null, token, async () => {
      const found = await compiled.at(params.textDocument.uri)
      return found ? answer(found, params) : null
    })
    return result instanceof Error ? null : result
  }
  const offset = (found: Found, position: Range['start']): number => offsetAt(linesOf(found.document.text), position)
  const linesFor = (found: Found) => linesForOf(answering.workspace, found.snapshot)
  return {
    hover: (otherwise) => inside('hover', otherwise, (found, params) => {
      const hover = hoverInside(found.snapshot, found.document, offset(found, params.position))
      return hover ? toHover(linesOf(found.document.text), hover, features()) : null
    }),
    definition: (otherwise) => inside('definition', otherwise, (found, params) => {
      const own = linesOf(found.document.text)
      const files = linesFor(found)
      return toDefinition((path) => (path === COMPILED ? own : files(path)), COMPILED, definitionInside(found.snapshot, found.document, offset(found, params.position)), features())
    }),
    references: (otherwise) => inside('references', otherwise, (found, params) => referencesInside(found.snapshot, found.document, offset(found, params.position), { declaration: params.context?.includeDeclaration ?? false }).map((place) => toLocation(linesFor(found), place))),
    hints: (otherwise) => inside('inlay hints', otherwise, (found, params) => {
      const lines = linesOf(found.document.text)
      const range = params.range ? { start: offsetAt(lines, params.range.start), end: offsetAt(lines, params.range.end) } : { start: 0, end: found.document.text.length }
      return hintsInside(found.snapshot, found.document, range).map((hint) => toInlayHint(lines, hint))
    }),
  }
}

/** Stands for the compiled document among the files of an answer. */
const COMPILED = '\0compiled'

export interface PositionCommands {
  /** Arguments: the URI of a source file (or macro file, then with `of`), a range in it, perhaps the unique_id or the compiled document's URI. */
  toCompiled(uri: unknown, range: unknown, of: unknown): Promise<{ readonly uri: string; readonly ranges: readonly Range[] } | null>
  /** Arguments: the URI of a compiled document, a range in it. `calls`: the way from the model to the macro, innermost first. */
  toSource(uri: unknown, range: unknown): Promise<{ readonly uri: string; readonly range: Range; readonly macro: string | null; readonly calls: readonly { readonly uri: string; readonly range: Range; readonly macro: string | null }[] } | null>
  /** The compiled text, of a source file or compiled document. */
  text(uri: unknown, uniqueId: unknown): Promise<{ readonly text: string; readonly exact: boolean } | null>
}

export function positionCommands(answering: Answering, compiled: CompiledDocuments): PositionCommands {
  const spanOf = (text: string, range: unknown): Span | null => (isRange(range) ? { start: offsetAt(linesOf(text), range.start), end: offsetAt(linesOf(text), range.end) } : null)
  return {
    async toCompiled(uri, range, of) {
      const path = typeof uri === 'string' ? pathOf(uri) : null
      const other = typeof of === 'string' && compiled.isOne(of) ? of : null
      const found = path === null ? null : await compiled.at(other ?? uri, of)
      const text = found && path !== null ? answering.workspace.textOf(found.snapshot, path) : null
      const span = text === null ? null : spanOf(text, range)
      if (!found || path === null || !span) return null
      const lines = linesOf(found.document.text)
      return { uri: found.uri, ranges: toCompiled(found.document, path, span).map((each) => toRange(lines, each)) }
    },
    async toSource(uri, range) {
      const found = compiled.isOne(uri) ? await compiled.at(uri) : null
      const span = found ? spanOf(found.document.text, range) : null
      const origin = found && span ? selectionToSource(found.document, span) : null
      if (!found || !origin) return null
      const linesFor = linesForOf(answering.workspace, found.snapshot)
      const place = (path: string, at: Span) => { const lines = linesFor(path); return lines ? { uri: uriOf(path), range: toRange(lines, at) } : null }
      const calls = origin.chain.flatMap((site) => { const there = place(site.path, site); return there ? [{ ...there, macro: site.inMacro }] : [] })
      const own = place(origin.place.path, origin.place)
      // dbt's own macros have no file here: the nearest call that has.
      return own ? { ...own, macro: origin.macro, calls } : calls[0] ? { ...calls[0], calls: calls.slice(1) } : null
    },
    async text(uri, uniqueId) {
      const found = await compiled.at(uri, uniqueId)
      return found ? { text: found.document.text, exact: found.document.exact } : null
    },
  }
}

function isRange(range: unknown): range is Range {
  if (typeof range !== 'object' || range === null || !('start' in range) || !('end' in range)) return false
  return [range.start, range.end].every((each) => typeof each === 'object' && each !== null && 'line' in each && 'character' in each && Number.isInteger(each.line) && Number.isInteger(each.character))
}

