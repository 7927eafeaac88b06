// Facts between starts on disk: one file for each project and its settings, in the user's cache directory. Written whole or not at all;
// a file that is cut, damaged or of another version counts as none, and says so. Losing all of it costs time, never an answer.

import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { FactsRead, FactsStore } from '../dbt/ports.ts'
import { isSystemError } from './disk.ts'
import { sealSteps, unseal } from './facts-bytes.ts'

/** What is asked of the disk; every method throws what node:fs throws. Tests have disks that are full. */
export interface FactsDisk {
  read(file: string): Uint8Array
  /** Makes the directory when there is none. */
  write(file: string, bytes: Uint8Array): Promise<void>
  rename(from: string, to: string): void
  remove(file: string): void
  list(directory: string): readonly { readonly name: string; readonly size: number; readonly usedMs: number }[]
  touch(file: string, nowMs: number): void
}

const MEGABYTE = 1024 * 1024
const MAX_FILE = 256 * MEGABYTE
const MAX_ALL = 1024 * MEGABYTE
const MAX_IDLE_MS = 60 * 24 * 3600 * 1000
const MAX_LEFTOVER_MS = 3600 * 1000

export interface FactsOptions {
  /** Null: kept nowhere; `off` says why. */
  readonly directory: string | null
  readonly off: string | null
  /** The program and its version: facts of another one are never read. */
  readonly engine: () => string
  readonly disk?: FactsDisk
  readonly nowMs?: () => number
}

/** For whoever keeps nothing. */
export const NO_FACTS: FactsStore = { directory: null, off: 'nobody asked for it', salt: () => '', read: () => ({ kind: 'none', why: null }), write: () => Promise.resolve(null) }

export function makeFactsStore({ directory, off, engine, disk = realDisk, nowMs = Date.now }: FactsOptions): FactsStore {
  const fileOf = (place: string): string => `${directory ?? ''}/${createHash('sha256').update(place).digest('hex').slice(0, 40)}.facts`
  let count = 0

  /** Files not used for long, then the longest unused of those that are too much; leftovers of programs that were ended while they wrote. */
  function prune(into: string): void {
    const now = nowMs()
    let total = 0
    for (const { name, size, usedMs } of disk.list(into).filter((each) => /\.(facts|code|tmp)$/.test(each.name)).toSorted((a, b) => b.usedMs - a.usedMs)) {
      const idle = now - usedMs
      const useless = name.endsWith('.tmp') ? idle > MAX_LEFTOVER_MS : idle > MAX_IDLE_MS || (total += size) > MAX_ALL
      if (useless) disk.remove(`${into}/${name}`)
    }
  }

  return {
    directory, off,
    salt: () => randomBytes(16).toString('hex'),
    read(place): FactsRead {
      if (directory === null) return { kind: 'none', why: off }
      const file = fileOf(place)
      return attempt<FactsRead>(() => {
        const unsealed = unseal(disk.read(file), engine())
        if (unsealed.kind === 'refused') return { kind: 'none', why: `${file}: ${unsealed.why}; it is made again` }
        attempt(() => disk.touch(file, nowMs()), () => undefined)
        return { kind: 'found', pages: unsealed.pages }
      }, (error) => ({ kind: 'none', why: error.code === 'ENOENT' ? null : `${file}: ${error.message}` }))
    },
    async write(place, written) {
      if (directory === null) return off
      const file = fileOf(place)
      const temporary = `${file}.${process.pid}.${++count}.tmp`
      try {
        const steps = sealSteps(written, engine())
        let step = steps.next()
        while (!step.done) {
          await turn()
          step = steps.next()
        }
        if (step.value.length > MAX_FILE) return `the facts of this project take ${Math.round(step.value.length / MEGABYTE)} MB; more than ${MAX_FILE / MEGABYTE} MB are not kept`
        await disk.write(temporary, step.value)
        disk.rename(temporary, file)
        prune(directory)
        return null
      } catch (error) {
        if (!isSystemError(error) && !(error instanceof RangeError)) throw error
        attempt(() => disk.remove(temporary), () => undefined)
        return `${file}: ${error.message}`
      }
    },
  }
}

/** What the running program is, so that facts of another one are never taken for its own: the bundle by its bytes; from source, by when the files were changed last. */
export function engineOf(entry: string): string {
  return attempt(() => {
    if (!entry.endsWith('.ts')) return createHash('sha256').update(readFileSync(entry)).digest('hex')
    const directory = path.dirname(entry)
    const stamps = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).toSorted().map((name) => {
      const { mtimeMs, size } = statSync(path.join(directory, name))
      return `${name} ${mtimeMs} ${size}`
    })
    return createHash('sha256').update(stamps.join('\n')).digest('hex')
  }, () => '')
}

const realDisk: FactsDisk = {
  read: (file) => readFileSync(file),
  async write(file, bytes) {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    // `wx`: never through a link that somebody else put there.
    await writeFile(file, bytes, { mode: 0o600, flag: 'wx' })
  },
  rename: renameSync,
  remove: (file) => rmSync(file, { force: true }),
  list: (directory) => readdirSync(directory).flatMap((name) => {
    const stat = statSync(`${directory}/${name}`, { throwIfNoEntry: false })
    return stat?.isFile() ? [{ name, size: stat.size, usedMs: stat.mtimeMs }] : []
  }),
  touch: (file, nowMs) => utimesSync(file, nowMs / 1000, nowMs / 1000),
}

/** Errors of the operating system alone are expected here; a RangeError is a file too large for memory. */
function attempt<T>(action: () => T, otherwise: (error: NodeJS.ErrnoException) => T): T {
  try {
    return action()
  } catch (error) {
    if (isSystemError(error) || error instanceof RangeError) return otherwise(error)
    throw error
  }
}

function turn(): Promise<void> { return new Promise((resolve) => { setImmediate(resolve) }) }
