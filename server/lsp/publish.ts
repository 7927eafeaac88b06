// What the client has been told. Diagnostics of an older revision are dropped, equal ones are not sent again.

import type { Connection, Diagnostic } from 'vscode-languageserver/node'

export interface Publisher {
  /** `version` is the document's, undefined for closed files. */
  set(uri: string, revision: number, version: number | undefined, diagnostics: readonly Diagnostic[]): void
  forget(uri: string): void
  /** Takes back what was said of a file. */
  retract(uri: string): void
  uris(): readonly string[]
}

export function createPublisher(connection: Pick<Connection, 'sendDiagnostics'>): Publisher {
  const sent = new Map<string, { revision: number; text: string }>()
  return {
    set(uri, revision, version, diagnostics) {
      const last = sent.get(uri)
      if (last && last.revision > revision) return
      const text = JSON.stringify(diagnostics)
      if (last ? last.text === text : diagnostics.length === 0) {
        if (last) sent.set(uri, { revision, text })
        return
      }
      sent.set(uri, { revision, text })
      void connection.sendDiagnostics({ uri, diagnostics: [...diagnostics], ...(version === undefined ? {} : { version }) })
    },
    retract(uri) {
      if (sent.get(uri)?.text !== '[]' && sent.delete(uri)) void connection.sendDiagnostics({ uri, diagnostics: [] })
    },
    forget(uri) {
      sent.delete(uri)
    },
    uris: () => [...sent.keys()],
  }
}
