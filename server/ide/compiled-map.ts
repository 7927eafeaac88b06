// The way between a compiled document and the files it was made of: a place or selection of a template or macro to its counterparts, and back.

import type { CallSite } from '../jinja/value.ts'
import type { Place, Span } from '../text/span.ts'
import type { CompiledDocument, MappedSpan } from './compiled.ts'

export interface Origin {
  /** Where the text was written: in the template, or in the macro that printed it. */
  readonly place: Place
  /** The macro's unique_id; null in the node's own text. */
  readonly macro: string | null
  /** The part of the node's own file that led there; null for what dbt or an ephemeral model added. */
  readonly own: Span | null
  /** The calls on the way, innermost first. */
  readonly chain: readonly CallSite[]
}

/** Where a place of the compiled text comes from; null for what dbt itself added. */
export function toSource(document: CompiledDocument, offset: number): Origin | null {
  const span = spanAt(document, offset)
  return span ? originOf(span, offset) : null
}

/** Where a selection comes from: from the origin of its first to that of its last character when both stand in one file, else the first alone. */
export function selectionToSource(document: CompiledDocument, { start, end }: Span): Origin | null {
  const first = toSource(document, start)
  if (!first || end <= start) return first
  const last = toSource(document, end - 1)
  if (!last || last.place.path !== first.place.path || last.macro !== first.macro) return first
  const lastEnd = last.place.end === last.place.start ? last.place.end + 1 : last.place.end
  return { ...first, place: { path: first.place.path, start: Math.min(first.place.start, last.place.start), end: Math.max(first.place.end, lastEnd) } }
}

/** The counterparts of a place or selection of a file (the node's own or a macro's), in the order of the compiled text; a loop gives several. */
export function toCompiled(document: CompiledDocument, path: string, { start, end }: Span): readonly Span[] {
  const found: Span[] = []
  for (const span of document.spans) {
    const part = counterpart(span, path, start, end)
    if (part) found.push(part)
  }
  if (found.length > 0) return merged(found)
  const near = path === document.path ? nearest(document, start) : null
  return near ? [near] : []
}

function counterpart(span: MappedSpan, path: string, start: number, end: number): Span | null {
  const [own, ...calls] = span.sites
  if (own && own.path === path) {
    if (span.literal !== null) {
      const from = Math.max(start, span.literal)
      const to = Math.min(end, span.literal + span.end - span.start)
      if (from < to || (start === end && from === to && from < span.literal + span.end - span.start)) return { start: span.start + from - span.literal, end: span.start + to - span.literal }
    } else if (touches(own, start, end)) return { start: span.start, end: span.end }
  }
  return calls.some((site) => site.path === path && touches(site, start, end)) ? { start: span.start, end: span.end } : null
}

function touches(part: Span, start: number, end: number): boolean {
  return start === end ? part.start <= start && start <= part.end : part.start < end && start < part.end
}

/** A tag that prints nothing: where the text before it ends. */
function nearest(document: CompiledDocument, offset: number): Span | null {
  let best: MappedSpan | null = null
  for (const span of document.spans) if (span.source && span.source.end <= offset && (!best?.source || span.source.end >= best.source.end)) best = span
  return best ? { start: best.end, end: best.end } : null
}

/** Spans of the compiled text that meet become one. */
function merged(spans: readonly Span[]): Span[] {
  const result: { start: number; end: number }[] = []
  for (const { start, end } of spans) {
    const last = result.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else result.push({ start, end })
  }
  return result
}

/** Spans are in the order of the text. */
function spanAt({ spans }: CompiledDocument, offset: number): MappedSpan | null {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((spans[middle]?.end ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  const found = spans[low]
  if (found && found.start <= offset) return found
  const before = spans[low - 1]
  return before && before.end === offset ? before : null
}

function originOf({ start, source, sites, literal }: MappedSpan, offset: number): Origin | null {
  const [own, ...chain] = sites
  if (!own) return null
  const at = literal === null ? null : literal + offset - start
  return { place: { path: own.path, start: at ?? own.start, end: at ?? own.end }, macro: own.inMacro, own: source, chain }
}
