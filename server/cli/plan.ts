// `plan`: what a dbt command would do with the selection: what it builds, what every outside ref reads, what is missing, and the command line.
// `--against`: the same with something assumed otherwise, as the difference.

import path from 'node:path'
import { planChange, type PlanChange } from '../dbt/defer/plan-change.ts'
import type { Plan, PlannedRead } from '../dbt/defer/plan.ts'
import type { Evidence } from '../dbt/inputs.ts'
import type { ModifiedReason } from '../dbt/state/reasons.ts'
import { becauseOf, candidates } from '../ide/describe.ts'
import { bytesText, changeMarkdown, planMarkdown } from '../ide/plan-text.ts'
import { modifiedText as modifiedWords, reasonsText } from '../ide/modified-text.ts'
import { parseAssumption, planned, shellQuoted, type Asked, type Assumption } from '../ide/planned.ts'
import { CommandFailure, styled, table, type Io } from './io.ts'
import { refuseUnreadable, showNotes, type Opened } from './open.ts'
import type { Parsed } from './options.ts'
import { plainText } from './plain.ts'

export async function plan(opened: Opened, parsed: Parsed, io: Io, cwd: string): Promise<number> {
  refuseUnreadable(opened)
  showNotes(opened, io)
  const output = parsed.values.get('output') ?? 'text'
  const asked = askedOf(opened, parsed)
  const made = given(planned(opened.snapshot, opened.inputs, asked, null))
  const { words, assumption } = assumed(parsed)
  if (assumption === null) {
    io.out(output === 'json' ? `${JSON.stringify(plain(opened, made), null, 2)}\n` : output === 'markdown' ? planMarkdown(opened.snapshot, made) : textOf(opened, made, io))
    return exitOf(made, parsed)
  }
  const other = given(planned(opened.snapshot, opened.inputs, asked, assumption, await evidenceOf(opened, assumption, cwd)))
  const change = planChange(made, other)
  io.out(output === 'json' ? `${JSON.stringify({ ...plain(opened, made) as object, against: plainChange(change) }, null, 2)}\n` : output === 'markdown' ? `${planMarkdown(opened.snapshot, made)}\n${changeMarkdown(change, words.join(' '))}` : `${textOf(opened, made, io)}\n${changeText(change, words.join(' '), io)}`)
  return exitOf(made, parsed)
}

/** What --against says; refuses what it does not understand. */
export function assumed(parsed: Parsed): { readonly words: readonly string[]; readonly assumption: Assumption | null } {
  const words = parsed.lists.get('against') ?? []
  if (words.length === 0) return { words, assumption: null }
  const read = parseAssumption(words)
  if (!read.ok) throw new CommandFailure(read.message)
  return { words, assumption: read.assumption }
}

/** A plan is an answer, so nothing fails unless it is asked to. */
function exitOf({ missing, unknown, refused }: Plan, parsed: Parsed): number {
  switch (parsed.values.get('fail-on')) {
    case 'error': return refused.length > 0 || missing.some((each) => each.certain) ? 1 : 0
    case 'warning': case 'information': return refused.length + missing.length + unknown.length > 0 ? 1 : 0
    default: return 0
  }
}

function given(made: ReturnType<typeof planned>): Plan {
  if (!made.ok) throw new CommandFailure(made.message)
  return made.plan
}

/** Of the directory that an assumption names, read as `--state` would be: relative to the project in dbt 1, to the current directory in 2. */
async function evidenceOf({ inputs, snapshot, host, root }: Opened, { state }: Assumption, cwd: string): Promise<Evidence> {
  if (state === undefined) return inputs.evidence
  const { project } = inputs
  const directory = path.resolve(project.rules.statePathBase === 'cwd' ? cwd : root, state).replaceAll('\\', '/')
  const flags = { ...project.flags, state: { value: directory, from: '--against' }, deferState: { value: null, from: 'default' } }
  const evidence = await host.evidence({ ...inputs, project: { ...project, flags } }, { ...inputs.request, cli: { ...inputs.request.cli, state } }, snapshot.manifest)
  if (evidence.deferState === null) throw new CommandFailure(evidence.stateProblem?.message ?? `no state in ${state}`)
  return evidence
}

function askedOf({ inputs: { request } }: Opened, parsed: Parsed): Asked {
  const otherOptions = ['target', 'profile', 'profiles-dir', 'project-dir', 'vars'].flatMap((name) => { const value = parsed.values.get(name); return value === undefined ? [] : [`--${name}`, shellQuoted(value)] })
  return { command: request.command, select: request.select, exclude: request.exclude, selector: request.selector, otherOptions: [...otherOptions, ...(parsed.switches.get('full-refresh') ? ['--full-refresh'] : [])] }
}

