// From options to a snapshot: finds the project, reads it, the state and what exists; what cannot be read ends in one clear message.

import path from 'node:path'
import { assemble } from '../dbt/assemble.ts'
import type { Inputs, OpenRequest } from '../dbt/inputs.ts'
import type { ProjectHost } from '../dbt/ports.ts'
import { weighed } from '../dbt/rules/accepted.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import { comparedBefore, keepCompared, keepingSteps, keptFacts, worthKeeping } from '../dbt/warm.ts'
import type { CliOptions } from '../dbt/project/flags.ts'
import { DEFAULTS, layerSettings, requestOf, withEnvironment } from '../ide/settings.ts'
import { projectProblems } from '../ide/diagnostics.ts'
import { linesOf, positionAt } from '../text/lines.ts'
import { CommandFailure, type Io } from './io.ts'
import type { Parsed } from './options.ts'
import { DBT_COMMANDS, type DbtCommand } from '../dbt/graph/select-commands.ts'

export interface Opened {
  readonly root: string
  readonly snapshot: Snapshot
  readonly inputs: Inputs
  readonly host: ProjectHost
  /** Of the facts of an earlier start. */
  readonly salt: string | null
  /** Why facts of an earlier start, which there are, could not be read. */
  readonly unusable: string | null
  /** Where a flag has its value from (its `from`), for people: what is in no option of the command line came from the settings. */
  saidBy(from: string): string
}

/** The problems without whose mending nothing can be answered. */
const FATAL: ReadonlySet<string> = new Set(['project-not-found', 'project-invalid', 'profile-not-found', 'target-not-found', 'profile-invalid', 'exists-unreadable', 'flag-invalid'])
/** dbt reads a state that is named (contracts/state.py PreviousState); one that is not there is missed by deferral, or by the selector that asks for it. */
const BROKEN_STATE: ReadonlySet<string> = new Set(['state-is-file', 'state-unreadable', 'state-version'])
const FATAL_WITH_DEFER: ReadonlySet<string> = new Set([...BROKEN_STATE, 'state-missing', 'defer-without-state'])

/** Where the project is, and what is asked of it. */
export function projectOf(parsed: Parsed, host: ProjectHost, cwd: string): { readonly root: string; readonly request: OpenRequest } {
  const given = (parsed.values.get('project-dir') ?? null) ?? host.environment('DBT_ENGINE_PROJECT_DIR') ?? host.environment('DBT_PROJECT_DIR')
  const root = given === null ? host.findRoot(`${cwd}/.`) : slashed(path.resolve(cwd, given))
  if (root === null) throw new CommandFailure(`no dbt_project.yml here or above: ${cwd}. Go to a dbt project or give --project-dir.`)
  if (host.readText(`${root}/dbt_project.yml`) === null) throw new CommandFailure(`no dbt_project.yml in ${root}. Give --project-dir the directory of a dbt project.`)
  return { root, request: requestFrom(parsed, host, root) }
}

export async function openProject(parsed: Parsed, host: ProjectHost, cwd: string): Promise<Opened> {
  const { root, request } = projectOf(parsed, host, cwd)
  let inputs = host.open(root, request, new Map(), null)
  // What the project is made of may come with the state: it is read before anything is evaluated, so that nothing is twice.
  const { evidence: none } = inputs
  const state = await host.stateEvidence(inputs, request)
  if (state.stateVersion !== null) inputs = host.open(root, request, new Map(), { ...inputs, evidence: { ...none, ...state } })
  const { kept, why } = keptFacts(host.facts, inputs)
  let snapshot = assemble({ ...inputs, evidence: none }, host.now(), null, kept)
  const evidence = await host.evidence(inputs, request, snapshot.manifest)
  inputs = { ...inputs, evidence, asBefore: (state) => comparedBefore(host.facts, { kept, snapshot, inputs }, state) }
  snapshot = assemble(inputs, host.now(), snapshot, kept)
  return { root, snapshot, inputs, host, salt: kept?.salt ?? null, unusable: why, saidBy: (from) => saidBy(parsed, from) }
}

/** Keeps the facts for the next start, when it would gain by them; why not, if that failed. */
export async function keepFacts({ snapshot, inputs, host, salt }: Opened): Promise<string | null> {
  if (!worthKeeping(snapshot)) return salt === null ? null : keepCompared(host.facts, snapshot, inputs, salt)
  const fresh = host.facts.salt()
  const steps = keepingSteps(host.facts, snapshot, inputs, fresh)
  for (;;) {
    const step = steps.next()
    if (!step.done) continue
    if (typeof step.value !== 'function') return step.value
    return await step.value() ?? await keepCompared(host.facts, snapshot, inputs, fresh)
  }
}

/** Ends the command when nothing can be answered: the project, profile, or (when it is needed) the state cannot be read. */
export function refuseUnreadable(opened: Opened, command: 'ls' | 'other' = 'other'): void {
  const { snapshot, root, host } = opened
  const problems = projectProblems(snapshot)
  const unparsed = problems.find((each) => each.code === 'yaml-syntax' && (each.place.path === `${root}/dbt_project.yml` || each.place.path === snapshot.project.profilesPath))
  if (unparsed) {
    const at = positionAt(linesOf(host.readText(unparsed.place.path) ?? ''), unparsed.place.start)
    throw new CommandFailure(`${unparsed.place.path}:${at.line + 1}:${at.character + 1}: ${unparsed.message}`)
  }
  const fatal = problems.find((each) => FATAL.has(each.code)) ?? problems.find((each) => fatalState(opened, command).has(each.code))
  if (fatal) throw new CommandFailure(fatal.message)
}

