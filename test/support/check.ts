// One check for each feature of ide/: a fixture in, its labels and texts compared. Tests never call the features themselves.
// Labels are compared as sets: what is labelled must be found, and nothing else.

import * as assert from 'uvu/assert'
import type { Snapshot } from '../../server/dbt/snapshot.ts'
import { sourceFile } from '../../server/dbt/snapshot.ts'
import { codeActions } from '../../server/ide/code-actions.ts'
import { codeLenses } from '../../server/ide/code-lens.ts'
import { completion } from '../../server/ide/completion.ts'
import { definition } from '../../server/ide/definition.ts'
import { allDiagnostics, diagnostics } from '../../server/ide/diagnostics.ts'
import { documentHighlights } from '../../server/ide/document-highlights.ts'
import { hover } from '../../server/ide/hover.ts'
import { inlayHints } from '../../server/ide/inlay-hints.ts'
import { references } from '../../server/ide/references.ts'
import { rename } from '../../server/ide/rename.ts'
import { signatureHelp } from '../../server/ide/signature-help.ts'
import type { TextEdit } from '../../server/ide/types.ts'
import { linesOf, positionAt } from '../../server/text/lines.ts'
import type { Place } from '../../server/text/span.ts'
import type { Label } from './fixture.ts'
import { snapshotOf, type Scenery } from './snapshot.ts'

type Options = Parameters<typeof snapshotOf>[1]

/** Labels `SEVERITY code` or `SEVERITY code: part of the message`, in every file of the project. */
export async function checkDiagnostics(template: string, options?: Options): Promise<void> {
  const scenery = await snapshotOf(template, options)
  const found = [...allDiagnostics(scenery.snapshot).values()].flat().map((problem) => ({ ...problem.place, text: `${problem.severity} ${problem.code}`, message: problem.message }))
  const wanted = scenery.fixture.labels.map((label) => ({ ...label, text: label.text.split(':')[0] ?? '' }))
  compare(scenery, wanted, found)
  for (const label of scenery.fixture.labels) {
    const part = label.text.includes(':') ? label.text.slice(label.text.indexOf(':') + 1).trim() : ''
    const at = found.find((each) => each.path === label.path && each.start === label.start && each.text === (label.text.split(':')[0] ?? ''))
    if (part) assert.ok(at?.message.includes(part), `no "${part}" in "${at?.message ?? ''}"`)
  }
}

/** The parts must stand in the hover in this order; none given: there must be no hover. */
export async function checkHover(template: string, parts: readonly string[], options?: Options): Promise<void> {
  await hoverText(template, parts, options)
}

export async function hoverText(template: string, parts: readonly string[], options?: Options): Promise<string> {
  const { snapshot, path, offset } = await snapshotOf(template, options)
  const text = hover(snapshot, path, offset)?.text ?? ''
  if (parts.length === 0) assert.is(text, '')
  let from = 0
  for (const part of parts) {
    const at = text.indexOf(part, from)
    assert.ok(at >= 0, `no "${part}" (after ${from}) in:\n${text}`)
    from = at + part.length
  }
  return text
}

/** Every label is a target; a label `top` stands for the beginning of its file. */
export async function checkDefinition(template: string, options?: Options): Promise<void> {
  const scenery = await snapshotOf(template, options)
  const found = definition(scenery.snapshot, scenery.path, scenery.offset).map((each): Label => ({ path: each.target.path, ...each.selection, text: '' }))
  compare(scenery, scenery.fixture.labels.map((label) => (label.text === 'top' ? { path: label.path, start: 0, end: 0, text: '' } : { ...label, text: '' })), found)
}

export async function checkReferences(template: string): Promise<void> {
  const scenery = await snapshotOf(template)
  compare(scenery, scenery.fixture.labels.map((label) => ({ ...label, text: '' })), references(scenery.snapshot, scenery.path, scenery.offset, { declaration: false }).map((place) => ({ ...place, text: '' })))
}

export async function checkHighlights(template: string): Promise<void> {
  const scenery = await snapshotOf(template)
  compare(scenery, scenery.fixture.labels.map((label) => ({ ...label, text: '' })), documentHighlights(scenery.snapshot, scenery.path, scenery.offset).map((span) => ({ path: scenery.path, ...span, text: '' })))
}

/** Labels stand under the call and hold the hint. */
export async function checkInlayHints(template: string, options?: Options): Promise<void> {
  const scenery = await snapshotOf(template, options)
  const paths = new Set(scenery.fixture.labels.map((label) => label.path))
  const found = [...paths].flatMap((path) => inlayHints(scenery.snapshot, path, { start: 0, end: Infinity }).map((hint) => ({ path, start: hint.offset, end: hint.offset, text: hint.label })))
  compare(scenery, scenery.fixture.labels.map((label) => ({ ...label, start: label.end })), found)
}

