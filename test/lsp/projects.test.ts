// Several projects in one server, roots found per file, and the same findings as on the command line.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { LocationLink } from 'vscode-languageserver'
import { assemble } from '../../server/dbt/assemble.ts'
import { findings, record } from '../../server/cli/check.ts'
import { DEFAULTS, layerSettings, requestOf } from '../../server/ide/settings.ts'
import { startClient } from '../support/client.ts'
import { memoryHost } from '../support/memory-host.ts'
import { parseFixture } from '../support/fixture.ts'

const projects = suite('projects')

projects('two projects side by side keep to themselves', async () => {
  const client = await startClient(`
    //- /mono/one/dbt_project.yml
    name: one
    profile: p
    //- /mono/one/profiles.yml
    p: {target: dev, outputs: {dev: {type: duckdb, path: /mono/one/one.duckdb, schema: s}}}
    //- /mono/one/models/a.sql
    select * from {{ ref('b') }}
    //- /mono/one/models/b.sql
    select 1
    //- /mono/two/dbt_project.yml
    name: two
    profile: p
    //- /mono/two/profiles.yml
    p: {target: dev, outputs: {dev: {type: duckdb, path: /mono/two/two.duckdb, schema: s}}}
    //- /mono/two/models/a.sql
    select * from {{ ref('c') }}
    //- /mono/two/models/b.sql
    select 2
  `)
  await client.open('/mono/one/models/a.sql')
  await client.open('/mono/two/models/a.sql')
  const [problem] = await client.diagnostics('/mono/two/models/a.sql', (all) => all.length === 1)
  assert.is(problem?.code, 'ref-not-found')
  const found = await client.request<LocationLink[]>('textDocument/definition', { textDocument: { uri: client.uri('/mono/one/models/a.sql') }, position: { line: 0, character: 22 } })
  assert.equal(found.map((each) => each.targetUri), ['file:///mono/one/models/b.sql'])
  const symbols = await client.request<{ name: string }[]>('workspace/symbol', { query: 'b' })
  assert.is(symbols.filter((each) => each.name === 'b').length, 2)
  await client.stop()
})

projects('a folder that is closed takes its findings along', async () => {
  const client = await startClient(`
    //- /mono/one/dbt_project.yml
    name: one
    profile: p
    //- /mono/one/profiles.yml
    p: {target: dev, outputs: {dev: {type: duckdb, path: /mono/one/one.duckdb, schema: s}}}
    //- /mono/one/models/a.sql
    select * from {{ ref('nope') }}
    //- /mono/one/models/b.sql
    select 1
  `)
  await client.open('/mono/one/models/b.sql')
  await client.diagnostics('/mono/one/models/a.sql', (all) => all.length === 1)
  const folder = { uri: client.uri('/mono/one'), name: 'one' }
  const leave = () => client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [folder] } })
  await leave()
  assert.is((await client.request<unknown[]>('workspace/symbol', { query: 'b' })).length > 0, true, 'an open document keeps its project')
  await client.close('/mono/one/models/b.sql')
  await leave()
  await client.diagnostics('/mono/one/models/a.sql', (all) => all.length === 0)
  assert.equal(await client.request('workspace/symbol', { query: 'b' }), [])
  await client.stop()
})

projects('a file of an installed package belongs to the project around it', async () => {
  const client = await startClient(`
    //- dbt_packages/tools/dbt_project.yml
    name: tools
    //- dbt_packages/tools/models/tool.sql
    select * from {{ ref('us$0ers') }}
    //- dbt_packages/tools/models/users.sql
    select 1
    //- models/orders.sql
    select * from {{ ref('tools', 'tool') }}
  `)
  await client.open('models/orders.sql')
  const found = await client.request<LocationLink[]>('textDocument/definition', { textDocument: { uri: client.uri('models/orders.sql') }, position: { line: 0, character: 32 } })
  assert.equal(found.map((each) => each.targetUri), ['file:///p/dbt_packages/tools/models/tool.sql'])
  assert.ok(await client.ask('textDocument/definition'))
  await client.stop()
})

const TROUBLED = `
  //- prod
  model users prod.core.users at models/users.sql as view
  //- dev
  dev_me.users
  //- models/a.sql
  select * from {{ ref('users') }} join {{ ref('nope') }} join {{ source('x', 'y') }}
  //- models/b.sql
  select {{ ref('a') }} {% if %}
  //- models/c.sql
  select {{ nomacro() }} from {{ ref('fresh') }}
  //- models/fresh.sql
  select 1
  //- models/users.sql
  select 1
  //- models/sub/users.sql
  select 2
  //- models/n.yml
  models:
    - name: fresh
      config: {materialized: 5, access: wrong}
      constraints: [{type: nope}]
  //- models/m.yml
  models:
    - name: gone
      description: x
    - name: a
      columns: [{name: id, tests: [unknown_test, {relationships: {to: ref('nix'), field: id}}]}]
`

projects('a large folder is looked through no longer when it is gone', async () => {
  let looks = 0
  const client = await startClient(`
    //- /big/notes.sql
    select 1
  `, { host: (host) => ({ ...host, * outsideSteps(folders) { looks++; while (folders.length > 0) yield; return new Map() } }) })
  const folder = { uri: 'file:///p', name: 'p' }
  await client.open('/big/notes.sql')
  const hover = client.request('textDocument/hover', { textDocument: { uri: client.uri('/big/notes.sql') }, position: { line: 0, character: 0 } })
  await client.until('a look', () => looks > 0)
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [folder] } })
  assert.is(await hover, null)
  assert.is(looks, 1)
  await client.stop()
})

projects('the command line and the server find the same', async () => {
  const fixture = parseFixture(TROUBLED)
  const host = memoryHost(fixture)
  const request = requestOf(layerSettings(DEFAULTS, host.projectSettings('/p').data).settings)
  const inputs = host.open('/p', request, new Map(), null)
  const first = assemble(inputs, host.now(), null)
  const snapshot = assemble({ ...inputs, evidence: await host.evidence(inputs, request, first.manifest) }, host.now(), first)
  const wanted = findings({ root: '/p', snapshot, inputs, host, salt: null, unusable: null, saidBy: (from: string) => from }, [], '/p').map((each) => record(each, '/p')).map(({ path, range, severity, code, message }) => ({ path, range, severity, code, message }))
  assert.ok(wanted.length >= 11, `only ${wanted.length}`)

  const client = await startClient(TROUBLED)
  await client.open('models/a.sql')
  const paths = [...new Set(wanted.map((each) => each.path))]
  for (const path of paths) {
    const here = wanted.filter((each) => each.path === path)
    const told = await client.diagnostics(path, (all) => all.length === here.length)
    assert.equal(told.map(({ range, severity, code, message }) => ({ path, range, severity, code, message })), here)
  }
  assert.equal([...new Set(client.published.filter((each) => each.diagnostics.length > 0).map((each) => each.uri.slice('file:///p/'.length)))].toSorted(), paths.toSorted())
  await client.stop()
})

projects.run()
