// The smaller contexts: templates in property files (native values), descriptions with doc(), and an exposure's depends_on.
// None of them sees macros. Rules: dbt 1.12 context/configured.py SchemaYamlContext, context/docs.py, context/providers.py generate_parse_exposure.

import { parseTemplate } from '../../jinja/parse.ts'
import { strOf } from '../../jinja/repr.ts'
import { PyFunction } from '../../jinja/value.ts'
import type { UnknownOrigin, Value } from '../../jinja/value.ts'
import { couldNotRender } from '../project/config-context.ts'
import type { Problem } from '../problem.ts'
import type { RefArgs, ResourceCall } from '../nodes/types.ts'
import { compilationError } from './errors.ts'
import { RENDER_CHARS, renderTemplate } from './engine.ts'
import type { TextPlace } from './engine.ts'
import { makeSession } from './make-session.ts'
import { problemOf } from './problem-of.ts'
import { Recorder } from './session.ts'
import type { Reads, World } from './types.ts'

export interface YamlRendering {
  readonly value: Value
  readonly unknown: readonly UnknownOrigin[]
  readonly problem: Problem | null
  readonly reads: Reads
}

/** A string of a property file of `packageName`, rendered natively: a lone expression keeps its type. `place`: of the text's first character. */
export function renderYaml(world: World, packageName: string, text: string, place: TextPlace): YamlRendering {
  const recorder = new Recorder()
  if (!text.includes('{')) return { value: text.endsWith('\n') ? text.slice(0, -1) : text, unknown: [], problem: null, reads: recorder.reads() }
  const session = makeSession(world, 'yaml', null, recorder, { packageName })
  const result = renderTemplate(parseTemplate(text), text, place, session.lookup, { permissive: false, native: true })
  if (result.kind === 'error') {
    const problem = problemOf(result, { path: place.path, start: place.offset, end: place.offset + text.length }, null)
    return { value: null, unknown: result.unknowns, problem: { ...problem, message: couldNotRender(text, result, Math.max(0, (result.stack[0]?.start ?? 0) - place.offset)) }, reads: recorder.reads() }
  }
  return { value: result.value, unknown: result.unknowns, problem: null, reads: recorder.reads() }
}

export interface DocsRendering {
  /** Null when unknown or failed. */
  readonly text: string | null
  readonly unknown: readonly UnknownOrigin[]
  readonly problem: Problem | null
  readonly reads: Reads
  /** Names asked of doc(): package (or null) and name. */
  readonly docs: readonly { readonly package: string | null; readonly name: string }[]
}

/**
 * A description of a node, where `doc()` is known. `packageName`: whose vars it sees; `resolveDoc` answers with the block's text, or null when there is none.
 */
export function renderDocs(world: World, packageName: string, node: { readonly unique_id: string }, text: string, place: TextPlace, resolveDoc: (name: string, packageName: string | null) => string | null): DocsRendering {
  const recorder = new Recorder()
  const docs: { package: string | null; name: string }[] = []
  if (!RENDER_CHARS.test(text)) return { text, unknown: [], problem: null, reads: recorder.reads(), docs }
  const doc = new PyFunction('doc', ({ args }) => {
    if (args.length !== 1 && args.length !== 2) throw compilationError(`doc() takes at most two arguments (${args.length} given)`, 'doc-invalid', 'DocArgsError')
    const name = strOf(args[args.length - 1] ?? null)
    const from = args.length === 2 ? strOf(args[0] ?? null) : null
    docs.push({ package: from, name })
    const found = resolveDoc(name, from)
    if (found === null) throw compilationError(`Documentation for '${node.unique_id}' depends on doc '${name}' ${from === null ? '' : `in package '${from}' `} which was not found`, 'doc-not-found', 'DocTargetNotFoundError')
    return found
  })
  const session = makeSession(world, 'docs', null, recorder, { packageName, own: new Map([['doc', doc]]) })
  const result = renderTemplate(parseTemplate(text), text, place, session.lookup, { permissive: false })
  const shared = { reads: recorder.reads(), docs }
  if (result.kind === 'error') return { text: null, unknown: result.unknowns, problem: problemOf(result, { path: place.path, start: place.offset, end: place.offset + text.length }, node.unique_id), ...shared }
  return { text: result.unknowns.length === 0 ? result.text : null, unknown: result.unknowns, problem: null, ...shared }
}

/** The text of a `{% docs %}` block: dbt renders it with no context at all (parser/docs.py parse_block). */
export function renderDocBlock(text: string, place: TextPlace, id: string): { readonly text: string | null; readonly problem: Problem | null } {
  const result = renderTemplate(parseTemplate(text), text, place, () => undefined, { permissive: false })
  return result.kind === 'error' ? { text: null, problem: problemOf(result, { path: place.path, start: place.offset, end: place.offset + text.length }, id) } : { text: result.text, problem: null }
}

export interface DependsOnEvaluation {
  readonly refs: readonly RefArgs[]
  readonly sources: readonly (readonly [string, string])[]
  readonly metrics: readonly (readonly string[])[]
  readonly calls: readonly ResourceCall[]
  readonly problem: Problem | null
}

/** One entry of an exposure's `depends_on` (without braces, as in the file), or a semantic model's `model:`. `place`: of the entry's text. */
export function evaluateDependsOn(world: World, packageName: string, text: string, place: TextPlace): DependsOnEvaluation {
  const recorder = new Recorder()
  const session = makeSession(world, 'exposure', null, recorder, { packageName })
  const whole = `{{ ${text} }}`
  const result = renderTemplate(parseTemplate(whole), whole, { path: place.path, offset: place.offset - 3 }, session.lookup, { permissive: false })
  const problem = result.kind === 'error' ? problemOf(result, { path: place.path, start: place.offset, end: place.offset + text.length }, null) : null
  return { refs: recorder.refs, sources: recorder.sources, metrics: recorder.metrics, calls: recorder.calls, problem }
}
