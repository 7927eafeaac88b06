// Unsaved text: what is typed counts at once, and what was told of older text is taken back.

import { setTimeout as wait } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Hover, InlayHint, LocationLink } from 'vscode-languageserver'
import { covered, startClient } from '../support/client.ts'

const edits = suite('edits')

const PROJECT = `
  //- models/orders.sql
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
  //- models/m.yml
  models:
    - name: users
      description: all users
`
const ORDERS = 'models/orders.sql'

edits('edit, diagnostic, fix', async () => {
  const client = await startClient(PROJECT)
  await client.open(ORDERS)
  await client.edit(ORDERS, "select * from {{ ref('usr') }}")
  const [problem] = await client.diagnostics(ORDERS, (all) => all.length === 1)
  assert.is(problem?.code, 'ref-not-found')
  assert.is(client.published.findLast((each) => each.uri === client.uri(ORDERS))?.version, 2)
  const actions = await client.request<{ title: string; edit?: { changes: Record<string, { newText: string }[]> } }[]>('textDocument/codeAction', { textDocument: { uri: client.uri(ORDERS) }, range: problem?.range, context: { diagnostics: [problem] } })
  const fix = actions.find((each) => each.title === "Change to 'users'")
  assert.is(fix?.edit?.changes[client.uri(ORDERS)]?.[0]?.newText, 'users')
  await client.edit(ORDERS, "select * from {{ ref('users') }}")
  await client.diagnostics(ORDERS, (all) => all.length === 0)
  await client.stop()
})

edits('an edit here is a diagnostic there', async () => {
  const client = await startClient(PROJECT)
  await client.open(ORDERS)
  await client.open('models/users.sql')
  await client.edit('models/users.sql', '{{ config(enabled=false) }} select 1')
  const [problem] = await client.diagnostics(ORDERS, (all) => all.length === 1)
  assert.is(problem?.code, 'ref-disabled')
  await client.close('models/users.sql')
  await client.diagnostics(ORDERS, (all) => all.length === 0)
  await client.stop()
})

edits('incremental edits, in UTF-16, behind an emoji', async () => {
  const client = await startClient(PROJECT)
  await client.open(ORDERS, "-- 🎉🎉 {{ ref('usr') }}")
  await client.change(ORDERS, [{ range: { start: { line: 0, character: 18 }, end: { line: 0, character: 19 } }, text: 'er' }, { range: { start: { line: 0, character: 20 }, end: { line: 0, character: 20 } }, text: 's' }], 2)
  const found = await client.request<LocationLink[]>('textDocument/definition', { textDocument: { uri: client.uri(ORDERS) }, position: { line: 0, character: 17 } })
  assert.is(found[0]?.targetUri, client.uri('models/users.sql'))
  assert.equal(found[0]?.originSelectionRange, { start: { line: 0, character: 16 }, end: { line: 0, character: 21 } })
  await client.stop()
})

edits('versions out of order and edits of what is not open', async () => {
  const client = await startClient(PROJECT)
  await client.change(ORDERS, [{ text: 'nothing' }], 7)
  await client.open(ORDERS)
  await client.change(ORDERS, [{ text: "select * from {{ ref('nope') }}" }], 9)
  await client.diagnostics(ORDERS, (all) => all.length === 1)
  await client.change(ORDERS, [{ text: "select * from {{ ref('users') }}" }], 4)
  await client.diagnostics(ORDERS, (all) => all.length === 0)
  await client.change(ORDERS, [{ range: { start: { line: 99, character: 1 }, end: { line: -1, character: 5 } }, text: 'x' }], 10)
  assert.ok(await client.request('textDocument/documentSymbol', { textDocument: { uri: client.uri(ORDERS) } }))
  await client.stop()
})

