// Starts with kept facts against starts from scratch: whatever happened to the project, the environment or the bytes in between, the answers are the same.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { applyFiles, assemble, assembleKept, warmthOf, type Warmth } from '../../../server/dbt/assemble.ts'
import { edgesOf } from '../../../server/dbt/graph/edges.ts'
import { lookupOf } from '../../../server/dbt/graph/lookup.ts'
import type { Inputs } from '../../../server/dbt/inputs.ts'
import { withChanges } from '../../../server/dbt/nodes/overlay-map.ts'
import type { FactsStore } from '../../../server/dbt/ports.ts'
import type { CliOptions } from '../../../server/dbt/project/flags.ts'
import { nodesIn, type Snapshot } from '../../../server/dbt/snapshot.ts'
import { keepingSteps, keptFacts } from '../../../server/dbt/warm.ts'
import { UnknownSignal } from '../../../server/jinja/errors.ts'
import { seal, unseal } from '../../../server/host/facts-bytes.ts'
import { makeFactsStore, type FactsDisk } from '../../../server/host/facts-store.ts'
import { DEFAULTS, requestOf } from '../../../server/ide/settings.ts'
import { parseFixture } from '../../support/fixture.ts'
import { dumpOf } from '../../support/manifest-of.ts'
import { memoryHost } from '../../support/memory-host.ts'

const x = suite('facts between starts')

const SETTINGS = `name: p
version: 1.0.0
profile: p
on-run-start: "select {{ target.name }}"
vars: {which: b}
models:
  p:
    +tags: all
    sub: {+schema: deep, +post-hook: "select 1 from {{ ref('seeded') }}"}
`

const PROJECT = `
  //- dbt_project.yml
  name: overwritten
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: postgres, host: h, user: u, password: "{{ env_var('DBT_ENV_SECRET_PASSWORD', 'none-given') }}", port: 1, dbname: d, schema: main}, prod: {type: postgres, host: h, user: u, password: plain-text-password, port: 1, dbname: d, schema: prod}}}
  //- models/a.sql
  select 1 as id from {{ source('raw', 't') }}
  //- models/b.sql
  {{ config(materialized='table', meta={'n': 1, 'x': 1.5, 'd': modules.datetime.date(2024, 1, 2), 't': ('a', none, true)}) }} select * from {{ ref('a') }} {{ pick('a') }}
  //- models/c.sql
  select * from {{ ref(var('which')) }} -- größer 漢字
  //- models/from_env.sql
  {{ config(alias=env_var('NAME', 'unnamed')) }} select 1
  //- models/on_target.sql
  {% if target.name == 'prod' or this.schema == 'prod' %} select * from {{ ref('a') }} {% else %} select * from {{ ref('b') }} {% endif %}
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
      columns: [{name: id, data_tests: [unique, not_null], description: "{{ doc('word') }}", quote: true, meta: {k: [1, {z: null}]}}]
    - name: b
      config: {meta: {k: "{{ var('which') }}"}, contract: {enforced: true}}
      columns: [{name: id, data_type: int, constraints: [{type: not_null}]}]
      data_tests: [{relationships: {arguments: {to: ref('a'), field: id}, column_name: id}}]
    - name: m
      latest_version: 2
      versions: [{v: 1}, {v: 2}]
      data_tests: [{mine: {arguments: {n: 1}}}]
    - {name: nowhere, description: nothing}
  sources: [{name: raw, description: "raw {{ 1 + 1 }}", freshness: {warn_after: {count: 1, period: day}}, quoting: {identifier: true}, tables: [{name: t, data_tests: [{mine: {arguments: {n: 2}}}], external: {location: s3}}]}]
  exposures: [{name: e, type: dashboard, owner: {name: o}, depends_on: [ref('d'), "source('raw', 't')"]}]
  groups: [{name: g, owner: {name: o}}]
  macros: [{name: pick, description: "picks {{ doc('word') }}", arguments: [{name: x, type: string, description: what}]}]
  unit_tests: [{name: u, model: a, given: [], expect: {rows: [{id: 1}]}}]
  //- models/words.md
  {% docs word %}the word{% enddocs %}
  //- macros/pick.sql
  {% macro pick(x) %}{{ ref(x) }}{% endmacro %}
  {% test mine(model, n) %}select {{ n }} from {{ model }}{% endtest %}
  //- seeds/seeded.csv
  id
  1
  //- snapshots/s.sql
  {% snapshot snap %}{{ config(unique_key='id', strategy='check', check_cols='all', target_schema='s') }} select * from {{ ref('a') }}{% endsnapshot %}
  //- tests/t.sql
  select * from {{ ref('b') }}
`

