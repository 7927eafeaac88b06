// Arguments of date, time and datetime, checked in CPython's order and words.

import { PyException, UnknownSignal, typeError, valueError } from '../errors.ts'
import { intOf, typeNameOf } from '../types.ts'
import type { Value } from '../value.ts'
import { PyDate, PyTzinfo, daysIn, type ClockTime } from './datetime.ts'

/** `int(value)` as C's `i` format takes it. */
export function intArgument(value: Value): number {
  if (typeof value === 'object' && value?.unknown) throw new UnknownSignal(value.unknown)
  const int = intOf(value)
  if (int === undefined) throw typeError(`'${typeNameOf(value)}' object cannot be interpreted as an integer`)
  if (int > 2147483647n) throw new PyException('OverflowError', int > 2n ** 63n - 1n ? 'Python int too large to convert to C int' : 'signed integer is greater than maximum')
  if (int < -2147483648n) throw new PyException('OverflowError', int < -(2n ** 63n) ? 'Python int too large to convert to C int' : 'signed integer is less than minimum')
  return Number(int)
}

export function checkedDate(yearValue: Value, monthValue: Value, dayValue: Value): PyDate {
  const [year, month, day] = [intArgument(yearValue), intArgument(monthValue), intArgument(dayValue)]
  if (year < 1 || year > 9999) throw valueError(`year ${year} is out of range`)
  if (month < 1 || month > 12) throw valueError('month must be in 1..12')
  if (day < 1 || day > daysIn(year, month)) throw valueError('day is out of range for month')
  return new PyDate(year, month, day)
}

export function checkedTime(hourValue: Value, minuteValue: Value, secondValue: Value, microsecondValue: Value): ClockTime {
  const [hour, minute, second, microsecond] = [intArgument(hourValue), intArgument(minuteValue), intArgument(secondValue), intArgument(microsecondValue)]
  if (hour < 0 || hour > 23) throw valueError('hour must be in 0..23')
  if (minute < 0 || minute > 59) throw valueError('minute must be in 0..59')
  if (second < 0 || second > 59) throw valueError('second must be in 0..59')
  if (microsecond < 0 || microsecond > 999_999) throw valueError('microsecond must be in 0..999999')
  return { hour, minute, second, microsecond }
}

export function zoneOf(value: Value): PyTzinfo | null {
  if (value === null || value instanceof PyTzinfo) return value
  if (typeof value === 'object' && value.unknown) throw new UnknownSignal(value.unknown)
  throw typeError(`tzinfo argument must be None or of a tzinfo subclass, not type '${typeNameOf(value)}'`)
}
