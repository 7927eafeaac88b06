// dbt's static parser (the dbt-extractor package): the SQL models it understands are never rendered while dbt parses. They have no macros in
// depends_on, their strings keep their escapes, and Jinja errors in them show only when they are compiled.
// Recognises text, never evaluates. Rules: dbt 1.12 parser/models.py run_static_parser, and what dbt-extractor accepts when asked (see its test).

import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Span } from '../../text/span.ts'
import type { RefArgs } from '../nodes/types.ts'
import type { MacroIndex } from './types.ts'

export interface StaticParse {
  readonly refs: readonly (Span & { readonly ref: RefArgs; readonly nameSpan: Span })[]
  readonly sources: readonly (Span & { readonly names: readonly [string, string]; readonly nameSpan: Span })[]
  readonly configs: readonly (Span & { readonly values: ReadonlyMap<string, Value> })[]
}

/** Whether a macro named ref, source or config in the node's package or the root keeps the static parser away (_has_banned_macro). */
export function hasBannedMacro(index: MacroIndex, packageName: string): boolean {
  return ['ref', 'source', 'config'].some(name => index.byId.has(`macro.${packageName}.${name}`) || index.byId.has(`macro.${index.rootPackage}.${name}`))
}

/** What the static parser finds, or null when it gives up and dbt renders. Offsets are those of `text`. */
export function parseStatically(text: string): StaticParse | null {
  const reader = new Reader(text)
  try {
    reader.template()
  } catch (stop) {
    if (stop === GIVE_UP) return null
    throw stop
  }
  return { refs: reader.refs, sources: reader.sources, configs: reader.configs }
}

const GIVE_UP = Symbol('the static parser gives up')
const SPACE = /[ \t\r\n]*/y
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y
const STRING = /'((?:[^'\\]|\\[^])*)'|"((?:[^"\\]|\\[^])*)"/y

interface Text extends Span { readonly kind: 'string'; readonly value: string }
interface Named { readonly name: string; readonly value: Item }
type Item = Text | { readonly kind: 'number'; readonly text: string } | { readonly kind: 'bool'; readonly value: boolean } | { readonly kind: 'list'; readonly items: readonly Item[] } | { readonly kind: 'dict'; readonly items: readonly (readonly [Text, Item])[] } | { readonly kind: 'call' }

class Reader {
  readonly refs: StaticParse['refs'][number][] = []
  readonly sources: StaticParse['sources'][number][] = []
  readonly configs: StaticParse['configs'][number][] = []
  private at = 0
  private readonly text: string
  constructor(text: string) { this.text = text }

  template(): void {
    for (;;) {
      const open = this.text.indexOf('{', this.at)
      if (open < 0) return
      const next = this.text[open + 1]
      this.at = open + 1
      if (next === '%') throw GIVE_UP
      if (next === '#') {
        const close = this.text.indexOf('#}', open + 2)
        if (close < 0) throw GIVE_UP
        this.at = close + 2
      } else if (next === '{') {
        this.at = open + 2
        this.expression(true)
        this.skip()
        if (!this.text.startsWith('}}', this.at)) throw GIVE_UP
        this.at += 2
      }
    }
  }

  // `top`: calls count only when they stand alone; within dicts they are accepted and lost.
  private expression(top: boolean): Item {
    this.skip()
    const c = this.text[this.at]
    if (c === '[') return this.list()
    if (c === '{') return this.dict()
    if (c === "'" || c === '"') return this.string()
    const number = this.match(NUMBER)
    if (number !== null) return { kind: 'number', text: number }
    const start = this.at
    const name = this.match(NAME)
    if (name === 'True' || name === 'False') return { kind: 'bool', value: name === 'True' }
    if (name === 'ref' || name === 'source' || name === 'config') return this.call(name, start, top)
    throw GIVE_UP
  }

  private string(): Text {
    const start = this.at
    const whole = this.match(STRING)
    if (whole === null) throw GIVE_UP
    return { kind: 'string', value: whole.slice(1, -1), start: start + 1, end: this.at - 1 }
  }

  private list(): Item {
    const items: Item[] = []
    this.sequence('[', ']', () => {
      const item = this.expression(false)
      if (item.kind === 'call') throw GIVE_UP
      items.push(item)
    })
    return { kind: 'list', items }
  }

