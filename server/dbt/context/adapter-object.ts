// Jinja's `adapter` and `api.Relation`: what a method answers while parsing (dbt's own replacements), what is plain computing,
// and what only a warehouse knows. Rules: dbt-adapters 1.x base/impl.py (@available), context/providers.py DatabaseWrapper, RelationProxy.

import { PyException, UnknownSignal } from '../../jinja/errors.ts'
import { strOf } from '../../jinja/repr.ts'
import { PyDict, PyFunction, PyList, PyObject, PyTuple, PyUnknown } from '../../jinja/value.ts'
import type { CallArgs, CallContext, Value } from '../../jinja/value.ts'
import { quoteName } from '../adapters/render.ts'
import { SELF, bindKnown } from './args.ts'
import { AgateTable } from './agate.ts'
import { compilationError } from './errors.ts'
import { dispatchMacro } from './namespaces.ts'
import type { MacroNamespace } from './namespaces.ts'
import { RELATION_TYPES, RecordValue, Relation, ephemeralPrefix, flags, makeEphemeral, makeRelation, relationClassMember } from './relation.ts'
import { answer, ownRelation } from './resolvers.ts'
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
    if (parses(session)) {
      const replacement = PARSE_REPLACEMENTS.get(name)
      if (replacement) return new PyFunction(name, () => replacement())
    }
    return AVAILABLE.has(name) || PARSE_REPLACEMENTS.has(name) || !adapter.known ? this.unknownMethod(name) : this.adapterSpecific(name)
  }

  /** Methods that an adapter adds; those we know nothing of are unknown, in both modes. */
  private adapterSpecific(name: string): Value | undefined {
    const own = OWN_METHODS.get(this.session.world.project.adapter.type)
    if (!own?.has(name)) return undefined
    const replacement = own.get(name)
    return parses(this.session) && replacement ? new PyFunction(name, () => replacement()) : this.unknownMethod(name)
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
    if (quote !== null && typeof quote !== 'boolean') throw compilationError(`The seed configuration value of "quote_columns" has an invalid type ${typeof quote}`)
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
    if (!run || !(relation instanceof Relation)) throw new PyException('AttributeError', `'${typeof relation}' object has no attribute 'database'`)
    return answer(run.columns(relation), context, this.session)
  }
}

function parses(session: Session): boolean { return session.mode === 'parse' || session.mode === 'name' }

function textOrNull(value: Value | undefined): string | null { return typeof value === 'string' ? value : value === null || value === undefined ? null : strOf(value) }

function unknownValue(code: string, message: string): PyUnknown { return new PyUnknown({ code, message, stack: [] }) }

