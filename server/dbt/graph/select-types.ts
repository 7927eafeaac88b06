// What a selection may ask of the world around the manifest, and what it answers. Values and functions handed in; no IO.

import type { MethodWorld } from './select-methods.ts'
import type { SelectionSpec } from './select-spec.ts'

/** The checks of `state:` in dbt's order (graph/selector_methods.py StateSelectorMethod.search). */
export const STATE_CHECKS = ['new', 'old', 'modified', 'unmodified', 'modified.body', 'modified.configs', 'modified.persisted_descriptions', 'modified.relation', 'modified.macros', 'modified.contract'] as const
export type StateCheck = typeof STATE_CHECKS[number]

export interface StateAnswers {
  matches(check: StateCheck, id: string): boolean
  /** dbt aborts some checks (a breaking contract of a versioned model); its text. */
  error(check: StateCheck): string | null
  /** What dbt warns of while it compares. */
  warnings(check: StateCheck): readonly string[]
}

export interface SelectionEnv extends MethodWorld {
  /** Null: no comparison manifest (`--state` missing, or without manifest.json). */
  readonly state: StateAnswers | null
  /** dbt 2 passes over unknown `state:` words in silence. */
  readonly unknownStateCheck: 'error' | 'nothing'
  /** `empty` leaves parents and children out as well (dbt 1.7 and 1.8). */
  readonly emptyDropsNeighbours: boolean
  /** unique_id → status of the state's run_results.json; null: there is none. */
  readonly results: ReadonlyMap<string, string> | null
  /** unique_id → max_loaded_at (ISO; null for a source that failed) of sources.json in the state and in the target; null: there is none. */
  readonly freshness: { readonly previous: ReadonlyMap<string, string | null> | null; readonly current: ReadonlyMap<string, string | null> | null }
  /** selectors.yml, see select-file.ts. */
  readonly selectors: Selectors
  /** The resource types the command works on, see `commandTypes`. */
  readonly resourceTypes: ReadonlySet<string>
  /** `dbt ls` alone keeps models without a body. */
  readonly includeEmpty: boolean
}

export type Selectors = ReadonlyMap<string, { readonly spec: SelectionSpec; readonly isDefault: boolean; readonly description: string }>

export interface Selection {
  /** In dbt ls's order: by unique_id, code points compared. */
  readonly ids: readonly string[]
  readonly warnings: readonly string[]
  /** dbt's text when it refuses the selection; `ids` is then empty. */
  readonly error: string | null
}
