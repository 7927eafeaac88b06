// Code that Python may or may not run: every alternative is run from the same state, and what comes out differently is unknown.
// An alternative that raises does not count (then dbt fails, and there is no result to be wrong about); if all raise, the error is certain.

import { MacroReturn, PyException, isExhaustion } from './errors.ts'
import type { Frame } from './frame.ts'
import { UNRESOLVED } from './frame.ts'
import { Buffer, restore, sameValue, snapshotOf, spoil } from './runtime.ts'
import type { Runtime } from './runtime.ts'
import { PyObject, PyUnknown } from './value.ts'
import type { UnknownOrigin, Value } from './value.ts'
import type { Span } from '../text/span.ts'
import { writeUnknown, write } from './output.ts'

/** How a statement ended. */
export const NORMAL = 0
export const BREAK = 1
export const CONTINUE = 2
export type Flow = typeof NORMAL | typeof BREAK | typeof CONTINUE

interface Outcome {
  readonly end: Flow | 'return' | 'error'
  readonly value: Value
  readonly error: PyException | MacroReturn | null
  readonly slots: (Value | undefined)[]
  readonly buffer: Buffer
  readonly states: ReadonlyMap<PyObject, ReturnType<typeof snapshotOf>>
}

/** Runs statements of which Python runs just one, it is not known which. */
export function exploreStatements(frame: Frame, origin: UnknownOrigin, node: Span, alternatives: readonly ((frame: Frame) => Flow)[]): Flow {
  const { runtime } = frame
  const maybeBefore = runtime.maybeReturned
  const outcomes = alternatives.map(run => attempt(frame, origin, run))
  const survivors = merge(frame, origin, outcomes)
  const first = survivors[0]
  if (!first) return finish(frame, origin, outcomes)
  mergeText(frame, origin, node, survivors)
  const normal = outcomes.some(outcome => outcome.end === NORMAL)
  const leaves = outcomes.find(outcome => outcome.end === BREAK || outcome.end === CONTINUE)
  for (const outcome of outcomes) if (outcome.end === 'return') runtime.maybeReturned ??= origin
  if (!normal && leaves) return leaves.end === BREAK ? BREAK : CONTINUE
  if (leaves || runtime.maybeReturned !== maybeBefore) runtime.open(origin)
  return NORMAL
}

/** The value of an expression of which Python evaluates just one of several. */
export function exploreValues(frame: Frame, origin: UnknownOrigin, alternatives: readonly ((frame: Frame) => Value)[]): Value {
  const values: Value[] = []
  const outcomes = alternatives.map(evaluate => attempt(frame, origin, inner => {
    values.push(evaluate(inner))
    return NORMAL
  }))
  if (merge(frame, origin, outcomes).length === 0) finish(frame, origin, outcomes)
  const [value = null] = values
  return values.every(other => sameValue(other, value)) && !(value instanceof PyObject) ? value : new PyUnknown(origin)
}

function attempt(frame: Frame, origin: UnknownOrigin, run: (frame: Frame) => Flow): Outcome {
  const { runtime, slots, buffer } = frame
  runtime.spend(10)
  frame.slots = slots.slice()
  runtime.open(origin)
  const level = runtime.level
  frame.buffer = new Buffer(level, null, buffer.values ? [] : null)
  let end: Outcome['end'] = NORMAL
  let value: Value = null
  let error: Outcome['error'] = null
  try {
    end = run(frame)
  } catch (problem) {
    if (problem instanceof MacroReturn) { end = 'return'; value = problem.value; error = problem }
    else if (problem instanceof PyException && !isExhaustion(problem)) { end = 'error'; error = problem }
    else throw isExhaustion(problem) ? runtime.exhausted(problem) : problem
  } finally {
    runtime.closeTo(level)
  }
  const journal = runtime.close()
  const states = new Map(Array.from(journal.keys(), object => [object, snapshotOf(object)] as const))
  for (const [object, before] of journal) restore(object, before)
  const outcome = { end, value, error, slots: frame.slots, buffer: frame.buffer, states }
  frame.slots = slots
  frame.buffer = buffer
  return outcome
}

/** Puts variables and objects into the state that is common to all that went on; returns those. */
function merge(frame: Frame, origin: UnknownOrigin, outcomes: readonly Outcome[]): Outcome[] {
  const survivors = outcomes.filter(outcome => outcome.end !== 'error' && outcome.end !== 'return')
  const [first, ...others] = survivors
  if (!first) return []
  for (let i = 0; i < frame.slots.length; i++) frame.slots[i] = mergeSlot(frame, i, origin, survivors)
  const objects = new Set(survivors.flatMap(outcome => Array.from(outcome.states.keys())))
  for (const object of objects) {
    frame.runtime.touch(object)
    const before = snapshotOf(object)
    restore(object, first.states.get(object) ?? before)
    for (const other of others) spoil(object, other.states.get(object) ?? before, origin)
  }
  return survivors
}

function mergeSlot(frame: Frame, index: number, origin: UnknownOrigin, survivors: readonly Outcome[]): Value | undefined {
  const values = survivors.map(outcome => outcome.slots[index])
  const [first] = values
  if (values.every(value => sameValue(value, first))) return first
  const resolved = values.map(value => value === UNRESOLVED ? frame.unit.resolve(frame.names[index] ?? '') : value)
  const [value] = resolved
  return resolved.every(other => sameValue(other, value)) ? value : new PyUnknown(origin)
}

function mergeText(frame: Frame, origin: UnknownOrigin, node: Span, survivors: readonly Outcome[]): void {
  const [first] = survivors
  if (!first) return
  if (frame.buffer.values) {
    if (survivors.some(outcome => (outcome.buffer.values ?? []).length > 0)) writeUnknown(frame, origin, node)
    return
  }
  const unknown = survivors.find(outcome => outcome.buffer.unknown)?.buffer.unknown ?? null
  if (unknown || survivors.some(outcome => outcome.buffer.text !== first.buffer.text)) writeUnknown(frame, origin, node)
  else write(frame, first.buffer.text, node)
}

/** Nothing went on: all returned or raised. */
function finish(frame: Frame, origin: UnknownOrigin, outcomes: readonly Outcome[]): never {
  const returns = outcomes.filter(outcome => outcome.end === 'return')
  const [first] = returns
  if (!first) throw outcomes.find(outcome => outcome.error)?.error ?? new PyException('RuntimeError', origin.message)
  restoreReturned(frame.runtime, returns, origin)
  const same = returns.every(outcome => sameValue(outcome.value, first.value)) && !(first.value instanceof PyObject)
  throw new MacroReturn(same ? first.value : new PyUnknown(origin))
}

/** What the returning alternatives changed stays changed, for one of them did run. */
function restoreReturned(runtime: Runtime, returns: readonly Outcome[], origin: UnknownOrigin): void {
  const [first, ...others] = returns
  if (!first) return
  for (const object of new Set(returns.flatMap(outcome => Array.from(outcome.states.keys())))) {
    runtime.touch(object)
    const before = snapshotOf(object)
    restore(object, first.states.get(object) ?? before)
    for (const other of others) spoil(object, other.states.get(object) ?? before, origin)
  }
}
