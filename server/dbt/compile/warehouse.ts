// What templates ask the warehouse, answered from what is known of it: adapter.get_relation from the listing, everything else as unknown.
// Never a guess: existence that is not known is an unknown answer that names the relation.

import { renderRelation } from '../adapters/render.ts'
import type { RelationParts } from '../adapters/render.ts'
import type { Adapter, Policy } from '../adapters/types.ts'
import { makeRelation, mergePolicy } from '../context/relation.ts'
import type { Relation } from '../context/relation.ts'
import type { Answer } from '../context/types.ts'
import { existenceOf } from '../defer/existence.ts'
import { approximateMatch } from '../defer/messages.ts'
import type { DeferWorld } from '../defer/types.ts'
import type { ManifestNode } from '../nodes/types.ts'

/** `adapter.get_relation` (dbt-adapters base/impl.py): names in the adapter's case, found as the warehouse lists them, all parts quoted. */
export function findRelation(world: DeferWorld, parts: RelationParts): Answer {
  const { project: { adapter, root }, listing } = world
  const quote = mergePolicy(adapter.quotePolicy, root.quoting)
  const printed = renderRelation(adapter, parts, quote, adapter.includePolicy)
  const existence = existenceOf(listing, adapter, quote, parts)
  if ('kind' in existence) return { kind: 'error', code: 'compilation-error', message: approximateMatch(printed, existence.found) }
  if (existence.exists === false) return { kind: 'value', value: null }
  if (existence.exists === null) return { kind: 'unknown', code: 'existence-unknown', message: `whether ${printed} exists is not known` }
  const type = existence.type ?? (listing.kind === 'all' ? builtType(world, parts) : null)
  if (type === null) return { kind: 'unknown', code: 'relation-type-unknown', message: `${printed} exists, but whether it is a table or a view is not known` }
  return { kind: 'value', value: makeRelation(adapter, inWarehouseCase(adapter, quote, parts), { type, quoting: ALL_QUOTED }) }
}

/** `adapter.get_columns_in_relation`. */
export function columnsOf(_world: DeferWorld, relation: Relation): Answer {
  return { kind: 'unknown', code: 'columns-unknown', message: `the columns of ${relation.render()} are not known without the warehouse` }
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
