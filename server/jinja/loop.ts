// The `loop` variable: jinja2's LoopContext, which reads ahead only when asked to.

import { PyException, typeError } from './errors.ts'
import { equal } from './compare.ts'
import { iterOf, lenOf } from './iterate.ts'
import type { Runtime } from './runtime.ts'
import { PyFunction, PyObject, PyTuple, iterOfArray } from './value.ts'
import type { CallArgs, PyIter, Value } from './value.ts'
import { bind } from './arguments.ts'

export class LoopContext extends PyObject {
  readonly typeName = 'LoopContext'
  override get qualifiedTypeName(): string { return 'jinja2.runtime.LoopContext' }
  private index0 = -1
  private iterator: PyIter
  private known: number | null = null
  private after: Value | undefined
  private current: Value | undefined
  private before: Value | undefined
  private lastChanged: Value | undefined
  private readonly iterable: Value
  private readonly runtime: Runtime
  private readonly recurse: ((iterable: Value, depth: number) => Value) | null
  private readonly depth0: number

  constructor(runtime: Runtime, iterable: Value, recurse: ((iterable: Value, depth: number) => Value) | null, depth0: number) {
    super()
    this.runtime = runtime
    this.iterable = iterable
    this.iterator = iterOf(iterable)
    this.recurse = recurse
    this.depth0 = depth0
  }

  next(): Value | undefined {
    let item = this.after
    if (item === undefined) item = this.iterator.next()
    else this.after = undefined
    if (item === undefined) return undefined
    this.index0++
    this.before = this.current
    this.current = item
    return item
  }

  private peek(): Value | undefined {
    if (this.after === undefined) this.after = this.iterator.next()
    return this.after
  }

  override length(): number {
    if (this.known !== null) return this.known
    const length = lenOf(this.iterable)
    if (length !== undefined) return this.known = length
    const rest: Value[] = []
    for (let item = this.iterator.next(); item !== undefined; item = this.iterator.next()) {
      this.runtime.spend(1, 8)
      rest.push(item)
    }
    this.iterator = iterOfArray(rest)
    return this.known = rest.length + this.index0 + 1 + (this.after === undefined ? 0 : 1)
  }
  override truthy(): boolean { return this.length() !== 0 }
  override iter(): PyIter {
    return { next: () => { const item = this.next(); return item === undefined ? undefined : new PyTuple([item, this]) } }
  }

  override getattr(name: string): Value | undefined {
    switch (name) {
      case 'index': return BigInt(this.index0 + 1)
      case 'index0': return BigInt(this.index0)
      case 'revindex': return BigInt(this.length() - this.index0)
      case 'revindex0': return BigInt(this.length() - this.index0 - 1)
      case 'first': return this.index0 === 0
      case 'last': return this.peek() === undefined
      case 'length': return BigInt(this.length())
      case 'depth': return BigInt(this.depth0 + 1)
      case 'depth0': return BigInt(this.depth0)
      case 'previtem': return this.index0 === 0 ? this.runtime.undefined(null, undefined, 'there is no previous item') : this.before ?? null
      case 'nextitem': return this.peek() ?? (this.after === null ? null : this.runtime.undefined(null, undefined, 'there is no next item'))
      case 'cycle': return new PyFunction('cycle', ({ args, kwargs }) => {
        const [unexpected] = kwargs.keys()
        if (unexpected !== undefined) throw typeError(`LoopContext.cycle() got an unexpected keyword argument '${unexpected}'`)
        if (args.length === 0) throw typeError('no items for cycling given')
        return args[this.index0 % args.length] ?? null
      })
      case 'changed': return new PyFunction('changed', ({ args }) => {
        const value = new PyTuple(args)
        if (this.lastChanged !== undefined && equal(this.lastChanged, value)) return false
        this.lastChanged = value
        return true
      })
      default: return undefined
    }
  }

  override callable(): boolean { return true }
  override call(args: CallArgs): Value {
    const [iterable = null] = bind('LoopContext.__call__', [['iterable']], args, ['self'])
    if (!this.recurse) throw typeError("The loop must have the 'recursive' marker to be called recursively.")
    if (this.depth0 > 150) throw new PyException('RecursionError', 'maximum recursion depth exceeded')
    return this.recurse(iterable, this.depth0 + 1)
  }
  override repr(): string { return `<LoopContext ${this.index0 + 1}/${this.length()}>` }
}
