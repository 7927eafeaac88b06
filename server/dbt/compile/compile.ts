// The compiled text of one node, as dbt writes it into target/compiled: rendered, with the CTEs of ephemeral models injected.
// dbt 1.12: compilation.py compile_node, _compile_code, _recursively_prepend_ctes. A result is remembered until something it read changes.

import { parseTemplate } from '../../jinja/parse.ts'
import { evaluateForRun } from '../context/evaluate-node.ts'
import { RENDER_CHARS } from '../context/engine.ts'
import { ephemeralPrefix } from '../context/relation.ts'
import type { RunEvaluation } from '../context/types.ts'
import type { Resolution } from '../defer/types.ts'
import type { ManifestNode } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import type { Span } from '../../text/span.ts'
import { batchesOf, isMicrobatch, type Batch } from './event-time.ts'
import { givenOf, NOTHING_GIVEN, type Given } from './given.ts'
import { injectInto, placed } from './inject.ts'
import type { Cte, Part } from './inject.ts'
import { recall, remember } from './memory.ts'
import { draftOf, templateOfNode, wholeFile } from './node-draft.ts'
import { distinctEvidence, distinctUnknown, evidenceOf, unknownOf } from './outcome.ts'
import { questionsOf } from './questions.ts'
import type { Asked } from './questions.ts'
import type { Compiled, CompiledPiece, CompileWorld, Unknown } from './types.ts'
import { withUnshown } from './unshown.ts'

/** Null for what dbt does not compile: seeds. Never throws. */
export function compileNode(world: CompileWorld, node: ManifestNode): Compiled | null {
  return node.resource_type === 'seed' ? null : compiledNode(world, node, [])
}

/** The same for who goes through a whole project and asks for each node once: only what is injected into others is remembered. */
export function compileOnce(world: CompileWorld, node: ManifestNode): Compiled | null {
  return node.resource_type === 'seed' || node.config.get('materialized') === 'ephemeral' ? compileNode(world, node) : evaluated(world, node, [], null).result.compiled
}

/** As `dbt run --event-time-start … --event-time-end …` or `--sample` compiles a microbatch model: one text for each batch. Null: no such model, or no such options. */
export function compileBatches(world: CompileWorld, node: ManifestNode): readonly Compiled[] | null {
  const { eventTime, sample } = world.deferring.project.flags
  const period = sample.value?.kind === 'window' ? sample.value : eventTime.value
  if (!isMicrobatch(node) || period === null || !runsInBatches(world)) return null
  return batchesOf(node, period)?.map((batch) => ({ ...evaluated(world, node, [], batch).result.compiled, batch })) ?? null
}

/** dbt's use_microbatch_batches: a project with a strategy macro of its own runs such models in one go unless a flag says otherwise. */
function runsInBatches({ world, deferring: { project } }: CompileWorld): boolean {
  if (!project.rules.hasMicrobatch) return false
  const own = world.macros.find('get_incremental_microbatch_sql', null)
  return own === null || own.internal || (project.flags.behaviour.get('require_batched_execution_for_custom_microbatch_strategy')?.value ?? false)
}

interface Result {
  readonly compiled: Compiled
  /** Before the CTEs were put in (dbt's _pre_injected_sql); null when it is not known. */
  readonly own: string | null
  readonly ctes: readonly Cte[]
  /** Before the CTEs were put in. */
  readonly parts: readonly Part[]
  /** See RunEvaluation.given, by keyOfCall. */
  readonly given: Given
}

/** What the project's own ref(), source() or function() macro gave back where the node calls it, by keyOfCall; null: not known, or not the same every time. */
export function givenIn(world: CompileWorld, node: ManifestNode): Given {
  return node.resource_type === 'seed' ? NOTHING_GIVEN : resultOf(world, node, []).given
}

function compiledNode(world: CompileWorld, node: ManifestNode, above: readonly string[]): Compiled { return resultOf(world, node, above).compiled }

function resultOf(world: CompileWorld, node: ManifestNode, above: readonly string[]): Result {
  const known = recall<Result>(world, node, (id) => childResult(world, id, [...above, node.unique_id]))
  if (known) return known
  const { result, questions, evaluation, children } = evaluated(world, node, above, null)
  remember(world, node, { result, asked: questions.asked, reads: evaluation.reads, children })
  return result
}

