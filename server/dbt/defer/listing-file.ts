// `--exists FILE`: a JSON list of {"database", "schema", "identifier", "type", "columns"?: [{"name", "type"}]}; nothing else exists. Text → listing, or what is wrong with it.

import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import type { Adapter } from '../adapters/types.ts'
import { parseJson } from '../state/json.ts'
import { listed, relationKey, type ListedRelation } from './existence.ts'
import type { KnownColumns, RelationListing } from './types.ts'

export type ListingFile = { readonly ok: true; readonly listing: RelationListing } | { readonly ok: false; readonly message: string }

/** `as_of`: the file's modification time, ISO. Types are those that the adapter's get_columns_in_relation gives. */
export function parseListingFile(text: string, { file, as_of }: { readonly file: string; readonly as_of: string | null }, adapter: Adapter): ListingFile {
  const parsed = parseJson(text.startsWith('\uFEFF') ? text.slice(1) : text)
  if (!parsed.ok) return { ok: false, message: `no JSON: ${parsed.message}` }
  if (!(parsed.value instanceof PyList)) return { ok: false, message: 'expected a list of {"database", "schema", "identifier", "type"}' }
  const relations: ListedRelation[] = []
  const columns = new Map<string, KnownColumns>()
  for (const [i, item] of parsed.value.items.entries()) {
    const at = (key: string): Value | undefined => (item instanceof PyDict ? item.get(key) : undefined)
    const identifier = at('identifier')
    if (typeof identifier !== 'string') return { ok: false, message: `entry ${i}: expected an object with a text "identifier"` }
    const [database, schema, type] = [at('database') ?? null, at('schema') ?? null, at('type') ?? null]
    if (!isText(database) || !isText(schema) || !isText(type)) return { ok: false, message: `entry ${i}: "database", "schema" and "type" are texts or null` }
    relations.push({ database, schema, identifier, type })
    const listedColumns = columnsOf(at('columns') ?? null)
    if (listedColumns === null) return { ok: false, message: `entry ${i}: "columns" is a list of {"name", "type"}` }
    if (listedColumns.length > 0) columns.set(relationKey(database, schema, identifier), { evidence: 'listing', as_of, file, columns: listedColumns })
  }
  return { ok: true, listing: { ...listed(relations, 'listing', as_of, adapter), columns } }
}

function columnsOf(value: Value): KnownColumns['columns'] | null {
  if (value === null) return []
  if (!(value instanceof PyList)) return null
  const columns = value.items.flatMap((item) => {
    const [name, type] = item instanceof PyDict ? [item.get('name'), item.get('type') ?? null] : []
    return typeof name === 'string' && type !== undefined && isText(type) ? [{ name, type }] : []
  })
  return columns.length === value.items.length ? columns : null
}

function isText(value: Value): value is string | null {
  return value === null || typeof value === 'string'
}
