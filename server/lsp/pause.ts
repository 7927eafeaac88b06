// Gives the event loop a turn now and then, so that a cancellation or a keystroke can get in. Only macrotasks let `$/cancelRequest` through.

export const SLICE_MS = 10

export class Cancelled extends Error {}

export interface Slice { started: number }

export function newSlice(): Slice {
  return { started: performance.now() }
}

/** Returns at once while the slice lasts; then waits one macrotask. Throws Cancelled when the signal says so. */
export async function pause(slice: Slice, signal: { readonly aborted: boolean }): Promise<void> {
  if (performance.now() - slice.started >= SLICE_MS) {
    await new Promise<void>((resolve) => { setImmediate(resolve) })
    slice.started = performance.now()
  }
  if (signal.aborted) throw new Cancelled()
}
