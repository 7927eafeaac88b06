// Hover on Jinja in a node's own text: what an expression is there, what a macro call expands to, which branch of an `if` is taken and why.
// The values are those of the preview of the text as it stands. Values of secret environment variables are never shown.

import type { Seen, Trace } from '../jinja/trace.ts'
import type { Expression, If, SetStatement, Statement } from '../jinja/nodes.ts'
import { childrenOf, pathAt, type Node } from '../jinja/walk.ts'
import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import type { Span } from '../text/span.ts'
import { compiledDocument, type CompiledDocument } from './compiled.ts'
import { evidenceLines } from './evidence.ts'
import { SECRET_STARS, secretValues } from '../dbt/project/secrets.ts'
import { isPython, isYaml, templateOfFile } from './scene.ts'
import type { Hover } from './types.ts'

const MOST_LINES = 20
const MOST_SHOWN = 5
/** What has no text of its own, as `dbt_utils` in `dbt_utils.star()`: there the call is asked about. */
const UNTOLD = '?'

/** Null where nothing was evaluated: text, other files, branches that are not taken. */
export function valueHover(snapshot: Snapshot, path: string, offset: number): Hover | null {
  const file = sourceFile(snapshot, path)
  if (!file || !snapshot.manifest.final || isYaml(path) || isPython(path)) return null
  const nodes = pathAt(templateOfFile(file), offset)
  const document = nodes.length > 0 ? compiledDocument(snapshot, path, { offset }) : null
  const trace = document?.trace ?? null
  if (!document || !trace) return null
  const inner = nodes.at(-1)
  const branching = nodes.findLast((each): each is If => each.kind === 'If')
  if (branching && inner && tagOf(branching, offset)) return withEvidence(snapshot, document, branchHover(snapshot, trace, branching, file.text))
  const set = nodes.findLast((each): each is SetStatement => each.kind === 'Set')
  const valued = (node: Node): boolean => trace.values.get(keyOf(node))?.some(({ type, text }) => type === 'unknown' || text !== UNTOLD) ?? false
  const expression = nodes.findLast(valued) ?? (set && valued(set.value) ? set.value : undefined)
  // Inside of arguments that were never evaluated the whole call says nothing about the place.
  const seen = expression ? trace.values.get(keyOf(expression)) ?? [] : []
  if (!expression || seen.length === 0) return null
  const text = masked(snapshot, file.text.slice(expression.start, expression.end))
  return withEvidence(snapshot, document, { text: [`\`${oneLine(text)}\` is`, ...shown(snapshot, seen)].join('\n\n'), span: expression })
}

/** Where a value rests on answers of the warehouse that the user has: which, whence, how old. */
function withEvidence({ now }: Snapshot, { unique_id, evidence }: CompiledDocument, found: Hover | null): Hover | null {
  const behind = found ? evidence.filter(({ of, own }) => of === unique_id && own !== null && own.start < found.span.end && found.span.start < own.end) : []
  return found && behind.length > 0 ? { ...found, text: `${found.text}\n\nnot asked of the warehouse:\n\n${evidenceLines(behind, now)}` } : found
}

/** What dbt's last run had where an unknown part of the text is written. `document`: with that run's parts. */
export function lastRunHover(snapshot: Snapshot, { text, marks }: CompiledDocument, offset: number): Hover | null {
  const here = marks.filter(({ source, evidence }) => source !== null && evidence.length > 0 && source.start <= offset && offset < source.end)
  const [span] = here.flatMap(({ source }) => source ?? [])
  if (!span) return null
  const parts = [...new Set(here.map(({ start, end }) => text.slice(start, end)))].map((part) => ({ type: 'str', text: part }))
  return { text: ["dbt's last run had here", ...shown(snapshot, parts), evidenceLines(here.flatMap(({ evidence }) => evidence), snapshot.now)].join('\n\n'), span }
}

/** The tags of the `if` itself, as far as an offset stands in one of them: not in a branch. */
function tagOf(node: If, offset: number): boolean {
  const within = (statements: readonly Statement[]): boolean => statements.some((each) => each.start <= offset && offset < each.end)
  return !within(node.body) && !node.elif.some((branch) => within(branch.body)) && !within(node.orelse)
}

