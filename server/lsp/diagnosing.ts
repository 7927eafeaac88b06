// When diagnostics are computed and sent: the edited file now, the others after a lull, open ones first, in slices that a new edit cancels.

import { CodeLensRefreshRequest, DiagnosticRefreshRequest, InlayHintRefreshRequest, type Connection, type Diagnostic } from 'vscode-languageserver/node'
import { linesOf } from '../text/lines.ts'
import { diagnosticsIn } from '../ide/contexts.ts'
import { projectProblems } from '../ide/diagnostics.ts'
import { edgesOf } from '../dbt/graph/edges.ts'
import { nodesIn, type Snapshot } from '../dbt/snapshot.ts'
import { noteSqlError, sqlQuestions } from '../ide/checks/sql-syntax.ts'
import type { ProjectHost } from '../dbt/ports.ts'
import { linesForOf } from './answer.ts'
import { toDiagnostic } from './convert.ts'
import type { Documents } from './documents.ts'
import type { ClientFeatures } from './features.ts'
import type { Log } from './logger.ts'
import { Cancelled, newSlice, pause } from './pause.ts'
import { createPublisher } from './publish.ts'
import { pathOf, uriOf } from './uris.ts'
import type { Cause, ProjectSession } from './project-session.ts'
import type { Workspace } from './workspace.ts'

export interface Diagnosing {
  changed(project: ProjectSession, cause: Cause, paths: readonly string[]): void
  opened(project: ProjectSession, path: string): void
  closed(uri: string): void
  /** Takes back everything that was said of a project. */
  released(root: string): void
  of(snapshot: Snapshot, path: string): Diagnostic[]
  /** The client asked for the diagnostics of this file itself: from now on it asks, and what it was told unasked is taken back. */
  pulled(path: string): void
}

export interface DiagnosingOptions {
  readonly connection: Connection
  readonly documents: Documents
  readonly workspace: Workspace
  readonly checkSql: ProjectHost['checkSql']
  readonly canCheckSql: ProjectHost['canCheckSql']
  readonly sqlParser: ProjectHost['sqlParser']
  readonly log: Log
  readonly features: () => ClientFeatures
  readonly documentation: string
}

/** One sweep over a project; `paths`: files that were edited and whose readers were not looked at since. */
interface Run { aborted: boolean; timer: NodeJS.Timeout | null; readonly paths: Set<string> }

const LULL_MS = 200
const REST_MS = 1_000

