// Random edits of real projects: every `state:` selector and graph operators, our answers against dbt's own selector.
//   mutate.ts [--count N] [--seed N] [--dbt 1.12-adapters] [--out DIRECTORY] PROJECT…
// dbt parses every edit anew (mutations.py); ours goes from one edited project to the next as an editor would. What dbt said is kept in
// --out and not asked again. PROJECT: a directory with its own profiles.yml.

import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { venvs } from '../judge.ts'
import { randomOf } from '../fuzz/random.ts'
import { here } from '../projects.ts'
import { tally } from '../tally.ts'
import { CHECKS, GRAPH, type Selection } from './asked.ts'
import { filesOf, mutation, type Mutation } from './mutations.ts'
import { openOurs } from './ours-in-process.ts'

interface Job extends Mutation { readonly id: string; readonly selections: readonly Selection[] }
interface Answer { readonly id: string; readonly exit: number; readonly error: string | null; readonly answers?: readonly (readonly string[] | string)[] }

const { values, positionals } = parseArgs({ allowPositionals: true, options: { count: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' }, dbt: { type: 'string', default: '1.12-adapters' }, out: { type: 'string', default: path.join(tmpdir(), 'state-mutations') } } })
const result = tally()
const figures: string[] = []
for (const project of positionals.map((each) => path.resolve(each))) await compare(project)
for (const each of figures) result.note(each)
process.exitCode = result.print('answers') ? 0 : 1

async function compare(project: string): Promise<void> {
  const name = path.basename(project)
  const kept = path.join(path.resolve(values.out), `${name}-${values.seed}-${values.count}`)
  mkdirSync(kept, { recursive: true })
  const jobs = jobsOf(project)
  writeFileSync(path.join(kept, 'jobs.jsonl'), jobs.map((job) => `${JSON.stringify(job)}\n`).join(''))
  const answers = await theirs(project, kept, jobs)
  const state = path.join(kept, 'state')
  const place = mkdtempSync(path.join(tmpdir(), 'mutate-ours-'))
  const root = path.join(place, name)
  cpSync(project, root, { recursive: true, dereference: true, filter: (from) => !/^(target|logs|\.git|.*\.duckdb|.*\.wal)$/.test(path.basename(from)) || from === project })
  const ours = await openOurs(root, state, { venv: path.join(venvs, `dbt-${values.dbt}`), rules: '1.12' })
  let [both, refused, touched, shownErrors] = [0, 0, 0, 0]
  for (const job of jobs) {
    const answer = answers.get(job.id)
    if (!answer || answer.exit === 3) { if (answer) result.note(`${name} ${job.id}: ${answer.error ?? ''}`.slice(0, 200)); continue }
    const own = await ours.edited(job.edits)
    const where = `${name} ${job.id} ${job.name} ${JSON.stringify(job.edits).slice(0, 300)}`
    if (answer.exit !== 0) {
      refused++
      // Another layer compares refusals; here it counts that neither side gives a list.
      if (own.refusal === null) result.note(`${where}: only dbt refuses: ${(answer.error ?? '').replaceAll('\n', ' ').slice(0, 160)}`)
      continue
    }
    both++
    // An error that we show need not be one of parsing: the lists are compared all the same.
    if (own.refusal !== null) shownErrors++
    const [modified] = answer.answers ?? []
    if (Array.isArray(modified) && modified.length > 0) touched++
    for (const [index, [select, exclude]] of job.selections.entries()) {
      const wanted = answer.answers?.[index] ?? []
      const got = own.select(select, exclude)
      const asked = `${where}: ${select.join(' ')}${exclude.length > 0 ? ` --exclude ${exclude.join(' ')}` : ''}`
      if (typeof wanted === 'string' || got.error !== null) {
        const same = typeof wanted === 'string' && got.error !== null
        result.add(name, same ? 'equal' : 'different')
        if (!same) result.differ('an error on one side', { where: asked, dbt: wanted, ours: got.error ?? got.ids })
        continue
      }
      const [theirIds, ourIds] = [new Set(wanted), new Set(got.ids)]
      const [less, more] = [wanted.filter((id) => !ourIds.has(id)), got.ids.filter((id) => !theirIds.has(id))]
      result.add(name, less.length + more.length === 0 ? 'equal' : 'different')
      if (less.length + more.length > 0) result.differ(`${job.name}: ${select.join(' ')}`, { where: asked, dbt: less, ours: [...more, ...more.slice(0, 1).map((id) => own.reasons(id))] })
    }
  }
  await ours.done()
  rmSync(place, { recursive: true, force: true })
  figures.push(`${name}: ${jobs.length} edits, ${both} parsed by dbt (${touched} of them modify something), ${refused} refused; ${shownErrors} of the parsed ones show an error here`)
}

function jobsOf(project: string): Job[] {
  const random = randomOf(Number(values.seed))
  const files = filesOf(project)
  const jobs: Job[] = []
  for (let tries = 0; jobs.length < Number(values.count) && tries < Number(values.count) * 20; tries++) {
    const made = mutation(project, files, random)
    if (made === null) continue
    const graph = Array.from({ length: 3 }, () => GRAPH[Math.floor(random() * GRAPH.length)] as Selection)
    jobs.push({ ...made, id: String(jobs.length), selections: [...CHECKS, ...graph] })
  }
  return jobs
}

async function theirs(project: string, kept: string, jobs: readonly Job[]): Promise<ReadonlyMap<string, Answer>> {
  const file = path.join(kept, 'answers.jsonl')
  const known = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Answer) : []
  const answers = new Map(known.map((each) => [each.id, each]))
  const missing = jobs.filter((job) => !answers.has(job.id))
  if (missing.length === 0) return answers
  const child = spawn(path.join(venvs, `dbt-${values.dbt}`, 'bin', 'python'), [path.join(here, 'state', 'mutations.py'), project, path.join(kept, 'state')], { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }, stdio: ['pipe', 'pipe', 'pipe'] })
  let noise = ''
  child.stderr.on('data', (chunk: Buffer) => { noise = (noise + chunk.toString()).slice(-3000) })
  child.stdin.on('error', () => undefined)
  child.stdin.end(missing.map((job) => JSON.stringify(job)).join('\n'))
  for await (const line of createInterface({ input: child.stdout })) {
    const answer = JSON.parse(line) as Answer
    answers.set(answer.id, answer)
    appendFileSync(file, `${line}\n`)
  }
  if (!existsSync(path.join(kept, 'state', 'manifest.json'))) throw new Error(`${project}: dbt made no state\n${noise}`)
  return answers
}
