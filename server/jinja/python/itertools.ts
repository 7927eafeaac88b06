// `modules.itertools` as dbt shows it: lazy, each item paid for. dbt wraps the members in plain functions, so `chain.from_iterable` does not exist there.

import { bind, named } from '../arguments.ts'
import { PyException, typeError, valueError } from '../errors.ts'
import { PyIterator, iterOf, listOf } from '../iterate.ts'
import { binary } from '../operators.ts'
import { intOf, truthOf, typeNameOf } from '../types.ts'
import { PyFunction, PyTuple, type CallArgs, type CallContext, type PyIter, type Value } from '../value.ts'

type Make = (given: CallArgs, context: CallContext) => PyIter | Value

/** The members: those of dbt's list `get_itertools_module_context`. */
export function itertoolsModule(): ReadonlyMap<string, Value> {
  return new Map(Array.from(MEMBERS, ([name, make]): [string, Value] => [name, new PyFunction(name, (given, context) => {
    const made = make(given, context)
    if (typeof made !== 'object' || made === null || !isSource(made)) return made
    return new PyIterator(`itertools.${name}`, { next: () => {
      const item = made.next()
      context.spend(item instanceof PyTuple ? 1 + (item.items.length >> 2) : 1, 16)
      return item
    } })
  })]))
}

class Source implements PyIter {
  readonly next: () => Value | undefined
  constructor(next: () => Value | undefined) { this.next = next }
}

function isSource(value: PyIter | Value): value is Source { return value instanceof Source }

function positional({ args, kwargs }: CallArgs, name: string): readonly Value[] {
  if (kwargs.size > 0) throw typeError(`${name}() takes no keyword arguments`)
  return args
}

function one(args: readonly Value[], index: number, name: string, count: number): Value {
  const value = args[index]
  if (value === undefined) throw typeError(`${name} expected ${count === 1 ? '1 argument' : `at least ${count} arguments`}, got ${args.length}`)
  return value
}

