// state: selectors: our `ls -s state:…` against what real dbt 1.12 listed (test/fixtures/recorded/state.json, by record_state.py).
//   state.ts [--only NAME…]       the state is the case's base as it was, made by a live dbt 1.12 once for each base
// Node sets are compared, sorted; dbt's own order is the business of the selection tests.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { askDbt } from './judge.ts'
import { askOurs, eachOf, optionsOf } from './ours.ts'
import { type Case, copyProject, fixtures, readCases } from './projects.ts'
import { tally } from './tally.ts'

type Row = readonly string[] | { readonly error: string }

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, width: { type: 'string', default: '2' } } })
const recorded = JSON.parse(readFileSync(path.join(fixtures, 'recorded', 'state.json'), 'utf8')) as Record<string, Record<string, Row>>
const cases = new Map(readCases().map((each) => [each.name, each]))
const names = Object.keys(recorded).filter((name) => !values.only || values.only.some((only) => name === only || name.startsWith(`${only}+`)))
const place = mkdtempSync(path.join(tmpdir(), 'states-'))
const result = tally()

const bases = [...new Set(names.map((name) => cases.get(name)?.base ?? name))]
const made = await askDbt('dbt_parse.py', '1.12', bases.flatMap((name) => { const base = cases.get(name); return base ? [{ ...base, keep: path.join(place, name) }] : [] }))
for (const [name, answer] of made) if (answer.exit !== 0) throw new Error(`state of ${name}: ${answer.error ?? ''}`)
await eachOf(names, compare, Number(values.width))
rmSync(place, { recursive: true })
process.exitCode = result.print('lists') ? 0 : 1

async function compare(name: string): Promise<void> {
  const each = cases.get(name)
  if (!each) return
  const base = each.base ?? name
  const rows = { ...recorded[base], ...recorded[name] }
  const { root, done } = copyProject(each)
  for (const [selector, theirs] of Object.entries(rows)) {
    const reply = await askOurs(['ls', ...optionsOf(each as Case, root, '1.12'), '--state', path.join(place, base), '-s', selector, '--indirect-selection', 'empty'], each.env)
    const ours = reply.exit === 0 ? reply.stdout.split('\n').filter((line) => line !== '').sort() : reply.stderr.trim()
    const same = 'error' in theirs ? reply.exit === 2 : isDeepStrictEqual(ours, [...theirs].sort())
    result.add(base, same ? 'equal' : 'different')
    if (!same) result.differ(selector, { where: name, dbt: theirs, ours })
  }
  done()
}
