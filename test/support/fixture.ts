// One template string is a project: files, a cursor, labelled ranges, a small production state and a small warehouse.
// See parseFixture for the notation. It knows the notation only; what the files mean is not its business.

import type { Place } from '../../server/text/span.ts'
import type { Disk } from '../../server/dbt/ports.ts'
import { memoryDisk } from './memory-disk.ts'

export interface Fixture {
  /** Where the project lies: '/p'. */
  readonly root: string
  /** By absolute path, without markers and label lines. */
  readonly files: ReadonlyMap<string, string>
  readonly disk: Disk
  /** The `$0`; null when there is none. With two, `cursor` is the first and `selection` the range between them. */
  readonly cursor: { readonly path: string; readonly offset: number } | null
  readonly selection: Place | null
  readonly labels: readonly Label[]
  readonly prod: readonly ProdNode[]
  readonly dev: readonly DevRelation[]
}

/** `^^^ text` under a line. */
export interface Label extends Place { readonly text: string }

/** A line below `//- prod`: `[disabled] TYPE NAME[.vN] DB.SCHEMA.IDENTIFIER [(col type, …)] [at PATH] [as MATERIALIZED] [latest N] [in PACKAGE]`. */
export interface ProdNode {
  readonly resource_type: string
  readonly name: string
  readonly version: string | null
  readonly latest_version: string | null
  readonly database: string | null
  readonly schema: string
  readonly identifier: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Relative to the project; null when not given. */
  readonly path: string | null
  readonly materialized: string
  /** null: the project's own. */
  readonly package_name: string | null
  readonly enabled: boolean
}

/** A line below `//- dev`: `[DB.]SCHEMA.IDENTIFIER [view|table]`, what exists in the warehouse. */
export interface DevRelation {
  readonly database: string | null
  readonly schema: string
  readonly identifier: string
  readonly type: string
}

/**
 * Notation: `//- path` starts a file (relative to /p, or absolute); text before the first header is `models/test.sql`.
 * The common indentation is taken off. `$0` is the cursor, two are a selection. `^^^ text` (optionally behind `--` or `#`)
 * labels what stands above the carets, as one sees it, and its line is removed. A dbt_project.yml and profiles.yml (DuckDB, targets
 * dev and prod) are added unless the fixture has its own; `bare` leaves them out.
 */
export function parseFixture(template: string, options: { readonly bare?: boolean } = {}): Fixture {
  const root = '/p'
  const files = new Map<string, string>()
  const labels: Label[] = []
  const cursors: { path: string; offset: number }[] = []
  const prod: ProdNode[] = []
  const dev: DevRelation[] = []
  for (const { header, lines } of sections(template)) {
    if (header === 'prod') prod.push(...lines.filter((line) => line.trim() !== '').map(prodNode))
    else if (header === 'dev') dev.push(...lines.filter((line) => line.trim() !== '').map(devRelation))
    else {
      const path = header.startsWith('/') ? header : `${root}/${header}`
      files.set(path, readSection(path, lines, labels, cursors))
    }
  }
  if (options.bare !== true) {
    if (!files.has(`${root}/dbt_project.yml`)) files.set(`${root}/dbt_project.yml`, "name: p\nprofile: p\n")
    if (!files.has(`${root}/profiles.yml`)) files.set(`${root}/profiles.yml`, PROFILES)
  }
  const [cursor = null, second] = cursors
  return {
    root, files, disk: memoryDisk(files), cursor, labels, prod, dev,
    selection: cursor && second && second.path === cursor.path ? { path: cursor.path, start: cursor.offset, end: second.offset } : null,
  }
}

const PROFILES = `p:
  target: dev
  outputs:
    dev: {type: duckdb, path: /p/dev.duckdb, schema: dev_me}
    prod: {type: duckdb, path: /p/prod.duckdb, schema: core}
`

