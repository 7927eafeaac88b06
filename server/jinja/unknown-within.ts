// Finds what is unknown inside a value. Knows no reasons of its own.

import { PyDict, PyList, PyTuple, type UnknownOrigin, type Value } from './value.ts'

/** Why the value, or the first that is unknown in its dicts, lists and tuples, is not known; null when all of it is known. */
export function unknownWithin(value: Value): UnknownOrigin | null {
  if (typeof value !== 'object' || value === null) return null
  if (value.unknown) return value.unknown
  return value instanceof PyDict ? firstUnknown(value.items().map(([, item]) => item)) : value instanceof PyList || value instanceof PyTuple ? firstUnknown(value.items) : null
}

/** The same for several values. */
export function firstUnknown(values: Iterable<Value>): UnknownOrigin | null {
  for (const value of values) {
    const origin = unknownWithin(value)
    if (origin) return origin
  }
  return null
}
