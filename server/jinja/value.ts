// The values of templates. They are Python's, held in types of our own, so that no template text ever reaches a JavaScript object:
//   None null · bool boolean · int bigint (any size) · float number · str string (length and indexes count code points) · all else a PyObject.
// A PyObject is asked by name through `getattr`, never through JavaScript's property access.

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
  /** Spends budget; throws BudgetExceeded when there is none left. `bytes` for text or list growth. */
  spend(steps: number, bytes?: number): void
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

/** Everything that is no primitive. Subclasses answer the questions Python would ask of the object. */
export abstract class PyObject {
  /** Python's type name, as in error messages: 'list', 'dict', 'Relation' … */
  abstract readonly typeName: string
  /** `obj.name`; undefined when there is no such attribute (the evaluator then tries the item, then makes an Undefined). */
  getattr(_name: string): Value | undefined { return undefined }
  /** `obj[key]`; undefined when there is no such item. */
  getitem(_key: Value): Value | undefined { return undefined }
  /** Python's truth value. */
  truthy(): boolean { return true }
  /** `str(obj)`; defaults to `repr`. */
  str(): string { return this.repr() }
  repr(): string { return `<${this.typeName} object>` }
}

/** A callable implemented by us. `name` is for messages. */
export class PyFunction extends PyObject {
  readonly typeName = 'function'
  readonly name: string
  readonly invoke: (args: CallArgs, context: CallContext) => Value
  constructor(name: string, invoke: (args: CallArgs, context: CallContext) => Value) {
    super()
    this.name = name
    this.invoke = invoke
  }
  override repr(): string { return `<function ${this.name}>` }
}

export class PyList extends PyObject {
  readonly typeName = 'list'
  items: Value[]
  constructor(items: Value[]) { super(); this.items = items }
  override truthy(): boolean { return this.items.length > 0 }
}

export class PyTuple extends PyObject {
  readonly typeName = 'tuple'
  readonly items: readonly Value[]
  constructor(items: readonly Value[]) { super(); this.items = items }
  override truthy(): boolean { return this.items.length > 0 }
}

/** What only a warehouse or the moment can say. It spreads through every operation; see evaluate.ts. */
export class PyUnknown extends PyObject {
  readonly typeName = 'unknown'
  readonly origin: UnknownOrigin
  constructor(origin: UnknownOrigin) { super(); this.origin = origin }
}

/** `code` is stable and kebab-case (run-query, get-relation, columns, now, invocation, missing-macro …); `message` says it in words. */
export interface UnknownOrigin {
  readonly code: string
  readonly message: string
  readonly stack: readonly CallSite[]
}
