// Configuration that no resource has. The paths are those that dbt 1.12.6 names for the same project.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import { parseFixture } from '../../support/fixture.ts'
import { inputOf } from '../../support/manifest-of.ts'

const x = suite('unused configuration')

x('every path that no resource of its kind has', () => {
  const { files } = parseFixture(`
  //- dbt_project.yml
  name: p
  version: 1.0.0
  profile: p
  models:
    p:
      +materialized: view
      nope:
        deeper: {+tags: x}
      off: {+enabled: false}
      meta: {owner: me}
    wrong: {enabled: true}
  seeds: {+schema: x, p: {s: {+tags: a}, t: {+tags: b}}}
  snapshots: {+schema: x}
  tests: {+severity: warn}
  exposures: {p: {+enabled: true}}
  semantic-models: {+enabled: true}
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
  //- models/m.sql
  select 1
  //- models/off/n.sql
  select 1
  //- seeds/s.csv
  id
  `)
  const text = Array.from(files).flatMap(([path, text]) => (path.endsWith('dbt_project.yml') ? [String(text)] : [])).join('')
  const found = buildManifest(inputOf(files)).manifest.problems.filter(({ code }) => code === 'config-path-unused')
  assert.equal(found.map(({ message, place }) => [message.split('\n- ')[1], text.slice(place.start, place.end).split('\n')[0]]), [
    ['models.p.nope.deeper', 'deeper'], ['models.p.meta', 'meta'], ['models.wrong', 'wrong'], ['seeds.p.t', 't'], ['snapshots', '{+schema: x}'], ['data_tests', '{+severity: warn}'],
    ['semantic_models', '{+enabled: true}'], ['exposures.p', 'p'],
  ])
})

x('a test whose model is not there stays a test, and is none of what is disabled', () => {
  const { files } = parseFixture(`
  //- dbt_project.yml
  name: p
  version: 1.0.0
  profile: p
  seeds: {+schema: x}
  data_tests: {p: {+severity: warn}}
  snapshots: {p: {+schema: y}}
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb}}}
  //- models/m.sql
  select 1
  //- models/m.yml
  models:
  - name: gone
    columns: [{name: a, data_tests: [unique]}]
  `)
  const found = buildManifest(inputOf(files)).manifest.problems.filter(({ code }) => code === 'config-path-unused')
  assert.equal(found.map(({ message }) => message.split('\n- ')[1]), ['seeds', 'snapshots.p'])
})

x.run()
