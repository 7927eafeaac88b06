// Python's `==`, `<` and its kin, `in` and sorting.
// Where the answer hangs on an unknown these throw UnknownSignal.

import { PyException, UnknownSignal, budgetExceeded, typeError } from './errors.ts'
import { iterOf, tryIter } from './iterate.ts'
import { work as meter } from './meter.ts'
import { PySet } from './set.ts'
import { intOf, textOf, typeNameOf } from './types.ts'
import { PyDict, PyList, PyObject, PyTuple, keyOf } from './value.ts'
import type { HashKey, Value } from './value.ts'

/** `left == right`. */
export function equal(left: Value, right: Value, depth = 0, work: Work = NOTHING): boolean {
  if (left === right) return typeof left !== 'object' || left === null || !left.unknown || raiseUnknown(left)
  if (typeof left === 'string' && typeof right === 'string') return false
  const leftObject = typeof left === 'object' && left !== null ? left : null
  const rightObject = typeof right === 'object' && right !== null ? right : null
  if (leftObject?.unknown) raiseUnknown(leftObject)
  if (rightObject?.unknown) raiseUnknown(rightObject)
  if (!leftObject && !rightObject) return equalScalars(left, right)
  if (depth > 500) throw new PyException('RecursionError', 'maximum recursion depth exceeded in comparison')
  return equalObjects(left, right, leftObject, rightObject, depth, work === NOTHING ? { left: MOST_COMPARISONS } : work)
}

/** How many comparisons one `==` may still make: lists of lists of the same list double with every level. */
interface Work { left: number }

const NOTHING: Work = { left: 0 }
const MOST_COMPARISONS = 500_000

function raiseUnknown(object: PyObject): never {
  throw new UnknownSignal(object.unknown ?? { code: 'unknown', message: 'unknown', stack: [] })
}

function equalScalars(left: Value, right: Value): boolean {
  const a = numberOf(left)
  const b = numberOf(right)
  // JavaScript compares bigint with number by exact value, as Python does.
  return a !== undefined && b !== undefined && a == b
}

function numberOf(value: Value): bigint | number | undefined { return typeof value === 'number' ? value : intOf(value) }

function equalObjects(left: Value, right: Value, leftObject: PyObject | null, rightObject: PyObject | null, depth: number, work: Work): boolean {
  if (--work.left < 0) throw budgetExceeded('a comparison of too large values')
  meter(1)
  if (left instanceof PyList) return right instanceof PyList && equalItems(left.items, right.items, depth, work)
  if (left instanceof PyTuple) return right instanceof PyTuple && equalItems(left.items, right.items, depth, work)
  if (left instanceof PyDict) return right instanceof PyDict && equalDicts(left, right, depth, work)
  if (left instanceof PySet) return right instanceof PySet && left.size === right.size && left.unordered().every(item => right.contains(item))
  const leftText = textOf(left)
  if (leftText !== undefined) {
    const rightText = textOf(right)
    if (rightText !== undefined) return leftText === rightText
  }
  return leftObject?.equals(right) ?? rightObject?.equals(left) ?? false
}

function equalItems(left: readonly Value[], right: readonly Value[], depth: number, work: Work): boolean {
  if (left.length !== right.length) return false
  for (let i = 0; i < left.length; i++) {
    if ((i & 7) === 7) meter(1)
    const a = left[i] ?? null
    const b = right[i] ?? null
    if (!same(a, b) && !equal(a, b, depth + 1, work)) return false
  }
  return true
}

function equalDicts(left: PyDict, right: PyDict, depth: number, work: Work): boolean {
  if (left.entries.size !== right.entries.size) return false
  for (const [key, entry] of left.entries) {
    meter(1)
    const other = right.entries.get(key)
    if (!other || (!same(entry.value, other.value) && !equal(entry.value, other.value, depth + 1, work))) return false
  }
  return true
}

/** Identity, the shortcut Python takes inside containers. An unknown is not even the same as itself. */
function same(left: Value, right: Value): boolean { return left === right && !(typeof left === 'object' && left !== null && left.unknown) }

