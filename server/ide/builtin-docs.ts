// What dbt itself offers to templates, in a few words: for hover, signature help and completion. Written from dbt's documentation in our own words.

export interface BuiltinParameter { readonly name: string; readonly default: string | null; readonly description: string }

export interface Builtin {
  readonly name: string
  /** null: no function. */
  readonly parameters: readonly BuiltinParameter[] | null
  readonly description: string
}

const parameter = (name: string, description: string, byDefault: string | null = null): BuiltinParameter => ({ name, description, default: byDefault })

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(([
  ['ref', [parameter('package_or_name', 'the model, or the package of the model that follows'), parameter('name', 'the model, when a package comes first', 'none'), parameter('version', 'a version of the model; without one the latest is read (also `v`)', 'none')], 'The relation of a model, seed or snapshot, and an edge of the graph.'],
  ['source', [parameter('source_name', '`name:` of the source in YAML'), parameter('table_name', '`name:` of one of its tables')], 'The relation of a source table, and an edge of the graph. Never deferred.'],
  ['function', [parameter('package_or_name', 'the function, or the package of the function that follows'), parameter('name', 'the function, when a package comes first', 'none')], 'The relation of a user-defined function, and an edge of the graph.'],
  ['metric', [parameter('package_or_name', 'the metric, or its package'), parameter('name', 'the metric, when a package comes first', 'none')], 'A metric.'],
  ['var', [parameter('name', 'the variable'), parameter('default', 'its value when it is set nowhere', 'none')], 'A variable of `--vars` or dbt_project.yml. dbt stops when it is set nowhere and has no default.'],
  ['env_var', [parameter('name', 'the environment variable'), parameter('default', 'its value when it is not set', 'none')], 'An environment variable, always a string. dbt stops when it is not set and has no default.'],
  ['doc', [parameter('package_or_name', 'the docs block, or its package'), parameter('name', 'the docs block, when a package comes first', 'none')], 'The text of a `{% docs %}` block, for descriptions.'],
  ['config', null, 'Configuration of this node; also `config.get(name, default)` and `config.require(name)`.'],
  ['config.get', [parameter('name', 'the configuration key'), parameter('default', 'the value without one', 'none')], 'A configuration of this node.'],
  ['config.require', [parameter('name', 'the configuration key')], 'A configuration of this node; dbt stops without one.'],
  ['this', null, 'The relation of this node.'],
  ['target', null, 'The current target of profiles.yml: `target.name`, `target.schema`, `target.type` …'],
  ['is_incremental', [], 'True when an incremental model runs, its table exists and --full-refresh is not given.'],
  ['adapter', null, "The adapter: `adapter.dispatch(…)`, `adapter.get_relation(…)`, `adapter.quote(…)` …"],
  ['adapter.dispatch', [parameter('macro_name', 'the macro without its prefix'), parameter('macro_namespace', 'the package to search, else the one of the root', 'none')], "The adapter's version of a macro: `snowflake__x`, else `default__x`."],
  ['log', [parameter('msg', 'the text'), parameter('info', 'show it on the terminal too', 'false')], 'Writes a line to the log.'],
  ['print', [parameter('msg', 'the text')], 'Writes a line to the terminal.'],
  ['return', [parameter('data', 'the value')], 'Ends the macro with a value.'],
  ['run_query', [parameter('sql', 'the query')], 'Runs a query and returns its rows; nothing while dbt parses (guard it with `execute`).'],
  ['execute', null, 'False while dbt parses, true when it compiles or runs.'],
  ['model', null, 'This node as the manifest has it.'],
  ['graph', null, 'All nodes and sources of the project.'],
  ['exceptions', null, '`exceptions.raise_compiler_error(text)` and `exceptions.warn(text)`.'],
  ['api', null, '`api.Relation` and `api.Column`.'],
  ['modules', null, 'Python modules: datetime, pytz, re, itertools.'],
  ['flags', null, 'The flags of this invocation.'],
  ['invocation_id', null, 'A UUID of this invocation.'],
  ['run_started_at', null, 'When this invocation began.'],
  ['project_name', null, 'The name of the root project.'],
  ['tojson', [parameter('value', 'what to write'), parameter('default', 'the answer when it cannot be written', 'none'), parameter('sort_keys', 'keys in order', 'false')], 'JSON text of a value.'],
  ['fromjson', [parameter('string', 'JSON text'), parameter('default', 'the answer when it cannot be read', 'none')], 'The value of JSON text.'],
  ['toyaml', [parameter('value', 'what to write'), parameter('default', 'the answer when it cannot be written', 'none'), parameter('sort_keys', 'keys in order', 'false')], 'YAML text of a value.'],
  ['fromyaml', [parameter('value', 'YAML text'), parameter('default', 'the answer when it cannot be read', 'none')], 'The value of YAML text.'],
] as const).map(([name, parameters, description]): [string, Builtin] => [name, { name, parameters, description }]))

/** Members that are worth typing, with what they are. Those of `target` stand in the profile. */
export const MEMBERS: ReadonlyMap<string, readonly (readonly [string, string])[]> = new Map([
  ['this', [['database', 'of the relation'], ['schema', 'of the relation'], ['identifier', 'of the relation'], ['name', 'the identifier'], ['render', 'the text of the relation'], ['include', 'with some of its parts'], ['quote', 'with other quoting']]],
  ['api', [['Relation', 'makes relations'], ['Column', 'makes columns']]],
  ['modules', [['datetime', 'Python module'], ['pytz', 'Python module'], ['re', 'Python module'], ['itertools', 'Python module']]],
  ['exceptions', [['raise_compiler_error', 'stops with a text'], ['warn', 'says a text']]],
  ['graph', [['nodes', 'by unique_id'], ['sources', 'by unique_id'], ['exposures', 'by unique_id'], ['metrics', 'by unique_id'], ['groups', 'by unique_id']]],
  ['model', [['name', 'of this node'], ['unique_id', 'of this node'], ['alias', 'of this node'], ['schema', 'of this node'], ['database', 'of this node'], ['package_name', 'of this node'], ['path', 'of this node'], ['tags', 'of this node'], ['config', 'of this node'], ['columns', 'of this node'], ['depends_on', 'of this node']]],
  ['flags', [['FULL_REFRESH', 'whether --full-refresh is given'], ['WHICH', 'the command']]],
  ['adapter', [['get_relation', '(database, schema, identifier)'], ['get_columns_in_relation', '(relation)'], ['list_relations_without_caching', '(schema_relation)'], ['quote', '(identifier)'], ['type', '()'], ['create_schema', '(relation)'], ['drop_relation', '(relation)'], ['get_missing_columns', '(from_relation, to_relation)']]],
])

/** `ref(package_or_name, name=none, …)`; the bare name of what is no function. */
export function signatureOf(builtin: Builtin): string {
  if (builtin.parameters === null) return builtin.name
  return `${builtin.name}(${builtin.parameters.map((each) => (each.default === null ? each.name : `${each.name}=${each.default}`)).join(', ')})`
}
