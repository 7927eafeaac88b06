// Jinja's `modules`: the parts of Python's datetime, pytz, re and itertools that dbt hands to templates (context/base.py get_context_modules).
// The modules themselves are in jinja/python/.

import { datetimeModule } from '../../jinja/python/datetime-module.ts'
import { itertoolsModule } from '../../jinja/python/itertools.ts'
import { pytzModule } from '../../jinja/python/pytz.ts'
import { reModule } from '../../jinja/python/re.ts'
import type { Value } from '../../jinja/value.ts'
import { AttributeDict, LazyDict } from './namespace-object.ts'

const MODULES: ReadonlyMap<string, () => ReadonlyMap<string, Value>> = new Map([['pytz', pytzModule], ['datetime', datetimeModule], ['re', reModule], ['itertools', itertoolsModule]])

const made = new Map<string, ReadonlyMap<string, Value>>()

/** Nothing in a module changes, so each is made once. */
function membersOf(name: string): ReadonlyMap<string, Value> | undefined {
  const known = made.get(name) ?? MODULES.get(name)?.()
  if (known) made.set(name, known)
  return known
}

/** The dict `modules`. */
export function modulesMember(): Value {
  const names = [...MODULES.keys()]
  return new LazyDict('dict', () => names, name => {
    const members = membersOf(name)
    return members && new AttributeDict('dict', members)
  })
}
