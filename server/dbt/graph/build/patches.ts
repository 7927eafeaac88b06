// YAML entries of models, seeds, snapshots, analyses, functions and singular tests as patches of nodes, versions included.
// dbt 1.12: parser/schemas.py PatchParser.get_unparsed_target, _get_node_patch, ModelPatchParser.parse_patch; contracts/graph/unparsed.py.

import { isoDate, isoDatetime, PyDate, PyDatetime } from '../../../jinja/python/datetime.ts'
import { reprOf, strOf } from '../../../jinja/repr.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import { compact } from '../../../text/compact.ts'
import type { Place } from '../../../text/span.ts'
import type { YamlNode } from '../../../yaml/nodes.ts'
import { deepMerge } from '../../names/config.ts'
import type { Rules } from '../../rules/rules.ts'
import type { Version } from '../../nodes/declaration.ts'
import { textSpan } from '../../nodes/property-file.ts'
import type { PropertyEntry } from '../../nodes/property-file.ts'
import { momentOf, under, valueOf } from '../../nodes/yaml-values.ts'
import type { Config } from '../../nodes/types.ts'
import { columnSources, columnsOf, configOf, constraintOf, listOf, textOr } from './columns.ts'
import type { ColumnSource } from './columns.ts'
import { configPlaces } from './config-places.ts'
import type { RenderedEntry } from './render-entry.ts'
import { timeSpineRefusal } from './time-spine.ts'
import type { NodePatch } from './work.ts'

/** One version of a model: which file it may be, and its patch. */
export interface VersionPatch {
  readonly patch: NodePatch
  /** `defined_in` or `<name>_v<v>`. */
  readonly fileName: string
  readonly place: Place
  /** The tests of this version; null: the model's own. */
  readonly tests: { readonly value: Value; readonly node: YamlNode | undefined } | null
  readonly columns: readonly ColumnSource[]
}

export interface EntryPatches {
  readonly name: string
  /** Null when there are versions. */
  readonly patch: NodePatch | null
  readonly versions: readonly VersionPatch[]
  readonly columns: readonly ColumnSource[]
  readonly tests: { readonly value: Value; readonly node: YamlNode | undefined }
  readonly quoteColumns: boolean
  /** dbt's messages with places; any of them stops dbt. */
  readonly errors: readonly { readonly message: string; readonly place: Place }[]
}

