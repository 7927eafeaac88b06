// A file as dbt's file reader hands it to a parser: what it is read as, in which package, and its path in dbt's two spellings.

import type { SourceFile } from '../files.ts'

/** dbt's ParseFileType. */
export type FileKind = 'macro' | 'model' | 'snapshot' | 'analysis' | 'singular_test' | 'generic_test' | 'seed' | 'docs' | 'schema' | 'fixture' | 'function'

export interface ResourceFile {
  readonly kind: FileKind
  readonly packageName: string
  /** The resource path it was found under, as written (`models`), and the rest: together dbt's original_file_path. */
  readonly searchedPath: string
  readonly relativePath: string
  readonly file: SourceFile
}

/** os.path.join of the two. */
export function originalPath({ searchedPath, relativePath }: ResourceFile): string {
  return searchedPath.endsWith('/') ? searchedPath + relativePath : `${searchedPath}/${relativePath}`
}

/** File name without its last extension (os.path.splitext), the name of most resources. `jinja`: strip `.j2`, `.jinja`, `.jinja2` first (1.12's allow_jinja_file_extensions). */
export function stemOf(relativePath: string, jinja: boolean): string {
  let base = relativePath.slice(relativePath.lastIndexOf('/') + 1)
  if (jinja) for (const extension of ['.j2', '.jinja2', '.jinja']) if (base.endsWith(extension)) base = base.slice(0, -extension.length)
  return withoutExtension(base)
}

/** os.path.splitext(…)[0]: leading dots are no extension. */
export function withoutExtension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  if (dot <= 0 || /^\.+$/.test(name.slice(0, dot))) return path
  return path.slice(0, path.length - name.length + dot)
}

/** utils.split_path of the folders above the file. */
export function foldersOf(relativePath: string): string[] { return relativePath.split('/').slice(0, -1) }

/** pathlib's parts of a relative path: without `.` and what is empty. */
export function plainParts(path: string): string[] { return path.split('/').filter(part => part !== '' && part !== '.') }
