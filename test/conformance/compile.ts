// Compiled text: our `compile --output jsonl` against real dbt's, byte for byte, in three modes.
//   compile.ts [--dbt 1.12] [--target T] [--state-target T] [--adapters] [--exists FILE|some] [--unit] [--command run] [--args='…'] DIRECTORY|PROJECT…
//   compile.ts --cases [--only NAME] [--record FILE]     what compile-cases.json lists; dbt's answers are kept in FILE
//   compile.ts --list FILE …                             the same for other cases, written as compile-cases.json is; those that dbt refuses whole are skipped
// PROJECT is a folder of test/fixtures/projects. With --state-target the state is made by dbt from that target, and defer and favor-state are
// compared too. `--exists some`: about half of the relations that dbt asks for are there. Where dbt had to ask the warehouse we must say unknown
// (or say our evidence); where it refuses, we must refuse in its words; everywhere else the text is dbt's, or unknown.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { askDbt } from './judge.ts'
import { askOurs, optionsOf, records, type Reply } from './ours.ts'
import { type Case, copyProject, fixtures } from './projects.ts'
import { tally } from './tally.ts'

interface Compiled { readonly compiled: Readonly<Record<string, string>>; readonly refused: Readonly<Record<string, string>>; readonly introspective: readonly string[] }

interface CompileCase extends Case {
  readonly state_target?: string
  readonly exists?: readonly unknown[] | 'some'
  readonly command?: string
  readonly args?: readonly string[]
  readonly unit?: boolean
  /** The dbt to compare with; 1.12 by default. */
  readonly judge?: string
  /** dbt commands that build a DuckDB file first. */
  readonly real?: readonly (readonly string[])[]
  readonly [key: string]: unknown
}

interface Entry { readonly code: string; readonly message: string }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dbt: { type: 'string', default: '1.12' }, target: { type: 'string' }, 'state-target': { type: 'string' }, adapters: { type: 'boolean', default: false }, exists: { type: 'string' },
    unit: { type: 'boolean', default: false }, command: { type: 'string' }, args: { type: 'string' }, cases: { type: 'boolean', default: false }, list: { type: 'string' }, record: { type: 'string' }, only: { type: 'string', multiple: true },
  },
})
const FLAGS: Readonly<Record<string, readonly string[]>> = { none: ['--no-defer'], defer: ['--defer'], favor: ['--defer', '--favor-state'] }
const place = mkdtempSync(path.join(tmpdir(), 'exists-'))
const result = tally()
const kept: Record<string, unknown> = {}
const all = values.cases || values.list !== undefined ? listed() : positionals.map(given)
for (const version of new Set(all.map((each) => each.judge ?? values.dbt))) await judge(version, all.filter((each) => (each.judge ?? values.dbt) === version))
rmSync(place, { recursive: true })
if (values.record !== undefined) writeFileSync(values.record, `${JSON.stringify(kept, null, 1)}\n`)
process.exitCode = result.print('texts') ? 0 : 1

function listed(): CompileCase[] {
  const found = JSON.parse(readFileSync(values.list ?? path.join(import.meta.dirname, 'compile-cases.json'), 'utf8')) as CompileCase[]
  return found.filter((each) => !values.only || values.only.includes(each.name))
}

function given(name: string): CompileCase {
  const own = path.join(fixtures, 'projects', name)
  const project = existsSync(own) ? name : path.resolve(name)
  return {
    name: path.basename(project), project, adapters: values.adapters, unit: values.unit,
    exists: values.exists === undefined ? [] : values.exists === 'some' ? 'some' : JSON.parse(readFileSync(values.exists, 'utf8')) as unknown[],
    ...(values.target === undefined ? {} : { target: values.target }), ...(values['state-target'] === undefined ? {} : { state_target: values['state-target'] }),
    ...(values.command === undefined ? {} : { command: values.command }), ...(values.args === undefined ? {} : { args: values.args.split(' ') }),
  }
}

async function judge(version: string, cases: readonly CompileCase[]): Promise<void> {
  const answers = await askDbt('dbt_compile.py', version, cases.map((each) => ({ exists: [], ...each, keep_state: stateOf(each), ...(each.real ? { keep_root: rootOf(each) } : {}) })))
  for (const each of cases) {
    const answer = answers.get(each.name)
    if (values.list !== undefined && answer?.exit === 2) { result.note(`${each.name}: dbt refuses the project: ${answer.error ?? ''}`); continue }
    if (!answer || answer.exit !== 0) { result.add(each.name, 'different'); result.differ('dbt gives no answer', { where: each.name, dbt: answer?.error ?? 'no answer', ours: '' }); continue }
    const { target, args = [], command } = each
    kept[each.name] = { project: each.project, target: target ?? null, args, command: command ?? 'compile', exists: answer['exists'], modes: answer['modes'] }
    const existsFile = placeOf(each, 'exists.json')
    writeFileSync(existsFile, JSON.stringify(answer['exists']))
    const copy = each.real ? { root: rootOf(each), done: () => undefined } : copyProject(each)
    for (const [mode, theirs] of Object.entries(answer['modes'] as Record<string, Compiled>)) await compare(each, version, { root: copy.root, mode, existsFile }, theirs)
    copy.done()
  }
}

function stateOf(each: Case): string { return placeOf(each, 'state') }

