// Completion inside the parentheses of a call: names in ref( source( var( …, keys and values of config(, keyword arguments of macros.
// The replaced range is the argument or word at the cursor, however broken the text is.

import { strOf } from '../jinja/repr.ts'
import { PyDict } from '../jinja/value.ts'
import type { Literal, LiteralCall } from '../jinja/literal.ts'
import { nodesIn, packageOf, type Snapshot } from '../dbt/snapshot.ts'
import type { ManifestNode, ResourceType } from '../dbt/nodes/types.ts'
import type { Span } from '../text/span.ts'
import { configKeys, configValues } from './complete-config.ts'
import { macroNamed } from './macros.ts'
import { ranked, type Offer } from './ranking.ts'
import { resolvedRelation } from './relation.ts'
import { stringArgument } from './scene.ts'
import { parametersOf } from './signature-help.ts'
import type { Completion, CompletionList } from './types.ts'
import { wordEnd, wordStart } from './words.ts'

interface Slot { readonly span: Span; readonly typed: string; readonly wrap: (name: string) => string }

/** null: nothing of ours goes here; names of macros may. */
export function argumentCompletion(snapshot: Snapshot, path: string, call: LiteralCall, offset: number, text: string): CompletionList | null {
  const value = call.kwargs.find((each) => offset >= each.nameSpan.end && offset <= each.value.span.end + 1 && offset > each.nameSpan.end)
  if (value) return valueCompletion(snapshot, call, value, offset, text)
  const index = call.args.findIndex((each) => offset >= each.span.start && offset <= each.span.end)
  const argument = call.args[index]
  const word = argument !== undefined && /^\w*$/.test(text.slice(argument.span.start, argument.span.end))
  if (argument && argument.kind !== 'string' && !(word && NAMED.has(call.name))) return keywords(snapshot, path, call, offset, text)
  const at = argument ? index : call.args.filter((each) => each.span.end <= offset).length
  const slot = slotOf(argument, offset, text)
  const items = named(snapshot, path, call, at, slot)
  if (items) return ranked(items, slot.typed)
  return argument ? null : keywords(snapshot, path, call, offset, text)
}

const NAMED: ReadonlySet<string> = new Set(['ref', 'source', 'function', 'metric', 'var', 'env_var', 'doc'])

/** Inside a string: its text. Elsewhere the word, put in quotes. An unfinished string ends with the word and gets its closing quote. */
function slotOf(argument: Literal | undefined, offset: number, text: string): Slot {
  if (argument?.kind !== 'string') {
    const span = { start: wordStart(text, offset), end: wordEnd(text, offset) }
    return { span, typed: text.slice(span.start, offset), wrap: (name) => `'${name}'` }
  }
  const { start } = argument.span
  const end = argument.unterminated ? Math.min(argument.span.end, wordEnd(text, Math.max(offset, start))) : argument.span.end
  const closing = argument.unterminated ? (text[start - 1] ?? "'") : ''
  return { span: { start, end: Math.max(end, offset) }, typed: text.slice(start, offset), wrap: (name) => `${name}${closing}` }
}

function named(snapshot: Snapshot, path: string, call: LiteralCall, at: number, slot: Slot): readonly (Completion | Offer)[] | null {
  const { others } = snapshot.manifest
  const plain = (name: string, kind: Completion['kind'], detail: string, documentation = ''): Completion => ({ label: name, kind, detail, documentation, insert: slot.wrap(name), span: slot.span, sort: name })
  const first = stringArgument(call.args[0])
  switch (call.name) {
    case 'ref': return at === 0 ? models(snapshot, path, slot, null) : at === 1 ? models(snapshot, path, slot, first) : null
    case 'source': return at === 0 ? sourceNames(snapshot, plain) : at === 1 ? sourceTables(snapshot, plain, first) : null
    case 'function': return at === 0 ? [...snapshot.manifest.nodes.values()].filter((node) => node.resource_type === 'function').map((node) => nodeItem(snapshot, node, slot)) : null
    case 'metric': return at === 0 ? [...others.values()].filter((each) => each.resource_type === 'metric').map((each) => plain(each.name, 'value', each.package_name, each.description)) : null
    case 'var': return at === 0 ? variables(snapshot, path, plain) : null
    case 'env_var': return at === 0 ? [...snapshot.project.env.keys()].filter((name) => name.startsWith('DBT')).map((name) => plain(name, 'variable', 'environment')) : null
    case 'doc': return at <= 1 ? [...others.values()].filter((each) => each.resource_type === 'doc').map((each) => plain(each.name, 'doc', each.package_name, each.description)) : null
    case 'config.get': case 'config.require': return at === 0 ? configKeys(snapshot, typeIn(snapshot, path), slot.span, slot.wrap, new Set()) : null
    case 'adapter.dispatch': return at === 0 ? dispatchable(snapshot, plain) : null
    default: return null
  }
}

