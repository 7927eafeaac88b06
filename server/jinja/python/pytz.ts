// `modules.pytz`: timezone(), utc, FixedOffset. Rules of zones come from the ICU data of the JavaScript engine.
// Those may be of another year than the user's pytz; what lies before 1970 or ahead of both is unknown, so is all that lists zones.

import { bind, named, refuseUnknown } from '../arguments.ts'
import { PyException, UnknownSignal, typeError, valueError } from '../errors.ts'
import { work } from '../meter.ts'
import { stringRepr } from '../repr.ts'
import { intOf, textOf, truthOf, typeNameOf } from '../types.ts'
import { PyFunction, PyUnknown, type HashKey, type Value } from '../value.ts'
import { DAY, PyDatetime, PyTimedelta, PyTzinfo, datetimeOfWall, ordinalOf } from './datetime.ts'

/** The members of `modules.pytz`: `pytz.__all__`. */
export function pytzModule(): ReadonlyMap<string, Value> {
  const members = new Map<string, Value>()
  members.set('timezone', new PyFunction('timezone', given => timezone(bind('timezone', [['zone']], given)[0] ?? null)))
  members.set('utc', UTC)
  members.set('FixedOffset', new PyFunction('FixedOffset', given => {
    const minutes = intOf(bind('FixedOffset', [['offset'], ['_tzinfos', null]], given)[0] ?? null)
    if (minutes === undefined) throw typeError('FixedOffset() needs an integer')
    if (minutes === 0n) return UTC
    if (minutes >= 1440n || minutes <= -1440n) throw valueError(`('absolute offset is too large', ${minutes})`)
    return new PytzFixed(minutes)
  }))
  for (const name of ['country_timezones', 'country_names', 'all_timezones', 'all_timezones_set', 'common_timezones', 'common_timezones_set', 'BaseTzInfo']) {
    members.set(name, new PyUnknown({ code: 'python-library', message: `pytz.${name} depends on the installed pytz`, stack: [] }))
  }
  for (const name of ['AmbiguousTimeError', 'InvalidTimeError', 'NonExistentTimeError', 'UnknownTimeZoneError']) {
    members.set(name, new PyUnknown({ code: 'python-library', message: `pytz.${name} is not modelled`, stack: [] }))
  }
  return members
}

function timezone(value: Value): Value {
  if (value === null) throw new PyException('UnknownTimeZoneError', 'None')
  if (typeof value === 'object' && value.unknown) throw new UnknownSignal(value.unknown)
  const name = textOf(value)
  if (name === undefined) throw new PyException('AttributeError', `'${typeNameOf(value)}' object has no attribute 'upper'`)
  if (name.toUpperCase() === 'UTC') return UTC
  work(80)
  const zone = zoneNamed(name)
  if (zone === null) throw new PyException('UnknownTimeZoneError', stringRepr(name))
  return zone
}

