// The state directory as a value that keeps itself fresh: replaced, half-written, truncated, gone, a file instead of a directory.
// Keeps the last state that could be read, says what is wrong with the present one, and recovers when the file does.

import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { openState } from '../dbt/state/open.ts'
import type { StateManifest, StateProblem } from '../dbt/state/types.ts'
import { statsOf } from './disk.ts'
import { askToStop, awaitStopped, makeSignals, scanFile, unreadable, type StateJob, type StateOutcome, type StateSignals } from './state-worker.ts'

export interface StateStatus {
  /** The last state that could be read; null: none so far. */
  readonly manifest: StateManifest | null
  /** Why the present file cannot be used; `manifest` is then an older one, or null. */
  readonly problem: StateProblem | null
  /** Modification time of the file that `manifest` was read from, ISO. */
  readonly modified: string | null
}

export interface StateOptions {
  /** Absolute. */
  readonly directory: string
  /** As the user wrote it, for messages; dbt prints it so. */
  readonly shownAs?: string
  /** File of the worker's entry, which calls `runStateWorker()` first: the bundle itself. Null (run from TypeScript source, which no worker thread loads): big files are read right here too. */
  readonly entry: string | URL | null
  readonly wants?: StateJob['wants']
}

export interface StateReader {
  status(): StateStatus
  /** Looks at the file and reads it if it changed; concurrent calls share one read. Resolves with the new status, never rejects. */
  refresh(): Promise<StateStatus>
  /** Stops a running read. */
  dispose(): void
}

/** Small manifests are read at once: starting a thread takes longer. */
const AT_ONCE = 2 << 20

const NOTHING: StateStatus = { manifest: null, problem: null, modified: null }

export function makeStateReader(options: StateOptions): StateReader {
  let status = NOTHING
  let seen = ''
  let reading: StateSignals | null = null
  let running: Promise<StateStatus> | null = null
  let disposed = false
  const file = path.join(options.directory, 'manifest.json')

  const look = async (): Promise<StateStatus> => {
    const found = fingerprint(options.directory, file, options.shownAs ?? options.directory)
    if ('code' in found) {
      seen = ''
      return (status = { ...status, problem: found })
    }
    if (found.key === seen) return status
    const job: StateJob = { job: 'state', path: file, wants: options.wants ?? 'all' }
    const outcome = found.size <= AT_ONCE || options.entry === null ? scanFile(job) : await inWorker(job, options.entry, (signals) => { reading = signals })
    reading = null
    if (disposed) return status
    seen = found.key
    if (!outcome.ok) return (status = { ...status, problem: outcome.problem })
    const opened = openState(outcome.pack, options.shownAs ?? options.directory, file)
    if ('code' in opened) return (status = { ...status, problem: opened })
    // A copy of the same manifest: everything derived from the one in hand stays valid.
    const kept = status.manifest !== null && sameManifest(status.manifest, opened) ? status.manifest : opened
    return (status = { manifest: kept, problem: null, modified: found.modified })
  }

  return {
    status: () => status,
    refresh: () => (running ??= look().finally(() => { running = null })),
    dispose: () => {
      disposed = true
      if (reading) askToStop(reading)
    },
  }
}

/** The compiled_code that a manifest holds of a node; null where it holds none or cannot be read. `entry`: see StateOptions. */
export async function compiledInState(file: string, id: string, entry: string | URL | null): Promise<string | null> {
  const job: StateJob = { job: 'state', path: file, wants: 'compiled' }
  const size = statsOf(file)?.size ?? 0
  const outcome = size <= AT_ONCE || entry === null ? scanFile(job) : await inWorker(job, entry, () => undefined)
  const opened = outcome.ok ? openState(outcome.pack, '', file) : null
  const fields = opened && 'nodes' in opened ? opened.nodes.get(id)?.fields : undefined
  const code = fields?.get('compiled_code') ?? fields?.get('compiled_sql')
  return typeof code === 'string' && code !== '' ? code : null
}

function sameManifest({ info: one }: StateManifest, { info: two }: StateManifest): boolean {
  return one.invocation_id !== null && one.invocation_id === two.invocation_id && one.generated_at === two.generated_at && one.bytes === two.bytes
}

type Fingerprint = { readonly key: string; readonly size: number; readonly modified: string } | StateProblem

function fingerprint(directory: string, file: string, shownAs: string): Fingerprint {
  const stat = statsOf(directory)
  // click's text for `--state` with file_okay=False
  if (stat && !stat.isDirectory()) return { code: 'state-is-file', message: `Invalid value for '--state': Directory '${shownAs}' is a file.`, path: directory }
  const found = stat ? statsOf(file) : null
  if (!found?.isFile()) return { code: 'state-missing', message: `Could not find manifest in --state path: "${shownAs}"`, path: file }
  return { key: `${found.ino} ${found.size} ${found.mtimeMs}`, size: found.size, modified: found.mtime.toISOString() }
}

function inWorker(job: StateJob, entry: string | URL, started: (signals: StateSignals) => void): Promise<StateOutcome> {
  const signals = makeSignals()
  const done = untilExit(signals)
  started(signals)
  return new Promise<StateOutcome>((resolve) => {
    const failed = (words: string): void => resolve({ ok: false, problem: unreadable(job.path, words) })
    const worker = new Worker(entry, { workerData: { ...job, signals } satisfies StateJob })
    worker.once('message', (outcome: StateOutcome) => resolve(outcome))
    worker.once('error', (error) => failed(error.message))
    worker.once('exit', () => { done(); failed('reading was stopped') })
  })
}

/** Longest wait for a thread at the end of the process; the chunk in hand takes less than a millisecond. */
const LAST_WAIT = 1000
const running = new Set<StateSignals>()

/** The process does not end under a thread that scans; returns what is called when the thread has ended. */
function untilExit(signals: StateSignals): () => void {
  if (running.size === 0) process.once('exit', stopAll)
  running.add(signals)
  return () => {
    running.delete(signals)
    if (running.size === 0) process.removeListener('exit', stopAll)
  }
}

function stopAll(): void {
  for (const each of running) askToStop(each)
  for (const each of running) awaitStopped(each, LAST_WAIT)
}
