// What a template may ask while it is compiled: ref, source, function, graph, get_relation … answered by the other parts, in dbt's words.
// It keeps a record of every answer: which ephemeral models are read, and what a remembered result hangs on.
// Rules: dbt 1.12 context/providers.py Runtime…Resolver, RefBadContextError.

import { allow } from '../../jinja/meter.ts'
import { strOf } from '../../jinja/repr.ts'
import { PyDict, PyUnknown } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Adapter } from '../adapters/types.ts'
import { Relation, makeRelation } from '../context/relation.ts'
import type { EventTimeFilter } from '../context/relation.ts'
import type { Answer, RelationValue, RunContext } from '../context/types.ts'
import { answerCall } from '../defer/answer.ts'
import { currentRead, deferredRead } from '../defer/render.ts'
import { resolveThis } from '../defer/resolve.ts'
import type { RelationRead, Resolution } from '../defer/types.ts'
import type { ManifestNode, RefArgs, ResourceCall, SourceNode } from '../nodes/types.ts'
import { unsureOf } from '../nodes/unsure.ts'
import { batchFields, eventTimeFilterOf, type Batch } from './event-time.ts'
import { finishedDict, graphDict, moreFields } from './graph-dict.ts'
import { metricReference } from './metric.ts'
import type { CompileWorld } from './types.ts'
import { columnsOf, findRelation } from './warehouse.ts'

export interface Questions {
  readonly run: RunContext
  /** What the answers hung on. */
  readonly asked: Asked
  resolutionOf(call: Pick<ResourceCall, 'kind' | 'args' | 'version'>): Resolution | null
}

export interface Asked {
  /** By unique_id, as they stood. */
  readonly targets: Map<string, ManifestNode | SourceNode>
  /** The answer hangs on the manifest as a whole: `graph`, a name that means nothing. */
  wholeManifest: boolean
  /** The answer hangs on what exists, beyond refs. */
  relations: boolean
}

type Kind = ResourceCall['kind']

export function questionsOf(compile: CompileWorld, node: ManifestNode, batch: Batch | null): Questions {
  const { deferring } = compile
  const { project, manifest } = deferring
  const asked: Asked = { targets: new Map(), wholeManifest: false, relations: false }
  const resolutions = new Map<string, Resolution>()
  const resolve = (kind: Kind, args: readonly string[], version: RefArgs['version']): Resolution => {
    const key = keyOf(kind, args, version)
    let resolution = resolutions.get(key)
    if (!resolution) {
      resolution = answerCall(deferring, node, { kind, args, version, invalid: null, span: NOWHERE, path: node.place.path, nameSpan: null, via: [], certain: true })
      resolutions.set(key, resolution)
      const target = resolution.target === null ? undefined : manifest.nodes.get(resolution.target) ?? manifest.sources.get(resolution.target)
      if (target) asked.targets.set(target.unique_id, target)
      else asked.wholeManifest = true
    }
    return resolution
  }
  // Of a broken text dbt knows no refs at all.
  const tolerant = compile.preview === true && node.problems.length > 0
  const limit = project.flags.empty.value ? 0 : null
  const read = (kind: Kind, args: readonly string[], version: RefArgs['version']): Answer => {
    const resolution = resolve(kind, args, version)
    const refused = refusal(node, manifest.nodes.get(resolution.target ?? ''), kind, args, version, resolution, tolerant)
    if (refused) return refused
    const target = kind === 'function' ? undefined : manifest.nodes.get(resolution.target ?? '') ?? manifest.sources.get(resolution.target ?? '')
    const filtered = target ? eventTimeFilterOf(compile, node, target, batch) : { kind: 'none' as const }
    if (filtered.kind === 'unknown') return { kind: 'unknown', code: 'now', message: filtered.message }
    return relationAnswer(compile, kind, resolution, limit, filtered.kind === 'filter' ? filtered.filter : null)
  }
  let model: PyDict | null = null
  let allowed = false
  const run: RunContext = {
    model: () => model ??= finishedDict(project, node, true, batch ? new Map([...moreFields(project, node), ['batch', new PyDict(batchFields(batch))]]) : moreFields(project, node)),
    config: node.config,
    this: thisOf(compile, node),
    graph: () => {
      if (!allowed) allow(STEPS_FOR_EACH * (manifest.nodes.size + manifest.sources.size))
      allowed = asked.wholeManifest = true
      return graphDict(project, manifest)
    },
    resolveRef: ({ name, package: packageName, version }) => read('ref', packageName === null ? [name] : [packageName, name], version),
    resolveSource: (source, table) => read('source', [source, table], null),
    resolveFunction: (name, packageName) => read('function', packageName === null ? [name] : [packageName, name], null),
    resolveMetric: (name, packageName) => {
      const resolution = resolve('metric', packageName === null ? [name] : [packageName, name], null)
      const metric = manifest.others.get(resolution.target ?? '')
      return metric ? { kind: 'value', value: metricReference(manifest, metric) } : { kind: 'error', code: 'metric-not-found', message: resolution.message.replace(/which (?:was not found|is disabled)$/, 'which was not found or is disabled') }
    },
    relation: (database, schema, identifier) => { asked.relations = true; return findRelation(deferring, { database, schema, identifier }) },
    columns: (relation) => { asked.relations = true; return relation instanceof Relation ? columnsOf(deferring, relation) : { kind: 'unknown', code: 'columns-unknown', message: 'the columns of this are not known' } },
    flags: new Map([['WHICH', deferring.command === 'inline' ? 'compile' : deferring.command]]),
    selectedResources: deferring.selected,
    extra: new Map<string, Value>([['defer_relation', deferRelationOf(compile, node)], ...unknownOfItself(compile, node)]),
  }
  return { run, asked, resolutionOf: ({ kind, args, version }) => resolutions.get(keyOf(kind, args, version)) ?? null }
}

