// From collected nodes to the manifest: names and configs finished, descriptions rendered, switched nodes moved, edges drawn, the whole checked.
// dbt 1.12: parser/manifest.py cleanup_disabled, process_docs, process_refs …, check_*.

import type { Manifest, ManifestNode, OtherResource, SourceNode } from '../../nodes/types.ts'
import { OverlayMap } from '../../nodes/overlay-map.ts'
import { checkSteps } from '../checks.ts'
import { measuresOf, metricEdges, resolveUnitTest } from '../edges-of-others.ts'
import { lookupSteps } from '../lookup.ts'
import { resolveEdges } from '../resolve-edges.ts'
import type { Build } from './build.ts'
import type { Collected } from './collect.ts'
import { describeNode, describeOther, describeSource, docsTable } from './describe.ts'
import type { Docs } from './describe.ts'
import type { FileRecord } from './entry-records.ts'
import { finishNode } from './finish.ts'
import { recipeOf } from './memory.ts'
import type { Recipe } from './memory.ts'
import { manifestMacros } from './macros.ts'
import { upstreamNodes } from './upstream-nodes.ts'
import type { Work } from './work.ts'

type Disabled = ManifestNode | SourceNode | OtherResource

export interface Completed { readonly manifest: Manifest; readonly docs: Docs; readonly recipes: ReadonlyMap<string, Recipe>; readonly records: ReadonlyMap<string, FileRecord> }

/** Yields between nodes. */
export function* complete(build: Build, collected: Collected): Generator<void, Completed> {
  const docs = docsTable(build, collected.others)
  const nodes = new Map<string, ManifestNode>()
  const disabled = new Map<string, Disabled[]>()
  yield* placeNodes(build, collected, docs, nodes, disabled)
  for (const node of upstreamNodes(build.project, id => nodes.has(id) || disabled.has(id))) nodes.set(node.unique_id, node)
  const sources = new Map<string, SourceNode>()
  for (const [id, source] of collected.sources) sources.set(id, describeSource(build, docs, source))
  for (const source of collected.disabledSources) put(disabled, source)
  const others = new Map<string, OtherResource>()
  const units: OtherResource[] = []
  for (const other of collected.others) {
    if (!other.enabled) put(disabled, other)
    else if (other.resource_type === 'unit_test') units.push(other)
    else others.set(other.unique_id, describeOther(build, docs, other))
  }
  const draft: Manifest = { nodes, sources, macros: yield* manifestMacros(build, collected.macroPatches, docs), others, disabled, problems: [], final: true }
  yield* drawEdges(build, draft, nodes, others)
  for (const work of collected.assembly.nodes.values()) if (work.node) work.node = build.memory.settled(work.parsed.declaration, work.node)
  yield
  for (const unit of units) {
    const resolved = resolveUnitTest(build.project, draft, unit)
    for (const one of resolved.enabled) others.set(one.unique_id, one)
    for (const one of resolved.disabled) put(disabled, one)
  }
  const checked = yield* checkSteps(build.project, draft)
  yield
  const recipes = recipesOf(collected)
  const records = new Map<string, FileRecord>()
  for (const each of collected.drafts) {
    yield
    records.set(each.resource.file.path, each.finished(nodes))
  }
  return { manifest: { ...draft, problems: [...build.problems, ...checked] }, docs, recipes, records }
}

/** Works whose file declares nothing else, so that an edit of it concerns this node alone. */
function recipesOf({ assembly, origins }: Collected): Map<string, Recipe> {
  const recipes = new Map<string, Recipe>()
  for (const work of assembly.nodes.values()) {
    const origin = origins.get(work.parsed.declaration)
    if (origin && work.node) recipes.set(origin.file.path, recipeOf(work, work.node, origin))
  }
  return recipes
}

function put(disabled: Map<string, Disabled[]>, resource: Disabled): void {
  const list = disabled.get(resource.unique_id)
  if (list) list.push(resource)
  else disabled.set(resource.unique_id, [resource])
}

