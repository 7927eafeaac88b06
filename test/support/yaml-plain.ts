// A YAML tree in the plain form in which test/conformance/python/yaml_load.py writes PyYAML's values.

import type { YamlNode, YamlValue } from '../../server/yaml/nodes.ts'

export function plainYaml(node: YamlNode | null): unknown {
  if (node === null) return null
  if (node.kind === 'scalar') return plainValue(node.value)
  if (node.kind === 'seq') {
    if (!/:(?:omap|pairs)$/.test(node.tag ?? '')) return node.items.map(plainYaml)
    return node.items.map(item => ({ tuple: item.kind === 'map' ? item.entries.flatMap(({ key, value }) => [plainYaml(key), plainYaml(value)]) : [] }))
  }
  if (node.tag?.endsWith(':set')) return { set: node.entries.map(({ key }) => JSON.stringify(plainYaml(key))).sort() }
  return { map: node.entries.map(({ key, value }) => [plainYaml(key), plainYaml(value)]) }
}

function plainValue(value: YamlValue): unknown {
  if (typeof value === 'bigint') return { int: String(value) }
  if (typeof value === 'number') return { float: Number.isNaN(value) ? 'nan' : String(value) }
  if (value === null || typeof value !== 'object') return value
  if (value.type === 'bytes') return { bytes: value.bytes }
  if (value.type === 'date') return { time: `datetime.date(${value.year}, ${value.month}, ${value.day})` }
  const parts = [value.year, value.month, value.day, value.hour, value.minute]
  if (value.second !== 0 || value.microsecond !== 0) parts.push(value.second)
  if (value.microsecond !== 0) parts.push(value.microsecond)
  return { time: `datetime.datetime(${parts.join(', ')}${zone(value.offset)})` }
}

function zone(offset: number | null): string {
  if (offset === null) return ''
  if (offset === 0) return ', tzinfo=datetime.timezone.utc'
  const days = Math.floor(offset / 86400)
  const seconds = offset - days * 86400
  const parts = [days !== 0 ? `days=${days}` : '', seconds !== 0 ? `seconds=${seconds}` : ''].filter(part => part !== '')
  return `, tzinfo=datetime.timezone(datetime.timedelta(${parts.join(', ')}))`
}

/** The same form for what Python wrote, with floats as JavaScript prints them. */
export function normalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalized)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value)
  if ('float' in value && typeof value.float === 'string') return { float: String(value.float === 'inf' ? Infinity : value.float === '-inf' ? -Infinity : value.float === 'nan' ? NaN : Number(value.float)) .replace('NaN', 'nan') }
  if ('set' in value && Array.isArray(value.set)) return { set: value.set.map(item => JSON.stringify(JSON.parse(String(item)))).sort() }
  return Object.fromEntries(entries.map(([key, item]) => [key, normalized(item)]))
}
