// Keys of property files by where they stand, with what they mean, in our own words: for completion and hover.

export interface PropertyKey { readonly key: string; readonly description: string }

export const rows = (...given: readonly (readonly [string, string])[]): readonly PropertyKey[] => given.map(([key, description]) => ({ key, description }))
const keys = rows

const ROOT = keys(
  ['models', 'Properties of models.'], ['sources', 'Tables that others load.'], ['seeds', 'Properties of seeds.'], ['snapshots', 'Snapshots, or properties of them.'], ['macros', 'Documentation of macros.'],
  ['exposures', 'Uses of the project outside of dbt.'], ['metrics', 'Metrics of the semantic layer.'], ['semantic_models', 'Semantic models.'], ['saved_queries', 'Saved queries of the semantic layer.'], ['unit_tests', 'Unit tests of models.'],
  ['groups', 'Owners of resources.'], ['analyses', 'Properties of analyses.'], ['data_tests', 'Properties of singular tests.'], ['functions', 'User-defined functions.'], ['version', 'Always 2; no longer needed.'],
)
const NODE = [['name', 'The name of the resource.'], ['description', 'Text, or `{{ doc(…) }}`.'], ['config', 'Configuration of the resource.'], ['columns', 'Its columns.'], ['data_tests', 'Tests of the whole.'], ['tests', 'Older name of data_tests.'], ['docs', '`show` and `node_color` in the documentation.']] as const
const COLUMN = keys(['name', 'The column.'], ['description', 'Text, or `{{ doc(…) }}`.'], ['data_type', 'Its type; required by a contract.'], ['data_tests', 'Tests of this column.'], ['tests', 'Older name of data_tests.'], ['constraints', 'Constraints of the warehouse.'], ['quote', 'Whether the name is quoted.'], ['tags', 'Tags of the column and its tests.'], ['config', '`meta` and `tags`.'])
const CONSTRAINTS = keys(['type', 'not_null, unique, primary_key, foreign_key, check or custom.'], ['name', 'Name of the constraint.'], ['columns', 'Columns, for a constraint of the model.'], ['expression', 'Its SQL.'], ['to', 'Foreign key: `ref(…)` or `source(…)`.'], ['to_columns', 'Foreign key: columns there.'], ['warn_unenforced', 'Warn when the warehouse does not enforce it.'], ['warn_unsupported', 'Warn when the warehouse does not know it.'])

const FRESHNESS = keys(['warn_after', '`count` and `period`: older data is a warning.'], ['error_after', '`count` and `period`: older data is an error.'], ['filter', 'Rows that are looked at.'])

