// The recorded answers of test/fixtures/recorded: reads a manifest that is kept whole or as the difference from another.
// It must not change an answer.

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fixtures } from './projects.ts'

export type Fields = Readonly<Record<string, unknown>>
/** real_dbt.reduced: tables of dbt's manifest by unique id. */
export type Reduced = Readonly<Record<string, Readonly<Record<string, Fields | readonly Fields[]>>>>

export type Recorded =
  | { readonly kind: 'manifest'; readonly manifest: Reduced }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'none' }

const folder = path.join(fixtures, 'recorded', 'parse')
let refusals: Readonly<Record<string, Readonly<Record<string, string>>>> | null = null

/** What dbt of `version` said to the case `name` when it was recorded. */
export function recordedParse(name: string, version: string): Recorded {
  refusals ??= JSON.parse(readFileSync(path.join(folder, 'errors.json'), 'utf8')) as Record<string, Record<string, string>>
  const text = refusals[name]?.[version]
  if (text !== undefined) return { kind: 'refused', text }
  const file = path.join(folder, version === '1.12' ? `${name}.json` : `${name}@${version}.json`)
  return existsSync(file) ? { kind: 'manifest', manifest: whole(file) } : { kind: 'none' }
}

function whole(file: string): Reduced {
  const { base, ...tables } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  if (typeof base !== 'string') return tables as Reduced
  const result: Record<string, Record<string, Fields | readonly Fields[]>> = { ...whole(path.join(folder, `${base}.json`)) }
  for (const [table, entries] of Object.entries(tables as Record<string, Record<string, Fields | null>>)) {
    if (table === 'metadata') { result[table] = entries as Record<string, Fields>; continue }
    const merged = { ...result[table] }
    for (const [id, node] of Object.entries(entries)) {
      if (node === null) delete merged[id]
      else merged[id] = node
    }
    result[table] = merged
  }
  return result
}
