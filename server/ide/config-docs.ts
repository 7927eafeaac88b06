// What dbt's configuration keys mean and which values they take, in our own words: for completion and hover. Which kind of node has a key
// is names/config-classes.ts's knowledge, not this file's.

export interface ConfigDoc { readonly description: string; readonly values: readonly string[] }

const BOOLEAN = ['true', 'false']

const DOCS: ReadonlyMap<string, ConfigDoc> = new Map(([
  ['access', 'Who may ref this model: private (its group), protected (its project), public.', ['private', 'protected', 'public']],
  ['alias', 'Name of the relation, else the name of the node.'],
  ['batch_size', 'Size of a microbatch.', ['hour', 'day', 'month', 'year']],
  ['begin', 'First moment of a microbatch model.'],
  ['check_cols', 'Columns that strategy check compares, or all.', ['all']],
  ['column_types', 'Types of the columns of a seed.'],
  ['concurrent_batches', 'Whether microbatches may run side by side.', BOOLEAN],
  ['contract', 'Whether the columns of YAML are enforced: `{enforced: true}`.'],
  ['database', 'Database (project, catalog) of the relation; goes through generate_database_name.'],
  ['delimiter', 'Delimiter of a seed.'],
  ['docs', '`show` and `node_color` in the documentation.'],
  ['enabled', 'Whether dbt knows the node at all.', BOOLEAN],
  ['error_if', 'When a test is an error, e.g. `>10`.'],
  ['event_time', 'Column that says when a row happened.'],
  ['fail_calc', 'What is compared with warn_if and error_if, else count(*).'],
  ['freshness', 'How old data may be, or when a model is built again.'],
  ['full_refresh', 'Always or never rebuild an incremental model or seed, whatever --full-refresh says.', BOOLEAN],
  ['grants', 'Privileges to grant: privilege → grantees.'],
  ['group', 'The group that owns this resource.'],
  ['incremental_strategy', 'How new rows get into an incremental model.', ['append', 'merge', 'delete+insert', 'insert_overwrite', 'microbatch']],
  ['limit', 'Most failing rows that a test returns.'],
  ['loaded_at_field', 'Column that says when a row of a source was loaded.'],
  ['loaded_at_query', 'Query that says when a source was loaded.'],
  ['lookback', 'How many earlier microbatches are run again.'],
  ['materialized', 'How the model is built.', ['view', 'table', 'incremental', 'ephemeral', 'materialized_view']],
  ['meta', 'Anything; kept in the manifest.'],
  ['on_configuration_change', 'What to do when a materialized view is configured otherwise.', ['apply', 'continue', 'fail']],
  ['on_schema_change', 'What an incremental model does when its columns change.', ['ignore', 'fail', 'append_new_columns', 'sync_all_columns']],
  ['packages', 'Python packages of a Python model.'],
  ['persist_docs', 'Whether descriptions go into the warehouse: `{relation: true, columns: true}`.'],
  ['post_hook', 'SQL to run after the model.'],
  ['pre_hook', 'SQL to run before the model.'],
  ['quote_columns', 'Whether column names of a seed are quoted.', BOOLEAN],
  ['quoting', 'Which parts of the relation are quoted: database, schema, identifier.'],
  ['schema', 'Schema of the relation; goes through generate_schema_name (`target.schema ~ "_" ~ schema` by default).'],
  ['severity', 'What a failing test is.', ['error', 'warn']],
  ['snapshot_meta_column_names', "Other names for a snapshot's dbt_ columns."],
  ['dbt_valid_to_current', "What dbt_valid_to of a snapshot's current rows is, else null."],
  ['sql_header', 'SQL in front of the statement that builds the model.'],
  ['static_analysis', 'dbt 2: whether the SQL is analysed.', ['off', 'baseline', 'strict']],
  ['store_failures', 'Whether failing rows are kept in a table.', BOOLEAN],
  ['store_failures_as', 'What failing rows are kept in.', ['table', 'view', 'ephemeral']],
  ['strategy', 'How a snapshot notices changes.', ['timestamp', 'check']],
  ['tags', 'Tags, for selection.'],
  ['target_database', 'Database of a snapshot (use database).'],
  ['target_schema', 'Schema of a snapshot, taken as it is (use schema).'],
  ['cache', 'Whether the result of a saved query is kept: `{enabled: true}`.'],
  ['export_as', 'What a saved query is written as.', ['table', 'view']],
  ['entry_point', 'Name of the handler of a Python function.'],
  ['runtime_version', 'Version of Python of a Python function.'],
  ['type', 'Kind of the function.', ['scalar', 'aggregate', 'table']],
  ['volatility', 'Whether a function always gives the same for the same arguments.', ['deterministic', 'stable', 'non-deterministic']],
  ['unique_key', 'Column or columns that tell rows apart.'],
  ['updated_at', 'Column that says when a row changed, for strategy timestamp.'],
  ['warn_if', 'When a test is a warning, e.g. `>0`.'],
  ['where', 'Rows that a test looks at.'],
] as const).map(([key, description, values]) => [key, { description, values: values ?? [] }]))

const NOTHING: ConfigDoc = { description: '', values: [] }

/** Keys are spelled `pre_hook` and `pre-hook`; both are known. */
export function configDoc(key: string): ConfigDoc {
  return DOCS.get(key.replace(/^\+/, '').replaceAll('-', '_')) ?? NOTHING
}