function sections(template: string): { header: string; lines: string[] }[] {
  const all = dedent(template)
  const found: { header: string; lines: string[] }[] = []
  let current: { header: string; lines: string[] } | null = null
  for (const line of all) {
    const header = /^\/\/- (.+?)\s*$/.exec(line)?.[1]
    if (header !== undefined) found.push(current = { header, lines: [] })
    else if (current) current.lines.push(line)
    else if (line.trim() !== '') found.push(current = { header: 'models/test.sql', lines: [line] })
  }
  return found
}

function dedent(template: string): string[] {
  const lines = template.replace(/^\n/, '').replace(/\n[ \t]*$/, '\n').split('\n')
  if (lines.at(-1) === '') lines.pop()
  let indent = Infinity
  for (const line of lines) if (line.trim() !== '') indent = Math.min(indent, line.length - line.trimStart().length)
  return lines.map((line) => line.slice(Number.isFinite(indent) ? indent : 0))
}

function readSection(path: string, lines: readonly string[], labels: Label[], cursors: { path: string; offset: number }[]): string {
  let text = ''
  let above: { start: number; marks: number[]; length: number } | null = null
  for (const line of lines) {
    const label = /^(\s*(?:--|#)?\s*)(\^+)(?: (.*?))?\s*$/.exec(line)
    if (label && above) {
      const start = (label[1] ?? '').length
      const end = start + (label[2] ?? '').length
      labels.push({ path, start: placeAbove(above, start), end: placeAbove(above, end), text: label[3] ?? '' })
      continue
    }
    const parts = line.split('$0')
    const marks: number[] = []
    let column = 0
    for (const part of parts.slice(0, -1)) {
      column += part.length
      cursors.push({ path, offset: text.length + column })
      marks.push(column)
    }
    const kept = parts.join('')
    above = { start: text.length, marks, length: kept.length }
    text += kept + '\n'
  }
  return text
}

/** Carets stand below the text as written, markers included. */
function placeAbove(above: { start: number; marks: readonly number[]; length: number }, column: number): number {
  let shift = 0
  for (const [index, mark] of above.marks.entries()) if (column > mark + index * 2) shift += Math.min(2, column - (mark + index * 2))
  return above.start + Math.min(above.length, column - shift)
}

function prodNode(line: string): ProdNode {
  const match = /^\s*(disabled\s+)?(\w+)\s+(\S+?)(?:\.v([\w.]+))?\s+([^\s(]+)\s*(?:\(([^)]*)\))?((?:\s+(?:at|as|latest|in)\s+\S+)*)\s*$/.exec(line)
  if (!match) throw new Error(`not a line of //- prod: ${line}`)
  const [, disabled, resourceType = '', name = '', version, relation = '', columns, rest = ''] = match
  const extra = new Map(Array.from(rest.matchAll(/(at|as|latest|in)\s+(\S+)/g), (found) => [found[1], found[2] ?? '']))
  const parts = relation.split('.')
  return {
    resource_type: resourceType, name, version: version ?? null, latest_version: extra.get('latest') ?? version ?? null,
    database: parts.at(-3) ?? null, schema: parts.at(-2) ?? '', identifier: parts.at(-1) ?? '',
    columns: columns === undefined ? [] : columns.split(',').map((column) => {
      const [column_name = '', ...type] = column.trim().split(/\s+/)
      return { name: column_name, type: type.join(' ') }
    }),
    path: extra.get('at') ?? null,
    materialized: extra.get('as') ?? (resourceType === 'model' ? 'table' : resourceType),
    package_name: extra.get('in') ?? null,
    enabled: disabled === undefined,
  }
}

function devRelation(line: string): DevRelation {
  const [relation = '', type = 'table'] = line.trim().split(/\s+/)
  const parts = relation.split('.')
  return { database: parts.at(-3) ?? null, schema: parts.at(-2) ?? '', identifier: parts.at(-1) ?? '', type }
}
