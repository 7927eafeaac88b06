// YAML text to a tree with places. Reads as dbt does (PyYAML's C SafeLoader): what that refuses is a problem in its words,
// and a second, tolerant reading then keeps what stands before and after the break. Never throws; time is linear in the text.

import { compact } from '../text/compact.ts'
import { finishMap } from './map.ts'
import type { YamlDocument, YamlEntry, YamlNode, YamlProblem, YamlScalar } from './nodes.ts'
import { atDepth, byDepth, isSyntax, UNPRINTABLE, unprintableProblem } from './problems.ts'
import { noConstructor, resolveScalar } from './resolve.ts'
import { scanSteps, scanYaml } from './scan.ts'
import { Refused, Token, refuse, type Scanned, type TokenKind, type YamlToken } from './tokens.ts'

export type { YamlDocument, YamlEntry, YamlMap, YamlNode, YamlProblem, YamlScalar, YamlSeq, YamlValue } from './nodes.ts'

/** Deeper nesting is left out, for the sake of our own stack; PyYAML goes on to about 900. */
const MAX_DEPTH = 300
/** Nodes that aliases may stand for altogether; a text beyond it is an attack ("billion laughs"), not a project. */
const MAX_ALIASED_NODES = 2_000_000

/** Every scalar, key and collection of the text with UTF-16 offsets. The first `syntax` or `value` problem is what dbt says of the file; of a text that it refuses, it says nothing else. */
export function parseYaml(text: string): YamlDocument {
  const steps = parseYamlSteps(text)
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value
}

/** The same in steps, for a server that must stay awake meanwhile. */
export function* parseYamlSteps(text: string): Generator<void, YamlDocument> {
  const unprintable = UNPRINTABLE.exec(text)
  if (unprintable !== null) return refusedDocument(text, [unprintableProblem(text, unprintable.index)])
  const scanned = yield* scanSteps(text)
  yield
  const strict = readTokens(scanned, false)
  return strict.problems.some(isSyntax) ? refusedDocument(text, strict.problems.filter(isSyntax)) : documentOf(text, strict)
}

/** What a text was read as that libyaml accepts, kept for reading it again after an edit (reread.ts). */
export interface Layout {
  readonly text: string
  /** Neither anchors nor aliases nor directives: each part of the text means the same wherever it stands. */
  readonly plain: boolean
}

const layouts = new WeakMap<YamlDocument, Layout>()

/** Null for a text that is refused. */
export function layoutOf(document: YamlDocument): Layout | null { return layouts.get(document) ?? null }

export function documentOf(text: string, { root, problems, plain }: Reading): YamlDocument {
  const document: YamlDocument = { root, problems }
  layouts.set(document, { text, plain })
  return document
}

/** The tree of such a text is made when first asked for: diagnostics do not need it. */
export function refusedDocument(text: string, problems: readonly YamlProblem[]): YamlDocument {
  let root: YamlNode | null | undefined
  return {
    get root() { return root === undefined ? root = readTokens(scanYaml(text.replaceAll('\0', '\ufffd'), true), true).root : root },
    problems,
  }
}

interface Parse {
  readonly tokens: readonly YamlToken[]
  readonly tolerant: boolean
  readonly problems: YamlProblem[]
  next: number
  depth: number
  readonly handles: Map<string, string>
  /** By anchor; `node` is null while it is being read, `size` the number of nodes it stands for. */
  readonly anchors: Map<string, { readonly node: YamlNode | null; readonly size: number; readonly start: number }>
  /** Nodes read so far, those behind aliases counted each time. */
  size: number
  aliased: number
  plain: boolean
  /** Short texts that were read: each key of a file stands in it a hundred times, and V8 makes a string of its own of each. */
  readonly texts: Map<string, string>
}

/** V8 copies what is shorter than 13 characters. */
const SHORT = 12

export interface Reading { readonly root: YamlNode | null; readonly problems: YamlProblem[]; readonly plain: boolean }

/** What libyaml's parser and PyYAML make of the scanner's tokens. What a tolerant reading mended is not reported: the strict one has said what dbt says. */
export function readTokens(scanned: Scanned, tolerant: boolean): Reading {
  const { tokens } = scanned
  const refused = tolerant ? [] : scanned.problems
  const parse: Parse = { tokens, tolerant, problems: [], next: 0, depth: 0, handles: new Map(), anchors: new Map(), size: 0, aliased: 0, plain: true, texts: new Map() }
  let root: YamlNode | null = null
  try {
    root = readStream(parse)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    // The scanner's refusal counts only when the parser got that far.
    if (!parse.problems.some(isSyntax)) return { root, problems: refused, plain: false }
  }
  return { root, problems: byDepth(parse.problems), plain: parse.plain }
}

