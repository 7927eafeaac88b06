// What stands at a place of a file: a call of ref, source, macro …, a name in YAML, or nothing that we know.
// Works on any text, broken or not; answers what is written, not what it means.

import { parseTemplate } from '../jinja/parse.ts'
import { literalCalls, type Literal, type LiteralCall } from '../jinja/literal.ts'
import type { Template } from '../jinja/nodes.ts'
import type { SourceFile } from '../dbt/files.ts'
import type { YamlDocument, YamlNode, YamlScalar } from '../yaml/parse.ts'
import { yamlDocument } from '../dbt/nodes/property-file.ts'
import { nodeAt } from '../yaml/find.ts'
import type { Span } from '../text/span.ts'

export type NamingCall = 'ref' | 'source' | 'function' | 'metric' | 'doc' | 'var' | 'env_var'

export type Thing =
  /** An argument (or the name) of a call that names something. `argument`: index of the positional argument at the place, -1 on the function's name. */
  | { readonly kind: 'call'; readonly function: NamingCall; readonly call: LiteralCall; readonly argument: number; readonly span: Span }
  /** A call of anything else: perhaps a macro. */
  | { readonly kind: 'macro'; readonly name: string; readonly call: LiteralCall; readonly span: Span }
  /** A scalar in YAML that names something by where it stands; `path`: keys from the root, list items as numbers. */
  | { readonly kind: 'yaml'; readonly path: readonly (string | number)[]; readonly on: 'key' | 'value'; readonly text: string; readonly span: Span }

const NAMING: ReadonlySet<string> = new Set(['ref', 'source', 'function', 'metric', 'doc', 'var', 'env_var'])

const templates = new WeakMap<SourceFile, Template>()
const callsOf = new WeakMap<SourceFile, readonly LiteralCall[]>()

/** The tolerant tree of a whole file, block tags included; made once for each text. */
export function templateOfFile(file: SourceFile): Template {
  let template = templates.get(file)
  if (!template) templates.set(file, template = parseTemplate(file.text, { blockTags: true }))
  return template
}

export function documentOfFile(file: SourceFile): YamlDocument { return yamlDocument(file) }

/** Every literal call of a file, Jinja or YAML with Jinja in its strings, in the order of the text; spans are offsets of the file. */
export function callsOfFile(file: SourceFile): readonly LiteralCall[] {
  let calls = callsOf.get(file)
  if (!calls) callsOf.set(file, calls = isYaml(file.path) ? callsOfYaml(file) : isPython(file.path) ? callsOfPython(file.text) : callsOfTemplate(file))
  return calls
}

/** What stands at an offset; the end of a word counts as on it. */
export function thingAt(file: SourceFile, offset: number): Thing | null {
  const call = innermost(callsOfFile(file), offset)
  if (call) {
    const thing = thingOfCall(call, offset)
    if (thing) return thing
  }
  return isYaml(file.path) ? yamlThing(documentOfFile(file), offset) : null
}

/** The innermost call in whose brackets the offset stands: in `outer(inner(x))` just before `inner` it is `outer`. */
export function callAround(file: SourceFile, offset: number): LiteralCall | null {
  return innermost(callsOfFile(file).filter((call) => offset > call.argsSpan.start && (call.open || offset < call.argsSpan.end)), offset)
}

export function isYaml(path: string): boolean {
  return path.endsWith('.yml') || path.endsWith('.yaml')
}

export function isPython(path: string): boolean {
  return path.endsWith('.py')
}

export function stringArgument(literal: Literal | undefined): string | null {
  return literal?.kind === 'string' ? literal.value : null
}

function innermost(calls: readonly LiteralCall[], offset: number): LiteralCall | null {
  let found: LiteralCall | null = null
  for (const call of calls) {
    if (call.start > offset) break
    const end = call.open ? Math.max(call.end, call.argsSpan.end) : call.end
    if (offset <= end && (!found || call.start >= found.start)) found = call
  }
  return found
}

function thingOfCall(call: LiteralCall, offset: number): Thing | null {
  const onName = offset >= call.nameSpan.start && offset <= call.nameSpan.end
  if (!NAMING.has(call.name)) return onName ? { kind: 'macro', name: call.name, call, span: call.nameSpan } : null
  const named = call.name as NamingCall
  if (onName) return { kind: 'call', function: named, call, argument: -1, span: { start: call.start, end: call.end } }
  const index = call.args.findIndex((each) => offset >= each.span.start && offset <= each.span.end)
  const argument = call.args[index]
  if (argument) return { kind: 'call', function: named, call, argument: index, span: argument.span }
  return { kind: 'call', function: named, call, argument: -1, span: { start: call.start, end: call.end } }
}

function yamlThing(document: YamlDocument, offset: number): Thing | null {
  const place = nodeAt(document, offset)
  const path: (string | number)[] = place.path.map((step) => (step.kind === 'key' ? step.key : step.index))
  const last = place.path.at(-1)
  if (last?.kind === 'key' && last.on === 'key' && last.entry.key.kind === 'scalar') return { kind: 'yaml', path, on: 'key', text: last.entry.key.text, span: textSpan(last.entry.key) }
  if (place.node?.kind === 'scalar' && place.node.style !== 'missing') return { kind: 'yaml', path, on: 'value', text: place.node.text, span: textSpan(place.node) }
  return null
}

