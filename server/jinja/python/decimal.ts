// Floats to decimal digits, exactly rounded half to even as CPython's dtoa does. JavaScript's toFixed rounds ties up and stops at 1e21.

import { work } from '../meter.ts'

/** A finite float of 0 or more as digits: `fixed(2.5, 0)` is "2". */
export function fixed(value: number, decimals: number): string {
  const digits = scaled(value, decimals).toString()
  if (decimals === 0) return digits
  const padded = digits.padStart(decimals + 1, '0')
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`
}

/** `decimals + 1` significant digits and the power of ten of the first one. */
export function exponential(value: number, decimals: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: '0'.repeat(decimals + 1), exponent: 0 }
  let exponent = Number(value.toExponential().split('e')[1])
  let digits = scaled(value, decimals - exponent).toString()
  // Rounding may carry into one more digit.
  if (digits.length > decimals + 1) {
    exponent++
    digits = scaled(value, decimals - exponent).toString()
  }
  return { digits, exponent }
}

const view = new DataView(new ArrayBuffer(8))

/** round(value * 10 ** power), half to even, of a finite float that is not negative. */
function scaled(value: number, power: number): bigint {
  const size = Math.abs(power)
  if (size > 32) work((size >> 4) + (size >> 8) ** 2)
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const field = Number(bits >> 52n)
  const fraction = bits & 0xfffffffffffffn
  let top = field === 0 ? fraction : fraction | 0x10000000000000n
  let bottom = 1n
  const exponent = (field === 0 ? 1 : field) - 1075
  if (exponent >= 0) top <<= BigInt(exponent)
  else bottom <<= BigInt(-exponent)
  if (power >= 0) top *= 10n ** BigInt(power)
  else bottom *= 10n ** BigInt(-power)
  const quotient = top / bottom
  const twice = (top % bottom) * 2n
  return twice > bottom || (twice === bottom && quotient % 2n === 1n) ? quotient + 1n : quotient
}
