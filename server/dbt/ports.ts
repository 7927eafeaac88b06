// What the core needs from outside, as interfaces. host/ implements them; main.ts hands them in; tests use values in memory.

/** Files and folders, read synchronously by the host on behalf of a loader. Every method answers null (or empty) instead of throwing. */
export interface Disk {
  /** UTF-8 text, null when there is no such file or it can't be read. */
  read(path: string): string | null
  kind(path: string): 'file' | 'directory' | null
  /** Entries of a directory, sorted by name (code units). `kind` is what a symlink leads to; dead ones are left out. */
  list(path: string): readonly DiskEntry[]
}

export interface DiskEntry {
  readonly name: string
  readonly kind: 'file' | 'directory'
  /** A symlink; dbt does not walk into those that lead to directories. */
  readonly link?: boolean
}

/** The process's outside as values: captured once, handed in. */
export interface Surroundings {
  readonly env: ReadonlyMap<string, string>
  readonly cwd: string
  readonly home: string
}
