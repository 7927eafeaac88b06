// The generic tests of YAML as declarations of nodes. dbt 1.12: parser/schema_generic_tests.py parse_tests, parse_versioned_tests, parse_generic_test.

import { reprOf, strOf } from '../../../jinja/repr.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import { compact, compactMap } from '../../../text/compact.ts'
import type { Place } from '../../../text/span.ts'
import type { YamlNode } from '../../../yaml/nodes.ts'
import { renderYaml } from '../../context/render-yaml.ts'
import type { Reads } from '../../context/types.ts'
import { synthesizedNames, testCode, testHash } from '../../names/test-names.ts'
import { behaves } from '../../nodes/behaviour.ts'
import type { Declaration, TestDeclaration, Version } from '../../nodes/declaration.ts'
import { NO_CHECKSUM, templateOfText } from '../../nodes/source-text.ts'
import { plainParts } from '../../nodes/resource-file.ts'
import type { Build } from './build.ts'
import { nullableText, textList } from './columns.ts'
import type { ColumnSource } from './columns.ts'
import { dictOf, testsOf } from './patches.ts'
import { renderedText } from './render-entry.ts'
import { buildTest } from './test-builder.ts'
import type { BuiltTest } from './test-builder.ts'

/** What tests are written on. */
export interface TestTarget {
  readonly packageName: string
  readonly original_file_path: string
  /** The absolute path of the YAML file, for places. */
  readonly file: string
  /** `models.NAME`, `sources.NAME`. */
  readonly key: string
  readonly name: string
  /** Python's str of what `model` becomes: `ref('x')`, `source('a', 'b')`. */
  readonly call: string
  readonly prefix: '' | 'source_'
  readonly target: TestDeclaration['target']
  readonly version: Version
  readonly quoteColumns: boolean
  /** Tags that come with the target (sources). */
  readonly tags: readonly string[]
  /** Where to complain when nothing better is known. */
  readonly place: Place
}

export interface DeclaredTest { readonly declaration: Declaration }
export interface TestError { readonly message: string; readonly place: Place; readonly code: string; readonly severity: 'error' | 'warning' }
export interface TestDeclarations { readonly tests: readonly Declaration[]; readonly errors: readonly TestError[] }

/**
 * Column tests first (in the order of columns), then those of the whole. `spoiled`: tests of this entry whose `test_name` was taken out of them; dbt 1 does so
 * each time it reads one, and finds none in it for a model's next version.
 */
export function testDeclarations(build: Build, target: TestTarget, columns: readonly ColumnSource[], tests: { readonly value: Value; readonly node: YamlNode | undefined }, reads: Reads[], spoiled = new Set<Value>()): TestDeclarations {
  const result: Collected = { build, target, reads, spoiled, tests: [], errors: [] }
  for (const column of columns) {
    const name = column.value.get('name')
    if (typeof name !== 'string') continue
    const data = dictOf(column.value)
    const own = testsOf(build.project.rules, data, column.node, message => result.errors.push({ message, place: target.place, code: 'yaml-invalid', severity: 'error' }))
    if (own.value === null) continue
    const quote = column.value.get('quote') ?? null
    const config = build.project.rules.columnsHaveConfig ? column.value.get('config') : null
    const tags = [...target.tags, ...textList(column.value.get('tags')), ...config instanceof PyDict ? textList(config.get('tags')) : []]
    addTests(result, own, quote === true || (quote === null && target.quoteColumns) ? quoted(build, name) : name, tags)
  }
  addTests(result, tests, null, target.tags)
  return { tests: compact(result.tests), errors: compact(result.errors) }
}

interface Collected { readonly build: Build; readonly target: TestTarget; readonly reads: Reads[]; readonly spoiled: Set<Value>; readonly tests: Declaration[]; readonly errors: TestError[] }

function quoted(build: Build, name: string): string {
  const { quote } = build.project.adapter
  return `${quote.open}${name}${quote.close}`
}

