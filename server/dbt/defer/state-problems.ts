// The troubles of defer found before they cost a query: what is wrong with the state that is deferred to, as problems with what mends them.
// Pure: paths, ages and facts come in; nothing is read here. The texts are dbt's where dbt says something, plain words where it is silent.

import type { Manifest, ManifestNode } from '../nodes/types.ts'
import type { Problem, ProblemData, Severity } from '../problem.ts'
import type { Project } from '../project/types.ts'
import type { GitFacts } from '../state/evidence.ts'
import type { StateManifest, StateProblem } from '../state/types.ts'
import { versionProblem } from '../state/versions.ts'
import { drained } from '../steps.ts'
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
  /** `--state` beside another --defer-state: what is compared with. Null: the same, or not read. */
  readonly compared: StateManifest | null
  readonly git: GitFacts | null
  /** ISO. */
  readonly now: string
  /** Days after which a state is called stale; null: never. */
  readonly staleAfterDays: number | null
  /** Where problems of the whole are shown: dbt_project.yml's start or the setting. */
  readonly place: Place
}

export function stateProblems(facts: StateFacts): readonly Problem[] { return drained(stateProblemSteps(facts)) }

/** The same in steps of some nodes: looking into a state decodes them. */
export function* stateProblemSteps(facts: StateFacts): Generator<void, readonly Problem[]> {
  const { statePath, deferStatePath, state } = facts
  const directory = deferStatePath ?? statePath
  if (directory === null) return withoutState(facts)
  return [...unreadable(facts), ...isTargetPath(facts), ...(state === null ? [] : yield* ofManifest(facts, state))]
}

/** dbt 1 refuses, dbt 2 goes on without deferring (defer-verified §4.6). */
function withoutState(facts: StateFacts): Problem[] {
  const { defer, project } = facts
  if (!defer.value || defer.from === 'default') return []
  const message = '--state or --defer-state are required for deferral, but neither was provided'
  return [problem(facts, 'defer-without-state', project.rules.deferNeedsState ? 'error' : 'warning', project.rules.deferNeedsState ? message : `${message}; dbt ${project.rules.name} then defers nothing, in silence`, { from: defer.from })]
}

function unreadable(facts: StateFacts): Problem[] {
  const { problem: wrong, state, defer, project } = facts
  if (wrong === null) return []
  // An empty state directory is an error for dbt only when it is deferred to.
  const severity: Severity = wrong.code === 'state-missing' && (!defer.value || !project.rules.deferNeedsState) ? 'information' : 'error'
  const kept = state === null ? '' : `; answers still come from the state of ${state.info.generated_at ?? 'unknown time'}`
  return [problem(facts, wrong.code, severity, wrong.message + kept, { path: wrong.path, directory: wrong.code === 'state-is-file' && wrong.path.endsWith('/manifest.json') ? wrong.path.slice(0, -'/manifest.json'.length) : null, keeps: state !== null })]
}

/** Correction 1: dbt 1 writes target/manifest.json before it reads the state, so the project is compared with itself. */
function isTargetPath(facts: StateFacts): Problem[] {
  const directory = facts.deferStatePath ?? facts.statePath
  if (directory !== facts.targetPath && facts.statePath !== facts.targetPath) return []
  const shown = facts.shownState ?? directory ?? ''
  return [problem(facts, 'state-is-target-path', 'warning', `The state and target directories are the same: '${shown}'. This could lead to missing changes due to overwritten state including non-idempotent retries.\ndbt writes its own manifest.json there before it reads the state: it then compares the project with itself and every deferred ref reads the current target.`, { path: facts.targetPath })]
}

function* ofManifest(facts: StateFacts, state: StateManifest): Generator<void, Problem[]> {
  const { project } = facts
  const { info } = state
  const found: Problem[] = []
  const version = versionProblem(state, project.rules)
  if (version) found.push(problem(facts, version.code, 'error', version.message, { path: version.path, found: info.schema_version }))
  if (info.project_name !== null && info.project_name !== project.root.name) {
    found.push(problem(facts, 'state-wrong-project', 'warning', `The state is of the project '${info.project_name}', this is '${project.root.name}': no node of it will be found`, { expected: project.root.name, found: info.project_name }))
  }
  const empty = found.every((each) => each.code !== 'state-wrong-project') && sharesNothing(facts.manifest, state)
  if (empty) found.push(problem(facts, 'state-empty', 'warning', `The state (${state.nodes.size} nodes) holds no model, seed or snapshot of this project: nothing can be deferred, and everything counts as new`, { path: info.path, nodes: state.nodes.size }))
  if (info.adapter_type !== null && project.target !== null && info.adapter_type !== project.target.type) {
    found.push(problem(facts, 'state-wrong-adapter', 'warning', `The state was made with the adapter ${info.adapter_type}, the current target uses ${project.target.type}`, { expected: project.target.type, found: info.adapter_type }))
  }
  const swapped = yield* mixedUp(facts, state)
  found.push(...(swapped.length > 0 ? swapped : yield* sameTarget(facts, state)), ...(empty ? [] : yield* stale(facts, state)), ...apart(facts, state))
  return found
}

