import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import type { BuiltManifest, ManifestInput } from '../../../server/dbt/graph/manifest.ts'
import { edgesOf } from '../../../server/dbt/graph/edges.ts'
import { updateManifest, updateNodes } from '../../../server/dbt/graph/update.ts'
import { withChanges } from '../../../server/dbt/nodes/overlay-map.ts'
import { keepingLastGood } from '../../../server/dbt/nodes/property-file.ts'
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

/** Property files of which one entry after the other is typed in. */
const TYPED = ['description: "{{ doc(\'word\') }}"', 'description: plain', 'config: {meta: {k: v}}', 'config: {tags: [x]}', 'columns: [{name: id, description: one, data_tests: [unique, not_null]}]', 'columns: [{name: id, data_tests: [not_null]}, {name: other, meta: {a: 1}}]',
  'data_tests: [{mine: {arguments: {n: 1}}}]', 'config: {alias: other}', 'config: {enabled: false}', 'config: {group: g}', 'config: {schema: deep}', "description: \"{{ doc('nowhere') }}\"", 'tests: [{relationships: {to: ref(\'a\'), field: id, column_name: id}}]', 'description: "{{ broken"', 'description: "', 'versions: [{v: 1}]',
  'constraints: [{type: foreign_key, to: ref(\'a\'), to_columns: [id]}]', 'unknown_key: 1', 'config: {materialized: incremental}', 'config: {materialized: table, contract: {enforced: true}}',
  'semantic_model: true', 'semantic_model: {name: sums}\n    metrics: [{name: total, type: simple, agg: sum, expr: id}]']

const ENTRIES = `version: 2
models:
  - name: a
    description: "{{ doc('word') }}"
    columns: [{name: id, data_tests: [unique, not_null]}]
  - name: b
    data_tests: [{relationships: {arguments: {to: ref('a'), field: id}, column_name: id}}]
  - name: d # last
    columns:
      - name: id
        data_tests: [{mine: {arguments: {n: 1}}}]
sources:
  - name: raw
    tables: [{name: t, data_tests: [{mine: {arguments: {n: 2}}}]}]
macros:
  - name: pick
    description: picks
exposures:
  - {name: e, type: dashboard, owner: {name: o}, depends_on: [ref('d'), ref('nowhere'), "source('raw', 't')"]}
`

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

for (const seed of [1, 2, 3]) {
  x(`random keystrokes in property files give what building from scratch gives (${seed})`, () => {
    const random = lcg(seed)
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
    const files = new Map(parseFixture(PROJECT).files)
    files.delete('/p/models/_m.yml')
    files.set('/p/models/_entries.yml', ENTRIES)
    let input: ManifestInput = inputOf(files)
    let built: BuiltManifest = buildManifest(input)
    let alone = 0
    for (let step = 0; step < 50; step++) {
      const before = input
      const sql = random() < 0.15
      const path = sql ? '/p/models/sub/d.sql' : '/p/models/_entries.yml'
      const text = files.get(path) ?? ''
      const next = sql ? `select ${step} from {{ ref('${pick(['a', 'b', 'c', 'nowhere']) ?? ''}') }}` : typed(text, random, pick)
      files.set(path, next)
      input = inputOf(files, before)
      const changed = [...input.files.values()].filter(file => before.files.get(file.path) !== file)
      const held = changed.map(file => keepingLastGood(file, before.files.get(file.path)))
      input = { ...input, files: withChanges(input.files, new Map(held.map(file => [file.path, file]))) }
      const found = updateNodes(built, input, held)
      if (found) alone++
      built = found ?? buildManifest(input, built.memory)
      // A file that cannot be parsed keeps what its last good text said.
      const good = new Map([...files].map(([name, each]) => [name, input.files.get(name)?.lastGood?.text ?? each]))
      const fresh = buildManifest(inputOf(good))
      if ([...input.files.values()].some(file => file.lastGood)) assert.is(dumpOf({ ...built.manifest, problems: [] }), dumpOf({ ...fresh.manifest, problems: [] }), next)
      else assert.is(dumpOf(built.manifest), dumpOf(fresh.manifest), `${step}: ${next}`)
      for (const id of built.manifest.nodes.keys()) assert.equal([...edgesOf(built.manifest).children(id)].sort(), [...edgesOf(fresh.manifest).children(id)].sort(), `${step}: children of ${id}`)
    }
    assert.ok(alone > 4, `${alone} of 50 keystrokes touched their entry alone`)
  })
}

/** One line more, one line less, or a character somewhere. */
function typed(text: string, random: () => number, pick: <T>(list: readonly T[]) => T | undefined): string {
  const lines = text.split('\n')
  const kind = random()
  if (text.length > 3000 || lines.length < 5) return ENTRIES
  if (kind < 0.25) {
    const names = lines.flatMap((line, index) => (/^ {2}- name: [abd]/.test(line) ? [index] : []))
    lines.splice((pick(names) ?? 2) + 1, 0, `    ${pick(TYPED) ?? ''}`)
    return lines.join('\n')
  }
  if (kind < 0.42) {
    const inner = lines.flatMap((line, index) => (/^ {4}\S/.test(line) ? [index] : []))
    if (inner.length) lines.splice(pick(inner) ?? 0, 1)
    return lines.join('\n')
  }
  const at = Math.floor(random() * text.length)
  return kind < 0.9 ? text.replace(/picks|word|one|plain|last/, word => `${word}x`).replace(/# last/, '# lasting') : text.slice(0, at) + (pick(['x', ' ', '\n', ':', '#']) ?? '') + text.slice(at)
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
