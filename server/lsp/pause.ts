// Gives the event loop a turn now and then, so that a cancellation or a keystroke can get in. Only macrotasks let `$/cancelRequest` through.

export const SLICE_MS = 8
/** For work that nobody waits for. */
export const REST_SLICE_MS = 2

export class Cancelled extends Error {}

export interface Slice { started: number }

export function newSlice(): Slice {
  return { started: performance.now() }
}

/**
 * Returns at once while the slice lasts; then lets others in. Throws Cancelled when the signal says so.
 * Two turns, because a message that came meanwhile is read in the first, and vscode-jsonrpc puts off handling it to the end of that turn: behind us, if we waited for one.
 */
export async function pause(slice: Slice, signal: { readonly aborted: boolean }, lasts = SLICE_MS): Promise<void> {
  if (performance.now() - slice.started >= lasts) {
    await new Promise<void>((resolve) => { setImmediate(() => setImmediate(resolve)) })
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
