// What `state:modified` looks at, as data: dbt 1's comparison (contracts/graph/nodes.py) and dbt 2's, which sees less (state-verified.md §4).

export interface Comparison {
  /** Bodies as they stand, or with white space collapsed. */
  readonly body: 'exact' | 'whitespace'
  /** Raw config texts alone, or rendered values where the raw ones differ. */
  readonly configs: 'unrendered' | 'rendered'
  /** Config keys that are passed over besides those of the relation. */
  readonly ignoredConfigs: ReadonlySet<string>
  /** Every macro that is reached, or those that are called without a package, however deep; nothing behind a dispatch. */
  readonly macros: 'transitive' | 'unqualified'
  /** Added and removed macros count. */
  readonly macroAddedCounts: boolean
  /** Generic tests: severity, where, limit … or tags, meta, alias. */
  readonly genericTests: 'modifiers' | 'labels'
  readonly singularTests: boolean
  /** The call that stands for a generic test's body holds its config (1); in 2 there is nothing in it that could change. */
  readonly genericTestBodies: boolean
  /** Of analyses the body alone (2): no config of models reaches them. */
  readonly analysisConfigs: boolean
  /** Database, schema and identifier of a source as they are written, or rendered. */
  readonly sourceRelation: 'unrendered' | 'rendered'
  readonly contract: 'checksum' | 'enforced'
  readonly removedContracts: boolean
  readonly modelProperties: boolean
  readonly columnWithoutDescription: boolean
  /** persist_docs itself is a persisted description. */
  readonly persistDocsSwitch: boolean
  readonly sourceKeys: ReadonlySet<string>
  readonly newSource: 'new' | 'new-and-modified'
  readonly newExposure: 'new' | 'modified'
  /** New nodes match every sub-selector, whatever they are. */
  readonly newMatchesAll: boolean
  /** Config keys of sources that are passed over. */
  readonly ignoredSourceConfigs: ReadonlySet<string>
  readonly exposureConfigs: boolean
  readonly exposureKeys: ReadonlySet<string>
  readonly unitTests: boolean
  readonly functionProperties: boolean
  /** An unknown word after `state:` is dbt's error, or selects nothing in silence. */
  readonly unknownCheck: 'error' | 'nothing'
}

export const COMPARISON_1: Comparison = {
  body: 'exact', configs: 'unrendered', ignoredConfigs: new Set(), macros: 'transitive', macroAddedCounts: true, genericTests: 'modifiers', singularTests: true, genericTestBodies: true, analysisConfigs: true, sourceRelation: 'unrendered',
  contract: 'checksum', removedContracts: true, modelProperties: true, columnWithoutDescription: true, persistDocsSwitch: false,
  sourceKeys: new Set(['quoting', 'freshness', 'loaded_at_field', 'external']), newSource: 'new', newExposure: 'new', newMatchesAll: false, ignoredSourceConfigs: new Set(), exposureConfigs: true,
  exposureKeys: new Set(['type', 'owner', 'maturity', 'url', 'description', 'label', 'depends_on']), unitTests: true, functionProperties: true, unknownCheck: 'error',
}

export const COMPARISON_2: Comparison = {
  body: 'whitespace', configs: 'rendered', ignoredConfigs: new Set(['event_time', 'quoting', 'delimiter', 'packages', 'contract']), macros: 'unqualified', macroAddedCounts: false,
  genericTests: 'labels', singularTests: false, genericTestBodies: false, analysisConfigs: false, sourceRelation: 'rendered', contract: 'enforced', removedContracts: false, modelProperties: false, columnWithoutDescription: false,
  persistDocsSwitch: true, sourceKeys: new Set(['quoting', 'freshness', 'loaded_at_field']), newSource: 'new-and-modified', newExposure: 'modified', newMatchesAll: true, ignoredSourceConfigs: new Set(['tags', 'meta', 'enabled', 'external']), exposureConfigs: false,
  exposureKeys: new Set(['owner', 'maturity', 'url', 'label']), unitTests: false, functionProperties: false, unknownCheck: 'nothing',
}
