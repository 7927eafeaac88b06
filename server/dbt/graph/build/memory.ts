// What one build leaves for the next: evaluations with the inputs they rest on. A build never reads it without checking.

import type { Value } from '../../../jinja/value.ts'
import { compact, NO_ITEMS } from '../../../text/compact.ts'
import type { NameEvaluation } from '../../context/evaluate-node.ts'
import type { ParseEvaluation, Reads, World } from '../../context/types.ts'
import type { Partial } from '../../names/config.ts'
import type { Declaration } from '../../nodes/declaration.ts'
import type { Config, ManifestNode } from '../../nodes/types.ts'
import type { ResourceFile } from '../../nodes/resource-file.ts'
import type { FoundFile } from '../../project/resource-files.ts'
import type { Edges } from '../resolve-edges.ts'
import type { Docs } from './describe.ts'
import type { FileRecord } from './entry-records.ts'
import type { Work } from './work.ts'
import { sameValues, stillTrue, worldDelta } from './reads.ts'
import type { WorldDelta } from './reads.ts'

interface Evaluated extends EvaluatedText { readonly config: Config }

/** What the text of a node says: evaluated, and the arguments of its first config() as they are written (null: none, or never asked for). */
export interface EvaluatedText { readonly evaluation: ParseEvaluation; readonly written: Partial | null }
interface Named { readonly inputs: readonly unknown[]; readonly names: readonly NameEvaluation[] }
interface Built { readonly inputs: readonly unknown[]; readonly node: ManifestNode }
interface Edged { readonly edges: Edges; readonly node: ManifestNode }
interface FromEntry { readonly name: string; readonly value: unknown; readonly inputs: readonly unknown[]; readonly reads: readonly Reads[]; readonly next: FromEntry | null }

/** How the one node of a file was made, for making it again: all but what its own text says. */
export interface Recipe {
  readonly work: Omit<Work, 'parsed' | 'node'>
  /** The id that the file itself declares (a version's own is another one), and whether it is switched on before YAML has its say. */
  readonly declared: string
  readonly enabled: boolean
  /** Described; its edges do not matter. */
  readonly plain: ManifestNode
  readonly resource: ResourceFile
}

export function recipeOf(work: Work, plain: ManifestNode, resource: ResourceFile): Recipe {
  const { parsed, node: _node, ...rest } = work
  return { work: rest, declared: parsed.declaration.unique_id, enabled: parsed.config.get('enabled') !== false, plain, resource }
}

export interface BuildMemory {
  readonly world: World
  /** The list of files the build was made of. */
  readonly resources: readonly FoundFile[]
  /** By absolute path; only files that declare a single node. */
  readonly recipes: ReadonlyMap<string, Recipe>
  /** What became of the entries of property files, by absolute path. */
  readonly records: ReadonlyMap<string, FileRecord>
  readonly docs: Docs
  /** By declaration: its text and ids are in the key's identity. */
  readonly evaluations: WeakMap<Declaration, Evaluated>
  readonly extras: WeakMap<Declaration, Map<string, ParseEvaluation>>
  readonly names: WeakMap<Declaration, Named>
  readonly nodes: WeakMap<Declaration, Built>
  /** Rendered strings of YAML by package and text. */
  readonly strings: Map<string, RenderedText>
  /** What was made of a YAML entry, by the entry and a name for it. */
  readonly entries: WeakMap<object, FromEntry>
  /** The names in `entries`: one text for each, not one for each entry. */
  readonly labels: Map<string, string>
  readonly edged: WeakMap<ManifestNode, Edged>
  /** Values that are made anew by each build but are mostly equal. */
  readonly stable: Map<string, unknown>
  /** Names of the environment's variables that any template read. */
  readonly env: Set<string>
}

export interface RenderedText { readonly value: Value; readonly problem: string | null; readonly code: string; readonly unknown: { readonly code: string; readonly message: string } | null; readonly reads: Reads }

/** What a build brings besides what its memory gathered. */
type Rest = Pick<BuildMemory, 'resources' | 'recipes' | 'records' | 'docs'>
type Draft = Omit<BuildMemory, keyof Rest>

function emptyDraft(world: World): Draft {
  return { world, evaluations: new WeakMap(), extras: new WeakMap(), names: new WeakMap(), nodes: new WeakMap(), strings: new Map(), entries: new WeakMap(), labels: new Map(), edged: new WeakMap(), stable: new Map(), env: new Set() }
}

/** Of a build that was not made here but read from a cache: it knows the nodes, and nothing of how they came about. */
export function memoryOfKept(world: World, rest: Omit<Rest, 'records'> & Pick<BuildMemory, 'env'>): BuildMemory { return { ...emptyDraft(world), records: new Map(), ...rest } }

/** The memory of an earlier build, seen from a new world. */
export class Memory {
  readonly world: World
  readonly delta: WorldDelta
  private readonly before: BuildMemory | null
  readonly next: Draft

  constructor(world: World, before: BuildMemory | null, next: Draft = emptyDraft(world)) {
    this.world = world
    this.before = before
    this.delta = worldDelta(before?.world ?? null, world)
    this.next = next
  }

  /** It goes on from a build in the same world: a few nodes are made again. */
  get continues(): boolean { return this.next === this.before }

  /** Goes on in the same world: what is new is added to what is known, which stays true. */
  static continuing(before: BuildMemory): Memory { return new Memory(before.world, before, before) }

  /** What this build leaves. */
  finished(rest: Rest): BuildMemory { return { ...this.next, ...rest } }

  private fresh(reads: Reads, text: string): boolean { return stillTrue(this.delta, reads, text, id => this.world.macros.byId.get(id)) }

