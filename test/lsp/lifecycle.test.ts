// The server's manners: start, end, what it was never asked before, and clients that skip steps.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Message } from 'vscode-languageserver'
import { serverArguments } from '../../server/lsp/arguments.ts'
import { inSessionOrder, noSuchRequest } from '../../server/lsp/order.ts'
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

lifecycle('the server takes a transport and what editors add, and refuses the rest', () => {
  const wrong = (...argv: string[]) => { const found = serverArguments(argv); return found.serves ? 'serves' : found.wrong }
  assert.equal([wrong('--stdio'), wrong('--node-ipc', '--clientProcessId=12'), wrong('--socket=5000'), wrong('--pipe=/tmp/x'), wrong('--stdio', '--record', 'file'), wrong('--stdio', '--record=file')], Array.from({ length: 6 }, () => 'serves'))
  assert.equal([wrong(), wrong('check'), wrong('--help')], [null, null, null])
  assert.equal([wrong('--stdio', '--bogus'), wrong('--socket=abc'), wrong('--socket', '5000'), wrong('check', '--stdio')], ['the language server has no --bogus', '--socket=abc: a port is wanted, --socket=N', '--socket: a port is wanted, --socket=N', 'the language server has no check'])
})

lifecycle('initialize comes first and once, after shutdown nothing is answered', async () => {
  const order = inSessionOrder()
  const passed: string[] = []
  const tell = (message: object) => { void order.handleMessage({ jsonrpc: '2.0', ...message } as Message, (each) => { passed.push((each as Message & { method: string }).method) }) }
  for (const message of [{ id: 1, method: 'textDocument/hover' }, { method: 'textDocument/didOpen' }, { id: 2, method: 'initialize' }, { method: 'initialized' }, { id: 3, method: 'initialize' }, { id: 4, method: 'shutdown' }, { id: 5, method: 'textDocument/hover' }, { method: 'exit' }]) tell(message)
  assert.equal(passed, ['$/refused/early', 'initialize', 'initialized', '$/refused/again', 'shutdown', '$/refused/late', 'exit'])
  assert.equal(passed.filter((each) => each.startsWith('$/')).map((each) => noSuchRequest(each).code), [-32002, -32600, -32600])
  const client = await startClient(PROJECT)
  const again = await client.request('initialize', { processId: null, rootUri: null, capabilities: {} }).catch((error: { code: number }) => error.code)
  assert.is(again, -32600)
  assert.ok(await client.ask('textDocument/hover'))
  await client.stop()
})

lifecycle('a client that announces nothing gets plain text and flat symbols under the names they stand in', async () => {
  const client = await startClient(`${PROJECT.trimEnd()}
  //- models/m.yml
  models:
    - name: users
      description: all users
      columns: [{name: id}]
  `, { capabilities: {} })
  const hover = await client.ask<Markup>('textDocument/hover')
  assert.is(hover.contents.kind, 'plaintext')
  assert.not.match(hover.contents.value, /[*\x60]| $/m)
  const symbols = await client.request<{ name: string; containerName?: string }[]>('textDocument/documentSymbol', { textDocument: { uri: client.uri('models/m.yml') } })
  assert.equal(symbols.map((each) => [each.name, each.containerName]), [['users', undefined], ['id', 'users']])
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
