// THE question: which relation does this call read, and why? Each rule set is one function below; the facts they share are gathered once.
// Verified against dbt 1.7, 1.8, 1.10, 1.11, 1.12 and 2 row by row (test/fixtures/defer). Unknown existence is an answer, never a guess.

import { packagesToSearch, sameVersion } from '../graph/lookup.ts'
import { mayBeUpstream } from '../graph/resolve-edges.ts'
import { stateNode } from '../state/open.ts'
import type { ManifestNode } from '../nodes/types.ts'
import { unsureOf } from '../nodes/unsure.ts'
import type { StateNode } from '../state/types.ts'
import { existenceOf } from './existence.ts'
import { approximateMatch, sentence } from './messages.ts'
import { currentRead, deferredRead, ephemeralRead, policyOf, printed, sourceRead } from './render.ts'
import { frontierOf, isEphemeral, isSelected } from './selected.ts'
import type { CallInput, DeferWorld, Existence, ReasonCode, RelationRead, Resolution } from './types.ts'

/** Every call that names another resource: ref(), source(), function(), and `to:` of foreign keys. */
export function resolveCall(world: DeferWorld, input: CallInput): Resolution {
  const { target } = input
  if (target.kind !== 'found') {
    const stateOnly = target.kind === 'missing' && input.how === 'function' ? functionOfState(world, input) : null
    if (stateOnly) return answer(world, { kind: 'prod', target: stateOnly.unique_id, node: null, state: stateOnly, reason: ['only-in-state'], existence: null })
    if (target.kind === 'missing' && input.how === 'ref' && mayBeUpstream(world.project, input.package)) {
      return { kind: 'unknown', target: null, relation: null, reads: null, dev: null, prod: null, reason: ['upstream-unread'], message: sentence('unknown', ['upstream-unread'], null, null, null) }
    }
    return { kind: target.kind, target: target.unique_id, relation: null, reads: null, dev: null, prod: null, reason: [FAILING[target.kind]], message: target.message }
  }
  const source = world.manifest.sources.get(target.unique_id)
  if (source) {
    const reads = sourceRead(world.project, source)
    const relation = printed(world.project, reads)
    return { kind: 'source', target: source.unique_id, relation, reads, dev: null, prod: null, reason: ['source'], message: sentence('source', ['source'], relation, null, null) }
  }
  const node = world.manifest.nodes.get(target.unique_id)
  if (!node) return { kind: 'missing', target: target.unique_id, relation: null, reads: null, dev: null, prod: null, reason: ['not-found'], message: `'${input.caller.unique_id}' depends on '${target.unique_id}' which is not in the graph!` }
  return sureOfName(node, input.how === 'function' ? resolveFunctionCall(world, node) : resolveNode(world, input, factsOf(world, node)))
}

function resolveNode(world: DeferWorld, input: CallInput, facts: Facts): Resolution {
  if (isPending(world) && !isEphemeral(facts.node)) return stillReading(world, facts)
  if (input.how === 'foreign-key') return resolveForeignKey(world, facts)
  switch (world.project.rules.defer) {
    case 'replace-unselected': return replaceUnselected(world, facts)
    case 'at-ref-time': return atRefTime(world, facts)
    case 'frontier': return frontier(world, facts, input)
  }
}

/** `{{ this }}`: never deferred, but in dbt 2's compile, for selected incremental models and snapshots. */
export function resolveThis(world: DeferWorld, node: ManifestNode): Resolution {
  const facts = factsOf(world, node)
  if (world.project.rules.defer === 'frontier' && selectedIncremental(world, node)) {
    const stop = whyNotDeferrable(world, facts, true)
    return sureOfName(node, stop ? dev(world, facts, ['this', ...stop]) : byExistence(world, facts, ['this', 'selected-incremental']))
  }
  return sureOfName(node, dev(world, facts, ['this']))
}

