// What is particular to an adapter: quoting, include policy, name limits, parents for dispatch. Data, read by names/ and context/.

export interface Adapter {
  readonly type: string
  /** For dispatch, nearest first: redshift → ['postgres']. */
  readonly parents: readonly string[]
  readonly quotePolicy: Policy
  readonly includePolicy: Policy
  readonly quote: { readonly open: string; readonly close: string; readonly escape: 'none' | 'double' }
  /** BigQuery project/dataset, Databricks catalog …: config key aliases to database/schema, of the credentials class. */
  readonly aliases: ReadonlyMap<string, string>
  readonly requireAliasForLimit: boolean
  readonly emptyLimit: string
  /** Databricks ≥ 1.10 lower-cases the whole printed name. */
  readonly lowerCasesRendered: boolean
  readonly alwaysQuotes: boolean
  readonly caseOfUnquoted: 'lower' | 'upper' | 'asis'
  readonly maxIdentifier: number | null
}

export interface Policy { readonly database: boolean; readonly schema: boolean; readonly identifier: boolean }
