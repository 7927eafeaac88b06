import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { sourceConfig } from '../../../server/dbt/graph/build/source-config.ts'
import { chooseRules } from '../../../server/dbt/rules/choose.ts'
import { PyDict, PyList } from '../../../server/jinja/value.ts'
import type { Value } from '../../../server/jinja/value.ts'
import { strOf } from '../../../server/jinja/repr.ts'

const rulesOf = (setting: string) => chooseRules({ setting, installedVersion: null, requireDbtVersion: [], stateVersion: null })
const NEW = rulesOf('1.12'), OLD = rulesOf('1.8')

const x = suite('config of sources and their tables')

const CHOICES: readonly (readonly [string, readonly Value[]])[] = [
  ['config', [new PyDict([['enabled', false]]), new PyDict([['tags', new PyList(['c'])]]), new PyDict([['meta', new PyDict([['owner', 'x']])]])]],
  ['freshness', [null, new PyDict([['warn_after', new PyDict([['count', 1n], ['period', 'day']])]])]],
  ['loaded_at_field', ['at', '', null]],
  ['loaded_at_query', ['select 1', null]],
  ['meta', [new PyDict([['team', 'y']]), new PyDict()]],
  ['tags', [new PyList(['b', 'a']), 'one', new PyList([])]],
  ['description', ['text']],
]

/** A linear congruence: the same dicts in every run. */
function random(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
}

function some(next: () => number, share: number): Map<string, Value> {
  const data = new Map<string, Value>()
  for (const [key, values] of CHOICES) if (next() < share) data.set(key, values[Math.floor(next() * values.length)] ?? null)
  return data
}

function text(config: ReadonlyMap<string, Value>): string { return strOf(new PyDict([...config])) }

x('tables that share the config of their source have what they would have alone', () => {
  const next = random(7)
  for (let round = 0; round < 300; round++) {
    const rules = round % 2 === 0 ? NEW : OLD
    const source = some(next, 0.5)
    for (let table = 0; table < 4; table++) {
      const data = some(next, 0.15)
      // A copy of the source has shared nothing yet.
      assert.is(text(sourceConfig(rules, source, data)), text(sourceConfig(rules, new Map(source), data)))
      // An empty `config` says nothing, but is no table that says nothing.
      if (!data.has('config')) assert.is(text(sourceConfig(rules, source, data)), text(sourceConfig(rules, source, new Map([...data, ['config', new PyDict()]]))))
    }
  }
})

x('tables that say nothing get one and the same object', () => {
  const source = new Map<string, Value>([['tags', 'one']])
  assert.is(sourceConfig(NEW, source, new Map([['name', 'a']])), sourceConfig(NEW, source, new Map([['name', 'b']])))
  assert.is.not(sourceConfig(NEW, source, new Map()), sourceConfig(OLD, source, new Map()))
})

x.run()