export function createDiagnosing({ connection, documents, workspace, checkSql, canCheckSql, sqlParser, log, features, documentation }: DiagnosingOptions): Diagnosing {
  const publisher = createPublisher(connection)
  /** URIs of open documents whose diagnostics the client pulls, and pulls again when told to: pushed as well they would be shown twice. */
  const pulled = new Set<string>()
  const runs = new Map<string, Run>()
  /** Projects of which not every file was looked at since something happened that may concern any. */
  const unswept = new Set<string>()

  function of(snapshot: Snapshot, path: string): Diagnostic[] {
    const text = workspace.textOf(snapshot, path)
    const linesFor = linesForOf(workspace, snapshot, path, text === null ? undefined : linesOf(text))
    const others = workspace.readersOf(path).map((each) => each.snapshot()).filter((each) => each.manifest.final && each.project.root.root !== snapshot.project.root.root)
    return diagnosticsIn([snapshot, ...others], path).map((problem) => toDiagnostic(linesFor, problem, documentation, features()))
  }

  function send(snapshot: Snapshot, path: string): void {
    const document = documents.byPath(path)
    if (document && pulled.has(document.uri)) return
    publisher.set(document?.uri ?? uriOf(path), { of: snapshot.project.root.root, revision: snapshot.revision }, document?.version, of(snapshot, path))
  }

  /** First what the user sees or was told of, and what reads the edited nodes; then, after a longer lull when keys are typed, every file of the project, unless a key can have changed nothing there. */
  async function sweep(project: ProjectSession, run: Run, cause: Cause): Promise<void> {
    const snapshot = project.snapshot()
    const slice = newSlice()
    const open = documents.all().map((document) => document.path).filter((path) => snapshot.files.has(path))
    const first = new Set([...open, ...[...run.paths].flatMap((path) => readersOf(snapshot, path)), ...filesWithProblems(snapshot), ...publisher.uris().flatMap((uri) => pathOf(uri) ?? []).filter((path) => path.startsWith(`${project.root}/`))])
    try {
      for (const path of first) {
        send(snapshot, path)
        await pause(slice, run)
      }
      run.paths.clear()
      for (const path of open) void parseSql(project, snapshot, path)
      if (features().diagnosticRefresh && features().pullDiagnostics) refresh(DiagnosticRefreshRequest.method)
      if (features().inlayRefresh) refresh(InlayHintRefreshRequest.method)
      if (features().codeLensRefresh) refresh(CodeLensRefreshRequest.method)
      if (!unswept.has(project.root)) return
      if (cause === 'edit' || cause === 'key') await new Promise((resolve) => { setTimeout(resolve, REST_MS) })
      for (const path of snapshot.files.keys()) {
        await pause(slice, run)
        if (!first.has(path)) send(snapshot, path)
      }
      unswept.delete(project.root)
    } catch (error) {
      if (!(error instanceof Cancelled)) log(`diagnosing ${project.root} failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
    }
  }

  function refresh(method: string): void {
    connection.sendRequest(method).catch((error: unknown) => log(`the client refused ${method}: ${String(error)}`))
  }

  /** Compiled text that no parser understands: found after everything else, and sent when it says something new. */
  async function parseSql(project: ProjectSession, snapshot: Snapshot, path: string): Promise<void> {
    if (!project.settings().sqlSyntax || !canCheckSql()) return
    try {
      let news = false
      for (const question of sqlQuestions(snapshot, path)) news = noteSqlError(question, await checkSql(question.document.text, question.dialect)) || news
      if (!canCheckSql()) {
        const parser = await sqlParser()
        if (parser.kind === 'broken') log(`compiled SQL is not parsed: the parser cannot be used: ${parser.why}`)
      }
      if (!news || project.snapshot() !== snapshot) return
      const uri = documents.byPath(path)?.uri
      if (uri !== undefined && pulled.has(uri)) refresh(DiagnosticRefreshRequest.method)
      else send(snapshot, path)
    } catch (error) {
      log(`parsing the compiled text of ${path} failed: ${String(error)}`)
    }
  }

  return {
    of,
    changed(project, cause, paths) {
      const before = runs.get(project.root)
      if (before) { before.aborted = true; if (before.timer) clearTimeout(before.timer) }
      const snapshot = project.snapshot()
      // Nothing is called missing before the second pass has seen everything.
      if (!snapshot.manifest.final) return
      for (const path of paths) send(snapshot, path)
      if (cause !== 'key') unswept.add(project.root)
      // What an earlier sweep did not get to is still to be looked at.
      const run: Run = { aborted: false, timer: null, paths: new Set([...before?.paths ?? [], ...paths]) }
      runs.set(project.root, run)
      run.timer = setTimeout(() => { run.timer = null; void sweep(project, run, cause) }, cause === 'edit' || cause === 'key' ? LULL_MS : 0)
    },
    opened(project, path) {
      const snapshot = project.snapshot()
      if (!snapshot.manifest.final) return
      send(snapshot, path)
      void parseSql(project, snapshot, path)
    },
    released(root) {
      const run = runs.get(root)
      if (run) { run.aborted = true; if (run.timer) clearTimeout(run.timer) }
      runs.delete(root)
      for (const uri of publisher.uris()) {
        const path = pathOf(uri)
        if (path === null) continue
        const [reader] = workspace.readersOf(path)
        // A file that another project reads as well is told of again, without what this one said.
        if (reader?.snapshot().manifest.final) send(reader.snapshot(), path)
        else if (path.startsWith(`${root}/`)) publisher.retract(uri)
      }
    },
    pulled(path) {
      const document = documents.byPath(path)
      if (!document || !features().diagnosticRefresh || pulled.has(document.uri)) return
      pulled.add(document.uri)
      publisher.retract(document.uri)
    },
    closed(uri) {
      pulled.delete(uri)
      publisher.forget(uri)
      // What was pulled went with the document; a closed file is told of unasked again.
      const path = pathOf(uri)
      for (const project of workspace.projects()) if (path !== null && project.snapshot().manifest.final && project.snapshot().files.has(path)) send(project.snapshot(), path)
    },
  }
}

/** Files of what reads the nodes of a file. */
function readersOf(snapshot: Snapshot, path: string): string[] {
  const edges = edgesOf(snapshot.manifest)
  return nodesIn(snapshot, path).flatMap((node) => edges.children(node.unique_id)).flatMap((id) => snapshot.manifest.nodes.get(id)?.place.path ?? [])
}

/** Files of the project that have a problem of the whole, or a node with one of its own. */
function filesWithProblems(snapshot: Snapshot): string[] {
  const { manifest } = snapshot
  const paths = new Set(projectProblems(snapshot).map((problem) => problem.place.path))
  for (const node of manifest.nodes.values()) for (const problem of node.problems) paths.add(problem.place.path)
  return [...paths]
}
