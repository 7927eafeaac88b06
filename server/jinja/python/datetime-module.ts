// `modules.datetime`: the classes date, datetime, time, timedelta and tzinfo (dbt shows no others).
// What reads a clock or the machine's zone is unknown.

import { bind, named } from '../arguments.ts'
import { PyException, UnknownSignal, typeError } from '../errors.ts'
import { intOf, textOf, typeNameOf } from '../types.ts'
import { PyFunction, PyObject, PyUnknown, type CallArgs, type CallContext, type HashKey, type Value } from '../value.ts'
import { checkedDate, checkedTime, intArgument, zoneOf } from './datetime-check.ts'
import { dateAttribute, datetimeAttribute, inZone, timeAttribute, timedeltaAttribute } from './datetime-methods.ts'
import { dateFromIso, datetimeFromIso, isoWeekDate, strptime, timeFromIso } from './datetime-parse.ts'
import { DAY, PyDate, PyDatetime, PyTime, PyTimedelta, dateOfOrdinal, datetimeOfWall, ordinalOf } from './datetime.ts'

/** A Python class as a value: called to make one, asked for its class methods. */
class PyClass extends PyObject {
  readonly typeName = 'type'
  readonly name: string
  private readonly make: (args: CallArgs, context: CallContext) => Value
  private readonly members: (name: string) => Value | undefined
  constructor(name: string, make: (args: CallArgs, context: CallContext) => Value, members: (name: string) => Value | undefined) {
    super()
    this.name = name
    this.make = make
    this.members = members
  }
  override truthy(): boolean { return true }
  override callable(): boolean { return true }
  override call(args: CallArgs, context: CallContext): Value { return this.make(args, context) }
  override hashKey(): HashKey { return this }
  override getattr(name: string): Value | undefined { return name === '__name__' ? this.name.split('.').at(-1) ?? this.name : this.members(name) }
  override repr(): string { return `<class '${this.name}'>` }
}

/** The members of `modules.datetime`. */
export function datetimeModule(): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['date', new PyClass('datetime.date', makeDate, dateMember)],
    ['datetime', new PyClass('datetime.datetime', makeDatetime, datetimeMember)],
    ['time', new PyClass('datetime.time', makeTime, timeMember)],
    ['timedelta', new PyClass('datetime.timedelta', makeTimedelta, name => timedeltaAttribute(ZERO, name))],
    ['tzinfo', new PyClass('datetime.tzinfo', () => { throw new PyException('NotImplementedError', 'a tzinfo subclass must implement utcoffset()') }, () => undefined)],
  ])
}

const ZERO = new PyTimedelta(0n)

function now(name: string): Value {
  return new PyFunction(name, (_, { stack }) => new PyUnknown({ code: 'now', message: `${name}() depends on the moment`, stack }))
}

function machineZone(name: string): Value {
  return new PyFunction(name, (_, { stack }) => new PyUnknown({ code: 'now', message: `${name}() depends on the machine's time zone`, stack }))
}

function makeDate(given: CallArgs): Value {
  const { year, month, day } = required('function', given, ['year', 'month', 'day'], 3)
  return checkedDate(year ?? null, month ?? null, day ?? null)
}

function required<Name extends string>(name: string, given: CallArgs, names: readonly Name[], least: number): Record<Name, Value | undefined> {
  if (given.args.length + given.kwargs.size > names.length) throw typeError(`function takes at most ${names.length} argument${names.length === 1 ? '' : 's'} (${given.args.length + given.kwargs.size} given)`)
  const values = named(name, given, names)
  for (let i = 0; i < least; i++) {
    const parameter = names[i]
    if (parameter !== undefined && values[parameter] === undefined) throw typeError(`function missing required argument '${parameter}' (pos ${i + 1})`)
  }
  return values
}

