// A project of ours held open while its files are edited on disk and put back: hundreds of edits without starting a program for each.
// It asks through the same doors as the command line (host, assemble, select).

import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { assemble } from '../../../server/dbt/assemble.ts'
import type { Inputs, OpenRequest } from '../../../server/dbt/inputs.ts'
import { select } from '../../../server/dbt/selection.ts'
import type { Snapshot } from '../../../server/dbt/snapshot.ts'
import { createProjectHost } from '../../../server/host/project-host.ts'
import { allDiagnostics } from '../../../server/ide/diagnostics.ts'
import { DEFAULTS, requestOf, type Settings } from '../../../server/ide/settings.ts'
import { applyEdit, type Edit } from '../projects.ts'

export interface Edited {
  /** The first error of the project; null: none. */
  readonly refusal: string | null
  select(select: readonly string[], exclude: readonly string[]): { readonly ids: readonly string[]; readonly error: string | null }
  reasons(id: string): unknown
}

/** `venv`: the environment whose dbt is compared with; null: no dbt is installed. */
export async function openOurs(root: string, state: string, { venv, rules, target = null }: { readonly venv: string | null; readonly rules: Settings['rules']; readonly target?: string | null }): Promise<{ edited(edits: readonly Edit[]): Promise<Edited>; done(): Promise<void> }> {
  const env = new Map(Object.entries(process.env).flatMap(([key, value]) => (value === undefined || key.startsWith('DBT_') ? [] : [[key, value] as const])))
  if (venv === null) for (const key of ['VIRTUAL_ENV', 'PATH']) env.delete(key)
  else env.set('VIRTUAL_ENV', venv)
  const host = createProjectHost({ surroundings: { env, cwd: root, home: env.get('HOME') ?? '/' }, startedIn: 'process', entry: 'from-source.ts' })
  const base = requestOf({ ...DEFAULTS, state, profilesDir: root, rules, target, exists: 'none' })
  const request: OpenRequest = { ...base, cli: { ...base.cli, resourceTypes: ['all'] }, command: 'ls' }
  let inputs: Inputs = host.open(root, request, new Map(), null)
  let snapshot: Snapshot = assemble(inputs, host.now(), null)
  inputs = { ...inputs, evidence: await host.evidence(inputs, request, snapshot.manifest) }
  inputs = host.open(root, request, new Map(), inputs)
  snapshot = assemble(inputs, host.now(), snapshot)
  return {
    async edited(edits) {
      const undo = edits.map((edit) => undoOf(root, edit))
      for (const edit of edits) applyEdit(root, edit)
      try {
        inputs = host.open(root, request, new Map(), inputs)
        snapshot = assemble(inputs, host.now(), snapshot)
      } finally {
        for (const each of undo) each()
      }
      const [now, asked] = [snapshot, inputs]
      return {
        refusal: [...allDiagnostics(now).values()].flat().find((each) => each.severity === 'error')?.message ?? null,
        select: (include, exclude) => select({ project: now.project, manifest: now.manifest, inputs: { ...asked, request: { ...asked.request, select: include, exclude } }, now: now.now }),
        reasons: (id) => now.comparison()?.reasons(id).map((each) => ({ what: each.what, selector: each.selector, key: each.key, old: each.old, new: each.new })),
      }
    },
    async done() { host.dispose() },
  }
}

function undoOf(root: string, edit: Edit): () => void {
  const file = path.join(root, edit.path)
  let before: Buffer | null = null
  try { before = readFileSync(file) } catch { /* The edit makes the file. */ }
  return () => {
    if (edit.move !== undefined) rmSync(path.join(root, edit.move), { force: true })
    if (before === null) rmSync(file, { force: true })
    else applyEdit(root, { path: edit.path, text: before.toString('utf8') })
  }
}
