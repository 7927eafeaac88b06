// Compiled text: our `compile --output jsonl` against real dbt's, byte for byte, in three modes.
//   compile.ts [--dbt 1.12] [--target T] [--state-target T] [--adapters] [--exists FILE] DIRECTORY|PROJECT…
// PROJECT is a folder of test/fixtures/projects. With --state-target the state is made by dbt from that target, and defer and
// favor-state are compared too. Where dbt had to ask the warehouse we must say unknown; where it did not, its text or unknown.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { askDbt } from './judge.ts'
import { askOurs, optionsOf, records } from './ours.ts'
import { type Case, copyProject, fixtures } from './projects.ts'
import { tally } from './tally.ts'

interface Compiled { readonly compiled: Readonly<Record<string, string>>; readonly refused: Readonly<Record<string, string>>; readonly introspective: readonly string[] }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dbt: { type: 'string', default: '1.12' }, target: { type: 'string' }, 'state-target': { type: 'string' }, adapters: { type: 'boolean', default: false }, exists: { type: 'string' } },
})
const FLAGS: Readonly<Record<string, readonly string[]>> = { none: ['--no-defer'], defer: ['--defer'], favor: ['--defer', '--favor-state'] }
const exists = values.exists === undefined ? [] : JSON.parse(readFileSync(values.exists, 'utf8')) as unknown[]
const place = mkdtempSync(path.join(tmpdir(), 'exists-'))
const existsFile = path.join(place, 'exists.json')
writeFileSync(existsFile, JSON.stringify(exists))

const cases: (Case & Record<string, unknown>)[] = positionals.map((name) => {
  const own = path.join(fixtures, 'projects', name)
  const project = existsSync(own) ? name : path.resolve(name)
  return { name: path.basename(project), project, adapters: values.adapters, exists, ...(values.target === undefined ? {} : { target: values.target }), ...(values['state-target'] === undefined ? {} : { state_target: values['state-target'], keep_state: path.join(place, path.basename(project)) }) }
})
const answers = await askDbt('dbt_compile.py', values.dbt, cases)
const result = tally()
for (const each of cases) {
  const answer = answers.get(each.name)
  if (!answer || answer.exit !== 0) { result.note(`${each.name}: dbt: ${answer?.error ?? 'no answer'}`); continue }
  const { root, done } = copyProject(each)
  for (const [mode, theirs] of Object.entries(answer['modes'] as Record<string, Compiled>)) await compare(each, root, mode, theirs)
  done()
}
rmSync(place, { recursive: true })
process.exitCode = result.print('texts') ? 0 : 1

async function compare(each: Case, root: string, mode: string, theirs: Compiled): Promise<void> {
  const row = `${each.name} ${mode}`
  const state = mode === 'none' ? [] : ['--state', path.join(place, each.name)]
  const reply = await askOurs(['compile', ...optionsOf(each, root, values.dbt), '--output', 'jsonl', '--exists', existsFile, ...FLAGS[mode] ?? [], ...state], each.env)
  if (reply.exit !== 0 && reply.exit !== 1) {
    result.add(row, 'different')
    return result.differ('command failed', { where: row, dbt: 'exit 0', ours: reply.stderr.trim().slice(0, 300) })
  }
  const ours = new Map(records(reply.stdout).map((record) => [String(record['unique_id']), record]))
  for (const [id, text] of Object.entries(theirs.compiled)) {
    const record = ours.get(id)
    const unknown = (record?.['unknown'] ?? []) as readonly { readonly code: string; readonly message: string }[]
    const verdict = record?.['compiled_code'] === text ? 'equal' : unknown.length > 0 && !unknown.some((one) => one.code.startsWith('error')) ? 'unknown' : 'different'
    result.add(row, verdict)
    if (verdict === 'unknown') result.note(`${row} ${id}: ${unknown[0]?.code ?? ''} ${unknown[0]?.message ?? ''}`)
    if (verdict === 'different') result.differ(record ? 'text' : 'no text', { where: `${row}: ${id}`, ...firstDifference(text, String(record?.['compiled_code'] ?? unknown[0]?.message ?? '')) })
  }
  for (const id of [...theirs.introspective, ...Object.keys(theirs.refused)]) {
    const claimed = typeof ours.get(id)?.['compiled_code'] === 'string'
    result.add(row, claimed ? 'different' : 'equal')
    if (claimed) result.differ(id in theirs.refused ? 'text where dbt refuses' : 'text where dbt asks the warehouse', { where: `${row}: ${id}`, dbt: theirs.refused[id], ours: ours.get(id)?.['compiled_code'] })
  }
}

function firstDifference(a: string, b: string): { readonly dbt: string | undefined; readonly ours: string | undefined } {
  const [x, y] = [a.split('\n'), b.split('\n')]
  const at = x.findIndex((line, index) => line !== y[index])
  return at < 0 ? { dbt: `${x.length} lines`, ours: `${y.length} lines: ${y.slice(x.length).join('\\n')}` } : { dbt: x[at], ours: y[at] }
}