type Edit = readonly [path: string, text: string | null]

const EDITS: readonly Edit[] = [
  ['models/a.sql', 'select 2 as id'], ['models/a.sql', "select 1 as id from {{ source('raw', 't') }}"], ['models/b.sql', "select * from {{ ref('c') }}"], ['models/b.sql', "{{ config(alias='bb') }}select * from {{ ref('nowhere') }}"],
  ['models/c.sql', "select * from {{ ref('d') }}{{ pick('m') }}"], ['models/c.sql', null], ['models/c.sql', "select * from {{ ref(var('which')) }} -- ü"], ['models/m_v2.sql', 'select 3 as id'], ['models/m_v2.sql', "select {{ pick('b') }}"],
  ['models/off.sql', 'select 1'], ['models/off.sql', '{{ config(enabled=false) }} select 1'], ['models/new.sql', "select * from {{ ref('off') }}"], ['models/new.sql', null], ['models/sub/d.sql', "select {{ unclosed"], ['models/sub/d.sql', "select * from {{ ref('c') }}"],
  ['macros/pick.sql', "{% macro pick(x) %}{{ ref('seeded') }}{% endmacro %}{% test mine(model, n) %}select 1 from {{ model }}, {{ ref('a') }}{% endtest %}"], ['macros/pick.sql', '{% macro pick(x) %}{{ ref(x) }}{% endmacro %}\n{% test mine(model, n) %}select {{ n }} from {{ model }}{% endtest %}'],
  ['macros/names.sql', '{% macro generate_schema_name(custom, node) %}x_{{ node.name }}{% endmacro %}'], ['macros/names.sql', null], ['macros/broken.sql', '{% macro broken( %}'], ['macros/broken.sql', null], ['models/words.md', '{% docs word %}another{% enddocs %}'],
  ['models/words.md', '{% docs word %}the word{% enddocs %}'], ['tests/t.sql', "select * from {{ ref('gone') }}"], ['tests/t.sql', "select * from {{ ref('b') }}"], ['models/_more.yml', 'models: [{name: c, description: seen, config: {enabled: false}}, {name: d, data_tests: [{mine: {arguments: {n: 3}}}]}]'],
  ['models/_more.yml', 'models: [{name: d, config: {group: g}}]'], ['models/_more.yml', null], ['models/broken.yml', 'models: [{name: a'], ['models/broken.yml', null], ['seeds/seeded.csv', 'id,other\n1,2\n'],
  ['dbt_project.yml', SETTINGS.replace('which: b', 'which: a')], ['dbt_project.yml', SETTINGS.replace('+tags: all', '+tags: some')], ['dbt_project.yml', SETTINGS],
  ['packages.yml', 'packages: [{local: ../pkg}]\n'], ['dbt_packages/pkg/dbt_project.yml', 'name: pkg\nversion: 1.0.0\nvars: {of_pkg: 1}\n'], ['dbt_packages/pkg/models/from_pkg.sql', "select {{ var('of_pkg') }}"], ['dbt_packages/pkg/dbt_project.yml', null],
]

const ENVIRONMENTS: readonly Readonly<Record<string, string>>[] = [{}, { NAME: 'one' }, { NAME: 'two', OTHER: 'x' }, { OTHER: 'y' }, { DBT_ENV_SECRET_PASSWORD: 'hush-hush-hush' }]

interface Machine { readonly files: Map<string, string>; env: Readonly<Record<string, string>>; cli: CliOptions }

function machine(): Machine {
  return { files: new Map(parseFixture(PROJECT).files).set('/p/dbt_project.yml', SETTINGS), env: {}, cli: {} }
}