edits('of many edits the last is told', async () => {
  const client = await startClient(PROJECT)
  await client.open(ORDERS)
  for (let index = 0; index < 50; index++) void client.edit(ORDERS, `select ${index} from {{ ref('nope_${index}') }}`)
  await client.edit(ORDERS, "select * from {{ ref('users') }}")
  await client.diagnostics(ORDERS, (all) => all.length === 0)
  await new Promise((resolve) => { setTimeout(resolve, 400) })
  assert.is(client.published.findLast((each) => each.uri === client.uri(ORDERS))?.diagnostics.length, 0)
  const versions = client.published.filter((each) => each.uri === client.uri(ORDERS)).map((each) => each.version ?? 0)
  assert.equal(versions, versions.toSorted((one, other) => one - other))
  await client.stop()
})

edits('broken YAML keeps the last good facts and says where it breaks', async () => {
  const client = await startClient(PROJECT)
  await client.open('models/m.yml')
  await client.open(ORDERS)
  await client.edit('models/m.yml', 'models:\n  - name: users\n    description: [all\n')
  const [problem] = await client.diagnostics('models/m.yml', (all) => all.length > 0)
  assert.is(problem?.code, 'yaml-syntax')
  const hover = await client.ask<Hover>('textDocument/hover')
  assert.match(JSON.stringify(hover.contents), 'all users')
  await client.stop()
})

edits('a new file that only the editor has', async () => {
  const client = await startClient(PROJECT)
  await client.open(ORDERS, "select * from {{ ref('brand_new') }}")
  await client.diagnostics(ORDERS, (all) => all.length === 1)
  client.host.files.set('/p/models/brand_new.sql', 'select 1')
  client.host.touch('/p/models/brand_new.sql')
  await client.diagnostics(ORDERS, (all) => all.length === 0)
  await client.stop()
})

edits('files that no project reads, and what dbt compiles, have nothing read again', async () => {
  let readings = 0
  const client = await startClient(PROJECT, { host: (host) => ({ ...host, * openSteps(...given) { readings++; return yield* host.openSteps(...given) } }) })
  await client.open(ORDERS)
  await client.request('textDocument/inlayHint', { textDocument: { uri: client.uri(ORDERS) }, range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } } })
  const before = readings
  await client.open('README.md', '# Shop')
  await client.edit('README.md', '# The shop')
  await client.close('README.md')
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: client.uri('target/compiled/p/models/orders.sql'), type: 1 }] })
  await new Promise((resolve) => { setTimeout(resolve, 400) })
  assert.is(readings, before)
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: client.uri('target/manifest.json'), type: 2 }] })
  await client.until('the artifact', () => readings > before)
  const then = readings
  await client.open('models/brand_new.sql', 'select 1')
  await client.until('a resource to be', () => readings > then)
  await client.stop()
})

edits('dbt_project.yml and profiles.yml are read again', async () => {
  const client = await startClient(PROJECT)
  await client.open(ORDERS)
  const hints = () => client.request<InlayHint[]>('textDocument/inlayHint', { textDocument: { uri: client.uri(ORDERS) }, range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } } })
  assert.equal((await hints()).map((each) => each.label), ['→ dev.dev_me.users'])
  client.host.files.set('/p/profiles.yml', 'p:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: /p/dev.duckdb, schema: dev_you}\n')
  client.host.touch('/p/profiles.yml')
  for (let tries = 0; tries < 200 && (await hints())[0]?.label !== '→ dev.dev_you.users'; tries++) await new Promise((resolve) => { setTimeout(resolve, 20) })
  assert.equal((await hints()).map((each) => each.label), ['→ dev.dev_you.users'])
  await client.stop()
})

