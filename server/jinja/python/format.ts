// `str.format` as jinja2's sandbox runs it: string.Formatter, with attributes and items looked up by the evaluator.
// Not CPython's own str.format, whose errors and `{.name}` differ.

import { PyException, UnknownSignal, valueError } from '../errors.ts'
import { reprOf, strOf, stringRepr } from '../repr.ts'
import type { CallArgs, CallContext, PyMarkup, Value } from '../value.ts'
import { ascii } from './ascii.ts'
import { formatValue } from './format-spec.ts'


type Spender = Pick<CallContext, 'spend'>

/** How a field's `.name` and `[key]` are looked up. */
export interface FieldAccess {
  getattr(object: Value, name: string): Value
  getitem(object: Value, key: Value): Value
}

/** `text.format(*args, **kwargs)`. `escape` is given for a Markup's text: it escapes each field. Source: jinja2.sandbox.SandboxedFormatter, string.Formatter of 3.11. */
export function strFormat(text: string, args: CallArgs, access: FieldAccess, spender: Spender, escape?: (value: Value) => PyMarkup): string {
  const run: Run = { args, access, spender, escape, automatic: 0 }
  return formatPart(run, text, 2)
}

interface Run {
  readonly args: CallArgs
  readonly access: FieldAccess
  readonly spender: Spender
  readonly escape: ((value: Value) => PyMarkup) | undefined
  /** The next automatic number; false once a field was numbered by hand. */
  automatic: number | false
}

function formatPart(run: Run, text: string, depth: number): string {
  if (depth < 0) throw valueError('Max string recursion exceeded')
  run.spender.spend(text.length >> 4)
  let out = ''
  const reader = { text, at: 0 }
  while (reader.at < text.length) {
    const { literal, field } = readPiece(reader)
    out += literal
    if (field === null) continue
    const name = fieldName(run, field.name)
    const object = convertField(lookUp(run, name), field.conversion)
    const spec = formatPart(run, field.spec, depth - 1)
    if (typeof object === 'object' && object?.unknown) throw new UnknownSignal(object.unknown)
    const formatted = fieldText(run, object, spec)
    run.spender.spend(1, formatted.length)
    out += formatted
  }
  return out
}

function fieldText(run: Run, object: Value, spec: string): string {
  if (run.escape === undefined) return formatValue(object, spec)
  if (typeof object === 'object' && object?.typeName === 'Markup') {
    if (spec !== '') throw valueError('Format specifier given, but Markup does not define __html_format__. A class that defines __html__ must define __html_format__ to work with format specifiers.')
    return strOf(object)
  }
  return run.escape(formatValue(object, spec)).text
}

function fieldName(run: Run, name: string): string {
  const switched = 'cannot switch from manual field specification to automatic field numbering'
  if (name === '') {
    if (run.automatic === false) throw valueError(switched)
    return String(run.automatic++)
  }
  if (/^\p{Nd}+$/u.test(name)) {
    if (run.automatic !== false && run.automatic > 0) throw valueError(switched)
    run.automatic = false
  }
  return name
}

function lookUp(run: Run, name: string): Value {
  const end = name.search(/[.[]/)
  const first = end < 0 ? name : name.slice(0, end)
  let object = firstValue(run, first)
  for (let at = first.length; at < name.length;) {
    if (name.charAt(at) === '.') {
      const rest = name.slice(at + 1)
      const stop = rest.search(/[.[]/)
      const attribute = stop < 0 ? rest : rest.slice(0, stop)
      if (attribute === '') throw valueError('Empty attribute in format string')
      object = run.access.getattr(object, attribute)
      at += 1 + attribute.length
    } else if (name.charAt(at) === '[') {
      const close = name.indexOf(']', at)
      if (close < 0) throw valueError("Missing ']' in format string")
      const key = name.slice(at + 1, close)
      if (key === '') throw valueError('Empty attribute in format string')
      object = run.access.getitem(object, /^[0-9]+$/.test(key) ? numberKey(key) : key)
      at = close + 1
    } else throw valueError("Only '.' or '[' may follow ']' in format field specifier")
  }
  return object
}

function numberKey(digits: string): bigint {
  const number = BigInt(digits)
  if (number > 0x7fffffffffffffffn) throw valueError('Too many decimal digits in format string')
  return number
}

function firstValue(run: Run, first: string): Value {
  if (/^[0-9]+$/.test(first)) {
    const value = run.args.args[Number(numberKey(first))]
    if (value === undefined) throw new PyException('IndexError', 'tuple index out of range')
    return value
  }
  const value = run.args.kwargs.get(first)
  if (value === undefined) throw new PyException('KeyError', stringRepr(first))
  return value
}

function convertField(value: Value, conversion: string | null): Value {
  switch (conversion) {
    case null: return value
    case 's': return strOf(value)
    case 'r': return reprOf(value)
    case 'a': return ascii(reprOf(value))
    default: throw valueError(`Unknown conversion specifier ${conversion}`)
  }
}

interface Field { readonly name: string; readonly spec: string; readonly conversion: string | null }

/** The literal text up to the next field, and the field. Source: CPython's MarkupIterator_next and parse_field. */
function readPiece(reader: { readonly text: string; at: number }): { literal: string; field: Field | null } {
  const { text } = reader
  const start = reader.at
  let at = start
  while (at < text.length && text.charAt(at) !== '{' && text.charAt(at) !== '}') at++
  const brace = text.charAt(at)
  if (brace === '') {
    reader.at = at
    return { literal: text.slice(start), field: null }
  }
  const next = text.charAt(at + 1)
  if (next === brace) {
    reader.at = at + 2
    return { literal: text.slice(start, at + 1), field: null }
  }
  if (brace === '}') throw valueError("Single '}' encountered in format string")
  if (next === '') throw valueError("Single '{' encountered in format string")
  reader.at = at + 1
  return { literal: text.slice(start, at), field: readField(reader) }
}

function readField(reader: { readonly text: string; at: number }): Field {
  const { text } = reader
  const start = reader.at
  let end = ''
  while (reader.at < text.length && end === '') {
    const c = text.charAt(reader.at++)
    if (c === '{') throw valueError("unexpected '{' in field name")
    if (c === '[') {
      while (reader.at < text.length && text.charAt(reader.at) !== ']') reader.at++
    } else if (c === '}' || c === ':' || c === '!') end = c
  }
  const name = text.slice(start, reader.at - 1)
  if (end === '}') return { name, spec: '', conversion: null }
  if (end === '') throw valueError("expected '}' before end of string")
  let conversion: string | null = null
  if (end === '!') {
    if (reader.at >= text.length) throw valueError('end of string while looking for conversion specifier')
    conversion = String.fromCodePoint(text.codePointAt(reader.at) ?? 0)
    reader.at += conversion.length
    if (reader.at < text.length) {
      const c = text.charAt(reader.at++)
      if (c === '}') return { name, spec: '', conversion }
      if (c !== ':') throw valueError("expected ':' after conversion specifier")
    }
  }
  const specStart = reader.at
  for (let depth = 1; reader.at < text.length;) {
    const c = text.charAt(reader.at++)
    if (c === '{') depth++
    if (c === '}' && --depth === 0) return { name, spec: text.slice(specStart, reader.at - 1), conversion }
  }
  throw valueError("unmatched '{' in format spec")
}
