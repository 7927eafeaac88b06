// JSON as Python's `json` module reads it, into Python values: ints stay exact, NaN and Infinity are numbers, the last of two equal keys wins.
// Dicts become PyDict, so no key of the file ever becomes a JavaScript property. Must not throw: failures are values with Python's words.

import { PyDict, PyList, type Value } from '../../jinja/value.ts'

/** `message` is Python's, e.g. `Expecting value: line 1 column 14 (char 13)`. */
export type JsonResult = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string }

/** Python 3.11's json gives up where its recursion limit is; deeper files are refused the same way. */
const MAX_DEPTH = 990

/** CPython `json.loads` on text (not bytes). */
export function parseJson(text: string): JsonResult {
  const reader: Reader = { text, at: 0, error: null }
  if (text.startsWith('\uFEFF')) return { ok: false, message: say(text, 'Unexpected UTF-8 BOM (decode using utf-8-sig)', 0) }
  skipBlanks(reader)
  const value = readValue(reader, 0)
  if (reader.error === null) {
    skipBlanks(reader)
    if (reader.at < text.length) fail(reader, 'Extra data', reader.at)
  }
  return reader.error !== null || value === undefined ? { ok: false, message: reader.error ?? 'no value' } : { ok: true, value }
}

/** The same for text that is known to be nested no deeper than Python allows; a dict is filled when it is looked into, so that what nobody asks for costs little. */
export function parseShallow(text: string): JsonResult {
  if (NOT_NATIVE.test(text)) return parseJson(text)
  let native: Native
  try {
    native = JSON.parse(text) as Native
  } catch {
    // NaN, Infinity, or broken.
    return parseJson(text)
  }
  return { ok: true, value: valueOf(native) }
}