function report(parse: Parse, problem: YamlProblem): void { parse.problems.push(atDepth(problem, parse.depth)) }

function peek(parse: Parse): YamlToken {
  const token = parse.tokens[parse.next]
  if (token === undefined) throw new Refused('the scan was refused here')
  return token
}

function is(parse: Parse, kind: TokenKind): boolean {
  return peek(parse).kind === kind
}

function fail(parse: Parse, message: string, at: number, context: string | null = null, contextStart: number | null = null): void {
  refuse(parse, message, at, context, contextStart)
}

function readStream(parse: Parse): YamlNode | null {
  if (is(parse, Token.streamEnd)) return null
  const first = readDocument(parse, null)
  checkLoneIndicator(parse, first.node)
  for (;;) {
    while (is(parse, Token.documentEnd)) parse.next++
    if (is(parse, Token.streamEnd)) return first.node
    const before = parse.next
    readDocument(parse, first.start)
    // Mended: tokens that fit nowhere are left out.
    if (parse.next === before) parse.next++
  }
}

/** `firstStart`: where the first document's node started, when this is not the first; dbt reads only one. */
function readDocument(parse: Parse, firstStart: number | null): { node: YamlNode; start: number } {
  const documentStart = peek(parse).start
  parse.handles.clear()
  parse.anchors.clear()
  const explicit = firstStart !== null || is(parse, Token.directive) || is(parse, Token.documentStart)
  let version = false
  for (; is(parse, Token.directive); parse.next++) {
    parse.plain = false
    const directive = peek(parse)
    if (directive.handle === 'YAML') {
      if (version) fail(parse, 'found duplicate %YAML directive', directive.start)
      if (!/^0*1\.0*[12]$/.test(directive.text)) fail(parse, 'found incompatible YAML document', directive.start)
      version = true
    } else {
      if (parse.handles.has(directive.handle)) fail(parse, 'found duplicate %TAG directive', directive.start)
      parse.handles.set(directive.handle, directive.text)
    }
  }
  if (!parse.handles.has('!')) parse.handles.set('!', '!')
  if (!parse.handles.has('!!')) parse.handles.set('!!', 'tag:yaml.org,2002:')
  if (explicit) {
    if (is(parse, Token.documentStart)) {
      const { end } = peek(parse)
      parse.next++
      if (firstStart !== null) refuseSecond(parse, documentStart, firstStart)
      const { kind } = peek(parse)
      if (kind === Token.directive || kind === Token.documentStart || kind === Token.documentEnd || kind === Token.streamEnd) {
        const node = missing(end)
        return { node, start: peek(parse).start }
      }
    } else fail(parse, 'did not find expected <document start>', peek(parse).start)
  }
  const { start } = peek(parse)
  const node = readNode(parse, true, false)
  if (is(parse, Token.documentEnd)) parse.next++
  return { node, start }
}

function refuseSecond(parse: Parse, at: number, firstStart: number): void {
  fail(parse, 'but found another document', at, 'expected a single document in the stream', firstStart)
}

function missing(at: number): YamlScalar {
  return { kind: 'scalar', value: null, text: '', style: 'missing', start: at, end: at, tag: null, alias: null }
}

function readNode(parse: Parse, block: boolean, indentless: boolean): YamlNode {
  let token = peek(parse)
  if (token.kind === Token.alias) return readAlias(parse, token)
  const start = token.start
  let anchor: YamlToken | null = null
  let tagToken: YamlToken | null = null
  for (let turn = 0; turn < 2; turn++) {
    if (token.kind === Token.anchor && anchor === null) anchor = token
    else if (token.kind === Token.tag && tagToken === null) tagToken = token
    else break
    parse.next++
    token = peek(parse)
  }
  const tag = tagToken === null ? null : fullTag(parse, tagToken, start)
  const sizeBefore = parse.size
  if (anchor !== null) {
    parse.plain = false
    const earlier = parse.anchors.get(anchor.text)
    if (earlier !== undefined) fail(parse, 'second occurrence', start, 'found duplicate anchor; first occurrence', earlier.start)
    parse.anchors.set(anchor.text, { node: null, size: 0, start })
  }
  const node = readContent(parse, token, block, indentless, tag, start, anchor !== null || tagToken !== null)
  parse.size++
  if (anchor !== null) parse.anchors.set(anchor.text, { node, size: parse.size - sizeBefore, start })
  return node
}

