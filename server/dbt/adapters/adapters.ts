// The adapters, as data. Every value was printed by the adapter's own classes (dbt 1.12.6 with athena 1.11.1, bigquery 1.12.1, clickhouse 1.10.3,
// databricks 1.12.8, duckdb 1.11.1, fabric 1.12.0, postgres 1.11.0, redshift 1.11.1, snowflake 1.12.4, spark 1.11.0, sqlserver 1.12.1, trino 1.11.0).

import type { Rules } from '../rules/rules.ts'
import { CREDENTIALS } from './credentials.ts'
import type { Adapter, EventTimeForm, Policy } from './types.ts'

/** The adapter of a profile's `type`; one that isn't known gets the defaults of dbt's base classes and says so (`known: false`). */
export function adapterOf(type: string, rules: NamingRules & Partial<Pick<Rules, 'adapterLacks'>>): Adapter {
  const lacks = rules.adapterLacks && rules.adapterLacks.size > 0 ? new Set(Array.from(rules.adapterLacks, (name) => name.startsWith(`${type}.`) ? name.slice(type.length + 1) : name)) : NOTHING
  return { ...adapterFor(type, rules), lacks }
}

const NOTHING: ReadonlySet<string> = new Set()

type NamingRules = Pick<Rules, 'databricksLowerCases'> & Partial<Pick<Rules, 'duckdbUnprintedDatabases'>>

function adapterFor(type: string, rules: NamingRules): Adapter {
  const known = ADAPTERS.get(type)
  if (!known) return { ...base, type, known: false }
  if (type === 'duckdb' && rules.duckdbUnprintedDatabases) return { ...known, unprintedDatabases: rules.duckdbUnprintedDatabases }
  return known.lowerCasesRendered && !rules.databricksLowerCases ? { ...known, lowerCasesRendered: false } : known
}

/** The packages that dbt brings itself, as its get_adapter_package_names: nearest first, `dbt` last. */
export function internalPackageNames(adapter: Adapter): string[] {
  return [...[adapter.type, ...adapter.parents].map(type => `dbt_${type}`), 'dbt']
}

const all: Policy = { database: true, schema: true, identifier: true }
const none: Policy = { database: false, schema: false, identifier: false }
const withoutDatabase: Policy = { database: false, schema: true, identifier: true }
const backtick: Adapter['quote'] = { open: '`', close: '`', escape: 'none' }

const plainTimes: EventTimeForm = { alias: false, column: ['', ''], literal: ["'", "'"], literalOfLoneEnd: ["'", "'"], wholeSeconds: false }

const base: Adapter = {
  type: '', known: true, lacks: NOTHING, parents: [], quotePolicy: all, includePolicy: all, unprintedDatabases: NOTHING, quote: { open: '"', close: '"', escape: 'none' }, aliases: new Map(),
  limit: { empty: 'where false limit 0', some: 'limit', alias: true }, eventTime: { ...plainTimes, alias: true },
  lowerCasesRendered: false, alwaysQuotes: false, caseOfUnquoted: 'lower', matchesAnyCase: false, maxIdentifier: null, database: 'separate',
  credentials: { shown: new Map(), required: ['database', 'schema'], defaultDatabase: null, defaultSchema: null },
}

const noAlias: Pick<Adapter, 'limit' | 'eventTime'> = { limit: { ...base.limit, alias: false }, eventTime: plainTimes }

function literal(before: string, after: string): Pick<EventTimeForm, 'literal' | 'literalOfLoneEnd'> {
  return { literal: [before, after], literalOfLoneEnd: [before, after] }
}

const SQL_SERVER_ALIASES: readonly (readonly [string, string])[] = [
  ['user', 'UID'], ['username', 'UID'], ['pass', 'PWD'], ['password', 'PWD'], ['server', 'host'], ['trusted_connection', 'windows_login'],
  ['auth', 'authentication'], ['app_id', 'client_id'], ['app_secret', 'client_secret'], ['TrustServerCertificate', 'trust_cert'],
  ['schema_auth', 'schema_authorization'], ['SQL_ATTR_TRACE', 'trace_flag'],
]

