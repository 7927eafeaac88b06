// Asks @polyglot-sql/sdk, where it is installed, whether a SQL text can be parsed: in a worker thread that is ended when it takes too long.
// The library is never loaded at the start, nor into the server's own thread; without it nothing is checked.

import { isMainThread, parentPort, workerData, Worker } from 'node:worker_threads'
import { certainError, type ParserComplaint, type SqlError } from '../sql/syntax.ts'

export interface SqlChecker {
  /** The first certain error; null for none, and where nothing can be said. Never rejects. */
  check(text: string, dialect: string): Promise<SqlError | null>
  /** False once it is known that nothing can be said. */
  able(): boolean
  dispose(): void
}

const LIMIT_MS = 2_000
/** The first answer waits for the library to load. */
const FIRST_LIMIT_MS = 15_000
/** Longer texts are not parsed. */
const LONGEST = 1_000_000
const MOST_FAILURES = 3

interface Question { readonly id: number; readonly text: string; readonly dialect: string }
type Answer = { readonly id: number; readonly complaint: ParserComplaint | null } | { readonly missing: true } | { readonly id: number; readonly failed: string }

/** `entry`: file of the bundle, whose first act is `runSqlWorker()`; null (run from source, which no worker loads): nothing is checked. */
export function makeSqlChecker(entry: string | null): SqlChecker {
  let worker: Worker | null = null
  let failures = entry === null ? MOST_FAILURES : 0
  let asked = 0
  let queue: Promise<unknown> = Promise.resolve()

  const stop = (): void => {
    void worker?.terminate()
    worker = null
  }

  function ask(text: string, dialect: string): Promise<ParserComplaint | null> {
    if (entry === null || failures >= MOST_FAILURES || text.length > LONGEST) return Promise.resolve(null)
    const first = worker === null
    const running = worker ??= new Worker(entry, { workerData: { job: 'sql' } })
    running.unref()
    const id = ++asked
    return new Promise((resolve) => {
      const settle = (complaint: ParserComplaint | null, broken: boolean): void => {
        clearTimeout(timer)
        running.removeAllListeners()
        if (broken) { failures++; stop() }
        resolve(complaint)
      }
      const timer = setTimeout(() => settle(null, true), first ? FIRST_LIMIT_MS : LIMIT_MS)
      running.on('message', (answer: Answer) => {
        if ('missing' in answer) { failures = MOST_FAILURES; settle(null, true) }
        else if (answer.id === id) settle('failed' in answer ? null : answer.complaint, 'failed' in answer)
      })
      running.on('error', () => settle(null, true))
      running.on('exit', () => settle(null, true))
      running.postMessage({ id, text, dialect } satisfies Question, [])
    })
  }

  return {
    check(text, dialect) {
      const answer = queue.then(async () => {
        const complaint = await ask(text, dialect)
        return complaint ? certainError(text, dialect, complaint) : null
      })
      queue = answer.catch(() => null)
      return answer
    },
    able: () => failures < MOST_FAILURES,
    dispose: stop,
  }
}

interface Parser { validate(text: string, dialect: string): { readonly valid: boolean; readonly errors: readonly { readonly message: string; readonly code: string; readonly start?: number; readonly end?: number }[] } }

/** Call first thing in the bundle's entry: true when this is our worker thread. */
export function runSqlWorker(): boolean {
  const data: unknown = workerData
  if (isMainThread || typeof data !== 'object' || data === null || !('job' in data) || data.job !== 'sql') return false
  const name = '@polyglot-sql/sdk'
  const library: Promise<Parser | null> = import(name).then((made: Parser) => made, () => null)
  parentPort?.on('message', ({ id, text, dialect }: Question) => {
    void library.then((parser) => {
      if (!parser) { parentPort?.postMessage({ missing: true } satisfies Answer, []); return }
      try {
        const { valid, errors: [error] } = parser.validate(text, dialect)
        parentPort?.postMessage({ id, complaint: valid || !error ? null : { code: error.code, message: error.message, start: error.start ?? null, end: error.end ?? null } } satisfies Answer, [])
      } catch (problem) {
        // A stack overflow leaves the library broken for good: this thread ends with it.
        parentPort?.postMessage({ id, failed: String(problem) } satisfies Answer, [])
      }
    })
  })
  return true
}
