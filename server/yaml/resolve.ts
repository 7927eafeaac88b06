// The type and value of a scalar, exactly as PyYAML's SafeLoader resolves and constructs it (YAML 1.1).
// `1e3`, `0o17` and `08` are strings, `012` is ten, `1:30` ninety, `yes` true. Source: yaml/resolver.py, yaml/constructor.py of PyYAML 6.

import { plainYamlTag } from '../text/yaml-tags.ts'
import type { ScalarStyle, YamlValue } from './nodes.ts'

const CORE = 'tag:yaml.org,2002:'

/** A value, or PyYAML's (or Python's) words for why there is none. */
export type Resolved = { readonly value: YamlValue } | { readonly problem: string }

/** `tag` in full, or null; the tag `!` makes a quoted scalar resolve like a plain one. */
export function resolveScalar(text: string, style: ScalarStyle, tag: string | null): Resolved {
  if (tag === null) return style === 'plain' || style === 'missing' ? construct(plainYamlTag(text), text) : { value: text }
  if (tag === '!') return style === 'missing' ? { value: text } : construct(plainYamlTag(text), text)
  if (!tag.startsWith(CORE)) return noConstructor(tag)
  return construct(tag.slice(CORE.length), text)
}

/** PyYAML's refusal of a tag that SafeLoader does not know. */
export function noConstructor(tag: string): { readonly problem: string } {
  return { problem: `could not determine a constructor for the tag ${pythonRepr(tag)}` }
}

export function isMergeKey(text: string, style: ScalarStyle, tag: string | null): boolean {
  return tag === null || tag === '!' ? text === '<<' && (style === 'plain' || tag === '!') : tag === CORE + 'merge'
}

const TRUTHS = new Map([['yes', true], ['true', true], ['on', true], ['no', false], ['false', false], ['off', false]])

function construct(tag: string, text: string): Resolved {
  switch (tag) {
    case 'str': return { value: text }
    case 'null': return { value: null }
    case 'bool': {
      const value = TRUTHS.get(text.toLowerCase())
      return value !== undefined ? { value } : { problem: pythonRepr(text.toLowerCase()) }
    }
    case 'int': return constructInt(text)
    case 'float': return constructFloat(text)
    case 'timestamp': return constructTimestamp(text)
    case 'binary': return constructBinary(text)
    case 'seq': return { problem: 'expected a sequence node, but found scalar' }
    case 'map': case 'set': return { problem: 'expected a mapping node, but found scalar' }
    case 'omap': case 'pairs': return { problem: 'expected a sequence, but found scalar' }
    // A merge key that is a mapping's key never gets here; elsewhere SafeLoader has no constructor for it. `=` likewise.
    default: return noConstructor(CORE + tag)
  }
}

function constructInt(text: string): Resolved {
  let digits = text.replaceAll('_', '').trim()
  const negative = digits.startsWith('-')
  if (negative || digits.startsWith('+')) digits = digits.slice(1)
  const value = parseDigits(digits)
  if (value === null) return { problem: `invalid literal for int() with base ${intBase(digits)}: ${pythonRepr(intRest(digits))}` }
  return { value: negative ? -value : value }
}

function parseDigits(digits: string): bigint | null {
  if (/^0b[01]+$/.test(digits) || /^0x[0-9a-fA-F]+$/.test(digits)) return BigInt(digits)
  if (/^0[0-7]*$/.test(digits)) return digits === '0' ? 0n : BigInt('0o' + digits)
  if (/^[0-9]+$/.test(digits)) return digits.startsWith('0') ? null : BigInt(digits)
  if (/^[0-9]+(?::[0-9]+)+$/.test(digits) && !digits.startsWith('0')) return sexagesimal(digits.split(':'))
  return null
}

function intBase(digits: string): number {
  if (digits.startsWith('0b')) return 2
  if (digits.startsWith('0x')) return 16
  return digits.startsWith('0') ? 8 : 10
}

function intRest(digits: string): string {
  return /^0[bx]/.test(digits) ? digits.slice(2) : digits
}

function constructFloat(text: string): Resolved {
  let digits = text.replaceAll('_', '').toLowerCase().trim()
  const sign = digits.startsWith('-') ? -1 : 1
  if (sign < 0 || digits.startsWith('+')) digits = digits.slice(1)
  if (digits === '.inf') return { value: sign * Infinity }
  if (digits === '.nan') return { value: NaN }
  if (digits.includes(':')) {
    let value = 0
    let base = 1
    for (const part of digits.split(':').reverse()) {
      value += Number(part) * base
      base *= 60
    }
    return { value: sign * value }
  }
  if (!/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/.test(digits)) return { problem: `could not convert string to float: ${pythonRepr(digits)}` }
  return { value: sign * Number(digits) }
}

