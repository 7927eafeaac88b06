// PyYAML's emitter for block style: how a node's text is indented, quoted, folded. Names follow yaml/emitter.py.

import { analyzeScalar, isBreak, type Analysis } from './yaml-scalar.ts'
import { writtenTag, type YamlOut } from './yaml-dump.ts'

const BEST_WIDTH = 80
const INDENT = 2

interface Place { readonly root?: boolean; readonly mapping?: boolean; readonly key?: boolean }

const ESCAPES = new Map([
  ['\0', '0'], ['\x07', 'a'], ['\b', 'b'], ['\t', 't'], ['\n', 'n'], ['\v', 'v'], ['\f', 'f'], ['\r', 'r'], ['\x1b', 'e'],
  ['"', '"'], ['\\', '\\'], ['\x85', 'N'], ['\xa0', '_'], ['\u2028', 'L'], ['\u2029', 'P'],
])

/** Writes one document. Columns count code points. */
export class Emitter {
  private readonly anchors: ReadonlyMap<YamlOut, string | null>
  private readonly written = new Set<YamlOut>()
  private readonly parts: string[] = []
  private indent: number | null = null
  private column = 0
  private whitespace = true
  private indention = true
  private openEnded = false
  private mappingContext = false

  constructor(anchors: ReadonlyMap<YamlOut, string | null>) { this.anchors = anchors }

  emit(root: YamlOut): string {
    this.node(root, { root: true })
    this.writeIndent()
    if (this.openEnded) {
      this.indicator('...', true)
      this.writeIndent()
    }
    return this.parts.join('')
  }

  private node(node: YamlOut, place: Place): void {
    this.mappingContext = place.mapping === true
    const anchor = this.anchors.get(node) ?? null
    if (this.written.has(node)) {
      this.indicator(`*${anchor ?? ''}`, true)
      return
    }
    this.written.add(node)
    if (anchor !== null) this.indicator(`&${anchor}`, true)
    if (node.kind === 'scalar') this.scalar(node.tag, node.text, place)
    else if (node.kind === 'seq') this.sequence(node.items)
    else {
      if (node.tag === 'set') this.indicator('!!set', true)
      this.mapping(node.pairs)
    }
  }

  private sequence(items: readonly YamlOut[]): void {
    if (items.length === 0) {
      this.indicator('[', true, true)
      this.indicator(']', false)
      return
    }
    const before = this.indent
    const indentless = this.mappingContext && !this.indention
    if (before === null) this.indent = 0
    else if (!indentless) this.indent = before + INDENT
    for (const item of items) {
      this.writeIndent()
      this.indicator('-', true, false, true)
      this.node(item, {})
    }
    this.indent = before
  }

  private mapping(pairs: readonly (readonly [YamlOut, YamlOut])[]): void {
    if (pairs.length === 0) {
      this.indicator('{', true, true)
      this.indicator('}', false)
      return
    }
    const before = this.indent
    this.indent = before === null ? 0 : before + INDENT
    for (const [key, value] of pairs) {
      this.writeIndent()
      if (this.isSimpleKey(key)) {
        this.node(key, { mapping: true, key: true })
        this.indicator(':', false)
      } else {
        this.indicator('?', true, false, true)
        this.node(key, { mapping: true })
        this.writeIndent()
        this.indicator(':', true, false, true)
      }
      this.node(value, { mapping: true })
    }
    this.indent = before
  }

  private isSimpleKey(node: YamlOut): boolean {
    const anchor = this.anchors.get(node) ?? null
    let length = anchor?.length ?? 0
    if (this.written.has(node)) return length < 128
    if (node.kind === 'seq') return length + '!!seq'.length < 128 && node.items.length === 0
    if (node.kind === 'map') return length + 2 + node.tag.length < 128 && node.pairs.length === 0
    const analysis = analyzeScalar(node.text)
    // PyYAML counts the tag, though it hardly ever writes it.
    length += 2 + node.tag.length + analysis.length
    return length < 128 && !analysis.empty && !analysis.multiline
  }

  private scalar(tag: string, text: string, place: Place): void {
    const analysis = analyzeScalar(text)
    const style = this.style(tag, text, analysis, place.key === true)
    const explicit = writtenTag(tag, text, style === '')
    if (explicit !== null) this.indicator(explicit, true)
    const before = this.indent
    this.indent = before === null ? INDENT : before + INDENT
    const chars = Array.from(text)
    const split = place.key !== true
    if (style === '"') this.doubleQuoted(chars, split)
    else if (style === "'") this.singleQuoted(chars, split)
    else this.plain(chars, split, place.root === true)
    this.indent = before
  }

