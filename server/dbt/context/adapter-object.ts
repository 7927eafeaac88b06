// Jinja's `adapter` and `api.Relation`: what a method answers while parsing (dbt's own replacements), what is plain computing,
// and what only a warehouse knows. Rules: dbt-adapters 1.x base/impl.py (@available), context/providers.py DatabaseWrapper, RelationProxy.

import { PyException, UnknownSignal } from '../../jinja/errors.ts'
import { strOf } from '../../jinja/repr.ts'
import { typeNameOf } from '../../jinja/types.ts'
import { PyDict, PyFunction, PyList, PyObject, PyTuple, PyUnknown } from '../../jinja/value.ts'
import type { CallArgs, CallContext, Value } from '../../jinja/value.ts'
import { quoteName } from '../adapters/render.ts'
import { SELF, bindKnown } from './args.ts'
import { AgateTable } from './agate.ts'
import { ADAPTER_METHODS, BASE_METHODS } from './class-members.ts'
import type { ParseAnswer } from './class-members.ts'
import { compilationError } from './errors.ts'
import { dispatchMacro } from './namespaces.ts'
import type { MacroNamespace } from './namespaces.ts'
import { RecordValue, Relation, ephemeralPrefix, flags, makeEphemeral, makeRelation, relationClassMember, relationClassName } from './relation.ts'
import { RELATION_TYPES, RelationTypes, relationType } from './relation-types.ts'
import { answer, classOf, ownRelation } from './resolvers.ts'
import { originAt, recordUnknown } from './session.ts'
import type { Session } from './session.ts'

/** `adapter`: dbt's ParseDatabaseWrapper or RuntimeDatabaseWrapper. */
export class AdapterObject extends PyObject {
  private readonly session: Session
  private readonly macros: MacroNamespace
  constructor(session: Session, macros: MacroNamespace) { super(); this.session = session; this.macros = macros }
  get typeName(): string { return parses(this.session) ? 'ParseDatabaseWrapper' : 'RuntimeDatabaseWrapper' }
  override get qualifiedTypeName(): string { return `dbt.context.providers.${this.typeName}` }
  override truthy(): boolean { return true }
  override getattr(name: string): Value | undefined {
    const { session } = this
    const { adapter } = session.world.project
    if (adapter.lacks.has(name)) return undefined
    switch (name) {
      case 'dispatch': return new PyFunction(name, (args, context) => dispatchMacro(session, this.macros, args, context))
      case 'Relation': return new RelationProxy(session)
      case 'type': return new PyFunction(name, () => adapter.type)
      case 'config': return unknownValue('adapter', 'adapter.config is the configuration object of a running dbt')
      case 'behavior': return new BehaviorFlags(session)
      case 'commit': return new PyFunction(name, () => null)
      case 'quote': return new PyFunction(name, args => quoteName(adapter, strOf(bindKnown('quote', [['identifier']], args, SELF)[0] ?? null)))
      case 'quote_as_configured': return new PyFunction(name, args => this.quoteAsConfigured(args))
      case 'quote_seed_column': return new PyFunction(name, args => this.quoteSeedColumn(args))
      case 'build_catalog_relation': return new PyFunction(name, (args, context) => catalogRelation(args, context))
      case 'get_relation': if (session.run) return new PyFunction(name, (args, context) => this.getRelation(args, context)); break
      case 'get_columns_in_relation': if (session.run) return new PyFunction(name, (args, context) => this.getColumns(args, context)); break
      case 'cache_added': case 'cache_dropped': case 'cache_renamed': return new PyFunction(name, () => '')
      case 'verify_database': return adapter.type === 'postgres' || adapter.type === 'redshift' ? new PyFunction(name, args => verifyDatabase(session, args)) : undefined
      case 'is_motherduck': return adapter.type === 'duckdb' ? new PyFunction(name, () => /^(md|motherduck):/.test(String(session.world.project.target?.context.get('path') ?? ''))) : undefined
      case 'disable_transactions': return adapter.type === 'duckdb' ? new PyFunction(name, () => session.world.project.target?.context.get('disable_transactions') ?? false) : undefined
      case 'external_root': return adapter.type === 'duckdb' ? new PyFunction(name, () => session.world.project.target?.context.get('external_root') ?? '.') : undefined
    }
    const answers = (ADAPTER_METHODS.get(adapter.type) ?? BASE_METHODS).get(name)
    if (answers === undefined) return adapter.known ? undefined : this.unknownMethod(name)
    return parses(session) && answers !== 'called' && answers !== 'unknown' ? new PyFunction(name, () => whileParsing(answers)) : this.unknownMethod(name)
  }

  private unknownMethod(name: string): Value {
    return new PyFunction(name, (_args, context) => {
      const origin = originAt(context, 'adapter', `adapter.${name}() asks the warehouse`)
      if (this.session.run) recordUnknown(this.session.recorder, origin)
      return name === 'execute' || name === 'add_query' ? new PyTuple([new PyUnknown(origin), new PyUnknown(origin)]) : new PyUnknown(origin)
    })
  }

