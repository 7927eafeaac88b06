import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import type { BuiltManifest, ManifestInput } from '../../../server/dbt/graph/manifest.ts'
import { edgesOf } from '../../../server/dbt/graph/edges.ts'
import { updateManifest } from '../../../server/dbt/graph/update.ts'
import type { SourceFile } from '../../../server/dbt/files.ts'
import { parseFixture } from '../../support/fixture.ts'
import { dumpOf, inputOf } from '../../support/manifest-of.ts'

const x = suite('update of a manifest')

const PROJECT = `
  //- dbt_project.yml
  name: p
  version: 1.0.0
  profile: p
  vars: {which: b}
  models:
    p:
      +tags: all
      sub: {+schema: deep, +post-hook: "select 1 from {{ ref('seeded') }}"}
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
  //- models/a.sql
  select 1 as id from {{ source('raw', 't') }}
  //- models/b.sql
  {{ config(materialized='table') }} select * from {{ ref('a') }} {{ pick('a') }}
  //- models/c.sql
  select * from {{ ref(var('which')) }}
  //- models/sub/d.sql
  select * from {{ ref('c') }} join {{ ref('m', v=1) }}
  //- models/m_v1.sql
  select 1 as id
  //- models/m_v2.sql
  select 2 as id from {{ ref('a') }}
  //- models/off.sql
  {{ config(enabled=false) }} select 1
  //- models/_m.yml
  models:
    - name: a
      description: "{{ doc('word') }}"
      columns: [{name: id, data_tests: [unique, not_null]}]
    - name: b
      config: {meta: {k: "{{ var('which') }}"}}
      data_tests: [{relationships: {arguments: {to: ref('a'), field: id}, column_name: id}}]
    - name: m
      versions: [{v: 1}, {v: 2}]
      data_tests: [{mine: {arguments: {n: 1}}}]
  sources: [{name: raw, tables: [{name: t, data_tests: [{mine: {arguments: {n: 2}}}]}]}]
  exposures: [{name: e, type: dashboard, owner: {name: o}, depends_on: [ref('d'), "source('raw', 't')"]}]
  //- models/words.md
  {% docs word %}the word{% enddocs %}
  //- macros/pick.sql
  {% macro pick(x) %}{{ ref(x) }}{% endmacro %}
  {% test mine(model, n) %}select {{ n }} from {{ model }}{% endtest %}
  //- seeds/seeded.csv
  id
  1
  //- tests/t.sql
  select * from {{ ref('b') }}
`

const EDITS: readonly (readonly [path: string, text: string | null])[] = [
  ['models/a.sql', 'select 2 as id'], ['models/a.sql', "select 1 as id from {{ source('raw', 't') }}"], ['models/b.sql', "select * from {{ ref('c') }}"], ['models/b.sql', "{{ config(alias='bb') }}select * from {{ ref('nowhere') }}"],
  ['models/b.sql', "{{ config(materialized='table') }} select * from {{ ref('a') }} {{ pick('a') }}"], ['models/c.sql', "select * from {{ ref('d') }}{{ pick('m') }}"], ['models/c.sql', null], ['models/c.sql', "select * from {{ ref(var('which')) }}"],
  ['models/m_v2.sql', "select 3 as id"], ['models/m_v2.sql', "select {{ pick('b') }}"], ['models/off.sql', 'select 1'], ['models/off.sql', '{{ config(enabled=false) }} select 1'], ['models/new.sql', "select * from {{ ref('off') }}"], ['models/new.sql', null],
  ['macros/pick.sql', "{% macro pick(x) %}{{ ref('seeded') }}{% endmacro %}{% test mine(model, n) %}select 1 from {{ model }}, {{ ref('a') }}{% endtest %}"],
  ['macros/pick.sql', '{% macro pick(x) %}{{ ref(x) }}{% endmacro %}\n{% test mine(model, n) %}select {{ n }} from {{ model }}{% endtest %}'],
  ['macros/names.sql', '{% macro generate_schema_name(custom, node) %}x_{{ node.name }}{% endmacro %}'], ['macros/names.sql', null], ['macros/ref.sql', '{% macro ref(x, y=none, v=none) %}{{ return(builtins.ref(x, v=v)) }}{% endmacro %}'], ['macros/ref.sql', null],
  ['models/words.md', '{% docs word %}another{% enddocs %}'], ['models/words.md', '{% docs word %}the word{% enddocs %}'], ['tests/t.sql', "select * from {{ ref('gone') }}"], ['tests/t.sql', "select * from {{ ref('b') }}"],
  ['models/_more.yml', 'models: [{name: c, description: seen, config: {enabled: false}}, {name: d, data_tests: [{mine: {arguments: {n: 3}}}]}]'], ['models/_more.yml', 'models: [{name: d, config: {group: g}}]\ngroups: [{name: g, owner: {name: o}}]'], ['models/_more.yml', null],
  ['models/_more.yml', 'models: [{name: a, description: twice}]'], ['models/broken.yml', 'models: [{name: a'], ['models/broken.yml', null], ['models/sub/a.sql', 'select 9'], ['models/sub/a.sql', null],
]

