// `state status`: which state is in use, from where, how old, what is wrong with it.

import { ageText } from '../ide/describe.ts'
import type { StateManifest } from '../dbt/state/types.ts'
import { CommandFailure, type Io } from './io.ts'
import type { Opened } from './open.ts'
import type { Parsed } from './options.ts'

export function state(opened: Opened, parsed: Parsed, io: Io): number {
  const [what, ...more] = parsed.rest
  if (what !== 'status' || more.length > 0) throw new CommandFailure('state needs: status')
  const { snapshot, inputs } = opened
  const { flags } = snapshot.project
  const { evidence } = inputs
  const lines = [
    flags.state.value === null ? 'state: none (--state, DBT_STATE, or the setting dbtDefer.state names one)' : described('state', flags.state.value, flags.state.from, evidence.state, snapshot.now),
    ...(flags.deferState.value === null ? [] : [described('defer-state', flags.deferState.value, flags.deferState.from, evidence.deferState, snapshot.now)]),
    `defer: ${snapshot.deferring.defer ? 'on' : 'off'} (${flags.defer.from}); favor-state: ${snapshot.deferring.favorState ? 'on' : 'off'} (${flags.favorState.from})`,
  ]
  io.out(`${lines.join('\n')}\n`)
  const problems = snapshot.problems.filter((each) => each.code.startsWith('state-') || each.code === 'defer-without-state')
  for (const problem of problems) io.out(`${problem.severity}: ${problem.message} [${problem.code}]\n`)
  // Without --defer dbt gets along without it; who asks what is wrong with it is told in the exit code too.
  const unread = (flags.state.value !== null && evidence.state === null) || (flags.deferState.value !== null && evidence.deferState === null)
  return unread || problems.some((each) => each.severity === 'error') ? 2 : 0
}

function described(name: string, directory: string, from: string, manifest: StateManifest | null, now: string): string {
  if (!manifest) return `${name}: ${directory} (${from}), not read`
  const { info } = manifest
  const facts = [
    info.generated_at ? `generated ${info.generated_at}${ageText(info.generated_at, now) ? `, ${ageText(info.generated_at, now)} ago` : ''}` : 'of unknown age',
    info.dbt_version ? `by dbt ${info.dbt_version}` : null, info.schema_version === null ? null : `manifest v${info.schema_version}`, info.adapter_type, info.project_name ? `project ${info.project_name}` : null,
    `${manifest.nodes.size} nodes`, `${Math.round(info.bytes / 1024)} kB`,
  ].filter((each) => each !== null)
  return `${name}: ${info.path} (${from})\n  ${facts.join(', ')}`
}
