// Methods of list and tuple.

import { between, index, noArguments, oneArgument, refuseUnknown, size } from '../arguments.ts'
import { equal, sorted } from '../compare.ts'
import { PyException, UnknownSignal, budgetExceeded, typeError, valueError } from '../errors.ts'
import { iterOf } from '../iterate.ts'
import { MOST_ITEMS } from '../operators.ts'
import { work } from '../meter.ts'
import { reprOf } from '../repr.ts'
import { PyList } from '../value.ts'
import type { PyTuple, CallArgs, CallContext, Value } from '../value.ts'
import { truthOf } from '../types.ts'

export type ListMethod = (self: PyList, args: CallArgs, context: CallContext) => Value
export type TupleMethod = (self: PyTuple, args: CallArgs, context: CallContext) => Value

export const LIST_METHODS: ReadonlyMap<string, ListMethod> = new Map<string, ListMethod>([
  ['append', (self, args, context) => {
    const item = oneArgument('list', 'append', args)
    context.touch(self)
    context.spend(1, 8)
    self.items.push(item)
    return null
  }],
  ['extend', (self, args, context) => {
    const iterator = iterOf(oneArgument('list', 'extend', args) === self ? new PyList(self.items.slice()) : args.args[0] ?? null)
    context.touch(self)
    for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
      context.spend(1, 8)
      if (self.items.length > MOST_ITEMS) throw budgetExceeded(`a list of ${MOST_ITEMS} items`)
      self.items.push(item)
    }
    return null
  }],
  ['insert', (self, args, context) => {
    const [at = null, item = null] = between('list', 'insert', args, 2, 2)
    const position = size(at)
    context.touch(self)
    // Moving what stands behind costs, and shall not be free to a loop without end.
    context.spend(1 + (self.items.length >> 6), 8)
    self.items.splice(position < 0 ? Math.max(0, position + self.items.length) : position, 0, item)
    return null
  }],
  ['pop', (self, args, context) => {
    const [at = -1n] = between('list', 'pop', args, 0, 1)
    const position = size(at)
    context.touch(self)
    if (self.items.length === 0) throw new PyException('IndexError', 'pop from empty list')
    const place = position < 0 ? position + self.items.length : position
    if (place < 0 || place >= self.items.length) throw new PyException('IndexError', 'pop index out of range')
    context.spend((self.items.length - place) >> 7)
    return self.items.splice(place, 1)[0] ?? null
  }],
  ['remove', (self, args, context) => {
    const item = oneArgument('list', 'remove', args)
    context.touch(self)
    const at = position(self.items, item, 0, self.items.length)
    if (at < 0) throw valueError('list.remove(x): x not in list')
    self.items.splice(at, 1)
    return null
  }],
  ['clear', (self, args, context) => {
    noArguments('list', 'clear', args)
    context.touch(self)
    self.items.length = 0
    return null
  }],
  ['reverse', (self, args, context) => {
    noArguments('list', 'reverse', args)
    context.touch(self)
    self.items.reverse()
    return null
  }],
  ['sort', sort],
  ['copy', (self, args, context) => {
    noArguments('list', 'copy', args)
    context.spend(1, self.items.length * 8)
    return new PyList(self.items.slice())
  }],
  ['index', (self, args) => indexIn('list', self.items, args, item => `${reprOf(item)} is not in list`)],
  ['count', (self, args) => countIn('list', self.items, args)],
])

/** Those of the above that change the list even when they end in an unknown. */
export const LIST_MUTATORS: ReadonlySet<string> = new Set(['append', 'extend', 'insert', 'pop', 'remove', 'clear', 'reverse', 'sort'])

export const TUPLE_METHODS: ReadonlyMap<string, TupleMethod> = new Map<string, TupleMethod>([
  ['index', (self, args) => indexIn('tuple', self.items, args, () => 'tuple.index(x): x not in tuple')],
  ['count', (self, args) => countIn('tuple', self.items, args)],
])

function position(items: readonly Value[], item: Value, from: number, to: number): number {
  for (let i = from; i < Math.min(to, items.length); i++) {
    if ((i & 3) === 3) work(1)
    const candidate = items[i] ?? null
    if ((candidate === item && !(typeof candidate === 'object' && candidate?.unknown)) || equal(candidate, item)) return i
  }
  return -1
}

function indexIn(type: string, items: readonly Value[], args: CallArgs, complaint: (item: Value) => string): bigint {
  const [item = null, from = 0n, to = 2n ** 62n] = between(type, 'index', args, 1, 3)
  const bound = (value: Value): number => {
    const at = Number(index(value))
    return at < 0 ? Math.max(0, at + items.length) : at
  }
  const at = position(items, item, bound(from), bound(to))
  if (at < 0) throw valueError(complaint(item))
  return BigInt(at)
}

function countIn(type: string, items: readonly Value[], args: CallArgs): bigint {
  const item = oneArgument(type, 'count', args)
  work(items.length >> 2)
  return BigInt(items.filter(candidate => candidate === item || equal(candidate, item)).length)
}

function sort(self: PyList, args: CallArgs, context: CallContext): null {
  if (args.args.length > 0) throw typeError('sort() takes no positional arguments')
  for (const name of args.kwargs.keys()) if (name !== 'key' && name !== 'reverse') throw typeError(`'${name}' is an invalid keyword argument for sort()`)
  const key = args.kwargs.get('key') ?? null
  const reverse = args.kwargs.get('reverse') ?? false
  refuseUnknown(reverse)
  if (typeof reverse !== 'boolean') index(reverse)
  context.touch(self)
  context.spend(self.items.length)
  try {
    self.items = sorted(new PyList(self.items), item => key === null ? item : context.call(key, { args: [item], kwargs: new Map() }), truthOf(reverse))
  } catch (problem) {
    if (problem instanceof UnknownSignal) self.unknown = problem.origin
    throw problem
  }
  return null
}
