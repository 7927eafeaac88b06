// What a dbt project is, after dbt_project.yml, profiles.yml, packages and variables were read. Made by load.ts; no IO here.

import type { Value } from '../../jinja/value.ts'
import type { YamlDocument, YamlNode } from '../../yaml/nodes.ts'
import type { Adapter } from '../adapters/types.ts'
import type { SourceFile } from '../files.ts'
import type { Problem } from '../problem.ts'
import type { Rules } from '../rules/rules.ts'
import type { Flags } from './flags.ts'
import type { Upstream } from './upstream.ts'

/** The root project or one installed package. */
export interface Package {
  readonly name: string
  /** Absolute directory, no slash at the end. */
  readonly root: string
  readonly isRoot: boolean
  readonly file: SourceFile
  readonly document: YamlDocument
  /** Each `*-paths` key, as written (relative to `root`), with dbt's defaults filled in. */
  readonly paths: ResourcePaths
  /** `models:`, `seeds:` … rendered as dbt renders dbt_project.yml, and raw (Jinja left in, for unrendered_config). Keys: models, seeds, snapshots, sources, data_tests (`tests` too), unit_tests, analyses, functions, exposures, metrics, semantic-models, saved-queries. */
  readonly configs: ReadonlyMap<string, Value>
  readonly unrenderedConfigs: ReadonlyMap<string, Value>
  /** `vars:` (or vars.yml, 1.12), not rendered: global keys and per-package dicts, as written. */
  readonly vars: ReadonlyMap<string, Value>
  readonly dispatch: readonly { readonly macro_namespace: string; readonly search_order: readonly string[] }[]
  /** Raw text with its place; rendered later as operations. */
  readonly onRunStart: readonly HookText[]
  readonly onRunEnd: readonly HookText[]
  readonly quoting: ReadonlyMap<string, boolean>
  readonly restrictAccess: boolean
  readonly requireDbtVersion: readonly string[]
  readonly version: string | null
  /** `profile:`, not rendered. */
  readonly profile: YamlNode | null
  /** As written, relative to `root`. */
  readonly packagesInstallPath: string
  readonly targetPath: string | null
}

export interface HookText { readonly sql: string; readonly start: number; readonly end: number }

export interface ResourcePaths {
  readonly model: readonly string[]
  readonly seed: readonly string[]
  readonly snapshot: readonly string[]
  readonly analysis: readonly string[]
  readonly macro: readonly string[]
  readonly test: readonly string[]
  readonly function: readonly string[]
  readonly docs: readonly string[]
  readonly asset: readonly string[]
  /** Where property files (.yml) are looked for: all of the above but docs and asset, each once. */
  readonly properties: readonly string[]
}

/** The chosen output of profiles.yml, rendered. Secrets are kept out of `context` and must never be printed. */
export interface Target {
  readonly profileName: string
  readonly name: string
  /** All outputs of the profile, for completion and setTarget. */
  readonly names: readonly string[]
  readonly type: string
  readonly database: string | null
  readonly schema: string
  readonly threads: number
  /** What Jinja's `target` shows: connection info without password-like keys, plus dbt's extra names and aliases. */
  readonly context: ReadonlyMap<string, Value>
  /** DuckDB: absolute path of the database file, null for :memory: and others. */
  readonly databaseFile: string | null
  /** DuckDB: what `attach:` adds from files of this machine. */
  readonly attached: readonly AttachedFile[]
}

/** A DuckDB file beside the target's own. */
export interface AttachedFile {
  /** Absolute. */
  readonly file: string
  /** The name it is attached under; null: DuckDB takes it from the file's name. */
  readonly database: string | null
}

export interface Project {
  readonly root: Package
  /** Every package by name, the root first, then in dbt's order. */
  readonly packages: ReadonlyMap<string, Package>
  readonly target: Target | null
  readonly adapter: Adapter
  readonly rules: Rules
  readonly flags: Flags
  /** `--vars`. */
  readonly cliVars: ReadonlyMap<string, Value>
  /** Environment as dbt sees it (.env merged by the rules of the version). */
  readonly env: ReadonlyMap<string, string>
  /** Models of other projects that are known by their manifests. */
  readonly upstream: Upstream
  /** Absolute. */
  readonly targetPath: string
  readonly packagesInstallPath: string
  /** The profiles.yml that was read or would be. */
  readonly profilesPath: string
  /** Every file whose change means loading the project again; some may not exist. */
  readonly configFiles: readonly string[]
  readonly problems: readonly Problem[]
}
