// The replacement text of re.sub and Match.expand: \1, \g<name>, escapes. Source: re/_parser.py parse_template of CPython 3.11.

import { PyException } from '../errors.ts'
import { regexError } from './regex-parse.ts'

/** Literal texts and group numbers. */
export type ReplacementTemplate = readonly (string | number)[]

const SIMPLE = new Map([['a', '\x07'], ['b', '\b'], ['f', '\f'], ['n', '\n'], ['r', '\r'], ['t', '\t'], ['v', '\v'], ['\\', '\\']])

/** `re.error` or IndexError for a template that Python refuses. */
export function parseTemplate(template: string, groups: number, names: ReadonlyMap<string, number>): ReplacementTemplate {
  const chars = Array.from(template)
  const parts: (string | number)[] = []
  let literal = ''
  const addGroup = (group: number, at: number): void => {
    if (group > groups) throw regexError(`invalid group reference ${group}`, template, at)
    if (literal !== '') parts.push(literal)
    literal = ''
    parts.push(group)
  }
  for (let i = 0; i < chars.length;) {
    if (chars[i] !== '\\') { literal += chars[i++]; continue }
    const at = i
    const c = chars[i + 1]
    i += 2
    if (c === undefined) throw regexError('bad escape (end of pattern)', template, at)
    if (c === 'g') {
      if (chars[i] !== '<') throw regexError('missing <', template, i)
      const close = chars.indexOf('>', i)
      const name = chars.slice(i + 1, close < 0 ? chars.length : close).join('')
      if (close < 0) throw name === '' ? regexError('missing group name', template, i + 1) : regexError('missing >, unterminated name', template, i + 1)
      if (name === '') throw regexError('missing group name', template, i + 1)
      const nameAt = i + 1
      i = close + 1
      if (/^[0-9]+$/.test(name)) addGroup(Number(name), nameAt)
      else {
        if (!/^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(name)) throw regexError(`bad character in group name '${name}'`, template, nameAt)
        const group = names.get(name)
        if (group === undefined) throw new PyException('IndexError', `unknown group name '${name}'`)
        addGroup(group, nameAt)
      }
    } else if (c === '0') {
      let digits = '0'
      while (digits.length < 3 && /^[0-7]$/.test(chars[i] ?? '')) digits += chars[i++]
      literal += String.fromCodePoint(Number.parseInt(digits, 8) & 0xff)
    } else if (/^[1-9]$/.test(c)) {
      let digits = c
      if (/^[0-9]$/.test(chars[i] ?? '')) {
        digits += chars[i++]
        if (/^[0-7]{2}$/.test(digits) && /^[0-7]$/.test(chars[i] ?? '')) {
          const octal = digits + chars[i++]
          const code = Number.parseInt(octal, 8)
          if (code > 0o377) throw regexError(`octal escape value \\${octal} outside of range 0-0o377`, template, at)
          literal += String.fromCodePoint(code)
          continue
        }
      }
      addGroup(Number(digits), at + 1)
    } else {
      const simple = SIMPLE.get(c)
      if (simple === undefined && /^[A-Za-z]$/.test(c)) throw regexError(`bad escape \\${c}`, template, at)
      literal += simple ?? '\\' + c
    }
  }
  if (literal !== '') parts.push(literal)
  return parts
}

/** Groups that did not match give nothing. */
export function fillTemplate(template: ReplacementTemplate, group: (index: number) => string | null): string {
  return template.map(part => typeof part === 'string' ? part : group(part) ?? '').join('')
}
