// Template values and maps of them as records. A value that is no plain data (a relation, a function) is refused: it cannot be kept.

import { PyDate, PyDatetime, PyTimezone } from '../../jinja/python/datetime.ts'
import { PyDict, PyList, PyMarker, PyMarkup, PyTuple, PyUnknown } from '../../jinja/value.ts'
import type { CallSite, UnknownOrigin, Value } from '../../jinja/value.ts'
import type { Config } from '../nodes/types.ts'
import { DeferredMap } from './lazy-map.ts'
import type { Cursor } from './reader.ts'
import { Unstorable } from './writer.ts'
import type { Frame } from './writer.ts'

// A value takes two words: what it is, and its text or record.
const NONE = 0, FALSE = 1, TRUE = 2, INT = 3, FLOAT = 4, TEXT = 5, LIST = 6, TUPLE = 7, DICT = 8, DATE = 9, DATETIME = 10, MARKUP = 11, MARKER = 12, UNKNOWN = 13

export function writeValue(frame: Frame, value: Value): void {
  const { writer } = frame
  const put = (kind: number, payload: number): void => { frame.int(kind); frame.int(payload) }
  switch (typeof value) {
    case 'boolean': return put(value ? TRUE : FALSE, 0)
    case 'bigint': return put(INT, writer.text(String(value)))
    case 'number': return put(FLOAT, writer.text(Object.is(value, -0) ? '-0' : String(value)))
    case 'string': return put(TEXT, writer.text(value))
    default: break
  }
  if (value === null) return put(NONE, 0)
  if (value.unknown !== null && !(value instanceof PyUnknown)) throw new Unstorable(`a ${value.typeName} that hangs on something unknown`)
  const items = (kind: number, list: readonly Value[]): void => put(kind, writer.recordOf(value, inner => inner.list(list, item => writeValue(inner, item))))
  switch (value.constructor) {
    case PyList: return items(LIST, (value as PyList).items)
    case PyTuple: return items(TUPLE, (value as PyTuple).items)
    case PyDict: return put(DICT, writer.recordOf(value, inner => inner.list((value as PyDict).items(), ([key, item]) => { writeValue(inner, key); writeValue(inner, item) })))
    case PyDate: return put(DATE, writer.recordOf(value, inner => writeDate(inner, value as PyDate)))
    case PyDatetime: return put(DATETIME, writer.recordOf(value, inner => writeDatetime(inner, value as PyDatetime)))
    case PyMarkup: return put(MARKUP, writer.text((value as PyMarkup).text))
    case PyMarker: return put(MARKER, writer.recordOf(value, inner => { inner.text(value.typeName); inner.text((value as PyMarker).text) }))
    case PyUnknown: return put(UNKNOWN, writer.recordOf(value, inner => writeOrigin(inner, (value as PyUnknown).origin)))
    default: throw new Unstorable(`a ${value.typeName}`)
  }
}

export function readValue(cursor: Cursor): Value {
  const { reader } = cursor
  const kind = cursor.int()
  switch (kind) {
    case FALSE: case TRUE: cursor.int(); return kind === TRUE
    case INT: return intOf(cursor.text())
    case FLOAT: return Number(cursor.text())
    case TEXT: return cursor.text()
    case LIST: return reader.once('list', cursor.offset(), inner => new PyList(inner.list(() => readValue(inner))))
    case TUPLE: return reader.once('tuple', cursor.offset(), inner => new PyTuple(inner.list(() => readValue(inner))))
    case DICT: return reader.once('dict', cursor.offset(), inner => new PyDict(inner.list(() => [readValue(inner), readValue(inner)] as const)))
    case DATE: return reader.once('date', cursor.offset(), readDate)
    case DATETIME: return reader.once('datetime', cursor.offset(), readDatetime)
    case MARKUP: return new PyMarkup(cursor.text())
    case MARKER: return reader.once('marker', cursor.offset(), readMarker)
    case UNKNOWN: return reader.once('unknown', cursor.offset(), inner => new PyUnknown(readOrigin(inner)))
    default: cursor.int(); return null
  }
}

function intOf(text: string): bigint { return /^-?\d{1,100000}$/.test(text) ? BigInt(text) : 0n }

function writeDate(frame: Frame, date: PyDate): void { for (const part of [date.year, date.month, date.day]) frame.int(part) }

function readDate(cursor: Cursor): PyDate { return new PyDate(within(cursor, 1, 9999), within(cursor, 1, 12), within(cursor, 1, 31)) }

function within(cursor: Cursor, low: number, high: number): number { return Math.min(high, Math.max(low, cursor.int())) }

function writeDatetime(frame: Frame, moment: PyDatetime): void {
  const { tz } = moment
  if (tz !== null && tz.constructor !== PyTimezone) throw new Unstorable(`a datetime with a ${tz.typeName}`)
  writeDate(frame, moment)
  for (const part of [moment.hour, moment.minute, moment.second, moment.microsecond, moment.fold]) frame.int(part)
  frame.maybeText(tz === null ? null : String((tz as PyTimezone).offset))
}

function readDatetime(cursor: Cursor): PyDatetime {
  const date = readDate(cursor)
  const time = { hour: within(cursor, 0, 23), minute: within(cursor, 0, 59), second: within(cursor, 0, 59), microsecond: within(cursor, 0, 999_999) }
  const fold = cursor.int()
  const offset = cursor.maybeText()
  return new PyDatetime(date, time, offset === null ? null : new PyTimezone(intOf(offset)), fold)
}

const MARKERS = ['TextMarker', 'BoolMarker', 'NumberMarker', 'NativeMarker'] as const

function readMarker(cursor: Cursor): PyMarker {
  const name = cursor.text()
  return new PyMarker(MARKERS.find(each => each === name) ?? 'TextMarker', cursor.text())
}

function writeOrigin(frame: Frame, origin: UnknownOrigin): void {
  frame.text(origin.code)
  frame.text(origin.message)
  frame.list(origin.stack, site => { frame.text(site.path); frame.int(site.start); frame.int(site.end); frame.maybeText(site.inMacro) })
}

function readOrigin(cursor: Cursor): UnknownOrigin {
  return { code: cursor.text(), message: cursor.text(), stack: cursor.list((): CallSite => ({ path: cursor.text(), start: cursor.int(), end: cursor.int(), inMacro: cursor.maybeText() })) }
}

/** A map from names to values: one word. Read when something is asked of it; equal maps are one. */
export function writeConfig(frame: Frame, config: Config): void {
  frame.int(frame.writer.recordOf(config, inner => inner.list([...config], ([key, value]) => { inner.text(key); writeValue(inner, value) })))
}

export function readConfig(cursor: Cursor): Config {
  return cursor.reader.once('config', cursor.offset(), inner => new DeferredMap(() => new Map(inner.list(() => [inner.text(), readValue(inner)] as const))))
}

/** Of a config without one: two words. */
export function writeMaybeConfig(frame: Frame, config: Config | null): void { frame.maybe(config, given => writeConfig(frame, given)) }
export function readMaybeConfig(cursor: Cursor): Config | null { return cursor.maybe(() => readConfig(cursor)) }

export function writeValues(frame: Frame, values: readonly Value[]): void { frame.list(values, value => writeValue(frame, value)) }
export function readValues(cursor: Cursor): Value[] { return cursor.list(() => readValue(cursor)) }

/** A version: text, number or none. */
export function readVersion(cursor: Cursor): string | bigint | number | null {
  const value = readValue(cursor)
  return typeof value === 'object' || typeof value === 'boolean' ? null : value
}
