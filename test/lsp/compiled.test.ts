// The compiled document: through workspace/textDocumentContent, or as a file, following every edit.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startClient } from '../support/client.ts'

const compiled = suite('compiled documents')

const PROJECT = `
  //- models/orders.sql
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
`
const SHOW = 'dbtDefer.showCompiled'

interface Shown { readonly uri: string; readonly path: string | null; readonly exact: boolean }

compiled('as a document of the scheme dbt-compiled', async () => {
  const client = await startClient(PROJECT, { capabilities: { workspace: { textDocumentContent: {} } } })
  const refreshed: string[] = []
  client.connection.onRequest('workspace/textDocumentContent/refresh', ({ uri }: { uri: string }) => { refreshed.push(uri); return null })
  assert.equal(client.initialized.capabilities.workspace?.textDocumentContent, { schemes: ['dbt-compiled'] })
  await client.open('models/orders.sql')
  const shown = await client.request<Shown>('workspace/executeCommand', { command: SHOW, arguments: [client.uri('models/orders.sql')] })
  assert.ok(shown.uri.startsWith('dbt-compiled:'))
  assert.is(shown.exact, true)
  const { text } = await client.request<{ text: string }>('workspace/textDocumentContent', { uri: shown.uri })
  assert.match(text, /^select \* from "\w+"\."\w+"\."users"$/)
  await client.edit('models/orders.sql', "select 2 from {{ ref('users') }}")
  await client.until('refresh', () => refreshed.length > 0)
  assert.equal(refreshed, [shown.uri])
  assert.match((await client.request<{ text: string }>('workspace/textDocumentContent', { uri: shown.uri })).text, /^select 2 from/)
  await client.stop()
})

compiled('of a path as actions name it, whatever it is called', async () => {
  const client = await startClient(`
    //- models/100%25 #1/orders.sql
    select 1
  `)
  const path = '/p/models/100%25 #1/orders.sql'
  const shown = await client.request<Shown>('workspace/executeCommand', { command: SHOW, arguments: [path, 'model.p.orders'] })
  assert.match(client.host.files.get(shown.path ?? '') ?? '', /^select 1/)
  const { text } = await client.request<{ text: string }>('workspace/executeCommand', { command: 'dbtDefer.copyCompiled', arguments: [`file://${path.split('/').map(encodeURIComponent).join('/')}`] })
  assert.is(text, 'select 1')
  await client.stop()
})

compiled('as a file for other clients', async () => {
  const client = await startClient(PROJECT, { env: { DBT_TARGET_PATH: '/built' }, capabilities: { window: { showDocument: { support: false } } } })
  await client.open('models/orders.sql')
  const shown = await client.request<Shown>('workspace/executeCommand', { command: SHOW, arguments: [client.uri('models/orders.sql')] })
  assert.ok(shown.path?.startsWith('/built/'), String(shown.path))
  const said = () => client.messages.filter((each) => each.method === 'window/showMessage').map((each) => (each.params as { message: string }).message)
  // This client opens no document when it is told to: the user must know where it is.
  assert.equal(said(), [`The compiled SQL is in ${String(shown.path)} and follows what you type`])
  await client.request('workspace/executeCommand', { command: SHOW, arguments: [client.uri('dbt_project.yml')] })
  assert.is(said().at(-1), 'nothing here is compiled')
  await client.open('models/off.sql', '{{ config(enabled=false) }} select 1')
  client.host.files.set('/p/models/off.sql', '{{ config(enabled=false) }} select 1')
  client.host.touch('/p/models/off.sql')
  for (let tries = 0; tries < 100 && said().at(-1) !== 'off is disabled: dbt compiles nothing of it'; tries++) {
    await new Promise((resolve) => { setTimeout(resolve, 20) })
    await client.request('workspace/executeCommand', { command: SHOW, arguments: [client.uri('models/off.sql')] })
  }
  assert.is(said().at(-1), 'off is disabled: dbt compiles nothing of it')
  const file = shown.path ?? ''
  assert.match(client.host.files.get(file) ?? '', /^select \* from/)
  await client.edit('models/orders.sql', 'select {{ run_started_at }} from {{ ref("users") }}')
  await client.until('the file', () => client.host.files.get(file)?.startsWith('select {{ run_started_at }} from "') === true)
  await client.stop()
})

const MODELS = `
  //- models/orders.sql
  select {{ cents('amount') }} as paid
  from {{ ref('users') }}$0
  //- models/users.sql
  select 1
  //- macros/lib.sql
  {% macro cents(column) %}round({{ column }} / 100, 2){% endmacro %}
  //- prod
  model users prod_db.core.users
  //- dev
  main.other
`
const CONTENT = { capabilities: { workspace: { textDocumentContent: {} }, textDocument: { hover: { contentFormat: ['markdown'] } } } }
interface Place { readonly uri: string; readonly range: { readonly start: { line: number; character: number }; readonly end: { line: number; character: number } } }

