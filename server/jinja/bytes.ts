// Python's bytes, as far as templates meet them: what `str.encode()` gives. What else they can do is unknown here.

import { named } from './arguments.ts'
import { PyException, UnknownSignal, typeError } from './errors.ts'
import { work } from './meter.ts'
import { PyFunction, PyObject, PyUnknown, iterOfArray } from './value.ts'
import type { BinaryOp, CallArgs, HashKey, PyIter, Value } from './value.ts'
import { intOf, typeNameOf } from './types.ts'

class PyBytes extends PyObject {
  readonly typeName = 'bytes'
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) { super(); this.bytes = bytes }
  override length(): number { return this.bytes.length }
  override subscriptable(): boolean { return true }
  override iter(): PyIter { return iterOfArray(Array.from(this.bytes, BigInt)) }
  override getitem(key: Value): Value | undefined {
    const index = intOf(key)
    const byte = index === undefined ? undefined : this.bytes.at(Number(index))
    return byte === undefined ? undefined : BigInt(byte)
  }
  override equals(other: Value): boolean | undefined { return other instanceof PyBytes ? other.hashKey() === this.hashKey() : undefined }
  override binary(op: BinaryOp, other: Value, reflected: boolean): Value | undefined {
    if (op === '*' || op === '%') throw new UnknownSignal(unmodelled(`bytes ${op}`).origin)
    if (op !== '+' || reflected) return undefined
    if (!(other instanceof PyBytes)) throw typeError(`can't concat ${typeNameOf(other)} to bytes`)
    const both = new Uint8Array(this.bytes.length + other.bytes.length)
    work(1, both.length)
    both.set(this.bytes)
    both.set(other.bytes, this.bytes.length)
    return new PyBytes(both)
  }
  override hashKey(): HashKey { return `\0b${this.repr()}` }
  override getattr(name: string): Value | undefined {
    if (name === 'decode') return new PyFunction(name, args => this.decode(args))
    if (name === 'hex') return new PyFunction(name, () => Array.from(this.bytes, byte => byte.toString(16).padStart(2, '0')).join(''))
    return METHODS.has(name) ? unmodelled(`bytes.${name}`) : undefined
  }
  private decode(args: CallArgs): Value {
    const { encoding = 'utf-8' } = named('decode', args, ['encoding', 'errors'])
    // Only `encode` makes bytes here, so they are whole.
    return typeof encoding === 'string' && UTF8.has(encoding.toLowerCase()) ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.bytes) : unmodelled('decoding')
  }
  override repr(): string {
    work(this.bytes.length >> 2)
    const quote = this.bytes.includes(39) && !this.bytes.includes(34) ? '"' : "'"
    let out = `b${quote}`
    for (const byte of this.bytes) {
      const character = String.fromCharCode(byte)
      out += SHORT.get(byte) ?? (character === quote || character === '\\' ? '\\' + character : byte < 32 || byte > 126 ? '\\x' + byte.toString(16).padStart(2, '0') : character)
    }
    return out + quote
  }
}

const SHORT: ReadonlyMap<number, string> = new Map([[9, '\\t'], [10, '\\n'], [13, '\\r']])
const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'utf_8', 'u8'])
const METHODS: ReadonlySet<string> = new Set('capitalize center count endswith expandtabs find fromhex index isalnum isalpha isascii isdigit islower isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill'.split(' '))

/** `text.encode(encoding)`: UTF-8, or ASCII where it is that; other encodings are unknown. */
export function encode(text: string, encoding: string): Value {
  const wanted = encoding.toLowerCase()
  if (UTF8.has(wanted) || (wanted === 'ascii' && /^[\0-\x7f]*$/.test(text))) {
    if (/\p{Cs}/u.test(text)) throw new PyException('UnicodeEncodeError', "'utf-8' codec can't encode character: surrogates not allowed")
    work(text.length >> 3, text.length)
    return new PyBytes(new TextEncoder().encode(text))
  }
  return unmodelled(`str.encode('${encoding}')`)
}

function unmodelled(what: string): PyUnknown { return new PyUnknown({ code: 'python-library', message: `${what} is not modelled`, stack: [] }) }
