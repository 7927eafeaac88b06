// Evaluates the templates of nodes in dbt's contexts: parse mode (what builds the graph), names, run mode (compiled text).
// Takes a node as it stands and gives back facts; merging config, looking names up and injecting CTEs are others' business.
// Rules: dbt 1.12 parser/base.py render_with_context, RelationUpdate; parser/schema_generic_tests.py render_test_update; compilation.py _compile_code.

import { macroDict } from './model-dict.ts'
import type { RenderError, RenderResult } from '../../jinja/evaluate.ts'
import type { Template } from '../../jinja/nodes.ts'
import { templateOfText } from '../nodes/source-text.ts'
import { strOf } from '../../jinja/repr.ts'
import { compact, NO_ITEMS } from '../../text/compact.ts'
import { strip } from '../../text/python.ts'
import { PyDict, PyList } from '../../jinja/value.ts'
import type { CallSite, UnknownOrigin, Value } from '../../jinja/value.ts'
import type { Place, Span } from '../../text/span.ts'
import type { Problem } from '../problem.ts'
import { RENDER_CHARS, renderRootMacro, renderTemplate, rendersToItself } from './engine.ts'
import type { TemplateOptions, TextPlace } from './engine.ts'
import { findGenerateNameMacro, getMacroId } from './macros.ts'
import { reachableFrom } from './macro-depends.ts'
import { NodeObject } from './node-object.ts'
import { evaluatePythonForParse } from './python.ts'
import { problemOf } from './problem-of.ts'
import { makeSession } from './make-session.ts'
import { applyOverrides } from './overrides.ts'
import { Recorder } from './session.ts'
import type { Mode, Session } from './session.ts'
import { hasBannedMacro, parseStatically } from './static-parser.ts'
import type { StaticParse } from './static-parser.ts'
import type { ExtraText, NodeDraft, ParseEvaluation, Reads, RunContext, RunEvaluation, World } from './types.ts'
import { SharedEvaluations } from './watched-draft.ts'

/**
 * What dbt learns from a node while it parses. `template` gives the tree, which is not always needed, of `draft.raw_code` (offsets from its first character; `draft.offset` is added to places).
 * Generic tests are drafts with `testKwargs`; Python models are analysed, not rendered.
 */
export function evaluateForParse(world: World, draft: NodeDraft, template: () => Template): ParseEvaluation {
  return parsed(world, draft, template, 'none').evaluation
}

/** The text that dbt renders while it parses and throws away, to hold against its own; null when it hangs on something unknown or there is a problem. */
export function textOfParse(world: World, draft: NodeDraft, template: () => Template): string | null {
  return parsed(world, draft, template, 'text').text
}

interface ParsedText { readonly evaluation: ParseEvaluation; readonly text: string | null }
type Output = 'none' | 'text'

function parsed(world: World, draft: NodeDraft, template: () => Template, output: Output): ParsedText {
  if (draft.language === 'python' && draft.resource_type === 'model') return { evaluation: evaluatePythonForParse(draft, world), text: draft.raw_code }
  if (draft.testKwargs) return evaluateTest(world, draft, template, draft.testKwargs, output)
  const found = takesStaticParser(world, draft) ? parseStatically(draft.raw_code) : null
  if (found) return { evaluation: ofStaticParse(draft, found), text: draft.raw_code }
  const recorder = new Recorder(true)
  const session = makeSession(world, 'parse', draft, recorder)
  return parseEvaluation(draft, recorder, renderText(draft.raw_code, template, placeOf(draft), session, { permissive: true, output }))
}

/** A pre-hook or post-hook, rendered with the node's own context while dbt parses. */
export function evaluateExtraForParse(world: World, draft: NodeDraft, extra: ExtraText): ParseEvaluation {
  return sharedOf(world).extras.get(`${draft.package_name}\0${extra.text}`, draft, one => evaluateExtra(world, one, extra), leavesNothing)
}

/** Nothing in it belongs to one node. */
function leavesNothing({ calls, refs, sources, metrics, functions, configCalls, unknown, problem }: ParseEvaluation): boolean {
  return problem === null && [calls, refs, sources, metrics, functions, configCalls, unknown].every(list => list.length === 0)
}