/** What JSON.parse reads differently: floats that look whole, ints that are not exact, keys that an object would put first. Inside of texts it is no harm. */
const NOT_NATIVE = /[:[,]\s*-?\d(?:\d{15}|\d*[.eE])|"\d+"\s*:|\\u003\d/

type Native = null | boolean | number | string | readonly Native[] | { readonly [key: string]: Native }

function valueOf(native: Native): Value {
  if (typeof native === 'number') return BigInt(native)
  if (typeof native !== 'object' || native === null) return native
  return isList(native) ? new PyList(native.map(valueOf)) : new NativeDict(native)
}

function isList(native: Native): native is readonly Native[] { return Array.isArray(native) }

class NativeDict extends PyDict {
  private native: { readonly [key: string]: Native } | null
  constructor(native: { readonly [key: string]: Native }) {
    super()
    this.native = native
  }
  protected override filled(): PyDict['entries'] {
    const { native } = this
    this.native = null
    return native === null ? new Map() : new PyDict(Object.entries(native).map(([key, value]) => [key, valueOf(value)])).entries
  }
}

interface Reader { readonly text: string; at: number; error: string | null }

function readValue(reader: Reader, depth: number): Value | undefined {
  const { text } = reader
  const c = text[reader.at]
  if (c === '"') return readString(reader)
  if (c === '{' || c === '[') {
    if (depth >= MAX_DEPTH) {
      reader.error ??= 'maximum recursion depth exceeded while decoding a JSON object from a unicode string'
      return undefined
    }
    return c === '{' ? readObject(reader, depth + 1) : readArray(reader, depth + 1)
  }
  const word = WORDS.find(([name]) => text.startsWith(name, reader.at))
  if (word) {
    reader.at += word[0].length
    return word[1]
  }
  return readNumber(reader)
}

const WORDS: readonly (readonly [string, Value])[] = [['null', null], ['true', true], ['false', false], ['NaN', NaN], ['Infinity', Infinity], ['-Infinity', -Infinity]]

const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?/y

function readNumber(reader: Reader): Value | undefined {
  NUMBER.lastIndex = reader.at
  const match = NUMBER.exec(reader.text)
  if (!match) return fail(reader, 'Expecting value', reader.at)
  reader.at = NUMBER.lastIndex
  if (match[2] !== undefined || match[3] !== undefined) return Number(match[0])
  // Python 3.11+ refuses to convert longer ones; BigInt on megabytes of digits would take minutes.
  if (match[0].length > 4300) return fail(reader, 'Exceeds the limit (4300 digits) for integer string conversion', reader.at)
  return BigInt(match[0])
}

function readObject(reader: Reader, depth: number): Value | undefined {
  const { text } = reader
  const dict = new PyDict()
  reader.at++
  skipBlanks(reader)
  if (text[reader.at] === '}') { reader.at++; return dict }
  for (;;) {
    if (text[reader.at] !== '"') return fail(reader, 'Expecting property name enclosed in double quotes', reader.at)
    const key = readString(reader)
    if (key === undefined) return undefined
    skipBlanks(reader)
    if (text[reader.at] !== ':') return fail(reader, "Expecting ':' delimiter", reader.at)
    reader.at++
    skipBlanks(reader)
    const value = readValue(reader, depth)
    if (value === undefined) return undefined
    dict.set(key, value)
    skipBlanks(reader)
    const c = text[reader.at]
    if (c === '}') { reader.at++; return dict }
    if (c !== ',') return fail(reader, "Expecting ',' delimiter", reader.at)
    reader.at++
    skipBlanks(reader)
  }
}

function readArray(reader: Reader, depth: number): Value | undefined {
  const { text } = reader
  const items: Value[] = []
  reader.at++
  skipBlanks(reader)
  if (text[reader.at] === ']') { reader.at++; return new PyList(items) }
  for (;;) {
    const value = readValue(reader, depth)
    if (value === undefined) return undefined
    items.push(value)
    skipBlanks(reader)
    const c = text[reader.at]
    if (c === ']') { reader.at++; return new PyList(items) }
    if (c !== ',') return fail(reader, "Expecting ',' delimiter", reader.at)
    reader.at++
    skipBlanks(reader)
  }
}

// eslint-disable-next-line no-control-regex
const PLAIN = /[^"\\\u0000-\u001f]*/y
const ESCAPES: ReadonlyMap<string, string> = new Map([['"', '"'], ['\\', '\\'], ['/', '/'], ['b', '\b'], ['f', '\f'], ['n', '\n'], ['r', '\r'], ['t', '\t']])

function readString(reader: Reader): string | undefined {
  const { text } = reader
  const begin = reader.at
  let at = begin + 1
  let out = ''
  for (;;) {
    PLAIN.lastIndex = at
    PLAIN.exec(text)
    const stop = PLAIN.lastIndex
    if (stop > at) out += text.slice(at, stop)
    const c = text[stop]
    if (c === '"') { reader.at = stop + 1; return out }
    if (c === undefined) return fail(reader, 'Unterminated string starting at', begin)
    if (c !== '\\') return fail(reader, 'Invalid control character at', stop)
    const escape = text[stop + 1]
    if (escape === undefined) return fail(reader, 'Unterminated string starting at', begin)
    if (escape === 'u') {
      const digits = text.slice(stop + 2, stop + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) return fail(reader, 'Invalid \\uXXXX escape', stop + 1)
      out += String.fromCharCode(Number.parseInt(digits, 16))
      at = stop + 6
    } else {
      const plain = ESCAPES.get(escape)
      if (plain === undefined) return fail(reader, 'Invalid \\escape', stop)
      out += plain
      at = stop + 2
    }
  }
}

function skipBlanks(reader: Reader): void {
  for (;;) {
    const c = reader.text.charCodeAt(reader.at)
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return
    reader.at++
  }
}

function fail(reader: Reader, message: string, at: number): undefined {
  reader.error ??= say(reader.text, message, at)
  return undefined
}

/** JSONDecodeError's `msg: line L column C (char N)`; Python counts code points, so do we. */
function say(text: string, message: string, at: number): string {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  const column = points(before.slice(before.lastIndexOf('\n') + 1)) + 1
  return `${message}: line ${line} column ${column} (char ${points(before)})`
}

function points(text: string): number {
  return Array.from(text).length
}
