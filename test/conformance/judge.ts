// Asks real dbt: starts a Python script of this folder with the environment of one dbt version and exchanges one JSON a line.
// Where the environments lie: $DBT_VENVS, else .venvs in the repository (venvs.sh makes them).

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { type Case, here, projectOf } from './projects.ts'

export interface Answer { readonly id: string; readonly exit: number; readonly error: string | null; readonly seconds: number; readonly [key: string]: unknown }

export const venvs = path.resolve(process.env['DBT_VENVS'] ?? path.join(here, '../../.venvs'))

export function hasDbt(version: string): boolean {
  return existsSync(path.join(venvs, `dbt-${version}`, 'READY'))
}

/** The answers of `script` (dbt_parse.py …) to the jobs, by the case's name. A job is its case with `more` merged in. dbt 2 has all its adapters in one binary. */
export async function askDbt(script: string, version: string, jobs: readonly (Case & Record<string, unknown>)[]): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>()
  for (const adapters of [false, true]) {
    const group = jobs.filter((job) => (version !== '2' && (job.adapters ?? false)) === adapters)
    if (group.length > 0) await askGroup(script, version, adapters, group, answers)
  }
  return answers
}

async function askGroup(script: string, version: string, adapters: boolean, jobs: readonly (Case & Record<string, unknown>)[], answers: Map<string, Answer>): Promise<void> {
  const name = `dbt-${version}${adapters ? '-adapters' : ''}`
  const python = version === '2' ? path.join(venvs, 'dbt-1.12') : path.join(venvs, name)
  if (!existsSync(path.join(venvs, name, 'READY'))) throw new Error(`no ${name} in ${venvs}: run test/conformance/venvs.sh ${name}`)
  const env: NodeJS.ProcessEnv = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
  if (version === '2') env['DBT_2'] = path.join(venvs, 'dbt-2', 'bin', 'dbt')
  const child = spawn(path.join(python, 'bin', 'python'), [path.join(here, script)], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let noise = ''
  child.stderr.on('data', (chunk: Buffer) => { noise = (noise + chunk.toString()).slice(-4000) })
  child.stdin.on('error', () => undefined)
  child.stdin.end(jobs.map((job) => JSON.stringify({ ...job, id: job.name, project: projectOf(job) })).join('\n'))
  for await (const line of createInterface({ input: child.stdout })) {
    const answer = JSON.parse(line) as Answer
    answers.set(answer.id, answer)
  }
  const missing = jobs.filter((job) => !answers.has(job.name))
  if (missing.length > 0) throw new Error(`${script} with ${name} gave no answer for ${missing.map((job) => job.name).join(', ')}\n${noise}`)
}
