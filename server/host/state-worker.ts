// Reads and scans one manifest.json, in a worker thread or (small files) right here. Posts moved buffers, never objects of the manifest.
// The only place that touches the file's bytes; a broken file becomes a StateProblem with dbt's words.

import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { isMainThread, parentPort, workerData, type Transferable } from 'node:worker_threads'
import { parseJson } from '../dbt/state/json.ts'
import { makeScanner } from '../dbt/state/scan.ts'
import { WANTS_ALL, WANTS_COMPILED, WANTS_DEFER } from '../dbt/state/wants.ts'
import type { StatePack, StateProblem } from '../dbt/state/types.ts'

export interface StateJob { readonly job: 'state'; readonly path: string; readonly wants: 'all' | 'defer' | 'compiled'; readonly signals?: StateSignals }
/** Shared by both threads: at STOP 1 once nobody wants the answer, at SCANNING 1 while WebAssembly runs. Node 20 can crash when a thread is
 *  ended under running WebAssembly, so such a thread is asked, and ends by itself after the chunk in hand. */
export type StateSignals = Int32Array<SharedArrayBuffer>
const [STOP, SCANNING] = [0, 1]

export function makeSignals(): StateSignals {
  return new Int32Array(new SharedArrayBuffer(8))
}

/** Asks for the end. */
export function askToStop(signals: StateSignals): void {
  Atomics.store(signals, STOP, 1)
}

/** Waits, at most `milliseconds`, until no WebAssembly runs any more; blocks the calling thread. */
export function awaitStopped(signals: StateSignals, milliseconds: number): void {
  Atomics.wait(signals, SCANNING, 1, milliseconds)
}

export type StateOutcome = { readonly ok: true; readonly pack: StatePack } | { readonly ok: false; readonly problem: StateProblem }

/** Call first thing in the bundle's entry: true when this is our worker thread, which then does its job and ends. */
export function runStateWorker(): boolean {
  const data: unknown = workerData
  if (isMainThread || !isJob(data)) return false
  const outcome = scannedInThread(data)
  parentPort?.postMessage(outcome, outcome.ok ? buffersOf(outcome.pack) : [])
  return true
}

/** Bytes at a time: a file never stands in memory whole, and what is read lies in the cache of the processor while it is scanned. */
const CHUNK = 1 << 16
/** Bigger broken files are not read again for Python's exact words. */
const EXPLAINED = 64 << 20

function scannedInThread(job: StateJob): StateOutcome {
  const { signals } = job
  if (!signals) return scanFile(job)
  Atomics.store(signals, SCANNING, 1)
  try {
    return scanFile(job)
  } finally {
    Atomics.store(signals, SCANNING, 0)
    Atomics.notify(signals, SCANNING)
  }
}

export function scanFile({ path: file, wants, signals }: StateJob): StateOutcome {
  compileOnce()
  let handle: number | null = null
  try {
    handle = openSync(file, 'r')
    const scanner = makeScanner(wants === 'all' ? WANTS_ALL : wants === 'defer' ? WANTS_DEFER : WANTS_COMPILED)
    const chunk = new Uint8Array(Math.min(CHUNK, Math.max(1, fstatSync(handle).size + 1)))
    let going = true
    while (going) {
      if (signals && Atomics.load(signals, STOP) === 1) return { ok: false, problem: unreadable(file, 'reading was stopped') }
      const read = readSync(handle, chunk, 0, chunk.length, null)
      if (read === 0) break
      going = scanner.push(chunk.subarray(0, read))
    }
    const pack = going ? scanner.end() : null
    return pack ? { ok: true, pack } : { ok: false, problem: explain(file, fstatSync(handle).size) }
  } catch (error) {
    return { ok: false, problem: missing(file, error) }
  } finally {
    if (handle !== null) closeSync(handle)
  }
}

/**
 * V8 compiles WebAssembly fast, then once more for speed. The second time takes as much memory as a manifest of four megabytes, and the scan as
 * long as it saves: 150 MB are read in 0.29 s instead of 0.25 s. The process that runs the SQL parser scans no state, so its code is compiled twice.
 */
function compileOnce(): void { setFlagsFromString('--liftoff-only') }

/** In Python's words as far as they can be had. */
function explain(file: string, size: number): StateProblem {
  const say = (words: string): StateProblem => unreadable(file, words)
  if (size > EXPLAINED) return say('the file is broken or still being written')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file))
  } catch (error) {
    return say(error instanceof TypeError ? "'utf-8' codec can't decode the file" : String(error))
  }
  const parsed = parseJson(text)
  return say(parsed.ok ? 'the file holds no object' : parsed.message)
}

function missing(file: string, error: unknown): StateProblem {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  if (code === 'ENOENT' || code === 'ENOTDIR') return { code: 'state-missing', message: `Could not find manifest in --state path: "${path.dirname(file)}"`, path: file }
  return unreadable(file, error instanceof Error ? error.message : String(error))
}

/** dbt-core artifacts/schemas/base.py read_and_check_versions. */
export function unreadable(file: string, words: string): StateProblem {
  return { code: 'state-unreadable', message: `Could not read WritableManifest at "${file}" as JSON: ${words}`, path: file }
}

function buffersOf(pack: StatePack): Transferable[] {
  return [...pack.segments.map((segment) => segment.buffer), ...pack.sections.map((section) => section.where.buffer)]
}

function isJob(data: unknown): data is StateJob {
  return typeof data === 'object' && data !== null && 'job' in data && data.job === 'state' && 'path' in data && typeof data.path === 'string'
}
