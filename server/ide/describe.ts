// Resolutions in words. Every feature that says where a call reads takes its sentences from here, so that they can only agree.

import type { Existence, Resolution } from '../dbt/defer/types.ts'

/** `→ prod.core.stg_orders`, short enough for an inlay hint; null where there is nothing to show. */
export function hintOf(resolution: Resolution): string | null {
  switch (resolution.kind) {
    case 'dev': return `→ ${bare(resolution.relation ?? '')}`
    case 'prod': return `→ ${bare(resolution.relation ?? '')} (prod)`
    case 'ephemeral': return '→ inlined'
    case 'source':
    case 'function': return `→ ${bare(resolution.relation ?? '')}`
    case 'unknown': return `→ ? ${candidates(resolution).map(bare).join(' or ')}`
    case 'missing': case 'disabled': case 'ambiguous': case 'forbidden': case 'invalid': return null
  }
}

/** One line: what kind of answer it is. */
export function headlineOf(resolution: Resolution): string {
  switch (resolution.kind) {
    case 'dev': return resolution.target?.startsWith('metric.') ? 'a metric' : resolution.reason.includes('upstream') ? 'reads another project' : 'reads the current target'
    case 'prod': return 'reads production, deferred'
    case 'ephemeral': return 'inlined as a CTE'
    case 'source': return 'a source, never deferred'
    case 'function': return 'a function of the current target'
    case 'unknown': return 'unknown'
    case 'missing': case 'disabled': case 'ambiguous': case 'forbidden': case 'invalid': return resolution.message
  }
}

/** Why, in one clause: `it does not exist in the current target`; empty where the headline says it all. Evidence and its age stand in the facts. */
export function becauseOf(resolution: Resolution): string {
  if (resolution.kind !== 'dev' && resolution.kind !== 'prod' && resolution.kind !== 'ephemeral' && resolution.kind !== 'unknown') return ''
  const at = resolution.message.indexOf(': ')
  return at < 0 ? '' : resolution.message.slice(at + 2).replaceAll(/ \((?:warehouse|listing|run results|catalog|assumed)[^)]*\)/g, '')
}

/** The facts behind the answer, a line each: both candidates and what is known of them. */
export function factsOf(resolution: Resolution, now: string): string[] {
  const lines: string[] = []
  if (resolution.dev && resolution.kind !== 'ephemeral') lines.push(`dev: \`${resolution.dev.relation}\`, ${existenceOf(resolution.dev.existence, now)}`)
  if (resolution.prod) {
    const { state } = resolution.prod
    lines.push(`prod: \`${resolution.prod.relation}\`, from ${state.directory}${state.generated_at ? `, generated ${moment(state.generated_at)}${ageOf(state.generated_at, now)}` : ''}`)
  }
  return lines
}

function existenceOf(existence: Existence, now: string): string {
  const where = EVIDENCE[existence.evidence]
  const when = existence.as_of ? `, seen ${moment(existence.as_of)}${ageOf(existence.as_of, now)}` : ''
  if (existence.exists === null) return existence.evidence === 'none' ? 'not known whether it exists' : `not known whether it exists (${where}${when})`
  return `${existence.exists ? 'exists' : 'does not exist'} (${where}${when})`
}

/** `2026-01-02 03:04 UTC`; what is no ISO moment as it is. */
function moment(iso: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*(?:Z|\+00:00)$/.exec(iso)
  return parts ? `${parts[1] ?? ''} ${parts[2] ?? ''} UTC` : iso
}

/** ` (3 days ago)`, from two ISO moments; empty when either cannot be read. */
export function ageOf(then: string, now: string): string {
  const age = ageText(then, now)
  return age ? ` (${age} ago)` : ''
}

export function ageText(then: string, now: string): string | null {
  const seconds = (Date.parse(now) - Date.parse(then)) / 1000
  if (!Number.isFinite(seconds)) return null
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} days`
}

/** Without quote characters: for hints, where room is short. */
export function bare(relation: string): string {
  return relation.replaceAll(/["`[\]]/g, '')
}

export function candidates(resolution: Resolution): string[] {
  return [resolution.dev?.relation, resolution.prod?.relation].flatMap((each) => (each ? [each] : []))
}

const EVIDENCE: Record<Existence['evidence'], string> = {
  warehouse: 'warehouse file', listing: 'listing', 'run-results': "the target's run results", catalog: "the target's catalog", assumption: 'as assumed', none: 'no evidence',
}