function textOf(opened: Opened, made: Plan, io: Io): string {
  const outside = made.outside.filter(({ resolution }) => resolution.kind !== 'ephemeral' && resolution.kind !== 'source')
  const sources = new Map(made.outside.flatMap(({ target, resolution }) => (resolution.kind === 'source' ? [[target ?? '', resolution.relation ?? '']] : [])))
  const modified = modifiedOf(opened)
  return [
    made.refused.length === 0 ? '' : section(io, `refused ${made.refused.length}: dbt runs nothing until these are mended`, made.refused.map(({ caller, resolution }) => [caller, resolution.message])),
    modified === null ? '' : modifiedText(modified, io),
    section(io, `builds ${made.nodes.length}`, made.nodes.map((node) => [node.unique_id, node.materialized ?? node.resource_type, node.relation ?? '', scratch(node), node.replaces === null ? '' : `replaces a ${node.replaces}`, node.seconds === null ? '' : `${node.seconds.toFixed(1)} s in production`, node.bytes === null ? '' : bytesText(node.bytes)])),
    section(io, `inlines ${made.ephemeral.length}`, made.ephemeral.map((id) => [id])),
    section(io, `tests ${made.tests.length}`, made.tests.map((test) => [test.unique_id, test.reads.map(({ resolution }) => `${resolution.kind} ${shown(resolution)}`).join(', ')])),
    section(io, `reads from outside ${outside.length}`, outside.map((each) => [...read(each), becauseOf(each.resolution)])),
    section(io, `reads sources ${sources.size}`, [...sources]),
    section(io, `missing ${made.missing.length}`, made.missing.map((each) => [...read(each), each.certain ? 'is missing' : 'perhaps missing'])),
    section(io, `unknown ${made.unknown.length}`, made.unknown.map(read)),
    `\n${made.commandLine}\n`,
  ].join('')
}

function changeText(change: PlanChange, assumed: string, io: Io): string {
  const moved = change.reads.map(({ before, after }) => [after.caller, after.target ?? '', before.resolution.kind, shown(before.resolution), '→', after.resolution.kind, shown(after.resolution)])
  return [
    `${styled(io, 'bold', `with ${assumed}`)}\n`,
    section(io, `builds ${change.builds.more.length} more`, change.builds.more.map((node) => [node.unique_id])), section(io, `builds ${change.builds.less.length} less`, change.builds.less.map((node) => [node.unique_id])),
    section(io, `reads elsewhere ${moved.length}`, moved),
    section(io, `missing ${change.missing.more.length} more`, change.missing.more.map(read)), section(io, `missing ${change.missing.less.length} less`, change.missing.less.map(read)),
    section(io, `tests ${change.tests.more.length} more`, change.tests.more.map((id) => [id])), section(io, `tests ${change.tests.less.length} less`, change.tests.less.map((id) => [id])),
    `\n${change.commandLine}\n`,
  ].join('')
}

function section(io: Io, title: string, rows: readonly (readonly string[])[]): string {
  return `${styled(io, 'bold', title)}\n${rows.length === 0 ? '' : `${table(rows.map((row) => [{ text: ' ' }, ...row.map((text) => ({ text }))])).join('\n')}\n`}`
}

function read({ caller, target, resolution }: PlannedRead): string[] {
  return [caller, target ?? '', resolution.kind, shown(resolution)]
}

function shown(resolution: PlannedRead['resolution']): string {
  return resolution.relation ?? (resolution.kind === 'unknown' ? candidates(resolution).join(' or ') : resolution.message)
}

/** Nodes whose differences are shown, and lines of each. */
const [MOST_SHOWN, MOST_LINES] = [50, 24]

/** Null without a state. */
function modifiedOf({ snapshot }: Opened): readonly (readonly [string, readonly ModifiedReason[]])[] | null {
  const comparison = snapshot.comparison()
  return comparison && [...comparison.all()].filter(([, reasons]) => reasons.some(({ counts }) => counts))
}

function modifiedText(modified: readonly (readonly [string, readonly ModifiedReason[]])[], io: Io): string {
  const shown = modified.slice(0, MOST_SHOWN).map(([id, reasons]) => `  ${id}  ${modifiedWords(reasons) ?? ''}\n${plainText(reasonsText(reasons, MOST_LINES)).replaceAll(/^/gm, '    ')}\n`)
  return [section(io, `modified ${modified.length}`, []), ...shown, ...(modified.length > MOST_SHOWN ? [`  and ${modified.length - MOST_SHOWN} more\n`] : [])].join('')
}

/** Worth a word only for what is normally built upon: incremental models and snapshots. */
function scratch(node: Plan['nodes'][number]): string {
  if (node.materialized !== 'incremental' && node.resource_type !== 'snapshot') return ''
  return node.fromScratch === null ? 'from scratch or not: unknown' : node.fromScratch ? 'from scratch' : 'incrementally'
}

function plainRead({ caller, target, resolution }: PlannedRead) {
  return { caller, target, kind: resolution.kind, relation: resolution.relation, dev: resolution.dev?.relation ?? null, prod: resolution.prod?.relation ?? null, reason: resolution.reason }
}

function plain(opened: Opened, made: Plan): unknown {
  return {
    modified: modifiedOf(opened)?.map(([id, reasons]) => ({ unique_id: id, reasons })) ?? null,
    nodes: made.nodes, ephemeral: made.ephemeral, tests: made.tests.map((test) => ({ unique_id: test.unique_id, reads: test.reads.map(plainRead) })), outside: made.outside.map(plainRead),
    missing: made.missing.map((each) => ({ ...plainRead(each), certain: each.certain })), unknown: made.unknown.map(plainRead), refused: made.refused.map((each) => ({ ...plainRead(each), message: each.resolution.message })), command_line: made.commandLine,
  }
}

function plainChange({ builds, tests, reads, missing, commandLine }: PlanChange): unknown {
  return { builds, tests, reads: reads.map(({ before, after }) => ({ before: plainRead(before), after: plainRead(after) })), missing: { more: missing.more.map(plainRead), less: missing.less.map(plainRead) }, command_line: commandLine }
}
