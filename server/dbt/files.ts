// The files of a workspace as values. A SourceFile is never changed, only replaced: derived facts are memoised in WeakMaps keyed by it,
// so that there is no invalidation code. `path` is absolute with `/`.

export interface SourceFile {
  readonly path: string
  readonly text: string
  /** Set when the bytes are no UTF-8, in Python's words: `text` is then what could be decoded. */
  readonly undecodable?: string
  /** Set when the file is longer than what was read of it: how many bytes that are. */
  readonly cutAt?: number
  /** Bytes on disk; seeds over dbt's limit are hashed by path. */
  readonly size: number
  /** Seeds only: sha256 (hex) of the text as dbt hashes it, made by the host; `text` may hold only its header line. */
  readonly checksum?: string
  /** Set on a seed of whose data nothing is in `text`. */
  readonly headerOnly?: true
  /** Of a property file that cannot be parsed: the last text that could. Its facts are kept while somebody types. */
  readonly lastGood?: SourceFile
}

/** All files that were read, by absolute path. Persistent: `applyChange` copies it with small changes. */
export type Files = ReadonlyMap<string, SourceFile>
