// Maps that are made when something is first asked of them: value by value (LazyMap), or all at once (DeferredMap). Nothing is ever changed.

export class LazyMap<V> implements ReadonlyMap<string, V> {
  private readonly names: readonly string[]
  private readonly make: (index: number, key: string) => V
  private readonly made: (V | undefined)[] = []
  private index: Map<string, number> | null = null

  /** `names`: each once. `make` answers for the place of a name among them. */
  constructor(names: readonly string[], make: (index: number, key: string) => V) {
    this.names = names
    this.make = make
  }

  get size(): number { return this.names.length }

  private places(): Map<string, number> {
    return this.index ??= new Map(this.names.map((name, index) => [name, index]))
  }

  private at(index: number, key: string): V {
    const known = this.made[index]
    if (known !== undefined) return known
    const value = this.make(index, key)
    this.made[index] = value
    return value
  }

  get(key: string): V | undefined {
    const index = this.places().get(key)
    return index === undefined ? undefined : this.at(index, key)
  }

  has(key: string): boolean { return this.places().has(key) }

  * entries(): MapIterator<[string, V]> {
    for (const [index, name] of this.names.entries()) yield [name, this.at(index, name)]
  }

  keys(): MapIterator<string> { return this.names.values() }
  * values(): MapIterator<V> { for (const [index, name] of this.names.entries()) yield this.at(index, name) }
  [Symbol.iterator](): MapIterator<[string, V]> { return this.entries() }
  forEach(callback: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [index, name] of this.names.entries()) callback(this.at(index, name), name, this)
  }
}

/** A whole map made at the first question. */
export class DeferredMap<V> implements ReadonlyMap<string, V> {
  private make: (() => ReadonlyMap<string, V>) | null
  private known: ReadonlyMap<string, V> | null = null
  constructor(make: () => ReadonlyMap<string, V>) { this.make = make }

  private map(): ReadonlyMap<string, V> {
    if (this.known === null) {
      this.known = this.make?.() ?? new Map()
      this.make = null
    }
    return this.known
  }

  get size(): number { return this.map().size }
  get(key: string): V | undefined { return this.map().get(key) }
  has(key: string): boolean { return this.map().has(key) }
  entries(): MapIterator<[string, V]> { return this.map().entries() }
  keys(): MapIterator<string> { return this.map().keys() }
  values(): MapIterator<V> { return this.map().values() }
  [Symbol.iterator](): MapIterator<[string, V]> { return this.map().entries() }
  forEach(callback: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void { for (const [key, value] of this.map()) callback(value, key, this) }
}
