// Compiled text for editors: documents of the scheme dbt-compiled where the client asks for them, else files under the target path.
// What was shown once follows every edit until it is closed. Only the compiled files of shown nodes are ever written.

import path from 'node:path'
import { TextDocumentContentRefreshRequest, type Connection } from 'vscode-languageserver/node'
import { compiledDocument, compiledNode, withLastRun, type CompiledDocument } from '../ide/compiled.ts'
import { asInState, sourceInState, withDefer, type Variant } from '../ide/compiled-variants.ts'
import { lastRun, type LastRunHost } from '../dbt/compile/last-run.ts'
import { compiledPath } from '../dbt/compile/layout.ts'
import type { ProjectHost } from '../dbt/ports.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import { compiledName, compiledUri, type CompiledName } from './compiled-uris.ts'
import type { ClientFeatures } from './features.ts'
import type { Log } from './logger.ts'
import { tell } from './tell.ts'
import { pathOf, uriOf } from './uris.ts'
import type { ProjectSession } from './project-session.ts'
import type { Workspace } from './workspace.ts'

export interface CompiledAnswer { readonly uri: string; readonly path: string | null; readonly exact: boolean }

export interface CompiledDocuments {
  /** For `dbtDefer.showCompiled`: of a source file's URI, and a unique_id where the file has several nodes. */
  show(uri: unknown, uniqueId: unknown): Promise<CompiledAnswer | null>
  /** Two documents for a diff; null where there is no other side (no state, nothing of this name in it …). */
  sides(uri: unknown, uniqueId: unknown, left: Variant | null, right: Variant | null): Promise<{ readonly left: CompiledAnswer; readonly right: CompiledAnswer; readonly name: string } | null>
  /** The text of a node as the state has it, uncompiled: the other side of its file. */
  source(path: string, uniqueId: string): Promise<CompiledAnswer | null>
  /** The document behind a URI (a shown file's too) or a source file's URI; null for anything else. */
  at(uri: unknown, uniqueId?: unknown): Promise<{ readonly project: ProjectSession; readonly snapshot: Snapshot; readonly document: CompiledDocument; readonly uri: string } | null>
  /** Whether a URI is one of a compiled document. */
  isOne(uri: unknown): boolean
  closed(uri: string): void
  changed(project: ProjectSession): void
}

interface Shown { readonly name: CompiledName; readonly file: string | null; last: string }

interface CompiledOptions { readonly connection: Connection; readonly workspace: Workspace; readonly host: LastRunHost & Pick<ProjectHost, 'write'>; readonly features: () => ClientFeatures; readonly log: Log }

