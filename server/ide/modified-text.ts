// Why a node is modified, in words and as differences. Every face that says it takes its text from here.

import type { ModifiedReason } from '../dbt/state/reasons.ts'
import { diffText } from '../text/line-diff.ts'

/** `.configs: tags; .body`, as the selectors that would find it; null: not modified. */
export function modifiedText(reasons: readonly ModifiedReason[]): string | null {
  const counting = reasons.filter((each) => each.counts)
  if (counting.length === 0) return null
  if (counting.some((each) => each.what === 'new')) return 'new: not in the state'
  const parts = new Map<string, Set<string>>()
  for (const each of counting) {
    const name = each.selector === null ? each.what : `.${each.selector}`
    const keys = parts.get(name) ?? new Set()
    if (each.key !== null) keys.add(each.key)
    parts.set(name, keys)
  }
  return [...parts].map(([name, keys]) => (keys.size > 0 ? `${name}: ${[...keys].join(', ')}` : name)).join('; ')
}

/** Each reason once, as Markdown: what changed, and of texts the lines that differ, `most` of them. Empty: nothing differs. */
export function reasonsText(reasons: readonly ModifiedReason[], most: number): string {
  // A new node matches each sub-selector for one and the same reason.
  const distinct = reasons.filter((each, at) => reasons.findIndex((other) => other.message === each.message) === at)
  return distinct.map((each) => [`- ${each.message}${changeOf(each)}`, ...fenced(differenceOf(each, most))].join('\n')).join('\n')
}

/** Of a text of several lines, what differs in it; seeds are compared by a hash of theirs. */
export function differenceOf({ what, old, new: now }: ModifiedReason, most: number): readonly string[] {
  return (what === 'body' || what === 'macros' || isLong(old) || isLong(now)) && old !== null && now !== null && !isHash(old) ? diffText(old, now, most) : []
}

function changeOf(reason: ModifiedReason): string {
  const { what, old, new: now, selector } = reason
  if (what === 'fqn' || what === 'new' || what === 'macros' || (old === null && now === null) || differenceOf(reason, 2).length > 0 || (selector === 'body' && what === 'body')) return ''
  return old === null ? `: \`${now ?? ''}\`` : now === null ? `: was \`${old}\`` : `: \`${old}\` → \`${now}\``
}

function fenced(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['  ```diff', ...lines.map((line) => `  ${line}`), '  ```']
}

function isLong(text: string | null): boolean {
  return text !== null && text.includes('\n')
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{32,}$/.test(text)
}
