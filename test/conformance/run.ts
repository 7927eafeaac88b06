// run.ts [--dbt 1.12|2]: `dbtDefer.run` with a real dbt on DuckDB, through our language server as an editor starts it: progress streams, existence is fresh after it,
// it can be cancelled, and an untrusted workspace runs nothing. Prints one line for each check; exits 1 when one fails.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { pathToFileURL } from 'node:url'
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node'
import { venvs } from './judge.ts'
import { PROGRAM } from './ours.ts'

const { values: { dbt } } = parseArgs({ options: { dbt: { type: 'string', default: '1.12' } } })
const venv = path.join(venvs, `dbt-${dbt}`)
/** What each prints when it begins with a model, and when all is done. */
const [BEGUN, DONE] = dbt === '2' ? [/Started|START|Running|slow/, /Finished 'run' successfully/] : [/START sql/, /Completed successfully/]
const root = mkdtempSync(path.join(tmpdir(), 'run-'))
const env = { ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('DBT_'))), VIRTUAL_ENV: venv, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' }
const wait = (ms: number) => new Promise((resolve) => { setTimeout(resolve, ms) })
let failed = 0

try {
  project()
  await ran()
  await cancelled()
  await untrusted()
} finally {
  rmSync(root, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1

function project(): void {
  const write = (file: string, text: string) => { mkdirSync(path.dirname(path.join(root, file)), { recursive: true }); writeFileSync(path.join(root, file), text) }
  write('dbt_project.yml', 'name: shop\nprofile: shop\n')
  write('profiles.yml', 'shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: shop.duckdb, schema: dev_me}\n    prod: {type: duckdb, path: shop.duckdb, schema: core}\n')
  write('models/a.sql', 'select 1 as id')
  write('models/b.sql', "select * from {{ ref('a') }}")
  write('models/slow.sql', "select sum(x.range * y.range * z.range) as n from range(100000) x, range(100000) y, range(1000) z where (x.range + y.range * z.range) % 7 = {{ '3' }}")
  write('.dbt-defer-ls.yml', 'state: state\ndefer: true\n')
  const made = spawnSync(path.join(venv, 'bin/dbt'), ['run', '--select', 'a', '--target', 'prod', '--target-path', 'state', '--profiles-dir', root], { cwd: root, env, encoding: 'utf8' })
  if (!existsSync(path.join(root, 'state/manifest.json'))) throw new Error(`dbt made no state: ${made.stdout}`)
}

interface Hint { readonly label: string }
interface Editor {
  request<R>(method: string, params: unknown): Promise<R>
  readonly progress: { readonly kind: string; readonly message?: string; readonly title?: string }[]
  readonly shown: string[]
  readonly tokens: unknown[]
  cancel(token: unknown): Promise<void>
  hint(): Promise<string>
  stop(): Promise<void>
}

async function editor(trusted: boolean): Promise<Editor> {
  const child = spawn(process.execPath, [...PROGRAM, '--stdio'], { cwd: root, env, stdio: ['pipe', 'pipe', 'ignore'] })
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin))
  const [progress, shown, tokens]: [Editor['progress'], string[], unknown[]] = [[], [], []]
  connection.onUnhandledProgress(({ value }) => { progress.push(value as Editor['progress'][number]) })
  connection.onNotification('window/showMessage', ({ message }: { message: string }) => { shown.push(message) })
  connection.onRequest((method, params) => { if (method === 'window/workDoneProgress/create') tokens.push((params as { token: unknown }).token); return null })
  connection.listen()
  await connection.sendRequest('initialize', { processId: null, rootUri: pathToFileURL(root).href, workspaceFolders: [{ uri: pathToFileURL(root).href, name: 'shop' }], capabilities: { window: { workDoneProgress: true } }, initializationOptions: { trusted } })
  await connection.sendNotification('initialized', {})
  const uri = pathToFileURL(path.join(root, 'models/b.sql')).href
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text: readFileSync(path.join(root, 'models/b.sql'), 'utf8') } })
  return {
    progress, shown, tokens,
    request: (method, params) => connection.sendRequest(method, params),
    cancel: (token) => connection.sendNotification('window/workDoneProgress/cancel', { token }),
    hint: async () => (await connection.sendRequest<Hint[] | null>('textDocument/inlayHint', { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } } }))?.[0]?.label ?? '',
    async stop() { await connection.sendRequest('shutdown'); await connection.sendNotification('exit'); connection.dispose(); child.kill() },
  }
}

async function becomes(what: string, ask: () => Promise<string>, wanted: string): Promise<void> {
  let last = ''
  for (let tries = 0; tries < 150; tries++) {
    last = await ask()
    if (last === wanted) return check(what, true)
    await wait(100)
  }
  check(`${what}: ${last} instead of ${wanted}`, false)
}

function run(open: Editor, command: string, selection: string) {
  return open.request<{ code: number | null; command: string } | null>('workspace/executeCommand', { command: 'dbtDefer.run', arguments: [command, selection] })
}

async function ran(): Promise<void> {
  const open = await editor(true)
  await becomes('before: production is read', open.hint, '→ shop.core.a (prod)')
  const answer = await run(open, 'run', 'model.shop.a')
  check(`dbt ran: ${answer?.command ?? ''}`, answer?.code === 0 && /^dbt run --select shop\.a --target dev --defer --state \S+state$/.test(answer.command))
  check('its output streamed as progress', open.progress.some((each) => each.kind === 'begin') && open.progress.some((each) => DONE.test(each.message ?? '')) && open.progress.at(-1)?.kind === 'end')
  await becomes('after: what was built is read', open.hint, '→ shop.dev_me.a')
  const broken = await run(open, 'run', 'nothing_of_that_name')
  check('a selection of nothing is no failure', broken?.code === 0)
  check('what may not be run is refused', (await run(open, 'clean', ''))?.code === null && open.shown.some((each) => /dbt clean is not run from here/.test(each)))
  await open.stop()
}

async function cancelled(): Promise<void> {
  const open = await editor(true)
  await becomes('ready', open.hint, '→ shop.dev_me.a')
  const running = run(open, 'run', 'model.shop.slow')
  for (let tries = 0; tries < 400 && !open.progress.some((each) => BEGUN.test(each.message ?? '')); tries++) await wait(100)
  check('the slow model started', open.progress.some((each) => BEGUN.test(each.message ?? '')))
  const from = performance.now()
  await open.cancel(open.tokens.at(-1))
  const answer = await Promise.race([running, wait(20_000).then(() => 'still running' as const)])
  check(`cancelled after ${Math.round(performance.now() - from)} ms`, answer !== 'still running' && answer?.code !== 0)
  await open.stop()
}

async function untrusted(): Promise<void> {
  const open = await editor(false)
  const answer = await run(open, 'run', 'model.shop.b')
  check('an untrusted workspace runs nothing', answer?.code === null && answer.command === '' && open.shown.some((each) => /not trusted/.test(each)) && open.progress.length === 0)
  await open.stop()
}

function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`)
  if (!holds) failed++
}
