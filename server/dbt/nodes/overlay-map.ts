// A persistent map: a shared base with a few entries replaced, removed or added. Lookups cost two, a new version costs only its changes.
// Used where thousands of maps share most entries (configs) or where one edit replaces one of thousands (manifest.nodes).

const NONE: ReadonlySet<never> = new Set()

/** Order: the base's, then what was added. Neither the base nor the changes may be changed afterwards. */
export class OverlayMap<K, V> implements ReadonlyMap<K, V> {
  readonly base: ReadonlyMap<K, V>
  readonly changed: ReadonlyMap<K, V>
  readonly removed: ReadonlySet<K>
  readonly size: number

  constructor(base: ReadonlyMap<K, V>, changed: ReadonlyMap<K, V>, removed: ReadonlySet<K> = NONE) {
    this.base = base
    this.changed = changed
    this.removed = removed
    let size = base.size - removed.size
    for (const key of changed.keys()) if (!base.has(key)) size++
    this.size = size
  }

  get(key: K): V | undefined {
    const value = this.changed.get(key)
    if (value !== undefined || this.changed.has(key)) return value
    return this.removed.has(key) ? undefined : this.base.get(key)
  }

  has(key: K): boolean { return this.changed.has(key) || (!this.removed.has(key) && this.base.has(key)) }

  * entries(): MapIterator<[K, V]> {
    for (const [key, value] of this.base) {
      if (this.changed.has(key)) yield [key, this.changed.get(key) as V]
      else if (!this.removed.has(key)) yield [key, value]
    }
    for (const [key, value] of this.changed) if (!this.base.has(key)) yield [key, value]
  }

  * keys(): MapIterator<K> {
    for (const key of this.base.keys()) if (this.changed.has(key) || !this.removed.has(key)) yield key
    for (const key of this.changed.keys()) if (!this.base.has(key)) yield key
  }
  * values(): MapIterator<V> { for (const [, value] of this.entries()) yield value }
  [Symbol.iterator](): MapIterator<[K, V]> { return this.entries() }
  forEach(callback: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this)
  }
}

/** How many replaced entries an overlay may gather before it is written out again. */
const LIMIT = 512

/** `map` with `changes`; an undefined value removes. A removed and re-added key keeps its place, as in Python's dict it would not: callers only replace or drop. */
export function withChanges<K, V>(map: ReadonlyMap<K, V>, changes: ReadonlyMap<K, V | undefined>): ReadonlyMap<K, V> {
  if (!changes.size) return map
  const base = map instanceof OverlayMap ? map.base as ReadonlyMap<K, V> : map
  const changed = new Map<K, V>(map instanceof OverlayMap ? map.changed as ReadonlyMap<K, V> : [])
  const removed = new Set<K>(map instanceof OverlayMap ? map.removed as ReadonlySet<K> : [])
  for (const [key, value] of changes) {
    if (value === undefined) {
      changed.delete(key)
      if (base.has(key)) removed.add(key)
    } else {
      changed.set(key, value)
      removed.delete(key)
    }
  }
  const overlay = new OverlayMap(base, changed, removed)
  return changed.size + removed.size > LIMIT ? new Map(overlay) : overlay
}
