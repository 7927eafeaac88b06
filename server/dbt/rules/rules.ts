// What differs between dbt versions, as data: the type of a rule set. Features read fields; none asks for a version.
// The records are in sets.ts, the choice between them in choose.ts.

import type { Comparison } from './comparison.ts'

export type RuleSetName = '1.7' | '1.8' | '1.9' | '1.10' | '1.11' | '1.12' | '2'

/**
 * `selector:` and `unit_test:` as methods; `leaf-wildcard`: a wildcard without a dot matches the last part of a name; `package:this`; wildcards in `group:`;
 * `data-tests`: `test_type:data` means generic tests too, `test_type:unit`; types that `resource_type:` knows.
 */
export type SelectionTrait = 'selector' | 'unit_test' | 'leaf-wildcard' | 'package-this' | 'group-wildcard' | 'data-tests' | 'function-type'

export interface Rules {
  readonly name: RuleSetName
  /** How it was chosen, for doctor: 'setting', 'installed dbt', 'require-dbt-version', 'state metadata', 'default'. */
  readonly chosenBy: string
  /** What Jinja's `dbt_version` says: the installed one, else the newest release known of the set. */
  readonly dbtVersion: string

  // deferral
  readonly defer: DeferRules
  /** What a relative `--state` is relative to. */
  readonly statePathBase: 'project' | 'cwd'
  readonly deferByDefault: boolean
  /** 2: `DBT_DEFER=false` does not switch defer off. */
  readonly envSwitchesDeferOff: boolean
  /** A state directory alone is enough to defer (2), `--defer` without one is an error (1). */
  readonly deferNeedsState: boolean
  readonly deferredQuoting: 'current' | 'state'
  /** Functions: 1.11.8 on always the state's when it has it; 2 asks a listing. */
  /** FunctionNode.is_relational (1.12): functions have a relation_name. */
  readonly functionsHaveRelation: boolean
  readonly functionDefer: 'never' | 'state' | 'missing'
  /** The identifier of a deferred function: 1.11 forgets the alias. */
  readonly deferredFunctionIdentifier: 'name' | 'alias'
  /** `to:` of foreign keys: not deferred, the state's whenever it has it, or that unless the target is selected. */
  readonly foreignKeyDefer: 'never' | 'state' | 'state-unless-selected'
  /** 2: an unpinned ref isn't deferred when the state's version of the node isn't the state's latest. */
  readonly unpinnedNeedsLatestInState: boolean
  /** Manifest schema versions the dbt of this set reads. */
  readonly readsManifests: { readonly from: number; readonly to: number }
  /** Readers that know the language 'javascript' of dbt-adapters ≥ 1.24.5's own macros; others refuse such a v12 manifest. */
  readonly readsJavascriptMacros: boolean

  // flags and environment
  /** DBT_ENGINE_X is read and beats DBT_X. */
  readonly readsEngineEnv: boolean
  readonly unknownEngineEnv: 'ignored' | 'warning' | 'error'
  /** DBT_DEFER_TO_STATE and the like beat the command line. */
  readonly deprecatedEnvBeatsAll: boolean
  /** Behaviour flags the version knows, with their defaults. */
  readonly flagDefaults: ReadonlyMap<string, boolean>
  readonly readsDotenv: boolean
  readonly readsUserSettings: boolean
  /** `include` and `exclude` of warn_error_options are old names of `error` and `warn`; both at once are refused. */
  readonly refusesOldWarnErrorTwins: boolean
  readonly readsVarsFile: boolean

  // lookup
  readonly refOrder: 'root-first' | 'own-first'
  readonly sourceHasRootStep: boolean
  /** An unknown name in several packages: an error, or the first one. */
  readonly ambiguousSource: 'first' | 'error'

  /** `ls --output json` has `direct_parents` (1.12). */
  readonly lsHasDirectParents: boolean
  /** `ls --output-keys` prints the keys as they were given and reaches into dicts with dots; before 1.11 the node's own keys in its own order. */
  readonly lsKeysAsGiven: boolean
  /** What dbt 1.12's selection syntax has and this version lacks. */
  readonly selectionLacks: ReadonlySet<SelectionTrait>
  /** `--resource-type test` alone means unit tests too (1.8). */
  readonly testsMeanUnitTests: boolean

