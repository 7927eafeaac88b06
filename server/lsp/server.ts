// The language server: capabilities, wiring of requests to ide/ functions, and what is told to the client unasked.

import {
  DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, DidChangeWorkspaceFoldersNotification, TextDocumentSyncKind,
  type Connection, type InitializeParams, type InitializeResult, type ServerCapabilities,
} from 'vscode-languageserver/node'
import type { ProjectHost } from '../dbt/ports.ts'
import { COMMANDS, runCommand } from './commands.ts'
import { createCompiledDocuments } from './compiled-documents.ts'
import { COMPILED_SCHEME } from './compiled-uris.ts'
import { createDiagnosing } from './diagnosing.ts'
import { createDocuments } from './documents.ts'
import { featuresOf, type ClientFeatures } from './features.ts'
import { registerHandlers } from './handlers.ts'
import { createLog } from './logger.ts'
import { noSuchRequest } from './order.ts'
import { createSettingsSource } from './settings-source.ts'
import { createStatus } from './status.ts'
import { pathOf } from './uris.ts'
import { createWorkspace } from './workspace.ts'

export interface ServerOptions {
  readonly connection: Connection
  readonly host: ProjectHost
  readonly version: string
  /** URL of the README, whose anchors are the diagnostic codes. */
  readonly documentation: string
}

/** Answers until the client goes. A client that never sends `initialized` is served all the same. */
export function startServer({ connection, host, version, documentation }: ServerOptions): void {
  const log = createLog(connection)
  const documents = createDocuments((path) => host.changedAt(path) !== null)
  let features: ClientFeatures = featuresOf({})
  const settings = createSettingsSource({ connection, host, log, features: () => features })
  const workspace = createWorkspace({
    host, documents, log,
    settingsFor: (root) => settings.of(root),
    onChange: (project, cause, paths) => { diagnosing.changed(project, cause, paths); compiled.changed(project); status.changed(project) },
    onReleased: (root) => diagnosing.released(root),
  })
  const diagnosing = createDiagnosing({ connection, documents, workspace, checkSql: (text, dialect) => host.checkSql(text, dialect), canCheckSql: () => host.canCheckSql(), sqlParser: () => host.sqlParser(), log, documentation, features: () => features })
  const compiled = createCompiledDocuments({ connection, workspace, host, features: () => features, log })
  const status = createStatus({ connection, documents, wanted: () => settings.base().statusNotifications, log })

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    features = featuresOf(params.capabilities ?? {})
    settings.initialize(params.initializationOptions)
    const paths = (uris: readonly string[]) => uris.flatMap((uri) => pathOf(uri) ?? [])
    workspace.changeFolders(paths(params.workspaceFolders?.map((each) => each.uri) ?? [params.rootUri ?? '']), [])
    // Set here and no earlier: the library has a handler of its own by now, which would register dynamically before `initialize` is answered.
    connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event }) => {
      workspace.changeFolders(paths((event?.added ?? []).map((each) => each.uri)), paths((event?.removed ?? []).map((each) => each.uri)))
    })
    return { capabilities: capabilitiesOf(features), serverInfo: { name: 'dbt-defer-ls', version } }
  })

  connection.onInitialized(() => {
    if (features.dynamicConfiguration) void connection.client.register(DidChangeConfigurationNotification.type, { section: 'dbtDefer' }).catch(() => log('the client refused to tell of settings'))
    if (features.dynamicWatching) void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*.{sql,py,yml,yaml,csv,md}' }, { globPattern: '**/manifest.json' }, { globPattern: '**/run_results.json' }] }).catch(() => log('the client refused to watch files'))
    void settings.pull().then(() => workspace.configure((_, root) => settings.of(root), 'settings'))
  })

  connection.onDidOpenTextDocument(({ textDocument }) => {
    const document = documents.open(textDocument.uri, textDocument.languageId, textDocument.version, textDocument.text)
    if (!document) return
    void workspace.projectOf(document.path).then((project) => { if (project) { workspace.edited(document.path); diagnosing.opened(project, document.path) } }, (error: unknown) => log(`opening ${document.path} failed: ${String(error)}`))
  })
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    const document = documents.change(textDocument.uri, textDocument.version, contentChanges)
    if (document) workspace.edited(document.path)
  })
  connection.onDidCloseTextDocument(({ textDocument }) => {
    const path = documents.close(textDocument.uri)
    compiled.closed(textDocument.uri)
    if (path) { workspace.closed(path); diagnosing.closed(textDocument.uri) }
  })
  connection.onDidSaveTextDocument(({ textDocument }) => {
    const path = pathOf(textDocument.uri)
    if (path) workspace.watched([path])
  })
  connection.onDidChangeWatchedFiles(({ changes }) => workspace.watched(changes.flatMap((change) => pathOf(change.uri) ?? [])))
  connection.onDidChangeConfiguration((params) => {
    settings.changed(params?.settings)
    void settings.pull().then(() => workspace.configure((_, root) => settings.of(root), 'settings'))
  })

  registerHandlers({ connection, workspace, documents, compiled, log, features: () => features, diagnosing, canRun: () => settings.trusted() })
  connection.onExecuteCommand((params) => runCommand({ connection, workspace, compiled, host, documents, features: () => features, settings, log }, params))
  connection.onRequest(noSuchRequest)
  connection.onNotification(() => undefined)

  connection.onShutdown(() => { status.dispose(); workspace.dispose() })
  connection.listen()
}

function capabilitiesOf(features: ClientFeatures): ServerCapabilities {
  return {
    positionEncoding: 'utf-16',
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    hoverProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    completionProvider: { triggerCharacters: ["'", '"', '(', '.'], resolveProvider: false },
    inlayHintProvider: true,
    documentLinkProvider: { resolveProvider: false },
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    signatureHelpProvider: { triggerCharacters: ['(', ','] },
    documentHighlightProvider: true,
    foldingRangeProvider: true,
    codeLensProvider: { resolveProvider: false },
    callHierarchyProvider: true,
    renameProvider: features.prepareRename ? { prepareProvider: true } : true,
    codeActionProvider: { codeActionKinds: ['quickfix', 'dbt'] },
    executeCommandProvider: { commands: [...COMMANDS] },
    ...(features.pullDiagnostics ? { diagnosticProvider: { identifier: 'dbt-defer-ls', interFileDependencies: true, workspaceDiagnostics: false } } : {}),
    workspace: {
      ...(features.textDocumentContent ? { textDocumentContent: { schemes: [COMPILED_SCHEME] } } : {}),
      workspaceFolders: { supported: true, changeNotifications: true },
      fileOperations: { willRename: { filters: [{ scheme: 'file', pattern: { glob: '**/*.{sql,py,csv}' } }] } },
    },
  }
}
