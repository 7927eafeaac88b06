// What production and the current target hold, beyond names: a deferred relation that is not there or cannot be reached, a last production run
// that failed or is old, a dev relation older than its model. Each only where evidence says so; nothing here is guessed.

import { PyDict, PyList } from '../../jinja/value.ts'
import { existenceOf } from '../../dbt/defer/existence.ts'
import { policyOf } from '../../dbt/defer/render.ts'
import type { RelationRead } from '../../dbt/defer/types.ts'
import { relatedVia } from '../../dbt/nodes/via.ts'
import type { Problem } from '../../dbt/problem.ts'
import type { Project } from '../../dbt/project/types.ts'
import type { ResolvedCall, Snapshot } from '../../dbt/snapshot.ts'
import { ageOf } from '../describe.ts'

export function productionProblems(snapshot: Snapshot, calls: readonly ResolvedCall[]): readonly Problem[] {
  if (!snapshot.deferring.defer || snapshot.deferring.state === null) return []
  return calls.flatMap((each): Problem[] => {
    const { call, resolution } = each
    if (call.kind === 'source') return staleSource(snapshot, each)
    if (call.kind !== 'ref' || resolution.target === null) return []
    if (resolution.kind === 'prod') return [...notThere(snapshot, each), ...staleModel(snapshot, each)]
    return resolution.kind === 'dev' ? outdated(snapshot, each) : []
  })
}

/** The state names it, the warehouse that was listed has not got it; or (DuckDB) its database is not attached. */
function notThere(snapshot: Snapshot, each: ResolvedCall): Problem[] {
  const { listing, project } = snapshot
  const { reads, target } = each.resolution
  if (reads === null || listing.kind !== 'list' || listing.evidence !== 'warehouse' || listing.databases === undefined || reads.database === null) return []
  const name = snapshot.manifest.nodes.get(target ?? '')?.name ?? ''
  if (!among(listing.databases, reads.database)) {
    if (project.target?.type !== 'duckdb' || attached(project, reads.database)) return []
    const { relation } = each.resolution
    return [problem(each, 'prod-unreachable', 'warning', `${relation} is in the database ${reads.database}, which this target neither is nor attaches: dbt will not be able to read it`, { relation, model: name })]
  }
  const existence = existenceOf(listing, project.adapter, policyOf(project, reads), reads as RelationRead)
  if ('kind' in existence || existence.exists !== false) return []
  const { relation } = each.resolution
  return [problem(each, 'prod-relation-missing', 'warning', `The state has ${relation}, but it was not in the warehouse${listing.as_of ? ` (seen ${listing.as_of}${ageOf(listing.as_of, snapshot.now)})` : ''}: dropped or renamed since, or never built`, { relation, model: name, unique_id: target })]
}

function among(databases: ReadonlySet<string>, name: string): boolean {
  return Array.from(databases).some((each) => each.toLowerCase() === name.toLowerCase())
}

/** `attach:` of the profile, by alias or by the file's name. */
function attached({ target }: Project, database: string): boolean {
  const attach = target?.context.get('attach')
  if (!(attach instanceof PyList)) return false
  return attach.items.some((item) => {
    if (!(item instanceof PyDict)) return false
    const [alias, file] = [item.get('alias'), item.get('path')]
    const name = typeof alias === 'string' ? alias : typeof file === 'string' ? file.split(/[\\/]/).at(-1)?.split('.')[0] ?? '' : ''
    return name.toLowerCase() === database.toLowerCase()
  })
}

const FAILED: ReadonlySet<string> = new Set(['error', 'fail', 'skipped', 'runtime error', 'partial success'])

/** run_results.json beside the state: the last production run did not build it, or built it long ago. */
function staleModel(snapshot: Snapshot, each: ResolvedCall): Problem[] {
  const { production } = snapshot.evidence
  const result = production.results.get(each.resolution.target ?? '')
  if (!result) return []
  const name = snapshot.manifest.nodes.get(result.unique_id)?.name ?? result.unique_id
  const when = result.completed_at ?? production.generated_at
  const said = when === null ? '' : ` (${when}${ageOf(when, snapshot.now)})`
  if (FAILED.has(result.status)) return [problem(each, 'prod-stale', 'warning', `The last production run did not build '${name}'${said}: ${result.status}${result.message ? `, ${firstLine(result.message)}` : ''}. Its relation holds older data`, { model: name, unique_id: result.unique_id })]
  return old(snapshot, when) ? [problem(each, 'prod-stale', 'information', `'${name}' was last built in production${said}`, { model: name, unique_id: result.unique_id })] : []
}

/** sources.json beside the state: production's own freshness check. */
function staleSource(snapshot: Snapshot, each: ResolvedCall): Problem[] {
  const found = snapshot.evidence.production.freshness.get(each.resolution.target ?? '')
  if (!found || found.status === 'pass' || found.status === '') return []
  return [problem(each, 'source-stale', found.status === 'warn' ? 'information' : 'warning', `Production's freshness check of this source said ${found.status}${found.max_loaded_at === null ? '' : `: loaded ${found.max_loaded_at}${ageOf(found.max_loaded_at, snapshot.now)}`}`, { unique_id: each.resolution.target })]
}

/** The current target's last run built it before its file was changed: what is read is an older version of the model. */
function outdated(snapshot: Snapshot, each: ResolvedCall): Problem[] {
  const { target } = each.resolution
  const found = snapshot.evidence.built.get(target ?? '')
  if (!found || found.changed === null || each.resolution.dev?.existence.exists !== true || Date.parse(found.built) >= Date.parse(found.changed)) return []
  const name = snapshot.manifest.nodes.get(target ?? '')?.name ?? ''
  const { relation } = each.resolution
  return [problem(each, 'dev-outdated', 'information', `${relation ?? ''} was built ${found.built}, before '${name}' changed (${found.changed}): perhaps of another branch`, { relation, model: name, unique_id: target })]
}

function old(snapshot: Snapshot, when: string | null): boolean {
  const age = when === null ? Number.NaN : Date.parse(snapshot.now) - Date.parse(when)
  return age >= snapshot.staleAfterDays * 86_400_000
}

function problem({ node, call }: ResolvedCall, code: string, severity: Problem['severity'], message: string, data: NonNullable<Problem['data']>): Problem {
  return { code, severity, message, place: { path: call.path, ...(call.nameSpan ?? call.span) }, unique_id: node.unique_id, data, ...relatedVia(call) }
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? ''
}
