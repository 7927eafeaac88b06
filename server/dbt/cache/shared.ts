// What many kinds of facts are made of: places, problems, calls, columns.

import type { Place, Span } from '../../text/span.ts'
import type { Column, RefArgs, ResourceCall } from '../nodes/types.ts'
import type { Problem, ProblemData, Severity } from '../problem.ts'
import { DeferredMap } from './lazy-map.ts'
import type { Cursor } from './reader.ts'
import { readConfig, readValues, readVersion, writeConfig, writeValue, writeValues } from './values.ts'
import type { Frame } from './writer.ts'

/** One of some words; the first for what is none of them. */
export function readOneOf<T extends string>(cursor: Cursor, words: readonly [T, ...T[]]): T {
  const text = cursor.text()
  return words.find(word => word === text) ?? words[0]
}

function writeSpan(frame: Frame, span: Span): void { frame.int(span.start); frame.int(span.end) }
function readSpan(cursor: Cursor): Span { return { start: cursor.int(), end: cursor.int() } }

export function writePlace(frame: Frame, place: Place): void { frame.text(place.path); writeSpan(frame, place) }
export function readPlace(cursor: Cursor): Place { return { path: cursor.text(), start: cursor.int(), end: cursor.int() } }
export function writeMaybePlace(frame: Frame, place: Place | null): void { frame.maybe(place, given => writePlace(frame, given)) }
export function readMaybePlace(cursor: Cursor): Place | null { return cursor.maybe(() => readPlace(cursor)) }

export function writeProblems(frame: Frame, problems: readonly Problem[]): void {
  frame.list(problems, problem => {
    frame.text(problem.code)
    frame.text(problem.severity)
    frame.text(problem.message)
    writePlace(frame, problem.place)
    frame.maybe(problem.related, related => frame.list(related, each => { writePlace(frame, each.place); frame.text(each.message) }))
    frame.maybeText(problem.data === undefined ? null : JSON.stringify(Object.entries(problem.data)))
    frame.maybeText(problem.unique_id ?? null)
  })
}

const SEVERITIES: readonly [Severity, ...Severity[]] = ['error', 'warning', 'information', 'hint']

export function readProblems(cursor: Cursor): Problem[] {
  return cursor.list(() => {
    const problem = { code: cursor.text(), severity: readOneOf(cursor, SEVERITIES), message: cursor.text(), place: readPlace(cursor) }
    const related = cursor.maybe(() => cursor.list(() => ({ place: readPlace(cursor), message: cursor.text() })))
    const data = dataOf(cursor.maybeText())
    const id = cursor.maybeText()
    return { ...problem, ...related ? { related } : {}, ...data ? { data } : {}, ...id === null ? {} : { unique_id: id } }
  })
}

function dataOf(text: string | null): ProblemData | null {
  if (text === null) return null
  const entries = parsed(text)
  if (!Array.isArray(entries)) return null
  const data: [string, ProblemData[string]][] = []
  for (const entry of entries as readonly unknown[]) {
    if (!Array.isArray(entry) || entry.length !== 2) continue
    const [key, value]: readonly unknown[] = entry
    if (typeof key !== 'string' || key === '__proto__') continue
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') data.push([key, value])
    else if (Array.isArray(value)) data.push([key, value.filter((each): each is string => typeof each === 'string')])
  }
  return Object.fromEntries(data)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not written by us: as if it were not there.
    return null
  }
}

export function writeRefs(frame: Frame, refs: readonly RefArgs[]): void {
  frame.list(refs, ref => { frame.text(ref.name); frame.maybeText(ref.package); writeValue(frame, ref.version) })
}

export function readRefs(cursor: Cursor): RefArgs[] {
  return cursor.list(() => ({ name: cursor.text(), package: cursor.maybeText(), version: readVersion(cursor) }))
}