/** A start of its own: nothing is shared with another one. */
function opened({ files, env, cli }: Machine): Inputs {
  const host = memoryHost({ ...parseFixture(PROJECT), files }, env)
  return host.open('/p', { ...requestOf(DEFAULTS), cli }, new Map(), null)
}

const NOW = '2026-01-05T03:04:05.000Z'

function warmStart(at: Machine, store: FactsStore): { readonly snapshot: Snapshot; readonly inputs: Inputs; readonly warmth: Warmth | null; readonly why: string | null } {
  const inputs = opened(at)
  const { kept, why } = keptFacts(store, inputs)
  const snapshot = assemble(inputs, NOW, null, kept)
  return { snapshot, inputs, warmth: warmthOf(snapshot), why }
}

async function keep(store: FactsStore, snapshot: Snapshot, inputs: Inputs): Promise<string | null> {
  const steps = keepingSteps(store, snapshot, inputs)
  for (;;) {
    const step = steps.next()
    if (step.done) return typeof step.value === 'function' ? step.value() : step.value
  }
}

/** A start that leaves its facts. */
async function firstStart(at: Machine, store: FactsStore): Promise<void> {
  const { snapshot, inputs } = warmStart(at, store)
  assert.is(await keep(store, snapshot, inputs), null)
}

function memoryFacts(): { readonly bytes: Map<string, Uint8Array>; readonly disk: FactsDisk } {
  const bytes = new Map<string, Uint8Array>()
  const failing = (code: string): never => { throw Object.assign(new Error(code), { code }) }
  return {
    bytes,
    disk: {
      read: (file) => bytes.get(file) ?? failing('ENOENT'),
      write: (file, data) => { bytes.set(file, data); return Promise.resolve() },
      rename: (from, to) => { bytes.set(to, bytes.get(from) ?? failing('ENOENT')); bytes.delete(from) },
      remove: (file) => { bytes.delete(file) },
      list: () => [], touch: () => undefined,
    },
  }
}

function storeOn(disk: FactsDisk, engine = 'test 1'): FactsStore { return makeFactsStore({ directory: '/cache', off: null, engine: () => engine, disk, nowMs: () => 0 }) }

/** Long texts: the first line that differs says enough. */
function same(one: string, two: string, what: string): void {
  if (one === two) return
  const [left, right] = [one.split('\n'), two.split('\n')]
  const at = left.findIndex((line, index) => line !== right[index])
  assert.unreachable(`${what}, line ${at}:\n${left.slice(Math.max(0, at - 3), at + 2).join('\n')}\ninstead of\n${right.slice(Math.max(0, at - 3), at + 2).join('\n')}`)
}

/** Everything that can be asked of a snapshot's facts, keys in order. */
function answersOf({ manifest, ...rest }: Snapshot): string {
  const { refs, sources, docs, disabled } = lookupOf(manifest)
  const edges = edgesOf(manifest)
  const ids = [...manifest.nodes.keys(), ...manifest.others.keys()]
  return JSON.stringify([
    ordered(JSON.parse(dumpOf(manifest))), ordered(JSON.parse(dumpOf({ ...manifest, nodes: manifest.macros as never }))),
    [refs, sources, docs, disabled].map(table => [...table].map(([name, packages]) => [name, [...packages]])), ids.map(id => [...edges.children(id)].sort()),
    [...rest.files.keys()].map(path => nodesIn({ manifest, ...rest }, path).map(node => node.unique_id)), rest.world.macros.problems,
  ], null, 1)
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, ordered(item)]))
}

function lcg(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
}

