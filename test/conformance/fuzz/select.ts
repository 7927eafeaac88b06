// Selection on random projects: lines of `ls`, in order, with random selectors; half of them after one to three random edits, where the
// state is dbt's manifest of the project before.
//   select.ts [--dbt VERSION] [--kept FILE] [--seed N] [--each N] DIRECTORY…     projects of generate_project.py; --kept as in parse.ts

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Answer, askDbt } from '../judge.ts'
import { askOurs, eachOf, records } from '../ours.ts'
import { type Case, copyProject, type Edit } from '../projects.ts'
import { tally } from '../tally.ts'
import { randomOf } from './random.ts'

interface Job extends Case, Record<string, unknown> { readonly selections: readonly (readonly string[])[] }
interface Result { readonly arguments: readonly string[]; readonly exit: number; readonly error: string | null; readonly lines: readonly string[] }

const STATE = ['state:modified', 'state:modified', 'state:new', 'state:old', 'state:unmodified', 'state:modified.body', 'state:modified.configs', 'state:modified.relation', 'state:modified.macros', 'state:modified.persisted_descriptions', 'state:modified.contract']

const { values, positionals } = parseArgs({ allowPositionals: true, options: { dbt: { type: 'string', default: '1.12' }, kept: { type: 'string' }, seed: { type: 'string', default: '1' }, each: { type: 'string', default: '14' } } })
const random = randomOf(Number(values.seed))
const any = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
const keptFile = values.kept ?? path.join(process.cwd(), 'select.kept')
const kept: { jobs: Job[]; answers: [string, Answer][] } = existsSync(keptFile) ? JSON.parse(readFileSync(keptFile, 'utf8')) as typeof kept : { jobs: [], answers: [] }
const result = tally()
const missing = positionals.map((each) => path.resolve(each)).filter((project) => !kept.jobs.some((job) => job.project === project))
if (missing.length > 0) {
  const jobs = (await Promise.all(missing.map(jobsFor))).flat()
  kept.answers.push(...await askDbt('dbt_ls.py', values.dbt, jobs))
  kept.jobs.push(...jobs)
  writeFileSync(keptFile, JSON.stringify(kept))
}
const answers = new Map(kept.answers)
for (const job of kept.jobs) if (positionals.some((each) => path.resolve(each) === job.project)) await compare(job, answers.get(job.name))
process.exitCode = result.print('lists') ? 0 : 1

async function jobsFor(project: string): Promise<Job[]> {
  const name = path.basename(project)
  const reply = await askOurs(['ls', '--project-dir', project, '--profiles-dir', project, '--rules', values.dbt, '--resource-type', 'all', '--output', 'json', '--output-keys', 'unique_id name resource_type tags fqn package_name original_file_path source_name config version group'])
  const nodes = reply.exit === 0 ? records(reply.stdout) : []
  if (nodes.length === 0) return []
  const plain = Array.from({ length: Number(values.each) }, () => selection(nodes, false))
  const state = Array.from({ length: Number(values.each) }, () => selection(nodes, true))
  return [{ name: `${name}-plain`, project, selections: plain }, { name: `${name}-state`, project, before: [], edits: edits(project), selections: state }]
}

function selection(nodes: readonly Record<string, unknown>[], state: boolean): string[] {
  const terms = Array.from({ length: any([1, 1, 2]) }, () => Array.from({ length: any([1, 1, 1, 2]) }, () => decorated(atom(nodes, state))).join(','))
  const out = any([1, 1, 1, 2]) === 2 ? ['--exclude', decorated(atom(nodes, false))] : []
  const types = random() < 0.15 ? ['--resource-type', any(['model', 'test', 'source', 'seed', 'all'])] : []
  const indirect = random() < 0.2 ? ['--indirect-selection', any(['eager', 'cautious', 'buildable', 'empty'])] : []
  return ['--select', ...terms, ...out, ...types, ...indirect]
}

