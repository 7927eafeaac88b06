// `--record FILE`: what the editor sends, one message a line, to be replayed as a test or sent with a bug report. Secrets are taken out;
// what the server answers is not kept, since a replay makes it anew.

import { appendFileSync, writeFileSync } from 'node:fs'
import { Transform } from 'node:stream'
import { secretValues } from '../dbt/project/secrets.ts'

export interface Recorded { readonly ms: number; readonly message: unknown }

const SECRET_KEY = /pass|token|secret|credential|private|api_?key|authorization/i

/**
 * Passes bytes on as they are, and notes each whole message. Never throws for what it reads: an unreadable message is left out. A file that cannot be written
 * any more (a full disk) ends the record, not the session; `onEnd` hears why.
 */
export function recorder(file: string, secrets: ReadonlyMap<string, string>, onEnd: (why: string) => void): Transform {
  const values = secretValues(secrets)
  const started = Date.now()
  let held: Buffer = Buffer.alloc(0)
  let open = true
  writeFileSync(file, '')
  const note = (message: unknown): void => {
    try {
      appendFileSync(file, `${JSON.stringify({ ms: Date.now() - started, message: cleaned(message, values) } satisfies Recorded)}\n`)
    } catch (error) {
      open = false
      held = Buffer.alloc(0)
      onEnd(error instanceof Error ? error.message : String(error))
    }
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (open) held = Buffer.concat([held, chunk])
      for (let taken = takeMessage(held); taken; taken = takeMessage(held)) {
        held = taken.rest
        if (taken.message !== undefined) note(taken.message)
      }
      done(null, chunk)
    },
  })
}

/** `message` is undefined when its body is no JSON; null: not whole yet. */
function takeMessage(bytes: Buffer): { message: unknown; rest: Buffer } | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const length = Number(/content-length:\s*(\d+)/i.exec(bytes.toString('latin1', 0, end))?.[1] ?? 0)
  const from = end + 4
  if (bytes.length < from + length) return null
  const rest = bytes.subarray(from + length)
  try {
    return { message: JSON.parse(bytes.toString('utf8', from, from + length)) as unknown, rest }
  } catch {
    return { message: undefined, rest }
  }
}

/** Values under keys that sound secret go, and values of secret environment variables wherever they stand. */
export function cleaned(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, '***'), value).replaceAll(/((?:password|pass|token|secret|private_key|api_key)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi, '$1***')
  if (Array.isArray(value)) return value.map((each) => cleaned(each, secrets))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, SECRET_KEY.test(key) && typeof each === 'string' ? '***' : cleaned(each, secrets)]))
}
