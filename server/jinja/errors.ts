// What unwinds an evaluation: Python's exceptions, an unknown that an operation ran into, dbt's `return()`.
// They never leave server/jinja: evaluate.ts turns each into a plain result.

import type { CallSite, UnknownOrigin, Value } from './value.ts'

/** A Python exception with its class name and message in Python's (or jinja2's) words. Host functions throw it too. */
export class PyException extends Error {
  readonly errorClass: string
  /** Where it was raised, innermost first; filled in on the way out. */
  sites: readonly CallSite[] | null = null
  /** What the thrower wants to hand to whoever asked for the evaluation (dbt's own error kinds); never read here. */
  readonly detail: unknown
  constructor(errorClass: string, message: string, detail: unknown = null) {
    super(message)
    this.errorClass = errorClass
    this.detail = detail
  }
}

/** An operation met an unknown it cannot look behind; the operation's result is unknown. No Error, for the same reason as MacroReturn. */
export class UnknownSignal {
  readonly origin: UnknownOrigin
  constructor(origin: UnknownOrigin) { this.origin = origin }
}

/** What follows from an unknown takes more than the budget: nothing of the whole evaluation is known then. Nothing inside catches it. */
export class Unfathomable {
  readonly origin: UnknownOrigin
  constructor(origin: UnknownOrigin) { this.origin = origin }
}

/** dbt's `return(value)`: ends the macro of a file that is running and becomes its value. No Error: a stack trace for each would cost 8 % of a cold start. */
export class MacroReturn {
  readonly value: Value
  sites: readonly CallSite[] | null = null
  constructor(value: Value) { this.value = value }
}

export const typeError = (message: string): PyException => new PyException('TypeError', message)
export const valueError = (message: string): PyException => new PyException('ValueError', message)
export const budgetExceeded = (message: string): PyException => new PyException('BudgetExceeded', message)

/** The budget, or JavaScript's own stack, ran out: Python may well have gone on. */
export function isExhaustion(problem: unknown): boolean {
  return problem instanceof RangeError || (problem instanceof PyException && problem.errorClass === 'BudgetExceeded')
}
