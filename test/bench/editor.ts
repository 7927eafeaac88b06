// A program on the other side of standard input and output, driven as an editor drives it; every figure of the bench that a user could feel is taken here.
// Our bundle and an echo server go through the very same code. Nothing of the server is imported; what it keeps lies beside it.

import { spawn, type ChildProcess } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node'

const repository = path.resolve(import.meta.dirname, '../..')

/** The server as it is shipped. `root`: a project that it has been used on before, so that it has kept its code, and knows nothing of any other. */
export async function usedServer(directory: string, root: string, file: string): Promise<string> {
  const program = path.join(directory, 'dbt-defer-ls.cjs')
  copyFileSync(path.join(repository, 'dist', 'dbt-defer-ls.cjs'), program)
  const editor = await startEditor(program, root)
  await editor.open(file, `-- {{ ref('nowhere') }}\n${readFileSync(file, 'utf8')}`)
  const ended = new Promise((resolve) => { editor.child.once('exit', resolve) })
  await editor.connection.sendRequest('shutdown')
  await editor.connection.sendNotification('exit')
  await ended
  return program
}

const ECHO = `import { createConnection, ProposedFeatures, TextDocumentSyncKind } from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
const connection = createConnection(ProposedFeatures.all)
const documents = new Map()
const start = { line: 0, character: 0 }
connection.onInitialize(() => ({ capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental } }))
const tell = (document) => connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics: [{ range: { start, end: start }, message: 'echo ' + document.version, source: 'echo', severity: 1 }] })
connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => { documents.set(uri, TextDocument.create(uri, languageId, version, text)); tell(documents.get(uri)) })
connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => { documents.set(textDocument.uri, TextDocument.update(documents.get(textDocument.uri), contentChanges, textDocument.version)); tell(documents.get(textDocument.uri)) })
connection.listen()`

/** A server that holds texts and answers each change with one diagnostic: the floor. */
export async function bundleEcho(directory: string): Promise<string> {
  const outfile = path.join(directory, 'echo.cjs')
  await build({ stdin: { contents: ECHO, resolveDir: repository, loader: 'js' }, bundle: true, platform: 'node', format: 'cjs', target: 'node20', minify: true, outfile, logLevel: 'error' })
  return outfile
}

export interface Position { readonly line: number; readonly character: number }
export interface Published { readonly uri: string; readonly version?: number; readonly diagnostics: readonly { readonly message: string; readonly range: { readonly start: Position } }[] }

export interface Editor {
  readonly child: ChildProcess
  readonly connection: MessageConnection
  /** Sends didOpen and waits for the first diagnostics of the file. */
  open(file: string, text: string): Promise<void>
  /** Types one character and waits for the diagnostics of that version; milliseconds from the key to them. */
  type(file: string, at: Position, character: string): Promise<number>
  /** The round trip of a request that nobody knows: what anything else has to wait. */
  ping(): Promise<number>
  /** Calls `work` and answers with the longest ping meanwhile, and how long the work took. */
  longestPause(work: () => Promise<unknown>): Promise<{ readonly pause: number; readonly took: number }>
  /** The URI of the compiled document of a file; null: the server shows none. */
  compiled(file: string): Promise<string | null>
  /** Types one character and waits until the compiled text that follows from it has been fetched. */
  typeCompiled(uri: string, file: string, at: Position, character: string): Promise<number>
  /** Whether the server has read the state it was told of. */
  stateRead(): Promise<boolean>
  close(): void
}

const PATIENCE_MS = 90_000

/** What a server keeps, its own code too, lies in the home directory: only there is code taken from. */
function homeAt(directory: string): NodeJS.ProcessEnv {
  const { XDG_CACHE_HOME: _, ...rest } = process.env
  return { ...rest, HOME: directory, LOCALAPPDATA: directory }
}

