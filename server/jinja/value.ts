// The values of templates. They are Python's, held in types of our own, so that no template text ever reaches a JavaScript object:
//   None null · bool boolean · int bigint (any size) · float number · str string (length and indexes count code points) · all else a PyObject.
// A PyObject is asked by name through `getattr`, never through JavaScript's property access.

import { UnknownSignal, PyException } from './errors.ts'
import { work } from './meter.ts'

export type Value = null | boolean | bigint | number | string | PyObject

/** Arguments of a call, already evaluated; keyword order is kept. */
export interface CallArgs {
  readonly args: readonly Value[]
  readonly kwargs: ReadonlyMap<string, Value>
}

/** What a callee may ask of the evaluation that calls it. Made by the evaluator; host functions only read it. */
export interface CallContext {
  /** Where the call stands, innermost first: the call itself, then the macro calls that led to it; the last is in the node's own text. */
  readonly stack: readonly CallSite[]
  /** The literal string that is the last positional argument of the running call, without its quotes, where that call stands in the text that is evaluated itself. */
  readonly literal: Pick<CallSite, 'start' | 'end'> | null
  /** False while the evaluation explores a branch or loop that hangs on an unknown: the call may or may not happen. */
  readonly certain: boolean
  /** What the branch hangs on; null when `certain`. */
  readonly because: UnknownOrigin | null
  /** Spends budget; throws BudgetExceeded when there is none left. `bytes` for text or list growth. */
  spend(steps: number, bytes?: number): void
  /** To be called before a list, dict, set or namespace that a template can see is changed: in an uncertain branch it becomes unknown. */
  touch(object: PyObject): void
  /** `object.name` and `object[key]` as the template would get them. */
  attribute(object: Value, name: string): Value
  item(object: Value, key: Value): Value
  /** Calls any callable value. */
  call(callee: Value, args: CallArgs): Value
}

export interface CallSite {
  readonly path: string
  readonly start: number
  readonly end: number
  /** The unique id or name of the macro whose body holds this site; null in the node's own text. */
  readonly inMacro: string | null
}

/** Python's iterator: the next item, or undefined when there is none (None is null). */
export interface PyIter { next(): Value | undefined }

export type BinaryOp = '+' | '-' | '*' | '/' | '//' | '%' | '**'

/** What a value is filed under in a dict or set: equal values have the same key. */
export type HashKey = string | bigint | number | null | PyObject

/** Everything that is no primitive. Subclasses answer the questions Python would ask of the object. */
export abstract class PyObject {
  /** Python's type name, as in error messages: 'list', 'dict', 'Relation' … */
  abstract readonly typeName: string
  /** Set when the value hangs on something unknown (see PyUnknown and evaluate.ts). */
  unknown: UnknownOrigin | null = null
  /** The type's name with its module, as jinja2's `object_type_repr` says it; builtins have no module. */
  get qualifiedTypeName(): string { return this.typeName }
  /** `obj.name`; undefined when there is no such attribute (the evaluator then tries the item, then makes an Undefined). */
  getattr(_name: string): Value | undefined { return undefined }
  /** `obj[key]`; undefined when there is no such item. */
  getitem(_key: Value): Value | undefined { return undefined }
  /** Whether Python would let one subscribe it at all (`__getitem__`). */
  subscriptable(): boolean { return false }
  /** Whether it is a collections.abc.Mapping (`is mapping`, `**`). */
  isMapping(): boolean { return false }
  /** Python's truth value. */
  truthy(): boolean { return this.length() !== 0 }
  /** `len(obj)`; undefined when it has none. */
  length(): number | undefined { return undefined }
  /** `iter(obj)`; undefined when it cannot be iterated. */
  iter(): PyIter | undefined { return undefined }
  /** `value in obj`; undefined makes the evaluator iterate. */
  contains(_value: Value): boolean | undefined { return undefined }
  /** `obj == other`; undefined means "not my business" (identity decides in the end). */
  equals(_other: Value): boolean | undefined { return undefined }
  /** Sign of `obj - other` for `<` and the like; undefined when not ordered. */
  compare(_other: Value): number | undefined { return undefined }
  /** What to hash under; undefined when unhashable. */
  hashKey(): HashKey | undefined { return this }
  /** `obj op other` (or `other op obj` when reflected); undefined when not supported. */
  binary(_op: BinaryOp, _other: Value, _reflected: boolean): Value | undefined { return undefined }
  /** `+obj`, `-obj`; undefined when it has no sign. */
  unary(_op: '+' | '-'): Value | undefined { return undefined }
  /** Whether `callable(obj)`. */
  callable(): boolean { return false }
  /** `obj(...)`; only asked when `callable()`. */
  call(_args: CallArgs, _context: CallContext): Value { return null }
  /** `str(obj)`; defaults to `repr`. */
  str(): string { return this.repr() }
  /** Python's own default shows the address in memory, which nobody can know. */
  repr(): string { throw new UnknownSignal({ code: 'address', message: `Python prints the address in memory of this ${this.typeName}`, stack: [] }) }
}

