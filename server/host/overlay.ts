// Unsaved texts over a disk: the project as the editor shows it. A buffer that was never saved is a file of its directory, and that directory is there with it.

import type { Disk, DiskEntry, Overlay } from '../dbt/ports.ts'

export function withOverlay(disk: Disk, overlay: Overlay): Disk {
  if (overlay.size === 0) return disk
  const added = unsavedEntries(disk, overlay.keys())
  return {
    ...disk,
    read: (file, bytes) => overlay.get(file) ?? disk.read(file, bytes),
    kind: (path) => (overlay.has(path) ? 'file' : disk.kind(path) ?? (added.has(path) ? 'directory' : null)),
    list(directory) {
      const more = added.get(directory)
      if (!more) return disk.list(directory)
      return [...disk.list(directory), ...more.values()].toSorted((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
    },
  }
}

/** By directory and name: what the disk does not have. */
function unsavedEntries(disk: Disk, files: Iterable<string>): ReadonlyMap<string, ReadonlyMap<string, DiskEntry>> {
  const added = new Map<string, Map<string, DiskEntry>>()
  for (const file of files) {
    let path = file
    let kind: DiskEntry['kind'] = 'file'
    while (disk.kind(path) === null) {
      const at = path.lastIndexOf('/')
      if (at <= 0) break
      const directory = path.slice(0, at)
      const entries = added.get(directory) ?? new Map<string, DiskEntry>()
      added.set(directory, entries.set(path.slice(at + 1), { name: path.slice(at + 1), kind }))
      path = directory
      kind = 'directory'
    }
  }
  return added
}
