// Completion in property files: keys where they belong, names of models, macros, columns and tests, configuration and its values.
// The place is read from indentation (yaml-context.ts), so that a line half typed is as good as a whole one.

import { callableMacros } from './macros.ts'
import { configKeys, configValues } from './complete-config.ts'
import { knownKeys, knownValues } from '../dbt/schema/known.ts'
import { propertyKeys } from './property-keys.ts'
import { ranked } from './ranking.ts'
import { parametersOf } from './signature-help.ts'
import type { Completion, CompletionList } from './types.ts'
import type { SourceFile } from '../dbt/files.ts'
import type { ResourceType } from '../dbt/nodes/types.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import { macroNamed, manifestMacro } from './macros.ts'
import { keyNames, listNames, namesAt } from './yaml-values.ts'
import { testMacro } from './yaml-names.ts'
import { yamlContext, type YamlContext } from './yaml-context.ts'

const NOTHING: CompletionList = { items: [], incomplete: false }

export function yamlCompletion(snapshot: Snapshot, path: string, file: SourceFile, offset: number): CompletionList {
  if (!snapshot.resources.get(path)?.some((each) => each.kind === 'schema')) return NOTHING
  const context = yamlContext(file.text, offset)
  const colon = /^\s*:/.test(file.text.slice(context.span.end)) ? '' : ': '
  const items = context.valueOf === null ? keyItems(snapshot, path, context, colon) : valueItems(snapshot, path, context, context.valueOf)
  return items.length > 0 ? ranked(items, context.typed) : NOTHING
}

const TYPES: ReadonlyMap<string, ResourceType> = new Map(Object.entries<ResourceType>({ models: 'model', seeds: 'seed', snapshots: 'snapshot', analyses: 'analysis', data_tests: 'test', tests: 'test', functions: 'function', sources: 'source', exposures: 'exposure', metrics: 'metric', semantic_models: 'semantic_model', saved_queries: 'saved_query', unit_tests: 'unit_test', groups: 'group' }))

function keyItems(snapshot: Snapshot, path: string, { path: keys, siblings, span }: YamlContext, colon: string): Completion[] {
  const item = (key: string, documentation: string, detail = ''): Completion => ({ label: key, kind: 'value', detail, documentation, insert: `${key}${colon}`, span, sort: key })
  const last = keys.at(-1)
  if (last === 'config' && !keys.includes('exports')) return inTest(keys) ? configKeys(snapshot, 'test', span, (key) => `${key}${colon}`, siblings) : configKeys(snapshot, TYPES.get(keys[0] ?? '') ?? 'model', span, (key) => `${key}${colon}`, siblings)
  const list = last === '-' ? keys.at(-2) : undefined
  if (list === 'tests' || list === 'data_tests') {
    // `tests:` at the root holds properties of singular tests, not test names.
    if (keys.length > 2) return testNames(snapshot).map(([name, from]): Completion => ({ label: name, kind: 'test', detail: from, documentation: '', insert: name, span, sort: `${from === 'dbt' ? '1' : '0'}${name}` }))
  }
  if (inTest(keys) && last !== '-' && last !== undefined) {
    const name = last === 'arguments' ? (keys.at(-2) ?? '') : last
    const macro = macroNamed(snapshot, path, testMacro(name))
    const parameters = macro ? parametersOf(snapshot, macro).filter((each) => each.name !== 'model' && each.name !== 'column_name') : []
    const more = last === 'arguments' ? [] : [item('arguments', 'Arguments of the test.'), item('config', 'Configuration of the test.'), item('name', 'Name of the test.'), item('description', 'What is tested.')]
    return [...parameters.map((each) => item(each.name, each.documentation, each.shown)), ...more].filter((each) => !siblings.has(each.label))
  }
  const inKeys = keyNames({ snapshot, path, keys, offset: span.start })
  if (inKeys.length > 0) return inKeys.filter((each) => !siblings.has(each)).map((each) => item(each, ''))
  const told = propertyKeys(keys)
  const named = new Set(told.map((each) => each.key))
  const known = knownKeys(snapshot.project.rules.name, keys).filter((key) => !named.has(key)).map((key) => ({ key, description: '' }))
  const names = last === '-' ? listNames({ snapshot, path, keys, offset: span.start }) : []
  return [...names.map((name): Completion => ({ label: name, kind: 'value', detail: '', documentation: '', insert: name, span, sort: name })), ...(names.length > 0 ? [] : [...told, ...known]).filter((each) => !siblings.has(each.key)).map((each) => item(each.key, each.description))]
}

