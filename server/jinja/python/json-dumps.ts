// Python's json.dumps: dict order kept unless sorted, ASCII only unless told otherwise, floats as repr writes them.

import { sorted } from '../compare.ts'
import { PyException, UnknownSignal, typeError, valueError } from '../errors.ts'
import { work } from '../meter.ts'
import { floatRepr, intText } from '../repr.ts'
import { textOf, typeNameOf } from '../types.ts'
import { PyDict, PyList, PyObject, PyTuple, type CallContext, type Value } from '../value.ts'

export interface JsonOptions {
  readonly sortKeys?: boolean
  readonly ensureAscii?: boolean
  /** Python's `indent`: the text of one level, or undefined for one line. */
  readonly indent?: string
  /** `[between items, after a key]`; Python's defaults depend on `indent`. */
  readonly separators?: readonly [string, string]
}

const MAX_DEPTH = 900

/** `json.dumps(value)`. TypeError for what JSON cannot say, ValueError for cycles; UnknownSignal for an unknown inside. */
export function jsonDumps(value: Value, options: JsonOptions, spender: Pick<CallContext, 'spend'>): string {
  const [item, key] = options.separators ?? [options.indent === undefined ? ', ' : ',', ': ']
  const dump: Dump = { sortKeys: options.sortKeys === true, quote: options.ensureAscii === false ? quoteUnicode : quoteAscii, indent: options.indent, item, key, spender, within: new Set() }
  return write(dump, value)
}

interface Dump {
  readonly sortKeys: boolean
  readonly quote: (text: string) => string
  readonly indent: string | undefined
  readonly item: string
  readonly key: string
  readonly spender: Pick<CallContext, 'spend'>
  readonly within: Set<PyObject>
}

function write(dump: Dump, value: Value): string {
  dump.spender.spend(2)
  switch (typeof value) {
    case 'string':
      dump.spender.spend(0, value.length)
      return dump.quote(value)
    case 'boolean': return value ? 'true' : 'false'
    case 'bigint': return intText(value)
    case 'number': return floatText(value)
    default: return value === null ? 'null' : writeObject(dump, value)
  }
}

function floatText(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value === Infinity ? 'Infinity' : value === -Infinity ? '-Infinity' : floatRepr(value)
}

function writeObject(dump: Dump, value: PyObject): string {
  if (value.unknown) throw new UnknownSignal(value.unknown)
  const text = textOf(value)
  if (text !== undefined) return dump.quote(text)
  if (value instanceof PyList || value instanceof PyTuple) {
    return inside(dump, value, '[', ']', value.items.length === 0, () => value.items.map(item => write(dump, item)))
  }
  if (!(value instanceof PyDict)) throw typeError(`Object of type ${typeNameOf(value)} is not JSON serializable`)
  return inside(dump, value, '{', '}', value.entries.size === 0, () => {
    const entries = dump.sortKeys ? sortedItems(value) : value.items()
    return entries.map(([key, item]) => dump.quote(keyText(key)) + dump.key + write(dump, item))
  })
}

function inside(dump: Dump, value: PyObject, open: string, close: string, empty: boolean, members: () => string[]): string {
  if (empty) return open + close
  dump.spender.spend(dump.sortKeys ? 4 : 2)
  if (dump.within.has(value)) throw valueError('Circular reference detected')
  if (dump.within.size > MAX_DEPTH) throw new PyException('RecursionError', 'maximum recursion depth exceeded while encoding a JSON object')
  dump.within.add(value)
  const parts = members()
  dump.within.delete(value)
  const { size } = dump.within
  if (dump.indent === undefined) return open + parts.join(dump.item) + close
  const line = '\n' + dump.indent.repeat(size + 1)
  return open + line + parts.join(dump.item + line) + '\n' + dump.indent.repeat(size) + close
}

function keyText(key: Value): string {
  const text = textOf(key)
  if (text !== undefined) return text
  switch (typeof key) {
    case 'boolean': return key ? 'true' : 'false'
    case 'bigint': return intText(key)
    case 'number': return floatText(key)
    default:
      if (key === null) return 'null'
      throw typeError(`keys must be str, int, float, bool or None, not ${typeNameOf(key)}`)
  }
}

function sortedItems(dict: PyDict): [Value, Value][] {
  const pairs = sorted(new PyList(dict.items().map(pair => new PyTuple(pair))), pair => pair, false)
  return pairs.map(pair => pair instanceof PyTuple ? [pair.items[0] ?? null, pair.items[1] ?? null] : [pair, null])
}

const SHORT = new Map([['"', '\\"'], ['\\', '\\\\'], ['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t'], ['\b', '\\b'], ['\f', '\\f']])

function quoteAscii(text: string): string {
  return /^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : `"${paid(text).replace(/[^ !#-[\]-~]/g, escape)}"`
}

function quoteUnicode(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return `"${paid(text).replace(/["\\\0-\x1f]/g, escape)}"`
}

/** What escaping its characters costs. */
function paid(text: string): string {
  work(text.length >> 3)
  return text
}

function escape(unit: string): string {
  return SHORT.get(unit) ?? '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0')
}
