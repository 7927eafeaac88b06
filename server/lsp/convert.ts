// To the protocol's types and back. The only file that knows both offsets and LSP positions.

import {
  CompletionItemKind, DiagnosticSeverity, DiagnosticTag, InlayHintKind, MarkupKind, SymbolKind,
  type CodeAction as LspCodeAction, type CompletionItem, type Diagnostic, type DocumentSymbol, type Hover as LspHover, type InlayHint as LspInlayHint,
  type Location, type LocationLink, type MarkupContent, type Range, type SignatureHelp as LspSignatureHelp, type SymbolInformation, type WorkspaceEdit,
} from 'vscode-languageserver/node'
import type { Problem, Severity } from '../dbt/problem.ts'
import type { CodeAction, Completion, Definition, Hover, InlayHint, SignatureHelp, Symbol, TextEdit } from '../ide/types.ts'
import { linesOf, positionAt, type Lines } from '../text/lines.ts'
import type { Place, Span } from '../text/span.ts'
import type { ClientFeatures } from './features.ts'
import { uriOf } from './uris.ts'

/** Line tables of files that are named in answers; `lines(path)` is null for a file that is not there. */
export type LinesOf = (path: string) => Lines | null

const NOTHING = linesOf('')

export function toRange(lines: Lines, span: Span): Range {
  return { start: positionAt(lines, span.start), end: positionAt(lines, span.end) }
}

export function toLocation(linesFor: LinesOf, place: Place): Location {
  return { uri: uriOf(place.path), range: toRange(linesFor(place.path) ?? NOTHING, place) }
}

export function toHover(lines: Lines, hover: Hover, features: ClientFeatures): LspHover {
  return { contents: toMarkup(hover.text, features.hoverMarkdown), range: toRange(lines, hover.span) }
}

function toMarkup(text: string, markdown: boolean): MarkupContent {
  return markdown ? { kind: MarkupKind.Markdown, value: text } : { kind: MarkupKind.PlainText, value: plain(text) }
}

export function toDefinition(linesFor: LinesOf, path: string, definitions: readonly Definition[], features: ClientFeatures): Location[] | LocationLink[] {
  if (!features.definitionLinks) return definitions.map((each) => ({ uri: uriOf(each.target.path), range: toRange(linesFor(each.target.path) ?? NOTHING, each.selection) }))
  return definitions.map((each) => {
    const lines = linesFor(each.target.path) ?? NOTHING
    return { originSelectionRange: toRange(linesFor(path) ?? NOTHING, each.origin), targetUri: uriOf(each.target.path), targetRange: toRange(lines, each.target), targetSelectionRange: toRange(lines, each.selection) }
  })
}

export function toCompletionItem(lines: Lines, item: Completion, features: ClientFeatures): CompletionItem {
  return {
    label: item.label,
    kind: COMPLETION_KINDS[item.kind],
    sortText: item.sort,
    filterText: item.label,
    textEdit: { range: toRange(lines, item.span), newText: item.insert },
    ...(features.completionDetails ? { labelDetails: { description: item.detail } } : { detail: item.detail }),
    ...(item.documentation ? { documentation: toMarkup(item.documentation, features.completionMarkdown) } : {}),
    ...(item.deprecated ? { tags: [1] } : {}),
  }
}

export function toInlayHint(lines: Lines, hint: InlayHint): LspInlayHint {
  return { position: positionAt(lines, hint.offset), label: hint.label, kind: InlayHintKind.Type, paddingLeft: true, tooltip: hint.tooltip }
}

export function toSignatureHelp(help: SignatureHelp, features: ClientFeatures): LspSignatureHelp {
  return {
    signatures: [{
      label: help.label,
      ...(help.documentation ? { documentation: toMarkup(help.documentation, features.hoverMarkdown) } : {}),
      parameters: help.parameters.map((each) => ({ label: [each.start, each.end], ...(each.documentation ? { documentation: toMarkup(each.documentation, features.hoverMarkdown) } : {}) })),
    }],
    activeSignature: 0,
    activeParameter: help.active,
  }
}

