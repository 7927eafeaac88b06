// The status bar item: where refs go at the moment. A click toggles defer; the tooltip says state, age and problem.

import * as vscode from 'vscode'

/** The server's `dbtDefer/status` (see server/lsp/status.ts). */
export interface Status {
  readonly project: string | null
  readonly target: string | null
  readonly targets: readonly string[]
  readonly rules: string
  readonly defer: boolean
  readonly favorState: boolean
  readonly state: { readonly path: string; readonly generated_at: string | null; readonly age: string | null; readonly problem: string | null } | null
  readonly counts: { readonly dev: number; readonly prod: number; readonly unknown: number; readonly problems: number }
  readonly modified: { readonly count: number; readonly nodes: readonly { readonly unique_id: string; readonly path: string; readonly why: string }[] } | null
  readonly busy: boolean
}

export function createStatusItem(context: vscode.ExtensionContext) {
  const item = vscode.window.createStatusBarItem('dbtDefer.status', vscode.StatusBarAlignment.Left, 50)
  item.name = 'dbt defer'
  item.command = 'dbtDefer.toggleDefer'
  context.subscriptions.push(item)
  let last: Status | null = null
  return {
    current: () => last,
    show(status: Status) {
      last = status
      if (!status.project) { item.hide(); return }
      const mode = status.defer ? (status.favorState ? 'favor state' : 'defer') : 'no defer'
      item.text = `${status.busy ? '$(sync~spin)' : '$(git-compare)'} dbt ${status.target ?? '?'}: ${mode}`
      item.backgroundColor = status.state?.problem ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined
      item.tooltip = tooltip(status)
      item.show()
    },
    stopped() {
      item.text = '$(error) dbt defer stopped'
      item.show()
    },
  }
}

function tooltip(status: Status): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true)
  text.isTrusted = { enabledCommands: ['dbtDefer.toggleDefer', 'dbtDefer.toggleFavorState', 'dbtDefer.chooseTarget'] }
  text.appendMarkdown(`**${status.project ?? ''}**, rules of dbt ${status.rules}\n\n`)
  if (status.state) {
    text.appendText(`state: ${status.state.path}${status.state.age ? `, ${status.state.age} old` : ''}`)
    if (status.state.problem) text.appendMarkdown(`\n\n$(warning) `).appendText(status.state.problem)
  } else text.appendText('no state directory')
  text.appendMarkdown(`\n\n${status.counts.dev} refs to dev, ${status.counts.prod} to production, ${status.counts.unknown} unknown\n\n`)
  if (status.modified) text.appendText(`${status.modified.count} modified${status.modified.nodes.slice(0, 10).map((each) => `\n${each.unique_id}: ${each.why}`).join('')}`).appendMarkdown('\n\n')
  text.appendMarkdown('[defer](command:dbtDefer.toggleDefer) · [favor state](command:dbtDefer.toggleFavorState) · [target](command:dbtDefer.chooseTarget)')
  return text
}