/** A callable implemented by us. `name` is for messages. */
export class PyFunction extends PyObject {
  get typeName(): string { return 'function' }
  readonly name: string
  readonly invoke: (args: CallArgs, context: CallContext) => Value
  constructor(name: string, invoke: (args: CallArgs, context: CallContext) => Value) {
    super()
    this.name = name
    this.invoke = invoke
  }
  override callable(): boolean { return true }
  override call(args: CallArgs, context: CallContext): Value { return this.invoke(args, context) }
}

export class PyList extends PyObject {
  get typeName(): string { return 'list' }
  items: Value[]
  constructor(items: Value[]) { super(); this.items = items }
  override truthy(): boolean { return this.items.length > 0 }
  override length(): number { return this.items.length }
  override subscriptable(): boolean { return true }
  override hashKey(): HashKey | undefined { return undefined }
  override iter(): PyIter {
    // One that has run dry stays so, whatever is appended (listobject.c lets go of the list).
    let index = 0
    return {
      next: () => {
        if (index < this.items.length) return this.items[index++]
        index = Infinity
        return undefined
      },
    }
  }
}

export class PyTuple extends PyObject {
  get typeName(): string { return 'tuple' }
  readonly items: readonly Value[]
  constructor(items: readonly Value[]) { super(); this.items = items }
  override truthy(): boolean { return this.items.length > 0 }
  override length(): number { return this.items.length }
  override subscriptable(): boolean { return true }
  override hashKey(): HashKey | undefined { return tupleKey(this.items) }
  override iter(): PyIter { return iterOfArray(this.items) }
}

/** A dict: insertion order, Python's equality of keys (`1`, `1.0` and `True` are one key). */
export class PyDict extends PyObject {
  get typeName(): string { return 'dict' }
  private table: Map<HashKey, DictEntry> | null = null
  constructor(items: Iterable<readonly [Value, Value]> = []) {
    super()
    for (const item of items) {
      work(1)
      this.set(item[0], item[1])
    }
  }
  get entries(): Map<HashKey, DictEntry> { return this.table ??= this.filled() }
  /** The first entries of a dict that is filled when it is first looked into. */
  protected filled(): Map<HashKey, DictEntry> { return new Map() }
  protected get isFilled(): boolean { return this.table !== null }
  get(key: Value): Value | undefined {
    const hash = keyOf(key)
    return hash === undefined ? undefined : this.entries.get(hash)?.value
  }
  has(key: Value): boolean {
    const hash = keyOf(key)
    return hash !== undefined && this.entries.has(hash)
  }
  /** The caller has checked that the key is hashable (`keyOf`); an unhashable one is dropped. */
  set(key: Value, value: Value): void {
    const hash = keyOf(key)
    if (hash === undefined) return
    const entry = this.entries.get(hash)
    if (entry) entry.value = value
    else this.entries.set(hash, { key, value })
  }
  delete(key: Value): boolean {
    const hash = keyOf(key)
    return hash !== undefined && this.entries.delete(hash)
  }
  keys(): Value[] { work(this.entries.size >> 1); return Array.from(this.entries.values(), entry => entry.key) }
  values(): Value[] { work(this.entries.size >> 1); return Array.from(this.entries.values(), entry => entry.value) }
  items(): [Value, Value][] {
    work(this.entries.size)
    const items: [Value, Value][] = []
    for (const entry of this.entries.values()) items.push([entry.key, entry.value])
    return items
  }
  override isMapping(): boolean { return true }
  override getitem(key: Value): Value | undefined { return this.get(key) }
  override truthy(): boolean { return this.entries.size > 0 }
  override length(): number { return this.entries.size }
  override subscriptable(): boolean { return true }
  override hashKey(): HashKey | undefined { return undefined }
  override iter(): PyIter {
    const keys = this.entries.values()
    const { size } = this.entries
    let done = false
    return {
      next: () => {
        // One that has run dry stays so, whatever becomes of the dict (dictobject.c lets go of it).
        if (done) return undefined
        if (this.entries.size !== size) throw new PyException('RuntimeError', 'dictionary changed size during iteration')
        const entry = keys.next().value
        done = entry === undefined
        return entry?.key
      },
    }
  }
}