  private dict(): Item {
    const items: (readonly [Text, Item])[] = []
    this.sequence('{', '}', () => {
      this.skip()
      const key = this.string()
      this.skip()
      this.expect(':')
      items.push([key, this.expression(false)])
    })
    return { kind: 'dict', items }
  }

  private call(name: string, start: number, counts: boolean): Item {
    this.skip()
    const positional: Item[] = []
    const named: Named[] = []
    this.sequence('(', ')', () => {
      this.skip()
      const before = this.at
      const key = this.match(NAME)
      if (key !== null) {
        this.skip()
        if (this.text[this.at] === '=' && this.text[this.at + 1] !== '=') {
          this.at++
          named.push({ name: key, value: this.expression(false) })
          return
        }
        this.at = before
      }
      if (named.length > 0) throw GIVE_UP
      positional.push(this.expression(false))
    })
    const span = { start, end: this.at }
    if (name === 'ref') this.ref(span, positional, named, counts)
    else if (name === 'source') this.source(span, positional, named, counts)
    else this.config(span, positional, named, counts)
    return { kind: 'call' }
  }

  private ref(span: Span, positional: readonly Item[], named: readonly Named[], counts: boolean): void {
    const texts = positional.filter(item => item.kind === 'string')
    const name = texts[texts.length - 1]
    if (!name || texts.length !== positional.length || texts.length > 2 || named.length > 1) throw GIVE_UP
    const [version] = named
    if (version && version.name !== 'v' && version.name !== 'version') throw GIVE_UP
    const ref: RefArgs = { name: name.value, package: texts.length === 2 ? texts[0]?.value ?? null : null, version: version ? versionOf(version.value) : null }
    if (counts) this.refs.push({ ref, nameSpan: { start: name.start, end: name.end }, ...span })
  }

  private source(span: Span, positional: readonly Item[], named: readonly Named[], counts: boolean): void {
    const [source, table] = [...positional, ...named.map(argument => argument.value)]
    const names = ['source_name', 'table_name'].slice(positional.length)
    if (positional.length + named.length !== 2 || named.some((argument, index) => argument.name !== names[index])) throw GIVE_UP
    if (source?.kind !== 'string' || table?.kind !== 'string') throw GIVE_UP
    if (counts) this.sources.push({ names: [source.value, table.value], nameSpan: { start: table.start, end: table.end }, ...span })
  }

  private config(span: Span, positional: readonly Item[], named: readonly Named[], counts: boolean): void {
    if (positional.length > 0 || named.length === 0) throw GIVE_UP
    let values = new Map<string, Value>()
    const calls = [values]
    for (const { name, value } of named) {
      if (HOOKS.has(name)) throw GIVE_UP
      // A repeated key is as a further config() call; only Jinja refuses it.
      if (values.has(name)) calls.push(values = new Map())
      values.set(name, configValue(value))
    }
    if (counts) for (const call of calls) this.configs.push({ values: call, ...span })
  }

  private sequence(open: string, close: string, item: () => void): void {
    this.expect(open)
    this.skip()
    if (this.text[this.at] === ',' && (open === '[' || open === '{')) {
      this.at++
      this.skip()
      this.expect(close)
      return
    }
    for (;;) {
      this.skip()
      if (this.text[this.at] === close) break
      item()
      this.skip()
      if (this.text[this.at] === ',') { this.at++; continue }
      break
    }
    this.skip()
    this.expect(close)
  }

  private expect(c: string): void {
    if (this.text[this.at] !== c) throw GIVE_UP
    this.at++
  }

  private skip(): void { this.match(SPACE) }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (!found) return null
    this.at = pattern.lastIndex
    return found[0]
  }
}

const HOOKS = new Set(['pre_hook', 'post_hook'])

// Numbers, None and calls make it give up.
function configValue(item: Item): Value {
  switch (item.kind) {
    case 'string': case 'bool': return item.value
    case 'list': return new PyList(item.items.map(configValue))
    case 'dict': return new PyDict(item.items.map(([key, value]) => [key.value, configValue(value)] as const))
    default: throw GIVE_UP
  }
}

function versionOf(item: Item): string | bigint | number {
  if (item.kind === 'string') return item.value
  if (item.kind === 'number') return /^-?\d+$/.test(item.text) ? BigInt(item.text) : Number(item.text)
  throw GIVE_UP
}
