// What differs between dbt versions, as data: one record for each rule set. Features read fields; none asks for a version.

export type RuleSetName = '1.7' | '1.8' | '1.9' | '1.10' | '1.11' | '1.12' | '2'

export interface Rules {
  readonly name: RuleSetName
  /** How it was chosen, for doctor: 'setting', 'installed dbt', 'require-dbt-version', 'state metadata', 'default'. */
  readonly chosenBy: string
  readonly defer: DeferRules
  /** Reading `--state` textually equal to the target path, relative paths against … */
  readonly statePathBase: 'project' | 'cwd'
  readonly readsEngineEnv: boolean
  readonly deferByDefault: boolean
  readonly refOrder: 'root-first' | 'own-first'
  readonly sourceHasRootStep: boolean
  readonly ephemeralNamedBy: 'name' | 'alias'
  readonly projectQuotingInSource: boolean
  readonly modelQuotingHonoured: boolean
  readonly deferredQuoting: 'current' | 'state'
  readonly genericTestArgumentsProperty: boolean
  readonly compareMoreUnrenderedValues: boolean
  readonly stripsFiles: boolean
}

export type DeferRules = 'replace-unselected' | 'at-ref-time' | 'frontier'