const FABRIC_ALIASES: readonly (readonly [string, string])[] = [
  ['trusted_connection', 'windows_login'], ['auth', 'authentication'], ['app_id', 'client_id'], ['app_secret', 'client_secret'],
  ['workspace', 'workspace_name'], ['purview', 'purview_endpoint'], ['user', 'UID'], ['username', 'UID'], ['pass', 'PWD'], ['password', 'PWD'],
  ['server', 'host'], ['TrustServerCertificate', 'trust_cert'], ['schema_auth', 'schema_authorization'], ['SQL_ATTR_TRACE', 'trace_flag'],
]

function adapter(type: keyof typeof CREDENTIALS, differences: Partial<Adapter>): [string, Adapter] {
  return [type, { ...base, ...differences, type, credentials: CREDENTIALS[type] }]
}

const ADAPTERS: ReadonlyMap<string, Adapter> = new Map([
  adapter('duckdb', { ...noAlias }),
  adapter('postgres', { aliases: new Map([['dbname', 'database'], ['pass', 'password']]), maxIdentifier: 63 }),
  adapter('redshift', { ...noAlias, parents: ['postgres'], aliases: new Map([['dbname', 'database'], ['pass', 'password']]), maxIdentifier: 127 }),
  adapter('snowflake', { ...noAlias, quotePolicy: none, caseOfUnquoted: 'upper', eventTime: { ...plainTimes, ...literal("to_timestamp_tz('", "')") } }),
  adapter('bigquery', {
    ...noAlias, quote: backtick, caseOfUnquoted: 'asis', eventTime: { ...plainTimes, column: ['cast(', ' as timestamp)'] },
    aliases: new Map([
      ['project', 'database'], ['dataset', 'schema'], ['target_project', 'target_database'], ['target_dataset', 'target_schema'],
      ['retries', 'job_retries'], ['timeout_seconds', 'job_execution_timeout_seconds'], ['dataproc_region', 'compute_region'],
    ]),
  }),
  adapter('databricks', {
    ...noAlias, parents: ['spark'], quote: backtick, aliases: new Map([['catalog', 'database'], ['target_catalog', 'target_database']]),
    lowerCasesRendered: true, matchesAnyCase: true, maxIdentifier: 255,
  }),
  adapter('spark', { ...noAlias, quotePolicy: none, includePolicy: withoutDatabase, quote: backtick, database: 'none' }),
  adapter('trino', { ...noAlias, aliases: new Map([['catalog', 'database']]), matchesAnyCase: true, eventTime: { ...plainTimes, ...literal("TIMESTAMP '", "'") } }),
  adapter('clickhouse', {
    ...noAlias, includePolicy: withoutDatabase, quote: backtick, alwaysQuotes: true, caseOfUnquoted: 'asis', database: 'empty',
    eventTime: { ...plainTimes, wholeSeconds: true },
  }),
  adapter('athena', {
    ...noAlias, aliases: new Map([['catalog', 'database']]),
    eventTime: { ...plainTimes, column: ['cast(', ' as timestamp)'], literal: ["timestamp '", "'"], literalOfLoneEnd: ["timestamp'", "'"] },
  }),
  adapter('sqlserver', {
    quote: { open: '"', close: '"', escape: 'double' }, aliases: new Map(SQL_SERVER_ALIASES), maxIdentifier: 127,
    limit: { empty: 'where 1=0', some: 'top', alias: false }, eventTime: { ...plainTimes, alias: true, ...literal("cast('", "' as datetime2)") },
  }),
  adapter('fabric', {
    quote: { open: '[', close: ']', escape: 'double' }, aliases: new Map(FABRIC_ALIASES), limit: { empty: 'where 1=0', some: 'top', alias: true },
  }),
])