interface Shared { readonly extras: SharedEvaluations<ParseEvaluation>; readonly names: SharedEvaluations<NameEvaluation> }

const shared = new WeakMap<World, Shared>()

function sharedOf(world: World): Shared {
  let known = shared.get(world)
  if (!known) shared.set(world, known = { extras: new SharedEvaluations(), names: new SharedEvaluations() })
  return known
}

function evaluateExtra(world: World, draft: NodeDraft, extra: ExtraText): ParseEvaluation {
  const recorder = new Recorder(true)
  const session = makeSession(world, 'parse', draft, recorder)
  return parseEvaluation(draft, recorder, renderText(extra.text, () => templateOfText(extra.text), { path: extra.path, offset: extra.start }, session, { permissive: true, output: 'none' })).evaluation
}

export interface NameEvaluation {
  /** Stripped, as dbt strips it; null when the macro says None. Means nothing when `unknown` or `problem` is set. */
  readonly value: string | null
  readonly unknown: UnknownOrigin | null
  readonly problem: Problem | null
  readonly reads: Reads
}

/** `generate_<component>_name(custom, node)` as dbt calls it for the node (RelationUpdate). */
export function evaluateName(world: World, component: 'database' | 'schema' | 'alias', custom: Value, draft: NodeDraft): NameEvaluation {
  if (custom !== null && typeof custom !== 'string') return nameOf(world, component, custom, draft)
  const key = `${component}\0${draft.package_name}\0${custom === null ? '' : `=${custom}`}`
  return sharedOf(world).names.get(key, draft, one => nameOf(world, component, custom, one), ({ unknown, problem }) => unknown === null && problem === null)
}

/** The same for an export of a saved query, which is no node: `node` is what it has instead, and the macros are the root project's. */
export function evaluateExportName(world: World, component: 'database' | 'schema' | 'alias', custom: Value, node: Value, place: Place, unique_id: string): NameEvaluation {
  return callNaming(world, component, world.project.root.name, null, [custom, node], place, unique_id)
}

function nameOf(world: World, component: 'database' | 'schema' | 'alias', custom: Value, draft: NodeDraft): NameEvaluation {
  return callNaming(world, component, draft.package_name, draft, [custom, new NodeObject(draft, world.project.rules)], placeSpan(draft), draft.unique_id)
}

function callNaming(world: World, component: 'database' | 'schema' | 'alias', packageName: string, draft: NodeDraft | null, args: readonly Value[], place: Place, unique_id: string): NameEvaluation {
  const recorder = new Recorder()
  const macro = findGenerateNameMacro(world.macros, component, packageName)
  if (!macro) {
    const unknown: UnknownOrigin = { code: 'missing-macro', message: `there is no generate_${component}_name macro`, stack: [] }
    return { value: null, unknown, problem: null, reads: recorder.reads() }
  }
  const session = makeSession(world, 'name', draft, recorder, { packageName: macro.package_name, extra: new Map([['model', macroDict(macro.node, world.project.rules)]]) })
  recorder.readMacro(macro.unique_id)
  recorder.readsWorld = true
  const result = renderRootMacro(macro, { args: [...args], kwargs: new Map() }, session.lookup)
  const reads = recorder.reads()
  if (result.kind === 'error') return { value: null, unknown: null, problem: problemOf(result, place, unique_id), reads }
  const [unknown] = result.unknowns
  if (unknown) return { value: null, unknown, problem: null, reads }
  return { value: result.value === null ? null : strip(strOf(result.value)), unknown: null, problem: null, reads }
}

/** The text dbt would compile, before CTEs are injected. `template`: of `draft.raw_code`. `preview`: for an editor, see RenderOptions.preview. */
export function evaluateForRun(world: World, draft: NodeDraft, template: Template, run: RunContext, preview = false): RunEvaluation {
  const recorder = new Recorder(!draft.testKwargs)
  const mode: Mode = draft.resource_type === 'operation' ? 'operation' : 'run'
  const extra = new Map(run.extra)
  const session = makeSession(world, mode, draft, recorder, { run: { ...run, extra }, extra })
  if (run.overrides) applyOverrides(session, extra, run.overrides)
  if (draft.testKwargs) {
    const kwargs = renderKwargs(session, draft, draft.testKwargs, false)
    if ('kind' in kwargs) return runEvaluation(draft, recorder, kwargs)
    extra.set(KWARGS, kwargs.dict)
  }
  return runEvaluation(draft, recorder, renderText(draft.raw_code, () => template, placeOf(draft), session, { permissive: false, preview }))
}

