// A problem in the words and shape of Python's `str(YAMLError)`, as dbt prints it.

import { isBreak } from './chars.ts'
import type { YamlProblem } from './nodes.ts'

/** Lines and columns from 1, columns in code points, lines as YAML breaks them. Source: yaml/error.py MarkedYAMLError.__str__, yaml/reader.py. */
export function describeYamlProblem(text: string, problem: YamlProblem): string {
  if (problem.message.startsWith('unacceptable character')) {
    return `${problem.message}\n  in "<unicode string>", position ${Array.from(text.slice(0, problem.start)).length}`
  }
  const { context, contextStart } = problem
  const place = mark(text, problem.start, isAfterText(text, problem))
  if (context === null) return `${problem.message}\n${place}`
  const contextPlace = contextStart === null ? place : mark(text, contextStart, contextStart >= text.length)
  return [context, ...(contextPlace === place ? [] : [contextPlace]), problem.message, place].join('\n')
}

/** The end of the text has a line of its own for libyaml, except while a scalar, tag or anchor is read. */
function isAfterText(text: string, { kind, start, context, contextStart, message }: YamlProblem): boolean {
  if (kind !== 'syntax' || start < text.length) return false
  if (message === "could not find expected ':'") return !BREAK.test(text.slice(contextStart ?? 0))
  return context === null || !/^while (?:scanning|parsing a (?:quoted|tag|%TAG))/.test(context)
}

const BREAK = /[\n\r\x85\u2028\u2029]/

function mark(text: string, offset: number, afterText: boolean): string {
  let line = 0
  let lineStart = text.charCodeAt(0) === 0xfeff ? 1 : 0
  for (let i = lineStart; i < offset && i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (!isBreak(c) || (c === 13 && text.charCodeAt(i + 1) === 10)) continue
    line++
    lineStart = i + 1
  }
  const column = Array.from(text.slice(lineStart, offset)).length
  const [row, col] = afterText && column > 0 ? [line + 1, 0] : [line, column]
  return `  in "<unicode string>", line ${row + 1}, column ${col + 1}`
}