export function showNotes(opened: Opened, io: Io): void {
  const { installedDbt, internal } = opened.inputs
  if (internal === null) io.err(`note: dbt's own macros were not found${installedDbt === null ? ' (no installed dbt, no target/manifest.json, no state)' : ''}; what needs them is unknown\n`)
  const errors = refusals(opened.snapshot)
  if (errors > 0) io.err(`warning: dbt refuses this project as it stands (${errors} error${errors === 1 ? '' : 's'}, which dbt-defer-ls check lists); this is of what could be read\n`)
}

/** How many errors parsing found. */
function refusals({ project, manifest }: Snapshot): number {
  const nodes = [...manifest.nodes.values(), ...manifest.others.values()].flatMap((node) => node.problems)
  return [...project.problems, ...manifest.problems, ...nodes].filter((problem) => weighed(project.rules, problem).severity === 'error').length
}

function fatalState(opened: Opened, command: 'ls' | 'other'): ReadonlySet<string> {
  if (command === 'ls') return BROKEN_STATE
  if (opened.snapshot.deferring.defer) return FATAL_WITH_DEFER
  return usesStateSelector(opened) ? BROKEN_STATE : new Set()
}

function usesStateSelector(opened: Opened): boolean {
  return [...opened.inputs.request.select, ...opened.inputs.request.exclude].some((each) => each.includes('state:'))
}

function requestFrom(parsed: Parsed, host: ProjectHost, root: string): OpenRequest {
  const file = host.projectSettings(root)
  const layer = layerSettings(DEFAULTS, file.data)
  const complaints = [...file.problems, ...layer.problems.map((each) => each.message)]
  if (complaints.length > 0) throw new CommandFailure(`.dbt-defer-ls.yml: ${complaints.join('; ')}`)
  const base = requestOf(withEnvironment(layer.settings, host.environment))
  const { values, switches, lists } = parsed
  const text = (option: string, key: keyof CliOptions) => (values.has(option) ? { [key]: values.get(option) } : {})
  const flag = (option: string, key: keyof CliOptions) => (switches.has(option) ? { [key]: switches.get(option) } : {})
  const list = (option: string, key: keyof CliOptions) => (lists.has(option) ? { [key]: lists.get(option) } : {})
  const models = lists.get('models')
  // task/list.py ListTask.__init__
  if (models && lists.has('select')) throw new CommandFailure('"models" and "select" are mutually exclusive arguments')
  if (models && lists.has('resource-type')) throw new CommandFailure('"models" and "resource_type" are mutually exclusive arguments')
  const cli: CliOptions = {
    ...base.cli, ...text('profiles-dir', 'profilesDir'), ...text('profile', 'profile'), ...text('target', 'target'), ...text('target-path', 'targetPath'), ...text('state', 'state'), ...text('defer-state', 'deferState'),
    ...text('vars', 'vars'), ...text('indirect-selection', 'indirectSelection'), ...flag('defer', 'defer'), ...flag('favor-state', 'favorState'), ...flag('full-refresh', 'fullRefresh'), ...flag('empty', 'empty'), ...flag('static-parser', 'staticParser'),
    ...flag('introspect', 'introspect'), ...flag('inject-ephemeral-ctes', 'injectEphemeralCtes'), ...text('sample', 'sample'), ...text('event-time-start', 'eventTimeStart'), ...text('event-time-end', 'eventTimeEnd'),
    ...list('resource-type', 'resourceTypes'), ...list('exclude-resource-type', 'excludeResourceTypes'), ...(models ? { resourceTypes: ['model'], excludeResourceTypes: [] } : {}),
  }
  return {
    cli, rules: values.get('rules') ?? base.rules, exists: values.get('exists') ?? base.exists, select: models ?? lists.get('select') ?? base.select, exclude: lists.get('exclude') ?? [],
    selector: values.get('selector') ?? null, command: commandOf(parsed), staleAfterDays: base.staleAfterDays, asksGit: ASKING_GIT.has(parsed.command), statePull: base.statePull,
  }
}

function saidBy({ values, switches }: Parsed, from: string): string {
  const option = /^--(?:no-)?(.+)$/.exec(from)?.[1]
  return option === undefined || values.has(option) || switches.has(option) ? from : `the setting dbtDefer.${option.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}`
}

/** Those that say how old the state is. */
const ASKING_GIT: ReadonlySet<string> = new Set(['check', 'plan', 'state', 'doctor'])

/** Only `dbt run` and `dbt build` know these. */
const RUN_OPTIONS = ['sample', 'event-time-start', 'event-time-end']

function commandOf(parsed: Parsed): DbtCommand {
  if (parsed.command === 'ls') return 'ls'
  if (parsed.values.has('inline')) return 'inline'
  const named = parsed.values.get('command')
  return DBT_COMMANDS.find((each) => each === named) ?? (parsed.command === 'plan' || RUN_OPTIONS.some((option) => parsed.values.has(option)) ? 'run' : 'compile')
}

function slashed(text: string): string {
  return text.replaceAll('\\', '/')
}
