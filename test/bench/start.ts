// The bundle: its size, and how soon it answers `initialize`, against a server with nothing in it.

import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { milliseconds, percentile, type Row } from './table.ts'

const repository = path.resolve(import.meta.dirname, '../..')
const bundle = path.join(repository, 'dist', 'dbt-defer-ls.cjs')
const EMPTY = "const s=require('vscode-languageserver/node');const c=s.createConnection(process.stdin,process.stdout);c.onInitialize(()=>({capabilities:{}}));c.listen()"
const ROUNDS = 7

/** No rows when the bundle is not built (npm run build). */
export async function measureStart(): Promise<Row[]> {
  if (!existsSync(bundle)) return []
  const ours: number[] = []
  const empty: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await untilInitialized([bundle, '--stdio']))
    empty.push(await untilInitialized(['-e', EMPTY]))
  }
  const [one, other] = [percentile(ours, 0.5), percentile(empty, 0.5)]
  const size = statSync(bundle).size
  return [
    { what: 'start to initialized, median', ours: milliseconds(one), against: `empty server: ${milliseconds(other)}`, ratio: one / other, goal: 2 },
    { what: 'bundle', ours: `${(size / 1e6).toFixed(2)} MB`, against: '3 MB', ratio: size / 3e6, goal: 1 },
  ]
}

function untilInitialized(argv: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(process.execPath, argv, { cwd: repository, stdio: ['pipe', 'pipe', 'ignore'] })
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } })
    child.stdout.once('data', () => { resolve(performance.now() - began); child.kill() })
    child.on('error', reject)
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  })
}
