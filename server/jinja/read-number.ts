// Numbers read from text as Python's int() and float() read them: any decimal digits, underscores between digits, white space around.

import { strip } from '../text/python.ts'

/** `int(text, base)`, or null where Python raises ValueError. */
export function parseIntText(text: string, base: bigint): bigint | null {
  const match = /^([+-]?)(.*)$/s.exec(asciiDigits(strip(text)))
  let digits = (match?.[2] ?? '').toLowerCase()
  let radix = Number(base)
  const prefix = /^0([xob])/.exec(digits)?.[1]
  const prefixed = prefix === 'x' ? 16 : prefix === 'o' ? 8 : prefix === 'b' ? 2 : null
  if (prefixed !== null && (radix === 0 || radix === prefixed)) {
    digits = digits.slice(2).replace(/^_/, '')
    radix = prefixed
  } else if (radix === 0) {
    if (/^0[0_]*[1-9]/.test(digits)) return null
    radix = 10
  }
  if (radix < 2 || radix > 36 || !/^[0-9a-z]+(?:_[0-9a-z]+)*$/.test(digits)) return null
  let value = 0n
  digits = digits.replace(/_/g, '')
  if (radix === 10) {
    if (!/^\d+$/.test(digits) || digits.length > 4300) return null
    value = BigInt(digits)
  } else {
    const amounts = Array.from(digits, digit => Number.parseInt(digit, 36))
    if (amounts.some(amount => amount >= radix)) return null
    const bits = Math.log2(radix)
    // A power of two is read at once, however long; of the others CPython takes 4300 digits.
    if (Number.isInteger(bits)) value = BigInt('0b' + amounts.map(amount => amount.toString(2).padStart(bits, '0')).join(''))
    else if (amounts.length > 4300) return null
    else for (const amount of amounts) value = value * BigInt(radix) + BigInt(amount)
  }
  return match?.[1] === '-' ? -value : value
}

/** `float(text)`, or null where Python raises ValueError. */
export function parseFloatText(text: string): number | null {
  const source = asciiDigits(strip(text)).toLowerCase()
  const special = /^([+-]?)(inf(?:inity)?|nan)$/.exec(source)
  if (special) return special[2] === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity
  if (!/^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/.test(source)) return null
  return Number(source.replace(/_/g, ''))
}

/** Decimal digits of any script become ASCII ones; each script's ten digits stand in one run that begins with its zero. */
function asciiDigits(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text
  return text.replace(/\p{Nd}/gu, digit => {
    let zero = digit.codePointAt(0) ?? 0
    const code = zero
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--
    return String((code - zero) % 10)
  })
}
