// A server for an editor that is restarted whenever the source changes, without the editor noticing: `node .ci/dev.mjs --stdio` in place of dbt-defer-ls.
// Bytes go through untouched except that the start of the conversation (initialize, open documents) is told again to each new server.

import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import path from 'node:path'
import { StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node'
import { TextDocument } from 'vscode-languageserver-textdocument'

const root = path.resolve(import.meta.dirname, '..')
const editor = { reader: new StreamMessageReader(process.stdin), writer: new StreamMessageWriter(process.stdout) }
let server = null
let initialize = null
const documents = new Map()

function start(again) {
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'server/main.ts'), '--stdio'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  const writer = new StreamMessageWriter(child.stdin)
  server = { child, writer }
  new StreamMessageReader(child.stdout).listen((message) => { if (!(again && message.id === 'dev-initialize')) void editor.writer.write(message) })
  child.on('exit', (code) => { if (server?.child === child) process.exit(code ?? 0) })
  if (!again || !initialize) return
  void writer.write({ ...initialize, id: 'dev-initialize' })
  void writer.write({ jsonrpc: '2.0', method: 'initialized', params: {} })
  for (const each of documents.values()) {
    const textDocument = { uri: each.uri, languageId: each.languageId, version: each.version, text: each.getText() }
    void writer.write({ jsonrpc: '2.0', method: 'textDocument/didOpen', params: { textDocument } })
  }
  process.stderr.write('dbt-defer-ls: restarted\n')
}

editor.reader.listen((message) => {
  const { method, params } = message
  if (method === 'initialize') initialize = message
  if (method === 'textDocument/didOpen') {
    const { uri, languageId, version, text } = params.textDocument
    documents.set(uri, TextDocument.create(uri, languageId, version, text))
  }
  if (method === 'textDocument/didClose') documents.delete(params.textDocument.uri)
  if (method === 'textDocument/didChange') {
    const { uri, version } = params.textDocument
    const known = documents.get(uri)
    if (known) documents.set(uri, TextDocument.update(known, params.contentChanges, version))
  }
  void server.writer.write(message)
})

process.stdin.on('end', () => { server.child.kill(); process.exit(0) })
start(false)
let timer = null
watch(path.join(root, 'server'), { recursive: true }, () => {
  clearTimeout(timer)
  timer = setTimeout(() => { const old = server.child; start(true); old.kill() }, 300)
})
