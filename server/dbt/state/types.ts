// A production manifest.json, reduced to what is asked of it. Made by the scanner in a worker; compared and deferred to by others.
// Entries are decoded one at a time when asked for: a manifest of 150 MB stays bytes until somebody needs a node of it.

import type { Value } from '../../jinja/value.ts'

export interface StateInfo {
  /** The directory as given, and the manifest's absolute path. */
  readonly directory: string
  readonly path: string
  readonly generated_at: string | null
  readonly dbt_version: string | null
  readonly schema_version: number | null
  readonly adapter_type: string | null
  readonly project_name: string | null
  readonly project_id: string | null
  readonly invocation_id: string | null
  /** Of git, where the manifest's environment names one. */
  readonly commit: string | null
  readonly bytes: number
}

/** An entry as it stands in the manifest, only the fields that were kept; nested dicts and lists are Python values. */
export type StateFields = ReadonlyMap<string, Value>

/** A node of the state. The named fields are those that deferral asks; comparison reads `fields`. */
export interface StateNode {
  readonly unique_id: string
  readonly resource_type: string
  readonly name: string
  readonly package_name: string
  readonly database: string | null
  readonly schema: string
  readonly alias: string
  /** The string as the producer rendered it; never used for rendering a deferred ref, see dbt-core's `create_from`. */
  readonly relation_name: string | null
  readonly materialized: string | null
  readonly enabled: boolean
  readonly version: string | bigint | number | null
  readonly latest_version: string | bigint | number | null
  readonly original_file_path: string
  readonly fields: StateFields
}

/** Entries by unique_id, decoded on demand. */
export interface StateTable<Entry> {
  readonly size: number
  has(id: string): boolean
  get(id: string): Entry | undefined
  ids(): Iterable<string>
}

export interface StateManifest {
  readonly info: StateInfo
  /** `metadata.quoting` (1.10+): the producer's project quoting; null where the manifest doesn't say. */
  readonly quoting: ReadonlyMap<string, boolean> | null
  readonly nodes: StateTable<StateNode>
  readonly functions: StateTable<StateNode>
  readonly sources: StateTable<StateFields>
  readonly macros: StateTable<StateFields>
  readonly exposures: StateTable<StateFields>
  readonly metrics: StateTable<StateFields>
  readonly semantic_models: StateTable<StateFields>
  readonly saved_queries: StateTable<StateFields>
  readonly unit_tests: StateTable<StateFields>
  readonly groups: StateTable<StateFields>
  readonly disabled: StateTable<readonly StateFields[]>
  /** Of everything that was kept of it: equal digests mean equal states. */
  digest(): string
}

/** Why a state cannot be read. `message` is dbt's own text wherever dbt has one. */
export interface StateProblem {
  readonly code: 'state-missing' | 'state-is-file' | 'state-unreadable' | 'state-version'
  readonly message: string
  readonly path: string
}

/** Which entries and which of their fields a scan keeps; a section that is not named is passed over. */
export type Wants = ReadonlyMap<string, readonly string[]>

/** The scanner's result: bytes that can be moved between threads without copying. */
export interface StatePack {
  readonly metadata: string
  readonly bytes: number
  readonly segments: readonly Uint8Array<ArrayBuffer>[]
  /** Section name → ids joined by NUL (no id holds one), and for each id its segment, start and end. */
  readonly sections: readonly { readonly name: string; readonly ids: string; readonly where: Int32Array<ArrayBuffer> }[]
}
