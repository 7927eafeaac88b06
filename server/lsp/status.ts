// The notification `dbtDefer/status`, for clients that ask for it.

export interface StatusNotification {
  readonly project: string | null
  readonly target: string | null
  readonly targets: readonly string[]
  readonly rules: string
  readonly defer: boolean
  readonly favorState: boolean
  readonly state: { readonly path: string; readonly generated_at: string | null; readonly age: string | null; readonly problem: string | null } | null
  readonly counts: { readonly dev: number; readonly prod: number; readonly unknown: number; readonly problems: number }
  readonly busy: boolean
}
