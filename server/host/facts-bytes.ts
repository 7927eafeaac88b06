// The bytes of kept facts (dbt/cache): who wrote them, how long the parts are, and a hash over everything, so that what is cut, damaged or of another version
// is noticed before anything of it is read. The parts are plain numbers and texts.

import { createHash } from 'node:crypto'
import type { Pages, TextPage } from '../dbt/cache/reader.ts'
import type { Written } from '../dbt/cache/writer.ts'

/** `DdLf`, and at once whether numbers lie as on this machine. */
const MAGIC = 0x664c_6444
const HEADER_WORDS = 8
const HASH_START = HEADER_WORDS * 4
const HASH_END = HASH_START + 32
const START = HASH_END + 32
const PIECE = 2 * 1024 * 1024

export type Unsealed = { readonly kind: 'ok'; readonly pages: Pages } | { readonly kind: 'refused'; readonly why: string }

/** `engine`: the program and its version; nothing of another one is ever read. */
export function seal(written: Written, engine: string): Uint8Array {
  const steps = sealSteps(written, engine)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same in steps of a few milliseconds. */
export function* sealSteps({ words, narrow, wide }: Written, engine: string): Generator<void, Uint8Array> {
  const narrowText = narrow.texts.join('')
  const wideText = wide.texts.join('')
  yield
  const narrowBytes = padded(narrowText.length)
  const header = new Int32Array([MAGIC, words.length, narrow.ends.length, narrowText.length, wide.ends.length, wideText.length, 0, 0])
  const bytes = Buffer.alloc(START + (words.length + narrow.ends.length + wide.ends.length) * 4 + narrowBytes + wideText.length * 2)
  let at = START
  for (const part of [words, narrow.ends, wide.ends]) {
    bytes.set(bytesOf(part), at)
    at += part.byteLength
    yield
  }
  bytes.write(narrowText, at, 'latin1')
  bytes.write(wideText, at + narrowBytes, 'utf16le')
  yield
  bytes.set(bytesOf(header), 0)
  bytes.set(engineHash(engine), HASH_END)
  const hash = createHash('sha256').update(bytes.subarray(0, HASH_START))
  for (let from = HASH_END; from < bytes.length; from += PIECE) {
    hash.update(bytes.subarray(from, from + PIECE))
    yield
  }
  bytes.set(hash.digest(), HASH_START)
  return bytes
}

/** Never throws. */
export function unseal(bytes: Uint8Array, engine: string): Unsealed {
  const refused = (why: string): Unsealed => ({ kind: 'refused', why })
  if (bytes.length < START) return refused('it is too short')
  // Numbers are read where they lie, which must be a multiple of four.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes)
  const buffer = Buffer.from(aligned.buffer, aligned.byteOffset, aligned.length)
  const [magic, wordCount = 0, narrowCount = 0, narrowLength = 0, wideCount = 0, wideLength = 0] = new Int32Array(aligned.buffer, aligned.byteOffset, HEADER_WORDS)
  if (magic !== MAGIC) return refused('it is no cache of this program')
  if (!buffer.subarray(HASH_END, START).equals(engineHash(engine))) return refused('another version of the program wrote it')
  if (Math.min(wordCount, narrowCount, narrowLength, wideCount, wideLength) < 0) return refused('it is damaged')
  if (START + (wordCount + narrowCount + wideCount) * 4 + padded(narrowLength) + wideLength * 2 !== bytes.length) return refused('it is cut or damaged')
  if (!buffer.subarray(HASH_START, HASH_END).equals(hashOf(buffer))) return refused('it is damaged')
  let at = START
  const part = (count: number): Int32Array => {
    const taken = new Int32Array(aligned.buffer, aligned.byteOffset + at, count)
    at += count * 4
    return taken
  }
  const words = part(wordCount)
  const narrowEnds = part(narrowCount)
  const wideEnds = part(wideCount)
  const narrow: TextPage = { ends: narrowEnds, text: buffer.toString('latin1', at, at + narrowLength) }
  const wide: TextPage = { ends: wideEnds, text: buffer.toString('utf16le', at + padded(narrowLength)) }
  return { kind: 'ok', pages: { words, narrow, wide } }
}

function padded(length: number): number { return (length + 3) & ~3 }

function bytesOf(part: Int32Array): Uint8Array { return new Uint8Array(part.buffer, part.byteOffset, part.byteLength) }

function engineHash(engine: string): Buffer { return createHash('sha256').update(engine, 'utf8').digest() }

/** Over everything but its own place. */
function hashOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes.subarray(0, HASH_START)).update(bytes.subarray(HASH_END)).digest()
}

