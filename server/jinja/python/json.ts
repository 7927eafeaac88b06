// Python's json.loads, with its errors. Writing is in json-dumps.ts.

import { PyException, UnknownSignal, typeError, valueError } from '../errors.ts'
import { textOf, typeNameOf } from '../types.ts'
import { PyDict, PyList, type CallContext, type Value } from '../value.ts'
import { codePoints } from '../../text/python.ts'


const MAX_DEPTH = 900

interface Reader {
  readonly text: string
  readonly spender: Pick<CallContext, 'spend'>
  at: number
  depth: number
}

/** `json.loads(value)`. Throws JSONDecodeError (a ValueError) in Python's words, and RecursionError for deep nesting. */
export function jsonLoads(value: Value, spender: Pick<CallContext, 'spend'>): Value {
  if (typeof value === 'object' && value?.unknown) throw new UnknownSignal(value.unknown)
  const text = textOf(value)
  if (text === undefined) throw typeError(`the JSON object must be str, bytes or bytearray, not ${typeNameOf(value)}`)
  spender.spend(text.length >> 3)
  const reader: Reader = { text, spender, at: 0, depth: 0 }
  if (text.startsWith('\ufeff')) throw decodeError(reader, 'Unexpected UTF-8 BOM (decode using utf-8-sig)', 0)
  skipSpace(reader)
  const read = readValue(reader)
  skipSpace(reader)
  if (reader.at < text.length) throw decodeError(reader, 'Extra data', reader.at)
  return read
}

function decodeError({ text }: Reader, message: string, at: number): PyException {
  const before = text.slice(0, at)
  const count = (piece: string): number => codePoints(piece)?.length ?? piece.length
  const lines = before.split('\n')
  return new PyException('JSONDecodeError', `${message}: line ${lines.length} column ${count(lines.at(-1) ?? '') + 1} (char ${count(before)})`)
}

function skipSpace(reader: Reader): void {
  for (; reader.at < reader.text.length; reader.at++) {
    const c = reader.text.charCodeAt(reader.at)
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y
const CONSTANTS: readonly (readonly [string, Value])[] = [['null', null], ['true', true], ['false', false], ['NaN', NaN], ['Infinity', Infinity], ['-Infinity', -Infinity]]

function readValue(reader: Reader): Value {
  const { text, at } = reader
  reader.spender.spend(1)
  switch (text.charAt(at)) {
    case '"': return readString(reader)
    case '{': return nested(reader, 'object', readObject)
    case '[': return nested(reader, 'array', readArray)
  }
  for (const [word, value] of CONSTANTS) {
    if (!text.startsWith(word, at)) continue
    reader.at += word.length
    return value
  }
  NUMBER.lastIndex = at
  const number = NUMBER.exec(text)
  if (number === null) throw decodeError(reader, 'Expecting value', at)
  reader.at += number[0].length
  if (number[1] !== undefined || number[2] !== undefined) return Number(number[0])
  const digits = number[0].replace('-', '').length
  if (digits > 4300) throw valueError(`Exceeds the limit (4300 digits) for integer string conversion: value has ${digits} digits; use sys.set_int_max_str_digits() to increase the limit`)
  return BigInt(number[0])
}

function nested(reader: Reader, kind: string, read: (reader: Reader) => Value): Value {
  if (++reader.depth > MAX_DEPTH) throw new PyException('RecursionError', `maximum recursion depth exceeded while decoding a JSON ${kind} from a unicode string`)
  reader.at++
  skipSpace(reader)
  const value = read(reader)
  reader.at++
  reader.depth--
  return value
}

function readObject(reader: Reader): Value {
  const { text } = reader
  const dict = new PyDict()
  if (text.charAt(reader.at) === '}') return dict
  for (;;) {
    if (text.charAt(reader.at) !== '"') throw decodeError(reader, 'Expecting property name enclosed in double quotes', reader.at)
    const key = readString(reader)
    skipSpace(reader)
    if (text.charAt(reader.at) !== ':') throw decodeError(reader, "Expecting ':' delimiter", reader.at)
    reader.at++
    skipSpace(reader)
    dict.set(key, readValue(reader))
    skipSpace(reader)
    if (text.charAt(reader.at) === '}') return dict
    if (text.charAt(reader.at) !== ',') throw decodeError(reader, "Expecting ',' delimiter", reader.at)
    reader.at++
    skipSpace(reader)
  }
}

function readArray(reader: Reader): Value {
  const { text } = reader
  const items: Value[] = []
  if (text.charAt(reader.at) === ']') return new PyList(items)
  for (;;) {
    items.push(readValue(reader))
    skipSpace(reader)
    if (text.charAt(reader.at) === ']') return new PyList(items)
    if (text.charAt(reader.at) !== ',') throw decodeError(reader, "Expecting ',' delimiter", reader.at)
    reader.at++
    skipSpace(reader)
  }
}

const ESCAPES = new Map([['"', '"'], ['\\', '\\'], ['/', '/'], ['b', '\b'], ['f', '\f'], ['n', '\n'], ['r', '\r'], ['t', '\t']])

function readString(reader: Reader): string {
  const { text } = reader
  const start = reader.at++
  let value = ''
  for (;;) {
    const from = reader.at
    let c = text.charCodeAt(reader.at)
    while (c !== 34 && c !== 92 && c >= 32) c = text.charCodeAt(++reader.at)
    value += text.slice(from, reader.at)
    if (reader.at >= text.length) throw decodeError(reader, 'Unterminated string starting at', start)
    if (c === 34) break
    if (c !== 92) throw decodeError(reader, 'Invalid control character at', reader.at)
    const letter = text.charAt(reader.at + 1)
    if (letter === '') throw decodeError(reader, 'Unterminated string starting at', start)
    const simple = ESCAPES.get(letter)
    if (simple !== undefined) {
      value += simple
      reader.at += 2
    } else if (letter === 'u') {
      const digits = text.slice(reader.at + 2, reader.at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw decodeError(reader, 'Invalid \\uXXXX escape', reader.at + 1)
      value += String.fromCharCode(Number.parseInt(digits, 16))
      reader.at += 6
    } else throw decodeError(reader, 'Invalid \\escape', reader.at)
  }
  reader.at++
  return value
}
