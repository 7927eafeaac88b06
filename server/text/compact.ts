// What is kept as long as the project is open: no bigger than it is. V8 gives a list made by `push` room for seventeen, a list made of two others room to grow,
// and every empty list or map a body of its own (32 and 195 bytes); a manifest has a dozen of them in each node.

/** The one empty list. */
export const NO_ITEMS: readonly never[] = []
const NO_ENTRIES: ReadonlyMap<never, never> = new Map<never, never>()

/** The same items in a list of just their number; one and the same list for none. */
export function compact<T>(list: readonly T[]): readonly T[] { return list.length === 0 ? NO_ITEMS : list.slice() }

/** The same map; one and the same for one without entries. */
export function compactMap<K, V>(map: ReadonlyMap<K, V>): ReadonlyMap<K, V> { return map.size === 0 ? NO_ENTRIES : map }

/** The items of all lists; the very list that alone has any. */
export function joined<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const some = lists.filter(list => list.length > 0)
  return some.length > 1 ? compact(some.flat() as T[]) : some[0] ?? NO_ITEMS
}
