// The compiled document beside a source file: its text as far as it is known, which relation is whose, and where each part of it was written.
// It follows half-typed text: what is broken or refused stands there as it is written, with the reason in a comment before it.

import { BROKEN } from '../jinja/tolerant.ts'
import type { Trace } from '../jinja/trace.ts'
import type { CallSite } from '../jinja/value.ts'
import { compileNode } from '../dbt/compile/compile.ts'
import { asksWarehouse, type LastRun } from '../dbt/compile/last-run.ts'
import type { Compiled, CompiledPiece, Evidence, Unknown } from '../dbt/compile/types.ts'
import type { Resolution } from '../dbt/defer/types.ts'
import type { Files } from '../dbt/files.ts'
import type { ManifestNode } from '../dbt/nodes/types.ts'
import { nodesIn, type Snapshot } from '../dbt/snapshot.ts'
import type { Span } from '../text/span.ts'

export interface CompiledDocument {
  readonly unique_id: string
  /** The file of the node. */
  readonly path: string
  readonly text: string
  /** True: byte for byte what dbt writes. */
  readonly exact: boolean
  readonly marks: readonly CompiledMark[]
  readonly spans: readonly MappedSpan[]
  /** What the expressions of the node's text were; null when nothing was rendered. */
  readonly trace: Trace | null
  /** Answers of the warehouse, from results that the user has, on which the text rests. */
  readonly evidence: readonly Evidence[]
}

/** `evident`: what rests on results that the user has, where dbt asks the warehouse; empty where a tag that prints nothing asked. */
export type MarkKind = 'dev' | 'prod' | 'ephemeral' | 'source' | 'function' | 'evident' | 'unknown' | 'broken'

/** A relation, or a part that is not known or that dbt refuses. */
export interface CompiledMark extends Span {
  readonly kind: MarkKind
  readonly message: string
  /** Of a relation. */
  readonly resolution: Resolution | null
  /** Of what is evident. */
  readonly evidence: readonly Evidence[]
  /** Of what dbt's last run had: the part of the node's own file that is not known without it. */
  readonly source: Span | null
}

/** A part of the compiled text and what made it. */
export interface MappedSpan extends Span {
  /** In the node's own file: the tag or the text; null for what dbt or another node added. */
  readonly source: Span | null
  /** Where it was written, innermost first, then the calls that led there. */
  readonly sites: readonly CallSite[]
  /** For text of a template: the offset in the file of `sites[0]` at which it stands character by character. */
  readonly literal: number | null
}

const KINDS: ReadonlySet<string> = new Set(['dev', 'prod', 'ephemeral', 'source', 'function'])

/** More than this is cut, with a note: editors do not bear more on every keystroke. UTF-16 units. */
const LIMIT = 5 * 1024 * 1024

/** The document of a node of the file: of `uniqueId`, or the one at `offset`, or the first. Null: nothing there is compiled. */
export function compiledDocument(snapshot: Snapshot, path: string, choice: { readonly uniqueId?: string; readonly offset?: number } = {}): CompiledDocument | null {
  const node = compiledNode(snapshot, path, choice)
  return node ? documentOfNode(snapshot, node) : null
}

export function compiledNode(snapshot: Snapshot, path: string, { uniqueId, offset }: { readonly uniqueId?: string; readonly offset?: number }): ManifestNode | null {
  const nodes = nodesIn(snapshot, path).filter((each): each is ManifestNode => 'raw_code' in each && each.enabled)
  return nodes.find((each) => each.unique_id === uniqueId) ?? nodes.find((each) => offset !== undefined && each.place.start <= offset && offset <= each.place.end) ?? nodes[0] ?? null
}

const documents = new WeakMap<Compiled, CompiledDocument>()

/** Null for what is never compiled. Made once for each result of compiling. */
export function documentOfNode(snapshot: Pick<Snapshot, 'world' | 'deferring' | 'files'>, node: ManifestNode): CompiledDocument | null {
  const compiled = compileNode({ world: snapshot.world, deferring: snapshot.deferring, files: snapshot.files, preview: true }, node)
  if (!compiled) return null
  let document = documents.get(compiled)
  if (!document) documents.set(compiled, document = documentOf(compiled, snapshot.files))
  return document
}

/** The same document with its unknown parts as dbt's last run had them, each marked; itself where that run says nothing. */
export async function withLastRun(snapshot: Snapshot, document: CompiledDocument, last: () => Promise<LastRun | null>): Promise<CompiledDocument> {
  const node = document.exact ? undefined : snapshot.manifest.nodes.get(document.unique_id)
  const compiled = node && compileNode({ world: snapshot.world, deferring: snapshot.deferring, files: snapshot.files, preview: true }, node)
  if (!compiled || !asksWarehouse(compiled)) return document
  const filled = await (await last())?.filled(compiled)
  if (!filled || filled === compiled) return document
  return documentOf(filled, snapshot.files)
}

