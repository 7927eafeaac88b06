// dbt's Relation: the name of a table or view as templates see it, with every method that templates call on it.
// Follows dbt-adapters 1.x base/relation.py; what differs between adapters is data (Adapter). It never decides which relation a ref means.

import { PyException, UnknownSignal } from '../../jinja/errors.ts'
import { reprOf, strOf } from '../../jinja/repr.ts'
import { PyDict, PyFunction, PyList, PyObject, PyUnknown } from '../../jinja/value.ts'
import type { CallArgs, HashKey, PyIter, Value } from '../../jinja/value.ts'
import { includeOf, quoteName, renderEventTime, renderLimited, renderRelation } from '../adapters/render.ts'
import type { Adapter, Policy } from '../adapters/types.ts'
import { refuseUnknown } from '../../jinja/arguments.ts'
import { SELF, bindKnown } from './args.ts'
import type { Parameters } from './args.ts'
import { compilationError, runtimeError } from './errors.ts'
import { hiddenMember } from './hidden.ts'
import { ownMember } from './relation-members.ts'
import { RELATION_TYPES, RelationTypes, relationType } from './relation-types.ts'

export interface RelationPath { readonly database: string | null; readonly schema: string | null; readonly identifier: string | null }

/** `start`, `end`: already as Python's `str(datetime)` prints them. `field` is quoted if need be. */
export interface EventTimeFilter { readonly field: string; readonly start: string | null; readonly end: string | null }

export interface RelationFields {
  readonly adapter: Adapter
  readonly path: RelationPath
  readonly type: string | null
  readonly quotePolicy: Policy
  readonly includePolicy: Policy
  readonly limit: number | null
  readonly eventTimeFilter: EventTimeFilter | null
  /** DuckDB's external_location: printed in place of the name. */
  readonly external: string | null
  /** Set for an InformationSchema: the view in it, or ''. */
  readonly informationSchemaView: string | null
  /** Fields of the adapter's own class that were given when it was made. */
  readonly more?: ReadonlyMap<string, Value>
  /** Went through `from_dict` again (incorporate), which knows the policies of the base class alone. */
  readonly rebuilt?: boolean
}

const PARTS = ['database', 'schema', 'identifier'] as const

/** A relation of the adapter; `quoting` is merged over the adapter's default (BaseRelation.create, create_from). */
export function makeRelation(adapter: Adapter, path: RelationPath, options: RelationOptions = {}): Relation { return new Relation(fieldsOf(adapter, path, options)) }

/** The same, made when something is asked of it. */
export function makeLazyRelation(adapter: Adapter, path: () => RelationPath, options: RelationOptions = {}): Relation { return new Relation(() => fieldsOf(adapter, path(), options)) }

interface RelationOptions { readonly type?: string | null; readonly quoting?: ReadonlyMap<string, boolean>; readonly limit?: number | null; readonly eventTimeFilter?: EventTimeFilter | null; readonly external?: string | null }

function fieldsOf(adapter: Adapter, path: RelationPath, options: RelationOptions): RelationFields {
  return {
    adapter,
    path: adapter.database === 'empty' && path.database !== '' ? { ...path, database: '' } : path,
    type: options.type ?? null,
    quotePolicy: mergePolicy(adapter.quotePolicy, options.quoting),
    includePolicy: includeOf(adapter, path.database),
    limit: options.limit ?? null,
    eventTimeFilter: options.eventTimeFilter ?? null,
    external: options.external ?? null,
    informationSchemaView: null,
  }
}

/** BaseRelation.create_ephemeral_from: `identifier` is the model's alias (its name before dbt 1.8). */
export function makeEphemeral(adapter: Adapter, identifier: string, options: { limit?: number | null; eventTimeFilter?: EventTimeFilter | null } = {}): Relation {
  const path = { database: null, schema: null, identifier: ephemeralPrefix(identifier) }
  return makeRelation(adapter, path, { ...options, type: 'cte', quoting: new Map([['identifier', false]]) })
}