function decorated(text: string): string {
  return any([text, text, text, text, `+${text}`, `${text}+`, `1+${text}`, `${text}+2`, `@${text}`, `2+${text}+1`])
}

function atom(nodes: readonly Record<string, unknown>[], state: boolean): string {
  if (state && random() < 0.75) return any(STATE)
  const node = any(nodes)
  const name = String(node['name'])
  const file = String(node['original_file_path'])
  const fqn = node['fqn'] as string[]
  const config = node['config'] as Record<string, unknown> | undefined
  const tags = (node['tags'] as string[] | undefined) ?? []
  switch (any(['name', 'name', 'tag', 'path', 'dir', 'package', 'fqn', 'wild', 'config', 'type', 'test', 'file', 'source', 'other', 'version', 'access'])) {
    case 'tag': return `tag:${tags.length > 0 ? any(tags) : 'amber'}`
    case 'path': return `path:${file}`
    case 'dir': return any([`path:${path.posix.dirname(file)}`, path.posix.dirname(file), `${path.posix.dirname(file)}/*`])
    case 'package': return any([`package:${String(node['package_name'])}`, 'package:this', String(node['package_name'])])
    case 'fqn': return fqn.slice(0, any([1, 2, 3, 9])).join('.')
    case 'wild': return any([`${name.slice(0, 3)}*`, `*${name.slice(-1)}`, `${fqn[0] ?? ''}.*.${name}`, `fqn:*${name.slice(1)}`, 'm_[12]?'])
    case 'config': return any([`config.materialized:${String(config?.['materialized'] ?? 'view')}`, 'config.meta.owner:amber', `config.schema:${String(config?.['schema'] ?? 'north')}`, 'config.enabled:true', 'config.docs.show:false', 'config.severity:warn', 'config.tags:amber', 'config.grants.select:west'])
    case 'type': return `resource_type:${any(['model', 'seed', 'snapshot', 'test', 'source', 'exposure', 'unit_test', 'analysis'])}`
    case 'test': return any(['test_type:generic', 'test_type:singular', 'test_type:unit', 'test_type:data', 'test_name:unique', 'test_name:not_null', 'test_name:rows*'])
    case 'file': return any([`file:${path.posix.basename(file)}`, path.posix.basename(file), `file:${path.posix.basename(file).replace(/\.\w+$/, '')}`])
    case 'source': return any(['source:*', `source:${String(node['source_name'] ?? 'alpha_src0')}`, `source:${String(node['package_name'])}.*`, 'source:*.*.t0'])
    case 'other': return any(['exposure:*', 'exposure:board_0', 'unit_test:*', `group:${String(node['group'] ?? config?.['group'] ?? 'alpha_g0')}`, '*', `resource_type:model`])
    case 'version': return any(['version:latest', 'version:old', 'version:none', 'version:prerelease', node['version'] === null || node['version'] === undefined ? name : `${name}.v${String(node['version'])}`])
    case 'access': return any(['access:private', 'access:protected', 'access:public'])
    default: return node['resource_type'] === 'source' ? `source:${String(node['source_name'])}.${name}` : name
  }
}

