// One open project: its current snapshot, and what makes the next one. Every change of anything in it enters here, with its cause.

import { applyAlone, applyFiles, assembleKeptSteps, assembleLiteral, assembleSteps, following } from '../dbt/assemble.ts'
import type { KeptFacts } from '../dbt/cache/kept.ts'
import { keepingSteps, keptFacts, worthKeeping } from '../dbt/warm.ts'
import type { Files, SourceFile } from '../dbt/files.ts'
import { sameEdges } from '../dbt/graph/edges.ts'
import type { Inputs, OpenRequest } from '../dbt/inputs.ts'
import { withChanges } from '../dbt/nodes/overlay-map.ts'
import { keepingLastGood } from '../dbt/nodes/property-file.ts'
import type { ProjectHost, Watch } from '../dbt/ports.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import { requestOf, type Settings } from '../ide/settings.ts'
import { isReadByProject, mayChangeProject } from './concern.ts'
import type { Documents } from './documents.ts'
import type { Log } from './logger.ts'
import { Cancelled, inSlices, newSlice, pause, REST_SLICE_MS, SLICE_MS, turn } from './pause.ts'

/** `key`: an edit that changed neither an edge nor what others see of the nodes it touched. */
export type Cause = 'open' | 'edit' | 'key' | 'watch' | 'settings' | 'command' | 'state' | 'existence' | 'refresh'

/** What answers of one project are made of. */
export interface ProjectSession {
  readonly root: string
  snapshot(): Snapshot
  /** What the snapshot was made of, as last read. */
  inputs(): Inputs
  settings(): Settings
  /** False while the first evaluation is still to come. */
  settled(): boolean
  /** The first snapshot with everything evaluated, or the present one when that has been; state and existence may still be to come. */
  whenEvaluated(): Promise<Snapshot>
  /** The same with state and existence read. */
  whenSettled(): Promise<Snapshot>
  /** The snapshot that holds every change up to now, also those that have to be read first: for what acts on it instead of showing it. */
  whenQuiet(): Promise<Snapshot>
}

/** What the workspace tells a project. */
export interface OpenProject extends ProjectSession {
  /** Waits a moment for the evaluation that runs. */
  patiently(): Promise<void>
  /** The project as it would be with the text of this file as it is on disk; the present one when nothing is unsaved. Null: there is no such file. */
  saved(path: string): Snapshot | null
  edited(path: string): void
  closed(path: string): void
  /** Of a file that changed on the disk. */
  watched(path: string): void
  configure(change: (settings: Settings, root: string) => Settings, cause: Cause): void
  refresh(): void
  end(): void
}

export interface SessionOptions {
  readonly host: ProjectHost
  readonly documents: Documents
  readonly log: Log
  /** Settings of a project before any command changed them. */
  readonly settingsFor: (root: string) => Settings
  readonly onChange: (project: ProjectSession, cause: Cause, paths: readonly string[]) => void
  /** Of files that this project watches, wherever they lie: a state, a DuckDB file. */
  readonly onWatched: (paths: readonly string[]) => void
}

const RELOAD_DELAY_MS = 150
const SLOW_TURN_MS = 100
const LOOK_EVERY_MS = 10
/** Of quiet, before facts are kept. */
const KEEP_DELAY_MS = 5000
/** How long a request waits for the evaluation of an edit before it is answered from the snapshot that there is. */
const PATIENCE_MS = 150

/**
 * `first`: the files as they were read. Comes back with the first snapshot made: of what an earlier start found out, when it still holds; else of the names and
 * places that stand literally in the files, since definition and completion need no more. The rest follows by itself: evaluation, then state and existence.
 */
