// Arithmetic of Python's int and float: integers of any size (but not so large that they stall us), floats as CPython rounds them.

import { PyException, budgetExceeded } from './errors.ts'
import { work } from './meter.ts'
import { PyObject } from './value.ts'
import type { BinaryOp, Value } from './value.ts'
import { floatRepr } from './repr.ts'

/** Larger integers than this end the evaluation: a template that needs them is an attack or a mistake. */
const MOST_BITS = 1 << 18

/** `left op right` for two numbers. */
export function arithmetic(op: BinaryOp, left: bigint | number, right: bigint | number): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return integers(op, left, right)
  const result = floats(op, toFloat(left), toFloat(right))
  return result
}

/** `float(int)`; OverflowError when it does not fit. */
export function toFloat(value: bigint | number): number {
  if (typeof value === 'number') return value
  const float = Number(value)
  if (!Number.isFinite(float)) throw new PyException('OverflowError', 'int too large to convert to float')
  return float
}

function integers(op: BinaryOp, left: bigint, right: bigint): Value {
  switch (op) {
    case '+': pay(left, right); return left + right
    case '-': pay(left, right); return left - right
    case '*':
      pay(left, right)
      return left * right
    case '/': pay(left, right); return divide(left, right)
    case '//': if (right === 0n) throw zeroDivision('integer division or modulo by zero'); pay(left, right); return floorDivide(left, right)
    case '%': if (right === 0n) throw zeroDivision('integer modulo by zero'); pay(left, right); return left - right * floorDivide(left, right)
    case '**': return right < 0n ? floats('**', toFloat(left), toFloat(right)) : power(left, right)
  }
}

const SMALL = 2n ** 512n

/** What large integers cost beside one step. */
function pay(left: bigint, right: bigint): void {
  if (left <= SMALL && left >= -SMALL && right <= SMALL && right >= -SMALL) return
  const [one, other] = [bits(left), bits(right)]
  if (one + other > MOST_BITS) throw tooLarge()
  work(1 + (one + other >> 8) + (one >> 9) * (other >> 9))
}

function tooLarge(): PyException { return budgetExceeded('an integer grew too large') }

function bits(value: bigint): number { return value.toString(16).length * 4 }

function power(base: bigint, exponent: bigint): bigint {
  if (base !== 0n && base !== 1n && base !== -1n && (exponent > BigInt(MOST_BITS) || bits(base) * Number(exponent) > MOST_BITS)) throw tooLarge()
  if (base === -1n) return exponent % 2n === 0n ? 1n : -1n
  work(exponent > 64n ? bits(base) * Number(exponent) >> 6 : 0)
  return base === 1n || (base === 0n && exponent > 0n) ? base : base ** exponent
}

function floorDivide(left: bigint, right: bigint): bigint {
  const quotient = left / right
  return left % right !== 0n && (left < 0n) !== (right < 0n) ? quotient - 1n : quotient
}

/** Correctly rounded, also where the operands themselves are no floats. */
function divide(left: bigint, right: bigint): number {
  if (right === 0n) throw zeroDivision('division by zero')
  if (left <= SAFE && left >= -SAFE && right <= SAFE && right >= -SAFE) return Number(left) / Number(right)
  const negative = (left < 0n) !== (right < 0n)
  const a = left < 0n ? -left : left
  const b = right < 0n ? -right : right
  // Enough quotient bits for one rounding, the remainder kept as a sticky bit.
  const shift = Math.max(0, 66 - (bits(a) - bits(b)))
  const scaled = a << BigInt(shift)
  const quotient = (scaled / b << 1n) | (scaled % b === 0n ? 0n : 1n)
  const value = scaleDown(quotient, shift + 1)
  if (value === Infinity) throw new PyException('OverflowError', 'integer division result too large for a float')
  return negative ? -value : value
}
const SAFE = 2n ** 53n

function scaleDown(value: bigint, shift: number): number {
  const float = Number(value)
  if (Number.isFinite(float)) return shift > 1000 ? float * 2 ** -1000 * 2 ** (1000 - shift) : float * 2 ** -shift
  const excess = bits(value) - 80
  return Number((value >> BigInt(excess)) | 1n) * 2 ** (excess - shift)
}

