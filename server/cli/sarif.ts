// SARIF 2.1.0 of the findings, as code scanning services read it.

import type { Severity } from '../dbt/problem.ts'
import { positionAt } from '../text/lines.ts'
import type { Found } from './check.ts'
import { shownPath } from './paths.ts'

const LEVELS: Record<Severity, string> = { error: 'error', warning: 'warning', information: 'note', hint: 'note' }

export function sarif(found: readonly Found[], cwd: string): unknown {
  const rules = [...new Set(found.map((each) => each.problem.code))].toSorted()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'dbt-defer-ls', rules: rules.map((id) => ({ id })) } },
      columnKind: 'utf16CodeUnits',
      results: found.map(({ path, problem, lines }) => {
        const start = positionAt(lines, problem.place.start)
        const end = positionAt(lines, problem.place.end)
        return {
          ruleId: problem.code, level: LEVELS[problem.severity], message: { text: problem.message },
          locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(shownPath(cwd, path)) }, region: { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 } } }],
        }
      }),
    }],
  }
}

/** A relative reference: `#` and `?` of a file's name are no fragment and no query. */
function uriOf(path: string): string { return path.split('/').map(encodeURIComponent).join('/') }
