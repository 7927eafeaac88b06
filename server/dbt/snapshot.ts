// One immutable value that holds a project as it stands: files, manifest, state, what exists, and the answers derived from them.
// `apply` (apply.ts) is the only way to the next one. Nothing here reads a file, a clock or the environment.

import { mayPrintOther, printedByMacro } from './compile/overridden.ts'
import { textOfEmpty } from './compile/questions.ts'
import type { World } from './context/types.ts'
import { answerCall } from './defer/answer.ts'
import type { DeferWorld, RelationListing, Resolution } from './defer/types.ts'
import type { Evidence } from './inputs.ts'
import type { Files, SourceFile } from './files.ts'
import { edgesOf, type GraphEdges } from './graph/select-edges.ts'
import { movedOf } from './graph/moves.ts'
import { strangersIn } from './graph/strangers.ts'
import { withChanges } from './nodes/overlay-map.ts'
import type { Manifest, ManifestNode, OtherResource, MacroNode, ResourceCall, SourceNode } from './nodes/types.ts'
import type { FoundFile } from './project/resource-files.ts'
import type { Problem } from './problem.ts'
import type { Project } from './project/types.ts'
import type { StateComparison } from './state/modified.ts'

export interface Snapshot {
  readonly revision: number
  /** ISO moment at which evidence was collected; ages are told against it. */
  readonly now: string
  readonly project: Project
  /** Disk files with unsaved texts on top, by absolute path. */
  readonly files: Files
  /** dbt_project.yml, packages.yml, selectors.yml …, which are read as no resource. */
  readonly besides: Files
  /** What each file is read as; one file may be read twice (docs and properties). */
  readonly resources: ReadonlyMap<string, readonly FoundFile[]>
  readonly world: World
  readonly manifest: Manifest
  readonly listing: RelationListing
  readonly deferring: DeferWorld
  readonly evidence: Evidence
  /** From which age on production's state and data are called stale. */
  readonly staleAfterDays: number
  /** The user's command that brings the state; null: there is none, or it must not be run. */
  readonly statePull: string | null
  /** Of settings, state and existence: not tied to a file of the project. */
  readonly problems: readonly Problem[]
  /** What differs from `--state`, node by node when asked; null without a state. */
  comparison(): StateComparison | null
}

export type AnyResource = ManifestNode | SourceNode | OtherResource | MacroNode

export interface ResolvedCall {
  readonly node: ManifestNode | OtherResource
  readonly call: ResourceCall
  readonly resolution: Resolution
}

export function resourceOf(snapshot: Snapshot, id: string): AnyResource | null {
  const { manifest } = snapshot
  return manifest.nodes.get(id) ?? manifest.sources.get(id) ?? manifest.others.get(id) ?? manifest.macros.get(id) ?? manifest.disabled.get(id)?.[0] ?? null
}

/** The nodes (not macros) whose declaration stands in a file, disabled ones too. */
export function nodesIn(snapshot: Snapshot, path: string): readonly (ManifestNode | OtherResource | SourceNode)[] {
  const moved = movedOf(snapshot.manifest)
  if (!moved) return fileIndex(snapshot.manifest).get(path) ?? []
  return (fileIndex(moved.core).get(path) ?? []).map((node) => moved.resource(node))
}

/** The generic tests of a file that were seen to have no problem are left out while nothing that decides it changes; `quiet` says that one has none. */
export function nodesToDiagnose(snapshot: Snapshot, path: string): readonly { readonly node: ManifestNode | OtherResource | SourceNode; quiet(): void }[] {
  const moved = movedOf(snapshot.manifest)
  let known = quiets.get(snapshot.deferring)
  if (!known) quiets.set(snapshot.deferring, known = new WeakSet())
  const quiet = known
  const manifest = moved?.core ?? snapshot.manifest
  const elsewhere = strangersIn(manifest).filter((node) => node.place.path !== path && node.problems.some((problem) => problem.place.path === path))
  return [...fileIndex(manifest).get(path) ?? [], ...elsewhere].flatMap((node) => (quiet.has(node) ? [] : [{ node: moved ? moved.resource(node) : node, quiet: () => { if (hangsOnAnswers(node)) quiet.add(node) } }]))
}

/** A call that stands nowhere literally is complained of only by what its answer and the graph say. */
function hangsOnAnswers(node: ManifestNode | OtherResource | SourceNode): boolean {
  return 'test' in node && node.test !== null && node.problems.length === 0 && node.calls.every((call) => call.nameSpan === null)
}

const quiets = new WeakMap<DeferWorld, WeakSet<ManifestNode | OtherResource | SourceNode>>()

/** Every ref, source, function and metric call of a node with its answer, in the order of evaluation. Made once for each node and state of the world. */
export function resolvedCalls(snapshot: Snapshot, node: ManifestNode | OtherResource): readonly ResolvedCall[] {
  let memo = resolved.get(snapshot.deferring)
  if (!memo) resolved.set(snapshot.deferring, memo = new WeakMap())
  let calls = memo.get(node)
  if (!calls) memo.set(node, calls = node.calls.map((call) => ({ node, call, resolution: asPrinted(snapshot, node, call, answerCall(snapshot.deferring, node, call)) })))
  return calls
}

