// `ls` of any project against real dbt: random selections of random.ts, a random selectors.yml, every output form, byte for byte; of refusals,
// dbt's text.
//   ls-random.ts [--each N] [--seed N] [--dbt 1.12] [--kept FILE] PROJECT…      fixture projects by name, others by directory

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { askDbt, type Answer } from './judge.ts'
import { askOurs, eachOf, records } from './ours.ts'
import { copyProject, type Case } from './projects.ts'
import { randomOf } from './fuzz/random.ts'
import { drawOf, randomArguments, randomSelectors } from './select/random.ts'
import { tally } from './tally.ts'

interface Job extends Case, Record<string, unknown> { readonly selections: readonly (readonly string[])[] }
interface Listed { readonly arguments: readonly string[]; readonly exit: number; readonly error: string | null; readonly lines: readonly string[] }

const { values, positionals } = parseArgs({ allowPositionals: true, options: { each: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' }, dbt: { type: 'string', default: '1.12' }, kept: { type: 'string' } } })
const cache = mkdtempSync(path.join(tmpdir(), 'ls-random-'))
const env = { DBT_DEFER_LS_CACHE: 'on', DBT_DEFER_LS_CACHE_DIR: cache }
const result = tally()
const kept: { jobs: Job[]; answers: [string, Answer][] } = values.kept !== undefined && existsSync(values.kept) ? JSON.parse(readFileSync(values.kept, 'utf8')) as typeof kept : { jobs: [], answers: [] }
const missing = positionals.filter((project) => !kept.jobs.some((job) => job.project === project))
if (missing.length > 0) {
  const jobs: Job[] = []
  for (const project of missing) jobs.push(...await jobsOf(project))
  kept.answers.push(...await askDbt('dbt_ls.py', values.dbt, jobs))
  kept.jobs.push(...jobs)
  if (values.kept !== undefined) writeFileSync(values.kept, JSON.stringify(kept))
}
const answers = new Map(kept.answers)
for (const job of kept.jobs) if (positionals.includes(job.project)) await compare(job, answers.get(job.name))
rmSync(cache, { recursive: true, force: true })
result.note(`seed ${values.seed}, ${values.each} selections of each project`)
process.exitCode = result.print('lists') ? 0 : 1

async function jobsOf(project: string): Promise<Job[]> {
  const name = path.basename(project)
  const { root, done } = copyProject({ name, project })
  const reply = await askOurs(['ls', '--project-dir', root, '--profiles-dir', root, '--rules', values.dbt, '--resource-type', 'all', '--output', 'json', '--output-keys', 'unique_id name resource_type tags fqn package_name original_file_path source_name config version'], env)
  done()
  const nodes = reply.exit === 0 ? records(reply.stdout) : []
  if (nodes.length === 0) { result.note(`${name}: ${reply.stderr.slice(0, 200)}`); return [] }
  const draw = drawOf(randomOf(Number(values.seed)))
  const selectors = randomSelectors(nodes, draw)
  const selections = Array.from({ length: Number(values.each) }, () => randomArguments(nodes, selectors.names, draw))
  return [{ name, project, adapters: project.includes('/') && values.dbt === '1.12', edits: [{ path: 'selectors.yml', text: selectors.text }], selections }]
}

async function compare(job: Job, answer: Answer | undefined): Promise<void> {
  const { root, done } = copyProject(job)
  try {
    if (!answer || answer.exit !== 0) {
      const reply = await askOurs(['ls', '--project-dir', root, '--profiles-dir', root, '--rules', values.dbt], env)
      result.note(`${job.name}: dbt: ${(answer?.error ?? 'no answer').slice(0, 200)}; ours: exit ${reply.exit} ${reply.stderr.slice(0, 200)}`)
      return
    }
    // The first fills the cache for the others.
    const [first, ...rest] = answer['results'] as readonly Listed[]
    if (first) await compareList(job, root, first)
    await eachOf(rest, (theirs) => compareList(job, root, theirs))
  } finally { done() }
}

async function compareList(job: Job, root: string, theirs: Listed): Promise<void> {
  const exact = theirs.arguments.includes('json') ? ['--exact'] : []
  const reply = await askOurs(['ls', '--project-dir', root, '--profiles-dir', root, '--rules', values.dbt, ...theirs.arguments, ...exact], env)
  const where = `${job.name}: ls ${theirs.arguments.join(' ')}`
  if (theirs.exit !== 0) {
    const [dbt, ours] = [plain(theirs.error ?? ''), plain(reply.stderr)]
    const same = reply.exit === 2 && ours.includes(dbt.replace(/^(Runtime|Internal|Compilation|Database) Error /, ''))
    result.add(`${job.name} refused`, same ? 'equal' : 'different')
    if (!same) result.differ('refusal', { where, dbt: theirs.error, ours: reply.exit === 2 ? reply.stderr : reply.stdout.slice(0, 200) })
    return
  }
  const wanted = theirs.lines.map((line) => `${line}\n`).join('')
  const same = (reply.stdout === wanted || sourcesSorted(reply.stdout) === sourcesSorted(wanted)) && reply.exit === 0
  result.add(job.name, same ? 'equal' : 'different')
  if (same) return
  if (reply.exit !== 0) return result.differ('only we refuse', { where, dbt: theirs.lines.slice(0, 3), ours: reply.stderr.slice(0, 300) })
  const ours = reply.stdout.split('\n').slice(0, -1)
  const at = ours.findIndex((line, index) => line !== theirs.lines[index])
  const [a, b] = [theirs.lines[at < 0 ? ours.length : at] ?? '(end)', ours[at] ?? '(end)']
  const from = Math.max(0, Array.from(a).findIndex((letter, index) => letter !== b[index]) - 60)
  result.differ(theirs.lines.length === ours.length ? 'text' : 'number of lines', { where: `${where}, line ${at + 1} of ${theirs.lines.length} (ours ${ours.length})`, dbt: a.slice(from, from + 240), ours: b.slice(from, from + 240) })
}

function plain(text: string): string {
  return text.replace(/^dbt-defer-ls: /m, '').replace(/\s+/g, ' ').trim()
}

/** dbt's static parser keeps a model's sources as a set of Python's: their order is another one in every run of dbt. */
function sourcesSorted(text: string): string {
  return text.replaceAll(/"source\.[^"]+"(?:, "source\.[^"]+")+/g, (run) => run.split(', ').toSorted().join(', '))
}
