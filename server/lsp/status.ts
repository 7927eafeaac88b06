// The notification `dbtDefer/status`, for clients that ask for it; sent when something in it changed.

import type { Connection } from 'vscode-languageserver/node'
import { callsIn, type Snapshot } from '../dbt/snapshot.ts'
import { projectProblems } from '../ide/diagnostics.ts'
import { modifiedNodes } from '../ide/modified.ts'
import { ageText } from '../ide/describe.ts'
import { targetNames } from '../ide/trouble-fixes.ts'
import type { Documents } from './documents.ts'
import type { Log } from './logger.ts'
import { newSlice, pause } from './pause.ts'
import type { ProjectSession } from './project-session.ts'

export interface StatusNotification {
  readonly project: string | null
  readonly target: string | null
  readonly targets: readonly string[]
  readonly rules: string
  readonly defer: boolean
  readonly favorState: boolean
  readonly state: { readonly path: string; readonly generated_at: string | null; readonly age: string | null; readonly problem: string | null } | null
  /** Of the refs in open files; problems of the project's configuration and state. */
  readonly counts: { readonly dev: number; readonly prod: number; readonly unknown: number; readonly problems: number }
  /** What `state:modified` selects, with the reason in a few words; null without a state. Unsaved texts count. */
  readonly modified: { readonly count: number; readonly nodes: readonly { readonly unique_id: string; readonly path: string; readonly why: string }[] } | null
  readonly busy: boolean
}

const MOST_MODIFIED = 200

export interface StatusOptions {
  readonly connection: Connection
  readonly documents: Documents
  readonly wanted: () => boolean
  readonly log: Log
}

const DELAY_MS = 100

export function createStatus({ connection, documents, wanted, log }: StatusOptions): { changed(project: ProjectSession): void; dispose(): void } {
  const told = new WeakMap<ProjectSession, string>()
  let ended = false
  let timer: NodeJS.Timeout | null = null
  /** Those that changed since they were told of. */
  const waiting = new Set<ProjectSession>()

  async function tellAll(): Promise<void> {
    for (const project of waiting) {
      await compareAll(project.snapshot())
      waiting.delete(project)
      if (ended) return
      const status = statusOf(project.snapshot(), documents, !project.settled())
      const text = JSON.stringify(status)
      if (told.get(project) === text) continue
      told.set(project, text)
      void connection.sendNotification('dbtDefer/status', status)
    }
  }

  return {
    changed(project) {
      if (!wanted() || ended) return
      waiting.add(project)
      timer ??= setTimeout(() => {
        tellAll().catch((error: unknown) => log(`the status is not told: ${String(error)}`)).finally(() => {
          timer = null
          waiting.clear()
        })
      }, DELAY_MS)
    },
    dispose() {
      ended = true
      if (timer) clearTimeout(timer)
    },
  }
}

/** The first comparison with a big state takes a while: in slices, so that nobody waits for it. Afterwards a keystroke costs one node. */
async function compareAll(snapshot: Snapshot): Promise<void> {
  const comparison = snapshot.comparison()
  if (!comparison || !snapshot.manifest.final) return
  const slice = newSlice()
  for (const table of [snapshot.manifest.nodes, snapshot.manifest.sources, snapshot.manifest.others]) {
    for (const id of table.keys()) {
      comparison.reasons(id)
      await pause(slice, { aborted: false })
    }
  }
}

export function statusOf(snapshot: Snapshot, documents: Documents, busy: boolean): StatusNotification {
  const { project, deferring } = snapshot
  const kinds = documents.all().flatMap((document) => callsIn(snapshot, document.path).map((each) => each.resolution.kind))
  const count = (kind: string) => kinds.filter((each) => each === kind).length
  const problem = snapshot.problems.find((each) => each.code.startsWith('state-') || each.code === 'defer-without-state')
  const directory = (project.flags.deferState.value ?? project.flags.state.value) || null
  const info = deferring.state?.info ?? null
  return {
    project: project.root.name,
    target: project.target?.name ?? null,
    targets: targetNames(snapshot),
    rules: project.rules.name,
    defer: deferring.defer,
    favorState: deferring.favorState,
    state: directory === null && info === null ? null : { path: info?.directory ?? directory ?? '', generated_at: info?.generated_at ?? null, age: info?.generated_at ? ageText(info.generated_at, snapshot.now) : null, problem: problem?.message ?? null },
    counts: { dev: count('dev'), prod: count('prod'), unknown: count('unknown'), problems: projectProblems(snapshot).length },
    modified: modifiedOf(snapshot),
    // Until the state has been read, every answer of defer is unknown.
    busy: busy || deferring.pending === true,
  }
}

function modifiedOf(snapshot: Snapshot): StatusNotification['modified'] {
  if (!snapshot.manifest.final) return null
  const nodes = modifiedNodes(snapshot)
  return nodes && { count: nodes.length, nodes: nodes.slice(0, MOST_MODIFIED).map(({ resource, why }) => ({ unique_id: resource.unique_id, path: resource.place.path, why })) }
}
