// Bytes on the wire: broken JSON, further headers, big buffers. Each ends some server's process; here it answers on.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startClient, type Client } from '../support/client.ts'

const wire = suite('wire')

const PROJECT = `
  //- models/orders.sql
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
`

function write(client: Client, body: string, headers = ''): void {
  client.wire.toServer.write(`Content-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`)
}

wire('malformed JSON costs one message', async () => {
  const client = await startClient(PROJECT)
  write(client, '{"jsonrpc":"2.0","method":')
  write(client, '[]')
  write(client, '"text"')
  assert.ok(await client.ask('textDocument/hover'))
  await client.stop()
})

wire('a Content-Type header is read over', async () => {
  const client = await startClient(PROJECT)
  const body = JSON.stringify({ jsonrpc: '2.0', method: 'textDocument/didOpen', params: { textDocument: { uri: client.uri('models/new.sql'), languageId: 'sql', version: 1, text: "select * from {{ ref('gone') }}" } } })
  write(client, body, 'Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n')
  client.host.files.set('/p/models/new.sql', '')
  client.host.touch('/p/models/new.sql')
  const found = await client.diagnostics('models/new.sql', (all) => all.length > 0)
  assert.is(found[0]?.code, 'ref-not-found')
  await client.stop()
})

wire('a buffer of 1 MB is edited and answered', async () => {
  const client = await startClient(PROJECT)
  const filler = 'select 1 as some_column_name -- text\n'.repeat(28_000)
  await client.open('models/orders.sql', `${filler}select * from {{ ref('users') }}`)
  const position = { line: 28_000, character: 24 }
  const before = Date.now()
  const found = await client.request<unknown[]>('textDocument/definition', { textDocument: { uri: client.uri('models/orders.sql') }, position })
  assert.is(found.length, 1)
  assert.ok(Date.now() - before < 5_000)
  await client.stop()
})

wire('binary text in a buffer', async () => {
  const client = await startClient(PROJECT)
  await client.open('models/orders.sql', Array.from({ length: 5_000 }, (_, index) => String.fromCharCode(index % 256)).join(''))
  assert.is(await client.ask('textDocument/hover'), null)
  await client.edit('models/orders.sql', "select * from {{ ref('users') }}")
  assert.ok(await client.ask('textDocument/hover'))
  await client.stop()
})

wire('a cancelled request is answered as cancelled or not at all late', async () => {
  const client = await startClient(PROJECT)
  await client.open('models/orders.sql')
  write(client, JSON.stringify({ jsonrpc: '2.0', id: 'never', method: 'textDocument/hover', params: { textDocument: { uri: client.uri('models/orders.sql') }, position: { line: 0, character: 24 } } }))
  await client.connection.sendNotification('$/cancelRequest', { id: 'never' })
  await client.connection.sendNotification('$/cancelRequest', { id: 'not there' })
  assert.ok(await client.ask('textDocument/hover'))
  await client.stop()
})

wire.run()
