// `resolve`: every ref(), source() and function() and the relation it reads. A call inside a macro or loop gives one record for each distinct target.

import { resolvedCalls, sourceFile, type ResolvedCall, type Snapshot } from '../dbt/snapshot.ts'
import { candidates } from '../ide/describe.ts'
import { linesOf, positionAt, type Lines } from '../text/lines.ts'
import { styled, table, type Io } from './io.ts'
import { refuseUnreadable, showNotes, type Opened } from './open.ts'
import type { Parsed } from './options.ts'
import { isAmong, refuseMissing, shownPath } from './paths.ts'
import { selected } from './selected.ts'

const STYLES = { prod: 'cyan', dev: 'green', unknown: 'yellow' } as const

export function resolve(opened: Opened, parsed: Parsed, io: Io, cwd: string): number {
  refuseUnreadable(opened)
  showNotes(opened, io)
  const output = parsed.values.get('output') ?? 'text'
  refuseMissing(opened, cwd, parsed.rest)
  const calls = everyCall(opened, parsed.rest, cwd)
  const lines = new Map<string, Lines>()
  const linesFor = (path: string): Lines => {
    let known = lines.get(path)
    if (!known) lines.set(path, known = linesOf(sourceFile(opened.snapshot, path)?.text ?? opened.host.readText(path) ?? ''))
    return known
  }
  // Line by line: all of a large project can be more than one string holds.
  if (output === 'jsonl') for (const each of calls) io.out(`${JSON.stringify(resolveRecord(each, linesFor(each.call.path), cwd))}\n`)
  else for (const line of table(calls.map((each) => row(each, linesFor(each.call.path), cwd, io)))) io.out(`${line}\n`)
  return 0
}

/** The calls of the selected nodes that stand in the given paths, one for each place and target. */
function everyCall(opened: Opened, given: readonly string[], cwd: string): readonly ResolvedCall[] {
  const { snapshot } = opened
  const wanted = selected(opened)
  const seen = new Map<string, ResolvedCall>()
  for (const node of nodesWithCalls(snapshot)) {
    if (wanted && !wanted.has(node.unique_id)) continue
    for (const each of resolvedCalls(snapshot, node)) {
      if (!isAmong(cwd, given, each.call.path)) continue
      const { span } = each.call
      const key = [node.unique_id, each.call.path, span.start, span.end, each.call.kind, each.resolution.target ?? each.call.args.join('\0'), String(each.call.version), each.resolution.relation ?? ''].join('\n')
      const known = seen.get(key)
      if (!known || (!known.call.certain && each.call.certain)) seen.set(key, each)
    }
  }
  return [...seen.values()].toSorted((one, other) => compare(one.call.path, other.call.path) || one.call.span.start - other.call.span.start || compare(one.node.unique_id, other.node.unique_id))
}

/** The record of interfaces.md. */
function resolveRecord({ node, call, resolution }: ResolvedCall, lines: Lines, cwd: string) {
  const { span } = call
  const at = positionAt(lines, span.start)
  return {
    path: shownPath(cwd, call.path), line: at.line, character: at.character, length: span.end - span.start,
    unique_id: node.unique_id, call: callText(call), kind: resolution.kind, target: resolution.target, relation: resolution.relation,
    dev: resolution.dev ? { relation: resolution.dev.relation, exists: resolution.dev.existence.exists, evidence: resolution.dev.existence.evidence, as_of: resolution.dev.existence.as_of } : null,
    prod: resolution.prod ? { relation: resolution.prod.relation, state: resolution.prod.state.path, generated_at: resolution.prod.state.generated_at } : null,
    reason: resolution.reason, message: resolution.message,
  }
}

/** The call with the arguments that it had. */
export function callText(call: ResolvedCall['call']): string {
  const version = call.version === null ? '' : `, v=${String(call.version)}`
  return `${call.kind}(${call.args.map((each) => `'${each}'`).join(', ')}${version})`
}

function row(each: ResolvedCall, lines: Lines, cwd: string, io: Io) {
  const at = positionAt(lines, each.call.span.start)
  const { kind, relation, reason, message } = each.resolution
  const style = kind === 'prod' || kind === 'dev' || kind === 'unknown' ? STYLES[kind] : null
  const where = relation ?? (kind === 'unknown' ? candidates(each.resolution).join(' or ') : message)
  return [
    { text: `${shownPath(cwd, each.call.path)}:${at.line + 1}:${at.character + 1}` },
    { text: callText(each.call) },
    { text: kind, shown: style ? styled(io, style, kind) : kind },
    { text: where },
    { text: relation === null && kind !== 'unknown' ? '' : reason.join(', '), shown: styled(io, 'dim', relation === null && kind !== 'unknown' ? '' : reason.join(', ')) },
  ]
}

function* nodesWithCalls(snapshot: Snapshot) {
  for (const node of snapshot.manifest.nodes.values()) if (node.calls.length > 0) yield node
  for (const node of snapshot.manifest.others.values()) if (node.calls.length > 0) yield node
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
