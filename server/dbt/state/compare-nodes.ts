// Models, seeds, snapshots, tests, analyses, functions against the state's: dbt-core 1.12 contracts/graph/nodes.py same_contents and its parts.
// One small function for each part, named as dbt names it; each gives the reasons it finds.

import { staticConfigCall } from '../names/unrendered.ts'
import { parseTemplate } from '../../jinja/parse.ts'
import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import type { Config, ManifestNode } from '../nodes/types.ts'
import type { Rules } from '../rules/rules.ts'
import { sameFields, sameValue, shown } from './compare-values.ts'
import { compareContract } from './contract.ts'
import { fieldsOf } from './open.ts'
import { reason, type Compared, type ModifiedReason, type SubSelector } from './reasons.ts'
import type { StateNode } from './types.ts'

/** What comparing hangs on besides the two sides. */
export interface CompareSettings {
  readonly rules: Rules
  readonly adapterType: string
  /** The behaviour flag state_modified_compare_more_unrendered_values. */
  readonly moreUnrendered: boolean
  /** `metadata.dbt_version` of the state: another one than ours makes dbt read configs again out of raw_code. */
  readonly stateVersion: string | null
}

export function compareNode(current: ManifestNode, old: StateNode, settings: CompareSettings): Compared {
  const { rules } = settings
  const generic = current.resource_type === 'test' && current.test !== null
  if (current.resource_type === 'test' && !generic && !rules.comparison.singularTests) return { reasons: sameFqn(current, old), warnings: [], error: null }
  if (current.resource_type === 'analysis' && !rules.comparison.analysisConfigs) return { reasons: sameBody(current, old, rules), warnings: [], error: null }
  const contract = current.resource_type === 'model' ? compareContract(current, old, rules, settings.adapterType) : { reasons: [], warnings: [], error: null }
  // A generic test is compared by config and fqn alone; the sub-selectors look at the rest all the same.
  const rest = [...(generic && !rules.comparison.genericTestBodies ? [] : sameBody(current, old, rules)), ...samePersistedDescription(current, old, rules), ...sameDatabaseRepresentation(current, old, settings)]
  const reasons = [
    ...(generic ? rest.map((each) => ({ ...each, counts: false })) : rest),
    ...sameConfig(current, old, settings),
    ...sameFqn(current, old),
    ...contract.reasons,
    ...(current.resource_type === 'model' && rules.comparison.modelProperties ? sameRefRepresentation(current, old) : []),
    ...(current.resource_type === 'function' && rules.comparison.functionProperties ? sameFunction(current, old) : []),
  ]
  return { ...contract, reasons }
}

/** A node the state doesn't have matches every sub-selector but `.macros`. */
export function newNode(type: string, newMatchesAll: boolean): ModifiedReason[] {
  const selectors: readonly SubSelector[] = newMatchesAll ? ['body', 'configs', 'relation', 'persisted_descriptions', 'contract', ...(type === 'exposure' ? [] : ['macros'] as const)] : NEW_SELECTORS.get(type) ?? ['body', 'configs', 'relation', 'persisted_descriptions', 'contract']
  const counts = !NOT_MODIFIED_WHEN_NEW.has(type)
  return [reason('new', null, 'the state has no such node', { counts }), ...selectors.map((selector) => reason('new', selector, 'the state has no such node', { counts }))]
}

const NOT_MODIFIED_WHEN_NEW: ReadonlySet<string> = new Set(['source', 'exposure', 'metric', 'semantic_model', 'saved_query'])
const NEW_SELECTORS: ReadonlyMap<string, readonly SubSelector[]> = new Map<string, readonly SubSelector[]>([
  ['source', ['configs', 'relation']], ['exposure', ['configs']], ['metric', ['configs']], ['semantic_model', ['configs']], ['saved_query', ['configs']], ['unit_test', []],
])

function sameBody(current: ManifestNode, old: StateNode, rules: Rules): ModifiedReason[] {
  if (current.resource_type === 'seed') return sameSeed(current, old)
  const before = text(old.fields.get('raw_code')) ?? ''
  if (before === current.raw_code || (rules.comparison.body === 'whitespace' && collapsed(before) === collapsed(current.raw_code))) return []
  return [reason('body', 'body', 'the file\'s text changed', { old: before, new: current.raw_code })]
}

