// A plan and what changes in it, as Markdown that reads well unrendered: pull requests, editors. Only words and order; the facts are planned.ts's.

import type { Plan, PlannedNode, PlannedRead } from '../dbt/defer/plan.ts'
import { isUnchanged, type PlanChange } from '../dbt/defer/plan-change.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import { becauseOf, candidates } from './describe.ts'
import { differenceOf, modifiedText } from './modified-text.ts'

/** Rows of one list; the rest is a number. */
const MOST = 50

export function planMarkdown(snapshot: Snapshot, plan: Plan): string {
  const modified = [...snapshot.comparison()?.all() ?? []].flatMap(([id, reasons]) => { const text = modifiedText(reasons); return text === null ? [] : [`\`${id}\`: ${text}`] })
  const risky = riskyOf(snapshot, plan)
  const outside = plan.outside.filter(({ resolution }) => resolution.kind !== 'ephemeral' && resolution.kind !== 'source')
  return [
    `### ${plan.nodes.length} built, ${plan.tests.length} tests, ${countOf(outside, 'prod')} deferred, ${plan.missing.length} missing, ${plan.unknown.length} unknown${plan.refused.length > 0 ? `, **${plan.refused.length} refused**` : ''}`,
    '',
    `\`${plan.commandLine}\``,
    section('Refused: dbt runs nothing until these are mended', plan.refused.map(({ caller, resolution }) => `\`${caller}\`: ${resolution.message}`)),
    section('Modified, and why', modified),
    differences(snapshot),
    section('Missing', plan.missing.map((each) => `${readText(each)} (${each.certain ? 'is missing' : 'perhaps missing'})`)),
    section('Risky', risky),
    section('Built, in this order', plan.nodes.map(nodeText)),
    section('Read from outside', outside.map(readText)),
    section('Tests and what they read', plan.tests.map((test) => `\`${test.unique_id}\`: ${test.reads.map(({ resolution }) => `${resolution.kind} ${shown(resolution)}`).join(', ') || 'nothing'}`)),
    section('Inlined', plan.ephemeral.map((id) => `\`${id}\``)),
    costText(plan),
  ].filter((each) => each !== null).join('\n').trimEnd() + '\n'
}

/** Nodes whose differences are shown, and lines of each. */
const [MOST_SHOWN, MOST_LINES] = [20, 24]

/** What changed in the texts of modified nodes and of the macros behind them, as diffs. */
function differences(snapshot: Snapshot): string | null {
  const blocks = new Map<string, readonly string[]>()
  for (const [id, reasons] of snapshot.comparison()?.all() ?? []) {
    if (!reasons.some(({ counts }) => counts)) continue
    for (const each of reasons) {
      const lines = differenceOf(each, MOST_LINES)
      // One changed macro may reach a hundred models.
      if (lines.length > 0) blocks.set(each.what === 'body' ? id : each.what === 'macros' ? each.key ?? id : `${id}, ${each.key ?? each.what}`, lines)
    }
  }
  if (blocks.size === 0) return null
  const shown = [...blocks].slice(0, MOST_SHOWN).map(([name, lines]) => `\`${name}\`\n\`\`\`diff\n${lines.join('\n')}\n\`\`\``)
  return `\n**Differences** (${blocks.size})\n\n${shown.join('\n\n')}${blocks.size > MOST_SHOWN ? `\n\nand ${blocks.size - MOST_SHOWN} more` : ''}`
}

/** What to look at twice: full refreshes, replaced relations, what hangs on the unknown, troubles of the state. */
function riskyOf(snapshot: Snapshot, plan: Plan): string[] {
  return [
    ...snapshot.problems.filter((each) => each.severity !== 'information').map((each) => `${each.message.split('\n')[0] ?? ''} (${each.code})`),
    ...plan.nodes.filter((node) => node.replaces !== null).map((node) => `\`${node.unique_id}\` is a ${node.replaces ?? ''} now and will be dropped for a ${node.materialized ?? ''}`),
    ...plan.nodes.filter((node) => node.fromScratch === true && (node.materialized === 'incremental' || node.resource_type === 'snapshot')).map((node) => `\`${node.unique_id}\` is built from scratch`),
    ...plan.unknown.map((read) => `${readText(read)}`),
    ...(snapshot.comparison()?.answers.warnings('modified') ?? []).map((each) => each.trim().split('\n')[0] ?? ''),
  ]
}

export function changeMarkdown(change: PlanChange, assumed: string): string {
  if (isUnchanged(change)) return `### ${assumed}: nothing changes\n`
  return [
    `### ${assumed}`,
    '',
    `\`${change.commandLine}\``,
    section('Built as well', change.builds.more.map(nodeText)),
    section('No longer built', change.builds.less.map(nodeText)),
    section('Read elsewhere', change.reads.map(({ before, after }) => `\`${after.caller}\` → \`${after.target ?? ''}\`: ${before.resolution.kind} ${shown(before.resolution)} → ${after.resolution.kind} ${shown(after.resolution)}`)),
    section('Missing then', change.missing.more.map(readText)),
    section('No longer missing', change.missing.less.map(readText)),
    section('Tested as well', change.tests.more.map((id) => `\`${id}\``)),
    section('No longer tested', change.tests.less.map((id) => `\`${id}\``)),
  ].filter((each) => each !== null).join('\n').trimEnd() + '\n'
}

function nodeText(node: PlannedNode): string {
  const notes = [
    node.materialized ?? node.resource_type, node.materialized === 'incremental' || node.resource_type === 'snapshot' ? (node.fromScratch === null ? 'from scratch or not: unknown' : node.fromScratch ? 'from scratch' : 'incrementally') : null,
    node.replaces === null ? null : `replaces a ${node.replaces}`, node.seconds === null ? null : `${node.seconds.toFixed(1)} s in production`, node.bytes === null ? null : `${bytesText(node.bytes)} in production`,
  ].filter((each) => each !== null)
  return `\`${node.unique_id}\` → ${node.relation ?? ''} (${notes.join(', ')})`
}

function readText({ caller, target, resolution }: PlannedRead): string {
  const why = becauseOf(resolution)
  return `\`${caller}\` reads \`${target ?? ''}\`: ${resolution.kind} ${shown(resolution)}${why ? `, ${why}` : ''}`
}

function shown(resolution: PlannedRead['resolution']): string {
  return resolution.relation ?? (resolution.kind === 'unknown' ? candidates(resolution).join(' or ') : resolution.message)
}

function section(title: string, rows: readonly string[]): string | null {
  if (rows.length === 0) return null
  return `\n**${title}** (${rows.length})\n${rows.slice(0, MOST).map((row) => `- ${row}`).join('\n')}${rows.length > MOST ? `\n- and ${rows.length - MOST} more` : ''}`
}

function costText(plan: Plan): string | null {
  const seconds = plan.nodes.flatMap((node) => node.seconds ?? [])
  const bytes = plan.nodes.flatMap((node) => node.bytes ?? [])
  if (seconds.length === 0) return null
  return `\nIn production ${seconds.length} of these ${plan.nodes.length} took ${seconds.reduce((sum, each) => sum + each, 0).toFixed(1)} s${bytes.length > 0 ? ` and read ${bytesText(bytes.reduce((sum, each) => sum + each, 0))}` : ''}.`
}

export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ''}`
}

function countOf(reads: readonly PlannedRead[], kind: string): number {
  return reads.filter(({ resolution }) => resolution.kind === kind).length
}
