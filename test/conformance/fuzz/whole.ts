// Random projects, whole: nodes, refusals, calls and texts under the three modes with a random part of dev built and a random selection.
// dbt's side is dbt_whole.py; the state is dbt's own manifest of the target prod.
//   whole.ts [--dbt VERSION] [--kept FILE] [--seed N] DIRECTORY…     projects of generate_project.py or corners.py; --kept as in parse.ts
// Lines of a model that end in `-- r:KEY` hold one call: what dbt printed there is where the call goes.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { coreOf, expected, keyOf, kindOf, squeezed } from '../answers.ts'
import { differencesOf, FIELDS, OWN_KEYS } from '../fields.ts'
import { type Answer, askDbt } from '../judge.ts'
import { askOurs, eachOf, optionsOf, records } from '../ours.ts'
import type { Case } from '../projects.ts'
import type { Reduced } from '../recorded.ts'
import { tally } from '../tally.ts'

interface Compiled { readonly error?: string; readonly compiled: Readonly<Record<string, string>>; readonly refused: Readonly<Record<string, string>>; readonly introspective: readonly string[] }
interface Level { readonly exists: readonly unknown[]; readonly args: readonly string[]; readonly modes: Readonly<Record<string, Compiled>> }

const { values, positionals } = parseArgs({ allowPositionals: true, options: { dbt: { type: 'string', default: '1.12' }, kept: { type: 'string' }, seed: { type: 'string', default: '1' }, width: { type: 'string', default: '1' } } })
const FLAGS: Readonly<Record<string, readonly string[]>> = { none: ['--no-defer'], defer: ['--defer'], favor: ['--defer', '--favor-state'] }
const place = mkdtempSync(path.join(tmpdir(), 'whole-'))
const cases: Case[] = positionals.map((each) => ({ name: path.basename(path.resolve(each)), project: path.resolve(each) }))
const states = path.resolve(values.kept === undefined ? place : `${values.kept}.states`)
const result = tally()
const answers = await dbtAnswers()
await eachOf(cases, compare, Number(values.width))
rmSync(place, { recursive: true })
process.exitCode = result.print('answers') ? 0 : 1

async function dbtAnswers(): Promise<ReadonlyMap<string, Answer>> {
  const kept = new Map(values.kept !== undefined && existsSync(values.kept) ? JSON.parse(readFileSync(values.kept, 'utf8')) as [string, Answer][] : [])
  const asked = cases.filter((each) => !kept.has(each.name))
  mkdirSync(states, { recursive: true })
  const answers = new Map([...kept, ...await askDbt('fuzz/dbt_whole.py', values.dbt, asked.map((each) => ({ ...each, state_target: 'prod', keep_state: path.join(states, each.name), seed: Number(values.seed) })))])
  if (values.kept !== undefined && asked.length > 0) writeFileSync(values.kept, JSON.stringify([...answers]))
  return answers
}

async function compare(each: Case): Promise<void> {
  const answer = answers.get(each.name)
  if (!answer) return result.note(`${each.name}: no answer`)
  if (answer.exit !== 0) return compareRefusal(each, answer.error ?? '')
  await compareNodes(each, answer['manifest'] as Reduced)
  if (answer['state_error'] !== undefined) return result.note(`${each.name}: no state: ${String(answer['state_error'])}`)
  for (const [index, level] of (answer['levels'] as Level[]).entries()) {
    const file = path.join(place, `${each.name}-${index}.json`)
    writeFileSync(file, JSON.stringify(level.exists))
    for (const [mode, theirs] of Object.entries(level.modes)) {
      const where = `${each.name} ${index} ${mode} ${level.args.join(' ')}`
      if (theirs.error !== undefined) { result.note(`${where}: ${theirs.error.slice(0, 200)}`); continue }
      const options = [...optionsOf(each, each.project, values.dbt), '--output', 'jsonl', '--exists', file, ...FLAGS[mode] ?? [], ...(mode === 'none' ? [] : ['--state', path.join(states, each.name)]), ...level.args]
      compareCalls(where, each.project, theirs, records((await askOurs(['resolve', ...options])).stdout))
      compareTexts(where, theirs, new Map(records((await askOurs(['compile', ...options])).stdout).map((record) => [String(record['unique_id']), record])))
    }
  }
}

async function compareNodes(each: Case, manifest: Reduced): Promise<void> {
  const reply = await askOurs(['ls', ...optionsOf(each, each.project, values.dbt), '--output', 'json', '--disabled', '--resource-type', 'all', '--output-keys', [...FIELDS, ...OWN_KEYS].join(',')])
  if (reply.exit !== 0) {
    result.add('nodes', 'different')
    return result.differ('project refused, dbt takes it', { where: each.name, dbt: 'exit 0', ours: reply.stderr.trim().split('\n').slice(0, 3).join(' / ') })
  }
  const rows = records(reply.stdout)
  const told = new Set(rows.flatMap((row) => Object.keys(row)))
  const ours = new Map(rows.map((row) => [keyOf(String(row['unique_id']), row, row['enabled'] !== false), row]))
  for (const [id, node] of expected(manifest)) {
    const row = ours.get(id)
    ours.delete(id)
    if (!row) { result.add('nodes', 'different'); result.differ(`missing ${kindOf(id)}`, { where: each.name, dbt: id, ours: undefined }); continue }
    const found = differencesOf(node, row, told)
    const unknown = Array.isArray(row['unknown']) && row['unknown'].length > 0
    result.add('nodes', found.length === 0 ? 'equal' : unknown ? 'unknown' : 'different')
    for (const { field, dbt, ours: own } of found) result.differ(`${unknown ? 'unknown: ' : ''}${kindOf(id)} ${field}`, { where: `${each.name}: ${id}`, dbt, ours: own })
  }
  for (const id of ours.keys()) { result.add('nodes', 'different'); result.differ(`extra ${kindOf(id)}`, { where: each.name, dbt: undefined, ours: id }) }
}

async function compareRefusal(each: Case, text: string): Promise<void> {
  const reply = await askOurs(['check', ...optionsOf(each, each.project, values.dbt), '--output', 'jsonl'])
  const said = [...(reply.exit === 2 ? [reply.stderr] : []), ...records(reply.stdout).filter((record) => record['severity'] === 1 || record['severity'] === 'error').map((record) => String(record['message']))]
  const same = said.some((message) => squeezed(message).includes(coreOf(text)))
  result.add('refusals', same ? 'equal' : 'different')
  if (!same) result.differ(said.length > 0 ? 'refusal in other words' : 'refusal not seen', { where: each.name, dbt: text.slice(0, 300), ours: said[0] })
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
