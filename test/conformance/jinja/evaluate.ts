// Compares our evaluator with jinja2 itself: `node --import tsx test/conformance/jinja/evaluate.ts [--python PATH] [--fuzz COUNT] [--seed N] [--write]`.
// Without --fuzz the snippets of snippets.txt are compared; --write records the judge's answers as the golden file of the unit test.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { agrees, evaluated } from './evaluated.ts'
import type { Case, Outcome } from './evaluated.ts'
import { generate } from './grammar.ts'
import { snippetsOf } from './snippets.ts'

const here = new URL('.', import.meta.url).pathname
const option = (name: string, fallback: string): string => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1] ?? fallback
}

const python = option('python', process.env['JINJA_PYTHON'] ?? '/opt/venvs/jinja/bin/python')
const count = Number(option('fuzz', '0'))
const seed = Number(option('seed', String(Date.now() % 1_000_000)))
const cases: readonly Case[] = count > 0 ? generate(seed, count) : snippetsOf(readFileSync(`${here}snippets.txt`, 'utf8'))

const run = spawnSync(python, [`${here}evaluate.py`], { input: cases.map(one => JSON.stringify(one)).join('\n') + '\n', maxBuffer: 1 << 30, encoding: 'utf8' })
if (run.status !== 0) {
  console.error(run.stderr)
  process.exit(2)
}
const answers = run.stdout.trimEnd().split('\n').map(line => JSON.parse(line) as Outcome)
let differences = 0
let unknown = 0
for (const [i, one] of cases.entries()) {
  const ours = evaluated(one)
  const judge = answers[i]
  if (ours[0] === 'unknown') unknown++
  if (judge && agrees(ours, judge)) continue
  differences++
  if (differences <= Number(option('show', '40'))) console.log(`${JSON.stringify(one)}\n  jinja2: ${JSON.stringify(judge)}\n  ours:   ${JSON.stringify(ours)}`)
}
const tally = (kind: string): number => answers.filter(answer => answer[0] === kind).length
console.log(`${count > 0 ? `seed ${seed}: ` : ''}${cases.length} cases (${tally('ok')} render, ${tally('error')} raise; ${unknown} unknown to us), ${differences} differences`)
if (process.argv.includes('--write')) {
  const golden = cases.map((one, i) => JSON.stringify([...one, answers[i]])).join(',\n')
  writeFileSync(`${here}../../golden/jinja/evaluate.json`, `[\n${golden}\n]\n`)
}
process.exit(differences > 0 ? 1 : 0)
