// The byte scanner over manifest.json: finds every entry of the wanted sections and keeps of each only the wanted fields, still as JSON bytes.
// Fed in pieces, so that neither the file nor its objects ever stand in memory whole. Knows JSON's shape and the manifest's top two levels,
// nothing of dbt's meaning. Never throws; a file that is no complete JSON object gives null and json.ts finds Python's words for it.

import { endOfString } from './bytes.ts'
import { makePacker } from './pack.ts'
import type { StatePack, Wants } from './types.ts'

/** Nested deeper than this Python's json gives up with a RecursionError. */
const MAX_DEPTH = 990

/** What a byte outside of strings means. */
const ILLEGAL = 0
const BLANK = 1
const OTHER = 2
const QUOTE = 3
const OPEN = 4
const CLOSE = 5
const COMMA = 6
const COLON = 7
const CLASSES = classes()

export interface Scanner {
  /** Takes the next piece of the file. False: the file is broken, more need not be read. */
  push(chunk: Uint8Array): boolean
  /** After the last piece. Null: no complete JSON object. */
  end(): StatePack | null
}

/** Scans a manifest that is in memory. */
export function scanBytes(bytes: Uint8Array, wants: Wants): StatePack | null {
  const scanner = makeScanner(wants)
  return scanner.push(bytes) ? scanner.end() : null
}

export function makeScanner(wants: Wants): Scanner {
  const packer = makePacker(wants)
  const open = new Uint8Array(MAX_DEPTH + 1)
  let depth = 0
  let inString = false
  let escaped = false
  let expectKey = false
  let broken = false
  let closed = false
  let total = 0
  let section: string | null = null
  let id: string | null = null
  // What is being copied out: a key of the top two levels, or a whole entry; it may lie across several chunks.
  let capturing: 'none' | 'key' | 'entry' = 'none'
  let captureFrom = 0
  let parts: Uint8Array[] = []

  const take = (chunk: Uint8Array, end: number): Uint8Array => {
    const last = chunk.subarray(captureFrom, end)
    capturing = 'none'
    if (parts.length === 0) return last
    parts.push(last)
    const whole = join(parts)
    parts = []
    return whole
  }

  const push = (chunk: Uint8Array): boolean => {
    const length = chunk.length
    total += length
    let at = 0
    captureFrom = 0
    while (at < length && !broken) {
      if (inString) {
        at = endOfString(chunk, at, escaped)
        if (at < 0) {
          escaped = at === -2
          at = length
          break
        }
        escaped = false
        inString = false
        if (capturing === 'key') {
          const key = decodeKey(take(chunk, at))
          if (depth === 1) section = key
          else id = key
        }
        continue
      }
      const c = chunk[at] as number
      switch (CLASSES[c]) {
        case BLANK: break
        case QUOTE:
          inString = true
          if (expectKey && depth <= 2 && capturing === 'none') { capturing = 'key'; captureFrom = at }
          expectKey = false
          if (depth === 0) broken = true
          break
        case OPEN:
          if (closed || depth >= MAX_DEPTH || (depth === 0 && c !== 0x7b)) { broken = true; break }
          if (capturing === 'none' && section !== null && ((depth === 1 && section === 'metadata') || (depth === 2 && id !== null && packer.wants(section)))) {
            capturing = 'entry'
            captureFrom = at
          }
          open[depth++] = c
          expectKey = c === 0x7b
          break
        case CLOSE:
          if (depth === 0 || open[depth - 1] !== c - 2) { broken = true; break }
          depth--
          expectKey = false
          if (capturing === 'entry' && section !== null) {
            if (depth === 2 && id !== null) packer.add(section, id, take(chunk, at + 1))
            else if (depth === 1) packer.metadata(take(chunk, at + 1))
          }
          if (depth === 0) closed = true
          break
        case COMMA:
          expectKey = depth > 0 && open[depth - 1] === 0x7b
          if (depth === 1) section = null
          if (depth === 2) id = null
          break
        case COLON: expectKey = false; break
        case OTHER: if (depth === 0) broken = true; break
        default: broken = true
      }
      at++
    }
    if (capturing !== 'none' && !broken) parts.push(chunk.slice(captureFrom))
    return !broken
  }
  const end = (): StatePack | null => (broken || !closed || depth !== 0 || inString ? null : packer.finish(total))
  return { push, end }
}

function classes(): Uint8Array {
  const table = new Uint8Array(256).fill(ILLEGAL)
  for (const c of ' \t\r\n') table[c.charCodeAt(0)] = BLANK
  for (const c of '0123456789+-.eEtrufalsnNIity') table[c.charCodeAt(0)] = OTHER
  for (const c of '{[') table[c.charCodeAt(0)] = OPEN
  for (const c of '}]') table[c.charCodeAt(0)] = CLOSE
  table[0x22] = QUOTE
  table[0x2c] = COMMA
  table[0x3a] = COLON
  return table
}

const decoder = new TextDecoder('utf-8')

/** A key's text, or null for one that is no JSON string. */
function decodeKey(raw: Uint8Array): string | null {
  const text = decoder.decode(raw)
  if (!text.includes('\\')) return text.slice(1, -1)
  try {
    return String(JSON.parse(text))
  } catch {
    return null
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) { whole.set(part, at); at += part.length }
  return whole
}
