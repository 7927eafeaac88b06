// GitLab's Code Quality report: a JSON list that a merge request shows beside the lines. Severities in GitLab's words.

import { createHash } from 'node:crypto'
import type { Severity } from '../dbt/problem.ts'
import { positionAt } from '../text/lines.ts'
import type { Found } from './check.ts'
import { shownPath } from './paths.ts'

const WORDS: Record<Severity, string> = { error: 'critical', warning: 'major', information: 'minor', hint: 'info' }

/** A fingerprint outlives moved lines: code, file, message, and which of several alike it is. */
export function codeQuality(found: readonly Found[], cwd: string): unknown[] {
  const seen = new Map<string, number>()
  return found.map(({ path, problem, lines }) => {
    const key = `${problem.code}\0${shownPath(cwd, path)}\0${problem.message}`
    const nth = (seen.get(key) ?? 0) + 1
    seen.set(key, nth)
    return {
      description: problem.message, check_name: problem.code, fingerprint: createHash('sha256').update(`${key}\0${nth}`).digest('hex'), severity: WORDS[problem.severity],
      location: { path: shownPath(cwd, path), lines: { begin: positionAt(lines, problem.place.start).line + 1, end: positionAt(lines, problem.place.end).line + 1 } },
    }
  })
}
