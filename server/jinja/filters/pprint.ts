// Python's pprint.pformat: containers that do not fit into 80 columns are broken, dicts sorted by key.

import { sorted } from '../compare.ts'
import { PyException } from '../errors.ts'
import { work } from '../meter.ts'
import { reprOf, stringRepr } from '../repr.ts'
import { PySet } from '../set.ts'
import { lengthOf, splitLines } from '../../text/python.ts'
import { typeNameOf } from '../types.ts'
import { PyDict, PyList, PyObject, PyTuple, identity } from '../value.ts'
import type { Value } from '../value.ts'
import { compareText } from '../compare.ts'

const WIDTH = 80

export function pformat(value: Value): string {
  return format(value, 0, 0, 1)
}

function format(value: Value, indent: number, allowance: number, level: number): string {
  work(4)
  if (level > 200) throw new PyException('RecursionError', 'maximum recursion depth exceeded')
  const flat = flatRepr(value)
  if (lengthOf(flat) <= WIDTH - indent - allowance) return flat
  if (value instanceof PyDict && value.typeName === 'dict' && value.entries.size > 0) return formatDict(value, indent, allowance, level)
  if (value instanceof PyList) return `[${formatItems(value.items, indent + 1, allowance + 1, level)}]`
  if (value instanceof PyTuple && value.typeName === 'tuple') return `(${formatItems(value.items, indent + 1, allowance + (value.items.length === 1 ? 2 : 1), level)}${value.items.length === 1 ? ',' : ''})`
  if (value instanceof PySet) return `{${formatItems(safelySorted(value.unordered()), indent + 1, allowance + 1, level)}}`
  return typeof value === 'string' ? formatText(value, indent, allowance, level) : flat
}

/** `saferepr`: like repr, but dicts come sorted. */
function flatRepr(value: Value): string {
  if (value instanceof PyObject && value.unknown) return reprOf(value)
  if (value instanceof PyDict && value.typeName === 'dict') {
    reprOf(value)
    return `{${sortedEntries(value).map(([key, item]) => `${flatRepr(key)}: ${flatRepr(item)}`).join(', ')}}`
  }
  if (value instanceof PyList) { reprOf(value); return `[${value.items.map(flatRepr).join(', ')}]` }
  if (value instanceof PyTuple && value.typeName === 'tuple') { reprOf(value); return value.items.length === 1 ? `(${value.items.map(flatRepr).join(', ')},)` : `(${value.items.map(flatRepr).join(', ')})` }
  return reprOf(value)
}

function sortedEntries(dict: PyDict): [Value, Value][] {
  return safelySorted(dict.keys()).map(key => [key, dict.get(key) ?? null])
}

/** pprint's _safe_key: what cannot be compared is ordered by type name and address. */
function safelySorted(values: Value[]): Value[] {
  try {
    return sorted(new PyList(values), value => value, false)
  } catch (problem) {
    if (!(problem instanceof PyException)) throw problem
    const place = (value: Value): string => typeof value === 'object' && value !== null ? String(identity(value)) : ''
    return values.slice().sort((a, b) => compareText(typeText(a), typeText(b)) || compareText(place(a), place(b)))
  }
}

function typeText(value: Value): string { return `<class '${typeNameOf(value)}'>` }

function formatItems(items: readonly Value[], indent: number, allowance: number, level: number): string {
  return items.map((item, i) => format(item, indent, i === items.length - 1 ? allowance : 1, level + 1)).join(`,\n${' '.repeat(indent)}`)
}

function formatDict(dict: PyDict, indent: number, allowance: number, level: number): string {
  const entries = sortedEntries(dict)
  return `{${entries.map(([key, item], i) => {
    const shown = flatRepr(key)
    return `${shown}: ${format(item, indent + lengthOf(shown) + 3, i === entries.length - 1 ? allowance + 1 : 1, level + 1)}`
  }).join(`,\n${' '.repeat(indent + 1)}`)}}`
}

/** Long texts become several literals, in brackets when they stand alone. */
function formatText(text: string, outerIndent: number, outerAllowance: number, level: number): string {
  const alone = level === 1
  const indent = alone ? outerIndent + 1 : outerIndent
  const allowance = alone ? outerAllowance + 1 : outerAllowance
  const chunks: string[] = []
  const lines = splitLines(text, true)
  for (const [i, line] of lines.entries()) {
    const width = WIDTH - indent
    const last = i === lines.length - 1
    const whole = stringRepr(line)
    if (lengthOf(whole) <= width - (last ? allowance : 0)) { chunks.push(whole); continue }
    chunks.push(...formatLine(line, width, last ? allowance : 0))
  }
  if (chunks.length === 1) return chunks[0] ?? ''
  const body = chunks.join(`\n${' '.repeat(indent)}`)
  return alone ? `(${body})` : body
}

function formatLine(line: string, width: number, allowance: number): string[] {
  const parts = line.match(/\S*\s*/g)?.slice(0, -1) ?? []
  const chunks: string[] = []
  let current = ''
  for (const [j, part] of parts.entries()) {
    const candidate = current + part
    const room = width - (j === parts.length - 1 ? allowance : 0)
    if (lengthOf(stringRepr(candidate)) > room) {
      if (current !== '') chunks.push(stringRepr(current))
      current = part
    } else current = candidate
  }
  if (current !== '') chunks.push(stringRepr(current))
  return chunks
}
