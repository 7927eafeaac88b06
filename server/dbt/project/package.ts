// dbt_project.yml of one package to a Package: dbt's defaults, legacy keys and refusals (contracts/project.py Project, config/project.py create_project).
// What dbt refuses is a problem at its place in dbt's words, and the default stands in, so that the rest of the project still works.

import { reprOf } from '../../jinja/repr.ts'
import { PyDict, PyList, PyTuple, type Value } from '../../jinja/value.ts'
import type { YamlDocument, YamlMap, YamlNode } from '../../yaml/nodes.ts'
import type { SourceFile } from '../files.ts'
import type { Problem } from '../problem.ts'
import type { Rules } from '../rules/rules.ts'
import { parseSpecifier } from '../rules/semver.ts'
import { classesOf, stepInto } from '../schema/schema.ts'
import { firstError, pathText } from '../schema/validate.ts'
import { isRenderedInProject, renderNode, type Rendering } from './render.ts'
import type { HookText, Package, ResourcePaths } from './types.ts'
import { textEntries, valueOf, variableValue, yamlValue } from './yaml-values.ts'

export interface PackageInput {
  readonly root: string
  readonly isRoot: boolean
  readonly file: SourceFile
  readonly document: YamlDocument
  readonly rendering: Rendering
  readonly rules: Rules
  /** Values of vars.yml; null when there is none or it doesn't count. */
  readonly varsFile: ReadonlyMap<string, Value> | null
}

/** Problems go to `rendering.problems`. A package without a usable name is called after its directory. */
export function readPackage(input: PackageInput): Package {
  const top = input.document.root?.kind === 'map' ? input.document.root : null
  const reading: Reading = { input, problems: input.rendering.problems, path: input.file.path, values: new Map(), nodes: new Map(), failed: new Set() }
  const broken = input.document.problems.some((problem) => problem.kind === 'syntax' || problem.kind === 'value')
  if (top) readKeys(reading, top)
  else if (!broken && input.rendering.problems.every(({ place }) => place.path !== input.file.path)) report(reading, 'dbt_project.yml does not parse to a dictionary', { start: 0, end: firstLineEnd(input.file.text) })
  const paths = resourcePaths(reading)
  const dictionaries = configBlocks(reading)
  return {
    name: nameOf(reading, top !== null && !broken),
    root: input.root, isRoot: input.isRoot, file: input.file, document: input.document, paths,
    configs: dictionaries.rendered, unrenderedConfigs: dictionaries.raw,
    vars: varsOf(reading),
    dispatch: dispatchOf(reading),
    onRunStart: hooks(reading, 'on-run-start'), onRunEnd: hooks(reading, 'on-run-end'),
    quoting: quotingOf(reading),
    restrictAccess: booleanOf(reading, 'restrict-access', false),
    requireDbtVersion: requireDbtVersionOf(reading),
    version: versionOf(reading),
    profile: reading.nodes.get('profile') ?? null,
    packagesInstallPath: textOf(reading, 'packages-install-path') ?? 'dbt_packages',
    targetPath: textOf(reading, 'target-path'),
  }
}

interface Reading {
  readonly input: PackageInput
  readonly problems: Problem[]
  readonly path: string
  /** Rendered values by key. */
  readonly values: Map<string, Value>
  readonly nodes: Map<string, YamlNode>
  /** Nodes in which something could not be rendered: that was said already, their values are not checked any more. */
  readonly failed: Set<YamlNode>
}

const BLOCKS = ['models', 'seeds', 'snapshots', 'sources', 'data_tests', 'unit_tests', 'analyses', 'functions', 'exposures', 'metrics', 'semantic-models', 'saved-queries'] as const
const CONFIGS: ReadonlySet<string> = new Set(BLOCKS)

/** Known keys, with the first rule set that knows them where that isn't the first. */
const KEYS: ReadonlyMap<string, (rules: Rules) => boolean> = new Map<string, (rules: Rules) => boolean>([
  ...['name', 'config-version', 'version', 'project-root', 'source-paths', 'model-paths', 'macro-paths', 'data-paths', 'seed-paths', 'test-paths', 'analysis-paths',
    'docs-paths', 'asset-paths', 'target-path', 'snapshot-paths', 'clean-targets', 'profile', 'log-path', 'packages-install-path', 'quoting', 'on-run-start', 'on-run-end',
    'require-dbt-version', 'dispatch', 'models', 'seeds', 'snapshots', 'analyses', 'sources', 'tests', 'metrics', 'semantic-models', 'saved-queries', 'exposures', 'vars',
    'packages', 'query-comment', 'restrict-access', 'dbt-cloud'].map((key) => [key, () => true] as const),
  ['unit_tests', (rules: Rules) => rules.hasUnitTests], ['flags', () => true],
  ['data_tests', (rules: Rules) => rules.hasDataTestsKey], ['functions', (rules: Rules) => rules.hasFunctions], ['function-paths', (rules: Rules) => rules.hasFunctions], ['osi-paths', (rules: Rules) => rules.hasOsiPaths],
])

