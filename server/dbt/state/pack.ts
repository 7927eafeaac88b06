// What the scanner keeps: of every entry the wanted fields, as JSON bytes in a few big buffers that move between threads without a copy.
// Must not decode values: most entries are never asked for.

import { endOfString } from './bytes.ts'
import type { StatePack, Wants } from './types.ts'

const SEGMENT = 1 << 20

export interface Packer {
  wants(section: string): boolean
  metadata(bytes: Uint8Array): void
  /** An entry's whole value; of an array (`disabled`) each object is reduced. */
  add(section: string, id: string, bytes: Uint8Array): void
  finish(total: number): StatePack
}

interface Section { readonly keys: KeySet; readonly ids: string[]; readonly where: number[] }

export function makePacker(wants: Wants): Packer {
  const sections = new Map<string, Section>(Array.from(wants, ([name, keys]) => [name, { keys: keySet(keys), ids: [], where: [] }]))
  const segments: Uint8Array<ArrayBuffer>[] = []
  let used = 0
  let metadata = '{}'

  const room = (size: number): Uint8Array<ArrayBuffer> => {
    const last = segments[segments.length - 1]
    if (last && last.length - used >= size) return last
    if (last) segments[segments.length - 1] = last.slice(0, used)
    const next = new Uint8Array(Math.max(SEGMENT, size))
    segments.push(next)
    used = 0
    return next
  }

  return {
    wants: (section) => sections.has(section),
    metadata: (bytes) => { metadata = new TextDecoder('utf-8').decode(bytes) },
    add: (name, id, bytes) => {
      const section = sections.get(name)
      if (!section || id.includes('\0')) return
      // The reduced text is never longer than the entry plus the comma before each field.
      const segment = room(bytes.length + 2)
      const start = used
      used = bytes[0] === 0x5b ? copyArray(bytes, section.keys, segment, used) : copyFields(bytes, 0, section.keys, segment, used).to
      section.ids.push(id)
      section.where.push(segments.length - 1, start, used)
    },
    finish: (total) => {
      const last = segments[segments.length - 1]
      if (last) segments[segments.length - 1] = last.slice(0, used)
      return { metadata, bytes: total, segments, sections: Array.from(sections, ([name, { ids, where }]) => ({ name, ids: ids.join('\0'), where: Int32Array.from(where) })) }
    },
  }
}

/** Copies `{`, the wanted `"key": value` pairs and `}`. `from` is where the object starts; `end` is the index after it. */
function copyFields(bytes: Uint8Array, from: number, keys: KeySet, out: Uint8Array, to: number): { to: number; end: number } {
  const first = to + 1
  out[to++] = 0x7b
  let at = from + 1
  let depth = 1
  let keyStart = -1
  let keyEnd = -1
  let wanted = false
  let expectKey = true
  const copy = (end: number): void => {
    if (!wanted) return
    if (to > first) out[to++] = 0x2c
    out.set(bytes.subarray(keyStart, end), to)
    to += end - keyStart
    wanted = false
  }
  while (at < bytes.length) {
    const c = bytes[at] as number
    if (c === 0x22) {
      const end = endOfString(bytes, at + 1, false)
      if (end < 0) break
      if (depth === 1 && expectKey) { keyStart = at; keyEnd = end; expectKey = false; wanted = hasKey(keys, bytes, keyStart + 1, keyEnd - 1) }
      at = end
      continue
    }
    if (c === 0x7b || c === 0x5b) depth++
    else if (c === 0x7d || c === 0x5d) {
      depth--
      if (depth === 0) { copy(at); out[to++] = 0x7d; return { to, end: at + 1 } }
    } else if (c === 0x2c && depth === 1) { copy(at); expectKey = true }
    at++
  }
  out[to++] = 0x7d
  return { to, end: bytes.length }
}

function copyArray(bytes: Uint8Array, keys: KeySet, out: Uint8Array, to: number): number {
  const first = to + 1
  out[to++] = 0x5b
  let at = 1
  while (at < bytes.length) {
    const c = bytes[at] as number
    if (c === 0x7b) {
      if (to > first) out[to++] = 0x2c
      const copied = copyFields(bytes, at, keys, out, to)
      to = copied.to
      at = copied.end
    } else if (c === 0x22) {
      const end = endOfString(bytes, at + 1, false)
      if (end < 0) break
      at = end
    } else at++
  }
  out[to++] = 0x5d
  return to
}

/** Field names by a hash of their bytes: comparing sixty keys of each entry as strings would cost more than the scan. */
type KeySet = ReadonlyMap<number, readonly Uint8Array[]>

function keySet(names: readonly string[]): KeySet {
  const encoder = new TextEncoder()
  const set = new Map<number, Uint8Array[]>()
  for (const name of names) {
    const bytes = encoder.encode(name)
    const key = hash(bytes, 0, bytes.length)
    set.set(key, [...(set.get(key) ?? []), bytes])
  }
  return set
}

function hasKey(keys: KeySet, bytes: Uint8Array, start: number, end: number): boolean {
  const candidates = keys.get(hash(bytes, start, end))
  return candidates !== undefined && candidates.some((candidate) => candidate.length === end - start && candidate.every((byte, i) => byte === bytes[start + i]))
}

function hash(bytes: Uint8Array, start: number, end: number): number {
  let h = end - start
  for (let i = start; i < end; i++) h = (Math.imul(h, 31) + (bytes[i] as number)) | 0
  return h
}
