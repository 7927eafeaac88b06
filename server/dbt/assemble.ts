// From inputs to a snapshot, and from one snapshot to the next: the only place where snapshots are made.
// A change of nothing but the text of known files goes through `applyFiles`, whose cost does not grow with the project.

import { changedFiles, keepFacts, keptBuild, useKeptMacros, whyNot } from './cache/kept.ts'
import type { KeptFacts, Keeping } from './cache/kept.ts'
import { macroIndex } from './context/macros.ts'
import type { World } from './context/types.ts'
import type { DeferWorld } from './defer/types.ts'
import type { SourceFile } from './files.ts'
import { manifestSteps } from './graph/manifest.ts'
import type { BuiltManifest } from './graph/manifest.ts'
import { listed, literalSteps } from './graph/literal.ts'
import { movedOf } from './graph/moves.ts'
import { updateNodes } from './graph/update.ts'
import type { Selection } from './graph/select-types.ts'
import { holdsMacros, macroFilesOf } from './inputs.ts'
import type { Inputs } from './inputs.ts'
import type { Problem } from './problem.ts'
import type { FoundFile } from './project/resource-files.ts'
import type { Manifest } from './nodes/types.ts'
import { stateProblems, stateProblemSteps, type StateFacts } from './defer/state-problems.ts'
import { comparisonOf, select } from './selection.ts'
import { selectorProblems } from './selectors.ts'
import { drained } from './steps.ts'
import { shareAnswers, shareFileIndex, useFileIndex, type Snapshot } from './snapshot.ts'

/** Everything evaluated: the second pass. `previous` lends what did not change. */
export function assemble(inputs: Inputs, now: string, previous: Snapshot | null, kept: KeptFacts | null = null): Snapshot {
  return drained(assembleSteps(inputs, now, previous, kept))
}

/** The same in steps of at most one file, for a server that must stay awake meanwhile. */
export function* assembleSteps(inputs: Inputs, now: string, previous: Snapshot | null, kept: KeptFacts | null = null): Generator<void, Snapshot> {
  if (kept) useKeptMacros(kept, inputs)
  const world = worldOf(inputs, previous)
  yield
  const before = previous ? builds.get(previous) ?? null : null
  // New evidence alone (state, existence) changes nothing that parsing sees.
  const same = previous !== null && before !== null && previous.world === world && previous.files === inputs.files && previous.resources === byPath(inputs.resources)
  const warm = same || !kept ? null : yield* fromKept(kept, inputs, world)
  const built = same ? before : warm?.built ?? (yield* manifestSteps({ world, files: inputs.files, resources: inputs.resources }, before?.memory ?? null))
  // What is said of a state looks into it.
  yield
  const problems = yield* stateProblemSteps(factsOf(inputs, built.manifest, now))
  const snapshot = finish(inputs, now, world, built, previous, [...outside(inputs), ...problems])
  const warmth = same ? warmths.get(previous) : warm?.warmth
  if (warmth) warmths.set(snapshot, warmth)
  return snapshot
}

/** The snapshot that kept facts make by themselves, at once; null when more than the nodes of a few files has to be evaluated. */
export function assembleKept(inputs: Inputs, now: string, kept: KeptFacts): Snapshot | null { return drained(assembleKeptSteps(inputs, now, kept)) }

/** The same in steps, for a server that must stay awake meanwhile. */
export function* assembleKeptSteps(inputs: Inputs, now: string, kept: KeptFacts): Generator<void, Snapshot | null> {
  if (whyNot(kept, inputs) !== null || (yield* changedFiles(kept, inputs)).length > AT_ONCE) return null
  useKeptMacros(kept, inputs)
  const world = worldOf(inputs, null)
  yield
  const { built, warmth } = yield* fromKept(kept, inputs, world)
  if (!built) return null
  yield
  const snapshot = finish(inputs, now, world, built, null)
  warmths.set(snapshot, warmth)
  return snapshot
}

const AT_ONCE = 10

/** How much of a snapshot came from the facts of an earlier start. */
export interface Warmth {
  /** Everything, everything but the nodes of some files, or nothing. */
  readonly kind: 'whole' | 'edited' | 'none'
  readonly changed: number
  /** Nodes that were made again. */
  readonly replaced: ReadonlySet<string>
  /** Why kept facts could not be used. */
  readonly why: string | null
}

/** Null: no kept facts were at hand. */
export function warmthOf(snapshot: Snapshot): Warmth | null { return warmths.get(snapshot) ?? null }

const warmths = new WeakMap<Snapshot, Warmth>()