function addTests(into: Collected, tests: { readonly value: Value; readonly node: YamlNode | undefined }, column: string | null, tags: readonly string[]): void {
  if (tests.value === null) return
  if (!(tests.value instanceof PyList)) {
    into.errors.push({ message: `data_tests must be a list`, place: placeOf(into, tests.node), code: 'yaml-invalid', severity: 'error' })
    return
  }
  tests.value.items.forEach((test, index) => addTest(into, test, tests.node?.kind === 'seq' ? tests.node.items[index] : undefined, column, tags))
}

function placeOf(into: Collected, node: YamlNode | undefined): Place {
  if (!node) return into.target.place
  const key = node.kind === 'map' ? node.entries[0]?.key ?? node : node
  return { path: into.target.file, start: key.start, end: key.end }
}

function addTest(into: Collected, written: Value, node: YamlNode | undefined, column: string | null, columnTags: readonly string[]): void {
  const { build, target, reads } = into
  const place = placeOf(into, node)
  const test = into.spoiled.has(written) && written instanceof PyDict ? new PyDict(written.items().filter(([key]) => key !== 'test_name')) : written
  // dbt 2 leaves what it read as it is.
  if (written instanceof PyDict && written.has('test_name') && !build.project.rules.strictYaml) into.spoiled.add(written)
  const render = (text: string, test: string, key: string): Value => {
    const rendered = build.memory.text(`${target.packageName}\0${text}`, text, () => renderedText(renderYaml(build.world, target.packageName, text, { path: place.path, offset: place.start })))
    reads.push(rendered.reads)
    // dbt 2 parses on.
    if (rendered.problem !== null && !build.project.rules.strictYaml) into.errors.push({ message: notRendered(target, column, test, key, rendered.problem.replace(`Could not render ${text}: `, '')), place, code: 'yaml-template', severity: 'error' })
    return rendered.problem === null ? rendered.value : text
  }
  const built = buildTest(test, {
    configKeys: build.project.rules.testConfigKeys, argumentsProperty: behaves(build.project, 'require_generic_test_arguments_property'), columnName: column, hasDescription: build.project.rules.testsHaveDescription, model: `{{ get_where_subquery(${target.call}) }}`, render,
  })
  if ('message' in built) {
    into.errors.push({ message: built.compiling ? `Invalid generic test configuration given in ${target.original_file_path}: \n${built.message}` : `Invalid test config given in ${target.original_file_path}:\n\t${built.message}`, place, code: 'test-invalid', severity: 'error' })
    return
  }
  if (built.wrongDescription !== null) into.errors.push({ message: `at path ['description']: ${reprOf(built.wrongDescription)} is not of type 'string'`, place, code: 'test-invalid', severity: 'error' })
  into.errors.push(...deprecations(into, built, place))
  const typeName = `${built.namespace === null ? '' : `${built.namespace}_`}${target.prefix}${built.name}`
  const targetName = target.version === null ? target.name : `${target.name}_v${strOf(target.version)}`
  const names = built.given === null ? synthesizedNames(typeName, targetName, built.args) : { short: built.given, full: built.given }
  const config = new Map(built.config)
  if (names.short !== names.full && !config.has('alias')) config.set('alias', names.short)
  const tags = compact([...new Set([...columnTags, ...built.tags])].toSorted())
  into.tests.push(declarationOf(into, built, names, config, tags, column, place))
}

/** TestBuilder._render_values: CustomMacroPopulatingConfigValueError, or what else fails in a value of the config. */
function notRendered(target: TestTarget, column: string | null, test: string, key: string, message: string): string {
  const said = /is undefined$|has no (attribute|element)/.test(message)
    ? `The ${target.name}.${column ?? 'None'} column's "${test}" test references an undefined macro in its ${key} configuration argument. The macro ${message}.\nPlease note that the generic test configuration parser currently does not support using custom macros to populate configuration values`
    : message
  return `Invalid generic test configuration given in ${target.original_file_path}: \n${said}`
}

