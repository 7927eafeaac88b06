// The config of a resource: which levels apply (dbt_project.yml of its own and of the root project, YAML, config() calls) and how they merge.
// dbt 1.12: context/context_config.py, dbt_common/contracts/config/base.py. The unrendered twin is in unrendered.ts.

import { strOf } from '../../jinja/repr.ts'
import { unknownWithin } from '../../jinja/unknown-within.ts'
import { typeNameOf } from '../../jinja/types.ts'
import { PyDict, PyList, PyTuple } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { aliasClash } from '../adapters/aliases.ts'
import { OverlayMap } from '../nodes/overlay-map.ts'
import type { Config, ResourceType } from '../nodes/types.ts'
import type { Project } from '../project/types.ts'
import { classesOf } from '../schema/schema.ts'
import { firstError, pathText } from '../schema/validate.ts'
import { CALL_MERGE, configClassOf } from './config-classes.ts'
import type { ConfigClass, Merge } from './config-classes.ts'
import { finishedTest, normaliseConfig, refusedColor, refusedConfig, unmade } from './config-values.ts'
import type { Refused } from './config-values.ts'
import { levelsOf, projectConfigs } from './project-levels.ts'

/** Keys and values as one level gives them. */
export type Partial = ReadonlyMap<string, Value>

export interface ConfigInputs {
  readonly type: ResourceType
  /** Whose dbt_project.yml counts as the own one: the node's package, or the package of the YAML that patches it. */
  readonly packageName: string
  readonly fqn: readonly string[]
  /** Schema YAML, null without. */
  readonly patch: Partial | null
  /** Merged config() calls (see mergeCalls), null without. */
  readonly inFile: Partial | null
}

export interface BuiltConfig {
  /** dbt's `config` of the node, all fields. */
  readonly config: Config
  /** dbt's words where levels don't fit (`expected dict, got …`), null when all is well. */
  readonly error: string | null
  /** The key whose value is refused, where the refusal is of one. */
  readonly errorKey?: string
}

/** All levels merged. Nodes that have nothing of their own share one map per folder. */
export function buildConfig(project: Project, inputs: ConfigInputs): BuiltConfig {
  const kind = configClassOf(inputs.type, project.rules.name)
  const base = ownLevels(project, inputs, kind)
  const partials: Partial[] = []
  if (inputs.patch?.size) partials.push(inputs.patch)
  if (inputs.inFile?.size) partials.push(inputs.inFile)
  if (inputs.packageName !== project.root.name) partials.push(...levelsOf(projectConfigs(project.root, inputs.type, false, project), inputs.fqn))
  if (!partials.length) return kind.name === 'test' ? finished(base) : base
  const alone = inputs.patch !== null && partials.length === 1 && partials[0] === inputs.patch ? inputs.patch : null
  const known = alone && sharedPatches.get(alone)
  if (known && known.project === project && known.base === base) return known.built
  const merging = new Merging(base.config, kind, project)
  for (const partial of partials) merging.add(partial)
  const built = merging.finish(base)
  const all = kind.name === 'test' ? finished(built) : built
  if (alone) sharedPatches.set(alone, { project, base, built: all })
  return all
}

/** What came of one and the same YAML config, as the tables of a source share it, over one level of dbt_project.yml. */
const sharedPatches = new WeakMap<Partial, { readonly project: Project; readonly base: BuiltConfig; readonly built: BuiltConfig }>()

const finishedTests = new WeakMap<Config, BuiltConfig>()

function finished(built: BuiltConfig): BuiltConfig {
  let known = finishedTests.get(built.config)
  if (!known) {
    const changed = finishedTest(built.config)
    finishedTests.set(built.config, known = changed ? { ...built, config: new OverlayMap(built.config, changed) } : built)
  }
  return known
}

const levelCache = new WeakMap<PyDict, Map<string, BuiltConfig>>()
const defaults = new Map<ConfigClass, BuiltConfig>()

