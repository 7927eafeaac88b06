// Rename: models, seeds and snapshots (file, YAML, every ref, all versions), sources and their tables, macros, docs blocks, columns in YAML.
// groups, metrics, measures and other entries of YAML. Only literal names are changed; where a template puts the name together, the rename is refused.

import type { ManifestNode } from '../dbt/nodes/types.ts'
import { sourceFile, type AnyResource, type Snapshot } from '../dbt/snapshot.ts'
import type { Span } from '../text/span.ts'
import { resourceAt } from './references.ts'
import { computedRefs, declaredEdits, docEdits, entryEdits, fileRenames, macroEdits, nodeEdits, sourceEdits, tableEdits, type EntryKind, type FileRename } from './rename-edits.ts'
import { thingAt, type Thing } from './scene.ts'
import type { TextEdit } from './types.ts'
import { mapGet } from '../yaml/find.ts'
import { declaredAt, mentionsOf } from './yaml-declared.ts'
import type { Mention } from './yaml-mentions.ts'

export type Renaming = { readonly kind: 'edits'; readonly edits: readonly TextEdit[]; readonly files: readonly FileRename[] } | { readonly kind: 'refused'; readonly message: string; /** There is nothing at the place. */ readonly nothing?: boolean }

/** What would be renamed at an offset, and its present name; null for nothing. */
export function prepareRename(snapshot: Snapshot, path: string, offset: number): { readonly span: Span; readonly name: string } | null {
  const subject = subjectAt(snapshot, path, offset)
  return subject ? { span: subject.span, name: subject.name } : null
}

export function rename(snapshot: Snapshot, path: string, offset: number, wanted: string): Renaming {
  const subject = subjectAt(snapshot, path, offset)
  if (!subject) return { ...refused('nothing here can be renamed'), nothing: true }
  if (wanted === subject.name) return { kind: 'edits', edits: [], files: [] }
  const problem = refusal(snapshot, subject, wanted)
  if (problem) return refused(problem)
  switch (subject.kind) {
    case 'declared': return { kind: 'edits', edits: declaredEdits(snapshot, subject.mention, wanted), files: [] }
    case 'entry': return { kind: 'edits', edits: entryEdits(snapshot, subject.entry, subject.name, wanted), files: [] }
    case 'source': return { kind: 'edits', edits: sourceEdits(snapshot, subject.name, wanted), files: [] }
    case 'table': return { kind: 'edits', edits: tableEdits(snapshot, subject.source, subject.name, wanted), files: [] }
    case 'macro': return { kind: 'edits', edits: macroEdits(snapshot, subject.id, wanted), files: [] }
    case 'doc': return { kind: 'edits', edits: docEdits(snapshot, subject.id, wanted), files: [] }
    case 'node': return renamedNode(snapshot, subject.node, wanted)
  }
}

/** Edits that go with a file that somebody renames: its refs and its YAML entry. Nothing when the file is not named after a node. */
export function renamedFile(snapshot: Snapshot, from: string, to: string): readonly TextEdit[] {
  const node = [...snapshot.manifest.nodes.values()].find((each) => each.place.path === from && (each.resource_type === 'model' || each.resource_type === 'seed') && each.version === null && stem(from) === each.name)
  const wanted = stem(to)
  return node && wanted !== node.name && wanted !== '' ? nodeEdits(snapshot, node, wanted) : []
}

/** The same as a rename of the model, seed or snapshot that a file declares alone. */
export function renameOfFile(snapshot: Snapshot, path: string, wanted: string): Renaming {
  const node = [...snapshot.manifest.nodes.values()].find((each) => each.place.path === path && (each.resource_type === 'model' || each.resource_type === 'seed'))
  if (!node) return { ...refused('nothing here can be renamed'), nothing: true }
  const problem = refusal(snapshot, { kind: 'node', node, span: node.place, name: node.name }, wanted)
  return problem ? refused(problem) : renamedNode(snapshot, node, wanted)
}

function renamedNode(snapshot: Snapshot, node: ManifestNode, wanted: string): Renaming {
  const edits = nodeEdits(snapshot, node, wanted)
  const [computed] = computedRefs(snapshot, node, edits)
  if (!computed) return { kind: 'edits', edits, files: fileRenames(snapshot, node, wanted) }
  const text = sourceFile(snapshot, computed.path)?.text ?? ''
  return refused(`${computed.path}:${text.slice(0, computed.start).split('\n').length} reads '${node.name}' by a name that the template puts together: write ref('${node.name}') there, or rename by hand`)
}

type Subject =
  | { readonly kind: 'node'; readonly node: ManifestNode; readonly span: Span; readonly name: string }
  | { readonly kind: 'macro' | 'doc'; readonly id: string; readonly span: Span; readonly name: string }
  | { readonly kind: 'declared'; readonly mention: Mention; readonly span: Span; readonly name: string }
  | { readonly kind: 'entry'; readonly entry: EntryKind; readonly span: Span; readonly name: string }
  | { readonly kind: 'source'; readonly span: Span; readonly name: string }
  | { readonly kind: 'table'; readonly source: string; readonly span: Span; readonly name: string }