function evaluated(world: CompileWorld, node: ManifestNode, above: readonly string[], batch: Batch | null) {
  const questions = questionsOf(world, node, batch)
  const evaluation = evaluate(world, node, questions.run)
  const unknown = (evaluation.unknown.length > 0 ? evaluation.unknown : evaluation.asked).map((origin) => unknownOf(world, node, origin))
  const { value: sample } = world.deferring.project.flags.sample
  if (sample?.kind === 'relative' && batch === null && isMicrobatch(node) && runsInBatches(world)) unknown.push({ code: 'batches', message: `dbt makes a text for each batch of the time that --sample ${sample.spec} counts back from the moment at which it starts; give it a start and an end`, place: node.place })
  if (world.files.get(node.place.path)?.cutAt) unknown.push({ code: 'file-too-long', message: 'only the beginning of its file was read', place: node.place })
  const read = ephemeralsRead(world, evaluation, questions.resolutionOf)
  const children = read.ids.map((id) => childResult(world, id, [...above, node.unique_id]))
  if (read.unsure && unknown.length === 0) unknown.push({ code: 'uncertain-call', message: `whether ${read.unsure} is read is not known`, place: node.place })
  const result = assemble(world, node, { evaluation, unknown, children, resolutionOf: questions.resolutionOf })
  return { result, questions, evaluation, children: new Map(read.ids.map((id, index) => [id, children[index] ?? null])) }
}

/** Null: a node that is not there, or that reads itself. */
function childResult(world: CompileWorld, id: string, above: readonly string[]): Result | null {
  const node = world.deferring.manifest.nodes.get(id)
  return node && !above.includes(id) ? resultOf(world, node, above) : null
}

function evaluate(world: CompileWorld, given: ManifestNode, run: Parameters<typeof evaluateForRun>[3]): RunEvaluation {
  const node = world.deferring.project.rules.compilesWholeFile ? wholeFile(world.files, given) : given
  const draft = draftOf(node)
  if (node.language !== 'python' || node.resource_type !== 'model') {
    const template = templateOfNode(world.files, node)
    const evaluation = withoutLastNewline(world, node, evaluateForRun(world.world, draft, template, run, world.preview === true))
    return world.preview === true && template.errors.length > 0 ? withUnshown(evaluation, { template, text: draft.raw_code, file: draft.file, offset: draft.offset }) : evaluation
  }
  // The code of a Python model is never rendered; what dbt adds to it is made by a macro.
  const postfix = evaluateForRun(world.world, { ...draft, raw_code: POSTFIX }, POSTFIX_TEMPLATE, run)
  if (postfix.error) return postfix
  const span = { start: draft.offset, end: draft.offset + node.raw_code.length }
  const own = { text: `${node.raw_code}`, source: span, unknown: null, sites: [{ path: draft.file, inMacro: null, ...span }], literal: true }
  return { ...postfix, text: postfix.text === null ? null : `${node.raw_code}\n\n${postfix.text}`, pieces: [own, { text: '\n\n', source: null, unknown: null, sites: [], literal: false }, ...postfix.pieces.map((piece) => ({ ...piece, source: null }))] }
}

/** dbt 2 renders every text, and rendering drops one newline at the end; dbt 1 has stripped the file, and leaves texts without Jinja alone. */
function withoutLastNewline({ deferring: { project: { rules } } }: CompileWorld, node: ManifestNode, evaluation: RunEvaluation): RunEvaluation {
  const [piece] = evaluation.pieces
  if (rules.snapshotsKeepLastNewline && node.resource_type === 'snapshot') return withSnapshotNewline(node, evaluation)
  if (!rules.compilesWholeFile || RENDER_CHARS.test(node.raw_code) || evaluation.text === null || !piece) return evaluation
  const text = evaluation.text.replace(/\r?\n$/, '')
  return { ...evaluation, text, pieces: text === '' ? [] : [{ ...piece, text, source: piece.source && { start: piece.source.start, end: piece.source.start + text.length } }] }
}

function withSnapshotNewline(node: ManifestNode, evaluation: RunEvaluation): RunEvaluation {
  const [newline] = /\r?\n$/.exec(node.raw_code) ?? []
  if (newline === undefined || !RENDER_CHARS.test(node.raw_code) || evaluation.error) return evaluation
  const start = (node.rawCodeOffset ?? node.place.start) + node.raw_code.length - newline.length
  const piece = { text: newline, source: { start, end: start + newline.length }, unknown: null, sites: [], literal: true }
  return { ...evaluation, text: evaluation.text === null ? null : evaluation.text + newline, pieces: [...evaluation.pieces, piece] }
}

const POSTFIX = '{{ py_script_postfix(model) }}'
const POSTFIX_TEMPLATE = parseTemplate(POSTFIX)

