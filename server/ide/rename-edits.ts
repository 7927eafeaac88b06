// The edits of a rename, by what is renamed: every literal mention in templates, Python models and property files of the project.

import { answerLiteral } from '../dbt/defer/answer.ts'
import type { SourceFile } from '../dbt/files.ts'
import type { ManifestNode } from '../dbt/nodes/types.ts'
import { packageOf, sourceFile, usersOf, type Snapshot } from '../dbt/snapshot.ts'
import type { LiteralCall } from '../jinja/literal.ts'
import type { Place, Span } from '../text/span.ts'
import { mapGet, seqItems } from '../yaml/find.ts'
import type { YamlNode } from '../yaml/nodes.ts'
import { macroUses } from './macro-uses.ts'
import { macroNamePlace } from './macros.ts'
import { groupInProject, nodeInProject, nodeInSelectors, selectorEdits } from './rename-project.ts'
import { callsOfFile, documentOfFile, isYaml, stringArgument, templateOfFile, textSpan } from './scene.ts'
import type { TextEdit } from './types.ts'
import { callsNaming, mentionsOf } from './yaml-declared.ts'
import type { Mention } from './yaml-mentions.ts'

export interface FileRename { readonly from: string; readonly to: string }

export function nodeEdits(snapshot: Snapshot, node: ManifestNode, wanted: string): TextEdit[] {
  const ids = new Set([...snapshot.manifest.nodes.values()].filter((each) => each.name === node.name && each.package_name === node.package_name && each.resource_type === node.resource_type).map((each) => each.unique_id))
  const edits: TextEdit[] = []
  for (const file of mentioning(snapshot, node.name)) {
    for (const call of callsOfFile(file)) {
      if (call.name !== 'ref' && call.name !== 'builtins.ref') continue
      const named = call.args.at(-1)
      if (stringArgument(named) !== node.name || !named) continue
      const target = targetOf(snapshot, file, call)
      if (target !== null && ids.has(target)) edits.push({ path: file.path, span: named.span, text: wanted })
    }
    if (isYaml(file.path) && packageOf(snapshot, file.path) === node.package_name) edits.push(...yamlNames(file, node, wanted))
  }
  if (node.resource_type === 'snapshot') edits.push(...snapshotBlock(snapshot, node, wanted))
  return [...edits, ...nodeInProject(snapshot, node, wanted), ...nodeInSelectors(snapshot, node, wanted)]
}

/** Templates that read a node by a name which they put together: renaming it would break them. `made`: the edits that were found. */
export function computedRefs(snapshot: Snapshot, node: ManifestNode, made: readonly TextEdit[]): readonly Place[] {
  const ids = new Set([...snapshot.manifest.nodes.values()].filter((each) => each.name === node.name && each.package_name === node.package_name).map((each) => each.unique_id))
  return [...ids].flatMap((id) => usersOf(snapshot, id)).flatMap(({ node: user, call }) => {
    // A generic test reads its model because of where it stands.
    if (!('raw_code' in user) || user.test !== null || user.language !== 'sql') return []
    const site = call.via[0] ?? { path: call.path, span: call.span }
    // Macros of packages are called with the name as a text somewhere: that is an edit, or none can be made.
    return made.some((edit) => edit.path === site.path && edit.span.start >= site.span.start && edit.span.end <= site.span.end) ? [] : [{ path: site.path, start: site.span.start, end: site.span.end }]
  })
}

/** Files named after the node, also those of its versions. */
export function fileRenames(snapshot: Snapshot, node: ManifestNode, wanted: string): FileRename[] {
  if (node.resource_type === 'snapshot') return []
  const paths = new Set([...snapshot.manifest.nodes.values()].filter((each) => each.name === node.name && each.package_name === node.package_name && each.resource_type === node.resource_type).map((each) => each.place.path))
  return [...paths].flatMap((path) => {
    const slash = path.lastIndexOf('/')
    const file = path.slice(slash + 1)
    const rest = file.slice(node.name.length)
    return file.startsWith(node.name) && /^(?:[._]v[^/]*)?\.[^/]+$/.test(rest) ? [{ from: path, to: `${path.slice(0, slash + 1)}${wanted}${rest}` }] : []
  })
}

