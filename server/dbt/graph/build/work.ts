// Nodes on their way into the manifest: what they declare, what YAML says of them, what they became. Lives for one build only.

import type { Value } from '../../../jinja/value.ts'
import type { Place } from '../../../text/span.ts'
import type { ParseEvaluation } from '../../context/types.ts'
import type { Partial } from '../../names/config.ts'
import type { Declaration, Version } from '../../nodes/declaration.ts'
import type { Column, Config, ManifestNode } from '../../nodes/types.ts'
import type { Problem } from '../../problem.ts'
import type { ConfigPlace } from './config-places.ts'

/** Step one: the template has run, YAML has not been looked at. */
export interface Parsed {
  readonly declaration: Declaration
  readonly evaluation: ParseEvaluation
  /** EvaluatedText.written */
  readonly written: Partial | null
  /** Merged config() calls, null without. */
  readonly inFile: Partial | null
  /** dbt_project levels alone, and with the config() calls. */
  readonly base: Config
  readonly config: Config
  readonly error: string | null
  /** The config key that the error is about. */
  readonly errorKey: string | null
}

/** What YAML says of one node (ParsedNodePatch), rendered. */
export interface NodePatch {
  /** `models`, `seeds` …; null for singular tests, whose YAML never counts in unrendered_config. */
  readonly section: string | null
  readonly name: string
  /** The package of the YAML file: its dbt_project.yml counts as the node's own. */
  readonly packageName: string
  readonly original_file_path: string
  readonly place: Place
  readonly description: string
  readonly columns: ReadonlyMap<string, Column>
  readonly config: Config
  /** The raw `config:` of the entry (of the version, for versions). */
  readonly unrendered: Config | null
  /** Where its config is written. */
  readonly configPlaces: readonly ConfigPlace[]
  readonly constraints: readonly Value[]
  readonly constraintPlaces: readonly Place[]
  readonly version: Version
  readonly latest_version: Version
  readonly deprecation_date: string | null
  /** Columns and the like apply (nodes); false for singular tests, which take description and config only. */
  readonly whole: boolean
  /** Of functions: arguments, returns. */
  readonly properties: Config
  readonly unknown: { readonly code: string; readonly message: string } | null
}

export interface Work {
  readonly parsed: Parsed
  unique_id: string
  name: string
  fqn: readonly string[]
  patch: NodePatch | null
  /** Only generic tests: what they hang on, and its group. */
  attached: string | null
  attachedGroup: string | null
  readonly problems: Problem[]
  /** Functions only: the files whose refs it takes over. */
  readonly overloads: Work[]
  /** Made by finish(); null while YAML may still change it. */
  node: ManifestNode | null
}

export function workOf(parsed: Parsed): Work {
  const { declaration } = parsed
  return { parsed, unique_id: declaration.unique_id, name: declaration.name, fqn: declaration.fqn, patch: null, attached: null, attachedGroup: null, problems: [], overloads: [], node: null }
}

/** As RefableLookup asks. */
export function versionOf(work: Work): Version { return work.patch?.version ?? null }
