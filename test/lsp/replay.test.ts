// Recorded sessions (`--record FILE`) run again: every message is sent in its order, every request is answered, and the server lives.
// A session of a bug report becomes a test by lying in test/fixtures/sessions beside the files that it is about.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cleaned, recorder, type Recorded } from '../../server/lsp/record.ts'
import { startClient } from '../support/client.ts'

const replay = suite('replay')

const SESSIONS = path.join(import.meta.dirname, '../fixtures/sessions')

interface Message { readonly id?: string | number; readonly method?: string; readonly params?: unknown }

for (const name of existsSync(SESSIONS) ? readdirSync(SESSIONS).filter((each) => each.endsWith('.jsonl')) : []) {
  replay(name, async () => {
    const client = await startClient(readFileSync(path.join(SESSIONS, name.replace(/\.jsonl$/, '.fixture')), 'utf8'))
    const answers: Promise<unknown>[] = []
    for (const line of readFileSync(path.join(SESSIONS, name), 'utf8').split('\n').filter((each) => each !== '')) {
      const { method, id, params } = (JSON.parse(line) as Recorded).message as Message
      // Cancellations name requests by the ids of that session.
      if (method === undefined || method === '$/cancelRequest' || method === 'initialize' || method === 'initialized' || method === 'shutdown' || method === 'exit') continue
      if (id === undefined) await client.connection.sendNotification(method, params)
      else answers.push(client.request(method, params))
    }
    const settled = await Promise.allSettled(answers)
    assert.ok(settled.length > 0)
    assert.equal(settled.filter((each) => each.status === 'rejected'), [])
    assert.not.ok(client.messages.some((each) => each.method === 'window/logMessage' && JSON.stringify(each.params).includes('failed:')))
    await client.stop()
  })
}

replay('bytes pass through, whole messages are noted, secrets are not', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'record-'))
  const file = path.join(directory, 'session.jsonl')
  const message = { jsonrpc: '2.0', method: 'textDocument/didOpen', params: { textDocument: { text: 'outputs: {dev: {password: hunter2}} # s3cr3t-value' }, settings: { apiKey: 'abc' } } }
  const body = JSON.stringify(message)
  const bytes = Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}Content-Length: 3\r\n\r\n{x}`)
  const input = new PassThrough()
  const passed: Buffer[] = []
  const done = new Promise((resolve) => { input.pipe(recorder(file, new Map([['DBT_ENV_SECRET_X', 's3cr3t-value']]), assert.unreachable)).on('data', (chunk: Buffer) => passed.push(chunk)).on('end', resolve) })
  for (let at = 0; at < bytes.length; at += 7) input.write(bytes.subarray(at, at + 7))
  input.end()
  await done
  assert.equal(Buffer.concat(passed), bytes)
  const text = readFileSync(file, 'utf8')
  rmSync(directory, { recursive: true })
  assert.is(text.trim().split('\n').length, 1)
  assert.match(text, 'textDocument/didOpen')
  for (const secret of ['hunter2', 's3cr3t-value', 'abc']) assert.not.match(text, new RegExp(secret))
})

replay('a record that cannot be written any more ends, the session goes on', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'record-'))
  const ended: string[] = []
  const message = 'Content-Length: 2\r\n\r\n{}'
  const passing = recorder(path.join(directory, 'session.jsonl'), new Map(), (why) => ended.push(why))
  const passed: Buffer[] = []
  passing.on('data', (chunk: Buffer) => passed.push(chunk))
  rmSync(directory, { recursive: true })
  passing.write(message)
  passing.end(message)
  await new Promise((resolve) => { passing.on('end', resolve) })
  assert.is(Buffer.concat(passed).toString(), message + message)
  assert.match(ended.join('\n'), /^ENOENT[^\n]*$/)
})

replay('cleaning keeps what is no secret', () => {
  assert.equal(cleaned({ a: [1, null, 'x'], uri: 'file:///p/tokens.sql', token: 'y' }, []), { a: [1, null, 'x'], uri: 'file:///p/tokens.sql', token: '***' })
})

replay.run()
