// A rendered output of profiles.yml as its adapter's credentials class sees it: aliases, defaults, derived names, refusals, and what `target` may show.
// Values of keys that look like passwords never leave here.

import { reprOf } from '../../jinja/repr.ts'
import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import { aliasClash } from '../adapters/aliases.ts'
import type { Adapter } from '../adapters/types.ts'
import type { Rules } from '../rules/rules.ts'
import { absolutePath } from './flags.ts'
import { isSecretKey, SECRET_STARS } from './secrets.ts'
import type { AttachedFile } from './types.ts'

export interface Described {
  readonly database: string | null
  readonly schema: string
  readonly shown: ReadonlyMap<string, Value>
  readonly databaseFile: string | null
  readonly attached: readonly AttachedFile[]
  /** What could not be known, in words. */
  readonly notes: readonly string[]
}

/** What dbt says of the output instead of taking it; `key` is where. */
export class Refusal {
  readonly message: string
  readonly key: string | null
  constructor(message: string, key: string | null) { this.message = message; this.key = key }
}

export interface CredentialSurroundings {
  readonly rules: Pick<Rules, 'duckdbNameEndsAtFirstDot' | 'duckdbMemoryDatabase' | 'duckdbDatabaseMayDiffer'>
  readonly projectRoot: string
  readonly home: string
}

/** `data`: the output without `type` and `threads`. */
export function describe(adapter: Adapter, data: ReadonlyMap<string, Value>, around: CredentialSurroundings): Described | Refusal {
  const fields = translate(adapter, data)
  if (fields instanceof Refusal) return fields
  const missing = adapter.credentials.required.find((key) => !fields.has(key) && adapter.known)
  if (missing !== undefined) return new Refusal(`'${missing}' is a required property`, null)
  for (const key of ['database', 'schema']) {
    const value = fields.get(key)
    if (value !== undefined && value !== null && typeof value !== 'string') return new Refusal(`${reprOf(value)} is not of type 'string'`, key)
  }
  const port = fields.get('port')
  if (port !== undefined && typeof port !== 'bigint' && adapter.credentials.required.includes('port')) return new Refusal(`${reprOf(port)} is not of type 'integer'`, 'port')
  const derived = DERIVE[adapter.type]?.(fields, around) ?? plain()
  if (derived instanceof Refusal) return derived
  const database = derived.database !== undefined ? derived.database : textOf(fields, 'database') ?? adapter.credentials.defaultDatabase
  const schema = textOf(fields, 'schema') ?? adapter.credentials.defaultSchema
  if (schema === null) return new Refusal(adapter.type === 'spark' || adapter.type === 'clickhouse' ? 'Runtime Error\n  Must specify `schema` in profile' : adapter.type === 'bigquery' ? 'Runtime Error\n  Must specify schema' : "'schema' is a required property", null)
  const complete = new Map(fields).set('database', database).set('schema', schema)
  for (const [key, value] of derived.fields ?? []) complete.set(key, value)
  const notes = [...(derived.notes ?? [])]
  if (!adapter.known) notes.push(`The adapter '${adapter.type}' is not known here: names are quoted and compared by dbt's defaults.`)
  if (database?.includes(SECRET_STARS) === true || schema.includes(SECRET_STARS)) notes.push('The name of the database or schema comes from a secret variable and is not shown.')
  return { database, schema, shown: shownOf(adapter, complete), databaseFile: derived.databaseFile ?? null, attached: derived.attached ?? [], notes }
}

function translate({ aliases }: Adapter, data: ReadonlyMap<string, Value>): Map<string, Value> | Refusal {
  const clash = aliasClash(aliases, [...data.keys()])
  return clash ? new Refusal(`Runtime Error\n  ${clash.message}`, clash.key) : new Map([...data].map(([key, value]) => [aliases.get(key) ?? key, value]))
}

interface Derived {
  readonly database?: string | null
  readonly fields?: readonly (readonly [string, Value])[]
  readonly databaseFile?: string | null
  readonly attached?: readonly AttachedFile[]
  readonly notes?: readonly string[]
}

function plain(): Derived { return {} }

const DERIVE: Readonly<Record<string, (fields: ReadonlyMap<string, Value>, around: CredentialSurroundings) => Derived | Refusal>> = {
  duckdb, snowflake, bigquery, databricks, trino,
  spark: (fields) => sameAsSchema(fields, 'Spark', null),
  clickhouse: (fields) => sameAsSchema(fields, 'Clickhouse', ''),
}

