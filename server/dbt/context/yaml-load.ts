// `yaml.safe_load` for templates (`fromyaml`): as property files are read, with dates that are Python's own.
// Fresh values every time: templates may change them.

import { PyDate, PyDatetime, PyTimezone } from '../../jinja/python/datetime.ts'
import { PySet } from '../../jinja/set.ts'
import { PyDict, PyList, PyTuple } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { parseYaml } from '../../yaml/parse.ts'
import type { YamlNode, YamlValue } from '../../yaml/nodes.ts'

/** The value of a text; undefined where PyYAML refuses it. */
export function loadYaml(text: string): Value | undefined {
  const document = parseYaml(text)
  if (document.problems.some(problem => problem.kind === 'syntax' || problem.kind === 'value' || problem.kind === 'limit')) return undefined
  return document.root === null ? null : valueOf(document.root)
}

function valueOf(node: YamlNode): Value {
  if (node.kind === 'scalar') return scalar(node.value)
  if (node.kind === 'map') {
    if (node.tag?.endsWith(':set')) return new PySet(node.entries.map(entry => keyOf(entry.key)))
    return new PyDict(node.entries.map(entry => [keyOf(entry.key), valueOf(entry.value)] as const))
  }
  if (node.tag?.endsWith(':omap') || node.tag?.endsWith(':pairs')) {
    return new PyList(node.items.flatMap(item => item.kind === 'map' ? item.entries.map(entry => new PyTuple([keyOf(entry.key), valueOf(entry.value)])) : []))
  }
  return new PyList(node.items.map(valueOf))
}

function keyOf(node: YamlNode): Value { return node.kind === 'seq' ? new PyTuple(node.items.map(keyOf)) : valueOf(node) }

function scalar(value: YamlValue): Value {
  if (typeof value !== 'object' || value === null) return value
  if (value.type === 'bytes') return value.bytes
  if (value.type === 'date') return new PyDate(value.year, value.month, value.day)
  const { year, month, day, hour, minute, second, microsecond, offset } = value
  return new PyDatetime({ year, month, day }, { hour, minute, second, microsecond }, offset === null ? null : new PyTimezone(BigInt(offset) * 1_000_000n))
}