/** For going through `graph` with a filter or two. */
const STEPS_FOR_EACH = 60

const NOWHERE = { start: 0, end: 0 }

function keyOf(kind: Kind, args: readonly string[], version: RefArgs['version']): string {
  return [kind, version === null ? '' : `${typeof version} ${String(version)}`, ...args].join('\0')
}

/** What Jinja says of the node itself, where that is not known. */
function unknownOfItself({ deferring }: CompileWorld, node: ManifestNode): (readonly [string, Value])[] {
  const unknown = (code: string, message: string) => new PyUnknown({ code, message, stack: [] }, true)
  const unsure = unsureOf(node)
  if (unsure) return ['model', 'schema', 'database', ...HAS_THIS.has(node.resource_type) ? ['this'] : []].map((name) => [name, unknown(unsure.code, unsure.message)])
  if (!HAS_THIS.has(node.resource_type)) return []
  const { kind, message } = resolveThis(deferring, node)
  return kind === 'unknown' ? [['this', unknown('existence-unknown', message)]] : []
}

const HAS_THIS: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'analysis', 'function', 'sql_operation'])

function thisOf({ deferring }: CompileWorld, node: ManifestNode): RelationValue | null {
  if (node.resource_type === 'operation') return null
  const { project } = deferring
  const reads = (node.config.get('materialized') === 'ephemeral' ? null : resolveThis(deferring, node).reads) ?? currentRead(project, node)
  return makeRelation(project.adapter, reads, { quoting: reads.quoting })
}

/** Jinja's `defer_relation`: where the node lies in the state, under --defer (contracts/graph/manifest.py merge_from_artifact). */
function deferRelationOf({ deferring: { project, defer, state } }: CompileWorld, node: ManifestNode): RelationValue | null {
  const inState = defer ? state?.nodes.get(node.unique_id) : undefined
  if (!state || !inState || !REFABLE.has(inState.resource_type) || inState.materialized === 'ephemeral') return null
  const read = deferredRead(project, state, inState)
  return makeRelation(project.adapter, read, { quoting: read.quoting })
}

const REFABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

/** dbt's errors for a call that names something: no such thing, not allowed, not known while parsing. */
function refusal(node: ManifestNode, target: ManifestNode | undefined, kind: Kind, args: readonly string[], version: RefArgs['version'], resolution: Resolution, tolerant: boolean): Answer | null {
  switch (resolution.kind) {
    case 'missing': return { kind: 'error', code: `${kind}-not-found`, message: resolution.message }
    case 'disabled': case 'ambiguous': case 'forbidden': case 'invalid': return { kind: 'error', code: `${kind}-${resolution.kind}`, message: resolution.message }
  }
  if (kind !== 'ref' || !target || tolerant) return null
  if (!node.depends_on.nodes.includes(target.unique_id)) {
    const unsure = unsureOf(node)
    return !unsure ? { kind: 'error', code: 'ref-not-inferred', message: notInferred(node, args, version) } : { kind: 'unknown', code: 'parse-unknown', message: `whether dbt knows this ref() while parsing is not known: ${unsure.message}` }
  }
  const unsure = unsureOf(target)
  return unsure ? { kind: 'unknown', code: unsure.code, message: `${target.unique_id} is not wholly known: ${unsure.message}` } : null
}

function notInferred(node: ManifestNode, args: readonly string[], version: RefArgs['version']): string {
  const given = args.map((each) => `'${each}'`).join(', ') + (version === null ? '' : `,version='${strOf(version)}'`)
  return `dbt was unable to infer all dependencies for the model "${node.name}".\nThis typically happens when ref() is placed within a conditional block.\n\nTo fix this, add the following hint to the top of the model "${node.name}":\n\n-- depends_on: {{ ref(${given}) }}`
}

function relationAnswer({ deferring: { project: { adapter } } }: CompileWorld, call: Kind, { kind, reads, message }: Resolution, limit: number | null, eventTimeFilter: EventTimeFilter | null): Answer {
  if (kind === 'unknown') return { kind: 'unknown', code: 'existence-unknown', message }
  if (!reads) return { kind: 'unknown', code: 'relation-unknown', message }
  return { kind: 'value', value: readRelation(adapter, call, kind, reads, limit, eventTimeFilter) }
}

/** What a call stands for as dbt prints it under --empty. */
export function textOfEmpty(adapter: Adapter, call: Kind, { kind, reads, relation }: Resolution): string | null {
  return reads === null || relation === null ? relation : readRelation(adapter, call, kind, reads, 0, null).text()
}

function readRelation(adapter: Adapter, call: Kind, kind: Resolution['kind'], reads: RelationRead, limit: number | null, eventTimeFilter: EventTimeFilter | null): Relation {
  // A function's relation is one of the state too when it is deferred: printed without limit (RuntimeFunctionResolver, BaseRelation.__str__).
  const type = call === 'function' ? 'function' : kind === 'ephemeral' ? 'cte' : null
  return makeRelation(adapter, reads, { type, quoting: reads.quoting, external: reads.external ?? null, limit, eventTimeFilter })
}
