// Python's date, time, datetime, timedelta as values: arithmetic, comparison, attributes, printing. Making them is in datetime-module.ts.
// No clock is read here: what depends on the moment is unknown.

import { PyException, typeError } from '../errors.ts'
import { arithmetic } from '../numbers.ts'
import { intOf, qualifiedTypeNameOf } from '../types.ts'
import { PyObject, type BinaryOp, type HashKey, type Value } from '../value.ts'
import { dateAttribute, datetimeAttribute, timeAttribute, timedeltaAttribute } from './datetime-methods.ts'
import { strftime } from './strftime.ts'

export const DAY = 86_400_000_000n

/** Days since 0000-12-31, as Python's `toordinal`. */
export function ordinalOf(year: number, month: number, day: number): number {
  const before = year - 1
  return before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) + daysBefore(year, month) + day
}

function isLeap(year: number): boolean { return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) }

export function daysIn(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
}

function daysBefore(year: number, month: number): number {
  let days = 0
  for (let m = 1; m < month; m++) days += daysIn(year, m)
  return days
}

const MAX_ORDINAL = 3652059

/** OverflowError outside of the years 1 to 9999. */
export function dateOfOrdinal(ordinal: number): { year: number; month: number; day: number } {
  if (ordinal < 1 || ordinal > MAX_ORDINAL) throw new PyException('OverflowError', 'date value out of range')
  let year = Math.max(1, Math.floor(ordinal / 365.2425))
  while (ordinal > ordinalOf(year, 12, 31)) year++
  while (ordinal < ordinalOf(year, 1, 1)) year--
  let day = ordinal - ordinalOf(year, 1, 1) + 1
  let month = 1
  while (day > daysIn(year, month)) day -= daysIn(year, month++)
  return { year, month, day }
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0')

/** A zone: the answers for a local time of it. */
export abstract class PyTzinfo extends PyObject {
  readonly typeName: string = 'tzinfo'
  override truthy(): boolean { return true }
  /** Microseconds east of UTC, null for a naive one. */
  abstract offsetOf(local: PyDatetime | null): bigint | null
  abstract nameOf(local: PyDatetime | null): string | null
  abstract dstOf(local: PyDatetime | null): bigint | null
}

/** `datetime.timezone`: a fixed distance from UTC. */
export class PyTimezone extends PyTzinfo {
  override readonly typeName = 'timezone'
  override get qualifiedTypeName(): string { return 'datetime.timezone' }
  readonly offset: bigint
  constructor(offset: bigint) { super(); this.offset = offset }
  override offsetOf(): bigint { return this.offset }
  override dstOf(): null { return null }
  override nameOf(): string { return this.offset === 0n ? 'UTC' : 'UTC' + offsetText(this.offset, ':') }
  override equals(other: Value): boolean | undefined { return other instanceof PyTimezone ? other.offset === this.offset : undefined }
  override hashKey(): HashKey { return `\0tz${this.offset}` }
  override str(): string { return this.nameOf() }
  override repr(): string { return this.offset === 0n ? 'datetime.timezone.utc' : `datetime.timezone(${new PyTimedelta(this.offset).repr()})` }
}

/** `+05:30`, with seconds and microseconds only when there are any. */
export function offsetText(offset: bigint, colon: string): string {
  const size = offset < 0n ? -offset : offset
  const seconds = Number(size / 1_000_000n)
  const micro = Number(size % 1_000_000n)
  let text = `${offset < 0n ? '-' : '+'}${pad(Math.floor(seconds / 3600), 2)}${colon}${pad(Math.floor(seconds / 60) % 60, 2)}`
  if (seconds % 60 !== 0 || micro !== 0) text += `${colon}${pad(seconds % 60, 2)}`
  return micro === 0 ? text : `${text}.${pad(micro, 6)}`
}

const MAX_DELTA = 1_000_000_000n * DAY

export class PyTimedelta extends PyObject {
  readonly typeName = 'timedelta'
  override get qualifiedTypeName(): string { return 'datetime.timedelta' }
  /** The whole length in microseconds. */
  readonly total: bigint
  readonly days: number
  readonly seconds: number
  readonly microseconds: number
  constructor(total: bigint) {
    super()
    let days = total / DAY
    if (total % DAY < 0n) days--
    if (days > 999_999_999n || days < -999_999_999n) throw new PyException('OverflowError', `days=${days}; must have magnitude <= 999999999`)
    const rest = total - days * DAY
    this.total = total
    this.days = Number(days)
    this.seconds = Number(rest / 1_000_000n)
    this.microseconds = Number(rest % 1_000_000n)
  }
  override truthy(): boolean { return this.total !== 0n }
  override equals(other: Value): boolean | undefined { return other instanceof PyTimedelta ? other.total === this.total : undefined }
  override compare(other: Value): number | undefined { return other instanceof PyTimedelta ? sign(this.total - other.total) : undefined }
  override hashKey(): HashKey { return `\0td${this.total}` }
  override getattr(name: string): Value | undefined { return timedeltaAttribute(this, name) }
  override binary(op: BinaryOp, other: Value, reflected: boolean): Value | undefined { return timedeltaArithmetic(this, op, other, reflected) ?? unsupported(this, op, other, reflected) }
  override unary(op: '+' | '-'): Value { return op === '-' ? new PyTimedelta(-this.total) : this }
  override repr(): string {
    const parts = [this.days !== 0 ? `days=${this.days}` : '', this.seconds !== 0 ? `seconds=${this.seconds}` : '', this.microseconds !== 0 ? `microseconds=${this.microseconds}` : ''].filter(part => part !== '')
    return `datetime.timedelta(${parts.join(', ') || '0'})`
  }
  override str(): string {
    const days = this.days === 0 ? '' : `${this.days} day${Math.abs(this.days) === 1 ? '' : 's'}, `
    return `${days}${Math.floor(this.seconds / 3600)}:${pad(Math.floor(this.seconds / 60) % 60, 2)}:${pad(this.seconds % 60, 2)}${this.microseconds === 0 ? '' : '.' + pad(this.microseconds, 6)}`
  }
}

/** CPython names these types with their module in this message. Undefined while the other operand may still have an answer. */
function unsupported(self: PyObject, op: BinaryOp, other: Value, reflected: boolean): undefined {
  if (!reflected && other instanceof PyObject) return undefined
  const [left, right] = reflected ? [other, self] : [self, other]
  throw typeError(`unsupported operand type(s) for ${op === '**' ? '** or pow()' : op}: '${qualifiedTypeNameOf(left)}' and '${qualifiedTypeNameOf(right)}'`)
}

function sign(value: bigint): number { return value < 0n ? -1 : value > 0n ? 1 : 0 }

function timedeltaArithmetic(self: PyTimedelta, op: BinaryOp, other: Value, reflected: boolean): Value | undefined {
  if (other instanceof PyTimedelta) {
    const [left, right] = reflected ? [other.total, self.total] : [self.total, other.total]
    if (op === '+') return new PyTimedelta(left + right)
    if (op === '-') return new PyTimedelta(left - right)
    if (op === '*' || op === '**') return undefined
    if (right === 0n) throw new PyException('ZeroDivisionError', op === '/' ? 'division by zero' : op === '//' ? 'integer division or modulo by zero' : 'integer modulo by zero')
    if (op === '/') return arithmetic('/', left, right)
    return op === '//' ? floorDivide(left, right) : new PyTimedelta(left - floorDivide(left, right) * right)
  }
  const int = intOf(other)
  if (op === '*') {
    if (int !== undefined) return new PyTimedelta(bounded(self.total * int))
    return typeof other === 'number' ? new PyTimedelta(timesFloat(self.total, other, false)) : undefined
  }
  if (reflected) return undefined
  if (op === '//' && int !== undefined) {
    if (int === 0n) throw new PyException('ZeroDivisionError', 'integer division or modulo by zero')
    return new PyTimedelta(floorDivide(self.total, int))
  }
  if (op === '/' && int !== undefined) {
    if (int === 0n) throw new PyException('ZeroDivisionError', 'division by zero')
    return new PyTimedelta(divideRound(self.total, int))
  }
  return op === '/' && typeof other === 'number' ? new PyTimedelta(timesFloat(self.total, other, true)) : undefined
}

function bounded(total: bigint): bigint {
  if (total > MAX_DELTA * 10n || total < -MAX_DELTA * 10n) throw new PyException('OverflowError', 'Python int too large to convert to C int')
  return total
}

function floorDivide(left: bigint, right: bigint): bigint {
  const quotient = left / right
  return left % right !== 0n && (left < 0n) !== (right < 0n) ? quotient - 1n : quotient
}

/** left / right, ties to even. */
function divideRound(left: bigint, right: bigint): bigint {
  const [a, b] = right < 0n ? [-left, -right] : [left, right]
  const quotient = floorDivide(a, b)
  const twice = (a - quotient * b) * 2n
  return twice > b || (twice === b && quotient % 2n !== 0n) ? quotient + 1n : quotient
}

function timesFloat(total: bigint, factor: number, divide: boolean): bigint {
  if (Number.isNaN(factor)) throw new PyException('ValueError', 'cannot convert NaN to integer ratio')
  if (!Number.isFinite(factor)) throw new PyException('OverflowError', 'cannot convert Infinity to integer ratio')
  if (divide && factor === 0) throw new PyException('ZeroDivisionError', 'division by zero')
  const [top, bottom] = ratio(factor)
  return bounded(divide ? divideRound(total * bottom, top) : divideRound(total * top, bottom))
}

/** `float.as_integer_ratio()`. */
function ratio(value: number): [bigint, bigint] {
  let bottom = 1n
  let top = value
  while (!Number.isInteger(top)) { top *= 2; bottom *= 2n }
  return [BigInt(top), bottom]
}

export class PyDate extends PyObject {
  readonly typeName: string = 'date'
  override get qualifiedTypeName(): string { return 'datetime.date' }
  readonly year: number
  readonly month: number
  readonly day: number
  constructor(year: number, month: number, day: number) { super(); this.year = year; this.month = month; this.day = day }
  ordinal(): number { return ordinalOf(this.year, this.month, this.day) }
  override truthy(): boolean { return true }
  override equals(other: Value): boolean | undefined { return plainDate(other) ? other.ordinal() === this.ordinal() : undefined }
  override compare(other: Value): number | undefined {
    if (!(other instanceof PyDate)) return undefined
    if (other instanceof PyDatetime) throw typeError("can't compare datetime.datetime to datetime.date")
    return Math.sign(this.ordinal() - other.ordinal())
  }
  override hashKey(): HashKey { return `\0d${this.ordinal()}` }
  override getattr(name: string): Value | undefined { return dateAttribute(this, name) }
  override binary(op: BinaryOp, other: Value, reflected: boolean): Value | undefined {
    return this.moved(op, other, reflected) ?? unsupported(this, op, other, reflected)
  }
  private moved(op: BinaryOp, other: Value, reflected: boolean): Value | undefined {
    if (other instanceof PyTimedelta && (op === '+' || (op === '-' && !reflected))) return this.plusDays(op === '+' ? other.days : -other.days)
    if (op === '-' && plainDate(other) && !reflected) return new PyTimedelta(BigInt(this.ordinal() - other.ordinal()) * DAY)
    return undefined
  }
  private plusDays(days: number): PyDate {
    const { year, month, day } = dateOfOrdinal(this.ordinal() + days)
    return new PyDate(year, month, day)
  }
  formatWith(spec: string): string { return spec === '' ? this.str() : strftime(this, spec) }
  override str(): string { return isoDate(this) }
  override repr(): string { return `datetime.date(${this.year}, ${this.month}, ${this.day})` }
}

function plainDate(value: Value): value is PyDate { return value instanceof PyDate && !(value instanceof PyDatetime) }

export function isoDate(date: PyDate): string { return `${pad(date.year, 4)}-${pad(date.month, 2)}-${pad(date.day, 2)}` }

export interface ClockTime { readonly hour: number; readonly minute: number; readonly second: number; readonly microsecond: number }

export class PyTime extends PyObject implements ClockTime {
  readonly typeName = 'time'
  override get qualifiedTypeName(): string { return 'datetime.time' }
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly microsecond: number
  readonly tz: PyTzinfo | null
  readonly fold: number
  constructor(time: ClockTime, tz: PyTzinfo | null, fold = 0) {
    super()
    this.hour = time.hour
    this.minute = time.minute
    this.second = time.second
    this.microsecond = time.microsecond
    this.tz = tz
    this.fold = fold
  }
  override truthy(): boolean { return true }
  private instant(): bigint { return microsecondsOf(this) - (this.tz?.offsetOf(null) ?? 0n) }
  private aware(): boolean { return this.tz !== null && this.tz.offsetOf(null) !== null }
  override equals(other: Value): boolean | undefined { return other instanceof PyTime ? other.aware() === this.aware() && other.instant() === this.instant() : undefined }
  override compare(other: Value): number | undefined {
    if (!(other instanceof PyTime)) return undefined
    if (other.aware() !== this.aware()) throw typeError("can't compare offset-naive and offset-aware times")
    return sign(this.instant() - other.instant())
  }
  override hashKey(): HashKey { return `\0t${this.aware()}${this.instant()}` }
  override getattr(name: string): Value | undefined { return timeAttribute(this, name) }
  formatWith(spec: string): string { return spec === '' ? this.str() : strftime(this, spec) }
  override str(): string { return isoTime(this, 'auto') + zoneText(this.tz?.offsetOf(null) ?? null) }
  override repr(): string { return `datetime.time(${clockArguments(this, 2).join(', ')}${zoneArgument(this.tz, this.fold)})` }
}

function microsecondsOf(time: ClockTime): bigint {
  return BigInt((time.hour * 60 + time.minute) * 60 + time.second) * 1_000_000n + BigInt(time.microsecond)
}

function clockArguments(time: ClockTime, least: number): number[] {
  const parts = [time.hour, time.minute, time.second, time.microsecond]
  while (parts.length > least && parts.at(-1) === 0) parts.pop()
  return parts
}

function zoneArgument(tz: PyTzinfo | null, fold: number): string {
  return (fold !== 0 ? ', fold=1' : '') + (tz === null ? '' : `, tzinfo=${tz.repr()}`)
}

export function zoneText(offset: bigint | null): string { return offset === null ? '' : offsetText(offset, ':') }

/** `timespec`: auto, hours, minutes, seconds, milliseconds or microseconds. */
export function isoTime(time: ClockTime, timespec: string): string {
  const hours = pad(time.hour, 2)
  const minutes = `${hours}:${pad(time.minute, 2)}`
  const seconds = `${minutes}:${pad(time.second, 2)}`
  switch (timespec) {
    case 'auto': return time.microsecond === 0 ? seconds : `${seconds}.${pad(time.microsecond, 6)}`
    case 'hours': return hours
    case 'minutes': return minutes
    case 'seconds': return seconds
    case 'milliseconds': return `${seconds}.${pad(Math.floor(time.microsecond / 1000), 3)}`
    case 'microseconds': return `${seconds}.${pad(time.microsecond, 6)}`
    default: throw new PyException('ValueError', 'Unknown timespec value')
  }
}

export class PyDatetime extends PyDate implements ClockTime {
  override readonly typeName: string = 'datetime'
  override get qualifiedTypeName(): string { return 'datetime.datetime' }
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly microsecond: number
  readonly tz: PyTzinfo | null
  readonly fold: number
  constructor(date: { year: number; month: number; day: number }, time: ClockTime, tz: PyTzinfo | null, fold = 0) {
    super(date.year, date.month, date.day)
    this.hour = time.hour
    this.minute = time.minute
    this.second = time.second
    this.microsecond = time.microsecond
    this.tz = tz
    this.fold = fold
  }
  offset(): bigint | null { return this.tz?.offsetOf(this) ?? null }
  /** Microseconds of the wall clock since the ordinal 0. */
  wall(): bigint { return BigInt(this.ordinal()) * DAY + microsecondsOf(this) }
  private instant(): bigint { return this.wall() - (this.offset() ?? 0n) }
  override equals(other: Value): boolean | undefined {
    if (!(other instanceof PyDatetime)) return other instanceof PyDate ? false : undefined
    return this.tz === other.tz ? this.wall() === other.wall() : (this.offset() === null) === (other.offset() === null) && this.instant() === other.instant()
  }
  override compare(other: Value): number | undefined {
    if (!(other instanceof PyDatetime)) {
      if (other instanceof PyDate) throw typeError("can't compare datetime.datetime to datetime.date")
      return undefined
    }
    if (this.tz === other.tz) return sign(this.wall() - other.wall())
    if ((this.offset() === null) !== (other.offset() === null)) throw typeError("can't compare offset-naive and offset-aware datetimes")
    return sign(this.instant() - other.instant())
  }
  override hashKey(): HashKey { return `\0dt${this.offset() === null}${this.instant()}` }
  override getattr(name: string): Value | undefined { return datetimeAttribute(this, name) }
  override binary(op: BinaryOp, other: Value, reflected: boolean): Value | undefined {
    if (other instanceof PyTimedelta && (op === '+' || (op === '-' && !reflected))) return datetimeOfWall(this.wall() + (op === '+' ? other.total : -other.total), this.tz)
    if (op !== '-' || reflected || !(other instanceof PyDatetime)) return unsupported(this, op, other, reflected)
    if (this.tz === other.tz) return new PyTimedelta(this.wall() - other.wall())
    if ((this.offset() === null) !== (other.offset() === null)) throw typeError("can't subtract offset-naive and offset-aware datetimes")
    return new PyTimedelta(this.instant() - other.instant())
  }
  override str(): string { return isoDatetime(this, ' ') }
  override repr(): string { return `datetime.datetime(${[this.year, this.month, this.day, ...clockArguments(this, 2)].join(', ')}${zoneArgument(this.tz, this.fold)})` }
}

export function isoDatetime(value: PyDatetime, separator: string, timespec = 'auto'): string {
  return isoDate(value) + separator + isoTime(value, timespec) + zoneText(value.offset())
}

/** OverflowError outside of the years 1 to 9999. */
export function datetimeOfWall(wall: bigint, tz: PyTzinfo | null): PyDatetime {
  const days = floorDivide(wall, DAY)
  const rest = wall - days * DAY
  const date = dateOfOrdinal(days > 10_000_000n || days < -10_000_000n ? 0 : Number(days))
  return new PyDatetime(date, clockOf(rest), tz)
}

function clockOf(microseconds: bigint): ClockTime {
  const seconds = Number(microseconds / 1_000_000n)
  return { hour: Math.floor(seconds / 3600), minute: Math.floor(seconds / 60) % 60, second: seconds % 60, microsecond: Number(microseconds % 1_000_000n) }
}

