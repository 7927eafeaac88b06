// What differs from the state, node by node and with the reason; and with it the answers of the `state:` selectors.
// dbt-core 1.12 graph/selector_methods.py StateSelectorMethod, corrected by state-verified.md. Nodes are compared when asked, once.

import { PyDict } from '../../jinja/value.ts'
import type { StateAnswers, StateCheck } from '../graph/select-types.ts'
import type { Manifest, ManifestNode, OtherResource, SourceNode } from '../nodes/types.ts'
import { COMPARISON_1 } from '../rules/comparison.ts'
import { compareNode, newNode, type CompareSettings } from './compare-nodes.ts'
import { compareOther, compareSource } from './compare-others.ts'
import { compareRemoved, contractOf } from './contract.ts'
import { compareMacros, type MacroComparison } from './macros.ts'
import { stateNode } from './open.ts'
import type { Compared, ModifiedReason } from './reasons.ts'
import type { StateFields, StateManifest, StateNode } from './types.ts'

export interface StateComparison {
  /** Why a resource differs; empty: it doesn't, or there is no such resource. */
  reasons(id: string): readonly ModifiedReason[]
  /** `state:modified` of one resource. */
  isModified(id: string): boolean
  /** All resources that `state:modified` or `state:new` or a sub-selector selects, in the manifest's order. */
  all(): ReadonlyMap<string, readonly ModifiedReason[]>
  /** Ids of the state's models that are gone or disabled here. */
  removed(): readonly string[]
  readonly macros: MacroComparison
  /** Ids of what is not wholly as the state has it; null until everything was compared. */
  outcome(): readonly string[] | null
  /** For the comparison of the next manifest. */
  readonly compared: ComparedBefore
  /** For the `state:` method of selection. */
  readonly answers: StateAnswers
}

export interface CompareInput extends Omit<CompareSettings, 'stateVersion'> {
  /** Packages whose macros are known to be what dbt would compare: the project's own always; dbt's internal ones only if read from the installed dbt. */
  readonly comparedPackages: (packageName: string) => boolean
  /** ISO time, for deprecation dates; null: no date is past. */
  readonly now: string | null
}

/** What was compared already holds for every manifest with these very macros and this state: a keystroke compares one node again. */
export interface ComparedBefore { readonly macros: MacroComparison; readonly memo: WeakMap<object, Compared> }

/** `before`: of a comparison with the same state, settings and macros. `asBefore`: what is known, from an earlier start, to be as the state has it. */
export function compareState(current: Manifest, state: StateManifest, input: CompareInput, before: ComparedBefore | null = null, asBefore: ((id: string) => boolean) | null = null): StateComparison {
  const settings: CompareSettings = { ...input, stateVersion: state.info.dbt_version }
  const { comparison } = input.rules
  const macros = before?.macros ?? compareMacros(current, state, comparison, input.comparedPackages)
  const memo = before?.memo ?? new WeakMap<object, Compared>()
  const differing = new Set<string>()
  let compared = 0
  const compare = (id: string): Compared => {
    if (asBefore?.(id) === true) return SAME
    const member = current.nodes.get(id) ?? current.sources.get(id) ?? current.others.get(id)
    if (!member) return SAME
    let found = memo.get(member)
    if (!found) {
      memo.set(member, found = compareOne(state, member, settings, macros))
      compared++
      if (found.reasons.length > 0 || found.warnings.length > 0 || found.error !== null) differing.add(id)
    }
    return found
  }
  let removedProblems: Compared | null = null
  const removedContracts = (): Compared => (removedProblems ??= comparison.removedContracts ? checkRemoved(current, state, input.now) : { reasons: [], warnings: [], error: null })
  const isNew = (id: string): boolean => {
    if (comparison.newExposure === 'modified' && current.others.get(id)?.resource_type === 'exposure') return false
    return compare(id).reasons.some(({ what }) => what === 'new')
  }
  const isModified = (id: string): boolean => compare(id).reasons.some(({ counts }) => counts)
  const everything = (): string[] => [...current.nodes.keys(), ...current.sources.keys(), ...current.others.keys()]
  const answers: StateAnswers = {
    matches: (check, id) => {
      switch (check) {
        case 'new': return isNew(id)
        case 'old': return !isNew(id)
        case 'modified': return isModified(id)
        case 'unmodified': return !isModified(id)
        default: { const selector = check.slice('modified.'.length); return compare(id).reasons.some((each) => each.selector === selector) }
      }
    },
    error: (check) => (comparesContracts(check) ? firstError(everything(), compare) ?? removedContracts().error : null),
    warnings: (check) => (comparesContracts(check) ? [...everything().flatMap((id) => compare(id).warnings), ...removedContracts().warnings] : []),
  }
  // Rules that see less say so: what dbt 1 would call modified is a reason that does not count.
  const full: CompareSettings | null = comparison === COMPARISON_1 ? null : { ...settings, rules: { ...settings.rules, comparison: COMPARISON_1 } }
  const fullMacros = full === null ? null : compareMacros(current, state, COMPARISON_1, input.comparedPackages)
  const missed = (id: string, seen: readonly ModifiedReason[]): readonly ModifiedReason[] => {
    const member = current.nodes.get(id) ?? current.sources.get(id) ?? current.others.get(id)
    if (full === null || fullMacros === null || !member) return seen
    const known = new Set(seen.map((each) => `${each.what}\0${each.key ?? ''}`))
    const more = compareOne(state, member, full, fullMacros).reasons.filter((each) => each.counts && !known.has(`${each.what}\0${each.key ?? ''}`))
    return [...seen, ...more.map((each) => ({ ...each, selector: null, counts: false, message: `${each.message}; dbt ${settings.rules.name} does not see this` }))]
  }
  return {
    reasons: (id) => missed(id, compare(id).reasons),
    isModified,
    all: () => new Map(everything().flatMap((id) => { const { reasons } = compare(id); return reasons.length > 0 ? [[id, reasons] as const] : [] })),
    removed: () => Array.from(state.nodes.ids()).filter((id) => id.startsWith('model.') && current.nodes.get(id)?.enabled !== true),
    macros,
    outcome: () => (compared >= current.nodes.size + current.sources.size + current.others.size ? [...differing] : null),
    compared: { macros, memo },
    answers,
  }
}

