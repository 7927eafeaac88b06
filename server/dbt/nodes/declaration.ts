// What a file declares before any template of it runs: ids, names, paths, text. One value for each node of a file, made once per SourceFile.
// dbt 1.12: parser/base.py parse_node, _create_parsetime_node, and the parsers of the single types.

import type { Template } from '../../jinja/nodes.ts'
import type { Value } from '../../jinja/value.ts'
import type { Place } from '../../text/span.ts'
import type { Checksum } from './source-text.ts'
import type { NodeType } from './types.ts'

export interface Declaration {
  readonly type: NodeType
  readonly unique_id: string
  readonly name: string
  readonly package_name: string
  readonly path: string
  readonly original_file_path: string
  readonly fqn: readonly string[]
  readonly language: 'sql' | 'python' | 'javascript'
  readonly raw_code: string
  /** Of raw_code in `place.path`; null when raw_code is generated. */
  readonly offset: number | null
  readonly checksum: Checksum
  /** Where it is declared: see ResourceBase.place. */
  readonly place: Place
  /** The tree of raw_code. `keep`: it will be asked for again soon (as if not said). */
  readonly template: (keep?: boolean) => Template
  readonly index: number | null
  /** Tags given by the parser: hooks carry the kind of hook, tests their columns'. */
  readonly tags: readonly string[]
  readonly test: TestDeclaration | null
  /** YAML snapshots: the text of `relation:` and its place. */
  readonly preset: { readonly text: string; readonly place: Place } | null
  /** A message of dbt's that makes this declaration no node of dbt's. */
  readonly error: string | null
}

/** A generic test as its YAML gives it (TestBuilder). */
export interface TestDeclaration {
  readonly name: string
  readonly namespace: string | null
  /** Raw arguments, `model` included. */
  readonly kwargs: ReadonlyMap<string, Value>
  /** Rendered config of the test. */
  readonly config: ReadonlyMap<string, Value>
  readonly column_name: string | null
  readonly file_key_name: string
  readonly description: string
  /** What it hangs on: the model's name and version, or the source's fqn tail. */
  readonly target: { readonly kind: 'node'; readonly name: string; readonly version: Version; readonly packageName: string } | { readonly kind: 'source'; readonly source: string; readonly table: string }
}

export type Version = string | bigint | number | null