const PARTS = /^([0-9]{4})-([0-9][0-9]?)-([0-9][0-9]?)(?:(?:[Tt]|[ \t]+)([0-9][0-9]?):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?(?:[ \t]*(?:(Z)|([-+])([0-9][0-9]?)(?::([0-9]{2}))?))?)?$/

function constructTimestamp(text: string): Resolved {
  const parts = PARTS.exec(text)
  if (parts === null) return { problem: "'NoneType' object has no attribute 'groupdict'" }
  const [, y, mo, d, h, mi, s, fraction, z, sign, zh, zm] = parts
  const year = Number(y)
  const month = Number(mo)
  const day = Number(d)
  if (year < 1) return { problem: `year ${year} is out of range` }
  if (month < 1 || month > 12) return { problem: 'month must be in 1..12' }
  if (day < 1 || day > daysIn(year, month)) return { problem: 'day is out of range for month' }
  if (h === undefined) return { value: { type: 'date', year, month, day } }
  const hour = Number(h)
  const minute = Number(mi)
  const second = Number(s)
  const microsecond = fraction ? Number(fraction.slice(0, 6).padEnd(6, '0')) : 0
  let offset: number | null = z === undefined ? null : 0
  if (sign !== undefined) {
    offset = (Number(zh) * 60 + Number(zm ?? 0)) * 60 * (sign === '-' ? -1 : 1)
    if (Math.abs(offset) >= 86400) {
      return { problem: 'offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not ' + timedeltaRepr(offset) + '.' }
    }
  }
  if (hour > 23) return { problem: 'hour must be in 0..23' }
  if (minute > 59) return { problem: 'minute must be in 0..59' }
  if (second > 59) return { problem: 'second must be in 0..59' }
  return { value: { type: 'datetime', year, month, day, hour, minute, second, microsecond, offset } }
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
}

function timedeltaRepr(seconds: number): string {
  const days = Math.floor(seconds / 86400)
  const rest = seconds - days * 86400
  return `datetime.timedelta(days=${days}${rest === 0 ? '' : `, seconds=${rest}`})`
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Python's lenient base64: foreign characters are skipped, padding ends a group. */
function constructBinary(text: string): Resolved {
  let bytes = ''
  let bits = 0
  let filled = 0
  let count = 0
  let pads = 0
  for (const c of text) {
    if (c.codePointAt(0)! > 127) return { problem: 'failed to convert base64 data into ascii: ' + asciiError(text) }
    if (c === '=') {
      if (count % 4 >= 2 && (count % 4) + ++pads >= 4) return { value: { type: 'bytes', bytes } }
      continue
    }
    const value = BASE64.indexOf(c)
    if (value < 0) continue
    pads = 0
    count++
    bits = ((bits << 6) | value) & 0xfff
    filled += 6
    if (filled >= 8) {
      filled -= 8
      bytes += String.fromCharCode((bits >> filled) & 0xff)
    }
  }
  if (count % 4 === 0) return { value: { type: 'bytes', bytes } }
  if (count % 4 === 1) return { problem: `failed to decode base64 data: Invalid base64-encoded string: number of data characters (${count}) cannot be 1 more than a multiple of 4` }
  return { problem: 'failed to decode base64 data: Incorrect padding' }
}

function asciiError(text: string): string {
  const chars = [...text]
  const at = chars.findIndex(c => c.codePointAt(0)! > 127)
  let end = at
  while (end < chars.length && chars[end]!.codePointAt(0)! > 127) end++
  if (end - at > 1) return `'ascii' codec can't encode characters in position ${at}-${end - 1}: ordinal not in range(128)`
  const code = chars[at]!.codePointAt(0)!
  const escaped = code < 0x100 ? '\\x' + code.toString(16) : code < 0x10000 ? '\\u' + code.toString(16).padStart(4, '0') : '\\U' + code.toString(16).padStart(8, '0')
  return `'ascii' codec can't encode character '${escaped}' in position ${at}: ordinal not in range(128)`
}

/** repr() of the plain texts that occur in these messages. */
function pythonRepr(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** `1:30` is 90. In halves, for a number of a hundred thousand parts is quadratic otherwise. */
function sexagesimal(parts: readonly string[]): bigint {
  if (parts.length < 64) return parts.reduce((sum, part) => sum * 60n + BigInt(part), 0n)
  const middle = parts.length >> 1
  return sexagesimal(parts.slice(0, middle)) * 60n ** BigInt(parts.length - middle) + sexagesimal(parts.slice(middle))
}