/** FileHash.__eq__: hashes of different kinds are never equal, 'none' not even to itself. */
function sameSeed(current: ManifestNode, old: StateNode): ModifiedReason[] {
  const checksum = old.fields.get('checksum')
  const [name, hash] = checksum instanceof PyDict ? [text(checksum.get('name')), text(checksum.get('checksum'))] : [null, null]
  if (name === current.checksum.name && name !== 'none' && hash === current.checksum.checksum) return []
  if (current.checksum.name !== 'path') return [reason('body', 'body', 'the seed\'s content changed', { old: hash, new: current.checksum.checksum })]
  return [reason('body', 'body', name === 'path' ? 'the seed is too big to be compared and its file moved' : 'the seed grew over the size that dbt compares', { old: hash, new: current.checksum.checksum })]
}

function samePersistedDescription(current: ManifestNode, old: StateNode, rules: Rules): ModifiedReason[] {
  const persist = current.config.get('persist_docs')
  if (current.resource_type === 'test') return []
  if (rules.comparison.persistDocsSwitch && !sameFields(configOf(old).get('persist_docs'), persist)) return [reason('persisted_descriptions', 'persisted_descriptions', 'persist_docs changed', { old: shown(configOf(old).get('persist_docs')), new: shown(persist) })]
  if (!(persist instanceof PyDict)) return []
  const found: ModifiedReason[] = []
  if (truthy(persist.get('relation'))) {
    const description = text(old.fields.get('description')) ?? ''
    if (description !== current.description) found.push(reason('persisted_descriptions', 'persisted_descriptions', 'the persisted description changed', { old: description, new: current.description }))
  }
  if (truthy(persist.get('columns'))) {
    const columns = old.fields.get('columns')
    const oldColumns = new Map(Array.from(columns instanceof PyDict ? fieldsOf(columns) : []).map(([name, column]) => [name, column instanceof PyDict ? text(column.get('description')) ?? '' : '']))
    const names = new Set([...oldColumns.keys(), ...current.columns.keys()])
    for (const name of names) {
      const [was, is] = [oldColumns.get(name), current.columns.get(name)?.description]
      if (was === is) continue
      if (!rules.comparison.columnWithoutDescription && (was ?? '') === (is ?? '')) continue
      found.push(reason('persisted_descriptions', 'persisted_descriptions', `the persisted description of column ${name} changed`, { key: name, old: was ?? null, new: is ?? null }))
    }
  }
  return found
}

function sameFqn(current: ManifestNode, old: StateNode): ModifiedReason[] {
  const before = strings(old.fields.get('fqn'))
  return before.length === current.fqn.length && before.every((part, i) => part === current.fqn[i]) ? [] : [reason('fqn', null, `moved from ${before.join('.')} to ${current.fqn.join('.')}`, { old: before.join('.'), new: current.fqn.join('.') })]
}

const RELATION_KEYS = ['database', 'schema', 'alias']

function sameDatabaseRepresentation(current: ManifestNode, old: StateNode, settings: CompareSettings): ModifiedReason[] {
  const before = unrenderedOf(old, settings)
  return RELATION_KEYS.flatMap((key) => {
    const [was, is] = [before.get(key) ?? null, current.unrendered_config.get(key) ?? null]
    return sameValue(was, is) ? [] : [reason('relation', 'relation', `the configured ${key} changed`, { key, old: shown(was), new: shown(is) })]
  })
}

/** BaseConfig.same_contents: raw values; a key on one side alone is a difference even when it holds the default. */
function sameConfig(current: ManifestNode, old: StateNode, settings: CompareSettings): ModifiedReason[] {
  const { comparison } = settings.rules
  const isTest = current.resource_type === 'test'
  if (isTest && comparison.genericTests === 'labels') return sameKeys(TEST_LABELS, current.config, configOf(old)).filter(({ key }) => key !== 'tags' || setOf(current.config.get('tags')) !== setOf(configOf(old).get('tags')))
  const before = unrenderedOf(old, settings)
  const keys = isTest ? TEST_MODIFIERS : Array.from(new Set([...before.keys(), ...current.unrendered_config.keys()])).filter((key) => !RELATION_CONFIGS.has(key) && !comparison.ignoredConfigs.has(key))
  const raw = sameKeys(keys, current.unrendered_config, before)
  return comparison.configs === 'rendered' ? raw.filter(({ key }) => !sameRendered(HOOKS.get(key ?? '') ?? key ?? '', current.config, configOf(old), current.resource_type === 'snapshot')) : raw
}

const HOOKS: ReadonlyMap<string, string> = new Map([['pre_hook', 'pre-hook'], ['post_hook', 'post-hook']])

/** dbt 2 writes null where nothing is set; the default of on_schema_change counts as that, and a snapshot's one key alone is no list. */
function sameRendered(key: string, now: Config, before: Config, snapshot: boolean): boolean {
  const [is, was] = [now.get(key), before.get(key)]
  if (key === 'unique_key' && snapshot) return setOf(is) === setOf(was)
  if (key === 'full_refresh') return sameValue(is ?? null, was ?? null)
  if (key === 'on_schema_change') return sameValue(is ?? 'ignore', was ?? 'ignore')
  return sameFields(is, was)
}

