// Python's `str()` and `repr()` of every value.
// Throws UnknownSignal when the text hangs on an unknown: a container's repr may not be guessed around one.

import { PyException, UnknownSignal, budgetExceeded } from './errors.ts'
import { work as meter } from './meter.ts'
import { PyDict, PyList, PyMarkup, PyNamespace, PyStr, PyTuple } from './value.ts'
import type { PyObject, Value } from './value.ts'
import { PySet } from './set.ts'

/** `str(value)`. */
export function strOf(value: Value): string {
  switch (typeof value) {
    case 'string': return value
    case 'bigint': return intText(value)
    case 'number': return floatRepr(value)
    case 'boolean': return value ? 'True' : 'False'
    default:
      if (value === null) return 'None'
      if (value.unknown) throw new UnknownSignal(value.unknown)
      if (value instanceof PyList || value instanceof PyTuple || value instanceof PyDict || value instanceof PySet || value instanceof PyNamespace) return reprOf(value)
      return value.str()
  }
}

/** `repr(value)`. */
export function reprOf(value: Value): string { return typeof value === 'object' && value !== null ? objectRepr(value, { within: [], size: 0, visits: 0 }) : repr(value, NOWHERE) }

/** The containers around, and how much text there is already: lists of lists of the same list double with every level. */
interface Work { readonly within: PyObject[]; size: number; visits: number }

const NOWHERE: Work = { within: [], size: 0, visits: 0 }
const MOST_TEXT = 4_000_000
const MOST_VISITS = 20_000

function repr(value: Value, work: Work): string {
  switch (typeof value) {
    case 'string': return stringRepr(value)
    case 'bigint': return intText(value)
    case 'number': return floatRepr(value)
    case 'boolean': return value ? 'True' : 'False'
    default:
      if (value === null) return 'None'
      return objectRepr(value, work)
  }
}

function objectRepr(value: PyObject, work: Work): string {
  const { within } = work
  if (value.unknown) throw new UnknownSignal(value.unknown)
  if (value instanceof PyStr) return value instanceof PyMarkup ? `Markup(${stringRepr(value.text)})` : stringRepr(value.text)
  if (!(value instanceof PyList || value instanceof PyTuple || value instanceof PyDict || value instanceof PySet || value instanceof PyNamespace)) return value.repr()
  if (within.includes(value)) return value instanceof PyList ? '[...]' : value instanceof PyTuple ? '(...)' : '{...}'
  if (within.length > 300) throw new PyException('RecursionError', `maximum recursion depth exceeded while getting the repr of an object`)
  meter(1 + ((value.length() ?? 0) >> 1))
  if (++work.visits > MOST_VISITS) throw budgetExceeded(`a repr of more than ${MOST_VISITS} containers`)
  within.push(value)
  const text = containerRepr(value, work)
  within.pop()
  return text
}

function containerRepr(value: PyList | PyTuple | PyDict | PySet | PyNamespace, work: Work): string {
  const part = (item: Value): string => {
    const text = repr(item, work)
    work.size += typeof item === 'object' && item !== null ? 2 : text.length + 2
    if (work.size > MOST_TEXT) throw budgetExceeded(`a repr of more than ${MOST_TEXT} characters`)
    return text
  }
  work.size += 2
  const list = (items: readonly Value[]): string => items.map(part).join(', ')
  if (value instanceof PyList) return `[${list(value.items)}]`
  if (value instanceof PyTuple) return value.items.length === 1 ? `(${list(value.items)},)` : `(${list(value.items)})`
  if (value instanceof PySet) return value.size === 0 ? 'set()' : `{${list(value.ordered())}}`
  if (value instanceof PyNamespace) {
    return `<Namespace {${Array.from(value.attributes, ([key, item]) => `${stringRepr(key)}: ${part(item)}`).join(', ')}}>`
  }
  const parts: string[] = []
  for (const entry of value.entries.values()) parts.push(`${part(entry.key)}: ${part(entry.value)}`)
  const text = `{${parts.join(', ')}}`
  return value.typeName === 'dict' ? text : `${value.typeName}(${text})`
}

/** CPython refuses to print integers of more than 4300 digits. */
export function intText(value: bigint): string {
  // 2^14284 is the first power of two that may need 4301 digits.
  if (value > LARGE || value < -LARGE) throw new PyException('ValueError', 'Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit')
  return value.toString()
}
const LARGE = 10n ** 4300n - 1n

/** `repr(float)`: shortest digits that read back, Python's exponent rule (from 1e16 and below 1e-4). */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (value === Infinity) return 'inf'
  if (value === -Infinity) return '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  if (exponent >= 16 || exponent < -4) {
    const digits = Math.abs(exponent).toString().padStart(2, '0')
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`
  }
  const text = value.toString()
  if (text.includes('e')) return decimal(mantissa, exponent)
  return text.includes('.') ? text : `${text}.0`
}

function decimal(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

const PLAIN = /^[ !#-&(-[\]-~]*$/

/** `repr(str)`: single quotes unless only double ones avoid escapes; what is not printable is escaped. */
export function stringRepr(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let out = quote
  for (const character of text) out += escaped(character, quote)
  return out + quote
}

const UNPRINTABLE = /^[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]$/u

function escaped(character: string, quote: string): string {
  if (character === quote || character === '\\') return '\\' + character
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  const code = character.codePointAt(0) ?? 0
  if (code >= 32 && code < 127) return character
  if (code > 127 && !UNPRINTABLE.test(character)) return character
  if (code < 0x100) return '\\x' + code.toString(16).padStart(2, '0')
  if (code < 0x10000) return '\\u' + code.toString(16).padStart(4, '0')
  return '\\U' + code.toString(16).padStart(8, '0')
}
