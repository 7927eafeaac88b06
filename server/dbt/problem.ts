// What is wrong, as data: a code, the facts, a place. The sentence is dbt's own wording wherever dbt has one.
// ide/ and cli/ turn problems into diagnostics and code actions; nothing here knows of either.

import type { Place } from '../text/span.ts'

export type Severity = 'error' | 'warning' | 'information' | 'hint'

export interface Problem {
  /** Kebab-case, one of the codes of the README's table. */
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly place: Place
  readonly related?: readonly { readonly place: Place; readonly message: string }[]
  /** Facts for code actions (suggested names, unique ids, relations). JSON only. */
  readonly data?: ProblemData
  /** The node that this costs its answer, where there is one. */
  readonly unique_id?: string
}

export type ProblemData = { readonly [key: string]: string | number | boolean | null | readonly string[] }