/** The snapshot's facts for the next start; null for one whose evaluation has not ended. Yields between resources. */
export function* keepSnapshot(snapshot: Snapshot, inputs: Inputs, salt: string): Generator<void, Keeping | null> {
  const built = builds.get(snapshot)
  // Places of moved facts are those of their making, not of the text that would be kept with them.
  return built && !movedOf(built.manifest) ? yield* keepFacts({ ...inputs, project: snapshot.project, files: snapshot.files }, built, salt) : null
}

interface Warm { readonly built: BuiltManifest | null; readonly warmth: Warmth }

function* fromKept(kept: KeptFacts, inputs: Inputs, world: World): Generator<void, Warm> {
  const cold = (why: string): Warm => ({ built: null, warmth: { kind: 'none', changed: 0, replaced: new Set(), why } })
  const why = whyNot(kept, inputs)
  if (why !== null) return cold(why)
  const resources = byPath(inputs.resources)
  const changed = yield* changedFiles(kept, inputs)
  if (changed.some((file) => resources.get(file.path)?.some((found) => found.kind === 'schema' || holdsMacros(found)))) return cold(`${changed.length} files are others, macros or properties among them`)
  const whole = yield* keptBuild(kept, inputs, world, resources)
  yield
  useFileIndex(whole.manifest, whole.declared)
  yield
  let built: BuiltManifest = whole
  const replaced = new Set<string>()
  for (const file of changed) {
    const next = updateNodes(built, { world, files: inputs.files, resources: inputs.resources }, [file])
    if (!next) return cold(`${changed.length} files are others, and more than their nodes hangs on them`)
    shareFileIndex(built.manifest, next.manifest, next.replaced ?? [])
    for (const id of next.replaced ?? []) replaced.add(id)
    built = next
    yield
  }
  return { built, warmth: { kind: changed.length > 0 ? 'edited' : 'whole', changed: changed.length, replaced, why: null } }
}

/** Names and places that stand literally in the files: the first pass, for first answers. Nothing is called missing on its word. */
export function* assembleLiteral(inputs: Inputs, now: string): Generator<void, Snapshot> {
  const world = worldOf(inputs, null)
  return finish(inputs, now, world, { manifest: yield* literalSteps({ world, files: inputs.files, resources: inputs.resources }), memory: null }, null)
}

/** Names that the paths of files say, before any is read (`ProjectHost.list`): enough for the definition of a ref. */
export function assembleListed(inputs: Inputs, now: string): Snapshot {
  const world = worldOf(inputs, null)
  const { manifest, declared } = listed({ world, files: inputs.files, resources: inputs.resources })
  useFileIndex(manifest, declared)
  return finish(inputs, now, world, { manifest, memory: null }, null)
}

/** Some files have other texts than before; `files` are the new ones, already in `inputs`. */
export function applyFiles(previous: Snapshot, inputs: Inputs, files: readonly SourceFile[]): Snapshot {
  return applyAlone(previous, inputs, files) ?? assemble(inputs, previous.now, previous)
}

/** The same when nothing but the nodes of these files is concerned, at a cost that does not grow with the project; else null. */
export function applyAlone(previous: Snapshot, inputs: Inputs, files: readonly SourceFile[]): Snapshot | null {
  const before = builds.get(previous)
  const resources = byPath(inputs.resources)
  if (!before || previous.project !== inputs.project || previous.resources !== resources) return null
  if (files.some((file) => (resources.get(file.path) ?? []).some(holdsMacros))) return null
  const built = updateNodes(before, { world: previous.world, files: inputs.files, resources: inputs.resources }, files)
  if (!built) return null
  shareFileIndex(before.manifest, built.manifest, built.replaced ?? [])
  const snapshot = finish(inputs, previous.now, previous.world, built, previous, previous.listing === inputs.evidence.listing ? previous.problems : null)
  shareAnswers(previous, snapshot, built.replaced ?? [])
  return snapshot
}

/** The same snapshot, numbered as following another one that was shown meanwhile. */
export function following(snapshot: Snapshot, shown: Snapshot): Snapshot {
  if (snapshot.revision > shown.revision) return snapshot
  const next = { ...snapshot, revision: shown.revision + 1 }
  const built = builds.get(snapshot)
  if (built) builds.set(next, built)
  return next
}

/** What `--select`, `--exclude` and `--selector` of the inputs' request mean. */
export function selectionOf(snapshot: Snapshot, inputs: Inputs): Selection {
  return select({ project: snapshot.project, manifest: snapshot.manifest, inputs, now: snapshot.now })
}