/** Keys whose values nothing else here reads. */
const CHECKED_BY_SCHEMA = ['query-comment', 'clean-targets', 'log-path', 'target-path', 'profile', 'packages-install-path', 'dbt-cloud'] as const

const renamed = (old: string, now: string): string => `The \`${old}\` config has been renamed to \`${now}\`. Please update your \`dbt_project.yml\` configuration to reflect this change.`
const dropped = (key: string, what: string, flag: string, variable: string): string => `The \`${key}\` config in \`dbt_project.yml\` has been deprecated, and will no longer be supported in a future version of dbt-core. If you wish to write dbt ${what} to a custom directory, please use the ${flag} CLI flag or ${variable} env var instead.`
/** Said again, they are no news to dbt. */
const DEFAULT_PATHS: { readonly [key: string]: string } = { 'log-path': 'logs', 'target-path': 'target' }
const RENAMED: readonly (readonly [string, string])[] = [
  ['source-paths', renamed('source-paths', 'model-paths')], ['data-paths', renamed('data-paths', 'seed-paths')],
  ['log-path', dropped('log-path', 'logs', '--log-path', 'DBT_LOG_PATH')], ['target-path', dropped('target-path', 'artifacts', '--target-path', 'DBT_TARGET_PATH')],
]

const RESERVED = new Set(['_sql_results', 'adapter', 'api', 'column', 'config', 'context', 'database', 'env', 'env_var', 'exceptions', 'execute', 'flags', 'fromjson', 'fromyaml',
  'graph', 'invocation_id', 'load_agate_table', 'load_result', 'log', 'model', 'modules', 'post_hooks', 'pre_hooks', 'ref', 'render', 'return', 'run_started_at', 'schema', 'source',
  'sql', 'sql_now', 'store_result', 'store_raw_result', 'target', 'this', 'tojson', 'toyaml', 'try_or_compiler_error', 'var', 'write'])

function readKeys(reading: Reading, top: YamlMap): void {
  const { input } = reading
  const unknown: { key: string; start: number; end: number }[] = []
  const keys = textEntries(top)
  const hasDataTests = keys.some(({ key }) => key === 'data_tests')
  for (const { key: written, keyNode, value } of keys) {
    const known = KEYS.get(written)
    if (!known?.(input.rules)) unknown.push({ key: written, start: keyNode.start, end: keyNode.end })
    const key = written === 'tests' && !hasDataTests ? 'data_tests' : written
    reading.nodes.set(key, value)
    if (key !== written) reading.nodes.set(written, value)
    // on-run hooks, vars and query-comment stay as they are; see isRenderedInProject
    const before = reading.problems.length
    reading.values.set(key, renderNode(value, CONFIGS.has(key) ? { ...input.rendering, keepsUnknown: true } : input.rendering, isRenderedInProject, [key]))
    if (reading.problems.length > before) reading.failed.add(value)
  }
  const first = unknown[0]
  if (first) {
    const names = unknown.map(({ key }) => `'${key}'`).toSorted()
    report(reading, `at path []: Additional properties are not allowed (${names.join(', ')} ${names.length === 1 ? 'was' : 'were'} unexpected)`, first, 'config-unknown')
  }
  const schema = classesOf(input.rules.name)('Project')
  for (const key of CHECKED_BY_SCHEMA) {
    const value = reading.values.get(key)
    const error = value === undefined || input.rules.strictYaml || !schema || reading.failed.has(reading.nodes.get(key) as YamlNode) ? null : firstError(stepInto(schema, key) ?? schema, value)
    if (error) report(reading, `at path ${pathText([key, ...error.path])}: ${error.message}`, reading.nodes.get(key))
  }
  for (const [key, message] of input.isRoot && !input.rules.strictYaml ? RENAMED : []) {
    const node = keys.find((each) => each.key === key)?.keyNode
    if (node && reading.values.get(key) !== DEFAULT_PATHS[key]) reading.problems.push({ code: 'key-deprecated', severity: 'warning', message, place: { path: reading.path, start: node.start, end: node.end }, data: { key, near: key === 'source-paths' ? 'model-paths' : key === 'data-paths' ? 'seed-paths' : null } })
  }
  if (reading.nodes.has('tests') && hasDataTests) report(reading, "at path []: Invalid project config: cannot have both 'tests' and 'data_tests' defined", reading.nodes.get('tests'))
  for (const [old, current] of [['source-paths', 'model-paths'], ['data-paths', 'seed-paths']] as const) {
    if (!reading.nodes.has(old) || !reading.nodes.has(current)) continue
    report(reading, `${old} and ${current} cannot both be defined. The \`${old}\` config has been deprecated in favor of \`${current}\`. Please update your \`dbt_project.yml\` configuration to reflect this change.`, reading.nodes.get(old))
  }
}

