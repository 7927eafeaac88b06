// Hover, definition, references and hints inside a compiled document: a relation is asked about as the ref that gave it, anything else is
// asked about where it was written.

import { resourceOf, sourceFile, usersOf, type Snapshot } from '../dbt/snapshot.ts'
import type { Place, Span } from '../text/span.ts'
import { linesOf, positionAt } from '../text/lines.ts'
import type { CompiledDocument, CompiledMark } from './compiled.ts'
import { toSource } from './compiled-map.ts'
import { resolutionsText, hover } from './hover.ts'
import { placesOf } from './definition.ts'
import { evidenceLabel, evidenceLines } from './evidence.ts'
import { references } from './references.ts'
import type { Definition, Hover, InlayHint } from './types.ts'

export function hoverInside(snapshot: Snapshot, document: CompiledDocument, offset: number): Hover | null {
  const mark = markAt(document, offset)
  const from = originText(snapshot, document, offset)
  if (mark) return { text: [mark.resolution ? resolutionsText(snapshot, [mark.resolution], true) : mark.kind === 'evident' ? `**not asked of the warehouse**:\n\n${evidenceLines(mark.evidence, snapshot.now)}` : `**${mark.kind}**: ${mark.message}`, from].filter(Boolean).join('\n\n---\n\n'), span: mark }
  const origin = toSource(document, offset)
  if (!origin) return null
  const there = hover(snapshot, origin.place.path, origin.place.start)
  const text = [there?.text ?? '', from].filter(Boolean).join('\n\n---\n\n')
  return text === '' ? null : { text, span: wordAt(document.text, offset) }
}

/** Of a relation its model, seed or source; of anything else the place that wrote it. */
export function definitionInside(snapshot: Snapshot, document: CompiledDocument, offset: number): readonly Definition[] {
  const mark = markAt(document, offset)
  const target = mark?.resolution?.target ?? null
  const resource = target === null ? null : resourceOf(snapshot, target)
  if (mark && resource) return placesOf(snapshot, resource, mark)
  const origin = toSource(document, offset)
  return origin && sourceFile(snapshot, origin.place.path) ? [{ origin: mark ?? wordAt(document.text, offset), target: origin.place, selection: origin.place }] : []
}

export function referencesInside(snapshot: Snapshot, document: CompiledDocument, offset: number, options: { readonly declaration: boolean }): readonly Place[] {
  const target = markAt(document, offset)?.resolution?.target ?? null
  if (target !== null) {
    const resource = resourceOf(snapshot, target)
    const uses = usersOf(snapshot, target).map(({ call }) => ({ path: call.path, ...(call.nameSpan ?? call.span) }))
    return options.declaration && resource ? [...uses, resource.place] : uses
  }
  const origin = toSource(document, offset)
  return origin ? references(snapshot, origin.place.path, origin.place.start, options) : []
}

/** Behind each relation whose it is, behind what is not known or refused why (once in a row: a loop repeats it), behind what rests on evidence which and how old. */
export function hintsInside({ now }: Pick<Snapshot, 'now'>, { marks }: CompiledDocument, range: Span): readonly InlayHint[] {
  const repeated = (mark: CompiledMark, before: CompiledMark | undefined): boolean => mark.kind === 'unknown' && before?.kind === 'unknown' && before.message === mark.message
  return marks.filter((mark, index) => mark.end >= range.start && mark.start <= range.end && !repeated(mark, marks[index - 1])).map((mark) => ({ offset: mark.end, label: labelOf(mark, now), tooltip: mark.kind === 'evident' ? evidenceLines(mark.evidence, now) : mark.message }))
}

function labelOf({ kind, message, evidence }: CompiledMark, now: string): string {
  if (kind === 'evident') return evidenceLabel(evidence, now)
  return kind === 'unknown' || kind === 'broken' ? `← ${kind}: ${message.replaceAll(/\s+/g, ' ').slice(0, 80)}` : `← ${kind}`
}

function markAt({ marks }: CompiledDocument, offset: number): CompiledMark | null {
  return marks.find(({ start, end }) => start <= offset && offset <= end) ?? null
}

/** `from macro p.cents, macros/lib.sql:3, called at models/m.sql:7`. */
function originText(snapshot: Snapshot, document: CompiledDocument, offset: number): string {
  const origin = toSource(document, offset)
  if (!origin) return ''
  const shown = (path: string, at: number): string => {
    const file = sourceFile(snapshot, path)
    const short = path.startsWith(`${snapshot.project.root.root}/`) ? path.slice(snapshot.project.root.root.length + 1) : path.replace(/^dbt:/, '')
    return file ? `${short}:${positionAt(linesOf(file.text), at).line + 1}` : short
  }
  const own = `${origin.macro === null ? 'from' : `from ${origin.macro.replace(/^macro\./, 'macro ')},`} ${shown(origin.place.path, origin.place.start)}`
  const calls = origin.chain.map((site) => `called at ${shown(site.path, site.start)}`)
  return [own, ...calls].slice(0, 8).join('  \n')
}

function wordAt(text: string, offset: number): Span {
  const word = (at: number): boolean => /[\w$]/.test(text.charAt(at))
  let start = offset
  let end = offset
  while (start > 0 && word(start - 1)) start--
  while (end < text.length && word(end)) end++
  return { start, end }
}