export function ephemeralPrefix(name: string): string { return `__dbt__cte__${name}` }

export function mergePolicy(base: Policy, over: ReadonlyMap<string, boolean> | undefined): Policy {
  if (!over) return base
  const part = (name: keyof Policy): boolean => over.get(name) ?? base[name]
  return { database: part('database'), schema: part('schema'), identifier: part('identifier') }
}

export class Relation extends PyObject {
  private made: RelationFields | null
  private readonly make: (() => RelationFields) | null
  /** A function makes the fields when something is asked of the relation: most that templates pass around are never looked at. */
  constructor(fields: RelationFields | (() => RelationFields)) {
    super()
    this.made = typeof fields === 'function' ? null : fields
    this.make = typeof fields === 'function' ? fields : null
  }
  get fields(): RelationFields {
    if (this.made === null) this.made = this.make?.() as RelationFields
    return this.made
  }

  get typeName(): string { return this.fields.informationSchemaView === null ? relationClassName(this.fields.adapter.type) : 'InformationSchema' }
  override get qualifiedTypeName(): string { return `dbt.adapters.${this.fields.adapter.type}.relation.${this.typeName}` }
  override truthy(): boolean { return true }
  override subscriptable(): boolean { return true }
  /** FakeAPIObject is a Mapping in name only: that is how packages tell a relation from text. */
  override isMapping(): boolean { return true }
  override length(): number | undefined { throw this.notADict() }
  override iter(): PyIter | undefined { throw this.notADict() }
  override contains(key: Value): boolean { return typeof key === 'string' && this.getattr(key) !== undefined }
  override hashKey(): HashKey { return `\0r${this.render()}` }
  override getitem(key: Value): Value | undefined { return typeof key === 'string' ? this.getattr(key) : undefined }
  override str(): string { return this.text() }
  override repr(): string { return `<${this.typeName} ${this.render()}>` }
  override equals(other: Value): boolean {
    return other instanceof Relation && other.typeName === this.typeName && JSON.stringify(comparable(this.fields)) === JSON.stringify(comparable(other.fields))
  }
  override getattr(name: string): Value | undefined {
    const { path, adapter, informationSchemaView } = this.fields
    if (adapter.lacks.has(name)) return undefined
    const own = informationSchemaView === null ? ownMember(this, name) : undefined
    if (own !== undefined) return own
    switch (name) {
      case 'database': case 'schema': case 'identifier': return path[name]
      case 'table': case 'name': return path.identifier
      case 'type': return this.fields.type
      case 'path': return new RecordValue('Path', policyEntries(path))
      case 'quote_policy': return new RecordValue(QUOTE_POLICIES.get(adapter.type) ?? 'Policy', policyEntries(this.fields.quotePolicy))
      case 'include_policy': return new RecordValue((this.fields.rebuilt && adapter.type !== 'sqlserver' ? undefined : INCLUDE_POLICIES.get(adapter.type)) ?? 'Policy', policyEntries(this.fields.includePolicy))
      case 'quote_character': return adapter.quote.open
      case 'limit': return this.fields.limit === null ? null : BigInt(this.fields.limit)
      case 'dbt_created': return false
      case 'require_alias': return adapter.limit.alias
      case 'catalog': case 'event_time_filter': return null
      case 'is_table': return this.fields.type === 'table'
      case 'is_cte': return this.fields.type === 'cte'
      case 'is_view': return this.fields.type === 'view'
      case 'is_materialized_view': return this.fields.type === 'materialized_view'
      case 'is_pointer': return this.fields.type === 'pointer_table'
      case 'is_function': return this.fields.type === 'function'
      case 'can_be_renamed': case 'can_be_replaced': return false
      case 'external': return adapter.type === 'duckdb' ? this.fields.external : undefined
      case 'information_schema_view': return this.fields.informationSchemaView === null ? undefined : this.fields.informationSchemaView || null
    }
    const type = RELATION_TYPES.find(entry => entry[0] === name && name !== 'Ephemeral')
    if (type) return type[1]
    if (name === 'get_relation_type') return new RelationTypes(adapter)
    const method = METHODS.get(name)
    if (method === undefined) return informationSchemaView === null ? hiddenMember(name, 'Relation', `Relation ${adapter.type}`) : hiddenMember(name, 'InformationSchema')
    return new PyFunction(name, args => {
      if (method.named && args.args.length > 0) throw new PyException('TypeError', `${method.named === true ? 'BaseRelation' : method.named}.${name}() takes 1 positional argument but ${args.args.length + 1} were given`)
      if (method.parameters === null) for (const value of args.kwargs.values()) refuseUnknown(value)
      return method.run(this, method.parameters === null ? [] : bindKnown(`BaseRelation.${name}`, method.parameters, args, SELF), args)
    })
  }

