// Binding of call arguments for the functions that dbt puts into its context: Python's rules and messages come from jinja/arguments.ts;
// on top of them, a value that hangs on an unknown makes the whole call unknown unless the callee looks itself.

import { bind, refuseUnknown } from '../../jinja/arguments.ts'
import type { Parameters } from '../../jinja/arguments.ts'
import type { CallArgs, Value } from '../../jinja/value.ts'

export type { Parameters }

/** The values of `parameters` in order. `hidden`: ['self'] for methods. Throws TypeError in CPython's words, UnknownSignal for an unknown argument. */
export function bindKnown(name: string, parameters: Parameters, args: CallArgs, hidden: readonly string[] = []): Value[] {
  const values = bind(name, parameters, args, hidden)
  for (const value of values) refuseUnknown(value)
  return values
}

export const SELF = ['self']
