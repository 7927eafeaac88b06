// PyYAML's `yaml.safe_dump(value, sort_keys=…)`, which dbt's `toyaml` is: block style, lines folded after column 80, everything outside ASCII escaped.
// Source: yaml/emitter.py, representer.py, serializer.py of PyYAML 6 (the Python emitter; dbt does not use the C one here).

import { plainYamlTag } from '../../text/yaml-tags.ts'
import { sorted } from '../compare.ts'
import { PyException, UnknownSignal } from '../errors.ts'
import { PySet } from '../set.ts'
import { floatRepr, intText, reprOf } from '../repr.ts'
import { PyDict, PyList, PyObject, PyTuple, type CallContext, type Value } from '../value.ts'
import { PyDate, PyDatetime, isoDate, isoDatetime } from './datetime.ts'
import { Emitter } from './yaml-emitter.ts'

const MAX_DEPTH = 300

/** RepresenterError (a YAMLError: dbt then returns the default) for what YAML cannot say; UnknownSignal for an unknown. */
export function yamlDump(value: Value, sortKeys: boolean, spender: Pick<CallContext, 'spend'>): string {
  const dump: Dump = { sortKeys, spender, nodes: new Map() }
  const root = represent(dump, value, 0)
  const anchors = new Map<YamlOut, string | null>()
  nameAnchors(root, anchors, { last: 0 })
  return new Emitter(anchors).emit(root)
}

/** What is written: PyYAML's node. */
export type YamlOut =
  | { readonly kind: 'scalar'; readonly tag: string; readonly text: string }
  | { readonly kind: 'seq'; readonly items: YamlOut[] }
  | { readonly kind: 'map'; readonly tag: 'map' | 'set'; readonly pairs: [YamlOut, YamlOut][] }

interface Dump {
  readonly sortKeys: boolean
  readonly spender: Pick<CallContext, 'spend'>
  /** Objects met before: written once, then as `*id001`. */
  readonly nodes: Map<PyObject, YamlOut>
}

function represent(dump: Dump, value: Value, depth: number): YamlOut {
  dump.spender.spend(8)
  switch (typeof value) {
    case 'string':
      dump.spender.spend(value.length)
      return { kind: 'scalar', tag: 'str', text: value }
    case 'boolean': return { kind: 'scalar', tag: 'bool', text: value ? 'true' : 'false' }
    case 'bigint': return { kind: 'scalar', tag: 'int', text: intText(value) }
    case 'number': return { kind: 'scalar', tag: 'float', text: floatText(value) }
    default: return value === null ? { kind: 'scalar', tag: 'null', text: 'null' } : representObject(dump, value, depth)
  }
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  const text = floatRepr(value)
  return text.includes('.') ? text : text.replace('e', '.0e')
}

function representObject(dump: Dump, value: PyObject, depth: number): YamlOut {
  if (value.unknown) throw new UnknownSignal(value.unknown)
  const known = dump.nodes.get(value)
  if (known !== undefined) return known
  if (depth > MAX_DEPTH) throw new PyException('RecursionError', 'maximum recursion depth exceeded')
  if (value instanceof PyDatetime) return remember(dump, value, { kind: 'scalar', tag: 'timestamp', text: isoDatetime(value, ' ') })
  if (value instanceof PyDate) return remember(dump, value, { kind: 'scalar', tag: 'timestamp', text: isoDate(value) })
  if ((value instanceof PyList && value.typeName === 'list') || (value instanceof PyTuple && value.typeName === 'tuple')) {
    const node: YamlOut = { kind: 'seq', items: [] }
    // Python has only one empty tuple, and writes no anchor for it.
    if (!(value instanceof PyTuple && value.items.length === 0)) remember(dump, value, node)
    for (const item of value.items) node.items.push(represent(dump, item, depth + 1))
    return node
  }
  if (value instanceof PyDict && value.typeName === 'dict') return representPairs(dump, value, 'map', value.items(), depth)
  if (value instanceof PySet && value.typeName === 'set') {
    const members = dump.sortKeys ? value.unordered() : value.ordered()
    return representPairs(dump, value, 'set', members.map(item => [item, null]), depth)
  }
  throw new PyException('RepresenterError', `('cannot represent an object', ${reprOf(value)})`)
}

function remember(dump: Dump, value: PyObject, node: YamlOut): YamlOut {
  dump.nodes.set(value, node)
  return node
}

function representPairs(dump: Dump, value: PyObject, tag: 'map' | 'set', entries: [Value, Value][], depth: number): YamlOut {
  const node: YamlOut = { kind: 'map', tag, pairs: [] }
  dump.nodes.set(value, node)
  for (const [key, item] of dump.sortKeys ? sortedPairs(entries) : entries) {
    node.pairs.push([represent(dump, key, depth + 1), represent(dump, item, depth + 1)])
  }
  return node
}

/** Keys that have no order are left in theirs, as PyYAML does. */
function sortedPairs(entries: [Value, Value][]): [Value, Value][] {
  try {
    const pairs = sorted(new PyList(entries.map(pair => new PyTuple(pair))), item => item, false)
    return pairs.map(pair => pair instanceof PyTuple ? [pair.items[0] ?? null, pair.items[1] ?? null] : [pair, null])
  } catch (error) {
    if (error instanceof PyException && error.errorClass === 'TypeError') return entries
    throw error
  }
}

function nameAnchors(node: YamlOut, anchors: Map<YamlOut, string | null>, counter: { last: number }): void {
  const seen = anchors.get(node)
  if (seen !== undefined) {
    if (seen === null) anchors.set(node, `id${String(++counter.last).padStart(3, '0')}`)
    return
  }
  anchors.set(node, null)
  if (node.kind === 'seq') for (const item of node.items) nameAnchors(item, anchors, counter)
  if (node.kind === 'map') {
    for (const [key, value] of node.pairs) {
      nameAnchors(key, anchors, counter)
      nameAnchors(value, anchors, counter)
    }
  }
}

/** The tag a scalar must be written with; null when reading it back finds the type by itself. `plain`: written without quotes. */
export function writtenTag(tag: string, text: string, plain: boolean): string | null {
  return tag === (plain ? plainYamlTag(text) : 'str') ? null : `!!${tag}`
}
