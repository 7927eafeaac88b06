// Renders the models and calls the macros of whole repositories, with mocks in place of dbt, with jinja2 and with us, and compares texts, calls, errors and messages:
//   node --import tsx test/conformance/jinja/render.ts PYTHON REPOSITORY…
// Each .sql file with a block of macros gives its macros (called with things and with plain values), each other one is rendered while parsing and while running.

import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { extractBlocks } from '../../../server/jinja/blocks.ts'
import type { MacroFile } from '../../../server/jinja/file-macro.ts'
import { parseTemplate } from '../../../server/jinja/parse.ts'
import { rendered } from './render-mocks.ts'
import type { RenderCase, Rendered } from './render-mocks.ts'

const here = new URL('.', import.meta.url).pathname
const [, , python = 'python3', ...repositories] = process.argv
const SHOWN = 6
const ALLOWED = new Set(['address', 'set-order', 'random'])
const totals = { cases: 0, ok: 0, errors: 0, late: 0, unknown: 0, differences: 0, macros: 0, texts: 0 }

for (const repository of repositories) compare(repository)
console.log(`${repositories.length} repositories: ${totals.macros} macros, ${totals.texts} texts, ${totals.cases} renders (${totals.ok} give the same text and calls, ${totals.errors} the same error, ${totals.late} too long for both, ${totals.unknown} differ from run to run in Python), ${totals.differences} differences`)
if (totals.differences > 0) process.exitCode = 1

function compare(repository: string): void {
  const macros = new Map<string, { readonly sql: string; readonly file: MacroFile; readonly required: readonly string[] }>()
  const texts: string[] = []
  for (const file of filesUnder(repository)) {
    const text = readFileSync(file, 'utf8')
    const { blocks, problem } = extractBlocks(text, new Set(['macro', 'test', 'data_test', 'materialization', 'snapshot', 'docs']))
    if (problem === null && blocks.some(block => block.kind !== 'docs')) {
      for (const block of blocks) keep(macros, block.kind, text.slice(block.start, block.end))
    } else if (parseTemplate(text).errors.length === 0) texts.push(text)
  }
  const cases: RenderCase[] = [
    ...Array.from(macros, ([name, { required }]) => (['things', 'values'] as const).map(kind => ['macro', kind, name, required] as const)).flat(),
    ...texts.flatMap(text => (['parse', 'run'] as const).map(mode => ['text', mode, text] as const)),
  ]
  const job = { macros: Array.from(macros, ([name, { sql }]) => [name, sql]), cases }
  const run = spawnSync(python, [`${here}render.py`], { input: `${JSON.stringify(job)}\n`, maxBuffer: 1 << 30, encoding: 'utf8' })
  if (run.status !== 0) throw new Error(run.stderr)
  const judged = JSON.parse(run.stdout) as Rendered[]
  const files = new Map(Array.from(macros, ([name, { file }]) => [name, file]))
  let differences = 0
  cases.forEach((one, index) => {
    const judge = judged[index] ?? ['late']
    const ours = rendered(one, files)
    totals.cases++
    if (ours[0] === 'unknown' && ALLOWED.has(ours[1])) totals.unknown++
    else if (JSON.stringify(ours) === JSON.stringify(judge)) totals[judge[0] === 'ok' ? 'ok' : 'errors']++
    // How deep Python's own stack was decides the rest of the message.
    else if (ours[1] === 'RecursionError' && judge[1] === 'RecursionError') totals.errors++
    // Neither waits for ever: Python's own limits are its recursion and the clock of this test.
    else if (ours[1] === 'BudgetExceeded' && (judge[0] === 'late' || judge[1] === 'RecursionError')) totals.late++
    else if (differences++ < SHOWN) console.log(`${JSON.stringify(one).slice(0, 300)}\n  jinja2: ${around(judge, ours)}\n  ours:   ${around(ours, judge)}`)
  })
  totals.macros += macros.size
  totals.texts += texts.length
  totals.differences += differences
  console.log(`${path.basename(repository)}: ${macros.size} macros, ${texts.length} texts, ${cases.length} renders, ${differences} differences`)
}

/** The part of one in which it begins to be another. */
function around(one: Rendered, other: Rendered): string {
  const left = JSON.stringify(one)
  const right = JSON.stringify(other)
  let at = 0
  while (at < left.length && left[at] === right[at]) at++
  return `${left.slice(0, 12)} … ${left.slice(Math.max(0, at - 60), at + 160)}`
}

function keep(macros: Map<string, { sql: string; file: MacroFile; required: readonly string[] }>, kind: string, sql: string): void {
  const template = parseTemplate(sql)
  const [node] = template.body
  if (template.errors.length > 0 || (node?.kind !== 'Macro' && node?.kind !== 'Test')) return
  const name = kind === 'macro' ? node.name : `test_${node.name}`
  macros.set(name, { sql, required: node.params.filter(({ default: byDefault }) => byDefault === null).map(({ name: parameter }) => parameter), file: { template, variable: `dbt_macro__${name}`, source: { path: `${name}.sql`, offset: 0, inMacro: name, at: null, lineOf: offset => sql.slice(0, offset).split('\n').length } } })
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory).toSorted().flatMap(name => {
    const full = path.join(directory, name)
    // Links that lead nowhere stand for packages that are not installed.
    return statSync(full, { throwIfNoEntry: false })?.isDirectory() === true ? filesUnder(full) : name.endsWith('.sql') ? [full] : []
  })
}