/** Finishes every node; tests last, for they take the group of what they hang on. YAML may have switched a node on or off. */
function* placeNodes(build: Build, { assembly }: Collected, docs: Docs, nodes: Map<string, ManifestNode>, disabled: Map<string, Disabled[]>): Generator<void> {
  const groups = new Map<string, string | null>()
  const finish = (work: Work): ManifestNode => {
    if (work.attached !== null) work.attachedGroup = groups.get(work.attached) ?? null
    const node = describeNode(build, docs, finishNode(build, work))
    work.node = node
    if (!work.parsed.declaration.test) groups.set(node.unique_id, node.group)
    return node
  }
  const enabledWorks = [...assembly.nodes.values()]
  const disabledWorks = [...assembly.disabled.values()].flat()
  for (const tests of [false, true]) {
    for (const work of [...enabledWorks, ...disabledWorks]) {
      if ((work.parsed.declaration.test !== null) !== tests) continue
      finish(work)
      yield
    }
  }
  const late: ManifestNode[] = []
  for (const work of enabledWorks) {
    const { node } = work
    if (!node) continue
    if (node.enabled) nodes.set(node.unique_id, node)
    else late.push(node)
  }
  const switchedOn = new Set<string>()
  for (const work of disabledWorks) if (work.node?.enabled) switchedOn.add(work.unique_id)
  for (const work of disabledWorks) {
    const { node } = work
    if (!node) continue
    // dbt takes the whole list of an id out once one of its nodes is switched on.
    if (switchedOn.has(node.unique_id)) { if (node.enabled && !nodes.has(node.unique_id)) nodes.set(node.unique_id, node) }
    else put(disabled, node)
  }
  for (const node of late) put(disabled, node)
}

function* drawEdges(build: Build, manifest: Manifest, nodes: Map<string, ManifestNode>, others: Map<string, OtherResource>): Generator<void> {
  const { project, memory } = build
  yield* lookupSteps(manifest)
  // Lookup tables are read while nodes are replaced by themselves with edges: names do not change.
  for (const [id, node] of nodes) {
    const edges = resolveEdges(project, manifest, node)
    if (edges.switchedOff && !project.rules.keepsTestsOnMissing) {
      nodes.delete(id)
      build.problems.push(...edges.problems)
      continue
    }
    nodes.set(id, memory.withEdges(node, edges, () => withEdges(node, edges)))
    yield
  }
  const measures = measuresOf(manifest)
  for (const [id, other] of others) {
    yield
    if (other.resource_type === 'doc' || other.resource_type === 'group' || other.resource_type === 'unit_test') continue
    const edges = resolveEdges(project, manifest, other)
    const metric = other.resource_type === 'metric' ? metricEdges(project, manifest, measures, other) : null
    const all = [...new Set([...edges.nodes, ...metric?.nodes ?? []])]
    const problems = [...other.problems, ...edges.problems, ...metric?.problems ?? []]
    if (all.length || problems.length) others.set(id, { ...other, depends_on: { nodes: all, macros: [] }, problems })
  }
}

export function withEdges(node: ManifestNode, edges: ReturnType<typeof resolveEdges>): ManifestNode {
  // A model of another project names nothing, and keeps the edges that its manifest says.
  const names = node.refs.length + node.sources.length + node.metrics.length + node.functions.length
  if (!edges.nodes.length && !edges.problems.length && !edges.switchedOff && (names === 0 || !node.depends_on.nodes.length)) return node
  return {
    ...node, depends_on: { nodes: edges.nodes, macros: node.depends_on.macros }, problems: edges.problems.length ? [...node.problems, ...edges.problems] : node.problems,
    ...edges.switchedOff ? { enabled: false, config: new OverlayMap(node.config, new Map([['enabled', false]])) } : {},
  }
}
