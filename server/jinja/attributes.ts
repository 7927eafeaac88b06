// jinja2's `getattr` and `getitem` of the sandbox: attribute before item or item before attribute, unsafe names, undefined for what is not there.

import { UnknownSignal } from './errors.ts'
import { itemOf } from './operators.ts'
import { DICT_METHODS, DICT_MUTATORS } from './methods/dict.ts'
import { LIST_METHODS, LIST_MUTATORS, TUPLE_METHODS } from './methods/list.ts'
import { SET_METHODS, SET_MUTATORS } from './methods/set.ts'
import { STR_METHODS } from './methods/str.ts'
import { FLOAT_METHODS, INT_METHODS } from './methods/number.ts'
import type { Runtime } from './runtime.ts'
import { PySet } from './set.ts'
import { intOf, typeNameOf } from './types.ts'
import { PyDict, PyList, PyObject, PyStr, PyTuple, PyUnknown } from './value.ts'
import type { CallArgs, CallContext, Value } from './value.ts'

/** `obj.name`. */
export function getAttribute(runtime: Runtime, object: Value, name: string): Value {
  if (typeof object === 'object' && object?.unknown) return new PyUnknown(object.unknown)
  const value = attributeOf(object, name)
  if (value !== undefined) return name.startsWith('_') ? unsafe(runtime, object, name) : value
  const item = itemOf(object, name)
  return item === undefined ? runtime.undefined(name, object) : item
}

/** `obj[key]`. */
export function getItem(runtime: Runtime, object: Value, key: Value): Value {
  if (typeof object === 'object' && object?.unknown) return new PyUnknown(object.unknown)
  if (typeof key === 'object' && key?.unknown) return new PyUnknown(key.unknown)
  const item = itemOf(object, key)
  if (item !== undefined) return item
  const name = typeof key === 'string' ? key : key instanceof PyStr ? key.text : null
  if (name !== null) {
    const value = attributeOf(object, name)
    if (value !== undefined) return name.startsWith('_') ? unsafe(runtime, object, name) : value
  }
  return runtime.undefined(key, object)
}

function unsafe(runtime: Runtime, object: Value, name: string): Value {
  return runtime.undefined(name, object, `access to attribute '${name}' of '${typeNameOf(object)}' object is unsafe.`, 'SecurityError')
}

type Method = (self: Value, args: CallArgs, context: CallContext) => Value

/** The method of a builtin type, and whether it changes its object. */
export function methodOf(object: Value, name: string): { readonly run: Method; readonly mutates: boolean } | undefined {
  const table = tableOf(object)
  const run = table?.methods.get(name)
  return run && { run, mutates: table?.mutators?.has(name) ?? false }
}

interface Table { readonly methods: ReadonlyMap<string, Method>; readonly mutators: ReadonlySet<string> | null }

// Each table's functions take the type that tableOf hands them.
const table = (methods: ReadonlyMap<string, unknown>, mutators: ReadonlySet<string> | null = null): Table => ({ methods: methods as ReadonlyMap<string, Method>, mutators })
const STR = table(STR_METHODS)
const LIST = table(LIST_METHODS, LIST_MUTATORS)
const TUPLE = table(TUPLE_METHODS)
const DICT = table(DICT_METHODS, DICT_MUTATORS)
const SET = table(SET_METHODS, SET_MUTATORS)
const INT = table(INT_METHODS)
const FLOAT = table(FLOAT_METHODS)

function tableOf(object: Value): Table | null {
  switch (typeof object) {
    case 'string': return STR
    case 'bigint': case 'boolean': return INT
    case 'number': return FLOAT
    default:
      if (object instanceof PyList) return LIST
      if (object instanceof PyDict) return DICT
      if (object instanceof PyStr) return STR
      if (object instanceof PyTuple) return TUPLE
      return object instanceof PySet ? SET : null
  }
}

/** Methods of text that go through it letter by letter. */
const LETTER_BY_LETTER: ReadonlySet<unknown> = new Set(['title', 'swapcase', 'capitalize', 'casefold', 'expandtabs', 'istitle', 'isalpha', 'isalnum', 'isidentifier', 'isprintable', 'rsplit', 'translate', 'maketrans'].map(name => STR_METHODS.get(name)))

