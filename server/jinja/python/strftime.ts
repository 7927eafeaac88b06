// Python's strftime in the C locale, as CPython with glibc prints it.

import { work } from '../meter.ts'
import { offsetText, ordinalOf, PyDate, PyDatetime, PyTime } from './datetime.ts'

export const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
export const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

interface Moment { year: number; month: number; day: number; hour: number; minute: number; second: number; microsecond: number; offset: bigint | null; zone: string }

/** `value.strftime(format)`. A time has the date 1900-01-01, a date the time 00:00. */
export function strftime(value: PyDate | PyTime, format: string): string {
  const time = value instanceof PyDatetime || value instanceof PyTime ? value : { hour: 0, minute: 0, second: 0, microsecond: 0 }
  const date = value instanceof PyDate ? value : { year: 1900, month: 1, day: 1 }
  const local = value instanceof PyDatetime ? value : null
  const tz = value instanceof PyDatetime || value instanceof PyTime ? value.tz : null
  const moment: Moment = {
    year: date.year, month: date.month, day: date.day, hour: time.hour, minute: time.minute, second: time.second, microsecond: time.microsecond,
    offset: tz?.offsetOf(local) ?? null, zone: tz?.nameOf(local) ?? '',
  }
  work(format.length)
  // glibc's flags: `-` no padding, `_` blanks, `0` zeros, `^` upper case, `#` other case; E and O change nothing in the C locale.
  return format.replace(/%([-_0^#]*)([0-9]*)([EO]?)([\s\S])/gu, (whole, flags: string, width: string, _modifier: string, code: string) => {
    const text = directive(moment, code)
    return text === null ? whole : adjusted(text, code, flags, width)
  })
}

const NUMERIC = 'CdeGgHIjklmMSsuUVwWyY'

function adjusted(text: string, code: string, flags: string, width: string): string {
  let out = text
  let fill = NUMERIC.includes(code) ? '0' : ' '
  if (code === 'e' || code === 'k' || code === 'l') fill = ' '
  const bare = NUMERIC.includes(code) ? out.replace(/^[0 ]+(?=[0-9])/, '') : out
  if (flags.includes('-')) out = bare
  if (flags.includes('_')) { out = bare.padStart(text.length, ' '); fill = ' ' }
  if (flags.includes('0')) { out = bare.padStart(text.length, '0'); fill = '0' }
  if (flags.includes('^')) out = out.toUpperCase()
  if (flags.includes('#')) out = code === 'p' ? out.toLowerCase() : out.toUpperCase()
  return width === '' ? out : out.padStart(Math.min(Number(width), 1000), fill)
}

const two = (value: number): string => String(value).padStart(2, '0')

function directive(m: Moment, code: string): string | null {
  const weekday = (ordinalOf(m.year, m.month, m.day) + 6) % 7
  const yearDay = ordinalOf(m.year, m.month, m.day) - ordinalOf(m.year, 1, 1)
  const hour12 = m.hour % 12 === 0 ? 12 : m.hour % 12
  const name = (names: readonly string[], index: number): string => names[index] ?? ''
  const all = (...codes: string[]): string => codes.map(part => part.length === 1 && /[A-Za-z]/.test(part) ? directive(m, part) ?? '' : part).join('')
  switch (code) {
    case 'a': return name(DAYS, weekday).slice(0, 3)
    case 'A': return name(DAYS, weekday)
    case 'b': case 'h': return name(MONTHS, m.month - 1).slice(0, 3)
    case 'B': return name(MONTHS, m.month - 1)
    case 'c': return all('a', ' ', 'b', ' ', 'e', ' ', 'T', ' ', 'Y')
    case 'C': return String(Math.floor(m.year / 100))
    case 'd': return two(m.day)
    case 'D': case 'x': return all('m', '/', 'd', '/', 'y')
    case 'e': return String(m.day).padStart(2, ' ')
    case 'f': return String(m.microsecond).padStart(6, '0')
    case 'F': return all('Y', '-', 'm', '-', 'd')
    case 'g': return two(isoCalendar(m.year, m.month, m.day)[0] % 100)
    case 'G': return String(isoCalendar(m.year, m.month, m.day)[0])
    case 'H': return two(m.hour)
    case 'I': return two(hour12)
    case 'j': return String(yearDay + 1).padStart(3, '0')
    case 'k': return String(m.hour).padStart(2, ' ')
    case 'l': return String(hour12).padStart(2, ' ')
    case 'm': return two(m.month)
    case 'M': return two(m.minute)
    case 'n': return '\n'
    case 'p': return m.hour < 12 ? 'AM' : 'PM'
    case 'P': return m.hour < 12 ? 'am' : 'pm'
    case 'r': return all('I', ':', 'M', ':', 'S', ' ', 'p')
    case 'R': return all('H', ':', 'M')
    case 'S': return two(m.second)
    case 't': return '\t'
    case 'T': case 'X': return all('H', ':', 'M', ':', 'S')
    case 'u': return String(weekday + 1)
    case 'U': return two(Math.floor((yearDay + 7 - (weekday + 1) % 7) / 7))
    case 'V': return two(isoCalendar(m.year, m.month, m.day)[1])
    case 'w': return String((weekday + 1) % 7)
    case 'W': return two(Math.floor((yearDay + 7 - weekday) / 7))
    case 'y': return two(m.year % 100)
    case 'Y': return String(m.year)
    case 'z': return m.offset === null ? '' : offsetText(m.offset, '')
    case 'Z': return m.zone
    case '%': return '%'
    default: return null
  }
}

/** ISO year, week and weekday. */
export function isoCalendar(year: number, month: number, day: number): [number, number, number] {
  const ordinal = ordinalOf(year, month, day)
  const weekday = (ordinal + 6) % 7
  const firstMonday = (of: number): number => {
    const first = ordinalOf(of, 1, 1)
    const firstWeekday = (first + 6) % 7
    return first - firstWeekday + (firstWeekday > 3 ? 7 : 0)
  }
  let isoYear = year
  if (ordinal < firstMonday(year)) isoYear--
  else if (ordinal >= firstMonday(year + 1)) isoYear++
  return [isoYear, Math.floor((ordinal - firstMonday(isoYear)) / 7) + 1, weekday + 1]
}