function subjectAt(snapshot: Snapshot, path: string, offset: number): Subject | null {
  const file = sourceFile(snapshot, path)
  if (!file || !snapshot.manifest.final) return null
  const thing = thingAt(file, offset)
  const mention = declaredAt(snapshot, path, offset)
  if (mention) return { kind: 'declared', mention, span: mention.span, name: mention.name }
  if (thing?.kind === 'yaml' && thing.on === 'value' && thing.path.length === 3 && thing.path[0] === 'sources' && thing.path[2] === 'name') return { kind: 'source', span: thing.span, name: thing.text }
  if (thing?.kind === 'call' && thing.function === 'source' && thing.argument === 0) return { kind: 'source', span: thing.span, name: file.text.slice(thing.span.start, thing.span.end) }
  const target = resourceAt(snapshot, path, offset)
  if (!target || !inProject(snapshot, target)) return null
  const span = nameSpan(thing, target, file.text, offset)
  if (!span) return null
  if (ENTRIES.has(target.resource_type)) return { kind: 'entry', entry: target.resource_type as EntryKind, span, name: target.name }
  if (target.resource_type === 'macro' || target.resource_type === 'doc') return { kind: target.resource_type, id: target.unique_id, span, name: target.name.replace(/^test_/, '') }
  if (target.resource_type === 'source' && 'source_name' in target) return { kind: 'table', source: target.source_name, span, name: target.name }
  return (target.resource_type === 'model' || target.resource_type === 'seed' || target.resource_type === 'snapshot') && 'raw_code' in target ? { kind: 'node', node: target, span, name: target.name } : null
}

const ENTRIES: ReadonlySet<string> = new Set<EntryKind>(['group', 'metric', 'exposure', 'saved_query', 'semantic_model', 'unit_test'])

/** The name as it stands at the cursor; null when the cursor is on something else of the resource. */
function nameSpan(thing: Thing | null, target: AnyResource, text: string, offset: number): Span | null {
  const name = target.name.replace(/^test_/, '')
  if (thing) {
    const { start, end } = thing.kind === 'call' && thing.argument < 0 ? lastArgument(thing) : thing.span
    return text.slice(start, end).endsWith(name) ? { start: end - name.length, end } : null
  }
  // On the name of the block that declares it.
  const start = text.lastIndexOf(name, offset)
  return start >= 0 && offset <= start + name.length && /(?:macro|test|data_test|docs|snapshot)\s+$/.test(text.slice(Math.max(0, start - 20), start)) ? { start, end: start + name.length } : null
}

function lastArgument(thing: Extract<Thing, { kind: 'call' }>): Span {
  return thing.call.args.at(-1)?.span ?? thing.span
}

function refusal(snapshot: Snapshot, subject: Subject, wanted: string): string | null {
  if (wanted.trim() === '' || /["'{}\n]/.test(wanted)) return `'${wanted}' is no name`
  if (subject.kind === 'declared' && (subject.mention.kind === 'dimension' || subject.mention.kind === 'entity')) return `a ${subject.mention.kind} is also named in filters and queries, as in ENTITY__${subject.mention.kind}: rename it by hand`
  if (subject.kind === 'declared' && subject.mention.kind === 'measure' && makesMetric(snapshot, subject.mention)) return `the measure '${subject.name}' makes a metric of its name (create_metric), which queries outside of the project use: rename it by hand`
  if (subject.kind === 'entry' && [...snapshot.manifest.others.values()].some((each) => each.resource_type === subject.entry && each.name === wanted)) return `there is already a ${subject.entry} named '${wanted}'`
  if (subject.kind === 'entry' && subject.entry !== 'group' && !/^\w+$/.test(wanted)) return `'${wanted}' is no name of a ${subject.entry}`
  if (subject.kind === 'macro' && !/^[A-Za-z_]\w*$/.test(wanted)) return `'${wanted}' is no name of a macro`
  if (subject.kind === 'node') {
    if (/[\s/\\]/.test(wanted)) return `'${wanted}' is no name of a ${subject.node.resource_type}`
    const taken = [...snapshot.manifest.nodes.values()].find((each) => each.name === wanted && each.package_name === subject.node.package_name && ['model', 'seed', 'snapshot'].includes(each.resource_type))
    if (taken) return `there is already a ${taken.resource_type} named '${wanted}': ${taken.original_file_path}`
  }
  if (subject.kind === 'macro' && snapshot.manifest.macros.get(`macro.${subject.id.split('.')[1] ?? ''}.${wanted}`)) return `there is already a macro named '${wanted}'`
  return null
}

function makesMetric(snapshot: Snapshot, mention: Mention): boolean {
  return mentionsOf(snapshot, mention).some((each) => { const made = mapGet(each.declares, 'create_metric'); return made?.kind === 'scalar' && made.value === true })
}

/** Installed packages are not ours to change. */
function inProject(snapshot: Snapshot, resource: AnyResource): boolean {
  const { root } = snapshot.project
  return (resource.place.path.startsWith(`${root.root}/`) || ('package_name' in resource && resource.package_name === root.name)) && !resource.place.path.startsWith(`${snapshot.project.packagesInstallPath}/`)
}

function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '')
}

function refused(message: string): Extract<Renaming, { kind: 'refused' }> {
  return { kind: 'refused', message }
}
