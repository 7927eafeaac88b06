// Methods of dict, its views and its constructor.

import { between, noArguments, oneArgument } from '../arguments.ts'
import { contains, equal, hashed } from '../compare.ts'
import { PyException, typeError, valueError } from '../errors.ts'
import { PyIterator, iterOf, tryIter } from '../iterate.ts'
import { work } from '../meter.ts'
import { reprOf } from '../repr.ts'
import { PySet } from '../set.ts'
import { PyDict, PyFunction, PyList, PyObject, PyTuple, iterOfArray } from '../value.ts'
import type { BinaryOp, CallArgs, CallContext, HashKey, PyIter, Value } from '../value.ts'

export type DictMethod = (self: PyDict, args: CallArgs, context: CallContext) => Value

export const DICT_METHODS: ReadonlyMap<string, DictMethod> = new Map<string, DictMethod>([
  ['keys', (self, args) => { noArguments('dict', 'keys', args); return new PyDictView('dict_keys', self) }],
  ['values', (self, args) => { noArguments('dict', 'values', args); return new PyDictView('dict_values', self) }],
  ['items', (self, args) => { noArguments('dict', 'items', args); return new PyDictView('dict_items', self) }],
  ['get', (self, args) => {
    const [key = null, fallback = null] = between('dict', 'get', args, 1, 2)
    hashed(key)
    const value = self.get(key)
    return value === undefined ? fallback : value
  }],
  ['pop', (self, args, context) => {
    const [key = null, fallback] = between('dict', 'pop', args, 1, 2)
    const hash = hashed(key)
    context.touch(self)
    const entry = self.entries.get(hash)
    if (entry) { self.entries.delete(hash); return entry.value }
    if (fallback !== undefined) return fallback
    throw new PyException('KeyError', reprOf(key))
  }],
  ['popitem', (self, args, context) => {
    noArguments('dict', 'popitem', args)
    context.touch(self)
    context.spend(self.entries.size >> 1)
    const last = Array.from(self.entries).at(-1)
    if (!last) throw new PyException('KeyError', "'popitem(): dictionary is empty'")
    self.entries.delete(last[0])
    return new PyTuple([last[1].key, last[1].value])
  }],
  ['setdefault', (self, args, context) => {
    const [key = null, fallback = null] = between('dict', 'setdefault', args, 1, 2)
    const hash = hashed(key)
    const entry = self.entries.get(hash)
    if (entry) return entry.value
    context.touch(self)
    context.spend(1, 16)
    self.set(key, fallback)
    return fallback
  }],
  ['update', (self, args, context) => {
    if (args.args.length > 1) throw typeError(`update expected at most 1 argument, got ${args.args.length}`)
    context.touch(self)
    fill(self, args, context)
    return null
  }],
  ['clear', (self, args, context) => {
    noArguments('dict', 'clear', args)
    context.touch(self)
    self.entries.clear()
    return null
  }],
  ['copy', (self, args, context) => {
    noArguments('dict', 'copy', args)
    context.spend(1, self.entries.size * 16)
    return new PyDict(self.items())
  }],
  ['fromkeys', (_self, args, context) => {
    const [keys = null, value = null] = between('dict', 'fromkeys', args, 1, 2)
    const dict = new PyDict()
    const iterator = iterOf(keys)
    for (let key = iterator.next(); key !== undefined; key = iterator.next()) {
      context.spend(1, 16)
      hashed(key)
      dict.set(key, value)
    }
    return dict
  }],
])

export const DICT_MUTATORS: ReadonlySet<string> = new Set(['pop', 'popitem', 'setdefault', 'update', 'clear'])

/** `dict(...)` and the arguments of `dict.update(...)` into `dict`. */
export function fill(dict: PyDict, { args, kwargs }: CallArgs, context: Pick<CallContext, 'spend' | 'call'>): void {
  const [from] = args
  if (from instanceof PyDict) {
    iterOf(from)
    for (const [key, value] of from.items()) dict.set(key, value)
    work(from.entries.size)
  } else if (from !== undefined && !fillFromMapping(dict, from, context)) fillFromPairs(dict, from, context)
  for (const [key, value] of kwargs) dict.set(key, value)
  context.spend(1, dict.entries.size * 16)
}

