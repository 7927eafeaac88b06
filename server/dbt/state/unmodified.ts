// A quick "the same as in the state?" for one node, macros and rules aside: enough to call a leftover relation a leftover.
// `state:modified` itself is modified.ts; when in doubt this says false, so that nothing is called a leftover wrongly.

import { PyDict, PyList } from '../../jinja/value.ts'
import type { ManifestNode } from '../nodes/types.ts'
import { sameValue } from './compare-values.ts'
import { fieldsOf } from './open.ts'
import type { StateNode } from './types.ts'

export function isUnmodified(node: ManifestNode, state: StateNode): boolean {
  const { fields } = state
  const checksum = fields.get('checksum')
  const sameText = node.resource_type === 'seed'
    ? node.checksum.name === 'sha256' && checksum instanceof PyDict && checksum.get('checksum') === node.checksum.checksum
    : fields.get('raw_code') === node.raw_code
  const unrendered = fields.get('unrendered_config')
  const before = unrendered instanceof PyDict ? fieldsOf(unrendered) : new Map()
  const sameConfig = before.size === node.unrendered_config.size && Array.from(before).every(([key, value]) => sameValue(value, node.unrendered_config.get(key)))
  const fqn = fields.get('fqn')
  return sameText && sameConfig && fqn instanceof PyList && fqn.items.length === node.fqn.length && fqn.items.every((part, i) => part === node.fqn[i])
}