for (const seed of [1, 2, 3]) {
  x(`random edits between starts give what starting from scratch gives (${seed})`, async () => {
    const random = lcg(seed)
    const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T => list[Math.floor(random() * list.length)] as T
    const store = storeOn(memoryFacts().disk)
    const at = machine()
    const seen = new Map<string, number>()
    await firstStart(at, store)
    for (let step = 0; step < 12; step++) {
      const said: string[] = []
      for (let edits = Math.floor(random() * 3); edits > 0; edits--) {
        const [path, text] = pick(EDITS)
        said.push(`${path} = ${text}`)
        if (text === null) at.files.delete(`/p/${path}`)
        else at.files.set(`/p/${path}`, text)
      }
      if (random() < 0.15) at.env = pick(ENVIRONMENTS)
      if (random() < 0.1) at.cli = pick<CliOptions>([{}, { target: 'prod' }, { vars: '{which: c}' }, { fullRefresh: true }])
      const { snapshot, inputs, warmth } = warmStart(at, store)
      seen.set(warmth?.kind ?? 'cold', (seen.get(warmth?.kind ?? 'cold') ?? 0) + 1)
      const fresh = assemble(opened(at), NOW, null)
      same(answersOf(snapshot), answersOf(fresh), `${step}: ${said.join(' | ')}`)
      const { kept } = keptFacts(store, inputs)
      const atOnce = kept ? assembleKept(inputs, NOW, kept) : null
      if (atOnce) same(answersOf(atOnce), answersOf(fresh), `${step} at once`)
      // And on from there, as an editor does.
      const path = '/p/models/sub/d.sql'
      const known = inputs.files.get(path)
      if (known) {
        const file = { ...known, text: `select ${step} from {{ ref('a') }}` }
        const typed = { ...inputs, files: withChanges(inputs.files, new Map([[path, file]])) }
        at.files.set(path, file.text)
        same(answersOf(applyFiles(snapshot, typed, [file])), answersOf(assemble(opened(at), NOW, null)), `${step}: typed`)
        at.files.set(path, known.text)
      }
      if (random() < 0.5) assert.is(await keep(store, snapshot, inputs), null)
    }
    assert.ok((seen.get('whole') ?? 0) + (seen.get('edited') ?? 0) >= 1, JSON.stringify([...seen]))
  })
}

x('what is damaged, cut or of another version is noticed', async () => {
  const { bytes, disk } = memoryFacts()
  const store = storeOn(disk)
  const at = machine()
  await firstStart(at, store)
  const [[file, good] = ['', new Uint8Array()]] = bytes
  const fresh = answersOf(assemble(opened(at), NOW, null))
  const random = lcg(7)
  for (let round = 0; round < 120; round++) {
    const bad = Uint8Array.from(good)
    const index = Math.floor(random() * bad.length)
    bad[index] = (bad[index] ?? 0) ^ (1 << Math.floor(random() * 8))
    bytes.set(file, round % 3 === 0 ? bad.subarray(0, index) : bad)
    const { warmth, why } = round % 60 === 0 ? started(at, store, fresh) : { warmth: null, why: keptFacts(store, opened(at)).why }
    assert.is(warmth, null)
    assert.match(why ?? '', /damaged|cut|short|another version|no cache/)
  }
  bytes.set(file, good)
  assert.match(keptFacts(storeOn(disk, 'test 2'), opened(at)).why ?? '', /another version/)
  assert.is(started(at, store, fresh).warmth?.kind, 'whole')
})

function started(at: Machine, store: FactsStore, fresh: string): ReturnType<typeof warmStart> {
  const found = warmStart(at, store)
  same(answersOf(found.snapshot), fresh, 'start')
  return found
}

x('records made up by somebody who knows the format end in answers, never in a crash', async () => {
  const { bytes, disk } = memoryFacts()
  const at = machine()
  await firstStart(at, storeOn(disk))
  const [good = new Uint8Array()] = bytes.values()
  const pages = unseal(good, 'test 1')
  assert.is(pages.kind, 'ok')
  if (pages.kind !== 'ok') return
  const { words, narrow, wide } = pages.pages
  const random = lcg(11)
  const textsOf = (page: typeof narrow): string[] => Array.from(page.ends, (end, index) => page.text.slice(page.ends[index - 1] ?? 0, end))
  for (let round = 0; round < 20; round++) {
    const bad = Int32Array.from(words)
    for (let count = 0; count < 1 + round * 60; count++) bad[Math.floor(random() * (bad.length - 3))] = [0, -1, 2147483647, Math.floor(random() * bad.length), Math.floor(random() * 20)][Math.floor(random() * 5)] ?? 0
    const [file = ''] = bytes.keys()
    bytes.set(file, seal({ words: bad, narrow: { ends: narrow.ends, texts: round % 2 ? textsOf(narrow) : textsOf(narrow).map(text => (text === 'materialized' ? '__proto__' : text)) }, wide: { ends: wide.ends, texts: textsOf(wide) } }, 'test 1'))
    const { snapshot } = warmStart(at, storeOn(disk))
    try {
      answersOf(snapshot)
    } catch (error) {
      // A made-up unknown value has no Python repr for the dump.
      if (!(error instanceof UnknownSignal)) throw error
    }
  }
  assert.is(({} as Record<string, unknown>)['view'], undefined)
})