export type Ordering = '<' | '<=' | '>' | '>='

/** `left op right`; TypeError when they have no order. */
export function ordered(op: Ordering, left: Value, right: Value, depth = 0): boolean {
  if (typeof left === 'string' && typeof right === 'string') return holds(op, compareText(left, right))
  const a = numberOf(left)
  const b = numberOf(right)
  if (a !== undefined && b !== undefined) return op === '<' ? a < b : op === '<=' ? a <= b : op === '>' ? a > b : a >= b
  if (typeof left === 'object' && left?.unknown) raiseUnknown(left)
  if (typeof right === 'object' && right?.unknown) raiseUnknown(right)
  const leftText = textOf(left)
  const rightText = textOf(right)
  if (leftText !== undefined && rightText !== undefined) return holds(op, compareText(leftText, rightText))
  if (depth > 500) throw new PyException('RecursionError', 'maximum recursion depth exceeded in comparison')
  if ((left instanceof PyList && right instanceof PyList) || (left instanceof PyTuple && right instanceof PyTuple)) return orderedItems(op, left.items, right.items, depth)
  if (left instanceof PySet && right instanceof PySet) return orderedSets(op, left, right)
  const sign = (left instanceof PyObject ? left.compare(right) : undefined) ?? negated(right instanceof PyObject ? right.compare(left) : undefined)
  if (sign === undefined) throw typeError(`'${op}' not supported between instances of '${typeNameOf(left)}' and '${typeNameOf(right)}'`)
  return holds(op, sign)
}

function negated(sign: number | undefined): number | undefined { return sign === undefined ? undefined : -sign }

function holds(op: Ordering, sign: number): boolean { return op === '<' ? sign < 0 : op === '<=' ? sign <= 0 : op === '>' ? sign > 0 : sign >= 0 }

/** By code points; JavaScript's `<` goes by UTF-16 units, which puts U+E000–U+FFFF after the astral ones. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i)
    const b = right.charCodeAt(i)
    if (a === b) continue
    const astralA = a >= 0xd800 && a <= 0xdfff
    const astralB = b >= 0xd800 && b <= 0xdfff
    return astralA === astralB ? a - b : astralA ? 1 : -1
  }
  return left.length - right.length
}

function orderedItems(op: Ordering, left: readonly Value[], right: readonly Value[], depth: number): boolean {
  const length = Math.min(left.length, right.length)
  for (let i = 0; i < length; i++) {
    if ((i & 7) === 7) meter(1)
    const a = left[i] ?? null
    const b = right[i] ?? null
    if (!same(a, b) && !equal(a, b, depth + 1)) return ordered(op, a, b, depth + 1)
  }
  return holds(op, left.length - right.length)
}

function orderedSets(op: Ordering, left: PySet, right: PySet): boolean {
  const [small, large] = op === '<' || op === '<=' ? [left, right] : [right, left]
  if (op === '<' || op === '>' ? small.size >= large.size : small.size > large.size) return false
  return small.unordered().every(item => large.contains(item))
}

/** `item in container`. */
export function contains(container: Value, item: Value): boolean {
  const text = textOf(container)
  if (text !== undefined) return textContains(text, item)
  if (typeof container === 'object' && container !== null) {
    if (container.unknown) raiseUnknown(container)
    if (container instanceof PyDict) {
      hashed(item)
      return container.has(item)
    }
    if (container instanceof PySet) return container.entries.has(hashed(item))
    const answer = container.contains(item)
    if (answer !== undefined) return answer
  }
  const iterator = tryIter(container)
  if (!iterator) throw typeError(`argument of type '${typeNameOf(container)}' is not iterable`)
  let unknown: UnknownSignal | null = null
  let count = 0
  for (let value = iterator.next(); value !== undefined; value = iterator.next()) {
    if ((++count & 3) === 0) meter(1)
    if (same(value, item)) return true
    try {
      if (equal(value, item)) return true
    } catch (problem) {
      if (!(problem instanceof UnknownSignal)) throw problem
      unknown ??= problem
    }
  }
  if (unknown) throw unknown
  return false
}

