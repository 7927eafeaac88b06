// Compiled text for editors: documents of the scheme dbt-compiled where the client asks for them, else a file under the target path.
// What was shown once follows every edit. Only the compiled file of the shown node is ever written.

import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TextDocumentContentRefreshRequest, type Connection } from 'vscode-languageserver/node'
import { URI } from 'vscode-uri'
import { compiledDocument, type CompiledDocument } from '../ide/compiled.ts'
import { compiledPath } from '../dbt/compile/layout.ts'
import type { ClientFeatures } from './features.ts'
import type { Log } from './logger.ts'
import { pathOf, uriOf } from './uris.ts'
import type { ProjectSession, Workspace } from './workspace.ts'

export const COMPILED_SCHEME = 'dbt-compiled'

export interface CompiledDocuments {
  /** For `dbtDefer.showCompiled`: of a source file's URI, and a unique_id where the file has several nodes. */
  show(uri: unknown, uniqueId: unknown): Promise<{ readonly uri: string; readonly path: string | null; readonly exact: boolean } | null>
  changed(project: ProjectSession): void
}

interface Shown { readonly source: string; readonly uniqueId: string; readonly file: string | null; last: string }

export function createCompiledDocuments({ connection, workspace, features, log }: { readonly connection: Connection; readonly workspace: Workspace; readonly features: () => ClientFeatures; readonly log: Log }): CompiledDocuments {
  const shown = new Map<string, Shown>()

  connection.workspace.textDocumentContent.on(async ({ uri }) => {
    const wanted = URI.parse(uri)
    const source = pathOf(uriOf(wanted.path)) ?? wanted.path
    const document = await documentOf(source, wanted.query)
    if (!document) return { text: '-- nothing here is compiled\n' }
    shown.set(uri, { source, uniqueId: document.unique_id, file: null, last: document.text })
    return { text: document.text }
  })

  async function documentOf(source: string, uniqueId: string): Promise<CompiledDocument | null> {
    const project = await settled(await workspace.projectOf(source))
    return project ? compiledDocument(project.snapshot(), source, { uniqueId }) : null
  }

  return {
    async show(uri, uniqueId) {
      const source = typeof uri === 'string' ? pathOf(uri) : null
      const project = source === null ? null : await settled(await workspace.projectOf(source))
      const document = project && source !== null ? compiledDocument(project.snapshot(), source, typeof uniqueId === 'string' ? { uniqueId } : {}) : null
      if (!project || source === null || !document) return null
      if (features().textDocumentContent) return { uri: URI.from({ scheme: COMPILED_SCHEME, path: source, query: document.unique_id }).toString(), path: null, exact: document.exact }
      const node = project.snapshot().manifest.nodes.get(document.unique_id)
      if (!node) return null
      const file = path.join(project.snapshot().project.targetPath, 'dbt-defer-ls', compiledPath(node, project.snapshot().project.rules))
      if (!write(file, document.text)) return null
      shown.set(uriOf(file), { source, uniqueId: document.unique_id, file, last: document.text })
      if (features().showDocument) void connection.window.showDocument({ uri: uriOf(file), takeFocus: false })
      return { uri: uriOf(file), path: file, exact: document.exact }
    },
    changed(project) {
      for (const [uri, each] of shown) {
        if (!project.settled() || !project.snapshot().files.has(each.source)) continue
        const document = compiledDocument(project.snapshot(), each.source, { uniqueId: each.uniqueId })
        if (!document || document.text === each.last) continue
        each.last = document.text
        if (each.file !== null) write(each.file, document.text)
        else void connection.sendRequest(TextDocumentContentRefreshRequest.type, { uri }).catch(() => shown.delete(uri))
      }
    },
  }

  function write(file: string, text: string): boolean {
    try {
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, text)
      return true
    } catch (error) {
      log(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`)
      return false
    }
  }
}

const PATIENCE_MS = 30_000
const LOOK_EVERY_MS = 20

/** Before its first evaluation a project cannot say what anything compiles to. */
async function settled(project: ProjectSession | null): Promise<ProjectSession | null> {
  for (let waited = 0; project !== null && !project.settled() && waited < PATIENCE_MS; waited += LOOK_EVERY_MS) await sleep(LOOK_EVERY_MS)
  return project
}
