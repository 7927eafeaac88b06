// What compiling a node gives: the text dbt would write, where each part of it comes from, and what keeps it from being known.

import type { Trace } from '../../jinja/trace.ts'
import type { CallSite } from '../../jinja/value.ts'
import type { Evidenced, World } from '../context/types.ts'
import type { DeferWorld, Resolution } from '../defer/types.ts'
import type { Files } from '../files.ts'
import type { ManifestNode } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import type { Batch } from './event-time.ts'
import type { Place, Span } from '../../text/span.ts'

/** What compiling reads; a Snapshot is one. */
export interface CompileWorld {
  readonly world: World
  readonly deferring: DeferWorld
  readonly files: Files
  /** For an editor: broken and refused parts are unknown pieces of code `broken`, and pieces know the macros they came through. Never what dbt would write. */
  readonly preview?: boolean
}

export interface Compiled {
  readonly node: ManifestNode
  /** dbt's compiled_code; null exactly when `unknown` or `error` says why. */
  readonly compiled_code: string | null
  /** The text in order, injected CTEs included; with an unknown part it is a preview. Empty when there is an error. */
  readonly pieces: readonly CompiledPiece[]
  readonly unknown: readonly Unknown[]
  /** dbt refuses the node: its message at the place in the project's files. */
  readonly error: Problem | null
  /** What was answered from results that the user has, where dbt asks the warehouse; those of injected CTEs too. */
  readonly evidence: readonly Evidence[]
  /** The batch of a microbatch model that this is the text of; absent: the whole. */
  readonly batch?: Batch
  /** Of dbt's extra_ctes: the ephemeral models whose text was injected, dependencies first. */
  readonly ctes: readonly string[]
  /** Of a preview: what the expressions of the node's text were. */
  readonly trace: Trace | null
}

/** `start`, `end`: in the joined texts of the pieces, an unknown one having none. */
export interface CompiledPiece extends Span {
  /** Null: unknown; what is broken stands at `source`. */
  readonly text: string | null
  /** The part of the node's own file that made it; null for what dbt adds. */
  readonly source: Span | null
  readonly unknown: Unknown | null
  /** What the calls in `source` read. */
  readonly resolutions: readonly Resolution[]
  /** The ephemeral model whose body this is. */
  readonly cte: string | null
  /** Of a preview: where it was written, innermost first, then the calls that led there. */
  readonly sites: readonly CallSite[]
  /** Template text of `sites[0]`. */
  readonly literal: boolean
}

/** `place`: the call that was answered, in the innermost file of the project or its packages. `own`: the call that led there, in the text of the node `of`. */
export interface Evidence extends Evidenced { readonly place: Place; readonly of: string; readonly own: Span | null }

export interface Unknown {
  readonly code: string
  readonly message: string
  /** The call that cannot be known, in the innermost file of the project or its packages. */
  readonly place: Place
}
