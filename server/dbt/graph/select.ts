// Which nodes a selection means: dbt's NodeSelector (dbt-core 1.12 graph/selector.py), set by set, with its indirect selection of tests.
// Pure: state, results and selectors.yml come in through SelectionEnv.

import { compareText } from '../../jinja/compare.ts'
import type { Manifest, ManifestNode } from '../nodes/types.ts'
import { fnmatch } from './fnmatch.ts'
import { dependsOn, edgesOf, reach, type GraphEdges } from './select-edges.ts'
import { methodTest } from './select-methods.ts'
import { STATE_CHECKS, type Selection, type SelectionEnv } from './select-types.ts'
import { isNamedInText, type Criteria, type IndirectSelection, type SelectionSpec } from './select-spec.ts'

/** `dbt ls` of a spec: ids after indirect selection and the filter by resource type, sorted as dbt sorts them. */
export function selectNodes(manifest: Manifest, spec: SelectionSpec, env: SelectionEnv): Selection {
  const run: Run = { manifest, edges: edgesOf(manifest), env, warnings: [], error: null, depth: 0 }
  const ids = getSelected(run, spec)
  return { ids: run.error === null ? Array.from(ids).toSorted(compareText) : [], warnings: run.warnings, error: run.error }
}

interface Run {
  readonly manifest: Manifest
  readonly edges: GraphEdges
  readonly env: SelectionEnv
  readonly warnings: string[]
  error: string | null
  depth: number
}

interface Found { readonly direct: ReadonlySet<string>; readonly indirect: ReadonlySet<string> }

const NOTHING: Found = { direct: new Set(), indirect: new Set() }

function getSelected(run: Run, spec: SelectionSpec): Set<string> {
  const { direct } = selectRecursively(run, spec)
  return new Set(Array.from(direct).filter((id) => {
    const member = run.edges.members.get(id)
    if (!member || !run.env.resourceTypes.has(member.resource_type)) return false
    return run.env.includeEmpty || !isEmpty(member as ManifestNode)
  }))
}

/** CompiledNode.empty; seeds, sources and the like are never empty. */
function isEmpty(member: ManifestNode): boolean {
  return NOT_EMPTY.has(member.resource_type) ? false : member.raw_code.trim() === ''
}

const NOT_EMPTY: ReadonlySet<string> = new Set(['seed', 'source', 'exposure', 'metric', 'semantic_model', 'saved_query', 'unit_test', 'function', 'group', 'doc'])

function selectRecursively(run: Run, spec: SelectionSpec): Found {
  if (run.error !== null) return NOTHING
  if (spec.kind === 'criteria') return selectCriteria(run, spec)
  const bundles = spec.components.map((component) => selectRecursively(run, component))
  const direct = combine(spec.kind, bundles.map((bundle) => bundle.direct))
  const indirect = combine(spec.kind, bundles.map((bundle) => union(bundle.direct, bundle.indirect)))
  const found = { direct: incorporate(run, direct, indirect, spec.indirect), indirect }
  if (spec.expectExists && found.direct.size === 0 && run.error === null) run.warnings.push(`The selection criterion '${spec.raw}' does not match any enabled nodes`)
  return found
}

function selectCriteria(run: Run, spec: Criteria): Found {
  const collected = search(run, spec)
  if (run.error !== null) return NOTHING
  if (spec.indirect === 'empty' && run.env.emptyDropsNeighbours) return { direct: collected, indirect: new Set() }
  const { parents, children } = run.edges
  const selected = new Set(collected)
  const add = (ids: Iterable<string>): void => { for (const id of ids) selected.add(id) }
  if (spec.childrensParents) {
    const below = union(reach(collected, children, null), collected)
    add(below)
    add(reach(below, parents, null))
  }
  if (spec.parents) add(reach(collected, parents, spec.parentsDepth))
  if (spec.children) add(reach(collected, children, spec.childrenDepth))
  if (spec.indirect === 'empty' || spec.method === 'selector') return { direct: selected, indirect: new Set() }
  return expand(run, selected, spec.indirect)
}

/** Tests of what is selected (selector.py expand_selection). */
function expand(run: Run, selected: ReadonlySet<string>, mode: IndirectSelection): Found {
  const direct = new Set(selected)
  const indirect = new Set<string>()
  const buildable = mode === 'buildable' ? union(union(selected, reach(selected, run.edges.parents, null)), new Set(run.manifest.sources.keys())) : null
  for (const parent of selected) {
    for (const id of run.edges.children(parent)) {
      const member = run.edges.members.get(id)
      if (!member || (member.resource_type !== 'test' && member.resource_type !== 'unit_test')) continue
      const needed = dependsOn(member)
      if (mode === 'eager' || needed.every((need) => selected.has(need)) || (buildable !== null && needed.every((need) => buildable.has(need)))) direct.add(id)
      else indirect.add(id)
    }
  }
  return { direct, indirect }
}

