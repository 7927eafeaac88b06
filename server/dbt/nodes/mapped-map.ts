// A map whose values are made from those of another when they are asked for.

export class MappedMap<K, C, V> implements ReadonlyMap<K, V> {
  private readonly core: ReadonlyMap<K, C>
  private readonly make: (value: C, key: K) => V
  /** `make` answers with the same value for the same entry, if that matters to anybody. */
  constructor(core: ReadonlyMap<K, C>, make: (value: C, key: K) => V) {
    this.core = core
    this.make = make
  }
  get size(): number { return this.core.size }
  get(key: K): V | undefined {
    const value = this.core.get(key)
    return value === undefined ? undefined : this.make(value, key)
  }
  has(key: K): boolean { return this.core.has(key) }
  keys(): MapIterator<K> { return this.core.keys() }
  * entries(): MapIterator<[K, V]> { for (const [key, value] of this.core) yield [key, this.make(value, key)] }
  * values(): MapIterator<V> { for (const [key, value] of this.core) yield this.make(value, key) }
  [Symbol.iterator](): MapIterator<[K, V]> { return this.entries() }
  forEach(callback: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void { for (const [key, value] of this.entries()) callback(value, key, this) }
}
