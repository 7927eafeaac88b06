// Asks our own command line, as a user would: argv in, records out. Uses the bundle when there is one (OURS=dist, or OURS=a bundle elsewhere), else the sources.
// It must not import anything of server/: what is judged here is what users get.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { venvs } from './judge.ts'
import type { Case } from './projects.ts'

export interface Reply { readonly exit: number; readonly stdout: string; readonly stderr: string }

const repository = path.resolve(import.meta.dirname, '../..')
const bundle = process.env['OURS'] === 'dist' ? path.join(repository, 'dist', 'dbt-defer-ls.cjs') : process.env['OURS']
export const PROGRAM = bundle !== undefined
  ? [path.resolve(bundle)]
  : ['--import', import.meta.resolve('tsx'), path.join(repository, 'server', 'main.ts')]
const LIMIT_MS = 120_000

/** As in a user's shell whose dbt is the one compared with: its environment tells which dbt, and where its macros are. */
export async function askOurs(argv: readonly string[], env: Record<string, string> = {}): Promise<Reply> {
  if (!WARM) return askOnce(argv, { DBT_DEFER_LS_CACHE: 'off', ...env })
  const cold = await askOnce(argv, { DBT_DEFER_LS_CACHE_DIR: CACHE, ...env })
  const warm = await askOnce(argv, { DBT_DEFER_LS_CACHE_DIR: CACHE, ...env })
  if (warm.stdout === cold.stdout && warm.stderr === cold.stderr && warm.exit === cold.exit) return warm
  return { exit: -1, stdout: '', stderr: `with the facts of an earlier start the answer is another one: ${argv.join(' ')}\n${warm.stderr}` }
}

/** WARM=1: every question is asked twice, the second time with what the first one kept; both answers must be the same. Otherwise nothing is kept. */
const WARM = process.env['WARM'] === '1'
const CACHE = WARM ? mkdtempSync(path.join(tmpdir(), 'warm-')) : ''
if (WARM) process.on('exit', () => { rmSync(CACHE, { recursive: true, force: true }) })

function askOnce(argv: readonly string[], env: Record<string, string>): Promise<Reply> {
  return new Promise((resolve) => {
    const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('DBT_')))
    const dbt = environmentOf(argv)
    const child = spawn(process.execPath, [...PROGRAM, ...argv], { cwd: directoryOf(argv), env: { ...clean, ...(dbt === null ? {} : { VIRTUAL_ENV: dbt }), ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => { stdout += chunk })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => { stderr += chunk })
    child.on('close', (code) => resolve({ exit: code ?? -1, stdout, stderr }))
  })
}

/** Where people call dbt: `.env` is looked for from there upwards. */
function directoryOf(argv: readonly string[]): string {
  const at = argv.indexOf('--project-dir')
  return at < 0 ? repository : argv[at + 1] ?? repository
}

/** The environment of the dbt that `--rules` names, whose macros are read; null: there is none. */
export function environmentOf(argv: readonly string[]): string | null {
  const version = argv[argv.indexOf('--rules') + 1] ?? ''
  for (const name of [`dbt-${version}-adapters`, `dbt-${version}`]) if (existsSync(path.join(venvs, name, 'READY'))) return path.join(venvs, name)
  return null
}

/** Options that every command of a case shares; profiles lie in the project. */
export function optionsOf(each: Case, root: string, version: string): string[] {
  const options = ['--project-dir', root, '--profiles-dir', root, '--rules', version]
  if (each.target !== undefined) options.push('--target', each.target)
  if (each.vars) options.push('--vars', JSON.stringify(each.vars))
  return options
}

/** The records of an output with one JSON object a line; a line that is none is an error worth seeing. */
export function records(text: string): Record<string, unknown>[] {
  return text.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** `work` on every item, a few at a time. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>, width = 2): Promise<void> {
  const queue = [...items]
  await Promise.all(Array.from({ length: width }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }))
}
