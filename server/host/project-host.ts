// dbt/ports.ts's ProjectHost over the real machine: reads projects, states and what exists. Remembers what it read, so that a second look costs little.

import { realpathSync } from 'node:fs'
import path from 'node:path'
import { parseDocument } from 'yaml'
import type { InternalMacros } from '../dbt/context/types.ts'
import { NOTHING_KNOWN, assumed, builtRelations, catalogColumns, joinListings, mergeListings } from '../dbt/defer/existence.ts'
import type { RelationListing } from '../dbt/defer/types.ts'
import type { SourceFile } from '../dbt/files.ts'
import type { Evidence, Inputs, OpenRequest, StateEvidence } from '../dbt/inputs.ts'
import type { Manifest } from '../dbt/nodes/types.ts'
import type { Disk, FactsStore, Overlay, ProjectHost, Surroundings } from '../dbt/ports.ts'
import type { Problem } from '../dbt/problem.ts'
import { keepingLastGood } from '../dbt/nodes/property-file.ts'
import { findProjectRoot } from '../dbt/project/find-root.ts'
import { findInstalledDbt } from '../dbt/project/installed-dbt.ts'
import { loadSteps } from '../dbt/project/load.ts'
import { outsidePathsUnder } from '../dbt/project/outside-paths.ts'
import { projectFiles } from '../dbt/project/project-files.ts'
import { resourceDirectories, resourceFileSteps, type FileKind } from '../dbt/project/resource-files.ts'
import type { AttachedFile, Project } from '../dbt/project/types.ts'
import { drained } from '../dbt/steps.ts'
import type { Built, Freshness, Production } from '../dbt/state/evidence.ts'
import { NO_PRODUCTION } from '../dbt/state/evidence.ts'
import type { RunResults } from '../dbt/state/artifacts.ts'
import { readArtifacts, readListingFile, type Artifacts } from './artifacts.ts'
import { nodeDisk, readText, stampOf, statsOf, writeText } from './disk.ts'
import { NO_FACTS } from './facts-store.ts'
import { makeDuckdbLister, type DuckdbLister } from './duckdb.ts'
import { readSeed, readSourceFile, seedsForUnitTests } from './files.ts'
import { findInternalMacros } from './internal-macros.ts'
import { withOverlay } from './overlay.ts'
import { makeSqlChecker } from './sql-checker.ts'
import { compiledInState, makeStateReader, type StateReader } from './state.ts'
import { gitFacts } from './git.ts'
import { pullState } from './pull-state.ts'
import { findDbt, runDbt } from './run-dbt.ts'
import { startWatcher, type Watched } from './watch.ts'

export interface HostOptions {
  readonly surroundings: Surroundings
  /** Where dbt would be started: here, or (editors) in each project's directory. Relative paths of settings and of the environment count from there. */
  readonly startedIn: 'process' | 'project'
  /** The program's own entry, for workers and children. */
  readonly entry: string
  /** Facts between starts; without it none are kept. */
  readonly facts?: FactsStore
}

/** That stay in memory: --state, --defer-state, the target path's, and one that was tried. */
const STATES_OF_A_PROJECT = 4

const NO_EVIDENCE: Evidence = { pending: true, state: null, deferState: null, stateProblem: null, paths: { state: null, deferState: null, target: '' }, production: NO_PRODUCTION, built: new Map(), git: null, listing: NOTHING_KNOWN, problems: [], stateVersion: null }

