// Does a relation exist in the current target? What is known, merged, and asked as dbt's relation cache would be asked.
// Three-valued: what no listing says is unknown, never guessed. No IO: listings come in as values with their age.

import type { RelationParts } from '../adapters/render.ts'
import type { Adapter, Policy } from '../adapters/types.ts'
import type { Manifest } from '../nodes/types.ts'
import type { Catalog } from '../state/artifacts.ts'
import type { Existence, KnownColumns, RelationListing } from './types.ts'

/** The key of RelationListing.relations: the names exactly as the warehouse lists them. */
export function relationKey(database: string | null, schema: string | null, identifier: string): string {
  return `${database ?? ''}\0${schema ?? ''}\0${identifier}`
}

export const NOTHING_KNOWN: RelationListing = { kind: 'unknown', evidence: 'none', as_of: null, relations: new Map(), complete: false }

/** A relation that differs from the one sought only in letter case makes dbt fail (ApproximateMatchError). */
export interface Approximate { readonly kind: 'approximate'; readonly searched: string; readonly found: string }

/** `Adapter.get_relation`: match kwargs (unquoted parts in the adapter's case), then BaseRelation.matches. dbt-adapters base/impl.py, base/relation.py. */
export function existenceOf(listing: RelationListing, adapter: Adapter, quote: Policy, parts: RelationParts): Existence | Approximate {
  const { evidence, as_of } = listing
  if (listing.absent?.has(matchName(adapter, quote, parts)) === true) return { exists: false, evidence: 'assumption', as_of: null }
  if (listing.kind !== 'list') return { exists: listing.kind === 'unknown' ? null : listing.kind === 'all', evidence, as_of }
  const searched = matchName(adapter, quote, parts)
  const exact = listing.relations.get(searched)
  if (exact !== undefined) return { exists: true, evidence, as_of, type: exact }
  const near = foldedIndex(listing).get(searched.toLowerCase())
  if (near !== undefined) {
    if (adapter.matchesAnyCase) return { exists: true, evidence, as_of, type: listing.relations.get(near) ?? null }
    return { kind: 'approximate', searched: dotted(searched), found: dotted(near) }
  }
  const covered = listing.databases === undefined || parts.database === null || Array.from(listing.databases).some((name) => name.toLowerCase() === parts.database?.toLowerCase())
  return { exists: listing.complete && covered ? false : null, evidence, as_of }
}

function matchName(adapter: Adapter, quote: Policy, parts: RelationParts): string {
  const fold = (part: string | null, quoted: boolean): string | null => {
    if (part === null || quoted || adapter.alwaysQuotes) return part
    return adapter.caseOfUnquoted === 'upper' ? part.toUpperCase() : adapter.caseOfUnquoted === 'lower' ? part.toLowerCase() : part
  }
  // Spark and ClickHouse list relations without a database beside the schema.
  const database = adapter.database === 'separate' ? fold(parts.database, quote.database) : null
  return relationKey(database, fold(parts.schema, quote.schema), fold(parts.identifier, quote.identifier) ?? '')
}

const folded = new WeakMap<RelationListing, ReadonlyMap<string, string>>()

function foldedIndex(listing: RelationListing): ReadonlyMap<string, string> {
  let index = folded.get(listing)
  if (!index) folded.set(listing, index = new Map(Array.from(listing.relations.keys(), (key) => [key.toLowerCase(), key])))
  return index
}

function dotted(key: string): string {
  return key.split('\0').filter((part) => part !== '').join('.')
}

/** The first complete listing decides alone; without one, presences are added up and absence stays unknown. Order: most trusted first. */
export function mergeListings(listings: readonly RelationListing[]): RelationListing {
  const decisive = listings.find((listing) => listing.kind === 'all' || listing.kind === 'none' || (listing.kind === 'list' && listing.complete))
  if (decisive) return decisive
  const partial = listings.filter((listing) => listing.kind === 'list')
  const [first] = partial
  if (!first) return listings[0] ?? NOTHING_KNOWN
  const relations = new Map<string, string | null>()
  for (const listing of partial) for (const [key, type] of listing.relations) if (relations.get(key) === undefined) relations.set(key, type)
  return { kind: 'list', evidence: first.evidence, as_of: first.as_of, relations, complete: false }
}

/** Complete listings of several databases of one target as one. */
export function joinListings(listings: readonly RelationListing[]): RelationListing | null {
  const [first, ...rest] = listings
  if (!first || rest.length === 0) return first ?? null
  return {
    ...first,
    relations: new Map(listings.flatMap((each) => [...each.relations])), columns: new Map(listings.flatMap((each) => [...each.columns ?? []])),
    databases: new Set(listings.flatMap((each) => [...each.databases ?? []])),
  }
}

/** `--exists all|none`. */
export function assumed(kind: 'all' | 'none'): RelationListing {
  return { kind, evidence: 'assumption', as_of: null, relations: new Map(), complete: true }
}

export interface ListedRelation { readonly database: string | null; readonly schema: string | null; readonly identifier: string; readonly type: string | null }

/** A full listing of the target: what is not in it does not exist. */
export function listed(relations: Iterable<ListedRelation>, evidence: 'warehouse' | 'listing', as_of: string | null, adapter: Adapter): RelationListing {
  return { kind: 'list', evidence, as_of, complete: true, relations: new Map(Array.from(relations, (relation) => [relationKey(adapter.database === 'separate' ? relation.database : null, relation.schema, relation.identifier), relation.type])) }
}

/** What a catalog.json says of columns; what that means for the adapter's own columns: context/columns/catalog.ts. */
export function catalogColumns(catalog: Catalog, file: string): ReadonlyMap<string, KnownColumns> {
  return new Map(catalog.relations.map(({ database, schema, identifier, columns }) => [relationKey(database, schema, identifier), { evidence: 'catalog', as_of: catalog.generated_at, file, columns }] as const))
}

export interface RunResult { readonly unique_id: string; readonly status: string; readonly relation_name: string | null }

/**
 * What a run_results.json of the current target proves: the relations it built successfully. Only names that are still the node's own count;
 * of everything else nothing is known. Results before v5 name no relation and prove nothing.
 */
export function builtRelations(results: readonly RunResult[], as_of: string | null, manifest: Manifest, adapter: Adapter): RelationListing {
  const relations = new Map<string, string | null>()
  for (const { unique_id, status, relation_name } of results) {
    const node = manifest.nodes.get(unique_id)
    if (status !== 'success' || !node || relation_name === null || node.relation_name !== relation_name || !REFABLE.has(node.resource_type)) continue
    relations.set(relationKey(adapter.database === 'separate' ? node.database : null, node.schema, node.alias), null)
  }
  return { kind: relations.size > 0 ? 'list' : 'unknown', evidence: 'run-results', as_of, relations, complete: false }
}

const REFABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])
