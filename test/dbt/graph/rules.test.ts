// Rules that random projects brought to light, each in its smallest form. The answers are dbt 1.12.6's.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import { strOf } from '../../../server/jinja/repr.ts'
import { parseFixture } from '../../support/fixture.ts'
import { inputOf } from '../../support/manifest-of.ts'

const x = suite('rules of the manifest')

const manifest = (files: string) => buildManifest(inputOf(parseFixture(`
  //- dbt_project.yml
  name: p
  version: 1.0.0
  profile: p
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
${files}`).files)).manifest
const refusals = (files: string) => {
  const built = manifest(files)
  return [...built.problems, ...[...built.nodes.values()].flatMap((node) => node.problems)].filter((each) => each.severity === 'error').map((each) => each.message)
}

const unitRefusals = (files: string) => [...manifest(files).others.values()].flatMap((each) => each.problems).map((each) => each.message)

const MICROBATCH = "materialized='incremental', incremental_strategy='microbatch', event_time='x'"
for (const [config, said] of [
  ["batch_size='day', begin=5", "must provide a 'begin' config of type datetime, but got: <class 'int'>."],
  ["batch_size='day', begin='2020-01-01 11 PM'", "must provide a 'begin' config of valid datetime (ISO format), but got: 2020-01-01 11 PM."],
  ["batch_size='dy', begin='2020-01-01'", "must provide a 'batch_size' config that is one of ['hour', 'day', 'month', 'year'], but got: dy."],
  ["begin='2020-01-01'", "must provide a 'batch_size' config that is one of ['hour', 'day', 'month', 'year'], but got: None."],
  ["batch_size='day', begin='2020-01-01', lookback='2'", "must provide the optional 'lookback' config as type int, but got: <class 'str'>)."],
  ["batch_size='day', begin='2020-01-01', concurrent_batches=1", "optional 'concurrent_batches' config must be of type `bool` if specified, but got: <class 'int'>)."],
  ["batch_size='day', begin=modules.datetime.datetime(2020, 1, 1), event_time=3", "must provide an 'event_time' config of type string, but got: <class 'int'>."],
  ["batch_size='day', begin=modules.datetime.datetime(2020, 1, 1)", null],
] as const) {
  x(`a microbatch model with ${config}`, () => {
    const given = config.includes('event_time') ? MICROBATCH.replace(", event_time='x'", '') : MICROBATCH
    const found = refusals(`
  //- models/m.sql
  {{ config(${given}, ${config}) }} select 1
  `)
    assert.equal(found, said === null ? [] : [`Microbatch model 'm' ${said}`])
  })
}

const NO_SCHEMA = `
  //- macros/g.sql
  {% macro generate_schema_name(custom_schema_name, node) %}{{ return(none) }}{% endmacro %}
  //- models/m.sql
  select 1
`
x('a schema of None leaves its part of the name out', () => {
  const node = manifest(NO_SCHEMA).nodes.get('model.p.m')
  assert.equal([node?.schema, node?.relation_name, node?.unknown], [null, '"dev"."m"', []])
})

const WRONG_SCHEMA = `
  //- macros/g.sql
  {% macro default__generate_schema_name(custom_schema_name, node) %}{{ nothing() }}{% endmacro %}
  //- models/m.sql
  select 1
`
x('what a naming macro does wrong is said in its own file, though one of dbt called it', () => {
  const [problem] = manifest(WRONG_SCHEMA).nodes.get('model.p.m')?.problems ?? []
  assert.match(problem?.place.path ?? '', /\/macros\/g\.sql$/)
})

const UNIT_TEST = `
  //- models/m.sql
  select * from {{ ref('s') }}
  //- models/u.yml
  unit_tests: [{name: u, model: m, given: [{input: "ref('s')"}], expect: {rows: [{id: 1}]}}]`

x('a unit test without rows takes those of the seed', () => {
  const built = manifest(`${UNIT_TEST}
  //- seeds/s.csv
  id,name
  1,a
  2,b
  `)
  assert.is(strOf(built.others.get('unit_test.p.m.u')?.properties.get('given') ?? null), "[{'input': \"ref('s')\", 'rows': [{'id': '1', 'name': 'a'}, {'id': '2', 'name': 'b'}], 'format': 'dict', 'fixture': None}]")
})

