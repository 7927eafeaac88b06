// Names, configs and edges: our `ls --output json` against dbt's manifest, node by node and field by field.
//   parse.ts [--dbt VERSION] [--live] [--only NAME…]   the cases of cases.json, against the recorded answers or a live dbt
//   parse.ts [--dbt VERSION] DIRECTORY…                any project, against a live dbt; --target as dbt's; with --kept FILE dbt's
//                                                      answers are written there, and read from there the next time
//   parse.ts [--dbt VERSION] --cases FILE              the same for other cases, written as cases.json is
//   --check                                            also: `check` must have no error on what dbt parses, but what dbt says later
// Exits with 1 when anything differs that we neither call unknown nor have in known-differences.json, and when an entry there differs no longer.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { coreOf, expected, keyOf, kindOf, squeezed } from './answers.ts'
import { differencesOf, FIELDS, OWN_KEYS } from './fields.ts'
import { type Answer, askDbt } from './judge.ts'
import { knownDifferences } from './known.ts'
import { askOurs, eachOf, optionsOf, records } from './ours.ts'
import { type Case, copyProject, readCases } from './projects.ts'
import { type Recorded, recordedParse, type Reduced } from './recorded.ts'
import { type Example, tally } from './tally.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dbt: { type: 'string', default: '1.12' }, live: { type: 'boolean', default: false }, only: { type: 'string', multiple: true }, target: { type: 'string' }, adapters: { type: 'boolean', default: false }, width: { type: 'string', default: '2' }, kept: { type: 'string' }, cases: { type: 'string' }, check: { type: 'boolean', default: false } },
})
/** What dbt says when it compiles, or would say if real_dbt.py did not switch its version check off. */
const SAID_LATER: ReadonlySet<unknown> = new Set(['macro-not-found', 'var-missing', 'version-unsupported'])

const version = values.dbt
const cases = chosen()
const judged = values.live || positionals.length > 0 || values.cases !== undefined ? await live() : new Map(cases.map((each) => [each.name, recordedParse(each.name, version)]))
const result = tally()
const known = knownDifferences('parse')
await eachOf(cases, compare, Number(values.width))
for (const each of known.stale(cases.map(({ name }) => name))) result.differ('listed as known, but no longer different', { where: `${each.case}: ${each.id}`, dbt: each.field, ours: each.why })
process.exitCode = result.print('nodes') ? 0 : 1

function chosen(): Case[] {
  if (positionals.length > 0) {
    return positionals.map((directory) => ({ name: path.basename(path.resolve(directory)), project: path.resolve(directory), adapters: values.adapters, ...(values.target === undefined ? {} : { target: values.target }) }))
  }
  return readCases(values.cases).filter((each) => (values.cases !== undefined || (each.dbt ?? ['1.12']).includes(version)) && (!values.only || values.only.some((name) => each.name === name || each.name.startsWith(`${name}+`))))
}

async function live(): Promise<Map<string, Recorded>> {
  const file = values.kept
  const kept = new Map(file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as [string, Answer][] : [])
  const asked = cases.filter((each) => !kept.has(each.name)) as (Case & Record<string, unknown>)[]
  const answers = new Map([...kept, ...await askDbt('dbt_parse.py', version, asked)])
  if (file !== undefined && asked.length > 0) writeFileSync(file, JSON.stringify([...answers]))
  return new Map([...answers].map(([name, answer]) => [name, answer.exit === 0 ? { kind: 'manifest', manifest: answer['manifest'] as Reduced } : { kind: 'refused', text: answer.error ?? '' }]))
}

async function compare(each: Case): Promise<void> {
  const theirs = judged.get(each.name) ?? { kind: 'none' }
  if (theirs.kind === 'none') return result.note(`${each.name}: no answer of dbt ${version} recorded`)
  const { root, done } = copyProject(each)
  try {
    if (theirs.kind === 'refused') await compareRefusal(each, root, theirs.text)
    else {
      await compareManifest(each, root, theirs.manifest)
      if (values.check) await compareAcceptance(each, root)
    }
  } finally {
    done()
  }
}

