// A production manifest.json, reduced to what is asked of it. Made by the scanner in a worker; compared and deferred to by others.

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
  readonly bytes: number
}
