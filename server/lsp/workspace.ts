// The one mutable cell: which projects are open and each one's current snapshot. Every change of anything enters through `apply…` here, with its cause.

import type { Files, SourceFile } from '../dbt/files.ts'
import { keepingLastGood } from '../dbt/nodes/property-file.ts'
import { withChanges } from '../dbt/nodes/overlay-map.ts'
import type { Inputs, OpenRequest } from '../dbt/inputs.ts'
import { applyAlone, assembleKeptSteps, assembleListed, assembleLiteral, assembleSteps, following } from '../dbt/assemble.ts'
import type { KeptFacts } from '../dbt/cache/kept.ts'
import { sameEdges } from '../dbt/graph/edges.ts'
import type { OutsidePaths } from '../dbt/project/outside-paths.ts'
import type { Overlay, ProjectHost, Watch } from '../dbt/ports.ts'
import { applyFiles } from '../dbt/assemble.ts'
import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import { keepingSteps, keptFacts, worthKeeping } from '../dbt/warm.ts'
import { requestOf, type Settings } from '../ide/settings.ts'
import { isReadByProject, mayChangeProject } from './concern.ts'
import type { Documents } from './documents.ts'
import type { Log } from './logger.ts'
import { Cancelled, inSlices, newSlice, pause, REST_SLICE_MS, SLICE_MS, turn } from './pause.ts'

/** `key`: an edit that changed neither an edge nor what others see of the nodes it touched. */
export type Cause = 'open' | 'edit' | 'key' | 'watch' | 'settings' | 'command' | 'state' | 'existence' | 'refresh'

export interface ProjectSession {
  readonly root: string
  snapshot(): Snapshot
  /** What the snapshot was made of, as last read. */
  readonly inputs: Inputs
  /** False while the first evaluation is still to come. */
  settled(): boolean
  /** The first snapshot with everything evaluated and the evidence read, or the present one when that has been. */
  whenSettled(): Promise<Snapshot>
  /** The snapshot that holds every change up to now, also those that have to be read first: for what acts on it instead of showing it. */
  whenQuiet(): Promise<Snapshot>
  settings(): Settings
}

export interface Workspace {
  /** The project that a file belongs to, opened if need be; null for a file of none. */
  projectOf(path: string): Promise<ProjectSession | null>
  open(root: string): Promise<ProjectSession>
  /** The open projects that read a file, the one that it lies in first. */
  readersOf(path: string): readonly ProjectSession[]
  /** Folders of the client: other projects in them may read the same files. */
  setFolders(folders: readonly string[]): void
  /** While the project of a file is being read for the first time: names that the paths of its files say, as soon as those are listed. */
  listed(path: string): Promise<Snapshot | null>
  /** The text of a file as the user sees it: unsaved, else what the snapshot has, else the disk's. */
  textOf(snapshot: Snapshot, path: string): string | null
  /** The project as it would be with the text of this file as it is on disk; the present one when nothing is unsaved. Null: there is no such file. */
  saved(project: ProjectSession, path: string): Snapshot | null
  edited(path: string): void
  closed(path: string): void
  watched(paths: readonly string[]): void
  configure(change: (settings: Settings, root: string) => Settings, cause: Cause): void
  refresh(): void
  /** Lets go of the projects in a folder that the client closed, but for those with an open document; their roots. */
  release(folder: string): readonly string[]
  projects(): readonly ProjectSession[]
  /** The same once those that are being read for the first time are there too. */
  opened(): Promise<readonly ProjectSession[]>
  dispose(): void
}

export interface WorkspaceOptions {
  readonly host: ProjectHost
  readonly documents: Documents
  readonly log: Log
  /** Settings of a project before any command changed them. */
  readonly settingsFor: (root: string) => Settings
  readonly onChange: (project: ProjectSession, cause: Cause, paths: readonly string[]) => void
}

interface Held extends ProjectSession {
  current: Snapshot
  inputs: Inputs
  own: Settings
  watch: Watch | null
  ready: boolean
  reload: { timer: NodeJS.Timeout | null; running: boolean; again: boolean }
  /** The evaluation that runs in slices, if one does. */
  evaluating: Promise<void> | null
  aborted: boolean
  /** Facts of an earlier start, as long as nothing more than single nodes was evaluated since. */
  kept: KeptFacts | null
  /** When the facts are kept for the next start. */
  keep: NodeJS.Timeout | null
}

