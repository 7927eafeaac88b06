// What the core needs from outside, as interfaces. host/ implements them; main.ts hands them in; tests use values in memory.

import type { Pages } from './cache/reader.ts'
import type { Written } from './cache/writer.ts'
import type { SourceFile } from './files.ts'
import type { Evidence, Inputs, OpenRequest, StateEvidence } from './inputs.ts'
import type { Manifest } from './nodes/types.ts'
import type { OutsidePaths } from './project/outside-paths.ts'
import type { StateManifest } from './state/types.ts'
import type { SqlError, SqlParser } from '../sql/syntax.ts'

/** Files and folders, read synchronously by the host on behalf of a loader. Every method answers null (or empty) instead of throwing. */
export interface Disk {
  /** UTF-8 text, null when there is no such file or it can't be read. Files longer than `bytes` (without it 10 MB) are cut. */
  read(path: string, bytes?: number): string | null
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

/** Where unsaved texts lie over the disk, by absolute path. */
export type Overlay = ReadonlyMap<string, string>

/** Everything that the command line and the language server need from the machine. host/project-host.ts implements it. */
export interface ProjectHost {
  /** ISO. */
  now(): string
  /** The directory of the dbt_project.yml that a file belongs to. */
  findRoot(path: string): string | null
  /** Projects under folders that read files beyond their own directory. One step a directory. */
  outsideSteps(folders: readonly string[]): Generator<void, OutsidePaths>
  environment(name: string): string | null
  /** Reads a project from disk with unsaved texts on top; files whose text is the same are the same values as in `previous`. Never throws. */
  open(root: string, request: OpenRequest, overlay: Overlay, previous: Inputs | null): Inputs
  /** The same in steps of at most one file, for a server that must stay awake meanwhile. `listing`: what `listSteps` found a moment ago, under the same unsaved texts. */
  openSteps(root: string, request: OpenRequest, overlay: Overlay, previous: Inputs | null, listing?: Inputs | null): Generator<void, Inputs>
  /** The same without reading a resource: files are listed, and there are only the unsaved ones. */
  listSteps(root: string, request: OpenRequest, overlay: Overlay): Generator<void, Inputs>
  /** The part of the evidence that needs nothing evaluated: a state may choose the rules, and brings dbt's own macros. */
  stateEvidence(inputs: Inputs, request: OpenRequest): Promise<StateEvidence>
  /** Reads the state and what exists. Never throws: what cannot be read is said in the answer's problems. */
  evidence(inputs: Inputs, request: OpenRequest, manifest: Manifest): Promise<Evidence>
  readText(path: string): string | null
  /** The manifest.json of a directory, read again when it changed; null where there is none that can be read. */
  stateIn(directory: string): Promise<StateManifest | null>
  /** When anything of a file last changed, its content, name or owner, in milliseconds since 1970; null: there is no such file. */
  changedAt(path: string): number | null
  /** What a state's manifest holds as compiled_code of a node; read anew each time. */
  compiledInState(manifest: string, uniqueId: string): Promise<string | null>
  /** The first certain error of a SQL text in a parser's dialect; null for none, and where nothing can be said. Never rejects. */
  checkSql(text: string, dialect: string): Promise<SqlError | null>
  /** False once it is known that there is no parser. */
  canCheckSql(): boolean
  /** Tries the parser, where it has not been tried. Never rejects. */
  sqlParser(): Promise<SqlParser>
  /** The file with another text, as it would be read from disk. */
  unsaved(file: SourceFile, text: string): SourceFile
  /** Whether a file decides what the project is (dbt_project.yml, profiles.yml, packages …) rather than being one of its resources. */
  shapesProject(inputs: Inputs, path: string): boolean
  /** Reports changes of what the project is read from, wherever it lies: its directories, settings, state and database. */
  watch(inputs: Inputs, onChange: (paths: readonly string[]) => void): Watch
  /** Writes a file that a person asked for, with the folders above it; why it could not be, or null. */
  write(path: string, text: string): string | null
  /** Starts the user's own dbt in the project's directory; null when there is none. Only for what a person asked for. */
  runDbt(root: string, args: readonly string[], onLine: (line: string) => void): ProgramRun | null
  /** Runs the user's own command that brings the state. What it brings counts when it can be read, else what was there is put back. Only for what a person asked for. Lines come without secrets. */
  pullState(pull: StatePull, onLine: (line: string) => void): PullRun
  /** `.dbt-defer-ls.yml` beside dbt_project.yml, as plain data. */
  projectSettings(root: string): { readonly data: unknown; readonly problems: readonly string[] }
  /** Facts kept between starts. */
  readonly facts: FactsStore
  dispose(): void
}

/** Where dbt/cache's records are kept. Nothing throws: what cannot be read or written is said in words. */
export interface FactsStore {
  /** Null: nothing is kept, and `off` says why. */
  readonly directory: string | null
  readonly off: string | null
  /** Random, new with each call. */
  salt(): string
  read(place: string): FactsRead
  /** Whole or not at all, in slices; what went wrong, or null. */
  write(place: string, written: Written): Promise<string | null>
}

/** `why`: null when there simply are none. */
export type FactsRead = { readonly kind: 'found'; readonly pages: Pages } | { readonly kind: 'none'; readonly why: string | null }

export interface StatePull {
  /** The project's directory, in which the command runs. */
  readonly root: string
  /** For the shell. */
  readonly command: string
  /** Absolute: where --state and --defer-state lie. */
  readonly directories: readonly string[]
}

export interface PullRun {
  /** Never rejects. */
  readonly done: Promise<Pulled>
  cancel(): void
}

/** `changed`: whether any manifest was written at all. */
export type Pulled = { readonly kind: 'pulled'; readonly changed: boolean } | { readonly kind: 'failed'; readonly why: string }

export interface ProgramRun {
  /** Never rejects. `code` is null when the program could not be started or was ended. */
  readonly done: Promise<{ readonly code: number | null; readonly problem: string | null }>
  cancel(): void
}

export interface Watch {
  /** What is watched follows what the project has become: other directories, another state. */
  follow(inputs: Inputs): void
  close(): void
}
