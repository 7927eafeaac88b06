// The table: LSP method → ide function. Each handler only converts, asks and converts back.

import { ResponseError, type Connection, type Diagnostic } from 'vscode-languageserver/node'
import { codeActions } from '../ide/code-actions.ts'
import { completion } from '../ide/completion.ts'
import { definition } from '../ide/definition.ts'
import { diagnostics } from '../ide/diagnostics.ts'
import { documentLinks } from '../ide/document-links.ts'
import { hover } from '../ide/hover.ts'
import { inlayHints } from '../ide/inlay-hints.ts'
import { references } from '../ide/references.ts'
import { documentSymbols, workspaceSymbols } from '../ide/symbols.ts'
import { offsetAt } from '../text/lines.ts'
import { aboutDocument, guarded, linesForOf, type Answering } from './answer.ts'
import { toCodeAction, toCompletionItem, toDefinition, toDocumentSymbol, toFlatSymbols, toHover, toInlayHint, toLocation, toRange } from './convert.ts'
import type { Diagnosing } from './diagnosing.ts'
import type { Documents } from './documents.ts'
import type { ClientFeatures } from './features.ts'
import { uriOf } from './uris.ts'
import type { Workspace } from './workspace.ts'

export interface HandlerOptions {
  readonly connection: Connection
  readonly workspace: Workspace
  readonly documents: Documents
  readonly log: (message: string) => void
  readonly features: () => ClientFeatures
  readonly diagnosing: Diagnosing
}

export function registerHandlers({ connection, workspace, log, features, diagnosing }: HandlerOptions): void {
  const answering: Answering = { workspace, log }

  connection.onHover(aboutDocument(answering, 'hover', null, (asked, params) => {
    const found = hover(asked.snapshot, asked.path, asked.offset(params.position))
    return found ? toHover(asked.lines, found, features()) : null
  }))

  connection.onDefinition(aboutDocument(answering, 'definition', null, (asked, params) => toDefinition(asked.linesFor, asked.path, definition(asked.snapshot, asked.path, asked.offset(params.position)), features())))

  connection.onReferences(aboutDocument(answering, 'references', null, (asked, params) => references(asked.snapshot, asked.path, asked.offset(params.position), { declaration: params.context?.includeDeclaration ?? false }).map((place) => toLocation(asked.linesFor, place))))

  connection.onCompletion(aboutDocument(answering, 'completion', null, (asked, params) => {
    const list = completion(asked.snapshot, asked.path, asked.offset(params.position))
    return { isIncomplete: list.incomplete, items: list.items.map((item) => toCompletionItem(asked.lines, item, features())) }
  }))

  connection.languages.inlayHint.on(aboutDocument(answering, 'inlay hints', null, (asked, params) => {
    if (!asked.project.settings().inlayHints) return []
    const range = { start: asked.offset(params.range.start), end: asked.offset(params.range.end) }
    return inlayHints(asked.snapshot, asked.path, range).map((hint) => toInlayHint(asked.lines, hint))
  }))

  connection.onDocumentLinks(aboutDocument(answering, 'document links', null, (asked) => documentLinks(asked.snapshot, asked.path).map((link) => ({ range: toRange(asked.lines, link.span), target: uriOf(link.path), tooltip: link.tooltip }))))

  connection.onDocumentSymbol(aboutDocument(answering, 'document symbols', null, (asked) => {
    const symbols = documentSymbols(asked.snapshot, asked.path)
    return features().hierarchicalSymbols ? symbols.map((symbol) => toDocumentSymbol(asked.lines, symbol)) : toFlatSymbols(asked.linesFor, symbols)
  }))

  connection.onWorkspaceSymbol((params, token) => guarded(answering, 'workspace symbols', null, token, () => workspace.projects().flatMap((project) => {
    const snapshot = project.snapshot()
    return toFlatSymbols(linesForOf(workspace, snapshot), workspaceSymbols(snapshot, String(params?.query ?? '')))
  })))

  connection.onCodeAction(aboutDocument(answering, 'code actions', null, (asked, params) => {
    const range = { start: offsetAt(asked.lines, params.range.start), end: offsetAt(asked.lines, params.range.end) }
    const shown: readonly Diagnostic[] = params.context?.diagnostics ?? []
    const only = params.context?.only
    return codeActions(asked.snapshot, asked.path, range, diagnostics(asked.snapshot, asked.path))
      .filter((action) => !only || only.some((kind) => action.kind === kind || action.kind.startsWith(`${kind}.`)))
      .map((action) => toCodeAction(asked.linesFor, action, shown))
  }))

  connection.languages.diagnostics.on(async (params, token) => {
    const nothing = { kind: 'full' as const, items: [] as Diagnostic[] }
    const answer = await aboutDocument(answering, 'diagnostics', nothing, (asked) => ({ ...nothing, items: asked.snapshot.manifest.final ? diagnosing.of(asked.snapshot, asked.path) : [] }))(params, token)
    return answer instanceof ResponseError ? nothing : answer
  })
}
