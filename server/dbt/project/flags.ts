// dbt's options after its precedence: command line > DBT_ENGINE_X > DBT_X > `flags:` of the project > user settings > default,
// with the deprecated environment names above everything (1.x). Each value says where it came from.
// Sources: dbt/cli/params.py, cli/flags.py (1.12.6), confirmed by runs.

import type { Place } from '../../text/span.ts'
import type { Problem } from '../problem.ts'
import type { Rules } from '../rules/rules.ts'
import { parseEventTimes, parseSample, type Sample, type TimeWindow } from './event-time.ts'
import { parseBoolean } from './flag-values.ts'

export interface Flag<T> {
  readonly value: T
  /** '--state', 'DBT_STATE', 'flags: of dbt_project.yml', 'default' …, for doctor and explain. */
  readonly from: string
}

export interface Flags {
  readonly profilesDir: Flag<string | null>
  readonly profile: Flag<string | null>
  readonly target: Flag<string | null>
  readonly targetPath: Flag<string | null>
  /** Absolute directory. */
  readonly state: Flag<string | null>
  readonly deferState: Flag<string | null>
  readonly defer: Flag<boolean>
  readonly favorState: Flag<boolean>
  readonly vars: Flag<string>
  readonly fullRefresh: Flag<boolean>
  readonly empty: Flag<boolean>
  readonly indirectSelection: Flag<string>
  readonly resourceTypes: Flag<readonly string[]>
  readonly excludeResourceTypes: Flag<readonly string[]>
  readonly storeFailures: Flag<boolean>
  readonly versionCheck: Flag<boolean>
  readonly staticParser: Flag<boolean>
  readonly introspect: Flag<boolean>
  /** Of `compile`: false leaves the CTEs of ephemeral models out. */
  readonly injectEphemeralCtes: Flag<boolean>
  /** `--sample` (dbt run, dbt build). */
  readonly sample: Flag<Sample | null>
  /** `--event-time-start` and `--event-time-end`, which come together. */
  readonly eventTime: Flag<TimeWindow | null>
  /** Bytes; 0: no limit. */
  readonly seedSizeLimit: Flag<number>
  /** The behaviour flags of the version, by name. */
  readonly behaviour: ReadonlyMap<string, Flag<boolean>>
}

/** What was given on the command line (or by a setting or command of the editor). Absent: not given. */
export interface CliOptions {
  readonly profilesDir?: string
  readonly profile?: string
  readonly target?: string
  readonly targetPath?: string
  readonly state?: string
  readonly deferState?: string
  readonly defer?: boolean
  readonly favorState?: boolean
  readonly vars?: string
  readonly fullRefresh?: boolean
  readonly empty?: boolean
  readonly indirectSelection?: string
  readonly resourceTypes?: readonly string[]
  readonly excludeResourceTypes?: readonly string[]
  readonly staticParser?: boolean
  readonly introspect?: boolean
  readonly injectEphemeralCtes?: boolean
  readonly sample?: string
  readonly eventTimeStart?: string
  readonly eventTimeEnd?: string
}

export interface FlagSources {
  readonly cli: CliOptions
  readonly env: ReadonlyMap<string, string>
  /** `flags:` of dbt_project.yml (1.8 on) or `config:` of profiles.yml (1.7), scalars only, with their places. */
  readonly project: ReadonlyMap<string, ProjectFlag>
  /** `flags` of ~/.dbt/user_settings.yml. */
  readonly user: ReadonlyMap<string, boolean | string | number>
  readonly projectRoot: string
  readonly cwd: string
  /** Where problems of no file are shown: dbt_project.yml. */
  readonly place: Place
}

export interface ProjectFlag { readonly value: boolean | string | number; readonly place: Place }

function writtenIn({ place }: ProjectFlag): string { return place.path.endsWith('/profiles.yml') ? 'config: of profiles.yml' : 'flags: of dbt_project.yml' }

export interface ResolvedFlags { readonly flags: Flags; readonly problems: readonly Problem[] }

interface Reading {
  readonly sources: FlagSources
  readonly rules: Rules
  readonly problems: Problem[]
}