  /** `render()`: the plain name, without limit and event-time filter. */
  render(): string {
    const { adapter, path, includePolicy, quotePolicy, external, informationSchemaView } = this.fields
    if (external) return external
    const text = renderRelation(adapter, path, quotePolicy, includePolicy)
    return informationSchemaView ? [text, informationSchemaView].filter(part => part !== '').join('.') : text
  }

  /** `str(relation)`: with limit and event-time filter, the filter outside (BaseRelation.__str__). */
  text(): string { return this.fields.type === 'function' || this.fields.adapter.lacks.has('limit') ? this.render() : this.filtered(this.renderLimited()) }

  renderLimited(): string {
    const { limit, adapter, path } = this.fields
    return limit === null ? this.render() : renderLimited(adapter, this.render(), path.identifier, limit)
  }

  filtered(rendered: string | null): string {
    const { adapter, path, eventTimeFilter } = this.fields
    const text = rendered || this.render()
    return eventTimeFilter ? renderEventTime(adapter, text, path.identifier, eventTimeFilter) : text
  }

  with(changes: Partial<RelationFields>): Relation {
    const { adapter } = this.fields
    // With another path dbt 2 looks anew whether the database is one that it prints.
    const anew = changes.path !== undefined && changes.includePolicy === undefined && adapter.unprintedDatabases.size > 0
    return new Relation({ ...this.fields, ...changes, ...(anew ? { includePolicy: includeOf(adapter, changes.path.database) } : {}) })
  }

  private notADict(): PyException {
    return compilationError(`The object ("${this.text()}") was used as a dictionary. This capability has been removed from objects of this type.`)
  }
}

function unknownMember(name: string): PyUnknown { return new PyUnknown({ code: 'adapter', message: `what ${name} of a relation's class says is not known`, stack: [] }, true) }

/** `api.Relation.NAME`, beyond what calls it: a member of the class. Undefined: it has none. */
export function relationClassMember(adapter: Adapter, name: string): Value | undefined {
  const member = makeRelation(adapter, { database: null, schema: null, identifier: null }).getattr(name)
  return member === undefined || name === 'path' || name.endsWith('_policy') ? undefined : unknownMember(name)
}

/** A small read-only object with named fields: Path, Policy, Docs, ContractConfig, Hook … Prints as a dataclass. */
export class RecordValue extends PyObject {
  readonly typeName: string
  readonly entries: ReadonlyMap<string, Value>
  constructor(typeName: string, entries: ReadonlyMap<string, Value>) { super(); this.typeName = typeName; this.entries = entries }
  override truthy(): boolean { return true }
  override subscriptable(): boolean { return true }
  override isMapping(): boolean { return this.typeName.endsWith('Policy') || this.typeName === 'Path' }
  override getattr(name: string): Value | undefined {
    const value = this.entries.get(name)
    if (value !== undefined || !this.isMapping()) return value
    const method = PART_METHODS.get(name)
    return method ? new PyFunction(name, args => method.run(this, bindKnown(`${this.typeName}.${name}`, method.parameters, args, SELF))) : hiddenMember(name, this.typeName === 'Path' ? 'Path' : 'Policy')
  }
  override getitem(key: Value): Value | undefined { return typeof key === 'string' ? this.entries.get(key) : undefined }
  override repr(): string { return `${this.typeName}(${Array.from(this.entries, ([name, value]) => `${name}=${reprOf(value)}`).join(', ')})` }
}

