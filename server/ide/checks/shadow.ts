// dev-shadows-prod: a relation of the current target exists and wins, though its model is the same as in production: a leftover.

import type { Problem } from '../../dbt/problem.ts'
import { isUnmodified } from '../../dbt/state/unmodified.ts'
import type { ResolvedCall, Snapshot } from '../../dbt/snapshot.ts'
import { ageOf } from '../describe.ts'

export function shadowProblems(snapshot: Snapshot, calls: readonly ResolvedCall[]): readonly Problem[] {
  const { deferring } = snapshot
  if (!deferring.defer || deferring.favorState || deferring.state === null) return []
  return calls.flatMap(({ node, call, resolution }): Problem[] => {
    if (call.kind !== 'ref' || call.nameSpan === null || resolution.kind !== 'dev' || !resolution.target || !resolution.reason.includes('exists')) return []
    // Only what was seen is called a leftover: under `--exists all` everything would be one.
    const existence = resolution.dev?.existence
    if (!existence || existence.evidence === 'assumption') return []
    const target = snapshot.manifest.nodes.get(resolution.target)
    const state = deferring.state?.nodes.get(resolution.target)
    if (!target || !state || !isUnmodified(target, state)) return []
    const message = `${resolution.dev?.relation ?? ''} exists${existence.as_of ? ` (seen ${existence.as_of}${ageOf(existence.as_of, snapshot.now)})` : ''} and is read instead of ${resolution.prod?.relation ?? 'production'}, though '${target.name}' is unmodified: perhaps a leftover`
    return [{ code: 'dev-shadows-prod', severity: 'warning', message, place: { path: call.path, ...(call.nameSpan ?? call.span) }, unique_id: node.unique_id, data: { relation: resolution.dev?.relation ?? null, type: existence.type ?? null } }]
  })
}