function branchHover(snapshot: Snapshot, trace: Trace, node: If, text: string): Hover | null {
  const tests = [node.test, ...node.elif.map((branch) => branch.test)]
  const lines: string[] = []
  let taken: string | null = null
  for (const [index, test] of tests.entries()) {
    const seen = trace.values.get(keyOf(test))
    const word = `${index === 0 ? 'if' : 'elif'} ${oneLine(masked(snapshot, text.slice(test.start, test.end)))}`
    if (!seen) { lines.push(`- \`${word}\`: not looked at`); continue }
    const states = seen.map(truth)
    const state = states.every((each) => each === states[0]) ? states[0] ?? 'unknown' : 'sometimes true'
    lines.push(`- \`${word}\`: ${state}`, ...operands(snapshot, trace, test, text))
    if (state === 'true' && taken === null) taken = word
    if (state === 'unknown' || state === 'sometimes true') taken ??= ''
  }
  if (lines.every((line) => line.endsWith('not looked at'))) return null
  const headline = taken === '' ? 'which branch is taken differs or is not known' : `takes the branch \`${taken ?? 'else'}\`${taken === null && node.orelse.length === 0 ? ', of which there is none' : ''}`
  const end = node.body[0]?.start ?? node.end
  return { text: [`**${headline}**`, lines.join('\n')].join('\n\n'), span: { start: node.start, end: Math.max(node.test.end, Math.min(end, node.end)) } }
}

/** What the parts of a condition were. */
function operands(snapshot: Snapshot, trace: Trace, test: Expression, text: string): string[] {
  const found: string[] = []
  const visit = (node: Node): void => {
    if (found.length >= 8) return
    const seen = trace.values.get(keyOf(node))
    const plain = node.kind === 'Name' || node.kind === 'Getattr' || node.kind === 'Getitem' || node.kind === 'Call' || node.kind === 'Filter'
    if (seen && plain && (node.start !== test.start || node.end !== test.end || seen.some((each) => each.type !== 'bool'))) {
      found.push(`  - \`${oneLine(masked(snapshot, text.slice(node.start, node.end)))}\` is ${seen.slice(0, 3).map((each) => inline(snapshot, each)).join(', then ')}`)
      return
    }
    for (const child of childrenOf(node)) visit(child)
  }
  visit(test)
  return found
}

function truth({ type, text }: Seen): 'true' | 'false' | 'unknown' {
  if (type === 'unknown') return 'unknown'
  if (type === 'bool') return text === 'True' ? 'true' : 'false'
  return text === '' || FALSY.has(text) || type === 'Undefined' ? 'false' : 'true'
}

const FALSY: ReadonlySet<string> = new Set(['None', '0', '0.0', '[]', '()', '{}', 'set()'])

function shown(snapshot: Snapshot, seen: readonly Seen[]): string[] {
  const parts = seen.slice(0, MOST_SHOWN).map((each) => {
    const text = masked(snapshot, each.text)
    if (each.type === 'unknown') return `unknown: ${text}`
    if (each.type !== 'str') return text === '' || text === UNTOLD ? `nothing (${each.type})` : `\`${oneLine(text)}\`${each.type === 'NoneType' || each.type === 'bool' ? '' : ` (${each.type})`}`
    if (text.trim() === '') return text === '' ? 'the empty text' : 'white space'
    const lines = text.replace(/^\s*\n|\s+$/g, '').split('\n')
    return `\`\`\`sql\n${lines.slice(0, MOST_LINES).join('\n')}${lines.length > MOST_LINES ? `\n… ${lines.length - MOST_LINES} more lines` : ''}\n\`\`\``
  })
  return seen.length > MOST_SHOWN ? [...parts, 'and others'] : parts
}

function inline(snapshot: Snapshot, { type, text }: Seen): string {
  const safe = oneLine(masked(snapshot, text))
  return type === 'unknown' ? `unknown (${safe})` : type === 'str' ? `\`'${safe}'\`` : safe === '' ? type : `\`${safe}\``
}

/** Values of secret environment variables. */
function masked({ project: { env } }: Snapshot, text: string): string {
  return secretValues(env).reduce((shown, secret) => shown.replaceAll(secret, SECRET_STARS), text)
}

function oneLine(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ').replaceAll('`', "'")
  return line.length > 120 ? `${line.slice(0, 120)}…` : line
}

function keyOf({ start, end }: Span): string { return `${start}:${end}` }
