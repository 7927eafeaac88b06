// What one project costs: cold index, first names, keystrokes, memory; each against the floor of touching the same files.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { applyFiles, assemble, assembleKept, assembleListed, keepSnapshot } from '../../server/dbt/assemble.ts'
import { openFacts } from '../../server/dbt/cache/kept.ts'
import type { Inputs, OpenRequest } from '../../server/dbt/inputs.ts'
import { evaluateForParse } from '../../server/dbt/context/evaluate-node.ts'
import type { NodeDraft } from '../../server/dbt/context/types.ts'
import { withChanges } from '../../server/dbt/nodes/overlay-map.ts'
import type { ManifestNode } from '../../server/dbt/nodes/types.ts'
import type { Snapshot } from '../../server/dbt/snapshot.ts'
import { drained } from '../../server/dbt/steps.ts'
import { seal, unseal } from '../../server/host/facts-bytes.ts'
import { createProjectHost } from '../../server/host/project-host.ts'
import { captureSurroundings } from '../../server/host/surroundings.ts'
import { diagnostics } from '../../server/ide/diagnostics.ts'
import { DEFAULTS, requestOf } from '../../server/ide/settings.ts'
import { parseTemplate } from '../../server/jinja/parse.ts'
import { milliseconds, percentile, type Row } from './table.ts'

export interface Measured {
  readonly rows: readonly Row[]
  /** Milliseconds. */
  readonly cold: number
  /** The files of SQL models, and the milliseconds of CPU in which their templates were parsed and evaluated as dbt's parse does. */
  readonly evaluated: { readonly files: readonly string[]; readonly cpu: number }
}

const KEYSTROKES = 200

export function measureProject(root: string, profiles: string | null): Measured {
  const name = path.basename(root)
  const list = timed(() => filesOf(root))
  const floor = timed(() => { for (const file of list.value) createHash('sha256').update(readFileSync(file)).digest() })
  const host = createProjectHost({ surroundings: captureSurroundings(root), entry: '', startedIn: 'project' })
  const base = requestOf(DEFAULTS)
  const request = profiles === null ? base : { ...base, cli: { ...base.cli, profilesDir: profiles } }
  const heap = settledHeap()
  const first = timed(() => assembleListed(drained(host.listSteps(root, request, new Map())), host.now()))
  const open = timed(() => host.open(root, request, new Map(), null))
  const whole = timed(() => assemble(open.value, host.now(), null))
  let bytes = 0
  for (const file of open.value.files.values()) bytes += file.text.length
  const used = settledHeap() - heap
  const models = [...whole.value.manifest.nodes.values()].filter((node) => node.resource_type === 'model' && node.language === 'sql')
  // Once more: by now the files lie in the system's memory for both.
  const again = timed(() => { for (const file of filesOf(root)) createHash('sha256').update(readFileSync(file)).digest() }).took
  const warm = measureWarm(root, request, open.value, whole.value, models[0]?.place.path ?? null)
  const strokes = keystrokes(host, open.value, whole.value, models.map((node) => node.place.path))
  const cold = open.took + whole.took
  const began = process.cpuUsage()
  const each = models.map((model) => timed(() => evaluateForParse(whole.value.world, draftOf(model), () => parseTemplate(model.raw_code))).took)
  const { user, system } = process.cpuUsage(began)
  host.dispose()
  const row = (what: string, ours: string, against: string, ratio: number | null, goal: number | null): Row => ({ what: `${name}: ${what}`, ours, against, ratio, goal })
  return {
    cold, evaluated: { files: models.map((model) => model.place.path), cpu: (user + system) / 1000 },
    rows: [
      row(`cold index, ${whole.value.manifest.nodes.size} nodes`, milliseconds(cold), `list, read, hash ${open.value.files.size} files: ${milliseconds(list.took + floor.took)}`, cold / (list.took + floor.took), 8),
      row(`warm start to the diagnostics of a file, ${(warm.bytes / 1e6).toFixed(1)} MB kept`, milliseconds(warm.took), `list, read, hash: ${milliseconds(again)}`, warm.took / again, 3),
      row('first names', milliseconds(first.took), `list the folders: ${milliseconds(list.took)}`, first.took / list.took, 1.5),
      row('keystroke to diagnostics without a client, p95', milliseconds(percentile(strokes, 0.95)), '10 ms', percentile(strokes, 0.95) / 10, 1),
      row('one model parsed and evaluated, p99', milliseconds(percentile(each, 0.99)), '5 ms', percentile(each, 0.99) / 5, 1),
      row('memory', `${(used / 1e6).toFixed(0)} MB`, `${(bytes / 1e6).toFixed(1)} MB of text`, used / bytes, 6),
    ],
  }
}

function draftOf(node: ManifestNode): NodeDraft {
  return { ...node, resource_type: 'model', file: node.place.path, offset: 0, model: new Map(), testKwargs: null }
}

/** A start with the facts of the one before, up to the diagnostics of one file. */
function measureWarm(root: string, request: OpenRequest, inputs: Inputs, snapshot: Snapshot, file: string | null): { readonly took: number; readonly bytes: number } {
  const steps = keepSnapshot(snapshot, inputs, 'bench')
  let step = steps.next()
  while (!step.done) step = steps.next()
  if (step.value?.kind !== 'written') throw new Error('the facts of the bench cannot be kept')
  const bytes = seal(step.value.written, 'bench')
  const { took } = timed(() => {
    const host = createProjectHost({ surroundings: captureSurroundings(root), entry: '', startedIn: 'project' })
    const again = host.open(root, request, new Map(), null)
    const unsealed = unseal(bytes, 'bench')
    const warm = unsealed.kind === 'ok' ? assembleKept(again, host.now(), openFacts(unsealed.pages)) : null
    if (!warm) throw new Error('the facts of the bench do not hold')
    if (file !== null) diagnostics(warm, file)
    host.dispose()
  })
  return { took, bytes: bytes.length }
}

function keystrokes(host: ReturnType<typeof createProjectHost>, opened: ReturnType<ReturnType<typeof createProjectHost>['open']>, start: Snapshot, paths: readonly string[]): number[] {
  let inputs = opened
  let snapshot = start
  const times: number[] = []
  for (let index = 0; index < KEYSTROKES && paths.length > 0; index++) {
    // Ten keystrokes in one file, then the next.
    const file = inputs.files.get(paths[(Math.floor(index / 10) * 7919) % paths.length] ?? '')
    if (!file) continue
    const began = performance.now()
    const typed = host.unsaved(file, `${file.text} `)
    inputs = { ...inputs, files: withChanges(inputs.files, new Map([[file.path, typed]])) }
    snapshot = applyFiles(snapshot, inputs, [typed])
    diagnostics(snapshot, file.path)
    times.push(performance.now() - began)
  }
  return times
}

export function timed<T>(work: () => T): { readonly value: T; readonly took: number } {
  const began = performance.now()
  const value = work()
  return { value, took: performance.now() - began }
}

function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /\.(sql|ya?ml|md|csv|py)$/.test(entry.name)).map((entry) => path.join(entry.parentPath, entry.name))
}

/** Needs --expose-gc; without it the figure holds garbage too. */
function settledHeap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
