// Gives the event loop a turn now and then, so that a cancellation or a keystroke can get in. Only macrotasks let `$/cancelRequest` through.

export const SLICE_MS = 4
/** From a message that is read to its answer on its way; and as long as more come, but work goes on under a flood of them. */
const TURNS = 4
const MOST_TURNS = 24
/** How often something was read from the client: of the process, which has one. */
let reads = 0

/** To be called when something was read from the client. */
export function noteRead(): void { reads++ }

/** For work that nobody waits for. */
export const REST_SLICE_MS = 2

export class Cancelled extends Error {}

export interface Slice { started: number }

export function newSlice(): Slice {
  return { started: performance.now() }
}

/**
 * Returns at once while the slice lasts; then lets others in. Throws Cancelled when the signal says so.
 * Several turns, because what came meanwhile is read in the first, vscode-jsonrpc handles it at the end of one, and writes the answer in one after that: we must not be in between.
 */
export async function pause(slice: Slice, signal: { readonly aborted: boolean }, lasts = SLICE_MS): Promise<void> {
  if (performance.now() - slice.started >= lasts) {
    let seen = reads
    for (let taken = 0, left = TURNS; left > 0 && taken < MOST_TURNS; taken++) {
      await turn()
      left = reads === seen ? left - 1 : TURNS
      seen = reads
    }
    slice.started = performance.now()
  }
  if (signal.aborted) throw new Cancelled()
}

/** Long work that comes in steps, with a turn for others whenever a slice is over. */
export async function inSlices<T>(steps: Generator<void, T>, signal: { readonly aborted: boolean } = GOING_ON): Promise<T> {
  const slice = newSlice()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await pause(slice, signal)
  }
}

const GOING_ON = { aborted: false }

export function turn(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve) })
}