export function writePairs(frame: Frame, pairs: readonly (readonly [string, string])[]): void { frame.list(pairs, ([one, two]) => { frame.text(one); frame.text(two) }) }
export function readPairs(cursor: Cursor): [string, string][] { return cursor.list((): [string, string] => [cursor.text(), cursor.text()]) }
export function writeTextLists(frame: Frame, lists: readonly (readonly string[])[]): void { frame.list(lists, list => frame.texts(list)) }
export function readTextLists(cursor: Cursor): string[][] { return cursor.list(() => cursor.texts()) }

export function writeCalls(frame: Frame, calls: readonly ResourceCall[]): void {
  frame.list(calls, call => {
    frame.text(call.kind)
    frame.texts(call.args)
    writeValue(frame, call.version)
    frame.maybeText(call.invalid)
    writeSpan(frame, call.span)
    frame.text(call.path)
    frame.maybe(call.nameSpan, span => writeSpan(frame, span))
    frame.list(call.via, via => { frame.text(via.path); writeSpan(frame, via.span); frame.maybeText(via.macro) })
    frame.flag(call.certain)
    frame.flag(call.foreignKey === true)
  })
}

const CALLS: readonly [ResourceCall['kind'], ...ResourceCall['kind'][]] = ['ref', 'source', 'function', 'metric']

export function readCalls(cursor: Cursor): ResourceCall[] {
  return cursor.list(() => ({
    kind: readOneOf(cursor, CALLS), args: cursor.texts(), version: readVersion(cursor), invalid: cursor.maybeText(), span: readSpan(cursor), path: cursor.text(),
    nameSpan: cursor.maybe(() => readSpan(cursor)), via: cursor.list(() => ({ path: cursor.text(), span: readSpan(cursor), macro: cursor.maybeText() })), certain: cursor.flag(), ...(cursor.flag() ? { foreignKey: true } : {}),
  }))
}

/** One word; read when something is asked of them. */
export function writeColumns(frame: Frame, columns: ReadonlyMap<string, Column>): void {
  frame.int(frame.writer.recordOf(columns, inner => inner.list([...columns], ([key, column]) => { inner.text(key); writeColumn(inner, column) })))
}

export function readColumns(cursor: Cursor): ReadonlyMap<string, Column> {
  return cursor.reader.once('columns', cursor.offset(), inner => new DeferredMap(() => new Map(inner.list(() => [inner.text(), readColumn(inner)] as const))))
}

function writeColumn(frame: Frame, column: Column): void {
  frame.text(column.name)
  frame.text(column.description)
  frame.maybeText(column.data_type)
  frame.int(column.quote === null ? -1 : column.quote ? 1 : 0)
  frame.texts(column.tags)
  writeConfig(frame, column.meta)
  writeValues(frame, column.constraints)
  writePlace(frame, column.place)
  writeConfig(frame, column.extra)
  frame.maybeText(column.granularity)
  writeValues(frame, [column.dimension, column.entity])
  frame.texts(column.doc_blocks)
}

function readColumn(cursor: Cursor): Column {
  return {
    name: cursor.text(), description: cursor.text(), data_type: cursor.maybeText(), quote: quoteOf(cursor.int()), tags: cursor.texts(), meta: readConfig(cursor), constraints: readValues(cursor),
    place: readPlace(cursor), extra: readConfig(cursor), granularity: cursor.maybeText(), ...readSemantics(cursor), doc_blocks: cursor.texts(),
  }
}

function readSemantics(cursor: Cursor): Pick<Column, 'dimension' | 'entity'> {
  const [dimension = null, entity = null] = readValues(cursor)
  return { dimension, entity }
}

function quoteOf(word: number): boolean | null { return word < 0 ? null : word === 1 }

/** `properties` and the like that are short lists of why something is unknown. */
export function writeReasons(frame: Frame, reasons: readonly { readonly code: string; readonly message: string }[]): void {
  frame.list(reasons, reason => { frame.text(reason.code); frame.text(reason.message) })
}

export function readReasons(cursor: Cursor): { code: string; message: string }[] { return cursor.list(() => ({ code: cursor.text(), message: cursor.text() })) }
