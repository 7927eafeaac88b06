// Texts to dates: strptime (C locale, en names) and fromisoformat of CPython 3.11.

import { valueError } from '../errors.ts'
import { work } from '../meter.ts'
import { stringRepr } from '../repr.ts'
import { isSpace } from '../../text/python.ts'
import { checkedDate, checkedTime } from './datetime-check.ts'
import { DAY, PyDate, PyDatetime, PyTime, PyTimezone, dateOfOrdinal, ordinalOf } from './datetime.ts'
import { DAYS, MONTHS } from './strftime.ts'

interface Fields { [name: string]: number | null | undefined; year?: number; month?: number; day?: number }

const int = (value: number): bigint => BigInt(value)

/** `datetime.strptime(text, format)`. */
export function strptime(text: string, format: string): PyDatetime {
  const fields = readFields(text, format)
  const year = fields.year ?? 1900
  const date = dateFromFields(fields, year)
  let hour = fields.hour ?? 0
  if (fields.hour12 !== undefined && fields.hour12 !== null) {
    hour = fields.hour12 % 12 + (fields.pm === 1 ? 12 : 0)
  }
  const time = checkedTime(int(hour), int(fields.minute ?? 0), int(fields.second ?? 0), int(fields.microsecond ?? 0))
  const { offset } = fields
  return new PyDatetime(date, time, offset === undefined || offset === null ? null : new PyTimezone(BigInt(offset) * 1_000_000n))
}

function dateFromFields(fields: Fields, year: number): PyDate {
  if (fields.yearDay !== undefined && fields.yearDay !== null) {
    const { month, day } = dateOfOrdinal(ordinalOf(year, 1, 1) + fields.yearDay - 1)
    return checkedDate(int(year), int(month), int(day))
  }
  const week = fields.weekU ?? fields.weekW
  if (week !== undefined && week !== null && fields.weekday !== undefined && fields.weekday !== null && fields.year !== undefined) {
    const mondayFirst = fields.weekW !== undefined
    const first = (ordinalOf(year, 1, 1) + 6 + (mondayFirst ? 0 : 1)) % 7
    const weekday = mondayFirst ? fields.weekday : (fields.weekday + 1) % 7
    const toFirst = (7 - first) % 7
    const days = week === 0 ? weekday - first : toFirst + 7 * (week - 1) + weekday
    const date = dateOfOrdinal(ordinalOf(year, 1, 1) + days)
    return checkedDate(int(date.year), int(date.month), int(date.day))
  }
  return checkedDate(int(year), int(fields.month ?? 1), int(fields.day ?? 1))
}

function readFields(text: string, format: string): Fields {
  work((text.length + format.length) >> 3)
  const fields: Fields = {}
  const mismatch = (): Error => valueError(`time data ${stringRepr(text)} does not match format ${stringRepr(format)}`)
  const expanded = format.replaceAll('%c', '%a %b %d %H:%M:%S %Y').replaceAll('%x', '%m/%d/%y').replaceAll('%X', '%H:%M:%S')
  let at = 0
  for (let i = 0; i < expanded.length; i++) {
    const c = expanded.charAt(i)
    if (isSpace(c.charCodeAt(0))) {
      while (i + 1 < expanded.length && isSpace(expanded.charCodeAt(i + 1))) i++
      const start = at
      while (at < text.length && isSpace(text.charCodeAt(at))) at++
      if (at === start) throw mismatch()
      continue
    }
    if (c !== '%') {
      if (text.charAt(at).toLowerCase() !== c.toLowerCase()) throw mismatch()
      at++
      continue
    }
    const code = expanded.charAt(++i)
    if (code === '') throw valueError(`stray % in format ${stringRepr(format)}`)
    if (code === '%') {
      if (text.charAt(at) !== '%') throw mismatch()
      at++
      continue
    }
    const length = readDirective(fields, code, text.slice(at))
    if (length === undefined) throw valueError(`'${code === '\\' ? '\\\\' : code}' is a bad directive in format ${stringRepr(format)}`)
    if (length === null) throw mismatch()
    at += length
  }
  if (at < text.length) throw valueError(`unconverted data remains: ${text.slice(at)}`)
  return fields
}

