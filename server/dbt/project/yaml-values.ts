// A YAML node as the value Python would hold. Dates become their ISO text, as dbt's renderers make them.

import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import type { YamlEntry, YamlMap, YamlNode, YamlScalar, YamlValue } from '../../yaml/nodes.ts'

export function yamlValue(node: YamlNode | null): Value {
  if (node === null) return null
  if (node.kind === 'scalar') return scalarValue(node.value)
  if (node.kind === 'seq') return new PyList(node.items.map(yamlValue))
  return new PyDict(node.entries.map(({ key, value }) => [yamlValue(key), yamlValue(value)] as const))
}

function scalarValue(value: YamlValue): Value {
  if (value === null || typeof value !== 'object') return value
  if (value.type === 'bytes') return value.bytes
  const date = `${String(value.year).padStart(4, '0')}-${two(value.month)}-${two(value.day)}`
  if (value.type === 'date') return date
  const micro = value.microsecond === 0 ? '' : `.${String(value.microsecond).padStart(6, '0')}`
  return `${date}T${two(value.hour)}:${two(value.minute)}:${two(value.second)}${micro}${zone(value.offset)}`
}

/** The entry of a string key in a map; null when the node is no map or has no such key. */
export function entryOf(node: YamlNode | null | undefined, key: string): YamlEntry | null {
  if (node?.kind !== 'map') return null
  return node.entries.find((entry) => entry.key.kind === 'scalar' && entry.key.value === key) ?? null
}

export function valueOf(node: YamlNode | null | undefined, key: string): YamlNode | null {
  return entryOf(node, key)?.value ?? null
}

/** Entries whose key is a string. */
export function textEntries(map: YamlMap): { readonly key: string; readonly keyNode: YamlScalar; readonly value: YamlNode }[] {
  return map.entries.flatMap(({ key, value }) => (key.kind === 'scalar' && typeof key.value === 'string' ? [{ key: key.value, keyNode: key, value }] : []))
}

function two(number: number): string { return String(number).padStart(2, '0') }

function zone(offset: number | null): string {
  if (offset === null) return ''
  const minutes = Math.abs(Math.trunc(offset / 60))
  return `${offset < 0 ? '-' : '+'}${String(Math.trunc(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
