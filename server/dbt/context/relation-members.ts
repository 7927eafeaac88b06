// What the Relation of one adapter has beside, or other than, dbt's BaseRelation: attributes and methods by the adapter's type.
// Rules: relation.py of each adapter package, as dbt 1.12 installs it. Of fields that only the warehouse fills in, the defaults of the class.

import { PyException } from '../../jinja/errors.ts'
import { strOf } from '../../jinja/repr.ts'
import { PyFunction, PyList, PyObject, PyUnknown } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { quoteName, renderRelation } from '../adapters/render.ts'
import { SELF, bindKnown } from './args.ts'
import type { Parameters } from './args.ts'
import type { Relation } from './relation.ts'

type Member = (relation: Relation) => Value

/** Undefined: as BaseRelation has it, if it has it. */
export function ownMember(relation: Relation, name: string): Value | undefined {
  const member = MEMBERS.get(relation.fields.adapter.type)?.get(name)
  return member?.(relation)
}

const value = (constant: Value): Member => () => constant
const ofType = (...types: readonly string[]): Member => ({ fields: { type } }) => type !== null && types.includes(type)

function method(name: string, parameters: Parameters, run: (relation: Relation, values: readonly Value[]) => Value): [string, Member] {
  return [name, (relation) => new PyFunction(name, (args) => run(relation, bindKnown(`BaseRelation.${name}`, parameters, args, SELF)))]
}

/** A field that `Relation.create` may have been given. */
function given(name: string, fallback: Value): [string, Member] { return [name, ({ fields }) => fields.more?.get(name) ?? fallback] }

function longest(characters: bigint): [string, Member] { return method('relation_max_name_length', [], () => characters) }

function changeable(renamed: readonly string[], replaced: readonly string[]): [string, Member][] { return [['can_be_renamed', ofType(...renamed)], ['can_be_replaced', ofType(...replaced)]] }

function unsaid(name: string): [string, Member] {
  return [name, () => new PyUnknown({ code: 'adapter', message: `relation.${name} of this adapter is not known`, stack: [] })]
}

function isHiveMetastore({ fields: { path: { database }, more } }: Relation): boolean { return (database === null || database.toLowerCase() === 'hive_metastore') && more?.get('temporary') !== true }

function isIceberg({ fields: { more } }: Relation): boolean { return more?.get('table_format') === 'ICEBERG' }

/** SnowflakeRelation.as_case_sensitive: what is not quoted has the letters that the warehouse gives it. */
function caseSensitive(relation: Relation): Relation {
  const { path, includePolicy, quotePolicy } = relation.fields
  const part = (name: keyof typeof path): string | null => { const text = path[name]; return text !== null && text !== '' && includePolicy[name] && !quotePolicy[name] ? text.toUpperCase() : text }
  return relation.with({ path: { database: part('database'), schema: part('schema'), identifier: part('identifier') } })
}

function needsToDrop(relation: Relation, old: Value): boolean {
  if (!isRelation(old)) return false
  return old.fields.type !== 'table' || isIceberg(old) !== isIceberg(relation)
}

function isRelation(found: Value): found is Relation { return found instanceof PyObject && 'fields' in found && 'render' in found }

function athenaRendered({ fields: { adapter, path, quotePolicy, includePolicy } }: Relation, mark: string, withDatabase: boolean): string {
  return renderRelation({ ...adapter, quote: { open: mark, close: mark, escape: 'none' } }, path, quotePolicy, withDatabase ? includePolicy : { database: false, schema: true, identifier: true })
}

function derivative(relation: Relation, [suffix, type, whole]: readonly Value[]): Relation {
  const { path } = relation.fields
  const identifier = whole === true ? strOf(suffix ?? null) : `${path.identifier ?? ''}${strOf(suffix ?? null)}`
  return relation.with({ path: { database: '', schema: path.schema, identifier }, type: typeof type === 'string' ? type : relation.fields.type })
}

// ClickHouse has a word of its own for a name that it looks for.
function clickhouseMatches({ fields: { path } }: Relation, [database, schema, identifier]: readonly Value[]): boolean {
  if (schema !== null && schema !== undefined && schema !== '') throw new PyException('DbtRuntimeError', `Passed unexpected schema value ${strOf(schema)} to Relation.matches`)
  return path.database === database && path.identifier === identifier
}

