// The tokens of a template with their places, for highlighting and for `inspect`. Broken text gives tokens too.

import { JinjaTokenizer } from './lexer.ts'
import type { Token } from './lexer.ts'

/**
 * All tokens in the order of the text: template data, comments, raw tags, delimiters and code; white space between code tokens is left out.
 * Offsets are UTF-16 units. A text that jinja2's lexer accepts is read as jinja2 reads it, any other one tolerantly.
 */
export function tokenize(text: string): Token[] {
  return read(text, false) ?? read(text, true) ?? []
}

function read(text: string, tolerant: boolean): Token[] | null {
  let broken = false
  const tokenizer = new JinjaTokenizer(text, tolerant, () => { broken = true })
  const tokens: Token[] = []
  for (let token = tokenizer.nextToken(); token !== null; token = tokenizer.nextToken()) {
    if (broken && !tolerant) return null
    tokens.push(token)
  }
  return broken && !tolerant ? null : tokens
}
