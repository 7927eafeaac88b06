// Opens the compiled text of the active model beside it. The text itself comes from the server through workspace/textDocumentContent.

import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'

export async function showCompiled(client: LanguageClient | undefined): Promise<void> {
  const editor = vscode.window.activeTextEditor
  if (!editor || !client) return
  const answer = await client.sendRequest<{ uri: string } | null>('workspace/executeCommand', { command: 'dbtDefer.showCompiled', arguments: [editor.document.uri.toString()] })
  if (!answer) return
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(answer.uri))
  await vscode.languages.setTextDocumentLanguage(document, 'sql')
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true })
}