export function sourceEdits(snapshot: Snapshot, name: string, wanted: string): TextEdit[] {
  return mentioning(snapshot, name).flatMap((file) => [
    ...sourceCalls(file).filter((call) => stringArgument(call.args[0]) === name).map((call) => edit(file, call.args[0]?.span, wanted)),
    ...(isYaml(file.path) ? seqItems(mapGet(documentOfFile(file).root, 'sources')).flatMap((entry) => nameEdit(file, entry, name, wanted)) : []),
  ].flatMap((each) => each ?? [])).concat(selectorEdits(snapshot, ['source'], name, wanted))
}

export function tableEdits(snapshot: Snapshot, source: string, name: string, wanted: string): TextEdit[] {
  return mentioning(snapshot, name).flatMap((file) => [
    ...sourceCalls(file).filter((call) => stringArgument(call.args[0]) === source && stringArgument(call.args[1]) === name).map((call) => edit(file, call.args[1]?.span, wanted)),
    ...(isYaml(file.path) ? seqItems(mapGet(documentOfFile(file).root, 'sources')).filter((entry) => textOf(mapGet(entry, 'name')) === source).flatMap((entry) => tableNames(file, entry, name, wanted)) : []),
  ].flatMap((each) => each ?? [])).concat(selectorEdits(snapshot, ['source'], `${source}.${name}`, `${source}.${wanted}`))
}

/** A table without `identifier:` is named after itself: the old name becomes its identifier, so that it still reads the same relation. */
function tableNames(file: SourceFile, entry: YamlNode, name: string, wanted: string): TextEdit[] {
  return seqItems(mapGet(entry, 'tables')).flatMap((table) => {
    const [renamed] = nameEdit(file, table, name, wanted)
    if (!renamed) return []
    if (mapGet(table, 'identifier') || table.kind !== 'map' || table.flow) return [renamed]
    const lineStart = file.text.lastIndexOf('\n', table.start - 1) + 1
    return [renamed, { path: file.path, span: { start: lineEnd(file.text, renamed.span.end), end: lineEnd(file.text, renamed.span.end) }, text: `\n${' '.repeat(table.start - lineStart)}identifier: ${name}` }]
  })
}

export function macroEdits(snapshot: Snapshot, id: string, wanted: string): TextEdit[] {
  const macro = snapshot.world.macros.byId.get(id)
  if (!macro) return []
  const name = macro.name.replace(/^test_/, '')
  const edits: TextEdit[] = [{ path: macro.node.place.path, span: macroNamePlace(snapshot, macro), text: wanted }, ...macroUses(snapshot, macro).map((use) => ({ path: use.path, span: { start: use.start, end: use.end }, text: wanted }))]
  for (const file of mentioning(snapshot, name)) {
    if (isYaml(file.path) && packageOf(snapshot, file.path) === macro.package_name) edits.push(...seqItems(mapGet(documentOfFile(file).root, 'macros')).flatMap((entry) => nameEdit(file, entry, macro.name, macro.name === name ? wanted : `test_${wanted}`)))
  }
  return edits
}

export function docEdits(snapshot: Snapshot, id: string, wanted: string): TextEdit[] {
  const doc = snapshot.manifest.others.get(id)
  if (!doc) return []
  const file = sourceFile(snapshot, doc.place.path)
  const block = file && templateOfFile(file).body.find((each) => each.kind === 'Docs' && each.name === doc.name)
  const edits: TextEdit[] = block && 'nameSpan' in block ? [{ path: doc.place.path, span: block.nameSpan, text: wanted }] : []
  for (const each of mentioning(snapshot, doc.name)) {
    for (const call of callsOfFile(each)) {
      const named = call.args.at(-1)
      if (call.name === 'doc' && named && stringArgument(named) === doc.name) edits.push({ path: each.path, span: named.span, text: wanted })
    }
  }
  return edits
}

/** What stands in YAML alone, wherever YAML names it; the SQL that makes a column is the user's. */
export function declaredEdits(snapshot: Snapshot, mention: Mention, wanted: string): TextEdit[] {
  return mentionsOf(snapshot, mention).map(({ path, span }) => ({ path, span, text: wanted }))
}

