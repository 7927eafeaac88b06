// What is particular to an adapter: quoting, include policy, name limits, parents for dispatch, credentials. Data, read by project/, names/ and context/.

import type { Value } from '../../jinja/value.ts'

export interface Adapter {
  readonly type: string
  /** False for an adapter this program has no data of: it then has the defaults of dbt's base classes. */
  readonly known: boolean
  /** See Rules.adapterLacks; without the type. */
  readonly lacks: ReadonlySet<string>
  /** For dispatch, nearest first: redshift → ['postgres']. */
  readonly parents: readonly string[]
  readonly quotePolicy: Policy
  readonly includePolicy: Policy
  /** Databases, lower-cased, that are left out by default; see Rules.duckdbUnprintedDatabases. */
  readonly unprintedDatabases: ReadonlySet<string>
  readonly quote: { readonly open: string; readonly close: string; readonly escape: 'none' | 'double' }
  /** Keys of config and credentials that stand for others: BigQuery project → database, Databricks catalog → database …, in dbt's order. */
  readonly aliases: ReadonlyMap<string, string>
  readonly limit: LimitForm
  readonly eventTime: EventTimeForm
  /** Databricks ≥ 1.10 lower-cases the whole printed name. */
  readonly lowerCasesRendered: boolean
  /** ClickHouse quotes whatever the policy says, ephemeral names too. */
  readonly alwaysQuotes: boolean
  /** What the warehouse makes of an unquoted name, for comparing with listings. */
  readonly caseOfUnquoted: 'lower' | 'upper' | 'asis'
  /** Names are compared without regard to case even when quoted. */
  readonly matchesAnyCase: boolean
  readonly maxIdentifier: number | null
  /** Spark, ClickHouse: there is no database beside the schema. */
  readonly database: 'separate' | 'none' | 'empty'
  readonly credentials: Credentials
}

export interface Policy { readonly database: boolean; readonly schema: boolean; readonly identifier: boolean }

/** The subquery of `--empty` and of a limit. */
export interface LimitForm {
  readonly empty: 'where false limit 0' | 'where 1=0'
  readonly some: 'limit' | 'top'
  /** Whether ` _dbt_limit_subq_IDENTIFIER` follows. */
  readonly alias: boolean
}

/** The subquery of an event-time filter: `where COLUMN >= LITERAL and COLUMN < LITERAL`. */
export interface EventTimeForm {
  readonly alias: boolean
  readonly column: readonly [before: string, after: string]
  readonly literal: readonly [before: string, after: string]
  /** Athena forgets a blank when there is only an end. */
  readonly literalOfLoneEnd: readonly [before: string, after: string]
  /** ClickHouse: whole seconds without a zone. */
  readonly wholeSeconds: boolean
}

/** The credentials class. */
export interface Credentials {
  /** What `target` shows, in order, with the class's default values: `_connection_keys`, then the aliases of those. */
  readonly shown: ReadonlyMap<string, Value>
  /** Keys without which the profile is refused, in the order of dbt's message. */
  readonly required: readonly string[]
  readonly defaultDatabase: string | null
  readonly defaultSchema: string | null
}