export function createCompiledDocuments({ connection, workspace, host, features, log }: CompiledOptions): CompiledDocuments {
  const shown = new Map<string, Shown>()

  connection.workspace.textDocumentContent.on(async ({ uri }) => {
    const name = compiledName(uri)
    const found = name ? await documentOf(name) : null
    if (!name || !found) return { text: '-- nothing here is compiled\n' }
    shown.set(uri, { name: { ...name, uniqueId: found.document.unique_id }, file: null, last: found.document.text })
    return { text: found.document.text }
  })

  async function documentOf(name: CompiledName): Promise<{ readonly project: ProjectSession; readonly snapshot: Snapshot; readonly document: CompiledDocument } | null> {
    const own = await workspace.projectOf(name.source)
    if (!own) return null
    // Before its first evaluation a project cannot say what anything compiles to.
    await Promise.all([own, ...workspace.readersOf(name.source)].map((each) => each.whenEvaluated()))
    const project = readerOf(own, name)
    const snapshot = project.snapshot()
    const document = await made(project, snapshot, name)
    return document ? { project, snapshot, document } : null
  }

  /** Of the projects that read the file the one that has the node. */
  function readerOf(own: ProjectSession, { source, uniqueId }: CompiledName): ProjectSession {
    return [own, ...workspace.readersOf(source)].find((each) => each.snapshot().manifest.nodes.has(uniqueId)) ?? own
  }

  async function made(project: ProjectSession, snapshot: Snapshot, { source, uniqueId, variant }: CompiledName): Promise<CompiledDocument | null> {
    if (variant === null) {
      const document = compiledDocument(snapshot, source, { uniqueId })
      return document && withLastRun(snapshot, document, () => lastRun(host, project.inputs(), snapshot))
    }
    if (variant === 'saved') { const saved = workspace.saved(project, source); return saved ? compiledDocument(saved, source, { uniqueId }) : null }
    const node = compiledNode(snapshot, source, { uniqueId })
    if (!node) return null
    if (variant === 'state-source') return sourceInState(snapshot, node)
    if (variant !== 'state') return withDefer(snapshot, node, variant === 'defer-on')
    const { state } = snapshot.deferring
    return state ? asInState(snapshot, node, await host.compiledInState(state.info.path, node.unique_id)) : null
  }

  async function answer(name: CompiledName, take: boolean): Promise<CompiledAnswer | null> {
    const found = await documentOf(name)
    if (!found) return null
    const { document, snapshot } = found
    const whole = { ...name, uniqueId: document.unique_id }
    if (features().textDocumentContent) return { uri: compiledUri(whole), path: null, exact: document.exact }
    const node = snapshot.manifest.nodes.get(document.unique_id)
    if (!node) return null
    const place = compiledPath(node, snapshot.project.rules)
    if (place === null) return null
    const plain = path.join(snapshot.project.targetPath, 'dbt-defer-ls', place)
    const file = name.variant === null ? plain : plain.replace(/(\.\w+)?$/, `.${name.variant}$1`)
    if (!write(file, document.text)) return null
    shown.set(uriOf(file), { name: whole, file, last: document.text })
    if (take && features().showDocument) void connection.window.showDocument({ uri: uriOf(file), takeFocus: false })
    // Kakoune, older editors: nothing opens by itself.
    else if (take) tell(connection, 'information', `The compiled SQL is in ${file} and follows what you type`)
    return { uri: uriOf(file), path: file, exact: document.exact }
  }

  const nameOf = (uri: unknown, uniqueId: unknown): CompiledName | null => {
    const known = typeof uri === 'string' ? compiledName(uri) ?? shown.get(uri)?.name : undefined
    if (known) return known
    // Actions and lenses of ide/ name a path.
    const source = typeof uri !== 'string' ? null : /^(?:[A-Za-z]:)?\//.test(uri) ? uri : pathOf(uri)
    return source === null ? null : { source, uniqueId: typeof uniqueId === 'string' ? uniqueId : '', variant: null }
  }

  return {
    async show(uri, uniqueId) {
      const name = nameOf(uri, uniqueId)
      return name ? answer(name, true) : null
    },
    async sides(uri, uniqueId, left, right) {
      const name = nameOf(uri, uniqueId)
      if (!name) return null
      const one = await answer({ ...name, variant: left }, true)
      const other = await answer({ ...name, variant: right }, true)
      return one && other ? { left: one, right: other, name: path.basename(name.source) } : null
    },
    source: (path, uniqueId) => answer({ source: path, uniqueId, variant: 'state-source' }, false),
    async at(uri, uniqueId) {
      const name = nameOf(uri, uniqueId)
      const found = name ? await documentOf(name) : null
      if (!name || !found) return null
      const file = [...shown].find(([, each]) => each.file !== null && each.name.uniqueId === found.document.unique_id && each.name.variant === name.variant)?.[0]
      return { ...found, uri: features().textDocumentContent ? compiledUri({ ...name, uniqueId: found.document.unique_id }) : file ?? (typeof uri === 'string' ? uri : '') }
    },
    isOne: (uri) => typeof uri === 'string' && (compiledName(uri) !== null || shown.has(uri)),
    closed(uri) {
      shown.delete(uri)
    },
    changed(project) {
      if (!project.settled()) return
      for (const [uri, each] of shown) {
        if (!project.snapshot().files.has(each.name.source) || readerOf(project, each.name) !== project) continue
        void made(project, project.snapshot(), each.name).then((document) => {
          if (!document || document.text === each.last || shown.get(uri) !== each) return
          each.last = document.text
          if (each.file !== null) write(each.file, document.text)
          else void connection.sendRequest(TextDocumentContentRefreshRequest.type, { uri }).catch(() => shown.delete(uri))
        }, (error: unknown) => log(`compiling ${each.name.source} failed: ${String(error)}`))
      }
    },
  }

  function write(file: string, text: string): boolean {
    const problem = host.write(file, text)
    if (problem !== null) tell(connection, 'error', `the compiled SQL cannot be written: ${problem}`)
    return problem === null
  }
}