function documentOf({ node, pieces, error, compiled_code, trace, evidence }: Compiled, files: Files): CompiledDocument {
  const marks: CompiledMark[] = []
  const spans: MappedSpan[] = []
  const parts: string[] = []
  const shown: Shown[] = []
  let length = 0
  const put = (text: string): void => { parts.push(text); length += text.length }
  for (const piece of pieces) {
    if (length > LIMIT) break
    shown.push({ piece, start: length, end: length + (piece.text?.length ?? 0) })
    if (piece.text !== null) {
      spans.push(...spansOf(piece, piece.text, length, files))
      marks.push(...relationMarks(piece, length))
      if (piece.unknown) marks.push({ ...NOTHING, start: length, end: length + piece.text.length, kind: 'evident', evidence: lastRunOf(piece.unknown, evidence), source: piece.source })
      put(piece.text)
      continue
    }
    const raw = rawOf(piece, files)
    const broken = piece.unknown?.code === BROKEN
    const start = length
    if (broken) put(`/* ✗ ${oneLine(piece.unknown?.message ?? '')} */ `)
    spans.push({ start: length, end: length + raw.length, source: piece.source, sites: piece.sites, literal: null })
    marks.push({ ...NOTHING, start, end: length + raw.length, kind: broken ? 'broken' : 'unknown', message: piece.unknown?.message ?? '' })
    put(raw)
  }
  if (error) {
    const start = length
    put(`${length === 0 ? '' : '\n'}${error.message.trim().split('\n').map((line) => `-- ${line}\n`).join('')}`)
    marks.push({ ...NOTHING, start, end: length, kind: 'broken', message: error.message })
    if (pieces.length === 0) put(node.raw_code)
  }
  const text = parts.join('')
  const shared = { unique_id: node.unique_id, path: node.place.path, trace, evidence }
  if (text.length <= LIMIT) return { ...shared, text, exact: compiled_code !== null, marks: [...marks, ...evidentMarks(node.unique_id, shown, evidence)], spans }
  const within = (span: Span): boolean => span.end <= LIMIT
  const why = error ? `${error.message.trim().split('\n').map((line) => `-- ${line}\n`).join('')}` : ''
  return { ...shared, text: `${text.slice(0, LIMIT)}\n-- cut here: the compiled text is longer than ${LIMIT / 1024 / 1024} MB\n${why}`, exact: false, marks: marks.filter(within), spans: spans.filter(within) }
}

/** Template text is found again in its file; where line ends differ, line by line. */
function spansOf({ source, sites, literal }: CompiledPiece, text: string, start: number, files: Files): MappedSpan[] {
  const whole = { start, end: start + text.length, source, sites, literal: null }
  const [own] = sites
  const written = own && literal ? files.get(own.path)?.text.slice(own.start, own.end) : undefined
  if (!own || written === undefined) return [whole]
  const at = written.indexOf(text)
  if (at >= 0) return [{ ...whole, literal: own.start + at }]
  if (!written.includes('\r')) return [whole]
  const spans: MappedSpan[] = []
  let from = 0
  let there = 0
  for (const line of text.split(/(?<=\n)/)) {
    const bare = line.replace(/\n$/, '')
    const found = written.indexOf(bare, there)
    const place = { ...whole, start: start + from, end: start + from + line.length }
    spans.push(found < 0 ? place : { ...place, literal: own.start + found })
    if (found >= 0) there = found + bare.length
    from += line.length
  }
  return spans
}

/** What stands where the text is not known: the tag as it is written, in the innermost file that we have. */
function rawOf({ source, sites }: CompiledPiece, files: Files): string {
  for (const site of sites) {
    const text = files.get(site.path)?.text.slice(site.start, site.end)
    if (text !== undefined && text !== '') return tagged(text)
  }
  return source === null ? '{{ … }}' : '{{ ? }}'
}

function tagged(text: string): string { return /^\s*\{[{%#]/.test(text) ? text : `{{ ${text} }}` }

function oneLine(message: string): string {
  return message.trim().replaceAll(/\s+/g, ' ').replaceAll('*/', '* /').slice(0, 300)
}

const NOTHING = { message: '', resolution: null, evidence: [], source: null } as const

function lastRunOf({ message, place }: Unknown, evidence: readonly Evidence[]): Evidence[] {
  return evidence.filter((each) => each.evidence === 'run-results' && each.call === message && each.place.path === place.path && each.place.start === place.start)
}

/** A piece and where it stands in the document. */
interface Shown extends Span { readonly piece: CompiledPiece }

/** What a tag with an answered call printed, whole; an injected CTE that rests on one; the place where such a tag that prints nothing would stand. */
function evidentMarks(id: string, shown: readonly Shown[], evidence: readonly Evidence[]): CompiledMark[] {
  const marks = new Map<string, CompiledMark>()
  for (const each of evidence) {
    const { of, own } = each
    if (own === null) continue
    const printed = shown.filter(({ piece: { cte, source } }) => (of === id ? cte === null && source !== null && source.start <= own.start && own.end <= source.end : cte === of))
    const before = shown.findLast(({ piece: { cte, source } }) => cte === null && source !== null && source.end <= own.start)
    const [start, end] = printed.length > 0 ? [printed[0]?.start ?? 0, printed.at(-1)?.end ?? 0] : [before?.end ?? 0, before?.end ?? 0]
    const known = marks.get(`${start}:${end}`)
    marks.set(`${start}:${end}`, { ...NOTHING, start, end, kind: 'evident', evidence: [...known?.evidence ?? [], each] })
  }
  return [...marks.values()]
}

/** Each relation where its text stands in what a tag or macro printed. */
function relationMarks({ text, resolutions }: CompiledPiece, start: number): CompiledMark[] {
  const marks: CompiledMark[] = []
  for (const resolution of resolutions) {
    const { kind, relation, message } = resolution
    if (relation === null || relation === '' || text === null || !KINDS.has(kind)) continue
    for (let at = text.indexOf(relation); at >= 0; at = text.indexOf(relation, at + relation.length)) {
      if (marks.some((mark) => mark.start < start + at + relation.length && mark.end > start + at)) continue
      marks.push({ ...NOTHING, start: start + at, end: start + at + relation.length, kind: kind as MarkKind, message, resolution })
    }
  }
  return marks.toSorted((one, other) => one.start - other.start)
}