/** The labels in the order offered; `after`: the text once the first is accepted. */
export async function checkCompletion(template: string, wanted: readonly string[], after?: string, options?: Options): Promise<void> {
  const scenery = await snapshotOf(template, options)
  const { items } = completion(scenery.snapshot, scenery.path, scenery.offset)
  assert.equal(items.map((item) => item.label), wanted)
  const [first] = items
  if (after !== undefined && first) assert.is(applied(textOf(scenery.snapshot, scenery.path), [{ path: scenery.path, span: first.span, text: first.insert }]), after)
}

/** As checkCompletion, for a place where much more is offered too. */
export async function checkOffered(template: string, some: readonly string[], never: readonly string[] = []): Promise<void> {
  const { snapshot, path, offset } = await snapshotOf(template)
  const labels = completion(snapshot, path, offset).items.map((item) => item.label)
  for (const label of some) assert.ok(labels.includes(label), `${label} is not among ${labels.slice(0, 30).join(', ')}`)
  for (const label of never) assert.not.ok(labels.includes(label), `${label} is offered`)
}

/** The files after the rename, by path; a renamed file stands under its new one. */
export async function checkRename(template: string, wanted: string, after: Readonly<Record<string, string>>): Promise<void> {
  const { snapshot, path, offset, fixture } = await snapshotOf(template)
  const answer = rename(snapshot, path, offset, wanted)
  if (answer.kind === 'refused') throw new Error(`refused: ${answer.message}`)
  const texts = new Map<string, string>()
  for (const changed of new Set(answer.edits.map((each) => each.path))) texts.set(changed, applied(textOf(snapshot, changed), answer.edits.filter((each) => each.path === changed)))
  for (const { from, to } of answer.files) { texts.set(to, texts.get(from) ?? textOf(snapshot, from)); texts.delete(from) }
  assert.equal(Object.fromEntries([...texts].map(([each, text]) => [each.slice(fixture.root.length + 1), text.trimEnd()]).toSorted()), Object.fromEntries(Object.entries(after).toSorted()))
}

export async function checkRefused(template: string, wanted: string, part: string): Promise<void> {
  const { snapshot, path, offset } = await snapshotOf(template)
  const answer = rename(snapshot, path, offset, wanted)
  assert.is(answer.kind, 'refused')
  if (answer.kind === 'refused') assert.ok(answer.message.includes(part), answer.message)
}

/** `name(first, «second»)`: the active parameter in angle quotes; '' for none. */
export async function checkSignature(template: string, wanted: string): Promise<void> {
  const { snapshot, path, offset } = await snapshotOf(template)
  const help = signatureHelp(snapshot, path, offset)
  const active = help?.parameters[help.active]
  const shown = help === null ? '' : active ? `${help.label.slice(0, active.start)}«${help.label.slice(active.start, active.end)}»${help.label.slice(active.end)}` : help.label
  assert.is(shown, wanted)
}

export async function checkLenses(template: string, wanted: readonly string[]): Promise<void> {
  const { snapshot, path } = await snapshotOf(template)
  assert.equal(codeLenses(snapshot, path, { run: false }).map((lens) => lens.title), wanted)
}

/** Titles offered at the cursor; with `apply`, the file's text after that action. */
export async function checkActions(template: string, some: readonly string[], apply?: { readonly title: string; readonly after: string }): Promise<void> {
  const { snapshot, path, offset } = await snapshotOf(template)
  const actions = codeActions(snapshot, path, { start: offset, end: offset }, diagnostics(snapshot, path))
  const titles = actions.map((each) => each.title)
  for (const title of some) assert.ok(titles.includes(title), `"${title}" is not among ${titles.join(' | ')}`)
  const chosen = actions.find((each) => each.title === apply?.title)
  if (apply && chosen) assert.is(applied(textOf(snapshot, path), chosen.edits).trimEnd(), apply.after)
}

function applied(text: string, edits: readonly TextEdit[]): string {
  return edits.toSorted((one, other) => other.span.start - one.span.start).reduce((done, edit) => done.slice(0, edit.span.start) + edit.text + done.slice(edit.span.end), text)
}

export function textOf(snapshot: Snapshot, path: string): string {
  return sourceFile(snapshot, path)?.text ?? ''
}

function compare(scenery: Scenery, wanted: readonly Label[], found: readonly (Place & { readonly text: string })[]): void {
  assert.equal(drawn(scenery, found), drawn(scenery, wanted))
}

/** `models/a.sql:3:8-13 text`, sorted: both sides are drawn alike, so that a difference shows the place to label. */
function drawn({ snapshot, fixture }: Scenery, places: readonly (Place & { readonly text: string })[]): string[] {
  return places.map((place) => {
    const text = sourceFile(snapshot, place.path)?.text ?? fixture.files.get(place.path) ?? ''
    const lines = linesOf(text)
    const [start, end] = [positionAt(lines, place.start), positionAt(lines, place.end)]
    return `${place.path.slice(fixture.root.length + 1)}:${start.line + 1}:${start.character}-${end.line === start.line ? end.character : `${end.line + 1}:${end.character}`} '${text.slice(place.start, place.end).slice(0, 40)}' ${place.text}`
  }).toSorted()
}
