// The seam between building a manifest (nodes/, graph/) and evaluating templates (context/): what goes in, what comes out.

import type { Template } from '../../jinja/nodes.ts'
import type { PyObject, UnknownOrigin, Value } from '../../jinja/value.ts'
import type { Place } from '../../text/span.ts'
import type { Config, MacroNode, NodeType, RefArgs, ResourceCall } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import type { Project } from '../project/types.ts'

/** Everything besides the node that an evaluation may read. Reads are recorded in `Evaluation.reads`. */
export interface World {
  readonly project: Project
  readonly macros: MacroIndex
}

/** All macros by package and by name, dbt's own included; see macros.ts. `source` of dbt's own: where they were read from, null when only our own small versions serve. */
export interface MacroIndex {
  readonly byId: ReadonlyMap<string, MacroDefinition>
  readonly source: string | null
  /** Macros visible to a node of `packageName` in dbt's order (own package, root, dbt's own). */
  find(name: string, packageName: string | null): MacroDefinition | null
}

/** One macro with its parsed block. `origin`: project and package macros have a file; dbt's own have none. */
export interface MacroDefinition {
  readonly unique_id: string
  readonly name: string
  readonly package_name: string
  readonly node: MacroNode
  readonly template: Template
  readonly internal: boolean
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
  readonly schema: string
  readonly alias: string
  /** Further members of Jinja's `model`. */
  readonly model: ReadonlyMap<string, Value>
  /** Generic tests: what `**_dbt_generic_test_kwargs` holds. */
  readonly testKwargs: ReadonlyMap<string, Value> | null
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
  readonly text: string
  readonly calls: readonly ResourceCall[]
  readonly refs: readonly RefArgs[]
  readonly sources: readonly (readonly [string, string])[]
  readonly metrics: readonly (readonly string[])[]
  readonly functions: readonly (readonly string[])[]
  readonly configCalls: readonly ConfigCall[]
  /** dbt's depends_on.macros of the node: called directly (depth 0) while rendering, in order of first call. */
  readonly macros: readonly string[]
  readonly reads: Reads
  readonly unknown: readonly UnknownOrigin[]
  /** The template could not be parsed or evaluated: dbt's message at its place. */
  readonly problem: Problem | null
}

/** A relation as templates see it (`api.Relation`). Concrete class: relation.ts. */
export type RelationValue = PyObject
