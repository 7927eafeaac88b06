// Filters about HTML, URLs and JSON, and dbt's own `as_…` and `is_list`.

import { index, size, text } from '../arguments.ts'
import { PyException, typeError } from '../errors.ts'
import { escape, escapeText } from '../markup.ts'
import { work } from '../meter.ts'
import { jsonDumps } from '../python/json-dumps.ts'
import { reprOf, strOf } from '../repr.ts'
import type { Runtime } from '../runtime.ts'
import { splitSpace } from '../../text/python.ts'
import { textOf, truthOf, typeNameOf } from '../types.ts'
import { PyUndefined } from '../undefined.ts'
import { PyDict, PyList, PyMarker, PyMarkup, PyTuple } from '../value.ts'
import type { Value } from '../value.ts'
import { iterOf, tryIter, listOf } from '../iterate.ts'
import { urlize } from './urlize.ts'
import { unescapeHtml } from './unescape.ts'
import { noAttribute, python } from './shared.ts'
import type { FilterFunction } from './shared.ts'

const escapeFilter: FilterFunction = (_runtime, value, { args, kwargs }) => {
  if (kwargs.size > 0) throw typeError('markupsafe.escape() takes no keyword arguments')
  if (args.length > 0) throw typeError(`escape() takes 1 positional argument but ${args.length + 1} were given`)
  return escape(value)
}

const marker = (kind: 'TextMarker' | 'BoolMarker' | 'NumberMarker' | 'NativeMarker'): FilterFunction => (_runtime, value, { args }, native) => {
  if (args.length > 0) throw typeError(native ? 'decoding str is not supported' : `<lambda>() takes 1 positional argument but ${args.length + 1} were given`)
  return native ? new PyMarker(kind, strOf(value)) : value
}

export const HTML_FILTERS: readonly [string, FilterFunction][] = [
  ['e', escapeFilter],
  ['escape', escapeFilter],
  ['forceescape', python('do_forceescape', [['value']], (_runtime, value = null) => new PyMarkup(escapeText(strOf(value))))],
  ['safe', python('do_mark_safe', [['value']], (_runtime, value = null) => value instanceof PyMarkup ? value : new PyMarkup(strOf(value)))],
  ['striptags', python('do_striptags', [['value']], (_runtime, value = null) => stripTags(strOf(value)))],
  ['urlencode', python('do_urlencode', [['value']], (_runtime, value = null) => urlEncode(value))],
  ['urlize', python('do_urlize', [['value'], ['trim_url_limit', null], ['nofollow', false], ['target', null], ['rel', null], ['extra_schemes', null]], (_runtime, value = null, limit = null, nofollow = null, target = null, rel = null, schemes = null) => {
    const rels = new Set(rel === null || !truthOf(rel) ? [] : splitSpace(text(rel, type => `'${type}' object has no attribute 'split'`)))
    if (truthOf(nofollow)) rels.add('nofollow')
    rels.add('noopener')
    const extra = schemes === null ? [] : listOf(schemes).map(scheme => text(scheme, type => `expected string or bytes-like object, got '${type}'`))
    for (const scheme of extra) if (!/^[\p{L}\p{N}_.+-]{2,}:\/{0,2}$/u.test(scheme)) throw new PyException('FilterArgumentError', `${reprOf(scheme)} is not a valid URI scheme prefix.`)
    return urlize(strOf(value), limit === null ? null : Number(index(limit)), Array.from(rels).sort().join(' '), target === null ? null : strOf(target), extra)
  }, ['eval_ctx'])],
  ['xmlattr', python('do_xmlattr', [['d'], ['autospace', true]], xmlAttributes, ['eval_ctx'])],
  ['tojson', python('do_tojson', [['value'], ['indent', null]], (runtime, value = null, indent = null) => {
    const json = jsonDumps(value, { sortKeys: true, ...(indent === null ? {} : { indent: textOf(indent) ?? ' '.repeat(Math.max(0, size(indent))) }) }, runtime)
    return new PyMarkup(json.replace(/[<>&']/g, character => `\\u00${character.charCodeAt(0).toString(16)}`))
  }, ['eval_ctx'])],
  ['as_text', marker('TextMarker')],
  ['as_bool', marker('BoolMarker')],
  ['as_native', marker('NativeMarker')],
  ['as_number', marker('NumberMarker')],
  ['is_list', python('is_list', [['value']], (_runtime, value = null) => value instanceof PyList)],
]

/** markupsafe's Markup.striptags. */
function stripTags(source: string): string {
  let rest = source
  let kept = ''
  for (;;) {
    const start = rest.indexOf('<')
    if (start < 0) break
    const comment = rest.startsWith('<!--', start)
    const end = comment ? rest.indexOf('-->', start + 4) : rest.indexOf('>', start)
    if (end < 0) break
    kept += rest.slice(0, start)
    rest = rest.slice(end + (comment ? 3 : 1))
  }
  return unescapeHtml(splitSpace(kept + rest).join(' '))
}

function urlEncode(value: Value): string {
  const pairs = textOf(value) === undefined ? value instanceof PyDict ? value.items().map(pair => new PyTuple(pair)) : tryIter(value) ? listOf(value) : null : null
  if (!pairs) return quote(strOf(value), '/')
  return pairs.map(pair => {
    work(16)
    const [key, item, ...rest] = unpack(pair)
    if (key === undefined || item === undefined) throw new PyException('ValueError', `not enough values to unpack (expected 2, got ${key === undefined ? 0 : 1})`)
    if (rest.length > 0) throw new PyException('ValueError', 'too many values to unpack (expected 2)')
    const forQuery = (part: Value): string => quote(strOf(part), '').replace(/%20/g, '+')
    return `${forQuery(key)}=${forQuery(item)}`
  }).join('&')
}

function unpack(pair: Value): Value[] {
  if (!tryIter(pair)) throw typeError(`cannot unpack non-iterable ${typeNameOf(pair)} object`)
  const out: Value[] = []
  const iterator = iterOf(pair)
  for (let item = iterator.next(); item !== undefined && out.length < 3; item = iterator.next()) out.push(item)
  return out
}

function quote(source: string, safe: string): string {
  work(source.length >> 2)
  if (/[\ud800-\udfff]/.test(source) && !isWellFormed(source)) throw new PyException('UnicodeEncodeError', "'utf-8' codec can't encode character: surrogates not allowed")
  return Array.from(new TextEncoder().encode(source), byte => {
    const character = String.fromCharCode(byte)
    return /[A-Za-z0-9_.~-]/.test(character) || safe.includes(character) && byte < 128 ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}

function isWellFormed(source: string): boolean { return !/\p{Cs}/u.test(source) }

function xmlAttributes(runtime: Runtime, attributes: Value = null, autospace: Value = null): Value {
  // dbt's Undefined of parse time has `items()`, and they are none.
  if (attributes instanceof PyUndefined && attributes.mode === 'parse') return ''
  if (!(attributes instanceof PyDict)) throw noAttribute(attributes, 'items')
  const parts: string[] = []
  for (const [key, value] of attributes.items()) {
    if (value === null || value instanceof PyUndefined) continue
    const name = text(key, type => `expected string or bytes-like object, got '${type}'`)
    if (/[ \t\n\r\f\v/>=]/.test(name)) throw new PyException('ValueError', `Invalid character in attribute name: ${reprOf(name)}`)
    parts.push(`${escape(key).text}="${escape(value).text}"`)
    runtime.spend(1)
  }
  const joined = parts.join(' ')
  return truthOf(autospace) && joined !== '' ? ` ${joined}` : joined
}