/** Never throws: a value dbt would refuse is a problem and counts as not given. */
export function resolveFlags(sources: FlagSources, rules: Rules): ResolvedFlags {
  const reading: Reading = { sources, rules, problems: [] }
  const { cli } = sources
  const flags: Flags = {
    profilesDir: text(reading, 'profiles-dir', cli.profilesDir, 'DBT_PROFILES_DIR'),
    profile: text(reading, 'profile', cli.profile, 'DBT_PROFILE'),
    target: text(reading, 'target', cli.target, 'DBT_TARGET'),
    targetPath: text(reading, 'target-path', cli.targetPath, 'DBT_TARGET_PATH'),
    state: directory(reading, 'state', cli.state, 'DBT_STATE', 'DBT_ARTIFACT_STATE_PATH'),
    deferState: directory(reading, 'defer-state', cli.deferState, 'DBT_DEFER_STATE', null),
    defer: deferFlag(reading),
    favorState: boolean(reading, 'favor-state', cli.favorState, 'DBT_FAVOR_STATE', false, 'DBT_FAVOR_STATE_MODE'),
    vars: given(cli.vars, '--vars') ?? { value: '{}', from: 'default' },
    fullRefresh: boolean(reading, 'full-refresh', cli.fullRefresh, 'DBT_FULL_REFRESH', false),
    empty: boolean(reading, 'empty', cli.empty, 'DBT_EMPTY', false),
    indirectSelection: choice(reading, 'indirect-selection', cli.indirectSelection, 'DBT_INDIRECT_SELECTION', 'eager', ['eager', 'cautious', 'buildable', 'empty']),
    resourceTypes: words(reading, 'resource-type', cli.resourceTypes, 'DBT_RESOURCE_TYPES'),
    excludeResourceTypes: words(reading, 'exclude-resource-type', cli.excludeResourceTypes, 'DBT_EXCLUDE_RESOURCE_TYPES'),
    storeFailures: boolean(reading, 'store-failures', undefined, 'DBT_STORE_FAILURES', false),
    versionCheck: boolean(reading, 'version-check', undefined, 'DBT_VERSION_CHECK', true),
    staticParser: boolean(reading, 'static-parser', cli.staticParser, 'DBT_STATIC_PARSER', true),
    introspect: boolean(reading, 'introspect', cli.introspect, 'DBT_INTROSPECT', true),
    injectEphemeralCtes: given(cli.injectEphemeralCtes, '--no-inject-ephemeral-ctes') ?? { value: true, from: 'default' },
    sample: sampleFlag(reading),
    eventTime: eventTimeFlag(reading),
    seedSizeLimit: seedSizeLimit(reading),
    behaviour: behaviour(reading),
  }
  for (const key of DEFERRING) {
    const written = sources.project.get(key)
    if (written) reading.problems.push({ code: 'flag-without-effect', severity: 'warning', message: `dbt takes \`${key}\` under \`flags:\` and does nothing with it: give --${key.replaceAll('_', '-')} or set DBT_${key.toUpperCase()}`, place: written.place, data: { key, value: written.value } })
  }
  return { flags, problems: reading.problems }
}

function sampleFlag(reading: Reading): Flag<Sample | null> {
  // `dbt compile` itself has none of these options and reads none of their variables.
  const { sample } = reading.sources.cli
  const parsed = sample === undefined ? null : parseSample(sample)
  if (parsed === null) return { value: null, from: 'default' }
  if (parsed.ok) return { value: parsed.value, from: '--sample' }
  report(reading, 'flag-invalid', `Invalid value for '--sample': ${parsed.message}`)
  return { value: null, from: '--sample' }
}

function eventTimeFlag(reading: Reading): Flag<TimeWindow | null> {
  const { cli } = reading.sources
  const parsed = parseEventTimes(cli.eventTimeStart ?? null, cli.eventTimeEnd ?? null)
  if (parsed.ok) return { value: parsed.value, from: parsed.value === null ? 'default' : '--event-time-start' }
  report(reading, 'flag-invalid', parsed.message)
  return { value: null, from: '--event-time-start' }
}

/** The environment variables of a name, the winning one first. */
function fromEnv(reading: Reading, name: string): { readonly name: string; readonly text: string } | null {
  const names = reading.rules.readsEngineEnv ? [name.replace('DBT_', 'DBT_ENGINE_'), name] : [name]
  for (const each of names) {
    const value = reading.sources.env.get(each)
    // click takes an empty variable for one that isn't set
    if (value !== undefined && value !== '') return { name: each, text: value }
  }
  return null
}

function given<T>(value: T | undefined, from: string): Flag<T> | null {
  return value === undefined ? null : { value, from }
}

function text(reading: Reading, option: string, cli: string | undefined, env: string): Flag<string | null> {
  const found = fromEnv(reading, env)
  return given(cli, `--${option}`) ?? (found ? { value: found.text, from: found.name } : { value: null, from: 'default' })
}

/** State directories: relative to the project (1.x) or the current directory (2); the deprecated variable always to the latter. */
function directory(reading: Reading, option: string, cli: string | undefined, env: string, deprecated: string | null): Flag<string | null> {
  const { sources, rules } = reading
  const old = deprecated === null ? undefined : sources.env.get(deprecated)
  const oldWins = old !== undefined && old !== '' && (rules.deprecatedEnvBeatsAll || (cli === undefined && !fromEnv(reading, env)))
  if (oldWins && deprecated !== null) return { value: absolutePath(sources.cwd, old), from: deprecated }
  const flag = text(reading, option, cli, env)
  return flag.value === null ? flag : { value: absolutePath(rules.statePathBase === 'cwd' ? sources.cwd : sources.projectRoot, flag.value), from: flag.from }
}

