// The scanner over manifest.json: finds every entry of the wanted sections and keeps of each only the wanted fields, still as JSON bytes, in a few big
// buffers that move between threads without a copy. Fed in pieces, so that neither the file nor its objects ever stand in memory whole.
// Knows JSON's shape and the manifest's top two levels, nothing of dbt's meaning; decodes no value, as most entries are never asked for.
// The inner loop is scan.wat. Never throws for what the file holds; one that is no complete JSON object gives null and json.ts finds Python's words for it.

import { SCAN_PROGRAM } from './scan-program.ts'
import type { StatePack, Wants } from './types.ts'

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

/** Where things stand in the memory of scan.wat. */
const KEYS = 0x800
const KEY_SLOTS = 256
const KEY_TEXTS = 0x1800
const INPUT = 0x10000
const INPUT_SIZE = 0x10000
const OUTPUT = 0x20000
const IDS = 0x34000
const EVENTS = 0x48000

interface Program {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly at: Cell
  readonly depth: Cell
  readonly closed: Cell
  readonly inString: Cell
  readonly section: Cell
  readonly whole: Cell
  readonly keyFrom: Cell
  readonly keyTo: Cell
  readonly out: Cell
  readonly ids: Cell
  readonly events: Cell
  scan(end: number): number
  taken(): void
}
interface Cell { value: number }

interface Section { readonly name: string; ids: Uint8Array[]; where: number[] }

export function makeScanner(wants: Wants): Scanner {
  const sections = Array.from(wants.keys(), (name): Section => ({ name, ids: [], where: [] }))
  const metadata = sections.length
  const numbers = new Map<string, number>([...sections.map(({ name }, index) => [name, index] as const), ['metadata', metadata]])
  const program = startProgram(wants, metadata)
  const memory = new Uint8Array(program.memory.buffer)
  const words = new DataView(program.memory.buffer)
  const store = makeStore()
  let metadataText = '{}'
  let total = 0
  let carried = 0
  /** The section that was entered last: the ids that are taken are its own. */
  let current = -1
  let broken = false

  const take = (): void => {
    const events = program.events.value
    let from = OUTPUT
    for (let event = EVENTS; event < events; event += 8) {
      const number = words.getInt32(event, true)
      const to = words.getInt32(event + 4, true)
      store.add(memory, from, to)
      from = to
      const entry = store.finish()
      if (number === metadata) metadataText = new TextDecoder('utf-8').decode(store.read(entry))
      else sections[number]?.where.push(entry.segment, entry.start, entry.end)
    }
    store.add(memory, from, program.out.value)
    const ids = program.ids.value
    if (ids > IDS) sections[current]?.ids.push(memory.slice(IDS, ids))
    program.taken()
  }
  const enter = (): void => {
    const number = numbers.get(decodeKey(memory.subarray(program.keyFrom.value, program.keyTo.value)) ?? '') ?? -1
    program.section.value = number
    current = number
    // Of two equal keys Python's json keeps the last.
    const section = sections[number]
    if (section) { section.ids = []; section.where = [] }
  }
  const push = (chunk: Uint8Array): boolean => {
    total += chunk.length
    for (let from = 0; from < chunk.length && !broken;) {
      const length = Math.min(chunk.length - from, INPUT_SIZE - carried)
      memory.set(chunk.subarray(from, from + length), INPUT + carried)
      const end = INPUT + carried + length
      let result = program.scan(end)
      while (result === 1) {
        take()
        enter()
        result = program.scan(end)
      }
      if (result < 0) broken = true
      take()
      carried = end - program.at.value
      memory.copyWithin(INPUT, program.at.value, end)
      program.at.value = INPUT
      from += length
    }
    return !broken
  }
  const end = (): StatePack | null => {
    if (broken || carried > 0 || program.closed.value === 0 || program.depth.value > 0 || program.inString.value === 1) return null
    return { metadata: metadataText, bytes: total, segments: store.segments, sections: sections.map(packSection) }
  }
  return { push, end }
}

interface Entry { readonly segment: number; readonly start: number; readonly end: number }

const SEGMENT = 1 << 18

/** Collects the bytes of one entry after the other; each lies whole in one segment. */
function makeStore() {
  const segments: Uint8Array<ArrayBuffer>[] = []
  let start = 0
  let used = 0
  const room = (length: number): Uint8Array<ArrayBuffer> => {
    const last = segments.at(-1)
    if (last && last.length - used >= length) return last
    const began = last?.subarray(start, used)
    const next = new Uint8Array(Math.max(SEGMENT, 2 * ((began?.length ?? 0) + length)))
    // An entry alone in its segment leaves nothing behind when it moves.
    if (start === 0 && last) segments.pop()
    segments.push(next)
    if (began) next.set(began)
    used -= start
    start = 0
    return next
  }
  return {
    segments,
    add(memory: Uint8Array, from: number, to: number): void {
      if (from === to) return
      room(to - from).set(memory.subarray(from, to), used)
      used += to - from
    },
    finish(): Entry {
      const entry = { segment: segments.length - 1, start, end: used }
      start = used
      return entry
    },
    read: ({ segment, start: from, end: to }: Entry): Uint8Array => segments[segment]?.subarray(from, to) ?? new Uint8Array(),
  }
}

function packSection({ name, ids, where }: Section): StatePack['sections'][number] {
  // The last NUL ends the last id.
  const text = decoder.decode(join(ids)).slice(0, -1)
  if (!text.includes('\\')) return { name, ids: text, where: Int32Array.from(where) }
  const kept = text.split('\0').map((id, index) => ({ id: decodeKey(encoder.encode(`"${id}"`)), at: index * 3 })).filter(({ id }) => id !== null && !id.includes('\0'))
  return { name, ids: kept.map(({ id }) => id).join('\0'), where: Int32Array.from(kept.flatMap(({ at }) => where.slice(at, at + 3))) }
}

const decoder = new TextDecoder('utf-8')
const encoder = new TextEncoder()

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

/** A copy of scan.wat with the classes of bytes and the wanted field names in its memory. */
function startProgram(wants: Wants, whole: number): Program {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(SCAN_PROGRAM, 'base64')))
  const program = instance.exports as Program
  const memory = new Uint8Array(program.memory.buffer)
  const words = new DataView(program.memory.buffer)
  for (const [place, bytes] of [' \t\r\n', '0123456789+-.eEtrufalsnNIity', '"', '{[', '}]', ',', ':'].entries()) for (const c of bytes) memory[c.charCodeAt(0)] = place + 1
  const bits = new Map<string, number>()
  for (const [section, names] of Array.from(wants.values()).entries()) for (const name of names) bits.set(name, (bits.get(name) ?? 0) | (1 << section))
  let at = KEY_TEXTS
  for (const [name, sections] of bits) {
    const bytes = encoder.encode(name)
    memory.set(bytes, at)
    let slot = hash(bytes)
    while (words.getInt32(slotAt(slot), true) !== 0) slot++
    words.setInt32(slotAt(slot), at, true)
    words.setInt32(slotAt(slot) + 4, bytes.length, true)
    words.setInt32(slotAt(slot) + 8, sections, true)
    at += bytes.length
  }
  program.whole.value = whole
  return program
}

function slotAt(slot: number): number { return KEYS + (slot & (KEY_SLOTS - 1)) * 16 }

function hash(bytes: Uint8Array): number {
  let h = bytes.length
  for (const byte of bytes) h = (Math.imul(h, 31) + byte) | 0
  return h
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) { whole.set(part, at); at += part.length }
  return whole
}
