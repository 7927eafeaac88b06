// Deferral on random projects: our `resolve` and `compile` against what real dbt compiles, under the three modes, for a random part of
// dev that exists and a random selection. The state is dbt's own manifest of the target prod.
//   defer.ts [--dbt VERSION] [--kept FILE] [--seed N] DIRECTORY…     projects of generate_project.py; --kept as in parse.ts
// Lines of a model that end in `-- r:KEY` hold one call: what dbt printed there is where the call goes.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Answer, askDbt } from '../judge.ts'
import { askOurs, optionsOf, records } from '../ours.ts'
import type { Case } from '../projects.ts'
import { tally } from '../tally.ts'
import { randomOf } from './random.ts'

interface Relation { readonly database: string; readonly schema: string; readonly identifier: string; readonly type: string }
interface Job extends Case, Record<string, unknown> { readonly exists: readonly Relation[]; readonly args: readonly string[]; readonly keep_state: string }
interface Compiled { readonly compiled: Readonly<Record<string, string>>; readonly refused: Readonly<Record<string, string>>; readonly introspective: readonly string[] }

const { values, positionals } = parseArgs({ allowPositionals: true, options: { dbt: { type: 'string', default: '1.12' }, kept: { type: 'string' }, seed: { type: 'string', default: '1' }, only: { type: 'string' } } })
const FLAGS: Readonly<Record<string, readonly string[]>> = { none: ['--no-defer'], defer: ['--defer'], favor: ['--defer', '--favor-state'] }
const random = randomOf(Number(values.seed))
const keptFile = values.kept ?? path.join(process.cwd(), 'defer.kept')
const kept: { jobs: Job[]; answers: [string, Answer][] } = existsSync(keptFile) ? JSON.parse(readFileSync(keptFile, 'utf8')) as typeof kept : { jobs: [], answers: [] }
const result = tally()
for (const directory of positionals) await oneProject(path.resolve(directory))
process.exitCode = result.print('answers') ? 0 : 1

async function oneProject(project: string): Promise<void> {
  const name = path.basename(project)
  if (values.only !== undefined && name !== values.only) return
  let jobs = kept.jobs.filter((job) => job.project === project)
  if (jobs.length === 0) {
    jobs = await jobsFor(name, project)
    for (const job of jobs) rmSync(job.keep_state, { recursive: true, force: true })
    kept.answers.push(...await askDbt('dbt_compile.py', values.dbt, jobs))
    kept.jobs.push(...jobs)
    writeFileSync(keptFile, JSON.stringify(kept))
  }
  const answers = new Map(kept.answers)
  for (const job of jobs) await compareJob(job, answers.get(job.name))
}

/** Three levels of existence, each with one selection. */
async function jobsFor(name: string, project: string): Promise<Job[]> {
  const reply = await askOurs(['ls', '--project-dir', project, '--profiles-dir', project, '--rules', values.dbt, '--output', 'json', '--output-keys', 'unique_id name database schema alias resource_type tags fqn'])
  const nodes = reply.exit === 0 ? records(reply.stdout).filter((row) => ['model', 'seed', 'snapshot'].includes(String(row['resource_type']))) : []
  const relations = nodes.map((row) => ({ database: String(row['database']), schema: String(row['schema']), identifier: String(row['alias']), type: 'table' }))
  const states = `${project}.states`
  mkdirSync(states, { recursive: true })
  return ['none', 'some', 'all'].map((level, index) => {
    const node = nodes[Math.floor(random() * nodes.length)]
    const pick = node ? [String(node['name']), `${String(node['name'])}+`, `+${String(node['name'])}`, `fqn:${(node['fqn'] as string[]).slice(0, 2).join('.')}`, `path:models`][Math.floor(random() * 5)] ?? '' : ''
    return {
      name: `${name}-${level}`, project, state_target: 'prod', keep_state: path.join(states, String(index)),
      exists: relations.filter(() => level === 'all' || (level === 'some' && random() < 0.5)), args: random() < 0.4 || pick === '' ? [] : ['--select', pick],
    }
  })
}