  // names
  readonly ephemeralNamedBy: 'name' | 'alias'
  /** CTEs of ephemeral models go behind the text's own WITH (1), or the whole text is wrapped (2). */
  readonly ephemeralInjection: 'with' | 'wrapper'
  /** Microbatch models run batch by batch (1.9). */
  readonly hasMicrobatch: boolean
  /** The event_time column is quoted as its column or source says (1.11). */
  readonly quotesEventTime: boolean
  /** A snapshot's compiled text lies in a folder named after its file, whatever the file is called (1.12). */
  readonly snapshotsCompileIntoFolder: boolean
  /** 2 makes a macro of a snapshot block, and a macro's last newline stays. */
  readonly snapshotsKeepLastNewline: boolean
  /** 2 compiles the file as it is, though its manifest has the stripped text. */
  readonly compilesWholeFile: boolean
  /** Project `quoting:` in the text of source(), and in `relation_name` of the manifest. */
  readonly projectQuotingInSource: boolean
  /** The relation_name of a source takes the project's `quoting:` (1.8 to 1.12), or starts from the adapter's own. */
  readonly sourceNamesTakeProjectQuoting: boolean
  /** A unit test of a model that does not exist is refused (1), or switched off in silence (2). */
  readonly switchesUnitTestsOff: boolean
  /** What stands before the version in the id of a versioned model's unit test. */
  readonly unitTestVersionMark: '_v' | '.v'
  readonly modelQuotingHonoured: boolean
  /** An analysis has `analysis/` before its path though its fqn has none (2). */
  readonly analysisPathKeepsFolder: boolean
  /** The path of a snapshot block is its file's, or its name beside it (2). */
  readonly snapshotBlockPath: 'file' | 'name'
  /** Analyses have a `relation_name` (2). */
  readonly analysesHaveRelation: boolean
  /** DuckDB's database is the file's name up to its first dot (dbt-duckdb ≥ 1.10.2), else up to its last. */
  readonly duckdbNameEndsAtFirstDot: boolean
  readonly databricksLowerCases: boolean
  /** DuckDB's databases, lower-cased, that a relation prints without unless include() asks for them (2). */
  readonly duckdbUnprintedDatabases: ReadonlySet<string>
  /** The database of a DuckDB that is no file. */
  readonly duckdbMemoryDatabase: 'memory' | 'main'
  /** DuckDB: `database` in the profile may be another than the one of `path` (2). */
  readonly duckdbDatabaseMayDiffer: boolean
  /** Members of relations, columns, `adapter` and `exceptions` that came later: `name`, or `type.name` of one adapter. */
  readonly adapterLacks: ReadonlySet<string>
  /** generate_* macros see package files as `dbt_packages/…` (2). */
  readonly packagePathsFromRoot: boolean
  /** Resource names with spaces: allowed with a warning, or an error (a flag decides in 1.x). */
  readonly aliasMayBeNumber: boolean
  /** What of a generic test's `config:` counts: the keys that dbt lists, or any (1.9); `sql_header` beside it (1.12). */
  readonly testConfigKeys: 'listed' | 'any' | 'any-and-header'
  /** `static_analysis: off`, which YAML takes for false: kept, made the word again (1.11), or Python's text of it (1.12). */
  readonly analysisSwitch: 'kept' | 'word' | 'text'

  // files
  readonly hasFunctions: boolean
  /** In the order in which dbt reads them; `.sql` stands for its `.sql.j2` forms too. */
  readonly modelExtensions: readonly string[]
  readonly functionExtensions: readonly string[]
  readonly hasOsiPaths: boolean
  readonly hasUnitTests: boolean
  readonly hasYamlSnapshots: boolean
  /** A snapshot of YAML has the path `FILE.yml/NAME.sql` (1.9–1.11) or `NAME.sql`. */
  readonly yamlSnapshotPath: 'in-file' | 'name'
  /** Files whose name begins with `.`, `#`, `~` are skipped. */
  readonly skipsHiddenFiles: boolean
  /** `../` in resource paths is followed. */
  readonly pathsMayLeaveProject: boolean
  readonly stripsFiles: boolean
  /** What a model's checksum is taken of. */
  readonly fileChecksum: 'stripped' | 'collapsed'
  /** How a seed is read before hashing: CRLF kept (≤ 1.11) or made \n (1.12). */
  readonly seedNewlines: 'kept' | 'universal'
  /** Larger seeds are hashed by path. Bytes; 0: no limit. */
  readonly seedSizeLimit: number
  /** maximum_seed_size_mib can change that. */
  readonly seedSizeLimitIsFlag: boolean