function readAlias(parse: Parse, token: YamlToken): YamlNode {
  parse.next++
  parse.plain = false
  const found = parse.anchors.get(token.text)
  if (found === undefined) fail(parse, 'found undefined alias', token.start)
  else if (found.node === null) {
    report(parse, { kind: 'limit', message: 'an alias to the node that contains it', start: token.start, end: token.end, context: null, contextStart: null })
  } else {
    parse.aliased += found.size
    parse.size += found.size
    if (parse.aliased <= MAX_ALIASED_NODES) return { ...found.node, start: token.start, end: token.end, alias: token.text }
    report(parse, { kind: 'limit', message: 'too many aliases', start: token.start, end: token.end, context: null, contextStart: null })
  }
  return { ...missing(token.start), end: token.end, alias: token.text }
}

function fullTag(parse: Parse, token: YamlToken, start: number): string {
  if (token.handle === '') return token.text
  const prefix = parse.handles.get(token.handle)
  if (prefix === undefined) fail(parse, 'found undefined tag handle', token.start, 'while parsing a node', start)
  return (prefix ?? '') + token.text
}

function readContent(parse: Parse, token: YamlToken, block: boolean, indentless: boolean, tag: string | null, start: number, hasProperties: boolean): YamlNode {
  if (indentless && token.kind === Token.blockEntry) return nested(parse, token, () => readSequence(parse, tag, false, start))
  switch (token.kind) {
    case Token.scalar:
      parse.next++
      return scalarNode(parse, token, tag, start)
    case Token.flowSequenceStart: return nested(parse, token, () => readFlowSequence(parse, tag, start))
    case Token.flowMappingStart: return nested(parse, token, () => readFlowMapping(parse, tag, start))
    case Token.blockSequenceStart: if (block) return nested(parse, token, () => readSequence(parse, tag, true, start)); break
    case Token.blockMappingStart: if (block) return nested(parse, token, () => readMapping(parse, tag, start)); break
  }
  if (hasProperties) return scalarNode(parse, { ...token, kind: Token.scalar, text: '', style: 'missing', start: token.start, end: token.start }, tag, start)
  fail(parse, 'did not find expected node content', token.start, block ? 'while parsing a block node' : 'while parsing a flow node', start)
  return missing(token.start)
}

/** `from`: where the node's anchor or tag starts, which PyYAML takes for the node's place. */
function scalarNode(parse: Parse, token: YamlToken, tag: string | null, from: number): YamlScalar {
  const { start, end, style } = token
  const text = token.text.length <= SHORT ? known(parse.texts, token.text) : token.text
  const resolved = resolveScalar(text, style, tag)
  if ('value' in resolved) return { kind: 'scalar', value: resolved.value, text, style, start, end, tag, alias: null }
  // Whether `<<` and `=` are refused depends on where they stand: see map.ts.
  if (!(tag === null && (text === '<<' || text === '='))) valueProblem(parse, resolved.problem, from, end)
  return { kind: 'scalar', value: text, text, style, start, end, tag, alias: null }
}

function known(texts: Map<string, string>, text: string): string {
  const before = texts.get(text)
  if (before === undefined) texts.set(text, text)
  return before ?? text
}

function valueProblem(parse: Parse, message: string, start: number, end: number): void {
  report(parse, { kind: 'value', message, start, end, context: null, contextStart: null })
}

/** Skips a node that lies too deep instead of reading it. */
function nested(parse: Parse, token: YamlToken, readIt: () => YamlNode): YamlNode {
  if (parse.depth >= MAX_DEPTH) {
    report(parse, { kind: 'limit', message: 'nested too deeply', start: token.start, end: token.end, context: null, contextStart: null })
    skipNested(parse)
    return missing(token.start)
  }
  parse.depth++
  const node = readIt()
  parse.depth--
  return node
}

function skipNested(parse: Parse): void {
  let depth = 0
  do {
    const { kind } = peek(parse)
    if (kind === Token.streamEnd) return
    if (kind === Token.blockSequenceStart || kind === Token.blockMappingStart || kind === Token.flowSequenceStart || kind === Token.flowMappingStart) depth++
    if (kind === Token.blockEnd || kind === Token.flowSequenceEnd || kind === Token.flowMappingEnd) depth--
    parse.next++
  } while (depth > 0)
}

