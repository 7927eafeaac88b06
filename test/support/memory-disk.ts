// A Disk in memory, for tests: absolute paths to texts. Folders exist because files lie in them.

import type { Disk, Surroundings } from '../../server/dbt/ports.ts'

export function memoryDisk(files: ReadonlyMap<string, string> | Readonly<Record<string, string>>): Disk {
  const texts = new Map(files instanceof Map ? files : Object.entries(files as Record<string, string>))
  const folders = new Map<string, Map<string, 'file' | 'directory'>>([['/', new Map()]])
  for (const path of texts.keys()) addToFolders(folders, path)
  return {
    read: (path) => texts.get(path) ?? null,
    kind: (path) => (texts.has(path) ? 'file' : folders.has(path) ? 'directory' : null),
    list: (path) => Array.from(folders.get(path) ?? [], ([name, kind]) => ({ name, kind })).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

export function surroundings(env: Readonly<Record<string, string>> = {}, cwd = '/p', home = '/home/me'): Surroundings {
  return { env: new Map(Object.entries(env)), cwd, home }
}

function addToFolders(folders: Map<string, Map<string, 'file' | 'directory'>>, path: string): void {
  let child = path
  let kind: 'file' | 'directory' = 'file'
  for (;;) {
    const slash = child.lastIndexOf('/')
    const parent = slash <= 0 ? '/' : child.slice(0, slash)
    const known = folders.get(parent)
    if (known) { known.set(child.slice(slash + 1), kind); return }
    folders.set(parent, new Map([[child.slice(slash + 1), kind]]))
    child = parent
    kind = 'directory'
  }
}