function makeDatetime(given: CallArgs): Value {
  const values = required('function', given, ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond', 'tzinfo', 'fold'], 3)
  const date = checkedDate(values.year ?? null, values.month ?? null, values.day ?? null)
  return new PyDatetime(date, checkedTime(values.hour ?? 0n, values.minute ?? 0n, values.second ?? 0n, values.microsecond ?? 0n), zoneOf(values.tzinfo ?? null), Number(intOf(values.fold ?? 0n) ?? 0n))
}

function makeTime(given: CallArgs): Value {
  const values = required('function', given, ['hour', 'minute', 'second', 'microsecond', 'tzinfo', 'fold'], 0)
  return new PyTime(checkedTime(values.hour ?? 0n, values.minute ?? 0n, values.second ?? 0n, values.microsecond ?? 0n), zoneOf(values.tzinfo ?? null), Number(intOf(values.fold ?? 0n) ?? 0n))
}

const UNITS = [['days', DAY], ['seconds', 1_000_000n], ['microseconds', 1n], ['milliseconds', 1000n], ['minutes', 60_000_000n], ['hours', 3_600_000_000n], ['weeks', 7n * DAY]] as const

function makeTimedelta(given: CallArgs): Value {
  const values = required('__new__', given, UNITS.map(([name]) => name), 0)
  let total = 0n
  let leftover = 0
  // CPython adds from the smallest unit up, and rounds the broken microseconds of all together, once.
  for (const name of ['microseconds', 'milliseconds', 'seconds', 'minutes', 'hours', 'days', 'weeks'] as const) {
    const value = values[name]
    if (value === undefined) continue
    const unit = UNITS.find(([unitName]) => unitName === name)?.[1] ?? 1n
    const whole = intOf(value)
    if (whole !== undefined) { total += whole * unit; continue }
    if (typeof value === 'object' && value?.unknown) throw new UnknownSignal(value.unknown)
    if (typeof value !== 'number') throw typeError(`unsupported type for timedelta ${name} component: ${typeNameOf(value)}`)
    if (Number.isNaN(value)) throw new PyException('ValueError', 'cannot convert float NaN to integer')
    if (!Number.isFinite(value)) throw new PyException('OverflowError', 'cannot convert float infinity to integer')
    const integer = Math.trunc(value)
    const fraction = (value - integer) * Number(unit)
    total += BigInt(integer) * unit + BigInt(Math.trunc(fraction))
    leftover += fraction - Math.trunc(fraction)
  }
  if (leftover !== 0) {
    // Half a microsecond goes to the even total.
    const rounded = Math.round(leftover)
    const tie = Math.abs(rounded - leftover) === 0.5
    const odd = total % 2n !== 0n
    total += BigInt(tie ? 2 * Math.round((leftover + (odd ? 1 : 0)) * 0.5) - (odd ? 1 : 0) : rounded)
  }
  return new PyTimedelta(total)
}

function textArgument(value: Value | undefined, name: string): string {
  if (typeof value === 'object' && value?.unknown) throw new UnknownSignal(value.unknown)
  const text = value === undefined ? undefined : textOf(value)
  if (text === undefined) throw typeError(`${name}: argument must be str`)
  return text
}

function dateMember(name: string): Value | undefined {
  switch (name) {
    case 'today': return now('date.today')
    case 'fromtimestamp': return machineZone('date.fromtimestamp')
    case 'fromisoformat': return new PyFunction(name, ({ args }) => dateFromIso(textArgument(args[0], 'fromisoformat')))
    case 'fromordinal': return new PyFunction(name, ({ args }) => ofOrdinal(args[0] ?? null))
    case 'fromisocalendar': return new PyFunction(name, given => {
      const [year, week, day] = bind(name, [['year'], ['week'], ['day']], given)
      return isoWeekDate(intArgument(year ?? null), intArgument(week ?? null), intArgument(day ?? null))
    })
    default: return unbound(name, dateAttribute(new PyDate(1, 1, 1), name), self => self instanceof PyDate ? dateAttribute(self, name) : undefined)
  }
}

function ofOrdinal(value: Value): PyDate {
  const ordinal = intArgument(value)
  if (ordinal < 1) throw new PyException('ValueError', 'ordinal must be >= 1')
  const { year, month, day } = dateOfOrdinal(ordinal)
  return new PyDate(year, month, day)
}

const MIDNIGHT = { hour: 0, minute: 0, second: 0, microsecond: 0 }
const EPOCH = BigInt(ordinalOf(1970, 1, 1)) * DAY

function datetimeMember(name: string): Value | undefined {
  switch (name) {
    case 'now': case 'utcnow': case 'today': return now(`datetime.${name}`)
    case 'strptime': return new PyFunction(name, given => {
      const [text, format] = given.args
      if (given.args.length !== 2) throw typeError(`strptime expected 2 arguments, got ${given.args.length}`)
      if (typeof text === 'object' && text?.unknown) throw new UnknownSignal(text.unknown)
      if (textOf(text ?? null) === undefined) throw typeError(`strptime() argument 1 must be str, not ${text === null ? 'None' : typeNameOf(text ?? null)}`)
      if (textOf(format ?? null) === undefined) throw typeError(`strptime() argument 2 must be str, not ${format === null ? 'None' : typeNameOf(format ?? null)}`)
      return strptime(textArgument(text, name), textArgument(format, name))
    })
    case 'fromisoformat': return new PyFunction(name, ({ args }) => datetimeFromIso(textArgument(args[0], 'fromisoformat')))
    case 'fromordinal': return new PyFunction(name, ({ args }) => new PyDatetime(ofOrdinal(args[0] ?? null), MIDNIGHT, null))
    case 'combine': return new PyFunction(name, given => {
      const { date, time, tzinfo } = named(name, given, ['date', 'time', 'tzinfo'])
      if (!(date instanceof PyDate)) throw typeError(`combine() argument 1 must be datetime.date, not ${typeNameOf(date ?? null)}`)
      if (!(time instanceof PyTime)) throw typeError(`combine() argument 2 must be datetime.time, not ${typeNameOf(time ?? null)}`)
      return new PyDatetime(date, time, tzinfo === undefined ? time.tz : zoneOf(tzinfo), time.fold)
    })
    case 'fromtimestamp': case 'utcfromtimestamp': return new PyFunction(name, (given, { stack }) => {
      const { timestamp, tz } = named(name, given, ['timestamp', 'tz'])
      const zone = zoneOf(tz ?? null)
      if (name === 'fromtimestamp' && zone === null) return new PyUnknown({ code: 'now', message: "datetime.fromtimestamp() depends on the machine's time zone", stack })
      const wall = EPOCH + timestampMicroseconds(timestamp ?? null)
      return zone === null ? datetimeOfWall(wall, null) : inZone(wall, zone)
    })
    case 'fromisocalendar': return new PyFunction(name, given => {
      const [year, week, day] = bind(name, [['year'], ['week'], ['day']], given)
      return new PyDatetime(isoWeekDate(intArgument(year ?? null), intArgument(week ?? null), intArgument(day ?? null)), MIDNIGHT, null)
    })
    default: {
      const sample = new PyDatetime({ year: 1, month: 1, day: 1 }, MIDNIGHT, null)
      return unbound(name, datetimeAttribute(sample, name), self => self instanceof PyDatetime ? datetimeAttribute(self, name) : undefined)
    }
  }
}

function timeMember(name: string): Value | undefined {
  if (name === 'fromisoformat') return new PyFunction(name, ({ args }) => timeFromIso(textArgument(args[0], 'fromisoformat')))
  return unbound(name, timeAttribute(new PyTime(MIDNIGHT, null), name), self => self instanceof PyTime ? timeAttribute(self, name) : undefined)
}

/** `date.isoformat(d)`: a method asked of the class takes its object as first argument; min, max and resolution are plain values. */
function unbound(name: string, sample: Value | undefined, attributeOf: (self: Value) => Value | undefined): Value | undefined {
  if (!(sample instanceof PyFunction)) return name === 'min' || name === 'max' || name === 'resolution' ? sample : undefined
  return new PyFunction(name, (given, context) => {
    const [self = null, ...args] = given.args
    const method = attributeOf(self)
    if (!(method instanceof PyFunction)) throw typeError(`unbound method ${name}() needs an argument`)
    return method.call({ args, kwargs: given.kwargs }, context)
  })
}

/** Half to even, as CPython rounds timestamps. */
function timestampMicroseconds(value: Value): bigint {
  if (typeof value === 'object' && value?.unknown) throw new UnknownSignal(value.unknown)
  const whole = intOf(value)
  if (whole !== undefined) return whole * 1_000_000n
  if (typeof value !== 'number') throw typeError(`'${typeNameOf(value)}' object cannot be interpreted as an integer`)
  const seconds = Math.floor(value)
  const fraction = (value - seconds) * 1e6
  const floor = Math.floor(fraction)
  const rest = fraction - floor
  return BigInt(seconds) * 1_000_000n + BigInt(rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor)
}