export async function startEditor(program: string, root: string, options: { readonly settings?: object; readonly textDocumentContent?: boolean } = {}): Promise<Editor> {
  const child = spawn(process.execPath, ['--max-old-space-size=8192', program, '--stdio'], { cwd: root, stdio: ['pipe', 'pipe', 'ignore'], env: homeAt(path.dirname(program)) })
  const { stdin, stdout } = child
  if (!stdin || !stdout) throw new Error('no pipes')
  const connection = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin))
  const versions = new Map<string, number>()
  const waiting = new Map<string, () => void>()
  const uriOf = (file: string): string => `file://${file}`
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, version }: Published) => {
    waiting.get(`${uri} ${version ?? ''}`)?.()
    waiting.delete(`${uri} ${version ?? ''}`)
  })
  connection.onNotification(() => undefined)
  const refreshes = new Map<string, () => void>()
  connection.onRequest('workspace/textDocumentContent/refresh', ({ uri }: { readonly uri: string }) => { refreshes.get(uri)?.(); return null })
  connection.onRequest((method, params) => (method === 'workspace/configuration' ? (params as { items: unknown[] }).items.map(() => null) : null))
  connection.listen()
  await connection.sendRequest('initialize', {
    processId: process.pid, rootUri: uriOf(root), initializationOptions: options.settings ?? {},
    capabilities: { textDocument: { publishDiagnostics: { versionSupport: true } }, workspace: options.textDocumentContent ? { textDocumentContent: {} } : {} },
  })
  await connection.sendNotification('initialized', {})

  function published(file: string, version: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no diagnostics of ${file} after ${what}`)), PATIENCE_MS)
      waiting.set(`${uriOf(file)} ${version}`, () => { clearTimeout(late); resolve() })
    })
  }
  async function ping(): Promise<number> {
    const began = performance.now()
    await connection.sendRequest('bench/ping').catch(() => undefined)
    return performance.now() - began
  }
  return {
    child, connection, ping,
    async open(file, text) {
      versions.set(file, 1)
      const done = published(file, 1, 'opening')
      await connection.sendNotification('textDocument/didOpen', { textDocument: { uri: uriOf(file), languageId: file.endsWith('.sql') ? 'sql' : 'yaml', version: 1, text } })
      await done
    },
    async type(file, at, character) {
      const version = (versions.get(file) ?? 0) + 1
      versions.set(file, version)
      const done = published(file, version, 'a key')
      const began = performance.now()
      await connection.sendNotification('textDocument/didChange', { textDocument: { uri: uriOf(file), version }, contentChanges: [{ range: { start: at, end: at }, text: character }] })
      await done
      return performance.now() - began
    },
    async compiled(file) {
      const shown = await connection.sendRequest<{ readonly uri: string } | null>('workspace/executeCommand', { command: 'dbtDefer.showCompiled', arguments: [uriOf(file)] })
      if (shown) await connection.sendRequest('workspace/textDocumentContent', { uri: shown.uri })
      return shown?.uri ?? null
    },
    async typeCompiled(uri, file, at, character) {
      const version = (versions.get(file) ?? 0) + 1
      versions.set(file, version)
      const refreshed = new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`no compiled text of ${file} after a key`)), PATIENCE_MS)
        refreshes.set(uri, () => { clearTimeout(late); resolve() })
      })
      const began = performance.now()
      await connection.sendNotification('textDocument/didChange', { textDocument: { uri: uriOf(file), version }, contentChanges: [{ range: { start: at, end: at }, text: character }] })
      await refreshed
      await connection.sendRequest('workspace/textDocumentContent', { uri })
      return performance.now() - began
    },
    async stateRead() {
      const status = await connection.sendRequest<readonly { readonly state: { readonly generated_at: string | null } | null }[]>('workspace/executeCommand', { command: 'dbtDefer.status' })
      return status.some((each) => each.state?.generated_at !== null && each.state?.generated_at !== undefined)
    },
    async longestPause(work) {
      let pause = 0
      let going = true
      const began = performance.now()
      const pinging = (async () => { while (going) { pause = Math.max(pause, await ping()); await sleep(1) } })()
      await work()
      const took = performance.now() - began
      going = false
      await pinging
      return { pause, took }
    },
    close() {
      connection.dispose()
      child.kill('SIGKILL')
    },
  }
}

export function sleep(ms: number): Promise<void> { return new Promise((resolve) => { setTimeout(resolve, ms) }) }
