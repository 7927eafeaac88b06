// "What would this run do?" and "what if": a plan over a snapshot and what is assumed otherwise. Command line and editors ask here; states that
// an assumption names come in as evidence, nothing is read.

import { selectionOf } from '../dbt/assemble.ts'
import { relationKey } from '../dbt/defer/existence.ts'
import { planOf, type Plan } from '../dbt/defer/plan.ts'
import type { DeferWorld, RelationListing } from '../dbt/defer/types.ts'
import type { DbtCommand } from '../dbt/graph/select-commands.ts'
import type { Evidence, Inputs } from '../dbt/inputs.ts'
import type { ManifestNode } from '../dbt/nodes/types.ts'
import { graphOf, type Snapshot } from '../dbt/snapshot.ts'

/** What differs from how things stand. Absent: as they stand. */
export interface Assumption {
  readonly defer?: boolean
  readonly favorState?: boolean
  /** Another state directory, as written; `evidence` of planned() is then what was read of it. */
  readonly state?: string
  /** Names or unique_ids whose relations of the current target are thought away. */
  readonly dropped: readonly string[]
  /** Selections added to the selection. */
  readonly added: readonly string[]
}

export type ParsedAssumption = { readonly ok: true; readonly assumption: Assumption } | { readonly ok: false; readonly message: string }

/** `defer no-defer favor-state no-favor-state state=DIR drop=NAME add=SELECTION`, several together. */
export function parseAssumption(words: readonly string[]): ParsedAssumption {
  let assumption: Assumption = { dropped: [], added: [] }
  for (const word of words) {
    const [, key = '', value = ''] = /^([\w-]+)(?:=(.+))?$/s.exec(word) ?? []
    if (key === 'defer' && value === '') assumption = { ...assumption, defer: true }
    else if (key === 'no-defer' && value === '') assumption = { ...assumption, defer: false }
    else if (key === 'favor-state' && value === '') assumption = { ...assumption, favorState: true, defer: assumption.defer ?? true }
    else if (key === 'no-favor-state' && value === '') assumption = { ...assumption, favorState: false }
    else if (key === 'state' && value !== '') assumption = { ...assumption, state: value, defer: assumption.defer ?? true }
    else if (key === 'drop' && value !== '') assumption = { ...assumption, dropped: [...assumption.dropped, value] }
    else if (key === 'add' && value !== '') assumption = { ...assumption, added: [...assumption.added, value] }
    else return { ok: false, message: `--against takes defer, no-defer, favor-state, no-favor-state, state=DIR, drop=NAME and add=SELECTION, not ${word}` }
  }
  return { ok: true, assumption }
}

export interface Asked {
  readonly command: DbtCommand
  readonly select: readonly string[]
  readonly exclude: readonly string[]
  readonly selector: string | null
  /** The user's own options, as the command line repeats them, without the selection. */
  readonly otherOptions: readonly string[]
}

export type Planned = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly message: string }

/** `evidence`: of the assumption's state directory; else the snapshot's own. */
export function planned(snapshot: Snapshot, inputs: Inputs, asked: Asked, assumption: Assumption | null, evidence: Evidence = inputs.evidence): Planned {
  const { project, manifest } = snapshot
  const { flags } = project
  const dropped: ManifestNode[] = []
  for (const name of assumption?.dropped ?? []) {
    const found = manifest.nodes.get(name) ?? Array.from(manifest.nodes.values()).find((node) => node.name === name && node.relation_name !== null)
    if (!found) return { ok: false, message: `nothing called ${name} has a relation that could be dropped` }
    dropped.push(found)
  }
  const request = { ...inputs.request, command: asked.command, select: [...asked.select, ...assumption?.added ?? []], exclude: asked.exclude, selector: asked.selector }
  const selection = selectionOf(snapshot, { ...inputs, evidence, request })
  if (selection.error !== null) return { ok: false, message: selection.error }
  const world: DeferWorld = {
    project, manifest, defer: assumption?.defer ?? snapshot.deferring.defer, favorState: assumption?.favorState ?? snapshot.deferring.favorState, state: evidence.deferState, listing: without(snapshot, dropped), selected: null, command: asked.command,
  }
  return {
    ok: true,
    plan: planOf(world, {
      selected: selection.ids, command: asked.command, edges: graphOf(snapshot), fullRefresh: flags.fullRefresh.value, production: evidence.production.results,
      shownOptions: [...listed('--select', request.select), ...listed('--exclude', request.exclude), ...(request.selector === null ? [] : ['--selector', shellQuoted(request.selector)]), ...asked.otherOptions],
      statePaths: assumption?.state === undefined ? { state: inputs.request.cli.state ?? flags.state.value, deferState: inputs.request.cli.deferState ?? flags.deferState.value } : { state: assumption.state, deferState: null },
    }),
  }
}

function without({ listing, project }: Snapshot, dropped: readonly ManifestNode[]): RelationListing {
  if (dropped.length === 0) return listing
  return { ...listing, absent: new Set(dropped.map((node) => relationKey(project.adapter.database === 'separate' ? node.database : null, node.schema, node.alias))) }
}

function listed(option: string, words: readonly string[]): string[] {
  return words.length === 0 ? [] : [option, ...words.map(shellQuoted)]
}

export function shellQuoted(word: string): string {
  return /^[\w@+.:,/*=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
