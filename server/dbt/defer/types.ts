// The central answer: which relation a call reads, and why. Every feature prints this one record.

import type { StateInfo } from '../state/types.ts'

export type ResolutionKind = 'dev' | 'prod' | 'ephemeral' | 'source' | 'function' | 'unknown' | 'missing' | 'disabled' | 'ambiguous' | 'forbidden' | 'invalid'

export interface Resolution {
  readonly kind: ResolutionKind
  /** unique_id of what the call means; null when there is none. */
  readonly target: string | null
  /** The text dbt would render; null when unknown. */
  readonly relation: string | null
  readonly dev: { readonly relation: string; readonly existence: Existence } | null
  readonly prod: { readonly relation: string; readonly state: StateInfo } | null
  /** Short codes in the order in which they decided: 'defer-off', 'exists', 'missing-in-dev', 'favor-state', 'selected', 'not-in-state', 'ephemeral', 'state-ephemeral', 'existence-unknown' … */
  readonly reason: readonly string[]
  /** dbt's error text for the failing kinds, else one sentence in words. */
  readonly message: string
}

/** Does a relation exist in the current target? Three-valued, with where it is known from and since when (ISO time or null). */
export interface Existence {
  readonly exists: boolean | null
  readonly evidence: 'warehouse' | 'listing' | 'run-results' | 'catalog' | 'assumption' | 'none'
  readonly as_of: string | null
  readonly type?: string | null
}

/** What is known of the relations of the current target. Names are compared as dbt's cache compares them (adapter case rules). */
export interface RelationListing {
  readonly kind: 'all' | 'none' | 'unknown' | 'list'
  readonly evidence: Existence['evidence']
  readonly as_of: string | null
  /** Key: `relationKey(database, schema, identifier)` of defer/existence.ts; value: type or null. */
  readonly relations: ReadonlyMap<string, string | null>
  /** Relations of which only presence is known (run results): absence then means unknown. */
  readonly complete: boolean
}
