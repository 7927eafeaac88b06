// Handlers of requests that change files: rename, and what goes with a file that the user renames.

import { ErrorCodes, ResponseError, type Connection, type WorkspaceEdit } from 'vscode-languageserver/node'
import { renameIn } from '../ide/contexts.ts'
import { prepareRename, renamedFile } from '../ide/rename.ts'
import { aboutDocument, guarded, linesForOf, type Answering } from './answer.ts'
import { toRange, toWorkspaceEdit } from './convert.ts'
import type { ClientFeatures } from './features.ts'
import { pathOf, uriOf } from './uris.ts'

export function registerEditHandlers(connection: Connection, answering: Answering, features: () => ClientFeatures): void {
  connection.onPrepareRename(aboutDocument(answering, 'prepare rename', null, (asked, params) => {
    const found = prepareRename(asked.snapshot, asked.path, asked.offset(params.position))
    return found ? { range: toRange(asked.lines, found.span), placeholder: found.name } : null
  }))

  connection.onRenameRequest(aboutDocument<Parameters<Parameters<Connection['onRenameRequest']>[0]>[0], WorkspaceEdit | ResponseError<void> | null>(answering, 'rename', null, (asked, params) => {
    const found = renameIn(asked.snapshot, asked.path, asked.offset(params.position), params.newName, (path) => answering.workspace.readersOf(path).map((each) => each.snapshot()))
    if (found.kind === 'refused') return new ResponseError(ErrorCodes.InvalidParams, found.message)
    const { changes = {} } = toWorkspaceEdit(asked.linesFor, found.edits)
    if (found.files.length === 0) return { changes }
    if (!features().renameFiles) return new ResponseError(ErrorCodes.InvalidParams, `this editor cannot rename files: rename ${found.files.map((each) => each.from).join(', ')} yourself, with its refs`)
    // Texts first: they are addressed by the old names.
    return {
      documentChanges: [
        ...Object.entries(changes).map(([uri, edits]) => ({ textDocument: { uri, version: asked.versionOf(uri) }, edits })),
        ...found.files.map((each) => ({ kind: 'rename' as const, oldUri: uriOf(each.from), newUri: uriOf(each.to) })),
      ],
    }
  }))

  connection.workspace.onWillRenameFiles((params, token) => guarded(answering, 'rename of files', null, token, async () => {
    const edits = []
    const changes: NonNullable<WorkspaceEdit['changes']> = {}
    for (const { oldUri, newUri } of params.files) {
      const [from, to] = [pathOf(oldUri), pathOf(newUri)]
      const project = from === null ? null : await answering.workspace.projectOf(from)
      if (!project || from === null || to === null) continue
      const snapshot = project.snapshot()
      edits.push(toWorkspaceEdit(linesForOf(answering.workspace, snapshot), renamedFile(snapshot, from, to)))
    }
    for (const edit of edits) for (const [uri, each] of Object.entries(edit.changes ?? {})) (changes[uri] ??= []).push(...each)
    return Object.keys(changes).length > 0 ? { changes } : null
  }).then((answer) => (answer instanceof ResponseError ? null : answer)))
}
