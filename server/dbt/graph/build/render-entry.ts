// One YAML entry after dbt's SchemaYamlRenderer: every string rendered natively, every date as ISO text, except descriptions, tests, hooks and filters.
// dbt 1.12: parser/schema_renderer.py, config/renderer.py. Which names the templates see is context/'s business.

import { isoDate, isoDatetime, PyDate, PyDatetime } from '../../../jinja/python/datetime.ts'
import { reprOf } from '../../../jinja/repr.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { YamlNode } from '../../../yaml/nodes.ts'
import { renderYaml } from '../../context/render-yaml.ts'
import type { YamlRendering } from '../../context/render-yaml.ts'
import type { Reads } from '../../context/types.ts'
import type { PropertyEntry, Section } from '../../nodes/property-file.ts'
import { valueOf } from '../../nodes/yaml-values.ts'
import type { Problem } from '../../problem.ts'
import type { Rules } from '../../rules/rules.ts'
import type { Build } from './build.ts'
import { entryRefusal } from './entry-checks.ts'
import type { RenderedText } from './memory.ts'

export interface RenderedEntry {
  /** `name` may be a template too. */
  readonly name: string
  readonly value: PyDict
  /** The first template that failed; dbt then reads nothing of the project. */
  readonly problem: Problem | null
  /** Why a value cannot be known, in words. */
  readonly unknown: { readonly code: string; readonly message: string } | null
}

type Keypath = readonly (string | number)[]

/** Equal inputs give the very same value, so that what was made of it can be kept. */
export function renderEntry(build: Build, packageName: string, entry: PropertyEntry): RenderedEntry {
  return build.memory.fromEntry(entry.node, `rendered ${packageName}`, reads => {
    const state: State = { build, packageName, path: entry.file.path, section: entry.section, reads, problem: null, unknown: null, changed: false }
    const value = render(state, entry.node, [])
    const name = value instanceof PyDict ? value.get('name') : undefined
    if (name !== undefined && typeof name !== 'string') state.problem ??= { code: 'yaml-invalid', severity: 'error', message: `at path ['name']: ${reprOf(name)} is not of type 'string'`, place: { path: state.path, ...entry.nameSpan } }
    if (value instanceof PyDict && !state.problem) {
      const refusal = entryRefusal(build.project, packageName, pathIn(build, packageName, entry.file.path), entry, value)
      if (refusal !== null) state.problem = { code: 'yaml-invalid', severity: 'error', message: refusal.message, place: { path: state.path, ...refusal.span } }
    }
    return { name: typeof name === 'string' ? name : entry.name, value: value instanceof PyDict ? value : new PyDict(), problem: state.problem, unknown: state.unknown }
  })
}

function pathIn(build: Build, packageName: string, path: string): string {
  const root = build.project.packages.get(packageName)?.root
  return root !== undefined && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path
}

interface State {
  readonly build: Build
  readonly packageName: string
  readonly path: string
  readonly section: Section
  readonly reads: Reads[]
  problem: Problem | null
  unknown: RenderedEntry['unknown']
  changed: boolean
}

/** No template, no date and no line end stands in it: most of what is written is its own value. */
function isPlain(node: YamlNode): boolean {
  if (node.kind === 'scalar') return node.value === null || (typeof node.value === 'string' ? !needsRendering(node.value) : typeof node.value !== 'object')
  if (node.kind === 'map') {
    for (const entry of node.entries) if (!isPlain(entry.value)) return false
    return true
  }
  for (const item of node.items) if (!isPlain(item)) return false
  return true
}