/** `packageName` and `path` (original_file_path) are those of the YAML file. */
export function entryPatches(entry: PropertyEntry, rendered: RenderedEntry, packageName: string, path: string, rules: Rules): EntryPatches {
  const { section, node, file } = entry
  const errors: EntryPatches['errors'][number][] = []
  const place = (at: YamlNode | undefined): Place => at ? { path: file.path, ...textSpan(at) } : { path: file.path, ...entry.nameSpan }
  const data = new Map<string, Value>(rendered.value.items().map(([key, value]) => [strOf(key), value]))
  const config = normalisedConfig(data, section === 'macros' ? 'stay' : rules.movesKeysIntoConfig ? 'move' : 'go', (attribute, at) => {
    errors.push({ message: `In ${path}: found ${attribute} dictionary in 'config' dictionary and as top-level key.\n                    Remove the top-level key and define it under 'config' dictionary only.`, place: place(under(node, at) ?? node) })
  })
  const columns = columnSources(data.get('columns'), under(node, 'columns'))
  const tests = testsOf(rules, data, node, message => errors.push({ message, place: place(under(node, 'tests')) }))
  const typed = columnsOf(columns, file.path, rules)
  if (typed.error) errors.push({ message: typed.error.message, place: place(typed.error.node) })
  if (section === 'models' && data.get('time_spine')) {
    const latest = data.get('latest_version')
    const version = latest ? listOf(data.get('versions')).find((each): each is PyDict => each instanceof PyDict && each.get('v') === latest) : undefined
    const refusal = timeSpineRefusal(rendered.name, data.get('time_spine'), (version ? versionColumns(version.get('columns'), undefined, columns) : columns).map(({ value }) => value), Boolean(latest))
    if (refusal) errors.push({ message: refusal.message, place: place(under(under(node, 'time_spine'), refusal.key)) })
  }
  const constraintsNode = under(node, 'constraints')
  const rawConfig = valueOf(node)
  const base: NodePatch = {
    section: section === 'data_tests' ? null : section, name: rendered.name, packageName, original_file_path: path, place: { path: file.path, start: entry.nameSpan.start, end: entry.nameSpan.end },
    description: textOr(data.get('description'), ''), columns: typed.columns, config: configOf(config), unrendered: configNode(rawConfig), configPlaces: compact(configPlaces(file.path, [node])),
    constraints: compact(listOf(data.get('constraints')).map(item => constraintOf(item, true, rules))), constraintPlaces: compact(itemPlaces(constraintsNode, file.path)),
    version: null, latest_version: null, deprecation_date: dateText(data.get('deprecation_date')), whole: section !== 'data_tests',
    properties: section === 'functions' ? functionProperties(data) : section === 'models' ? modelProperties(data) : NO_PROPERTIES, unknown: rendered.unknown,
  }
  const dated = data.get('deprecation_date')
  if (section === 'models' && typeof dated === 'string' && momentOf(dated) === null && !/^\d/.test(dated)) {
    errors.push({ message: `Field "deprecation_date" of type Optional[datetime] in UnparsedModelUpdate has invalid value ${reprOf(dated)}`, place: place(under(node, 'deprecation_date')) })
  }
  if (section === 'models' && data.get('latest_version') && listOf(data.get('versions')).length === 0) {
    errors.push({ message: `latest_version: ${strOf(data.get('latest_version') ?? null)} is not one of model '${rendered.name}' versions: [] `, place: place(under(node, 'latest_version')) })
  }
  const versions = section === 'models' ? versionPatches({ ...entry, name: rendered.name }, data, config, columns, base, errors, rules) : []
  return { name: rendered.name, patch: versions.length ? null : base, versions: compact(versions), columns, tests, quoteColumns: data.get('quote_columns') === true, errors: compact(errors) }
}

const ACCESS: ReadonlySet<string> = new Set(['private', 'protected', 'public'])
const NO_PROPERTIES: Config = new Map()

/** normalize_*_attribute: some top-level keys are config. Answers the config dict; `data` loses the keys. dbt 2 passes them over: they `go`. */
function normalisedConfig(data: Map<string, Value>, keys: 'stay' | 'move' | 'go', twice: (attribute: string, key: string) => void): PyDict {
  const given = data.get('config')
  const config = new PyDict(given instanceof PyDict ? given.items() : [])
  if (keys === 'stay') return config
  for (const attribute of ['meta', 'docs', 'group', 'contract', 'access']) {
    if (!data.has(attribute)) continue
    if (keys === 'go') { data.delete(attribute); continue }
    if (config.has(attribute)) twice(attribute, attribute)
    else config.set(attribute, data.get(attribute) ?? null)
    data.delete(attribute)
  }
  return config
}

/** The raw `config:` of an entry, when it says anything. */
function configNode(entry: Value): Config | null {
  const config = entry instanceof PyDict ? entry.get('config') : undefined
  return config instanceof PyDict && config.entries.size ? configOf(config) : null
}

/** `tests` is the old spelling of `data_tests`; both at once are an error. */
export function testsOf({ hasDataTestsKey }: Rules, data: ReadonlyMap<string, Value>, node: YamlNode | undefined, refuse: (message: string) => void): { value: Value; node: YamlNode | undefined } {
  const old = data.get('tests')
  if (!hasDataTestsKey) return { value: old ?? null, node: under(node, 'tests') }
  const isThere = old instanceof PyList ? old.items.length > 0 : old !== undefined && old !== null
  if (isThere) {
    if (data.has('data_tests')) refuse("at path []: Invalid test config: cannot have both 'tests' and 'data_tests' defined")
    return { value: old ?? null, node: under(node, 'tests') }
  }
  return { value: data.get('data_tests') ?? null, node: under(node, 'data_tests') }
}

