// Python's `text % values` (CPython 3.11, PyUnicode_Format), with its errors.

import { PyException, UnknownSignal, budgetExceeded, typeError, valueError } from '../errors.ts'
import { toFloat, truncate } from '../numbers.ts'
import { reprOf, stringRepr, strOf } from '../repr.ts'
import { codePoints, lengthOf, sliceText } from '../../text/python.ts'
import { intOf, textOf, typeNameOf } from '../types.ts'
import { PyUndefined } from '../undefined.ts'
import { PyDict, PyMarkup, PyObject, PyTuple, type CallContext, type Value } from '../value.ts'
import { ascii } from './ascii.ts'
import { floatDigits } from './format-float.ts'

type Spender = Pick<CallContext, 'spend'>

const MOST_WIDTH = 5_000_000

/** `text % values`. `escape` is given for a Markup's text: it escapes what %s, %r and %a put in. */
export function percentFormat(text: string, values: Value, spender: Spender, escape?: (value: Value) => PyMarkup): string {
  if (typeof values === 'object' && values?.unknown) throw new UnknownSignal(values.unknown)
  const format: Format = { chars: codePoints(text) ?? text.split(''), at: 0, values, next: 0, single: !(values instanceof PyTuple), usedMapping: false, escape }
  let out = ''
  spender.spend(text.length >> 3)
  while (format.at < format.chars.length) {
    const c = format.chars[format.at++]
    if (c !== '%') { out += c; continue }
    const piece = conversion(format)
    spender.spend(1, piece.length)
    out += piece
  }
  const left = format.single ? format.next === 0 && !isMapping(values) : values instanceof PyTuple && format.next < values.items.length && !format.usedMapping
  if (left) throw typeError('not all arguments converted during string formatting')
  return out
}

interface Format {
  readonly chars: readonly string[]
  at: number
  readonly values: Value
  next: number
  readonly single: boolean
  usedMapping: boolean
  readonly escape: ((value: Value) => PyMarkup) | undefined
}

/** What CPython takes for a mapping: anything with `[]` but tuples and texts. */
function isMapping(value: Value): boolean {
  return value instanceof PyObject && !(value instanceof PyTuple) && textOf(value) === undefined && value.subscriptable()
}

interface Conversion { left: boolean; plus: boolean; blank: boolean; alternate: boolean; zero: boolean; width: number; precision: number }

function conversion(format: Format): string {
  const { chars } = format
  if (chars[format.at] === '%') {
    format.at++
    return '%'
  }
  let keyed: Value | undefined
  if (chars[format.at] === '(') keyed = lookUp(format)
  const how: Conversion = { left: false, plus: false, blank: false, alternate: false, zero: false, width: -1, precision: -1 }
  for (let flags = true; flags;) {
    switch (chars[format.at]) {
      case '-': how.left = true; format.at++; break
      case '+': how.plus = true; format.at++; break
      case ' ': how.blank = true; format.at++; break
      case '#': how.alternate = true; format.at++; break
      case '0': how.zero = true; format.at++; break
      default: flags = false
    }
  }
  const take = (): Value => keyed ?? nextValue(format)
  how.width = size(format, take, 'width too big', 2n ** 63n, 'ssize_t')
  if (how.width < -1) { how.left = true; how.width = -how.width }
  if (chars[format.at] === '.') {
    format.at++
    how.precision = Math.max(0, size(format, take, 'precision too big', 2n ** 31n, 'int'))
  }
  const modifier = chars[format.at]
  if (modifier === 'h' || modifier === 'l' || modifier === 'L') format.at++
  const code = chars[format.at++]
  if (code === undefined) throw valueError('incomplete format')
  return convert(format, code, take(), how)
}

function lookUp(format: Format): Value {
  const { chars, values } = format
  if (!isMapping(values)) throw typeError('format requires a mapping')
  const start = ++format.at
  let depth = 1
  for (; format.at < chars.length && depth > 0; format.at++) {
    if (chars[format.at] === '(') depth++
    if (chars[format.at] === ')') depth--
  }
  if (depth > 0) throw valueError('incomplete format key')
  format.usedMapping = true
  const key = chars.slice(start, format.at - 1).join('')
  if (!(values instanceof PyDict)) {
    const item = (values as PyObject).getitem(key)
    if (item === undefined) throw typeError(`${typeNameOf(values)} indices must be integers or slices, not str`)
    return item
  }
  const found = values.get(key)
  if (found === undefined) throw new PyException('KeyError', stringRepr(key))
  return found
}

