// What templates ask the warehouse, answered from what is known of it: adapter.get_relation from the listing, everything else as unknown.
// Never a guess: existence that is not known is an unknown answer that names the relation.

import { reprOf } from '../../jinja/repr.ts'
import { PyList, PyUnknown } from '../../jinja/value.ts'
import { includeOf, renderRelation } from '../adapters/render.ts'
import type { RelationParts } from '../adapters/render.ts'
import type { Adapter, Policy } from '../adapters/types.ts'
import { makeRelation, mergePolicy } from '../context/relation.ts'
import type { Relation } from '../context/relation.ts'
import { columnClass, columnOf, namedColumn } from '../context/column.ts'
import { catalogColumn } from '../context/columns/catalog.ts'
import type { Answer, Evidenced } from '../context/types.ts'
import { existenceOf, relationKey } from '../defer/existence.ts'
import { approximateMatch } from '../defer/messages.ts'
import type { DeferWorld, KnownColumns, RelationListing } from '../defer/types.ts'
import type { ManifestNode } from '../nodes/types.ts'

/** `adapter.get_relation` (dbt-adapters base/impl.py): names in the adapter's case, found as the warehouse lists them, all parts quoted. */
export function findRelation(world: DeferWorld, parts: RelationParts): Answer {
  const { project: { adapter, root }, listing } = world
  const quote = mergePolicy(adapter.quotePolicy, root.quoting)
  const printed = renderRelation(adapter, parts, quote, includeOf(adapter, parts.database))
  const existence = existenceOf(listing, adapter, quote, parts)
  if ('kind' in existence) return { kind: 'error', code: 'compilation-error', message: approximateMatch(printed, existence.found) }
  const evidence: Evidenced = { call: `adapter.get_relation(${[parts.database, parts.schema, parts.identifier].map((part) => reprOf(part)).join(', ')})`, evidence: existence.evidence, as_of: existence.as_of, file: null }
  if (existence.exists === false) return { kind: 'value', value: null, evidence }
  if (existence.exists === null) return { kind: 'unknown', code: 'existence-unknown', message: `whether ${printed} exists is not known` }
  const type = existence.type ?? (listing.kind === 'all' ? builtType(world, parts) : null)
  if (type === null) return { kind: 'unknown', code: 'relation-type-unknown', message: `${printed} exists, but whether it is a table or a view is not known` }
  return { kind: 'value', value: makeRelation(adapter, inWarehouseCase(adapter, quote, parts), { type, quoting: ALL_QUOTED }), evidence }
}

/** `adapter.get_columns_in_relation`, where somebody saw the columns: a listing, a DuckDB file, a catalog.json. */
export function columnsOf({ project: { adapter }, listing }: DeferWorld, relation: Relation): Answer {
  const { path, quotePolicy } = relation.fields
  const call = `adapter.get_columns_in_relation(${relation.render()})`
  const existence = existenceOf(listing, adapter, quotePolicy, path)
  if (!('kind' in existence) && existence.exists === false && NO_RELATION_NO_COLUMNS.has(adapter.type)) {
    return { kind: 'value', value: new PyList([]), evidence: { call, evidence: existence.evidence, as_of: existence.as_of, file: null } }
  }
  const known = 'kind' in existence || existence.exists !== false ? knownColumns(listing, adapter, relation) : undefined
  const column = columnClass(adapter)
  if (known && column) {
    const unknownType = new PyUnknown({ code: 'column-type-unknown', message: `${known.file} says nothing of the type that the warehouse would give`, stack: [] })
    const columns = known.columns.flatMap(({ name, type }) => (known.evidence === 'catalog' ? catalogColumn(column, adapter.type, name, type, unknownType) : type === null ? namedColumn(column, name, unknownType) : columnOf(column, new Map([['column', name], ['dtype', type]]))) ?? [])
    return { kind: 'value', value: new PyList(columns), evidence: { call, evidence: known.evidence, as_of: known.as_of, file: known.file } }
  }
  return { kind: 'unknown', code: 'columns-unknown', message: `the columns of ${relation.render()} are not known without the warehouse` }
}

/** Of a relation that is not there these answer an empty list; others fail (impl.py of each). */
const NO_RELATION_NO_COLUMNS: ReadonlySet<string> = new Set(['duckdb', 'postgres', 'bigquery'])

/** By the name as the warehouse has it; where it takes names in any case, in any case. */
function knownColumns(listing: RelationListing, adapter: Adapter, relation: Relation): KnownColumns | undefined {
  const { columns } = listing
  if (!columns) return undefined
  const { database, schema, identifier } = inWarehouseCase(adapter, relation.fields.quotePolicy, relation.fields.path)
  const key = relationKey(database, schema, identifier ?? '')
  return columns.get(key) ?? foldedColumns(columns).get(key.toLowerCase()) ?? undefined
}

const folded = new WeakMap<ReadonlyMap<string, KnownColumns>, ReadonlyMap<string, KnownColumns | null>>()

/** Null where two names differ by case alone. */
function foldedColumns(columns: ReadonlyMap<string, KnownColumns>): ReadonlyMap<string, KnownColumns | null> {
  let index = folded.get(columns)
  if (!index) {
    const made = new Map<string, KnownColumns | null>()
    for (const [key, known] of columns) made.set(key.toLowerCase(), made.has(key.toLowerCase()) ? null : known)
    folded.set(columns, index = made)
  }
  return index
}

const ALL_QUOTED: ReadonlyMap<string, boolean> = new Map([['database', true], ['schema', true], ['identifier', true]])

/** When everything counts as built, a relation is of the type its node's materialization makes. */
function builtType(world: DeferWorld, parts: RelationParts): string | null {
  const node = nodesByName(world).get([parts.database, parts.schema, parts.identifier].join('\0').toLowerCase())
  const materialized = node?.config.get('materialized')
  if (node?.resource_type === 'seed' || node?.resource_type === 'snapshot') return 'table'
  return materialized === 'table' || materialized === 'incremental' ? 'table' : materialized === 'view' ? 'view' : null
}

const indexes = new WeakMap<DeferWorld['manifest'], Map<string, ManifestNode>>()

function nodesByName({ manifest }: DeferWorld): Map<string, ManifestNode> {
  let index = indexes.get(manifest)
  if (!index) indexes.set(manifest, index = new Map(Array.from(manifest.nodes.values()).filter((node) => REFABLE.has(node.resource_type)).map((node) => [[node.database, node.schema, node.alias].join('\0').toLowerCase(), node])))
  return index
}

const REFABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

function inWarehouseCase(adapter: Adapter, quote: Policy, parts: RelationParts): RelationParts {
  const fold = (part: string | null, quoted: boolean): string | null => {
    if (part === null || quoted || adapter.alwaysQuotes) return part
    return adapter.caseOfUnquoted === 'upper' ? part.toUpperCase() : adapter.caseOfUnquoted === 'lower' ? part.toLowerCase() : part
  }
  return { database: fold(parts.database, quote.database), schema: fold(parts.schema, quote.schema), identifier: fold(parts.identifier, quote.identifier) }
}
