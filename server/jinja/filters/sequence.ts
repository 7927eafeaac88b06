// Filters over sequences: lengths, ends, sorting, grouping, selecting. Lazy where jinja2 is lazy: then they run dry after one reading.

import { index, refuseUnknown, size } from '../arguments.ts'
import { equal, hashed, ordered, sorted } from '../compare.ts'
import { PyException, UnknownSignal, budgetExceeded, typeError } from '../errors.ts'
import { PyIterator, PyRange, iterOf, lenOf, listOf, tryIter } from '../iterate.ts'
import { work } from '../meter.ts'
import { binary, MOST_ITEMS } from '../operators.ts'
import { reprOf } from '../repr.ts'
import type { Runtime } from '../runtime.ts'
import { PySet } from '../set.ts'
import { textOf, truthOf, typeNameOf } from '../types.ts'
import { PyUndefined } from '../undefined.ts'
import { PyDict, PyList, PyMarkup, PyObject, PyTuple, PyUnknown, iterOfArray } from '../value.ts'
import type { CallArgs, HashKey, PyIter, Value } from '../value.ts'
import { attributeGetter, attributeParts, lowered, noAttribute, python } from './shared.ts'
import type { FilterFunction } from './shared.ts'
import { FILTERS } from './filters.ts'
import { TESTS } from '../tests.ts'
import { PyDictView, reversedView } from '../methods/dict.ts'
import { codePoints } from '../../text/python.ts'

/** `_GroupTuple`: a tuple whose parts also have names. */
class PyGroup extends PyTuple {
  override get typeName(): string { return '_GroupTuple' }
  override get qualifiedTypeName(): string { return 'jinja2.filters._GroupTuple' }
  override getattr(name: string): Value | undefined { return name === 'grouper' ? this.items[0] : name === 'list' ? this.items[1] : undefined }
}

const length: FilterFunction = (_runtime, value, args) => {
  if (args.kwargs.size > 0) throw typeError('len() takes no keyword arguments')
  if (args.args.length > 0) throw typeError(`len() takes exactly one argument (${args.args.length + 1} given)`)
  const found = lenOf(value)
  if (found === undefined) throw typeError(`object of type '${typeNameOf(value)}' has no len()`)
  return BigInt(found)
}

export const SEQUENCE_FILTERS: readonly [string, FilterFunction][] = [
  ['length', length],
  ['count', length],
  ['list', python('sync_do_list', [['value']], (runtime, value = null) => {
    if (value instanceof PySet && !value.unknown) return new PyList(value.ordered())
    return new PyList(take(runtime, value))
  })],
  ['first', python('sync_do_first', [['seq']], (runtime, seq = null) => iterOf(seq).next() ?? runtime.undefined(null, undefined, 'No first item, sequence was empty.'), ['environment'])],
  ['last', python('do_last', [['seq']], (runtime, seq = null) => reversedIter(seq).next() ?? runtime.undefined(null, undefined, 'No last item, sequence was empty.'), ['environment'])],
  ['random', python('do_random', [['seq']], (runtime, seq = null) => random(runtime, seq), ['context'])],
  ['reverse', python('do_reverse', [['value']], (_runtime, value = null) => reverse(value))],
  ['batch', python('do_batch', [['value'], ['linecount'], ['fill_with', null]], (runtime, value = null, count = null, fill = null) => generator('do_batch', () => batch(runtime, value, count, fill)))],
  ['slice', python('sync_do_slice', [['value'], ['slices'], ['fill_with', null]], (runtime, value = null, slices = null, fill = null) => generator('sync_do_slice', () => slice(runtime, value, slices, fill)))],
  ['sort', python('do_sort', [['value'], ['reverse', false], ['case_sensitive', false], ['attribute', null]], sort, ['environment'])],
  ['dictsort', python('do_dictsort', [['value'], ['case_sensitive', false], ['by', 'key'], ['reverse', false]], dictSort)],
  ['unique', python('sync_do_unique', [['value'], ['case_sensitive', false], ['attribute', null]], (runtime, value = null, sensitive = null, attribute = null) => generator('sync_do_unique', () => unique(runtime, value, sensitive, attribute)), ['environment'])],
  ['min', python('do_min', [['value'], ['case_sensitive', false], ['attribute', null]], (runtime, value = null, sensitive = null, attribute = null) => extreme(runtime, '<', value, sensitive, attribute), ['environment'])],
  ['max', python('do_max', [['value'], ['case_sensitive', false], ['attribute', null]], (runtime, value = null, sensitive = null, attribute = null) => extreme(runtime, '>', value, sensitive, attribute), ['environment'])],
  ['sum', python('sync_do_sum', [['iterable'], ['attribute', null], ['start', 0n]], sum, ['environment'])],
  ['groupby', python('sync_do_groupby', [['value'], ['attribute'], ['default', null], ['case_sensitive', false]], groupBy, ['environment'])],
  ['items', python('do_items', [['value']], (_runtime, value = null) => generator('do_items', () => items(value)))],
  ['map', (runtime, value, args) => generator('sync_do_map', () => map(runtime, value, args))],
  ['select', (runtime, value, args) => generator('select_or_reject', () => select(runtime, value, args, true, false))],
  ['reject', (runtime, value, args) => generator('select_or_reject', () => select(runtime, value, args, false, false))],
  ['selectattr', (runtime, value, args) => generator('select_or_reject', () => select(runtime, value, args, true, true))],
  ['rejectattr', (runtime, value, args) => generator('select_or_reject', () => select(runtime, value, args, false, true))],
]

