// The seam between building a manifest (nodes/, graph/) and evaluating templates (context/): what goes in, what comes out.

import type { Template } from '../../jinja/nodes.ts'
import type { Trace } from '../../jinja/trace.ts'
import type { CallSite, PyObject, UnknownOrigin, Value } from '../../jinja/value.ts'
import type { Place, Span } from '../../text/span.ts'
import type { Declaration } from '../nodes/declaration.ts'
import type { Config, MacroNode, NodeType, RefArgs, ResourceCall } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import type { Project } from '../project/types.ts'

/** Everything besides the node that an evaluation may read. Reads are recorded in `Evaluation.reads`. */
export interface World {
  readonly project: Project
  readonly macros: MacroIndex
  /** The version of dbt whose answers are wanted, when it is known for sure (installed dbt, state metadata); else `dbt_version` is unknown. */
  readonly dbtVersion: string | null
}

/** All macros by package and by name, dbt's own included; made by macros.ts, whose functions look things up in it. */
export interface MacroIndex {
  /** In dbt's order: files in order, dbt's own last. Of equal ids the first. */
  readonly byId: ReadonlyMap<string, MacroDefinition>
  readonly byPackage: ReadonlyMap<string, ReadonlyMap<string, MacroDefinition>>
  readonly rootPackage: string
  /** The adapter's package, its parents', `dbt`: nearest first (dbt's get_adapter_package_names). */
  readonly internalPackages: readonly string[]
  /** Where dbt's own macros were read from; null when only our own small versions serve. */
  readonly source: string | null
  /** Duplicates and broken blocks. */
  readonly problems: readonly Problem[]
  /** Tags outside of any block of a macro file: a warning, where dbt has it. */
  readonly strays: readonly Problem[]
  /** Macros visible to a node of `packageName` in dbt's order (own package, root, dbt's own); null searches as the root does. */
  find(name: string, packageName: string | null): MacroDefinition | null
}

/** One macro with its block, parsed when first asked for. Project and package macros have a file; dbt's own have none (`node.place.path` starts with `dbt:`). */
export interface MacroDefinition {
  readonly unique_id: string
  readonly name: string
  readonly package_name: string
  readonly node: MacroNode
  /** Of the block's text alone: add `node.place.start` for places in the file. */
  readonly template: Template
  readonly internal: boolean
  /** Of one of dbt's own: where its block stands in the file of the installed dbt, when that is where it was read. */
  readonly installed: Place | null
}

/** dbt's own macros as somebody read them: from a manifest's `macros`, or from the include folders of an installed dbt. `source` says which, in words for doctor. */
export interface InternalMacros {
  readonly source: string
  readonly macros: readonly InternalMacro[]
}

export interface InternalMacro {
  readonly package_name: string
  readonly name: string
  readonly macro_sql: string
  readonly original_file_path: string
  /** Where its block stands in the file of an installed dbt; absent: it came in a manifest. */
  readonly file?: Place
}

/** The node as it stands while it is parsed. */
export interface NodeDraft {
  readonly unique_id: string
  readonly resource_type: NodeType
  readonly name: string
  readonly package_name: string
  readonly path: string
  readonly original_file_path: string
  readonly fqn: readonly string[]
  readonly language: 'sql' | 'python' | 'javascript'
  readonly version: string | bigint | number | null
  readonly raw_code: string
  /** The file the template's offsets refer to and the offset of the template's first character in it. */
  readonly file: string
  readonly offset: number
  /** dbt's config of the node as known before its own config() calls; names (database, schema, alias) as computed so far. */
  readonly config: Config
  readonly database: string | null
  readonly schema: string | null
  readonly alias: string
  /** What parsing the files said of it; absent for a node that is finished. */
  readonly declared?: Pick<Declaration, 'checksum' | 'index' | 'tags' | 'test'> | undefined
  /** Further members of Jinja's `model`, and others in place of its own; null: it has none of that name. */
  readonly model: ReadonlyMap<string, Value>
  /** Generic tests: what `**_dbt_generic_test_kwargs` holds. */
  readonly testKwargs: ReadonlyMap<string, Value> | null
  /** Generic tests: where the value of an argument stands (a plain scalar's text without quotes), for places of the refs in it. */
  readonly testKwargPlaces?: ReadonlyMap<string, Place>
}

/** A template of the node besides its raw_code, rendered with the node's own context: a pre-hook or post-hook. */
export interface ExtraText extends Span {
  readonly text: string
  readonly path: string
}

export interface ConfigCall {
  readonly values: ReadonlyMap<string, Value>
  readonly place: Place
}

/** What was read besides the text: an edit elsewhere re-evaluates a node only if it touches one of these. */
export interface Reads {
  /** unique_ids of macros called, transitively; `missing:NAME` for names looked up and not found as macro. */
  readonly macros: ReadonlySet<string>
  /** `package:name` */
  readonly vars: ReadonlySet<string>
  readonly env: ReadonlySet<string>
  /** True when `target`, `model`, `graph`, `project_name` … other parts of the world were read. */
  readonly target: boolean
}