/** Anything with `keys()` counts as a mapping. */
function fillFromMapping(dict: PyDict, from: Value, context: Pick<CallContext, 'spend' | 'call'>): boolean {
  const keys = from instanceof PyObject && from.unknown === null && !(from instanceof PyTuple) ? from.getattr('keys') : undefined
  if (!(keys instanceof PyFunction) || !(from instanceof PyObject)) return false
  const iterator = iterOf(context.call(keys, { args: [], kwargs: new Map() }))
  for (let key = iterator.next(); key !== undefined; key = iterator.next()) {
    hashed(key)
    dict.set(key, from.getitem(key) ?? null)
  }
  return true
}

function fillFromPairs(dict: PyDict, from: Value, context: Pick<CallContext, 'spend'>): void {
  const iterator = iterOf(from)
  let at = 0
  for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
    context.spend(1, 16)
    const pair = tryIter(item)
    if (!pair) throw typeError(`cannot convert dictionary update sequence element #${at} to a sequence`)
    const values: Value[] = []
    for (let value = pair.next(); value !== undefined; value = pair.next()) {
      context.spend(1, 8)
      values.push(value)
    }
    const [key, value] = values
    if (key === undefined || value === undefined || values.length !== 2) throw valueError(`dictionary update sequence element #${at} has length ${values.length}; 2 is required`)
    hashed(key)
    dict.set(key, value)
    at++
  }
}

/** `dict.keys()`, `.values()`, `.items()`: live windows on the dict. */
export class PyDictView extends PyObject {
  readonly typeName: 'dict_keys' | 'dict_values' | 'dict_items'
  readonly dict: PyDict
  constructor(typeName: 'dict_keys' | 'dict_values' | 'dict_items', dict: PyDict) {
    super()
    this.typeName = typeName
    this.dict = dict
  }
  current(): Value[] {
    iterOf(this.dict)
    switch (this.typeName) {
      case 'dict_keys': return this.dict.keys()
      case 'dict_values': return this.dict.values()
      case 'dict_items': return this.dict.items().map(pair => new PyTuple(pair))
    }
  }
  override length(): number { return this.dict.entries.size }
  override iter(): PyIter {
    const items = iterOfArray(this.current())
    const size = this.dict.entries.size
    let done = false
    return {
      next: () => {
        if (done) return undefined
        if (this.dict.entries.size !== size) throw new PyException('RuntimeError', 'dictionary changed size during iteration')
        const item = items.next()
        done = item === undefined
        return item
      },
    }
  }
  override contains(value: Value): boolean | undefined {
    if (this.typeName === 'dict_keys') return contains(this.dict, value)
    if (this.typeName === 'dict_values' || !(value instanceof PyTuple) || value.items.length !== 2) return this.typeName === 'dict_items' ? false : undefined
    const entry = this.dict.entries.get(hashed(value.items[0] ?? null))
    return entry !== undefined && equal(entry.value, value.items[1] ?? null)
  }
  override equals(other: Value): boolean | undefined {
    if (this.typeName === 'dict_values' || !(other instanceof PySet || (other instanceof PyDictView && other.typeName !== 'dict_values'))) return undefined
    const items = other instanceof PySet ? other.unordered() : other.current()
    return items.length === this.length() && items.every(item => this.contains(item))
  }
  override hashKey(): HashKey | undefined { return this.typeName === 'dict_values' ? this : undefined }
  override binary(op: BinaryOp, other: Value, reflected: boolean): Value | undefined {
    if (op !== '-' || this.typeName === 'dict_values') return undefined
    const [left, right] = reflected ? [other, this] : [this, other]
    const others = all(right)
    return new PySet(all(left).filter(item => !others.some(candidate => { work(0.5); return equal(candidate, item) })))
  }
  override getattr(name: string): Value | undefined {
    if (name !== 'isdisjoint' || this.typeName === 'dict_values') return undefined
    return new PyFunction(name, args => {
      const other = oneArgument(this.typeName, name, args)
      const contained = other instanceof PySet || other instanceof PyDict || other instanceof PyDictView ? other : new PyList(all(other))
      return !this.current().some(item => { work(1); return contains(contained, item) })
    })
  }
  override repr(): string {
    return `${this.typeName}([${this.current().map(reprOf).join(', ')}])`
  }
}

function all(value: Value): Value[] {
  const items: Value[] = []
  const iterator = value instanceof PySet ? iterOfArray(value.unordered()) : iterOf(value)
  for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
    work(1, 8)
    items.push(item)
  }
  return items
}

/** A Python iterator over a view's items, for `reversed(dict.items())`. */
export function reversedView(view: PyDictView): PyIterator { return new PyIterator(`dict_reverse${view.typeName.slice(5, -1)}iterator`, iterOfArray(view.current().reverse())) }
