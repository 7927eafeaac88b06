// Values as dbt's JSON encoder writes them (dbt/utils/utils.py JSONEncoder): dates in ISO form, what is undefined as nothing.

import { PyDate, PyDatetime, isoDate, isoDatetime } from '../jinja/python/datetime.ts'
import { PyDict, PyList, PyTuple, PyUnknown, type Value } from '../jinja/value.ts'
import { PyUndefined } from '../jinja/undefined.ts'
import { PySet } from '../jinja/set.ts'
import { strOf } from '../jinja/repr.ts'

/** The same value in JSON's types alone. An unknown becomes null: it is said in the node's `unknown`. */
export function jsonable(value: Value): Value {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof PyDict) return new PyDict(value.items().map(([key, each]) => [typeof key === 'object' && key !== null ? strOf(key) : key, jsonable(each)] as const))
  if (value instanceof PyList || value instanceof PyTuple) return new PyList(value.items.map(jsonable))
  if (value instanceof PySet) return new PyList([...value.entries.values()].map(jsonable))
  if (value instanceof PyDatetime) return isoDatetime(value, 'T')
  if (value instanceof PyDate) return isoDate(value)
  if (value instanceof PyUndefined) return ''
  if (value instanceof PyUnknown) return null
  return strOf(value)
}