x('each thing that facts rest on is noticed when it changes, and nothing else', async () => {
  const kindAfter = async (change: (at: Machine) => void): Promise<string> => {
    const store = storeOn(memoryFacts().disk)
    const at = machine()
    await firstStart(at, store)
    change(at)
    const { snapshot, warmth } = warmStart(at, store)
    same(answersOf(snapshot), answersOf(assemble(opened(at), NOW, null)), 'start')
    return warmth?.kind ?? 'cold'
  }
  const set = (path: string, text: string) => kindAfter((at) => at.files.set(`/p/${path}`, text))
  assert.is(await kindAfter(() => undefined), 'whole')
  assert.is(await kindAfter((at) => { at.env = { UNREAD: 'x', HOME: '/other' } }), 'whole')
  assert.is(await kindAfter((at) => { at.cli = { state: 'somewhere', defer: true } }), 'whole')
  assert.is(await kindAfter((at) => { at.env = { NAME: 'another' } }), 'none')
  assert.is(await kindAfter((at) => { at.cli = { target: 'prod' } }), 'cold')
  assert.is(await kindAfter((at) => { at.cli = { vars: '{which: a}' } }), 'cold')
  assert.is(await set('dbt_project.yml', SETTINGS.replace('which: b', 'which: a')), 'none')
  assert.is(await set('profiles.yml', 'p: {target: dev, outputs: {dev: {type: postgres, host: h, user: u, password: x, port: 1, dbname: d, schema: elsewhere}}}'), 'none')
  assert.is(await set('macros/pick.sql', "{% macro pick(x) %}{{ ref('seeded') }}{% endmacro %}"), 'none')
  assert.is(await set('models/_m.yml', 'models: [{name: a, description: other}]'), 'none')
  assert.is(await set('models/a.sql', 'select 5'), 'edited')
  assert.is(await set('models/another.sql', 'select 5'), 'none')
  assert.is(await kindAfter((at) => { at.files.set('/p/dbt_packages/pkg/dbt_project.yml', 'name: pkg\nversion: 1.0.0\n').set('/p/dbt_packages/pkg/models/k.sql', 'select 1') }), 'none')
})

x('no secret reaches the disk', async () => {
  const { bytes, disk } = memoryFacts()
  const at = machine()
  at.env = { DBT_ENV_SECRET_PASSWORD: 'hush-hush-hush', NAME: 'value-of-a-variable' }
  await firstStart(at, storeOn(disk))
  at.cli = { target: 'prod' }
  await firstStart(at, storeOn(disk))
  assert.is(bytes.size, 2)
  const all = [...bytes.values()].map(each => Buffer.from(each).toString('latin1')).join('')
  assert.not.match(all, /hush-hush-hush|plain-text-password/)
  assert.match(all, /value-of-a-variable/)
  // Even where somebody wrote it into a model.
  at.files.set('/p/models/leak.sql', "{{ config(alias='hush-hush-hush') }} select 1")
  const { snapshot, inputs } = warmStart(at, storeOn(disk))
  assert.match(await keep(storeOn(disk), snapshot, inputs) ?? '', /secret/)
  assert.is(bytes.size, 2)
})

x('what is no plain data is not kept, and the reason is said', async () => {
  const at = machine()
  at.files.set('/p/models/strange.sql', '{{ config(meta={"relation": this}) }} select 1')
  const { snapshot, inputs } = warmStart(at, storeOn(memoryFacts().disk))
  assert.match(await keep(storeOn(memoryFacts().disk), snapshot, inputs) ?? '', /^not kept: a \w+/)
})

x.run()
