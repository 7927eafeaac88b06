// What a dbt command would do with a selection: what is built and in which order, what every ref that leaves the selection reads, what is
// missing, inlined, tested, unknown; and the command line. Answers come from resolve.ts alone; nothing is decided here a second time.

import type { GraphEdges } from '../graph/select-edges.ts'
import type { DbtCommand } from '../graph/select-commands.ts'
import type { ManifestNode, OtherResource } from '../nodes/types.ts'
import type { RunResult } from '../state/evidence.ts'
import { answerCall } from './answer.ts'
import { existenceOf, relationKey } from './existence.ts'
import { currentRead, policyOf } from './render.ts'
import { runOrder } from './run-order.ts'
import { isEphemeral } from './selected.ts'
import type { DeferWorld, RelationListing, Resolution } from './types.ts'

export interface PlannedRead { readonly caller: string; readonly target: string | null; readonly resolution: Resolution }

export interface PlannedNode {
  readonly unique_id: string
  readonly resource_type: string
  readonly materialized: string | null
  readonly relation: string | null
  /** Incremental models and snapshots that are not there yet (or under --full-refresh): built from scratch. Null: not known. */
  readonly fromScratch: boolean | null
  /** `table` or `view`: what stands under the name now is of another type and will be dropped. */
  readonly replaces: string | null
  /** What it took in production, from the run_results.json beside the state. */
  readonly seconds: number | null
  readonly bytes: number | null
}

export interface PlannedTest { readonly unique_id: string; readonly reads: readonly PlannedRead[] }

export interface Plan {
  readonly nodes: readonly PlannedNode[]
  /** Selected ephemeral models: nothing is built, they are inlined where they are read. */
  readonly ephemeral: readonly string[]
  /** Tests that run, in order, with everything they read. */
  readonly tests: readonly PlannedTest[]
  /** Every ref, source and function call of what runs whose target is not built by it, in the order of the nodes. */
  readonly outside: readonly PlannedRead[]
  /** Of `outside`: refs to nodes that neither exist in the current target nor can be deferred; `certain` when absence is known. */
  readonly missing: readonly (PlannedRead & { readonly certain: boolean })[]
  readonly unknown: readonly PlannedRead[]
  /** Calls that dbt refuses (no such node, disabled, private …): with one of them nothing runs at all. */
  readonly refused: readonly PlannedRead[]
  readonly commandLine: string
}

export interface PlanOptions {
  /** Ids of the selection after the command's filter by type (selectNodes with commandTypes). */
  readonly selected: readonly string[]
  readonly command: DbtCommand
  readonly edges: GraphEdges
  readonly fullRefresh: boolean
  /** The last production run, by unique_id. */
  readonly production: ReadonlyMap<string, RunResult>
  /** The user's own options, as the command line repeats them: `--select x+ --target dev` … */
  readonly shownOptions: readonly string[]
  /** `--state` and `--defer-state` as the user wrote them; absent: the state's directory. */
  readonly statePaths?: { readonly state: string | null; readonly deferState: string | null }
}

export function planOf(world: DeferWorld, options: PlanOptions): Plan {
  const { manifest } = world
  const order = runOrder(options.selected, options.edges, options.command)
  const nodes = order.flatMap((id) => manifest.nodes.get(id) ?? [])
  const builds = BUILDS.get(options.command) ?? NOTHING
  const built = nodes.filter((node) => builds.has(node.resource_type) && !isEphemeral(node))
  const builtIds = new Set(built.map(({ unique_id: id }) => id))
  // What this very command builds first is in dbt's cache when it is read.
  const running: DeferWorld = { ...world, command: options.command, selected: new Set(options.selected), listing: withBuilt(world, built) }
  const reads = order.flatMap((id): PlannedRead[] => {
    // Exposures and the semantic layer read nothing in a run.
    const caller = manifest.nodes.get(id) ?? unitTest(manifest.others.get(id))
    return (caller?.calls ?? []).flatMap((call) => {
      if (!caller) return []
      const resolution = answerCall(running, caller, call)
      return [{ caller: id, target: resolution.target, resolution }]
    })
  })
  const outside = reads.filter(({ resolution }) => !REFUSED.has(resolution.kind) && (resolution.target === null || !builtIds.has(resolution.target) || resolution.kind !== 'dev'))
  const tests = order.filter((id) => manifest.nodes.get(id)?.resource_type === 'test' || manifest.others.get(id)?.resource_type === 'unit_test')
  return {
    nodes: built.map((node) => planned(world, node, options)),
    ephemeral: nodes.filter(isEphemeral).map(({ unique_id: id }) => id),
    tests: tests.map((id) => ({ unique_id: id, reads: reads.filter((each) => each.caller === id) })),
    outside,
    missing: outside.flatMap((read) => { const certain = lacking(read.resolution); return certain === null ? [] : [{ ...read, certain }] }),
    unknown: outside.filter(({ resolution }) => resolution.kind === 'unknown'),
    refused: reads.filter(({ resolution }) => REFUSED.has(resolution.kind)),
    commandLine: ['dbt', options.command === 'inline' ? 'compile' : options.command, ...options.shownOptions, ...deferOptions(world, options)].join(' '),
  }
}

