// A tree that was read from a text in which it stood elsewhere: the same nodes, so many units further on. Children are made when they are asked for,
// so that moving a whole file costs nothing until somebody looks. Only for trees without aliases: their children lie at the anchor.

import type { YamlEntry, YamlNode } from './nodes.ts'

type Collection = Exclude<YamlNode, { readonly kind: 'scalar' }>
interface Origin { readonly node: Collection; readonly delta: number }

const origins = new WeakMap<YamlNode, Origin>()

/** A collection as it was read, wherever it was moved to since: equal but for its places. Scalars are copied. */
export function originOf(node: YamlNode): YamlNode { return origins.get(node)?.node ?? node }

/** `delta` in UTF-16 units. */
export function shifted(node: YamlNode, delta: number): YamlNode {
  if (node.kind === 'scalar') return { ...node, start: node.start + delta, end: node.end + delta }
  const { node: origin, delta: before } = origins.get(node) ?? { node, delta: 0 }
  const by = before + delta
  if (by === 0) return origin
  const moved = move(origin, by)
  origins.set(moved, { node: origin, delta: by })
  return moved
}

export function shiftedEntry({ key, value }: YamlEntry, delta: number): YamlEntry { return { key: shifted(key, delta), value: shifted(value, delta) } }

function move(node: Collection, by: number): YamlNode {
  const start = node.start + by
  const end = node.end + by
  const { flow, tag, alias } = node
  if (node.kind === 'seq') {
    let items: readonly YamlNode[] | null = null
    return { kind: 'seq', get items() { return items ??= node.items.map(item => shifted(item, by)) }, flow, start, end, tag, alias }
  }
  let written: readonly YamlEntry[] | null = null
  let entries: readonly YamlEntry[] | null = null
  return {
    kind: 'map',
    get entries() { return entries ??= node.entries === node.written ? this.written : node.entries.map(entry => shiftedEntry(entry, by)) },
    get written() { return written ??= node.written.map(entry => shiftedEntry(entry, by)) },
    flow, start, end, tag, alias,
  }
}