function lcg(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
}

for (const seed of [1, 2, 3]) {
  x(`random edits give what building from scratch gives (${seed})`, () => {
    const random = lcg(seed)
    const files = new Map(parseFixture(PROJECT).files)
    let input: ManifestInput = inputOf(files)
    let built: BuiltManifest = buildManifest(input)
    for (let step = 0; step < 20; step++) {
      const [path, text] = EDITS[Math.floor(random() * EDITS.length)] ?? ['', null]
      const before = input
      if (text === null) files.delete(`/p/${path}`)
      else files.set(`/p/${path}`, text)
      input = inputOf(files, before)
      const changed = [...input.files.values()].filter(file => before.files.get(file.path) !== file)
      const onlyTexts = input.files.size === before.files.size && changed.every(file => before.files.has(file.path))
      built = updateManifest(built, input, onlyTexts ? changed : null)
      const fresh = buildManifest(inputOf(files))
      assert.is(dumpOf(built.manifest), dumpOf(fresh.manifest), `${step}: ${path} = ${text}`)
      const edges = edgesOf(built.manifest)
      const freshEdges = edgesOf(fresh.manifest)
      for (const id of built.manifest.nodes.keys()) assert.equal([...edges.children(id)].sort(), [...freshEdges.children(id)].sort(), `${step}: children of ${id}`)
    }
  })
}

function edited(files: Map<string, string>, input: ManifestInput, built: BuiltManifest, path: string, text: string): BuiltManifest {
  const next = inputOf(new Map(files).set(path, text), input)
  return updateManifest(built, next, [next.files.get(path) as SourceFile])
}

x('a plain edit keeps every other node, and the map', () => {
  const files = new Map(parseFixture(PROJECT).files)
  const input = inputOf(files)
  const built = buildManifest(input)
  const next = edited(files, input, built, '/p/models/d.sql', 'x')
  assert.is.not(next.manifest, built.manifest)
  const after = edited(files, input, built, '/p/models/sub/d.sql', "select * from {{ ref('a') }}")
  assert.is(after.manifest.sources, built.manifest.sources)
  for (const [id, node] of built.manifest.nodes) if (id !== 'model.p.d') assert.is(after.manifest.nodes.get(id), node)
  assert.equal(after.manifest.nodes.get('model.p.d')?.depends_on.nodes, ['model.p.a', 'seed.p.seeded'])
  assert.equal(edgesOf(after.manifest).children('model.p.c'), [])
})

x('the cost of a plain edit does not grow with the project', () => {
  const time = (count: number): number => {
    const files = new Map(parseFixture(PROJECT).files)
    for (let i = 0; i < count; i++) files.set(`/p/models/n${i}.sql`, `select * from {{ ref('${i ? `n${i - 1}` : 'a'}') }}`)
    let input = inputOf(files)
    let built = buildManifest(input)
    edgesOf(built.manifest).children('model.p.a')
    const times: number[] = []
    for (let i = 0; i < 60; i++) {
      const path = `/p/models/n${(i * 7) % count}.sql`
      const file: SourceFile = { path, text: `select ${i} from {{ ref('a') }}`, size: 40 }
      const next: ManifestInput = { ...input, files: new Map(input.files).set(path, file) }
      const start = performance.now()
      built = updateManifest(built, next, [file])
      times.push(performance.now() - start)
      input = next
    }
    return times.sort((one, two) => one - two)[30] ?? 0
  }
  const small = time(50)
  const large = time(800)
  assert.ok(large < Math.max(small * 3, 1), `${small.toFixed(3)} ms, ${large.toFixed(3)} ms`)
})

x.run()
