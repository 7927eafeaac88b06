// ast.literal_eval: the value of an expression that is written out, or undefined. Runs nothing.

import { keyOf, PyDict, PyList, PyTuple } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { PySet } from '../../jinja/set.ts'
import type { PyExpression } from './python-tree.ts'

/** Undefined: not a literal (or one that templates have no value for: bytes, complex numbers, Ellipsis). */
export function literalValue(node: PyExpression): Value | undefined {
  switch (node.kind) {
    case 'String': return stringValue(node.parts)
    case 'Number': return numberValue(node.text)
    case 'Name': return node.name === 'True' ? true : node.name === 'False' ? false : node.name === 'None' ? null : undefined
    case 'Unary': return signed(node.op, literalValue(node.value), node.value.kind === 'Number')
    case 'List': case 'Tuple': case 'Set': {
      const items = node.items.map(literalValue)
      if (!items.every(item => item !== undefined)) return undefined
      return node.kind === 'List' ? new PyList(items) : node.kind === 'Tuple' ? new PyTuple(items) : new PySet(items)
    }
    case 'Dict': return dictValue(node.items)
    case 'Call': return node.func.kind === 'Name' && node.func.name === 'set' && node.args.length === 0 && node.keywords.length === 0 ? new PySet() : undefined
    default: return undefined
  }
}

function dictValue(items: Extract<PyExpression, { kind: 'Dict' }>['items']): Value | undefined {
  const dict = new PyDict()
  for (const { key, value } of items) {
    const name = key ? literalValue(key) : undefined
    const item = literalValue(value)
    if (name === undefined || item === undefined || keyOf(name) === undefined) return undefined
    dict.set(name, item)
  }
  return dict
}

function signed(op: string, value: Value | undefined, isNumber: boolean): Value | undefined {
  if (!isNumber || (typeof value !== 'bigint' && typeof value !== 'number') || op === '~') return undefined
  return op === '-' ? -value : value
}

function numberValue(text: string): Value | undefined {
  const plain = text.replaceAll('_', '')
  if (/[jJ]$/.test(plain)) return undefined
  if (/^0[xXoObB]/.test(plain)) return BigInt(plain.toLowerCase())
  if (/^\d+$/.test(plain)) return BigInt(plain)
  return Number(plain)
}

function stringValue(parts: readonly string[]): string | undefined {
  let text = ''
  for (const part of parts) {
    const match = /^([a-zA-Z]*)("""|'''|"|')([^]*)\2$/.exec(part)
    if (!match || /[bB]/.test(match[1] ?? '')) return undefined
    const body = (match[3] ?? '').replace(/\r\n?/g, '\n')
    text += /[rR]/.test(match[1] ?? '') ? body : unescape(body)
  }
  return text
}

const SIMPLE: ReadonlyMap<string, string> = new Map([['\n', ''], ['\\', '\\'], ["'", "'"], ['"', '"'], ['a', '\x07'], ['b', '\b'], ['f', '\f'], ['n', '\n'], ['r', '\r'], ['t', '\t'], ['v', '\v']])

// An escape that Python does not know stays as it is.
function unescape(body: string): string {
  return body.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([^]))/g, (whole, x: string | undefined, u: string | undefined, big: string | undefined, octal: string | undefined, simple: string | undefined) => {
    const hex = x ?? u ?? big
    if (hex !== undefined) return codePoint(Number.parseInt(hex, 16), whole)
    if (octal !== undefined) return codePoint(Number.parseInt(octal, 8), whole)
    return SIMPLE.get(simple ?? '') ?? whole
  })
}

function codePoint(code: number, whole: string): string { return code <= 0x10ffff ? String.fromCodePoint(code) : whole }