async function compareManifest(each: Case, root: string, manifest: Reduced): Promise<void> {
  const reply = await askOurs(['ls', ...optionsOf(each, root, version), '--output', 'json', '--disabled', '--resource-type', 'all', '--output-keys', [...FIELDS, ...OWN_KEYS].join(',')], each.env)
  if (each.cycle) {
    const refused = reply.exit === 2 && reply.stderr.includes('Found a cycle: ')
    result.add(each.name, refused ? 'equal' : 'different')
    if (!refused) result.differ('cycle not seen', { where: each.name, dbt: 'Found a cycle', ours: reply.stderr })
    return
  }
  if (reply.exit !== 0) {
    result.add(each.name, 'different')
    return result.differ('project refused, dbt takes it', { where: each.name, dbt: 'exit 0', ours: reply.stderr.trim().split('\n').slice(0, 3).join(' / ') })
  }
  const rows = records(reply.stdout)
  const told = new Set(rows.flatMap((row) => Object.keys(row)))
  const ours = new Map(rows.map((row) => [keyOf(String(row['unique_id']), row, row['enabled'] !== false), row]))
  for (const [id, node] of expected(manifest)) {
    const row = ours.get(id)
    ours.delete(id)
    if (!row) {
      differs(each.name, id, 'missing', `missing ${kindOf(id)}`, { where: each.name, dbt: id, ours: undefined })
      continue
    }
    const all = differencesOf(node, row, told, version)
    const unknown = Array.isArray(row['unknown']) && row['unknown'].length > 0
    const differences = unknown ? all : all.filter(({ field }) => !known.takes(each.name, id, field))
    result.add(each.name, all.length === 0 ? 'equal' : unknown ? 'unknown' : differences.length === 0 ? 'known' : 'different')
    if (!unknown) for (const { field, dbt, ours: own } of differences) result.differ(`${kindOf(id)} ${field}`, { where: `${each.name}: ${id}`, dbt, ours: own })
  }
  for (const id of ours.keys()) {
    differs(each.name, id, 'extra', `extra ${kindOf(id)}`, { where: each.name, dbt: undefined, ours: id })
  }
}

function differs(name: string, id: string, field: string, rule: string, example: Example): void {
  const listed = known.takes(name, id, field)
  result.add(name, listed ? 'known' : 'different')
  if (!listed) result.differ(rule, example)
}

/** dbt parses the project: an error of ours is a false alarm, unless its code is of what dbt says only later. */
async function compareAcceptance(each: Case, root: string): Promise<void> {
  const reply = await askOurs(['check', ...optionsOf(each, root, version), '--output', 'jsonl'], each.env)
  const errors = records(reply.stdout).filter((record) => (record['severity'] === 1 || record['severity'] === 'error') && !SAID_LATER.has(record['code']))
  const refused = reply.exit === 2
  result.add('check: no error', errors.length === 0 && !refused ? 'equal' : 'different')
  for (const error of errors) result.differ(`false alarm: ${String(error['code'])}`, { where: `${each.name}: ${String(error['path'])}:${String(error['line'])}`, dbt: 'exit 0', ours: error['message'] })
  if (refused) result.differ('project refused, dbt takes it', { where: each.name, dbt: 'exit 0', ours: reply.stderr })
}

/** dbt refuses the project: we must say so, in dbt's words, as an error. */
async function compareRefusal(each: Case, root: string, text: string): Promise<void> {
  const reply = await askOurs(['check', ...optionsOf(each, root, version), '--output', 'jsonl'], each.env)
  const said = [...(reply.exit === 2 ? [reply.stderr] : []), ...records(reply.stdout).filter((record) => record['severity'] === 1 || record['severity'] === 'error').map((record) => String(record['message']))]
  const core = coreOf(text)
  const same = said.some((message) => squeezed(message.replaceAll(path.dirname(root), '<tmp>')).includes(core))
  const listed = !same && known.takes(each.name, '', 'refusal')
  result.add('refused by dbt', same ? 'equal' : listed ? 'known' : 'different')
  if (!same && !listed) result.differ(said.length > 0 ? 'refusal in other words' : 'refusal not seen', { where: each.name, dbt: text.slice(0, 300), ours: said[0] })
}
