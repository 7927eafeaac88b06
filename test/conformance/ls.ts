// `ls` against real dbt: each output form, keys, types and odd selections. Names, paths and selectors byte for byte, JSON by value; the order of
// lines counts.
//   ls.ts [--dbt 1.12] [PROJECT…]     fixture projects by name, others by directory

import path from 'node:path'
import { parseArgs } from 'node:util'
import { askDbt } from './judge.ts'
import { askOurs } from './ours.ts'
import { copyProject, here } from './projects.ts'
import { tally } from './tally.ts'

const FORMS: readonly (readonly string[])[] = [
  [], ['--output', 'name'], ['--output', 'path'], ['--output', 'selector'], ['--output', 'json'], ['--resource-type', 'all'], ['--resource-type', 'all', '--output', 'name'], ['--resource-type', 'all', '--output', 'path'],
  ['--output', 'json', '--output-keys', 'name', 'resource_type', 'unique_id'], ['--output', 'json', '--output-keys', 'name tags'], ['--output', 'json', '--output-keys', 'unique_id', 'config.materialized', 'config.meta', 'config.tags'],
  ['--output', 'json', '--output-keys', 'unique_id', 'columns', 'description', 'fqn', 'raw_code', 'refs', 'sources', 'schema', 'database'], ['--output', 'json', '--output-keys', 'nonsense', 'alias'], ['--output', 'json', '--output-keys', 'unrendered_config', 'checksum.name', 'test_metadata', 'docs', 'group', 'access', 'version'],
  ['--resource-type', 'model', '--resource-type', 'seed'], ['--exclude-resource-type', 'test'], ['--select', 'nothing_like_this'], ['--select', '+resource_type:exposure', '--output', 'name'], ['--resource-type', 'source', '--output', 'json'], ['--resource-type', 'unit_test', '--output', 'json'],
]

const { values, positionals } = parseArgs({ allowPositionals: true, options: { dbt: { type: 'string', default: '1.12' } } })
const result = tally()
const projects = positionals.length > 0 ? positionals : ['bay', 'harbor', 'strait', path.join(here, 'select/project')]
const jobs = projects.map((project) => ({ name: path.basename(project), project, selections: FORMS }))
const answers = await askDbt('dbt_ls.py', values.dbt, jobs)
for (const job of jobs) {
  const answer = answers.get(job.name)
  if (!answer || answer.exit !== 0) { result.note(`${job.name}: dbt: ${(answer?.error ?? 'no answer').slice(0, 200)}`); result.add(job.name, 'different'); continue }
  const { root, done } = copyProject(job)
  try {
    for (const theirs of answer['results'] as readonly { readonly arguments: readonly string[]; readonly exit: number; readonly lines: readonly string[] }[]) {
      const reply = await askOurs(['ls', '--project-dir', root, '--profiles-dir', root, '--rules', values.dbt, ...theirs.arguments])
      const wanted = theirs.lines.map((line) => `${line}\n`).join('')
      const json = theirs.arguments.includes('json')
      const same = (reply.stdout === wanted || (json && sameRecords(reply.stdout, wanted, !theirs.arguments.includes('--output-keys')))) && (reply.exit === 0) === (theirs.exit === 0)
      result.add(job.name, same ? 'equal' : 'different')
      if (same) continue
      const [ours, dbt] = [reply.stdout.split('\n'), wanted.split('\n')]
      const at = dbt.findIndex((line, index) => line !== ours[index])
      const from = Math.max(0, Array.from(dbt[at] ?? '').findIndex((letter, index) => letter !== (ours[at] ?? '')[index]) - 60)
      result.differ(theirs.arguments.join(' '), { where: `${job.name}, line ${at + 1} of ${dbt.length - 1} (ours ${ours.length - 1})`, dbt: dbt[at]?.slice(from), ours: reply.exit === 0 ? ours[at]?.slice(from) : reply.stderr.slice(0, 200) })
    }
  } finally { done() }
}
process.exitCode = result.print('lists') ? 0 : 1

/** Lines in order, records by value: the order of keys inside `config` and of the ids in `depends_on` is not dbt's. `more`: ours may have more keys. */
function sameRecords(ours: string, dbt: string, more: boolean): boolean {
  const read = (text: string) => text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>)
  const [a, b] = [read(ours), read(dbt)]
  return a.length === b.length && b.every((record, index) => Object.entries(record).every(([key, value]) => key === 'direct_parents' || canonical(a[index]?.[key]) === canonical(value)) && (more || Object.keys(a[index] ?? {}).join() === Object.keys(record).join()))
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (Array.isArray(item) && item.every((each) => typeof each === 'string')) return item.toSorted()
    return typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.fromEntries(Object.entries(item).toSorted(([x], [y]) => (x < y ? -1 : 1))) : item
  })
}
