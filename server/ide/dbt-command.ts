// The dbt command that does what the editor shows: the same target, state, defer and favor-state, as arguments (no shell, no quoting).

import type { Snapshot } from '../dbt/snapshot.ts'
import { resourceOf } from '../dbt/snapshot.ts'

/** What may be run from an editor; everything else is for a terminal. */
export const RUNNABLE: ReadonlySet<string> = new Set(['run', 'build', 'test', 'seed', 'snapshot', 'compile'])

/** Arguments of dbt for a resource by its unique_id, or for a selection as it stands. Empty `selection`: everything. */
export function dbtArguments(snapshot: Snapshot, command: string, selection: string): string[] {
  const { project, deferring } = snapshot
  const { flags } = project
  const given = (option: string, value: string | null, from: string) => (value === null || value === '' || from === 'default' ? [] : [option, value])
  const selected = selectionFor(snapshot, selection)
  return [
    command,
    ...(selected === '' ? [] : ['--select', selected]),
    ...(project.target ? ['--target', project.target.name] : []),
    ...given('--profiles-dir', flags.profilesDir.value, flags.profilesDir.from),
    ...given('--profile', flags.profile.value, flags.profile.from),
    ...given('--target-path', flags.targetPath.value, flags.targetPath.from),
    ...given('--vars', flags.vars.value, flags.vars.from),
    ...(deferring.defer ? ['--defer', ...given('--state', flags.state.value, ''), ...(flags.deferState.value !== null && flags.deferState.value !== flags.state.value ? ['--defer-state', flags.deferState.value] : []), ...(deferring.favorState ? ['--favor-state'] : [])] : ['--no-defer']),
  ]
}

/** A unique_id as dbt's selection names it: by its fqn, which is unique; generic tests and others by name. */
export function selectionFor(snapshot: Snapshot, selection: string): string {
  const resource = resourceOf(snapshot, selection)
  if (!resource) return selection
  if (resource.resource_type === 'source') return `source:${resource.fqn.join('.')}`
  return resource.fqn.length > 1 ? resource.fqn.join('.') : resource.name
}
