// Where in a property file the cursor is, read from indentation alone: works on a line that is just being typed, where the tree has nothing yet.

import type { Span } from '../text/span.ts'
import { wordEnd } from './words.ts'

export interface YamlContext {
  /** Keys from the root to the cursor; `-` for an item of a list. `models`, `-`, `columns`, `-`, `tests`, `-`. */
  readonly path: readonly string[]
  /** The key whose value is being typed on this line; null when a key (or a list item) is. */
  readonly valueOf: string | null
  /** What is typed so far, and the whole word that an answer replaces. */
  readonly typed: string
  readonly span: Span
  /** Keys that the mapping of the cursor has already. */
  readonly siblings: ReadonlySet<string>
}

export function yamlContext(text: string, offset: number): YamlContext {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const line = lineOf(text, start, offset)
  const inFlow = /[[{]/.test(line.rest)
  const pair = inFlow ? null : /^([\w+.-]+)\s*:\s+(["']?)(.*)$/.exec(line.rest) ?? /^([\w+.-]+)\s*:()()$/.exec(line.rest)
  // A mapping in braces that is an item of a list: `- {id: 1, na`.
  const inBraces = line.dashes.length > 0 ? /^\{(?:[^{}[\]]*,)?\s*([\w.]*)$/.exec(line.rest) : null
  const typed = inBraces ? (inBraces[1] ?? '') : pair ? (pair[3] ?? '') : line.rest.replace(/^["']/, '')
  const span = { start: offset - typed.length, end: wordEnd(text, offset) }
  const { path, siblings } = outer(text, start, line)
  if (inBraces) for (const match of line.rest.matchAll(/([\w.]+)\s*:/g)) siblings.add(match[1] ?? '')
  return { path, valueOf: pair ? (pair[1] ?? '') : null, typed, span, siblings }
}

interface Line { /** Column of the content behind all `- `. */ readonly indent: number; /** Columns of the dashes on this line. */ readonly dashes: readonly number[]; readonly rest: string }

function lineOf(text: string, start: number, end: number): Line {
  const line = text.slice(start, end)
  const dashes: number[] = []
  let at = /^ */.exec(line)?.[0].length ?? 0
  while (line[at] === '-' && (line[at + 1] === ' ' || line[at + 1] === undefined)) {
    dashes.push(at)
    at += 1 + (/^ */.exec(line.slice(at + 1))?.[0].length ?? 0)
  }
  return { indent: at, dashes, rest: line.slice(at) }
}

/** Walks upward: every line with less indentation than all below it is around the cursor. */
function outer(text: string, start: number, line: Line): { path: string[]; siblings: Set<string> } {
  const path: string[] = line.dashes.map(() => '-')
  const siblings = new Set<string>()
  let level = line.dashes[0] ?? line.indent
  let own = line.dashes.length === 0 ? line.indent : -1
  // A list may stand at the column of its key.
  let listAt = line.dashes.length > 0 ? level : -1
  for (let end = start - 1; end > 0 || (end === 0 && start > 0);) {
    const from = text.lastIndexOf('\n', end - 1) + 1
    const above = lineOf(text, from, end)
    end = from - 1
    const key = /^["']?([^"':#]+)["']?\s*:(?:\s|$)/.exec(above.rest)?.[1]
    if (above.rest.trim() !== '' && !above.rest.startsWith('#')) {
      const keyAt = above.indent
      if (own >= 0 && keyAt === own && key !== undefined) siblings.add(key)
      const around = key !== undefined && (keyAt < level || (keyAt === listAt && above.dashes.length === 0))
      if (around) {
        path.unshift(key)
        level = keyAt
        listAt = -1
      }
      const dash = above.dashes[0]
      if (dash !== undefined && (around || above.indent === level || own === above.indent)) {
        if (dash < level) {
          for (const _ of above.dashes) path.unshift('-')
          level = dash
          listAt = dash
          if (own >= 0 && !around) own = -1
        }
      }
    }
    if (from === 0) break
  }
  return { path, siblings }
}