const MEMBERS: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['count', (given, context) => {
    const { start, step } = named('count', given, ['start', 'step'])
    for (const value of [start, step]) if (value !== undefined && intOf(value) === undefined && typeof value !== 'number') throw typeError('a number is required')
    let current: Value = start ?? 0n
    return new Source(() => {
      const value = current
      current = binary('+', current, step ?? 1n, context)
      return value
    })
  }],
  ['cycle', given => {
    const source = iterOf(one(positional(given, 'cycle'), 0, 'cycle', 1))
    const saved: Value[] = []
    let done = false
    let at = 0
    return new Source(() => {
      if (!done) {
        const item = source.next()
        if (item !== undefined) { saved.push(item); return item }
        done = true
      }
      return saved.length === 0 ? undefined : saved[at++ % saved.length]
    })
  }],
  ['repeat', given => {
    const { object, times } = named('repeat', given, ['object', 'times'])
    if (object === undefined) throw typeError("repeat() missing required argument 'object' (pos 1)")
    let left = times === undefined ? null : intOf(times)
    if (left === undefined) throw typeError(`'${typeNameOf(times ?? null)}' object cannot be interpreted as an integer`)
    return new Source(() => left === null ? object : left !== undefined && left-- > 0n ? object : undefined)
  }],
  ['accumulate', (given, context) => {
    const { iterable, func, initial } = named('accumulate', given, ['iterable', 'func', 'initial'])
    const source = iterOf(iterable ?? null)
    let total: Value | undefined
    let first = initial !== undefined && initial !== null
    return new Source(() => {
      if (first) {
        first = false
        total = initial
        return total
      }
      const item = source.next()
      if (item === undefined) return undefined
      total = total === undefined ? item : func === undefined || func === null ? binary('+', total, item, context) : context.call(func, { args: [total, item], kwargs: new Map() })
      return total
    })
  }],
  ['chain', given => {
    const sources = positional(given, 'chain')
    let at = 0
    let current: PyIter | null = null
    return new Source(() => {
      for (;;) {
        if (current === null) {
          const next = sources[at++]
          if (next === undefined) return undefined
          current = iterOf(next)
        }
        const item: Value | undefined = current.next()
        if (item !== undefined) return item
        current = null
      }
    })
  }],
  ['compress', given => {
    const [data = null, selectors = null] = bind('compress', [['data'], ['selectors']], given)
    const [items, choices] = [iterOf(data), iterOf(selectors)]
    return new Source(() => {
      for (;;) {
        const item = items.next()
        const choice = item === undefined ? undefined : choices.next()
        if (item === undefined || choice === undefined) return undefined
        if (truthOf(choice)) return item
      }
    })
  }],
  ['islice', given => {
    const args = positional(given, 'islice')
    if (args.length < 2 || args.length > 4) throw typeError(args.length < 2 ? `islice expected at least 2 arguments, got ${args.length}` : `islice expected at most 4 arguments, got ${args.length}`)
    const source = iterOf(args[0] ?? null)
    const bound = (value: Value | undefined, fallback: number, message: string, least: bigint): number => {
      if (value === undefined || value === null) return fallback
      const int = intOf(value)
      if (int === undefined || int < least) throw valueError(message)
      return Number(int)
    }
    const many = args.length > 2
    const stop = bound(many ? args[2] : args[1], Infinity, many ? 'Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.' : 'Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.', 0n)
    const start = many ? bound(args[1], 0, 'Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.', 0n) : 0
    const step = bound(args[3], 1, 'Step for islice() must be a positive integer or None.', 1n)
    let position = 0
    let wanted = start
    return new Source(() => {
      if (wanted >= stop) {
        while (position < Math.min(start, stop) && source.next() !== undefined) position++
        return undefined
      }
      for (;;) {
        const item = source.next()
        if (item === undefined) { wanted = Infinity; return undefined }
        if (position++ === wanted) { wanted += step; return item }
      }
    })
  }],
  ['starmap', (given, context) => {
    const [callee = null, iterable = null] = [one(positional(given, 'starmap'), 0, 'starmap', 2), one(given.args, 1, 'starmap', 2)]
    const source = iterOf(iterable)
    return new Source(() => {
      const item = source.next()
      return item === undefined ? undefined : context.call(callee, { args: listOf(item), kwargs: new Map() })
    })
  }],
  ['tee', given => {
    const args = positional(given, 'tee')
    const source = iterOf(one(args, 0, 'tee', 1))
    const copies = intOf(args[1] ?? 2n)
    if (copies === undefined) throw typeError(`'${typeNameOf(args[1] ?? null)}' object cannot be interpreted as an integer`)
    if (copies < 0n) throw valueError('n must be >= 0')
    if (copies > 100_000n) throw new PyException('MemoryError', '')
    const buffer: Value[] = []
    return new PyTuple(Array.from({ length: Number(copies) }, () => {
      let at = 0
      return new PyIterator('itertools._tee', {
        next: () => {
          if (at === buffer.length) {
            const item = source.next()
            if (item === undefined) return undefined
            buffer.push(item)
          }
          return buffer[at++]
        },
      })
    }))
  }],
  ['zip_longest', given => {
    for (const key of given.kwargs.keys()) if (key !== 'fillvalue') throw typeError('zip_longest() got an unexpected keyword argument')
    const fill = given.kwargs.get('fillvalue') ?? null
    const sources: (PyIter | null)[] = given.args.map(iterOf)
    return new Source(() => {
      const row = sources.map((source, i) => {
        const item = source?.next()
        if (item === undefined) sources[i] = null
        return item
      })
      return row.some(item => item !== undefined) ? new PyTuple(row.map(item => item ?? fill)) : undefined
    })
  }],
  ['product', given => {
    for (const key of given.kwargs.keys()) if (key !== 'repeat') throw typeError(`'${key}' is an invalid keyword argument for product()`)
    const repeat = intOf(given.kwargs.get('repeat') ?? 1n)
    if (repeat === undefined) throw typeError(`'${typeNameOf(given.kwargs.get('repeat') ?? null)}' object cannot be interpreted as an integer`)
    if (repeat < 0n) throw valueError('repeat argument cannot be negative')
    if (repeat > 10_000n) throw new PyException('MemoryError', '')
    const once = given.args.map(listOf)
    const pools = Array.from({ length: Number(repeat) }, () => once).flat()
    return rows(pools.some(pool => pool.length === 0) ? null : pools.map(() => 0), indexes => indexes.map((index, i) => pools[i]?.[index] ?? null), indexes => {
      for (let i = indexes.length - 1; i >= 0; i--) {
        indexes[i] = (indexes[i] ?? 0) + 1
        if ((indexes[i] ?? 0) < (pools[i]?.length ?? 0)) return true
        indexes[i] = 0
      }
      return false
    })
  }],
  ['combinations', given => combinations(given, 'combinations', 1)],
  ['combinations_with_replacement', given => combinations(given, 'combinations_with_replacement', 0)],
  ['permutations', given => {
    const [iterable = null, r = null] = bind('permutations', [['iterable'], ['r', null]], given)
    const pool = listOf(iterable)
    const size = r === null ? pool.length : length(r)
    const order = pool.map((_, i) => i)
    const cycles = Array.from({ length: Math.min(size, pool.length) }, (_, i) => pool.length - i)
    return rows(size > pool.length ? null : order, indexes => indexes.slice(0, size).map(index => pool[index] ?? null), indexes => {
      for (let i = size - 1; i >= 0; i--) {
        cycles[i] = (cycles[i] ?? 0) - 1
        if (cycles[i] === 0) {
          indexes.push(...indexes.splice(i, 1))
          cycles[i] = pool.length - i
        } else {
          const j = pool.length - (cycles[i] ?? 0)
          const swapped = indexes[i] ?? 0
          indexes[i] = indexes[j] ?? 0
          indexes[j] = swapped
          return true
        }
      }
      return false
    })
  }],
])

