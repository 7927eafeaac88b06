// What a comparison with the state found is kept for the next start. Whatever is edited, taken back or put in the state's place in between, every
// start answers as one that knows nothing; and a start that changed nothing compares nothing again.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runCli } from '../../server/cli/run.ts'
import type { FactsRead, FactsStore } from '../../server/dbt/ports.ts'
import { seal, unseal } from '../../server/host/facts-bytes.ts'
import { parseFixture } from '../support/fixture.ts'
import { memoryHost } from '../support/memory-host.ts'

const x = suite('comparisons between starts')

// The fixture's state has `select 1` as every model's text.
const PROJECT = `
  //- models/a.sql
  select 1
  //- models/b.sql
  select 1
  //- models/c.sql
  select {{ two() }}
  //- models/new.sql
  select 1
  //- macros/two.sql
  {% macro two() %}2{% endmacro %}
  //- models/s.yml
  models: [{name: a, columns: [{name: id, data_tests: [not_null]}]}]
  //- prod
  model a prod.core.a at models/a.sql as view
  model b prod.core.b at models/b.sql as view
  model c prod.core.c at models/c.sql as view
`

interface Store extends FactsStore { readonly kept: Map<string, Uint8Array>; readonly written: string[] }

function memoryStore(): Store {
  const kept = new Map<string, Uint8Array>()
  const written: string[] = []
  let salts = 0
  return {
    kept, written, directory: '/cache', off: null, salt: () => `salt ${salts++}`,
    read(place): FactsRead {
      const bytes = kept.get(place)
      const unsealed = bytes ? unseal(bytes, 'test') : null
      return unsealed?.kind === 'ok' ? { kind: 'found', pages: unsealed.pages } : { kind: 'none', why: null }
    },
    write(place, facts) { kept.set(place, seal(facts, 'test')); written.push(place.endsWith('compared') ? 'compared' : 'facts'); return Promise.resolve(null) },
  }
}

const QUESTIONS = ['state:modified', 'state:new', 'state:modified.configs', 'state:unmodified+', 'state:modified.macros'] as const

async function ask(files: ReadonlyMap<string, string>, select: string, facts: FactsStore | null): Promise<string> {
  const fixture = parseFixture(PROJECT)
  const host = memoryHost(fixture)
  host.files.clear()
  for (const [path, text] of files) host.files.set(path, text)
  let out = ''
  const io = { out: (text: string) => { out += text }, err: (text: string) => { out += text }, color: false }
  const code = await runCli(['ls', '--resource-type', 'all', '--select', ...select.split(' ')], { host: facts === null ? host : Object.assign(host, { facts }), io, cwd: fixture.root, version: '0.0.0-test' })
  return `${out}${code}`
}

const A = '/p/models/a.sql'
const STATE = '/p/state/manifest.json'
const EDITS: readonly (readonly [string, (files: Map<string, string>) => void])[] = [
  ['nothing', () => undefined],
  ['a model edited', (files) => { files.set(A, 'select 3') }],
  ['the edit taken back, another one made', (files) => { files.set(A, 'select 1'); files.set('/p/models/b.sql', "{{ config(tags='x') }} select 1") }],
  ['both taken back', (files) => { files.set('/p/models/b.sql', 'select 1') }],
  ['a macro', (files) => { files.set('/p/macros/two.sql', '{% macro two() %}3{% endmacro %}') }],
  ['a new model', (files) => { files.set('/p/models/newer.sql', 'select 1') }],
  ['a model gone', (files) => { files.delete('/p/models/newer.sql') }],
  ['a property', (files) => { files.set('/p/models/s.yml', 'models: [{name: b, config: {tags: [y]}}]') }],
  ['the state has another text', (files) => { files.set(STATE, (files.get(STATE) ?? '').replaceAll('"raw_code":"select 1"', '"raw_code":"select 4"')) }],
  ['and its own again', (files) => { files.set(STATE, (files.get(STATE) ?? '').replaceAll('"raw_code":"select 4"', '"raw_code":"select 1"')) }],
]

x('every start answers as one that knows nothing', async () => {
  const files = new Map(memoryHost(parseFixture(PROJECT)).files)
  const facts = memoryStore()
  for (const [name, edit] of EDITS) {
    edit(files)
    // Twice: with what was kept before the edit, and after it.
    for (const round of [1, 2]) for (const select of QUESTIONS) assert.is(await ask(files, select, facts), await ask(files, select, null), `${name}, ${select}, ${round}`)
  }
})

x('an edit that is made first and taken back later is compared again', async () => {
  const files = new Map(memoryHost(parseFixture(PROJECT)).files)
  const facts = memoryStore()
  await ask(files, 'tag:none', facts)
  assert.equal(facts.written, ['facts'])
  files.set(A, 'select 3')
  assert.match(await ask(files, 'state:modified', facts), /p\.a\n/)
  files.set(A, 'select 1')
  assert.is(await ask(files, 'state:modified', facts), await ask(files, 'state:modified', null))
})

x('what was found is kept once, and believed', async () => {
  const files = new Map(memoryHost(parseFixture(PROJECT)).files)
  const facts = memoryStore()
  const first = await ask(files, 'state:modified', facts)
  assert.equal(facts.written, ['facts', 'compared'])
  assert.is(await ask(files, 'state:modified', facts), first)
  assert.is(await ask(files, 'state:modified', facts), first)
  assert.equal(facts.written, ['facts', 'compared'])
  assert.match(first, /p\.c\n/)
})

x.run()
