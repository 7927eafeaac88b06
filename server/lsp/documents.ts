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
  /** By path, as the project's reader wants them: over what is on disk, and what was never saved. A file that is gone from the disk, a branch ago, is gone though its buffer stays. */
  texts(): ReadonlyMap<string, string>
}

interface Held {
  document: TextDocument
  readonly path: string
  /** Whether there was ever a file of it. */
  saved: boolean
}

/** `exists`: of a file on disk. */
export function createDocuments(exists: (path: string) => boolean): Documents {
  const documents = new Map<string, Held>()
  const paths = new Map<string, string>()
  const view = (uri: string): OpenDocument | null => {
    const held = documents.get(uri)
    return held ? { uri, path: held.path, version: held.document.version, text: held.document.getText() } : null
  }
  return {
    open(uri, languageId, version, text) {
      const path = pathOf(uri)
      if (path === null) return null
      documents.set(uri, { document: TextDocument.create(uri, languageId, version, text), path, saved: exists(path) })
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
    texts() {
      const texts = new Map<string, string>()
      for (const held of documents.values()) {
        const there = exists(held.path)
        held.saved ||= there
        if (there || !held.saved) texts.set(held.path, held.document.getText())
      }
      return texts
    },
  }
}

function sound(change: TextDocumentContentChangeEvent): boolean {
  if (typeof change?.text !== 'string') return false
  if (!('range' in change) || change.range === undefined) return true
  const { start, end } = change.range
  return [start?.line, start?.character, end?.line, end?.character].every((each) => Number.isInteger(each))
}