/** Of Path and Policy (dbt-adapters contracts/relation.py). */
const PART_METHODS: ReadonlyMap<string, { readonly parameters: Parameters; readonly run: (record: RecordValue, values: readonly Value[]) => Value }> = new Map([
  ['get', { parameters: [['key'], ['default', null]], run: (record, [key, byDefault]) => orDefault(record.getitem(key ?? null), byDefault) }],
  ['get_part', { parameters: [['key']], run: (record, [key]) => partOf(record, key ?? null) }],
  ['get_lowered_part', { parameters: [['key']], run: (record, [key]) => lowered(partOf(record, key ?? null)) }],
  ['to_dict', { parameters: [['omit_none', false]], run: (record, [omit]) => new PyDict([...record.entries].filter(([, value]) => omit !== true || value !== null)) }],
])

function partOf(record: RecordValue, key: Value): Value {
  const value = record.getitem(key)
  if (value !== undefined) return value
  throw new PyException('ValueError', `Got a key of ${strOf(key)}, expected one of [<ComponentName.Database: 'database'>, <ComponentName.Schema: 'schema'>, <ComponentName.Identifier: 'identifier'>]`)
}

function lowered(value: Value): Value { return typeof value === 'string' ? value.toLowerCase() : value }

interface Method {
  /** Null: whatever names there are. */
  readonly parameters: Parameters | null
  /** `**kwargs` alone, of BaseRelation or of the class named. */
  readonly named?: true | string
  readonly run: (relation: Relation, values: readonly Value[], args: CallArgs) => Value
}

const POLICY_PARAMETERS: Parameters = [['database', null], ['schema', null], ['identifier', null]]

const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['render', { parameters: [], run: relation => relation.render() }],
  ['render_limited', { parameters: [], run: relation => relation.renderLimited() }],
  ['render_event_time_filtered', { parameters: [['rendered', null]], run: (relation, [rendered]) => relation.filtered(typeof rendered === 'string' ? rendered : null) }],
  ['quote', { parameters: POLICY_PARAMETERS, run: (relation, values) => relation.with({ quotePolicy: mergePolicy(relation.fields.quotePolicy, policyOf(values)) }) }],
  ['include', { parameters: POLICY_PARAMETERS, run: (relation, values) => relation.with({ includePolicy: mergePolicy(relation.fields.includePolicy, policyOf(values)) }) }],
  ['without_identifier', { parameters: [], run: relation => relation.with({ includePolicy: { ...relation.fields.includePolicy, identifier: false }, path: { ...relation.fields.path, identifier: null } }) }],
  ['information_schema', { parameters: [['view_name', null]], run: (relation, [view]) => informationSchema(relation, typeof view === 'string' ? view : null) }],
  ['information_schema_only', { parameters: [], run: relation => informationSchema(relation, null) }],
  ['matches', { parameters: POLICY_PARAMETERS, run: (relation, values) => matches(relation, values) }],
  ['replace_path', { parameters: POLICY_PARAMETERS, named: true, run: (relation, _values, args) => relation.with({ path: replacedPath(relation.fields.path, args.kwargs) }) }],
  ['incorporate', { parameters: null, named: 'FakeAPIObject', run: (relation, _values, { kwargs }) => incorporate(relation, kwargs) }],
  ['replace', { parameters: null, named: 'Replaceable', run: (relation, _values, { kwargs }) => replaced(relation, kwargs) }],
  ['quoted', { parameters: [['identifier']], run: (relation, [identifier]) => quoteName(relation.fields.adapter, strOf(identifier ?? null)) }],
  ['add_ephemeral_prefix', { parameters: [['name']], run: (_relation, [name]) => ephemeralPrefix(strOf(name ?? null)) }],
  ['get', { parameters: [['key'], ['default', null]], run: (relation, [key, byDefault]) => key === 'metadata' ? new PyDict([['type', relation.typeName]]) : orDefault(typeof key === 'string' ? relation.getattr(key) : undefined, byDefault) }],
  ['scd_args', { parameters: [['primary_key'], ['updated_at']], run: (_relation, [key, updated]) => new PyList([...(key instanceof PyList ? key.items : [key ?? null]), updated ?? null]) }],
  ['to_dict', { parameters: [['omit_none', false]], run: (relation, [omit]) => toDict(relation, omit === true) }],
])

