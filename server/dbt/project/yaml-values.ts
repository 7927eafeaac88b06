// A YAML node as the value Python would hold: dates as objects (variables), or as the ISO text that configs keep of them.

import { PyDate, PyDatetime, PyTimezone } from '../../jinja/python/datetime.ts'
import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import type { YamlDatetime, YamlEntry, YamlMap, YamlNode, YamlScalar, YamlValue } from '../../yaml/nodes.ts'

/** Dates become their ISO text, as in dbt's configs. */
export function yamlValue(node: YamlNode | null): Value { return converted(node, scalarValue) }

/** Dates stay dates, as in dbt's variables. */
export function variableValue(node: YamlNode | null): Value { return converted(node, pythonScalar) }

function converted(node: YamlNode | null, scalar: (value: YamlValue) => Value): Value {
  if (node === null) return null
  if (node.kind === 'scalar') return scalar(node.value)
  if (node.kind === 'seq') return new PyList(node.items.map((item) => converted(item, scalar)))
  return new PyDict(node.entries.map(({ key, value }) => [converted(key, scalar), converted(value, scalar)] as const))
}

/** A scalar as PyYAML's SafeLoader makes it. */
export function pythonScalar(value: YamlValue): Value {
  if (typeof value !== 'object' || value === null) return value
  if (value.type === 'bytes') return value.bytes
  return value.type === 'date' ? new PyDate(value.year, value.month, value.day) : datetimeOf(value)
}

export function datetimeOf({ year, month, day, hour, minute, second, microsecond, offset }: YamlDatetime): PyDatetime {
  return new PyDatetime({ year, month, day }, { hour, minute, second, microsecond }, offset === null ? null : new PyTimezone(BigInt(offset) * 1_000_000n))
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
