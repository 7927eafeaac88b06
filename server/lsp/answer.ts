// Wraps request handlers: one snapshot a request, no exception ever leaves, a cancelled request says so.

import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver/node'
import { linesOf, offsetAt, type Lines, type Position } from '../text/lines.ts'
import type { LinesOf } from './convert.ts'
import type { Documents } from './documents.ts'
import type { ProjectSession } from './project-session.ts'
import type { Workspace } from './workspace.ts'
import { pathOf } from './uris.ts'
import { withChanges } from '../dbt/nodes/overlay-map.ts'
import type { Contexts } from '../ide/contexts.ts'
import type { Snapshot } from '../dbt/snapshot.ts'

/** What a handler gets to see: the project of the document, one snapshot of it, the document's text and lines. */
export interface Asked {
  readonly project: ProjectSession
  readonly snapshot: Snapshot
  /** That snapshot, and those of other projects that read the document. */
  readonly contexts: Contexts
  readonly path: string
  readonly text: string
  readonly lines: Lines
  readonly linesFor: LinesOf
  readonly token: CancellationToken
  /** A position that is none counts as the nearest there is. */
  offset(position: Position): number
  /** For what cannot be said before the first evaluation, and what some clients never ask for again: the first whole snapshot. */
  whole(): Promise<Snapshot>
  /** The same of every project that reads the document. */
  wholes(): Promise<Contexts>
  /** Of an open document; null for others. */
  versionOf(uri: string): number | null
}

export interface Answering {
  readonly workspace: Workspace
  readonly documents: Documents
  readonly log: (message: string) => void
}

/** A handler for a request about one document. A document of no dbt project gets `otherwise`. `early` may answer from names alone while the project is read for the first time, or say null. */
export function aboutDocument<P extends { textDocument: { uri: string } }, R>(answering: Answering, name: string, otherwise: R, handler: (asked: Asked, params: P) => R | Promise<R>, early?: (asked: Early, params: P) => R | null): (params: P, token: CancellationToken) => Promise<R | ResponseError<void>> {
  return async (params, token) => {
    const uri: unknown = params?.textDocument?.uri
    const path = typeof uri === 'string' ? pathOf(uri) : null
    if (path === null) return otherwise
    return guarded(answering, name, otherwise, token, async () => {
      const opening = answering.workspace.projectOf(path)
      const found = early ? await fromNames(answering, path, opening, (asked) => early(asked, params)) : null
      if (found !== null) return found
      const project = await opening
      if (!project) return otherwise
      const held = project.snapshot()
      const text = answering.workspace.textOf(held, path)
      if (text === null) return otherwise
      const snapshot = asShown(held, path, text)
      const lines = linesOf(text)
      const linesFor = linesForOf(answering.workspace, snapshot, path, lines)
      const others = answering.workspace.readersOf(path).filter((each) => each !== project)
      const contexts: Contexts = [snapshot, ...others.map((each) => each.snapshot())]
      const wholes = async (): Promise<Contexts> => [await project.whenSettled(), ...await Promise.all(others.map((each) => each.whenSettled()))]
      return handler({ project, snapshot, contexts, path, text, lines, linesFor, token, wholes, whole: () => project.whenSettled(), offset: (position) => offsetAt(lines, sound(position)), versionOf: (uri) => answering.documents.get(uri)?.version ?? null }, params)
    })
  }
}

/** A key in dbt_project.yml and its like has the project read again, after a moment: until then answers are for the text on the screen and what was known. */
function asShown(snapshot: Snapshot, path: string, text: string): Snapshot {
  const known = snapshot.besides.get(path)
  return known && known.text !== text ? { ...snapshot, besides: withChanges(snapshot.besides, new Map([[path, { path, text, size: text.length }]])) } : snapshot
}

/** What is known before the project's files are read. */
export type Early = Pick<Asked, 'snapshot' | 'path' | 'linesFor' | 'offset'>

async function fromNames<R>(answering: Answering, path: string, opening: Promise<unknown>, early: (asked: Early) => R | null): Promise<R | null> {
  // Whoever waits for the project, or opened the document, is told when opening fails.
  opening.catch(() => undefined)
  const listed = await answering.workspace.listed(path)
  // What was typed since it was listed stands elsewhere in the text.
  if (!listed || listed.files.get(path)?.text !== answering.workspace.textOf(listed, path)) return null
  return early(earlyOf(answering, listed, path))
}

function earlyOf({ workspace }: Answering, snapshot: Snapshot, path: string): Early {
  const linesFor = linesForOf(workspace, snapshot)
  return { snapshot, path, linesFor, offset: (position) => offsetAt(linesFor(path) ?? linesOf(''), sound(position)) }
}

/** Runs a request's work: an exception is logged and answered with `otherwise`, a cancellation with its code. */
export async function guarded<R>(answering: Answering, name: string, otherwise: R, token: CancellationToken, work: () => R | Promise<R>): Promise<R | ResponseError<void>> {
  if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, `${name} was cancelled`)
  try {
    return await work()
  } catch (error) {
    answering.log(`${name} failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
    return otherwise
  }
}

/** Line tables on demand, made once for each file of one answer. */
export function linesForOf(workspace: Workspace, snapshot: Snapshot, path?: string, lines?: Lines): LinesOf {
  const known = new Map<string, Lines | null>()
  if (path !== undefined && lines) known.set(path, lines)
  return (asked) => {
    let found = known.get(asked)
    if (found === undefined) {
      const text = workspace.textOf(snapshot, asked)
      found = text === null ? null : linesOf(text)
      known.set(asked, found)
    }
    return found
  }
}

function sound(position: Position): Position {
  return { line: Number.isInteger(position?.line) ? position.line : 0, character: Number.isInteger(position?.character) ? Math.max(0, position.character) : 0 }
}