const NUMBERS = new Map<string, readonly [RegExp, string]>([
  ['d', [/^(?:3[0-1]|[1-2][0-9]|0[1-9]|[1-9]| [1-9])/, 'day']], ['f', [/^[0-9]{1,6}/, 'microsecond']], ['H', [/^(?:2[0-3]|[0-1][0-9]|[0-9])/, 'hour']],
  ['I', [/^(?:1[0-2]|0[1-9]|[1-9])/, 'hour12']], ['j', [/^(?:36[0-6]|3[0-5][0-9]|[1-2][0-9][0-9]|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9])/, 'yearDay']],
  ['m', [/^(?:1[0-2]|0[1-9]|[1-9])/, 'month']], ['M', [/^(?:[0-5][0-9]|[0-9])/, 'minute']], ['S', [/^(?:6[0-1]|[0-5][0-9]|[0-9])/, 'second']],
  ['U', [/^(?:5[0-3]|[0-4][0-9]|[0-9])/, 'weekU']], ['W', [/^(?:5[0-3]|[0-4][0-9]|[0-9])/, 'weekW']], ['w', [/^[0-6]/, 'weekday']], ['u', [/^[1-7]/, 'weekday']],
  ['y', [/^[0-9][0-9]/, 'year']], ['Y', [/^[0-9]{4}/, 'year']],
])

/** How much the directive took; null when it does not match, undefined when there is no such one. */
function readDirective(fields: Fields, code: string, rest: string): number | null | undefined {
  const number = NUMBERS.get(code)
  if (number !== undefined) {
    const match = number[0].exec(rest)
    if (match === null) return null
    const value = Number(match[0])
    fields[number[1]] = code === 'f' ? Number(match[0].padEnd(6, '0')) : code === 'y' ? value + (value <= 68 ? 2000 : 1900) : code === 'w' ? (value + 6) % 7 : code === 'u' ? value - 1 : value
    return match[0].length
  }
  switch (code) {
    case 'a': return readName(fields, 'weekday', DAYS.map(name => name.slice(0, 3)), rest, 0)
    case 'A': return readName(fields, 'weekday', DAYS, rest, 0)
    case 'b': return readName(fields, 'month', MONTHS.map(name => name.slice(0, 3)), rest, 1)
    case 'B': return readName(fields, 'month', MONTHS, rest, 1)
    case 'p': return readName(fields, 'pm', ['AM', 'PM'], rest, 0)
    case 'Z': return readName(fields, 'zone', ['utc', 'gmt'], rest, 0)
    case 'z': {
      const match = /^(?:([-+])([0-9]{2}):?([0-5][0-9])(?::?([0-5][0-9])(?:\.[0-9]{1,6})?)?|Z)/i.exec(rest)
      if (match === null) return null
      fields.offset = (match[1] === '-' ? -1 : 1) * ((Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0)) * 60 + Number(match[4] ?? 0))
      return match[0].length
    }
    default: return undefined
  }
}

function readName(fields: Fields, field: string, names: readonly string[], rest: string, base: number): number | null {
  const lower = rest.toLowerCase()
  const longest = names.map((name, index) => ({ name: name.toLowerCase(), index })).sort((a, b) => b.name.length - a.name.length)
  const found = longest.find(({ name }) => lower.startsWith(name))
  if (found === undefined) return null
  fields[field] = found.index + base
  return found.name.length
}

function invalid(text: string): Error { return valueError(`Invalid isoformat string: ${stringRepr(text)}`) }

/** `date.fromisoformat(text)`. */
export function dateFromIso(text: string): PyDate {
  const date = isoDatePart(text)
  if (date === null || date.length !== text.length) throw invalid(text)
  return date.date
}