export function dictOf(value: PyDict): Map<string, Value> { return new Map(value.items().map(([key, item]) => [strOf(key), item])) }

function itemPlaces(node: YamlNode | undefined, path: string): Place[] {
  return node?.kind === 'seq' ? node.items.map(item => ({ path, start: item.start, end: item.end })) : []
}

/** normalize_date: midnight, in the machine's zone, which is taken to be UTC. */
function dateText(value: Value | undefined): string | null {
  if (typeof value === 'string') return dateText(momentOf(value) ?? undefined)
  if (value instanceof PyDatetime) {
    const text = isoDatetime(value, 'T')
    return value.tz === null ? `${text}+00:00` : text
  }
  return value instanceof PyDate ? `${isoDate(value)}T00:00:00+00:00` : null
}

/** dbt_common TimeSpine. */
function modelProperties(data: ReadonlyMap<string, Value>): Config {
  const spine = data.get('time_spine')
  if (!(spine instanceof PyDict)) return NO_PROPERTIES
  const custom = listOf(spine.get('custom_granularities')).map(item => item instanceof PyDict ? new PyDict([['name', item.get('name') ?? null], ['column_name', item.get('column_name') ?? null]]) : item)
  return new Map<string, Value>([['time_spine', new PyDict([['standard_granularity_column', spine.get('standard_granularity_column') ?? null], ['custom_granularities', new PyList(custom)]])]])
}

function functionProperties(data: ReadonlyMap<string, Value>): Config {
  const properties = new Map<string, Value>()
  const returns = data.get('returns')
  properties.set('returns', returns instanceof PyDict ? new PyDict([['data_type', returns.get('data_type') ?? null], ['description', returns.get('description') ?? null]]) : null)
  properties.set('arguments', new PyList(listOf(data.get('arguments')).map(item => item instanceof PyDict
    ? new PyDict([['name', item.get('name') ?? null], ['data_type', item.get('data_type') ?? null], ['description', item.get('description') ?? null], ['default_value', item.get('default_value') ?? null]]) : item)))
  properties.set('overloads', new PyList([...listOf(data.get('overloads'))]))
  return properties
}

