// dbt/ports.ts's ProjectHost over texts in memory: what host/project-host.ts does, without the machine. Tests change `files`, `state` and `listing` at will.

import type { SqlError } from '../../server/sql/syntax.ts'
import { stringValue } from '../../server/yaml/find.ts'
import { parseYaml, type YamlNode } from '../../server/yaml/parse.ts'
import { listed, assumed, NOTHING_KNOWN } from '../../server/dbt/defer/existence.ts'
import type { SourceFile } from '../../server/dbt/files.ts'
import type { Evidence, Inputs, OpenRequest } from '../../server/dbt/inputs.ts'
import type { ProjectHost, Pulled, StatePull } from '../../server/dbt/ports.ts'
import { NO_FACTS } from '../../server/host/facts-store.ts'
import { findProjectRoot } from '../../server/dbt/project/find-root.ts'
import { loadProject } from '../../server/dbt/project/load.ts'
import { outsidePathsUnder } from '../../server/dbt/project/outside-paths.ts'
import { projectFiles } from '../../server/dbt/project/project-files.ts'
import { resourceFileSteps } from '../../server/dbt/project/resource-files.ts'
import { drained } from '../../server/dbt/steps.ts'
import type { Project } from '../../server/dbt/project/types.ts'
import { NO_PRODUCTION } from '../../server/dbt/state/evidence.ts'
import { openState } from '../../server/dbt/state/open.ts'
import { scanBytes } from '../../server/dbt/state/scan.ts'
import type { StateManifest, StateProblem } from '../../server/dbt/state/types.ts'
import { WANTS_ALL } from '../../server/dbt/state/wants.ts'
import type { DevRelation, Fixture } from './fixture.ts'
import { manifestText } from './manifest.ts'
import { memoryDisk } from './memory-disk.ts'

export interface MemoryHost extends ProjectHost {
  /** The disk; a test that changes it calls `touch` as a watcher would. */
  readonly files: Map<string, string>
  /** What exists in the current target; null: nothing is known. */
  dev: readonly DevRelation[] | null
  touch(...paths: string[]): void
  /** What the project was when the server last said what to watch. */
  watched: Inputs | null
  /** When files last changed, in milliseconds; the others long ago. */
  readonly changed: Map<string, number>
  /** What a dbt would print when it is run; null: there is no dbt. */
  dbt: readonly string[] | null
  readonly runs: (readonly string[])[]
  readonly pulls: StatePull[]
  /** What the user's command that brings the state would do. */
  pulled: (pull: StatePull, onLine: (line: string) => void) => Promise<Pulled>
  /** What the SQL parser would say. */
  sqlError: (text: string) => SqlError | null
}

const NOW = '2026-01-05T03:04:05.000Z'
const NO_EVIDENCE: Evidence = { state: null, deferState: null, listing: NOTHING_KNOWN, stateProblem: null, paths: { state: null, deferState: null, target: '' }, production: NO_PRODUCTION, built: new Map(), git: null, problems: [], stateVersion: null }

/** Where `//- prod` lies. */
const STATE_DIRECTORY = '/p/state'