/** A resource that property files declare by name: a group, metric, exposure …. */
export function entryEdits(snapshot: Snapshot, kind: EntryKind, name: string, wanted: string): TextEdit[] {
  const calls = kind === 'metric' || kind === 'group' ? callsNaming(snapshot, kind, name) : []
  return [...mentionsOf(snapshot, { kind, name, of: null }), ...calls.map((place) => ({ path: place.path, span: { start: place.start, end: place.end } }))].map(({ path, span }) => ({ path, span, text: wanted }))
    .concat(selectorEdits(snapshot, [kind], name, wanted), kind === 'group' ? groupInProject(snapshot, name, wanted) : [])
}

export type EntryKind = 'group' | 'metric' | 'exposure' | 'saved_query' | 'semantic_model' | 'unit_test'

const SECTIONS: Readonly<Record<string, string>> = { model: 'models', seed: 'seeds', snapshot: 'snapshots' }

function yamlNames(file: SourceFile, node: ManifestNode, wanted: string): TextEdit[] {
  const { root } = documentOfFile(file)
  const entries = seqItems(mapGet(root, SECTIONS[node.resource_type] ?? ''))
  const tested = node.resource_type === 'model' ? seqItems(mapGet(root, 'unit_tests')).flatMap((entry) => scalarEdit(file, mapGet(entry, 'model'), node.name, wanted)) : []
  return [...entries.flatMap((entry) => [...nameEdit(file, entry, node.name, wanted), ...(textOf(mapGet(entry, 'name')) === node.name ? definedIn(file, entry, node.name, wanted) : [])]), ...tested]
}

function definedIn(file: SourceFile, entry: YamlNode, name: string, wanted: string): TextEdit[] {
  return seqItems(mapGet(entry, 'versions')).flatMap((version) => {
    const value = mapGet(version, 'defined_in')
    const text = textOf(value)
    return text !== null && new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:[._]v.*)?$`).test(text) ? scalarEdit(file, value, text, `${wanted}${text.slice(name.length)}`) : []
  })
}

function snapshotBlock(snapshot: Snapshot, node: ManifestNode, wanted: string): TextEdit[] {
  const file = sourceFile(snapshot, node.place.path)
  const block = file && !isYaml(file.path) ? templateOfFile(file).body.find((each) => each.kind === 'Snapshot' && each.name === node.name) : undefined
  return block && 'nameSpan' in block ? [{ path: node.place.path, span: block.nameSpan, text: wanted }] : []
}

function mentioning(snapshot: Snapshot, name: string): SourceFile[] {
  return [...snapshot.files.values(), ...snapshot.besides.values()].filter((file) => file.text.includes(name) && !file.path.startsWith(`${snapshot.project.packagesInstallPath}/`))
}

function targetOf(snapshot: Snapshot, file: SourceFile, call: LiteralCall): string | null {
  const args = call.args.map(stringArgument)
  if (args.some((each) => each === null)) return null
  const given = call.kwargs.find((each) => each.name === 'version' || each.name === 'v')?.value
  const version = given?.kind === 'string' || given?.kind === 'value' ? given.value : null
  return answerLiteral(snapshot.deferring, packageOf(snapshot, file.path), { kind: 'ref', args: args as string[], version: typeof version === 'boolean' ? null : version, invalid: null, span: call, path: file.path, nameSpan: null, via: [], certain: true }).target
}

function sourceCalls(file: SourceFile): LiteralCall[] {
  return callsOfFile(file).filter((call) => call.name === 'source' || call.name === 'builtins.source')
}

function nameEdit(file: SourceFile, entry: YamlNode, name: string, wanted: string): TextEdit[] {
  return scalarEdit(file, mapGet(entry, 'name'), name, wanted)
}

function scalarEdit(file: SourceFile, node: YamlNode | undefined, name: string, wanted: string): TextEdit[] {
  return node?.kind === 'scalar' && node.text === name ? [{ path: file.path, span: textSpan(node), text: wanted }] : []
}

function edit(file: SourceFile, span: Span | undefined, text: string): TextEdit | null {
  return span ? { path: file.path, span: { start: span.start, end: span.end }, text } : null
}

function textOf(node: YamlNode | undefined): string | null {
  return node?.kind === 'scalar' ? node.text : null
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end
}
