// What the client said it can do. Every optional answer is gated on this; nothing is assumed of an editor.

import type { ClientCapabilities } from 'vscode-languageserver/node'

export interface ClientFeatures {
  readonly hoverMarkdown: boolean
  readonly completionMarkdown: boolean
  readonly completionDetails: boolean
  readonly definitionLinks: boolean
  readonly hierarchicalSymbols: boolean
  readonly pullDiagnostics: boolean
  readonly diagnosticRefresh: boolean
  readonly relatedInformation: boolean
  readonly configuration: boolean
  readonly dynamicConfiguration: boolean
  readonly dynamicWatching: boolean
  readonly inlayRefresh: boolean
  readonly codeLensRefresh: boolean
  readonly progress: boolean
  readonly showDocument: boolean
  readonly textDocumentContent: boolean
  readonly prepareRename: boolean
  readonly renameFiles: boolean
}

export function featuresOf(capabilities: ClientCapabilities): ClientFeatures {
  const text = capabilities.textDocument
  const workspace = capabilities.workspace
  return {
    hoverMarkdown: text?.hover?.contentFormat?.includes('markdown') ?? false,
    completionMarkdown: text?.completion?.completionItem?.documentationFormat?.includes('markdown') ?? false,
    completionDetails: text?.completion?.completionItem?.labelDetailsSupport ?? false,
    definitionLinks: text?.definition?.linkSupport ?? false,
    hierarchicalSymbols: text?.documentSymbol?.hierarchicalDocumentSymbolSupport ?? false,
    pullDiagnostics: text?.diagnostic !== undefined,
    diagnosticRefresh: workspace?.diagnostics?.refreshSupport ?? false,
    relatedInformation: text?.publishDiagnostics?.relatedInformation ?? text?.diagnostic?.relatedInformation ?? false,
    configuration: workspace?.configuration ?? false,
    dynamicConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration ?? false,
    dynamicWatching: workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false,
    inlayRefresh: workspace?.inlayHint?.refreshSupport ?? false,
    codeLensRefresh: workspace?.codeLens?.refreshSupport ?? false,
    progress: capabilities.window?.workDoneProgress ?? false,
    showDocument: capabilities.window?.showDocument?.support ?? false,
    textDocumentContent: (workspace as { textDocumentContent?: unknown } | undefined)?.textDocumentContent !== undefined,
    prepareRename: text?.rename?.prepareSupport ?? false,
    renameFiles: (workspace?.workspaceEdit?.documentChanges ?? false) && (workspace?.workspaceEdit?.resourceOperations?.includes('rename') ?? false),
  }
}
