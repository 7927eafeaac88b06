// What the `overrides:` of a unit test put in place of macros and environment variables, in the context of the tested model's text.
// dbt 1.12: context/providers.py generate_runtime_unit_test_context, UnitTestContext.env_var. Variables are overridden in the project's `cliVars`.

import { PyFunction, PyObject } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { bindKnown } from './args.ts'
import type { Session } from './session.ts'
import type { Overrides } from './types.ts'

/** Fills `extra`, the names that come before all others. `extra` must be what the session looks names up in first. */
export function applyOverrides(session: Session, extra: Map<string, Value>, { macros, envVars }: Overrides): void {
  if (envVars.size > 0) overrideEnvVar(session, extra, envVars)
  const ofPackages = new Map<string, Map<string, Value>>()
  const inPackage = (name: string, macro: string, value: Value): void => {
    const members = ofPackages.get(name) ?? new Map<string, Value>()
    ofPackages.set(name, members.set(macro, value))
  }
  for (const [key, value] of macros) {
    const [first, second, ...more] = key.split('.')
    const name = more.at(-1) ?? second ?? first ?? ''
    if (second !== undefined && more.length === 0) {
      const original = memberOf(session.lookup(first ?? ''), name)
      if (original !== undefined) inPackage(first ?? '', name, standIn(name, original, value))
      if (original !== undefined && first === 'dbt' && !macros.has(name)) extra.set(name, standIn(name, original, value))
      continue
    }
    const original = session.lookup(name)
    if (original === undefined) continue
    extra.set(name, standIn(name, original, value))
    if (memberOf(session.lookup('dbt'), name) !== undefined) inPackage('dbt', name, standIn(name, original, value))
  }
  for (const [name, members] of ofPackages) {
    const original = session.lookup(name)
    if (original instanceof PyObject) extra.set(name, new OverriddenNamespace(original, members))
  }
}

/** A macro still has to be called for its value; anything else is the value. */
function standIn(name: string, original: Value, value: Value): Value {
  return original instanceof PyObject && original.typeName === 'MacroGenerator' ? new PyFunction(name, () => value) : value
}

function memberOf(namespace: Value | undefined, name: string): Value | undefined {
  return namespace instanceof PyObject ? namespace.getitem(name) : undefined
}

function overrideEnvVar(session: Session, extra: Map<string, Value>, envVars: ReadonlyMap<string, Value>): void {
  const original = session.lookup('env_var')
  extra.set('env_var', new PyFunction('env_var', (args, context) => {
    const [name] = bindKnown('UnitTestContext.env_var', [['var'], ['default', null]], args)
    const value = typeof name === 'string' ? envVars.get(name) : undefined
    return value === undefined ? context.call(original ?? null, args) : value
  }))
}

class OverriddenNamespace extends PyObject {
  readonly typeName = 'dict'
  private readonly original: PyObject
  private readonly members: ReadonlyMap<string, Value>
  constructor(original: PyObject, members: ReadonlyMap<string, Value>) { super(); this.original = original; this.members = members }
  override truthy(): boolean { return true }
  override subscriptable(): boolean { return true }
  override getattr(name: string): Value | undefined { return this.original.getattr(name) }
  override getitem(key: Value): Value | undefined { return (typeof key === 'string' ? this.members.get(key) : undefined) ?? this.original.getitem(key) }
  override contains(key: Value): boolean { return this.getitem(key) !== undefined }
}
