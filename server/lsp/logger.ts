// Log lines for people: through window/logMessage, one level, secrets removed by the caller of anything that could hold one.

import type { Connection } from 'vscode-languageserver/node'

export type Log = (message: string) => void

export function createLog(connection: Pick<Connection, 'console'>): Log {
  return (message) => {
    try { connection.console.log(message) } catch { /* The connection has ended in the middle of work: nobody is left to tell. */ }
  }
}