  private quoteAsConfigured(args: CallArgs): Value {
    const [identifier, key] = bindKnown('BaseAdapter.quote_as_configured', [['identifier'], ['quote_key']], args, SELF)
    const { adapter, root } = this.session.world.project
    const part = strOf(key ?? null)
    if (part !== 'database' && part !== 'schema' && part !== 'identifier') return identifier ?? null
    return root.quoting.get(part) ?? adapter.quotePolicy[part] ? quoteName(adapter, strOf(identifier ?? null)) : identifier ?? null
  }

  private quoteSeedColumn(args: CallArgs): Value {
    const [column, quote] = bindKnown('BaseAdapter.quote_seed_column', [['column'], ['quote_config']], args, SELF)
    if (quote !== null && typeof quote !== 'boolean') throw compilationError(`The seed configuration value of "quote_columns" has an invalid type ${classOf(quote)}`)
    return quote === false ? column ?? null : quoteName(this.session.world.project.adapter, strOf(column ?? null))
  }

  private getRelation(args: CallArgs, context: CallContext): Value {
    const [database, schema, identifier] = bindKnown('BaseAdapter.get_relation', [['database'], ['schema'], ['identifier']], args, SELF)
    const { run } = this.session
    if (!run) return null
    return answer(run.relation(textOrNull(database), textOrNull(schema), textOrNull(identifier)), context, this.session)
  }

  private getColumns(args: CallArgs, context: CallContext): Value {
    const [relation] = bindKnown('BaseAdapter.get_columns_in_relation', [['relation']], args, SELF)
    const { run } = this.session
    if (!run || !(relation instanceof Relation)) throw new PyException('AttributeError', `'${typeNameOf(relation ?? null)}' object has no attribute 'database'`)
    return answer(run.columns(relation), context, this.session)
  }
}

function parses(session: Session): boolean { return session.mode === 'parse' || session.mode === 'name' }

function textOrNull(value: Value | undefined): string | null { return typeof value === 'string' ? value : value === null || value === undefined ? null : strOf(value) }

function unknownValue(code: string, message: string): PyUnknown { return new PyUnknown({ code, message, stack: [] }) }

// BaseAdapter.build_catalog_relation: None unless the node's config names a catalog, whose integration we do not know.
function catalogRelation(args: CallArgs, context: CallContext): Value {
  const [node] = bindKnown('BaseAdapter.build_catalog_relation', [['config']], args, SELF)
  if (node instanceof PyDict) throw new PyException('AttributeError', "'dict' object has no attribute 'config'")
  const config = node instanceof PyObject ? node.getattr('config') : undefined
  if (!(config instanceof PyObject)) return null
  for (const key of ['catalog_name', 'catalog']) {
    const value = config.getattr(key) ?? config.getitem(key)
    if (value !== undefined && value !== null && value !== '') throw new UnknownSignal(originAt(context, 'catalog', 'the catalog integration of this node is not known'))
  }
  return null
}

// PostgresAdapter.verify_database, RedshiftAdapter.verify_database.
function verifyDatabase(session: Session, args: CallArgs): Value {
  const [given] = bindKnown('verify_database', [['database']], args, SELF)
  const { project } = session.world
  const name = strOf(given ?? null)
  const database = name.startsWith('"') ? name.replace(/^"+|"+$/g, '') : name
  const expected = project.target?.database ?? ''
  if (project.adapter.type === 'redshift' || database.toLowerCase() === expected.toLowerCase()) return ''
  throw compilationError(`Cross-db references not allowed in ${project.adapter.type} (${database} vs ${expected})`, 'compilation-error', 'UnexpectedDbReferenceError')
}

/** What a method answers while dbt parses. */
function whileParsing(answer: Exclude<ParseAnswer, 'called' | 'unknown'>): Value {
  switch (answer) {
    case 'none': return null
    case 'list': return new PyList([])
    case 'dict': return new PyDict()
    case 'text': return ''
    case 'no': return false
    case 'yes': return true
    case 'zero': return 0n
    case 'pair': return new PyTuple([null, null])
    case 'execution': return new PyTuple(['', new AgateTable()])
  }
}

/** `adapter.behavior`: the flags an adapter adds, by the project's `flags:` and their defaults; what another adapter's default is, is not known. */
class BehaviorFlags extends PyObject {
  readonly typeName = 'Behavior'
  private readonly session: Session
  constructor(session: Session) { super(); this.session = session }
  override get qualifiedTypeName(): string { return 'dbt_common.behavior_flags.Behavior' }
  override truthy(): boolean { return true }
  override getattr(name: string): Value {
    const flag = this.session.world.project.flags.behaviour.get(name)
    return flag ? new BehaviorFlag(flag.value) : unknownValue('adapter', `the default of the adapter's flag ${name} is not known`)
  }
}