/** dbt-duckdb credentials.py path_derived_database_name and __pre_deserialize__. */
function duckdb(fields: ReadonlyMap<string, Value>, { rules, projectRoot, home }: CredentialSurroundings): Derived | Refusal {
  const path = textOf(fields, 'path')
  const derived = path === null || path === ':memory:' ? rules.duckdbMemoryDatabase : duckdbName(path, rules.duckdbNameEndsAtFirstDot)
  const database = textOf(fields, 'database')
  if (derived === '') return new Refusal("Runtime Error\n  Unable to determine target database name from 'path' field in profile", 'path')
  const settings: Derived = { fields: duckdbFields(path, fields), databaseFile: duckdbFile(path, projectRoot, home), attached: attachedFiles(fields.get('attach'), projectRoot, home) }
  if (database === null || database === derived) return { ...settings, database: derived }
  const attach = fields.get('attach')
  const aliases = attach instanceof PyList ? attach.items.flatMap((item) => (item instanceof PyDict ? item.get('alias') ?? [] : [])) : []
  if (fields.get('remote') instanceof PyDict || aliases.includes(database) || rules.duckdbDatabaseMayDiffer) return { ...settings, database }
  return new Refusal(`Runtime Error\n  Inconsistency detected between 'path' and 'database' fields in profile; the 'database' property must be set to '${derived}' to match the 'path'`, 'database')
}

/** DuckDBCredentials.__post_init__ and its Attachment and PluginConfig classes, as far as `target` shows them. */
function duckdbFields(path: string | null, fields: ReadonlyMap<string, Value>): (readonly [string, Value])[] {
  const plugins = fields.get('plugins')
  const listed = plugins instanceof PyList ? plugins.items.map((plugin) => completed(plugin, PLUGIN)) : []
  const motherduck = /^(md|motherduck):/i.test(path ?? '') && !listed.some((plugin) => plugin instanceof PyDict && plugin.get('module') === 'motherduck')
  if (motherduck) listed.push(completed(new PyDict([['module', 'motherduck']]), PLUGIN))
  const attach = fields.get('attach')
  return [
    ['settings', fields.get('settings') ?? new PyDict()],
    ['plugins', listed.length > 0 || plugins instanceof PyList ? new PyList(listed) : null],
    ['attach', attach instanceof PyList ? new PyList(attach.items.map((each) => completed(each, ATTACHMENT))) : null],
  ]
}

const PLUGIN: readonly (readonly [string, Value])[] = [['module', null], ['alias', null], ['config', null]]
const ATTACHMENT: readonly (readonly [string, Value])[] = [['path', null], ['type', null], ['alias', null], ['secret', null], ['read_only', false], ['options', null], ['is_ducklake', null]]

function completed(value: Value, defaults: readonly (readonly [string, Value])[]): Value {
  return value instanceof PyDict ? new PyDict(defaults.map(([key, byDefault]) => [key, value.get(key) ?? byDefault] as const)) : value
}