export function createProjectHost({ surroundings, startedIn, entry, facts = NO_FACTS }: HostOptions): ProjectHost {
  const states = new Map<string, StateReader>()
  const sql = makeSqlChecker(entry.endsWith('.ts') ? null : entry)
  const listers = new Map<string, DuckdbLister>()
  const texts = new Map<string, { readonly stamp: string; readonly kind: string; readonly file: SourceFile }>()
  /** Of each project, and what they were found by. */
  const macros = new Map<string, { readonly key: string; readonly found: InternalMacros | null }>()
  const cwdOf = (root: string) => (startedIn === 'project' ? root : surroundings.cwd)

  function stateReader(directory: string, shownAs: string): StateReader {
    const reader = states.get(directory) ?? makeStateReader({ directory, shownAs, entry: entry.endsWith('.ts') ? null : entry })
    // The last used stand last.
    states.delete(directory)
    states.set(directory, reader)
    for (const [old, each] of states) {
      if (states.size <= STATES_OF_A_PROJECT * Math.max(1, macros.size)) break
      each.dispose()
      states.delete(old)
    }
    return reader
  }

  /** A file that did not change since is the same value, so that everything derived from it stays. */
  function read(file: string, kind: FileKind | 'seed rows', project: Project): SourceFile | null {
    const key = kind === 'seed rows' ? `${file}\0${kind}` : file
    const known = texts.get(key)
    const seed = kind === 'seed' || kind === 'seed rows'
    const stats = known || seed ? statsOf(file) : null
    const before = stats ? stampOf(stats) : ''
    if (known && known.stamp === before && known.kind === kind) return known.file
    const found = seed ? { file: readSeed(file, project.rules, kind === 'seed' ? 'header' : 'rows'), stamp: before } : readSourceFile(file)
    if (!found?.file) return null
    const same = known && known.kind === kind && known.file.text === found.file.text && known.file.checksum === found.file.checksum ? known.file : found.file
    texts.set(key, { stamp: found.stamp, kind, file: same })
    return same
  }

  function ownMacros(project: Project, evidence: Evidence, site: string | null): InternalMacros | null {
    const manifest = statsOf(path.posix.join(project.targetPath, 'manifest.json'))
    const key = [site, project.adapter.type, manifest ? `${manifest.mtimeMs} ${manifest.size}` : '', evidence.state?.info.path, evidence.state?.info.invocation_id].join('\n')
    const known = macros.get(project.root.root)
    if (known?.key === key) return known.found
    const now = findInternalMacros({ targetPath: project.targetPath, state: evidence.state, installed: site === null ? [] : [site], adapter: project.adapter }, nodeDisk)
    // Every run of dbt writes a manifest, with the same macros: what was evaluated with them stays.
    const found = known?.found && now && sameMacros(known.found, now) ? known.found : now
    macros.set(project.root.root, { key, found })
    return found
  }

  /** What the project is, and which files it has. */
  function* listed(root: string, request: OpenRequest, disk: Disk, evidence: Evidence): Generator<void, Pick<Inputs, 'project' | 'resources' | 'installedDbt'>> {
    const installedDbt = findInstalledDbt(root, nodeDisk, surroundings)?.version ?? null
    const project = yield* loadSteps(root, disk, { ...surroundings, cwd: cwdOf(root) }, { cli: request.cli, rules: request.rules, installedDbt, stateVersion: evidence.stateVersion })
    yield
    return { project, resources: yield* resourceFileSteps(project, disk), installedDbt }
  }

  function* openSteps(root: string, request: OpenRequest, overlay: Overlay, previous: Inputs | null, listing: Inputs | null = null): Generator<void, Inputs> {
    const disk = withOverlay(nodeDisk, overlay)
    const evidence = previous?.evidence ?? NO_EVIDENCE
    const { project, resources, installedDbt } = listing ?? (yield* listed(root, request, disk, evidence))
    const files = new Map<string, SourceFile>()
    for (const found of resources) {
      if (files.has(found.path)) continue
      yield
      const unsaved = overlay.get(found.path)
      const known = previous?.files.get(found.path)
      const file = unsaved === undefined ? read(found.path, found.kind, project) : known?.text === unsaved ? known : { path: found.path, text: unsaved, size: unsaved.length }
      if (file) files.set(found.path, found.kind === 'schema' ? keepingLastGood(file, known) : file)
    }
    for (const gone of previous?.files.keys() ?? []) if (!files.has(gone)) texts.delete(gone)
    for (const file of seedsForUnitTests(resources, files)) {
      const seed = read(file, 'seed rows', project)
      if (seed) files.set(file, seed)
    }
    const state = project.flags.state.value === null ? null : readArtifacts(project.flags.state.value)
    const own = readArtifacts(project.targetPath)
    return {
      request, project, resources, files, internal: ownMacros(project, evidence, findInstalledDbt(root, nodeDisk, surroundings)?.sitePackages ?? null), installedDbt, evidence,
      besides: projectFiles(root, disk), selectors: textFile(`${root}/selectors.yml`, disk),
      artifacts: { results: state?.runResults ? new Map(state.runResults.results.map((each) => [each.unique_id, each.status])) : null, freshness: { previous: loadedAt(state?.freshness ?? null), current: loadedAt(own.freshness) } },
    }
  }

  return {
    now: () => new Date().toISOString(),
    environment: (name) => surroundings.env.get(name) ?? null,
    // dbt's own macros, which a definition leads to, are packages with a dbt_project.yml and nobody's project.
    findRoot: (file) => (/\/site-packages\/dbt\/include\//.test(file) ? null : findProjectRoot(path.posix.dirname(file), nodeDisk)),
    outsideSteps: (folders) => outsidePathsUnder(folders, nodeDisk),
    open: (root, request, overlay, previous) => drained(openSteps(root, request, overlay, previous)),
    openSteps,
    * listSteps(root, request, overlay) {
      const { project, resources, installedDbt } = yield* listed(root, request, withOverlay(nodeDisk, overlay), NO_EVIDENCE)
      yield
      const files = new Map(resources.flatMap(({ path: file }) => {
        const text = overlay.get(file)
        return text === undefined ? [] : [[file, { path: file, text, size: text.length }] as const]
      }))
      return { request, project, resources, files, internal: null, installedDbt, evidence: NO_EVIDENCE, besides: new Map(), selectors: null, artifacts: { results: null, freshness: { previous: null, current: null } } }
    },
    stateEvidence,
    async evidence(inputs, request, manifest) {
      const { project } = inputs
      const { flags } = project
      const problems: Problem[] = []
      const read = await stateEvidence(inputs, request)
      const listing = withCatalogs(await listingOf(inputs, request, manifest, problems), [project.targetPath, flags.state.value, flags.deferState.value])
      const besides = flags.deferState.value ?? flags.state.value
      const kept = read.deferState ?? read.state
      return {
        ...read, listing, problems,
        paths: { state: realPath(flags.state.value), deferState: realPath(flags.deferState.value), target: realPath(project.targetPath) ?? project.targetPath },
        production: besides === null ? NO_PRODUCTION : productionOf(readArtifacts(besides)),
        built: builtOf(readArtifacts(project.targetPath).runResults, manifest),
        git: kept === null || !request.asksGit ? null : await gitFacts(project.root.root, kept.info, surroundings),
      }
    },
    readText: (file) => readText(file)?.text ?? null,
    checkSql: (text, dialect) => sql.check(text, dialect),
    canCheckSql: () => sql.able(),
    sqlParser: () => sql.parser(),
    async stateIn(directory) {
      const { manifest, problem } = await stateReader(directory, directory).refresh()
      return problem ? null : manifest
    },
    changedAt: (file) => statsOf(file)?.ctimeMs ?? null,
    compiledInState: (manifest, id) => compiledInState(manifest, id, entry.endsWith('.ts') ? null : entry),
    unsaved: (file, text) => ({ path: file.path, text, size: text.length }),
    shapesProject: (inputs, file) => shapes(inputs.project, file),
    watch(inputs, onChange) {
      let watched = watchedOf(inputs)
      const watcher = startWatcher(watched, onChange)
      return {
        follow(now) {
          const next = watchedOf(now)
          if (JSON.stringify(next) !== JSON.stringify(watched)) watcher.watch(watched = next)
        },
        close: () => watcher.close(),
      }
    },
    write: writeText,
    runDbt(root, args, onLine) {
      const program = findDbt(root, nodeDisk, surroundings)
      return program === null ? null : runDbt(program, args, root, onLine)
    },
    pullState: (pull, onLine) => pullState(pull, { env: surroundings.env, entry: entry.endsWith('.ts') ? null : entry }, onLine),
    projectSettings(root) {
      const text = readText(`${root}/.dbt-defer-ls.yml`)?.text
      if (text === undefined) return { data: null, problems: [] }
      // Our own file, so plain YAML 1.2; the project's files are read as dbt reads them, by ../yaml.
      const document = parseDocument(text)
      const [broken] = document.errors
      return broken ? { data: null, problems: [broken.message] } : { data: document.toJS({ maxAliasCount: 0 }) as unknown, problems: [] }
    },
    facts,
    dispose() {
      sql.dispose()
      for (const reader of states.values()) reader.dispose()
      for (const lister of listers.values()) lister.dispose()
    },
  }

  async function stateEvidence({ project: { flags } }: Inputs, request: OpenRequest): Promise<StateEvidence> {
    const read = async (directory: string | null) => (directory === null ? null : stateReader(directory, shownPath(request, directory, flags.state.value)).refresh())
    const status = await read(flags.state.value)
    const deferStatus = flags.deferState.value === null || flags.deferState.value === flags.state.value ? status : await read(flags.deferState.value)
    const [state, deferState] = [status?.manifest ?? null, deferStatus?.manifest ?? null]
    return { state, deferState, stateProblem: deferStatus?.problem ?? status?.problem ?? null, stateVersion: state?.info.dbt_version ?? deferState?.info.dbt_version ?? null }
  }

  async function listingOf(inputs: Inputs, request: OpenRequest, manifest: Manifest, problems: Problem[]): Promise<RelationListing> {
    const { project } = inputs
    const place = { path: project.root.file.path, start: 0, end: 0 }
    if (request.exists === 'none' || request.exists === 'all') return assumed(request.exists)
    if (request.exists !== 'auto') {
      const listing = readListingFile(path.resolve(cwdOf(project.root.root), request.exists), project.adapter)
      if (listing.ok) return listing.listing
      problems.push({ code: 'exists-unreadable', severity: 'error', message: `--exists ${request.exists}: ${listing.message}`, place })
      return NOTHING_KNOWN
    }
    const found: RelationListing[] = []
    const statuses = await Promise.all(databasesOf(project).map(({ file, database }) => {
      const key = `${database ?? ''}\0${file}`
      let lister = listers.get(key)
      if (!lister) listers.set(key, lister = makeDuckdbLister({ file, database, adapter: project.adapter, entry }))
      return lister.refresh()
    }))
    const warehouse = joinListings(statuses.flatMap(({ listing, problem }) => problem === null ? [listing] : []))
    // Where the target's own file could not be read, the last run's results say more of it than the others do.
    const own = project.target?.databaseFile === null || statuses[0]?.problem === null
    if (warehouse) found.push(own ? warehouse : { ...warehouse, complete: false })
    const results = readArtifacts(project.targetPath).runResults
    if (results) found.push(builtRelations(results.results, results.generated_at, manifest, project.adapter))
    return found.length === 0 ? NOTHING_KNOWN : mergeListings(found)
  }
}

function sameMacros(one: InternalMacros, other: InternalMacros): boolean {
  return one.source === other.source && one.macros.length === other.macros.length && one.macros.every((macro, at) => {
    const twin = other.macros[at]
    return twin !== undefined && macro.name === twin.name && macro.package_name === twin.package_name && macro.macro_sql === twin.macro_sql && macro.original_file_path === twin.original_file_path
  })
}

function productionOf({ runResults, freshness }: Artifacts): Production {
  return { generated_at: runResults?.generated_at ?? null, results: new Map(runResults?.results.map((each) => [each.unique_id, each])), freshness: freshness ?? new Map() }
}

/** For `source_status:`. */
function loadedAt(freshness: ReadonlyMap<string, Freshness> | null): ReadonlyMap<string, string | null> | null {
  return freshness === null ? null : new Map(Array.from(freshness, ([id, each]) => [id, each.max_loaded_at]))
}

/** Only what was built under the node's present name. */
function builtOf(results: RunResults | null, manifest: Manifest): ReadonlyMap<string, Built> {
  return new Map((results?.results ?? []).flatMap((result) => {
    const node = manifest.nodes.get(result.unique_id)
    const built = result.completed_at ?? results?.generated_at ?? null
    if (result.status !== 'success' || !node || built === null || result.relation_name === null || result.relation_name !== node.relation_name) return []
    return [[result.unique_id, { built, changed: statsOf(node.place.path)?.mtime.toISOString() ?? null }] as const]
  }))
}

/** Columns that a catalog.json lists, where nothing better is known of the relation. Nearest directory first. */
function withCatalogs(listing: RelationListing, directories: readonly (string | null)[]): RelationListing {
  const columns = new Map(listing.columns)
  for (const directory of new Set(directories)) {
    const catalog = directory === null ? null : readArtifacts(directory).catalog
    if (catalog) for (const [key, known] of catalogColumns(catalog, `${directory}/catalog.json`)) if (!columns.has(key)) columns.set(key, known)
  }
  return columns.size === 0 ? listing : { ...listing, columns }
}

function shownPath({ cli }: OpenRequest, directory: string, state: string | null): string {
  return (directory === state ? cli.state : cli.deferState) ?? directory
}

function realPath(file: string | null): string | null {
  if (file === null) return null
  try {
    return realpathSync(file).replaceAll('\\', '/')
  } catch {
    // Not there (yet): its own spelling is the only one.
    return file
  }
}

function textFile(file: string, disk: Disk): SourceFile | null {
  const text = disk.read(file)
  return text === null ? null : { path: file, text, size: text.length }
}

const ROOT_FILES = ['dbt_project.yml', 'packages.yml', 'dependencies.yml', 'package-lock.yml', 'profiles.yml', 'vars.yml', 'selectors.yml', '.env', '.dbtignore', '.dbt-defer-ls.yml']

/** DuckDB's files of the target: its own and those it attaches. */
function databasesOf({ target }: Project): readonly AttachedFile[] {
  if (!target) return []
  return [...target.databaseFile === null ? [] : [{ file: target.databaseFile, database: null }], ...target.attached]
}

function watchedOf({ project }: Inputs): Watched {
  const { flags } = project
  const files = [...project.configFiles]
  for (const directory of [flags.state.value, flags.deferState.value]) if (directory !== null) files.push(`${directory}/manifest.json`)
  files.push(...ROOT_FILES.map((name) => `${project.root.root}/${name}`), `${project.targetPath}/run_results.json`, `${project.targetPath}/manifest.json`)
  files.push(...databasesOf(project).map(({ file }) => file))
  return { directories: resourceDirectories(project), files }
}

function shapes(project: Project, file: string): boolean {
  return project.configFiles.includes(file) || ROOT_FILES.some((name) => file === `${project.root.root}/${name}`)
}