/** `documentation`: URL of the README, whose anchors are the codes. */
export function toDiagnostic(linesFor: LinesOf, problem: Problem, documentation: string, features: ClientFeatures): Diagnostic {
  const lines = linesFor(problem.place.path) ?? NOTHING
  return {
    range: toRange(lines, problem.place),
    severity: SEVERITIES[problem.severity],
    code: problem.code,
    codeDescription: { href: `${documentation}#${problem.code}` },
    source: 'dbt-defer-ls',
    message: problem.message,
    ...(problem.severity === 'hint' ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(problem.related && features.relatedInformation ? { relatedInformation: problem.related.filter((each) => linesFor(each.place.path) !== null).map((each) => ({ location: toLocation(linesFor, each.place), message: each.message })) } : {}),
    ...(problem.data ? { data: problem.data } : {}),
  }
}

export function toCodeAction(linesFor: LinesOf, action: CodeAction, diagnostics: readonly Diagnostic[]): LspCodeAction {
  const mends = diagnostics.filter((each) => action.fixes.includes(String(each.code)))
  return {
    title: action.title,
    kind: action.kind,
    ...(mends.length > 0 ? { diagnostics: mends } : {}),
    ...(action.preferred ? { isPreferred: true } : {}),
    ...(action.edits.length > 0 ? { edit: toWorkspaceEdit(linesFor, action.edits) } : {}),
    ...(action.command ? { command: { title: action.title, command: action.command.name, arguments: [...action.command.arguments] } } : {}),
  }
}

export function toWorkspaceEdit(linesFor: LinesOf, edits: readonly TextEdit[]): WorkspaceEdit {
  const changes: Record<string, { range: Range; newText: string }[]> = {}
  for (const edit of edits) (changes[uriOf(edit.path)] ??= []).push({ range: toRange(linesFor(edit.path) ?? NOTHING, edit.span), newText: edit.text })
  return { changes }
}

export function toDocumentSymbol(lines: Lines, symbol: Symbol): DocumentSymbol {
  return { name: symbol.name || '(unnamed)', detail: symbol.detail, kind: SYMBOL_KINDS[symbol.kind], range: toRange(lines, symbol.place), selectionRange: toRange(lines, symbol.selection), children: symbol.children.map((child) => toDocumentSymbol(lines, child)) }
}

/** Helix and others know only the flat form. */
export function toFlatSymbols(linesFor: LinesOf, symbols: readonly Symbol[], container = ''): SymbolInformation[] {
  return symbols.flatMap((symbol) => [toFlatSymbol(linesFor, symbol, container), ...toFlatSymbols(linesFor, symbol.children, symbol.name)])
}

/** `container`: what the symbol stands in; in the whole workspace, what it is. */
export function toFlatSymbol(linesFor: LinesOf, symbol: Symbol, container: string): SymbolInformation {
  return { name: symbol.name || '(unnamed)', kind: SYMBOL_KINDS[symbol.kind], location: toLocation(linesFor, { path: symbol.place.path, ...symbol.selection }), ...(container ? { containerName: container } : {}) }
}

const SEVERITIES: Record<Severity, DiagnosticSeverity> = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, information: DiagnosticSeverity.Information, hint: DiagnosticSeverity.Hint }


const COMPLETION_KINDS: Record<Completion['kind'], CompletionItemKind> = {
  model: CompletionItemKind.Class, seed: CompletionItemKind.File, snapshot: CompletionItemKind.Class, source: CompletionItemKind.Module, table: CompletionItemKind.Struct,
  macro: CompletionItemKind.Function, function: CompletionItemKind.Function, variable: CompletionItemKind.Variable, doc: CompletionItemKind.Text, keyword: CompletionItemKind.Keyword,
  value: CompletionItemKind.Value, column: CompletionItemKind.Field, test: CompletionItemKind.Event, package: CompletionItemKind.Module,
}

const SYMBOL_KINDS: Record<Symbol['kind'], SymbolKind> = {
  model: SymbolKind.Class, seed: SymbolKind.File, snapshot: SymbolKind.Class, source: SymbolKind.Module, table: SymbolKind.Struct, macro: SymbolKind.Function, test: SymbolKind.Event,
  doc: SymbolKind.String, column: SymbolKind.Field, exposure: SymbolKind.Interface, metric: SymbolKind.Number, analysis: SymbolKind.Object, other: SymbolKind.Property, cte: SymbolKind.Variable,
}

/** Markdown that was written to read well unrendered needs little: emphasis and code marks go. */
function plain(text: string): string {
  return text.replaceAll(/\*\*([^*]+)\*\*/g, '$1').replaceAll(/`([^`]+)`/g, '$1').replaceAll(/^---$/gm, '').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll(/^```\w*\n?/gm, '').replaceAll(/ +$/gm, '')
}
