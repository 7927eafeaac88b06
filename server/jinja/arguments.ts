// Binding call arguments to parameters, with the messages CPython gives for each kind of callee.

import { UnknownSignal, typeError } from './errors.ts'
import { intOf, textOf, typeNameOf } from './types.ts'
import { PyException } from './errors.ts'
import type { CallArgs, Value } from './value.ts'

export const NO_KWARGS: ReadonlyMap<string, Value> = new Map()

/** Arguments of a C function without keywords. `owner` is the type for the messages that name it, null where CPython does not. */
export function noArguments(owner: string, name: string, { args, kwargs }: CallArgs): void {
  if (kwargs.size > 0) throw typeError(`${owner}.${name}() takes no keyword arguments`)
  if (args.length > 0) throw typeError(`${owner}.${name}() takes no arguments (${args.length} given)`)
}

export function oneArgument(owner: string, name: string, { args, kwargs }: CallArgs): Value {
  if (kwargs.size > 0) throw typeError(`${owner}.${name}() takes no keyword arguments`)
  const [only] = args
  if (args.length !== 1 || only === undefined) throw typeError(`${owner}.${name}() takes exactly one argument (${args.length} given)`)
  return only
}

/** Between `min` and `max` positional arguments, in the words of PyArg_UnpackTuple. */
export function between(owner: string, name: string, { args, kwargs }: CallArgs, min: number, max: number): readonly Value[] {
  if (kwargs.size > 0) throw typeError(`${owner ? `${owner}.` : ''}${name}() takes no keyword arguments`)
  const plural = (count: number): string => `${count} argument${count === 1 ? '' : 's'}`
  if (args.length < min) throw typeError(`${name} expected ${min === max ? '' : 'at least '}${plural(min)}, got ${args.length}`)
  if (args.length > max) throw typeError(`${name} expected ${min === max ? '' : 'at most '}${plural(max)}, got ${args.length}`)
  return args
}

/** Positional or keyword arguments of a C function; undefined stands for one not given. */
export function named<Name extends string>(name: string, { args, kwargs }: CallArgs, names: readonly Name[]): Record<Name, Value | undefined> {
  if (args.length + kwargs.size > names.length) {
    throw typeError(`${name}() takes at most ${names.length} ${args.length === 0 ? 'keyword ' : ''}argument${names.length === 1 ? '' : 's'} (${args.length + kwargs.size} given)`)
  }
  const out = Object.fromEntries(names.map((parameter, i) => [parameter, args[i]])) as Record<Name, Value | undefined>
  for (const [key, value] of kwargs) {
    const index = names.findIndex(parameter => parameter === key)
    if (index < 0) throw typeError(`'${key}' is an invalid keyword argument for ${name}()`)
    if (index < args.length) throw typeError(`argument for ${name}() given by name ('${key}') and position (${index + 1})`)
    out[key as Name] = value
  }
  return out
}

/** A Python function's parameters: name, and its default where it has one. */
export type Parameters = readonly (readonly [name: string, fallback?: Value])[]

/** `def name(parameters)` called with `given`; `hidden` positional arguments (jinja2's environment or context) are counted in messages only. */
export function bind(name: string, parameters: Parameters, given: CallArgs, hidden: readonly string[] = []): Value[] {
  if (given.kwargs.size === 0 && given.args.length <= parameters.length && (given.args.length === parameters.length || parameters[given.args.length]?.length === 2)) {
    const values = given.args.slice()
    for (let i = values.length; i < parameters.length; i++) values.push(parameters[i]?.[1] ?? null)
    return values
  }
  const all: Parameters = hidden.length > 0 ? [...hidden.map(parameter => [parameter] as const), ...parameters] : parameters
  const count = given.args.length + hidden.length
  const required = all.filter(parameter => parameter.length === 1).length
  const values: (Value | undefined)[] = given.args.slice(0, parameters.length)
  for (const [key, value] of given.kwargs) {
    const index = parameters.findIndex(parameter => parameter[0] === key)
    if (index < 0) {
      if (hidden.includes(key)) throw typeError(`${name}() got multiple values for argument '${key}'`)
      throw typeError(`${name}() got an unexpected keyword argument '${key}'`)
    }
    if (index < given.args.length) throw typeError(`${name}() got multiple values for argument '${key}'`)
    values[index] = value
  }
  if (count > all.length) {
    const range = required === all.length ? `${all.length}` : `from ${required} to ${all.length}`
    throw typeError(`${name}() takes ${range} positional argument${all.length === 1 && required === all.length ? '' : 's'} but ${count} ${count === 1 ? 'was' : 'were'} given`)
  }
  const missing: string[] = []
  const bound = parameters.map(([parameter, ...fallback], i) => {
    const value = values[i]
    if (value !== undefined) return value
    const [otherwise] = fallback
    if (otherwise === undefined) missing.push(`'${parameter}'`)
    return otherwise ?? null
  })
  if (missing.length > 0) throw typeError(`${name}() missing ${missing.length} required positional argument${missing.length === 1 ? '' : 's'}: ${enumerate(missing)}`)
  return bound
}

function enumerate(names: readonly string[]): string {
  if (names.length < 3) return names.join(' and ')
  return `${names.slice(0, -1).join(', ')}, and ${names.at(-1)}`
}

/** `operator.index(value)` within C's ssize_t. */
export function index(value: Value): bigint {
  const int = intOf(value)
  if (int === undefined) {
    refuseUnknown(value)
    throw typeError(`'${typeNameOf(value)}' object cannot be interpreted as an integer`)
  }
  return int
}

/** The same as a JavaScript number, refused where CPython refuses it. */
export function size(value: Value): number {
  const int = index(value)
  if (int > 2n ** 63n - 1n || int < -(2n ** 63n)) throw new PyException('OverflowError', 'Python int too large to convert to C ssize_t')
  return Number(int)
}

/** The text of a str argument; `complaint` words the TypeError. */
export function text(value: Value, complaint: (type: string) => string): string {
  const found = textOf(value)
  if (found !== undefined) return found
  refuseUnknown(value)
  throw typeError(complaint(typeNameOf(value)))
}

export function refuseUnknown(value: Value | undefined): void {
  if (typeof value === 'object' && value?.unknown) throw new UnknownSignal(value.unknown)
}