export function textSpan(node: YamlScalar): Span {
  return node.style === 'single' || node.style === 'double' ? { start: node.start + 1, end: node.end - 1 } : { start: node.start, end: node.end }
}

export interface TestEntry { readonly name: string; readonly span: Span }

/** Names of generic tests under `tests:` or `data_tests:` of a property file, written `- unique` or `- unique: {…}`. */
export function testEntriesOf(file: SourceFile): readonly TestEntry[] {
  const found: TestEntry[] = []
  const visit = (node: YamlNode): void => {
    if (node.alias !== null || node.kind === 'scalar') return
    if (node.kind === 'seq') { for (const item of node.items) visit(item); return }
    for (const entry of node.written) {
      const tests = entry.key.kind === 'scalar' && (entry.key.text === 'tests' || entry.key.text === 'data_tests') && entry.value.kind === 'seq' && entry.value.alias === null
      if (tests && entry.value.kind === 'seq') for (const item of entry.value.items) found.push(...testName(item))
      visit(entry.value)
    }
  }
  const { root } = documentOfFile(file)
  if (root) visit(root)
  return found
}

function testName(item: YamlNode): TestEntry[] {
  if (item.alias !== null) return []
  const named = item.kind === 'scalar' ? item : item.kind === 'map' ? (valueOfKey(item, 'test_name') ?? item.written[0]?.key) : undefined
  return named?.kind === 'scalar' && named.style !== 'missing' ? [{ name: named.text, span: textSpan(named) }] : []
}

function valueOfKey(map: Extract<YamlNode, { kind: 'map' }>, key: string): YamlNode | undefined {
  return map.written.find((entry) => entry.key.kind === 'scalar' && entry.key.text === key)?.value
}

/** With those of templates in the texts that `config()` is given: dbt renders hooks and their like later. */
function callsOfTemplate(file: SourceFile): readonly LiteralCall[] {
  const calls = literalCalls(templateOfFile(file))
  const inner = calls.flatMap((call) => (call.name === 'config' ? [...call.args, ...call.kwargs.map((each) => each.value)].flatMap((each) => callsOfText(file, each)) : []))
  return inner.length === 0 ? calls : [...calls, ...inner].toSorted((one, other) => one.start - other.start)
}

function callsOfText(file: SourceFile, literal: Literal): readonly LiteralCall[] {
  switch (literal.kind) {
    case 'list': return literal.items.flatMap((each) => callsOfText(file, each))
    case 'dict': return literal.entries.flatMap((each) => callsOfText(file, each.value))
    case 'string': {
      // With escapes in it, places in the value are not those of the file.
      const plain = literal.value.includes('{{') || literal.value.includes('{%') ? file.text.slice(literal.span.start, literal.span.end) === literal.value : false
      return plain ? literalCalls(parseTemplate(literal.value)).map((call) => shifted(call, literal.span.start)) : []
    }
    case 'value': case 'dynamic': return []
  }
}

const BARE_CALL = /^\s*(ref|source|metric|doc|var|env_var|function)\s*\(/

function callsOfYaml(file: SourceFile): LiteralCall[] {
  const calls: LiteralCall[] = []
  const document = documentOfFile(file)
  const visit = (node: YamlNode): void => {
    if (node.alias !== null) return
    if (node.kind === 'seq') { for (const item of node.items) visit(item); return }
    if (node.kind === 'map') { for (const entry of node.written) { visit(entry.key); visit(entry.value) }; return }
    const bare = BARE_CALL.test(node.text)
    if (!bare && !node.text.includes('{{') && !node.text.includes('{%')) return
    const span = textSpan(node)
    const raw = file.text.slice(span.start, span.end)
    // A bare `ref('x')` is Jinja by itself; the two characters in front are taken off again by the shift.
    for (const call of literalCalls(parseTemplate(bare && !raw.includes('{{') ? `{{${raw}}}` : raw))) calls.push(shifted(call, span.start - (bare && !raw.includes('{{') ? 2 : 0)))
  }
  if (document.root) visit(document.root)
  return calls
}

/** `dbt.ref("x")` in a Python model, read as the Jinja expression that it looks like. */
function callsOfPython(text: string): LiteralCall[] {
  const calls: LiteralCall[] = []
  for (const match of text.matchAll(/\bdbt\.(ref|source|config|function)\s*\(/g)) {
    const start = match.index + 4
    const end = text.indexOf('\n\n', start)
    const slice = text.slice(start, end < 0 ? start + 2000 : end)
    const call = literalCalls(parseTemplate(`{{${slice}`))[0]
    if (call && call.start === 2) calls.push(shifted(call, start - 2))
  }
  return calls
}

function shifted(call: LiteralCall, by: number): LiteralCall {
  const span = (each: Span) => ({ start: each.start + by, end: each.end + by })
  const literal = (each: Literal): Literal => {
    switch (each.kind) {
      case 'list': return { ...each, span: span(each.span), items: each.items.map(literal) }
      case 'dict': return { ...each, span: span(each.span), entries: each.entries.map((pair) => ({ key: literal(pair.key), value: literal(pair.value) })) }
      case 'string': case 'value': case 'dynamic': return { ...each, span: span(each.span) }
    }
  }
  return {
    ...call, ...span(call), nameSpan: span(call.nameSpan), argsSpan: span(call.argsSpan),
    args: call.args.map(literal), kwargs: call.kwargs.map((each) => ({ ...each, nameSpan: span(each.nameSpan), value: literal(each.value) })),
  }
}
