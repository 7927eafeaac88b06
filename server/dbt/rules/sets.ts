// The rule sets, each as what it changes of the one before. Facts come from running each dbt (defer-, names-, state-verified pages)
// and from `contracts/project.py ProjectFlags`, `cli/params.py` and `parser/read_files.py` of the releases.

import { COMPARISON_1, COMPARISON_2 } from './comparison.ts'
import type { Rules, RuleSetName } from './rules.ts'

type RuleSet = Omit<Rules, 'chosenBy'>

/** What dbt's classes have not, to that of 1.9 (test/conformance/context/class_members.py). */
const LACKING_1_8 = ['Function', 'is_function', 'get_function_config', 'get_function_macro_name', 'expanded_data_type', 'warn_snapshot_timestamp_data_types', ...['fields', 'flatten', 'is_struct', 'disable_transactions', 'ensure_transaction', 'warn_once', 'parse_index', 'is_ducklake', 'valid_incremental_strategies'].map((name) => `duckdb.${name}`)]
const LACKING_1_7 = [
  'PointerTable', 'is_pointer', 'catalog', 'create_ephemeral_from', 'event_time_filter', 'limit', 'render_event_time_filtered', 'render_limited', 'require_alias', 'scd_args', 'EMPTY',
  'behavior', 'build_catalog_relation', 'get_catalog_integration', 'get_hard_deletes_behavior', 'assert_valid_snapshot_target_given_strategy', 'run_sql_for_tests',
]

const MIB = 1024 * 1024

const v1_7: RuleSet = {
  name: '1.7', dbtVersion: '1.7.20',
  defer: 'replace-unselected', statePathBase: 'project', deferByDefault: false, envSwitchesDeferOff: true, deferNeedsState: true, deferredQuoting: 'current',
  functionDefer: 'never', deferredFunctionIdentifier: 'name', foreignKeyDefer: 'never', unpinnedNeedsLatestInState: false,
  readsManifests: { from: 4, to: 11 }, readsJavascriptMacros: false,
  readsEngineEnv: false, unknownEngineEnv: 'ignored', deprecatedEnvBeatsAll: true,
  flagDefaults: flags({ require_explicit_package_overrides_for_builtin_materializations: false }),
  readsDotenv: false, readsUserSettings: false, refusesOldWarnErrorTwins: false, readsVarsFile: false,
  refOrder: 'root-first', sourceHasRootStep: true, ambiguousSource: 'first',
  ephemeralNamedBy: 'name', ephemeralInjection: 'with', compilesWholeFile: false, lsHasDirectParents: false, lsKeysAsGiven: false, testsMeanUnitTests: false,
  selectionLacks: new Set(['selector', 'unit_test', 'leaf-wildcard', 'package-this', 'group-wildcard', 'data-tests', 'function-type']), hasMicrobatch: false, snapshotsKeepLastNewline: false, quotesEventTime: false, snapshotsCompileIntoFolder: false, projectQuotingInSource: false, sourceNamesTakeProjectQuoting: false, switchesUnitTestsOff: false, unitTestVersionMark: '_v', modelQuotingHonoured: false, analysesHaveRelation: false, functionsHaveRelation: false, analysisPathKeepsFolder: false, snapshotBlockPath: 'file', duckdbNameEndsAtFirstDot: false, databricksLowerCases: false, duckdbUnprintedDatabases: new Set(), duckdbMemoryDatabase: 'memory', duckdbDatabaseMayDiffer: false,
  packagePathsFromRoot: false, aliasMayBeNumber: false, analysisSwitch: 'kept', testConfigKeys: 'listed',
  hasFunctions: false, modelExtensions: ['.sql', '.py'], functionExtensions: ['.sql', '.py'], hasOsiPaths: false, hasUnitTests: false, hasYamlSnapshots: false, yamlSnapshotPath: 'in-file', skipsHiddenFiles: true, pathsMayLeaveProject: true, stripsFiles: true,
  fileChecksum: 'stripped', seedNewlines: 'kept', seedSizeLimit: MIB, seedSizeLimitIsFlag: false,
  genericTestArgumentsProperty: false, strictYaml: false, keyChecks: 'none', saysTestDeprecations: false, warnsOfStrayBlocks: false, keepsTestsOnMissing: true, movesKeysIntoConfig: true, testHashEscapes: true, testHashHasNestedConfig: false, testColumnFromArguments: false, sourceIdsAreWords: false, rendersDocsBlocks: true, refusesMissingDocs: true, analysisPaths: ['analyses'], selectorsTakeExcludeBeside: false, singularTestYaml: false, hasDataTestsKey: false, rendersHooksInYaml: true, constraintsNeedContract: true, hasSemanticsInModels: false, measureMetricsTakeAll: false, columnsHaveConfig: false, constraintsRefer: false, testsHaveDescription: false, storeFailuresByLevel: true, unrenderedTestsByNewKey: false, readsDispatchStatically: true, refusesTagsInDescriptions: false, hasMetaGet: false, packagesAreDicts: true, graphHas: new Set(), jinjaHas: new Set(['deferred']),
  sourceFields: 'table', duckdbHasExternalSources: true, adapterLacks: new Set([...LACKING_1_8, ...LACKING_1_7]),
  firstConfigCallAsIs: false, compareMoreUnrenderedValues: false, unrenderedArguments: 'ast', comparison: COMPARISON_1, contractIgnoresSizes: false,
  pythonPostfix: 'ref-source',
}

