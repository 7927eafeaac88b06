// The reasons for which a node is modified: the record every comparison makes.

export type SubSelector = 'body' | 'configs' | 'relation' | 'persisted_descriptions' | 'contract' | 'macros'

export interface ModifiedReason {
  /** What differs: a sub-selector's name, 'new', 'fqn', or the property (`latest_version`, `owner`, `freshness` …). */
  readonly what: string
  /** The sub-selector `state:modified.X` that this makes match. */
  readonly selector: SubSelector | null
  /** Whether plain `state:modified` is true for it; a generic test's body is compared by `.body` alone. */
  readonly counts: boolean
  /** Config key, column, macro id. */
  readonly key: string | null
  readonly old: string | null
  readonly new: string | null
  readonly message: string
  /** Macros: the calls from the node to the changed macro. */
  readonly chain: readonly string[]
}

export function reason(what: string, selector: SubSelector | null, message: string, more: { readonly counts?: boolean; readonly key?: string; readonly old?: string | null; readonly new?: string | null; readonly chain?: readonly string[] } = {}): ModifiedReason {
  return { what, selector, counts: more.counts ?? true, key: more.key ?? null, old: more.old ?? null, new: more.new ?? null, message, chain: more.chain ?? [] }
}

/** What a comparison of one node found. `warning` and `error` are dbt's texts (contracts). */
export interface Compared {
  readonly reasons: readonly ModifiedReason[]
  readonly warnings: readonly string[]
  /** ContractBreakingChangeError: dbt then refuses the checks that compare contracts. */
  readonly error: string | null
}