const RELOAD_DELAY_MS = 150
const SLOW_TURN_MS = 100
const LOOK_EVERY_MS = 10
/** Of quiet, before facts are kept. */
const KEEP_DELAY_MS = 5000

export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { host, documents, log } = options
  const held = new Map<string, Held>()
  const opening = new Map<string, Promise<Held>>()
  /** Of the projects that are being read for the first time. */
  const listings = new Map<string, Promise<Listing>>()
  let folders: readonly string[] = []
  /** Looked for once; again when folders or a dbt_project.yml change. */
  let outside: { readonly found: Promise<OutsidePaths>; aborted: boolean } | null = null

  const overlay = () => new Map(documents.all().map((document) => [document.path, document.text]))

  async function list(root: string, own: Settings): Promise<Listing> {
    const shown = overlay()
    const inputs = await inSlices(host.listSteps(root, asked(own), shown))
    return { inputs, shown, snapshot: assembleListed(inputs, host.now()) }
  }

  async function load(root: string): Promise<Held> {
    const own = options.settingsFor(root)
    const listing = list(root, own)
    listings.set(root, listing)
    const listed = await listing
    // Whoever waits for the definition of a ref is answered from that.
    await turn()
    const shown = overlay()
    // An unsaved dbt_project.yml, .env or packages.yml may say otherwise by now.
    const inputs = await inSlices(host.openSteps(root, asked(own), shown, null, sameTexts(shown, listed.shown) ? listed.inputs : null))
    const { kept, why } = keptFacts(host.facts, inputs)
    if (why !== null) log(`facts of an earlier start: ${why}`)
    // What an earlier start found out, when it still holds; else first the names and places that stand literally in the files: definition and completion need no more.
    const current = (kept && await inSlices(assembleKeptSteps(inputs, host.now(), kept))) ?? await inSlices(assembleLiteral(inputs, host.now()))
    const project: Held = { root, current, kept, keep: null, inputs, own, watch: null, ready: false, reload: { timer: null, running: false, again: false }, evaluating: null, aborted: false, snapshot: () => project.current, settled: () => project.ready, whenSettled: () => settling.then(() => project.current), whenQuiet: () => settling.then(() => quiet(project)), settings: () => project.own }
    held.set(root, project)
    options.onChange(project, 'open', [])
    const settling = settle(project)
    // What was typed, or closed, while it was read.
    for (const [path, text] of shown) if (inputs.files.has(path) && documents.byPath(path)?.text !== text) (documents.byPath(path) ? workspace.edited : workspace.closed)(path)
    return project
  }

  /** The second pass: evaluation, then state and existence, each shown as soon as it is there. */
  async function settle(project: Held): Promise<void> {
    try {
      await turn()
      await evaluate(project, 'open')
      project.ready = true
      await readEvidence(project, 'state')
      if (project.aborted) return
      project.watch = host.watch(project.inputs, (paths) => {
        // What is watched for a project concerns it wherever it lies: a state, a DuckDB file.
        schedule(project, 'watch')
        workspace.watched(paths)
      })
    } catch (error) {
      if (error instanceof Cancelled) return
      log(`opening ${project.root} failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
    }
  }

  async function readEvidence(project: Held, cause: Cause): Promise<void> {
    const evidence = await host.evidence(project.inputs, asked(project.own), project.current.manifest)
    if (held.get(project.root) !== project) return
    const { stateVersion } = project.inputs.evidence
    project.inputs = { ...project.inputs, evidence }
    // A state that names its dbt may choose other rules, and brings dbt's own macros.
    if (evidence.stateVersion !== stateVersion) await readAgain(project)
    await evaluate(project, cause)
  }

  /** In slices; what was typed, or closed, meanwhile goes on top. */
  async function readAgain(project: Held): Promise<void> {
    const shown = overlay()
    const inputs = await inSlices(host.openSteps(project.root, asked(project.own), shown, project.inputs), project)
    if (held.get(project.root) !== project) throw new Cancelled()
    let { files } = inputs
    for (const path of new Set([...shown.keys(), ...documents.all().map((document) => document.path)])) {
      const file = inputs.files.get(path)
      const text = documents.byPath(path)?.text ?? host.readText(path)
      if (file && text !== null && text !== file.text) files = withFile(files, keeping(project, file, host.unsaved(file, text)))
    }
    project.inputs = { ...inputs, files, evidence: project.inputs.evidence }
    project.watch?.follow(project.inputs)
  }

  /** Everything that an edit or reading anew may concern, in slices: the server answers from the snapshot it has until the next one is whole. */
  function evaluate(project: Held, cause: Cause, paths: readonly string[] = []): Promise<void> {
    const before = project.evaluating
    const run = async (): Promise<void> => {
      if (before) await before.catch(() => undefined)
      const slice = newSlice()
      let previous = project.current.manifest.final ? project.current : null
      for (;;) {
        const { inputs } = project
        const steps = assembleSteps(inputs, host.now(), previous, project.kept)
        let step = steps.next()
        while (!step.done) {
          // The first slice is not interrupted: what is small is there before the next request.
          if (performance.now() - slice.started >= SLICE_MS) await pause(slice, project)
          step = steps.next()
        }
        const made = step.value
        if (worthKeeping(made)) {
          project.kept = null
          keepLater(project)
        }
        // What was typed meanwhile goes on top, if it can; else once more, with what is known by now.
        const late = project.inputs === inputs ? made : project.inputs.resources === inputs.resources ? applyAlone(made, project.inputs, changedFiles(inputs.files, project.inputs.files)) : null
        if (late) return replace(project, cause, () => late, paths)
        previous = made
      }
    }
    const running = run().finally(() => { if (project.evaluating === running) project.evaluating = null })
    project.evaluating = running
    return running
  }

  /** After a quiet while: in slices, for the next start. */
  function keepLater(project: Held): void {
    if (host.facts.directory === null) return
    if (project.keep) clearTimeout(project.keep)
    project.keep = setTimeout(() => {
      project.keep = null
      if (project.evaluating) return keepLater(project)
      keep(project).catch((error: unknown) => {
        if (!(error instanceof Cancelled)) log(`facts of ${project.root} are not kept: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
      })
    }, KEEP_DELAY_MS)
    project.keep.unref()
  }

  async function keep(project: Held): Promise<void> {
    const { current, inputs } = project
    if (!current.manifest.final || current.project !== inputs.project) return
    const slice = newSlice()
    const steps = keepingSteps(host.facts, current, inputs)
    let step = steps.next()
    while (!step.done) {
      await pause(slice, project, REST_SLICE_MS)
      // Who types does not wait for it.
      if (project.current !== current) return keepLater(project)
      step = steps.next()
    }
    const problem = typeof step.value === 'function' ? await step.value() : step.value
    log(problem === null ? `facts of ${project.root} are kept for the next start` : `facts of ${project.root} are not kept: ${problem}`)
  }

  function editedFile(project: Held, file: SourceFile): void {
    const alone = project.current.manifest.final ? applyAlone(project.current, project.inputs, [file]) : null
    if (alone) return replace(project, sameEdges(project.current.manifest, alone.manifest) ? 'key' : 'edit', () => alone, [file.path])
    if (!project.current.manifest.final) project.current = { ...project.current, files: project.inputs.files }
    // Before the first evaluation has ended it will take this along.
    if (project.evaluating && !project.ready) return
    evaluate(project, 'edit', [file.path]).catch((error: unknown) => {
      if (!(error instanceof Cancelled)) log(`evaluating ${project.root} failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
    })
  }

  function replace(project: Held, cause: Cause, make: () => Snapshot, paths: readonly string[] = []): void {
    const started = performance.now()
    const made = make()
    if (made === project.current) return
    project.current = following(made, project.current)
    if (project.keep) keepLater(project)
    const took = performance.now() - started
    if (took > SLOW_TURN_MS && (cause === 'edit' || cause === 'key')) log(`slow: ${cause} of ${project.root} took ${Math.round(took)} ms`)
    options.onChange(project, cause, paths)
  }

  async function quiet(project: Held): Promise<Snapshot> {
    const busy = () => project.reload.timer !== null || project.reload.running || project.reload.again || project.evaluating !== null
    while (!project.aborted && busy()) await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS) })
    return project.current
  }

  function schedule(project: Held, cause: Cause): void {
    if (project.reload.timer) clearTimeout(project.reload.timer)
    project.reload.timer = setTimeout(() => { project.reload.timer = null; void reload(project, cause) }, RELOAD_DELAY_MS)
  }

  async function reload(project: Held, cause: Cause): Promise<void> {
    if (project.reload.running) { project.reload.again = true; return }
    project.reload.running = true
    try {
      // Its own settings file may be what changed.
      project.own = options.settingsFor(project.root)
      await readAgain(project)
      await evaluate(project, cause)
      await readEvidence(project, cause)
    } catch (error) {
      if (error instanceof Cancelled) return
      log(`reading ${project.root} again failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
    } finally {
      project.reload.running = false
      if (project.reload.again) { project.reload.again = false; schedule(project, cause) }
    }
  }

  function owners(path: string): Held[] {
    return [...held.values()].filter((project) => project.inputs.files.has(path) || path.startsWith(`${project.root}/`) || path === project.inputs.project.profilesPath)
  }

  function readersOf(path: string): Held[] {
    const readers = [...held.values()].filter((project) => project.inputs.files.has(path))
    const inside = readers.filter((project) => path.startsWith(`${project.root}/`)).toSorted((one, other) => other.root.length - one.root.length)
    return [...inside, ...readers.filter((project) => !inside.includes(project))]
  }

  async function ownProject(path: string): Promise<Held | null> {
    const [known] = readersOf(path)
    if (known && path.startsWith(`${known.root}/`)) return known
    const root = host.findRoot(path)
    // A local package is read as part of the project that installs it.
    if (root === null || (known && [...known.inputs.project.packages.values()].some((each) => each.root === root))) return known ?? null
    const own = await open(root)
    return known && !own.inputs.files.has(path) ? known : own
  }

  function lookOutside(): { readonly found: Promise<OutsidePaths>; aborted: boolean } {
    const signal = { aborted: false }
    return Object.assign(signal, { found: inSlices(host.outsideSteps(folders), signal) })
  }

  /** Looking once more ends the look that is under way: folders may be large, and change one after the other. */
  function forgetOutside(): void {
    if (outside) outside.aborted = true
    outside = null
  }

  /** Projects that read a file beyond their own directory are opened with it. */
  async function openReaders(path: string): Promise<void> {
    if (folders.length === 0) return
    outside ??= lookOutside()
    const found = await outside.found.catch((error: unknown) => { if (error instanceof Cancelled) return null; throw error })
    // Meanwhile there are other folders to be looked through.
    if (found === null) return openReaders(path)
    for (const [root, directories] of found) {
      if (held.has(root) || !directories.some((directory) => path.startsWith(`${directory}/`))) continue
      await open(root)
    }
  }

  function open(root: string): Promise<Held> {
    const known = held.get(root)
    if (known) return Promise.resolve(known)
    let promise = opening.get(root)
    if (!promise) {
      promise = load(root).finally(() => {
        opening.delete(root)
        listings.delete(root)
      })
      opening.set(root, promise)
    }
    return promise
  }

  function end(root: string): void {
    const project = held.get(root)
    if (!project) return
    project.aborted = true
    project.watch?.close()
    if (project.reload.timer) clearTimeout(project.reload.timer)
    if (project.keep) clearTimeout(project.keep)
    held.delete(root)
  }

  const workspace: Workspace = {
    async projectOf(path) {
      const own = await ownProject(path)
      if (!own) {
        await openReaders(path)
        return readersOf(path)[0] ?? null
      }
      openReaders(path).catch((error: unknown) => log(`looking for other projects that read ${path} failed: ${String(error)}`))
      if (own.ready && own.evaluating) await Promise.race([own.evaluating.catch(() => undefined), patience()])
      return own
    },
    readersOf,
    setFolders(now) {
      folders = now
      forgetOutside()
    },
    open,
    async listed(path) {
      if (readersOf(path).length > 0) return null
      const inside = [...listings.keys()].filter((root) => path.startsWith(`${root}/`)).toSorted((one, other) => other.length - one.length)
      for (const root of inside) {
        const listing = await listings.get(root)
        if (listing?.snapshot.resources.has(path)) return listing.snapshot
      }
      return null
    },
    textOf(snapshot, path) {
      return documents.byPath(path)?.text ?? sourceFile(snapshot, path)?.text ?? host.readText(path)
    },
    saved(project, path) {
      const owner = held.get(project.root)
      const known = owner?.inputs.files.get(path)
      const text = host.readText(path)
      if (!owner || !known || text === null) return null
      if (known.text === text || !owner.current.manifest.final) return owner.current
      const file = host.unsaved(known, text)
      const inputs = { ...owner.inputs, files: withFile(owner.inputs.files, file) }
      return applyFiles(owner.current, inputs, [file])
    },
    edited(path) {
      const document = documents.byPath(path)
      if (!document) return
      for (const project of owners(path)) {
        const known = project.inputs.files.get(path)
        if (known && known.text === document.text) continue
        if (!known || host.shapesProject(project.inputs, path)) {
          if (isReadByProject(host, project.inputs, path)) schedule(project, 'edit')
          continue
        }
        const file: SourceFile = keeping(project, known, host.unsaved(known, document.text))
        project.inputs = { ...project.inputs, files: withFile(project.inputs.files, file) }
        editedFile(project, file)
      }
    },
    closed(path) {
      // What is unsaved goes with the buffer: the disk's text counts again.
      for (const project of owners(path)) {
        const known = project.inputs.files.get(path)
        const text = known && known.checksum === undefined && !host.shapesProject(project.inputs, path) ? host.readText(path) : null
        if (!known || text === null) {
          if (isReadByProject(host, project.inputs, path)) schedule(project, 'watch')
          continue
        }
        if (text === known.text) continue
        const file = keeping(project, known, host.unsaved(known, text))
        project.inputs = { ...project.inputs, files: withFile(project.inputs.files, file) }
        editedFile(project, file)
      }
    },
    watched(paths) {
      if (paths.some((path) => SAYS_OUTSIDE.test(path))) forgetOutside()
      const touched = new Set(paths.flatMap((path) => owners(path).filter((project) => project.inputs.files.has(path) || mayChangeProject(project.inputs, path))))
      for (const project of touched) schedule(project, 'watch')
    },
    configure(change, cause) {
      const apply = (project: Held): void => {
        const next = change(project.own, project.root)
        if (JSON.stringify(next) === JSON.stringify(project.own)) return
        project.own = next
        void reload(project, cause)
      }
      for (const project of held.values()) apply(project)
      // One that is being read began with the settings of before. That it cannot be read, who asked for it says.
      for (const promise of opening.values()) promise.then(apply, () => undefined)
    },
    refresh() {
      for (const project of held.values()) void reload(project, 'refresh')
    },
    release(folder) {
      const roots = [...held.keys()].filter((root) => (root === folder || root.startsWith(`${folder}/`)) && !documents.all().some((document) => owners(document.path).some((each) => each.root === root)))
      for (const root of roots) end(root)
      return roots
    },
    projects: () => [...held.values()],
    async opened() {
      await Promise.allSettled(opening.values())
      return workspace.projects()
    },
    dispose() {
      for (const root of held.keys()) end(root)
      host.dispose()
    },
  }
  return workspace
}

/** What is known before the files are read. `shown`: the unsaved texts of then. */
interface Listing { readonly inputs: Inputs; readonly shown: Overlay; readonly snapshot: Snapshot }

function sameTexts(one: Overlay, other: Overlay): boolean {
  return one.size === other.size && [...one].every(([path, text]) => other.get(path) === text)
}

/** Files that say which directories a project reads. */
const SAYS_OUTSIDE = /\/(?:dbt_project|packages|dependencies)\.yml$/

function changedFiles(before: Files, now: Files): SourceFile[] {
  return [...now.values()].filter((file) => before.get(file.path) !== file)
}

/** Nothing selected in an editor means the model that is looked at, not the whole project: favor-state would do nothing else. */
function asked(settings: Settings): OpenRequest {
  return { ...requestOf(settings), alone: true }
}

function keeping(project: Held, before: SourceFile, file: SourceFile): SourceFile {
  return project.current.resources.get(file.path)?.some((each) => each.kind === 'schema') ? keepingLastGood(file, before) : file
}

function withFile(files: Files, file: SourceFile): Files {
  return withChanges(files, new Map([[file.path, file]]))
}

/** How long a request waits for the evaluation of an edit before it is answered from the snapshot that there is. */
const PATIENCE_MS = 150

function patience(): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS).unref() })
}
