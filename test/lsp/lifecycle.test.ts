// The server's manners: start, end, what it was never asked before, and clients that skip steps.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startClient } from '../support/client.ts'

const lifecycle = suite('lifecycle')

const PROJECT = `
  //- models/orders.sql
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
`

interface Markup { readonly contents: { readonly kind: string; readonly value: string } }

lifecycle('initialize says what there is, in UTF-16', async () => {
  const client = await startClient(PROJECT)
  const { capabilities, serverInfo } = client.initialized
  assert.is(capabilities.positionEncoding, 'utf-16')
  assert.is(serverInfo?.name, 'dbt-defer-ls')
  for (const provider of ['hoverProvider', 'definitionProvider', 'referencesProvider', 'completionProvider', 'inlayHintProvider', 'documentLinkProvider', 'documentSymbolProvider', 'workspaceSymbolProvider', 'codeActionProvider', 'renameProvider', 'signatureHelpProvider', 'codeLensProvider', 'foldingRangeProvider', 'documentHighlightProvider', 'callHierarchyProvider'] as const) assert.ok(capabilities[provider], provider)
  await client.stop()
  await client.until('exit', () => client.exits.length > 0)
  assert.equal(client.exits, [0])
})

lifecycle('exit without shutdown is said to the shell', async () => {
  const client = await startClient(PROJECT)
  await client.connection.sendNotification('exit')
  await client.until('exit', () => client.exits.length > 0)
  assert.equal(client.exits, [1])
  client.connection.dispose()
})

lifecycle('a client that never sends initialized is served', async () => {
  const client = await startClient(PROJECT, { skipInitialized: true })
  await client.open('models/orders.sql')
  const hover = await client.ask<Markup>('textDocument/hover')
  assert.match(hover.contents.value, 'models/users.sql')
  await client.stop()
})

lifecycle('an unknown request is refused, an unknown notification passed over', async () => {
  const client = await startClient(PROJECT)
  await client.connection.sendNotification('dbt/whatever', { a: 1 })
  await client.connection.sendNotification('$/setTrace', { value: 'off' })
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [] } })
  try {
    await client.request('dbt/nonsense', {})
    assert.unreachable()
  } catch (error) {
    assert.is((error as { code: number }).code, -32601)
  }
  assert.ok(await client.ask('textDocument/hover'))
  await client.stop()
})

lifecycle('params of the wrong shape do no harm', async () => {
  const client = await startClient(PROJECT)
  await client.connection.sendNotification('textDocument/didOpen', { textDocument: { uri: 5 } })
  await client.connection.sendNotification('textDocument/didChange', { textDocument: { uri: client.uri('models/orders.sql'), version: 1 } })
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: null })
  await client.connection.sendNotification('workspace/didChangeConfiguration', {})
  for (const method of ['textDocument/hover', 'textDocument/completion', 'textDocument/codeAction', 'textDocument/inlayHint', 'textDocument/rename', 'workspace/executeCommand']) await client.request(method, { textDocument: { uri: client.uri('models/orders.sql') } }).catch(() => undefined)
  assert.ok(await client.ask('textDocument/hover'))
  await client.stop()
})

lifecycle('a file that was never opened, one of no project, one that is not there', async () => {
  const client = await startClient(PROJECT)
  assert.ok(await client.ask('textDocument/definition'))
  const position = { line: 0, character: 0 }
  assert.is(await client.request('textDocument/hover', { textDocument: { uri: 'file:///elsewhere/x.sql' }, position }), null)
  assert.is(await client.request('textDocument/hover', { textDocument: { uri: client.uri('models/gone.sql') }, position }), null)
  assert.is(await client.request('textDocument/hover', { textDocument: { uri: 'untitled:Untitled-1' }, position }), null)
  await client.stop()
})

lifecycle('positions outside the text answer nothing', async () => {
  const client = await startClient(PROJECT)
  await client.open('models/orders.sql')
  for (const position of [{ line: 999, character: 0 }, { line: -1, character: -5 }, { line: 0, character: 1e9 }, { line: 'x', character: null }]) {
    for (const method of ['textDocument/hover', 'textDocument/definition', 'textDocument/completion', 'textDocument/references', 'textDocument/signatureHelp', 'textDocument/documentHighlight']) {
      await client.request(method, { textDocument: { uri: client.uri('models/orders.sql') }, position, context: { includeDeclaration: true } })
    }
  }
  assert.ok(await client.ask('textDocument/hover'))
  await client.stop()
})

lifecycle.run()