const SAME: Compared = { reasons: [], warnings: [], error: null }

/** Only these call same_contract; the others answer even where a contract is broken (state-verified correction 15). */
function comparesContracts(check: StateCheck): boolean {
  return check === 'modified' || check === 'unmodified' || check === 'modified.contract'
}

function firstError(ids: readonly string[], compare: (id: string) => Compared): string | null {
  for (const id of ids) {
    const { error } = compare(id)
    if (error !== null) return error
  }
  return null
}

function compareOne(state: StateManifest, member: Member, settings: CompareSettings, macros: MacroComparison): Compared {
  if (member.resource_type === 'group' || member.resource_type === 'doc') return { reasons: [], warnings: [], error: null }
  const old = previous(state, member)
  const compared = old === null ? { reasons: asNew(member, settings), warnings: [], error: null } : compareWith(member, old, settings)
  const reached = 'depends_on' in member ? macros.reach(member.depends_on.macros, member.unique_id) : null
  return reached ? { ...compared, reasons: [...compared.reasons, reached] } : compared
}

type Member = ManifestNode | SourceNode | OtherResource
type Previous = { readonly node: StateNode } | { readonly fields: StateFields }

/** By unique_id, in whichever section it stands (a node may be a test here and disabled there). */
function previous(state: StateManifest, member: Member): Previous | null {
  const node = stateNode(state, member.unique_id)
  if (node) return { node }
  // upgrade_manifest.py drop_v9_and_prior_metrics
  const tables = [state.sources, state.exposures, ...((state.info.schema_version ?? 12) <= 9 ? [] : [state.metrics]), state.semantic_models, state.unit_tests, state.saved_queries]
  for (const table of tables) {
    const fields = table.get(member.unique_id)
    if (fields) return { fields }
  }
  return null
}

function compareWith(member: Member, old: Previous, settings: CompareSettings): Compared {
  if ('node' in old) return isNode(member) ? compareNode(member, old.node, settings) : { reasons: [], warnings: [], error: null }
  const reasons = member.resource_type === 'source' ? compareSource(member, old.fields, settings) : isNode(member) ? [] : compareOther(member, old.fields, settings)
  return { reasons, warnings: [], error: null }
}

function asNew(member: Member, { rules: { comparison } }: CompareSettings): ModifiedReason[] {
  const reasons = newNode(member.resource_type, comparison.newMatchesAll)
  const counts = (member.resource_type === 'source' && comparison.newSource === 'new-and-modified') || (member.resource_type === 'exposure' && comparison.newExposure === 'modified')
  return counts ? reasons.map((each) => ({ ...each, counts: true })) : reasons
}

function isNode(member: Member): member is ManifestNode {
  return 'raw_code' in member
}

/** What dbt checks on models that the state has and this project lacks or has switched off. */
function checkRemoved(current: Manifest, state: StateManifest, now: string | null): Compared {
  const warnings: string[] = []
  for (const id of state.nodes.ids()) {
    if (!id.startsWith('model.')) continue
    const off = current.disabled.get(id)?.[0]
    if (!off && current.nodes.has(id)) continue
    const old = state.nodes.get(id)
    const found = off && 'contract' in off
      ? compareRemoved({ unique_id: id, name: off.name, path: off.original_file_path, version: off.version, enforced: off.contract.enforced, disabled: true, deprecationDate: off.deprecation_date }, now)
      : old ? compareRemoved({ unique_id: id, name: old.name, path: old.original_file_path, version: old.version, enforced: contractOf(old).enforced, disabled: switchedOff(old), deprecationDate: dateOf(old) }, now) : null
    if (found?.error) return { reasons: [], warnings, error: found.error }
    warnings.push(...(found?.warnings ?? []))
  }
  return { reasons: [], warnings, error: null }
}

function switchedOff(node: StateNode): boolean {
  const config = node.fields.get('config')
  return config instanceof PyDict && config.get('enabled') === false
}

function dateOf(node: StateNode): string | null {
  const date = node.fields.get('deprecation_date')
  return typeof date === 'string' ? date : null
}