/** A Python generator: nothing happens before the first item is asked for. */
function generator(_name: string, start: () => PyIter): PyIterator {
  let source: PyIter | null = null
  let done = false
  return new PyIterator('generator', {
    next: () => {
      if (done) return undefined
      try {
        source ??= start()
        const item = source.next()
        if (item === undefined) done = true
        return item
      } catch (problem) {
        done = !(problem instanceof UnknownSignal)
        throw problem
      }
    },
  })
}

function take(runtime: Runtime, value: Value): Value[] {
  const out: Value[] = []
  const iterator = iterOf(value)
  for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
    runtime.spend(1, 8)
    out.push(item)
  }
  return out
}

/** `reversed(value)`; TypeError for what has no order from the end. */
function reversedIter(value: Value): PyIter {
  refuseUnknown(value)
  const text = textOf(value)
  if (text !== undefined) {
    work(text.length >> 2)
    return iterOfArray((codePoints(text) ?? text.split('')).reverse())
  }
  if (value instanceof PyList || value instanceof PyTuple) {
    let at = value.items.length
    return { next: () => --at >= 0 ? value.items[at] : undefined }
  }
  if (value instanceof PyDict) return iterOfArray(value.keys().reverse())
  if (value instanceof PyDictView) return reversedView(value)
  if (value instanceof PyRange) {
    let at = value.count()
    return { next: () => at > 0n ? value.at(--at) : undefined }
  }
  if (value instanceof PyUndefined) {
    if (value.mode === 'run') return iterOfArray([])
    return iterOfArray([])
  }
  throw typeError(`'${typeNameOf(value)}' object is not reversible`)
}

function reverse(value: Value): Value {
  const text = textOf(value)
  if (text !== undefined) {
    work(text.length >> 2)
    const backwards = (codePoints(text) ?? text.split('')).reverse().join('')
    return value instanceof PyMarkup ? new PyMarkup(backwards) : backwards
  }
  try {
    return new PyIterator(reverseIteratorType(value), reversedIter(value))
  } catch (problem) {
    if (!(problem instanceof PyException) || problem.errorClass !== 'TypeError') throw problem
  }
  if (!tryIter(value)) throw new PyException('FilterArgumentError', 'argument must be iterable')
  return new PyList(value instanceof PySet ? value.ordered().reverse() : listOf(value).reverse())
}

function reverseIteratorType(value: Value): string {
  if (value instanceof PyList) return 'list_reverseiterator'
  if (value instanceof PyDict) return 'dict_reversekeyiterator'
  return value instanceof PyRange ? 'range_iterator' : 'reversed'
}

function random(runtime: Runtime, seq: Value): Value {
  const count = lenOf(seq)
  if (count === undefined) throw typeError(`object of type '${typeNameOf(seq)}' has no len()`)
  if (count === 0) return runtime.undefined(null, undefined, 'No random item, sequence was empty.')
  return new PyUnknown({ code: 'random', message: 'a random choice', stack: runtime.sites() })
}