function length(value: Value): number {
  const int = intOf(value)
  if (int === undefined) throw typeError('Expected int as r')
  if (int < 0n) throw valueError('r must be non-negative')
  return Number(int)
}

/** `gap`: 1 when an item may not come twice, else 0. */
function combinations(given: CallArgs, name: string, gap: 0 | 1): PyIter {
  const [iterable = null, r = null] = bind(name, [['iterable'], ['r']], given)
  const pool = listOf(iterable)
  const size = length(r)
  if (size > 100_000) throw new PyException('MemoryError', '')
  const possible = gap === 1 ? size <= pool.length : pool.length > 0 || size === 0
  return rows(possible ? Array.from({ length: size }, (_, i) => i * gap) : null, indexes => indexes.map(index => pool[index] ?? null), indexes => {
    for (let i = size - 1; i >= 0; i--) {
      const most = gap === 1 ? pool.length - size + i : pool.length - 1
      if ((indexes[i] ?? 0) >= most) continue
      const value = (indexes[i] ?? 0) + 1
      for (let j = i; j < size; j++) indexes[j] = value + (j - i) * gap
      return true
    }
    return false
  })
}

/** One tuple after another: `indexes` is moved on by `advance` until it says false; null gives nothing at all. */
function rows(indexes: number[] | null, row: (indexes: readonly number[]) => Value[], advance: (indexes: number[]) => boolean): Source {
  let state: 'first' | 'more' | 'done' = indexes === null ? 'done' : 'first'
  return new Source(() => {
    if (state === 'done' || indexes === null) return undefined
    if (state === 'more' && !advance(indexes)) {
      state = 'done'
      return undefined
    }
    state = 'more'
    return new PyTuple(row(indexes))
  })
}
