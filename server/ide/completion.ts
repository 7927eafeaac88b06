// Completion inside ref( source( var( env_var( doc( function( , of macro names, and of names in property files.
// Filtered by what is typed, at most 100 items; the replaced range is the argument or word, however broken the text is.

import { distance } from 'fastest-levenshtein'
import { strOf } from '../jinja/repr.ts'
import { pathAt } from '../jinja/walk.ts'
import { packageOf, sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import type { ManifestNode } from '../dbt/nodes/types.ts'
import type { LiteralCall } from '../jinja/literal.ts'
import type { Span } from '../text/span.ts'
import { resolvedRelation } from './relation.ts'
import { callableMacros } from './macros.ts'
import { macroText } from './hover.ts'
import { callAround, isYaml, stringArgument, templateOfFile } from './scene.ts'
import type { Completion, CompletionList } from './types.ts'
import { yamlCompletion } from './yaml-completion.ts'

const MOST_ITEMS = 100
const NOTHING: CompletionList = { items: [], incomplete: false }

export function completion(snapshot: Snapshot, path: string, offset: number): CompletionList {
  const file = sourceFile(snapshot, path)
  if (!file) return NOTHING
  const call = callAround(file, offset)
  if (call && offset > call.nameSpan.end) {
    const inside = argumentCompletion(snapshot, path, call, offset, file.text)
    if (inside) return inside
  }
  if (isYaml(path)) return yamlCompletion(snapshot, path, file, offset)
  return macroCompletion(snapshot, path, offset)
}

/** Keeps what fits `typed` (prefix, then substring, then letters in order), best first, and cuts at 100. */
export function ranked(items: readonly Completion[], typed: string): CompletionList {
  const word = typed.toLowerCase()
  const scored = items.flatMap((item) => {
    const rank = score(item.label.toLowerCase(), word)
    return rank === null ? [] : [{ item, rank }]
  })
  scored.sort((one, other) => one.rank - other.rank || (one.item.sort < other.item.sort ? -1 : one.item.sort > other.item.sort ? 1 : 0))
  const shown = scored.slice(0, MOST_ITEMS).map(({ item }, index) => ({ ...item, sort: String(index).padStart(3, '0') }))
  return { items: shown, incomplete: scored.length > MOST_ITEMS || typed.length === 0 }
}

function score(label: string, word: string): number | null {
  if (word === '') return 0
  if (label.startsWith(word)) return 0
  const at = label.indexOf(word)
  if (at >= 0) return /[^a-z0-9]/.test(label[at - 1] ?? '') ? 1 : 2
  let from = 0
  for (const letter of word) {
    from = label.indexOf(letter, from) + 1
    if (from === 0) return word.length > 3 && distance(label.slice(0, word.length + 1), word) <= 2 ? 4 : null
  }
  return 3
}

function argumentCompletion(snapshot: Snapshot, path: string, call: LiteralCall, offset: number, text: string): CompletionList | null {
  const index = call.args.findIndex((each) => offset >= each.span.start && offset <= each.span.end)
  const argument = call.args[index]
  if (argument && argument.kind !== 'string') return null
  const at = argument ? index : call.args.filter((each) => each.span.end <= offset).length
  // Without an opening quote the name is inserted with quotes, in the quote character that the text uses.
  const span: Span = argument ? { start: argument.span.start, end: argument.span.end } : { start: offset, end: offset }
  const typed = text.slice(span.start, Math.min(offset, span.end))
  const closing = argument && argument.unterminated ? quoteBefore(text, span.start) : ''
  const wrap = (name: string) => (argument ? `${name}${closing}` : `'${name}'`)
  switch (call.name) {
    case 'ref': return at === 1 ? ranked(models(snapshot, path, span, wrap, stringArgument(call.args[0])), typed) : at === 0 ? ranked(models(snapshot, path, span, wrap, null), typed) : null
    case 'source': return at === 0 ? ranked(sourceNames(snapshot, span, wrap), typed) : at === 1 ? ranked(sourceTables(snapshot, span, wrap, stringArgument(call.args[0])), typed) : null
    case 'function': return at === 0 ? ranked([...snapshot.manifest.nodes.values()].filter((node) => node.resource_type === 'function').map((node) => nodeItem(snapshot, node, span, wrap)), typed) : null
    case 'var': return at === 0 ? ranked(variables(snapshot, path, span, wrap), typed) : null
    case 'env_var': return at === 0 ? ranked([...snapshot.project.env.keys()].filter((name) => name.startsWith('DBT')).map((name) => plainItem(name, 'variable', 'environment', '', span, wrap)), typed) : null
    case 'doc': return at <= 1 ? ranked([...snapshot.manifest.others.values()].filter((each) => each.resource_type === 'doc').map((each) => plainItem(each.name, 'doc', each.package_name, each.description, span, wrap)), typed) : null
    default: return null
  }
}

function models(snapshot: Snapshot, path: string, span: Span, wrap: (name: string) => string, packageName: string | null): Completion[] {
  const own = packageOf(snapshot, path)
  const seen = new Set<string>()
  const items: Completion[] = []
  for (const node of snapshot.manifest.nodes.values()) {
    if (node.resource_type !== 'model' && node.resource_type !== 'seed' && node.resource_type !== 'snapshot') continue
    if (packageName !== null && node.package_name !== packageName) continue
    if (node.place.path === path || seen.has(node.name)) continue
    if (node.access === 'private' && node.group === null) continue
    seen.add(node.name)
    items.push({ ...nodeItem(snapshot, node, span, wrap), sort: `${node.package_name === own ? '0' : '1'}${node.name}` })
  }
  return items
}

function nodeItem(snapshot: Snapshot, node: ManifestNode, span: Span, wrap: (name: string) => string): Completion {
  const kind = node.resource_type === 'seed' || node.resource_type === 'snapshot' || node.resource_type === 'function' ? node.resource_type : 'model'
  return { label: node.name, kind, detail: resolvedRelation(snapshot, node), documentation: node.description, insert: wrap(node.name), span, sort: node.name }
}

function sourceNames(snapshot: Snapshot, span: Span, wrap: (name: string) => string): Completion[] {
  const names = new Map<string, string>()
  for (const source of snapshot.manifest.sources.values()) names.set(source.source_name, source.source_description)
  return [...names].map(([name, description]) => plainItem(name, 'source', 'source', description, span, wrap))
}

function sourceTables(snapshot: Snapshot, span: Span, wrap: (name: string) => string, source: string | null): Completion[] {
  return [...snapshot.manifest.sources.values()].filter((each) => source === null || each.source_name === source).map((each) => plainItem(each.name, 'table', each.relation_name, each.description, span, wrap))
}

function variables(snapshot: Snapshot, path: string, span: Span, wrap: (name: string) => string): Completion[] {
  const { project } = snapshot
  const own = project.packages.get(packageOf(snapshot, path)) ?? project.root
  const values = new Map<string, string>()
  for (const owner of new Set([own, project.root])) {
    for (const [name, value] of owner.vars) if (!project.packages.has(name)) values.set(name, strOf(value))
  }
  for (const [name, value] of project.cliVars) values.set(name, strOf(value))
  return [...values].map(([name, value]) => plainItem(name, 'variable', value, '', span, wrap))
}

function plainItem(name: string, kind: Completion['kind'], detail: string, documentation: string, span: Span, wrap: (name: string) => string): Completion {
  return { label: name, kind, detail, documentation, insert: wrap(name), span, sort: name }
}

const BUILTINS: readonly (readonly [string, string])[] = [
  ['ref', 'the relation of a model, seed or snapshot'], ['source', 'the relation of a source table'], ['config', 'configuration of this node'], ['var', 'a project variable'],
  ['env_var', 'an environment variable'], ['this', 'the relation of this node'], ['target', 'the current target'], ['is_incremental', 'true in an incremental run'], ['adapter', 'the adapter'],
  ['log', 'writes to the log'], ['return', 'returns a value from a macro'], ['run_query', 'runs a query'], ['execute', 'false while dbt parses'], ['model', 'this node'], ['graph', 'the project graph'],
  ['exceptions', 'raises errors'], ['api', 'Relation and Column'], ['modules', 'datetime, pytz, re, itertools'], ['doc', 'a docs block'], ['function', 'the relation of a function'],
]

/** Names inside `{{ }}` and `{% %}` outside of strings: macros and what dbt itself offers. */
function macroCompletion(snapshot: Snapshot, path: string, offset: number): CompletionList {
  const file = sourceFile(snapshot, path)
  if (!file) return NOTHING
  const around = pathAt(templateOfFile(file), offset)
  const inner = around.at(-1)
  if (!inner || inner.kind === 'Text' || inner.kind === 'Template' || (inner.kind === 'Const' && typeof inner.value === 'string')) return NOTHING
  const start = wordStart(file.text, offset)
  const typed = file.text.slice(start, offset)
  const span = { start, end: wordEnd(file.text, offset) }
  const macros = callableMacros(snapshot, path).map(({ name, macro }): Completion => ({ label: name, kind: 'macro', detail: macro.package_name, documentation: macroText(macro.node), insert: name, span, sort: `${name.includes('.') ? '2' : '0'}${name}` }))
  const builtins = BUILTINS.map(([name, detail]): Completion => ({ label: name, kind: 'keyword', detail, documentation: '', insert: name, span, sort: `1${name}` }))
  return ranked([...macros, ...builtins], typed)
}

function quoteBefore(text: string, start: number): string {
  const quote = text[start - 1]
  return quote === '"' || quote === "'" ? quote : ''
}

export function wordStart(text: string, offset: number): number {
  let start = offset
  while (start > 0 && /[\w.]/.test(text[start - 1] ?? '')) start--
  return start
}

export function wordEnd(text: string, offset: number): number {
  let end = offset
  while (end < text.length && /\w/.test(text[end] ?? '')) end++
  return end
}

