// The doors to resolve.ts for everybody above: the answer for a call of a node, for a call written in a file that is no node (yet),
// and for a node as a plain ref to it would read it. Looks names up with graph/, adds dbt's error texts; decides nothing about deferral.

import { strOf } from '../../jinja/repr.ts'
import type { Found } from '../graph/lookup.ts'
import { ambiguousRef, targetNotFound } from '../graph/messages.ts'
import { refOf, refusedRef, resolveCall as findTarget } from '../graph/resolve-edges.ts'
import type { ManifestNode, OtherResource, ResourceCall } from '../nodes/types.ts'
import { resolveCall } from './resolve.ts'
import type { CallTarget, Caller, DeferWorld, Resolution } from './types.ts'

export function answerCall(world: DeferWorld, node: ManifestNode | OtherResource, call: ResourceCall): Resolution {
  return answer(world, node, call)
}

/** A call in a file of `packageName` that no evaluation has reached: resolved as a model of that package would be, access not checked. */
export function answerLiteral(world: DeferWorld, packageName: string, call: ResourceCall): Resolution {
  return answer(world, { unique_id: '', name: '', original_file_path: call.path, resource_type: 'sql_operation', package_name: packageName, group: null, depends_on: { nodes: [], macros: [] } }, call)
}

/** What `ref()` of this very node would read from a node that is no part of it; a version counts as named. */
export function answerNode(world: DeferWorld, node: ManifestNode): Resolution {
  const how = node.resource_type === 'function' ? 'function' : 'ref'
  return resolveCall(world, { how, caller: node, target: { kind: 'found', unique_id: node.unique_id }, unpinned: false, name: node.name, package: node.package_name })
}

function answer(world: DeferWorld, caller: Caller, call: ResourceCall): Resolution {
  const target = targetOf(world, caller, call)
  if (call.kind === 'metric' && target.kind === 'found') {
    return { kind: 'dev', target: target.unique_id, relation: null, reads: null, dev: null, prod: null, reason: ['metric'], message: 'names a metric; metrics have no relation' }
  }
  const { name, package: packageName, version } = refOf(call)
  return resolveCall(world, { how: call.foreignKey === true ? 'foreign-key' : call.kind === 'metric' ? 'ref' : call.kind, caller, target, unpinned: version === null, name, package: packageName })
}

function targetOf(world: DeferWorld, caller: Caller, call: ResourceCall): CallTarget {
  const { project, manifest } = world
  if (call.invalid !== null) return { kind: 'invalid', unique_id: null, message: call.invalid }
  const found = findTarget(project, manifest, caller.package_name, call)
  switch (found.kind) {
    case 'found': {
      const refusal = call.kind === 'ref' ? refusedRef(project, manifest, caller, found.unique_id) : null
      return refusal === null ? found : { kind: 'forbidden', unique_id: found.unique_id, message: refusal }
    }
    case 'ambiguous': return { kind: 'ambiguous', unique_id: null, message: ambiguousRef(found.key, found.ids) }
    default: return { kind: found.kind, unique_id: found.kind === 'disabled' ? found.unique_id : null, message: notFound(caller, call, found) }
  }
}

/** TargetNotFoundError; where there is no node yet, the part that doesn't name it. */
function notFound(caller: Caller, call: ResourceCall, found: Found): string {
  const { name, package: packageName, version } = refOf(call)
  const disabled = found.kind === 'disabled'
  const target = call.kind === 'source'
    ? { kind: 'source', name: `${call.args[0] ?? ''}.${call.args[1] ?? ''}`, package: null, version: null, disabled } as const
    : { kind: call.kind === 'ref' ? 'node' : call.kind, name, package: packageName, version: version === null ? null : strOf(version), disabled } as const
  const message = targetNotFound(caller, target)
  return caller.unique_id === '' ? message.slice(message.indexOf('depends on')) : message
}
