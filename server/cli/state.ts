// `state status`: which state is in use, from where, how old, what is wrong with it. `state pull`: the same once the user's own command has brought it.

import { ageText } from '../ide/describe.ts'
import type { ProjectHost } from '../dbt/ports.ts'
import { withoutSecrets } from '../dbt/project/secrets.ts'
import type { StateManifest } from '../dbt/state/types.ts'
import { HOW_TO_PULL, NO_STATE_TO_PULL } from '../ide/settings.ts'
import { CommandFailure, type Io } from './io.ts'
import { projectOf, type Opened } from './open.ts'
import type { Parsed } from './options.ts'

export function checkStateWords({ rest: [what, ...more] }: Parsed): void {
  if ((what !== 'status' && what !== 'pull') || more.length > 0) throw new CommandFailure('state needs: status or pull')
}

/** Runs the user's command; fails when it does, or brings nothing that can be read. */
export async function pull(parsed: Parsed, host: ProjectHost, io: Io, cwd: string): Promise<void> {
  const { root, request } = projectOf(parsed, host, cwd)
  const { project } = host.open(root, request, new Map(), null)
  const { statePull: command } = request
  const directories = [...new Set([project.flags.state.value, project.flags.deferState.value])].filter((each) => each !== null)
  if (command === null) throw new CommandFailure(HOW_TO_PULL)
  if (directories.length === 0) throw new CommandFailure(NO_STATE_TO_PULL)
  const shown = withoutSecrets(command, project.env)
  io.err(`in ${root}: ${shown}\n`)
  const pulled = await host.pullState({ root, command, directories }, (line) => io.err(`${line}\n`)).done
  if (pulled.kind === 'failed') throw new CommandFailure(`the state was not fetched: ${pulled.why}. Mend the setting statePull (${shown}) or what it asks, then say dbt-defer-ls state pull again.`)
  if (!pulled.changed) io.err('note: no manifest.json was written: the state is the one of before\n')
}

export function state(opened: Opened, io: Io): number {
  const { snapshot, inputs } = opened
  const { flags } = snapshot.project
  const { evidence } = inputs
  const lines = [
    flags.state.value === null ? 'state: none (--state, DBT_STATE, or the setting dbtDefer.state names one)' : described('state', flags.state.value, opened.saidBy(flags.state.from), evidence.state, snapshot.now),
    ...(flags.deferState.value === null ? [] : [described('defer-state', flags.deferState.value, opened.saidBy(flags.deferState.from), evidence.deferState, snapshot.now)]),
    `defer: ${snapshot.deferring.defer ? 'on' : 'off'} (${opened.saidBy(flags.defer.from)}); favor-state: ${snapshot.deferring.favorState ? 'on' : 'off'} (${opened.saidBy(flags.favorState.from)})`,
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
