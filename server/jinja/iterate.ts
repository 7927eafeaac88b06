// Python's `iter()`, `len()` and the lazy iterators of filters and builtins, which run dry once they have been read.

import { UnknownSignal, typeError } from './errors.ts'
import { work } from './meter.ts'
import { codePoints, lengthOf } from '../text/python.ts'
import { textOf, typeNameOf } from './types.ts'
import { PyList, PyObject, PyTuple, iterOfArray } from './value.ts'
import type { HashKey, PyIter, Value } from './value.ts'

/** `iter(value)`; TypeError when there is no iterating it, UnknownSignal when it is unknown. */
export function iterOf(value: Value): PyIter {
  const iterator = tryIter(value)
  if (iterator === undefined) throw typeError(`'${typeNameOf(value)}' object is not iterable`)
  return iterator
}

/** `iter(value)`, or undefined when it is not iterable. */
export function tryIter(value: Value): PyIter | undefined {
  const text = textOf(value)
  if (text !== undefined) {
    work(text.length >> 3)
    return iterOfArray(codePoints(text) ?? text.split(''))
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (value.unknown) throw new UnknownSignal(value.unknown)
  return value.iter()
}

/** `list(value)` as an array of its own. */
export function listOf(value: Value): Value[] {
  if ((value instanceof PyList || value instanceof PyTuple) && !value.unknown) {
    work(value.items.length >> 6, value.items.length * 8)
    return value.items.slice()
  }
  const out: Value[] = []
  const iterator = iterOf(value)
  for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
    work(1, 8)
    out.push(item)
  }
  return out
}

/** `len(value)`; undefined when it has none. */
export function lenOf(value: Value): number | undefined {
  const text = textOf(value)
  if (text !== undefined) return lengthOf(text)
  if (typeof value !== 'object' || value === null) return undefined
  if (value.unknown) throw new UnknownSignal(value.unknown)
  return value.length()
}

/** A Python iterator as a value: generators, zip, map, reversed … */
export class PyIterator extends PyObject {
  readonly typeName: string
  private readonly source: PyIter
  constructor(typeName: string, source: PyIter) {
    super()
    this.typeName = typeName
    this.source = source
  }
  next(): Value | undefined { return this.source.next() }
  override truthy(): boolean { return true }
  override iter(): PyIter { return this }
  override getattr(name: string): Value | undefined { return this.typeName === 'generator' && (name === 'gi_frame' || name === 'gi_code') ? null : undefined }
}

/** `range(...)`: never laid out in memory. */
export class PyRange extends PyObject {
  readonly typeName = 'range'
  readonly start: bigint
  readonly stop: bigint
  readonly step: bigint
  constructor(start: bigint, stop: bigint, step: bigint) {
    super()
    this.start = start
    this.stop = stop
    this.step = step
  }
  count(): bigint {
    const span = this.step > 0n ? this.stop - this.start : this.start - this.stop
    const step = this.step > 0n ? this.step : -this.step
    return span <= 0n ? 0n : (span + step - 1n) / step
  }
  at(index: bigint): bigint { return this.start + index * this.step }
  override length(): number { return Number(this.count()) }
  override subscriptable(): boolean { return true }
  override iter(): PyIter {
    const count = this.length()
    let index = 0
    return { next: () => index < count ? this.at(BigInt(index++)) : undefined }
  }
  override contains(value: Value): boolean | undefined {
    if (typeof value !== 'bigint') return undefined
    const offset = value - this.start
    return offset % this.step === 0n && offset / this.step >= 0n && offset / this.step < this.count()
  }
  override equals(other: Value): boolean | undefined {
    if (!(other instanceof PyRange)) return undefined
    const count = this.count()
    return count === other.count() && (count === 0n || (this.start === other.start && (count === 1n || this.step === other.step)))
  }
  override hashKey(): HashKey {
    const count = this.count()
    return `\0r${count}:${count === 0n ? '' : this.start}:${count < 2n ? '' : this.step}`
  }
  override getattr(name: string): Value | undefined {
    return name === 'start' ? this.start : name === 'stop' ? this.stop : name === 'step' ? this.step : undefined
  }
  override repr(): string { return this.step === 1n ? `range(${this.start}, ${this.stop})` : `range(${this.start}, ${this.stop}, ${this.step})` }
}