function duckdbName(path: string, firstDot: boolean): string {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(path)?.[1]?.toLowerCase() ?? ''
  const inner = path.slice(scheme === '' ? 0 : scheme.length + 1).replace(/^\/\/[^/]*/, '').replace(/[#?].*$/, '')
  const base = inner.slice(inner.lastIndexOf('/') + 1)
  const dot = base.lastIndexOf('.')
  const stem = dot > 0 && !/^\.+$/.test(base.slice(0, dot)) ? base.slice(0, dot) : base
  if (scheme === 'md' || scheme === 'motherduck') return stem === '' ? 'my_db' : stem
  if (scheme === 'ducklake') return stem.replace(/^[A-Za-z][A-Za-z0-9+.-]*:/, '')
  return firstDot ? base.replace(/^\.+/, '').split('.')[0] ?? '' : stem
}

/** dbt goes to the project directory before it opens the file. Null for what is no file of this machine. */
function duckdbFile(path: string | null, projectRoot: string, home: string): string | null {
  if (path === null || path === ':memory:' || /^[A-Za-z][A-Za-z0-9+.-]+:/.test(path)) return null
  return absolutePath(projectRoot, path.startsWith('~/') ? home + path.slice(1) : path)
}

/** credentials.py Attachment, as far as it is a plain DuckDB file: other kinds, secrets and options need what we don't have. */
function attachedFiles(attach: Value | undefined, projectRoot: string, home: string): AttachedFile[] {
  return attach instanceof PyList ? attach.items.flatMap((item) => {
    if (!(item instanceof PyDict)) return []
    const [path, type, alias] = ['path', 'type', 'alias'].map((key) => item.get(key) ?? null)
    const file = typeof path === 'string' ? duckdbFile(path, projectRoot, home) : null
    const plain = (type === null || (typeof type === 'string' && type.toLowerCase() === 'duckdb')) && [item.get('secret'), item.get('options'), item.get('is_ducklake')].every((value) => value === undefined || value === null || value === false)
    return file !== null && plain && (alias === null || typeof alias === 'string') ? [{ file, database: alias }] : []
  }) : []
}

function snowflake(fields: ReadonlyMap<string, Value>): Derived {
  const account = textOf(fields, 'account')
  const reuse = fields.get('reuse_connections') ?? null
  const keepAlive = fields.get('client_session_keep_alive') ?? false
  return {
    fields: [
      ...(account === null ? [] : [['account', account.replaceAll('_', '-')] as const]),
      ['reuse_connections', reuse === null && keepAlive === false ? true : reuse],
    ],
  }
}

function bigquery(fields: ReadonlyMap<string, Value>): Derived | Refusal {
  if ((fields.get('method') ?? null) === null) return new Refusal('Runtime Error\n  Must specify authentication method', null)
  const database = textOf(fields, 'database')
  const notes = database === null ? ["The profile names no project: dbt asks the machine's Google login for it, which is not done here."] : []
  return { database, notes, fields: [['execution_project', fields.get('execution_project') ?? database]] }
}

function databricks(fields: ReadonlyMap<string, Value>): Derived | Refusal {
  const schema = textOf(fields, 'schema')
  if (schema?.includes('.') === true) return new Refusal(`Runtime Error\n  The schema should not contain '.': ${schema}\n  If you are trying to set a catalog, please use \`catalog\` instead.\n  `, 'schema')
  const properties = fields.get('session_properties')
  const fromSession = properties instanceof PyDict ? properties.get('databricks.catalog') : undefined
  const database = textOf(fields, 'database') ?? (typeof fromSession === 'string' ? fromSession : null)
  return { database: database?.trim() ?? 'hive_metastore' }
}

/** Most ways of logging in need a user. */
function trino(fields: ReadonlyMap<string, Value>): Derived | Refusal {
  const method = textOf(fields, 'method') ?? 'none'
  if (fields.has('user') || ['jwt', 'oauth', 'oauth_console', 'certificate', 'kerberos'].includes(method)) return {}
  return new Refusal("'user' is a required property", null)
}

function sameAsSchema(fields: ReadonlyMap<string, Value>, name: string, database: string | null): Derived | Refusal {
  const given = textOf(fields, 'database')
  const schema = textOf(fields, 'schema')
  if (given === null || given === '' || given === schema) return { database }
  const cluster = name === 'Clickhouse' ? `      cluster: ${textOf(fields, 'cluster') ?? 'None'} \n` : ''
  return new Refusal(`Runtime Error\n      schema: ${schema ?? 'None'} \n      database: ${given} \n${cluster}  On ${name}, database must be omitted or have the same value as schema.`, 'database')
}

/** connection_info(with_aliases=True). Of an adapter that isn't known: everything but what looks secret. */
function shownOf(adapter: Adapter, fields: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  if (!adapter.known) return new Map(Array.from(fields).filter(([key]) => !isSecretKey(key)).map(([key, value]) => [key, withoutSecrets(value)]))
  const shown = new Map<string, Value>()
  for (const [key, byDefault] of adapter.credentials.shown) {
    const value = fields.get(adapter.aliases.get(key) ?? key)
    shown.set(key, withoutSecrets(value === undefined ? byDefault : value))
  }
  return shown
}

/** A copy in which nested values under password-like keys are stars, and what a connection text says after `token=` and the like. */
function withoutSecrets(value: Value): Value {
  if (typeof value === 'string') return value.replace(SAID_IN_TEXT, `$1${SECRET_STARS}`)
  if (value instanceof PyList) return new PyList(value.items.map(withoutSecrets))
  if (value instanceof PyDict) return new PyDict(value.items().map(([key, each]) => [key, typeof key === 'string' && isSecretKey(key) && each !== null ? SECRET_STARS : withoutSecrets(each)] as const))
  return value
}

const SAID_IN_TEXT = /((?:pass(?:word|wd)?|pwd|token|secret|api_?key|access_?key)\s*=\s*)[^&;\s'"]+/gi

function textOf(fields: ReadonlyMap<string, Value>, key: string): string | null {
  const value = fields.get(key)
  return typeof value === 'string' ? value : null
}