/** Defaults and the own project's levels; one result for each deepest level that applies. */
function ownLevels(project: Project, inputs: ConfigInputs, kind: ConfigClass): BuiltConfig {
  const root = projectConfigs(project.packages.get(inputs.packageName) ?? project.root, inputs.type, false, project)
  const initial = defaultsOf(kind)
  if (!root) return initial
  let deepest = root
  for (const part of inputs.fqn) {
    const next = deepest.get(part)
    if (!(next instanceof PyDict)) break
    deepest = next
  }
  // The dict of a level belongs to one place of one dbt_project.yml; aliases of YAML may share it, hence the path in the key.
  const key = `${kind.name}\0${project.rules.name}\0${project.adapter.type}\0${pathOf(root, inputs.fqn)}`
  let cached = levelCache.get(deepest)
  if (!cached) levelCache.set(deepest, cached = new Map<string, BuiltConfig>())
  const known = cached.get(key)
  if (known) return known
  const merging = new Merging(initial.config, kind, project)
  for (const level of levelsOf(root, inputs.fqn)) merging.add(level)
  const built = merging.finish(initial)
  const flat = { ...built, config: new Map(built.config) }
  cached.set(key, flat)
  return flat
}

function pathOf(root: PyDict, fqn: readonly string[]): string {
  let level = root
  let path = ''
  for (const part of fqn) {
    const next = level.get(part)
    if (!(next instanceof PyDict)) break
    level = next
    path += part + '\0'
  }
  return path
}

function defaultsOf(kind: ConfigClass): BuiltConfig {
  let known = defaults.get(kind)
  if (!known) defaults.set(kind, known = { config: new Map(Array.from(kind.fields.values(), field => [field.name, field.default()])), error: null })
  return known
}

/** One config growing level by level. A key that a later level sets to None keeps its earlier value in the node's config, as dbt's `omit_none` has it. */
class Merging {
  private readonly base: Config
  private readonly kind: ConfigClass
  private readonly aliases: ReadonlyMap<string, string>
  private readonly textsMayBeNumbers: boolean
  private readonly analysisSwitch: Project['rules']['analysisSwitch']
  private readonly rules: string
  private readonly storeFailuresByLevel: boolean
  private readonly changed = new Map<string, Value>()
  private error: Refused | null = null

  constructor(base: Config, kind: ConfigClass, project: Project) {
    this.aliases = project.adapter.aliases
    this.textsMayBeNumbers = project.rules.aliasMayBeNumber
    this.analysisSwitch = project.rules.analysisSwitch
    this.rules = project.rules.name
    this.storeFailuresByLevel = project.rules.storeFailuresByLevel
    this.base = base
    this.kind = kind
  }

  /** Credential aliases and the two spellings of hooks: ContextConfigGenerator._update_from_config. */
  add(partial: Partial): void {
    const clash = aliasClash(this.aliases, this.aliases.size === 0 ? [] : [...partial.keys()])
    if (clash) this.error ??= { error: clash.message, errorKey: clash.key }
    for (const [written, value] of partial) {
      const key = written === 'pre_hook' ? 'pre-hook' : written === 'post_hook' ? 'post-hook' : this.aliases.get(written) ?? written
      // Classes without hooks lose them: mashumaro takes no keys with hyphens as extras.
      if ((key === 'pre-hook' || key === 'post-hook') && !this.kind.fields.has(key)) continue
      // To dbt 2 null is nothing said, but of these two.
      if (value === null && this.rules === '2' && key !== 'schema' && key !== 'database') continue
      const merge = this.kind.fields.get(key)?.merge ?? 'clobber'
      const current = this.changed.has(key) ? this.changed.get(key) ?? null : this.base.get(key)
      const merged = current === undefined ? value : mergeField(merge, current, value)
      if (merged instanceof ConfigError) this.error ??= { error: merged.message, errorKey: key }
      else this.changed.set(key, merged)
    }
    const stored = this.storeFailuresByLevel && this.kind.name === 'test' ? finishedTest(new OverlayMap(this.base, this.changed)) : null
    for (const [key, value] of stored ?? []) this.changed.set(key, value)
  }