async function compareJob(job: Job, answer: Answer | undefined): Promise<void> {
  if (!answer || answer.exit !== 0) return result.note(`${job.name}: dbt: ${(answer?.error ?? 'no answer').slice(0, 200)}`)
  const existsFile = path.join(`${job.project}.states`, `${job.name}.exists.json`)
  writeFileSync(existsFile, JSON.stringify(job.exists))
  for (const [mode, theirs] of Object.entries(answer['modes'] as Record<string, Compiled>)) {
    const where = `${job.name} ${mode} ${job.args.join(' ')}`
    const options = [...optionsOf(job, job.project, values.dbt), '--output', 'jsonl', '--exists', existsFile, ...FLAGS[mode] ?? [], ...(mode === 'none' ? [] : ['--state', job.keep_state]), ...job.args]
    compareCalls(where, job.project, theirs, records((await askOurs(['resolve', ...options])).stdout))
    compareTexts(where, theirs, new Map(records((await askOurs(['compile', ...options])).stdout).map((record) => [String(record['unique_id']), record])))
  }
}

function compareTexts(where: string, theirs: Compiled, ours: ReadonlyMap<string, Record<string, unknown>>): void {
  for (const [id, text] of Object.entries(theirs.compiled)) {
    const record = ours.get(id)
    const unknown = (record?.['unknown'] ?? []) as readonly { readonly code: string; readonly message: string }[]
    const verdict = record?.['compiled_code'] === text ? 'equal' : unknown.length > 0 && !unknown.some((one) => one.code.startsWith('error')) ? 'unknown' : 'different'
    result.add('compile', verdict)
    if (verdict === 'unknown') result.differ(`unknown: ${unknown[0]?.code ?? ''} ${(unknown[0]?.message ?? '').slice(0, 60)}`, { where: `${where}: ${id}`, dbt: '', ours: '' })
    if (verdict === 'different') result.differ(record ? 'text' : 'no text', { where: `${where}: ${id}`, ...firstDifference(text, String(record?.['compiled_code'] ?? unknown[0]?.message ?? '')) })
  }
  for (const [id, message] of Object.entries(theirs.refused)) {
    const claimed = typeof ours.get(id)?.['compiled_code'] === 'string'
    result.add('refused', claimed ? 'different' : 'equal')
    if (claimed) result.differ('text where dbt refuses', { where: `${where}: ${id}`, dbt: message, ours: ours.get(id)?.['compiled_code'] })
  }
  const selected = new Set([...Object.keys(theirs.compiled), ...Object.keys(theirs.refused), ...theirs.introspective])
  for (const id of ours.keys()) if (!selected.has(id)) result.differ('compiled, not by dbt', { where: `${where}: ${id}`, dbt: undefined, ours: id })
}

function compareCalls(where: string, root: string, theirs: Compiled, rows: readonly Record<string, unknown>[]): void {
  for (const record of rows) {
    const text = theirs.compiled[String(record['unique_id'])]
    const file = path.resolve(root, String(record['path']))
    const from = existsSync(file) ? file : path.resolve(String(record['path']))
    if (text === undefined || !from.endsWith('.sql')) continue
    const source = readFileSync(from, 'utf8').split('\n')[Number(record['line'])] ?? ''
    const key = /-- (r:\w+)\s*$/.exec(source)?.[1]
    if (key === undefined) continue
    const printed = text.split('\n').map((line) => new RegExp(`^-- (.*) -- ${key}\\s*$`).exec(line)?.[1]).find((each) => each !== undefined)
    if (printed === undefined) { result.differ('probe not printed', { where: `${where}: ${String(record['unique_id'])} ${key}`, dbt: undefined, ours: record['relation'] }); continue }
    const own = record['relation']
    const unknown = own === null && record['kind'] === 'unknown'
    result.add('resolve', own === printed ? 'equal' : unknown ? 'unknown' : 'different')
    if (own !== printed) result.differ(unknown ? 'resolve unknown' : 'resolve', { where: `${where}: ${String(record['unique_id'])} ${String(record['call'])} ${JSON.stringify(record['reason'])}`, dbt: printed, ours: own })
  }
}

function firstDifference(a: string, b: string): { readonly dbt: string | undefined; readonly ours: string | undefined } {
  const [x, y] = [a.split('\n'), b.split('\n')]
  const at = x.findIndex((line, index) => line !== y[index])
  return at < 0 ? { dbt: `${x.length} lines`, ours: `${y.length} lines: ${y.slice(x.length).join('\\n')}` } : { dbt: x[at], ours: y[at] }
}