/** pytz ignores case; ICU's own spelling of aliases may differ from the one asked for, which pytz keeps. */
function zoneNamed(name: string): PytzZone | null {
  if (!/^[A-Za-z]/.test(name)) return null
  try {
    const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions()
    return new PytzZone(timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name, null)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

const EPOCH = BigInt(ordinalOf(1970, 1, 1)) * DAY
/** Rules after this may have changed since either set of data was made. */
const LATEST = BigInt(ordinalOf(2037, 12, 31)) * DAY

abstract class PytzBase extends PyTzinfo {
  abstract localize(local: PyDatetime, dst: Value): Value
  abstract fromUtc(utcWall: bigint): PyDatetime
  abstract readonly zone: string | null
  override getattr(name: string): Value | undefined {
    switch (name) {
      case 'zone': return this.zone
      case 'localize': return new PyFunction(name, given => {
        const { dt, is_dst } = named(name, given, ['dt', 'is_dst'])
        refuseUnknown(dt)
        refuseUnknown(is_dst)
        if (!(dt instanceof PyDatetime)) throw new PyException('AttributeError', `'${typeNameOf(dt ?? null)}' object has no attribute 'tzinfo'`)
        if (dt.tz !== null) throw valueError('Not naive datetime (tzinfo is already set)')
        work(80)
        return this.localize(dt, is_dst ?? false)
      })
      case 'normalize': return new PyFunction(name, given => {
        const dt = named(name, given, ['dt', 'is_dst']).dt ?? null
        refuseUnknown(dt)
        if (!(dt instanceof PyDatetime)) throw new PyException('AttributeError', `'${typeNameOf(dt)}' object has no attribute 'tzinfo'`)
        const offset = dt.offset()
        if (offset === null) throw valueError('Naive time - no tzinfo set')
        return this.fromUtc(dt.wall() - offset)
      })
      case 'utcoffset': return new PyFunction(name, ({ args: [dt = null] }) => {
        refuseUnknown(dt)
        const offset = this.offsetOf(dt instanceof PyDatetime ? dt : null)
        return offset === null ? null : new PyTimedelta(offset)
      })
      case 'tzname': return new PyFunction(name, ({ args: [dt = null] }) => {
        refuseUnknown(dt)
        return this.nameOf(dt instanceof PyDatetime ? dt : null)
      })
      default: return undefined
    }
  }
  override str(): string { return this.zone ?? this.repr() }
}

class PytzUtc extends PytzBase {
  override readonly typeName = 'UTC'
  readonly zone = 'UTC'
  override offsetOf(): bigint { return 0n }
  override dstOf(): bigint { return 0n }
  override nameOf(): string { return 'UTC' }
  override localize(local: PyDatetime): Value { return new PyDatetime(local, local, this) }
  override fromUtc(utcWall: bigint): PyDatetime { return datetimeOfWall(utcWall, this) }
  override repr(): string { return '<UTC>' }
  override hashKey(): HashKey { return '\0pytz UTC' }
}

const UTC = new PytzUtc()

class PytzFixed extends PytzBase {
  override readonly typeName = '_FixedOffset'
  readonly zone = null
  readonly minutes: bigint
  constructor(minutes: bigint) { super(); this.minutes = minutes }
  override offsetOf(): bigint { return this.minutes * 60_000_000n }
  override dstOf(): bigint { return 0n }
  override nameOf(): null { return null }
  override localize(local: PyDatetime): Value { return new PyDatetime(local, local, this) }
  override fromUtc(utcWall: bigint): PyDatetime { return datetimeOfWall(utcWall + this.offsetOf(), this) }
  override equals(other: Value): boolean | undefined { return other instanceof PytzFixed ? other.minutes === this.minutes : undefined }
  override repr(): string { return `pytz.FixedOffset(${this.minutes})` }
  override hashKey(): HashKey { return `\0pytz ${this.minutes}` }
}

/** A zone of the database. Each datetime holds one with its offset fixed, as pytz does; the one of `timezone()` has none yet. */
class PytzZone extends PytzBase {
  override readonly typeName = 'DstTzInfo'
  readonly zone: string
  readonly fixed: bigint | null
  constructor(zone: string, fixed: bigint | null) { super(); this.zone = zone; this.fixed = fixed }

  override offsetOf(local: PyDatetime | null): bigint | null {
    if (local === null) return null
    if (this.fixed === null) throw new UnknownSignal({ code: 'python-library', message: `pytz uses the local mean time of ${this.zone} here, which the zone data at hand do not have`, stack: [] })
    return this.fixed
  }
  override dstOf(): null { throw new UnknownSignal({ code: 'python-library', message: 'daylight saving of a zone is not modelled', stack: [] }) }
  override nameOf(local: PyDatetime | null): string | null {
    if (local === null) return this.zone
    throw new UnknownSignal({ code: 'python-library', message: 'abbreviations of zones are not modelled', stack: [] })
  }
  override localize(local: PyDatetime, dst: Value): Value {
    const wall = local.wall()
    // The offsets that are in force within a day of that time; of two that fit, `is_dst` decides.
    const fitting = [...new Set([this.offsetAt(wall - DAY), this.offsetAt(wall + DAY)])].filter(offset => this.offsetAt(wall - offset) === offset)
    const [only, other] = fitting
    if (only !== undefined && other === undefined) return datetimeOfWall(wall, new PytzZone(this.zone, only))
    if (only === undefined) {
      throw new UnknownSignal({ code: 'python-library', message: `no such local time in ${this.zone}: the clock jumps over it`, stack: [] })
    }
    const [least, most] = (other ?? 0n) < only ? [other ?? 0n, only] : [only, other ?? 0n]
    return datetimeOfWall(wall, new PytzZone(this.zone, truthOf(dst) ? most : least))
  }
  override fromUtc(utcWall: bigint): PyDatetime {
    const offset = this.offsetAt(utcWall)
    return datetimeOfWall(utcWall + offset, new PytzZone(this.zone, offset))
  }
  /** The offset in force at an instant in UTC. */
  private offsetAt(utcWall: bigint): bigint {
    if (utcWall < EPOCH || utcWall > LATEST) throw new UnknownSignal({ code: 'python-library', message: `the rules of ${this.zone} in that year are not known for certain`, stack: [] })
    const milliseconds = Number((utcWall - EPOCH) / 1000n)
    const parts = formatter(this.zone).formatToParts(milliseconds)
    const part = (type: string): number => Number(parts.find(found => found.type === type)?.value ?? 0)
    const local = BigInt(ordinalOf(part('year'), part('month'), part('day'))) * DAY + BigInt((part('hour') % 24 * 60 + part('minute')) * 60 + part('second')) * 1_000_000n
    return local - (utcWall - utcWall % 1_000_000n)
  }
  override repr(): string {
    throw new UnknownSignal({ code: 'python-library', message: `pytz prints abbreviations of ${this.zone}, which the zone data at hand do not have`, stack: [] })
  }
  override equals(other: Value): boolean | undefined { return other instanceof PytzZone ? other.zone === this.zone && other.fixed === this.fixed : undefined }
  override hashKey(): HashKey { return `\0pytz ${this.zone}${this.fixed}` }
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone)
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
    formatters.set(zone, found)
  }
  return found
}