const KWARGS = '_dbt_generic_test_kwargs'

function takesStaticParser(world: World, draft: NodeDraft): boolean {
  return draft.resource_type === 'model' && draft.language === 'sql' && world.project.flags.staticParser.value && !hasBannedMacro(world.macros, draft.package_name)
}

function renderText(text: string, template: () => Template, place: TextPlace, session: Session, options: TemplateOptions): RenderResult {
  if (!RENDER_CHARS.test(text)) {
    const span = { start: place.offset, end: place.offset + text.length }
    const piece = { text, unknown: null, literal: true, sites: [{ path: place.path, inMacro: null, ...span }], ...span }
    return { kind: 'ok', text, value: text, pieces: text === '' ? [] : [piece], unknowns: [], trace: null }
  }
  return renderTemplate(template(), text, place, session.lookup, options)
}

// TestContext: only the macros that the test reaches; unique and not_null are never rendered.
function evaluateTest(world: World, draft: NodeDraft, template: () => Template, kwargs: ReadonlyMap<string, Value>, output: Output): ParsedText {
  const recorder = new Recorder()
  const { macros: index } = world
  const id = getMacroId(index, draft.package_name, `test_${testName(draft)}`)
  // Of a test that does not exist dbt adds Python's None, which its manifest has as a text.
  if (id !== null) recorder.add('macros', id)
  else if (index.source !== null) recorder.add('macros', 'None')
  const start = [getMacroId(index, null, 'get_where_subquery'), id].flatMap(one => one === null ? [] : [one])
  const session = makeSession(world, 'parse', draft, recorder, { testMacros: reachableFrom(index, world.project, start), extra: new Map() })
  if (id === 'macro.dbt.test_not_null' || id === 'macro.dbt.test_unique') {
    const model = renderKwargs(session, draft, new Map(Array.from(kwargs).filter(([key]) => key === 'model')), true)
    recorder.macros = recorder.macros.slice(0, 1)
    return parseEvaluation(draft, recorder, 'kind' in model ? model : { kind: 'ok', text: '', value: '', pieces: [], unknowns: [], trace: null })
  }
  const rendered = renderKwargs(session, draft, kwargs, true)
  if ('kind' in rendered) return parseEvaluation(draft, recorder, rendered)
  const withKwargs = makeSession(world, 'parse', draft, recorder, { testMacros: reachableFrom(index, world.project, start), extra: new Map([[KWARGS, rendered.dict]]) })
  return parseEvaluation(draft, recorder, renderText(draft.raw_code, template, placeOf(draft), withKwargs, { permissive: true, output }))
}

