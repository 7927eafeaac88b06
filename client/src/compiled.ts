// Compiled text in VS Code: beside the model, in diffs, in the clipboard, and the way between both texts. The texts come from the server.

import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'

export const COMPILED_SCHEME = 'dbt-compiled'

interface Shown { readonly uri: string }
interface Sides { readonly left: Shown; readonly right: Shown; readonly title: string }
interface Place { readonly uri: string; readonly range: Range }
interface Range { readonly start: { readonly line: number; readonly character: number }; readonly end: { readonly line: number; readonly character: number } }

/** What the client does with a command's answer that the server cannot do itself. */
export async function afterCommand(command: string, args: readonly unknown[], answer: unknown): Promise<void> {
  if (command === 'dbtDefer.copyRelation' && typeof args[0] === 'string') await vscode.env.clipboard.writeText(args[0])
  if (command === 'dbtDefer.copyCompiled' && isObject(answer) && typeof answer['text'] === 'string') await vscode.env.clipboard.writeText(answer['text'])
  if (command === 'dbtDefer.showCompiled' && isObject(answer) && typeof answer['uri'] === 'string') await openBeside(answer['uri'])
  if (/^dbtDefer\.(?:diff(?:Saved|State|Defer)|explainModified)$/.test(command) && isSides(answer)) await vscode.commands.executeCommand('vscode.diff', vscode.Uri.parse(answer.left.uri), vscode.Uri.parse(answer.right.uri), answer.title)
}

/** A command of the server about the active model, with what follows from its answer. */
export async function runHere(client: LanguageClient | undefined, command: string): Promise<void> {
  const editor = vscode.window.activeTextEditor
  if (!editor || !client) return
  const args = [editor.document.uri.toString()]
  await afterCommand(command, args, await client.sendRequest('workspace/executeCommand', { command, arguments: args }))
}

/** From the selection in a model or macro to its compiled counterpart, and from compiled text to where it was written. */
export async function goToCounterpart(client: LanguageClient | undefined): Promise<void> {
  const editor = vscode.window.activeTextEditor
  if (!editor || !client) return
  const uri = editor.document.uri.toString()
  const range: Range = { start: { line: editor.selection.start.line, character: editor.selection.start.character }, end: { line: editor.selection.end.line, character: editor.selection.end.character } }
  if (editor.document.uri.scheme === COMPILED_SCHEME) {
    const place = await client.sendRequest<Place | null>('workspace/executeCommand', { command: 'dbtDefer.toSource', arguments: [uri, range] })
    if (place) await reveal(place.uri, [place.range])
    return
  }
  const shown = vscode.window.visibleTextEditors.find((each) => each.document.uri.scheme === COMPILED_SCHEME)?.document.uri.toString()
  const found = await client.sendRequest<{ uri: string; ranges: Range[] } | null>('workspace/executeCommand', { command: 'dbtDefer.toCompiled', arguments: [uri, range, shown ?? null] })
  if (found && found.ranges.length > 0) await reveal(found.uri, found.ranges)
  else void vscode.window.setStatusBarMessage('Nothing of this is in the compiled text', 3000)
}

async function reveal(uri: string, ranges: readonly Range[]): Promise<void> {
  const target = vscode.Uri.parse(uri)
  const open = vscode.window.visibleTextEditors.find((each) => each.document.uri.toString() === target.toString())
  const editor = open ? await vscode.window.showTextDocument(open.document, open.viewColumn) : await openBeside(uri)
  editor.selections = ranges.map(({ start, end }) => new vscode.Selection(start.line, start.character, end.line, end.character))
  const [first] = editor.selections
  if (first) editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport)
}

async function openBeside(uri: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri))
  if (document.uri.scheme === COMPILED_SCHEME) await vscode.languages.setTextDocumentLanguage(document, 'sql')
  return vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: document.uri.scheme === COMPILED_SCHEME, preview: true })
}

function isObject(value: unknown): value is Record<string, unknown> { return typeof value === 'object' && value !== null }

function isSides(value: unknown): value is Sides { return isObject(value) && isObject(value['left']) && isObject(value['right']) && typeof value['title'] === 'string' }
