// Rules of dbt 2.0.0-alpha.4, each in its smallest form; the answers are its own.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import { weighed } from '../../../server/dbt/rules/accepted.ts'
import { parseFixture } from '../../support/fixture.ts'
import { inputOf } from '../../support/manifest-of.ts'

const x = suite('rules of dbt 2')

const PROJECT = `
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
  //- dbt_project.yml
  {name: p, version: 1.0.0, profile: p, quoting: {database: false, schema: false, identifier: false}, models: {p: {+schema: deep, +tags: [t], +meta: {a: 1}, +materialized: table}}}
`
const input = (files: string) => inputOf(parseFixture(PROJECT + files).files, null, '2')
const manifest = (files: string) => buildManifest(input(files)).manifest

x('null says nothing, but of the schema', () => {
  const node = manifest(`
  //- models/m.sql
  {{ config(materialized=none) }} select 1
  //- models/m.yml
  models: [{name: m, config: {schema: null, tags: null, meta: null, enabled: null}}]
  `).nodes.get('model.p.m')
  assert.equal([node?.enabled, node?.schema, node?.config.get('materialized'), node?.tags, [...node?.meta.keys() ?? []], node?.problems], [true, 'main', 'table', ['t'], ['a'], []])
})

x("the project's quoting is the models' alone", () => {
  const { nodes, sources } = manifest(`
  //- models/m.sql
  select 1
  //- models/m.yml
  sources: [{name: s, tables: [{name: t}, {name: u, quoting: {schema: false}}]}]
  `)
  assert.equal([nodes.get('model.p.m')?.relation_name, sources.get('source.p.s.t')?.relation_name, sources.get('source.p.s.u')?.relation_name], ['dev.main_deep.m', '"dev"."s"."t"', '"dev".s."u"'])
})

x('unit tests of versions, and of no model', () => {
  const { others, problems } = manifest(`
  //- models/m.sql
  select 1
  //- models/m.yml
  models: [{name: m, versions: [{v: 3, defined_in: m}]}]
  unit_tests:
    - {name: u, model: m, given: [], expect: {rows: []}}
    - {name: w, model: gone, given: [], expect: {rows: []}}
  `)
  assert.equal([...others.values()].filter((each) => each.resource_type === 'unit_test').map((each) => [each.unique_id, each.enabled, each.problems.length]), [['unit_test.p.m.u.v3', true, 0]])
  assert.equal(problems, [])
})

const message = (two: string) => `dbt found two models with the name "m".\n\nTo fix this, change the name of one of these resources:\n- model.p.m (models/a/m.sql)\n- model.p.m (${two})`
for (const [code, text, severity] of [
  ['name-duplicate', message('models/a/m.sql'), 'warning'],
  ['name-duplicate', message('models/b/m.sql'), 'error'],
  ['ref-forbidden', 'Node test.p.t attempted to reference node model.p.m', 'warning'],
  ['ref-forbidden', 'Node model.p.n attempted to reference node model.p.m', 'error'],
] as const) {
  x(`${code} is ${severity === 'error' ? 'an' : 'a'} ${severity}: ${text.split('\n').at(-1)}`, () => {
    const { project } = input('').world
    assert.is(weighed(project.rules, { code, severity: 'error', message: text, place: { path: 'p', start: 0, end: 0 } }).severity, severity)
  })
}

x.run()