x('a unit test without rows whose seed was not read is unknown', () => {
  const input = inputOf(parseFixture(`
  //- dbt_project.yml
  name: p
  version: 1.0.0
  profile: p
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
${UNIT_TEST}
  //- seeds/s.csv
  id,name
  `).files)
  const files = new Map(Array.from(input.files, ([path, file]) => [path, path.endsWith('.csv') ? { ...file, headerOnly: true as const } : file] as const))
  const test = buildManifest({ ...input, files }).manifest.others.get('unit_test.p.m.u')
  assert.equal([test?.unknown.map(({ code }) => code), test?.properties.get('checksum')], [['seed-large'], null])
})

x('a unit test without rows needs a seed', () => {
  assert.equal(unitRefusals(`${UNIT_TEST}
  //- models/s.sql
  select 1
  `), ["Unable to find seed 'p.s' for unit tests in directories: ['seeds']"])
})

x('fixtures have a name each', () => {
  assert.equal(refusals(`
  //- models/m.sql
  select 1
  //- tests/fixtures/a/f.csv
  id
  //- tests/fixtures/b/f.csv
  id
  `).map((message) => message.split('\n')[0]), ['dbt found two fixtures with the name "f".'])
})

x('what is wrong under data_tests: is a warning, and the project goes on', () => {
  const { problems } = manifest(`
  //- tests/t.sql
  select 1
  //- tests/s.yml
  data_tests: [{not_null: {where: x}}]
  `)
  assert.equal(problems.map(({ severity, message }) => `${severity}: ${message}`), ['warning: Entry did not contain a name'])
})

x('functions: Jinja in Python too, no edges to sources, defaults at the end', () => {
  const files = (second: string) => `
  //- functions/f.py
  {{ config(volatility='deterministic') }}
  def entry(value):
      return value
  //- functions/g.sql
  select 1 from {{ source('raw', 't') }}
  //- functions/f.yml
  sources: [{name: raw, tables: [{name: t}]}]
  functions:
    - name: f
      config: {runtime_version: '3.11', entry_point: entry}
      arguments: [{name: a, data_type: int, default_value: 1}, {name: b, data_type: int${second}}]
      returns: {data_type: int}
    - {name: g, returns: {data_type: int}}
  `
  const { nodes } = manifest(files(', default_value: 2'))
  assert.is(nodes.get('function.p.f')?.config.get('volatility'), 'deterministic')
  assert.equal(nodes.get('function.p.g')?.depends_on.nodes, [])
  assert.equal(refusals(files(', default_value: 2')), [])
  assert.equal(refusals(files('')), ["Non-defaulted argument 'b' of function 'f' comes after a defaulted argument. Non-defaulted arguments cannot come after defaulted arguments. "])
})

x('a ref of what is no name says what it is', () => {
  assert.equal(refusals(`
  //- models/m.sql
  select * from {{ ref(model) }}
  `), ["The name argument to ref() must be a string, got <class 'dict'>"])
})

x('a source override that says nothing of quoting, config and freshness takes them away', () => {
  const built = manifest(`
  //- packages.yml
  packages: [{local: dbt_packages/q}]
  //- dbt_packages/q/dbt_project.yml
  name: q
  version: 1.0.0
  //- dbt_packages/q/models/s.yml
  sources: [{name: raw, config: {tags: [a]}, tables: [{name: t, quoting: {identifier: false}}]}]
  //- models/s.yml
  sources: [{name: raw, overrides: q, tables: [{name: t}]}]
  `)
  const source = built.sources.get('source.q.raw.t')
  assert.is(source?.relation_name, '"dev"."raw"."t"')
  assert.equal(source?.tags, [])
})

x("seeds' hooks give macros", () => {
  const built = manifest(`
  //- seeds/s.csv
  id
  //- seeds/s.yml
  seeds: [{name: s, config: {pre_hook: "{{ note() }}"}}]
  //- macros/m.sql
  {% macro note() %}select 1{% endmacro %}
  `)
  assert.equal(built.nodes.get('seed.p.s')?.depends_on.macros, ['macro.p.note'])
})

x('a Python model without YAML is a table, in unrendered_config too', () => {
  const built = manifest(`
  //- models/m.py
  def model(dbt, session):
      return dbt.ref('a')
  //- models/a.sql
  select 1
  `)
  assert.is(strOf(built.nodes.get('model.p.m')?.unrendered_config.get('materialized') ?? null), 'table')
})

x('an enforced contract on an incremental model wants on_schema_change', () => {
  const files = (more: string) => `
  //- models/m.sql
  {{ config(materialized='incremental'${more}) }} select 1 as id
  //- models/m.yml
  models: [{name: m, config: {contract: {enforced: true}}, columns: [{name: id, data_type: int}]}]
  `
  assert.equal(refusals(files('')), ["Invalid value for on_schema_change: ignore. Models materialized as incremental with contracts enabled must set on_schema_change to 'append_new_columns' or 'fail'"])
  assert.equal(refusals(files(", on_schema_change='fail'")), [])
})