function textContains(text: string, item: Value): boolean {
  if (typeof item === 'object' && item?.unknown) raiseUnknown(item)
  const part = textOf(item)
  if (part === undefined) throw typeError(`'in <string>' requires string as left operand, not ${typeNameOf(item)}`)
  return text.includes(part)
}

/** The hash key of a value, or Python's error when it has none. */
export function hashed(value: Value): HashKey {
  meter(0.5)
  if (typeof value === 'object' && value?.unknown) raiseUnknown(value)
  const key = keyOf(value)
  if (key === undefined) throw typeError(`unhashable type: '${unhashable(value)}'`)
  return key
}

function unhashable(value: Value): string {
  if (value instanceof PyTuple) {
    for (const item of value.items) if (keyOf(item) === undefined) return unhashable(item)
  }
  return typeNameOf(value)
}

/** `sorted(values, key=…)`: stable, by `<` alone. */
export function sorted(values: Value, key: (item: Value) => Value, reverse: boolean): Value[] {
  const source = values instanceof PySet ? values.unordered() : null
  const pairs: { key: Value; item: Value }[] = []
  if (source) for (const item of source) pairs.push({ key: key(item), item })
  else {
    const iterator = iterOf(values)
    for (let item = iterator.next(); item !== undefined; item = iterator.next()) pairs.push({ key: key(item), item })
  }
  if (reverse) pairs.reverse()
  const order = mergeSorted(pairs)
  if (reverse) order.reverse()
  return order.map(pair => pair.item)
}

/** Asks only "is the later one less than the earlier one?", as Python's sort does. */
function mergeSorted<T extends { key: Value }>(items: T[]): T[] {
  if (items.length === 2) {
    const [first, second] = items as [T, T]
    return less(second, first) ? [second, first] : items
  }
  if (items.length < 2) return items
  if (items.every(item => typeof item.key === 'string')) {
    meter(items.length * Math.log2(items.length) / 4)
    return items.slice().sort((a, b) => compareText(a.key as string, b.key as string))
  }
  return binaryInsertion(items)
}

function less(one: { readonly key: Value }, other: { readonly key: Value }): boolean {
  meter(0.5)
  return ordered('<', one.key, other.key)
}

/** CPython's listsort below 64 items: count the leading run, then insert by binary search; longer input is merged from such runs. */
function binaryInsertion<T extends { key: Value }>(items: T[]): T[] {
  if (items.length >= 64) {
    const middle = items.length >> 1
    return merge(mergeSorted(items.slice(0, middle)), mergeSorted(items.slice(middle)))
  }
  const out = items.slice()
  let run = leadingRun(out)
  for (; run < out.length; run++) {
    const pivot = out[run] as T
    let low = 0
    let high = run
    while (low < high) {
      const middle = (low + high) >> 1
      if (less(pivot, out[middle] as T)) high = middle
      else low = middle + 1
    }
    out.splice(run, 1)
    out.splice(low, 0, pivot)
  }
  return out
}

function leadingRun<T extends { key: Value }>(items: T[]): number {
  const falls = (at: number): boolean => less(items[at] as T, items[at - 1] as T)
  let run = 2
  if (falls(1)) {
    while (run < items.length && falls(run)) run++
    const head = items.slice(0, run).reverse()
    items.splice(0, run, ...head)
  } else {
    while (run < items.length && !falls(run)) run++
  }
  return run
}

function merge<T extends { key: Value }>(left: T[], right: T[]): T[] {
  const out: T[] = []
  let i = 0
  let j = 0
  while (i < left.length && j < right.length) {
    if (less(right[j] as T, left[i] as T)) out.push(right[j++] as T)
    else out.push(left[i++] as T)
  }
  return out.concat(left.slice(i), right.slice(j))
}