/** `framed`: between blockSequenceStart and blockEnd; else an indentless one, which ends at the first other token. */
function readSequence(parse: Parse, tag: string | null, framed: boolean, from: number): YamlNode {
  const { start } = peek(parse)
  if (framed) parse.next++
  const items: YamlNode[] = []
  let end = start
  for (;;) {
    const token = peek(parse)
    if (token.kind === Token.blockEntry) {
      parse.next++
      const { kind } = peek(parse)
      const empty = kind === Token.blockEntry || kind === Token.blockEnd || (!framed && (kind === Token.key || kind === Token.value))
      const item = empty ? missing(token.end) : readNode(parse, true, false)
      items.push(item)
      end = Math.max(end, item.end)
      continue
    }
    if (!framed) break
    if (token.kind === Token.blockEnd) {
      parse.next++
      break
    }
    fail(parse, "did not find expected '-' indicator", token.start, 'while parsing a block collection', start)
    if (!skipStray(parse)) break
  }
  return finishSeq(parse, items, false, start, end, tag, from)
}

function finishSeq(parse: Parse, items: YamlNode[], flow: boolean, start: number, end: number, tag: string | null, from: number): YamlNode {
  const kind = tag === null || tag === '!' ? 'seq' : tag.startsWith('tag:yaml.org,2002:') ? tag.slice(18) : ''
  if (kind === 'omap' || kind === 'pairs') {
    const context = kind === 'omap' ? 'while constructing an ordered map' : 'while constructing pairs'
    for (const item of items) {
      const message: string | null = item.kind !== 'map' ? `expected a mapping of length 1, but found ${nodeId(item)}`
        : item.written.length !== 1 ? `expected a single mapping item, but found ${item.written.length} items` : null
      if (message !== null) report(parse, { kind: 'value', message, start: item.start, end: item.end, context, contextStart: from })
    }
  } else if (kind === 'map' || kind === 'set') valueProblem(parse, 'expected a mapping node, but found sequence', from, end)
  else if (SCALAR_TAGS.has(kind)) valueProblem(parse, 'expected a scalar node, but found sequence', from, end)
  else if (kind !== 'seq') valueProblem(parse, noConstructor(tag!).problem, from, end)
  for (const item of items) checkLoneIndicator(parse, item)
  return { kind: 'seq', items: compact(items), flow, start, end, tag, alias: null }
}

const SCALAR_TAGS = new Set(['null', 'bool', 'int', 'float', 'binary', 'timestamp', 'str'])

function nodeId(node: YamlNode): string {
  return node.kind === 'seq' ? 'sequence' : node.kind === 'map' ? 'mapping' : 'scalar'
}

/** `<<` and `=` have no constructor except as a mapping's key. */
function checkLoneIndicator(parse: Parse, node: YamlNode): void {
  if (node.kind !== 'scalar' || node.style !== 'plain' || node.tag !== null || (node.text !== '<<' && node.text !== '=')) return
  valueProblem(parse, noConstructor(`tag:yaml.org,2002:${node.text === '=' ? 'value' : 'merge'}`).problem, node.start, node.end)
}

/**
 * Mended: steps over what does not belong here. A collection that lies deeper (its lines are indented too far) is skipped whole.
 * False at what ends the collection that is being read.
 */
function skipStray(parse: Parse): boolean {
  const { kind } = peek(parse)
  if (kind === Token.streamEnd || kind === Token.documentStart || kind === Token.documentEnd || kind === Token.directive) return false
  if (kind === Token.blockSequenceStart || kind === Token.blockMappingStart || kind === Token.flowSequenceStart || kind === Token.flowMappingStart) skipNested(parse)
  else parse.next++
  return true
}

function readMapping(parse: Parse, tag: string | null, from: number): YamlNode {
  const { start } = peek(parse)
  parse.next++
  const written: YamlEntry[] = []
  // Mended: mappings that are indented too far belong to this one; as many ends follow.
  let strayLevels = 0
  for (;;) {
    const token = peek(parse)
    if (token.kind === Token.key) {
      parse.next++
      const key = blockPart(parse, token.end)
      written.push({ key, value: blockValue(parse, key.end) })
    } else if (token.kind === Token.value && written.length === 0 && !parse.tolerant) {
      fail(parse, 'did not find expected key', token.start, 'while parsing a block mapping', start)
    } else if (token.kind === Token.blockEnd) {
      parse.next++
      if (strayLevels === 0) break
      strayLevels--
    } else {
      fail(parse, 'did not find expected key', token.start, 'while parsing a block mapping', start)
      if (token.kind === Token.blockMappingStart) {
        parse.next++
        strayLevels++
      } else if (token.kind === Token.scalar) {
        // A key that is still being typed.
        parse.next++
        written.push({ key: scalarNode(parse, token, null, token.start), value: blockValue(parse, token.end) })
      } else if (token.kind === Token.value) {
        written.push({ key: missing(token.start), value: blockValue(parse, token.start) })
      } else if (!skipStray(parse)) break
    }
  }
  const last = written[written.length - 1]
  return finishMap(written, false, start, last === undefined ? start : Math.max(last.key.end, last.value.end), tag, from, problem => report(parse, problem))
}

