// selectors.yml that dbt 1.12.6 refuses: its sentences, said without asking for a selector, at the selector's name.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assemble } from '../../server/dbt/assemble.ts'
import { DEFAULTS, requestOf } from '../../server/ide/settings.ts'
import { parseFixture } from '../support/fixture.ts'
import { memoryHost } from '../support/memory-host.ts'

const x = suite('selectors.yml')

function problems(selectors: string, rules: '1.12' | '2' = '1.12'): string[] {
  const fixture = parseFixture(`
  //- dbt_project.yml
  name: p
  profile: p
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
  //- models/a.sql
  select 1
  //- selectors.yml
  ${selectors}
`)
  const snapshot = assemble(memoryHost(fixture).open('/p', requestOf({ ...DEFAULTS, rules }), new Map(), null), '2026-01-01T00:00:00Z', null)
  return snapshot.problems.filter((each) => each.code === 'selectors-invalid').map(({ message, place }) => `${fixture.files.get(place.path)?.slice(place.start, place.end)}: ${message}`)
}

x('nothing wrong', () => { assert.equal(problems("selectors: [{name: n, definition: 'a+'}]"), []) })

x('a refused definition', () => {
  const text = 'selectors: [{name: m, definition: a}, {name: n, definition: {union: [a], exclude: [b]}}]'
  assert.equal(problems(text), ["n: Could not read selector file data: Runtime Error\n  Only a single 'union' or 'intersection' key is allowed in a root level selector definition; found union,exclude."])
  assert.equal(problems(text, '2'), [], 'dbt 2 reads it when a selector is asked for')
})

x('two defaults', () => {
  assert.equal(problems('selectors: [{name: m, definition: a, default: true}, {name: n, definition: b, default: true}]'), ['n: Error when parsing the selector file. Found multiple selectors with `default: true`:m and n'])
})

x.run()
