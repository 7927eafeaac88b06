// Our own watcher beside the editor's (some editors watch nothing): changes of folders and single files, gathered for 50 ms, and a slow sweep
// over modification times that finds what the operating system forgot to tell. Reports paths only; reading is others' work.

import { watch, type FSWatcher } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isSystemError } from './disk.ts'

export interface Watched {
  /** Watched with everything below them. */
  readonly directories: readonly string[]
  /** Watched one by one; need not exist. */
  readonly files: readonly string[]
}

export interface Watcher {
  /** Puts other folders and files in place of those watched now. */
  watch(watched: Watched): void
  close(): void
}

export interface WatchTimes { readonly debounceMs: number; readonly sweepMs: number; readonly sweepWithoutEventsMs: number }

const TIMES: WatchTimes = { debounceMs: 50, sweepMs: 30_000, sweepWithoutEventsMs: 2_000 }

/** `onChange` gets absolute paths of files and folders that were made, changed or removed; never empty, each once. It may throw nothing. */
export function startWatcher(watched: Watched, onChange: (paths: readonly string[]) => void, times: WatchTimes = TIMES): Watcher {
  const state: State = { watchers: new Map(), changed: new Set(), timer: null, closed: false, generation: 0, blind: false, times, onChange, seen: null, watched }
  begin(state, watched)
  return {
    watch: (next) => begin(state, next),
    close: () => { state.closed = true; stop(state); if (state.timer) clearTimeout(state.timer) },
  }
}

interface State {
  /** By the folder that each listens to. */
  readonly watchers: Map<string, FSWatcher>
  readonly changed: Set<string>
  timer: NodeJS.Timeout | null
  closed: boolean
  /** A sweep of an earlier set of folders ends when it sees another number. */
  generation: number
  /** Some folder can't be watched by events. */
  blind: boolean
  readonly times: WatchTimes
  readonly onChange: (paths: readonly string[]) => void
  /** Modification time and size of each file at the last sweep. */
  seen: ReadonlyMap<string, string> | null
  watched: Watched
}

function begin(state: State, watched: Watched): void {
  if (state.closed) return
  stop(state)
  state.watched = watched
  state.blind = false
  state.seen = null
  const generation = ++state.generation
  if (!BY_FOLDER) for (const directory of watched.directories) listen(state, directory, true, null)
  const byParent = new Map<string, Set<string>>()
  for (const file of watched.files) {
    const slash = file.lastIndexOf('/')
    const parent = file.slice(0, slash) || '/'
    byParent.set(parent, (byParent.get(parent) ?? new Set()).add(file.slice(slash + 1)))
  }
  for (const [parent, names] of byParent) listen(state, parent, false, names)
  void sweeping(state, generation)
}

function stop(state: State): void {
  for (const watcher of state.watchers.values()) watcher.close()
  state.watchers.clear()
}

/** Linux has no recursive watching: Node makes one of a watch for every single file, set up at once. One for every folder says the same; the first sweep sets them up. */
const BY_FOLDER = process.platform === 'linux'

function listen(state: State, directory: string, recursive: boolean, only: ReadonlySet<string> | null): void {
  const key = only === null ? directory : `${directory}\0`
  state.watchers.get(key)?.close()
  const { generation } = state
  const lost = (): void => { state.blind = true }
  try {
    const watcher = watch(directory, { recursive, persistent: false }, (event, name) => {
      const path = name === null ? directory : `${directory}/${name.replaceAll('\\', '/')}`
      if (name === null || only === null || only.has(name)) changed(state, path)
      if (BY_FOLDER && only === null && event === 'rename' && name !== null) void follow(state, path, generation)
    })
    watcher.on('error', lost)
    state.watchers.set(key, watcher)
  } catch (error) {
    if (!isSystemError(error)) throw error
    lost()
  }
}

/** A folder that came to be is listened to with everything below it; what was made in it before that is reported. */
async function follow(state: State, path: string, generation: number): Promise<void> {
  const current = (): boolean => !state.closed && state.generation === generation
  const stats = await quietly(stat(path))
  if (stats?.isDirectory() !== true || !current()) return
  const marks = await sweep({ directories: [path], files: [] }, current, (directory) => listen(state, directory, false, null))
  for (const file of marks.keys()) changed(state, file)
}

function changed(state: State, path: string): void {
  if (state.closed) return
  state.changed.add(path)
  // from the first change on, so that a stream of changes can't put the report off for ever
  state.timer ??= setTimeout(() => {
    state.timer = null
    const paths = [...state.changed]
    state.changed.clear()
    if (!state.closed && paths.length > 0) state.onChange(paths)
  }, state.times.debounceMs)
}

async function sweeping(state: State, generation: number): Promise<void> {
  const current = (): boolean => !state.closed && state.generation === generation
  while (current()) {
    const now = await sweep(state.watched, current, (directory) => { if (BY_FOLDER && !state.watchers.has(directory)) listen(state, directory, false, null) })
    if (!current()) return
    const before = state.seen
    state.seen = now
    if (before) {
      for (const [path, stamp] of now) if (before.get(path) !== stamp) changed(state, path)
      for (const path of before.keys()) if (!now.has(path)) changed(state, path)
    }
    await pause(state.blind ? state.times.sweepWithoutEventsMs : state.times.sweepMs)
  }
}

/** Modification time and size of every file; `enter` is called for each folder before it is read. */
async function sweep(watched: Watched, current: () => boolean, enter: (directory: string) => void): Promise<ReadonlyMap<string, string>> {
  const marks = new Map<string, string>()
  const pending = [...watched.directories]
  for (let directory = pending.pop(); directory !== undefined && current(); directory = pending.pop()) {
    enter(directory)
    const entries = await quietly(readdir(directory, { withFileTypes: true })) ?? []
    const files: string[] = []
    for (const entry of entries) {
      if (entry.isDirectory()) pending.push(`${directory}/${entry.name}`)
      else files.push(`${directory}/${entry.name}`)
    }
    await Promise.all(files.map((file) => mark(file, marks)))
    await nextTurn()
  }
  await Promise.all(watched.files.map((file) => mark(file, marks)))
  return marks
}

async function mark(path: string, marks: Map<string, string>): Promise<void> {
  const stats = await quietly(stat(path))
  if (stats?.isFile() === true) marks.set(path, `${stats.mtimeMs}:${stats.size}`)
}

async function quietly<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise
  } catch (error) {
    if (isSystemError(error)) return null
    throw error
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds).unref() })
}
