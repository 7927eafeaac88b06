// Messages that the user sees: `window/showMessage`, which every client has. The library's own showErrorMessage and its like send a request
// even when there is nothing to choose, and clients that answer no requests (ALE) show none of them.

import { MessageType, ShowMessageNotification, type Connection } from 'vscode-languageserver/node'

const TYPES: Record<'error' | 'warning' | 'information', MessageType> = { error: MessageType.Error, warning: MessageType.Warning, information: MessageType.Info }

export function tell(connection: Pick<Connection, 'sendNotification'>, type: keyof typeof TYPES, message: string): void {
  void connection.sendNotification(ShowMessageNotification.type, { type: TYPES[type], message })
}
