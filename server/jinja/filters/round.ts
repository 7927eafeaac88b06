// Python's round(): half to even, correctly rounded in decimal.

import { index } from '../arguments.ts'
import { PyException, typeError } from '../errors.ts'
import { fixed } from '../python/decimal.ts'
import { intOf, typeNameOf } from '../types.ts'
import type { Value } from '../value.ts'

/** `round(value, precision)`; an int stays an int, a float a float. */
export function roundNumber(value: Value, precision: Value): Value {
  const int = intOf(value)
  if (int === undefined && typeof value !== 'number') {
    throw typeError(`type ${typeNameOf(value)} doesn't define __round__ method`)
  }
  if (int !== undefined) return precision === null ? int : roundInt(int, index(precision))
  const float = value as number
  if (precision === null) return roundWhole(float)
  const digits = index(precision)
  if (!Number.isFinite(float) || digits > 323n) return float
  if (digits < -308n) return float < 0 || Object.is(float, -0) ? -0 : 0
  const places = Number(digits)
  if (places < 0) return roundTens(float, -places)
  const size = Number(fixed(Math.abs(float), places))
  return float < 0 || Object.is(float, -0) ? -size : size
}

function roundWhole(value: number): bigint {
  if (!Number.isFinite(value)) throw new PyException(Number.isNaN(value) ? 'ValueError' : 'OverflowError', `cannot convert float ${Number.isNaN(value) ? 'NaN' : 'infinity'} to integer`)
  const size = BigInt(fixed(Math.abs(value), 0))
  return value < 0 ? -size : size
}

/** Rounds a float to tens, hundreds …: exact, for the float's own value is an integer plus a fraction that decides ties. */
function roundTens(value: number, zeros: number): number {
  const whole = BigInt(Math.trunc(value))
  const unit = 10n ** BigInt(zeros)
  const rest = whole % unit
  const base = whole - rest
  const magnitude = rest < 0n ? -rest : rest
  const fraction = Math.trunc(value) !== value
  const twice = magnitude * 2n
  const up = twice > unit || (twice === unit && (fraction || (base / unit) % 2n !== 0n))
  const rounded = up ? base + (value < 0 ? -unit : unit) : base
  return value < 0 && rounded === 0n ? -0 : Number(rounded)
}

function roundInt(value: bigint, digits: bigint): bigint {
  if (digits >= 0n) return value
  if (digits < -5000n) return 0n
  const unit = 10n ** -digits
  let rest = value % unit
  if (rest < 0n) rest += unit
  const base = value - rest
  const twice = rest * 2n
  return twice > unit || (twice === unit && (base / unit) % 2n !== 0n) ? base + unit : base
}

/** A number for math.ceil and math.floor. */
export function binaryNumber(value: Value): bigint | number {
  if (typeof value === 'number') return value
  const int = intOf(value)
  if (int === undefined) throw typeError(`must be real number, not ${typeNameOf(value)}`)
  return int
}