/** None of the project's models, seeds and snapshots is in the state. */
function sharesNothing(manifest: Manifest, state: StateManifest): boolean {
  const refable = [...manifest.nodes.values()].filter((node) => REFABLE.has(node.resource_type))
  return refable.length > 0 && refable.every((node) => !state.nodes.has(node.unique_id))
}

/** Relations that both sides have in common; nearly all of them alike means the manifest is of this very target. */
function* sameTarget(facts: StateFacts, state: StateManifest): Generator<void, Problem[]> {
  const { alike, common, example } = yield* likeness(facts, state)
  if (common === 0 || alike < common * 0.9) return []
  return [problem(facts, 'state-same-target', 'warning', `The state's relations are the current target's own (${example ?? ''}): deferring to it changes nothing. Is it the manifest of another target?`, { alike, common })]
}

interface Likeness { readonly alike: number; readonly common: number; readonly example: string | null }

function* likeness(facts: StateFacts, state: StateManifest): Generator<void, Likeness> {
  let [common, alike] = [0, 0]
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
    if (common % NODES_A_STEP === 0) yield
  }
  return { alike, common, example }
}

/** --defer-state is the current target's own manifest, --state is another's: each stands where the other belongs. */
function* mixedUp(facts: StateFacts, state: StateManifest): Generator<void, Problem[]> {
  const { compared, deferStatePath, statePath } = facts
  if (compared === null || deferStatePath === null || statePath === null || deferStatePath === statePath) return []
  const [deferred, other] = [yield* likeness(facts, state), yield* likeness(facts, compared)]
  if (deferred.common === 0 || other.common === 0 || deferred.alike < deferred.common * 0.9 || other.alike >= other.common * 0.9) return []
  return [problem(facts, 'state-swapped', 'warning', `--defer-state has the current target's own relations (${deferred.example ?? ''}), --state another target's: are the two mixed up? Deferral reads --defer-state, state: selectors read --state`, { state: statePath, defer_state: deferStatePath })]
}

/** By git: commits that this branch has and the state has not count as modified, and so do those that only the state has. */
function apart({ git, ...facts }: StateFacts, state: StateManifest): Problem[] {
  if (git === null) return []
  const from = git.by === 'commit' ? `commit ${(state.info.commit ?? '').slice(0, 9)}` : `${state.info.generated_at ?? ''}`
  const commits = (count: number) => `${count} commit${count === 1 ? '' : 's'}`
  const found: Problem[] = []
  const data = { base: git.base, merge_base: git.mergeBase.commit, behind: git.behind, ahead: git.ahead }
  if ((git.behind ?? 0) > 0) found.push(problem({ ...facts, git }, 'state-behind', 'warning', `The state is of ${from}; this branch left ${git.base} later (${git.mergeBase.date}), ${commits(git.behind ?? 0)} on: what they changed counts as modified`, data))
  else if ((git.ahead ?? 0) > 0) found.push(problem({ ...facts, git }, 'state-ahead', 'information', `The state is of ${from} and has ${commits(git.ahead ?? 0)} of ${git.base} that this branch lacks since ${git.mergeBase.date}: what they changed counts as modified until you merge or rebase`, data))
  return found
}

function* stale(facts: StateFacts, state: StateManifest): Generator<void, Problem[]> {
  const { generated_at: made } = state.info
  const age = made === null ? Number.NaN : Date.parse(facts.now) - Date.parse(made)
  const days = Number.isNaN(age) ? null : Math.floor(age / 86_400_000)
  const models = Array.from(facts.manifest.nodes.values()).filter((node) => node.resource_type === 'model' && node.package_name === facts.project.root.name)
  const unknown = models.filter((node) => !state.nodes.has(node.unique_id)).length
  yield
  const differ = yield* differing(models, state)
  const old = facts.staleAfterDays !== null && days !== null && days >= facts.staleAfterDays
  const wide = models.length >= 10 && (unknown > models.length / 2 || differ > 0.5)
  if (!old && !wide) return []
  const shares = [unknown > models.length / 2 ? `${unknown} of ${models.length} models of this project are not in it` : null, differ > 0.5 ? `about ${Math.round(differ * 100)} % of the models have another text there` : null].filter((each) => each !== null)
  const when = made === null || days === null ? 'The state does not say when it was made' : `The state was made on ${made}, ${days} days ago`
  return [problem(facts, 'state-stale', old ? 'warning' : 'information', [when, ...(models.length >= 10 ? shares : [])].join('; '), { generated_at: made, days, unknown, models: models.length })]
}

/** The share of models whose text the state has otherwise, from up to 100 of them. */
function* differing(models: readonly ManifestNode[], state: StateManifest): Generator<void, number> {
  const step = Math.max(1, Math.floor(models.length / 100))
  let [both, other] = [0, 0]
  for (let at = 0; at < models.length; at += step) {
    const node = models[at]
    const old = node === undefined ? undefined : state.nodes.get(node.unique_id)?.fields.get('raw_code')
    if (node === undefined || typeof old !== 'string') continue
    both++
    if (old !== node.raw_code) other++
    if (both % NODES_A_STEP === 0) yield
  }
  return both === 0 ? 0 : other / both
}

const NODES_A_STEP = 10

const REFABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

function problem(facts: StateFacts, code: string, severity: Severity, message: string, data: ProblemData): Problem {
  return { code, severity, message, place: facts.place, data }
}