/** Result of a parse-mode evaluation (`execute` false). */
export interface ParseEvaluation {
  readonly calls: readonly ResourceCall[]
  /** As dbt records them: in order, with repetitions. Only calls that certainly happen. */
  readonly refs: readonly RefArgs[]
  readonly sources: readonly (readonly [string, string])[]
  readonly metrics: readonly (readonly string[])[]
  readonly functions: readonly (readonly string[])[]
  /** `pre_hook`/`post_hook` already spelled `pre-hook`/`post-hook`. */
  readonly configCalls: readonly ConfigCall[]
  /** dbt's depends_on.macros of the node: called directly (depth 0) while rendering, in order of first call. */
  readonly macros: readonly string[]
  readonly reads: Reads
  readonly unknown: readonly UnknownOrigin[]
  /** The template could not be parsed or evaluated: dbt's message at its place. */
  readonly problem: Problem | null
  /** dbt's static parser took it: strings in configCalls go into unrendered_config as they are, errors of its Jinja show only when it is compiled. */
  readonly staticallyParsed: boolean
}

/** A relation as templates see it (`api.Relation`). Concrete class: relation.ts. */
export type RelationValue = PyObject

/** What a run-mode evaluation may ask about the rest of the manifest and the warehouse. Answers are values, errors in dbt's words, or honest unknowns. */
export interface RunContext {
  /** Jinja's `model`: see model-dict.ts. Made when it is first asked for, the same every time. */
  model(): Value
  readonly config: Config
  /** Null in operations. */
  readonly this: RelationValue | null
  /** Lazily built: `graph`. */
  graph(): Value
  resolveRef(args: RefArgs): Answer
  resolveSource(source: string, table: string): Answer
  resolveFunction(name: string, packageName: string | null): Answer
  resolveMetric(name: string, packageName: string | null): Answer
  /** `adapter.get_relation`: the relation, None when it is known not to exist, or unknown. */
  relation(database: string | null, schema: string | null, identifier: string | null): Answer
  /** `adapter.get_columns_in_relation` on a relation: a list of Columns, or unknown. */
  columns(relation: RelationValue): Answer
  /** `flags.FULL_REFRESH` and the like; a name that is not in it is unknown. */
  readonly flags: ReadonlyMap<string, Value>
  readonly selectedResources: ReadonlySet<string> | null
  /** Further names of the context (on-run-end's `schemas`, `results`; a unit test's overrides), before all others. */
  readonly extra: ReadonlyMap<string, Value>
  /** Unit tests: what takes the place of macros and environment variables. */
  readonly overrides?: Overrides
}

/** By the names that unit tests use: `macro`, `package.macro`. */
export interface Overrides { readonly macros: ReadonlyMap<string, Value>; readonly envVars: ReadonlyMap<string, Value> }

/** What stands behind an answer that dbt would have got from the warehouse: results that the user has. */
export interface Evidenced {
  /** The call as it would be written. */
  readonly call: string
  readonly evidence: 'warehouse' | 'listing' | 'run-results' | 'catalog' | 'assumption' | 'none'
  /** ISO; null: not known, or an assumption. */
  readonly as_of: string | null
  /** Where it comes from. */
  readonly file: string | null
}

export type Answer =
  | { readonly kind: 'value'; readonly value: Value; readonly evidence?: Evidenced }
  | { readonly kind: 'error'; readonly code: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly code: string; readonly message: string }

/** Result of a run-mode evaluation. */
export interface RunEvaluation {
  /** The text in order; unknown pieces hold null. With an error: none, or in a preview what had been printed before the budget was blown. */
  readonly pieces: readonly RunPiece[]
  /** Null exactly when there is an unknown or an error. */
  readonly text: string | null
  readonly unknown: readonly UnknownOrigin[]
  readonly error: Problem | null
  readonly calls: readonly ResourceCall[]
  /** Of calls that went through a macro of the project named as what they call: what that gave back, as text; null: not known. */
  readonly given: ReadonlyMap<ResourceCall, string | null>
  readonly reads: Reads
  /** What the warehouse was asked to do, whether or not the text hangs on the answer: dbt fails where the warehouse does. */
  readonly asked: readonly UnknownOrigin[]
  /** The answers of the warehouse that were given from evidence, with the call that got them (innermost first). */
  readonly evidence: readonly (Evidenced & { readonly stack: readonly CallSite[] })[]
  /** Of a preview whose text was rendered. */
  readonly trace: Trace | null
}

/** `source`: the part of the template it was made by, in the node's file. */
export interface RunPiece {
  readonly text: string | null
  readonly source: Span | null
  readonly unknown: UnknownOrigin | null
  /** Of a preview: see jinja's Piece. Else empty. */
  readonly sites: readonly CallSite[]
  readonly literal: boolean
}