/** Where a node's name is not known, no answer may rest on it: neither the relation here nor whether that exists. */
function sureOfName(node: ManifestNode, found: Resolution): Resolution {
  const unsure = unsureOf(node)
  const rests = found.kind === 'dev' || found.kind === 'function' || found.kind === 'unknown' || found.kind === 'invalid' || found.reason.includes('missing-in-dev')
  if (unsure === null || !rests) return found
  const reason: readonly ReasonCode[] = [...found.reason.filter((code) => !NAMED.has(code)), 'name-unknown']
  return { ...found, kind: 'unknown', relation: null, reads: null, dev: null, reason, message: `${sentence('unknown', reason, null, null, found.prod)} (${unsure.message})` }
}

/** What is said of a relation by its name. */
const NAMED: ReadonlySet<ReasonCode> = new Set(['exists', 'missing-in-dev', 'existence-unknown', 'same-relation', 'approximate-match'])

interface Facts { readonly node: ManifestNode; readonly state: StateNode | null; readonly existence: Existence | { readonly approximate: string } }

function factsOf(world: DeferWorld, node: ManifestNode): Facts {
  const read = currentRead(world.project, node)
  const existence = existenceOf(world.listing, world.project.adapter, policyOf(world.project, read), read)
  const state = world.state === null ? null : stateNode(world.state, node.unique_id) ?? null
  return { node, state, existence: 'kind' in existence ? { approximate: approximateMatch(printed(world.project, read), existence.found) } : existence }
}

/** dbt ≥ 1.8: context/providers.py RuntimeRefResolver.create_relation. */
function atRefTime(world: DeferWorld, facts: Facts): Resolution {
  if (isEphemeral(facts.node)) return ephemeral(world, facts, ['ephemeral'])
  const stop = whyNotDeferrable(world, facts, false)
  if (stop) return dev(world, facts, stop)
  if (world.favorState && !isSelected(world, facts.node.unique_id)) return prod(world, facts, ['favor-state', 'not-selected'])
  return byExistence(world, facts, world.favorState ? ['selected'] : [])
}

/** dbt ≤ 1.7: contracts/graph/manifest.py merge_from_artifact replaces the whole node, also an ephemeral one. */
function replaceUnselected(world: DeferWorld, facts: Facts): Resolution {
  const asIs = (reason: readonly ReasonCode[]): Resolution => isEphemeral(facts.node) ? ephemeral(world, facts, ['ephemeral', ...reason]) : dev(world, facts, reason)
  const stop = whyNotDeferrable(world, facts, false)
  if (stop) return asIs(stop)
  if (isSelected(world, facts.node.unique_id)) return asIs(['selected'])
  if (world.favorState) return prod(world, facts, ['not-selected', 'favor-state'])
  if (!isEphemeral(facts.node)) return byExistence(world, facts, ['not-selected'])
  // The cache is asked by name: a leftover table of the ephemeral's name keeps it inlined.
  if ('approximate' in facts.existence || facts.existence.exists === true) return ephemeral(world, facts, ['ephemeral', 'not-selected', 'exists'])
  return facts.existence.exists === false ? prod(world, facts, ['not-selected', 'missing-in-dev']) : unknown(world, facts, ['not-selected'])
}

/** dbt 2: dbt-defer's candidates, then existence; the frontier goes on through unselected ephemeral parents. */
function frontier(world: DeferWorld, facts: Facts, input: CallInput): Resolution {
  if (isEphemeral(facts.node)) return ephemeral(world, facts, ['ephemeral'])
  const stop = whyNotDeferrable(world, facts, input.unpinned)
  if (stop) return dev(world, facts, stop)
  const why = candidacy(world, facts.node)
  if (!why) return dev(world, facts, isSelected(world, facts.node.unique_id) ? ['selected', 'not-frontier'] : ['not-frontier'])
  return world.favorState ? prod(world, facts, [why, 'favor-state']) : byExistence(world, facts, [why])
}

