// YAML nodes as the Python values that dbt sees (PyYAML's SafeLoader): dicts, lists, scalars, dates. One conversion for project files and properties.

import { PyDict, PyList, PyObject, PyTuple } from '../../jinja/value.ts'
import type { HashKey, Value } from '../../jinja/value.ts'
import { PySet } from '../../jinja/set.ts'
import type { YamlDate, YamlDatetime, YamlMap, YamlNode, YamlValue } from '../../yaml/nodes.ts'

/** A `datetime.date` or `datetime.datetime` of a YAML file. */
export class PyMoment extends PyObject {
  readonly typeName: 'date' | 'datetime'
  readonly value: YamlDate | YamlDatetime
  constructor(value: YamlDate | YamlDatetime) { super(); this.value = value; this.typeName = value.type }
  override get qualifiedTypeName(): string { return `datetime.${this.typeName}` }
  override truthy(): boolean { return true }
  override hashKey(): HashKey { return `\0d${this.str()}` }
  override equals(other: Value): boolean { return other instanceof PyMoment && other.typeName === this.typeName && other.str() === this.str() }
  override compare(other: Value): number | undefined { return other instanceof PyMoment ? (this.str() < other.str() ? -1 : this.str() > other.str() ? 1 : 0) : undefined }
  override getattr(name: string): Value | undefined {
    const field = (this.value as unknown as { readonly [key: string]: unknown })
    return ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'].includes(name) && Object.hasOwn(field, name) ? BigInt(field[name] as number) : undefined
  }
  override str(): string { return this.isoformat(' ') }
  override repr(): string {
    const { value } = this
    if (value.type === 'date') return `datetime.date(${value.year}, ${value.month}, ${value.day})`
    const parts: (number | string)[] = [value.year, value.month, value.day, value.hour, value.minute]
    if (value.second || value.microsecond) parts.push(value.second)
    if (value.microsecond) parts.push(value.microsecond)
    if (value.offset !== null) parts.push(value.offset === 0 ? 'tzinfo=datetime.timezone.utc' : `tzinfo=datetime.timezone(${deltaRepr(value.offset)})`)
    return `datetime.datetime(${parts.join(', ')})`
  }
  /** Python's isoformat(sep). */
  isoformat(separator: string): string {
    const { value } = this
    const date = `${pad(value.year, 4)}-${pad(value.month, 2)}-${pad(value.day, 2)}`
    if (value.type === 'date') return date
    const fraction = value.microsecond ? `.${pad(value.microsecond, 6)}` : ''
    return `${date}${separator}${pad(value.hour, 2)}:${pad(value.minute, 2)}:${pad(value.second, 2)}${fraction}${value.offset === null ? '' : offsetText(value.offset)}`
  }
}

function pad(value: number, width: number): string { return String(value).padStart(width, '0') }

function offsetText(seconds: number): string {
  const absolute = Math.abs(seconds)
  const rest = absolute % 60
  return `${seconds < 0 ? '-' : '+'}${pad(Math.floor(absolute / 3600), 2)}:${pad(Math.floor(absolute / 60) % 60, 2)}${rest ? `:${pad(rest, 2)}` : ''}`
}

function deltaRepr(seconds: number): string {
  const days = Math.floor(seconds / 86400)
  const rest = seconds - days * 86400
  return `datetime.timedelta(${[...days ? [`days=${days}`] : [], ...rest ? [`seconds=${rest}`] : []].join(', ')})`
}

/** datetime.fromisoformat of the forms that people write; null for others. */
export function momentOf(text: string): PyMoment | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const offset = zone === undefined ? null : zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60)
  return new PyMoment({
    type: 'datetime', year: Number(year), month: Number(month), day: Number(day), hour: Number(hour ?? 0), minute: Number(minute ?? 0), second: Number(second ?? 0),
    microsecond: Number((fraction ?? '0').padEnd(6, '0')), offset,
  })
}

const values = new WeakMap<YamlNode, Value>()

/** The value of a node, made once; nobody may change it. Aliases share their anchor's value only by equality. */
export function valueOf(node: YamlNode): Value {
  if (node.kind === 'scalar') return scalarValue(node.value)
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

export function scalarValue(value: YamlValue): Value {
  if (typeof value !== 'object' || value === null) return value
  return value.type === 'bytes' ? value.bytes : new PyMoment(value)
}

/** The node under a key of a mapping, as Python's dict would give it; undefined without. */
export function under(node: YamlNode | null | undefined, key: string): YamlNode | undefined {
  return node?.kind === 'map' ? entryOf(node, key)?.value : undefined
}

export function entryOf(map: YamlMap, key: string): YamlMap['entries'][number] | undefined {
  return map.entries.find(entry => entry.key.kind === 'scalar' && entry.key.value === key)
}