// raw_code begins with `{{ [namespace.]test_NAME(**_dbt_generic_test_kwargs) }}`; dbt looks the macro up without the namespace.
function testName(draft: NodeDraft): string { return /\{\{ (?:\w+\.)?test_(\w+)\(/.exec(draft.raw_code)?.[1] ?? draft.name }

const LOOKS_LIKE_CALL = /^\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*$/

// add_rendered_test_kwargs: every string but the column's name is rendered natively; a bare call is taken for a template.
function renderKwargs(session: Session, draft: NodeDraft, kwargs: ReadonlyMap<string, Value>, permissive: boolean): { readonly dict: PyDict } | RenderError {
  let failed: RenderError | null = null
  const render = (value: Value, key: string, top: boolean): Value => {
    if (value instanceof PyList) return new PyList(value.items.map(item => render(item, key, false)))
    if (value instanceof PyDict) return new PyDict(value.items().map(([name, item]) => [name, render(item, key, false)] as const))
    if (typeof value !== 'string' || (top && key === 'column_name') || failed) return value
    const wrapped = LOOKS_LIKE_CALL.test(value)
    if (!wrapped && rendersToItself(value)) return value
    const text = wrapped ? `{{ ${value} }}` : value
    const place = draft.testKwargPlaces?.get(key)
    const result = renderTemplate(templateOfText(text), text, { path: place?.path ?? draft.file, offset: (place?.start ?? draft.offset) - (wrapped ? 3 : 0) }, session.lookup, { permissive, native: true })
    if (result.kind === 'ok') return result.value
    failed = result
    return null
  }
  const dict = new PyDict(Array.from(kwargs, ([key, value]) => [key, render(value, key, true)] as const))
  return failed ?? { dict }
}

function ofStaticParse(draft: NodeDraft, found: StaticParse): ParseEvaluation {
  const moved = (span: Span): Span => ({ start: span.start + draft.offset, end: span.end + draft.offset })
  const calls = [
    ...found.refs.map(({ ref, nameSpan, ...span }) => ({ kind: 'ref' as const, args: ref.package === null ? [ref.name] : [ref.package, ref.name], version: ref.version, invalid: null, span: moved(span), path: draft.file, nameSpan: moved(nameSpan), via: NO_ITEMS, certain: true })),
    ...found.sources.map(({ names, nameSpan, ...span }) => ({ kind: 'source' as const, args: [...names], version: null, invalid: null, span: moved(span), path: draft.file, nameSpan: moved(nameSpan), via: NO_ITEMS, certain: true })),
  ].toSorted((left, right) => left.span.start - right.span.start)
  return {
    calls,
    refs: found.refs.map(({ ref }) => ref),
    // dbt_extractor answers with a list of refs and a set of sources.
    sources: [...new Map(found.sources.map(({ names }) => [JSON.stringify(names), names])).values()],
    metrics: [],
    functions: [],
    // Key by key (parser/models.py _get_config_call_dict): only the very first is taken as it is.
    configCalls: found.configs.flatMap(({ values, start, end }) => Array.from(values, ([key, value]) => ({ values: new Map([[key, value]]), place: { path: draft.file, start: start + draft.offset, end: end + draft.offset } }))),
    macros: [],
    reads: { macros: new Set(BANNED), vars: new Set(), env: new Set(), target: false },
    unknown: [],
    problem: null,
    staticallyParsed: true,
  }
}

const BANNED = ['missing:ref', 'missing:source', 'missing:config']

function parseEvaluation(draft: NodeDraft, recorder: Recorder, result: RenderResult): ParsedText {
  for (const call of recorder.calls) if (!call.certain && recorder.unknown.length === 0) recorder.add('unknown', UNCERTAIN)
  const evaluation: ParseEvaluation = {
    calls: compact(recorder.calls),
    refs: compact(recorder.refs),
    sources: compact(recorder.sources),
    metrics: compact(recorder.metrics),
    functions: compact(recorder.functions),
    configCalls: compact(recorder.configCalls),
    macros: compact(recorder.macros),
    reads: recorder.reads(),
    unknown: compact(recorder.unknown),
    problem: result.kind === 'error' ? problemOf(result, placeSpan(draft), draft.unique_id) : null,
    staticallyParsed: false,
  }
  return { evaluation, text: result.kind === 'ok' && result.unknowns.length === 0 ? result.text : null }
}

const UNCERTAIN: UnknownOrigin = { code: 'uncertain-call', message: 'a call stands in a branch of which it is not known whether it is taken', stack: [] }

function runEvaluation(draft: NodeDraft, recorder: Recorder, result: RenderResult): RunEvaluation {
  const shared = { calls: recorder.calls, given: recorder.given, reads: recorder.reads(), asked: recorder.unknown.filter(({ code }) => code === 'adapter'), evidence: recorder.evidence }
  const pieces = result.pieces.map(({ text, start, end, unknown, sites = NO_SITES, literal = false }) => ({ text: unknown ? null : text, source: { start, end }, unknown, sites, literal }))
  if (result.kind === 'error') return { pieces, text: null, unknown: result.unknowns, error: problemOf(result, placeSpan(draft), draft.unique_id), trace: null, ...shared }
  return { pieces, text: result.unknowns.length === 0 ? result.text : null, unknown: result.unknowns, error: null, trace: result.trace, ...shared }
}

const NO_SITES: readonly CallSite[] = []

function placeOf(draft: NodeDraft): TextPlace { return { path: draft.file, offset: draft.offset } }

function placeSpan(draft: NodeDraft): { path: string; start: number; end: number } { return { path: draft.file, start: draft.offset, end: draft.offset + (draft.testKwargs ? 0 : draft.raw_code.length) } }