function policyOf(values: readonly Value[]): Map<string, boolean> {
  const policy = new Map<string, boolean>()
  PARTS.forEach((part, index) => {
    const value = values[index]
    if (value !== null && value !== undefined) policy.set(part, isTrue(value))
  })
  return policy
}

function isTrue(value: Value): boolean {
  if (typeof value === 'object' && value !== null) return value.truthy()
  return Boolean(value)
}

function orDefault(found: Value | undefined, byDefault: Value | undefined): Value { return found === undefined ? byDefault ?? null : found }

function informationSchema(relation: Relation, view: string | null): Relation {
  const { path, includePolicy, quotePolicy, adapter } = relation.fields
  const include = adapter.type === 'bigquery'
    ? { ...includePolicy, schema: view !== null && view !== 'SCHEMATA' && view !== 'SCHEMATA_OPTIONS', identifier: view !== '__TABLES__' }
    : { ...includePolicy, database: path.database !== null, schema: false, identifier: true }
  // Those lie in a region, and the relation of a node knows none.
  if (adapter.type === 'bigquery' && (view === 'OBJECT_PRIVILEGES' || view === 'TABLE_STORAGE')) throw compilationError(`No location/region found when trying to retrieve "${view}"`)
  // The class of the base package, which knows nothing of the adapter's quoting.
  const quote = adapter.type === 'bigquery' || adapter.type === 'databricks' ? adapter.quote : { open: '"', close: '"', escape: 'none' as const }
  return new Relation({
    adapter: { ...adapter, quote, alwaysQuotes: false, lowerCasesRendered: false }, type: 'view', limit: null, eventTimeFilter: null, external: null, informationSchemaView: view ?? '',
    path: { database: path.database, schema: adapter.type === 'databricks' ? null : path.schema, identifier: 'INFORMATION_SCHEMA' },
    includePolicy: include,
    quotePolicy: { ...quotePolicy, identifier: false },
  })
}

// BaseRelation.matches: a name that differs only by case raises.
function matches(relation: Relation, values: readonly Value[]): boolean {
  const search = PARTS.flatMap((part, index) => {
    const value = values[index]
    return value === null || value === undefined ? [] : [[part, strOf(value)] as const]
  })
  if (search.length === 0) throw runtimeError('Tried to match relation, but no search path was passed!')
  const quote = relation.fields.adapter.quote.open
  const exact = search.every(([part, value]) => relation.fields.path[part] === value)
  const approximate = search.every(([part, value]) => stripQuotes((relation.fields.path[part] ?? 'None').toLowerCase(), quote) === stripQuotes(value.toLowerCase(), quote))
  if (approximate && !exact) {
    const found = new Map(search)
    const target = makeRelation(relation.fields.adapter, { database: found.get('database') ?? null, schema: found.get('schema') ?? null, identifier: found.get('identifier') ?? null })
    throw compilationError(`When searching for a relation, dbt found an approximate match. Instead of guessing \nwhich relation to use, dbt will move on. Please delete ${relation.text()}, or rename it to be less ambiguous.\nSearched for: ${target.text()}\nFound: ${relation.text()}`)
  }
  return exact
}

function stripQuotes(text: string, quote: string): string {
  let start = 0
  let end = text.length
  while (start < end && text[start] === quote) start++
  while (end > start && text[end - 1] === quote) end--
  return text.slice(start, end)
}