function models(snapshot: Snapshot, path: string, slot: Slot, packageName: string | null): Offer[] {
  const own = packageOf(snapshot, path)
  const group = nodesIn(snapshot, path).find((node) => 'group' in node)
  const ownGroup = group && 'group' in group ? group.group : null
  const seen = new Set<string>()
  const items: Offer[] = []
  for (const node of snapshot.manifest.nodes.values()) {
    if (node.resource_type !== 'model' && node.resource_type !== 'seed' && node.resource_type !== 'snapshot') continue
    if (packageName !== null && node.package_name !== packageName) continue
    if (node.place.path === path || seen.has(node.name)) continue
    // A private model can be read by its own group alone: others are not offered what dbt would refuse.
    if (node.access === 'private' && (node.group === null || node.group !== ownGroup)) continue
    if (node.access === 'protected' && node.package_name !== own && isClosed(snapshot, node.package_name)) continue
    seen.add(node.name)
    const deprecated = node.deprecation_date !== null && node.deprecation_date < snapshot.now
    items.push({ label: node.name, sort: `${node.package_name === own ? '0' : '1'}${node.name}`, item: () => ({ ...nodeItem(snapshot, node, slot), ...(deprecated ? { deprecated } : {}) }) })
  }
  return items
}

/** Whether a package keeps what is not public to itself. */
function isClosed({ project }: Snapshot, packageName: string): boolean {
  return project.packages.get(packageName)?.restrictAccess === true || project.upstream.projects.has(packageName)
}

function nodeItem(snapshot: Snapshot, node: ManifestNode, slot: Slot): Completion {
  const kind = node.resource_type === 'seed' || node.resource_type === 'snapshot' || node.resource_type === 'function' ? node.resource_type : 'model'
  return { label: node.name, kind, detail: snapshot.manifest.final ? resolvedRelation(snapshot, node) : node.package_name, documentation: node.description, insert: slot.wrap(node.name), span: slot.span, sort: node.name }
}

type Plain = (name: string, kind: Completion['kind'], detail: string, documentation?: string) => Completion

function sourceNames(snapshot: Snapshot, plain: Plain): Completion[] {
  const names = new Map<string, string>()
  for (const source of snapshot.manifest.sources.values()) names.set(source.source_name, source.source_description)
  return [...names].map(([name, description]) => plain(name, 'source', 'source', description))
}

function sourceTables(snapshot: Snapshot, plain: Plain, source: string | null): Completion[] {
  return [...snapshot.manifest.sources.values()].filter((each) => source === null || each.source_name === source).map((each) => plain(each.name, 'table', each.relation_name, each.description))
}

function variables(snapshot: Snapshot, path: string, plain: Plain): Completion[] {
  const { project } = snapshot
  const own = project.packages.get(packageOf(snapshot, path)) ?? project.root
  const values = new Map<string, string>()
  for (const owner of new Set([own, project.root])) {
    const scoped = owner.vars.get(own.name)
    if (scoped instanceof PyDict) for (const { key, value } of scoped.entries.values()) values.set(strOf(key), strOf(value))
    for (const [name, value] of owner.vars) if (!project.packages.has(name)) values.set(name, strOf(value))
  }
  for (const [name, value] of project.cliVars) values.set(name, strOf(value))
  return [...values].map(([name, value]) => plain(name, 'variable', value))
}