function valueItems(snapshot: Snapshot, path: string, { path: keys, span }: YamlContext, key: string): Completion[] {
  const item = (label: string, kind: Completion['kind'], detail: string, documentation = ''): Completion => ({ label, kind, detail, documentation, insert: label, span, sort: label })
  const section = keys[0] ?? ''
  const last = keys.at(-1)
  if (last === 'config') {
    const values = configValues(snapshot, key, span, (value) => value)
    if (values.length > 0) return values
  }
  if (key === 'access' || key === 'group') return configValues(snapshot, key, span, (value) => value)
  if (key === 'name' && keys.length === 2) {
    const type = section === 'models' || section === 'seeds' || section === 'snapshots' ? TYPES.get(section) ?? null : section === 'analyses' ? 'analysis' : null
    if (type) return [...snapshot.manifest.nodes.values()].filter((node) => node.resource_type === type).map((node) => item(node.name, type === 'seed' || type === 'snapshot' ? type : 'model', node.package_name, node.description))
    if (section === 'macros') return callableMacros(snapshot, path).filter((each) => !each.name.includes('.')).map(({ macro }) => item(macro.name, 'macro', macro.package_name, manifestMacro(snapshot, macro).description))
  }
  if (section === 'unit_tests' && key === 'model') return [...snapshot.manifest.nodes.values()].filter((node) => node.resource_type === 'model').map((node) => item(node.name, 'model', node.package_name, node.description))
  if (section === 'exposures' && key === 'type') return ['dashboard', 'notebook', 'analysis', 'ml', 'application'].map((value) => item(value, 'value', 'type'))
  if (section === 'exposures' && key === 'maturity') return ['high', 'medium', 'low'].map((value) => item(value, 'value', 'maturity'))
  if (keys.at(-2) === 'constraints' && key === 'type') return ['not_null', 'unique', 'primary_key', 'foreign_key', 'check', 'custom'].map((value) => item(value, 'value', 'constraint'))
  const names = namesAt({ snapshot, path, keys, offset: span.start }, key)
  return (names.length > 0 ? names : valuesAt(snapshot, keys, key)).map((value) => item(value, 'value', key))
}

function valuesAt(snapshot: Snapshot, keys: readonly string[], key: string): readonly string[] {
  const own = VALUES.get(`${keys.filter((each) => each !== '-').slice(-1).join('')}.${key}`)
  return own ?? knownValues(snapshot.project.rules.name, keys, key)
}

/** Values that dbt's classes take as any text, though only these mean something. */
const VALUES: ReadonlyMap<string, readonly string[]> = new Map([
  ['entities.type', ['primary', 'unique', 'foreign', 'natural']], ['dimensions.type', ['categorical', 'time']], ['type_params.time_granularity', ['day', 'week', 'month', 'quarter', 'year', 'hour', 'minute', 'second']],
  ['measures.agg', ['sum', 'min', 'max', 'average', 'median', 'percentile', 'count', 'count_distinct', 'sum_boolean']], ['metrics.type', ['simple', 'ratio', 'derived', 'cumulative', 'conversion']],
  ['config.export_as', ['table', 'view']], ['warn_after.period', ['minute', 'hour', 'day']], ['error_after.period', ['minute', 'hour', 'day']], ['build_after.period', ['minute', 'hour', 'day']],
  ['given.format', ['dict', 'csv', 'sql']], ['expect.format', ['dict', 'csv', 'sql']], ['columns.granularity', ['day', 'week', 'month', 'quarter', 'year', 'hour', 'minute', 'second']],
])

function inTest(keys: readonly string[]): boolean {
  const at = Math.max(keys.lastIndexOf('tests'), keys.lastIndexOf('data_tests'))
  return at > 0 && keys[at + 1] === '-'
}

/** Generic tests by the name that YAML calls them by. */
function testNames(snapshot: Snapshot): (readonly [string, string])[] {
  const names: (readonly [string, string])[] = []
  const root = snapshot.project.root.name
  for (const macro of snapshot.world.macros.byId.values()) {
    if (!macro.name.startsWith('test_')) continue
    const name = macro.name.slice('test_'.length)
    names.push([macro.internal || macro.package_name === root ? name : `${macro.package_name}.${name}`, macro.package_name])
  }
  return names
}