edits('rename over the protocol', async () => {
  const client = await startClient(PROJECT, { capabilities: { workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['rename'] } }, textDocument: { rename: { prepareSupport: true } } } })
  await client.open(ORDERS)
  await client.request('textDocument/inlayHint', { textDocument: { uri: client.uri(ORDERS) }, range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } } })
  const prepared = await client.ask<{ range: { start: { line: number; character: number }; end: { line: number; character: number } }; placeholder: string }>('textDocument/prepareRename')
  assert.is(prepared.placeholder, 'users')
  assert.is(covered(client, ORDERS, prepared.range), 'users')
  const edit = await client.ask<{ documentChanges: { kind?: string; newUri?: string }[] }>('textDocument/rename', { newName: 'people' })
  assert.is(edit.documentChanges.at(-1)?.newUri, client.uri('models/people.sql'))
  assert.is(edit.documentChanges.length, 3)
  const files = await client.request<{ changes: object }>('workspace/willRenameFiles', { files: [{ oldUri: client.uri('models/users.sql'), newUri: client.uri('models/people.sql') }] })
  assert.equal(Object.keys(files.changes).toSorted(), [client.uri('models/m.yml'), client.uri(ORDERS)])
  await client.stop()
})

edits('a new buffer is a model before it is saved, and none once it is closed; a deleted one is none though its buffer stays', async () => {
  const client = await startClient(PROJECT)
  await client.open(ORDERS, "select * from {{ ref('people') }}")
  await client.diagnostics(ORDERS, (all) => all[0]?.code === 'ref-not-found')
  await client.open('models/people.sql', "select * from {{ ref('usr') }}")
  await client.diagnostics('models/people.sql', (all) => all[0]?.code === 'ref-not-found')
  await client.diagnostics(ORDERS, (all) => all.length === 0)
  await client.close('models/people.sql')
  await client.diagnostics(ORDERS, (all) => all[0]?.code === 'ref-not-found')
  await client.open('models/users.sql')
  await client.edit(ORDERS, "select * from {{ ref('users') }}")
  await client.diagnostics(ORDERS, (all) => all.length === 0)
  client.host.files.delete('/p/models/users.sql')
  client.host.touch('/p/models/users.sql')
  await client.diagnostics(ORDERS, (all) => all[0]?.code === 'ref-not-found')
  await client.stop()
})

edits('what is typed while the project is being read is not lost', async () => {
  const gate = { open: () => undefined as void }
  const opened = new Promise<void>((resolve) => { gate.open = resolve })
  const client = await startClient(`
    //- models/a.sql
    select 1
    //- models/b.sql
    select 1
  `, { host: (host) => ({ ...host, *openSteps(root, request, overlay, previous) { const inputs = host.open(root, request, overlay, previous); gate.open(); for (const until = performance.now() + 200; performance.now() < until;) yield; return inputs } }) })
  await client.open('models/a.sql')
  await opened
  await client.edit('models/a.sql', "select * from {{ ref('nope') }}")
  await client.diagnostics('models/a.sql', (all) => all.length === 1)
  await client.stop()
})

edits('nor is what is typed while it is read again', async () => {
  let readings = 0
  let begun = (): void => undefined
  let over = (): void => undefined
  const again = new Promise<void>((resolve) => { begun = resolve })
  const done = new Promise<void>((resolve) => { over = resolve })
  const client = await startClient(PROJECT, {
    host: (host) => ({
      ...host,
      *openSteps(root, request, overlay, previous) {
        const inputs = host.open(root, request, overlay, previous)
        if (++readings > 1) begun()
        for (const until = performance.now() + (readings > 1 ? 200 : 0); performance.now() < until;) yield
        if (readings > 1) over()
        return inputs
      },
    }),
  })
  await client.open(ORDERS)
  await client.edit(ORDERS, "select * from {{ ref('usr') }}")
  await client.diagnostics(ORDERS, (all) => all.length === 1)
  await client.request('workspace/executeCommand', { command: 'dbtDefer.refresh', arguments: [] })
  await again
  await client.edit(ORDERS, "select * from {{ ref('usr') }}, {{ ref('usrs') }}")
  await client.diagnostics(ORDERS, (all) => all.length === 2)
  await done
  await wait(500)
  assert.is(client.published.findLast((each) => each.uri === client.uri(ORDERS))?.diagnostics.length, 2)
  await client.stop()
})

edits.run()
