// `plan`: what a dbt command would do with the selection: what it builds, what every outside ref reads, what is missing, and the command line.

import { planOf, type Plan, type PlannedRead } from '../dbt/defer/plan.ts'
import { selectionOf } from '../dbt/assemble.ts'
import { graphOf } from '../dbt/snapshot.ts'
import { candidates } from '../ide/describe.ts'
import { CommandFailure, styled, table, type Io } from './io.ts'
import { refuseUnreadable, showNotes, type Opened } from './open.ts'
import type { Parsed } from './options.ts'

export function plan(opened: Opened, parsed: Parsed, io: Io): number {
  refuseUnreadable(opened, false)
  showNotes(opened, io)
  const output = parsed.values.get('output') ?? 'text'
  if (output !== 'text' && output !== 'json') throw new CommandFailure(`--output of plan must be text or json, not ${output}`)
  const made = planFor(opened, parsed)
  io.out(output === 'json' ? `${JSON.stringify(plain(made), null, 2)}\n` : textOf(made, io))
  return 0
}

function planFor(opened: Opened, parsed: Parsed): Plan {
  const { snapshot, inputs } = opened
  const selection = selectionOf(snapshot, inputs)
  if (selection.error !== null) throw new CommandFailure(selection.error)
  return planOf(snapshot.deferring, {
    selected: selection.ids, command: inputs.request.command, edges: graphOf(snapshot), fullRefresh: snapshot.project.flags.fullRefresh.value, production: inputs.evidence.production.results, shownOptions: shownOptions(parsed),
  })
}

/** The user's own options, as dbt takes them. Deferral is added by the plan. */
function shownOptions(parsed: Parsed): string[] {
  const shown: string[] = []
  for (const name of ['select', 'exclude']) for (const [index, word] of (parsed.lists.get(name) ?? []).entries()) shown.push(...(index === 0 ? [`--${name}`] : []), quoted(word))
  for (const name of ['selector', 'target', 'profile', 'profiles-dir', 'project-dir', 'vars']) { const value = parsed.values.get(name); if (value !== undefined) shown.push(`--${name}`, quoted(value)) }
  if (parsed.switches.get('full-refresh')) shown.push('--full-refresh')
  return shown
}

function quoted(word: string): string {
  return /^[\w@+.:,/*=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function textOf(made: Plan, io: Io): string {
  const section = (title: string, rows: readonly (readonly string[])[], none: string) => `${styled(io, 'bold', title)}${rows.length === 0 ? ` ${none}` : ''}\n${rows.length === 0 ? '' : `${table(rows.map((row) => [{ text: ' ' }, ...row.map((text) => ({ text }))]))}\n`}`
  const read = ({ caller, target, resolution }: PlannedRead) => [caller, target ?? '', resolution.kind, resolution.relation ?? (resolution.kind === 'unknown' ? candidates(resolution).join(' or ') : resolution.message)]
  const outside = made.outside.filter(({ resolution }) => resolution.kind !== 'ephemeral' && resolution.kind !== 'source')
  return [
    section(`builds ${made.nodes.length}`, made.nodes.map((node) => [node.unique_id, node.materialized ?? node.resource_type, node.relation ?? '', scratch(node), node.seconds === null ? '' : `${node.seconds.toFixed(1)} s in production`]), ''),
    section(`inlines ${made.ephemeral.length}`, made.ephemeral.map((id) => [id]), ''),
    section(`tests ${made.tests.length}`, made.tests.map((id) => [id]), ''),
    section(`reads from outside ${outside.length}`, outside.map(read), ''),
    section(`missing ${made.missing.length}`, made.missing.map((each) => [...read(each), each.certain ? 'is missing' : 'perhaps missing']), ''),
    section(`unknown ${made.unknown.length}`, made.unknown.map(read), ''),
    `\n${made.commandLine}\n`,
  ].join('')
}

/** Worth a word only for what is normally built upon: incremental models and snapshots. */
function scratch(node: Plan['nodes'][number]): string {
  if (node.materialized !== 'incremental' && node.resource_type !== 'snapshot') return ''
  return node.fromScratch === null ? 'from scratch or not: unknown' : node.fromScratch ? 'from scratch' : 'incrementally'
}

function plain(made: Plan): unknown {
  const read = ({ caller, target, resolution }: PlannedRead) => ({ caller, target, kind: resolution.kind, relation: resolution.relation, dev: resolution.dev?.relation ?? null, prod: resolution.prod?.relation ?? null, reason: resolution.reason })
  return { nodes: made.nodes, ephemeral: made.ephemeral, tests: made.tests, outside: made.outside.map(read), missing: made.missing.map((each) => ({ ...read(each), certain: each.certain })), unknown: made.unknown.map(read), command_line: made.commandLine }
}