function nextValue(format: Format): Value {
  if (format.single) {
    if (format.next++ > 0) throw typeError('not enough arguments for format string')
    return format.values
  }
  const item = format.values instanceof PyTuple ? format.values.items[format.next] : undefined
  if (item === undefined) throw typeError('not enough arguments for format string')
  format.next++
  return item
}

function size(format: Format, take: () => Value, tooBig: string, limit: bigint, type: string): number {
  const { chars } = format
  if (chars[format.at] === '*') {
    format.at++
    const value = intOf(take())
    if (value === undefined) throw typeError('* wants int')
    if (value >= limit || value < -limit) throw new PyException('OverflowError', `Python int too large to convert to C ${type}`)
    return Number(value)
  }
  let digits = ''
  while (/^[0-9]$/.test(chars[format.at] ?? '')) digits += chars[format.at++]
  if (digits === '') return -1
  if (digits.length > 18) throw valueError(tooBig)
  return Number(digits)
}

function convert(format: Format, code: string, value: Value, how: Conversion): string {
  if (typeof value === 'object' && value?.unknown) throw new UnknownSignal(value.unknown)
  const text = (piece: string | PyMarkup): string => {
    const whole = typeof piece === 'string' ? piece : piece.text
    return pad(how.precision >= 0 && how.precision < lengthOf(whole) ? sliceText(whole, 0, how.precision) : whole, '', how, false)
  }
  if (value instanceof PyUndefined && 'diueEfFgG'.includes(code)) value.fail()
  switch (code) {
    case 's': return text(format.escape ? format.escape(value) : strOf(value))
    case 'r': return text(format.escape ? format.escape(reprOf(value)) : reprOf(value))
    case 'a': return text(format.escape ? format.escape(reprOf(value)) : ascii(reprOf(value)))
    case 'c': return pad(character(value), '', how, false)
    case 'd': case 'i': case 'u': case 'o': case 'x': case 'X': return integer(code, value, how)
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': return float(code, value, how)
    default: {
      const point = code.codePointAt(0) ?? 0
      throw valueError(`unsupported format character '${point > 31 && point < 127 ? code : '?'}' (0x${point.toString(16)}) at index ${format.at - 1}`)
    }
  }
}

function character(value: Value): string {
  const text = textOf(value)
  if (text !== undefined && lengthOf(text) === 1) return text
  const code = intOf(value)
  if (text !== undefined || code === undefined) throw typeError('%c requires int or char')
  if (code < 0n || code > 0x10ffffn) throw new PyException('OverflowError', '%c arg not in range(0x110000)')
  return String.fromCodePoint(Number(code))
}

function integer(code: string, value: Value, how: Conversion): string {
  const decimal = code === 'd' || code === 'i' || code === 'u'
  const int = intOf(value) ?? (decimal && typeof value === 'number' ? truncate(value) : undefined)
  if (int === undefined) throw typeError(`%${code} format: ${decimal ? 'a real number' : 'an integer'} is required, not ${typeNameOf(value)}`)
  const size = int < 0n ? -int : int
  let digits = decimal ? strOf(size) : size.toString(code === 'o' ? 8 : 16)
  checkWidth(how.precision)
  digits = digits.padStart(how.precision, '0')
  const prefix = how.alternate && !decimal ? (code === 'o' ? '0o' : '0x') : ''
  const lead = sign(int < 0n, how) + prefix
  return code === 'X' ? pad(digits.toUpperCase(), lead.toUpperCase(), how, true) : pad(digits, lead, how, true)
}

function float(code: string, value: Value, how: Conversion): string {
  const int = intOf(value)
  const number = typeof value === 'number' ? value : int === undefined ? undefined : toFloat(int)
  if (number === undefined) throw typeError(`must be real number, not ${typeNameOf(value)}`)
  checkWidth(how.precision)
  const digits = floatDigits(number, code, how.precision < 0 ? 6 : how.precision, how.alternate)
  return pad(digits, sign((number < 0 || Object.is(number, -0)) && !Number.isNaN(number), how), how, true)
}

function sign(negative: boolean, how: Conversion): string {
  return negative ? '-' : how.plus ? '+' : how.blank ? ' ' : ''
}

function checkWidth(width: number): void {
  if (width > MOST_WIDTH) throw budgetExceeded(`a text padded to ${width} characters`)
}

function pad(text: string, lead: string, how: Conversion, numeric: boolean): string {
  const missing = how.width - lengthOf(text) - lead.length
  if (missing <= 0) return lead + text
  checkWidth(how.width)
  if (how.left) return lead + text + ' '.repeat(missing)
  return numeric && how.zero ? lead + '0'.repeat(missing) + text : ' '.repeat(missing) + lead + text
}

