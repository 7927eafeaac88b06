// What exists in the DuckDB file of the current target: asks a child process, remembers the answer until the file changes, backs off from locks.
// Never opens the file itself, never waits long, never answers with more than was seen: a failure is "unknown" with its reason.

import { spawn } from 'node:child_process'
import path from 'node:path'
import type { Adapter } from '../dbt/adapters/types.ts'
import { NOTHING_KNOWN, listed, relationKey } from '../dbt/defer/existence.ts'
import type { KnownColumns, RelationListing } from '../dbt/defer/types.ts'
import { statsOf } from './disk.ts'
import { DUCKDB_CHILD, type DuckdbAnswer } from './duckdb-child.ts'

export interface DuckdbStatus {
  readonly listing: RelationListing
  /** Why nothing is known, in words; null: the listing is good. */
  readonly problem: string | null
}

export interface DuckdbOptions {
  /** Absolute path of the database file. */
  readonly file: string
  /** The name it is attached under; null: the one that DuckDB takes from the file's name. */
  readonly database: string | null
  readonly adapter: Adapter
  /** The bundle's entry (or server/main.ts under tsx), which knows DUCKDB_CHILD. */
  readonly entry: string
  /** Milliseconds after which the child is killed. */
  readonly limit?: number
  /** Clock, for back-off and as_of. */
  readonly now?: () => number
}

export interface DuckdbLister {
  status(): DuckdbStatus
  /** Asks again if the file changed and no back-off is running; concurrent calls share one child. Never rejects. */
  refresh(): Promise<DuckdbStatus>
  dispose(): void
}

const LIMIT_MS = 10_000
const FIRST_BACK_OFF_MS = 500
const LAST_BACK_OFF_MS = 30_000

export function makeDuckdbLister(options: DuckdbOptions): DuckdbLister {
  const now = options.now ?? Date.now
  let status: DuckdbStatus = { listing: NOTHING_KNOWN, problem: 'not looked yet' }
  let seen = ''
  let waitUntil = 0
  let backOff = FIRST_BACK_OFF_MS
  let running: Promise<DuckdbStatus> | null = null
  let kill: (() => void) | null = null

  const look = async (): Promise<DuckdbStatus> => {
    const key = fingerprint(options.file)
    if (key === null) {
      // dbt would make the file: nothing exists in it.
      seen = ''
      const empty = listed([], 'warehouse', new Date(now()).toISOString(), options.adapter)
      return (status = { listing: { ...empty, databases: new Set([options.database ?? nameOf(options.file)]) }, problem: null })
    }
    if (key === seen || now() < waitUntil) return status
    const answer = await ask(options.entry, options.file, options.limit ?? LIMIT_MS, (stop) => { kill = stop })
    kill = null
    if (answer.kind === 'listed') {
      seen = key
      backOff = FIRST_BACK_OFF_MS
      const named = (database: string): string => options.database ?? database
      const relations = answer.relations.map(([database, schema, identifier, type]) => ({ database: named(database), schema, identifier, type }))
      const as_of = new Date(now()).toISOString()
      const listing = { ...listed(relations, 'warehouse', as_of, options.adapter), databases: new Set(answer.databases.map(named)), columns: columnsOf(answer.columns, named, as_of, options.file) }
      return (status = { listing, problem: null })
    }
    waitUntil = now() + backOff
    backOff = Math.min(backOff * 2, LAST_BACK_OFF_MS)
    return (status = { listing: NOTHING_KNOWN, problem: inWords(answer) })
  }

  return {
    status: () => status,
    refresh: () => (running ??= look().finally(() => { running = null })),
    dispose: () => kill?.(),
  }
}

/** DuckDB's own name for a file's database (FileSystem::ExtractBaseName). */
function nameOf(file: string): string { return path.basename(file).split('.')[0] ?? '' }

function columnsOf(rows: Extract<DuckdbAnswer, { kind: 'listed' }>['columns'], named: (database: string) => string, as_of: string, file: string): ReadonlyMap<string, KnownColumns> {
  const lists = new Map<string, { name: string; type: string }[]>()
  for (const [database, schema, identifier, name, type] of rows) {
    const key = relationKey(named(database), schema, identifier)
    const list = lists.get(key)
    if (list) list.push({ name, type })
    else lists.set(key, [{ name, type }])
  }
  return new Map(Array.from(lists, ([key, columns]) => [key, { evidence: 'warehouse', as_of, file, columns }] as const))
}

function inWords(answer: Extract<DuckdbAnswer, { kind: 'failed' }>): string {
  if (answer.reason === 'locked') return answer.pid === null ? 'the DuckDB file is locked by another process' : `the DuckDB file is locked by process ${answer.pid}`
  return answer.message
}

/** The write-ahead log counts: a commit may stand in it alone. */
function fingerprint(file: string): string | null {
  const [main, log] = [file, `${file}.wal`].map((name) => statsOf(name))
  return main ? `${main.ino} ${main.size} ${main.mtimeMs} ${log?.size ?? 0} ${log?.mtimeMs ?? 0}` : null
}

function ask(entry: string, file: string, limit: number, started: (stop: () => void) => void): Promise<DuckdbAnswer> {
  return new Promise((resolve) => {
    const failed = (message: string): void => resolve({ kind: 'failed', reason: 'unreadable', message, pid: null })
    const child = spawn(process.execPath, [...process.execArgv, entry, DUCKDB_CHILD, file], { stdio: ['ignore', 'pipe', 'ignore'] })
    const stop = (): void => { child.kill('SIGKILL') }
    started(stop)
    const timer = setTimeout(() => { stop(); failed(`the DuckDB file could not be listed within ${limit} ms`) }, limit)
    let text = ''
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (piece: string) => { text += piece })
    child.once('error', (error) => { clearTimeout(timer); failed(error.message) })
    child.once('close', () => {
      clearTimeout(timer)
      const answer = parseAnswer(text)
      if (answer) resolve(answer)
      else failed('the process that lists the DuckDB file ended without an answer')
    })
  })
}

function parseAnswer(text: string): DuckdbAnswer | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'kind' in value ? value as DuckdbAnswer : null
  } catch {
    return null
  }
}
