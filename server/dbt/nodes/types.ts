// The resources of a dbt project as dbt's manifest has them (names of dbt-core's contracts), plus the exact places that an editor needs.
// A Manifest is never changed; graph/ and snapshot.ts make new ones.

import type { Value } from '../../jinja/value.ts'
import type { Place, Span } from '../../text/span.ts'
import type { Problem } from '../problem.ts'

export type NodeType = 'model' | 'seed' | 'snapshot' | 'test' | 'analysis' | 'operation' | 'sql_operation' | 'function'
export type ResourceType = NodeType | 'source' | 'exposure' | 'metric' | 'semantic_model' | 'saved_query' | 'unit_test' | 'group' | 'macro' | 'doc'

/** Config after all levels were merged; keys as dbt spells them after alias translation. */
export type Config = ReadonlyMap<string, Value>

export interface RefArgs { readonly name: string; readonly package: string | null; readonly version: string | bigint | number | null }

interface ResourceBase {
  readonly unique_id: string
  readonly name: string
  readonly package_name: string
  /** Relative to the resource path (`path`) and to the package root (`original_file_path`), as dbt writes them. */
  readonly path: string
  readonly original_file_path: string
  readonly fqn: readonly string[]
  /** Where the resource is declared: its file (SQL, CSV, Python: the whole text) or its entry in YAML (the name's span). */
  readonly place: Place
  readonly description: string
}

export interface ManifestNode extends ResourceBase {
  readonly resource_type: NodeType
  readonly language: 'sql' | 'python' | 'javascript'
  readonly raw_code: string
  /** Offset of raw_code[0] in the file (files are stripped); null where raw_code is generated (generic tests, YAML snapshots). */
  readonly rawCodeOffset: number | null
  readonly checksum: { readonly name: string; readonly checksum: string }
  readonly enabled: boolean
  readonly config: Config
  readonly unrendered_config: Config
  readonly database: string | null
  /** Null: its generate_schema_name gave None. */
  readonly schema: string | null
  readonly alias: string
  /** As dbt prints it; null for ephemeral models, tests that store nothing, analyses … */
  readonly relation_name: string | null
  readonly tags: readonly string[]
  readonly meta: Config
  readonly group: string | null
  readonly access: 'private' | 'protected' | 'public'
  readonly version: string | bigint | number | null
  readonly latest_version: string | bigint | number | null
  readonly deprecation_date: string | null
  readonly columns: ReadonlyMap<string, Column>
  readonly constraints: readonly Value[]
  readonly contract: { readonly enforced: boolean; readonly alias_types: boolean; readonly checksum: string | null }
  readonly patch: Place | null
  readonly docs: Config
  readonly refs: readonly RefArgs[]
  readonly sources: readonly (readonly [string, string])[]
  readonly metrics: readonly (readonly string[])[]
  readonly functions: readonly (readonly string[])[]
  readonly depends_on: { readonly nodes: readonly string[]; readonly macros: readonly string[] }
  /** Every ref/source/function/metric call that parse-mode evaluation reached, in order, with places in the node's own file. */
  readonly calls: readonly ResourceCall[]
  /** Generic tests only. */
  readonly test: GenericTest | null
  readonly index: number | null
  /** Further properties of the YAML entry as dbt keeps them: arguments, returns, overloads of functions. */
  readonly properties: Config
  readonly problems: readonly Problem[]
  /** What evaluation could not know at parse (missing dbt macros …); empty: exact. */
  readonly unknown: readonly { readonly code: string; readonly message: string }[]
}

export interface GenericTest {
  readonly metadata: { readonly name: string; readonly namespace: string | null; readonly kwargs: ReadonlyMap<string, Value> }
  readonly column_name: string | null
  readonly attached_node: string | null
  readonly file_key_name: string | null
}

export interface Column {
  readonly name: string
  readonly description: string
  readonly data_type: string | null
  readonly quote: boolean | null
  readonly tags: readonly string[]
  readonly meta: Config
  readonly constraints: readonly Value[]
  readonly place: Place
  /** Keys that dbt does not know; it keeps them in the manifest. */
  readonly extra: Config
  readonly granularity: string | null
  /** Of the semantic layer in models (dbt 1.12): a type, or a dict as ColumnDimension and ColumnEntity have it. */
  readonly dimension: Value
  readonly entity: Value
  /** The doc blocks its description is made of, by id. */
  readonly doc_blocks: readonly string[]
}

