// Python's `format(value, spec)`: the mini-language of int, float and str, with CPython 3.11's errors.

import { PyException, typeError, valueError } from '../errors.ts'
import { toFloat } from '../numbers.ts'
import { strOf } from '../repr.ts'
import { codePoints, lengthOf, sliceText } from '../../text/python.ts'
import { intOf, textOf, typeNameOf } from '../types.ts'
import { PyObject, type Value } from '../value.ts'
import { budgetExceeded } from '../errors.ts'
import { floatDigits } from './format-float.ts'

/** Implemented by objects with a `__format__` of their own (dates). */
export interface Formattable { formatWith(spec: string): string }

const MOST_WIDTH = 5_000_000

/** `format(value, spec)`. */
export function formatValue(value: Value, spec: string): string {
  if (spec === '' && !isFormattable(value)) return strOf(value)
  const text = textOf(value)
  if (text !== undefined) return formatText(text, parseSpec(spec, '<', value))
  const int = intOf(value)
  if (int !== undefined) return formatInt(int, parseSpec(spec, '>', value))
  if (typeof value === 'number') return formatFloat(value, parseSpec(spec, '>', value))
  if (isFormattable(value)) return value.formatWith(spec)
  throw typeError(`unsupported format string passed to ${typeNameOf(value)}.__format__`)
}

function isFormattable(value: Value): value is PyObject & Formattable {
  return value instanceof PyObject && typeof (value as PyObject & Partial<Formattable>).formatWith === 'function'
}

interface Spec {
  fill: string
  align: string
  alignGiven: boolean
  sign: string
  positiveZero: boolean
  alternate: boolean
  width: number
  separator: string
  precision: number
  code: string
  /** For messages. */
  readonly type: string
}

function parseSpec(text: string, align: string, value: Value): Spec {
  const chars = codePoints(text) ?? text.split('')
  const spec: Spec = { fill: ' ', align, alignGiven: false, sign: '', positiveZero: false, alternate: false, width: -1, separator: '', precision: -1, code: '', type: typeNameOf(value) }
  let at = 0
  let fillGiven = false
  const isAlign = (c: string | undefined): boolean => c !== undefined && '<>=^'.includes(c)
  if (isAlign(chars[1])) {
    spec.fill = chars[0] ?? ' '
    spec.align = chars[1] ?? align
    fillGiven = spec.alignGiven = true
    at = 2
  } else if (isAlign(chars[0])) {
    spec.align = chars[0] ?? align
    spec.alignGiven = true
    at = 1
  }
  const sign = chars[at]
  if (sign === ' ' || sign === '+' || sign === '-') { spec.sign = sign; at++ }
  if (chars[at] === 'z') { spec.positiveZero = true; at++ }
  if (chars[at] === '#') { spec.alternate = true; at++ }
  if (!fillGiven && chars[at] === '0') {
    spec.fill = '0'
    if (!spec.alignGiven && align === '>') spec.align = '='
    at++
  }
  const number = (): number => {
    let digits = ''
    while (/^\p{Nd}$/u.test(chars[at] ?? '')) digits += decimalDigit(chars[at++] ?? '')
    if (digits === '') return -1
    if (BigInt(digits) > 0x7fffffffffffffffn) throw valueError('Too many decimal digits in format string')
    return Number(digits)
  }
  spec.width = number()
  if (chars[at] === ',') { spec.separator = ','; at++ }
  if (chars[at] === '_') {
    if (spec.separator !== '') throw valueError("Cannot specify both ',' and '_'.")
    spec.separator = '_'
    at++
  }
  if (chars[at] === ',') {
    if (spec.separator === '_') throw valueError("Cannot specify both ',' and '_'.")
    if (spec.separator === ',') throw valueError("Cannot specify ',' with ','.")
  }
  if (chars[at] === '.') {
    at++
    spec.precision = number()
    if (spec.precision < 0) throw valueError('Format specifier missing precision')
  }
  if (chars.length - at > 1) throw valueError(`Invalid format specifier '${text}' for object of type '${spec.type}'`)
  spec.code = chars[at] ?? ''
  if (spec.separator !== '' && !(spec.code === '' || 'defgEG%F'.includes(spec.code))) {
    if (!(spec.separator === '_' && 'boxX'.includes(spec.code))) throw valueError(`Cannot specify '${spec.separator}' with ${codeText(spec.code)}.`)
  }
  return spec
}

function decimalDigit(c: string): string {
  const code = c.codePointAt(0) ?? 48
  if (code < 128) return c
  // Nd characters come in runs of ten that start at a multiple the run's zero defines.
  let zero = code
  while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero--
  return String(code - zero)
}

function codeText(code: string): string {
  const point = code.codePointAt(0) ?? 0
  return point > 32 && point < 128 ? `'${code}'` : `'\\x${point.toString(16)}'`
}

function unknownCode(code: string, type: string): PyException {
  const point = code.codePointAt(0) ?? 0
  return valueError(`Unknown format code ${point > 32 && point < 128 ? `'${code}'` : `'\\x${point.toString(16)}'`} for object of type '${type}'`)
}

