// Asks @polyglot-sql/sdk, where it is installed, whether a SQL text can be parsed: in a child process that is killed when it takes too long. No thread:
// Node 20 ends with a segmentation fault when one is terminated while it compiles or runs WebAssembly (seen in two of three tries).
// The library is never loaded at the start, nor into the server's own process; without it nothing is checked.

import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { certainError, type ParserComplaint, type SqlError, type SqlParser } from '../sql/syntax.ts'

export interface SqlChecker {
  /** The first certain error; null for none, and where nothing can be said. Never rejects. */
  check(text: string, dialect: string): Promise<SqlError | null>
  /** False once it is known that nothing can be said. */
  able(): boolean
  /** Whether there is one that works; tried where nothing was asked yet. Never rejects. */
  parser(): Promise<SqlParser>
  dispose(): void
}

const LIMIT_MS = 2_000
/** The first answer waits for the library to load. */
const FIRST_LIMIT_MS = 15_000
/** Longer texts are not parsed. */
const LONGEST = 1_000_000
const MOST_FAILURES = 3

interface Question { readonly id: number; readonly text: string; readonly dialect: string }
type Answer = { readonly id: number; readonly complaint: ParserComplaint | null } | { readonly missing: true; readonly why: string | null } | { readonly id: number; readonly failed: string }

/** The argument that makes the bundle's entry the child. */
export const SQL_CHILD = '--sql-child'

/** `entry`: file of the bundle, which knows SQL_CHILD; null (run from source): nothing is checked. */
export function makeSqlChecker(entry: string | null): SqlChecker {
  let child: ChildProcess | null = null
  let failures = entry === null ? MOST_FAILURES : 0
  let found: SqlParser | null = entry === null ? { kind: 'absent' } : null
  let asked = 0
  let queue: Promise<unknown> = Promise.resolve()
  /** Ends the one question that is asked. */
  let settle: (complaint: ParserComplaint | null, broken: boolean) => void = () => undefined

  const stop = (): void => {
    child?.kill('SIGKILL')
    child = null
  }

  function started(file: string): ChildProcess {
    const made = fork(file, [SQL_CHILD], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    const lost = (): void => { if (made === child) settle(null, true) }
    made.on('error', lost).on('exit', lost).on('message', (answer: Answer) => {
      if (made !== child) return
      if ('missing' in answer) {
        failures = MOST_FAILURES
        found = answer.why === null ? { kind: 'absent' } : { kind: 'broken', why: answer.why }
        settle(null, true)
      } else if (answer.id === asked) {
        found = 'failed' in answer ? { kind: 'broken', why: answer.failed } : { kind: 'works' }
        settle('failed' in answer ? null : answer.complaint, 'failed' in answer)
      }
    })
    made.unref()
    made.channel?.unref()
    return made
  }

  function ask(text: string, dialect: string): Promise<ParserComplaint | null> {
    if (entry === null || failures >= MOST_FAILURES || text.length > LONGEST) return Promise.resolve(null)
    const first = child === null
    const running = child ??= started(entry)
    const id = ++asked
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(null, true), first ? FIRST_LIMIT_MS : LIMIT_MS)
      settle = (complaint, broken) => {
        clearTimeout(timer)
        settle = () => undefined
        if (broken) { failures++; stop() }
        resolve(complaint)
      }
      running.send({ id, text, dialect } satisfies Question, (error) => { if (error && id === asked) settle(null, true) })
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
    async parser() {
      if (found === null) await (queue = queue.then(() => ask('select 1', 'duckdb')))
      return found ?? { kind: 'broken', why: 'its process gave no answer' }
    },
    dispose: stop,
  }
}

interface Parser {
  init(): Promise<void>
  validate(text: string, dialect: string): { readonly valid: boolean; readonly errors: readonly { readonly message: string; readonly code: string; readonly start?: number; readonly end?: number }[] }
}

/** Call in the bundle's entry when process.argv[2] is SQL_CHILD. The process ends when its parent does. */
export function runSqlChild(): void {
  const library = loaded().catch((problem: unknown) => String(problem))
  const answer = (said: Answer): void => { process.send?.(said) }
  process.on('message', ({ id, text, dialect }: Question) => {
    void library.then((parser) => {
      if (parser === null || typeof parser === 'string') return answer({ missing: true, why: parser })
      try {
        const { valid, errors: [error] } = parser.validate(text, dialect)
        answer({ id, complaint: valid || !error ? null : { code: error.code, message: error.message, start: error.start ?? null, end: error.end ?? null } })
      } catch (problem) {
        // A stack overflow leaves the library broken for good: this process ends with it.
        answer({ id, failed: String(problem) })
      }
    })
  })
}

/** Null: it is not installed. Rejects when it is and cannot be used: half installed, not for this platform. */
async function loaded(): Promise<Parser | null> {
  const require = createRequire(import.meta.filename)
  const installed = (require.resolve.paths(LIBRARY) ?? []).some((directory) => existsSync(`${directory}/${LIBRARY}`))
  if (!installed) return null
  const parser = require(LIBRARY) as Parser
  await parser.init()
  return parser
}

const LIBRARY = '@polyglot-sql/sdk'