  finish(before: BuiltConfig): BuiltConfig {
    const earlier: Refused | null = before.error === null ? null : before.errorKey === undefined ? { error: before.error } : { error: before.error, errorKey: before.errorKey }
    if (!this.changed.size) return { config: this.base, ...earlier ?? this.error ?? FINE }
    // A field of type str makes a text of None too: `config(materialized=var('kind'))` without the variable.
    if (this.textsMayBeNumbers && this.changed.get('materialized') === null) this.changed.set('materialized', 'None')
    const wrong = normaliseConfig(this.kind.name, this.changed, this.textsMayBeNumbers, this.analysisSwitch)
    const config = new OverlayMap(this.base, this.changed)
    // What is not known is not refused.
    const certain = new Map(Array.from(this.changed).filter(([, value]) => unknownWithin(value) === null))
    const judged = certain.size === this.changed.size ? config : new OverlayMap(this.base, certain)
    return { config, ...earlier ?? this.error ?? wrong ?? (this.rules === '2' ? null : refusedColor(this.kind.name, judged)) ?? refusedConfig(this.kind.name, judged) ?? this.refused(certain) ?? FINE }
  }

  /** The class's own validate(): what of the values that a level gave is of another type. To dbt 2 every key may be null. */
  private refused(changed: Config): Refused | null {
    const schema = classesOf(this.rules)(this.kind.schema)
    const error = schema ? firstError(schema, new PyDict(Array.from(changed).filter(([, value]) => value !== null || this.rules !== '2').map(([key, value]) => [key, this.textsMayBeNumbers ? withTextKeys(value) : value])), { textsAreMade: this.textsMayBeNumbers && this.rules !== '2' }) : null
    if (!error) return null
    const key = error.path[0]
    if (typeof key !== 'string') return { error: `at path ${pathText(error.path)}: ${error.message}` }
    return { error: this.textsMayBeNumbers ? unmade(this.kind.schema, key, changed.get(key) ?? null) ?? `at path ${pathText(error.path)}: ${error.message}` : `at path ${pathText(error.path)}: ${error.message}`, errorKey: key }
  }
}

/** From 1.12 on the classes make texts of keys before they check them (`meta: {yes: …}`). */
function withTextKeys(value: Value): Value {
  if (!(value instanceof PyDict)) return value
  const items = [...value.items()]
  return items.every(([key]) => typeof key === 'string') ? value : new PyDict(items.map(([key, item]) => [strOf(key), item]))
}

const FINE = { error: null }

class ConfigError {
  readonly message: string
  constructor(message: string) { this.message = message }
}

function mergeField(merge: Merge, current: Value, value: Value): Value | ConfigError {
  switch (merge) {
    case 'append': return new PyList([...listified(current), ...listified(value)])
    case 'update':
    case 'object':
    case 'dict-key-append':
      for (const each of [value, current]) if (!(each instanceof PyDict) && unknownWithin(each)) return each
      if (!(current instanceof PyDict)) return new ConfigError(`expected dict, got ${strOf(current)}`)
      if (!(value instanceof PyDict)) return new ConfigError(`expected dict, got ${strOf(value)}`)
      if (merge === 'dict-key-append') for (const [key] of value.items()) if (typeof key !== 'string') return new ConfigError(`'${typeNameOf(key)}' object has no attribute 'startswith'`)
      return merge === 'dict-key-append' ? mergeGrants(current, value, true) : new PyDict([...current.items(), ...value.items()])
    default: return value
  }
}

