// An editor for tests: a server in this process behind two streams, with what it publishes and asks kept in order.
// `text` and `at` speak fixtures; everything else is the protocol as it is.

import { PassThrough } from 'node:stream'
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node'
import { createConnection, type Connection, type Diagnostic, type InitializeResult, type Position, type PublishDiagnosticsParams } from 'vscode-languageserver'
import { createProtocolConnection } from 'vscode-languageserver/node'
import type { ProjectHost } from '../../server/dbt/ports.ts'
import { inSessionOrder } from '../../server/lsp/order.ts'
import { startServer } from '../../server/lsp/server.ts'
import { linesOf, offsetAt, positionAt } from '../../server/text/lines.ts'
import { parseFixture, type Fixture } from './fixture.ts'
import { memoryHost, type MemoryHost } from './memory-host.ts'

export interface Client {
  readonly fixture: Fixture
  readonly host: MemoryHost
  readonly connection: MessageConnection
  /** What the server writes to and reads from, for tests that speak bytes. */
  readonly wire: { readonly toServer: PassThrough; readonly fromServer: PassThrough }
  readonly published: PublishDiagnosticsParams[]
  readonly messages: { readonly method: string; readonly params: unknown }[]
  readonly exits: number[]
  readonly initialized: InitializeResult
  uri(path: string): string
  /** Opens a file of the fixture, with its own text unless another is given. */
  open(path: string, text?: string): Promise<void>
  /** Replaces the whole text; versions count up. */
  edit(path: string, text: string): Promise<void>
  change(path: string, changes: readonly unknown[], version: number): Promise<void>
  close(path: string): Promise<void>
  position(path: string, offset: number): Position
  /** A request about the fixture's cursor. */
  ask<R>(method: string, more?: object): Promise<R>
  request<R>(method: string, params: unknown): Promise<R>
  /** The diagnostics of a file once `wanted` holds for the last published ones. */
  diagnostics(path: string, wanted?: (diagnostics: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]>
  until(what: string, condition: () => boolean): Promise<void>
  stop(): Promise<void>
}

export interface ClientOptions {
  readonly capabilities?: object
  readonly initializationOptions?: unknown
  readonly skipInitialized?: boolean
  /** The folder that the client has open; without it the fixture's project. */
  readonly root?: string
  readonly env?: Readonly<Record<string, string>>
  readonly configuration?: (section: string) => unknown
  readonly host?: (host: MemoryHost) => ProjectHost
}

const PATIENCE_MS = 20_000

const EVERYTHING = {
  textDocument: {
    hover: { contentFormat: ['markdown', 'plaintext'] }, definition: { linkSupport: true }, rename: { prepareSupport: true },
    completion: { completionItem: { documentationFormat: ['markdown'], labelDetailsSupport: true, snippetSupport: true } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true }, publishDiagnostics: { relatedInformation: true },
  },
  workspace: { workspaceFolders: true, workspaceEdit: { documentChanges: true, resourceOperations: ['rename'] } }, window: { workDoneProgress: true, showDocument: { support: true } },
}

export async function startClient(template: string, options: ClientOptions = {}): Promise<Client> {
  const fixture = parseFixture(template)
  const host = memoryHost(fixture, options.env)
  const toServer = new PassThrough()
  const fromServer = new PassThrough()
  const exits: number[] = []
  // The library's own entry for streams ends the process at `exit`; here that is noted.
  const watchDog = { shutdownReceived: false, initialize: () => undefined, exit: (code: number) => { exits.push(code) } }
  const server: Connection = createConnection((logger) => createProtocolConnection(new StreamMessageReader(toServer), new StreamMessageWriter(fromServer), logger, { messageStrategy: inSessionOrder() }), watchDog)
  startServer({ connection: server, host: options.host?.(host) ?? host, version: '0.0.0-test', documentation: 'file:///docs/README.md' })
  const connection = createMessageConnection(new StreamMessageReader(fromServer), new StreamMessageWriter(toServer))
  const published: PublishDiagnosticsParams[] = []
  const messages: { method: string; params: unknown }[] = []
  connection.onNotification((method, params) => {
    messages.push({ method, params })
    if (method === 'textDocument/publishDiagnostics') published.push(params as PublishDiagnosticsParams)
  })
  connection.onUnhandledProgress((params) => { messages.push({ method: '$/progress', params }) })
  connection.onRequest((method, params) => {
    messages.push({ method, params })
    return method === 'workspace/configuration' ? (params as { items: { section?: string }[] }).items.map((item) => options.configuration?.(item.section ?? '') ?? null) : null
  })
  connection.listen()
  const initialized = await connection.sendRequest<InitializeResult>('initialize', { processId: null, rootUri: `file://${options.root ?? fixture.root}`, capabilities: options.capabilities ?? EVERYTHING, ...(options.initializationOptions === undefined ? {} : { initializationOptions: options.initializationOptions }) })
  if (options.skipInitialized !== true) await connection.sendNotification('initialized', {})

  const versions = new Map<string, number>()
  const absolute = (path: string) => (path.startsWith('/') ? path : `${fixture.root}/${path}`)
  const textOf = (path: string) => host.files.get(absolute(path)) ?? ''
  const client: Client = {
    fixture, host, connection, wire: { toServer, fromServer }, published, messages, exits, initialized,
    uri: (path) => `file://${absolute(path)}`,
    async open(path, text = textOf(path)) {
      versions.set(path, 1)
      await connection.sendNotification('textDocument/didOpen', { textDocument: { uri: client.uri(path), languageId: 'sql', version: 1, text } })
    },
    async edit(path, text) {
      const version = (versions.get(path) ?? 0) + 1
      versions.set(path, version)
      await client.change(path, [{ text }], version)
    },
    change: (path, contentChanges, version) => connection.sendNotification('textDocument/didChange', { textDocument: { uri: client.uri(path), version }, contentChanges }),
    close: (path) => connection.sendNotification('textDocument/didClose', { textDocument: { uri: client.uri(path) } }),
    position: (path, offset) => positionAt(linesOf(textOf(path)), offset),
    ask(method, more = {}) {
      const { cursor } = fixture
      if (!cursor) throw new Error('the fixture has no $0')
      return connection.sendRequest(method, { textDocument: { uri: client.uri(cursor.path) }, position: client.position(cursor.path, cursor.offset), ...more })
    },
    request: (method, params) => connection.sendRequest(method, params),
    async diagnostics(path, wanted = () => true) {
      const last = () => published.findLast((each) => each.uri === client.uri(path))
      await client.until(`diagnostics of ${path}`, () => { const found = last(); return found !== undefined && wanted(found.diagnostics) })
      return last()?.diagnostics ?? []
    },
    async until(what, condition) {
      const deadline = Date.now() + PATIENCE_MS
      while (!condition()) {
        if (Date.now() > deadline) throw new Error(`waited in vain for ${what}; told: ${JSON.stringify(messages.slice(-5))}`)
        await new Promise((resolve) => { setTimeout(resolve, 5) })
      }
    },
    async stop() {
      await connection.sendRequest('shutdown')
      await connection.sendNotification('exit')
      await client.until('exit', () => exits.length > 0)
      connection.dispose()
      server.dispose()
    },
  }
  return client
}

/** The text that a range covers in a file of the fixture. */
export function covered(client: Client, path: string, range: { readonly start: Position; readonly end: Position }): string {
  const text = client.host.files.get(path.startsWith('/') ? path : `${client.fixture.root}/${path}`) ?? ''
  const lines = linesOf(text)
  return text.slice(offsetAt(lines, range.start), offsetAt(lines, range.end))
}
