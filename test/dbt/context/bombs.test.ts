// Every bomb ends, and costs no more than a few times what it takes to spend the budget on plain steps. Here each seventh of bombs.ts;
// `EVERY=1` runs all of them (some minutes).

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { evaluateForParse } from '../../../server/dbt/context/evaluate-node.ts'
import { parseTemplate } from '../../../server/jinja/parse.ts'
import { BOMBS } from './bombs.ts'
import { shedDraft, shedWorld } from './shed.ts'

const test = suite('bombs')
const world = shedWorld()
const every = Number(process.env['EVERY'] ?? '7')

/** CPU milliseconds of one evaluation. */
function cost(text: string): number {
  const before = process.cpuUsage()
  evaluateForParse(world, shedDraft('model.shed.plain', text), () => parseTemplate(text))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const plain = BOMBS[0]?.[1] ?? ''
cost(plain)
const unit = Math.max(40, cost(plain), cost(plain))

BOMBS.forEach(([name, text], index) => {
  if (index % every !== 0) return
  test(name, () => {
    // Once more when it was slow: another process, or a garbage collection of what came before.
    const spent = [0, 0, 0].reduce(least => least <= 4 * unit ? least : Math.min(least, cost(text)), Infinity)
    assert.ok(spent <= 6 * unit, `${spent.toFixed(0)} ms, plain steps take ${unit.toFixed(0)} ms`)
  })
})

test.run()
