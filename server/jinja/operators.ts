// Python's `+ - * / // % **`, unary signs, subscripts and slices, with its error messages.
// Anything that can grow spends budget first.

import { hashed } from './compare.ts'
import { PyException, UnknownSignal, budgetExceeded, typeError, valueError } from './errors.ts'
import { PyRange } from './iterate.ts'
import { escape } from './markup.ts'
import { work } from './meter.ts'
import { arithmetic } from './numbers.ts'
import { percentFormat } from './python/percent.ts'
import { PySet } from './set.ts'
import { codePoints } from '../text/python.ts'
import { intOf, textOf, typeNameOf } from './types.ts'
import { PyDict, PyList, PyMarkup, PyObject, PyStr, PyTuple } from './value.ts'
import type { BinaryOp, CallContext, Value } from './value.ts'

/** No text or list of a template grows beyond this. */
export const MOST_ITEMS = 20_000_000

export type Spender = Pick<CallContext, 'spend'>

/** `left op right`. */
export function binary(op: BinaryOp, left: Value, right: Value, spender: Spender): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return arithmetic(op, left, right)
  if (typeof left === 'string' && typeof right === 'string' && op === '+') { spender.spend(0, left.length + right.length); return left + right }
  raiseIfUnknown(left)
  raiseIfUnknown(right)
  const a = typeof left === 'number' ? left : intOf(left)
  const b = typeof right === 'number' ? right : intOf(right)
  if (a !== undefined && b !== undefined) return arithmetic(op, a, b)
  return special(op, left, right, spender) ?? own(op, left, right) ?? unsupported(op, left, right)
}

function raiseIfUnknown(value: Value): void {
  if (typeof value === 'object' && value?.unknown) throw new UnknownSignal(value.unknown)
}

function own(op: BinaryOp, left: Value, right: Value): Value | undefined {
  return (left instanceof PyObject ? left.binary(op, right, false) : undefined) ?? (right instanceof PyObject ? right.binary(op, left, true) : undefined)
}

function unsupported(op: BinaryOp, left: Value, right: Value): never {
  if (op === '+') {
    const kind = textOf(left) !== undefined && !(left instanceof PyMarkup) ? 'str' : left instanceof PyList ? 'list' : left instanceof PyTuple ? 'tuple' : null
    if (kind) throw typeError(`can only concatenate ${kind} (not "${typeNameOf(right)}") to ${kind}`)
  }
  if (op === '*') {
    if (left instanceof PyMarkup || right instanceof PyMarkup) throw typeError(`'${typeNameOf(left instanceof PyMarkup ? right : left)}' object cannot be interpreted as an integer`)
    if (isSequence(left)) throw typeError(`can't multiply sequence by non-int of type '${typeNameOf(right)}'`)
    if (isSequence(right)) throw typeError(`can't multiply sequence by non-int of type '${typeNameOf(left)}'`)
  }
  throw typeError(`unsupported operand type(s) for ${op === '**' ? '** or pow()' : op}: '${typeNameOf(left)}' and '${typeNameOf(right)}'`)
}

function isSequence(value: Value): boolean { return textOf(value) !== undefined || value instanceof PyList || value instanceof PyTuple }

/** What sequences and sets do; undefined where the objects themselves or an error have the word. */
function special(op: BinaryOp, left: Value, right: Value, spender: Spender): Value | undefined {
  switch (op) {
    case '+': return concatenate(left, right, spender)
    case '*': return repeat(left, right, spender) ?? repeat(right, left, spender)
    case '%': return left instanceof PyMarkup ? new PyMarkup(percentFormat(left.text, right, spender, escape)) : textOf(left) === undefined ? undefined : percentFormat(textOf(left) ?? '', right, spender)
    case '-': return left instanceof PySet && right instanceof PySet ? new PySet(left.unordered().filter(item => !right.contains(item))) : undefined
    default: return undefined
  }
}

function concatenate(left: Value, right: Value, spender: Spender): Value | undefined {
  if (left instanceof PyList && right instanceof PyList) {
    spender.spend(0, (left.items.length + right.items.length) * 8)
    return new PyList(left.items.concat(right.items))
  }
  if (left instanceof PyTuple && right instanceof PyTuple) {
    spender.spend(0, (left.items.length + right.items.length) * 8)
    return new PyTuple(left.items.concat(right.items))
  }
  const a = textOf(left)
  const b = textOf(right)
  if (a === undefined || b === undefined) return undefined
  spender.spend(0, a.length + b.length)
  if (left instanceof PyMarkup || right instanceof PyMarkup) return new PyMarkup(escape(left instanceof PyStr && !(left instanceof PyMarkup) ? a : left).text + escape(right instanceof PyStr && !(right instanceof PyMarkup) ? b : right).text)
  return a + b
}

function repeat(sequence: Value, times: Value, spender: Spender): Value | undefined {
  const count = intOf(times)
  if (count === undefined) return undefined
  const text = textOf(sequence)
  if (text === undefined && !(sequence instanceof PyList) && !(sequence instanceof PyTuple)) return undefined
  if (count > MAX_SSIZE || count < -MAX_SSIZE) throw new PyException('OverflowError', "cannot fit 'int' into an index-sized integer")
  const length = text !== undefined ? text.length : (sequence as PyList | PyTuple).items.length
  const total = count <= 0n ? 0n : BigInt(length) * count
  if (total > BigInt(MOST_ITEMS)) throw budgetExceeded(`a ${typeNameOf(sequence)} of ${total} items`)
  spender.spend(0, text !== undefined ? Number(total) : Number(total) * 8)
  if (text !== undefined) {
    const repeated = total === 0n ? '' : text.repeat(Number(count))
    return sequence instanceof PyMarkup ? new PyMarkup(repeated) : repeated
  }
  const items = (sequence as PyList | PyTuple).items
  spender.spend(Number(total >> 3n))
  const out: Value[] = []
  if (total > 0n) for (let i = 0n; i < count; i++) for (const item of items) out.push(item)
  return sequence instanceof PyList ? new PyList(out) : new PyTuple(out)
}

