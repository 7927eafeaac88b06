// What dbt itself last compiled of a node that needs the warehouse, when nothing that its text hangs on changed since but what the warehouse holds.
// dbt keeps no query's result; the target path's manifest.json keeps the text that came of it (compiled_code), run_results.json the options.

import type { Inputs } from '../inputs.ts'
import type { ManifestNode, SourceNode } from '../nodes/types.ts'
import type { ProjectHost } from '../ports.ts'
import { comparisonOf } from '../selection.ts'
import type { Snapshot } from '../snapshot.ts'
import { sameFields, sameValue } from '../state/compare-values.ts'
import { parseJson } from '../state/json.ts'
import { stateNode } from '../state/open.ts'
import type { StateComparison } from '../state/modified.ts'
import type { StateManifest } from '../state/types.ts'
import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import { compileNode } from './compile.ts'
import { filledFrom } from './fill.ts'
import type { Compiled, Evidence } from './types.ts'

export type LastRunHost = Pick<ProjectHost, 'readText' | 'compiledInState' | 'stateIn' | 'changedAt'>

export interface LastRun {
  /** The node with its unknown parts as dbt's last run had them; itself where that run says nothing of it, or something changed since. */
  filled(compiled: Compiled): Promise<Compiled>
}

/** What only the warehouse keeps from being known. */
const ASKS: ReadonlySet<string> = new Set(['adapter', 'columns-unknown', 'column-type-unknown', 'relation-type-unknown', 'existence-unknown'])

export function asksWarehouse({ error, batch, unknown }: Compiled): boolean {
  return error === null && batch === undefined && unknown.length > 0 && unknown.every(({ code }) => ASKS.has(code))
}

/** Null: there was none, it ran with other options, or what decides about the whole project changed since. */
export async function lastRun(host: LastRunHost, inputs: Inputs, snapshot: Snapshot): Promise<LastRun | null> {
  const { project, manifest } = snapshot
  if (inputs.request.exists !== 'auto') return null
  const state = await host.stateIn(project.targetPath)
  const run = state && runOf(host, state, project.targetPath)
  if (!state || !run || !sameOptions(run.args, snapshot) || settingsChanged(host, snapshot, run.started)) return null
  const comparison = comparisonOf({ project, manifest, inputs: { ...inputs, evidence: { ...inputs.evidence, state } }, now: snapshot.now })
  if (!comparison || macrosChanged(snapshot, state, comparison)) return null
  const same = (node: ManifestNode): boolean => sameNode(snapshot, state, comparison, node) && staysTheSame(snapshot, node, run.built.has(node.unique_id))
  return {
    async filled(compiled) {
      if (!asksWarehouse(compiled) || !same(compiled.node)) return compiled
      const code = await codeOf(host, state, compiled.node.unique_id)
      // A preview knows what stands between the unknown parts of injected CTEs too.
      const known = compileNode({ world: snapshot.world, deferring: snapshot.deferring, files: snapshot.files, preview: true }, compiled.node)
      const pieces = code === null || !known ? null : filledFrom(known.pieces, code)
      if (!pieces) return compiled
      const evidence = compiled.unknown.map(({ message, place }): Evidence => ({ call: message, evidence: 'run-results', as_of: run.as_of, file: state.info.path, place, of: compiled.node.unique_id, own: null }))
      return { ...compiled, compiled_code: code, pieces, unknown: [], evidence: [...compiled.evidence, ...evidence] }
    },
  }
}

interface Run { readonly args: PyDict; readonly as_of: string | null; readonly started: number; readonly built: ReadonlySet<string> }

const runs = new WeakMap<StateManifest, Run>()
const codes = new WeakMap<StateManifest, Map<string, string | null>>()

/** The results of the very run that wrote the manifest. */
function runOf(host: LastRunHost, state: StateManifest, targetPath: string): Run | null {
  const known = runs.get(state)
  if (known) return known
  const text = host.readText(`${targetPath}/run_results.json`)
  const parsed = text === null ? null : parseJson(text)
  const root = parsed?.ok && parsed.value instanceof PyDict ? parsed.value : null
  const [args, metadata, results] = [root?.get('args'), root?.get('metadata'), root?.get('results')]
  if (!(args instanceof PyDict) || !(metadata instanceof PyDict) || metadata.get('invocation_id') !== state.info.invocation_id) return null
  const as_of = metadata.get('generated_at')
  const started = moment(metadata.get('invocation_started_at')) ?? moment(state.info.generated_at)
  if (started === null) return null
  const ran = BUILDING.has(String(args.get('which') ?? ''))
  const built = new Set(ran && results instanceof PyList ? results.items.flatMap((each) => (each instanceof PyDict && each.get('status') !== 'skipped' ? String(each.get('unique_id')) : [])) : [])
  const run: Run = { args, as_of: typeof as_of === 'string' ? as_of : null, started, built }
  runs.set(state, run)
  return run
}

