// Puts facts into words and a table of strings: what host/ keeps on disk. Knows no dbt; reader.ts is its counterpart, host/facts-bytes.ts the envelope.
// What cannot be kept (a value that is no data) is refused by throwing Unstorable, which the door of this folder catches.

import { createHash } from 'node:crypto'

/** A fact that is no plain data, so that it cannot be kept. */
export class Unstorable extends Error {}

/** Kept facts before they are joined to one file: see host/facts-bytes.ts. */
export interface Written {
  readonly words: Int32Array
  /** Strings of one byte a character, and the others; each with its end among those of its table. */
  readonly narrow: StringTable
  readonly wide: StringTable
}

export interface StringTable { readonly ends: Int32Array; readonly texts: readonly string[] }

const FIRST_SIZE = 1 << 16

/** Records are written one after the other, each after those it points to: offsets only ever point back. */
export class Writer {
  private words = new Int32Array(FIRST_SIZE)
  private length = 1
  private readonly ids = new Map<string, number>()
  private readonly narrow: string[] = []
  private readonly wide: string[] = []
  private readonly shared = new Map<string, number>()
  private readonly known = new WeakMap<object, number>()
  private readonly free: Frame[] = []
  private readonly secrets: readonly string[]

  /** `secrets`: texts that no fact may hold. */
  constructor(secrets: readonly string[] = []) { this.secrets = secrets }

  /** The number of a string; one and the same string has one number. */
  text(text: string): number {
    const known = this.ids.get(text)
    if (known !== undefined) return known
    if (this.secrets.some(secret => text.includes(secret))) throw new Unstorable('a secret of the environment stands in a fact')
    const list = NARROW.test(text) ? this.narrow : this.wide
    const id = (list.length << 1) | (list === this.wide ? 1 : 0)
    list.push(text)
    this.ids.set(text, id)
    return id
  }

  /** A record of its own; its offset. `alike`: equal records are one. */
  record(write: (frame: Frame) => void, alike = false): number {
    const frame = this.free.pop() ?? new Frame(this)
    frame.words.length = 0
    write(frame)
    const { words } = frame
    this.free.push(frame)
    if (!alike) return this.append(words)
    const key = words.join()
    let offset = this.shared.get(key)
    if (offset === undefined) this.shared.set(key, offset = this.append(words))
    return offset
  }

  /** The record of an object, made once; equal ones are one. */
  recordOf(object: object, write: (frame: Frame) => void): number {
    let offset = this.known.get(object)
    if (offset === undefined) this.known.set(object, offset = this.record(write, true))
    return offset
  }

  private append(words: readonly number[]): number {
    const offset = this.length
    const needed = offset + words.length
    if (needed > this.words.length) {
      const grown = new Int32Array(Math.max(needed, this.words.length * 2))
      grown.set(this.words)
      this.words = grown
    }
    this.words.set(words, offset)
    this.length = needed
    return offset
  }

  finish(): Written {
    return { words: this.words.subarray(0, this.length), narrow: tableOf(this.narrow), wide: tableOf(this.wide) }
  }
}

/** One record while it is written. */
export class Frame {
  readonly words: number[] = []
  readonly writer: Writer
  constructor(writer: Writer) { this.writer = writer }

  int(value: number): void { this.words.push(value) }
  flag(value: boolean): void { this.words.push(value ? 1 : 0) }
  text(value: string): void { this.words.push(this.writer.text(value)) }
  maybeText(value: string | null): void { this.words.push(value === null ? -1 : this.writer.text(value)) }
  maybeInt(value: number | null): void { this.words.push(value ?? -1) }
  list<T>(items: readonly T[], each: (item: T) => void): void {
    this.words.push(items.length)
    for (const item of items) each(item)
  }
  texts(items: readonly string[]): void { this.list(items, item => this.text(item)) }
  /** A flag, then the value when there is one. */
  maybe<T extends object>(value: T | null | undefined, write: (value: T) => void): void {
    this.flag(value !== null && value !== undefined)
    if (value !== null && value !== undefined) write(value)
  }
}

const NARROW = /^[\u0000-\u00ff]*$/

function tableOf(texts: readonly string[]): StringTable {
  const ends = new Int32Array(texts.length)
  let end = 0
  texts.forEach((text, index) => { ends[index] = end += text.length })
  return { ends, texts }
}

/** Short and, for all that matters here, one of a kind. */
export function digestOf(text: string): string { return createHash('sha256').update(text, 'utf8').digest('base64').slice(0, 24) }
