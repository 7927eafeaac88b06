// What an evaluation could not know, and what it knew from evidence, with the place in the project's files that shows it.

import type { UnknownOrigin } from '../../jinja/value.ts'
import type { Place } from '../../text/span.ts'
import type { RunEvaluation } from '../context/types.ts'
import type { ManifestNode } from '../nodes/types.ts'
import type { CompileWorld, Evidence, Unknown } from './types.ts'

export function unknownOf({ files }: CompileWorld, node: ManifestNode, { code, message, stack }: UnknownOrigin): Unknown {
  return { code, message, place: placeOf(files, node, stack) }
}

export function evidenceOf({ files }: CompileWorld, node: ManifestNode, { stack, ...evidenced }: RunEvaluation['evidence'][number]): Evidence {
  const own = stack.findLast(({ path, inMacro }) => path === node.place.path && inMacro === null)
  return { place: placeOf(files, node, stack), of: node.unique_id, own: own ? { start: own.start, end: own.end } : null, ...evidenced }
}

/** The call in the innermost file of the project or its packages. */
function placeOf(files: CompileWorld['files'], node: ManifestNode, stack: UnknownOrigin['stack']): Place {
  const site = stack.find(({ path }) => files.has(path))
  return site ? { path: site.path, start: site.start, end: site.end } : { path: node.place.path, start: node.place.start, end: node.place.start }
}

/** One for each call in the text of a node: a macro's call may stand behind several. */
export function distinctEvidence(evidence: readonly Evidence[]): Evidence[] { return distinctBy(evidence, (each) => [nameOf(each), each.of, each.own?.start]) }

/** One for each call where it stands. */
export function distinctAnswers(evidence: readonly Evidence[]): Evidence[] { return distinctBy(evidence, (each) => [nameOf(each)]) }

function nameOf({ call, evidence, place }: Evidence): string { return [call, evidence, place.path, place.start].join('\n') }

function distinctBy(evidence: readonly Evidence[], key: (each: Evidence) => readonly unknown[]): Evidence[] { return [...new Map(evidence.map((each) => [key(each).join('\n'), each])).values()] }

export function distinctUnknown(unknown: readonly Unknown[]): Unknown[] {
  return [...new Map(unknown.map((each) => [[each.code, each.message, each.place.path, each.place.start].join('\n'), each])).values()]
}