function versionPatches(entry: PropertyEntry, data: ReadonlyMap<string, Value>, config: PyDict, columns: readonly ColumnSource[], base: NodePatch, errors: EntryPatches['errors'][number][], rules: Rules): VersionPatch[] {
  const versions = listOf(data.get('versions'))
  const node = under(entry.node, 'versions')
  const found: { readonly v: Exclude<Version, null>; readonly value: PyDict; readonly node: YamlNode | undefined }[] = []
  const place = (at: YamlNode | undefined): Place => at ? { path: entry.file.path, ...textSpan(at) } : base.place
  const seen = new Set<string>()
  versions.forEach((value, index) => {
    const item = node?.kind === 'seq' ? node.items[index] : undefined
    const v = value instanceof PyDict ? value.get('v') : undefined
    if (!(value instanceof PyDict) || (typeof v !== 'string' && typeof v !== 'bigint' && typeof v !== 'number')) {
      errors.push({ message: value instanceof PyDict && v === undefined ? "'v' is a required property" : `${reprOf(v ?? value)} is not valid under any of the given schemas`, place: place(item) })
      return
    }
    if (seen.has(strOf(v))) errors.push({ message: `Found duplicate version: '${strOf(v)}' in versions list of model '${entry.name}'`, place: place(under(item, 'v') ?? item) })
    else found.push({ v, value, node: item })
    seen.add(strOf(v))
  })
  if (!found.length) return []
  const given = data.get('latest_version')
  const latest: Version = typeof given === 'string' || typeof given === 'bigint' || typeof given === 'number' ? given : latestOf(found.map(version => version.v))
  if (given && !found.some(version => typeof version.v === typeof latest ? version.v === latest : typeof version.v !== 'string' && typeof latest !== 'string' && version.v == latest)) {
    errors.push({ message: `latest_version: ${strOf(given)} is not one of model '${entry.name}' versions: ${reprOf(new PyList(found.map(version => version.v)))} `, place: place(under(entry.node, 'latest_version')) })
  }
  return found.map(version => {
    const own = dictOf(version.value)
    const ownColumns = versionColumns(own.get('columns'), under(version.node, 'columns'), columns)
    const typed = columnsOf(ownColumns, entry.file.path, rules)
    const ownConfig = own.get('config')
    const access = own.get('access')
    if (typeof access === 'string' && !ACCESS.has(access)) errors.push({ message: `Node model.${base.packageName}.${entry.name}.v${strOf(version.v)} has an invalid value (${access}) for the access field`, place: place(under(version.node, 'access')) })
    const picks = listOf(own.get('columns')).filter(each => each instanceof PyDict && (each.has('include') || each.has('exclude')))
    if (picks.length > 1) errors.push({ message: 'version can have at most one include/exclude element', place: place(under(version.node, 'columns')) })
    const constraints = listOf(own.get('constraints'))
    const defined = own.get('defined_in')
    const tests = testsOf(rules, own, version.node, message => errors.push({ message, place: place(under(version.node, 'tests')) }))
    return {
      fileName: typeof defined === 'string' && defined ? defined : `${entry.name}_v${strOf(version.v)}`, place: place(under(version.node, 'v')), columns: ownColumns,
      tests: tests.value === null ? null : tests,
      patch: {
        ...base, place: place(under(version.node, 'v')), description: textOr(own.get('description'), '') || base.description, columns: typed.columns,
        config: configOf(ownConfig instanceof PyDict ? deepMerge(config, ownConfig, message => { if (!rules.strictYaml) errors.push({ message, place: place(under(version.node, 'config')) }) }) : config), unrendered: configNode(version.node ? valueOf(version.node) : null), configPlaces: configPlaces(entry.file.path, version.node ? [entry.node, version.node] : [entry.node]),
        constraints: constraints.length ? constraints.map(item => constraintOf(item, true, rules)) : base.constraints,
        constraintPlaces: constraints.length ? itemPlaces(under(version.node, 'constraints'), entry.file.path) : base.constraintPlaces,
        version: version.v, latest_version: latest, deprecation_date: dateText(own.get('deprecation_date')),
      },
    }
  })
}

/** `max(versions)` with UnparsedVersion.__lt__: as floats when both are, else as texts. */
function latestOf(versions: readonly Exclude<Version, null>[]): Version {
  let latest: Version = null
  for (const version of versions) if (latest === null || olderThan(latest, version)) latest = version
  return latest
}

function olderThan(one: Exclude<Version, null>, two: Exclude<Version, null>): boolean {
  const left = floatOf(one), right = floatOf(two)
  if (left !== null && right !== null) return left < right
  return strOf(one) < strOf(two)
}

function floatOf(version: Exclude<Version, null>): number | null {
  if (typeof version !== 'string') return Number(version)
  const text = version.trim().replace(/(?<=\d)_(?=\d)/g, '')
  if (/^[+-]?(inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : null
}

/** get_columns_for_version: the model's columns that `include`/`exclude` let through, then the version's own. */
function versionColumns(value: Value | undefined, node: YamlNode | undefined, base: readonly ColumnSource[]): ColumnSource[] {
  const all = columnSources(value, node)
  const rule = all.find(({ value: item }) => item.has('include') || item.has('exclude'))
  const own = all.filter(({ value: item }) => !item.has('include') && !item.has('exclude'))
  const include = rule?.value.get('include') ?? '*'
  const exclude = new Set(listOf(rule?.value.get('exclude')))
  const every = include === '*' || include === 'all'
  const included = new Set(listOf(include))
  return [...base.filter(({ value: column }) => (every || included.has(column.get('name') ?? null)) && !exclude.has(column.get('name') ?? null)), ...own]
}
