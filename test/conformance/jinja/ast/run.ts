// Compares our trees, verdicts and first errors with jinja2's, as dbt's environment parses.
// Usage: run.ts PYTHON [FILE_OR_FOLDER…]; without folders the golden inputs and the snippets, whole and broken, are compared.
// Prints every difference and one line of figures; exits with 1 when there is a difference in tree or verdict.

import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseTemplate } from '../../../../server/jinja/parse.ts'
import { shapeOf } from './shape.ts'
import { ownTexts, textsUnder } from './texts.ts'

interface Answer { readonly tree?: unknown; readonly error?: string; readonly line?: number | null; readonly type?: string }

const here = dirname(fileURLToPath(import.meta.url))
const [python = 'python3', ...paths] = process.argv.slice(2)
const texts = paths.length > 0 ? textsUnder(paths) : ownTexts()
const answers = ask(texts)

let trees = 0
let rejected = 0
let wrong = 0
let messages = 0
texts.forEach((text, i) => {
  const theirs = answers[i]
  if (theirs === undefined) throw new Error(`no answer for text ${i}`)
  const ours = parseTemplate(text)
  const [error] = ours.errors
  if ((theirs.error === undefined) !== (error === undefined)) {
    wrong++
    say('VERDICT', text, theirs.error ?? 'accepted', error?.message ?? 'accepted')
  } else if (theirs.error !== undefined && error !== undefined) {
    rejected++
    const sameLine = theirs.line === null || theirs.line === error.line
    if (theirs.error === error.message && sameLine) messages++
    else say('MESSAGE', text, `${theirs.error} @${theirs.line}`, `${error.message} @${error.line}`)
  } else {
    const tree = JSON.stringify(theirs.tree)
    const mine = JSON.stringify(shapeOf(ours.body))
    if (tree === mine) trees++
    else {
      wrong++
      say('TREE', text, tree, mine)
    }
  }
})
console.log(`${texts.length} texts: ${trees} trees equal, ${rejected} rejected by both (${messages} with the same message and line), ${wrong} differences`)
if (wrong > 0) process.exitCode = 1

function say(what: string, text: string, theirs: string, ours: string): void {
  console.log(`${what} ${JSON.stringify(text.slice(0, 300))}\n  jinja2: ${theirs.slice(0, 600)}\n  ours:   ${ours.slice(0, 600)}`)
}

function ask(all: readonly string[]): Answer[] {
  const run = spawnSync(python, [join(here, 'dump.py')], { input: all.map((text) => JSON.stringify(text)).join('\n'), maxBuffer: 2 ** 32, encoding: 'utf8' })
  if (run.status !== 0) throw new Error(run.stderr)
  return run.stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Answer)
}