const KEYS: ReadonlyMap<string, readonly PropertyKey[]> = new Map([
  ['', ROOT],
  ['models', keys(...NODE, ['access', 'Who may ref it: private, protected, public.'], ['group', 'The group that owns it.'], ['latest_version', 'The version that an unpinned ref reads.'], ['versions', 'Its versions.'], ['constraints', 'Constraints of the warehouse.'], ['deprecation_date', 'From when on it should not be used.'], ['time_spine', 'Makes it a time spine.'])],
  ['models.versions', keys(['v', 'The version.'], ['defined_in', 'File without its extension, if not NAME_vV.'], ['description', 'Text of this version.'], ['config', 'Configuration of this version.'], ['columns', 'Columns of this version; `include` and `exclude`.'], ['access', 'Who may ref it.'], ['constraints', 'Constraints of this version.'], ['deprecation_date', 'From when on it should not be used.'])],
  ['seeds', keys(...NODE)],
  ['snapshots', keys(...NODE, ['relation', 'What is snapshot: `ref(…)` or `source(…)`.'])],
  ['analyses', keys(...NODE)],
  ['sources', keys(['name', 'First argument of source().'], ['description', 'Text, or `{{ doc(…) }}`.'], ['database', 'Where the tables lie, else the database of the target.'], ['schema', 'Where the tables lie, else the name of the source.'], ['tables', 'The tables.'], ['loader', 'Who loads it; documentation.'], ['loaded_at_field', 'Column that says when a row was loaded.'], ['freshness', 'How old the data may be.'], ['quoting', 'Which parts of the relation are quoted.'], ['config', 'Configuration of its tables.'], ['overrides', 'The package whose source this replaces.'], ['tags', 'Tags of its tables.'])],
  ['sources.tables', keys(['name', 'Second argument of source().'], ['description', 'Text, or `{{ doc(…) }}`.'], ['identifier', 'Name of the table in the warehouse, else `name`.'], ['columns', 'Its columns.'], ['data_tests', 'Tests of the table.'], ['tests', 'Older name of data_tests.'], ['loaded_at_field', 'Column that says when a row was loaded.'], ['freshness', 'How old the data may be.'], ['quoting', 'Which parts of the relation are quoted.'], ['external', 'External tables.'], ['config', 'Configuration of the table.'], ['tags', 'Tags.'])],
  ['macros', keys(['name', 'The macro.'], ['description', 'What it does.'], ['arguments', 'Its arguments.'], ['docs', '`show` in the documentation.'], ['config', '`meta`.'])],
  ['macros.arguments', keys(['name', 'The argument.'], ['type', 'Its type.'], ['description', 'What it means.'])],
  ['exposures', keys(['name', 'The exposure.'], ['label', 'Its title.'], ['type', 'dashboard, notebook, analysis, ml or application.'], ['maturity', 'high, medium or low.'], ['url', 'Where it is.'], ['description', 'What it is.'], ['depends_on', 'What it reads: `ref(…)`, `source(…)`, `metric(…)`.'], ['owner', '`name` and `email`.'], ['config', 'Configuration.'], ['tags', 'Tags.'])],
  ['unit_tests', keys(['name', 'The test.'], ['model', 'The model under test.'], ['given', 'Rows of its inputs.'], ['expect', 'Rows it must give.'], ['overrides', 'Macros, vars and env_vars to replace.'], ['description', 'What is tested.'], ['versions', 'Versions of the model to test.'], ['config', '`tags` and `meta`.'])],
  ['unit_tests.given', keys(['input', '`ref(…)`, `source(…)` or `this`.'], ['rows', 'The rows.'], ['format', 'dict, csv or sql.'], ['fixture', 'File of rows under tests/fixtures.'])],
  ['groups', keys(['name', 'The group.'], ['owner', '`name` and `email`.'], ['description', 'What it is.'], ['config', '`meta`.'])],
  ['semantic_models', keys(['name', 'The semantic model.'], ['model', 'The model that it describes: `ref(…)`.'], ['description', 'What it is.'], ['label', 'Its title.'], ['defaults', '`agg_time_dimension` of measures that name none.'], ['entities', 'What its rows stand for: the keys of joins.'], ['dimensions', 'What measures are grouped and filtered by.'], ['measures', 'What is aggregated.'], ['primary_entity', 'The entity of a model without a key of its own.'], ['config', '`enabled`, `group`, `meta`.'])],
  ['semantic_models.entities', keys(['name', 'The entity; dimensions are called ENTITY__DIMENSION.'], ['type', 'primary, unique, foreign or natural.'], ['expr', 'Column or SQL, else the name.'], ['description', 'What it is.'], ['label', 'Its title.'], ['role', 'Its role.'], ['config', '`meta`.'])],
  ['semantic_models.dimensions', keys(['name', 'The dimension.'], ['type', 'categorical or time.'], ['type_params', 'Of time: `time_granularity`, `validity_params`.'], ['expr', 'Column or SQL, else the name.'], ['is_partition', 'Whether tables are partitioned by it.'], ['description', 'What it is.'], ['label', 'Its title.'], ['config', '`meta`.'])],
  ['semantic_models.measures', keys(['name', 'The measure; metrics are made of it.'], ['agg', 'sum, min, max, average, median, percentile, count, count_distinct or sum_boolean.'], ['expr', 'Column or SQL, else the name.'], ['agg_time_dimension', 'Time dimension of the aggregation.'], ['agg_params', 'Of percentile.'], ['non_additive_dimension', 'Dimension along which it must not be added.'], ['create_metric', 'Whether a metric of its name is made.'], ['description', 'What it is.'], ['label', 'Its title.'], ['config', '`meta`.'])],
  ['metrics', keys(['name', 'The metric.'], ['label', 'Its title.'], ['type', 'simple, ratio, derived, cumulative or conversion.'], ['type_params', 'What it is computed from.'], ['filter', 'Which rows count: `{{ Dimension(…) }} …`.'], ['time_granularity', 'Its default granularity.'], ['description', 'What it is.'], ['config', '`enabled`, `group`, `meta`.'], ['tags', 'Tags, for selection.'], ['meta', 'Anything; kept in the manifest.'])],
  ['metrics.type_params', keys(['measure', 'Of simple metrics: the measure.'], ['numerator', 'Of ratios: the metric above the line.'], ['denominator', 'Of ratios: the metric below the line.'], ['expr', 'Of derived metrics: how the metrics are combined.'], ['metrics', 'Of derived metrics: what expr is made of.'], ['cumulative_type_params', 'Of cumulative metrics: `window`, `grain_to_date`, `period_agg`.'], ['conversion_type_params', 'Of conversion metrics: entity, base and conversion measure, `window`.'], ['fill_nulls_with', 'What stands for missing values.'], ['join_to_timespine', 'Whether days without rows appear.'])],
  ['saved_queries', keys(['name', 'The saved query.'], ['label', 'Its title.'], ['description', 'What it is.'], ['query_params', 'What is queried.'], ['exports', 'Tables and views that it is written to.'], ['config', '`enabled`, `group`, `cache`, `meta`.'], ['tags', 'Tags, for selection.'])],
  ['saved_queries.query_params', keys(['metrics', 'Metrics.'], ['group_by', "Dimensions: `Dimension('entity__name')`, `TimeDimension(…)`."], ['where', 'Filters.'], ['order_by', 'Order.'], ['limit', 'Most rows.'])],
  ['saved_queries.exports', keys(['name', 'The export.'], ['config', '`export_as`: table or view; `schema`, `alias`.'])],
  ['saved_queries.exports.config', keys(['export_as', 'table or view.'], ['schema', 'Schema of the relation, else that of the target.'], ['alias', 'Name of the relation, else that of the export.'], ['database', 'Database of the relation.'])],
  ['functions', keys(['name', 'The function.'], ['description', 'What it does.'], ['arguments', 'Its arguments, in order.'], ['returns', '`data_type` of the result.'], ['config', '`type`, `volatility`, `runtime_version`, `entry_point` and what all nodes have.'])],
  ['functions.arguments', keys(['name', 'The argument.'], ['data_type', 'Its type in the warehouse.'], ['description', 'What it means.'], ['default_value', 'What it is when it is not given.'])],
  ['functions.returns', keys(['data_type', 'Type of the result in the warehouse.'], ['description', 'What it is.'])],
  ['data_tests', keys(['name', 'The singular test.'], ['description', 'What is tested.'], ['config', 'Configuration of the test.'])],
  ['sources.freshness', FRESHNESS],
  ['sources.tables.freshness', FRESHNESS],
  ['groups.owner', keys(['name', 'Who owns it.'], ['email', 'How to reach them.'])],
  ['exposures.owner', keys(['name', 'Who owns it.'], ['email', 'How to reach them.'])],
  ['unit_tests.expect', keys(['rows', 'The rows.'], ['format', 'dict, csv or sql.'], ['fixture', 'File of rows under tests/fixtures.'])],
  ['unit_tests.overrides', keys(['macros', 'What macros give instead: `is_incremental: true`.'], ['vars', 'Values of variables.'], ['env_vars', 'Values of environment variables.'])],
  ['models.time_spine', keys(['standard_granularity_column', 'Column with the finest granularity.'], ['custom_granularities', 'Columns of granularities of your own.'])],
  ['columns', COLUMN],
  ['constraints', CONSTRAINTS],
])

/** `path`: keys from the root with `-` for list items, as yamlContext gives it. None known: empty. */
export function propertyKeys(path: readonly string[]): readonly PropertyKey[] {
  if (path.length === 0) return ROOT
  if (path.at(-1) !== '-' && !path.includes('-')) return []
  const names = path.filter((each) => each !== '-')
  const last = names.at(-1) ?? ''
  if ((last === 'columns' || last === 'constraints') && path.at(-1) === '-') return KEYS.get(last) ?? []
  return KEYS.get(names.join('.')) ?? []
}
