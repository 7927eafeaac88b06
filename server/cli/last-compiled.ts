// What dbt itself last compiled of a node that needs the warehouse: shown as evidence, with its age, when nothing of the node, its macros and
// the options of that run changed since. Reads the target path's own manifest and run_results; guesses nothing.

import { assemble } from '../dbt/assemble.ts'
import type { Compiled } from '../dbt/compile/types.ts'
import { sameValue } from '../dbt/state/compare-values.ts'
import { parseJson } from '../dbt/state/json.ts'
import { PyDict, type Value } from '../jinja/value.ts'
import type { Opened } from './open.ts'

/** What only the warehouse keeps from being known. */
const ASKS: ReadonlySet<string> = new Set(['adapter', 'columns-unknown', 'column-type-unknown', 'relation-type-unknown', 'existence-unknown'])

/** The same list, with the texts of dbt's last run where ours could not be made. */
export async function withLastCompiled(opened: Opened, compiled: readonly Compiled[]): Promise<readonly Compiled[]> {
  const wanting = compiled.filter((each) => each.error === null && each.batch === undefined && each.unknown.length > 0 && each.unknown.every(({ code }) => ASKS.has(code)))
  const last = wanting.length > 0 && opened.inputs.request.exists === 'auto' ? await lastRun(opened) : null
  if (!last) return compiled
  const filled = new Map<Compiled, Compiled>()
  for (const each of wanting) {
    if (last.isModified(each.node.unique_id)) continue
    const code = await opened.host.compiledInState(last.manifest, each.node.unique_id)
    if (code === null) continue
    const evidence = { call: 'the whole text', evidence: 'run-results', as_of: last.as_of, file: last.manifest, place: each.node.place } as const
    const piece = { start: 0, end: code.length, text: code, source: null, unknown: null, resolutions: [], cte: null, sites: [], literal: false }
    filled.set(each, { ...each, compiled_code: code, pieces: [piece], unknown: [], evidence: [...each.evidence, evidence] })
  }
  return compiled.map((each) => filled.get(each) ?? each)
}

interface LastRun {
  readonly manifest: string
  readonly as_of: string | null
  isModified(id: string): boolean
}

/** Null: there was none, or it ran with other options. */
async function lastRun({ root, host, inputs, snapshot }: Opened): Promise<LastRun | null> {
  const { targetPath } = snapshot.project
  const results = jsonOf(host.readText(`${targetPath}/run_results.json`))
  const [args, metadata] = [results?.get('args'), results?.get('metadata')]
  if (!(args instanceof PyDict) || !(metadata instanceof PyDict) || !sameOptions(args, snapshot)) return null
  const { deferState: _, ...cli } = inputs.request.cli
  const request = { ...inputs.request, cli: { ...cli, state: targetPath, defer: false } }
  const opened = host.open(root, request, new Map(), inputs)
  const evidence = await host.evidence(opened, request, snapshot.manifest)
  if (evidence.state === null || evidence.state.info.invocation_id !== (metadata.get('invocation_id') ?? null)) return null
  const comparison = assemble({ ...opened, evidence }, snapshot.now, snapshot).comparison()
  const as_of = metadata.get('generated_at')
  return comparison && { manifest: `${targetPath}/manifest.json`, as_of: typeof as_of === 'string' ? as_of : null, isModified: (id) => comparison.isModified(id) || !(evidence.state?.nodes.has(id) ?? false) }
}

function sameOptions(args: PyDict, { project }: Opened['snapshot']): boolean {
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

function jsonOf(text: string | null): PyDict | null {
  const parsed = text === null ? null : parseJson(text)
  return parsed?.ok && parsed.value instanceof PyDict ? parsed.value : null
}