const v1_8: RuleSet = {
  ...v1_7, name: '1.8', unrenderedTestsByNewKey: true, dbtVersion: '1.8.10', testsMeanUnitTests: true, selectionLacks: new Set(['selector', 'leaf-wildcard', 'function-type']),
  defer: 'at-ref-time', readsManifests: { from: 4, to: 12 },
  flagDefaults: flags({
    require_explicit_package_overrides_for_builtin_materializations: true, require_resource_names_without_spaces: false,
    source_freshness_run_project_hooks: false,
  }),
  ephemeralNamedBy: 'alias', projectQuotingInSource: true, sourceNamesTakeProjectQuoting: true, adapterLacks: new Set(LACKING_1_8), jinjaHas: new Set(), sourceFields: 'entries', hasUnitTests: true, hasDataTestsKey: true, rendersHooksInYaml: false, constraintsNeedContract: false,
}

const v1_9: RuleSet = {
  ...v1_8, name: '1.9', testsHaveDescription: true, storeFailuresByLevel: false, constraintsRefer: true, dbtVersion: '1.9.11', testsMeanUnitTests: false,
  flagDefaults: flags({
    ...Object.fromEntries(v1_8.flagDefaults),
    require_batched_execution_for_custom_microbatch_strategy: false, skip_nodes_if_on_run_start_fails: false,
    state_modified_compare_more_unrendered_values: false, state_modified_compare_vars: false,
    require_yaml_configuration_for_mf_time_spines: false, require_nested_cumulative_type_params: false,
  }),
  firstConfigCallAsIs: true, projectQuotingInSource: false, hasMicrobatch: true, hasYamlSnapshots: true, testConfigKeys: 'any', adapterLacks: new Set(), jinjaHas: new Set(['unrendered_config_call_dict', 'primary_key', 'column.granularity']), singularTestYaml: true,
}

const v1_10: RuleSet = {
  ...v1_9, refusesOldWarnErrorTwins: true, warnsOfStrayBlocks: true, name: '1.10', columnsHaveConfig: true, unrenderedTestsByNewKey: false, dbtVersion: '1.10.23',
  unknownEngineEnv: 'warning', readsJavascriptMacros: true, databricksLowerCases: true,
  flagDefaults: flags({
    ...Object.fromEntries(v1_9.flagDefaults),
    require_event_names_in_deprecations: false, require_resource_names_without_spaces: true, source_freshness_run_project_hooks: true,
    validate_macro_args: false, require_all_warnings_handled_by_warn_error: false, require_generic_test_arguments_property: true,
  }),
  hasMetaGet: true, jinjaHas: new Set([...v1_9.jinjaHas, 'doc_blocks']), refusesTagsInDescriptions: true, genericTestArgumentsProperty: true, sourceFields: 'config',
}

const v1_11: RuleSet = {
  ...v1_10, name: '1.11', dbtVersion: '1.11.16', lsKeysAsGiven: true, selectionLacks: new Set(['selector']), measureMetricsTakeAll: true,
  readsEngineEnv: true, quotesEventTime: true, functionDefer: 'state', foreignKeyDefer: 'state', hasFunctions: true, graphHas: new Set(['functions']), jinjaHas: new Set([...v1_10.jinjaHas, 'function', 'functions', 'macro.config']), contractIgnoresSizes: true, duckdbNameEndsAtFirstDot: true, analysisSwitch: 'word',
  flagDefaults: flags({
    ...Object.fromEntries(v1_10.flagDefaults),
    require_unique_project_resource_names: false, require_ref_searches_node_package_before_root: false,
  }),
  pythonPostfix: 'ref-source-function',
}