/** dbt 1.10 and later: MissingArgumentsPropertyInGenericTestDeprecation, PropertyMovedToConfigDeprecation; dbt 2 refuses the first. */
function deprecations({ build, target }: Collected, built: BuiltTest, place: Place): TestError[] {
  const { project } = build
  const path = target.original_file_path
  if (built.topLevelArguments && project.rules.strictYaml) {
    return [{ message: `Deprecated test arguments: [${[...built.args.keys()].filter(key => key !== 'column_name' && key !== 'model').map(key => JSON.stringify(key)).join(', ')}] at top-level detected. Please migrate to the new format under the 'arguments' field: https://docs.getdbt.com/reference/deprecations#missingargumentspropertyingenerictestdeprecation.`, place, code: 'test-arguments', severity: 'error' }]
  }
  if (project.rules.strictYaml && built.topLevelConfig.length) {
    return [{ message: `Deprecated test configs: [${built.topLevelConfig.map(key => JSON.stringify(key)).join(', ')}] at top-level detected. Please migrate under the 'config' field.`, place, code: 'key-deprecated', severity: 'error' }]
  }
  if (project.rules.strictYaml || !project.rules.saysTestDeprecations || target.packageName !== project.root.name) return []
  const shown = `${built.namespace === null ? '' : `${built.namespace}.`}${built.name}`
  const moved = built.topLevelConfig.map((key): TestError => {
    const at = `data_tests.${shown}.${key}`
    return { message: `Found \`${key}\` as a top-level property of \`${at}\` in file \`${path}\`. The \`${key}\` top-level property should be moved into the \`config\` of \`${at}\`.`, place, code: 'key-deprecated', severity: 'warning' }
  })
  return built.topLevelArguments
    ? [...moved, { message: `Found top-level arguments to test \`${shown}\` defined on '${target.name}' in package '${target.packageName}' (${path}). Arguments to generic tests should be nested under the \`arguments\` property.`, place, code: 'test-arguments', severity: 'warning' }]
    : moved
}

/** TestBuilder.get_static_config before dbt 1.9: tags are the node's alone, the severity is made upper case. */
function staticConfig(config: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  const found = new Map(config)
  found.delete('tags')
  const severity = config.get('severity')
  if (typeof severity === 'string') found.set('severity', severity.toUpperCase())
  return found
}

function declarationOf({ build, target }: Collected, built: Exclude<ReturnType<typeof buildTest>, { readonly message: string }>, names: { readonly short: string; readonly full: string }, config: ReadonlyMap<string, Value>, tags: readonly string[], column: string | null, place: Place): Declaration {
  const code = testCode(built.namespace, built.name, config)
  const folders = plainParts(target.original_file_path).slice(1, -1)
  return {
    type: 'test', unique_id: `test.${target.packageName}.${names.full}.${testHash(names.full, built.namespace, built.name, build.project.rules.testHashHasNestedConfig && built.configInArguments !== null ? new Map([...built.args, ['config', built.configInArguments]]) : built.args, build.project.rules)}`, name: names.full, package_name: target.packageName,
    path: `${names.short}.sql`, original_file_path: target.original_file_path, fqn: compact([target.packageName, ...folders, names.full]), language: 'sql', raw_code: code, offset: null,
    checksum: NO_CHECKSUM, place, template: () => templateOfText(code), index: null, tags, preset: null, error: null,
    test: {
      name: built.name, namespace: built.namespace, kwargs: built.args, config: compactMap(build.project.rules.testConfigKeys === 'listed' ? staticConfig(config) : config), column_name: column ?? (build.project.rules.testColumnFromArguments ? nullableText(built.args.get('column_name')) : null), file_key_name: target.key, description: built.description, target: target.target,
    },
  }
}
