// Filters over text and numbers.

import { index, refuseUnknown, size, text } from '../arguments.ts'
import { ordered } from '../compare.ts'
import { PyException, typeError } from '../errors.ts'
import { capitalize } from '../methods/str-case.ts'
import { replaceText, trimWhere } from '../methods/str-search.ts'
import { toFloat, truncate } from '../numbers.ts'
import { binary, range } from '../operators.ts'
import { percentFormat } from '../python/percent.ts'
import { fixed } from '../python/decimal.ts'
import { reprOf, strOf } from '../repr.ts'
import type { Runtime } from '../runtime.ts'
import { codePoints, isSpace, lengthOf, splitLines } from '../../text/python.ts'
import { intOf, textOf, truthOf, typeNameOf } from '../types.ts'
import { PyUndefined } from '../undefined.ts'
import { PyDict, PyList, PyMarkup, PyObject, PyTuple } from '../value.ts'
import type { Value } from '../value.ts'
import { escape } from '../markup.ts'
import { iterOf } from '../iterate.ts'
import { parseFloatText, parseIntText } from '../read-number.ts'
import { attributeGetter, like, noAttribute, python, softStr } from './shared.ts'
import type { FilterFunction } from './shared.ts'
import { wrap } from './wordwrap.ts'
import { pformat } from './pprint.ts'
import { binaryNumber, roundNumber } from './round.ts'

const defaultFilter = python('do_default', [['value'], ['default_value', ''], ['boolean', false]], (_runtime, value = null, fallback = null, boolean = null) =>
  value instanceof PyUndefined || (truthOf(boolean) && !truthOf(value)) ? fallback : value)

export const TEXT_FILTERS: readonly [string, FilterFunction][] = [
  ['default', defaultFilter],
  ['d', defaultFilter],
  ['string', (_runtime, value, { args, kwargs }) => {
    if (args.length > 0) throw typeError(`soft_str() takes 1 positional argument but ${args.length + 1} were given`)
    const [unexpected] = kwargs.keys()
    if (unexpected !== undefined) throw typeError(`soft_str() got an unexpected keyword argument '${unexpected}'`)
    return value instanceof PyMarkup ? value : textOf(value) === undefined ? strOf(value) : value
  }],
  ['upper', python('do_upper', [['s']], (_runtime, s = null) => { const source = softStr(s); return like(source, source.text.toUpperCase()) })],
  ['lower', python('do_lower', [['s']], (_runtime, s = null) => { const source = softStr(s); return like(source, source.text.toLowerCase()) })],
  ['capitalize', python('do_capitalize', [['s']], (_runtime, s = null) => { const source = softStr(s); return like(source, capitalize(source.text)) })],
  ['title', python('do_title', [['s']], (_runtime, s = null) => title(softStr(s).text))],
  ['trim', python('do_trim', [['value'], ['chars', null]], (_runtime, value = null, chars = null) => {
    const source = softStr(value)
    const set = chars === null ? null : new Set(text(chars, () => 'strip arg must be None or str'))
    return like(source, trimWhere(source.text, true, true, character => set ? set.has(character) : isSpace(character.codePointAt(0) ?? 0)))
  })],
  ['center', python('do_center', [['value'], ['width', 80n]], (runtime, value = null, width = null) => runtime.call(runtime.attribute(softStr(value).markup ? value : softStr(value).text, 'center'), { args: [width], kwargs: new Map() }))],
  ['replace', python('do_replace', [['s'], ['old'], ['new'], ['count', null]], (runtime, s = null, old = null, by = null, count = null) => replaceText(strOf(s), strOf(old), strOf(by), count === null ? -1 : size(count), runtime), ['eval_ctx'])],
  ['format', (runtime, value, { args, kwargs }) => {
    if (args.length > 0 && kwargs.size > 0) throw new PyException('FilterArgumentError', "can't handle positional and keyword arguments at the same time")
    const source = softStr(value)
    const values = kwargs.size > 0 ? new PyDict(kwargs) : new PyTuple(args)
    return source.markup ? new PyMarkup(percentFormat(source.text, values, runtime, escape)) : percentFormat(source.text, values, runtime)
  }],
  ['join', python('sync_do_join', [['value'], ['d', ''], ['attribute', null]], join, ['eval_ctx'])],
  ['indent', python('do_indent', [['s'], ['width', 4n], ['first', false], ['blank', false]], indent)],
  ['truncate', python('do_truncate', [['s'], ['length', 255n], ['killwords', false], ['end', '...'], ['leeway', null]], truncateText, ['env'])],
  ['wordwrap', python('do_wordwrap', [['s'], ['width', 79n], ['break_long_words', true], ['wrapstring', null], ['break_on_hyphens', true]], (runtime, s = null, width = null, long = null, wrapstring = null, hyphens = null) => {
    const lines = textOf(s)
    if (s instanceof PyUndefined && s.mode === 'parse') return ''
    if (lines === undefined) throw noAttribute(s, 'splitlines')
    const joiner = wrapstring === null ? '\n' : text(wrapstring, type => `'${type}' object has no attribute 'join'`)
    return splitLines(lines, false).map(line => wrap(line, index(width), truthOf(long), truthOf(hyphens)).join(joiner)).map(part => { runtime.spend(1, part.length); return part }).join(joiner)
  }, ['environment'])],
  ['wordcount', python('do_wordcount', [['s']], (_runtime, s = null) => BigInt(softStr(s).text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0))],
  ['int', python('do_int', [['value'], ['default', 0n], ['base', 10n]], toInt)],
  ['float', python('do_float', [['value'], ['default', 0]], toFloatFilter)],
  ['abs', (_runtime, value, { args, kwargs }) => {
    if (kwargs.size > 0) throw typeError('abs() takes no keyword arguments')
    if (args.length > 0) throw typeError(`abs() takes exactly one argument (${args.length + 1} given)`)
    return absolute(value)
  }],
  ['round', python('do_round', [['value'], ['precision', 0n], ['method', 'common']], round)],
  ['filesizeformat', python('do_filesizeformat', [['value'], ['binary', false]], fileSize)],
  ['pprint', python('do_pprint', [['value']], (_runtime, value = null) => pformat(value))],
  ['attr', python('do_attr', [['obj'], ['name']], (runtime, obj = null, name = null) => attr(runtime, obj, name), ['environment'])],
]

