// A file that several projects read: each feature asked of every one, and one answer made of them. What they agree on is said once.
// Offsets are the same in all, for they see the same text.

import type { Problem } from '../dbt/problem.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import type { Place, Span } from '../text/span.ts'
import { prepareCallHierarchy, type CallItem } from './call-hierarchy.ts'
import { codeActions } from './code-actions.ts'
import { codeLenses } from './code-lens.ts'
import { completion } from './completion.ts'
import { definition } from './definition.ts'
import { diagnostics } from './diagnostics.ts'
import { documentLinks } from './document-links.ts'
import { hover } from './hover.ts'
import { inlayHints } from './inlay-hints.ts'
import { references } from './references.ts'
import { rename, renameOfFile, type Renaming } from './rename.ts'
import type { FileRename } from './rename-edits.ts'
import { signatureHelp } from './signature-help.ts'
import type { CodeAction, CodeLens, CompletionList, Definition, DocumentLink, Hover, InlayHint, SignatureHelp, TextEdit } from './types.ts'

/** At least one; the first is the project that the file lies in, or was opened for. */
export type Contexts = readonly [Snapshot, ...Snapshot[]]

const MOST_ITEMS = 100

export function hoverIn(contexts: Contexts, path: string, offset: number): Hover | null {
  if (contexts.length === 1) return hover(contexts[0], path, offset)
  const told = contexts.flatMap((snapshot) => { const found = hover(snapshot, path, offset); return found ? [{ snapshot, found }] : [] })
  const [first] = told
  if (!first) return null
  const said = groups(told, ({ found }) => found.text)
  if (said.length === 1 && told.length === contexts.length) return first.found
  return { text: said.map((each) => `In project ${namesOf(contexts, each.map(({ snapshot }) => snapshot))}:\n\n${each[0]?.found.text ?? ''}`).join('\n\n---\n\n'), span: first.found.span }
}

export function hintsIn(contexts: Contexts, path: string, range: Span): readonly InlayHint[] {
  if (contexts.length === 1) return inlayHints(contexts[0], path, range)
  const told = contexts.flatMap((snapshot) => inlayHints(snapshot, path, range).map((hint) => ({ snapshot, hint })))
  return groups(told, ({ hint }) => String(hint.offset)).flatMap((here) => groups(here, ({ hint }) => hint.label).flatMap((same) => {
    const [first] = same
    if (!first) return []
    const names = namesOf(contexts, same.map(({ snapshot }) => snapshot))
    return [same.length === contexts.length ? first.hint : { ...first.hint, label: `${names}: ${first.hint.label}`, tooltip: `In project ${names}:\n${first.hint.tooltip}` }]
  })).toSorted((one, other) => one.offset - other.offset)
}

export function definitionIn(contexts: Contexts, path: string, offset: number): readonly Definition[] {
  return distinct(contexts.flatMap((snapshot) => definition(snapshot, path, offset)), (each) => `${each.target.path}:${each.selection.start}`)
}

export function referencesIn(contexts: Contexts, path: string, offset: number, options: { readonly declaration: boolean }): readonly Place[] {
  return distinct(contexts.flatMap((snapshot) => references(snapshot, path, offset, options)), (each) => `${each.path}:${each.start}:${each.end}`)
}

export function completionIn(contexts: Contexts, path: string, offset: number): CompletionList {
  if (contexts.length === 1) return completion(contexts[0], path, offset)
  const lists = contexts.map((snapshot) => ({ snapshot, list: completion(snapshot, path, offset) }))
  const offered = groups(lists.flatMap(({ snapshot, list }) => list.items.map((item) => ({ snapshot, item }))), ({ item }) => `${item.kind} ${item.label}`)
  const items = offered.flatMap((same) => {
    const [first] = same
    if (!first) return []
    // What every project has comes first: it is right wherever the file is read.
    return [same.length === contexts.length ? { ...first.item, sort: `0${first.item.sort}` } : { ...first.item, sort: `1${first.item.sort}`, detail: `only in ${namesOf(contexts, same.map(({ snapshot }) => snapshot))}${first.item.detail ? `: ${first.item.detail}` : ''}` }]
  }).toSorted((one, other) => (one.sort < other.sort ? -1 : one.sort > other.sort ? 1 : 0))
  return { items: items.slice(0, MOST_ITEMS), incomplete: items.length > MOST_ITEMS || lists.some(({ list }) => list.incomplete) }
}

export function diagnosticsIn(contexts: Contexts, path: string): readonly Problem[] {
  if (contexts.length === 1) return diagnostics(contexts[0], path)
  const told = contexts.flatMap((snapshot) => diagnostics(snapshot, path).map((problem) => ({ snapshot, problem })))
  return groups(told, ({ problem }) => `${problem.place.start}:${problem.place.end}:${problem.code}:${problem.message}`).flatMap((same) => {
    const [first] = same
    if (!first) return []
    return [same.length === contexts.length ? first.problem : { ...first.problem, message: `${first.problem.message} (in project ${namesOf(contexts, same.map(({ snapshot }) => snapshot))})` }]
  }).toSorted((one, other) => one.place.start - other.place.start || one.place.end - other.place.end)
}

