// dbt's own scanner for top-level blocks (dbt_common/clients/_jinja_blocks.py, 1.39: TagIterator, BlockIterator), pattern for pattern.
// dbt cuts files into blocks with it before Jinja sees them; what stands between the blocks is ignored. Reads no Jinja beyond that, never throws.

import type { Span } from '../text/span.ts'
import { skipSpaces, skipSpacesBack } from './chars.ts'

export interface Block extends Span {
  /** 'macro', 'test', 'data_test', 'materialization', 'snapshot', 'docs' … */
  readonly kind: string
  /** The first word after the kind; null when there is none. */
  readonly name: string | null
  readonly nameSpan: Span | null
  /** What stands between the tags; white space that `-` removes is outside. `start`/`end` are those of dbt's full_block (macro_sql). */
  readonly contents: Span
}

/** `message` is dbt's. dbt stops reading the file there. */
export interface BlockProblem extends Span {
  readonly message: string
}

export interface BlockExtraction {
  /** The blocks before the error, or all. */
  readonly blocks: readonly Block[]
  readonly problem: BlockProblem | null
  /** Tags outside of any block, at which dbt 1.10+ warns "Found unexpected '…' block tag." */
  readonly unexpected: readonly Tag[]
}

export interface Tag extends Span {
  readonly kind: string
  readonly name: string | null
  readonly nameSpan: Span | null
}

/** The top-level blocks of the given kinds. Offsets are UTF-16 units; lines in messages are Python's. */
export function extractBlocks(text: string, kinds: ReadonlySet<string>): BlockExtraction {
  const scanner = new TagScanner(text)
  const blocks: Block[] = []
  const unexpected: Tag[] = []
  const control: string[] = []
  let open: Tag | null = null
  const stop = (message: string, at: Span): BlockExtraction => ({ blocks, unexpected, problem: { message, start: at.start, end: at.end } })
  for (;;) {
    const tag = scanner.nextTag()
    if (tag === null) break
    if ('message' in tag) return stop(tag.message, tag)
    const { kind } = tag
    if (CONTROL_FLOW.has(kind)) control.push(kind)
    else if (CONTROL_FLOW_ENDS.has(kind)) {
      const begun = control.pop()
      if (begun === undefined) return stop(`Got an unexpected control flow end tag, got ${kind} but never saw a preceeding ${CONTROL_FLOW_ENDS.get(kind)} (@ ${linePosition(text, tag.start)})`, tag)
      const expected = `end${begun}`
      if (expected !== kind) return stop(`Got an unexpected control flow end tag, got ${kind} but expected ${expected} next (@ ${linePosition(text, tag.start)})`, tag)
    }
    if (kinds.has(kind)) {
      if (control.length > 0) return stop(`Got a block definition inside control flow at ${linePosition(text, tag.start)}. All dbt block definitions must be at the top level`, tag)
      if (open !== null) return stop(nestedMessage(text, open, tag), tag)
      open = tag
    } else if (open !== null && kind === `end${open.kind}`) {
      blocks.push({ kind: open.kind, name: open.name, nameSpan: open.nameSpan, contents: { start: open.end, end: Math.max(open.end, tag.start) }, start: open.start, end: tag.end })
      open = null
    } else if (open === null) {
      unexpected.push(tag)
    }
  }
  if (open === null) return { blocks, unexpected, problem: null }
  return stop(`Reached EOF without finding a close tag for ${open.kind} (searched from line ${lineOf(text, open.end)})`, open)
}

const CONTROL_FLOW: ReadonlySet<string> = new Set(['if', 'for'])
const CONTROL_FLOW_ENDS: ReadonlyMap<string, string> = new Map([['endif', 'if'], ['endfor', 'for']])

function nestedMessage(text: string, outer: Tag, inner: Tag): string {
  return `Got nested tags: ${outer.kind} (started at ${pythonIndex(text, outer.start)}) did not have a matching {{% end${outer.kind} %}} before a ` +
    `subsequent ${inner.kind} was found (started at ${pythonIndex(text, inner.start)})`
}

/** dbt counts characters, not UTF-16 units. */
function pythonIndex(text: string, at: number): number {
  let count = 0
  for (const _ of text.slice(0, at)) count++
  return count
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}

function linePosition(text: string, at: number): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1
  return `${lineOf(text, at)}:${pythonIndex(text.slice(lineStart), at - (at === 0 ? 0 : lineStart))}`
}

const NAME = /[A-Za-z_][A-Za-z_0-9]*/y

class TagScanner {
  private readonly text: string
  private position = 0

  constructor(text: string) {
    this.text = text
  }

  /** The next `{% tag %}` that is in no string, comment or expression. */
  nextTag(): Tag | BlockProblem | null {
    for (;;) {
      const opening = this.findOpening()
      if (opening === null) return null
      const problem = opening.kind === 'comment' ? this.skipComment(opening.end) : opening.kind === 'expression' ? this.skipExpression(opening.end) : this.readTag(opening)
      if (problem !== null) return problem
    }
  }

  /** dbt takes, of the first tag, comment and expression from here on, the one that ends first. */
  private findOpening(): Opening | null {
    const { text } = this
    for (let at = text.indexOf('{', this.position); at >= 0; at = text.indexOf('{', at + 1)) {
      const second = text.charAt(at + 1)
      if (second === '#') return { kind: 'comment', start: at, end: at + 2, tag: null }
      if (second === '{') return { kind: 'expression', start: at, end: at + 2, tag: null }
      if (second !== '%') continue
      const tag = this.matchTag(at)
      if (tag !== null) return { kind: 'tag', start: tag.start, end: tag.end, tag }
    }
    return null
  }