function asPrinted(snapshot: Snapshot, node: ManifestNode | OtherResource, call: ResourceCall, resolution: Resolution): Resolution {
  if (resolution.relation === null || !('raw_code' in node)) return resolution
  const own = (): string | null => (snapshot.project.flags.empty.value ? textOfEmpty(snapshot.project.adapter, call.kind, resolution) : null)
  if (!mayPrintOther(snapshot, node, call)) {
    const printed = own()
    return printed === null || printed === resolution.relation ? resolution : { ...resolution, relation: printed }
  }
  // What the macro prints is known by compiling the node: most who ask where a call goes never look at its text.
  let relation: string | null | undefined
  return { ...resolution, get relation() { return relation ??= printedByMacro(snapshot, node, call) ?? own() ?? resolution.relation } }
}

/** Answers of all calls that stand in a file (or were reached through a call in it). */
export function callsIn(snapshot: Snapshot, path: string): readonly ResolvedCall[] {
  return nodesIn(snapshot, path).flatMap((node) => ('calls' in node ? resolvedCalls(snapshot, node).filter((each) => each.call.path === path) : []))
}

/** Every call that means the given resource. */
export function usersOf(snapshot: Snapshot, id: string): readonly ResolvedCall[] {
  return graphOf(snapshot).children(id).flatMap((child) => {
    const node = snapshot.manifest.nodes.get(child) ?? snapshot.manifest.others.get(child)
    return node ? resolvedCalls(snapshot, node).filter((each) => each.resolution.target === id) : []
  })
}

export function graphOf(snapshot: Snapshot): GraphEdges {
  return edgesOf(snapshot.manifest)
}

export function sourceFile(snapshot: Snapshot, path: string): SourceFile | null {
  return snapshot.files.get(path) ?? snapshot.besides.get(path) ?? null
}

/** The package that a file belongs to; the root's name for a file outside of all. */
export function packageOf(snapshot: Snapshot, path: string): string {
  const known = snapshot.resources.get(path)?.[0]
  if (known) return known.packageName
  let best = snapshot.project.root
  for (const each of snapshot.project.packages.values()) if (path.startsWith(`${each.root}/`) && each.root.length > best.root.length) best = each
  return best.name
}

const resolved = new WeakMap<DeferWorld, WeakMap<ManifestNode | OtherResource, readonly ResolvedCall[]>>()
type FileIndex = ReadonlyMap<string, readonly (ManifestNode | OtherResource | SourceNode)[]>
const indexes = new WeakMap<Manifest, FileIndex>()

/** After an edit that replaced these enabled nodes alone, the new manifest takes over the old one's index. */
export function shareFileIndex(before: Manifest, after: Manifest, ids: readonly string[]): void {
  const [from, to] = [before, after].map((manifest) => movedOf(manifest)?.core ?? manifest)
  const index = from && indexes.get(from)
  if (!index || !to) return
  const paths = new Set(ids.flatMap((id) => to.nodes.get(id)?.place.path ?? []))
  indexes.set(to, withChanges(index, new Map([...paths].map((path) => [path, (index.get(path) ?? []).map((node) => (from.nodes.get(node.unique_id) === node ? to.nodes.get(node.unique_id) ?? node : node))]))))
}

/** After an edit that changed nothing others can see of a node, the answers about all others are as they were: they go by the node. */
export function shareAnswers(from: Snapshot, to: Snapshot, ids: readonly string[]): void {
  const [one, two] = [from.deferring, to.deferring]
  if (from.evidence !== to.evidence || one.state !== two.state || one.listing !== two.listing || one.selected !== null || two.selected !== null || printsByMacros(to)) return
  const known = resolved.get(one)
  if (known) resolved.set(two, known)
  const quiet = quiets.get(one)
  const parents = ({ manifest }: Snapshot, id: string): string => (manifest.nodes.get(id)?.depends_on.nodes ?? []).join()
  if (quiet && ids.every((id) => parents(from, id) === parents(to, id))) quiets.set(two, quiet)
}

/** What each file declares is known from elsewhere. */
export function useFileIndex(manifest: Manifest, index: FileIndex): void { indexes.set(manifest, index) }

/** A ref() of the project's own may look at anything. */
function printsByMacros({ world, project }: Snapshot): boolean {
  return [...project.packages.keys()].some((name) => ['ref', 'source', 'function'].some((kind) => world.macros.find(kind, name)?.internal === false))
}

function fileIndex(manifest: Manifest): FileIndex {
  let index = indexes.get(manifest)
  if (!index) {
    const made = new Map<string, (ManifestNode | OtherResource | SourceNode)[]>()
    indexes.set(manifest, index = made)
    const add = (node: ManifestNode | OtherResource | SourceNode) => {
      const known = made.get(node.place.path)
      if (known) known.push(node)
      else made.set(node.place.path, [node])
    }
    for (const node of manifest.nodes.values()) add(node)
    for (const source of manifest.sources.values()) add(source)
    for (const other of manifest.others.values()) add(other)
    for (const list of manifest.disabled.values()) for (const node of list) add(node)
  }
  return index
}
