// The one mutable cell: which projects are open and each one's current snapshot. Every change of anything enters through `apply…` here, with its cause.

import type { Files, SourceFile } from '../dbt/files.ts'
import { withChanges } from '../dbt/nodes/overlay-map.ts'
import type { Inputs } from '../dbt/inputs.ts'
import { applyFiles, assemble, assembleLiteral } from '../dbt/assemble.ts'
import type { ProjectHost, Watch } from '../dbt/ports.ts'
import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import { requestOf, type Settings } from '../ide/settings.ts'
import type { Documents } from './documents.ts'
import type { Log } from './logger.ts'

export type Cause = 'open' | 'edit' | 'watch' | 'settings' | 'command' | 'state' | 'existence' | 'refresh'

export interface ProjectSession {
  readonly root: string
  snapshot(): Snapshot
  /** False while the first evaluation is still to come. */
  settled(): boolean
  /** The first snapshot with everything evaluated and the evidence read, or the present one when that has been. */
  whenSettled(): Promise<Snapshot>
  settings(): Settings
}

export interface Workspace {
  /** The project that a file belongs to, opened if need be; null for a file of none. */
  projectOf(path: string): Promise<ProjectSession | null>
  open(root: string): Promise<ProjectSession>
  /** The text of a file as the user sees it: unsaved, else what the snapshot has, else the disk's. */
  textOf(snapshot: Snapshot, path: string): string | null
  edited(path: string): void
  closed(path: string): void
  watched(paths: readonly string[]): void
  configure(change: (settings: Settings, root: string) => Settings, cause: Cause): void
  refresh(): void
  projects(): readonly ProjectSession[]
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
}

const RELOAD_DELAY_MS = 150
const SLOW_TURN_MS = 100

export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { host, documents, log } = options
  const held = new Map<string, Held>()
  const opening = new Map<string, Promise<Held>>()

  const overlay = () => new Map(documents.all().map((document) => [document.path, document.text]))

  async function load(root: string): Promise<Held> {
    const own = options.settingsFor(root)
    const inputs = host.open(root, requestOf(own), overlay(), null)
    // First the names and places that stand literally in the files: definition and completion need no more.
    const project: Held = { root, current: assembleLiteral(inputs, host.now()), inputs, own, watch: null, ready: false, reload: { timer: null, running: false, again: false }, snapshot: () => project.current, settled: () => project.ready, whenSettled: () => settling.then(() => project.current), settings: () => project.own }
    held.set(root, project)
    options.onChange(project, 'open', [])
    const settling = settle(project)
    return project
  }

  /** The second pass: evaluation, then state and existence, each shown as soon as it is there. */
  async function settle(project: Held): Promise<void> {
    try {
      await turn()
      replace(project, 'open', () => assemble(project.inputs, host.now(), null))
      project.ready = true
      await readEvidence(project, 'state')
      project.watch = host.watch(project.inputs, (paths) => workspace.watched(paths))
    } catch (error) {
      log(`opening ${project.root} failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
    }
  }

  async function readEvidence(project: Held, cause: Cause): Promise<void> {
    const evidence = await host.evidence(project.inputs, requestOf(project.own), project.current.manifest)
    if (held.get(project.root) !== project) return
    const { stateVersion } = project.inputs.evidence
    project.inputs = { ...project.inputs, evidence }
    // A state that names its dbt may choose other rules, and brings dbt's own macros.
    if (evidence.stateVersion !== stateVersion) project.inputs = host.open(project.root, requestOf(project.own), overlay(), project.inputs)
    replace(project, cause, () => assemble(project.inputs, host.now(), project.current))
  }

  function replace(project: Held, cause: Cause, make: () => Snapshot, paths: readonly string[] = []): void {
    const started = performance.now()
    const next = make()
    if (next === project.current) return
    project.current = next
    const took = performance.now() - started
    if (took > SLOW_TURN_MS && cause === 'edit') log(`slow: ${cause} of ${project.root} took ${Math.round(took)} ms`)
    options.onChange(project, cause, paths)
  }

  function schedule(project: Held, cause: Cause): void {
    if (project.reload.timer) clearTimeout(project.reload.timer)
    project.reload.timer = setTimeout(() => { project.reload.timer = null; void reload(project, cause) }, RELOAD_DELAY_MS)
  }

  async function reload(project: Held, cause: Cause): Promise<void> {
    if (project.reload.running) { project.reload.again = true; return }
    project.reload.running = true
    try {
      project.inputs = host.open(project.root, requestOf(project.own), overlay(), project.inputs)
      replace(project, cause, () => assemble(project.inputs, host.now(), project.current))
      await readEvidence(project, cause)
    } catch (error) {
      log(`reading ${project.root} again failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
    } finally {
      project.reload.running = false
      if (project.reload.again) { project.reload.again = false; schedule(project, cause) }
    }
  }

  function owners(path: string): Held[] {
    return [...held.values()].filter((project) => project.inputs.files.has(path) || path.startsWith(`${project.root}/`) || path === project.inputs.project.profilesPath)
  }

  const workspace: Workspace = {
    async projectOf(path) {
      const known = [...held.values()].find((project) => project.inputs.files.has(path))
      if (known) return known
      const root = host.findRoot(path)
      return root === null ? null : workspace.open(root)
    },
    open(root) {
      const known = held.get(root)
      if (known) return Promise.resolve(known)
      let promise = opening.get(root)
      if (!promise) {
        promise = load(root).finally(() => opening.delete(root))
        opening.set(root, promise)
      }
      return promise
    },
    textOf(snapshot, path) {
      return documents.byPath(path)?.text ?? sourceFile(snapshot, path)?.text ?? host.readText(path)
    },
    edited(path) {
      const document = documents.byPath(path)
      if (!document) return
      for (const project of owners(path)) {
        const known = project.inputs.files.get(path)
        if (known && known.text === document.text) continue
        if (!known || host.shapesProject(project.inputs, path)) { schedule(project, 'edit'); continue }
        const file: SourceFile = host.unsaved(known, document.text)
        project.inputs = { ...project.inputs, files: withFile(project.inputs.files, file) }
        replace(project, 'edit', () => applyFiles(project.current, project.inputs, [file]), [path])
      }
    },
    closed(path) {
      // What is unsaved goes with the buffer: the disk's text counts again.
      for (const project of owners(path)) schedule(project, 'watch')
    },
    watched(paths) {
      const touched = new Set(paths.flatMap(owners))
      for (const project of touched) schedule(project, 'watch')
    },
    configure(change, cause) {
      for (const project of held.values()) {
        const next = change(project.own, project.root)
        if (JSON.stringify(next) === JSON.stringify(project.own)) continue
        project.own = next
        void reload(project, cause)
      }
    },
    refresh() {
      for (const project of held.values()) void reload(project, 'refresh')
    },
    projects: () => [...held.values()],
    dispose() {
      for (const project of held.values()) {
        project.watch?.close()
        if (project.reload.timer) clearTimeout(project.reload.timer)
      }
      held.clear()
      host.dispose()
    },
  }
  return workspace
}

function withFile(files: Files, file: SourceFile): Files {
  return withChanges(files, new Map([[file.path, file]]))
}

function turn(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve) })
}