/** One call that names another resource. `target` is filled by graph/. */
export interface ResourceCall {
  readonly kind: 'ref' | 'source' | 'function' | 'metric'
  /** The arguments as evaluated; for ref see RefArgs; `invalid` carries dbt's message when they are no legal arguments. */
  readonly args: readonly string[]
  readonly version: string | bigint | number | null
  readonly invalid: string | null
  /** The call in the node's own file, through which it was reached (the macro call when it stands in a macro). */
  readonly span: Span
  readonly path: string
  /** The argument that names the resource, without quotes, where it stands literally in this call. */
  readonly nameSpan: Span | null
  /** When the call itself stands in a macro: its place there and the chain of macros, innermost first. */
  readonly via: readonly { readonly path: string; readonly span: Span; readonly macro: string | null }[]
  /** False when it stands in a branch of which evaluation could not tell whether it is taken. */
  readonly certain: boolean
  /** `to:` of a foreign key, which dbt defers by a rule of its own. */
  readonly foreignKey?: boolean
}

export interface SourceNode extends ResourceBase {
  readonly resource_type: 'source'
  readonly source_name: string
  readonly source_description: string
  readonly identifier: string
  readonly database: string | null
  readonly schema: string
  readonly relation_name: string
  /** DuckDB: what `external_location` makes of it, printed in place of the name. */
  readonly externalLocation: string | null
  readonly quoting: ReadonlyMap<string, boolean>
  readonly loader: string
  readonly config: Config
  readonly unrendered_config: Config
  readonly unrendered_database: string | null
  readonly unrendered_schema: string | null
  readonly enabled: boolean
  readonly tags: readonly string[]
  readonly meta: Config
  readonly columns: ReadonlyMap<string, Column>
  readonly freshness: Value
  readonly loaded_at_field: string | null
  readonly external: Value
  readonly patch: Place | null
}

export interface MacroNode extends ResourceBase {
  readonly resource_type: 'macro'
  /** Whole block with its tags. */
  readonly macro_sql: string
  readonly arguments: readonly { readonly name: string; readonly type: string | null; readonly default: string | null; readonly description: string }[]
  readonly depends_on: { readonly macros: readonly string[] }
  readonly supported_languages: readonly string[] | null
  readonly patch: Place | null
}

/** Exposures, metrics, semantic models, saved queries, unit tests, groups, docs. `properties`: the YAML entry as dbt keeps it. */
export interface OtherResource extends ResourceBase {
  readonly resource_type: 'exposure' | 'metric' | 'semantic_model' | 'saved_query' | 'unit_test' | 'group' | 'doc'
  readonly enabled: boolean
  readonly config: Config
  readonly unrendered_config: Config
  readonly tags: readonly string[]
  readonly meta: Config
  readonly properties: Config
  readonly group: string | null
  /** Unit tests of one version of a model. */
  readonly version: string | bigint | number | null
  readonly refs: readonly RefArgs[]
  readonly sources: readonly (readonly [string, string])[]
  readonly metrics: readonly (readonly string[])[]
  readonly calls: readonly ResourceCall[]
  readonly depends_on: { readonly nodes: readonly string[]; readonly macros: readonly string[] }
  readonly problems: readonly Problem[]
  /** As a node's. */
  readonly unknown: readonly { readonly code: string; readonly message: string }[]
}

export interface Manifest {
  readonly nodes: ReadonlyMap<string, ManifestNode>
  readonly sources: ReadonlyMap<string, SourceNode>
  readonly macros: ReadonlyMap<string, MacroNode>
  /** exposures, metrics, semantic models, saved queries, unit tests, groups, docs; enabled ones. */
  readonly others: ReadonlyMap<string, OtherResource>
  readonly disabled: ReadonlyMap<string, readonly (ManifestNode | SourceNode | OtherResource)[]>
  /** Of the whole: duplicates, YAML errors, configuration; those of a node are in the node. */
  readonly problems: readonly Problem[]
  /** False while the second pass has nodes to evaluate: nothing may be called missing yet. */
  readonly final: boolean
}
