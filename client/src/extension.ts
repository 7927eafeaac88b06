// The VS Code client: starts the bundled server, shows defer in the status bar, forwards commands. All knowledge of dbt is in the server.

import * as vscode from 'vscode'
import { LanguageClient, State, TransportKind, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node'
import { COMPILED_SCHEME, afterCommand, goToCounterpart, runHere } from './compiled.ts'
import { createStatusItem, type Status } from './status.ts'

let client: LanguageClient | undefined

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'dbt-defer-ls.cjs').fsPath
  const custom = vscode.workspace.getConfiguration('dbtDefer').get<string>('serverPath')
  const server: ServerOptions = custom
    ? { command: custom, args: ['--stdio'] }
    : { run: { module, transport: TransportKind.ipc }, debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } } }
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: COMPILED_SCHEME }, ...['sql', 'jinja-sql', 'sql.jinja', 'snowflake-sql', 'postgres', 'yaml', 'jinja-yaml', 'dbt-yaml', 'markdown', 'jinja-md', 'python', 'csv'].map((language) => ({ scheme: 'file', language }))],
    synchronize: { configurationSection: 'dbtDefer' },
    initializationOptions: () => ({ statusNotifications: true, trusted: vscode.workspace.isTrusted }),
    outputChannelName: 'dbt defer',
    middleware: {
      // LSP has no clipboard and no diff: what an action copies or compares is taken from here.
      async executeCommand(command, args, next) {
        const answer: unknown = await next(command, args)
        await afterCommand(command, args, answer)
        return answer
      },
    },
  }
  client = new LanguageClient('dbtDefer', 'dbt defer', server, options)
  const status = createStatusItem(context)
  client.onNotification('dbtDefer/status', (value: Status) => status.show(value))
  client.onDidChangeState((change) => { if (change.newState === State.Stopped) status.stopped() })
  context.subscriptions.push(
    vscode.commands.registerCommand('dbtDefer.restart', () => client?.restart()),
    vscode.commands.registerCommand('dbtDefer.openCompiled', () => runHere(client, 'dbtDefer.showCompiled')),
    vscode.commands.registerCommand('dbtDefer.compareSaved', () => runHere(client, 'dbtDefer.diffSaved')),
    vscode.commands.registerCommand('dbtDefer.compareState', () => runHere(client, 'dbtDefer.diffState')),
    vscode.commands.registerCommand('dbtDefer.compareDefer', () => runHere(client, 'dbtDefer.diffDefer')),
    vscode.commands.registerCommand('dbtDefer.copyCompiledHere', () => runHere(client, 'dbtDefer.copyCompiled')),
    vscode.commands.registerCommand('dbtDefer.goToCounterpart', () => goToCounterpart(client)),
    vscode.commands.registerCommand('dbtDefer.toggleDefer', () => client?.sendRequest('workspace/executeCommand', { command: 'dbtDefer.setDefer', arguments: [!status.current()?.defer] })),
    vscode.commands.registerCommand('dbtDefer.toggleFavorState', () => client?.sendRequest('workspace/executeCommand', { command: 'dbtDefer.setFavorState', arguments: [!status.current()?.favorState] })),
    vscode.commands.registerCommand('dbtDefer.refreshState', () => client?.sendRequest('workspace/executeCommand', { command: 'dbtDefer.refresh', arguments: [] })),
    vscode.commands.registerCommand('dbtDefer.fetchState', () => client?.sendRequest('workspace/executeCommand', { command: 'dbtDefer.pullState', arguments: [] })),
    vscode.commands.registerCommand('dbtDefer.copyRelationHere', () => copyRelationHere()),
    vscode.commands.registerCommand('dbtDefer.chooseTarget', () => chooseTarget(status.current())),
    // The server takes trust at its start alone: settings of a workspace cannot give it.
    vscode.workspace.onDidGrantWorkspaceTrust(() => client?.restart()),
  )
  await client.start()
}

export async function deactivate(): Promise<void> {
  await client?.stop()
}

/** Copies through the code action that the server offers at the cursor, so that there is one answer to what a ref reads. */
async function copyRelationHere(): Promise<void> {
  const editor = vscode.window.activeTextEditor
  if (!editor) return
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', editor.document.uri, editor.selection)
  const action = actions.find((each) => each.command?.command === 'dbtDefer.copyRelation')
  const text: unknown = action?.command?.arguments?.[0]
  if (typeof text !== 'string') { void vscode.window.showInformationMessage('No ref at the cursor'); return }
  await vscode.env.clipboard.writeText(text)
  void vscode.window.setStatusBarMessage(`Copied ${text}`, 3000)
}

async function chooseTarget(status: Status | null): Promise<void> {
  const target = await vscode.window.showQuickPick([...(status?.targets ?? [])], { title: 'dbt target' })
  if (target) await client?.sendRequest('workspace/executeCommand', { command: 'dbtDefer.setTarget', arguments: [target] })
}