const BUILDING: ReadonlySet<string> = new Set(['run', 'build', 'snapshot', 'seed', 'test', 'retry', 'clone'])

function moment(value: Value | undefined): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? null : at
}

async function codeOf(host: LastRunHost, state: StateManifest, id: string): Promise<string | null> {
  let known = codes.get(state)
  if (!known) codes.set(state, known = new Map())
  let code = known.get(id)
  if (code === undefined) known.set(id, code = await host.compiledInState(state.info.path, id))
  return code
}

function sameOptions(args: PyDict, { project }: Snapshot): boolean {
  const { flags } = project
  const given = (name: string): Value => args.get(name) ?? null
  const off = (name: string): boolean => given(name) === null || given(name) === false
  const state = flags.deferState.value ?? flags.state.value
  return (given('target') === flags.target.value || given('target') === (project.target?.name ?? null)) && given('profile') === flags.profile.value
    && sameValue(given('vars') ?? new PyDict(), new PyDict(project.cliVars))
    && off('defer') === !flags.defer.value && (!flags.defer.value || (off('favor_state') === !flags.favorState.value && (given('defer_state') ?? given('state')) === state))
    && off('full_refresh') === !flags.fullRefresh.value && off('empty') === !flags.empty.value
    && off('sample') && flags.sample.value === null && off('event_time_start') && flags.eventTime.value === null
}

/** The time of a file's last change of any kind, which nothing can set back: later than the run began, its content may be another one. */
function settingsChanged(host: LastRunHost, { project, besides }: Snapshot, started: number): boolean {
  const deferred = project.flags.defer.value ? project.flags.deferState.value ?? project.flags.state.value : null
  const files = [...project.configFiles, ...besides.keys(), ...(deferred === null ? [] : [`${deferred}/manifest.json`])]
  if (files.some((file) => (host.changedAt(file) ?? 0) >= started)) return true
  return [...besides].some(([path, file]) => host.readText(path) !== file.text)
}

/** Any macro at all: which of them a text goes through is not known where it hangs on the warehouse. */
function macrosChanged({ world, project }: Snapshot, state: StateManifest, { macros }: StateComparison): boolean {
  if (macros.modified.size > 0 || world.macros.source === null) return true
  return [...state.macros.ids()].some((id) => project.packages.has(id.split('.')[1] ?? '') && !world.macros.byId.has(id))
}

/** The node, what it reads, and the ephemeral models on the way as they were, beyond what `state:modified` looks at. */
function sameNode({ manifest }: Snapshot, state: StateManifest, comparison: StateComparison, node: ManifestNode): boolean {
  const seen = new Set<string>()
  const same = (id: string): boolean => {
    if (seen.has(id)) return true
    seen.add(id)
    if (comparison.reasons(id).length > 0) return false
    const now = manifest.nodes.get(id)
    if (!now) return sameSource(manifest.sources.get(id), state)
    const then = stateNode(state, id)
    if (!then || then.database !== now.database || then.schema !== now.schema || then.alias !== now.alias || then.fields.get('raw_code') !== now.raw_code || !sameConfig(now, then.fields.get('config'))) return false
    return (id !== node.unique_id && now.config.get('materialized') !== 'ephemeral') || now.depends_on.nodes.every(same)
  }
  return same(node.unique_id)
}

function sameSource(now: SourceNode | undefined, state: StateManifest): boolean {
  const then = now && state.sources.get(now.unique_id)
  return now !== undefined && then !== undefined && then.get('database') === now.database && then.get('schema') === now.schema && then.get('identifier') === now.identifier
}

/** Rendered: what variables and the environment made of it too. */
function sameConfig({ config }: ManifestNode, then: Value | undefined): boolean {
  return then instanceof PyDict && Array.from(config).every(([key, value]) => sameFields(value, then.get(key)))
}

/** What a text hangs on besides files and the warehouse, by name: in what the node says, or in any macro that it leads to. */
const ELSEWHERE = /\b(?:env_var|selected_resources|run_started_at|invocation_id|invocation_args_dict|utcnow)\b|\bgraph\.|\.(?:now|today)\(/
const ITSELF = /\bthis\b/

/** A run that builds the node changes what `this` is while it goes. */
function staysTheSame(snapshot: Snapshot, node: ManifestNode, built: boolean): boolean {
  const { byId } = snapshot.world.macros
  const seen = new Set<string>()
  const texts = [node.raw_code]
  const visit = (id: string): void => {
    if (seen.has(id)) return
    seen.add(id)
    const macro = byId.get(id)?.node
    texts.push(macro?.macro_sql ?? '')
    macro?.depends_on.macros.forEach(visit)
  }
  node.depends_on.macros.forEach(visit)
  if (texts.some((text) => ELSEWHERE.test(text) || (built && ITSELF.test(text)))) return false
  return node.depends_on.nodes.every((id) => {
    const parent = snapshot.manifest.nodes.get(id)
    return parent?.config.get('materialized') !== 'ephemeral' || staysTheSame(snapshot, parent, false)
  })
}
