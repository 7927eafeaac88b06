// Handlers of requests about the shape of files and of the project: symbols, links, folds, lenses, call hierarchy.

import { FoldingRangeKind, SymbolKind, type CallHierarchyItem, type Connection } from 'vscode-languageserver/node'
import { incomingCalls, outgoingCalls, type CallItem } from '../ide/call-hierarchy.ts'
import { callsIn, lensesIn, linksIn } from '../ide/contexts.ts'
import { folds } from '../ide/folding.ts'
import { documentSymbols, workspaceSymbols } from '../ide/symbols.ts'
import { aboutDocument, guarded, linesForOf, type Answering } from './answer.ts'
import { toDocumentSymbol, toFlatSymbol, toFlatSymbols, toRange, type LinesOf } from './convert.ts'
import type { ClientFeatures } from './features.ts'
import { pathOf, uriOf } from './uris.ts'
import type { Snapshot } from '../dbt/snapshot.ts'

export function registerStructureHandlers(connection: Connection, answering: Answering, features: () => ClientFeatures, canRun: () => boolean): void {
  const { workspace } = answering

  connection.onDocumentLinks(aboutDocument(answering, 'document links', null, (asked) => linksIn(asked.contexts, asked.path).map((link) => ({ range: toRange(asked.lines, link.span), target: uriOf(link.path), tooltip: link.tooltip }))))

  connection.onDocumentSymbol(aboutDocument(answering, 'document symbols', null, (asked) => {
    const symbols = documentSymbols(asked.snapshot, asked.path)
    return features().hierarchicalSymbols ? symbols.map((symbol) => toDocumentSymbol(asked.lines, symbol)) : toFlatSymbols(asked.linesFor, symbols)
  }))

  connection.onWorkspaceSymbol((params, token) => guarded(answering, 'workspace symbols', null, token, async () => (await workspace.opened()).flatMap((project) => {
    const snapshot = project.snapshot()
    return workspaceSymbols(snapshot, String(params?.query ?? '')).map((symbol) => toFlatSymbol(linesForOf(workspace, snapshot), symbol, symbol.detail))
  })))

  connection.onFoldingRanges(aboutDocument(answering, 'folding', null, (asked) => folds(asked.snapshot, asked.path).flatMap((fold) => {
    const { start, end } = toRange(asked.lines, fold)
    return end.line > start.line ? [{ startLine: start.line, endLine: end.line, ...(fold.kind === 'comment' ? { kind: FoldingRangeKind.Comment } : {}) }] : []
  })))

  connection.onCodeLens(aboutDocument(answering, 'code lenses', null, async (asked) => (asked.project.settings().codeLenses ? lensesIn(await asked.wholes(), asked.path, { run: canRun() }) : []).map((lens) => ({
    range: toRange(asked.lines, lens.span), command: { title: lens.title, command: lens.command?.name ?? '', ...(lens.command ? { arguments: [...lens.command.arguments] } : {}) },
  }))))

  connection.languages.callHierarchy.onPrepare(aboutDocument(answering, 'call hierarchy', null, (asked, params) => {
    const items = callsIn(asked.contexts, asked.path, asked.offset(params.position))
    return items.length > 0 ? items.map((item) => toItem(asked.linesFor, item)) : null
  }))

  connection.languages.callHierarchy.onIncomingCalls((params, token) => guarded(answering, 'incoming calls', null, token, () => aboutItem(params.item, (snapshot, id, linesFor) => incomingCalls(snapshot, id).map((edge) => ({ from: toItem(linesFor, edge.item), fromRanges: rangesIn(linesFor, edge.item.place.path, edge.ranges) })))))
  connection.languages.callHierarchy.onOutgoingCalls((params, token) => guarded(answering, 'outgoing calls', null, token, () => aboutItem(params.item, (snapshot, id, linesFor) => outgoingCalls(snapshot, id).map((edge) => ({ to: toItem(linesFor, edge.item), fromRanges: rangesIn(linesFor, pathOf(params.item.uri) ?? '', edge.ranges) })))))

  async function aboutItem<R>(item: CallHierarchyItem, answer: (snapshot: Snapshot, id: string, linesFor: LinesOf) => R[]): Promise<R[] | null> {
    const path = pathOf(item.uri)
    const id: unknown = item.data
    if (path === null || typeof id !== 'string') return null
    const own = await workspace.projectOf(path)
    const snapshot = [own, ...workspace.readersOf(path)].map((project) => project?.snapshot()).find((each) => each?.world.macros.byId.has(id))
    if (!snapshot) return null
    return answer(snapshot, id, linesForOf(workspace, snapshot))
  }
}

function toItem(linesFor: LinesOf, item: CallItem): CallHierarchyItem {
  const lines = linesFor(item.place.path)
  const range = lines ? toRange(lines, item.place) : NOWHERE
  return { name: item.name, detail: item.detail, kind: item.id === null ? SymbolKind.File : SymbolKind.Function, uri: uriOf(item.place.path), range, selectionRange: lines ? toRange(lines, item.selection) : NOWHERE, data: item.id }
}

function rangesIn(linesFor: LinesOf, path: string, spans: readonly { readonly start: number; readonly end: number }[]) {
  const lines = linesFor(path)
  return lines ? spans.map((span) => toRange(lines, span)) : []
}

const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
