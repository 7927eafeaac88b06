import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { applyFiles, assemble } from '../../server/dbt/assemble.ts'
import type { Inputs } from '../../server/dbt/inputs.ts'
import { callsIn, nodesIn, type Snapshot } from '../../server/dbt/snapshot.ts'
import { allDiagnostics, diagnostics } from '../../server/ide/diagnostics.ts'
import { DEFAULTS, requestOf } from '../../server/ide/settings.ts'
import { parseFixture } from '../support/fixture.ts'
import { memoryHost } from '../support/memory-host.ts'
import { dumpOf } from '../support/manifest-of.ts'

const x = suite('from one snapshot to the next')

const PROJECT = `
  //- dbt_project.yml
  name: p
  profile: p
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
  //- models/a.sql
  select 1 as id
  //- models/b.sql
  select * from {{ ref('a') }}
  //- models/c.sql
  select * from {{ ref('b') }} {{ pick('a') }}
  //- models/_m.yml
  models: [{name: a, columns: [{name: id, data_tests: [unique]}]}, {name: c, config: {tags: [t]}}]
  //- macros/pick.sql
  {% macro pick(x) %}{{ ref(x) }}{% endmacro %}
`

const TEXTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['/p/models/a.sql', ['select 1 as id', 'select 2', "select * from {{ ref('a') }}", '{{ config(enabled=false) }}', "{{ config(alias='b') }}"]],
  ['/p/models/b.sql', ["select * from {{ ref('a') }}", "select * from {{ ref('gone') }}", "{{ ref('a' }}", "{{ config(tags=['x']) }}{{ ref('c') }}"]],
  ['/p/models/c.sql', ["select * from {{ ref('b') }} {{ pick('a') }}", "{{ pick('nowhere') }}", 'select 3']],
  ['/p/models/_m.yml', ['models: [{name: a, columns: [{name: id, data_tests: [unique]}]}, {name: c, config: {tags: [t]}}]', 'models: [{name: a', 'models: [{name: b, config: {enabled: false}}]']],
  ['/p/macros/pick.sql', ['{% macro pick(x) %}{{ ref(x) }}{% endmacro %}', '{% macro pick(x) %}1{% endmacro %}', '{% macro pick(x) %}{{ ref(']],
])

function opened(): { inputs: Inputs; host: ReturnType<typeof memoryHost> } {
  const host = memoryHost(parseFixture(PROJECT))
  return { host, inputs: host.open('/p', requestOf(DEFAULTS), new Map(), null) }
}

function seen(snapshot: Snapshot): string {
  const paths = [...snapshot.files.keys()]
  return JSON.stringify([
    dumpOf(snapshot.manifest), [...allDiagnostics(snapshot)], paths.map((path) => [path, diagnostics(snapshot, path), nodesIn(snapshot, path).map((node) => node.unique_id), callsIn(snapshot, path).map((each) => [each.node.unique_id, each.resolution.target])]),
  ])
}

x('any sequence of edits gives what reading everything anew gives', () => {
  let state = 7
  const random = (below: number): number => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor(state / 2147483648 * below) }
  const { host, inputs: first } = opened()
  let inputs = first
  let snapshot = assemble(inputs, host.now(), null)
  for (let step = 0; step < 30; step++) {
    const [path, texts] = [...TEXTS][random(TEXTS.size)] ?? ['', []]
    const known = inputs.files.get(path)
    assert.ok(known)
    const file = host.unsaved(known, texts[random(texts.length)] ?? '')
    inputs = { ...inputs, files: new Map(inputs.files).set(path, file) }
    snapshot = applyFiles(snapshot, inputs, [file])
    assert.is(seen(snapshot), seen(assemble(inputs, host.now(), null)), `${step}: ${path} = ${file.text}`)
  }
})

x('new evidence alone keeps the manifest', () => {
  const { host, inputs } = opened()
  const before = assemble(inputs, host.now(), null)
  assert.is(assemble({ ...inputs, evidence: { ...inputs.evidence } }, host.now(), before).manifest, before.manifest)
})

x.run()
