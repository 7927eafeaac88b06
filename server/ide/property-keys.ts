// Keys of property files by where they stand, with what they mean, in our own words: for completion and hover.

export interface PropertyKey { readonly key: string; readonly description: string }

const keys = (...rows: readonly (readonly [string, string])[]): readonly PropertyKey[] => rows.map(([key, description]) => ({ key, description }))

const ROOT = keys(
  ['models', 'Properties of models.'], ['sources', 'Tables that others load.'], ['seeds', 'Properties of seeds.'], ['snapshots', 'Snapshots, or properties of them.'], ['macros', 'Documentation of macros.'],
  ['exposures', 'Uses of the project outside of dbt.'], ['metrics', 'Metrics of the semantic layer.'], ['semantic_models', 'Semantic models.'], ['saved_queries', 'Saved queries of the semantic layer.'], ['unit_tests', 'Unit tests of models.'],
  ['groups', 'Owners of resources.'], ['analyses', 'Properties of analyses.'], ['data_tests', 'Properties of singular tests.'], ['functions', 'User-defined functions.'], ['version', 'Always 2; no longer needed.'],
)
const NODE = [['name', 'The name of the resource.'], ['description', 'Text, or `{{ doc(…) }}`.'], ['config', 'Configuration of the resource.'], ['columns', 'Its columns.'], ['data_tests', 'Tests of the whole.'], ['tests', 'Older name of data_tests.'], ['docs', '`show` and `node_color` in the documentation.']] as const
const COLUMN = keys(['name', 'The column.'], ['description', 'Text, or `{{ doc(…) }}`.'], ['data_type', 'Its type; required by a contract.'], ['data_tests', 'Tests of this column.'], ['tests', 'Older name of data_tests.'], ['constraints', 'Constraints of the warehouse.'], ['quote', 'Whether the name is quoted.'], ['tags', 'Tags of the column and its tests.'], ['config', '`meta` and `tags`.'])
const CONSTRAINTS = keys(['type', 'not_null, unique, primary_key, foreign_key, check or custom.'], ['name', 'Name of the constraint.'], ['columns', 'Columns, for a constraint of the model.'], ['expression', 'Its SQL.'], ['to', 'Foreign key: `ref(…)` or `source(…)`.'], ['to_columns', 'Foreign key: columns there.'], ['warn_unenforced', 'Warn when the warehouse does not enforce it.'], ['warn_unsupported', 'Warn when the warehouse does not know it.'])

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
  ['columns', COLUMN],
  ['constraints', CONSTRAINTS],
])

/** `path`: keys from the root with `-` for list items, as yamlContext gives it. None known: empty. */
export function propertyKeys(path: readonly string[]): readonly PropertyKey[] {
  if (path.length === 0) return ROOT
  if (path.at(-1) !== '-') return []
  const names = path.filter((each) => each !== '-')
  const last = names.at(-1) ?? ''
  if (last === 'columns' || last === 'constraints') return KEYS.get(last) ?? []
  return KEYS.get(names.join('.')) ?? []
}