function blockValue(parse: Parse, after: number): YamlNode {
  const token = peek(parse)
  if (token.kind !== Token.value) return missing(after)
  parse.next++
  return blockPart(parse, token.end)
}

function blockPart(parse: Parse, after: number): YamlNode {
  const { kind } = peek(parse)
  return kind === Token.key || kind === Token.value || kind === Token.blockEnd ? missing(after) : readNode(parse, true, true)
}

function readFlowSequence(parse: Parse, tag: string | null, from: number): YamlNode {
  const { start } = peek(parse)
  const items: YamlNode[] = []
  const end = readFlow(parse, Token.flowSequenceEnd, 'while parsing a flow sequence', "did not find expected ',' or ']'", token => {
    if (token.kind !== Token.key) {
      items.push(readNode(parse, false, false))
      return
    }
    parse.next++
    items.push(readPair(parse, token))
  })
  return finishSeq(parse, items, true, start, end, tag, from)
}

/** `[a: b]`: one pair, a mapping of its own. */
function readPair(parse: Parse, token: YamlToken): YamlNode {
  const first = peek(parse)
  let key: YamlNode
  if (first.kind === Token.flowSequenceEnd) key = missing(first.start)
  else if (first.kind === Token.value || first.kind === Token.flowEntry) {
    // libyaml steps over the token here, so `[? : a]` is refused by it.
    key = missing(first.end)
    parse.next++
  } else key = readNode(parse, false, false)
  let value: YamlNode = missing(key.end)
  if (is(parse, Token.value)) {
    const { end } = peek(parse)
    parse.next++
    value = is(parse, Token.flowEntry) || is(parse, Token.flowSequenceEnd) ? missing(end) : readNode(parse, false, false)
  }
  return finishMap([{ key, value }], true, token.start, Math.max(key.end, value.end), null, token.start, problem => report(parse, problem))
}

function readFlowMapping(parse: Parse, tag: string | null, from: number): YamlNode {
  const { start } = peek(parse)
  const written: YamlEntry[] = []
  const end = readFlow(parse, Token.flowMappingEnd, 'while parsing a flow mapping', "did not find expected ',' or '}'", token => {
    if (token.kind !== Token.key) {
      const key = readNode(parse, false, false)
      written.push({ key, value: missing(key.end) })
      return
    }
    parse.next++
    const { kind } = peek(parse)
    const empty = kind === Token.value || kind === Token.flowEntry || kind === Token.flowMappingEnd
    const key = empty ? missing(token.end) : readNode(parse, false, false)
    let value: YamlNode = missing(key.end)
    if (is(parse, Token.value)) {
      const after = peek(parse).end
      parse.next++
      value = is(parse, Token.flowEntry) || is(parse, Token.flowMappingEnd) ? missing(after) : readNode(parse, false, false)
    }
    written.push({ key, value })
  })
  return finishMap(written, true, start, end, tag, from, problem => report(parse, problem))
}

/** Reads entries up to the closing bracket; returns its end. */
function readFlow(parse: Parse, close: TokenKind, context: string, message: string, readEntry: (token: YamlToken) => void): number {
  const { start } = peek(parse)
  parse.next++
  let end = start + 1
  for (let first = true; ; first = false) {
    let token = peek(parse)
    if (token.kind === close) {
      parse.next++
      return token.end
    }
    if (!first) {
      if (token.kind === Token.flowEntry) {
        parse.next++
        token = peek(parse)
      } else {
        fail(parse, message, token.start, context, start)
        if (endsFlow(token.kind)) return end
      }
    }
    if (token.kind === close) {
      parse.next++
      return token.end
    }
    const before = parse.next
    readEntry(token)
    if (parse.tolerant && parse.next === before) {
      if (endsFlow(token.kind)) return end
      parse.next++
    }
    end = parse.tokens[parse.next - 1]?.end ?? end
  }
}

/** Mended: what closes something else, or can only stand in block context, ends a flow collection that was left open. */
function endsFlow(kind: TokenKind): boolean {
  return kind === Token.streamEnd || kind === Token.documentStart || kind === Token.documentEnd || kind === Token.directive
    || kind === Token.blockEnd || kind === Token.flowSequenceEnd || kind === Token.flowMappingEnd
}
