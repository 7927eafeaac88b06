// Finding a node by its path of keys and indexes. The tree alone; no value is made.

import type { YamlNode } from './nodes.ts'

/** Indexes are bigint, keys texts; null when there is no such node. */
export function nodeAt(node: YamlNode, path: readonly (string | bigint)[]): YamlNode | null {
  let at: YamlNode | null = node
  for (const step of path) {
    if (at?.kind === 'map') at = keyed(at, step)?.value ?? null
    else if (at?.kind === 'seq' && typeof step === 'bigint') at = at.items[Number(step)] ?? null
    else return null
  }
  return at
}

/** The key of the entry that the path ends in; null when it is none. */
export function keyAt(node: YamlNode, path: readonly (string | bigint)[]): YamlNode | null {
  const parent = nodeAt(node, path.slice(0, -1))
  const last = path.at(-1)
  return parent?.kind === 'map' && last !== undefined ? keyed(parent, last)?.key ?? null : null
}

function keyed(map: Extract<YamlNode, { kind: 'map' }>, key: string | bigint): { readonly key: YamlNode; readonly value: YamlNode } | undefined {
  return map.entries.find((entry) => entry.key.kind === 'scalar' && entry.key.value === key)
}
