// Compares our evaluator with jinja2 itself: `node --import tsx test/conformance/jinja/evaluate.ts PYTHON [--fuzz COUNT] [--seed N] [--write]`.
// First the snippets of snippets.txt, then COUNT generated programs of each of two grammars (10,000 unless told otherwise; the seed is printed).
// --write records the judge's answers to the snippets as the golden file of the unit test.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { agrees, evaluated } from './evaluated.ts'
import type { Case, Outcome } from './evaluated.ts'
import { generate } from './grammar.ts'
import { generateTyped } from './typed.ts'
import { snippetsOf } from './snippets.ts'

const here = new URL('.', import.meta.url).pathname
const option = (name: string, fallback: string): string => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1] ?? fallback
}

const [, , python = 'python3'] = process.argv
const count = Number(option('fuzz', '10000'))
const seed = Number(option('seed', '20261122'))
const snippets = snippetsOf(readFileSync(`${here}snippets.txt`, 'utf8'))
const answers = compare('snippets', snippets)
if (process.argv.includes('--write')) {
  const golden = snippets.map((one, i) => JSON.stringify([...one, answers[i]])).join(',\n')
  writeFileSync(`${here}../../golden/jinja/evaluate.json`, `[\n${golden}\n]\n`)
}
if (count > 0) {
  compare(`seed ${seed}`, generate(seed, count))
  compare(`seed ${seed}, typed`, generateTyped(seed, count))
}

function compare(name: string, cases: readonly Case[]): Outcome[] {
  const run = spawnSync(python, [`${here}evaluate.py`], { input: cases.map(one => JSON.stringify(one)).join('\n') + '\n', maxBuffer: 1 << 30, encoding: 'utf8' })
  if (run.status !== 0) {
    console.error(run.stderr || run.error?.message)
    process.exit(2)
  }
  const judged = run.stdout.trimEnd().split('\n').map(line => JSON.parse(line) as Outcome)
  let differences = 0
  let unknown = 0
  for (const [i, one] of cases.entries()) {
    const ours = evaluated(one)
    const judge = judged[i]
    if (ours[0] === 'unknown') unknown++
    if (judge && agrees(ours, judge)) continue
    differences++
    if (differences <= Number(option('show', '40'))) console.log(`${JSON.stringify(one)}\n  jinja2: ${JSON.stringify(judge)}\n  ours:   ${JSON.stringify(ours)}`)
  }
  const tally = (kind: string): number => judged.filter(answer => answer[0] === kind).length
  console.log(`${name}: ${cases.length} cases (${tally('ok')} render, ${tally('error')} raise; ${unknown} unknown to us), ${differences} differences`)
  if (differences > 0) process.exitCode = 1
  return judged
}
