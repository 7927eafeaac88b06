// A problem in the words and shape of Python's `str(YAMLError)`, as dbt prints it.

import { linesOf, positionAt, type Lines } from '../text/lines.ts'
import type { YamlProblem } from './nodes.ts'

/** Lines and columns from 1, columns in code points, as libyaml counts them. Source: yaml/error.py MarkedYAMLError.__str__. */
export function describeYamlProblem(text: string, problem: YamlProblem, lines: Lines = linesOf(text)): string {
  const mark = (offset: number): string => {
    const { line, character } = positionAt(lines, offset)
    const from = lines.starts[line] ?? 0
    return `  in "<unicode string>", line ${line + 1}, column ${[...text.slice(from, from + character)].length + 1}`
  }
  const parts: string[] = []
  if (problem.context !== null) parts.push(problem.context)
  if (problem.context !== null && problem.contextStart !== null && problem.contextStart !== problem.start) parts.push(mark(problem.contextStart))
  parts.push(problem.message, mark(problem.start))
  return parts.join('\n')
}