function formatText(text: string, spec: Spec): string {
  if (spec.code !== '' && spec.code !== 's') throw unknownCode(spec.code, spec.type)
  if (spec.sign === ' ') throw valueError('Space not allowed in string format specifier')
  if (spec.sign !== '') throw valueError('Sign not allowed in string format specifier')
  if (spec.positiveZero) throw valueError('Negative zero coercion (z) not allowed in string format specifier')
  if (spec.alternate) throw valueError('Alternate form (#) not allowed in string format specifier')
  if (spec.align === '=') throw valueError("'=' alignment not allowed in string format specifier")
  if (spec.separator !== '') throw valueError(`Cannot specify '${spec.separator}' with 's'.`)
  const cut = spec.precision >= 0 && spec.precision < lengthOf(text) ? sliceText(text, 0, spec.precision) : text
  return pad(cut, '', spec)
}

function formatInt(value: bigint, spec: Spec): string {
  const { code } = spec
  if (code !== '' && 'eEfFgG%'.includes(code)) return formatFloat(toFloat(value), spec)
  if (code !== '' && !'bcdoxXn'.includes(code)) throw unknownCode(code, spec.type)
  if (spec.positiveZero) throw valueError('Negative zero coercion (z) not allowed in integer format specifier')
  if (spec.precision >= 0) throw valueError('Precision not allowed in integer format specifier')
  if (code === 'c') {
    if (spec.sign !== '') throw valueError("Sign not allowed with integer format specifier 'c'")
    if (spec.alternate) throw valueError("Alternate form (#) not allowed with integer format specifier 'c'")
    if (value < 0n || value > 0x10ffffn) throw new PyException('OverflowError', '%c arg not in range(0x110000)')
    return pad(String.fromCodePoint(Number(value)), '', spec)
  }
  const digits = value < 0n ? -value : value
  const base = code === 'b' ? 2 : code === 'o' ? 8 : code === 'x' || code === 'X' ? 16 : 10
  let text = base === 10 ? strOf(digits) : digits.toString(base)
  let prefix = spec.alternate && base !== 10 ? (base === 2 ? '0b' : base === 8 ? '0o' : '0x') : ''
  if (code === 'X') { text = text.toUpperCase(); prefix = prefix.toUpperCase() }
  return padNumber(text, '', signOf(value < 0n, spec) + prefix, spec, base === 10 ? 3 : 4)
}

function formatFloat(value: number, spec: Spec): string {
  let { code, precision } = spec
  if (code !== '' && !'eEfFgGn%'.includes(code)) throw unknownCode(code, spec.type)
  let negative = value < 0 || Object.is(value, -0)
  let suffix = ''
  let operand = value
  if (code === '%') { code = 'f'; operand = value * 100; suffix = '%' }
  if (code === 'n') code = 'g'
  let text: string
  if (code === '') {
    text = precision < 0 ? reprDigits(operand) : withPoint(floatDigits(operand, 'g', precision === 0 ? 1 : precision, spec.alternate), operand, precision)
  } else {
    if (precision < 0) precision = 6
    if (precision > MOST_WIDTH) throw valueError('precision too big')
    text = floatDigits(operand, code, precision, spec.alternate)
  }
  if (spec.positiveZero && negative && /^[0.]*(?:e[-+]\d+)?$/.test(text)) negative = false
  const match = /^([0-9]*)(.*)$/s.exec(text)
  return padNumber(match?.[1] ?? '', (match?.[2] ?? '') + suffix, signOf(negative && !Number.isNaN(value), spec), spec, 3)
}

function reprDigits(value: number): string {
  const text = floatDigits(value, 'r', 0, false)
  return /^\d+$/.test(text) ? text + '.0' : text
}

/** With a precision and no code: like `g`, but with a digit behind the point, and scientific one digit earlier. */
function withPoint(text: string, value: number, precision: number): string {
  if (!/^\d+$/.test(text)) return text
  const digits = Math.max(precision, 1)
  if (text.length >= digits && Number.isFinite(value)) return floatDigits(value, 'e', digits - 1, false).replace(/\.0+e|(\.\d*[1-9])0+e/, '$1e')
  return text + '.0'
}

function signOf(negative: boolean, spec: Spec): string {
  return negative ? '-' : spec.sign === '+' || spec.sign === ' ' ? spec.sign : ''
}

function padNumber(digits: string, rest: string, lead: string, spec: Spec, group: number): string {
  let body = digits
  if (spec.separator !== '' && digits !== '') {
    body = grouped(digits, spec.separator, group)
    if (spec.fill === '0' && spec.align === '=') {
      checkWidth(spec.width)
      const wanted = spec.width - lead.length - rest.length
      if (body.length < wanted) {
        const groups = Math.ceil((wanted + 1) / (group + 1))
        const full = grouped(digits.padStart(groups * group, '0'), spec.separator, group)
        body = full.slice(full.length - wanted)
        if (body.startsWith(spec.separator)) body = '0' + body
      }
    }
  }
  return pad(body + rest, lead, spec)
}

function grouped(digits: string, separator: string, group: number): string {
  const first = digits.length % group || group
  let text = digits.slice(0, first)
  for (let at = first; at < digits.length; at += group) text += separator + digits.slice(at, at + group)
  return text
}

function checkWidth(width: number): void {
  if (width > MOST_WIDTH) throw budgetExceeded(`a text padded to ${width} characters`)
}

function pad(text: string, lead: string, { fill, align, width }: Spec): string {
  const missing = width - lengthOf(text) - lead.length
  if (missing <= 0) return lead + text
  checkWidth(width)
  if (align === '=') return lead + fill.repeat(missing) + text
  if (align === '<') return lead + text + fill.repeat(missing)
  if (align === '^') return fill.repeat(missing >> 1) + lead + text + fill.repeat(missing - (missing >> 1))
  return fill.repeat(missing) + lead + text
}
