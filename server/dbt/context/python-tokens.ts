// Python source to tokens with INDENT and DEDENT, for the analysis of Python models; errors in CPython's words where CPython's tokenizer has them.
// Knows no grammar beyond brackets, strings and indentation. Never throws.

import type { Span } from '../../text/span.ts'

type PythonTokenType = 'name' | 'number' | 'string' | 'op' | 'newline' | 'indent' | 'dedent' | 'end'

export interface PythonToken extends Span {
  readonly type: PythonTokenType
  readonly text: string
  /** From 1. */
  readonly line: number
}

export interface PythonTokens {
  readonly tokens: readonly PythonToken[]
  readonly problem: (Span & { readonly message: string; readonly line: number }) | null
}

const NAME = /[\p{L}_\p{Nl}][\p{L}\p{N}\p{Mn}\p{Mc}\p{Pc}]*/uy
const NUMBER = /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?|\d(?:_?\d)*\.?(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?)/y
const STRING_START = /(?:[rR][bBfF]?|[bBfF][rR]?|[uU])?("""|'''|"|')/y
const OPERATOR = /\*\*=|\/\/=|>>=|<<=|\.\.\.|!=|->|:=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|@=|==|<=|>=|<<|>>|\*\*|\/\/|[-+*/%@&|^~<>()[\]{},:.;=]/y

/** The tokens up to the first error. */
export function pythonTokens(text: string): PythonTokens {
  const tokens: PythonToken[] = []
  const brackets: PythonToken[] = []
  const indents = [0]
  let at = 0
  let line = 1
  let atLineStart = true
  const stop = (message: string, span: Span, on: number): PythonTokens => ({ tokens, problem: { message, line: on, start: span.start, end: span.end } })
  const push = (type: PythonTokenType, start: number, end: number): void => { tokens.push({ type, start, end, line, text: text.slice(start, end) }) }
  const test = (pattern: RegExp): RegExpExecArray | null => { pattern.lastIndex = at; return pattern.exec(text) }
  while (at < text.length) {
    if (atLineStart && brackets.length === 0) {
      const start = at
      let width = 0
      for (; at < text.length; at++) {
        const c = text[at]
        if (c === ' ') width++
        else if (c === '\t') width = (Math.floor(width / 8) + 1) * 8
        else if (c === '\f') width = 0
        else break
      }
      const c = text[at]
      if (c !== '#' && c !== '\n' && c !== '\r' && at < text.length) {
        const current = indents[indents.length - 1] ?? 0
        if (width > current) { indents.push(width); push('indent', start, at) }
        while (width < (indents[indents.length - 1] ?? 0)) { indents.pop(); push('dedent', at, at) }
        if (width !== (indents[indents.length - 1] ?? 0)) return stop('unindent does not match any outer indentation level', { start, end: at }, line)
      }
      atLineStart = false
      continue
    }
    const c = text[at] ?? ''
    if (c === '\n' || c === '\r') {
      const end = c === '\r' && text[at + 1] === '\n' ? at + 2 : at + 1
      if (brackets.length === 0) {
        if (tokens.length > 0 && tokens[tokens.length - 1]?.type !== 'newline') push('newline', at, end)
        atLineStart = true
      }
      at = end
      line++
    } else if (c === ' ' || c === '\t' || c === '\f') at++
    else if (c === '#') while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++
    else if (c === '\\' && /\r?\n|\r/y.test(text.slice(at + 1, at + 3))) { at += text.startsWith('\r\n', at + 1) ? 3 : 2; line++ }
    else {
      const opening = test(STRING_START)
      if (opening) {
        const end = stringEnd(text, at + opening[0].length, opening[1] ?? '')
        if (end < 0) return stop(`unterminated ${(opening[1] ?? '').length === 3 ? 'triple-quoted ' : ''}string literal (detected at line ${(opening[1] ?? '').length === 3 ? text.split('\n').length : line})`, { start: at, end: at + 1 }, line)
        push('string', at, end)
        line += text.slice(at, end).split('\n').length - 1
        at = end
        continue
      }
      const found = test(NAME) ?? test(NUMBER) ?? test(OPERATOR)
      if (!found || found[0] === '') return stop('invalid syntax', { start: at, end: at + 1 }, line)
      const type = NAME_START.test(c) ? 'name' : /[\d]/.test(found[0][0] ?? '') || /^\.\d/.test(found[0]) ? 'number' : 'op'
      push(type, at, at + found[0].length)
      const token = tokens[tokens.length - 1]
      at += found[0].length
      if (!token || type !== 'op') continue
      if ('([{'.includes(token.text)) brackets.push(token)
      else if (')]}'.includes(token.text)) {
        const open = brackets.pop()
        if (!open) return stop(`unmatched '${token.text}'`, token, line)
        if (PAIRS.get(open.text) !== token.text) return stop(`closing parenthesis '${token.text}' does not match opening parenthesis '${open.text}'${open.line === line ? '' : ` on line ${open.line}`}`, token, line)
      }
    }
  }
  const open = brackets[brackets.length - 1]
  if (open) return stop(`'${open.text}' was never closed`, open, open.line)
  if (tokens.length > 0 && tokens[tokens.length - 1]?.type !== 'newline') push('newline', at, at)
  while (indents.length > 1) { indents.pop(); push('dedent', at, at) }
  push('end', at, at)
  return { tokens, problem: null }
}

const NAME_START = /[\p{L}_\p{Nl}]/u
const PAIRS: ReadonlyMap<string, string> = new Map([['(', ')'], ['[', ']'], ['{', '}']])

function stringEnd(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') { at++; continue }
    if (text.startsWith(quote, at)) return at + quote.length
    if (quote.length === 1 && text[at] === '\n') return -1
  }
  return -1
}
