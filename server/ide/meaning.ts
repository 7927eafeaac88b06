// What a naming call means: the answers of evaluation where it was evaluated, else the answer for its literal arguments.
// Hover, definition, hints and actions all ask here.

import type { LiteralCall } from '../jinja/literal.ts'
import { strOf } from '../jinja/repr.ts'
import { answerLiteral } from '../dbt/defer/answer.ts'
import type { Resolution } from '../dbt/defer/types.ts'
import type { SourceFile } from '../dbt/files.ts'
import { isSecretName } from '../dbt/project/secrets.ts'
import { resolveDoc, lookupOf } from '../dbt/graph/lookup.ts'
import type { ResourceCall } from '../dbt/nodes/types.ts'
import { callsIn, nodesIn, packageOf, sourceFile, type ResolvedCall, type Snapshot } from '../dbt/snapshot.ts'
import { callsOfFile, isPython, isYaml, stringArgument, templateOfFile, type Thing } from './scene.ts'

export type Answers =
  | { readonly kind: 'resolutions'; readonly resolutions: readonly Resolution[]; readonly evaluated: boolean }
  | { readonly kind: 'doc'; readonly unique_id: string; readonly text: string }
  /** `shown`: the value, null when it is unset or must not be shown. */
  | { readonly kind: 'variable'; readonly function: 'var' | 'env_var'; readonly name: string; readonly shown: string | null; readonly from: string }
  | { readonly kind: 'none' }

const NONE: Answers = { kind: 'none' }

export function answersFor(snapshot: Snapshot, path: string, thing: Extract<Thing, { kind: 'call' }>): Answers {
  const { call } = thing
  const first = stringArgument(call.args[0])
  switch (thing.function) {
    case 'doc': return docAnswer(snapshot, path, call.args.map(stringArgument))
    case 'var': return first === null ? NONE : variable(snapshot, path, first)
    case 'env_var': return first === null ? NONE : environment(snapshot, first)
    case 'ref': case 'source': case 'function': case 'metric': {
      const evaluated = evaluatedAt(snapshot, path, call.start, call.end)
      if (evaluated.length > 0) return { kind: 'resolutions', resolutions: evaluated.map((each) => each.resolution), evaluated: true }
      const literal = literalCall(path, thing)
      if (!literal) return NONE
      return { kind: 'resolutions', resolutions: [answerLiteral(snapshot.deferring, packageOf(snapshot, path), literal)], evaluated: false }
    }
  }
}

export interface AnsweredCall { readonly call: LiteralCall; readonly resolution: Resolution }

/** Problems with which the evaluation of a text ends: what comes behind them was not read. */
const ENDS: ReadonlySet<string> = new Set(['template-syntax', 'undefined-name', 'compilation-error', 'evaluation-budget', 'macro-not-found', 'macro-arguments', 'env-var-missing', 'env-var-secret', 'var-missing', 'config-missing', 'ref-invalid', 'source-invalid'])

/** Files whose text is broken just now, in its syntax or in what it calls. */
export function brokenFiles({ manifest }: Snapshot): ReadonlySet<string> {
  const paths = new Set<string>()
  for (const { problems, place } of manifest.nodes.values()) if (problems.some((each) => ENDS.has(each.code) && each.place.path === place.path)) paths.add(place.path)
  return paths
}

/** While the text is broken it is evaluated up to there at best: what stands literally is answered, so that hints, links and references don't come and go with each key. */
export function brokenCalls(snapshot: Snapshot, path: string): readonly AnsweredCall[] {
  const file = sourceFile(snapshot, path)
  if (!file || !snapshot.manifest.final || isYaml(path) || isPython(path)) return []
  const from = templateOfFile(file).errors.length > 0 ? 0 : Math.min(...nodesIn(snapshot, path).flatMap((node) => ('problems' in node ? node.problems.filter((each) => ENDS.has(each.code) && each.place.path === path).map((each) => each.place.start) : [])))
  if (from === Infinity) return []
  return literalCalls(snapshot, file).filter(({ call, evaluated }) => !evaluated && call.start >= from)
}

