// Python's type names of values, and the small questions of kind that everything else asks.

import { PyStr } from './value.ts'
import type { Value } from './value.ts'

/** `type(value).__name__`. */
export function typeNameOf(value: Value): string {
  switch (typeof value) {
    case 'string': return 'str'
    case 'bigint': return 'int'
    case 'number': return 'float'
    case 'boolean': return 'bool'
    default: return value === null ? 'NoneType' : value.typeName
  }
}

/** The type name with its module unless it is a builtin's. */
export function qualifiedTypeNameOf(value: Value): string {
  return typeof value === 'object' && value !== null ? value.qualifiedTypeName : typeNameOf(value)
}

/** The text of a str (subclasses included); undefined for anything else. */
export function textOf(value: Value): string | undefined {
  return typeof value === 'string' ? value : value instanceof PyStr ? value.text : undefined
}

/** The value of an int or bool; undefined for anything else. */
export function intOf(value: Value): bigint | undefined {
  return typeof value === 'bigint' ? value : typeof value === 'boolean' ? (value ? 1n : 0n) : undefined
}

/** Python's truth value. An unknown's truth must be asked of the evaluator, not here. */
export function truthOf(value: Value): boolean {
  switch (typeof value) {
    case 'string': return value !== ''
    case 'bigint': return value !== 0n
    case 'number': return value !== 0
    case 'boolean': return value
    default: return value !== null && value.truthy()
  }
}