class BehaviorFlag extends PyObject {
  readonly typeName = 'BehaviorFlagRendered'
  private readonly setting: boolean
  constructor(setting: boolean) { super(); this.setting = setting }
  override get qualifiedTypeName(): string { return 'dbt_common.behavior_flags.BehaviorFlagRendered' }
  override truthy(): boolean { return this.setting }
  override getattr(name: string): Value | undefined { return name === 'setting' || name === 'no_warn' ? this.setting : undefined }
}

/** `api.Relation`, `adapter.Relation`: creates relations with the project's quoting. */
export class RelationProxy extends PyObject {
  readonly typeName = 'RelationProxy'
  private readonly session: Session
  constructor(session: Session) { super(); this.session = session }
  override get qualifiedTypeName(): string { return 'dbt.context.providers.RelationProxy' }
  override truthy(): boolean { return true }
  override getattr(name: string): Value | undefined {
    const { project } = this.session.world
    const { adapter } = project
    if (adapter.lacks.has(name)) return undefined
    const type = RELATION_TYPES.find(entry => entry[0] === name && name !== 'Ephemeral')
    if (type) return type[1]
    switch (name) {
      case 'create': return new PyFunction(name, args => this.create(args))
      case 'create_from': return new PyFunction(name, args => this.createFrom(args))
      case 'create_ephemeral_from': return new PyFunction(name, args => {
        const [node] = bindKnown(name, [['relation_config'], ['limit', null], ['event_time_filter', null]], args)
        refuseDict(node, 'identifier')
        return makeEphemeral(adapter, nameOf(node ?? null))
      })
      case 'add_ephemeral_prefix': return new PyFunction(name, args => ephemeralPrefix(strOf(bindKnown(`BaseRelation.${name}`, [['name']], args)[0] ?? null)))
      case 'get_relation_type': return new RelationTypes(adapter)
      case 'get_default_quote_policy': return new PyFunction(name, () => new RecordValue('Policy', new Map(Object.entries(adapter.quotePolicy))))
      case 'get_default_include_policy': return new PyFunction(name, () => new RecordValue('Policy', new Map(Object.entries(adapter.includePolicy))))
      case 'scd_args': return ownRelation(this.session, null)?.getattr(name)
      default: return relationClassMember(adapter, name)
    }
  }

  private create(args: CallArgs): Value {
    const kwargs = new Map(args.kwargs)
    const quotePolicy = kwargs.get('quote_policy')
    const includePolicy = kwargs.get('include_policy')
    const limit = kwargs.get('limit')
    const more = new Map(Array.from(kwargs).filter(([key]) => !CREATE_PARAMETERS.has(key) && !BASE_FIELDS.has(key)))
    for (const key of [...more.keys(), ...BASE_FIELDS]) kwargs.delete(key)
    const [database, schema, identifier, type] = bindKnown('BaseRelation.create', [['database', null], ['schema', null], ['identifier', null], ['type', null]], { args: args.args, kwargs })
    const { project } = this.session.world
    const path = { database: textOrNull(database), schema: textOrNull(schema), identifier: textOrNull(identifier) }
    const quoting = new Map([...project.root.quoting, ...(quotePolicy instanceof PyDict ? flags(quotePolicy) : [])])
    const made = makeRelation(project.adapter, path, { type: relationType(project.adapter, relationClassName(project.adapter.type), type ?? null), quoting, limit: typeof limit === 'bigint' ? Number(limit) : null })
    const relation = more.size > 0 ? made.with({ more }) : made
    if (!(includePolicy instanceof PyDict)) return relation
    return relation.with({ includePolicy: { ...relation.fields.includePolicy, ...Object.fromEntries(flags(includePolicy)) } })
  }

  private createFrom(args: CallArgs): Value {
    const [, node] = bindKnown('BaseRelation.create_from', [['quoting'], ['relation_config']], args)
    refuseDict(node, this.session.world.project.adapter.type === 'duckdb' ? 'resource_type' : 'quoting_dict')
    const field = (name: string): string | null => {
      const value = node instanceof PyObject ? node.getattr(name) : undefined
      return typeof value === 'string' ? value : null
    }
    const { project } = this.session.world
    return makeRelation(project.adapter, { database: field('database'), schema: field('schema'), identifier: field('identifier') ?? field('alias') ?? field('name') }, { quoting: project.root.quoting })
  }
}

// Fields of the adapter's own class are kept (relation-members.ts asks for them); unknown ones pass.
const CREATE_PARAMETERS = new Set(['database', 'schema', 'identifier', 'type'])
const BASE_FIELDS = new Set(['quote_policy', 'include_policy', 'limit', 'dbt_created', 'event_time_filter', 'require_alias', 'catalog', 'quote_character'])

/** dbt wants the node itself (`config.model`); Jinja's `model` is a dict. */
function refuseDict(node: Value | undefined, wanted: string): void {
  if (node instanceof PyDict) throw new PyException('AttributeError', `'dict' object has no attribute '${wanted}'`)
}

function nameOf(node: Value): string {
  for (const key of ['identifier', 'alias', 'name']) {
    const value = node instanceof PyObject ? node.getattr(key) : undefined
    if (typeof value === 'string') return value
  }
  return strOf(node)
}
