// Runs in a child process of ours: opens a DuckDB file read-only, lists its relations and their columns, closes it, exits. Milliseconds, because even a reader
// blocks `dbt run`. In a child, so that a crash or hang of the native part is the child's. Never writes, never loads extensions.

import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

export type DuckdbAnswer =
  | { readonly kind: 'listed'; readonly databases: readonly string[]; readonly relations: readonly (readonly [database: string, schema: string, identifier: string, type: string])[]; readonly columns: readonly (readonly [database: string, schema: string, identifier: string, name: string, type: string])[] }
  | { readonly kind: 'failed'; readonly reason: 'no-module' | 'locked' | 'unreadable'; readonly message: string; readonly pid: number | null }

/** The argument that makes the bundle's entry a DuckDB child: `node ENTRY --duckdb-child FILE`. */
export const DUCKDB_CHILD = '--duckdb-child'

/** Call in the bundle's entry when process.argv[2] is DUCKDB_CHILD; writes one JSON line to standard output. */
export async function runDuckdbChild(file: string): Promise<void> {
  const answer = await listRelations(file)
  await new Promise<void>((resolve) => { process.stdout.write(`${JSON.stringify(answer)}\n`, () => resolve()) })
}

const QUERY = `select table_catalog, table_schema, table_name, case table_type when 'VIEW' then 'view' else 'table' end
from system.information_schema.tables where table_catalog not in ('system', 'temp')`

/** A file with more columns than that keeps them to itself: the answer goes through a pipe. */
const MOST_COLUMNS = 200_000
const COLUMNS_QUERY = `select database_name, schema_name, table_name, column_name, data_type from duckdb_columns() where not internal order by database_name, schema_name, table_name, column_index limit ${MOST_COLUMNS + 1}`

async function listRelations(file: string): Promise<DuckdbAnswer> {
  const { duckdb, broken } = loadDuckdb()
  if (!duckdb) {
    const message = broken === null ? 'the optional package @duckdb/node-api is not installed' : `the optional package @duckdb/node-api is installed but does not load: ${broken}`
    return { kind: 'failed', reason: 'no-module', message, pid: null }
  }
  try {
    const instance = await duckdb.DuckDBInstance.create(file, { access_mode: 'READ_ONLY', threads: '1', enable_external_access: 'false', autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' })
    try {
      const connection = await instance.connect()
      const rows = (await connection.runAndReadAll(QUERY)).getRows()
      const databases = (await connection.runAndReadAll("select database_name from duckdb_databases() where not internal")).getRows()
      const columns = (await connection.runAndReadAll(COLUMNS_QUERY)).getRows()
      connection.closeSync()
      return {
        kind: 'listed', databases: databases.map(([name]) => String(name)), relations: rows.map(([database, schema, name, type]) => [String(database), String(schema), String(name), String(type)] as const),
        columns: columns.length > MOST_COLUMNS ? [] : columns.map(([database, schema, table, name, type]) => [String(database), String(schema), String(table), String(name), String(type)] as const),
      }
    } finally {
      instance.closeSync()
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const holder = /Conflicting lock is held in .*?\(PID (\d+)\)/s.exec(message)?.[1]
    return { kind: 'failed', reason: holder !== undefined || /Could not set lock/.test(message) ? 'locked' : 'unreadable', message: message.split('\n')[0] ?? message, pid: holder === undefined ? null : Number(holder) }
  }
}

interface Loaded {
  readonly duckdb: typeof import('@duckdb/node-api') | null
  /** What the loader said of a copy that is there and does not load, a native part of another platform for instance. */
  readonly broken: string | null
}

/** Beside this program, else where `npm install --global` put it: the VS Code extension carries no native part. Never from a workspace. */
function loadDuckdb(): Loaded {
  let broken: string | null = null
  for (const beside of [import.meta.filename, ...globalModules().map((modules) => path.join(modules, 'none.js'))]) {
    try {
      return { duckdb: createRequire(beside)('@duckdb/node-api') as typeof import('@duckdb/node-api'), broken: null }
    } catch (error) {
      if (!isAbsent(error)) broken ??= (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
    }
  }
  return { duckdb: null, broken }
}

/** The package itself is not there; a part of it that is missing is said instead. */
function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND' && error.message.includes("'@duckdb/node-api'")
}

/** Where npm puts global packages: beside each folder of PATH (its own prefix), and beside the node that runs this. */
function globalModules(): string[] {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder))
  const modules = process.platform === 'win32'
    ? [path.join(process.env['APPDATA'] ?? '', 'npm', 'node_modules'), ...folders.map((folder) => path.join(folder, 'node_modules'))]
    : [path.dirname(realpathSync(process.execPath)), ...folders].map((folder) => path.join(folder, '..', 'lib', 'node_modules'))
  return [...new Set(modules)].filter((folder) => path.isAbsolute(folder) && existsSync(folder))
}