const PART_NAMES: Parameters = [['database', null], ['schema', null], ['identifier', null]]

const MEMBERS: ReadonlyMap<string, ReadonlyMap<string, Member>> = new Map<string, ReadonlyMap<string, Member>>([
  ['postgres', new Map([...changeable(['view', 'table'], ['view', 'table']), longest(63n)])],
  ['redshift', new Map([...changeable(['view', 'table'], ['view']), longest(127n)])],
  ['sqlserver', new Map<string, Member>([longest(127n), ['require_alias', value(true)]])],
  ['fabric', new Map<string, Member>([['quote_character', value('"')]])],
  ['bigquery', new Map<string, Member>([
    ...changeable(['table'], ['view', 'table']), given('location', null),
    ['project', ({ fields }) => fields.path.database], ['dataset', ({ fields }) => fields.path.schema],
  ])],
  ['snowflake', new Map<string, Member>([
    ['can_be_renamed', (relation) => ofType('table', 'view', 'dynamic_table', 'interactive_table')(relation) === true && !isIceberg(relation)],
    ['can_be_replaced', ofType('dynamic_table', 'table', 'view', 'interactive_table')],
    ['is_dynamic_table', ofType('dynamic_table')], ['is_interactive_table', ofType('interactive_table')], ['is_materialized_view', ofType('dynamic_table')],
    ['is_iceberg_format', isIceberg], given('table_format', 'DEFAULT'), ['DynamicTable', value('dynamic_table')], ['InteractiveTable', value('interactive_table')],
    method('as_case_sensitive', [], caseSensitive),
    method('get_ddl_prefix_for_alter', [], (relation) => isIceberg(relation) ? 'iceberg' : ''),
    method('needs_to_drop', [['old_relation']], (relation, [old]) => needsToDrop(relation, old ?? null)),
    unsaid('get_ddl_prefix_for_create'), unsaid('get_iceberg_ddl_options'), unsaid('from_config'), unsaid('dynamic_table_config_changeset'), unsaid('interactive_table_config_changeset'),
  ])],
  ['databricks', new Map<string, Member>([
    ['can_be_renamed', ofType('table', 'view')],
    ['can_be_replaced', (relation) => ofType('view', 'materialized_view')(relation) === true || (relation.fields.type === 'table' && relation.fields.more?.get('is_delta') === true)],
    ['is_metric_view', ofType('metric_view')], ['is_streaming_table', ofType('streaming_table')], ['is_foreign_table', ofType('foreign')], ['is_dlt', ofType('materialized_view', 'streaming_table')],
    ['is_external_table', value(false)], ['is_shallow_clone', value(false)], ['is_hudi', value(false)], ['is_iceberg', value(false)], ['owner', value(null)], ['stats', value(null)],
    given('is_delta', null), given('is_staging', false), given('temporary', false), ['metadata', value(null)], ['databricks_table_type', value(null)], ['StreamingTable', value('streaming_table')],
    ['create_constraints', () => new PyList([])], ['alter_constraints', () => new PyList([])],
    method('is_hive_metastore', [], isHiveMetastore), method('has_information', [], () => false), method('render_constraints_for_create', [], () => ''), longest(255n), unsaid('enrich'), unsaid('add_constraint'),
  ])],
  ['spark', new Map<string, Member>([given('is_delta', null), given('is_hudi', null), given('is_iceberg', null), given('information', null)])],
  ['athena', new Map<string, Member>([
    given('s3_path_table_part', null), given('detailed_table_type', null),
    method('render_hive', [], (relation) => athenaRendered(relation, '`', false)), method('render_pure', [], (relation) => athenaRendered(relation, '', true)),
  ])],
  ['clickhouse', new Map<string, Member>([
    given('can_exchange', false), given('is_temporary', false), given('is_refreshable', false), given('refreshable_append', false), ['mvs_pointing_to_it', () => new PyList([])],
    unsaid('can_on_cluster'), unsaid('should_on_cluster'), unsaid('get_on_cluster'),
    method('derivative', [['suffix'], ['relation_type', null], ['interpret_suffix_as_full_identifier', false]], derivative),
    method('matches', [['database', ''], ...PART_NAMES.slice(1)], clickhouseMatches),
    method('quoted', [['identifier']], ({ fields: { adapter } }, [name]) => quoteName(adapter, strOf(name ?? null))),
  ])],
])
