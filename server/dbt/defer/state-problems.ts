// The troubles of defer found before they cost a query: what is wrong with the state that is deferred to, as problems with what mends them.
// Pure: paths, ages and facts come in; nothing is read here. The texts are dbt's where dbt says something, plain words where it is silent.

import type { Manifest } from '../nodes/types.ts'
import type { Problem, ProblemData, Severity } from '../problem.ts'
import type { Project } from '../project/types.ts'
import type { StateManifest, StateProblem } from '../state/types.ts'
import { versionProblem } from '../state/versions.ts'
import { currentRead, deferredRead, printed } from './render.ts'
import type { Place } from '../../text/span.ts'

export interface StateFacts {
  readonly project: Project
  readonly manifest: Manifest
  /** Effective `--defer`, and where it was switched on ('--defer', 'DBT_DEFER', 'default' …). */
  readonly defer: { readonly value: boolean; readonly from: string }
  /** Absolute directories with any symlinks resolved, so that two spellings of one place are one. Null: not given. */
  readonly statePath: string | null
  readonly deferStatePath: string | null
  /** Of the project, symlinks resolved. */
  readonly targetPath: string
  /** As the user wrote them, for messages. */
  readonly shownState: string | null
  /** What was read of the directory that is deferred to: the last good manifest and what is wrong with the present file. */
  readonly state: StateManifest | null
  readonly problem: StateProblem | null
  /** ISO. */
  readonly now: string
  /** Days after which a state is called stale; null: never. */
  readonly staleAfterDays: number | null
  /** Where problems of the whole are shown: dbt_project.yml's start or the setting. */
  readonly place: Place
}

export function stateProblems(facts: StateFacts): readonly Problem[] {
  const { statePath, deferStatePath } = facts
  const directory = deferStatePath ?? statePath
  if (directory === null) return withoutState(facts)
  return [...unreadable(facts), ...isTargetPath(facts), ...(facts.state === null ? [] : [...ofManifest(facts, facts.state)])]
}

/** dbt 1 refuses, dbt 2 goes on without deferring (defer-verified §4.6). */
function withoutState(facts: StateFacts): Problem[] {
  const { defer, project } = facts
  if (!defer.value || defer.from === 'default') return []
  const message = '--state or --defer-state are required for deferral, but neither was provided'
  return [problem(facts, 'defer-without-state', project.rules.deferNeedsState ? 'error' : 'warning', project.rules.deferNeedsState ? message : `${message}; dbt ${project.rules.name} then defers nothing, in silence`, { from: defer.from, fix: 'set-state' })]
}

function unreadable(facts: StateFacts): Problem[] {
  const { problem: wrong, state, defer, project } = facts
  if (wrong === null) return []
  // An empty state directory is an error for dbt only when it is deferred to.
  const severity: Severity = wrong.code === 'state-missing' && (!defer.value || !project.rules.deferNeedsState) ? 'information' : 'error'
  const kept = state === null ? '' : `; answers still come from the state of ${state.info.generated_at ?? 'unknown time'}`
  return [problem(facts, wrong.code, severity, wrong.message + kept, { path: wrong.path, fix: wrong.code === 'state-is-file' ? 'use-directory' : 'set-state', keeps: state !== null })]
}

/** Correction 1: dbt 1 writes target/manifest.json before it reads the state, so the project is compared with itself. */
function isTargetPath(facts: StateFacts): Problem[] {
  const directory = facts.deferStatePath ?? facts.statePath
  if (directory !== facts.targetPath && facts.statePath !== facts.targetPath) return []
  const shown = facts.shownState ?? directory ?? ''
  return [problem(facts, 'state-is-target-path', 'warning', `The state and target directories are the same: '${shown}'. This could lead to missing changes due to overwritten state including non-idempotent retries.\ndbt writes its own manifest.json there before it reads the state: it then compares the project with itself and every deferred ref reads the current target.`, { path: facts.targetPath, fix: 'copy-state' })]
}

function ofManifest(facts: StateFacts, state: StateManifest): Problem[] {
  const { project } = facts
  const { info } = state
  const found: Problem[] = []
  const version = versionProblem(state, project.rules)
  if (version) found.push(problem(facts, version.code, 'error', version.message, { path: version.path, found: info.schema_version, fix: 'set-state' }))
  if (info.project_name !== null && info.project_name !== project.root.name) {
    found.push(problem(facts, 'state-wrong-project', 'warning', `The state is of the project '${info.project_name}', this is '${project.root.name}': no node of it will be found`, { expected: project.root.name, found: info.project_name, fix: 'set-state' }))
  }
  if (info.adapter_type !== null && project.target !== null && info.adapter_type !== project.target.type) {
    found.push(problem(facts, 'state-wrong-adapter', 'warning', `The state was made with the adapter ${info.adapter_type}, the current target uses ${project.target.type}`, { expected: project.target.type, found: info.adapter_type, fix: 'set-state' }))
  }
  found.push(...sameTarget(facts, state), ...stale(facts, state))
  return found
}

/** Relations that both sides have in common; nearly all of them alike means the manifest is of this very target. */
function sameTarget(facts: StateFacts, state: StateManifest): Problem[] {
  let common = 0
  let alike = 0
  let example: string | null = null
  for (const node of facts.manifest.nodes.values()) {
    if (!REFABLE.has(node.resource_type) || node.relation_name === null) continue
    const old = state.nodes.get(node.unique_id)
    if (!old || old.materialized === 'ephemeral') continue
    const [here, there] = [currentRead(facts.project, node), deferredRead(facts.project, state, old)]
    common++
    if (here.database === there.database && here.schema === there.schema && here.identifier === there.identifier) {
      alike++
      example ??= printed(facts.project, here)
    }
    // Enough to judge by, however big the project is.
    if (common >= 200) break
  }
  if (common === 0 || alike < common * 0.9) return []
  return [problem(facts, 'state-same-target', 'warning', `The state's relations are the current target's own (${example ?? ''}): deferring to it changes nothing. Is it the manifest of another target?`, { alike, common, fix: 'set-state' })]
}

function stale(facts: StateFacts, state: StateManifest): Problem[] {
  const { generated_at: made } = state.info
  const age = made === null ? Number.NaN : Date.parse(facts.now) - Date.parse(made)
  if (Number.isNaN(age)) return []
  const days = Math.floor(age / 86_400_000)
  const models = Array.from(facts.manifest.nodes.values()).filter((node) => node.resource_type === 'model' && node.package_name === facts.project.root.name)
  const unknown = models.filter((node) => !state.nodes.has(node.unique_id)).length
  const differs = models.length >= 10 && unknown > models.length / 2
  const old = facts.staleAfterDays !== null && days >= facts.staleAfterDays
  if (!old && !differs) return []
  const share = differs ? `; ${unknown} of ${models.length} models of this project are not in it` : ''
  return [problem(facts, 'state-stale', old ? 'warning' : 'information', `The state was made on ${made}, ${days} days ago${share}`, { generated_at: made, days, unknown, models: models.length, fix: 'pull-state' })]
}

const REFABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

function problem(facts: StateFacts, code: string, severity: Severity, message: string, data: ProblemData): Problem {
  return { code, severity, message, place: facts.place, data }
}