/** A path part from a template's value; anything but text and None is refused in dbt's words. */
function pathPart(part: string, value: Value): string | null {
  if (value === null || typeof value === 'string') return value
  throw compilationError(`Got an invalid path ${part}: ${strOf(value)}`)
}

function replacedPath(path: RelationPath, changes: ReadonlyMap<string, Value>): RelationPath {
  const part = (name: keyof RelationPath): string | null => {
    const value = changes.get(name)
    return value === undefined ? path[name] : pathPart(name, value)
  }
  return { database: part('database'), schema: part('schema'), identifier: part('identifier') }
}

/** FakeAPIObject.incorporate: what is given is laid over, through from_dict, which takes no notice of names that it does not know. */
function incorporate(relation: Relation, given: ReadonlyMap<string, Value>): Relation {
  const path = given.get('path')
  const quotePolicy = given.get('quote_policy')
  const includePolicy = given.get('include_policy')
  const { fields } = relation
  return relation.with({
    rebuilt: true, ...scalarsOf(relation, given),
    ...(path instanceof PyDict ? { path: replacedPath(fields.path, new Map(Array.from(textKeys(path), ([key, value]) => [key, value === null ? null : strOf(value)] as const))) } : {}),
    ...(quotePolicy instanceof PyDict ? { quotePolicy: mergePolicy(fields.quotePolicy, flags(quotePolicy)) } : {}),
    ...(includePolicy instanceof PyDict ? { includePolicy: mergePolicy(fields.includePolicy, flags(includePolicy)) } : {}),
  })
}

/** Replaceable.replace: dataclasses.replace, which takes fields alone and does not look at what they are. */
function replaced(relation: Relation, given: ReadonlyMap<string, Value>): Relation {
  for (const name of given.keys()) {
    if (!FIELDS.has(name) && ownMember(relation, name) === undefined && name !== 'external') throw new PyException('TypeError', `${relation.typeName}.__init__() got an unexpected keyword argument '${name}'`)
  }
  // Of another class than dbt's, nothing could be printed any more.
  const [path, quotePolicy, includePolicy] = ['path', 'quote_policy', 'include_policy'].map((name) => given.get(name))
  const type = given.get('type')
  if ((path !== undefined && !(path instanceof RecordValue)) || (quotePolicy !== undefined && !(quotePolicy instanceof RecordValue)) || (includePolicy !== undefined && !(includePolicy instanceof RecordValue)) || (type !== undefined && type !== null && typeof type !== 'string')) {
    throw new UnknownSignal({ code: 'adapter', message: 'what a relation is whose fields were replaced by others of another kind is not known', stack: [] })
  }
  return relation.with({
    ...scalarsOf(relation, new Map([...given].filter(([name]) => name !== 'type'))),
    ...(type === undefined ? {} : { type }),
    ...(path ? { path: replacedPath({ database: null, schema: null, identifier: null }, path.entries) } : {}),
    ...(quotePolicy ? { quotePolicy: mergePolicy(relation.fields.quotePolicy, policyOf(PARTS.map((part) => quotePolicy.entries.get(part) ?? null))) } : {}),
    ...(includePolicy ? { includePolicy: mergePolicy(relation.fields.includePolicy, policyOf(PARTS.map((part) => includePolicy.entries.get(part) ?? null))) } : {}),
  })
}

const FIELDS: ReadonlySet<string> = new Set(['path', 'type', 'quote_policy', 'include_policy', 'limit', 'dbt_created', 'event_time_filter', 'require_alias', 'catalog', 'quote_character', 'renameable_relations', 'replaceable_relations'])
/** Fields that decide nothing that templates ask for. */
const MEANINGLESS: ReadonlySet<string> = new Set(['catalog', 'renameable_relations', 'replaceable_relations'])

