// What the client has been told. Diagnostics of an older revision are dropped, equal ones are not sent again.

import type { Connection, Diagnostic } from 'vscode-languageserver/node'

export interface Publisher {
  /** `version` is the document's, undefined for closed files. `of`: the project that counts its revisions. */
  set(uri: string, found: { readonly of: string; readonly revision: number }, version: number | undefined, diagnostics: readonly Diagnostic[]): void
  forget(uri: string): void
  /** Takes back what was said of a file. */
  retract(uri: string): void
  uris(): readonly string[]
}

export function createPublisher(connection: Pick<Connection, 'sendDiagnostics'>): Publisher {
  const sent = new Map<string, { of: string; revision: number; text: string }>()
  return {
    set(uri, { of, revision }, version, diagnostics) {
      const last = sent.get(uri)
      if (last && last.of === of && last.revision > revision) return
      const text = JSON.stringify(diagnostics)
      if (last ? last.text === text : diagnostics.length === 0) {
        if (last) sent.set(uri, { of, revision, text })
        return
      }
      sent.set(uri, { of, revision, text })
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