function batch(runtime: Runtime, value: Value, linecount: Value, fill: Value): PyIter {
  const iterator = iterOf(value)
  let ended = false
  let ahead: Value | undefined
  return {
    next: () => {
      if (ended) return undefined
      const items: Value[] = []
      if (ahead !== undefined) { items.push(ahead); ahead = undefined }
      for (;;) {
        const item = iterator.next()
        if (item === undefined) { ended = true; break }
        runtime.spend(1, 8)
        if (equal(BigInt(items.length), linecount)) { ahead = item; return new PyList(items) }
        items.push(item)
      }
      if (items.length === 0) return undefined
      if (fill !== null && ordered('<', BigInt(items.length), linecount)) {
        const missing = size(linecount) - items.length
        if (missing > MOST_ITEMS) throw budgetExceeded('a batch too long')
        runtime.spend(missing, missing * 8)
        for (let i = 0; i < missing; i++) items.push(fill)
      }
      return new PyList(items)
    },
  }
}

function slice(runtime: Runtime, value: Value, slices: Value, fill: Value): PyIter {
  const seq = take(runtime, value)
  const count = index(slices)
  if (count === 0n) throw new PyException('ZeroDivisionError', 'integer division or modulo by zero')
  const total = BigInt(seq.length)
  const perSlice = (total - ((total % count) + count) % count) / count
  const extra = total - perSlice * count
  let offset = 0n
  let number = 0n
  return {
    next: () => {
      if (number >= count) return undefined
      runtime.spend(1)
      const start = offset + number * perSlice
      if (number < extra) offset++
      const end = offset + (number + 1n) * perSlice
      const part = seq.slice(Number(start), Number(end))
      if (fill !== null && number >= extra) part.push(fill)
      number++
      return new PyList(part)
    },
  }
}

function sort(runtime: Runtime, value: Value = null, reverseOrder: Value = null, sensitive: Value = null, attribute: Value = null): Value {
  const split = textOf(attribute)
  const paths = (split === undefined ? [attribute] : split.split(',')).map(attributeParts)
  const ignoreCase = !truthOf(sensitive)
  const key = (item: Value): Value => {
    runtime.spend(3)
    return new PyList(paths.map(parts => {
      let found = item
      for (const part of parts) found = runtime.item(found, part)
      return ignoreCase ? lowered(found) : found
    }))
  }
  return new PyList(sorted(value, key, sortReverse(reverseOrder)))
}

function sortReverse(value: Value): boolean {
  return typeof value === 'boolean' ? value : index(value) !== 0n
}

function dictSort(runtime: Runtime, value: Value = null, sensitive: Value = null, by: Value = null, reverseOrder: Value = null): Value {
  const position = textOf(by) === 'key' ? 0 : textOf(by) === 'value' ? 1 : -1
  if (position < 0) throw new PyException('FilterArgumentError', 'You can only sort by either "key" or "value"')
  const key = (pair: Value): Value => {
    runtime.spend(1)
    const part = pair instanceof PyTuple ? pair.items[position] ?? null : null
    return truthOf(sensitive) ? part : lowered(part)
  }
  return new PyList(sorted(callItems(runtime, value), key, sortReverse(reverseOrder)))
}

/** `value.items()`. */
function callItems(runtime: Runtime, value: Value): Value {
  if (value instanceof PyDict) return new PyDictView('dict_items', value)
  const method = value instanceof PyObject ? value.getattr('items') : undefined
  if (method === undefined) throw noAttribute(value, 'items')
  return runtime.call(method, { args: [], kwargs: new Map() })
}

function unique(runtime: Runtime, value: Value, sensitive: Value, attribute: Value): PyIter {
  const getter = attributeGetter(runtime, attribute, !truthOf(sensitive))
  const seen = new Set<HashKey>()
  const iterator = iterOf(value)
  return {
    next: () => {
      for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
        runtime.spend(1, 8)
        const key = hashed(getter(item))
        if (seen.has(key)) continue
        seen.add(key)
        return item
      }
      return undefined
    },
  }
}

function extreme(runtime: Runtime, op: '<' | '>', value: Value, sensitive: Value, attribute: Value): Value {
  const iterator = value instanceof PySet && !value.unknown ? iterOfArray(value.unordered()) : iterOf(value)
  let best = iterator.next()
  if (best === undefined) return runtime.undefined(null, undefined, 'No aggregated item, sequence was empty.')
  const getter = attributeGetter(runtime, attribute, !truthOf(sensitive))
  let bestKey = getter(best)
  for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
    runtime.spend(1)
    const key = getter(item)
    if (!ordered(op, key, bestKey)) continue
    best = item
    bestKey = key
  }
  return best
}

