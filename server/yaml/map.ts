// From the written entries of a mapping to those of Python's dict: merge keys, equal keys, keys that cannot be one.

import { compact } from '../text/compact.ts'
import type { YamlEntry, YamlMap, YamlNode, YamlProblem, YamlValue } from './nodes.ts'
import { isMergeKey, noConstructor } from './resolve.ts'

/** Merged entries come first, own ones after them; of equal keys the first gives the place and the key, the last the value. Source: SafeConstructor.flatten_mapping. */
export function finishMap(written: readonly YamlEntry[], flow: boolean, start: number, end: number, tag: string | null, from: number, report: (problem: YamlProblem) => void): YamlMap {
  const kind = tag === null || tag === '!' ? 'map' : tag.startsWith('tag:yaml.org,2002:') ? tag.slice(18) : ''
  if (kind !== 'map' && kind !== 'set') report(tagProblem(kind, tag!, from, end))
  const kept = compact(written)
  return { kind: 'map', entries: effective(kept, from, report), written: kept, flow, start, end, tag, alias: null }
}

function tagProblem(kind: string, tag: string, start: number, end: number): YamlProblem {
  const message = kind === 'seq' ? 'expected a sequence node, but found mapping'
    : kind === 'omap' || kind === 'pairs' ? 'expected a sequence, but found mapping'
      : ['null', 'bool', 'int', 'float', 'binary', 'timestamp', 'str'].includes(kind) ? 'expected a scalar node, but found mapping'
        : noConstructor(tag).problem
  const context = kind === 'omap' ? 'while constructing an ordered map' : kind === 'pairs' ? 'while constructing pairs' : null
  return { kind: 'value', message, start, end, context, contextStart: context === null ? null : start }
}

function effective(written: readonly YamlEntry[], start: number, report: (problem: YamlProblem) => void): readonly YamlEntry[] {
  let own = written
  if (written.some(isMerge)) {
    const merged: YamlEntry[] = []
    for (const entry of written) if (isMerge(entry)) merged.push(...mergedEntries(entry.value, start, report))
    own = written.filter(entry => !isMerge(entry))
    reportDuplicates(own, report)
    return unique([...merged, ...own]) ?? [...merged, ...own]
  }
  for (const { key, value } of written) {
    if (key.kind !== 'scalar') report({ kind: 'value', message: 'found unhashable key', start: key.start, end: key.end, context: 'while constructing a mapping', contextStart: start })
    if (value.kind === 'scalar' && value.style === 'plain' && value.tag === null && (value.text === '<<' || value.text === '=')) {
      report({ kind: 'value', message: noConstructor(`tag:yaml.org,2002:${value.text === '=' ? 'value' : 'merge'}`).problem, start: value.start, end: value.end, context: null, contextStart: null })
    }
  }
  const single = unique(own)
  if (single === null) return own
  reportDuplicates(own, report)
  return single
}

function isMerge({ key }: YamlEntry): boolean {
  return key.kind === 'scalar' && isMergeKey(key.text, key.style, key.tag)
}

function mergedEntries(value: YamlNode, start: number, report: (problem: YamlProblem) => void): readonly YamlEntry[] {
  const refuse = (message: string, node: YamlNode): void => {
    report({ kind: 'value', message, start: node.start, end: node.end, context: 'while constructing a mapping', contextStart: start })
  }
  if (value.kind === 'map') return value.entries
  if (value.kind === 'scalar') {
    refuse('expected a mapping or list of mappings for merging, but found scalar', value)
    return []
  }
  const merged: YamlEntry[] = []
  for (const item of [...value.items].reverse()) {
    if (item.kind === 'map') merged.push(...item.entries)
    else refuse(`expected a mapping for merging, but found ${item.kind === 'seq' ? 'sequence' : 'scalar'}`, item)
  }
  return merged
}

/** null when all keys differ, which is the common case and costs no copy. */
function unique(entries: readonly YamlEntry[]): YamlEntry[] | null {
  const places = new Map<unknown, number>()
  let result: YamlEntry[] | null = null
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!
    const identity = keyIdentity(entry.key)
    const earlier = identity === undefined ? undefined : places.get(identity)
    if (earlier === undefined) {
      if (identity !== undefined) places.set(identity, result === null ? i : result.length)
      result?.push(entry)
    } else {
      result ??= entries.slice(0, i)
      result[earlier] = { key: result[earlier]!.key, value: entry.value }
    }
  }
  return result
}

function reportDuplicates(entries: readonly YamlEntry[], report: (problem: YamlProblem) => void): void {
  const seen = new Set<unknown>()
  for (const { key } of entries) {
    const identity = keyIdentity(key)
    if (identity === undefined) continue
    if (seen.has(identity) && key.kind === 'scalar') {
      report({ kind: 'duplicate-key', message: `Duplicate key '${key.text}'`, start: key.start, end: key.end, context: null, contextStart: null })
    }
    seen.add(identity)
  }
}

/** Equal for keys that Python's dict takes for equal (1, 1.0 and True are); undefined for a key that cannot be one. */
function keyIdentity(key: YamlNode): unknown {
  if (key.kind !== 'scalar') return undefined
  const value: YamlValue = key.value
  switch (typeof value) {
    case 'string': return value
    case 'boolean': return value ? 1n : 0n
    case 'number': return Number.isInteger(value) ? BigInt(value) : Number.isNaN(value) ? undefined : value
    case 'bigint': return value
    default: return value === null ? null : 'yaml ' + JSON.stringify(value)
  }
}
