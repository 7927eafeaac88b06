// What the definitions of selectors.yml name: terms of dbt's selection syntax in texts (`tag:mart,orders+ fqn:x`) and in mappings
// (`{method: fqn, value: orders}`, `{tag: mart}`), each with the place of its value.

import type { SourceFile } from '../dbt/files.ts'
import type { Span } from '../text/span.ts'
import { mapGet, seqItems } from '../yaml/find.ts'
import type { YamlNode, YamlScalar } from '../yaml/nodes.ts'
import { documentOfFile, textSpan } from './scene.ts'

export interface SelectorTerm {
  /** `fqn` where none is written; `config.materialized` keeps its rest. */
  readonly method: string
  /** Without graph operators. */
  readonly value: string
  readonly span: Span
}

const known = new WeakMap<SourceFile, readonly SelectorTerm[]>()

export function selectorTerms(file: SourceFile): readonly SelectorTerm[] {
  let found = known.get(file)
  if (!found) known.set(file, found = seqItems(mapGet(documentOfFile(file).root, 'selectors')).flatMap((entry) => termsOf(mapGet(entry, 'definition'))))
  return found
}

export function termAt(file: SourceFile, offset: number): SelectorTerm | null {
  return selectorTerms(file).find((each) => offset >= each.span.start && offset <= each.span.end) ?? null
}

const WORDS: ReadonlySet<string> = new Set(['union', 'intersection', 'exclude'])

function termsOf(node: YamlNode | undefined): SelectorTerm[] {
  if (!node || node.alias !== null) return []
  if (node.kind === 'seq') return node.items.flatMap(termsOf)
  if (node.kind === 'scalar') return isPlain(node) ? termsIn(node.text, textSpan(node).start) : []
  const method = mapGet(node, 'method')
  const value = mapGet(node, 'value')
  const own = method?.kind === 'scalar' && value?.kind === 'scalar' && isPlain(value) ? [term(method.text, value.text, textSpan(value).start)] : []
  return [...own, ...node.written.flatMap(({ key, value: inner }) => {
    if (key.kind !== 'scalar') return []
    if (WORDS.has(key.text)) return termsOf(inner)
    // The short form: one method, one value.
    return own.length === 0 && node.written.length === 1 && inner.kind === 'scalar' && isPlain(inner) ? [term(key.text, inner.text, textSpan(inner).start)] : []
  })]
}

function termsIn(text: string, start: number): SelectorTerm[] {
  return [...text.matchAll(/[^\s,]+/g)].map((match) => {
    const [operators = ''] = /^(?:@|\d*\+)*/.exec(match[0]) ?? []
    const named = /^([a-z_][a-z_.]*):(.*)$/.exec(match[0].slice(operators.length))
    const written = named?.[2] ?? match[0].slice(operators.length)
    return term(named?.[1] ?? 'fqn', written.replace(/\+\d*$/, ''), start + match.index + match[0].length - written.length)
  })
}

function term(method: string, value: string, start: number): SelectorTerm {
  return { method, value, span: { start, end: start + value.length } }
}

/** Written as it is read: offsets of its text are offsets of the file. */
function isPlain(node: YamlScalar): boolean {
  return (node.style === 'plain' || node.style === 'single' || node.style === 'double') && textSpan(node).end - textSpan(node).start === node.text.length
}
