// Bytes of standard input before the library reads them: what is in order passes as it is, what is not costs its own message and no other.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { inOrder } from '../../server/lsp/framing.ts'

const framing = suite('framing')

const message = (text: string): string => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`

/** The texts that come out when the bytes come in pieces of this size, and what is said. */
async function passed(bytes: string, size: number): Promise<{ readonly out: string; readonly said: readonly string[] }> {
  const said: string[] = []
  const stream = inOrder((problem) => said.push(problem))
  const parts: Buffer[] = []
  stream.on('data', (part: Buffer) => parts.push(part))
  const whole = Buffer.from(bytes)
  for (let at = 0; at < whole.length; at += size) stream.write(whole.subarray(at, at + size))
  stream.end()
  await new Promise((resolve) => { stream.on('end', resolve) })
  return { out: Buffer.concat(parts).toString(), said }
}

async function becomes(bytes: string, out: string, said: RegExp | null): Promise<void> {
  for (const size of [1, 7, 1000]) {
    const found = await passed(bytes, size)
    assert.is(found.out, out, `pieces of ${size}`)
    if (said === null) assert.equal(found.said, [])
    else assert.match(found.said.join('\n'), said)
  }
}

framing('whole messages are passed on, with other headers, of any bytes', async () => {
  const typed = 'content-type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length: 2\r\n\r\n{}'
  await becomes(message('{"a":"ü\u{1F600}"}') + typed + message('not JSON') + message(''), message('{"a":"ü\u{1F600}"}') + typed + message('not JSON') + message(''), null)
})

framing('a length that is none costs its own message', async () => {
  for (const wrong of ['Content-Length: abc', 'Content-Length: -5', 'Content-Length:', 'Content-Type: x', 'Content-Length: 99999999999999', 'nonsense', 'Content-Length: 2, 2'])
    await becomes(`${message('{"a":1}')}${wrong}\r\n\r\n{"lost":"Content-Length: 3"}${message('{"b":2}')}${message('{"c":3}')}`, message('{"a":1}') + message('{"b":2}') + message('{"c":3}'), /without a Content-Length that can be read/)
})

framing('a length that is too short costs what it cuts', async () => {
  const cut = 'Content-Length: 3\r\n\r\n{"a":1}'
  await becomes(cut + message('{"b":2}'), 'Content-Length: 3\r\n\r\n{"a' + message('{"b":2}'), /skipped/)
})

framing('noise without an end is not kept', async () => {
  await becomes('x'.repeat(20_000) + message('{"a":1}'), message('{"a":1}'), /skipped/)
})

framing.run()
