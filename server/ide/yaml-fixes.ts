// Mends of YAML that dbt calls deprecated or refuses: the key that was meant, into `config:`, a plus, quotes, `arguments:`.
// Edits text alone, by the places of the tree; where the text is not in a form that can be edited safely, there is no mend.

import { propertyFile } from '../dbt/nodes/property-file.ts'
import { entryOf } from '../dbt/nodes/yaml-values.ts'
import type { Problem } from '../dbt/problem.ts'
import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import { parseYaml } from '../yaml/parse.ts'
import type { YamlEntry, YamlMap, YamlNode } from '../yaml/nodes.ts'
import type { CodeAction } from './types.ts'

type Edit = CodeAction['edits'][number]

export function yamlFixes(snapshot: Snapshot, problem: Problem): CodeAction[] {
  const { path } = problem.place
  const file = sourceFile(snapshot, path) ?? [...snapshot.project.packages.values()].find((each) => each.file.path === path)?.file
  if (!file || !/\.ya?ml$/.test(path)) return []
  const { root } = path.endsWith('/dbt_project.yml') ? parseYaml(file.text) : propertyFile(file, path).document
  const found = root ? entryAt(root, problem.place.start) : null
  const fix = (title: string, edits: readonly Edit[] | null): CodeAction[] => (edits ? [{ title, kind: 'quickfix', preferred: true, edits, command: null, fixes: [problem.code] }] : [])
  const near = problem.data?.['near']
  const event = problem.data?.['event']
  if (!found) return quoted(problem, file.text, fix)
  const { map, entry } = found
  const key = entry.key.kind === 'scalar' ? entry.key.text : ''
  if (event === 'MissingPlusPrefixDeprecation' || (problem.code === 'yaml-invalid' && path.endsWith('/dbt_project.yml') && !key.startsWith('+') && / expected struct Project/.test(problem.message))) {
    return fix(`Write '+${key}'`, [{ path, span: { start: entry.key.start, end: entry.key.start }, text: '+' }])
  }
  if (typeof near === 'string') return fix(`Change to '${near}'`, [{ path, span: { start: entry.key.start, end: entry.key.end }, text: near }])
  if (event === 'PropertyMovedToConfigDeprecation' || (event === 'dbt1060' && CONFIGS.has(key))) return fix(`Move '${key}' into config`, moved(file.text, path, map, [entry], 'config'))
  if (problem.code === 'flag-without-effect') return withoutEffect(snapshot, file.text, problem, root, found)
  if (problem.code === 'config-unknown') return fix(`Move '${key}' into meta`, moved(file.text, path, map, [entry], 'meta'))
  if (problem.code === 'test-arguments') {
    const test = entry.value.kind === 'map' ? entry.value : map
    return fix("Move the arguments under 'arguments'", moved(file.text, path, test, test.entries.filter(({ key: each }) => each.kind === 'scalar' && !NO_ARGUMENTS.has(each.text)), 'arguments'))
  }
  return quoted(problem, file.text, fix)
}

/** Properties that dbt 2 takes as config alone. */
const CONFIGS: ReadonlySet<string> = new Set(['meta', 'tags', 'docs', 'group', 'access', 'contract', 'materialized', 'enabled', 'freshness', 'loaded_at_field', 'loaded_at_query', 'event_time', 'severity', 'where', 'limit', 'warn_if', 'error_if', 'store_failures'])
const NO_ARGUMENTS: ReadonlySet<string> = new Set(['config', 'column_name', 'description', 'name', 'arguments', 'test_name', 'severity', 'tags', 'enabled', 'where', 'limit', 'warn_if', 'error_if', 'fail_calc', 'store_failures', 'store_failures_as', 'meta', 'database', 'schema', 'alias'])

/** A number, date or boolean where dbt wants a text. */
function quoted(problem: Problem, text: string, fix: (title: string, edits: readonly Edit[]) => CodeAction[]): CodeAction[] {
  const { start, end } = problem.place
  const scalar = text.slice(start, end)
  const wanted = /is not of type 'string'$|, expected a string$/.test(problem.message) && /^[\w.:+-]+$/.test(scalar)
  return wanted ? fix(`Write '${scalar}' as text`, [{ path: problem.place.path, span: { start, end }, text: `'${scalar}'` }]) : []
}

