// Methods of set.

import { noArguments, oneArgument } from '../arguments.ts'
import { contains, hashed } from '../compare.ts'
import { PyException, UnknownSignal, typeError } from '../errors.ts'
import { iterOf } from '../iterate.ts'
import { work } from '../meter.ts'
import { reprOf } from '../repr.ts'
import { PySet } from '../set.ts'
import type { CallArgs, CallContext, Value } from '../value.ts'

export type SetMethod = (self: PySet, args: CallArgs, context: CallContext) => Value

export const SET_METHODS: ReadonlyMap<string, SetMethod> = new Map<string, SetMethod>([
  ['add', (self, args, context) => {
    const item = oneArgument('set', 'add', args)
    hashed(item)
    context.touch(self)
    context.spend(1, 16)
    self.add(item)
    return null
  }],
  ['discard', (self, args, context) => {
    const item = oneArgument('set', 'discard', args)
    hashed(item)
    context.touch(self)
    self.delete(item)
    return null
  }],
  ['remove', (self, args, context) => {
    const item = oneArgument('set', 'remove', args)
    hashed(item)
    context.touch(self)
    if (!self.delete(item)) throw new PyException('KeyError', reprOf(item))
    return null
  }],
  ['pop', (self, args, context) => {
    noArguments('set', 'pop', args)
    context.touch(self)
    if (self.size === 0) throw new PyException('KeyError', "'pop from an empty set'")
    let first: Value
    try {
      first = self.ordered()[0] ?? null
    } catch (problem) {
      if (problem instanceof UnknownSignal) self.unknown = problem.origin
      throw problem
    }
    self.delete(first)
    return first
  }],
  ['clear', (self, args, context) => {
    noArguments('set', 'clear', args)
    context.touch(self)
    self.entries.clear()
    return null
  }],
  ['copy', (self, args) => { noArguments('set', 'copy', args); return new PySet(self.unordered()) }],
  ['update', (self, args, context) => change('update', self, args, context, (items, other) => [...items, ...other])],
  ['union', (self, args) => combine('union', self, args, (items, other) => [...items, ...other])],
  ['intersection', (self, args) => combine('intersection', self, args, common)],
  ['intersection_update', (self, args, context) => change('intersection_update', self, args, context, common)],
  ['difference', (self, args) => combine('difference', self, args, without)],
  ['difference_update', (self, args, context) => change('difference_update', self, args, context, without)],
  ['symmetric_difference', (self, args) => combine('symmetric_difference', self, one('symmetric_difference', args), exclusive)],
  ['symmetric_difference_update', (self, args, context) => change('symmetric_difference_update', self, one('symmetric_difference_update', args), context, exclusive)],
  ['isdisjoint', (self, args) => !elements(oneArgument('set', 'isdisjoint', args)).some(item => self.contains(item))],
  ['issubset', (self, args) => {
    const other = new PySet(elements(oneArgument('set', 'issubset', args)))
    return self.unordered().every(item => other.contains(item))
  }],
  ['issuperset', (self, args) => elements(oneArgument('set', 'issuperset', args)).every(item => contains(self, item))],
])

export const SET_MUTATORS: ReadonlySet<string> = new Set(['add', 'discard', 'remove', 'pop', 'clear', 'update', 'intersection_update', 'difference_update', 'symmetric_difference_update'])

function one(name: string, args: CallArgs): CallArgs {
  oneArgument('set', name, args)
  return args
}

/** Items of any iterable, each hashable; the order of a set does not matter here. */
function elements(value: Value): Value[] {
  if (value instanceof PySet && value.unknown === null) return value.unordered()
  const out: Value[] = []
  const iterator = iterOf(value)
  for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
    work(1, 8)
    hashed(item)
    out.push(item)
  }
  return out
}

type Combine = (items: Value[], other: Value[]) => Value[]

function common(items: Value[], other: Value[]): Value[] {
  const set = new PySet(other)
  return items.filter(item => set.contains(item))
}

function without(items: Value[], other: Value[]): Value[] {
  const set = new PySet(other)
  return items.filter(item => !set.contains(item))
}

function exclusive(items: Value[], other: Value[]): Value[] { return [...without(items, other), ...without(other, items)] }

function combine(name: string, self: PySet, { args, kwargs }: CallArgs, by: Combine): PySet {
  if (kwargs.size > 0) throw typeError(`set.${name}() takes no keyword arguments`)
  return new PySet(args.reduce<Value[]>((items, other) => by(items, elements(other)), self.unordered()))
}

function change(name: string, self: PySet, args: CallArgs, context: CallContext, by: Combine): null {
  const result = combine(name, self, args, by)
  context.touch(self)
  context.spend(1 + (result.size >> 1), result.size * 16)
  self.entries.clear()
  for (const item of result.unordered()) self.add(item)
  return null
}