function candidacy(world: DeferWorld, node: ManifestNode): ReasonCode | null {
  if (frontierOf(world).has(node.unique_id)) return 'frontier'
  return selectedIncremental(world, node) ? 'selected-incremental' : null
}

function selectedIncremental(world: DeferWorld, node: ManifestNode): boolean {
  return world.command === 'compile' && isSelected(world, node.unique_id) && (node.resource_type === 'snapshot' || node.config.get('materialized') === 'incremental')
}

/** `to:` of a foreign key never asks whether the relation exists (compilation.py _resolve_ref_or_source …). */
function resolveForeignKey(world: DeferWorld, facts: Facts): Resolution {
  const rule = world.project.rules.foreignKeyDefer
  const stop = whyNotDeferrable(world, facts, false)
  if (rule === 'never' || stop) return isEphemeral(facts.node) ? ephemeral(world, facts, ['ephemeral']) : dev(world, facts, stop ?? [])
  if (rule === 'state-unless-selected' && isSelected(world, facts.node.unique_id)) return dev(world, facts, ['selected'])
  return prod(world, facts, rule === 'state' ? ['state-wins'] : ['not-selected', 'state-wins'])
}

function resolveFunctionCall(world: DeferWorld, node: ManifestNode): Resolution {
  const facts = factsOf(world, node)
  const rule = world.project.rules.functionDefer
  const plain = (reason: readonly ReasonCode[]): Resolution => ({ ...dev(world, facts, ['function', ...reason]), kind: 'function' })
  if (isPending(world) && rule !== 'never') return stillReading(world, facts)
  if (rule === 'never' || !world.defer) return plain(['defer-off'])
  if (world.state === null) return plain(['no-state'])
  if (!facts.state) return plain(['not-in-state'])
  // Functions are in no listing that dbt 1 makes, so they are always "missing".
  if (rule === 'state') return prod(world, facts, ['state-wins'])
  if (!frontierOf(world).has(node.unique_id)) return plain(['not-frontier'])
  return world.favorState ? prod(world, facts, ['frontier', 'favor-state']) : byExistence(world, { ...facts, existence: functionExistence(facts.existence) }, ['frontier'])
}

/** A warehouse's listing of relations says nothing of functions; an assumption about everything does, and a listing file that holds them or not. */
function functionExistence(existence: Facts['existence']): Existence {
  if ('approximate' in existence) return NOT_KNOWN
  if (existence.evidence === 'assumption') return existence
  if (existence.evidence !== 'listing' || existence.exists === null) return NOT_KNOWN
  return { ...existence, exists: existence.type === 'function' }
}

const NOT_KNOWN: Existence = { exists: null, evidence: 'none', as_of: null }

function functionOfState(world: DeferWorld, input: CallInput): StateNode | null {
  if (!world.defer || world.state === null || world.project.rules.functionDefer === 'never') return null
  for (const pkg of packagesToSearch(world.project, input.caller.package_name, input.package)) {
    if (pkg !== null) {
      const found = world.state.functions.get(`function.${pkg}.${input.name}`)
      if (found) return found
    }
  }
  return null
}

const REFABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

/** merge_from_artifact: which nodes get a defer_relation at all. Null: this one does. */
function whyNotDeferrable(world: DeferWorld, facts: Facts, unpinned: boolean): readonly ReasonCode[] | null {
  if (!world.defer) return ['defer-off']
  if (world.state === null) return ['no-state']
  if (!facts.state) return ['not-in-state']
  if (!REFABLE.has(facts.state.resource_type)) return ['not-refable-in-state']
  if (facts.state.materialized === 'ephemeral') return ['state-ephemeral']
  if (unpinned && world.project.rules.unpinnedNeedsLatestInState && !sameVersion(facts.state.version, facts.state.latest_version)) return ['state-not-latest']
  return null
}