/** The entries under a key of their own map, which is made when it is not there; null when the text cannot be edited line by line. */
function moved(text: string, path: string, map: YamlMap, entries: readonly YamlEntry[], under: string): Edit[] | null {
  const [first] = entries
  if (!first || map.flow || entries.some((each) => !isBlock(text, each))) return null
  const pieces = entries.map((each) => ({ start: lineStart(text, each.key.start), end: endOf(text, each) }))
  const own = columnOf(text, first.key.start)
  const holder = entryOf(map, under)
  const removed = pieces.map(({ start, end }): Edit => ({ path, span: { start, end }, text: '' }))
  const body = (indent: number): string => pieces.map(({ start, end }) => reindented(text.slice(start, end), indent - own)).join('')
  if (!holder) return [...removed.slice(1), { path, span: { start: pieces[0]?.start ?? 0, end: pieces[0]?.end ?? 0 }, text: `${' '.repeat(own)}${under}:\n${body(own + 2)}` }]
  if (holder.value.kind !== 'map' || holder.value.flow) return null
  const at = holder.value.entries[0]
  if (!at || !isBlock(text, at)) return null
  const place = lineStart(text, at.key.start)
  return [...removed, { path, span: { start: place, end: place }, text: body(columnOf(text, at.key.start)) }]
}

/** Whether nothing but blanks stands before the key on its line: not so for the first key of a list's item. */
function isBlock(text: string, { key, value }: YamlEntry): boolean {
  return value.start >= key.end && value.alias === null && /^ *$/.test(text.slice(lineStart(text, key.start), key.start))
}

function lineStart(text: string, at: number): number { return text.lastIndexOf('\n', at - 1) + 1 }

function columnOf(text: string, at: number): number { return at - lineStart(text, at) }

/** Behind the last line that has something of the entry. */
function endOf(text: string, { key, value }: YamlEntry): number {
  const last = key.start + text.slice(key.start, Math.max(key.end, value.end)).trimEnd().length
  const end = text.indexOf('\n', last)
  return end < 0 ? text.length : end + 1
}

function reindented(text: string, by: number): string {
  const lines = text.endsWith('\n') ? text : `${text}\n`
  return lines.replace(/^(?=.)/gm, ' '.repeat(Math.max(0, by)))
}

/** `defer:` and its like under `flags:`, which dbt passes over: taken out, and the switch that was meant is thrown. */
function withoutEffect({ project: { flags } }: Snapshot, text: string, { code, data, place: { path } }: Problem, root: YamlNode | null, { map, entry }: { readonly map: YamlMap; readonly entry: YamlEntry }): CodeAction[] {
  const [key, value] = [String(data?.['key']), data?.['value']]
  const meant = key === 'defer' && typeof value === 'boolean' ? { name: 'dbtDefer.setDefer', arguments: [value] }
    : key === 'favor_state' && typeof value === 'boolean' ? { name: 'dbtDefer.setFavorState', arguments: [value] }
      : key === 'state' && typeof value === 'string' ? { name: 'dbtDefer.setState', arguments: [value] }
        : key === 'defer_state' && typeof value === 'string' ? { name: 'dbtDefer.setState', arguments: [flags.state.value, value] } : null
  // A map that loses its only entry is none any more.
  const holder = map.entries.length > 1 ? { map, entry } : root?.kind === 'map' ? { map: root, entry: root.entries.find((each) => each.value === map) } : null
  if (!holder?.entry) return []
  const span = holder.map.flow ? flowSpan(holder.map, holder.entry) : { start: lineStart(text, holder.entry.key.start), end: endOf(text, holder.entry) }
  return [{
    title: meant === null ? `Take '${key}' out` : `Take '${key}' out, and set it here`,
    kind: 'quickfix', preferred: true, edits: [{ path, span, text: '' }], command: meant, fixes: [code],
  }]
}

/** An entry of `{a: 1, b: 2}` with the comma on one side of it. */
function flowSpan(map: YamlMap, entry: YamlEntry): { readonly start: number; readonly end: number } {
  const at = map.entries.indexOf(entry)
  const [before, next] = [map.entries[at - 1], map.entries[at + 1]]
  return next ? { start: entry.key.start, end: next.key.start } : { start: before?.value.end ?? entry.key.start, end: Math.max(entry.key.end, entry.value.end) }
}

/** The innermost entry whose key or plain value begins at the place. */
function entryAt(node: YamlNode, at: number): { readonly map: YamlMap; readonly entry: YamlEntry } | null {
  if (node.kind === 'scalar' || at < node.start || at > node.end) return null
  if (node.kind === 'seq') {
    for (const item of node.items) { const found = entryAt(item, at); if (found) return found }
    return null
  }
  for (const entry of node.entries) {
    if (entry.key.start <= at && at < entry.key.end) return { map: node, entry }
    const found = entryAt(entry.value, at)
    if (found) return found
    if (entry.value.start === at) return { map: node, entry }
  }
  return null
}