function scalarsOf(relation: Relation, given: ReadonlyMap<string, Value>): Partial<RelationFields> {
  const changes: { -readonly [K in keyof RelationFields]?: RelationFields[K] } = {}
  const more: [string, Value][] = []
  for (const [name, value] of given) {
    if (name === 'type') changes.type = relationType(relation.fields.adapter, relation.typeName, value)
    else if (name === 'limit' && (value === null || typeof value === 'bigint')) changes.limit = value === null ? null : Number(value)
    else if (!FIELDS.has(name)) more.push([name, value])
    else if (!MEANINGLESS.has(name) && !name.endsWith('_policy') && name !== 'path') throw new UnknownSignal({ code: 'adapter', message: `what a relation with another ${name} says is not known`, stack: [] })
  }
  if (more.length > 0) changes.more = new Map([...relation.fields.more ?? [], ...more])
  return changes
}

function textKeys(dict: PyDict): Map<string, Value> {
  return new Map(dict.items().flatMap(([key, value]) => typeof key === 'string' ? [[key, value] as const] : []))
}

/** The `{database: true}` of a template as a policy's changes; None counts as not given. */
export function flags(dict: PyDict): Map<string, boolean> {
  return new Map(dict.items().flatMap(([key, value]) => typeof key === 'string' && value !== null ? [[key, isTrue(value)] as const] : []))
}

function toDict(relation: Relation, omitNone: boolean): PyDict {
  const { path, type, quotePolicy, includePolicy, adapter, limit } = relation.fields
  const entries: [string, Value][] = [
    ['path', new PyDict([...policyEntries(path)].filter(([, value]) => !omitNone || value !== null))], ['type', type], ['quote_character', adapter.quote.open],
    ['include_policy', new PyDict(policyEntries(includePolicy))], ['quote_policy', new PyDict(policyEntries(quotePolicy))],
    ['dbt_created', false], ['limit', limit === null ? null : BigInt(limit)], ['event_time_filter', null], ['require_alias', adapter.limit.alias], ['catalog', null],
    ['renameable_relations', new PyList([])], ['replaceable_relations', new PyList([])], ...(adapter.type === 'duckdb' ? [['external', relation.fields.external] as [string, Value]] : []),
  ]
  // Which of its fields the other adapters' classes have is not written down.
  if (adapter.type !== 'duckdb') throw new UnknownSignal({ code: 'adapter', message: 'all fields of a relation of this adapter are not known', stack: [] })
  return new PyDict(entries.filter(([name, value]) => !adapter.lacks.has(name) && (!omitNone || value !== null)))
}

function policyEntries(parts: RelationPath | Policy): Map<string, Value> { return new Map<string, Value>(PARTS.map(part => [part, parts[part]])) }

function comparable(fields: RelationFields): unknown { return { ...fields, adapter: fields.adapter.type } }

/** Of the classes that `from_dict` makes (dataclass annotations), and of the default values. */
const QUOTE_POLICIES: ReadonlyMap<string, string> = new Map([['snowflake', 'SnowflakeQuotePolicy'], ['fabric', 'FabricQuotePolicy'], ['sqlserver', 'SQLServerQuotePolicy']])
const INCLUDE_POLICIES: ReadonlyMap<string, string> = new Map([
  ['databricks', 'DatabricksIncludePolicy'], ['spark', 'SparkIncludePolicy'], ['athena', 'AthenaIncludePolicy'], ['clickhouse', 'ClickHouseIncludePolicy'], ['sqlserver', 'SQLServerIncludePolicy'],
])

const CLASS_NAMES: ReadonlyMap<string, string> = new Map([
  ['duckdb', 'DuckDBRelation'], ['postgres', 'PostgresRelation'], ['redshift', 'RedshiftRelation'], ['snowflake', 'SnowflakeRelation'], ['bigquery', 'BigQueryRelation'],
  ['databricks', 'DatabricksRelation'], ['spark', 'SparkRelation'], ['trino', 'TrinoRelation'], ['athena', 'AthenaRelation'], ['clickhouse', 'ClickHouseRelation'],
  ['sqlserver', 'SQLServerRelation'], ['fabric', 'FabricRelation'],
])

export function relationClassName(type: string): string { return CLASS_NAMES.get(type) ?? 'BaseRelation' }
