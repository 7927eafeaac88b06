// Attributes and methods of date, time, datetime and timedelta.

import { named, noArguments } from '../arguments.ts'
import { PyException, UnknownSignal, typeError } from '../errors.ts'
import { arithmetic } from '../numbers.ts'
import { intOf, textOf, typeNameOf } from '../types.ts'
import { PyFunction, PyObject, PyTuple, PyUnknown, iterOfArray, type CallArgs, type CallContext, type PyIter, type Value } from '../value.ts'
import { checkedDate, checkedTime, zoneOf } from './datetime-check.ts'
import {
  DAY, PyDate, PyDatetime, PyTime, PyTimedelta, PyTimezone, datetimeOfWall, isoDate, isoDatetime, isoTime, ordinalOf, zoneText, type PyTzinfo,
} from './datetime.ts'
import { isoCalendar, strftime } from './strftime.ts'

const int = (value: number): bigint => BigInt(value)

function method(name: string, invoke: (args: CallArgs, context: CallContext) => Value): Value { return new PyFunction(name, invoke) }

function text(value: Value | undefined, name: string): string {
  if (typeof value === 'object' && value?.unknown) throw new UnknownSignal(value.unknown)
  const found = value === undefined ? undefined : textOf(value)
  if (found === undefined) throw typeError(`${name}() argument 1 must be str, not ${typeNameOf(value ?? null)}`)
  return found
}

export function timedeltaAttribute(self: PyTimedelta, name: string): Value | undefined {
  switch (name) {
    case 'days': return int(self.days)
    case 'seconds': return int(self.seconds)
    case 'microseconds': return int(self.microseconds)
    case 'total_seconds': return method(name, () => arithmetic('/', self.total, 1_000_000n))
    case 'min': return new PyTimedelta(-999_999_999n * DAY)
    case 'max': return new PyTimedelta(1_000_000_000n * DAY - 1n)
    case 'resolution': return new PyTimedelta(1n)
    default: return undefined
  }
}

export function dateAttribute(self: PyDate, name: string): Value | undefined {
  const weekday = (self.ordinal() + 6) % 7
  switch (name) {
    case 'year': return int(self.year)
    case 'month': return int(self.month)
    case 'day': return int(self.day)
    case 'isoformat': return method(name, args => { noArguments('date', name, args); return isoDate(self) })
    case 'weekday': return method(name, () => int(weekday))
    case 'isoweekday': return method(name, () => int(weekday + 1))
    case 'toordinal': return method(name, () => int(self.ordinal()))
    case 'isocalendar': return method(name, () => new PyIsoDate(isoCalendar(self.year, self.month, self.day)))
    case 'strftime': case '__format__': return method(name, ({ args, kwargs }) => strftime(self, text(args[0] ?? kwargs.get('format'), name)))
    case 'ctime': return method(name, () => strftime(self, '%a %b %e %H:%M:%S ') + String(self.year).padStart(4, '0'))
    case 'replace': return method(name, args => {
      const given = named('replace', args, ['year', 'month', 'day'])
      return checkedDate(given.year ?? int(self.year), given.month ?? int(self.month), given.day ?? int(self.day))
    })
    case 'timetuple': return method(name, (_, context) => unknown(context, 'time.struct_time is not modelled'))
    case 'min': return new PyDate(1, 1, 1)
    case 'max': return new PyDate(9999, 12, 31)
    case 'resolution': return new PyTimedelta(DAY)
    default: return undefined
  }
}

function unknown(context: CallContext, message: string): PyUnknown {
  return new PyUnknown({ code: 'python-library', message, stack: context.stack })
}

/** `datetime.IsoCalendarDate`: a tuple with names. */
class PyIsoDate extends PyObject {
  readonly typeName = 'IsoCalendarDate'
  override get qualifiedTypeName(): string { return 'datetime.IsoCalendarDate' }
  readonly items: readonly Value[]
  constructor(parts: readonly [number, number, number]) { super(); this.items = parts.map(int) }
  override length(): number { return 3 }
  override subscriptable(): boolean { return true }
  override iter(): PyIter { return iterOfArray(this.items) }
  override getitem(key: Value): Value | undefined {
    const index = intOf(key)
    return index === undefined ? undefined : this.items.at(Number(index))
  }
  override equals(other: Value): boolean | undefined { return other instanceof PyIsoDate || other instanceof PyTuple ? other.items.length === 3 && other.items.every((item, i) => item === this.items[i]) : undefined }
  override getattr(name: string): Value | undefined { return this.items[['year', 'week', 'weekday'].indexOf(name)] }
  override repr(): string { return `datetime.IsoCalendarDate(year=${this.items[0]}, week=${this.items[1]}, weekday=${this.items[2]})` }
}

function delta(offset: bigint | null): Value { return offset === null ? null : new PyTimedelta(offset) }