const MAX_SSIZE = 2n ** 63n - 1n

/** `+value`, `-value`. */
export function unary(op: '+' | '-', value: Value): Value {
  if (typeof value === 'number') return op === '-' ? -value : value
  const int = intOf(value)
  if (int !== undefined) return op === '-' ? -int : int
  raiseIfUnknown(value)
  const signed = value instanceof PyObject ? value.unary(op) : undefined
  if (signed === undefined) throw typeError(`bad operand type for unary ${op}: '${typeNameOf(value)}'`)
  return signed
}

/** `container[key]` as Python's `[]` alone would: undefined where Python raises LookupError or TypeError. */
export function itemOf(container: Value, key: Value): Value | undefined {
  raiseIfUnknown(container)
  raiseIfUnknown(key)
  if (container instanceof PyDict) {
    try {
      hashed(key)
      return container.get(key)
    } catch (problem) {
      if (problem instanceof PyException) return undefined
      throw problem
    }
  }
  const index = intOf(key)
  if (index !== undefined) {
    if (container instanceof PyList || container instanceof PyTuple) return at(container.items, index)
    if (container instanceof PyRange) {
      const count = container.count()
      const position = index < 0n ? index + count : index
      return position >= 0n && position < count ? container.at(position) : undefined
    }
    const text = textOf(container)
    if (text !== undefined) {
      work(text.length >> 8)
      const points = codePoints(text)
      if (points) work(text.length >> 2)
      const character = at(points ?? text, index)
      return character !== undefined && container instanceof PyMarkup ? new PyMarkup(character) : character
    }
  }
  return container instanceof PyObject ? container.getitem(key) : undefined
}

function at<T extends Value>(items: ArrayLike<T>, index: bigint): T | undefined {
  const length = BigInt(items.length)
  const position = index < 0n ? index + length : index
  return position >= 0n && position < length ? items[Number(position)] : undefined
}

/** `container[from:to:step]`; raises where Python does. */
export function sliceOf(container: Value, from: Value, to: Value, step: Value): Value {
  raiseIfUnknown(container)
  for (const part of [from, to, step]) raiseIfUnknown(part)
  const text = textOf(container)
  if (text !== undefined) {
    work(text.length >> 8)
    const points = codePoints(text)
    if (points) work(text.length >> 2)
    const cut = points ? pick(points, range(points.length, from, to, step)).join('') : sliceUnits(text, from, to, step)
    return container instanceof PyMarkup ? new PyMarkup(cut) : cut
  }
  if (container instanceof PyList) return new PyList(pick(container.items, range(container.items.length, from, to, step)))
  if (container instanceof PyTuple) return new PyTuple(pick(container.items, range(container.items.length, from, to, step)))
  if (container instanceof PyRange) {
    const [start, stop, by] = range(container.length(), from, to, step)
    return new PyRange(container.at(BigInt(start)), container.at(BigInt(stop)), container.step * BigInt(by))
  }
  if (container instanceof PyDict) throw typeError("unhashable type: 'slice'")
  if (container instanceof PyObject && container.subscriptable()) {
    const item = container.getitem(new PySlice(from, to, step))
    if (item !== undefined) return item
  }
  throw typeError(`'${typeNameOf(container)}' object is not subscriptable`)
}

/** A slice handed to an object's own `getitem`. */
class PySlice extends PyObject {
  readonly typeName = 'slice'
  readonly from: Value
  readonly to: Value
  readonly step: Value
  constructor(from: Value, to: Value, step: Value) {
    super()
    this.from = from
    this.to = to
    this.step = step
  }
}

function sliceUnits(text: string, from: Value, to: Value, step: Value): string {
  const [start, stop, by] = range(text.length, from, to, step)
  if (by === 1) return text.slice(start, Math.max(start, stop))
  work(Math.abs((stop - start) / by) / 4)
  let out = ''
  for (let i = start; by > 0 ? i < stop : i > stop; i += by) out += text[i]
  return out
}

/** Python's slice.indices: [start, stop, step] within the length. */
export function range(length: number, from: Value, to: Value, step: Value): [number, number, number] {
  const by = indexOf(step) ?? 1n
  if (by === 0n) throw valueError('slice step cannot be zero')
  const size = BigInt(length)
  const low = by < 0n ? -1n : 0n
  const high = by < 0n ? size - 1n : size
  const clamp = (index: bigint): bigint => {
    const position = index < 0n ? index + size : index
    return position < low ? low : position > high ? high : position
  }
  const start = indexOf(from)
  const stop = indexOf(to)
  const bigStep = by > size + 1n ? size + 1n : by < -size - 1n ? -size - 1n : by
  return [Number(start === null ? (by < 0n ? high : low) : clamp(start)), Number(stop === null ? (by < 0n ? low : high) : clamp(stop)), Number(bigStep === 0n ? by : bigStep)]
}

function indexOf(value: Value): bigint | null {
  if (value === null) return null
  const index = intOf(value)
  if (index === undefined) throw typeError('slice indices must be integers or None or have an __index__ method')
  return index
}

function pick<T>(items: readonly T[], [start, stop, step]: [number, number, number]): T[] {
  const count = Math.max(0, (stop - start) / step)
  work(count / 64, count * 8)
  if (step === 1) return items.slice(start, Math.max(start, stop))
  work(count / 16)
  const out: T[] = []
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) out.push(items[i] as T)
  return out
}