export async function openSession(root: string, first: Inputs, own: Settings, options: SessionOptions): Promise<OpenProject> {
  const { host, documents, log } = options
  const life = { aborted: false }
  let inputs = first
  let settings = own
  let watch: Watch | null = null
  let ready = false
  const reloading: { timer: NodeJS.Timeout | null; running: boolean; again: boolean } = { timer: null, running: false, again: false }
  /** The evaluation that runs in slices, if one does. */
  let evaluating: Promise<void> | null = null
  /** When the facts are kept for the next start. */
  let keepTimer: NodeJS.Timeout | null = null

  /** Facts of an earlier start, as long as nothing more than single nodes was evaluated since. */
  let kept: KeptFacts | null = null
  const takeKept = (): KeptFacts | null => {
    const earlier = keptFacts(host.facts, inputs)
    if (earlier.why !== null) log(`facts of an earlier start: ${earlier.why}`)
    return kept = earlier.kept
  }
  // Without a dbt on this machine the state may choose the rules, and brings dbt's own macros: what was found out by them is of no use before.
  const { state, deferState } = first.project.flags
  const stateDecides = first.installedDbt === null && (state.value !== null || deferState.value !== null)
  const found = stateDecides ? null : takeKept()
  let current = (found && await inSlices(assembleKeptSteps(inputs, host.now(), found))) ?? await inSlices(assembleLiteral(inputs, host.now()))

  const failed = (what: string) => (error: unknown): void => {
    if (!(error instanceof Cancelled)) log(`${what} failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
  }

  const project: OpenProject = {
    root,
    snapshot: () => current,
    inputs: () => inputs,
    settings: () => settings,
    settled: () => ready,
    whenEvaluated: () => evaluated.then(() => current, () => current),
    whenSettled: () => settled.then(() => current),
    whenQuiet: () => settled.then(quiet),
    async patiently() {
      if (ready && evaluating) await Promise.race([evaluating.catch(() => undefined), new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS).unref() })])
    },
    saved(path) {
      const known = inputs.files.get(path)
      const text = host.readText(path)
      if (!known || text === null) return null
      if (known.text === text || !current.manifest.final) return current
      const file = host.unsaved(known, text)
      return applyFiles(current, { ...inputs, files: withFile(inputs.files, file) }, [file])
    },
    edited(path) {
      const document = documents.byPath(path)
      if (!document) return
      const known = inputs.files.get(path)
      if (known && known.text === document.text) return
      if (known && !host.shapesProject(inputs, path)) editedFile(known, document.text)
      else if (isReadByProject(host, inputs, path)) schedule('edit')
    },
    closed(path) {
      // What is unsaved goes with the buffer: the disk's text counts again.
      const known = inputs.files.get(path)
      const text = known && known.checksum === undefined && !host.shapesProject(inputs, path) ? host.readText(path) : null
      if (known && text !== null) { if (text !== known.text) editedFile(known, text) }
      else if (isReadByProject(host, inputs, path)) schedule('watch')
    },
    watched(path) {
      if (inputs.files.has(path) || mayChangeProject(inputs, path)) schedule('watch')
    },
    configure(change, cause) {
      const next = change(settings, root)
      if (JSON.stringify(next) === JSON.stringify(settings)) return
      settings = next
      void reload(cause)
    },
    refresh: () => { void reload('refresh') },
    end() {
      life.aborted = true
      watch?.close()
      if (reloading.timer) clearTimeout(reloading.timer)
      if (keepTimer) clearTimeout(keepTimer)
    },
  }
  // Whoever opens it knows it before it changes.
  const evaluated = turn().then(() => (stateDecides ? bringState() : undefined)).then(() => evaluate('open')).then(() => { ready = true })
  const settled = evaluated.then(readWorld).catch(failed(`opening ${root}`))
  return project

  async function readWorld(): Promise<void> {
    await readEvidence('state')
    if (life.aborted) return
    watch = host.watch(inputs, (paths) => {
      schedule('watch')
      options.onWatched(paths)
    })
  }

  /** Before anything is evaluated, so that nothing is twice. What the state says of relations is told with the rest of the evidence. */
  async function bringState(): Promise<void> {
    const { evidence } = inputs
    const read = await host.stateEvidence(inputs, asked(settings))
    if (!life.aborted && read.stateVersion !== null) {
      inputs = { ...inputs, evidence: { ...evidence, ...read } }
      await readAgain()
      inputs = { ...inputs, evidence: { ...evidence, stateVersion: read.stateVersion } }
    }
    takeKept()
  }

  async function readEvidence(cause: Cause): Promise<void> {
    const evidence = await host.evidence(inputs, asked(settings), current.manifest)
    if (life.aborted) return
    const { stateVersion } = inputs.evidence
    inputs = { ...inputs, evidence }
    // A state that names its dbt may choose other rules, and brings dbt's own macros.
    if (evidence.stateVersion !== stateVersion) await readAgain()
    await evaluate(cause)
  }

  /** In slices; what was typed, or closed, meanwhile goes on top. */
  async function readAgain(): Promise<void> {
    const shown = documents.texts()
    const read = await inSlices(host.openSteps(root, asked(settings), shown, inputs), life)
    let { files } = read
    for (const path of new Set([...shown.keys(), ...documents.all().map((document) => document.path)])) {
      const file = read.files.get(path)
      const text = documents.byPath(path)?.text ?? host.readText(path)
      if (file && text !== null && text !== file.text) files = withFile(files, keeping(file, text))
    }
    inputs = { ...read, files, evidence: inputs.evidence }
    watch?.follow(inputs)
  }

  /** Everything that an edit or reading anew may concern, in slices: the server answers from the snapshot it has until the next one is whole. */
  function evaluate(cause: Cause, paths: readonly string[] = []): Promise<void> {
    const before = evaluating
    const run = async (): Promise<void> => {
      if (before) await before.catch(() => undefined)
      const slice = newSlice()
      let previous = current.manifest.final ? current : null
      for (;;) {
        const read = inputs
        const steps = assembleSteps(read, host.now(), previous, kept)
        let step = steps.next()
        while (!step.done) {
          // The first slice is not interrupted: what is small is there before the next request.
          if (performance.now() - slice.started >= SLICE_MS) await pause(slice, life)
          step = steps.next()
        }
        const made = step.value
        if (worthKeeping(made)) {
          kept = null
          keepLater()
        }
        // What was typed meanwhile goes on top, if it can; else once more, with what is known by now.
        const late = inputs === read ? made : inputs.resources === read.resources ? applyAlone(made, inputs, changedFiles(read.files, inputs.files)) : null
        if (late) return replace(cause, () => late, paths)
        previous = made
      }
    }
    const running = run().finally(() => { if (evaluating === running) evaluating = null })
    evaluating = running
    return running
  }

  function editedFile(known: SourceFile, text: string): void {
    const file = keeping(known, text)
    inputs = { ...inputs, files: withFile(inputs.files, file) }
    const alone = current.manifest.final ? applyAlone(current, inputs, [file]) : null
    if (alone) return replace(sameEdges(current.manifest, alone.manifest) ? 'key' : 'edit', () => alone, [file.path])
    if (!current.manifest.final) current = { ...current, files: inputs.files }
    // Before the first evaluation has ended it will take this along.
    if (!ready) return
    evaluate('edit', [file.path]).catch(failed(`evaluating ${root}`))
  }

  function replace(cause: Cause, make: () => Snapshot, paths: readonly string[] = []): void {
    const started = performance.now()
    const made = make()
    if (made === current) return
    current = following(made, current)
    if (keepTimer) keepLater()
    const took = performance.now() - started
    if (took > SLOW_TURN_MS && (cause === 'edit' || cause === 'key')) log(`slow: ${cause} of ${root} took ${Math.round(took)} ms`)
    options.onChange(project, cause, paths)
  }

  function schedule(cause: Cause): void {
    if (reloading.timer) clearTimeout(reloading.timer)
    reloading.timer = setTimeout(() => { reloading.timer = null; void reload(cause) }, RELOAD_DELAY_MS)
  }

  async function reload(cause: Cause): Promise<void> {
    if (reloading.running) { reloading.again = true; return }
    reloading.running = true
    try {
      // Its own settings file may be what changed.
      settings = options.settingsFor(root)
      await readAgain()
      await evaluate(cause)
      await readEvidence(cause)
    } catch (error) {
      failed(`reading ${root} again`)(error)
    } finally {
      reloading.running = false
      if (reloading.again) { reloading.again = false; schedule(cause) }
    }
  }

  async function quiet(): Promise<Snapshot> {
    // Each of these may start another: looking now and then is simpler than a promise of each.
    const busy = () => reloading.timer !== null || reloading.running || reloading.again || evaluating !== null
    while (!life.aborted && busy()) await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS) })
    return current
  }

  /** After a quiet while: in slices, for the next start. */
  function keepLater(): void {
    if (host.facts.directory === null) return
    if (keepTimer) clearTimeout(keepTimer)
    keepTimer = setTimeout(() => {
      keepTimer = null
      if (evaluating) return keepLater()
      keep().catch(failed(`keeping facts of ${root}`))
    }, KEEP_DELAY_MS)
    keepTimer.unref()
  }

  async function keep(): Promise<void> {
    const shown = current
    if (!shown.manifest.final || shown.project !== inputs.project) return
    const slice = newSlice()
    const steps = keepingSteps(host.facts, shown, inputs)
    let step = steps.next()
    while (!step.done) {
      await pause(slice, life, REST_SLICE_MS)
      // Who types does not wait for it.
      if (current !== shown) return keepLater()
      step = steps.next()
    }
    const problem = typeof step.value === 'function' ? await step.value() : step.value
    log(problem === null ? `facts of ${root} are kept for the next start` : `facts of ${root} are not kept: ${problem}`)
  }

  function keeping(before: SourceFile, text: string): SourceFile {
    const file = host.unsaved(before, text)
    return current.resources.get(file.path)?.some((each) => each.kind === 'schema') ? keepingLastGood(file, before) : file
  }
}

/** Nothing selected in an editor means the model that is looked at, not the whole project: favor-state would do nothing else. */
export function asked(settings: Settings): OpenRequest {
  return { ...requestOf(settings), alone: true }
}

function changedFiles(before: Files, now: Files): SourceFile[] {
  return [...now.values()].filter((file) => before.get(file.path) !== file)
}

function withFile(files: Files, file: SourceFile): Files {
  return withChanges(files, new Map([[file.path, file]]))
}