x('what fails in a value of YAML is shown with the value', () => {
  assert.equal(refusals(`
  //- models/m.sql
  select 1
  //- models/m.yml
  models: [{name: m, config: {alias: "{{ nope('x') }}"}}]
  `), ["Could not render {{ nope('x') }}: 'nope' is undefined"])
})

x('what is disabled keeps its description as written', () => {
  const built = manifest(`
  //- models/m.sql
  {{ config(enabled=false) }} select 1
  //- models/m.yml
  models: [{name: m, description: "{{ target.name }}"}]
  `)
  assert.is(built.disabled.get('model.p.m')?.[0]?.description, '{{ target.name }}')
})

x("an exposure's tags given as one text are its letters", () => {
  const built = manifest(`
  //- models/e.yml
  exposures: [{name: e, type: dashboard, owner: {name: o}, config: {tags: ba}}]
  `)
  assert.equal(built.others.get('exposure.p.e')?.tags, ['a', 'b'])
})

x('tests and seeds know one materialization, severities are two words', () => {
  const test = (config: string) => refusals(`
  //- tests/t.sql
  {{ config(${config}) }} select 1
  `)
  assert.equal(test("materialized='table'"), ["at path []: A test must have a materialized value of 'test'"])
  assert.equal(test("severity='bad'"), ["at path []: Severity must be either 'warn' or 'error'. Got 'bad'"])
  assert.equal(test("severity='WARN'"), [])
  assert.equal(refusals(`
  //- seeds/s.csv
  id
  //- seeds/s.yml
  seeds: [{name: s, config: {materialized: view}}]
  `), ["at path []: A seed must have a materialized value of 'seed'"])
})

x('a model without macros names each source once, but each ref as often as written', () => {
  const node = manifest(`
  //- models/s.yml
  sources: [{name: raw, tables: [{name: t}]}]
  //- models/a.sql
  select 1
  //- models/b.sql
  {{ source('raw', 't') }} {{ source('raw', 't') }} {{ ref('a') }} {{ ref('a') }}
  `).nodes.get('model.p.b')
  assert.is(node?.sources.length, 1)
  assert.is(node?.refs.length, 2)
  assert.is(node?.calls.length, 4)
})

const ALIASED = (files: string) => {
  const built = buildManifest(inputOf(parseFixture(`
  //- dbt_project.yml
  name: p
  profile: p
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: bigquery, method: oauth, project: pr, dataset: ds}}}
${files}`).files)).manifest
  const said = [...built.problems, ...[...built.nodes.values()].flatMap((node) => node.problems)].filter((each) => each.severity === 'error').map((each) => each.message)
  return { said, names: [...built.sources.values(), ...built.nodes.values()].map(({ database, schema }) => `${String(database)}.${schema}`) }
}
for (const [name, file, said, names] of [
  ['keys of BigQuery in a source', 'sources: [{name: s, project: x, dataset: y, tables: [{name: t}]}]', [], ['x.y']],
  ['both keys for one thing', 'sources: [{name: s, project: x, database: z, tables: [{name: t}]}]', ['Got duplicate keys: (project) all map to "database"'], null],
  ['both, deep inside', 'sources: [{name: s, meta: {dataset: x, schema: z}, tables: [{name: t}]}]', ['Got duplicate keys: (dataset) all map to "schema"'], null],
  ['a value of another type', 'sources: [{name: s, project: 3, tables: [{name: t}]}]', ["Invalid sources config given in models/s.yml @ sources: {'name': 's', 'database': 3, 'tables': [{'name': 't'}]} - at path ['database']: 3 is not valid under any of the given schemas"], null],
] as const) {
  x(`credential aliases: ${name}`, () => {
    const built = ALIASED(`
  //- models/s.yml
  ${file}`)
    assert.equal(built.said, said)
    if (names) assert.equal(built.names, names)
  })
}

x('credential aliases in configs', () => {
  const model = (config: string) => ALIASED(`
  //- models/a.sql
  {{ config(${config}) }}select 1`)
  assert.equal(model("project='x', dataset='y'").names, ['x.ds_y'])
  assert.equal(model("project='x', database='y'").said, ['Got duplicate keys: (project) all map to "database"'])
})

x.run()