function nameOf(reading: Reading, mustBeThere: boolean): string {
  const fallback = reading.input.root.slice(reading.input.root.lastIndexOf('/') + 1)
  const node = reading.nodes.get('name')
  if (!node) {
    if (mustBeThere) report(reading, 'Required "name" field not present in project', { start: 0, end: firstLineEnd(reading.input.file.text) })
    return fallback
  }
  const value = reading.values.get('name') ?? null
  if (typeof value !== 'string') {
    report(reading, `at path ['name']: ${pythonRepr(value)} is not of type 'string'`, node)
    return typeof value === 'bigint' ? String(value) : fallback
  }
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(value)) report(reading, `at path ['name']: ${pythonRepr(value)} does not match '^[^\\\\d\\\\W]\\\\w*$'`, node)
  else if (RESERVED.has(value)) report(reading, `at path []: Invalid project name: ${value} is a reserved word`, node)
  return value
}

function resourcePaths(reading: Reading): ResourcePaths {
  const model = pathList(reading, 'model-paths') ?? pathList(reading, 'source-paths') ?? ['models']
  const seed = pathList(reading, 'seed-paths') ?? pathList(reading, 'data-paths') ?? ['seeds']
  const macro = pathList(reading, 'macro-paths') ?? ['macros']
  const test = pathList(reading, 'test-paths') ?? ['tests']
  const analysis = pathList(reading, 'analysis-paths') ?? reading.input.rules.analysisPaths
  const snapshot = pathList(reading, 'snapshot-paths') ?? ['snapshots']
  const functions = reading.input.rules.hasFunctions ? pathList(reading, 'function-paths') ?? ['functions'] : []
  const properties = [...new Set([...model, ...seed, ...snapshot, ...analysis, ...macro, ...test, ...functions].map((path) => path.replace(/\/+$/, '')))]
  return {
    model, seed, snapshot, analysis, macro, test, function: functions, properties,
    docs: pathList(reading, 'docs-paths') ?? properties, asset: pathList(reading, 'asset-paths') ?? [],
  }
}

function pathList(reading: Reading, key: string): readonly string[] | null {
  const value = reading.values.get(key) ?? null
  if (value === null) return null
  if ((value instanceof PyList || value instanceof PyTuple) && value.items.every((item) => typeof item === 'string')) return value.items as string[]
  report(reading, `at path ['${key}']: ${pythonRepr(value)} is not valid under any of the given schemas`, reading.nodes.get(key))
  return null
}

function configBlocks(reading: Reading): { rendered: ReadonlyMap<string, Value>; raw: ReadonlyMap<string, Value> } {
  const rendered = new Map<string, Value>()
  const raw = new Map<string, Value>()
  for (const key of BLOCKS) {
    const node = reading.nodes.get(key)
    if (!node) continue
    const value = reading.values.get(key) ?? null
    if (value instanceof PyDict) {
      rendered.set(key, value)
      if (key !== 'data_tests' || !reading.nodes.has('tests') || !reading.input.rules.unrenderedTestsByNewKey) raw.set(key, yamlValue(node))
    }
    else if (value !== null || !['models', 'seeds', 'snapshots'].includes(key)) report(reading, `at path ['${key}']: ${pythonRepr(value)} is not of type 'object'`, node)
  }
  return { rendered, raw }
}

function varsOf(reading: Reading): ReadonlyMap<string, Value> {
  const { varsFile } = reading.input
  const node = reading.nodes.get('vars')
  const value = reading.values.get('vars') ?? null
  if (varsFile && varsFile.size > 0) {
    if (value instanceof PyDict && value.entries.size > 0) report(reading, 'Variables cannot be defined in both vars.yml and dbt_project.yml. ', node)
    return varsFile
  }
  if (value === null) return new Map()
  const variables = variableValue(node ?? null)
  if (variables instanceof PyDict) return textMap(variables)
  report(reading, `at path ['vars']: ${pythonRepr(value)} is not valid under any of the given schemas`, node)
  return new Map()
}

function dispatchOf(reading: Reading): Package['dispatch'] {
  const node = reading.nodes.get('dispatch')
  const value = reading.values.get('dispatch') ?? null
  if (!node || value === null) return []
  if (!(value instanceof PyList)) {
    report(reading, `at path ['dispatch']: ${pythonRepr(value)} is not of type 'array'`, node)
    return []
  }
  return value.items.flatMap((item, index) => {
    const place = node.kind === 'seq' ? node.items[index] ?? node : node
    const namespace = item instanceof PyDict ? item.get('macro_namespace') : undefined
    const order = item instanceof PyDict ? item.get('search_order') : undefined
    if (namespace === undefined || !(order instanceof PyList)) {
      report(reading, item instanceof PyDict ? `at path []: Invalid project dispatch config: ${pythonRepr(item)}` : `at path ['dispatch'][${index}]: ${pythonRepr(item)} is not of type 'object'`, place)
      return []
    }
    return [{ macro_namespace: String(namespace), search_order: order.items.filter((each): each is string => typeof each === 'string') }]
  })
}

