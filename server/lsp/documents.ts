// The open documents. Texts are copied out of TextDocument, whose `update` mutates in place; edits that make no sense are survived.

import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument'
import { pathOf } from './uris.ts'

export interface OpenDocument {
  readonly uri: string
  readonly path: string
  readonly version: number
  readonly text: string
}

export interface Documents {
  open(uri: string, languageId: string, version: number, text: string): OpenDocument | null
  /** Null for a document that was never opened or has no path. An edit with an older version than the last is applied all the same: dropping it would lose text. */
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): OpenDocument | null
  close(uri: string): string | null
  get(uri: string): OpenDocument | null
  byPath(path: string): OpenDocument | null
  all(): readonly OpenDocument[]
  /** By path, as the project's reader wants them. */
  texts(): ReadonlyMap<string, string>
}

export function createDocuments(): Documents {
  const documents = new Map<string, { document: TextDocument; path: string }>()
  const paths = new Map<string, string>()
  const view = (uri: string): OpenDocument | null => {
    const held = documents.get(uri)
    return held ? { uri, path: held.path, version: held.document.version, text: held.document.getText() } : null
  }
  return {
    open(uri, languageId, version, text) {
      const path = pathOf(uri)
      if (path === null) return null
      documents.set(uri, { document: TextDocument.create(uri, languageId, version, text), path })
      paths.set(path, uri)
      return view(uri)
    },
    change(uri, version, changes) {
      const held = documents.get(uri)
      if (!held) return null
      held.document = TextDocument.update(held.document, changes.filter(sound), version)
      return view(uri)
    },
    close(uri) {
      const held = documents.get(uri)
      documents.delete(uri)
      if (held) paths.delete(held.path)
      return held?.path ?? null
    },
    get: view,
    byPath(path) {
      const uri = paths.get(path)
      return uri === undefined ? null : view(uri)
    },
    all: () => [...documents.keys()].flatMap((uri) => view(uri) ?? []),
    texts: () => new Map([...documents.values()].map(({ document, path }) => [path, document.getText()])),
  }
}

function sound(change: TextDocumentContentChangeEvent): boolean {
  if (typeof change?.text !== 'string') return false
  if (!('range' in change) || change.range === undefined) return true
  const { start, end } = change.range
  return [start?.line, start?.character, end?.line, end?.character].every((each) => Number.isInteger(each))
}