function boolean(reading: Reading, option: string, cli: boolean | undefined, env: string, byDefault: boolean, deprecated?: string): Flag<boolean> {
  if (deprecated !== undefined && (reading.rules.deprecatedEnvBeatsAll || cli === undefined)) {
    const old = reading.sources.env.get(deprecated)
    const value = old === undefined || old === '' ? null : readBoolean(reading, `deprecated-${option}`, old)
    if (value !== null) return { value, from: deprecated }
  }
  if (cli !== undefined) return { value: cli, from: cli ? `--${option}` : `--no-${option}` }
  const found = fromEnv(reading, env)
  const fromVariable = found ? readBoolean(reading, option, found.text) : null
  if (found && fromVariable !== null) return { value: fromVariable, from: found.name }
  return projectBoolean(reading, option.replaceAll('-', '_')) ?? { value: byDefault, from: 'default' }
}

/** `defer`, `state`, `favor_state` under `flags:` are accepted and do nothing. */
const DEFERRING = ['defer', 'favor_state', 'state', 'defer_state']
const NOT_PROJECT_FLAGS = new Set(['defer', 'favor_state', 'state', 'defer_state', 'full_refresh', 'empty', 'store_failures', 'introspect'])

function projectBoolean(reading: Reading, key: string): Flag<boolean> | null {
  const { project, user } = reading.sources
  const flag = NOT_PROJECT_FLAGS.has(key) ? undefined : project.get(key)
  if (flag && typeof flag.value === 'boolean') return { value: flag.value, from: writtenIn(flag) }
  const setting = reading.rules.readsUserSettings ? user.get(key) : undefined
  return typeof setting === 'boolean' ? { value: setting, from: 'user_settings.yml' } : null
}

function deferFlag(reading: Reading): Flag<boolean> {
  const { cli } = reading.sources
  const flag = boolean(reading, 'defer', cli.defer, 'DBT_DEFER', reading.rules.deferByDefault, 'DBT_DEFER_TO_STATE')
  return !flag.value && !reading.rules.envSwitchesDeferOff && cli.defer === undefined ? { value: reading.rules.deferByDefault, from: 'default' } : flag
}

function readBoolean(reading: Reading, option: string, value: string): boolean | null {
  const parsed = parseBoolean(value)
  if (parsed === null) {
    report(reading, 'flag-invalid', `Invalid value for '--${option}': '${value}' is not a valid boolean. Recognized values: , 0, 1, f, false, n, no, off, on, t, true, y, yes`)
  }
  return parsed
}

function choice(reading: Reading, option: string, cli: string | undefined, env: string, byDefault: string, choices: readonly string[]): Flag<string> {
  const found = fromEnv(reading, env)
  const project = reading.sources.project.get(option.replaceAll('-', '_'))
  const flag = given(cli, `--${option}`) ?? (found ? { value: found.text, from: found.name } : null)
    ?? (typeof project?.value === 'string' ? { value: project.value, from: writtenIn(project) } : { value: byDefault, from: 'default' })
  const value = flag.value.toLowerCase()
  if (choices.includes(value)) return { value, from: flag.from }
  report(reading, 'flag-invalid', `Invalid value for '--${option}': '${flag.value}' is not one of ${choices.map((each) => `'${each}'`).join(', ')}.`)
  return { value: byDefault, from: 'default' }
}

function words(reading: Reading, option: string, cli: readonly string[] | undefined, env: string): Flag<readonly string[]> {
  const found = fromEnv(reading, env)
  return given(cli, `--${option}`) ?? (found ? { value: found.text.split(/\s+/).filter((word) => word !== ''), from: found.name } : { value: [], from: 'default' })
}

function seedSizeLimit(reading: Reading): Flag<number> {
  const variable = reading.sources.env.get('DBT_ENGINE_MAXIMUM_SEED_SIZE_MIB')
  const project = reading.sources.project.get('maximum_seed_size_mib')
  const configurable = reading.rules.seedSizeLimitIsFlag
  if (configurable && variable !== undefined && /^\d+$/.test(variable)) return { value: Number(variable) * 1024 * 1024, from: 'DBT_ENGINE_MAXIMUM_SEED_SIZE_MIB' }
  if (configurable && typeof project?.value === 'number') return { value: project.value * 1024 * 1024, from: 'flags: of dbt_project.yml' }
  return { value: reading.rules.seedSizeLimit, from: 'default' }
}

function behaviour(reading: Reading): ReadonlyMap<string, Flag<boolean>> {
  return new Map(Array.from(reading.rules.flagDefaults, ([name, value]) => [name, projectBoolean(reading, name) ?? { value, from: 'default' }]))
}

function report(reading: Reading, code: string, message: string): void {
  reading.problems.push({ code, severity: 'error', message, place: reading.sources.place })
}

/** `path` against `base`, with `.` and `..` taken out; `/`-separated. */
export function absolutePath(base: string, path: string): string {
  const full = path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path) ? path : `${base}/${path}`
  const parts: string[] = []
  for (const part of full.replaceAll('\\', '/').split('/')) {
    if (part === '..') { if (parts.length > 1) parts.pop() } else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part)
  }
  return parts.join('/') || '/'
}
