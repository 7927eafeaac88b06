// `compile`: the compiled SQL of the selection, as text, as JSON lines, or written into the target path as dbt lays it out.

import path from 'node:path'
import { selectionOf } from '../dbt/assemble.ts'
import { compileBatches, compileOnce } from '../dbt/compile/compile.ts'
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
  const places = placesOf(opened, inline ?? '')
  const writing = parsed.switches.get('write') === true
  const print = output === 'jsonl' ? jsonLines(opened, places, io, cwd) : texts(opened, places, io, cwd, writing)
  let failed = 0
  // One by one: the texts of a large project weigh more than everything that is known of it.
  for await (const each of inline === undefined ? compiledSelection(opened, io) : compiledInline(opened, inline)) {
    if (writing) write(opened, each)
    if (each.compiled_code === null) failed++
    print.one(each)
  }
  print.end()
  return failed > 0 ? 1 : 0
}

/** cli/flags.py _assert_mutually_exclusive */
export function refuseInlineSelected({ values, lists }: Parsed): void {
  if (values.has('inline')) for (const other of ['select', 'selector']) if (lists.has(other) || values.has(other)) throw new CommandFailure(`inline: not allowed with argument ${other}`)
}

async function* compiledSelection(opened: Opened, io: Io): AsyncGenerator<Compiled> {
  const { snapshot } = opened
  const selection = selectionOf(snapshot, opened.inputs)
  if (selection.error !== null) throw new CommandFailure(selection.error)
  for (const warning of selection.warnings) io.err(`warning: ${warning}\n`)
  const filled = withLastRun(opened)
  let none = true
  for (const id of selection.ids) {
    const node = snapshot.manifest.nodes.get(id)
    const unit = snapshot.manifest.others.get(id)
    const made = node ? compileBatches(snapshot, node) ?? compileOnce(snapshot, node) : unit?.resource_type === 'unit_test' ? compileUnitTest(snapshot, unit) : null
    for (const each of [made ?? []].flat()) {
      none = false
      yield await filled(each)
    }
  }
  if (none) io.err('No nodes selected!\n')
}

async function* compiledInline({ snapshot }: Opened, inline: string): AsyncGenerator<Compiled> {
  yield* [compileInline(snapshot, inline) ?? []].flat()
}

/** With the text of dbt's last run where ours could not be made. */
function withLastRun({ host, inputs, snapshot }: Opened): (compiled: Compiled) => Promise<Compiled> {
  let last: ReturnType<typeof lastRun> | null = null
  return async (compiled) => {
    if (!asksWarehouse(compiled)) return compiled
    const run = await (last ??= lastRun(host, inputs, snapshot))
    return run ? run.filled(compiled) : compiled
  }
}

interface Print { one(compiled: Compiled): void; end(): void }

function jsonLines(opened: Opened, places: Places, io: Io, cwd: string): Print {
  return { one: (each) => { io.out(`${JSON.stringify(compileRecord(opened, each, places, cwd))}\n`) }, end: () => undefined }
}

/** Texts with a line above each that says whose it is, where there are several; what is to be said of them comes last. `silent`: they are written elsewhere. */
function texts(opened: Opened, places: Places, io: Io, cwd: string, silent: boolean): Print {
  const notes: string[] = []
  const complaints: string[] = []
  let first: Compiled | null = null
  let count = 0
  const show = ({ node, compiled_code }: Compiled, headed: boolean): void => {
    if (!silent && compiled_code !== null) io.out(`${headed ? `${styled(io, 'dim', `-- ${node.unique_id}`)}\n` : ''}${compiled_code}\n`)
  }
  return {
    one: (each) => {
      notes.push(evidenceNotes(each, opened, places, io, cwd))
      if (each.compiled_code === null) complaints.push(complaint(each, places, io, cwd))
      if (++count === 1) { first = each; return }
      if (first) show(first, true)
      first = null
      if (!silent) io.out('\n')
      show(each, true)
    },
    end: () => {
      if (first) show(first, false)
      io.err(notes.join(''))
      io.err(complaints.join(''))
    },
  }
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

function write({ snapshot, host }: Opened, { node, compiled_code, batch }: Compiled): void {
  const { targetPath, rules } = snapshot.project
  if (!compiled_code) return
  const place = compiledPath(node, rules, batch)
  if (place === null) throw new CommandFailure(`cannot write the text of ${node.unique_id}: its name leads out of ${targetPath}`)
  const file = path.join(targetPath, place)
  const problem = host.write(file, compiled_code)
  if (problem !== null) throw new CommandFailure(`cannot write ${file}: ${problem}`)
}