/** Methods of list that do not go through all of it, or count themselves what they do. */
const SHORT: ReadonlySet<unknown> = new Set(['append', 'extend', 'insert', 'pop', 'sort', 'index', 'count'].map(name => LIST_METHODS.get(name)))

/** Python's `getattr(object, name)`; undefined when there is no such attribute. Unsafe names answer too. */
export function attributeOf(object: Value, name: string): Value | undefined {
  if (object instanceof PyObject && !(object instanceof PyStr)) {
    const own = object.getattr(name)
    if (own !== undefined) return own
  }
  const method = methodOf(object, name)
  if (method) return new PyMethod(object, name, method.run, method.mutates)
  if (name.startsWith('__') && isReal(object, name)) return null
  return typeof object === 'number' || intOf(object) !== undefined ? numberAttribute(object as bigint | number | boolean, name) : undefined
}

function numberAttribute(value: bigint | number | boolean, name: string): Value | undefined {
  const plain = typeof value === 'boolean' ? (value ? 1n : 0n) : value
  switch (name) {
    case 'real': return plain
    case 'imag': return typeof plain === 'bigint' ? 0n : 0
    case 'numerator': return typeof plain === 'bigint' ? plain : undefined
    case 'denominator': return typeof plain === 'bigint' ? 1n : undefined
    default: return undefined
  }
}

const OBJECT_NAMES = new Set(['class', 'doc', 'init', 'new', 'repr', 'str', 'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'hash', 'dir', 'getattribute', 'setattr', 'delattr', 'reduce', 'reduce_ex', 'sizeof', 'format', 'subclasshook', 'init_subclass', 'getstate'].map(name => `__${name}__`))
const CONTAINER_NAMES = new Set(['len', 'iter', 'contains', 'getitem'].map(name => `__${name}__`))
const SEQUENCE_NAMES = new Set(['add', 'mul', 'rmul'].map(name => `__${name}__`))

/** Whether Python's object has this `__name__`: then it is refused, else it is looked up as an item. */
function isReal(object: Value, name: string): boolean {
  if (OBJECT_NAMES.has(name)) return true
  if (object instanceof PySet) return name === '__len__' || name === '__iter__' || name === '__contains__'
  const container = typeof object === 'string' || object instanceof PyStr || object instanceof PyList || object instanceof PyTuple
  if (container || object instanceof PyDict) return CONTAINER_NAMES.has(name) || (container && SEQUENCE_NAMES.has(name))
  return object === null ? name === '__bool__' : object instanceof PyObject && object.callable() && (name === '__call__' || name === '__code__' || name === '__globals__' || name === '__name__' || name === '__module__' || name === '__dict__')
}

/** A method taken off its object. */
class PyMethod extends PyObject {
  readonly typeName = 'builtin_function_or_method'
  readonly self: Value
  readonly name: string
  private readonly run: Method
  private readonly mutates: boolean
  constructor(self: Value, name: string, run: Method, mutates: boolean) {
    super()
    this.self = self
    this.name = name
    this.run = run
    this.mutates = mutates
  }
  override callable(): boolean { return true }
  override call(args: CallArgs, context: CallContext): Value { return runMethod(this.self, this.run, this.mutates, args, context) }
  override equals(other: Value): boolean | undefined { return other instanceof PyMethod ? other.self === this.self && other.name === this.name : undefined }
}

/** Runs a method; one that meets an unknown half-way leaves a changed object unknown. */
export function runMethod(self: Value, run: Method, mutates: boolean, args: CallArgs, context: CallContext): Value {
  // Searching, copying and turning a long list costs; what changes its end alone does not.
  if (self instanceof PyList && self.items.length > 64 && !SHORT.has(run)) context.spend(self.items.length >> 6)
  else if (typeof self === 'string' && self.length > 64) context.spend(self.length >> (LETTER_BY_LETTER.has(run) ? 1 : 8))
  try {
    const result = run(self, args, context)
    if (result instanceof PyList && typeof self === 'string') context.spend(result.items.length >> 1, result.items.length * 8)
    return result
  } catch (problem) {
    if (mutates && problem instanceof UnknownSignal && self instanceof PyObject) self.unknown ??= problem.origin
    throw problem
  }
}

