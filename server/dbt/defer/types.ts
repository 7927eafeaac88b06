// The central answer: which relation a call reads, and why. Every feature prints this one record.

import type { DbtCommand } from '../graph/select-commands.ts'
import type { Manifest, ManifestNode, OtherResource } from '../nodes/types.ts'
import type { Project } from '../project/types.ts'
import type { StateInfo, StateManifest } from '../state/types.ts'

export type ResolutionKind = 'dev' | 'prod' | 'ephemeral' | 'source' | 'function' | 'unknown' | 'missing' | 'disabled' | 'ambiguous' | 'forbidden' | 'invalid'

export interface Resolution {
  readonly kind: ResolutionKind
  /** unique_id of what the call means; null when there is none. */
  readonly target: string | null
  /** The text dbt would render; null when unknown. */
  readonly relation: string | null
  /** What `relation` is made of, for `.schema`, `.include()` … in templates; null where `relation` is. */
  readonly reads: RelationRead | null
  readonly dev: { readonly relation: string; readonly existence: Existence } | null
  readonly prod: { readonly relation: string; readonly state: StateInfo } | null
  /** Short codes in the order in which they decided; see reasons.ts. */
  readonly reason: readonly ReasonCode[]
  /** dbt's error text for the failing kinds, else one sentence in words. */
  readonly message: string
}

/** The arguments of dbt's `Relation.create`; `quoting` overlays the adapter's policy. Ephemeral: only `identifier`, never quoted. */
export interface RelationRead {
  readonly database: string | null
  readonly schema: string | null
  readonly identifier: string | null
  readonly quoting: ReadonlyMap<string, boolean>
  /** Printed in place of the name: a source that is a file. */
  readonly external?: string
}

export type ReasonCode =
  | 'source' | 'function' | 'defer-off' | 'no-state' | 'state-pending' | 'not-in-state' | 'ephemeral' | 'state-ephemeral' | 'not-refable-in-state'
  | 'favor-state' | 'selected' | 'not-selected' | 'exists' | 'missing-in-dev' | 'existence-unknown' | 'same-relation'
  | 'state-wins' | 'not-frontier' | 'frontier' | 'selected-incremental' | 'state-not-latest' | 'only-in-state'
  | 'approximate-match' | 'this' | 'not-found' | 'disabled' | 'ambiguous' | 'forbidden' | 'invalid-call' | 'metric'
  | 'upstream' | 'upstream-unread' | 'name-unknown'

/** Does a relation exist in the current target? Three-valued, with where it is known from and since when (ISO time or null). */
export interface Existence {
  readonly exists: boolean | null
  readonly evidence: 'warehouse' | 'listing' | 'run-results' | 'catalog' | 'assumption' | 'none'
  readonly as_of: string | null
  readonly type?: string | null
}

/** The columns of a relation as somebody saw them. */
export interface KnownColumns {
  readonly evidence: Existence['evidence']
  readonly as_of: string | null
  /** The file they come from. */
  readonly file: string
  /** In order; `type` as the adapter's get_columns_in_relation gives it (of a catalog: as the catalog does), null when that is not known. */
  readonly columns: readonly { readonly name: string; readonly type: string | null }[]
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
  /** Columns of relations (here or in production), by relationKey with the database; absent: of none. */
  readonly columns?: ReadonlyMap<string, KnownColumns>
  /** Relations known not to be there, whatever the rest says: "what if this one were dropped". Keys as above. */
  readonly absent?: ReadonlySet<string>
  /** The databases a complete listing covers, as the warehouse names them; absent: all. Of others nothing is known. */
  readonly databases?: ReadonlySet<string>
}

/** All that deferral hangs on, besides the call. One value for each snapshot and each set of assumptions ("what if"). */
export interface DeferWorld {
  readonly project: Project
  readonly manifest: Manifest
  /** The effective `--defer`; with the rules of 2 it is on by default. */
  readonly defer: boolean
  readonly favorState: boolean
  /** The state that is deferred to (`--defer-state`, else `--state`); null: none could be read. */
  readonly state: StateManifest | null
  /** The state is still being read: what is deferred is not known yet. */
  readonly pending?: boolean
  readonly listing: RelationListing
  /** dbt's SELECTED_RESOURCES: the ids of `--select` after the command's filter; null: nothing was selected, which means everything the command works on. */
  readonly selected: ReadonlySet<string> | null
  readonly command: DbtCommand
  /** Each node is thought of as the only one selected: what an editor shows when no selection is set. No ref of a node means the node itself, so nothing that is read is selected. */
  readonly alone?: boolean
}

/** What the call's arguments mean, by graph/: a node, or dbt's reason why not. */
export type CallTarget =
  | { readonly kind: 'found'; readonly unique_id: string }
  | { readonly kind: 'missing' | 'disabled' | 'ambiguous' | 'forbidden' | 'invalid'; readonly unique_id: string | null; readonly message: string }

/** Who calls: a node, or the little that a file tells that is none yet. */
export type Caller = Pick<ManifestNode | OtherResource, 'unique_id' | 'name' | 'original_file_path' | 'resource_type' | 'package_name' | 'group' | 'depends_on'>

export interface CallInput {
  readonly how: 'ref' | 'source' | 'function' | 'foreign-key'
  readonly caller: Caller
  readonly target: CallTarget
  /** ref() without a version. */
  readonly unpinned: boolean
  /** The name and package as written: a function that only the state has is found by them. */
  readonly name: string
  readonly package: string | null
}