function rootOf(each: Case): string { return placeOf(each, 'root') }

function placeOf({ name }: Case, what: string): string { return path.join(place, `${name.replaceAll(/[^\w.-]+/g, '_')}-${what}`) }

interface Ours { readonly root: string; readonly mode: string; readonly existsFile: string }

async function compare(each: CompileCase, version: string, { root, mode, existsFile }: Ours, theirs: Compiled): Promise<void> {
  const row = `${each.name} ${mode}`
  const state = mode === 'none' ? [] : ['--state', stateOf(each)]
  const exists = each.real ? [] : ['--exists', existsFile]
  const argv = ['compile', ...optionsOf(each, root, version), '--output', 'jsonl', ...exists, ...FLAGS[mode] ?? [], ...state]
  const nodes = answersOf(await askOurs([...argv, ...each.args ?? []], each.env))
  const units = each.unit ? answersOf(await askOurs([...argv, '--command', 'test', '--resource-type', 'unit_test'], each.env)) : new Map<string, Record<string, unknown>>()
  const ours = typeof nodes === 'string' ? nodes : typeof units === 'string' ? units : new Map([...nodes, ...units])
  if (typeof ours === 'string') {
    result.add(row, 'different')
    return result.differ('command failed', { where: row, dbt: 'exit 0', ours: ours })
  }
  for (const [id, text] of Object.entries(theirs.compiled)) {
    const record = ours.get(id)
    const unknown = unknownOf(record)
    const verdict = record?.['compiled_code'] === text ? 'equal' : unknown.length > 0 && !unknown.some((one) => one.code.startsWith('error')) ? 'unknown' : 'different'
    result.add(row, verdict)
    if (verdict === 'unknown') result.note(`${row} ${id}: ${unknown[0]?.code ?? ''} ${unknown[0]?.message ?? ''}`)
    if (verdict === 'different') result.differ(record ? 'text' : 'no text', { where: `${row}: ${id}`, ...firstDifference(text, String(record?.['compiled_code'] ?? unknown[0]?.message ?? '')) })
  }
  for (const id of theirs.introspective) {
    const claimed = typeof ours.get(id)?.['compiled_code'] === 'string'
    result.add(row, claimed ? 'different' : 'equal')
    if (claimed) result.differ('text where dbt asks the warehouse', { where: `${row}: ${id}`, dbt: null, ours: ours.get(id)?.['compiled_code'] })
  }
  for (const [id, message] of Object.entries(theirs.refused)) {
    const [first] = unknownOf(ours.get(id))
    const claimed = typeof ours.get(id)?.['compiled_code'] === 'string'
    const verdict = claimed || first === undefined ? 'different' : !first.code.startsWith('error') ? 'unknown' : first.message === firstLine(message) ? 'equal' : 'different'
    result.add(row, verdict)
    if (verdict === 'unknown') result.note(`${row} ${id}: dbt refuses, ours: ${first?.code ?? ''} ${first?.message ?? ''}`)
    if (verdict === 'different') result.differ(claimed ? 'text where dbt refuses' : 'refused in other words', { where: `${row}: ${id}`, dbt: firstLine(message), ours: claimed ? ours.get(id)?.['compiled_code'] : first?.message })
  }
}

/** The records by id, or why this was no answer: exit 1 means that a node has no text, and nothing else. */
function answersOf({ exit, stdout, stderr }: Reply): Map<string, Record<string, unknown>> | string {
  const said = stderr.trim().slice(0, 300)
  if (exit !== 0 && exit !== 1) return `exit ${exit}: ${said}`
  let found: Record<string, unknown>[]
  try {
    found = records(stdout)
  } catch {
    return `exit ${exit}, no records: ${said}`
  }
  const textless = found.filter((record) => record['compiled_code'] === null)
  if ((exit === 1) !== textless.length > 0) return `exit ${exit} with ${textless.length} nodes without a text: ${said}`
  const wrong = found.find((record) => (record['compiled_code'] === null) !== (unknownOf(record).length > 0))
  if (wrong) return `${String(wrong['unique_id'])}: compiled_code and unknown contradict each other`
  return new Map(found.map((record) => [`${String(record['unique_id'])}${typeof record['batch'] === 'object' && record['batch'] !== null ? `@${String((record['batch'] as Record<string, unknown>)['id'])}` : ''}`, record]))
}

function unknownOf(record: Record<string, unknown> | undefined): readonly Entry[] { return (record?.['unknown'] ?? []) as readonly Entry[] }

/** dbt's message without the line that says which node it is of. */
function firstLine(message: string): string {
  const lines = message.split('\n')
  const at = /^(Compilation|Runtime|Database|Parsing|Internal|Env var|dbt\w* ?\w*) Error( in .*)?$/i.test(lines[0]?.trim() ?? '') ? 1 : 0
  return (lines[at] ?? '').trim()
}

function firstDifference(a: string, b: string): { readonly dbt: string | undefined; readonly ours: string | undefined } {
  const [x, y] = [a.split('\n'), b.split('\n')]
  const at = x.findIndex((line, index) => line !== y[index])
  return at < 0 ? { dbt: `${x.length} lines`, ours: `${y.length} lines: ${y.slice(x.length).join('\\n')}` } : { dbt: x[at], ours: y[at] }
}