  /** What was read of the environment; what evaluates without asking here says so itself. */
  note(reads: Reads): void { for (const name of reads.env) this.next.env.add(name) }

  evaluation(declaration: Declaration, config: Config, make: () => EvaluatedText): EvaluatedText {
    const known = this.before?.evaluations.get(declaration)
    const reusable = known && (known.config === config || sameValues(known.config, config)) && this.fresh(known.evaluation.reads, declaration.raw_code)
    const { evaluation, written } = reusable ? known : make()
    this.note(evaluation.reads)
    const evaluated: Evaluated = { config, evaluation, written }
    this.next.evaluations.set(declaration, evaluated)
    return evaluated
  }

  extra(declaration: Declaration, key: string, text: string, make: () => ParseEvaluation): ParseEvaluation {
    const known = this.before?.extras.get(declaration)?.get(key)
    const evaluation = known && this.fresh(known.reads, text) ? known : make()
    this.note(evaluation.reads)
    const all = this.next.extras.get(declaration)
    if (all) all.set(key, evaluation)
    else this.next.extras.set(declaration, new Map([[key, evaluation]]))
    return evaluation
  }

  /** `inputs`: everything that decides what a generate_*_name macro may see of the node. `isWorth`: asked after `make`, whether it is cheaper to remember than to make again. */
  names(declaration: Declaration, inputs: readonly unknown[], make: () => readonly NameEvaluation[], isWorth: () => boolean): readonly NameEvaluation[] {
    const known = this.before?.names.get(declaration)
    const holds = known !== undefined && sameInputs(known.inputs, inputs) && known.names.every(name => this.fresh(name.reads, ''))
    const names = holds ? known.names : make()
    for (const name of names) this.note(name.reads)
    if (holds || isWorth()) this.next.names.set(declaration, { inputs, names })
    return names
  }

  text(key: string, text: string, make: () => RenderedText): RenderedText {
    const made = this.next.strings.get(key)
    if (made) return made
    const known = this.before?.strings.get(key)
    const rendered = known && this.fresh(known.reads, text) ? known : make()
    this.note(rendered.reads)
    this.next.strings.set(key, rendered)
    return rendered
  }

  /** What `make` makes of a YAML entry (or of a value made of it); `reads` collects what its templates read, `inputs` says what else it rests on. */
  fromEntry<T>(entry: object, name: string, make: (reads: Reads[]) => T, inputs: readonly unknown[] = NO_ITEMS): T {
    const known = named(this.before?.entries.get(entry), name)
    let made: Omit<FromEntry, 'name' | 'next'>
    if (known && !this.delta.everything && sameInputs(known.inputs, inputs) && known.reads.every(reads => this.fresh(reads, ''))) made = known
    else {
      const reads: Reads[] = []
      made = { value: make(reads), inputs, reads: compact(reads) }
    }
    made.reads.forEach(each => this.note(each))
    let label = this.next.labels.get(name)
    if (label === undefined) this.next.labels.set(name, label = name)
    this.next.entries.set(entry, { name: label, value: made.value, inputs: made.inputs, reads: made.reads, next: without(this.next.entries.get(entry), name) })
    return made.value as T
  }

  /** The node of the last build when all that went into it is the same object again and the world did not change. */
  node(declaration: Declaration, inputs: readonly unknown[]): ManifestNode | null {
    const known = this.before?.nodes.get(declaration)
    if (!known || !this.delta.nothing || !sameInputs(known.inputs, inputs)) return null
    this.next.nodes.set(declaration, known)
    return known.node
  }

  /** The node with these edges: the last build's own object when they are equal. */
  withEdges(node: ManifestNode, edges: Edges, make: () => ManifestNode): ManifestNode {
    if (!edges.problems.length && !edges.switchedOff && sameInputs(node.depends_on.nodes, edges.nodes)) return node
    const known = this.before?.edged.get(node)
    const edged = known && sameInputs(known.edges.nodes, edges.nodes) && known.edges.switchedOff === edges.switchedOff && JSON.stringify(known.edges.problems) === JSON.stringify(edges.problems) ? known : { edges, node: make() }
    this.next.edged.set(node, edged)
    return edged.node
  }

  /** What `withEdges` made of a node stands for it from now on: the next build draws its edges anew. The node itself when its edges say more than where they lead. */
  settled(declaration: Declaration, node: ManifestNode): ManifestNode {
    const edged = this.next.edged.get(node)
    if (!edged || edged.edges.problems.length || edged.edges.switchedOff) return node
    const built = this.next.nodes.get(declaration)
    if (built?.node === node) this.next.nodes.set(declaration, { inputs: built.inputs, node: edged.node })
    return edged.node
  }

  /** The last build's value when the new one equals it. */
  stable<T>(name: string, value: T, equal: (one: T, two: T) => boolean): T {
    const known = this.before?.stable.get(name) as T | undefined
    const kept = known !== undefined && equal(known, value) ? known : value
    this.next.stable.set(name, kept)
    return kept
  }

  keep(declaration: Declaration, inputs: readonly unknown[], node: ManifestNode): void { this.next.nodes.set(declaration, { inputs, node }) }
}

function sameInputs(one: readonly unknown[], two: readonly unknown[]): boolean { return one.length === two.length && one.every((input, index) => input === two[index]) }

function named(first: FromEntry | null | undefined, name: string): FromEntry | null {
  for (let each = first ?? null; each !== null; each = each.next) if (each.name === name) return each
  return null
}

function without(first: FromEntry | null | undefined, name: string): FromEntry | null {
  if (!first) return null
  const next = without(first.next, name)
  return first.name === name ? next : next === first.next ? first : { ...first, next }
}