/** dbt's extra_ctes before the recursion: in order of first call. dbt 2 counts only those whose name the text holds. */
function ephemeralsRead(world: CompileWorld, evaluation: RunEvaluation, resolutionOf: ReturnType<typeof questionsOf>['resolutionOf']): { readonly ids: readonly string[]; readonly unsure: string | null } {
  const ids = new Map<string, boolean>()
  for (const call of evaluation.calls) {
    const resolution = resolutionOf(call)
    const printed = world.deferring.project.rules.ephemeralInjection === 'with' || evaluation.text === null || evaluation.text.includes(resolution?.reads?.identifier ?? '')
    if (resolution?.kind === 'ephemeral' && resolution.target !== null && printed) ids.set(resolution.target, (ids.get(resolution.target) ?? false) || call.certain)
  }
  const unsure = Array.from(ids).find(([, certain]) => !certain)
  return { ids: [...ids.keys()], unsure: unsure?.[0] ?? null }
}

interface Parts {
  readonly evaluation: RunEvaluation
  readonly unknown: readonly Unknown[]
  readonly children: readonly (Result | null)[]
  readonly resolutionOf: (call: RunEvaluation['calls'][number]) => Resolution | null
}

function assemble(world: CompileWorld, node: ManifestNode, { evaluation, unknown, children, resolutionOf }: Parts): Result {
  const { rules, flags } = world.deferring.project
  const given = givenOf(evaluation)
  const evidence = distinctEvidence([...evaluation.evidence.map((each) => evidenceOf(world, node, each)), ...children.flatMap((child) => child?.compiled.evidence ?? [])])
  const fail = (error: Problem, pieces: readonly CompiledPiece[] = []): Result => ({ compiled: { node, compiled_code: null, pieces, unknown, error, evidence, ctes: [], trace: null }, own: null, ctes: [], parts: [], given })
  const parts = partsOf(world, node, evaluation, resolutionOf)
  if (evaluation.error) return fail(evaluation.error, placed(parts))
  const broken = children.find((child) => child?.compiled.error)?.compiled.error
  if (broken) return fail(broken)
  const ctes: Cte[] = []
  const more: Unknown[] = [...unknown]
  for (const child of children) {
    if (!child) { more.push({ code: 'dependency-cycle', message: `${node.unique_id} reads itself`, place: node.place }); continue }
    more.push(...child.compiled.unknown)
    const of = child.compiled.node
    for (const cte of child.ctes) if (!ctes.some((known) => known.id === cte.id)) ctes.push(cte)
    const body = child.own === null || child.own === '' ? child.compiled.compiled_code ?? '' : child.own
    if (!ctes.some((known) => known.id === of.unique_id)) ctes.push({ id: of.unique_id, name: ephemeralPrefix(rules.ephemeralNamedBy === 'name' ? of.name : of.alias), body, parts: world.preview === true ? child.parts : null })
  }
  const pieces = injectInto(parts, flags.injectEphemeralCtes.value ? ctes : [], rules.ephemeralInjection)
  if (!pieces && more.length === 0) return fail({ code: 'compilation-error', severity: 'error', message: 'tuple index out of range', place: node.place, unique_id: node.unique_id })
  const whole: readonly CompiledPiece[] = pieces ?? placed(parts)
  const compiled_code = more.length === 0 && evaluation.text !== null ? whole.map((piece) => piece.text ?? '').join('') : null
  return { compiled: { node, compiled_code, pieces: whole, unknown: distinctUnknown(more), error: null, evidence, ctes: ctes.map(({ id }) => id), trace: evaluation.trace }, own: evaluation.text, ctes, parts, given }
}

function partsOf(world: CompileWorld, node: ManifestNode, evaluation: RunEvaluation, resolutionOf: Parts['resolutionOf']): Part[] {
  // A preview has many small pieces, and a relation may be printed far from the call that gave it: there the text tells.
  const named = world.preview === true ? distinctPrints(evaluation.calls.flatMap((call) => {
    const resolution = resolutionOf(call)
    return resolution ? [{ text: evaluation.given.get(call) ?? resolution.relation, resolution }] : []
  })) : []
  const within = (source: Span): Resolution[] => evaluation.calls.filter((call) => call.path === node.place.path && call.span.start >= source.start && call.span.end <= source.end).flatMap((call) => resolutionOf(call) ?? [])
  const printed = (whole: string): Resolution[] => named.filter(({ text }) => text !== null && text !== '' && whole.includes(text)).map(({ resolution }) => resolution)
  return evaluation.pieces.map(({ text, source, unknown: origin, sites, literal }) => ({
    text, source, unknown: origin ? unknownOf(world, node, origin) : null, cte: null, sites, literal,
    resolutions: world.preview === true ? (text === null || literal ? [] : printed(text)) : source ? within(source) : [],
  }))
}

interface Print { readonly text: string | null; readonly resolution: Resolution }

function distinctPrints(prints: readonly Print[]): Print[] {
  return [...new Map(prints.map((each) => [`${each.resolution.kind} ${each.resolution.target ?? ''} ${each.resolution.relation ?? ''} ${each.text ?? ''}`, each])).values()]
}

export type { Asked }
