// `check`: every diagnostic of the project, the same ones that the editor shows, as text, JSON lines, SARIF, Markdown,
// GitHub annotations or GitLab's Code Quality report.

import { allDiagnostics } from '../ide/diagnostics.ts'
import type { Problem, Severity } from '../dbt/problem.ts'
import { linesOf, positionAt, type Lines } from '../text/lines.ts'
import { sourceFile } from '../dbt/snapshot.ts'
import { styled, type Io } from './io.ts'
import { refuseUnreadable, type Opened } from './open.ts'
import type { Parsed } from './options.ts'
import { isAmong, refuseMissing, shownPath } from './paths.ts'
import { codeQuality } from './code-quality.ts'
import { sarif } from './sarif.ts'

export interface Found { readonly path: string; readonly problem: Problem; readonly lines: Lines }

const RANK: Record<Severity, number> = { error: 3, warning: 2, information: 1, hint: 0 }
const LSP_SEVERITY: Record<Severity, number> = { error: 1, warning: 2, information: 3, hint: 4 }

export function check(opened: Opened, parsed: Parsed, io: Io, cwd: string): number {
  const output = parsed.values.get('output') ?? 'text'
  refuseMissing(opened, cwd, parsed.rest)
  const found = findings(opened, parsed.rest, cwd)
  switch (output) {
    case 'text': io.out(found.map((each) => textLine(each, cwd, io)).join('')); break
    case 'jsonl': io.out(found.map((each) => `${JSON.stringify(record(each, cwd))}\n`).join('')); break
    case 'sarif': io.out(`${JSON.stringify(sarif(found, cwd), null, 2)}\n`); break
    case 'github': io.out(found.map((each) => githubLine(each, cwd)).join('')); break
    case 'gitlab': io.out(`${JSON.stringify(codeQuality(found, cwd), null, 2)}\n`); break
    case 'markdown': io.out(markdown(found, cwd)); break
  }
  if (output === 'text') io.err(`${summary(found)}\n`)
  refuseUnreadable(opened)
  const failOn = parsed.values.get('fail-on') ?? 'error'
  return failOn !== 'never' && found.some(({ problem }) => RANK[problem.severity] >= RANK[failOn as Severity]) ? 1 : 0
}

export function findings(opened: Opened, given: readonly string[], cwd: string): readonly Found[] {
  const found: Found[] = []
  for (const [path, problems] of allDiagnostics(opened.snapshot)) {
    if (!isAmong(cwd, given, path)) continue
    const text = sourceFile(opened.snapshot, path)?.text ?? opened.host.readText(path) ?? ''
    const lines = linesOf(text)
    for (const problem of problems) found.push({ path, problem, lines })
  }
  return found
}

/** LSP's Diagnostic with `path`. */
export function record({ path, problem, lines }: Found, cwd: string) {
  return {
    path: shownPath(cwd, path),
    range: { start: positionAt(lines, problem.place.start), end: positionAt(lines, problem.place.end) },
    severity: LSP_SEVERITY[problem.severity], code: problem.code, source: 'dbt-defer-ls', message: problem.message,
    ...(problem.data ? { data: problem.data } : {}),
  }
}

function textLine(found: Found, cwd: string, io: Io): string {
  const at = positionAt(found.lines, found.problem.place.start)
  const style = found.problem.severity === 'error' ? 'red' : found.problem.severity === 'warning' ? 'yellow' : 'cyan'
  return `${shownPath(cwd, found.path)}:${at.line + 1}:${at.character + 1}: ${styled(io, style, found.problem.severity)}: ${indented(found.problem.message)} ${styled(io, 'dim', `[${found.problem.code}]`)}\n`
}

function githubLine(found: Found, cwd: string): string {
  const { problem, lines } = found
  const start = positionAt(lines, problem.place.start)
  const end = positionAt(lines, problem.place.end)
  const level = problem.severity === 'error' ? 'error' : problem.severity === 'warning' ? 'warning' : 'notice'
  const property = (text: string) => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
  return `::${level} file=${property(shownPath(cwd, found.path))},line=${start.line + 1},endLine=${end.line + 1},col=${start.character + 1},endColumn=${end.character + 1},title=${property(problem.code)}::${escapeData(problem.message)}\n`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function indented(message: string): string {
  return message.trim().replaceAll('\n', '\n    ')
}

/** Worst first, as a comment on a pull request shows it. */
function markdown(found: readonly Found[], cwd: string): string {
  const ranked = found.toSorted((one, other) => RANK[other.problem.severity] - RANK[one.problem.severity])
  const rows = ranked.slice(0, MOST_ROWS).map(({ path, problem, lines }) => `- **${problem.severity}** \`${shownPath(cwd, path)}:${positionAt(lines, problem.place.start).line + 1}\` ${problem.message.trim().split('\n')[0] ?? ''} (\`${problem.code}\`)`)
  return [`### ${summary(found)}`, '', ...rows, ...(ranked.length > MOST_ROWS ? [`- and ${ranked.length - MOST_ROWS} more`] : [])].join('\n').trimEnd() + '\n'
}

const MOST_ROWS = 100

function summary(found: readonly Found[]): string {
  const count = (severity: Severity) => found.filter((each) => each.problem.severity === severity).length
  const part = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  return `${part(count('error'), 'error')}, ${part(count('warning'), 'warning')}, ${count('information') + count('hint')} notes`
}
