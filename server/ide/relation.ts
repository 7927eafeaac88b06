// The relation that a plain ref of a node would read now, in a few words: for completion details, symbols and copying.

import type { ManifestNode } from '../dbt/nodes/types.ts'
import { answerNode } from '../dbt/defer/answer.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import { bare, candidates } from './describe.ts'

export function resolvedRelation(snapshot: Snapshot, node: ManifestNode): string {
  const resolution = answerNode(snapshot.deferring, node)
  if (resolution.kind === 'ephemeral') return 'inlined'
  return resolution.relation === null ? candidates(resolution).map(bare).join(' or ') : bare(resolution.relation)
}