  private style(tag: string, text: string, analysis: Analysis, isKey: boolean): '' | "'" | '"' {
    const resolves = writtenTag(tag, text, true) === null
    if (resolves && !(isKey && (analysis.empty || analysis.multiline)) && analysis.blockPlain) return ''
    return analysis.singleQuoted && !(isKey && analysis.multiline) ? "'" : '"'
  }

  private write(text: string, width: number): void {
    this.column += width
    this.parts.push(text)
  }

  private indicator(indicator: string, needWhitespace: boolean, whitespace = false, indention = false): void {
    const text = this.whitespace || !needWhitespace ? indicator : ' ' + indicator
    this.whitespace = whitespace
    this.indention = this.indention && indention
    this.write(text, text.length)
    this.openEnded = false
  }

  private writeIndent(): void {
    const indent = this.indent ?? 0
    if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace)) this.lineBreak()
    if (this.column >= indent) return
    this.whitespace = true
    this.write(' '.repeat(indent - this.column), indent - this.column)
  }

  private lineBreak(text = '\n'): void {
    this.whitespace = true
    this.indention = true
    this.column = 0
    this.parts.push(text)
  }

  private plain(chars: readonly string[], split: boolean, root: boolean): void {
    if (root) this.openEnded = true
    if (chars.length === 0) return
    if (!this.whitespace) this.write(' ', 1)
    this.whitespace = false
    this.indention = false
    let spaces = false
    let start = 0
    for (let end = 0; end <= chars.length; end++) {
      const c = chars[end]
      if (spaces ? c !== ' ' : c === undefined || c === ' ') {
        if (spaces && start + 1 === end && this.column > BEST_WIDTH && split) {
          this.writeIndent()
          this.whitespace = false
          this.indention = false
        } else this.write(chars.slice(start, end).join(''), end - start)
        start = end
      }
      spaces = c === ' '
    }
  }

  private singleQuoted(chars: readonly string[], split: boolean): void {
    this.indicator("'", true)
    let spaces = false
    let breaks = false
    let start = 0
    for (let end = 0; end <= chars.length; end++) {
      const c = chars[end]
      if (spaces) {
        if (c !== ' ') {
          if (start + 1 === end && this.column > BEST_WIDTH && split && start !== 0 && end !== chars.length) this.writeIndent()
          else this.write(chars.slice(start, end).join(''), end - start)
          start = end
        }
      } else if (breaks) {
        if (c === undefined || !isBreak(c)) {
          if (chars[start] === '\n') this.lineBreak()
          for (const lineBreak of chars.slice(start, end)) this.lineBreak(lineBreak)
          this.writeIndent()
          start = end
        }
      } else if ((c === undefined || c === ' ' || c === "'" || isBreak(c)) && start < end) {
        this.write(chars.slice(start, end).join(''), end - start)
        start = end
      }
      if (c === "'") {
        this.write("''", 2)
        start = end + 1
      }
      if (c !== undefined) {
        spaces = c === ' '
        breaks = isBreak(c)
      }
    }
    this.indicator("'", false)
  }

  private doubleQuoted(chars: readonly string[], split: boolean): void {
    this.indicator('"', true)
    let start = 0
    for (let end = 0; end <= chars.length; end++) {
      const c = chars[end]
      if (c === undefined || c === '"' || c === '\\' || c < ' ' || c > '~') {
        if (start < end) {
          this.write(chars.slice(start, end).join(''), end - start)
          start = end
        }
        if (c !== undefined) {
          const escape = escapeOf(c)
          this.write(escape, escape.length)
          start = end + 1
        }
      }
      if (end > 0 && end < chars.length - 1 && (c === ' ' || start >= end) && this.column + (end - start) > BEST_WIDTH && split) {
        const text = chars.slice(start, end).join('') + '\\'
        this.write(text, Math.max(0, end - start) + 1)
        if (start < end) start = end
        this.writeIndent()
        this.whitespace = false
        this.indention = false
        if (chars[start] === ' ') this.write('\\', 1)
      }
    }
    this.indicator('"', false)
  }
}

function escapeOf(c: string): string {
  const letter = ESCAPES.get(c)
  if (letter !== undefined) return '\\' + letter
  const code = (c.codePointAt(0) ?? 0)
  const hex = code.toString(16).toUpperCase()
  return code <= 0xff ? '\\x' + hex.padStart(2, '0') : code <= 0xffff ? '\\u' + hex.padStart(4, '0') : '\\U' + hex.padStart(8, '0')
}
