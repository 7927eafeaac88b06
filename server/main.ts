// The bin: a state worker, a child for DuckDB or for SQL, the language server (--stdio, --socket=N, --node-ipc, --pipe=…) or one command of the command line.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CliOptions } from './cli/run.ts'
import { DUCKDB_CHILD, runDuckdbChild } from './host/duckdb-child.ts'
import { factsDirectory } from './host/facts-directory.ts'
import { engineOf, makeFactsStore } from './host/facts-store.ts'
import { createProjectHost } from './host/project-host.ts'
import { runSqlChild, SQL_CHILD } from './host/sql-checker.ts'
import { runStateWorker } from './host/state-worker.ts'
import { captureSurroundings } from './host/surroundings.ts'
import { serverArguments } from './lsp/arguments.ts'

if (!runStateWorker()) void main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === DUCKDB_CHILD) return runDuckdbChild(argv[1] ?? '')
  if (argv[0] === SQL_CHILD) return runSqlChild()
  const entry = process.argv[1] ?? import.meta.filename
  const asked = serverArguments(argv)
  if (!asked.serves && asked.wrong !== null) {
    process.stderr.write(`dbt-defer-ls: ${asked.wrong}\nTry dbt-defer-ls --help.\n`)
    process.exitCode = 2
    return
  }
  const surroundings = captureSurroundings()
  const facts = makeFactsStore({ ...factsDirectory(surroundings), engine: once(() => `${version()} ${engineOf(import.meta.filename)}`) })
  const host = createProjectHost({ surroundings, startedIn: asked.serves ? 'project' : 'process', entry, facts })
  if (asked.serves) return serve(host, recordingOf(argv), surroundings.env)
  const { runCli } = await import('./cli/run.ts')
  process.exitCode = await runCli(argv, { host, io: standardIo(), cwd: process.cwd(), version: version() })
}

async function serve(host: CliOptions['host'], record: string | null, env: ReadonlyMap<string, string>): Promise<void> {
  const [{ createConnection, ProposedFeatures }, { startServer }, { inSessionOrder }] = await Promise.all([import('vscode-languageserver/node'), import('./lsp/server.ts'), import('./lsp/order.ts')])
  const order = { messageStrategy: inSessionOrder() }
  const connect = async () => {
    if (!process.argv.includes('--stdio')) return createConnection(ProposedFeatures.all, order)
    const { inOrder } = await import('./lsp/framing.ts')
    const input = process.stdin.pipe(inOrder((problem) => { process.stderr.write(`dbt-defer-ls: ${problem}\n`) }))
    if (record === null) return createConnection(ProposedFeatures.all, input, process.stdout, order)
    const { recorder } = await import('./lsp/record.ts')
    return createConnection(ProposedFeatures.all, input.pipe(recorder(record, env, (why) => { process.stderr.write(`dbt-defer-ls: the record ends here: ${why}\n`) })), process.stdout, order)
  }
  const connection = await connect()
  staying((message) => connection.console.error(message))
  startServer({ connection, host, version: version(), documentation: documentation() })
}

/** What slips through everywhere else is said to the client, and the server stays; only without a client it goes. */
function staying(say: (message: string) => void): void {
  const survive = (error: unknown): void => {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || code === 'ERR_IPC_CHANNEL_CLOSED') process.exit(1)
    say(error instanceof Error ? error.stack ?? error.message : String(error))
  }
  process.on('uncaughtException', survive)
  process.on('unhandledRejection', survive)
}

/** `--record FILE` or `--record=FILE`, for servers on standard input and output. */
function recordingOf(argv: readonly string[]): string | null {
  const at = argv.findIndex((each) => each === '--record' || each.startsWith('--record='))
  if (at < 0 || !argv.includes('--stdio')) return null
  return argv[at]?.slice('--record='.length) || (argv[at + 1] ?? null)
}

function standardIo(): CliOptions['io'] {
  // A closed pipe (`| head`) is the reader's way of saying "enough".
  process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code === 'EPIPE') process.exit(0) })
  return {
    out: (text) => { process.stdout.write(text) },
    err: (text) => { process.stderr.write(text) },
    color: process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '',
  }
}

/** The README lies beside the bundle; from source one folder up. */
function documentation(): string {
  return pathToFileURL(path.join(import.meta.dirname, ...(process.env.DBT_DEFER_LS_VERSION ? ['README.md'] : ['..', 'README.md']))).href
}

/** The bundle carries its version; from source it stands in package.json. */
function version(): string {
  const bundled = process.env.DBT_DEFER_LS_VERSION
  if (bundled) return bundled
  const text: unknown = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', 'package.json'), 'utf8'))
  return typeof text === 'object' && text !== null && 'version' in text ? String(text.version) : 'unknown'
}

function once(make: () => string): () => string {
  let made: string | null = null
  return () => made ??= make()
}
