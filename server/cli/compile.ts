// `compile`: the compiled SQL of the selection, as text, as JSON lines, or written into the target path as dbt lays it out.

import path from 'node:path'
import { selectionOf } from '../dbt/assemble.ts'
import { compileBatches, compileNode } from '../dbt/compile/compile.ts'
import { compileInline, INLINE_PATH } from '../dbt/compile/inline.ts'
import { compileHooks } from '../dbt/compile/hooks.ts'
import { compileUnitTest } from '../dbt/compile/unit-tests.ts'
import { compiledPath } from '../dbt/compile/layout.ts'
import { asksWarehouse, lastRun } from '../dbt/compile/last-run.ts'
import { distinctAnswers } from '../dbt/compile/outcome.ts'
import type { Compiled } from '../dbt/compile/types.ts'
import { momentText } from '../dbt/project/event-time.ts'
import { evidenceText } from '../ide/evidence.ts'
import { linesOf, positionAt, type Lines } from '../text/lines.ts'
import type { Place } from '../text/span.ts'
import { sourceFile } from '../dbt/snapshot.ts'
import { CommandFailure, styled, type Io } from './io.ts'
import { refuseUnreadable, showNotes, type Opened } from './open.ts'
import type { Parsed } from './options.ts'
import { shownPath } from './paths.ts'

/** Exit code 1 when a node could not be compiled. */
export async function compile(opened: Opened, parsed: Parsed, io: Io, cwd: string): Promise<number> {
  refuseUnreadable(opened)
  showNotes(opened, io)
  const output = parsed.values.get('output') ?? 'text'
  const inline = parsed.values.get('inline')
  const compiled = inline === undefined ? await withLastRun(opened, compileSelection(opened, io)) : [compileInline(opened.snapshot, inline) ?? []].flat()
  const places = placesOf(opened, inline ?? '')
  if (parsed.switches.get('write')) write(opened, compiled)
  if (output === 'jsonl') io.out(compiled.map((each) => `${JSON.stringify(compileRecord(opened, each, places, cwd))}\n`).join(''))
  else if (!parsed.switches.get('write')) io.out(compiled.map((each) => (each.compiled_code === null ? '' : `${compiled.length > 1 ? `${styled(io, 'dim', `-- ${each.node.unique_id}`)}\n` : ''}${each.compiled_code}\n`)).join('\n'))
  const failed = compiled.filter((each) => each.compiled_code === null)
  if (output === 'text') {
    for (const each of compiled) io.err(evidenceNotes(each, opened, places, io, cwd))
    for (const each of failed) io.err(complaint(each, places, io, cwd))
  }
  return failed.length > 0 ? 1 : 0
}

/** cli/flags.py _assert_mutually_exclusive */
export function refuseInlineSelected({ values, lists }: Parsed): void {
  if (values.has('inline')) for (const other of ['select', 'selector']) if (lists.has(other) || values.has(other)) throw new CommandFailure(`inline: not allowed with argument ${other}`)
}

function compileSelection(opened: Opened, io: Io): Compiled[] {
  const { snapshot } = opened
  const selection = selectionOf(snapshot, opened.inputs)
  if (selection.error !== null) throw new CommandFailure(selection.error)
  for (const warning of selection.warnings) io.err(`warning: ${warning}\n`)
  const compiled = selection.ids.flatMap((id) => {
    const node = snapshot.manifest.nodes.get(id)
    const unit = snapshot.manifest.others.get(id)
    return (node ? compileBatches(snapshot, node) ?? compileNode(snapshot, node) : unit?.resource_type === 'unit_test' ? compileUnitTest(snapshot, unit) : null) ?? []
  })
  if (compiled.length === 0) io.err('No nodes selected!\n')
  return compiled
}

/** With the texts of dbt's last run where ours could not be made. */
async function withLastRun({ host, inputs, snapshot }: Opened, compiled: readonly Compiled[]): Promise<readonly Compiled[]> {
  const last = compiled.some(asksWarehouse) ? await lastRun(host, inputs, snapshot) : null
  return last ? Promise.all(compiled.map((each) => last.filled(each))) : compiled
}