/** Macros that have a version for some adapter, by the name without the prefix. */
function dispatchable(snapshot: Snapshot, plain: Plain): Completion[] {
  const names = new Map<string, string>()
  for (const macro of snapshot.world.macros.byId.values()) {
    const at = macro.name.indexOf('__')
    if (at > 0 && !macro.internal) names.set(macro.name.slice(at + 2), macro.package_name)
  }
  return [...names].map(([name, packageName]) => plain(name, 'macro', packageName))
}

/** `name=` of a macro's parameters or of configuration that is not given yet. */
function keywords(snapshot: Snapshot, path: string, call: LiteralCall, offset: number, text: string): CompletionList | null {
  const span = { start: wordStart(text, offset), end: wordEnd(text, offset) }
  const typed = text.slice(span.start, offset)
  const given = new Set(call.kwargs.map((each) => each.name))
  const insert = (key: string) => (/^\s*=/.test(text.slice(span.end)) ? key : `${key}=`)
  if (call.name === 'config') return ranked(configKeys(snapshot, typeIn(snapshot, path), span, insert, given), typed)
  const macro = macroNamed(snapshot, path, call.name)
  if (!macro) return null
  // The one that is being typed counts as none yet.
  const before = call.args.filter((each) => each.span.end < span.start).length
  const items = parametersOf(snapshot, macro).slice(before).filter((each) => !given.has(each.name))
    .map((each): Completion => ({ label: `${each.name}=`, kind: 'variable', detail: each.shown, documentation: each.documentation, insert: insert(each.name), span, sort: `  ${each.name}` }))
  return items.length > 0 ? { ...ranked(items, typed), incomplete: true } : null
}

function valueCompletion(snapshot: Snapshot, call: LiteralCall, keyword: LiteralCall['kwargs'][number], offset: number, text: string): CompletionList | null {
  if (call.name !== 'config' && call.name !== 'ref') return null
  const literal = keyword.value
  if (call.name === 'ref') return keyword.name === 'v' || keyword.name === 'version' ? versionCompletion(snapshot, call, literal, offset, text) : null
  const slot = slotOf(literal.kind === 'string' ? literal : undefined, offset, text)
  const items = configValues(snapshot, keyword.name, slot.span, (value) => (value === 'true' || value === 'false' ? value : slot.wrap(value)))
  return items.length > 0 ? ranked(items, slot.typed) : null
}

/** Numbers stand as they are; a version that is text gets its quotes. */
function versionCompletion(snapshot: Snapshot, call: LiteralCall, literal: Literal, offset: number, text: string): CompletionList | null {
  const slot = slotOf(literal.kind === 'string' ? literal : undefined, offset, text)
  const items = versionsOf(snapshot, call).map(({ version, node }, index): Completion => ({
    ...nodeItem(snapshot, node, slot), label: String(version), insert: typeof version !== 'string' && literal.kind !== 'string' ? String(version) : slot.wrap(String(version)), sort: String(index).padStart(3, '0'),
  }))
  return items.length > 0 ? ranked(items, slot.typed) : null
}

/** Of the model that a ref names, the latest first. */
function versionsOf({ manifest }: Snapshot, call: LiteralCall): { readonly version: NonNullable<ManifestNode['version']>; readonly node: ManifestNode }[] {
  const names = call.args.map(stringArgument)
  const [name, packageName = null] = names.toReversed()
  return [...manifest.nodes.values()].flatMap((node) => {
    const { version } = node
    if (node.resource_type !== 'model' || version === null || node.name !== name || (packageName !== null && node.package_name !== packageName)) return []
    return [{ version, node }]
  }).toSorted((one, other) => Number(other.version === other.node.latest_version) - Number(one.version === one.node.latest_version) || String(other.version).localeCompare(String(one.version), 'en', { numeric: true }))
}

function typeIn(snapshot: Snapshot, path: string): ResourceType {
  return nodesIn(snapshot, path).find((node) => node.resource_type !== 'doc')?.resource_type ?? 'model'
}