function hooks(reading: Reading, key: string): HookText[] {
  const node = reading.nodes.get(key)
  if (!node || (node.kind === 'scalar' && node.value === null)) return []
  const items = node.kind === 'seq' ? node.items : [node]
  if (!items.every((item) => item.kind === 'scalar' && typeof item.value === 'string')) {
    report(reading, `at path ['${key}']: ${pythonRepr(reading.values.get(key) ?? null)} is not valid under any of the given schemas`, node)
  }
  return items.flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? [{ sql: item.value, start: item.start, end: item.end }] : []))
}

const QUOTING = new Set(['database', 'schema', 'identifier', 'column', 'project', 'snowflake_ignore_case'])

function quotingOf(reading: Reading): ReadonlyMap<string, boolean> {
  const value = reading.values.get('quoting') ?? null
  if (value === null) return new Map()
  const entries = value instanceof PyDict ? value.items() : null
  if (!entries || entries.some(([key, each]) => typeof key !== 'string' || !QUOTING.has(key) || (each !== null && typeof each !== 'boolean'))) {
    report(reading, `at path ['quoting']: ${pythonRepr(value)} is not valid under any of the given schemas`, reading.nodes.get('quoting'))
  }
  return new Map((entries ?? []).flatMap(([key, each]) => (typeof key === 'string' && QUOTING.has(key) && typeof each === 'boolean' ? [[key, each] as const] : [])))
}

function requireDbtVersionOf(reading: Reading): readonly string[] {
  const value = reading.values.get('require-dbt-version') ?? null
  const texts = typeof value === 'string' ? value.split(',') : value instanceof PyList ? value.items.filter((item): item is string => typeof item === 'string') : []
  const bad = texts.find((text) => !parseSpecifier(text))
  if (bad !== undefined) report(reading, `"${bad}" is not a valid semantic version.`, reading.nodes.get('require-dbt-version'))
  return texts
}

function versionOf(reading: Reading): string | null {
  const value = reading.values.get('version') ?? null
  if (value === null) return null
  if (typeof value === 'number' || typeof value === 'bigint') return pythonRepr(value)
  if (typeof value === 'string' && VERSION.test(value)) return value
  report(reading, `at path ['version']: ${pythonRepr(value)} is not valid under any of the given schemas`, reading.nodes.get('version'))
  return null
}

/** contracts/project.py sem_ver_pattern: what anyOf accepts of texts ('0.1' passes, '1' and '1.0.0.0' do not). */
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)(\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?)?$/

function booleanOf(reading: Reading, key: string, byDefault: boolean): boolean {
  const value = reading.values.get(key)
  if (value === undefined) return byDefault
  if (typeof value === 'boolean') return value
  report(reading, `at path ['${key}']: ${pythonRepr(value)} is not of type 'boolean'`, reading.nodes.get(key))
  return byDefault
}

function textOf(reading: Reading, key: string): string | null {
  const value = reading.values.get(key) ?? null
  if (value === null || typeof value === 'string') return value
  report(reading, `at path ['${key}']: ${pythonRepr(value)} is not valid under any of the given schemas`, reading.nodes.get(key))
  return null
}

/** The `flags:` of a project file, scalars with their places; before rendering, as dbt reads them. */
export function projectFlagNodes(document: YamlDocument, key: 'flags' | 'config'): { readonly key: string; readonly value: YamlNode }[] {
  const flags = valueOf(document.root, key)
  return flags?.kind === 'map' ? textEntries(flags) : []
}

export function textMap(dict: PyDict): ReadonlyMap<string, Value> {
  return new Map(dict.items().flatMap(([key, value]) => (typeof key === 'string' ? [[key, value] as const] : [])))
}

/** Values of configuration files hold no unknowns, so their repr always exists. */
function pythonRepr(value: Value): string { return reprOf(value) }

function report(reading: Reading, message: string, place: YamlNode | { readonly start: number; readonly end: number } | undefined, code = 'project-invalid'): void {
  if (place && 'kind' in place && reading.failed.has(place)) return
  reading.problems.push({ code, severity: 'error', message, place: { path: reading.path, start: place?.start ?? 0, end: place?.end ?? 0 } })
}

function firstLineEnd(text: string): number {
  const end = text.search(/[\r\n]/)
  return end < 0 ? text.length : end
}