/** A dict whose values are made when they are asked for, and all of them when it is looked through, printed or changed. */
export class PyLazyDict extends PyDict {
  private readonly names: () => Iterable<string>
  private readonly make: (name: string) => Value | undefined
  private readonly made = new Map<string, Value | undefined>()
  /** `make` says undefined for a key that the dict does not have. */
  constructor(names: () => Iterable<string>, make: (name: string) => Value | undefined) {
    super()
    this.names = names
    this.make = make
  }
  override get(key: Value): Value | undefined { return this.isFilled || typeof key !== 'string' ? super.get(key) : this.field(key) }
  override has(key: Value): boolean { return this.isFilled || typeof key !== 'string' ? super.has(key) : this.field(key) !== undefined }
  private field(name: string): Value | undefined {
    let value = this.made.get(name)
    if (value === undefined && !this.made.has(name)) this.made.set(name, value = this.make(name))
    return value
  }
  protected override filled(): Map<HashKey, DictEntry> {
    const table = new Map<HashKey, DictEntry>()
    for (const name of this.names()) {
      const value = this.field(name)
      const hash = keyOf(name)
      if (value !== undefined && hash !== undefined) table.set(hash, { key: name, value })
    }
    return table
  }
}

export interface DictEntry { readonly key: Value; value: Value }

/** A str subclass: `Markup`, and dbt's markers of native rendering. Behaves as its text. */
export abstract class PyStr extends PyObject {
  readonly text: string
  constructor(text: string) { super(); this.text = text }
  override truthy(): boolean { return this.text !== '' }
  override subscriptable(): boolean { return true }
  override hashKey(): HashKey { return stringKey(this.text) }
  override str(): string { return this.text }
}

/** markupsafe's Markup: escapes what its own operators and methods join to it. */
export class PyMarkup extends PyStr {
  readonly typeName = 'Markup'
  override get qualifiedTypeName(): string { return 'markupsafe.Markup' }
}

/** dbt's `as_text`, `as_bool`, `as_number`, `as_native` in native rendering. */
export class PyMarker extends PyStr {
  readonly typeName: 'TextMarker' | 'BoolMarker' | 'NumberMarker' | 'NativeMarker'
  constructor(kind: 'TextMarker' | 'BoolMarker' | 'NumberMarker' | 'NativeMarker', text: string) { super(text); this.typeName = kind }
  override get qualifiedTypeName(): string { return `dbt_common.clients.jinja.${this.typeName}` }
}

/** jinja2's `namespace()`: the one thing whose attributes `{% set ns.x = … %}` writes. */
export class PyNamespace extends PyObject {
  readonly typeName = 'Namespace'
  override get qualifiedTypeName(): string { return 'jinja2.utils.Namespace' }
  readonly attributes = new Map<string, Value>()
  override getattr(name: string): Value | undefined { return this.attributes.get(name) }
}

/** What only a warehouse or the moment can say. It spreads through every operation; see evaluate.ts. */
export class PyUnknown extends PyObject {
  get typeName(): string { return 'unknown' }
  readonly origin: UnknownOrigin
  /** Whatever it is, it is something: `is defined` is true. */
  readonly present: boolean
  constructor(origin: UnknownOrigin, present = false) { super(); this.origin = origin; this.unknown = origin; this.present = present }
}

/** `code` is stable and kebab-case (run-query, get-relation, columns, now, invocation, missing-macro …); `message` says it in words. */
export interface UnknownOrigin {
  readonly code: string
  readonly message: string
  readonly stack: readonly CallSite[]
}

/** The dict key of a value: equal values have equal keys. Undefined when the value is unhashable. */
export function keyOf(value: Value): HashKey | undefined {
  switch (typeof value) {
    case 'string': return value.charCodeAt(0) === 0 ? stringKey(value) : value
    case 'bigint': return value
    case 'boolean': return value ? 1n : 0n
    case 'number': return Number.isInteger(value) ? BigInt(value) : value
    default: return value === null ? null : value.hashKey()
  }
}

function stringKey(text: string): string { return text.charCodeAt(0) === 0 ? '\0s' + text : text }

function tupleKey(items: readonly Value[]): string | undefined {
  let key = '\0t'
  work(items.length >> 2)
  for (const item of items) {
    const part = keyOf(item)
    if (part === undefined) return undefined
    const text = typeof part === 'object' && part !== null ? '#' + identity(part) : typeof part === 'string' ? '"' + part : typeof part === 'number' ? 'f' + part : String(part)
    key += `${text.length}:${text}`
    work(text.length >> 8)
    // Tuples of tuples of the same tuple double with every level.
    if (key.length > 1_000_000) throw new PyException('BudgetExceeded', 'a tuple too large to hash')
  }
  return key
}

const identities = new WeakMap<PyObject, number>()
let lastIdentity = 0
/** A number for an object, the same for its whole life (Python's `id`). */
export function identity(object: PyObject): number {
  let id = identities.get(object)
  if (id === undefined) { id = ++lastIdentity; identities.set(object, id) }
  return id
}

export function iterOfArray(items: readonly Value[]): PyIter {
  let index = 0
  return { next: () => index < items.length ? items[index++] : undefined }
}