/** The refs and sources of a property file, whatever they are there for. */
export function propertyCalls(snapshot: Snapshot, path: string): readonly AnsweredCall[] {
  const file = isYaml(path) ? sourceFile(snapshot, path) : null
  return file && snapshot.manifest.final ? literalCalls(snapshot, file) : []
}

function literalCalls(snapshot: Snapshot, file: SourceFile): (AnsweredCall & { readonly evaluated: boolean })[] {
  return callsOfFile(file).flatMap((call) => {
    if ((call.name !== 'ref' && call.name !== 'source') || call.open) return []
    const answers = answersFor(snapshot, file.path, { kind: 'call', function: call.name, call, argument: -1, span: call })
    return answers.kind === 'resolutions' ? answers.resolutions.map((resolution) => ({ call, resolution, evaluated: answers.evaluated })) : []
  })
}

/** Evaluated calls whose own text is exactly this range; one for each distinct target. */
function evaluatedAt(snapshot: Snapshot, path: string, start: number, end: number): readonly ResolvedCall[] {
  const seen = new Map<string, ResolvedCall>()
  for (const each of callsIn(snapshot, path)) {
    if (each.call.span.start !== start || each.call.span.end !== end || each.call.via.length > 0) continue
    const key = `${each.resolution.kind} ${each.resolution.target ?? each.call.args.join('.')} ${each.resolution.relation ?? ''}`
    if (!seen.has(key)) seen.set(key, each)
  }
  return [...seen.values()]
}

/** The call as evaluation would have recorded it; null when an argument is no literal. */
function literalCall(path: string, thing: Extract<Thing, { kind: 'call' }>): ResourceCall | null {
  const { call } = thing
  const args = call.args.map(stringArgument)
  if (args.length === 0 || args.some((each) => each === null) || call.spread) return null
  const version = call.kwargs.find((each) => each.name === 'version' || each.name === 'v')?.value
  if (version && version.kind !== 'string' && version.kind !== 'value') return null
  const value = version?.value ?? null
  if (thing.function !== 'ref' && thing.function !== 'source' && thing.function !== 'function' && thing.function !== 'metric') return null
  return {
    kind: thing.function, args: args as string[], version: typeof value === 'boolean' ? null : value, invalid: null,
    span: { start: call.start, end: call.end }, path, nameSpan: call.args.at(-1)?.span ?? null, via: [], certain: true,
  }
}

function docAnswer(snapshot: Snapshot, path: string, args: readonly (string | null)[]): Answers {
  const [first, second] = args
  if (!first) return NONE
  const packageName = second === undefined ? null : first
  const id = resolveDoc(snapshot.project, lookupOf(snapshot.manifest).docs, packageOf(snapshot, path), packageName, second ?? first)
  const doc = id === null ? undefined : snapshot.manifest.others.get(id)
  return doc ? { kind: 'doc', unique_id: doc.unique_id, text: doc.description || strOf(doc.properties.get('block_contents') ?? '') } : NONE
}

function variable(snapshot: Snapshot, path: string, name: string): Answers {
  const { project } = snapshot
  const packageName = packageOf(snapshot, path)
  const cli = project.cliVars.get(name)
  if (cli !== undefined) return { kind: 'variable', function: 'var', name, shown: strOf(cli), from: 'from --vars' }
  for (const owner of [project.root, project.packages.get(packageName)]) {
    if (!owner) continue
    const scoped = owner.vars.get(packageName)
    const inner = scoped !== null && typeof scoped === 'object' ? scoped.getitem(name) : undefined
    const value = inner ?? owner.vars.get(name)
    if (value !== undefined) return { kind: 'variable', function: 'var', name, shown: strOf(value), from: `from dbt_project.yml of ${owner.name}` }
  }
  return { kind: 'variable', function: 'var', name, shown: null, from: 'not set: dbt uses the default of the call, or stops' }
}

function environment(snapshot: Snapshot, name: string): Answers {
  const value = snapshot.project.env.get(name)
  if (value === undefined) return { kind: 'variable', function: 'env_var', name, shown: null, from: 'not set: dbt uses the default of the call, or stops' }
  if (isSecretName(name)) return { kind: 'variable', function: 'env_var', name, shown: null, from: 'set; its value is not shown' }
  return { kind: 'variable', function: 'env_var', name, shown: value, from: 'from the environment' }
}
