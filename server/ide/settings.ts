// The settings section `dbtDefer`: one schema for initializationOptions, workspace configuration, `.dbt-defer-ls.yml` and the client's package.json.
// A wrong value or unknown key is reported, never guessed at; everything works with none set.

import type { OpenRequest } from '../dbt/inputs.ts'

export interface Settings {
  readonly state: string | null
  readonly deferState: string | null
  /** A command line of the user's own that brings production's manifest to `state`; run only when asked. */
  readonly statePull: string | null
  /** null: as the environment and dbt's default say. */
  readonly defer: boolean | null
  readonly favorState: boolean | null
  readonly target: string | null
  readonly profile: string | null
  readonly profilesDir: string | null
  readonly targetPath: string | null
  readonly vars: string | null
  readonly rules: 'auto' | '1.7' | '1.8' | '1.9' | '1.10' | '1.11' | '1.12' | '2'
  /** auto, none, all, or the path of a listing file. */
  readonly exists: string
  /** What a run would select: with favor-state and in dbt ≤ 1.7 and 2 the answer hangs on it. Empty: everything. */
  readonly select: string
  readonly staleAfterDays: number
  readonly inlayHints: boolean
  readonly codeLenses: boolean
  readonly sqlSyntax: boolean
  readonly statusNotifications: boolean
  readonly trusted: boolean
}

export const DEFAULTS: Settings = {
  state: null, deferState: null, statePull: null, defer: null, favorState: null, target: null, profile: null, profilesDir: null, targetPath: null, vars: null,
  rules: 'auto', exists: 'auto', select: '', staleAfterDays: 7, inlayHints: true, codeLenses: true, sqlSyntax: true, statusNotifications: false, trusted: true,
}

export interface SettingSpec {
  readonly key: keyof Settings
  readonly type: 'string' | 'boolean' | 'number'
  readonly nullable: boolean
  readonly choices?: readonly string[]
  readonly description: string
}

export const SETTINGS: readonly SettingSpec[] = [
  { key: 'state', type: 'string', nullable: true, description: 'Directory of the production manifest.json (dbt --state), relative to the project.' },
  { key: 'deferState', type: 'string', nullable: true, description: 'Another state directory, for deferral alone (dbt --defer-state).' },
  { key: 'statePull', type: 'string', nullable: true, description: 'Your command that brings the production manifest.json into the state directory; run in the project, only when you ask for it.' },
  { key: 'defer', type: 'boolean', nullable: true, description: 'As dbt --defer or --no-defer; unset: as the environment and dbt itself say.' },
  { key: 'favorState', type: 'boolean', nullable: true, description: 'As dbt --favor-state.' },
  { key: 'target', type: 'string', nullable: true, description: 'Target of the profile (dbt --target).' },
  { key: 'profile', type: 'string', nullable: true, description: 'Profile to use (dbt --profile).' },
  { key: 'profilesDir', type: 'string', nullable: true, description: 'Directory of profiles.yml (dbt --profiles-dir).' },
  { key: 'targetPath', type: 'string', nullable: true, description: "dbt's target path (dbt --target-path)." },
  { key: 'vars', type: 'string', nullable: true, description: 'Variables as YAML (dbt --vars).' },
  { key: 'rules', type: 'string', nullable: false, choices: ['auto', '1.7', '1.8', '1.9', '1.10', '1.11', '1.12', '2'], description: "Which dbt's rules to follow; auto finds out." },
  { key: 'exists', type: 'string', nullable: false, description: 'What exists in the current target: auto, none, all, or a JSON file.' },
  { key: 'select', type: 'string', nullable: false, description: "What a run would select, in dbt's selection syntax; empty: everything." },
  { key: 'staleAfterDays', type: 'number', nullable: false, description: 'Age in days from which a state is called stale.' },
  { key: 'inlayHints', type: 'boolean', nullable: false, description: 'Show where each ref reads, behind the call.' },
  { key: 'codeLenses', type: 'boolean', nullable: false, description: 'Show above each model whether it is modified, what its refs read, and a way to run it.' },
  { key: 'sqlSyntax', type: 'boolean', nullable: false, description: 'Parse compiled SQL in the dialect of the target and show its errors in the model (needs @polyglot-sql/sdk beside the server).' },
  { key: 'statusNotifications', type: 'boolean', nullable: false, description: 'Send dbtDefer/status notifications to the client.' },
  { key: 'trusted', type: 'boolean', nullable: false, description: 'Whether the workspace is trusted to run its dbt, or its command that fetches the state, when asked to.' },
]

export const HOW_TO_PULL = 'nothing says how the state is fetched. Name your command in .dbt-defer-ls.yml, for example statePull: aws s3 cp s3://bucket/manifest.json prod/manifest.json (or in the setting dbtDefer.statePull, or in DBT_DEFER_LS_STATE_PULL)'
export const NO_STATE_TO_PULL = 'nothing says where the fetched state lies: name its directory with state: DIRECTORY in .dbt-defer-ls.yml, --state or DBT_STATE'

export interface SettingsProblem { readonly key: string; readonly message: string }

/** Layers plain data (JSON or YAML) over settings; what does not fit is left out and reported. Accepts `{dbtDefer: {…}}` and `{…}`. */
export function layerSettings(base: Settings, data: unknown): { settings: Settings; problems: SettingsProblem[] } {
  const problems: SettingsProblem[] = []
  const section = unwrap(data)
  if (section === null) return { settings: base, problems }
  const next: Record<string, unknown> = { ...base }
  for (const [key, value] of section) {
    const spec = SETTINGS.find((each) => each.key === key)
    if (!spec) {
      if (key !== 'serverPath' && key !== 'trace') problems.push({ key, message: `unknown setting ${key}` })
      continue
    }
    if (value === undefined || (value === null && !spec.nullable)) continue
    if (value !== null && (typeof value !== spec.type || (spec.choices && !spec.choices.includes(value as string)))) {
      problems.push({ key, message: `setting ${key} must be ${spec.choices ? `one of ${spec.choices.join(', ')}` : `a ${spec.type}`}, not ${JSON.stringify(value)}` })
      continue
    }
    next[spec.key] = value === '' && spec.nullable ? null : value
  }
  return { settings: next as unknown as Settings, problems }
}

/** What an environment variable of ours says where nothing else does. */
export function withEnvironment(settings: Settings, environment: (name: string) => string | null): Settings {
  return settings.statePull === null ? { ...settings, statePull: environment('DBT_DEFER_LS_STATE_PULL') || null } : settings
}

/** What the settings ask of dbt: they stand where the command line would. */
export function requestOf(settings: Settings): OpenRequest {
  const given = <K extends string, V>(key: K, value: V | null): { [key in K]?: V } => (value === null ? {} : { [key]: value } as { [key in K]?: V })
  return {
    cli: {
      ...given('state', settings.state), ...given('deferState', settings.deferState), ...given('defer', settings.defer), ...given('favorState', settings.favorState),
      ...given('target', settings.target), ...given('profile', settings.profile), ...given('profilesDir', settings.profilesDir), ...given('targetPath', settings.targetPath), ...given('vars', settings.vars),
    },
    rules: settings.rules, exists: settings.exists, select: settings.select.split(/\s+/).filter(Boolean), exclude: [], selector: null, command: 'compile', staleAfterDays: settings.staleAfterDays, asksGit: settings.trusted, statePull: settings.trusted ? settings.statePull : null,
  }
}

function unwrap(data: unknown): [string, unknown][] | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null
  const entries = Object.entries(data)
  const own = entries.find(([key]) => key === 'dbtDefer')
  return own ? unwrap(own[1]) : entries
}
