// prod-missing: defer is on, the state does not know the node, so this ref cannot be deferred. prod-not-deferrable: ephemeral there.

import type { Problem } from '../../dbt/problem.ts'
import type { ResolvedCall, Snapshot } from '../../dbt/snapshot.ts'

export function prodProblems(snapshot: Snapshot, calls: readonly ResolvedCall[]): readonly Problem[] {
  const { deferring } = snapshot
  if (!deferring.defer || deferring.state === null) return []
  return calls.flatMap(({ node, call, resolution }): Problem[] => {
    if (call.kind !== 'ref' || resolution.kind !== 'dev' || !resolution.target || !call.certain) return []
    const place = { path: call.path, ...(call.nameSpan ?? call.span) }
    const target = snapshot.manifest.nodes.get(resolution.target)
    if (resolution.reason.includes('state-ephemeral')) {
      return [{ code: 'prod-not-deferrable', severity: 'information', message: `'${target?.name ?? resolution.target}' is ephemeral in the state: dbt never defers it`, place, unique_id: node.unique_id }]
    }
    if (!resolution.reason.includes('not-in-state')) return []
    const exists = resolution.dev?.existence.exists ?? null
    if (exists === true) return []
    // A node that the same run builds first is missing nowhere.
    const name = target?.name ?? resolution.target
    const message = `'${name}' is not in the state, so it cannot be deferred${exists === false ? `, and ${resolution.dev?.relation ?? 'its relation'} does not exist: build it first` : ': it must be built in the current target'}`
    return [{ code: 'prod-missing', severity: exists === false ? 'error' : 'warning', message, place, unique_id: node.unique_id, data: { model: name, unique_id: resolution.target, relation: resolution.dev?.relation ?? null } }]
  })
}
