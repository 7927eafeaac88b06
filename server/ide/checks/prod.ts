// prod-missing: defer is on, the state does not know the node, so this ref cannot be deferred. prod-not-deferrable: ephemeral there, or here alone.

import { answerNode } from '../../dbt/defer/answer.ts'
import { relatedVia } from '../../dbt/nodes/via.ts'
import type { Problem } from '../../dbt/problem.ts'
import type { ResolvedCall, Snapshot } from '../../dbt/snapshot.ts'

/** What must be built here before the ref can be read: the node, and those above it that are neither here nor in the state. */
function needed(snapshot: Snapshot, id: string): string[] {
  const { deferring, manifest } = snapshot
  const wanted = new Set<string>()
  const visit = (each: string): void => {
    const node = manifest.nodes.get(each)
    if (!node || wanted.has(each) || (each !== id && deferring.state?.nodes.has(each))) return
    if (each !== id && answerNode(deferring, node).dev?.existence.exists === true) return
    wanted.add(each)
    for (const parent of node.depends_on.nodes) visit(parent)
  }
  visit(id)
  return [...wanted].flatMap((each) => { const node = manifest.nodes.get(each); return node && node.config.get('materialized') !== 'ephemeral' ? [node.name] : [] }).toSorted()
}

export function prodProblems(snapshot: Snapshot, calls: readonly ResolvedCall[]): readonly Problem[] {
  const { deferring } = snapshot
  if (!deferring.defer || deferring.state === null) return []
  return calls.flatMap(({ node, call, resolution }): Problem[] => {
    if (call.kind !== 'ref' || (resolution.kind !== 'dev' && resolution.kind !== 'ephemeral') || !resolution.target || !call.certain) return []
    const place = { path: call.path, ...(call.nameSpan ?? call.span) }
    const target = snapshot.manifest.nodes.get(resolution.target)
    if (resolution.reason.includes('state-ephemeral')) {
      return [{ code: 'prod-not-deferrable', severity: 'information', message: `'${target?.name ?? resolution.target}' is ephemeral in the state: dbt never defers it`, place, unique_id: node.unique_id, ...relatedVia(call) }]
    }
    if (resolution.kind === 'ephemeral') {
      // Production has a relation of it, which is not what is read.
      return resolution.prod === null ? [] : [{ code: 'prod-not-deferrable', severity: 'information', message: `'${target?.name ?? resolution.target}' is ephemeral here: dbt never defers it to ${resolution.prod.relation}`, place, unique_id: node.unique_id, ...relatedVia(call) }]
    }
    if (!resolution.reason.includes('not-in-state')) return []
    const exists = resolution.dev?.existence.exists ?? null
    if (exists === true) return []
    // A node that the same run builds first is missing nowhere.
    const name = target?.name ?? resolution.target
    const selection = needed(snapshot, resolution.target).join(' ')
    const how = `dbt build --select ${selection || name}`
    const message = `'${name}' is not in the state, so it cannot be deferred${exists === false ? `, and ${resolution.dev?.relation ?? 'its relation'} does not exist: build it first (${how})` : `: it must be built in the current target (${how})`}`
    return [{ code: 'prod-missing', severity: exists === false ? 'error' : 'warning', message, place, unique_id: node.unique_id, data: { model: name, unique_id: resolution.target, selection: selection || name, relation: resolution.dev?.relation ?? null }, ...relatedVia(call) }]
  })
}
