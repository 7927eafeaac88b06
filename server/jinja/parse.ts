// Template text to the tree of nodes.ts: jinja2 3.1's grammar with dbt's environment (dbt_common.clients.jinja: do, loopcontrols,
// materialization, docs, test, typed macro arguments). A strict pass finds jinja2's own first error; only a text that has one
// is read a second time, tolerantly. Never throws, takes linear time, and knows nothing of what tags mean.

import { linesOf, positionAt } from '../text/lines.ts'
import { StatementParser } from './statements.ts'
import { SyntaxStop } from './stream.ts'
import type { PendingProblem } from './stream.ts'
import { normalizeNewlines } from './strings.ts'
import type { Statement, SyntaxProblem, Template } from './nodes.ts'

export interface ParseOptions {
  /** Stop at the first error: the tree of a text that has one is empty. For verdicts only. */
  readonly strict?: boolean
  /** Accept `{% snapshot %}` and `{% data_test %}`, which dbt cuts out of files before Jinja sees them; to Jinja itself they are unknown tags. */
  readonly blockTags?: boolean
}

/**
 * The tree of `text`. `errors` is empty exactly when jinja2 accepts the text; its first entry is then jinja2's error, message and line,
 * the others are what tolerant reading found besides. Offsets are UTF-16 units of `text`. As in jinja2, one final newline is dropped
 * (it belongs to no value, though the last Text's span covers it) and \r\n and \r are \n in values.
 */
export function parseTemplate(text: string, options: ParseOptions = {}): Template {
  if (!text.includes('{')) return tree(text, plainBody(text), [], false)
  const blockTags = options.blockTags ?? false
  const first = parseStrictly(text, blockTags)
  if ('kind' in first) return first
  if (options.strict === true) return tree(text, [], withLines(text, [first]), false)
  const parser = new StatementParser(text, true, blockTags)
  const body = parser.parseBody()
  const others = parser.problems.filter((problem) => problem.start !== first.start)
  return tree(text, body, withLines(text, [first, ...others]), parser.slices)
}

function tree(text: string, body: readonly Statement[], errors: readonly SyntaxProblem[], slices: boolean): Template {
  return { kind: 'Template', body, errors, slices, compiled: { text: null, native: null, preview: null }, start: 0, end: text.length }
}

function parseStrictly(text: string, blockTags: boolean): Template | PendingProblem {
  try {
    const parser = new StatementParser(text, false, blockTags)
    const body = parser.parseBody()
    return tree(text, body, NO_ERRORS, parser.slices)
  } catch (error) {
    if (error instanceof SyntaxStop) return error.problem
    throw error
  }
}

const NO_ERRORS: readonly SyntaxProblem[] = []

function plainBody(text: string): Statement[] {
  const decoded = normalizeNewlines(text)
  const value = decoded.endsWith('\n') ? decoded.slice(0, -1) : decoded
  return value === '' ? [] : [{ kind: 'Text', text: value, start: 0, end: text.length }]
}

function withLines(text: string, problems: readonly PendingProblem[]): SyntaxProblem[] {
  const lines = linesOf(text)
  return problems.map(({ message, start, end, lineAt }) => ({ message, start, end, line: positionAt(lines, lineAt).line + 1 }))
}
