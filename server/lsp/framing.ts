// What goes before the library's reader on standard input: it takes a header that says no length for the end of all order, and is silent from then on.
// Here such bytes are skipped up to the next header that says one, and it is told.

import { Transform } from 'node:stream'
import { noteRead } from './pause.ts'

const END = '\r\n\r\n'
/** A header as editors write it, wherever the bytes before it end. Texts inside of JSON hold no line breaks, so none is taken for it. */
const HEADER = /Content-Length:[ \t]*(\d{1,9})[ \t]*\r\n/i
/** Of the lines before a body. */
const MOST_HEADER = 8192
/** V8 has no longer texts. */
const MOST_BODY = 512 * 1024 * 1024
/** A header may be cut by the end of a chunk. */
const KEPT = 64

/** Passes whole headers and bodies on as they are. `say`: in words, what was skipped. */
export function inOrder(say: (problem: string) => void): Transform {
  let held: Buffer = Buffer.alloc(0)
  /** Bytes of the present body still to come. */
  let body = 0
  let lost = false
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      noteRead()
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      while (held.length > 0) {
        if (body > 0) {
          const part = held.subarray(0, body)
          body -= part.length
          held = held.subarray(part.length)
          this.push(part)
        } else if (lost) {
          const found = HEADER.exec(held.toString('latin1'))
          lost = found === null
          held = held.subarray(found ? found.index : Math.max(0, held.length - KEPT))
          if (lost) break
        } else {
          const end = held.indexOf(END)
          if (end < 0 && held.length <= MOST_HEADER) break
          const length = end < 0 ? null : lengthIn(held.toString('latin1', 0, end))
          if (length === null) {
            say(`a message without a Content-Length that can be read (${JSON.stringify(held.toString('latin1', 0, Math.min(40, end < 0 ? MOST_HEADER : end)))}…) was skipped`)
            lost = true
            continue
          }
          body = end + END.length + length
        }
      }
      done()
    },
  })
}

/** Null: these are no headers of a message. */
function lengthIn(headers: string): number | null {
  const lines = headers.split('\r\n')
  if (lines.some((line) => !/^[\w-]+:/.test(line))) return null
  const [said] = lines.flatMap((line) => /^content-length:[ \t]*(\d{1,9})[ \t]*$/i.exec(line)?.[1] ?? [])
  const length = said === undefined ? null : Number(said)
  return length === null || length > MOST_BODY ? null : length
}
