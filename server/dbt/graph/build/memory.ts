// What one build leaves for the next: evaluations with the inputs they rest on. A build never reads it without checking.

import type { Value } from '../../../jinja/value.ts'
import type { NameEvaluation } from '../../context/evaluate-node.ts'
import type { ParseEvaluation, Reads, World } from '../../context/types.ts'
import type { Declaration } from '../../nodes/declaration.ts'
import type { Config, ManifestNode } from '../../nodes/types.ts'
import { sameValues, stillTrue, worldDelta } from './reads.ts'
import type { WorldDelta } from './reads.ts'

interface Evaluated { readonly config: Config; readonly evaluation: ParseEvaluation }
interface Named { readonly key: string; readonly names: readonly NameEvaluation[] }
interface Built { readonly inputs: readonly unknown[]; readonly node: ManifestNode; readonly reads: readonly Reads[] }

export interface BuildMemory {
  readonly world: World
  /** By declaration: its text and ids are in the key's identity. */
  readonly evaluations: WeakMap<Declaration, Evaluated>
  readonly extras: WeakMap<Declaration, ReadonlyMap<string, ParseEvaluation>>
  readonly names: WeakMap<Declaration, Named>
  readonly nodes: WeakMap<Declaration, Built>
  /** Rendered strings of YAML by package and text. */
  readonly strings: Map<string, RenderedText>
}

export interface RenderedText { readonly value: Value; readonly problem: string | null; readonly unknown: { readonly code: string; readonly message: string } | null; readonly reads: Reads }

/** The memory of an earlier build, seen from a new world. */
export class Memory {
  readonly world: World
  readonly delta: WorldDelta
  private readonly before: BuildMemory | null
  readonly next: BuildMemory

  constructor(world: World, before: BuildMemory | null) {
    this.world = world
    this.before = before
    this.delta = worldDelta(before?.world ?? null, world)
    this.next = { world, evaluations: new WeakMap(), extras: new WeakMap(), names: new WeakMap(), nodes: new WeakMap(), strings: new Map() }
  }

  private fresh(reads: Reads, text: string): boolean { return stillTrue(this.delta, reads, text, id => this.world.macros.byId.get(id)) }

  evaluation(declaration: Declaration, config: Config, make: () => ParseEvaluation): ParseEvaluation {
    const known = this.before?.evaluations.get(declaration)
    const reusable = known && (known.config === config || sameValues(known.config, config)) && this.fresh(known.evaluation.reads, declaration.raw_code)
    const evaluation = reusable ? known.evaluation : make()
    this.next.evaluations.set(declaration, { config, evaluation })
    return evaluation
  }

  extra(declaration: Declaration, key: string, text: string, make: () => ParseEvaluation): ParseEvaluation {
    const known = this.before?.extras.get(declaration)?.get(key)
    const evaluation = known && this.fresh(known.reads, text) ? known : make()
    const all = new Map(this.next.extras.get(declaration) ?? [])
    all.set(key, evaluation)
    this.next.extras.set(declaration, all)
    return evaluation
  }

  /** `key` names everything of the node that a generate_*_name macro may see. */
  names(declaration: Declaration, key: string, make: () => readonly NameEvaluation[]): readonly NameEvaluation[] {
    const known = this.before?.names.get(declaration)
    const names = known && known.key === key && known.names.every(name => this.fresh(name.reads, 'generate_')) ? known.names : make()
    this.next.names.set(declaration, { key, names })
    return names
  }

  text(key: string, text: string, make: () => RenderedText): RenderedText {
    const made = this.next.strings.get(key)
    if (made) return made
    const known = this.before?.strings.get(key)
    const rendered = known && this.fresh(known.reads, text) ? known : make()
    this.next.strings.set(key, rendered)
    return rendered
  }

  /** The node of the last build when all that went into it is the same object again and the world did not change. */
  node(declaration: Declaration, inputs: readonly unknown[]): ManifestNode | null {
    const known = this.before?.nodes.get(declaration)
    if (!known || !this.delta.nothing || known.inputs.length !== inputs.length || !inputs.every((input, index) => input === known.inputs[index])) return null
    this.next.nodes.set(declaration, known)
    return known.node
  }

  keep(declaration: Declaration, inputs: readonly unknown[], node: ManifestNode): void { this.next.nodes.set(declaration, { inputs, node, reads: [] }) }
}
