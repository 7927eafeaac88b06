// Reads what writer.ts wrote. The bytes come from a disk, so nothing is believed: whatever a number points to, the answer is of the asked kind,
// nothing throws, nothing runs on for ever (records point back only), and no text ever names a JavaScript property.

/** The parts of a kept file: see host/facts-bytes.ts. */
export interface Pages {
  readonly words: Int32Array
  readonly narrow: TextPage
  readonly wide: TextPage
}

export interface TextPage { readonly ends: Int32Array; readonly text: string }

export class Reader {
  readonly words: Int32Array
  private readonly pages: Pages
  private readonly texts: (string | undefined)[] = []
  private readonly made = new Map<string, Map<number, unknown>>()

  constructor(pages: Pages) {
    this.pages = pages
    this.words = pages.words
  }

  text(id: number): string {
    const known = this.texts[id]
    if (known !== undefined) return known
    const page = (id & 1) === 1 ? this.pages.wide : this.pages.narrow
    const index = id >> 1
    const end = page.ends[index]
    if (id < 0 || end === undefined) return ''
    const text = page.text.slice(index === 0 ? 0 : page.ends[index - 1] ?? 0, end)
    this.texts[id] = text
    return text
  }

  /** The record at an offset as `kind`, made once. */
  once<T>(kind: string, offset: number, make: (cursor: Cursor) => T): T {
    let all = this.made.get(kind)
    if (!all) this.made.set(kind, all = new Map<number, unknown>())
    const known = all.get(offset)
    if (known !== undefined) return known as T
    const made = make(this.at(offset))
    all.set(offset, made)
    return made
  }

  at(offset: number): Cursor { return new Cursor(this, offset > 0 && offset < this.words.length ? offset : this.words.length) }
}

/** Most lists are empty, and nobody writes into what was read. */
const NONE: never[] = []

/** A place in a record. Behind the end of all words everything is empty. */
export class Cursor {
  readonly reader: Reader
  private readonly start: number
  private position: number
  constructor(reader: Reader, start: number) {
    this.reader = reader
    this.start = start
    this.position = start
  }

  int(): number { return this.reader.words[this.position++] ?? 0 }
  flag(): boolean { return this.int() === 1 }
  text(): string { return this.reader.text(this.int()) }
  maybeText(): string | null {
    const id = this.int()
    return id < 0 ? null : this.reader.text(id)
  }
  maybeInt(): number | null {
    const value = this.int()
    return value < 0 ? null : value
  }
  list<T>(each: () => T): T[] {
    const count = this.count()
    if (count === 0) return NONE
    const items: T[] = []
    for (let index = 0; index < count; index++) items.push(each())
    return items
  }
  texts(): string[] {
    const count = this.count()
    if (count === 0) return NONE
    const items: string[] = []
    for (let index = 0; index < count; index++) items.push(this.text())
    return items
  }
  /** A count that cannot be true is none: each item takes at least a word. */
  private count(): number {
    const count = this.int()
    return count < 0 || count > this.reader.words.length - this.position ? 0 : count
  }
  maybe<T>(read: () => T): T | null { return this.flag() ? read() : null }
  /** The offset of another record; one that does not point back counts as none (0). */
  offset(): number {
    const offset = this.int()
    return offset > 0 && offset < this.start ? offset : 0
  }
}
