// Work in steps: a generator yields wherever a server may turn to something else.

/** All steps at once, for who has nothing else to do. */
export function drained<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
