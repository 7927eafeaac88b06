// What an evaluation may still cost. Comparing, hashing, copying and searching happen deep inside values that know of no evaluation,
// so there is one meter, and the evaluation that runs has set it. Outside of any evaluation nothing is counted.

import { budgetExceeded } from './errors.ts'

interface Limits { readonly steps: number; readonly bytes: number }

const NO_LIMITS: Limits = { steps: Infinity, bytes: Infinity }

let limits = NO_LIMITS
let steps = Infinity
let bytes = Infinity

/** Runs an evaluation with a budget of its own; that of the one around it goes on afterwards. */
export function metered<T>(budget: Limits, run: () => T): T {
  const outer = { limits, steps, bytes }
  limits = budget
  ;({ steps, bytes } = budget)
  try {
    return run()
  } finally {
    ({ limits, steps, bytes } = outer)
  }
}

/** What is made once for all that are evaluated, whoever happens to ask first: it costs no template anything. */
export function unmetered<T>(run: () => T): T { return metered(NO_LIMITS, run) }

/** Gives the evaluation that runs more steps: what it asked for is large, and looking through it is no mistake. */
export function allow(more: number): void { steps += more }

/** Counts `cost` steps (a fraction of a microsecond each) and `size` bytes of text and lists made. Throws BudgetExceeded when there are none left, and ever again. */
export function work(cost: number, size = 0): void {
  if ((steps -= cost) < 0) throw budgetExceeded(`more than ${limits.steps} steps`)
  if (size > 0 && (bytes -= size) < 0) throw budgetExceeded(`more than ${limits.bytes} bytes of text and lists`)
}