function zeroDivision(message: string): PyException { return new PyException('ZeroDivisionError', message) }

function floats(op: BinaryOp, left: number, right: number): Value {
  switch (op) {
    case '+': return left + right
    case '-': return left - right
    case '*': return left * right
    case '/': if (right === 0) throw zeroDivision('float division by zero'); return left / right
    case '//': if (right === 0) throw zeroDivision('float floor division by zero'); return divmod(left, right)[0]
    case '%': if (right === 0) throw zeroDivision('float modulo'); return divmod(left, right)[1]
    case '**': return floatPower(left, right)
  }
}

/** CPython's float_divmod. */
function divmod(left: number, right: number): [number, number] {
  let rest = left % right
  let quotient = (left - rest) / right
  if (rest !== 0) {
    if ((right < 0) !== (rest < 0)) { rest += right; quotient -= 1 }
  } else rest = right < 0 ? -0 : 0
  if (quotient === 0) return [left / right < 0 || Object.is(left / right, -0) ? -0 : 0, rest]
  const floor = Math.floor(quotient)
  return [quotient - floor > 0.5 ? floor + 1 : floor, rest]
}

function floatPower(base: number, exponent: number): Value {
  if (exponent === 0 || base === 1) return 1
  if (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) return 1
  if (base === 0 && exponent < 0) throw zeroDivision('0.0 cannot be raised to a negative power')
  if (base < 0 && Number.isFinite(base) && Number.isFinite(exponent) && !Number.isInteger(exponent)) return complexPower(base, exponent)
  const result = accuratePower(base, exponent)
  if (result === Infinity && Number.isFinite(base) && Number.isFinite(exponent)) throw new PyException('OverflowError', "(34, 'Numerical result out of range')")
  return result
}

/** V8's `**` is off by a unit in the last place where C's pow is not: whole exponents are computed exactly and rounded once. */
function accuratePower(base: number, exponent: number): number {
  const quick = base ** exponent
  if (exponent === 0.5) return Math.sqrt(base)
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 300 || base === 0 || !Number.isFinite(base) || !Number.isFinite(quick) || Math.abs(quick) < 1e-290) return quick
  work(Math.abs(exponent) >> 1)
  let scale = 0
  let whole = base
  while (!Number.isInteger(whole)) { whole *= 2; scale++ }
  const top = BigInt(whole) ** BigInt(Math.abs(exponent))
  const bottom = 1n << BigInt(scale * Math.abs(exponent))
  return exponent > 0 ? divide(top, bottom) : divide(bottom, top)
}

/** Python's complex numbers exist here only as what a negative base to a broken power gives. */
export class PyComplex extends PyObject {
  readonly typeName = 'complex'
  readonly real: number
  readonly imaginary: number
  constructor(real: number, imaginary: number) {
    super()
    this.real = real
    this.imaginary = imaginary
  }
  override getattr(name: string): Value | undefined { return name === 'real' ? this.real : name === 'imag' ? this.imaginary : undefined }
  override equals(other: Value): boolean | undefined { return other instanceof PyComplex ? other.real === this.real && other.imaginary === this.imaginary : undefined }
  override repr(): string {
    const part = (value: number): string => floatRepr(value).replace(/\.0$/, '')
    return `(${part(this.real)}${this.imaginary < 0 || Object.is(this.imaginary, -0) ? '' : '+'}${part(this.imaginary)}j)`
  }
}

function complexPower(base: number, exponent: number): PyComplex {
  const size = Math.abs(base) ** exponent
  const angle = Math.PI * exponent
  return new PyComplex(size * Math.cos(angle), size * Math.sin(angle))
}

/** `int(float)`. */
export function truncate(value: number): bigint {
  if (Number.isNaN(value)) throw new PyException('ValueError', 'cannot convert float NaN to integer')
  if (!Number.isFinite(value)) throw new PyException('OverflowError', 'cannot convert float infinity to integer')
  return BigInt(Math.trunc(value))
}
