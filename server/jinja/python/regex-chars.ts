// Which characters a piece of a regular expression matches: Python's \d \w \s, sets, case folding.

import { isSpace } from '../../text/python.ts'

export type CharTest = (code: number) => boolean
export type SetItem = { readonly low: number; readonly high: number } | { readonly test: CharTest }

const IGNORE_CASE = 2
const DOT_ALL = 16
const ASCII = 256

const WORD = /^[\p{L}\p{N}_]$/u
const DIGIT = /^\p{Nd}$/u

export function isWord(code: number, ascii: boolean): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
  return !ascii && WORD.test(String.fromCodePoint(code))
}

/** `letter`: one of d D s S w W. */
export function categoryTest(letter: string, ascii: boolean): CharTest {
  const test = positive(letter.toLowerCase(), ascii)
  return letter === letter.toLowerCase() ? test : code => !test(code)
}

function positive(letter: string, ascii: boolean): CharTest {
  if (letter === 'w') return code => isWord(code, ascii)
  if (letter === 'd') return code => (code >= 48 && code <= 57) || (!ascii && code > 127 && DIGIT.test(String.fromCodePoint(code)))
  return ascii ? code => code === 32 || (code >= 9 && code <= 13) : isSpace
}

export function anyChar(flags: number): CharTest {
  return flags & DOT_ALL ? () => true : code => code !== 10
}

export function literalTest(literal: number, flags: number): CharTest {
  if (!(flags & IGNORE_CASE)) return code => code === literal
  const same = caseForms(literal, (flags & ASCII) !== 0)
  return same.length === 1 ? code => code === literal : code => same.includes(code)
}

export function setTest(items: readonly SetItem[], negative: boolean, flags: number): CharTest {
  const within: CharTest = code => items.some(item => 'test' in item ? item.test(code) : code >= item.low && code <= item.high)
  const ascii = (flags & ASCII) !== 0
  const test: CharTest = flags & IGNORE_CASE ? code => caseForms(code, ascii).some(within) : within
  return negative ? code => !test(code) : test
}

// What else folds to the same letter although neither is the other's simple case. Source: re/_casefix.py.
const EXTRA: readonly (readonly number[])[] = [
  [0x69, 0x131], [0x73, 0x17f], [0xb5, 0x3bc], [0x345, 0x3b9, 0x1fbe], [0x390, 0x1fd3], [0x3b0, 0x1fe3], [0x3b2, 0x3d0], [0x3b5, 0x3f5], [0x3b8, 0x3d1],
  [0x3ba, 0x3f0], [0x3c0, 0x3d6], [0x3c1, 0x3f1], [0x3c2, 0x3c3], [0x3c6, 0x3d5], [0x1e61, 0x1e9b], [0xfb05, 0xfb06],
]
const EXTRA_OF = new Map(EXTRA.flatMap(codes => codes.map((code): [number, readonly number[]] => [code, codes])))

/** The codes that match this one when case is ignored, itself first. */
function caseForms(code: number, ascii: boolean): number[] {
  const forms = new Set([code])
  const add = (text: string): void => {
    if (Array.from(text).length === 1) forms.add(text.codePointAt(0) ?? code)
  }
  if (ascii && code > 127) return [code]
  const text = String.fromCodePoint(code)
  const lower = text.toLowerCase()
  add(lower)
  add(text.toUpperCase())
  if (Array.from(lower).length === 1) {
    add(lower.toUpperCase())
    for (const other of EXTRA_OF.get(lower.codePointAt(0) ?? 0) ?? []) {
      forms.add(other)
      add(String.fromCodePoint(other).toUpperCase())
    }
  }
  return ascii ? [...forms].filter(form => form < 128) : [...forms]
}

/** One form for comparing texts when case is ignored (backreferences). */
export function lowerCode(code: number): number {
  const lower = String.fromCodePoint(code).toLowerCase()
  return Array.from(lower).length === 1 ? lower.codePointAt(0) ?? code : code
}