function title(source: string): string {
  return source.split(/([-\s({[<]+)/u).filter(part => part !== '').map(part => {
    const [first = '', ...rest] = Array.from(part)
    return first.toUpperCase() + rest.join('').toLowerCase()
  }).join('')
}

function join(runtime: Runtime, value: Value = null, separator: Value = null, attribute: Value = null): Value {
  const getter = attribute === null ? null : attributeGetter(runtime, attribute, false)
  const joiner = strOf(separator)
  const parts: string[] = []
  const iterator = iterOf(value)
  for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
    const part = strOf(getter ? getter(item) : item)
    runtime.spend(1, part.length + joiner.length)
    parts.push(part)
  }
  return parts.join(joiner)
}

function indent(runtime: Runtime, s: Value = null, width: Value = null, first: Value = null, blank: Value = null): Value {
  const wide = textOf(width)
  const indention = wide ?? (binary('*', ' ', width, runtime) as string)
  const markup = s instanceof PyMarkup
  const pad = markup && wide !== undefined && !(width instanceof PyMarkup) ? wide : indention
  const source = inPlaceAdd(runtime, s, markup ? new PyMarkup('\n') : '\n')
  const body = textOf(source)
  if (body === undefined) throw noAttribute(source, 'splitlines')
  const lines = splitLines(body, false)
  runtime.spend(lines.length, body.length + lines.length * pad.length)
  let out: string
  if (truthOf(blank)) out = lines.join('\n' + pad)
  else out = [lines[0] ?? '', ...lines.slice(1).map(line => line === '' ? line : pad + line)].join('\n')
  if (truthOf(first)) out = pad + out
  return markup ? new PyMarkup(out) : out
}

/** `s += newline`, which changes a list. */
function inPlaceAdd(runtime: Runtime, s: Value, newline: Value): Value {
  if (s instanceof PyList) {
    runtime.touch(s)
    s.items.push(newline)
    return s
  }
  try {
    return binary('+', s, newline, runtime)
  } catch (problem) {
    if (problem instanceof PyException && problem.message.startsWith('unsupported operand type(s) for +:')) throw typeError(problem.message.replace('for +:', 'for +=:'))
    throw problem
  }
}

function truncateText(_runtime: Runtime, s: Value = null, length: Value = null, killwords: Value = null, end: Value = null, leeway: Value = null): Value {
  const ending = text(end, type => `object of type '${type}' has no len()`)
  const tail = BigInt(lengthOf(ending))
  const slack = leeway ?? 5n
  if (!ordered('>=', length, tail)) throw new PyException('AssertionError', `expected length >= ${tail}, got ${strOf(length)}`)
  if (!ordered('>=', slack, 0n)) throw new PyException('AssertionError', `expected leeway >= 0, got ${strOf(slack)}`)
  const source = textOf(s)
  if (source === undefined) {
    refuseUnknown(s)
    const own = s instanceof PyObject ? s.length() : undefined
    if (own === undefined) throw typeError(`object of type '${typeNameOf(s)}' has no len()`)
    if (BigInt(own) <= index(length) + index(slack)) return s
    throw noAttribute(s, 'rsplit')
  }
  if (BigInt(lengthOf(source)) <= index(length) + index(slack)) return s
  const points = codePoints(source)
  const [, stop] = range(points?.length ?? source.length, null, index(length) - tail, null)
  const kept = points ? points.slice(0, stop).join('') : source.slice(0, stop)
  const cut = truthOf(killwords) || !kept.includes(' ') ? kept : kept.slice(0, kept.lastIndexOf(' '))
  return s instanceof PyMarkup ? new PyMarkup(cut + escape(end).text) : cut + ending
}

function toInt(_runtime: Runtime, value: Value = null, fallback: Value = null, base: Value = null): Value {
  const source = textOf(value)
  if (source !== undefined) {
    const found = parseIntText(source, index(base))
    if (found !== null) return found
    const float = parseFloatText(source)
    return float === null || !Number.isFinite(float) ? fallback : truncate(float)
  }
  if (typeof value === 'number') return Number.isFinite(value) ? truncate(value) : fallback
  const int = intOf(value)
  if (int !== undefined) return int
  return objectNumber(value, 'int') ?? fallback
}

function toFloatFilter(_runtime: Runtime, value: Value = null, fallback: Value = null): Value {
  const source = textOf(value)
  if (source !== undefined) return parseFloatText(source) ?? fallback
  if (typeof value === 'number') return value
  const int = intOf(value)
  if (int !== undefined) return toFloat(int)
  return objectNumber(value, 'float') ?? fallback
}

/** `int(object)` or `float(object)`: an Undefined raises, others (a Decimal) may know their number. */
function objectNumber(value: Value, to: 'int' | 'float'): Value | undefined {
  if (value instanceof PyUndefined) return value.fail()
  if (!(value instanceof PyObject)) return undefined
  const method = value.getattr(to === 'int' ? '__int__' : '__float__')
  return typeof method === 'bigint' || typeof method === 'number' ? method : undefined
}

function absolute(value: Value): Value {
  if (typeof value === 'number') return Math.abs(value)
  const int = intOf(value)
  if (int !== undefined) return int < 0n ? -int : int
  const size = value instanceof PyObject && !(value instanceof PyUndefined) ? value.getattr('__abs__') : undefined
  if (size === undefined) throw typeError(`bad operand type for abs(): '${typeNameOf(value)}'`)
  return size
}

function round(runtime: Runtime, value: Value = null, precision: Value = null, method: Value = null): Value {
  const how = textOf(method)
  if (how !== 'common' && how !== 'ceil' && how !== 'floor') {
    throw new PyException('FilterArgumentError', 'method must be common, ceil or floor')
  }
  if (how === 'common') return roundNumber(value, precision)
  const scale = binary('**', 10n, precision, runtime)
  const scaled = binaryNumber(binary('*', value, scale, runtime))
  const whole = typeof scaled === 'bigint' ? scaled : truncate(how === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled))
  return binary('/', whole, scale, runtime)
}

function fileSize(_runtime: Runtime, value: Value = null, binaryUnits: Value = null): Value {
  const bytes = floatOf(value)
  const base = truthOf(binaryUnits) ? 1024 : 1000
  if (bytes === 1) return '1 Byte'
  if (bytes < base) return `${truncate(bytes)} Bytes`
  const units = [...'kMGTPEZY'].map(letter => truthOf(binaryUnits) ? `${letter.toUpperCase()}iB` : `${letter}B`)
  let unit = 0
  let prefix = ''
  for (const [i, name] of units.entries()) {
    unit = base ** (i + 2)
    prefix = name
    if (bytes < unit) break
  }
  return `${fixed(base * bytes / unit, 1)} ${prefix}`
}

/** `float(value)`. */
function floatOf(value: Value): number {
  const source = textOf(value)
  if (source !== undefined) {
    const parsed = parseFloatText(source)
    if (parsed === null) throw new PyException('ValueError', `could not convert string to float: ${reprOf(value)}`)
    return parsed
  }
  if (typeof value === 'number') return value
  const int = intOf(value)
  if (int !== undefined) return toFloat(int)
  if (value instanceof PyUndefined) return value.fail()
  throw typeError(`float() argument must be a string or a real number, not '${typeNameOf(value)}'`)
}

function attr(runtime: Runtime, object: Value, name: Value): Value {
  const attribute = textOf(name)
  if (attribute === undefined) throw typeError(`attribute name must be string, not '${typeNameOf(name)}'`)
  return runtime.ownAttribute(object, attribute)
}