/** With `//- prod` the project is deferred to it unless `.dbt-defer-ls.yml` of the fixture says otherwise; with `//- dev` just that exists. */
export function memoryHost(fixture: Fixture, env: Readonly<Record<string, string>> = {}): MemoryHost {
  const files = new Map(fixture.files)
  if (fixture.prod.length > 0) {
    files.set(`${STATE_DIRECTORY}/manifest.json`, manifestText(fixture.prod))
    const settings = `${fixture.root}/.dbt-defer-ls.yml`
    if (!files.has(settings)) files.set(settings, 'state: state\ndefer: true\n')
  }
  const watching = new Set<(paths: readonly string[]) => void>()
  const disk = () => memoryDisk(files)
  const read = new Map<string, SourceFile>()
  const fileOf = (path: string, text: string): SourceFile => {
    const known = read.get(path)
    if (known?.text === text) return known
    const file = { path, text, size: text.length }
    read.set(path, file)
    return file
  }

  const host: MemoryHost = {
    files,
    dev: fixture.dev.length > 0 ? fixture.dev : null,
    changed: new Map(),
    dbt: null,
    sqlError: () => null,
    runs: [],
    pulls: [],
    pulled: () => Promise.resolve({ kind: 'failed', why: 'exit code 127' }),
    watched: null,
    touch(...paths) { for (const tell of watching) tell(paths) },
    now: () => NOW,
    environment: (name) => env[name] ?? null,
    findRoot: (path) => findProjectRoot(path.slice(0, path.lastIndexOf('/')) || '/', disk()),
    outsideSteps: (folders) => outsidePathsUnder(folders, disk()),
    *openSteps(root, request, overlay, previous) { yield; return host.open(root, request, overlay, previous) },
    open(root, request, overlay, previous) {
      const shown = memoryDisk(new Map([...files, ...overlay]))
      const evidence: Evidence = previous?.evidence ?? { ...NO_EVIDENCE, pending: true }
      const project = loadProject(root, shown, { env: new Map(Object.entries(env)), cwd: root, home: '/home/me' }, { cli: request.cli, rules: request.rules, installedDbt: null, stateVersion: evidence.stateVersion })
      const resources = drained(resourceFileSteps(project, shown))
      const read = new Map(resources.flatMap((found) => { const text = shown.read(found.path); return text === null ? [] : [[found.path, fileOf(found.path, text)] as const] }))
      const selectors = shown.read(`${root}/selectors.yml`)
      return { request, project, resources, files: read, internal: null, installedDbt: null, evidence, besides: projectFiles(root, shown), selectors: selectors === null ? null : fileOf(`${root}/selectors.yml`, selectors), artifacts: { results: null, freshness: { previous: null, current: null } } }
    },
    // eslint-disable-next-line require-yield -- it is all there
    * listSteps(root, request, overlay) {
      const inputs = host.open(root, request, overlay, null)
      return { ...inputs, files: new Map([...inputs.files].filter(([path]) => overlay.has(path))) }
    },
    stateEvidence(inputs) {
      const { flags } = inputs.project
      const state = readState(files, flags.state.value)
      const deferState = flags.deferState.value === null ? state : readState(files, flags.deferState.value)
      return Promise.resolve({ state: state.manifest, deferState: deferState.manifest, stateProblem: deferState.problem, stateVersion: null })
    },
    async evidence(inputs, request) {
      const { flags, targetPath } = inputs.project
      return {
        ...NO_EVIDENCE, ...await host.stateEvidence(inputs, request), listing: listingOf(host.dev, inputs, request),
        paths: { state: flags.state.value, deferState: flags.deferState.value, target: targetPath },
      }
    },
    canCheckSql: () => true,
    sqlParser: () => Promise.resolve({ kind: 'works' as const }),
    checkSql: (text) => Promise.resolve(host.sqlError(text)),
    stateIn: (directory) => Promise.resolve(readState(files, directory).manifest),
    changedAt: (path) => (files.has(path) ? host.changed.get(path) ?? 0 : null),
    compiledInState(manifest, id) {
      const { nodes = {} } = JSON.parse(files.get(manifest) ?? '{}') as { nodes?: Record<string, { compiled_code?: string }> }
      return Promise.resolve(nodes[id]?.compiled_code ?? null)
    },
    readText: (path) => files.get(path) ?? null,
    unsaved: (file, text) => fileOf(file.path, text),
    shapesProject: (inputs: Inputs, path: string) => shapes(inputs.project, path),
    watch(inputs, onChange) {
      watching.add(onChange)
      host.watched = inputs
      return { follow: (now) => { host.watched = now }, close: () => watching.delete(onChange) }
    },
    write(path, text) {
      if ([...files.keys()].some((file) => path.startsWith(`${file}/`))) return `ENOTDIR: not a directory, mkdir '${path}'`
      files.set(path, text)
      return null
    },
    runDbt(_root, args, onLine) {
      host.runs.push(args)
      if (host.dbt === null) return null
      let cancelled = false
      const lines = host.dbt
      const done = (async () => {
        for (const line of lines) { await new Promise((resolve) => { setTimeout(resolve, 1) }); if (cancelled) return { code: null, problem: 'ended by SIGINT' }; onLine(line) }
        return { code: lines.at(-1) === 'ERROR' ? 1 : 0, problem: null }
      })()
      return { done, cancel: () => { cancelled = true } }
    },
    pullState(pull, onLine) {
      host.pulls.push(pull)
      return { done: host.pulled(pull, onLine), cancel: () => undefined }
    },
    projectSettings(root) {
      const text = files.get(`${root}/.dbt-defer-ls.yml`)
      return { data: text === undefined ? null : plain(parseYaml(text).root), problems: [] }
    },
    facts: NO_FACTS,
    dispose: () => watching.clear(),
  }
  return host
}

function readState(files: ReadonlyMap<string, string>, directory: string | null): { manifest: StateManifest | null; problem: StateProblem | null } {
  if (directory === null) return { manifest: null, problem: null }
  if (files.has(directory)) return { manifest: null, problem: { code: 'state-is-file', message: `Invalid value for '--state': Directory '${directory}' is a file.`, path: directory } }
  const path = `${directory}/manifest.json`
  const text = files.get(path)
  if (text === undefined) return { manifest: null, problem: { code: 'state-missing', message: `no manifest.json in ${directory}`, path } }
  const pack = scanBytes(new TextEncoder().encode(text), WANTS_ALL)
  const opened = pack ? openState(pack, directory, path) : { code: 'state-unreadable' as const, message: `${path} cannot be read`, path }
  return 'nodes' in opened ? { manifest: opened, problem: null } : { manifest: null, problem: opened }
}

function listingOf(dev: readonly DevRelation[] | null, inputs: Inputs, request: OpenRequest) {
  if (request.exists === 'none' || request.exists === 'all') return assumed(request.exists)
  const { project } = inputs
  return dev === null ? NOTHING_KNOWN : listed(dev.map((each) => ({ ...each, database: each.database ?? project.target?.database ?? null })), 'warehouse', '2026-01-05T03:00:00.000Z', project.adapter)
}

function shapes(project: Project, path: string): boolean {
  return project.configFiles.includes(path)
}

function plain(node: YamlNode | null): unknown {
  if (node?.kind === 'map') return Object.fromEntries(node.entries.map((entry) => [stringValue(entry.key) ?? '', plain(entry.value)]))
  if (node?.kind === 'seq') return node.items.map(plain)
  return node?.kind === 'scalar' ? (typeof node.value === 'bigint' ? Number(node.value) : node.value) : null
}
