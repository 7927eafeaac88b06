// Fresh copies of values that templates could change: what belongs to the project must be the same for the next evaluation.

import { PySet } from '../../jinja/set.ts'
import { PyDict, PyList, PyTuple } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'

/** Lists, dicts and sets are copied all the way down; everything else is what it was. */
export function deepCopy(value: Value): Value {
  if (value instanceof PyList) return marked(new PyList(value.items.map(deepCopy)), value)
  if (value instanceof PyDict) return marked(new PyDict(value.items().map(([key, item]) => [key, deepCopy(item)] as const)), value)
  if (value instanceof PyTuple) return new PyTuple(value.items.map(deepCopy))
  if (value instanceof PySet) return marked(new PySet(value.unordered()), value)
  return value
}

function marked<T extends PyList | PyDict | PySet>(copy: T, original: T): T {
  copy.unknown = original.unknown
  return copy
}