export function timeAttribute(self: PyTime, name: string): Value | undefined {
  switch (name) {
    case 'hour': case 'minute': case 'second': case 'microsecond': case 'fold': return int(self[name])
    case 'tzinfo': return self.tz
    case 'isoformat': return method(name, args => isoTime(self, timespec(named(name, args, ['timespec']).timespec)) + zoneText(self.tz?.offsetOf(null) ?? null))
    case 'strftime': case '__format__': return method(name, ({ args, kwargs }) => strftime(self, text(args[0] ?? kwargs.get('format'), name)))
    case 'utcoffset': return method(name, () => delta(self.tz?.offsetOf(null) ?? null))
    case 'dst': return method(name, () => delta(self.tz?.dstOf(null) ?? null))
    case 'tzname': return method(name, () => self.tz?.nameOf(null) ?? null)
    case 'replace': return method(name, args => {
      const given = named('replace', args, ['hour', 'minute', 'second', 'microsecond', 'tzinfo', 'fold'])
      return new PyTime(
        checkedTime(given.hour ?? int(self.hour), given.minute ?? int(self.minute), given.second ?? int(self.second), given.microsecond ?? int(self.microsecond)),
        given.tzinfo === undefined ? self.tz : zoneOf(given.tzinfo), Number(intOf(given.fold ?? int(self.fold)) ?? 0n))
    })
    case 'min': return new PyTime({ hour: 0, minute: 0, second: 0, microsecond: 0 }, null)
    case 'max': return new PyTime({ hour: 23, minute: 59, second: 59, microsecond: 999_999 }, null)
    case 'resolution': return new PyTimedelta(1n)
    default: return undefined
  }
}

function timespec(value: Value | undefined): string {
  return value === undefined ? 'auto' : text(value, 'isoformat')
}

// A function: datetime.ts and this file import each other, and DAY may not be there yet.
function epoch(): bigint { return BigInt(ordinalOf(1970, 1, 1)) * DAY }

export function datetimeAttribute(self: PyDatetime, name: string): Value | undefined {
  switch (name) {
    case 'hour': case 'minute': case 'second': case 'microsecond': case 'fold': return int(self[name])
    case 'tzinfo': return self.tz
    case 'isoformat': return method(name, args => {
      const given = named(name, args, ['sep', 'timespec'])
      const separator = given.sep === undefined ? 'T' : text(given.sep, 'isoformat')
      if (Array.from(separator).length !== 1) throw typeError(`isoformat() argument 1 must be a unicode character, not str`)
      return isoDatetime(self, separator, timespec(given.timespec))
    })
    case 'date': return method(name, () => new PyDate(self.year, self.month, self.day))
    case 'time': return method(name, () => new PyTime(self, null, self.fold))
    case 'timetz': return method(name, () => new PyTime(self, self.tz, self.fold))
    case 'utcoffset': return method(name, () => delta(self.offset()))
    case 'dst': return method(name, () => delta(self.tz?.dstOf(self) ?? null))
    case 'tzname': return method(name, () => self.tz?.nameOf(self) ?? null)
    case 'timestamp': return method(name, (_, context) => {
      const offset = self.offset()
      if (offset === null) return unknown(context, "the timestamp of a naive datetime depends on the machine's time zone")
      return Number(self.wall() - offset - epoch()) / 1e6
    })
    case 'astimezone': return method(name, (args, context) => {
      const zone = named(name, args, ['tz']).tz ?? null
      const offset = self.offset()
      if (zone === null || offset === null) return unknown(context, "astimezone() depends on the machine's time zone")
      return inZone(self.wall() - offset, zoneOf(zone))
    })
    case 'replace': return method(name, args => {
      const given = named('replace', args, ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond', 'tzinfo', 'fold'])
      const date = checkedDate(given.year ?? int(self.year), given.month ?? int(self.month), given.day ?? int(self.day))
      const time = checkedTime(given.hour ?? int(self.hour), given.minute ?? int(self.minute), given.second ?? int(self.second), given.microsecond ?? int(self.microsecond))
      return new PyDatetime(date, time, given.tzinfo === undefined ? self.tz : zoneOf(given.tzinfo), Number(intOf(given.fold ?? int(self.fold)) ?? 0n))
    })
    case 'utctimetuple': return method(name, (_, context) => unknown(context, 'time.struct_time is not modelled'))
    case 'min': return new PyDatetime({ year: 1, month: 1, day: 1 }, { hour: 0, minute: 0, second: 0, microsecond: 0 }, null)
    case 'max': return new PyDatetime({ year: 9999, month: 12, day: 31 }, { hour: 23, minute: 59, second: 59, microsecond: 999_999 }, null)
    case 'resolution': return new PyTimedelta(1n)
    default: return dateAttribute(self, name)
  }
}

/** A zone that knows its offset at an instant in UTC, as pytz's do. */
export interface UtcZone { fromUtc(utcWall: bigint): PyDatetime }

/** The local time of an instant in UTC (microseconds of the wall clock there). */
export function inZone(utcWall: bigint, zone: PyTzinfo | null): PyDatetime {
  if (zone instanceof PyTimezone) return datetimeOfWall(utcWall + zone.offset, zone)
  if (zone instanceof PyObject && 'fromUtc' in zone) return (zone as PyTzinfo & UtcZone).fromUtc(utcWall)
  throw new PyException('NotImplementedError', 'a tzinfo subclass must implement fromutc()')
}