function setOf(value: Value | undefined): string {
  return [...new Set(value instanceof PyList ? strings(value) : typeof value === 'string' ? [value] : [])].toSorted().join('\0')
}

/** CompareBehavior.Exclude in artifacts/resources/v1/config.py. */
const RELATION_CONFIGS: ReadonlySet<string> = new Set(['alias', 'schema', 'database', 'tags', 'group'])
const TEST_MODIFIERS = ['severity', 'where', 'limit', 'fail_calc', 'warn_if', 'error_if', 'store_failures', 'store_failures_as', 'sql_header']
const TEST_LABELS = ['tags', 'meta', 'alias']

function sameKeys(keys: readonly string[], current: Config, before: Config): ModifiedReason[] {
  return keys.flatMap((key) => {
    const [was, is] = [before.get(key), current.get(key)]
    return sameValue(was, is) ? [] : [reason('configs', 'configs', was === undefined ? `config ${key} was added` : is === undefined ? `config ${key} was removed` : `config ${key} changed`, { key, old: shown(was), new: shown(is) })]
  })
}

/** The state's unrendered_config, upgraded as dbt does when another version wrote it (upgrades/upgrade_manifest_dbt_version.py). */
function unrenderedOf(old: StateNode, settings: CompareSettings): Config {
  const kept = old.fields.get('unrendered_config')
  const config = new Map(kept instanceof PyDict ? fieldsOf(kept) : [])
  if (!settings.moreUnrendered || settings.stateVersion === settings.rules.dbtVersion || config.size === 0 || isBuiltinTest(old)) return config
  const code = text(old.fields.get('raw_code')) ?? ''
  if (!code.includes('config(')) return config
  for (const [key, value] of staticConfigCall(parseTemplate(code), settings.rules.unrenderedArguments) ?? []) config.set(key, value)
  return config
}

function isBuiltinTest(old: StateNode): boolean {
  const depends = old.fields.get('depends_on')
  const macros = depends instanceof PyDict ? strings(depends.get('macros')) : []
  return old.resource_type === 'test' && macros.length === 1 && (macros[0] === 'macro.dbt.test_not_null' || macros[0] === 'macro.dbt.test_unique')
}

function sameRefRepresentation(current: ManifestNode, old: StateNode): ModifiedReason[] {
  const found: ModifiedReason[] = []
  const compare = (what: string, was: Value, is: Value): void => {
    if (!sameValue(was, is)) found.push(reason(what, null, `${what} changed`, { old: shown(was), new: shown(is) }))
  }
  compare('latest_version', old.latest_version, current.latest_version)
  compare('access', text(old.fields.get('access')) ?? 'protected', current.access)
  const [was, is] = [text(old.fields.get('deprecation_date')), current.deprecation_date]
  // Written as a datetime in the one and read as one in the other: the moment counts, not its spelling.
  if (was !== is && (was === null || is === null || Date.parse(was) !== Date.parse(is))) compare('deprecation_date', was, is)
  return found
}

function sameFunction(current: ManifestNode, old: StateNode): ModifiedReason[] {
  return ['arguments', 'returns', 'overloads'].flatMap((key) => {
    const [was, is] = [old.fields.get(key), current.properties.get(key)]
    const same = key === 'overloads' ? sameFields(withoutDescriptions(was), withoutDescriptions(is)) : sameFields(was, is)
    return same ? [] : [reason(key, null, `${key} of the function changed`, { old: shown(was), new: shown(is) })]
  })
}

/** Of overloads, what reaches the SQL. */
function withoutDescriptions(value: Value | undefined): Value {
  return new PyList(value instanceof PyList ? value.items.map((item) => item instanceof PyDict ? new PyDict(['defined_in', 'arguments', 'returns', 'raw_body'].map((key) => [key, item.get(key) ?? null] as const)) : item) : [])
}

function configOf(old: StateNode): Config {
  const config = old.fields.get('config')
  return config instanceof PyDict ? fieldsOf(config) : new Map()
}

function truthy(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== false && value !== '' && value !== 0n && value !== 0
}

/** dbt 2 compares SQL with white space collapsed. */
function collapsed(sql: string): string {
  // To Rust a byte order mark is no white space.
  return sql.replace(/[^\S\uFEFF]+/g, ' ').replace(/^ | $/g, '')
}

function strings(value: Value | undefined): string[] {
  return value instanceof PyList ? value.items.filter((item) => typeof item === 'string') : []
}

function text(value: Value | undefined): string | null {
  return typeof value === 'string' ? value : null
}
