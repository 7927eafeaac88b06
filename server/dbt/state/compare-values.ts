// Equality of what two manifests say, as Python's `==` on dbt's dataclasses sees it, and how a value is shown in a reason.

import { equal } from '../../jinja/compare.ts'
import { reprOf } from '../../jinja/repr.ts'
import { PyDict, PyList, PyTuple, type Value } from '../../jinja/value.ts'

/** Deeper than any manifest dbt writes; `equal` gives up far below it. */
const MAX_DEPTH = 100

/** Python's `==`; values nested absurdly deep count as different. */
export function sameValue(one: Value | undefined, two: Value | undefined): boolean {
  if (one === undefined || two === undefined) return one === two
  return depthOf(one, 0) < MAX_DEPTH && depthOf(two, 0) < MAX_DEPTH && equal(one, two)
}

/**
 * Equality of two serialised dataclasses: a key that one side leaves out stands for the field's default (None, False, empty).
 * Manifests of different versions write different optional fields.
 */
export function sameFields(one: Value | undefined, two: Value | undefined, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false
  if (one instanceof PyDict && two instanceof PyDict) {
    const keys = new Set([...one.keys(), ...two.keys()])
    return Array.from(keys).every((key) => sameFields(one.get(key), two.get(key), depth + 1))
  }
  if (one instanceof PyList && two instanceof PyList) return one.items.length === two.items.length && one.items.every((item, i) => sameFields(item, two.items[i], depth + 1))
  if (one === undefined || two === undefined || one === null || two === null) return isDefault(one) && isDefault(two)
  return sameValue(one, two)
}

function isDefault(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '') return true
  if (value instanceof PyDict) return value.values().every(isDefault)
  return value instanceof PyList && value.items.length === 0
}

/** For reasons: text as it is, all else as Python prints it, long values cut. */
export function shown(value: Value | undefined): string | null {
  if (value === undefined) return null
  const text = typeof value === 'string' ? value : reprOf(value)
  return text.length > 400 ? `${text.slice(0, 399)}…` : text
}

function depthOf(value: Value, depth: number): number {
  if (depth >= MAX_DEPTH) return depth
  const children = value instanceof PyDict ? value.values() : value instanceof PyList || value instanceof PyTuple ? value.items : []
  return children.reduce<number>((deepest, child) => Math.max(deepest, depthOf(child, depth + 1)), depth)
}