/** `+role` appends to the role's list, `role` replaces it. config() calls among themselves keep the plus for the levels below. */
function mergeGrants(current: PyDict, value: PyDict, stripPlus: boolean): PyDict {
  const result = new PyDict()
  for (const [key, item] of current.items()) result.set(key, new PyList(listified(item)))
  for (const [key, item] of value.items()) {
    const plus = typeof key === 'string' && key.startsWith('+')
    const name = plus && stripPlus ? (key as string).replace(/^\++/, '') : key
    const existing = result.get(name)
    result.set(name, new PyList(plus && existing instanceof PyList ? [...existing.items, ...listified(item)] : listified(item)))
  }
  return result
}

function listified(value: Value): Value[] { return value instanceof PyList ? [...value.items] : [value] }

/** The config() calls of one file, in order (dbt_common merge_config_dicts): the first is taken as it is (`rules.firstConfigCallAsIs`), later ones merge into it. */
export function mergeCalls(calls: readonly { readonly values: Partial }[], firstAsIs: boolean): Map<string, Value> {
  const result = new Map<string, Value>()
  for (const { values } of calls) {
    if (!result.size && firstAsIs) {
      for (const [key, value] of values) result.set(key, value)
      continue
    }
    for (const [key, value] of values) result.set(key, mergeCallValue(CALL_MERGE.get(key) ?? 'clobber', result.get(key), value))
  }
  return result
}

function mergeCallValue(merge: Merge, current: Value | undefined, value: Value): Value {
  if (merge === 'append') return new PyList(current === undefined ? listified(value) : [...listified(current), ...listified(value)])
  if (merge === 'clobber' || !(value instanceof PyDict)) return value
  if (merge === 'dict-key-append') return mergeGrants(current instanceof PyDict ? current : new PyDict(), value, false)
  return current instanceof PyDict ? new PyDict([...current.items(), ...value.items()]) : value
}

/** A dict's string keys as a partial; other keys cannot be config. */
export function partialOf(value: Value | undefined): Map<string, Value> {
  const result = new Map<string, Value>()
  if (value instanceof PyDict) for (const [key, item] of value.items()) result.set(typeof key === 'string' ? key : strOf(key), item)
  return result
}

/** dbt_common.utils.deep_merge: of two lists the later one's items come first. `refuse` hears what Python says where the two do not go together. */
export function deepMerge(left: PyDict, right: PyDict, refuse: (message: string) => void = () => undefined): PyDict {
  const result = new PyDict(left.items())
  for (const [key, value] of right.items()) {
    const current = result.get(key)
    if (value instanceof PyDict) {
      if (current !== undefined && !(current instanceof PyDict)) refuseMerge(current, value, refuse)
      result.set(key, deepMerge(current instanceof PyDict ? current : new PyDict(), value, refuse))
    } else if (value instanceof PyList || value instanceof PyTuple) {
      const items = current === undefined ? [] : itemsOf(current)
      if (items === null) refuse(`'${typeNameOf(current ?? null)}' object is not iterable`)
      result.set(key, current === undefined ? value : new PyList([...value.items, ...items ?? []]))
    } else result.set(key, value)
  }
  return result
}

/** What the first key of a dict meets in something that is none. */
function refuseMerge(current: Value, given: PyDict, refuse: (message: string) => void): void {
  const [first] = given.items()
  if (!first) return
  const type = typeNameOf(current)
  const [, value] = first
  if (value instanceof PyDict) refuse(`'${type}' object has no attribute 'setdefault'`)
  else if ((value instanceof PyList || value instanceof PyTuple) && itemsOf(current) === null) refuse(`argument of type '${type}' is not iterable`)
  else refuse(current instanceof PyList ? 'list indices must be integers or slices, not str' : `'${type}' object does not support item assignment`)
}

/** As Python's list() takes it apart; null: it does not. */
function itemsOf(value: Value): readonly Value[] | null {
  return value instanceof PyList || value instanceof PyTuple ? value.items : typeof value === 'string' ? [...value] : value instanceof PyDict ? value.items().map(([key]) => key) : null
}