compiled('hover, definition, references and hints inside compiled text', async () => {
  const client = await startClient(MODELS, CONTENT)
  await client.open('models/orders.sql')
  const { uri } = await client.request<Shown>('workspace/executeCommand', { command: SHOW, arguments: [client.uri('models/orders.sql')] })
  const { text } = await client.request<{ text: string }>('workspace/textDocumentContent', { uri })
  assert.is(text, 'select round(amount / 100, 2) as paid\nfrom "prod_db"."core"."users"')
  const textDocument = { uri }
  const onUsers = { line: 1, character: 24 }
  const onRound = { line: 0, character: 9 }
  const relation = await client.request<{ contents: { value: string } }>('textDocument/hover', { textDocument, position: onUsers })
  assert.match(relation.contents.value, /reads production/)
  const round = await client.request<{ contents: { value: string } }>('textDocument/hover', { textDocument, position: onRound })
  assert.match(round.contents.value, /from macro p\.cents, macros\/lib\.sql:1 {2}\ncalled at models\/orders\.sql:1/)
  const model = await client.request<Place[]>('textDocument/definition', { textDocument, position: onUsers })
  assert.equal(model.map((each) => each.uri), [client.uri('models/users.sql')])
  const macro = await client.request<Place[]>('textDocument/definition', { textDocument, position: onRound })
  assert.equal(macro, [{ uri: client.uri('macros/lib.sql'), range: { start: { line: 0, character: 27 }, end: { line: 0, character: 27 } } }])
  const uses = await client.request<Place[]>('textDocument/references', { textDocument, position: onUsers, context: { includeDeclaration: false } })
  assert.equal(uses.map((each) => each.uri), [client.uri('models/orders.sql')])
  const hints = await client.request<{ label: string; position: { line: number; character: number } }[]>('textDocument/inlayHint', { textDocument, range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } } })
  assert.equal(hints.map((each) => [each.label, each.position]), [['← prod', { line: 1, character: 29 }]])
  await client.stop()
})

compiled('from a selection to its counterpart, and back', async () => {
  const client = await startClient(MODELS, CONTENT)
  await client.open('models/orders.sql')
  const { uri } = await client.request<Shown>('workspace/executeCommand', { command: SHOW, arguments: [client.uri('models/orders.sql')] })
  const range = { start: { line: 0, character: 12 }, end: { line: 0, character: 14 } }
  const there = await client.request<{ uri: string; ranges: Place['range'][] }>('workspace/executeCommand', { command: 'dbtDefer.toCompiled', arguments: [client.uri('models/orders.sql'), range] })
  assert.equal(there, { uri, ranges: [{ start: { line: 0, character: 7 }, end: { line: 0, character: 29 } }] })
  const back = await client.request<Place & { macro: string; calls: Place[] }>('workspace/executeCommand', { command: 'dbtDefer.toSource', arguments: [uri, { start: { line: 0, character: 7 }, end: { line: 0, character: 12 } }] })
  assert.is(back.uri, client.uri('macros/lib.sql'))
  assert.is(back.macro, 'macro.p.cents')
  assert.equal(back.range, { start: { line: 0, character: 25 }, end: { line: 0, character: 30 } })
  assert.equal(back.calls.map((each) => [each.uri, each.range.start]), [[client.uri('models/orders.sql'), { line: 0, character: 10 }]])
  const fromMacro = await client.request<{ ranges: Place['range'][] }>('workspace/executeCommand', { command: 'dbtDefer.toCompiled', arguments: [client.uri('macros/lib.sql'), back.range, uri] })
  assert.equal(fromMacro.ranges, [{ start: { line: 0, character: 7 }, end: { line: 0, character: 12 } }])
  assert.is(await client.request('workspace/executeCommand', { command: 'dbtDefer.toSource', arguments: [client.uri('models/orders.sql'), range] }), null)
  assert.is(await client.request('workspace/executeCommand', { command: 'dbtDefer.toCompiled', arguments: [1, 2, 3] }), null)
  await client.stop()
})

interface Sides { readonly left: Shown; readonly right: Shown; readonly title: string }

compiled('diffs: saved and unsaved, production and here, without and with defer; copying', async () => {
  const client = await startClient(MODELS.replace('model users prod_db.core.users', 'model users prod_db.core.users\n  model orders prod_db.core.orders'), CONTENT)
  await client.open('models/orders.sql')
  await client.edit('models/orders.sql', "select 2 from {{ ref('users') }}")
  const sides = async (command: string): Promise<readonly [string, string]> => {
    const { left, right } = await client.request<Sides>('workspace/executeCommand', { command, arguments: [client.uri('models/orders.sql')] })
    const text = async ({ uri }: Shown): Promise<string> => (await client.request<{ text: string }>('workspace/textDocumentContent', { uri })).text
    return [await text(left), await text(right)]
  }
  const now = 'select 2 from "prod_db"."core"."users"'
  assert.equal(await sides('dbtDefer.diffSaved'), ['select round(amount / 100, 2) as paid\nfrom "prod_db"."core"."users"', now])
  const [without, withDefer] = await sides('dbtDefer.diffDefer')
  assert.match(without, /^select 2 from "\w+"\."\w+"\."users"$/)
  assert.ok(!without.includes('prod_db'))
  assert.is(withDefer, now)
  const state = await client.request<Sides>('workspace/executeCommand', { command: 'dbtDefer.diffState', arguments: [client.uri('models/orders.sql')] })
  assert.equal([state.left.exact, state.right.exact], [false, true])
  const path = Array.from(client.host.files.keys()).find((each) => each.endsWith('manifest.json')) ?? ''
  const manifest = JSON.parse(client.host.files.get(path) ?? '') as { nodes: Record<string, Record<string, unknown>> }
  Object.assign(manifest.nodes['model.p.orders'] ?? {}, { compiled_code: 'select 0 from prod' })
  client.host.files.set(path, JSON.stringify(manifest))
  assert.equal(await sides('dbtDefer.diffState'), ['select 0 from prod', now])
  assert.equal(await client.request('workspace/executeCommand', { command: 'dbtDefer.copyCompiled', arguments: [client.uri('models/orders.sql')] }), { text: now, exact: true })
  await client.stop()
})

compiled('nothing to show for what is no node', async () => {
  const client = await startClient(PROJECT)
  assert.is(await client.request('workspace/executeCommand', { command: SHOW, arguments: [client.uri('dbt_project.yml')] }), null)
  assert.is(await client.request('workspace/executeCommand', { command: SHOW, arguments: [7] }), null)
  await client.stop()
})

compiled.run()
