// What is known of production and of this branch besides the manifest: the last production run, source freshness, when the current target's
// relations were built, where git says the branch left its base. Values only; host/ collects them. Nothing of it decides where a ref reads.

/** One node's line of a run_results.json. */
export interface RunResult {
  readonly unique_id: string
  /** success, error, skipped, pass, fail, warn, no-op … */
  readonly status: string
  readonly relation_name: string | null
  readonly seconds: number | null
  /** Bytes the warehouse read, where the adapter says so (adapter_response.bytes_processed). */
  readonly bytes: number | null
  /** ISO; when the work on it ended. */
  readonly completed_at: string | null
  readonly message: string | null
}

/** One source of a sources.json. */
export interface Freshness {
  /** pass, warn, error, runtime error. */
  readonly status: string
  /** null where the check failed. */
  readonly max_loaded_at: string | null
  readonly snapshotted_at: string | null
}

/** run_results.json and sources.json beside the state. */
export interface Production {
  readonly generated_at: string | null
  readonly results: ReadonlyMap<string, RunResult>
  readonly freshness: ReadonlyMap<string, Freshness>
}

/** A relation of the current target that its last run built: when, and when the node's file was changed last. ISO. */
export interface Built { readonly built: string; readonly changed: string | null }

export interface GitFacts {
  readonly branch: string | null
  /** The branch this one was made from, as git names it: `origin/main`. */
  readonly base: string
  /** Where this branch left it: commit and its date (ISO). */
  readonly mergeBase: { readonly commit: string; readonly date: string }
  /** Commits between the state and the merge base, counted from the state's commit or else its date; null: the state's place is not known. */
  readonly behind: number | null
  /** Commits of the base that the state has and this branch has not. */
  readonly ahead: number | null
  readonly by: 'commit' | 'date'
}

export const NO_PRODUCTION: Production = { generated_at: null, results: new Map(), freshness: new Map() }