/** The date at the start: `2024-01-31`, `20240131`, `2024-W05-3`, `2024W053`. */
function isoDatePart(text: string): { date: PyDate; length: number } | null {
  const plain = /^([0-9]{4})-([0-9]{2})-([0-9]{2})/.exec(text) ?? /^([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])/.exec(text)
  if (plain !== null) return { date: checkedDate(int(Number(plain[1])), int(Number(plain[2])), int(Number(plain[3]))), length: plain[0].length }
  const week = /^([0-9]{4})-W([0-9]{2})(?:-([0-9]))?/.exec(text) ?? /^([0-9]{4})W([0-9]{2})([0-9])?/.exec(text)
  if (week === null) return null
  const [year, number, day] = [Number(week[1]), Number(week[2]), Number(week[3] ?? 1)]
  if (number < 1 || number > isoWeeks(year) || day < 1 || day > 7) return null
  return { date: isoWeekDate(year, number, day), length: week[0].length }
}

function isoWeeks(year: number): number {
  const first = ordinalOf(year, 1, 1)
  const weekday = (first + 6) % 7
  return weekday === 3 || (weekday === 2 && ordinalOf(year, 12, 31) - first === 365) ? 53 : 52
}

/** `date.fromisocalendar(year, week, day)`. */
export function isoWeekDate(year: number, week: number, day: number): PyDate {
  if (year < 1 || year > 9999) throw valueError(`Year is out of range: ${year}`)
  const first = ordinalOf(year, 1, 1)
  const firstWeekday = (first + 6) % 7
  if (week < 1 || week > isoWeeks(year)) throw valueError(`Invalid week: ${week}`)
  if (day < 1 || day > 7) throw valueError(`Invalid day: ${day} (range is [1, 7])`)
  const monday = first - firstWeekday + (firstWeekday > 3 ? 7 : 0)
  const date = dateOfOrdinal(monday + (week - 1) * 7 + day - 1)
  return new PyDate(date.year, date.month, date.day)
}

const TIME = /^([0-9]{2})(?:(:?)([0-9]{2})(?:\2([0-9]{2})(?:[.,]([0-9]+))?)?)?(Z|([-+])([0-9]{2})(?:(:?)([0-9]{2})(?:\9([0-9]{2})(?:[.,]([0-9]+))?)?)?)?$/

/** `time.fromisoformat(text)`. */
export function timeFromIso(text: string): PyTime {
  const match = TIME.exec(text.startsWith('T') ? text.slice(1) : text)
  if (match === null) throw invalid(text)
  const [, h, , m, s, fraction, zone, zoneSign, zh, , zm, zs, zf] = match
  const micro = (digits: string | undefined): number => Number((digits ?? '').slice(0, 6).padEnd(6, '0'))
  const time = checkedTime(int(Number(h)), int(Number(m ?? 0)), int(Number(s ?? 0)), int(micro(fraction)))
  if (zone === undefined) return new PyTime(time, null)
  const size = BigInt((Number(zh ?? 0) * 60 + Number(zm ?? 0)) * 60 + Number(zs ?? 0)) * 1_000_000n + int(micro(zf))
  if (size >= DAY) throw valueError(`offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).`)
  return new PyTime(time, new PyTimezone(zoneSign === '-' ? -size : size))
}

/** `datetime.fromisoformat(text)`. */
export function datetimeFromIso(text: string): PyDatetime {
  const date = isoDatePart(text)
  if (date === null) throw invalid(text)
  if (date.length === text.length) return new PyDatetime(date.date, { hour: 0, minute: 0, second: 0, microsecond: 0 }, null)
  const separator = String.fromCodePoint(text.codePointAt(date.length) ?? 0)
  const rest = text.slice(date.length + separator.length)
  if (rest === '' || !TIME.test(rest)) throw invalid(text)
  const time = timeFromIso(rest)
  return new PyDatetime(date.date, time, time.tz)
}
