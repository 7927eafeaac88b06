// The semantic manifest under other versions than 1.12 (whose sentences refusals.test.ts compares): dbt 1.11's own sentences, printed by real dbt
// 1.11 for the same projects of fixtures/refusals; nothing for dbt 1.8, whose rules are others.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import type { RuleSetName } from '../../../server/dbt/rules/rules.ts'
import { inputOf } from '../../support/manifest-of.ts'
import { refusalCases } from '../../support/refusals.ts'

const x = suite('semantic manifest')
const cases = new Map(refusalCases().map((each) => [each.name, each]))

x('dbt 1.11 says of conversions and counts what dbt-semantic-interfaces says', () => {
  const conversion = said('semantic-conversion', '1.11')
  assert.ok(conversion.includes('For conversion metrics, the measure must be COUNT/SUM(1)/COUNT_DISTINCT. Measure: total is agg type: AggregationType.SUM'), conversion.join('\n'))
  assert.ok(said('semantic-count', '1.11').some((message) => message.includes("DISTINCT expr: 'distinct id. This is not supported")))
})

x('the old place of cumulative fields is a warning where the flag is off', () => {
  assert.equal(said('semantic-metric-old-window', '1.11'), [])
  assert.is(said('semantic-metric-old-window', '1.12').length, 1)
})

x('dbt 1.8 and dbt 2 are not spoken for', () => {
  for (const rules of ['1.8', '2'] as const) assert.equal(said('semantic-no-primary', rules), [], rules)
})

x.run()

/** The findings, without the sentence with which dbt ends. */
function said(name: string, rules: RuleSetName): string[] {
  const files = cases.get(name)?.files ?? new Map<string, string>()
  const { manifest } = buildManifest(inputOf(new Map([...files].map(([path, text]) => [`/p/${path}`, text])), null, rules))
  return manifest.problems.flatMap(({ message }) => message.endsWith('\nSemantic Manifest validation failed.') ? message.split('\n')[0] ?? '' : [])
}
