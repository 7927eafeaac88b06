// What editor features answer: plain data in offsets and paths. lsp/ turns it into the protocol, cli/ prints it.

import type { Place, Span } from '../text/span.ts'

export interface Hover {
  /** Markdown that reads well unrendered: no tables, short lines. */
  readonly text: string
  readonly span: Span
}

export interface Definition {
  /** What was asked about, in the asking file. */
  readonly origin: Span
  readonly target: Place
  /** The part of the target to put the cursor on. */
  readonly selection: Span
}

export interface Completion {
  readonly label: string
  readonly kind: 'model' | 'seed' | 'snapshot' | 'source' | 'table' | 'macro' | 'variable' | 'doc' | 'keyword' | 'value' | 'column' | 'function' | 'test' | 'package'
  readonly detail: string
  readonly documentation: string
  readonly insert: string
  readonly span: Span
  readonly sort: string
  readonly deprecated?: boolean
}

export interface CompletionList { readonly items: readonly Completion[]; readonly incomplete: boolean }

export interface InlayHint { readonly offset: number; readonly label: string; readonly tooltip: string }

export interface DocumentLink { readonly span: Span; readonly path: string; readonly tooltip: string }

export interface TextEdit { readonly path: string; readonly span: Span; readonly text: string }

export interface CodeAction {
  readonly title: string
  /** `dbt`: what mends nothing. Not LSP's `source`: that is for whole files, and editors leave it out of what they offer at a place. `dbt.model`: of the whole model, wherever the cursor is. */
  readonly kind: 'quickfix' | 'dbt' | 'dbt.model'
  readonly preferred: boolean
  readonly edits: readonly TextEdit[]
  readonly command: { readonly name: string; readonly arguments: readonly (string | boolean | number | null)[] } | null
  /** Codes of the problems that it mends. */
  readonly fixes: readonly string[]
}

export interface Symbol {
  readonly name: string
  readonly detail: string
  readonly kind: 'model' | 'seed' | 'snapshot' | 'source' | 'table' | 'macro' | 'test' | 'doc' | 'column' | 'exposure' | 'metric' | 'analysis' | 'other' | 'cte'
  readonly place: Place
  readonly selection: Span
  readonly children: readonly Symbol[]
}

export interface CodeLens { readonly span: Span; readonly title: string; readonly command: { readonly name: string; readonly arguments: readonly (string | boolean | number | null)[] } | null }

export interface SignatureHelp {
  readonly label: string
  readonly documentation: string
  /** Ranges of the parameters in `label`. */
  readonly parameters: readonly { readonly start: number; readonly end: number; readonly documentation: string }[]
  readonly active: number
}
