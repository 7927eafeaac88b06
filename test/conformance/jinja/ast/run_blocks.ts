// Compares our top-level blocks, warnings and error messages with dbt's own scanner's.
// Usage: run_blocks.ts PYTHON [FILE_OR_FOLDER…]; exits with 1 when there is a difference.

import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { extractBlocks } from '../../../../server/jinja/blocks.ts'
import { ownTexts, textsUnder } from './texts.ts'

const KINDS = new Set(['macro', 'materialization', 'test', 'data_test', 'snapshot', 'docs'])
const here = dirname(fileURLToPath(import.meta.url))
const [python = 'python3', ...paths] = process.argv.slice(2)
const texts = paths.length > 0 ? textsUnder(paths) : ownTexts()
const run = spawnSync(python, [join(here, 'blocks.py')], { input: texts.map((text) => JSON.stringify(text)).join('\n'), maxBuffer: 2 ** 32, encoding: 'utf8' })
if (run.status !== 0) throw new Error(run.stderr)

let differences = 0
const answers = run.stdout.trimEnd().split('\n')
texts.forEach((text, i) => {
  const theirs = JSON.stringify(JSON.parse(answers[i] ?? ''))
  const { blocks, problem, unexpected } = extractBlocks(text, KINDS)
  const ours = JSON.stringify(problem !== null ? { error: problem.message } : {
    blocks: blocks.map((b) => [b.kind, b.name, text.slice(b.contents.start, b.contents.end), text.slice(b.start, b.end)]),
    unexpected: unexpected.map((tag) => `Found unexpected '${tag.kind}' block tag.`),
  })
  if (ours === theirs) return
  differences++
  console.log(`${JSON.stringify(text.slice(0, 300))}\n  dbt:  ${theirs.slice(0, 500)}\n  ours: ${ours.slice(0, 500)}`)
})
console.log(`${texts.length} texts, ${differences} differences in blocks`)
if (differences > 0) process.exitCode = 1