function sum(runtime: Runtime, iterable: Value = null, attribute: Value = null, start: Value = null): Value {
  const getter = attributeGetter(runtime, attribute, false)
  const iterator = iterable instanceof PySet && !iterable.unknown ? iterOfArray(iterable.unordered()) : iterOf(iterable)
  if (textOf(start) !== undefined) throw typeError("sum() can't sum strings [use ''.join(seq) instead]")
  let total = start
  for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
    runtime.spend(1)
    total = binary('+', total, attribute === null ? item : getter(item), runtime)
  }
  return total
}

function groupBy(runtime: Runtime, value: Value = null, attribute: Value = null, fallback: Value = null, sensitive: Value = null): Value {
  const ignoreCase = !truthOf(sensitive)
  const getter = attributeGetter(runtime, attribute, ignoreCase, fallback)
  const shown = attributeGetter(runtime, attribute, false, fallback)
  const groups: { key: Value; items: Value[] }[] = []
  const key = (item: Value): Value => { runtime.spend(3); return getter(item) }
  for (const item of sorted(value, key, false)) {
    runtime.spend(1, 8)
    const group = getter(item)
    const last = groups[groups.length - 1]
    if (last && equal(last.key, group)) last.items.push(item)
    else groups.push({ key: group, items: [item] })
  }
  return new PyList(groups.map(group => new PyGroup([ignoreCase ? shown(group.items[0] ?? null) : group.key, new PyList(group.items)])))
}

function items(value: Value): PyIter {
  if (value instanceof PyUndefined) return iterOfArray([])
  if (!(value instanceof PyDict)) throw typeError('Can only get item pairs from a mapping.')
  return new PyDictView('dict_items', value).iter()
}

function truthy(value: Value): boolean {
  refuseUnknown(value)
  return truthOf(value)
}

function map(runtime: Runtime, value: Value, args: CallArgs): PyIter {
  if (!truthy(value)) return iterOfArray([])
  const apply = mapFunction(runtime, args)
  const iterator = iterOf(value)
  return {
    next: () => {
      const item = iterator.next()
      if (item === undefined) return undefined
      runtime.spend(1)
      return apply(item)
    },
  }
}

function mapFunction(runtime: Runtime, { args, kwargs }: CallArgs): (item: Value) => Value {
  if (args.length === 0 && kwargs.has('attribute')) {
    for (const name of kwargs.keys()) if (name !== 'attribute' && name !== 'default') throw new PyException('FilterArgumentError', `Unexpected keyword argument '${name}'`)
    const getter = attributeGetter(runtime, kwargs.get('attribute') ?? null, false, kwargs.get('default') ?? null)
    return item => itemOrUnknown(runtime, () => getter(item))
  }
  const [name, ...rest] = args
  if (name === undefined) throw new PyException('FilterArgumentError', 'map requires a filter argument')
  const filter = FILTERS.get(textOf(name) ?? '')
  return item => {
    if (!filter) throw noNamed('filter', name)
    return itemOrUnknown(runtime, () => typeof item === 'object' && item?.unknown ? new PyUnknown(item.unknown) : filter(runtime, item, { args: rest, kwargs }, false))
  }
}

/** One unknown item does not make the whole list unknown. */
function itemOrUnknown(runtime: Runtime, compute: () => Value): Value {
  try {
    return compute()
  } catch (problem) {
    if (problem instanceof UnknownSignal) return runtime.signalled(problem)
    throw problem
  }
}

function noNamed(kind: 'filter' | 'test', name: Value): PyException {
  let message = `No ${kind} named ${reprOf(name)}.`
  if (name instanceof PyUndefined) message += ` (${name.message}; did you forget to quote the callable name?)`
  return new PyException('TemplateRuntimeError', message)
}

function select(runtime: Runtime, value: Value, { args, kwargs }: CallArgs, keep: boolean, byAttribute: boolean): PyIter {
  if (!truthy(value)) return iterOfArray([])
  const [attribute] = args
  if (byAttribute && attribute === undefined) throw new PyException('FilterArgumentError', 'Missing parameter for attribute name')
  const getter = byAttribute ? attributeGetter(runtime, attribute ?? null, false) : null
  const [name, ...rest] = byAttribute ? args.slice(1) : args
  const test = name === undefined ? null : TESTS.get(textOf(name) ?? '')
  const passes = (item: Value): boolean => {
    if (name === undefined) return truthy(item)
    if (!test) throw noNamed('test', name)
    refuseUnknown(item)
    return truthy(test(runtime, item, { args: rest, kwargs }))
  }
  const iterator = iterOf(value)
  return {
    next: () => {
      for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
        runtime.spend(1)
        if (passes(getter ? getter(item) : item) === keep) return item
      }
      return undefined
    },
  }
}

