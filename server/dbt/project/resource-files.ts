// Which files belong to which package and are what, by dbt's rules of globbing (parser/read_files.py get_file_types_for_project,
// dbt_common/clients/system.py find_matching). Lists directories; reads no file but .dbtignore.

import type { Disk } from '../ports.ts'
import { isIgnored, parseIgnore } from './dbtignore.ts'
import { absolutePath } from './flags.ts'
import type { Package, Project } from './types.ts'

/** dbt's ParseFileType. */
export type FileKind = 'macro' | 'model' | 'snapshot' | 'analysis' | 'singular_test' | 'generic_test' | 'seed' | 'docs' | 'schema' | 'fixture' | 'function'

/** A place in the lists of dbt's file reader; with its SourceFile it is a ResourceFile of nodes/. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string
  readonly packageName: string
  readonly kind: FileKind
  /** The resource path it was found under, as written (`models`); generic tests and fixtures: `tests/generic`, `tests/fixtures`. */
  readonly searchedPath: string
  readonly relativePath: string
}

/**
 * Every resource file, packages in the project's order, kinds and extensions in the order in which dbt reads them, names sorted.
 * A file that two entries of one kind reach (`models`, `models/sub`) comes twice, as in dbt, which then calls it a duplicate.
 * One directory or one kind of file a step.
 */
export function* resourceFileSteps(project: Project, disk: Disk): Generator<void, readonly FoundFile[]> {
  const walked = new Map<string, Walked>()
  const found: FoundFile[] = []
  for (const each of project.packages.values()) yield* filesOfPackage(project, each, disk, walked, found)
  return found
}

/** The directories that hold resource files, for watching; nested ones left out. */
export function resourceDirectories(project: Project): readonly string[] {
  const all = new Set(Array.from(project.packages.values()).flatMap((each) => kindsOf(project, each).flatMap(({ paths }) => paths.map((path) => absolutePath(each.root, path)))))
  return [...all].filter((path) => ![...all].some((other) => other !== path && path.startsWith(`${other}/`))).toSorted()
}

interface Kind { readonly kind: FileKind; readonly paths: readonly string[]; readonly extensions: readonly string[] }

function kindsOf(project: Project, { paths }: Package): Kind[] {
  const { rules, flags } = project
  const jinja = flags.behaviour.get('allow_jinja_file_extensions')?.value === true
  const aliased = (extension: string): string[] => (jinja && (extension === '.sql' || extension === '.md') ? [extension, `${extension}.j2`, `${extension}.jinja2`, `${extension}.jinja`] : [extension])
  const sql = aliased('.sql')
  const within = (folder: string): string[] => paths.test.map((path) => `${path.replace(/\/$/, '')}/${folder}`)
  const kinds: Kind[] = [
    { kind: 'macro', paths: paths.macro, extensions: sql },
    { kind: 'model', paths: paths.model, extensions: rules.modelExtensions.flatMap(aliased) },
    { kind: 'snapshot', paths: paths.snapshot, extensions: sql },
    { kind: 'analysis', paths: paths.analysis, extensions: sql },
    { kind: 'singular_test', paths: paths.test, extensions: sql },
    { kind: 'generic_test', paths: within('generic'), extensions: sql },
    { kind: 'seed', paths: paths.seed, extensions: ['.csv'] },
    { kind: 'docs', paths: paths.docs, extensions: aliased('.md') },
    { kind: 'schema', paths: paths.properties, extensions: ['.yml', '.yaml'] },
  ]
  if (rules.hasUnitTests) kinds.push({ kind: 'fixture', paths: within('fixtures'), extensions: ['.csv', ...sql] })
  if (rules.hasFunctions) kinds.push({ kind: 'function', paths: paths.function, extensions: rules.functionExtensions.flatMap(aliased) })
  return kinds
}

function* filesOfPackage(project: Project, owner: Package, disk: Disk, walked: Map<string, Walked>, found: FoundFile[]): Generator<void, void> {
  const ignoreText = disk.read(`${owner.root}/.dbtignore`)
  const ignore = ignoreText === null ? null : parseIgnore(ignoreText)
  const ignored = new Map<string, boolean>()
  for (const { kind, paths, extensions } of kindsOf(project, owner)) {
    for (const extension of extensions) {
      for (const written of paths) {
        const searchedPath = project.rules.pathsMayLeaveProject ? written : written.split('/').filter((part) => part !== '..').join('/')
        const directory = absolutePath(owner.root, searchedPath)
        let files = walked.get(directory)
        if (!files) walked.set(directory, files = yield* walk(directory, disk))
        const prefix = searchedPath.endsWith('/') || searchedPath === '' ? searchedPath : `${searchedPath}/`
        for (const relativePath of files.get(extension.slice(extension.lastIndexOf('.'))) ?? []) {
          if (!isResource(relativePath, extension, project.rules.skipsHiddenFiles)) continue
          if (kind === 'singular_test' && isOfTests(relativePath, project.rules.hasUnitTests)) continue
          if (ignore && memoised(ignored, prefix + relativePath, (path) => isIgnored(ignore, path))) continue
          found.push({ path: `${directory}/${relativePath}`, packageName: owner.name, kind, searchedPath, relativePath })
        }
        yield
      }
    }
  }
}

function memoised(memo: Map<string, boolean>, key: string, answer: (key: string) => boolean): boolean {
  let known = memo.get(key)
  if (known === undefined) memo.set(key, known = answer(key))
  return known
}

/** The glob `[!.#~]*EXTENSION`, without regard to case. */
function isResource(relativePath: string, extension: string, skipsHidden: boolean): boolean {
  const start = relativePath.lastIndexOf('/') + 1
  const first = relativePath.charCodeAt(start)
  if (skipsHidden && (first === 46 || first === 35 || first === 126)) return false
  return relativePath.length - start > extension.length && relativePath.slice(-extension.length).toLowerCase() === extension
}

function isOfTests(relativePath: string, withFixtures: boolean): boolean {
  return relativePath.startsWith('generic/') || (withFixtures && relativePath.startsWith('fixtures/'))
}

/** Relative paths by the lower-cased last extension. */
type Walked = ReadonlyMap<string, readonly string[]>

/** os.walk: files of a directory and of those below, but not behind links to directories. */
function* walk(directory: string, disk: Disk): Generator<void, Walked> {
  const files = new Map<string, string[]>()
  const pending = ['']
  for (let prefix = pending.pop(); prefix !== undefined; prefix = pending.pop()) {
    yield
    const below: string[] = []
    for (const entry of disk.list(prefix === '' ? directory : `${directory}/${prefix.slice(0, -1)}`)) {
      if (entry.kind === 'file') {
        const dot = entry.name.lastIndexOf('.')
        if (dot < 0) continue
        const extension = entry.name.slice(dot).toLowerCase()
        const same = files.get(extension)
        if (same) same.push(prefix + entry.name)
        else files.set(extension, [prefix + entry.name])
      } else if (entry.link !== true) below.push(`${prefix}${entry.name}/`)
    }
    for (let i = below.length - 1; i >= 0; i--) pending.push(below[i] ?? '')
  }
  return files
}