  // YAML and config
  /** The default of require_generic_test_arguments_property: arguments under `arguments:` are understood. */
  readonly genericTestArgumentsProperty: boolean
  /** 2 refuses test arguments outside `arguments:`, bare config keys and custom keys. */
  readonly strictYaml: boolean
  /** Arguments and config of tests outside of `arguments:` and `config:` are called deprecated. */
  readonly saysTestDeprecations: boolean
  /** Whether tags outside of any block of a macro or snapshot file are warned of (UnexpectedJinjaBlockDeprecation, dbt 1.10). */
  readonly warnsOfStrayBlocks: boolean
  /** Keys that no schema knows: taken in silence, called deprecated (1.12, for some adapters), or refused (2). */
  readonly keyChecks: 'none' | 'deprecated' | 'strict'
  /** A test on a missing or disabled node stays in the manifest, disabled (1), or is not there (2). */
  readonly keepsTestsOnMissing: boolean
  /** The hash in a test's id is taken of Python's repr of its arguments, or of one that escapes nothing (2). */
  readonly testHashEscapes: boolean
  /** A `config:` under `arguments:` counts for that hash (2). */
  readonly testHashHasNestedConfig: boolean
  /** An argument `column_name` is the test's column (2). */
  readonly testColumnFromArguments: boolean
  /** What in a table's name stands as `__` in its id: nothing, or all but letters of ASCII, digits and `_` (2). */
  readonly sourceIdsAreWords: boolean
  /** A docs block is rendered, and one that cannot be is an error (1); 2 takes its text up to the first Jinja, and none of a file with a broken one. */
  readonly rendersDocsBlocks: boolean
  /** A docs block that is missing is an error (1), or stands as `<missing doc('x', package='p')>` (2). */
  readonly refusesMissingDocs: boolean
  /** Where analyses lie when the project does not say. */
  readonly analysisPaths: readonly string[]
  /** `exclude:` may stand beside a selector's `union:` or `intersection:` (2). */
  readonly selectorsTakeExcludeBeside: boolean
  /** `meta`, `docs`, `group`, `contract`, `access` beside `config:` count as if they stood in it; 2 passes them over. */
  readonly movesKeysIntoConfig: boolean
  readonly singularTestYaml: boolean
  /** `data_tests:` is a key (1.8); before it tests stand under `tests:` alone. */
  readonly hasDataTestsKey: boolean
  /** Hooks in property files are rendered with the rest of their entry (1.7). */
  readonly rendersHooksInYaml: boolean
  /** Constraints of a model count under an enforced contract alone, and name no other relation (1.7). */
  readonly constraintsNeedContract: boolean
  /** Semantic models and metrics inside of models, metrics without type_params. */
  readonly hasSemanticsInModels: boolean
  /** `to: ref(…)` of a foreign key is an edge (1.9). */
  readonly constraintsRefer: boolean
  /** `config:` of columns is one: its meta and tags count as the column's (1.10). Before it is a key like any other. */
  readonly columnsHaveConfig: boolean
  /** `description:` of a generic test is its own (1.9); before it is an argument of the macro. */
  readonly testsHaveDescription: boolean
  /** `store_failures` and `store_failures_as` decide one another after each level of a test's config; from 1.9 on after the last. */
  readonly storeFailuresByLevel: boolean
  /** The unrendered config of tests reads `data_tests:` of dbt_project.yml alone, not `tests:` (1.8, 1.9). */
  readonly unrenderedTestsByNewKey: boolean
  /** A measure's metric (`create_metric`) takes the semantic model's meta and the measure's expression (1.11). */
  readonly measureMetricsTakeAll: boolean
  /** Members of Jinja's `graph` that came later: functions with 1.11, unit_tests with 1.12. */
  readonly graphHas: ReadonlySet<string>
  /**
   * Names of Jinja's context that came or went with a version (`function`, `otel_trace_id`), fields of `model` (`doc_blocks`, `deferred` …)
   * and `macro.config`, what a naming macro's own `model` has.
   */
  readonly jinjaHas: ReadonlySet<string>
  /** adapter.dispatch that leads nowhere, or cannot be read without running it, is refused in every macro. */
  readonly readsDispatchStatically: boolean
  /** Descriptions of nodes and sources are searched for doc() beforehand (`_get_doc_blocks`), which ends dbt at the first tag that is no `{{ }}`. */
  readonly refusesTagsInDescriptions: boolean
  /** `package_name` in templates is a dict of macros (before 1.12), no MacroNamespace. */
  readonly packagesAreDicts: boolean
  /** `config.meta_get` and `config.meta_require` exist (their last patch releases have them from 1.10 on). */
  readonly hasMetaGet: boolean
  /** Where `meta`, `tags`, `freshness` and `loaded_at_field` of a source come from: its config, or its entries (1.7: meta of the table alone). */
  readonly sourceFields: 'table' | 'entries' | 'config'
  /** dbt-duckdb's `external_location`. */
  readonly duckdbHasExternalSources: boolean

  /** The first config() call is taken as it is (1.9: merge_config_dicts), or its lists and grants are made lists like those of later ones. */
  readonly firstConfigCallAsIs: boolean

  // state:modified
  readonly compareMoreUnrenderedValues: boolean
  /** What in-file config() arguments look like in unrendered_config when compareMoreUnrenderedValues is on. */
  readonly unrenderedArguments: 'ast' | 'source'
  /** What state:modified looks at. */
  readonly comparison: Comparison
  /** Column types of contracts are compared without their sizes. */
  readonly contractIgnoresSizes: boolean

  // python models
  readonly pythonPostfix: 'ref-source' | 'ref-source-function'
}

export type DeferRules = 'replace-unselected' | 'at-ref-time' | 'frontier'
