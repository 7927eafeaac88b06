// The bundle: its size, and how soon it answers `initialize`, against a server with nothing in it that is bundled the same way. Both start in turn,
// in one run, and are ended as editors end them, so that from the second start on ours runs with the code that was kept of the first.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import { milliseconds, percentile, type Row } from './table.ts'

const repository = path.resolve(import.meta.dirname, '../..')
const bundle = path.join(repository, 'dist', 'dbt-defer-ls.cjs')

export interface Starts {
  readonly bytes: number
  /** Milliseconds until `initialize` was answered: of the very first start, of those after it, of the empty server. */
  readonly first: number
  readonly ours: readonly number[]
  readonly empty: readonly number[]
}

/** Null when the bundle is not built (npm run build). */
export async function measureStarts(rounds: number): Promise<Starts | null> {
  if (!existsSync(bundle)) return null
  const home = mkdtempSync(path.join(tmpdir(), 'start-'))
  try {
    const server = await emptyServer(home)
    const first = await untilInitialized(bundle, home)
    const ours: number[] = []
    const empty: number[] = []
    for (let round = 0; round < rounds; round++) {
      empty.push(await untilInitialized(server, home))
      ours.push(await untilInitialized(bundle, home))
    }
    return { bytes: statSync(bundle).size, first, ours, empty }
  } finally {
    rmSync(home, { recursive: true })
  }
}

export async function measureStart(): Promise<Row[]> {
  const starts = await measureStarts(7)
  if (!starts) return []
  const { bytes, first, ours, empty } = starts
  const [one, other] = [percentile(ours, 0.5), percentile(empty, 0.5)]
  return [
    { what: 'start to initialized, median', ours: milliseconds(one), against: `empty server: ${milliseconds(other)}`, ratio: one / other, goal: 2 },
    { what: 'first start of a version', ours: milliseconds(first), against: `empty server: ${milliseconds(other)}`, ratio: first / other, goal: 2 },
    { what: 'bundle', ours: `${(bytes / 1e6).toFixed(2)} MB`, against: '3 MB', ratio: bytes / 3e6, goal: 1 },
  ]
}

async function emptyServer(directory: string): Promise<string> {
  const outfile = path.join(directory, 'server.cjs')
  const contents = `import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
const connection = createConnection(ProposedFeatures.all)
connection.onInitialize(() => ({ capabilities: {} }))
connection.listen()`
  await build({ stdin: { contents, resolveDir: repository, loader: 'ts' }, bundle: true, platform: 'node', format: 'cjs', target: 'node20', minify: true, outfile, logLevel: 'error' })
  return outfile
}

/** Milliseconds; `home`: whose cache is used. */
function untilInitialized(file: string, home: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(process.execPath, [file, '--stdio'], { cwd: repository, stdio: ['pipe', 'pipe', 'ignore'], env: { PATH: process.env['PATH'] ?? '', HOME: home } })
    const say = (message: object): void => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message })
      child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    }
    let took: number | null = null
    child.stdout.on('data', (chunk: Buffer) => {
      if (took === null && chunk.includes('"id":1')) {
        took = performance.now() - began
        say({ id: 2, method: 'shutdown' })
      } else if (chunk.includes('"id":2')) say({ method: 'exit' })
    })
    child.on('error', reject)
    child.on('exit', () => { if (took === null) reject(new Error(`${file} ended before it answered`)); else resolve(took) })
    say({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } })
  })
}
