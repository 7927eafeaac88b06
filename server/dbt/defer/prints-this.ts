// Whether a node's own SQL prints `{{ this }}`: dbt 2's compile then defers its selected parents too (defer-verified correction 6).
// Looks at the tree, so that comments and strings don't count.

import { parseTemplate } from '../../jinja/parse.ts'

/** `owner` keeps the answer: the node. */
export function printsThis(owner: object, rawCode: string): boolean {
  const known = memo.get(owner)
  if (known !== undefined) return known
  // The word must be there for the name to be: most models are spared the parse.
  const answer = /\bthis\b/.test(rawCode) && namesThis(parseTemplate(rawCode).body)
  memo.set(owner, answer)
  return answer
}

const memo = new WeakMap<object, boolean>()

/** Any `{ kind: 'Name', name: 'this' }` below; the tree has no cycles and its depth is the parser's to limit. */
function namesThis(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(namesThis)
  if (typeof value !== 'object' || value === null) return false
  if ('kind' in value && value.kind === 'Name' && 'name' in value && value.name === 'this') return true
  return Object.values(value).some(namesThis)
}