function byExistence(world: DeferWorld, facts: Facts, reason: readonly ReasonCode[]): Resolution {
  if ('approximate' in facts.existence) {
    return { ...dev(world, facts, [...reason, 'approximate-match']), kind: 'invalid', relation: null, reads: null, message: facts.existence.approximate }
  }
  if (facts.existence.exists === null) return unknown(world, facts, reason)
  return facts.existence.exists ? dev(world, facts, [...reason, 'exists']) : prod(world, facts, [...reason, 'missing-in-dev'])
}

/** Both candidates; when they print alike nothing hangs on what is not known. */
function unknown(world: DeferWorld, facts: Facts, reason: readonly ReasonCode[]): Resolution {
  const one = isEphemeral(facts.node) ? ephemeral(world, facts, reason) : dev(world, facts, [...reason, 'existence-unknown', 'same-relation'])
  const other = prod(world, facts, reason)
  if (one.relation === other.relation) return one
  const codes: readonly ReasonCode[] = [...reason, 'existence-unknown']
  return { ...one, kind: 'unknown', relation: null, reads: null, prod: other.prod, reason: codes, message: sentence('unknown', codes, null, one.dev, other.prod) }
}

function isPending({ pending, defer, state, project: { flags } }: DeferWorld): boolean {
  return pending === true && defer && state === null && (flags.state.value !== null || flags.deferState.value !== null)
}

function stillReading(world: DeferWorld, facts: Facts): Resolution {
  const reason: readonly ReasonCode[] = ['state-pending']
  const here = dev(world, facts, reason)
  return { ...here, kind: 'unknown', relation: null, reads: null, message: sentence('unknown', reason, null, here.dev, null) }
}

function dev(world: DeferWorld, facts: Facts, because: readonly ReasonCode[]): Resolution {
  const reason: readonly ReasonCode[] = isUpstream(facts.node) ? ['upstream', ...because] : because
  return answer(world, { kind: 'dev', target: facts.node.unique_id, node: facts.node, state: facts.state, reason, existence: facts.existence })
}

function prod(world: DeferWorld, facts: Facts, reason: readonly ReasonCode[]): Resolution {
  return answer(world, { kind: 'prod', target: facts.node.unique_id, node: facts.node, state: facts.state, reason, existence: facts.existence })
}

function ephemeral(world: DeferWorld, facts: Facts, reason: readonly ReasonCode[]): Resolution {
  return answer(world, { kind: 'ephemeral', target: facts.node.unique_id, node: facts.node, state: facts.state, reason, existence: facts.existence })
}

/** A node that no file of this project or its packages declares (ModelNode.is_external_node). */
function isUpstream({ path, original_file_path }: ManifestNode): boolean { return path === '' && original_file_path === '' }

interface Answer {
  readonly kind: 'dev' | 'prod' | 'ephemeral'
  readonly target: string
  readonly node: ManifestNode | null
  readonly state: StateNode | null
  readonly reason: readonly ReasonCode[]
  readonly existence: Facts['existence'] | null
}

function answer(world: DeferWorld, { kind, target, node, state, reason, existence }: Answer): Resolution {
  const { project } = world
  const current = node === null ? null : isEphemeral(node) && kind !== 'prod' ? ephemeralRead(project, node) : currentRead(project, node)
  const deferred = world.state !== null && state !== null && state.materialized !== 'ephemeral' ? deferredRead(project, world.state, state) : null
  const reads: RelationRead | null = kind === 'prod' ? deferred : current
  const relation = reads === null ? null : printed(project, reads)
  const known: Existence = existence === null || 'approximate' in existence ? NOT_KNOWN : existence
  const devSide = current === null ? null : { relation: printed(project, current), existence: known }
  const prodSide = deferred === null || world.state === null ? null : { relation: printed(project, deferred), state: world.state.info }
  return { kind, target, relation, reads, dev: devSide, prod: prodSide, reason, message: sentence(kind, reason, relation, devSide, prodSide) }
}

const FAILING = { missing: 'not-found', disabled: 'disabled', ambiguous: 'ambiguous', forbidden: 'forbidden', invalid: 'invalid-call' } as const
