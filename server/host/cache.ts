// Facts kept between starts: JSON values by the hash of what they were made from. Losing the cache costs time, never an answer:
// what can't be read, parsed or written is as if it were not there.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { isSystemError } from './disk.ts'

export interface Cache {
  /** The value of a key, undefined when there is none. Whoever reads it checks its shape. */
  read(key: string): unknown
  /** Whole or not at all. */
  write(key: string, value: unknown): void
}

/** `version` is part of each key: another version of the program never sees these values. */
export function openCache(directory: string, version: string): Cache {
  const file = (key: string): string => `${directory}/${createHash('sha256').update(`${version}\0${key}`).digest('hex')}.json`
  return {
    read(key) {
      const path = file(key)
      try {
        const stored: unknown = JSON.parse(readFileSync(path, 'utf8'))
        return isEnvelope(stored) && stored.key === key && stored.sum === sumOf(stored.value) ? stored.value : undefined
      } catch (error) {
        if (error instanceof SyntaxError) { attempt(() => rmSync(path, { force: true })); return undefined }
        if (isSystemError(error)) return undefined
        throw error
      }
    },
    write(key, value) {
      const path = file(key)
      const temporary = `${path}.${process.pid}.tmp`
      attempt(() => {
        mkdirSync(directory, { recursive: true })
        writeFileSync(temporary, JSON.stringify({ key, sum: sumOf(value), value }), { mode: 0o600 })
        renameSync(temporary, path)
      })
    },
  }
}

interface Envelope { readonly key: string; readonly sum: string; readonly value: unknown }

function isEnvelope(stored: unknown): stored is Envelope {
  return typeof stored === 'object' && stored !== null && 'key' in stored && 'sum' in stored && 'value' in stored
}

function sumOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value) ?? '').digest('base64')
}

function attempt(action: () => void): void {
  try {
    action()
  } catch (error) {
    if (!isSystemError(error)) throw error
  }
}
