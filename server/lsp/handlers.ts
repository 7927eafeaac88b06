// The table: LSP method → ide function. Each handler only converts, asks and converts back.

import { CodeActionTriggerKind, ResponseError, type Connection, type DefinitionParams, type Diagnostic } from 'vscode-languageserver/node'
import { actionsIn, completionIn, definitionIn, hintsIn, hoverIn, referencesIn, signatureIn } from '../ide/contexts.ts'
import { definition } from '../ide/definition.ts'
import { documentHighlights } from '../ide/document-highlights.ts'
import { lastRunHover } from '../ide/hover-values.ts'
import { compiledNode } from '../ide/compiled.ts'
import { isYaml } from '../ide/scene.ts'
import type { Hover } from '../ide/types.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import { aboutDocument, type Answering } from './answer.ts'
import type { CompiledDocuments } from './compiled-documents.ts'
import { insideCompiled } from './compiled-handlers.ts'
import { toCodeAction, toCompletionItem, toDefinition, toHover, toInlayHint, toLocation, toRange, toSignatureHelp } from './convert.ts'
import type { Diagnosing } from './diagnosing.ts'
import type { Documents } from './documents.ts'
import type { ClientFeatures } from './features.ts'
import { registerEditHandlers } from './edit-handlers.ts'
import { registerStructureHandlers } from './structure-handlers.ts'
import { uriOf } from './uris.ts'
import type { Workspace } from './workspace.ts'

export interface HandlerOptions {
  readonly connection: Connection
  readonly workspace: Workspace
  readonly documents: Documents
  readonly compiled: CompiledDocuments
  readonly log: (message: string) => void
  readonly features: () => ClientFeatures
  readonly diagnosing: Diagnosing
  readonly canRun: () => boolean
}

/** What dbt's last run had at a place of a node's text that is not known without it. */
async function lastRunIn(compiled: CompiledDocuments, snapshot: Snapshot, path: string, offset: number): Promise<Hover | null> {
  const node = isYaml(path) ? null : compiledNode(snapshot, path, { offset })
  const found = node && await compiled.at(uriOf(path), node.unique_id)
  return found ? lastRunHover(found.snapshot, found.document, offset) : null
}

export function registerHandlers({ connection, workspace, documents, compiled, log, features, diagnosing, canRun }: HandlerOptions): void {
  const answering: Answering = { workspace, documents, log }
  registerStructureHandlers(connection, answering, features, canRun)
  registerEditHandlers(connection, answering, features)
  const inside = insideCompiled(answering, compiled, features)

  connection.onHover(inside.hover(aboutDocument(answering, 'hover', null, async (asked, params) => {
    const offset = asked.offset(params.position)
    const found = hoverIn(asked.contexts, asked.path, offset)
    const last = asked.project.settled() ? await lastRunIn(compiled, asked.snapshot, asked.path, offset) : null
    const whole = found && last ? { text: `${found.text}\n\n---\n\n${last.text}`, span: found.span } : found ?? last
    return whole ? toHover(asked.lines, whole, features()) : null
  })))

  connection.onDefinition(inside.definition(aboutDocument<DefinitionParams, ReturnType<typeof toDefinition> | null>(
    answering, 'definition', null,
    (asked, params) => toDefinition(asked.linesFor, asked.path, definitionIn(asked.contexts, asked.path, asked.offset(params.position)), features()),
    (asked, params) => {
      const found = definition(asked.snapshot, asked.path, asked.offset(params.position))
      return found.length === 0 ? null : toDefinition(asked.linesFor, asked.path, found, features())
    },
  )))

  connection.onReferences(inside.references(aboutDocument(answering, 'references', null, (asked, params) => referencesIn(asked.contexts, asked.path, asked.offset(params.position), { declaration: params.context?.includeDeclaration ?? false }).map((place) => toLocation(asked.linesFor, place)))))

  connection.onCompletion(aboutDocument(answering, 'completion', null, (asked, params) => {
    const list = completionIn(asked.contexts, asked.path, asked.offset(params.position))
    return { isIncomplete: list.incomplete, items: list.items.map((item) => toCompletionItem(asked.lines, item, features())) }
  }))

  connection.languages.inlayHint.on(inside.hints(aboutDocument(answering, 'inlay hints', null, async (asked, params) => {
    if (!asked.project.settings().inlayHints) return []
    const range = { start: asked.offset(params.range?.start), end: asked.offset(params.range?.end) }
    return hintsIn(await asked.wholes(), asked.path, range).map((hint) => toInlayHint(asked.lines, hint))
  })))

  connection.onSignatureHelp(aboutDocument(answering, 'signature help', null, (asked, params) => {
    const found = signatureIn(asked.contexts, asked.path, asked.offset(params.position))
    return found ? toSignatureHelp(found, features()) : null
  }))

  connection.onDocumentHighlight(aboutDocument(answering, 'highlights', null, (asked, params) => documentHighlights(asked.snapshot, asked.path, asked.offset(params.position)).map((span) => ({ range: toRange(asked.lines, span) }))))

  connection.onCodeAction(aboutDocument(answering, 'code actions', null, (asked, params) => {
    const range = { start: asked.offset(params.range?.start), end: asked.offset(params.range?.end) }
    const shown: readonly Diagnostic[] = params.context?.diagnostics ?? []
    const only = params.context?.only
    // Asked unasked, for a light bulb: what holds everywhere would light one on every line.
    const automatic = params.context?.triggerKind === CodeActionTriggerKind.Automatic
    return actionsIn(asked.contexts, asked.path, range)
      .filter((action) => !automatic || action.kind !== 'dbt.model')
      .filter((action) => !only || only.some((kind) => action.kind === kind || action.kind.startsWith(`${kind}.`)))
      .map((action) => toCodeAction(asked.linesFor, action, shown))
  }))

  connection.languages.diagnostics.on(async (params, token) => {
    const nothing = { kind: 'full' as const, items: [] as Diagnostic[] }
    const answer = await aboutDocument(answering, 'diagnostics', nothing, async (asked) => {
      diagnosing.pulled(asked.path)
      return { ...nothing, items: diagnosing.of(await asked.whole(), asked.path) }
    })(params, token)
    return answer instanceof ResponseError ? nothing : answer
  })
}
