// `explain`: the whole chain of facts behind one answer, in words. Plain text of what hover shows, with the settings that led to it.

import path from 'node:path'
import { resolutionsText, aboutText, hover } from '../ide/hover.ts'
import { compileNode } from '../dbt/compile/compile.ts'
import type { Compiled } from '../dbt/compile/types.ts'
import { evidenceText } from '../ide/evidence.ts'
import { resolvedCalls, resourceOf, sourceFile } from '../dbt/snapshot.ts'
import { linesOf, offsetAt } from '../text/lines.ts'
import { CommandFailure, type Io } from './io.ts'
import { refuseUnreadable, type Opened } from './open.ts'
import type { Parsed } from './options.ts'
import { plainText } from './plain.ts'
import { callText } from './resolve.ts'

export function explain(opened: Opened, parsed: Parsed, io: Io, cwd: string): number {
  refuseUnreadable(opened)
  const [what, ...more] = parsed.rest
  if (what === undefined || more.length > 0) throw new CommandFailure('explain needs one FILE:LINE:COLUMN or one unique_id')
  const text = atPlace(opened, what, cwd) ?? ofNode(opened, what)
  if (text === null) throw new CommandFailure(`nothing known at ${what}: give FILE:LINE:COLUMN of a ref, source or macro, or a unique_id`)
  io.out(`${plainText(text)}\n\n${settings(opened)}\n`)
  return 0
}

function atPlace(opened: Opened, what: string, cwd: string): string | null {
  const match = /^(.+):(\d+):(\d+)$/.exec(what)
  if (!match) return null
  const file = path.resolve(cwd, match[1] ?? '').replaceAll('\\', '/')
  const source = sourceFile(opened.snapshot, file)
  if (!source) throw new CommandFailure(`${match[1]} is no file of the project ${opened.snapshot.project.root.name}`)
  const offset = offsetAt(linesOf(source.text), { line: Number(match[2]) - 1, character: Number(match[3]) - 1 })
  return hover(opened.snapshot, file, offset)?.text ?? null
}

function ofNode(opened: Opened, id: string): string | null {
  const resource = resourceOf(opened.snapshot, id)
  if (!resource) return null
  const calls = 'calls' in resource ? resolvedCalls(opened.snapshot, resource) : []
  const node = opened.snapshot.manifest.nodes.get(id)
  const compiled = node ? compileNode(opened.snapshot, node) : null
  const shown = compiled ? compiledFacts(opened, compiled) : []
  return [aboutText(opened.snapshot, resource, { ownRelation: true, difference: 200 }), ...shown, ...calls.map((each) => `${callText(each.call)}:\n\n${resolutionsText(opened.snapshot, [each.resolution], true)}`)].join('\n\n')
}

/** What keeps the compiled text from being known, and what in it stands on evidence. */
function compiledFacts({ snapshot }: Opened, { unknown, error, evidence }: Compiled): string[] {
  const lines = [...(error ? [`dbt refuses it: ${error.message.split('\n')[0] ?? ''}`] : unknown.map(({ message }) => `unknown: ${message}`)), ...evidence.map((each) => `evidence: ${evidenceText(each, snapshot.now)}`)]
  return lines.length > 0 ? [`compiled text:\n${lines.map((line) => `  ${line}`).join('\n')}`] : []
}

function settings(opened: Opened): string {
  const { project, deferring } = opened.snapshot
  const { flags } = project
  return [
    `project ${project.root.name}, target ${project.target ? `${project.target.name} (${project.target.type})` : 'unknown'}, rules of dbt ${project.rules.name} (${project.rules.chosenBy})`,
    `defer ${deferring.defer ? 'on' : 'off'} (${opened.saidBy(flags.defer.from)}), favor-state ${deferring.favorState ? 'on' : 'off'} (${opened.saidBy(flags.favorState.from)})`,
    `state ${flags.deferState.value ?? flags.state.value ?? 'none'} (${opened.saidBy(flags.deferState.value === null ? flags.state.from : flags.deferState.from)})`,
  ].join('\n')
}