function edits(project: string): Edit[] {
  const files = readdirSync(project, { recursive: true, encoding: 'utf8' }).map((each) => each.replaceAll('\\', '/')).sort()
  const of = (ending: string, start = '') => files.filter((each) => each.endsWith(ending) && each.startsWith(start))
  const count = any([1, 2, 3])
  const made: Edit[] = []
  for (let index = 0; index < count; index++) {
    const sql = any(of('.sql', 'models'))
    const body = readFileSync(path.join(project, sql), 'utf8')
    const choice = any(['append', 'space', 'config', 'macro', 'csv', 'new', 'project', 'yaml', 'naming', 'remove-tag', 'description'])
    if (choice === 'append') made.push({ path: sql, append: '\n-- edited' })
    else if (choice === 'space') made.push({ path: sql, append: '\n  \n' })
    else if (choice === 'config') made.push({ path: sql, text: `{{ config(meta={'edited': 1}, tags=['edited']) }}\n${body}` })
    else if (choice === 'macro') made.push({ path: any(of('helpers.sql')), find: 'round(', replace: 'floor(' })
    else if (choice === 'csv' && of('.csv').length > 0) made.push({ path: any(of('.csv')), append: '3,c\n' })
    else if (choice === 'new') made.push({ path: `models/fresh_${index}.sql`, text: 'select 1 as id' })
    else if (choice === 'project') made.push({ path: 'dbt_project.yml', append: any(['\n# a comment\n', '\non-run-end: select 9\n', '\nquery-comment: x\n']) })
    else if (choice === 'naming') made.push({ path: 'macros/more_names.sql', text: '{% macro postgres__generate_alias_name(custom_alias_name=none, node=none) %}x{% endmacro %}' })
    else {
      const yml = of('.yml', 'models').concat(of('.yaml', 'models'))
      if (yml.length === 0) continue
      const file = any(yml)
      const text = readFileSync(path.join(project, file), 'utf8')
      for (const [find, replace] of choice === 'yaml' ? [['materialized: table', 'materialized: view'], ['schema: north', 'schema: south'], ['schema: ', 'alias: ']] : choice === 'description' ? [['Plain text.', 'Other text.'], ['Two', 'Three']] : [['tags:', 'meta:\n    k: v\n  tags:'], ['unique', 'not_null']]) {
        if (find !== undefined && replace !== undefined && text.includes(find)) { made.push({ path: file, find, replace }); break }
      }
    }
  }
  return made
}

async function compare(job: Job, answer: Answer | undefined): Promise<void> {
  if (!answer || answer.exit !== 0) return result.note(`${job.name}: dbt: ${(answer?.error ?? 'no answer').slice(0, 160)}`)
  const { root, done } = copyProject(job)
  const stateDirectory = path.join(`${job.project}.select-state`)
  const state = existsSync(path.join(stateDirectory, 'manifest.json')) ? stateDirectory : null
  try {
    if ('before' in job && state === null) await makeState(job, stateDirectory)
    await eachOf(answer['results'] as Result[], async (theirs) => {
      const options = ['--project-dir', root, '--profiles-dir', root, '--rules', values.dbt, ...('before' in job ? ['--state', stateDirectory] : [])]
      const reply = await askOurs(['ls', ...options, ...theirs.arguments])
      const kind = 'before' in job ? 'state' : 'plain'
      const where = `${job.name}: ${theirs.arguments.join(' ')}`
      if (theirs.exit !== 0) {
        result.add(kind, reply.exit === 2 ? 'equal' : 'different')
        if (reply.exit !== 2) result.differ('dbt refuses the selection', { where, dbt: theirs.error, ours: reply.stdout.split('\n').slice(0, 3) })
        return
      }
      const ours = reply.stdout.split('\n').filter((line) => line !== '')
      const [a, b] = [new Set(theirs.lines), new Set(ours)]
      const same = theirs.lines.length === ours.length && theirs.lines.every((line, index) => line === ours[index])
      result.add(kind, same ? 'equal' : 'different')
      if (same) return
      const less = theirs.lines.filter((line) => !b.has(line))
      const more = ours.filter((line) => !a.has(line))
      result.differ(less.length + more.length === 0 ? 'order' : 'members', { where: `${where}  edits: ${JSON.stringify(job.edits ?? [])}`.slice(0, 700), dbt: less, ours: reply.exit === 0 ? more : reply.stderr.slice(0, 200) })
    })
  } finally {
    done()
  }
}

async function makeState(job: Job, directory: string): Promise<void> {
  mkdirSync(path.dirname(directory), { recursive: true })
  const kept = await askDbt('dbt_parse.py', values.dbt, [{ name: job.name, project: job.project, keep: directory }])
  const answer = kept.get(job.name)
  if (answer?.exit !== 0) result.note(`${job.name}: no state: ${answer?.error ?? ''}`)
}
