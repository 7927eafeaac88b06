// Long JSON texts that the templates of many nodes read alike (a list of columns in a macro): parsed once, and handed out as copies
// whose dicts are filled when they are looked into. What one template changes, no other sees.

import { jsonLoads } from '../../jinja/python/json.ts'
import { PyDict, PyLazyDict, PyList } from '../../jinja/value.ts'
import type { CallContext, Value } from '../../jinja/value.ts'

type Spender = Pick<CallContext, 'spend'>

/** What parsing gave, never handed out itself, and what it cost. */
interface Parsed { readonly value: Value; readonly steps: number; readonly bytes: number }

const LONG = 1000
const KEPT_CHARS = 4_000_000

/** Null: met once. */
const known = new Map<string, Parsed | null>()
let chars = 0

/** `json.loads(text)`. The same steps are spent whether the text is known or not. */
export function sharedJson(text: string, spender: Spender): Value {
  if (text.length < LONG) return jsonLoads(text, spender)
  const parsed = known.get(text)
  if (parsed) {
    spender.spend(parsed.steps, parsed.bytes)
    return copyOf(parsed.value)
  }
  if (parsed === undefined) {
    const value = jsonLoads(text, spender)
    if ((chars += text.length) > KEPT_CHARS) forget(text.length)
    if (text.length <= KEPT_CHARS) known.set(text, null)
    return value
  }
  let steps = 0
  let bytes = 0
  const value = jsonLoads(text, {
    spend(more, moreBytes = 0) {
      steps += more
      bytes += moreBytes
      spender.spend(more, moreBytes)
    },
  })
  known.set(text, { value, steps, bytes })
  return copyOf(value)
}

function forget(left: number): void {
  known.clear()
  chars = left
}

function copyOf(value: Value): Value {
  if (value instanceof PyList) return new PyList(value.items.map(copyOf))
  if (!(value instanceof PyDict)) return value
  return new PyLazyDict(() => value.keys().filter(key => typeof key === 'string'), name => {
    const item = value.get(name)
    return item === undefined ? undefined : copyOf(item)
  })
}