type Places = (place: Place) => { readonly path: string; readonly line: number; readonly character: number }

function placesOf({ snapshot, host }: Opened, inline: string): Places {
  const known = new Map<string, Lines>()
  return ({ path: file, start }) => {
    let lines = known.get(file)
    if (!lines) known.set(file, lines = linesOf(file === INLINE_PATH ? inline : sourceFile(snapshot, file)?.text ?? host.readText(file) ?? ''))
    return { path: file, ...positionAt(lines, start) }
  }
}

/** The record of interfaces.md. An error of dbt's is an entry whose code starts with `error`. */
function compileRecord({ snapshot }: Opened, compiled: Compiled, places: Places, cwd: string) {
  const { node, compiled_code, batch } = compiled
  const hooks = compileHooks(snapshot, node, compiled)
  return {
    unique_id: node.unique_id, ...(batch ? { batch: { id: batch.id, event_time_start: momentText(batch.start), event_time_end: momentText(batch.end) } } : {}), compiled_code,
    ...reasons(compiled, places, cwd),
    ...(hooks.length > 0 ? { hooks: hooks.map((hook) => ({ when: hook.when, sql: hook.sql, transaction: hook.transaction, ...reasons(hook, places, cwd) })) } : {}),
  }
}

function reasons({ unknown, error, evidence }: Pick<Compiled, 'unknown' | 'error' | 'evidence'>, places: Places, cwd: string) {
  const entries = error ? [{ code: `error-${error.code}`, message: error.message.split('\n')[0] ?? '', place: error.place }] : unknown
  return {
    unknown: entries.map(({ code, message, place }) => ({ code, message, ...shownPlace(places, place, cwd) })),
    ...(evidence.length > 0 ? { evidence: distinctAnswers(evidence).map(({ call, evidence: kind, as_of, file, place }) => ({ call, evidence: kind, as_of, file: file === null ? null : shownPath(cwd, file), ...shownPlace(places, place, cwd) })) } : {}),
  }
}

function shownPlace(places: Places, place: Place, cwd: string) {
  const at = places(place)
  return { path: at.path === INLINE_PATH ? at.path : shownPath(cwd, at.path), line: at.line, character: at.character }
}

function evidenceNotes({ node, evidence }: Compiled, { snapshot }: Opened, places: Places, io: Io, cwd: string): string {
  return distinctAnswers(evidence).map((each) => {
    const at = shownPlace(places, each.place, cwd)
    return `${at.path}:${at.line + 1}:${at.character + 1}: ${styled(io, 'dim', 'evidence')}: ${node.unique_id}: ${evidenceText(each.file === null ? each : { ...each, file: shownPath(cwd, each.file) }, snapshot.now)}\n`
  }).join('')
}

function complaint(compiled: Compiled, places: Places, io: Io, cwd: string): string {
  const entries = compiled.error ? [compiled.error] : compiled.unknown
  const word = compiled.error ? styled(io, 'red', 'error') : styled(io, 'yellow', 'unknown')
  return entries.map(({ code, message, place }) => {
    const at = shownPlace(places, place, cwd)
    return `${at.path}:${at.line + 1}:${at.character + 1}: ${word}: ${compiled.node.unique_id}: ${message.trim().replaceAll('\n', '\n    ')} ${styled(io, 'dim', `[${code}]`)}\n`
  }).join('')
}

function write({ snapshot, host }: Opened, compiled: readonly Compiled[]): void {
  const { targetPath, rules } = snapshot.project
  for (const { node, compiled_code, batch } of compiled) {
    if (!compiled_code) continue
    const place = compiledPath(node, rules, batch)
    if (place === null) throw new CommandFailure(`cannot write the text of ${node.unique_id}: its name leads out of ${targetPath}`)
    const file = path.join(targetPath, place)
    const problem = host.write(file, compiled_code)
    if (problem !== null) throw new CommandFailure(`cannot write ${file}: ${problem}`)
  }
}
