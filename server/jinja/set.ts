// Python's set. Its order shows: small ints lie in CPython's table order, but the order of strings changes with every run of Python,
// so whoever asks for the order of those gets UnknownSignal; sorting, counting and membership never ask.

import { UnknownSignal } from './errors.ts'
import { work } from './meter.ts'
import { PyObject, iterOfArray, keyOf } from './value.ts'
import type { HashKey, PyIter, Value } from './value.ts'

export class PySet extends PyObject {
  readonly typeName: string = 'set'
  readonly entries = new Map<HashKey, Value>()
  constructor(items: Iterable<Value> = []) {
    super()
    for (const item of items) this.add(item)
    work(this.entries.size)
  }
  get size(): number { return this.entries.size }
  /** The caller has checked that the item is hashable (`keyOf`); an unhashable one is dropped. */
  add(item: Value): void {
    const key = keyOf(item)
    if (key !== undefined && !this.entries.has(key)) this.entries.set(key, item)
  }
  override contains(item: Value): boolean {
    work(0.5)
    const key = keyOf(item)
    return key !== undefined && this.entries.has(key)
  }
  delete(item: Value): boolean {
    const key = keyOf(item)
    return key !== undefined && this.entries.delete(key)
  }
  override truthy(): boolean { return this.entries.size > 0 }
  override length(): number { return this.entries.size }
  override hashKey(): HashKey | undefined { return undefined }
  override iter(): PyIter { return iterOfArray(this.ordered()) }
  /** The items in no particular order. */
  unordered(): Value[] { work(this.entries.size >> 3); return Array.from(this.entries.values()) }
  /** Whether Python's order can be known. */
  orderKnown(): boolean { return this.entries.size < 2 || Array.from(this.entries.keys()).every(key => typeof key === 'bigint') }
  /** The items as Python would iterate them. Throws UnknownSignal where Python's order is random. */
  ordered(): Value[] {
    if (this.entries.size < 2) return this.unordered()
    if (!this.orderKnown()) throw new UnknownSignal({ code: 'set-order', message: 'Python iterates a set of strings in a different order in every run', stack: [] })
    return tableOrder(this.entries)
  }
}

/** CPython's setobject.c: open addressing with linear probes of 9, growth fourfold at 3/5 full. */
function tableOrder(entries: ReadonlyMap<HashKey, Value>): Value[] {
  work(entries.size)
  let table: (readonly [bigint, Value] | undefined)[] = emptyTable(8)
  let fill = 0
  for (const [key, value] of entries) {
    place(table, [hashOfInt(key as bigint), value])
    fill++
    if (fill * 5 < (table.length - 1) * 3) continue
    const wanted = fill > 50000 ? fill * 2 : fill * 4
    let size = 8
    while (size <= wanted) size *= 2
    const grown = emptyTable(size)
    for (const slot of table) if (slot) place(grown, slot)
    table = grown
  }
  return table.filter(slot => slot !== undefined).map(slot => slot[1])
}

function emptyTable(size: number): (readonly [bigint, Value] | undefined)[] { return Array.from({ length: size }, () => undefined) }

function place(table: (readonly [bigint, Value] | undefined)[], item: readonly [bigint, Value]): void {
  const mask = BigInt(table.length - 1)
  let perturb = BigInt.asUintN(64, item[0])
  let index = perturb & mask
  for (;;) {
    const start = Number(index)
    const probes = start + 9 <= table.length - 1 ? 9 : 0
    for (let at = start; at <= start + probes; at++) {
      if (table[at] === undefined) { table[at] = item; return }
    }
    perturb >>= 5n
    index = (index * 5n + 1n + perturb) & mask
  }
}

const MODULUS = (1n << 61n) - 1n

function hashOfInt(value: bigint): bigint {
  const hash = value < 0n ? -(-value % MODULUS) : value % MODULUS
  return hash === -1n ? -2n : hash
}
