// YAML nodes as the Python values that dbt sees (PyYAML's SafeLoader): dicts, lists, scalars, dates. One conversion for project files and properties.

import type { PyDatetime } from '../../jinja/python/datetime.ts'
import { PyDict, PyList, PyTuple } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { PySet } from '../../jinja/set.ts'
import type { YamlMap, YamlNode } from '../../yaml/nodes.ts'
import { datetimeOf, pythonScalar } from '../project/yaml-values.ts'

/** datetime.fromisoformat of the forms that people write; null for others. */
export function momentOf(text: string): PyDatetime | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const offset = zone === undefined ? null : zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60)
  return datetimeOf({
    type: 'datetime', year: Number(year), month: Number(month), day: Number(day), hour: Number(hour ?? 0), minute: Number(minute ?? 0), second: Number(second ?? 0),
    microsecond: Number((fraction ?? '0').padEnd(6, '0')), offset,
  })
}

const values = new WeakMap<YamlNode, Value>()

/** The value of a node, made once; nobody may change it. Aliases share their anchor's value only by equality. */
export function valueOf(node: YamlNode): Value {
  if (node.kind === 'scalar') return pythonScalar(node.value)
  let value = values.get(node)
  if (value === undefined) values.set(node, value = collectionValue(node))
  return value
}

function collectionValue(node: Exclude<YamlNode, { kind: 'scalar' }>): Value {
  if (node.kind === 'map') {
    return node.tag?.endsWith(':set') ? new PySet(node.entries.map(entry => keyValue(entry.key))) : new PyDict(node.entries.map(entry => [keyValue(entry.key), valueOf(entry.value)]))
  }
  if (node.tag?.endsWith(':omap') || node.tag?.endsWith(':pairs')) {
    return new PyList(node.items.flatMap(item => item.kind === 'map' ? item.entries.map(entry => new PyTuple([keyValue(entry.key), valueOf(entry.value)])) : []))
  }
  return new PyList(node.items.map(valueOf))
}

/** A sequence as a key is a tuple in Python. */
function keyValue(node: YamlNode): Value { return node.kind === 'seq' ? new PyTuple(node.items.map(keyValue)) : valueOf(node) }

/** The node under a key of a mapping, as Python's dict would give it; undefined without. */
export function under(node: YamlNode | null | undefined, key: string): YamlNode | undefined {
  return node?.kind === 'map' ? entryOf(node, key)?.value : undefined
}

export function entryOf(map: YamlMap, key: string): YamlMap['entries'][number] | undefined {
  return map.entries.find(entry => entry.key.kind === 'scalar' && entry.key.value === key)
}