/** Tests that waited for their other parents (selector.py incorporate_indirect_nodes). */
function incorporate(run: Run, direct: ReadonlySet<string>, indirect: ReadonlySet<string>, mode: IndirectSelection): ReadonlySet<string> {
  if (mode !== 'cautious' && mode !== 'buildable') return direct
  const selected = new Set(direct)
  const fixed = mode === 'buildable' ? union(selected, reach(selected, run.edges.parents, null)) : null
  for (const id of indirect) {
    const node = run.manifest.nodes.get(id)
    if (node && node.resource_type !== 'function' && dependsOn(node).every((need) => (fixed ?? selected).has(need))) selected.add(id)
  }
  return selected
}

function search(run: Run, spec: Criteria): Set<string> {
  const { env, edges } = run
  const value = typeof spec.value === 'string' ? spec.value : String(spec.value)
  if (((spec.method === 'selector' && isNamedInText(spec)) || spec.method === 'unit_test') && env.lacks.has(spec.method)) return fail(run, `'${spec.method}' is not a valid method name`)
  switch (spec.method) {
    case 'state': return searchState(run, value)
    case 'result':
      if (env.results === null) return fail(run, 'No comparison run_results')
      return matching(edges, (id) => env.results?.get(id) === value)
    case 'source_status': return searchFreshness(run, value)
    case 'selector': return searchSelector(run, value)
    default: {
      const test = methodTest(spec, env)
      if (typeof test !== 'function') return fail(run, test.error)
      const found = new Set<string>()
      for (const [id, member] of edges.members) if (test(member)) found.add(id)
      return found
    }
  }
}

function searchState(run: Run, value: string): Set<string> {
  const { state } = run.env
  if (state === null) return fail(run, 'Got a state selector method, but no comparison manifest')
  const check = STATE_CHECKS.find((name) => name === value)
  if (!check) return run.env.unknownStateCheck === 'nothing' ? new Set() : fail(run, `Got an invalid selector "${value}", expected one of "[${STATE_CHECKS.map((name) => `'${name}'`).join(', ')}]"`)
  for (const warning of state.warnings(check)) if (!run.warnings.includes(warning)) run.warnings.push(warning)
  const error = state.error(check)
  return error === null ? matching(run.edges, (id) => state.matches(check, id)) : fail(run, error)
}

function searchFreshness(run: Run, value: string): Set<string> {
  const { previous, current } = run.env.freshness
  if (previous === null) return fail(run, 'No previous state comparison freshness results in sources.json')
  if (current === null) return fail(run, 'No current state comparison freshness results in sources.json')
  if (value !== 'fresher') return new Set()
  return matching(run.edges, (id) => {
    const now = current.get(id)
    if (now === undefined || now === null) return false
    const before = previous.get(id)
    return before === undefined || before === null || Date.parse(now) > Date.parse(before)
  })
}

/** Python's recursion limit stops circular selectors; ours is lower than any honest nesting. */
const MAX_SELECTOR_DEPTH = 40

function searchSelector(run: Run, pattern: string): Set<string> {
  const named = Array.from(run.env.selectors).filter(([name]) => fnmatch(name, pattern)).toSorted(([a], [b]) => compareText(a, b))
  if (named.length === 0) return fail(run, `Selector '${pattern}' did not match any selector in selectors.yml`)
  const found = new Set<string>()
  run.depth++
  for (const [, { spec }] of named) {
    if (run.depth > MAX_SELECTOR_DEPTH) return fail(run, `Circular dependency detected in selector: ${spec.raw}`)
    for (const id of getSelected(run, spec)) found.add(id)
  }
  run.depth--
  return found
}

function matching(edges: GraphEdges, test: (id: string) => boolean): Set<string> {
  return new Set(Array.from(edges.members.keys()).filter(test))
}

function fail(run: Run, message: string): Set<string> {
  run.error ??= message
  return new Set()
}

function combine(kind: 'union' | 'intersection' | 'difference', sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const [first, ...rest] = sets
  if (!first) return new Set()
  if (kind === 'union') return sets.reduce(union)
  const keep = kind === 'intersection' ? (id: string): boolean => rest.every((set) => set.has(id)) : (id: string): boolean => !rest.some((set) => set.has(id))
  return new Set(Array.from(first).filter(keep))
}

function union(left: ReadonlySet<string>, right: ReadonlySet<string>): ReadonlySet<string> {
  const both = new Set(left)
  for (const id of right) both.add(id)
  return both
}