// BaseAdapter.build_catalog_relation: None unless the node's config names a catalog, whose integration we do not know.
function catalogRelation(args: CallArgs, context: CallContext): Value {
  const [node] = bindKnown('BaseAdapter.build_catalog_relation', [['config']], args, SELF)
  const config = node instanceof PyObject ? node.getattr('config') ?? node.getitem('config') : undefined
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

const none = (): Value => null
const emptyList = (): Value => new PyList([])
const no = (): Value => false
const yes = (): Value => true
const emptyDict = (): Value => new PyDict()
const emptyText = (): Value => ''
const zero = (): Value => 0n
const emptyExecution = (): Value => new PyTuple(['', new AgateTable()])

// @available.parse…: what the method answers while dbt parses.
const PARSE_REPLACEMENTS: ReadonlyMap<string, () => Value> = new Map<string, () => Value>([
  ['execute', emptyExecution], ['get_partitions_metadata', emptyExecution], ['add_query', () => new PyTuple([null, null])],
  ['get_columns_in_relation', emptyList], ['get_missing_columns', emptyList], ['get_column_schema_from_query', emptyList], ['get_columns_in_table', emptyList],
  ['check_schema_exists', no], ['already_exists', no],
  ...['drop_relation', 'truncate_relation', 'rename_relation', 'valid_snapshot_target', 'assert_valid_snapshot_target_given_strategy', 'expand_target_column_types',
    'get_relation', 'create_schema', 'drop_schema', 'get_incremental_strategy_macro', 'get_hard_deletes_behavior'].map(name => [name, none] as const),
])

// @available without a replacement: really called while parsing too.
const AVAILABLE: ReadonlySet<string> = new Set([
  'get_catalog_integration', 'standardize_grants_dict', 'convert_type', 'render_raw_columns_constraints', 'render_raw_model_constraints', 'run_sql_for_tests', 'list_schemas', 'list_relations_without_caching',
])

const OWN_METHODS: ReadonlyMap<string, ReadonlyMap<string, (() => Value) | null>> = new Map([
  ['duckdb', methods('parse_index escape_sql_string ensure_transaction is_ducklake use_ducklake_table_workarounds convert_datetimes_to_strs get_seed_file_path location_exists store_relation get_binding_char external_write_options external_read_location warn_once valid_incremental_strategies catalog_supports_foreign_keys existing_key_constraint_types batch_id_for_model get_temp_relation_path')],
  ['postgres', methods('parse_index')],
  ['redshift', methods('parse_index use_show_apis drop_without_cascade use_grants_extended transform_show_tables_for_list_relations combine_show_tables_and_function_relations build_catalog_from_show_tables_and_svv_columns')],
  ['snowflake', methods('normalize_show_objects_result describe_dynamic_table describe_interactive_table')],
  ['bigquery', new Map([...methods('parse_partition_by get_bq_table'), ...replaced(emptyDict, 'nest_column_data_types get_common_options get_table_options get_view_options get_dataset_location describe_relation'), ...replaced(emptyList, 'add_time_ingestion_partition_column list_relations_without_caching'), ...replaced(emptyText, 'copy_table'), ...replaced(yes, 'is_replaceable get_bq_table'), ...replaced(none, 'update_columns update_table_description alter_table_add_columns load_dataframe upload_file grant_access_to')])],
  ['databricks', new Map([...methods('get_behavior_flag_no_warn valid_incremental_strategies redact_credentials generate_unique_temporary_table_suffix parse_columns_and_constraints is_cluster get_column_tags_from_model resolve_file_format'), ...replaced(zero, 'compare_dbr_version is_uniform update_tblproperties_for_uniform_iceberg compute_external_path'), ...replaced(no, 'has_dbr_capability'), ...replaced(emptyDict, 'get_persist_doc_columns get_relation_config get_config_from_model clean_sql'), ...replaced(emptyText, 'yaml_quote_backtick_values')])],
  ['trino', new Map([...methods('persist_starburst_docs'), ...replaced(emptyDict, 'sync_row_columns')])],
  ['clickhouse', new Map([...methods('clickhouse_db_engine_clause is_before_version is_at_or_after_version get_csv_data get_model_settings filter_settings_by_engine get_model_query_settings get_credentials'), ...replaced(emptyDict, 'get_clickhouse_cluster_name get_clickhouse_local_suffix get_clickhouse_local_db_prefix'), ...replaced(none, 'supports_atomic_exchange can_exchange should_on_cluster calculate_incremental_strategy validate_incremental_strategy check_incremental_schema_changes s3source_clause get_ch_database format_columns')])],
  ['athena', methods('is_s3_tables_database add_lf_tags_to_database add_lf_tags apply_lf_grants is_work_group_output_location_enforced generate_s3_location get_glue_table get_glue_table_type get_glue_table_location clean_up_partitions clean_up_table generate_unique_temporary_table_suffix upload_seed_to_s3 delete_from_s3 swap_table expire_glue_table_versions persist_docs_to_glue delete_from_glue_catalog drop_glue_database is_list run_query_with_partitions_limit_catching format_partition_keys format_one_partition_key murmur3_hash format_value_for_partition run_operation_with_potential_multiple_runs')],
])

function methods(names: string): ReadonlyMap<string, (() => Value) | null> { return new Map(names.split(' ').map(name => [name, null])) }

function replaced(value: () => Value, names: string): ReadonlyMap<string, () => Value> { return new Map(names.split(' ').map(name => [name, value])) }

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
    const type = RELATION_TYPES.find(entry => entry[0] === name && name !== 'Ephemeral')
    if (type) return type[1]
    switch (name) {
      case 'create': return new PyFunction(name, args => this.create(args))
      case 'create_from': return new PyFunction(name, args => this.createFrom(args))
      case 'create_ephemeral_from': return new PyFunction(name, args => makeEphemeral(adapter, nameOf(bindKnown(name, [['relation_config'], ['limit', null], ['event_time_filter', null]], args)[0] ?? null)))
      case 'add_ephemeral_prefix': return new PyFunction(name, args => ephemeralPrefix(strOf(bindKnown(`BaseRelation.${name}`, [['name']], args)[0] ?? null)))
      case 'get_relation_type': return new RecordValue('RelationType', new Map(RELATION_TYPES))
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
    const made = makeRelation(project.adapter, path, { type: type === null || type === undefined ? null : strOf(type), quoting, limit: typeof limit === 'bigint' ? Number(limit) : null })
    const relation = more.size > 0 ? made.with({ more }) : made
    if (!(includePolicy instanceof PyDict)) return relation
    return relation.with({ includePolicy: { ...relation.fields.includePolicy, ...Object.fromEntries(flags(includePolicy)) } })
  }

  private createFrom(args: CallArgs): Value {
    const [, node] = bindKnown('BaseRelation.create_from', [['quoting'], ['relation_config']], args)
    const field = (name: string): string | null => {
      const value = node instanceof PyObject ? node.getattr(name) ?? node.getitem(name) : undefined
      return typeof value === 'string' ? value : null
    }
    const { project } = this.session.world
    return makeRelation(project.adapter, { database: field('database'), schema: field('schema'), identifier: field('identifier') ?? field('alias') ?? field('name') }, { quoting: project.root.quoting })
  }
}

// Fields of the adapter's own class are kept (relation-members.ts asks for them); unknown ones pass.
const CREATE_PARAMETERS = new Set(['database', 'schema', 'identifier', 'type'])
const BASE_FIELDS = new Set(['quote_policy', 'include_policy', 'limit', 'dbt_created', 'event_time_filter', 'require_alias', 'catalog', 'quote_character'])

function nameOf(node: Value): string {
  for (const key of ['identifier', 'alias', 'name']) {
    const value = node instanceof PyObject ? node.getattr(key) ?? node.getitem(key) : undefined
    if (typeof value === 'string') return value
  }
  return strOf(node)
}
