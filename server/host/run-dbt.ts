// Starts the user's own dbt, and only when a person asked for it: found in the project's virtual environment or on PATH, never through a shell.
// Whether the workspace is trusted is the caller's question.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Disk, ProgramRun, Surroundings } from '../dbt/ports.ts'
import { findProgram } from './find-program.ts'

/** The dbt that people of this project run; null when none is found. */
export function findDbt(root: string, disk: Disk, { env }: Surroundings): string | null {
  const active = env.get('VIRTUAL_ENV')
  const folders = active === undefined ? [] : [`${active}/bin`, `${active}/Scripts`]
  for (let directory = root; directory !== ''; directory = directory.slice(0, directory.lastIndexOf('/'))) for (const name of ['.venv', 'venv', 'env']) folders.push(`${directory}/${name}/bin`, `${directory}/${name}/Scripts`)
  const file = process.platform === 'win32' ? 'dbt.exe' : 'dbt'
  const folder = folders.find((each) => disk.kind(`${each}/${file}`) === 'file')
  return folder === undefined ? findProgram('dbt', disk, env) : `${folder}/${file}`
}

const GRACE_MS = 10_000

/** Cancelling interrupts dbt, so that it can cancel its queries; after ten seconds it is ended. So does the end of our process. */
export function runDbt(program: string, args: readonly string[], cwd: string, onLine: (line: string) => void): ProgramRun {
  const child = spawn(program, [...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } })
  let last: NodeJS.Timeout | null = null
  // Who closes the editor ends what was started from it, as closing a terminal does.
  const interrupt = (): void => { child.kill('SIGINT') }
  process.once('exit', interrupt)
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine)
  return {
    done: new Promise((resolve) => {
      child.on('error', (error) => { process.off('exit', interrupt); resolve({ code: null, problem: error.message }) })
      child.on('close', (code, signal) => {
        process.off('exit', interrupt)
        if (last) clearTimeout(last)
        resolve({ code, problem: signal === null ? null : `ended by ${signal}` })
      })
    }),
    cancel() {
      interrupt()
      last ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
    },
  }
}
