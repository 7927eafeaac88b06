// Which projects are open, and which of them a file belongs to.

import { assembleListed } from '../dbt/assemble.ts'
import type { Inputs } from '../dbt/inputs.ts'
import type { OutsidePaths } from '../dbt/project/outside-paths.ts'
import type { Overlay, ProjectHost } from '../dbt/ports.ts'
import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import type { Settings } from '../ide/settings.ts'
import type { Documents } from './documents.ts'
import type { Log } from './logger.ts'
import { Cancelled, inSlices, turn } from './pause.ts'
import { asked, openSession, type Cause, type OpenProject, type ProjectSession } from './project-session.ts'

export interface Workspace {
  /** The project that a file belongs to, opened if need be; null for a file of none. */
  projectOf(path: string): Promise<ProjectSession | null>
  open(root: string): Promise<ProjectSession>
  /** The open projects that read a file, the one that it lies in first. */
  readersOf(path: string): readonly ProjectSession[]
  /** Folders of the client: other projects in them may read the same files. Projects in a folder that it closed are let go, but for those with an open document. */
  changeFolders(added: readonly string[], removed: readonly string[]): void
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
  /** Of a project that was let go. */
  readonly onReleased: (root: string) => void
}

export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { host, documents, log } = options
  const held = new Map<string, OpenProject>()
  const opening = new Map<string, Promise<OpenProject>>()
  /** Of the projects that are being read for the first time. */
  const listings = new Map<string, Promise<Listing>>()
  let folders: readonly string[] = []
  /** Looked for once; again when folders or a dbt_project.yml change. */
  let outside: { readonly found: Promise<OutsidePaths>; aborted: boolean } | null = null

  async function list(root: string, own: Settings): Promise<Listing> {
    const shown = documents.texts()
    const inputs = await inSlices(host.listSteps(root, asked(own), shown))
    return { inputs, shown, snapshot: assembleListed(inputs, host.now()) }
  }

  async function load(root: string): Promise<OpenProject> {
    const own = options.settingsFor(root)
    const listing = list(root, own)
    listings.set(root, listing)
    const listed = await listing
    // Whoever waits for the definition of a ref is answered from that.
    await turn()
    const shown = documents.texts()
    // An unsaved dbt_project.yml, .env or packages.yml may say otherwise by now.
    const inputs = await inSlices(host.openSteps(root, asked(own), shown, null, sameTexts(shown, listed.shown) ? listed.inputs : null))
    const project = await openSession(root, inputs, own, { ...options, onWatched: (paths) => workspace.watched(paths) })
    held.set(root, project)
    options.onChange(project, 'open', [])
    // What was typed, or closed, while it was read.
    for (const [path, text] of shown) if (inputs.files.has(path) && documents.byPath(path)?.text !== text) (documents.byPath(path) ? workspace.edited : workspace.closed)(path)
    return project
  }

  function open(root: string): Promise<OpenProject> {
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

  function owners(path: string): OpenProject[] {
    return [...held.values()].filter((project) => project.inputs().files.has(path) || path.startsWith(`${project.root}/`) || path === project.inputs().project.profilesPath)
  }

  function readersOf(path: string): OpenProject[] {
    const readers = [...held.values()].filter((project) => project.inputs().files.has(path))
    const around = readers.filter((project) => inside(project.root, path)).toSorted((one, other) => other.root.length - one.root.length)
    return [...around, ...readers.filter((project) => !around.includes(project))]
  }

  async function ownProject(path: string): Promise<OpenProject | null> {
    const [known] = readersOf(path)
    if (known && inside(known.root, path)) return known
    const root = host.findRoot(path)
    // A local package is read as part of the project that installs it.
    if (root === null || (known && [...known.inputs().project.packages.values()].some((each) => each.root === root))) return known ?? null
    const own = await open(root)
    return known && !own.inputs().files.has(path) ? known : own
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
      if (held.has(root) || !directories.some((directory) => inside(directory, path))) continue
      await open(root)
    }
  }

  function release(root: string): void {
    const project = held.get(root)
    if (!project || documents.all().some((document) => owners(document.path).includes(project))) return
    project.end()
    held.delete(root)
    options.onReleased(root)
  }

  const workspace: Workspace = {
    async projectOf(path) {
      const own = await ownProject(path)
      if (!own) {
        await openReaders(path)
        return readersOf(path)[0] ?? null
      }
      openReaders(path).catch((error: unknown) => log(`looking for other projects that read ${path} failed: ${String(error)}`))
      await own.patiently()
      return own
    },
    readersOf,
    changeFolders(added, removed) {
      folders = [...folders.filter((folder) => !removed.includes(folder)), ...added]
      forgetOutside()
      const closed = (root: string): boolean => removed.some((folder) => folder === root || inside(folder, root))
      for (const root of [...held.keys()].filter(closed)) release(root)
      // That one cannot be read, who asked for it says.
      for (const [root, promise] of opening) if (closed(root)) promise.then(() => release(root), () => undefined)
    },
    open,
    async listed(path) {
      if (readersOf(path).length > 0) return null
      const around = [...listings.keys()].filter((root) => inside(root, path)).toSorted((one, other) => other.length - one.length)
      for (const root of around) {
        const listing = await listings.get(root)
        if (listing?.snapshot.resources.has(path)) return listing.snapshot
      }
      return null
    },
    textOf(snapshot, path) {
      return documents.byPath(path)?.text ?? sourceFile(snapshot, path)?.text ?? host.readText(path)
    },
    saved: (project, path) => held.get(project.root)?.saved(path) ?? null,
    edited(path) {
      for (const project of owners(path)) project.edited(path)
    },
    closed(path) {
      for (const project of owners(path)) project.closed(path)
    },
    watched(paths) {
      if (paths.some((path) => SAYS_OUTSIDE.test(path))) forgetOutside()
      for (const path of paths) for (const project of owners(path)) project.watched(path)
    },
    configure(change, cause) {
      for (const project of held.values()) project.configure(change, cause)
      // One that is being read began with the settings of before. That it cannot be read, who asked for it says.
      for (const promise of opening.values()) promise.then((project) => project.configure(change, cause), () => undefined)
    },
    refresh() {
      for (const project of held.values()) project.refresh()
    },
    projects: () => [...held.values()],
    async opened() {
      await Promise.allSettled(opening.values())
      return workspace.projects()
    },
    dispose() {
      for (const project of held.values()) project.end()
      held.clear()
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

function inside(directory: string, path: string): boolean {
  return path.startsWith(`${directory}/`)
}

/** Files that say which directories a project reads. */
const SAYS_OUTSIDE = /\/(?:dbt_project|packages|dependencies)\.yml$/