function render(state: State, node: YamlNode, keypath: Keypath): Value {
  if (isPlain(node)) return valueOf(node)
  if (node.kind === 'scalar') {
    const moment = typeof node.value === 'object' ? valueOf(node) : null
    if (moment instanceof PyDate && isRendered(state, keypath)) {
      state.changed = true
      return moment instanceof PyDatetime ? isoDatetime(moment, 'T') : isoDate(moment)
    }
    if (typeof node.value !== 'string' || !needsRendering(node.value) || !isRendered(state, keypath)) return valueOf(node)
    state.changed = true
    return renderText(state, node.value, node)
  }
  const outer = state.changed
  state.changed = false
  const value = node.kind === 'map'
    ? new PyDict(node.entries.map(entry => [valueOf(entry.key), render(state, entry.value, [...keypath, entry.key.kind === 'scalar' ? String(entry.key.text) : ''])]))
    : new PyList(node.items.map((item, index) => render(state, item, [...keypath, index])))
  const same = !state.changed
  state.changed = outer || state.changed
  return same ? valueOf(node) : value
}

/** Native rendering leaves a text without marks alone, but for its line ends: one final newline goes, \r\n becomes \n. */
function needsRendering(text: string): boolean { return text.includes('{') || text.endsWith('\n') || text.includes('\r') }

function renderText(state: State, text: string, node: YamlNode): Value {
  const place = { path: state.path, start: node.start, end: node.end }
  const rendered = state.build.memory.text(`${state.packageName}\0${text}`, text, () => {
    return renderedText(renderYaml(state.build.world, state.packageName, text, { path: place.path, offset: place.start }))
  })
  state.reads.push(rendered.reads)
  if (rendered.problem !== null) state.problem ??= { code: rendered.code, severity: 'error', message: rendered.problem, place }
  if (rendered.unknown !== null) state.unknown ??= rendered.unknown
  return rendered.problem === null ? rendered.value : text
}

export function renderedText({ value, problem, unknown: [unknown], reads }: YamlRendering): RenderedText {
  return { value, problem: problem?.message ?? null, code: problem?.code === 'env-var-missing' || problem?.code === 'var-missing' ? problem.code : 'yaml-template', unknown: unknown ? { code: unknown.code, message: unknown.message } : null, reads }
}

const LATE: ReadonlySet<unknown> = new Set(['tests', 'data_tests', 'description'])
const LATE_IN_1_7: ReadonlySet<unknown> = new Set(['tests', 'description'])

/** SchemaYamlRenderer.should_render_keypath. */
function isRendered({ section, build: { project: { rules } } }: State, path: Keypath): boolean {
  if (!path.length) return true
  if (section === 'sources') {
    if (path[0] === 'description' || path[0] === 'loaded_at_query') return false
    if (path[0] === 'config' && path[1] === 'loaded_at_query') return false
    return !(path[0] === 'tables' && isLate(path.slice(2), rules))
  }
  if (section === 'macros') return !(path[0] === 'arguments' ? isLate(path.slice(1), rules) : isLate(path, rules))
  const filter = path.at(-1) === 'filter' || (path.length > 1 && path.at(-2) === 'filter')
  if (section === 'metrics') return !filter && !isLate(path, rules)
  if (section === 'saved_queries') return !(path[0] === 'query_params' && path[1] === 'where') && !isLate(path, rules)
  return !(path[0] === 'metrics' && filter) && !isLate(path, rules)
}

/** SchemaYamlRenderer._is_norender_key. */
function isLate(path: Keypath, rules: Rules): boolean {
  const late = rules.hasDataTestsKey ? LATE : LATE_IN_1_7
  const [first, second, third, , fifth] = path
  if (path.length >= 1 && (late.has(first) || first === 'loaded_at_query')) return true
  if (path.length === 2 && (late.has(second) || second === 'loaded_at_query')) return true
  if (first === 'config' && (((second === 'pre_hook' || second === 'post_hook') && !rules.rendersHooksInYaml) || second === 'loaded_at_query')) return true
  if (path.length === 5 && fifth === 'description') return true
  if (path.length >= 3 && first === 'versions' && late.has(third)) return true
  if (path.length >= 5 && first === 'versions' && third === 'columns' && late.has(fifth)) return true
  if (path.length >= 3 && ['columns', 'dimensions', 'measures', 'entities', 'metrics'].includes(String(first)) && late.has(third)) return true
  return path.length >= 4 && first === 'derived_semantics' && (second === 'dimensions' || second === 'entities') && late.has(path[3])
}
