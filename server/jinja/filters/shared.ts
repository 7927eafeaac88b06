// What the filters share: their type, binding in Python's words, reading attributes by path.

import { bind } from '../arguments.ts'
import type { Parameters } from '../arguments.ts'
import { getItem } from '../attributes.ts'
import { strOf } from '../repr.ts'
import type { Runtime } from '../runtime.ts'
import { textOf, typeNameOf } from '../types.ts'
import { PyUndefined } from '../undefined.ts'
import { PyMarkup } from '../value.ts'
import type { CallArgs, Value } from '../value.ts'
import { PyException } from '../errors.ts'

export type FilterFunction = (runtime: Runtime, value: Value, args: CallArgs, native: boolean) => Value

/** A filter that jinja2 writes as `def name(parameters)`; `hidden` are the environment or context it is passed first. */
export function python(name: string, parameters: Parameters, run: (runtime: Runtime, ...values: Value[]) => Value, hidden: readonly string[] = []): FilterFunction {
  return (runtime, value, args) => run(runtime, ...bind(name, parameters, { args: [value, ...args.args], kwargs: args.kwargs }, hidden))
}

/** `soft_str`: text stays as it is, Markup included. */
export function softStr(value: Value): { readonly text: string; readonly markup: boolean } {
  if (value instanceof PyMarkup) return { text: value.text, markup: true }
  return { text: textOf(value) ?? strOf(value), markup: false }
}

/** Text that is Markup again if it came from one. */
export function like(source: { readonly markup: boolean }, text: string): Value { return source.markup ? new PyMarkup(text) : text }

/** jinja2's make_attrgetter: `a.b.0`. `fallback` replaces what is undefined on the way. */
export function attributeGetter(runtime: Runtime, attribute: Value, ignoreCase: boolean, fallback: Value = null): (item: Value) => Value {
  const parts = attributeParts(attribute)
  return item => {
    let value = item
    for (const part of parts) {
      value = getItem(runtime, value, part)
      if (fallback !== null && value instanceof PyUndefined) value = fallback
    }
    return ignoreCase ? lowered(value) : value
  }
}

export function attributeParts(attribute: Value): Value[] {
  if (attribute === null) return []
  const path = textOf(attribute)
  if (path === undefined) return [attribute]
  return path.split('.').map(part => /^\p{Nd}+$/u.test(part) ? BigInt(part) : part)
}

export function lowered(value: Value): Value {
  const text = textOf(value)
  if (text === undefined) return value
  return value instanceof PyMarkup ? new PyMarkup(text.toLowerCase()) : text.toLowerCase()
}

/** An AttributeError, for filters that call a method of whatever they are given. */
export function noAttribute(value: Value, name: string): PyException {
  if (value instanceof PyUndefined && value.mode === 'run') return new PyException(value.errorClass, value.message)
  return new PyException('AttributeError', `'${typeNameOf(value)}' object has no attribute '${name}'`)
}
