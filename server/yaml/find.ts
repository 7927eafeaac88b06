// Questions about a YAML tree: the value of a key, the node at an offset, a node's place.

import type { YamlDocument, YamlEntry, YamlMap, YamlNode } from './nodes.ts'

/** The value under a string key; undefined for a node that is no mapping or has no such key. */
export function mapGet(node: YamlNode | null | undefined, key: string): YamlNode | undefined {
  return mapEntry(node, key)?.value
}

/** The entry under a string key, as Python's dict would have it. */
function mapEntry(node: YamlNode | null | undefined, key: string): YamlEntry | undefined {
  if (node?.kind !== 'map') return undefined
  for (const entry of node.entries) if (entry.key.kind === 'scalar' && entry.key.value === key) return entry
  return undefined
}

/** The text of a scalar whose value is a string; undefined for all else. */
export function stringValue(node: YamlNode | null | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
}

/** The items of a list; none for all else. */
export function seqItems(node: YamlNode | null | undefined): readonly YamlNode[] {
  return node?.kind === 'seq' ? node.items : []
}

/** One step of the way to an offset: through an entry of a mapping (`key`: its text) or an item of a list (`index`). */
export type YamlStep =
  | { readonly kind: 'key'; readonly key: string; readonly entry: YamlEntry; readonly map: YamlMap; readonly on: 'key' | 'value' }
  | { readonly kind: 'item'; readonly index: number; readonly node: YamlNode }

export interface YamlPlace {
  /** From the root inwards. */
  readonly path: readonly YamlStep[]
  /** The innermost node that holds the offset (its end included, for completion at the end of a word); null outside all. */
  readonly node: YamlNode | null
}

/** The way to the node at a UTF-16 offset. Children behind an alias are not at the alias, so the way ends there. */
export function nodeAt(document: YamlDocument, offset: number): YamlPlace {
  const path: YamlStep[] = []
  let node = document.root !== null && holds(document.root, offset) ? document.root : null
  for (let inner = node; inner !== null;) {
    node = inner
    inner = step(inner, offset, path)
  }
  return { path, node }
}

function step(node: YamlNode, offset: number, path: YamlStep[]): YamlNode | null {
  if (node.alias !== null || node.kind === 'scalar') return null
  if (node.kind === 'seq') {
    const index = lastStarting(node.items, offset, item => item.start)
    const item = node.items[index]
    if (item === undefined || !holds(item, offset)) return null
    path.push({ kind: 'item', index, node: item })
    return item
  }
  const entry = node.written[lastStarting(node.written, offset, entry => entry.key.start)]
  if (entry === undefined || offset > Math.max(entry.key.end, entry.value.end)) return null
  const on = holds(entry.key, offset) ? 'key' : 'value'
  path.push({ kind: 'key', key: entry.key.kind === 'scalar' ? entry.key.text : '', entry, map: node, on })
  if (on === 'key') return entry.key
  return holds(entry.value, offset) ? entry.value : null
}

function holds(node: YamlNode, offset: number): boolean {
  return node.start <= offset && offset <= node.end
}

/** The index of the last one that starts at or before the offset; -1 when none does. */
function lastStarting<T>(things: readonly T[], offset: number, startOf: (thing: T) => number): number {
  let low = -1
  let high = things.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (startOf(things[middle]!) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
