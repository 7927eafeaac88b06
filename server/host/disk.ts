// The Disk over node:fs. Answers null or nothing for what can't be read; follows symlinks, never throws, and touches nothing but what is asked.

import { isUtf8 } from 'node:buffer'
import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, readdirSync, statSync, type Dirent, type Stats, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { utf8Problem } from '../text/utf8.ts'
import type { Disk, DiskEntry } from '../dbt/ports.ts'

/** Longer files are cut: an editor must not die of a dump that somebody put into models/. */
const MAX_BYTES = 10 * 1024 * 1024

export const nodeDisk: Disk = {
  read: (path, bytes) => readText(path, bytes)?.text ?? null,
  kind,
  list,
}

export interface TextRead {
  /** What could be decoded; a byte order mark stays in it, as it does in dbt. */
  readonly text: string
  readonly size: number
  /** Why the text is not what the bytes say; Python's words. */
  readonly undecodable: string | null
  /** The bytes that were read, when the file has more. */
  readonly cutAt: number | null
  /** Another one: the file may have changed. */
  readonly stamp: string
}

/** Null when there is no such regular file or it can't be opened (pipes and devices are not read). */
export function readText(path: string, maxBytes = MAX_BYTES): TextRead | null {
  let handle: number | null = null
  try {
    // a named pipe would otherwise keep us waiting for its writer
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const stats = fstatSync(handle)
    if (!stats.isFile()) return null
    const { size } = stats
    const bytes = Buffer.allocUnsafe(Math.min(size, maxBytes))
    let length = 0
    while (length < bytes.length) {
      const read = readSync(handle, bytes, length, bytes.length - length, length)
      if (read === 0) break
      length += read
    }
    return { ...decode(bytes.subarray(0, length), size), stamp: stampOf(stats) }
  } catch (error) {
    if (isSystemError(error)) return null
    throw error
  } finally {
    if (handle !== null) closeSync(handle)
  }
}

function decode(bytes: Buffer, size: number): Omit<TextRead, 'stamp'> {
  const cut = bytes.length < size
  const whole = cut ? withoutHalfCharacter(bytes) : bytes
  const text = whole.toString('utf8')
  if (!isUtf8(whole)) {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: bytes.includes(0) || utf16 ? '' : text, size, undecodable: utf8Problem(whole), cutAt: null }
  }
  return { text, size, undecodable: null, cutAt: cut ? bytes.length : null }
}

/** The last bytes of a cut text may be the beginning of a character. */
function withoutHalfCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

function list(path: string): readonly DiskEntry[] {
  const entries: DiskEntry[] = []
  for (const entry of entriesOf(path)) {
    if (entry.isFile()) entries.push({ name: entry.name, kind: 'file' })
    else if (entry.isDirectory()) entries.push({ name: entry.name, kind: 'directory' })
    else if (entry.isSymbolicLink()) {
      const target = kind(`${path}/${entry.name}`)
      if (target !== null) entries.push({ name: entry.name, kind: target, link: true })
    }
  }
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    if (isSystemError(error)) return []
    throw error
  }
}

function kind(path: string): 'file' | 'directory' | null {
  const stats = statsOf(path)
  return stats?.isFile() === true ? 'file' : stats?.isDirectory() === true ? 'directory' : null
}

/** Null for what isn't there, below a file, too long a name, dead links, links that go round in a circle and for what one may not see; `throwIfNoEntry: false` throws for most of these. */
export function statsOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    if (isSystemError(error)) return null
    throw error
  }
}

export function stampOf({ mtimeMs, size, ino }: Stats): string { return [mtimeMs, size, ino].join(' ') }

/** Makes the folders above it; why it could not be written, or null. */
export function writeText(path: string, text: string): string | null {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return null
  } catch (error) {
    if (isSystemError(error)) return error.message
    throw error
  }
}

/** An error of the operating system (ENOENT, EACCES, ELOOP …), as against one of ours. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}
