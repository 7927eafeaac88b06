// What a snapshot is made of: the project and its files as read from disk, and the evidence (state, what exists). Values only; host/ makes them.

import type { MacroFile } from './context/macro-files.ts'
import type { InternalMacros } from './context/types.ts'
import type { RelationListing } from './defer/types.ts'
import type { Files, SourceFile } from './files.ts'
import type { DbtCommand } from './graph/select-commands.ts'
import type { FoundFile } from './project/resource-files.ts'
import type { Problem } from './problem.ts'
import type { CliOptions } from './project/flags.ts'
import type { Project } from './project/types.ts'
import type { Built, GitFacts, Production } from './state/evidence.ts'
import type { StateManifest, StateProblem } from './state/types.ts'

/** What the user asked for: command line, settings, commands of the editor. */
export interface OpenRequest {
  readonly cli: CliOptions
  /** `--rules`. */
  readonly rules: string
  /** `--exists`: auto, none, all or a file. */
  readonly exists: string
  readonly select: readonly string[]
  readonly exclude: readonly string[]
  readonly selector: string | null
  /** With nothing selected, each node is answered as if it alone were: editors. The command line means everything, as dbt does. */
  readonly alone?: boolean
  /** The dbt command that is meant: it decides which selected nodes count for --favor-state. */
  readonly command: DbtCommand
  readonly staleAfterDays: number
  /** Whether git may be asked how old the state is: not in untrusted workspaces. */
  readonly asksGit: boolean
  /** The user's command that brings the state; null: there is none, or it must not be run. */
  readonly statePull: string | null
}

export interface Inputs {
  readonly request: OpenRequest
  readonly project: Project
  readonly resources: readonly FoundFile[]
  readonly files: Files
  /** dbt's own macros; null: none could be found. */
  readonly internal: InternalMacros | null
  /** Of the installed dbt; null: none found. */
  readonly installedDbt: string | null
  /** dbt_project.yml, packages.yml … by path: what project/project-files.ts names. */
  readonly besides: Files
  /** selectors.yml. */
  readonly selectors: SourceFile | null
  /** Results of earlier runs, for `result:` and `source_status:`. */
  readonly artifacts: {
    readonly results: ReadonlyMap<string, string> | null
    readonly freshness: { readonly previous: ReadonlyMap<string, string | null> | null; readonly current: ReadonlyMap<string, string | null> | null }
  }
  readonly evidence: Evidence
  /** What an earlier start found to be as this state has it, by id; absent or null: nothing is known. */
  readonly asBefore?: (state: StateManifest) => ((id: string) => boolean) | null
}

export interface Evidence {
  /** Nothing was looked for yet: an editor answers before the state is read. */
  readonly pending?: true
  /** `--state`: what is compared with. */
  readonly state: StateManifest | null
  /** What is deferred to: `--defer-state`, else `--state`. */
  readonly deferState: StateManifest | null
  readonly listing: RelationListing
  /** What is wrong with the file that is deferred to; `deferState` is then the last good one, or null. */
  readonly stateProblem: StateProblem | null
  /** The state and target directories with symbolic links resolved, so that two spellings of one place are one. */
  readonly paths: { readonly state: string | null; readonly deferState: string | null; readonly target: string }
  /** The last production run, from what lies beside the state. */
  readonly production: Production
  /** By unique_id: what the current target's last run built. */
  readonly built: ReadonlyMap<string, Built>
  /** Where this branch stands; null: no git, or not asked for. */
  readonly git: GitFacts | null
  readonly problems: readonly Problem[]
  /** `metadata.dbt_version` of the state: it may choose the rules. */
  readonly stateVersion: string | null
}

/** Of the state alone. */
export type StateEvidence = Pick<Evidence, 'state' | 'deferState' | 'stateProblem' | 'stateVersion'>

const MACRO_KINDS: ReadonlySet<string> = new Set(['macro', 'generic_test'])

export function holdsMacros(found: FoundFile): boolean { return MACRO_KINDS.has(found.kind) }

/** Files of macros as macros.ts wants them: macros first, then generic tests. */
export function macroFilesOf({ resources, files }: Pick<Inputs, 'resources' | 'files'>): readonly MacroFile[] {
  const all = resources.flatMap((found): MacroFile[] => {
    const file = files.get(found.path)
    if (!file || !holdsMacros(found)) return []
    return [{ file, packageName: found.packageName, originalPath: `${found.searchedPath.replace(/\/$/, '')}/${found.relativePath}`, kind: found.kind === 'macro' ? 'macro' : 'generic-test' }]
  })
  return [...all.filter((each) => each.kind === 'macro'), ...all.filter((each) => each.kind === 'generic-test')]
}