/** Commands name a node by its unique_id, which begins with its project's name: each project has lenses of its own. */
export function lensesIn(contexts: Contexts, path: string, options: { readonly run: boolean }): readonly CodeLens[] {
  return alike(contexts, (snapshot) => codeLenses(snapshot, path, options), (lens, project) => ({ ...lens, title: `${project}: ${lens.title}` })).toSorted((one, other) => one.span.start - other.span.start)
}

export function actionsIn(contexts: Contexts, path: string, range: Span): readonly CodeAction[] {
  return alike(contexts, (snapshot) => codeActions(snapshot, path, range, diagnostics(snapshot, path)), (action, project) => ({ ...action, title: `${action.title} (in project ${project})`, preferred: false }))
}

/** A ref that leads to another file in each project has no one file to link to: definition names them all. */
export function linksIn(contexts: Contexts, path: string): readonly DocumentLink[] {
  const links = alike(contexts, (snapshot) => documentLinks(snapshot, path), (link) => link)
  return links.filter((link) => links.every((other) => other === link || other.span.start !== link.span.start))
}

export function signatureIn(contexts: Contexts, path: string, offset: number): SignatureHelp | null {
  for (const snapshot of contexts) {
    const found = signatureHelp(snapshot, path, offset)
    if (found) return found
  }
  return null
}

/** A macro of a file that two projects read is one of each. */
export function callsIn(contexts: Contexts, path: string, offset: number): readonly CallItem[] {
  return distinct(contexts.flatMap((snapshot) => prepareCallHierarchy(snapshot, path, offset)), (each) => `${String(each.id)} ${each.place.path}`)
}

/** A rename that reaches a file that other projects read too is made in them as well, until nothing new comes; refused when one of them refuses. `readers`: the projects that read a file. */
export function renameIn(snapshot: Snapshot, path: string, offset: number, wanted: string, readers: (path: string) => readonly Snapshot[]): Renaming {
  const asked = new Set<string>()
  const edits = new Map<string, TextEdit>()
  const files = new Map<string, FileRename>()
  /** `offset` null: what the file declares. */
  const waiting: { readonly snapshot: Snapshot; readonly path: string; readonly offset: number | null }[] = [{ snapshot, path, offset }]
  for (let at = 0; at < waiting.length; at++) {
    const here = waiting[at]
    if (!here) break
    const made = here.offset === null ? renameOfFile(here.snapshot, here.path, wanted) : rename(here.snapshot, here.path, here.offset, wanted)
    if (made.kind === 'refused') {
      // The name at this place may mean nothing there.
      if (at > 0 && made.nothing) continue
      return at === 0 ? made : { ...made, message: `${made.message} (in project ${here.snapshot.project.root.name})` }
    }
    for (const edit of made.edits) {
      edits.set(`${edit.path}:${edit.span.start}:${edit.span.end}`, edit)
      for (const other of readers(edit.path)) {
        const key = `${other.project.root.root}\n${edit.path}:${edit.span.start}`
        if (other === here.snapshot || asked.has(key)) continue
        asked.add(key)
        waiting.push({ snapshot: other, path: edit.path, offset: edit.span.start })
      }
    }
    for (const file of made.files) {
      files.set(file.from, file)
      for (const other of readers(file.from)) {
        const key = `${other.project.root.root}\n${file.from}`
        if (other === here.snapshot || asked.has(key)) continue
        asked.add(key)
        waiting.push({ snapshot: other, path: file.from, offset: null })
      }
    }
  }
  return { kind: 'edits', edits: [...edits.values()], files: [...files.values()] }
}

/** Names of projects, told apart by their directories where two have one name. */
function namesOf(contexts: Contexts, meant: readonly Snapshot[]): string {
  return [...new Set(meant)].map(({ project: { root } }) => {
    const twins = contexts.some(({ project }) => project.root.name === root.name && project.root.root !== root.root)
    return twins ? `${root.name} (${root.root})` : root.name
  }).join(', ')
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const found = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const known = found.get(key)
    if (known) known.push(item)
    else found.set(key, [item])
  }
  return [...found.values()]
}

/** What every project says in the same words once, as it is; the rest named after those that say it. */
function alike<T extends object>(contexts: Contexts, ask: (snapshot: Snapshot) => readonly T[], named: (item: T, projects: string) => T): T[] {
  if (contexts.length === 1) return [...ask(contexts[0])]
  return groups(contexts.flatMap((snapshot) => ask(snapshot).map((item) => ({ snapshot, item }))), ({ item }) => JSON.stringify(item)).flatMap((same) => {
    const [first] = same
    if (!first) return []
    const tellers = new Set(same.map(({ snapshot }) => snapshot))
    return [tellers.size === contexts.length ? first.item : named(first.item, namesOf(contexts, [...tellers]))]
  })
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return groups(items, keyOf).flatMap((each) => each[0] ?? [])
}