const v1_12: RuleSet = {
  ...v1_11, name: '1.12', dbtVersion: '1.12.6', lsHasDirectParents: true, functionsHaveRelation: true, selectionLacks: new Set(),
  deferredFunctionIdentifier: 'alias', foreignKeyDefer: 'state-unless-selected', aliasMayBeNumber: true, analysisSwitch: 'text', testConfigKeys: 'any-and-header',
  snapshotsCompileIntoFolder: true, readsDotenv: true, readsUserSettings: true, readsVarsFile: true, hasOsiPaths: true, seedSizeLimitIsFlag: true,
  yamlSnapshotPath: 'name', modelExtensions: ['.py', '.sql'], functionExtensions: ['.py', '.js', '.sql'], fileChecksum: 'collapsed', seedNewlines: 'universal',
  compareMoreUnrenderedValues: true, unrenderedArguments: 'source', packagesAreDicts: false, graphHas: new Set(['functions', 'unit_tests']), jinjaHas: new Set([...v1_11.jinjaHas, 'column.dimension', 'otel_trace_id', 'otel_span_id']), hasSemanticsInModels: true, keyChecks: 'deprecated', saysTestDeprecations: true,
  flagDefaults: flags({
    ...Object.fromEntries(v1_11.flagDefaults),
    require_batched_execution_for_custom_microbatch_strategy: true, skip_nodes_if_on_run_start_fails: true,
    state_modified_compare_more_unrendered_values: true, require_yaml_configuration_for_mf_time_spines: true,
    require_nested_cumulative_type_params: true, validate_macro_args: true, require_all_warnings_handled_by_warn_error: true,
    require_valid_schema_from_generate_schema_name: false, allow_jinja_file_extensions: false, require_sql_header_in_test_configs: false,
    support_custom_ref_kwargs: false, require_corrected_analysis_fqns: false, require_source_and_semantic_model_names_without_spaces: false,
    enable_grouped_warn_error_parser_logs: false, use_catalogs_v2: false, latest_version_pointer_enabled_by_default: false,
    // dbt-sqlserver 1.12's own.
    dbt_sqlserver_use_default_schema_concat: true,
  }),
}

const v2: RuleSet = {
  ...v1_12, name: '2', duckdbNameEndsAtFirstDot: false, duckdbUnprintedDatabases: new Set(['main', 'memory']), duckdbMemoryDatabase: 'main', duckdbDatabaseMayDiffer: true, dbtVersion: '2.0.0-alpha.4', lsHasDirectParents: false,
  defer: 'frontier', statePathBase: 'cwd', deferByDefault: true, envSwitchesDeferOff: false, deferNeedsState: false, deferredQuoting: 'state',
  functionDefer: 'missing', foreignKeyDefer: 'never', readsManifests: { from: 4, to: 999 }, unpinnedNeedsLatestInState: true, unknownEngineEnv: 'error', deprecatedEnvBeatsAll: false, ephemeralInjection: 'wrapper', compilesWholeFile: true, snapshotsKeepLastNewline: true,
  refOrder: 'own-first', sourceHasRootStep: false, ambiguousSource: 'error', modelQuotingHonoured: true, analysesHaveRelation: true, analysisPathKeepsFolder: true, snapshotBlockPath: 'name',
  flagDefaults: flags({ ...Object.fromEntries(v1_12.flagDefaults), require_corrected_analysis_fqns: true }), packagePathsFromRoot: true,
  skipsHiddenFiles: false, pathsMayLeaveProject: false, strictYaml: true, refusesOldWarnErrorTwins: false, warnsOfStrayBlocks: false, keyChecks: 'strict', keepsTestsOnMissing: false, movesKeysIntoConfig: false, testHashEscapes: false, testHashHasNestedConfig: true, testColumnFromArguments: true, sourceIdsAreWords: true, sourceNamesTakeProjectQuoting: false, switchesUnitTestsOff: true, unitTestVersionMark: '.v', rendersDocsBlocks: false, refusesMissingDocs: false, analysisPaths: ['analysis', 'analyses'], selectorsTakeExcludeBeside: true, readsDispatchStatically: false, refusesTagsInDescriptions: false,
  comparison: COMPARISON_2, duckdbHasExternalSources: false, analysisSwitch: 'word',
}

export const RULE_SETS: ReadonlyMap<RuleSetName, RuleSet> = new Map([v1_7, v1_8, v1_9, v1_10, v1_11, v1_12, v2].map((set) => [set.name, set]))

function flags(defaults: Readonly<Record<string, boolean>>): ReadonlyMap<string, boolean> {
  return new Map(Object.entries(defaults))
}