  /** BLOCK_START_PATTERN: `{%` or (with the white space before it) `{%-`, a word, and perhaps a second one. */
  private matchTag(at: number): Tag | null {
    const { text } = this
    const signed = text.charAt(at + 2) === '-'
    const kindStart = skipSpaces(text, signed ? at + 3 : at + 2, text.length)
    const kind = this.nameAt(kindStart)
    if (kind === '') return null
    const kindEnd = kindStart + kind.length
    const nameStart = skipSpaces(text, kindEnd, text.length)
    const name = nameStart > kindEnd ? this.nameAt(nameStart) : ''
    const start = signed ? skipSpacesBack(text, this.position, at) : at
    const nameSpan = name === '' ? null : { start: nameStart, end: nameStart + name.length }
    return { kind, name: name === '' ? null : name, nameSpan, start, end: nameSpan?.end ?? kindEnd }
  }

  private nameAt(at: number): string {
    NAME.lastIndex = at
    return NAME.exec(this.text)?.[0] ?? ''
  }

  private skipComment(from: number): BlockProblem | null {
    const close = this.text.indexOf('#}', from)
    if (close < 0) return this.unexpectedEnd('#}', from)
    this.position = close + 2
    return null
  }

  private skipExpression(from: number): BlockProblem | null {
    const { text } = this
    let at = skipSpaces(text, from, text.length)
    let close = text.indexOf('}}', at)
    for (;;) {
      if (close >= 0 && close < at) close = text.indexOf('}}', at)
      const quote = indexOfQuote(text, at)
      if (close < 0 && quote < 0) return this.unexpectedEnd('}}', at)
      // The match that ends first wins; a quote ends one further.
      if (quote < 0 || (close >= 0 && close + 2 <= quote + 1)) {
        this.position = close + 2
        return null
      }
      const end = this.stringFrom(at)
      if (end < 0) return this.unexpectedEnd('string', at)
      at = end
    }
  }

  private readTag(opening: Opening): Tag | BlockProblem {
    const { text } = this
    const tag = opening.tag
    if (tag === null) return this.unexpectedEnd('tag', opening.start)
    this.position = tag.start
    if (tag.kind === 'raw') {
      const end = this.endOfRaw(tag.start)
      if (end < 0) return this.unexpectedEnd('{% raw %}...{% endraw %}', tag.start)
      this.position = end
      return { ...tag, end }
    }
    let at = tag.end
    let close = this.tagClose(at)
    for (;;) {
      if (close !== null && close.start < at) close = this.tagClose(at)
      const quote = indexOfQuote(text, at)
      if (close === null && quote < 0) return this.unexpectedEnd('tag close ("%}")', at)
      if (close !== null && (quote < 0 || close.end < quote + 1)) {
        this.position = close.end
        return { ...tag, end: close.end }
      }
      const end = this.stringFrom(quote)
      if (end < 0) return this.unexpectedEnd('string', quote)
      at = end
    }
  }

  /** TAG_CLOSE_PATTERN: `-%}` with the white space after it, or `%}`. */
  private tagClose(from: number): Span | null {
    const at = this.text.indexOf('%}', from)
    if (at < 0) return null
    const signed = at > from && this.text.charAt(at - 1) === '-'
    return { start: signed ? at - 1 : at, end: signed ? skipSpaces(this.text, at + 2, this.text.length) : at + 2 }
  }

  /** RAW_BLOCK_PATTERN from its `{%` on. */
  private endOfRaw(from: number): number {
    RAW_BLOCK.lastIndex = from
    const begin = RAW_BLOCK.exec(this.text)
    if (begin === null) return -1
    RAW_END.lastIndex = RAW_BLOCK.lastIndex
    const match = RAW_END.exec(this.text)
    return match === null ? -1 : match.index + match[0].length
  }

  /** STRING_PATTERN searched from `from`: the end of the first string that is closed, or -1. */
  private stringFrom(from: number): number {
    const { text } = this
    // When no closing quote follows one quote, none follows the later ones of its kind: all of those are escaped.
    const hopeless = new Set<number>()
    for (let at = indexOfQuote(text, from); at >= 0 && hopeless.size < 2; at = indexOfQuote(text, at + 1)) {
      const quote = text.charCodeAt(at)
      const end = hopeless.has(quote) ? -1 : endOfString(text, at)
      if (end >= 0) return end
      hopeless.add(quote)
    }
    return -1
  }

  private unexpectedEnd(expected: string, at: number): BlockProblem {
    return { message: `unexpected EOF, expected ${expected}, got "${this.text.slice(at)}"`, start: at, end: this.text.length }
  }
}

interface Opening extends Span { readonly kind: 'comment' | 'expression' | 'tag'; readonly tag: Tag | null }

const SPACE = '[\\s\\x1c-\\x1f\\x85]'
const RAW_BLOCK = new RegExp(`(?:${SPACE}*\\{%-|\\{%)${SPACE}*raw${SPACE}*(?:-%\\}${SPACE}*|%\\})`, 'g')
const RAW_END = new RegExp(`(?:\\{%-|\\{%)${SPACE}*endraw${SPACE}*(?:-%\\}${SPACE}*|%\\})`, 'g')

function indexOfQuote(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 39 || c === 34) return i
  }
  return -1
}

function endOfString(text: string, at: number): number {
  const quote = text.charCodeAt(at)
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 92) i++
    else if (c === quote) return i + 1
  }
  return -1
}