const builds = new WeakMap<Snapshot, BuiltManifest>()

function worldOf(inputs: Inputs, previous: Snapshot | null): World {
  const { project, internal, installedDbt } = inputs
  const kept = previous?.world
  const macroFiles = macroFilesOf(inputs)
  const key: MacroKey = { files: macroFiles.map((each) => each.file), internal, rootName: project.root.name, adapter: project.adapter.type }
  const before = kept ? macroKeys.get(kept) : undefined
  const same = before !== undefined && before.internal === internal && before.rootName === key.rootName && before.adapter === key.adapter && before.files.length === key.files.length && before.files.every((file, index) => file === key.files[index])
  const macros = same && kept ? kept.macros : macroIndex(macroFiles, project.root.name, project.adapter, internal)
  if (same && kept && kept.project === project) return kept
  const world: World = { project, macros, dbtVersion: installedDbt }
  macroKeys.set(world, key)
  return world
}

interface MacroKey { readonly files: readonly SourceFile[]; readonly internal: unknown; readonly rootName: string; readonly adapter: string }
const macroKeys = new WeakMap<World, MacroKey>()

interface Made { readonly manifest: Manifest; readonly memory: BuiltManifest['memory'] | null }

/** `kept`: problems of settings and state, found already or such that cannot have changed. */
function finish(inputs: Inputs, now: string, world: World, { manifest, memory }: Made, previous: Snapshot | null, kept: readonly Problem[] | null = null): Snapshot {
  const { project, evidence } = inputs
  const selected = selectedIds(inputs, manifest, now)
  const deferring: DeferWorld = {
    project, manifest, defer: project.flags.defer.value, favorState: project.flags.favorState.value, state: evidence.deferState, ...(evidence.pending ? { pending: true } : {}), listing: evidence.listing, selected, command: inputs.request.command, ...(inputs.request.alone === true ? { alone: true } : {}),
  }
  const snapshot: Snapshot = {
    revision: (previous?.revision ?? 0) + 1, now, project, files: inputs.files, besides: inputs.besides, resources: byPath(inputs.resources), world, manifest, listing: evidence.listing, deferring, evidence, staleAfterDays: inputs.request.staleAfterDays, statePull: inputs.request.statePull,
    problems: kept ?? [...outside(inputs), ...stateProblems(factsOf(inputs, manifest, now))],
    comparison: () => comparisonOf({ project, manifest, inputs, now }),
  }
  if (memory) builds.set(snapshot, { manifest, memory })
  return snapshot
}

/** What is wrong outside of the manifest and the state's contents. */
function outside(inputs: Inputs): Problem[] { return [...inputs.evidence.problems, ...selectorProblems(inputs)] }

function factsOf(inputs: Inputs, manifest: Manifest, now: string): StateFacts {
  const { project, evidence, request } = inputs
  const { flags } = project
  return {
    project, manifest, defer: flags.defer, statePath: evidence.paths.state ?? flags.state.value, deferStatePath: evidence.paths.deferState ?? flags.deferState.value, targetPath: evidence.paths.target || project.targetPath,
    shownState: request.cli.deferState ?? request.cli.state ?? flags.deferState.value ?? flags.state.value, state: evidence.deferState, compared: evidence.state, problem: evidence.stateProblem, git: evidence.git, now, staleAfterDays: request.staleAfterDays,
    place: { path: project.root.file.path, start: 0, end: 0 },
  }
}

/** dbt's SELECTED_RESOURCES; null when nothing narrows it, or when dbt would refuse the selection (the command that selects says so). */
function selectedIds(inputs: Inputs, manifest: Manifest, now: string): ReadonlySet<string> | null {
  const { request, project } = inputs
  // A selectors.yml may have a default selector.
  if (request.select.length === 0 && request.exclude.length === 0 && request.selector === null && (inputs.selectors === null || request.alone === true)) return null
  const selection = select({ project, manifest, inputs, now })
  return selection.error === null ? new Set(selection.ids) : null
}

const indexed = new WeakMap<readonly FoundFile[], ReadonlyMap<string, readonly FoundFile[]>>()

function byPath(resources: readonly FoundFile[]): ReadonlyMap<string, readonly FoundFile[]> {
  let index = indexed.get(resources)
  if (!index) {
    const made = new Map<string, FoundFile[]>()
    for (const found of resources) {
      const known = made.get(found.path)
      if (known) known.push(found)
      else made.set(found.path, [found])
    }
    indexed.set(resources, index = made)
  }
  return index
}
