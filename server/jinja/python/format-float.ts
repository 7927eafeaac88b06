// CPython's PyOS_double_to_string for the codes e f g and r, which both `%` and `format()` use.

import { floatRepr } from '../repr.ts'
import { exponential, fixed } from './decimal.ts'

/** The digits of a float without its sign. `code`: one of e E f F g G r; `alternate` keeps the point and trailing zeros. */
export function floatDigits(value: number, code: string, precision: number, alternate: boolean): string {
  const upper = code !== code.toLowerCase()
  const text = lower(Math.abs(value), code.toLowerCase(), precision, alternate)
  return upper ? text.toUpperCase() : text
}

function lower(value: number, code: string, precision: number, alternate: boolean): string {
  if (Number.isNaN(value)) return 'nan'
  if (value === Infinity) return 'inf'
  switch (code) {
    case 'f': return fixed(value, precision) + (alternate && precision === 0 ? '.' : '')
    case 'e': return exponentText(value, precision, alternate)
    case 'g': return general(value, precision === 0 ? 1 : precision, alternate)
    default: return floatRepr(value).replace(/\.0$/, '')
  }
}

function exponentText(value: number, precision: number, alternate: boolean): string {
  const { digits, exponent } = exponential(value, precision)
  const fraction = digits.length > 1 ? '.' + digits.slice(1) : alternate ? '.' : ''
  return digits.charAt(0) + fraction + exponentSuffix(exponent)
}

function exponentSuffix(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function general(value: number, precision: number, alternate: boolean): string {
  const { digits, exponent } = exponential(value, precision - 1)
  if (exponent < -4 || exponent >= precision) {
    const kept = alternate ? digits : digits.replace(/0+$/, '') || '0'
    return kept.charAt(0) + (kept.length > 1 ? '.' + kept.slice(1) : alternate ? '.' : '') + exponentSuffix(exponent)
  }
  const point = exponent + 1
  const whole = point <= 0 ? '0' : digits.slice(0, point)
  let fraction = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point)
  if (!alternate) fraction = fraction.replace(/0+$/, '')
  return whole + (fraction !== '' || alternate ? '.' + fraction : '')
}