const REFUSED: ReadonlySet<string> = new Set(['missing', 'disabled', 'ambiguous', 'forbidden', 'invalid'])

function unitTest(other: OtherResource | undefined): OtherResource | undefined { return other?.resource_type === 'unit_test' ? other : undefined }

const NOTHING: ReadonlySet<string> = new Set()
const BUILDS: ReadonlyMap<DbtCommand, ReadonlySet<string>> = new Map<DbtCommand, ReadonlySet<string>>([
  ['run', new Set(['model'])], ['seed', new Set(['seed'])], ['snapshot', new Set(['snapshot'])], ['build', new Set(['model', 'seed', 'snapshot', 'function'])],
])

function withBuilt(world: DeferWorld, built: readonly ManifestNode[]): RelationListing {
  const { listing, project } = world
  if (listing.kind === 'all' || built.length === 0) return listing
  const relations = new Map(listing.relations)
  const absent = new Set(listing.absent)
  for (const node of built) {
    const key = relationKey(project.adapter.database === 'separate' ? node.database : null, node.schema, node.alias)
    relations.set(key, null)
    absent.delete(key)
  }
  return { ...listing, ...(absent.size > 0 || listing.absent ? { absent } : {}), kind: 'list', relations, complete: listing.kind === 'none' || listing.complete }
}

function planned(world: DeferWorld, node: ManifestNode, options: PlanOptions): PlannedNode {
  const materialized = node.config.get('materialized')
  const kept = node.resource_type === 'snapshot' || materialized === 'incremental'
  const read = currentRead(world.project, node)
  const existence = existenceOf(world.listing, world.project.adapter, policyOf(world.project, read), read)
  const exists = 'kind' in existence ? null : existence.exists
  return {
    unique_id: node.unique_id,
    resource_type: node.resource_type,
    materialized: typeof materialized === 'string' ? materialized : null,
    relation: node.relation_name,
    replaces: !('kind' in existence) && exists === true && existence.type != null && typeof materialized === 'string' && BUILT_AS.get(materialized) !== undefined && BUILT_AS.get(materialized) !== existence.type ? existence.type : null,
    fromScratch: !kept ? true : options.fullRefresh && node.resource_type !== 'snapshot' ? true : exists === null ? null : !exists,
    seconds: options.production.get(node.unique_id)?.seconds ?? null,
    bytes: options.production.get(node.unique_id)?.bytes ?? null,
  }
}

const BUILT_AS: ReadonlyMap<string, string> = new Map([['table', 'table'], ['incremental', 'table'], ['view', 'view']])

/** True: certainly missing; false: perhaps; null: no. */
function lacking({ kind, reason, dev }: Resolution): boolean | null {
  if (kind !== 'dev' || dev === null || !reason.some((code) => CANNOT_DEFER.has(code))) return null
  return dev.existence.exists === true ? null : dev.existence.exists === false
}

const CANNOT_DEFER: ReadonlySet<string> = new Set(['defer-off', 'no-state', 'not-in-state', 'state-ephemeral', 'not-frontier', 'state-not-latest', 'not-refable-in-state'])

function deferOptions(world: DeferWorld, { statePaths, shownOptions }: PlanOptions): string[] {
  const given = (option: string, value: string | null | undefined) => (value === null || value === undefined ? [] : [option, quoted(value)])
  const { state, deferState } = statePaths ?? { state: world.state?.info.directory ?? null, deferState: null }
  const selects = shownOptions.some((each) => /(^|[^\w])state:/.test(each))
  if (!world.defer) return [...(selects ? given('--state', state) : []), ...(world.project.rules.deferByDefault ? ['--no-defer'] : [])]
  return ['--defer', ...given('--state', state), ...(deferState === state ? [] : given('--defer-state', deferState)), ...(world.favorState ? ['--favor-state'] : [])]
}

function quoted(text: string): string {
  return /^[\w./~+:@%-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
