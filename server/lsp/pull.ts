// `dbtDefer.pullState`: the user's own command that brings production's manifest, as progress that can be cancelled. Never without being asked, never untrusted.

import { HOW_TO_PULL, NO_STATE_TO_PULL } from '../ide/settings.ts'
import { withoutSecrets } from '../dbt/project/secrets.ts'
import type { ProjectSession } from './project-session.ts'
import type { RunOptions } from './run.ts'
import { tell } from './tell.ts'

export interface PullOptions extends RunOptions {
  /** Reads projects anew. */
  readonly refresh: () => void
}

/** `pulled`: the directories of the projects whose state was fetched. */
export interface PullAnswer { readonly pulled: readonly string[] }

/** Roots whose state is being fetched. */
const running = new Set<string>()

/** Of all projects that say how. */
export async function pullStates(options: PullOptions, projects: readonly ProjectSession[]): Promise<PullAnswer> {
  const refuse = (message: string): PullAnswer => { tell(options.connection, 'error', message); return { pulled: [] } }
  if (!options.trusted) return refuse('this workspace is not trusted: no command of it is run')
  if (projects.length === 0) return refuse('no dbt project is open')
  const able = projects.filter((each) => each.settings().statePull !== null)
  if (able.length === 0) return refuse(HOW_TO_PULL)
  const pulled: string[] = []
  for (const project of able) if (await pullOne(options, project)) pulled.push(project.root)
  return { pulled }
}

async function pullOne({ connection, host, log, progress, refresh }: PullOptions, project: ProjectSession): Promise<boolean> {
  const { root } = project
  const { project: { flags, env } } = await project.whenQuiet()
  const command = project.settings().statePull
  const directories = [...new Set([flags.state.value, flags.deferState.value])].filter((each) => each !== null)
  const refuse = (message: string): false => { tell(connection, 'error', message); return false }
  if (command === null) return refuse(HOW_TO_PULL)
  if (directories.length === 0) return refuse(NO_STATE_TO_PULL)
  if (running.has(root)) return refuse('the state is being fetched already')
  running.add(root)
  try {
    const shown = withoutSecrets(command, env)
    log(`${root}: ${shown}`)
    const reporter = progress ? await connection.window.createWorkDoneProgress() : null
    reporter?.begin('fetching the state', undefined, shown.slice(0, 200), true)
    const run = host.pullState({ root, command, directories }, (line) => {
      log(line)
      reporter?.report(line.slice(0, 200))
    })
    reporter?.token.onCancellationRequested(() => run.cancel())
    const answer = await run.done
    reporter?.done()
    if (answer.kind === 'failed') {
      return reporter?.token.isCancellationRequested ? false : refuse(`the state was not fetched: ${answer.why}. Mend the setting statePull (${shown}) or what it asks; the log has its output`)
    }
    refresh()
    const { deferring: { state } } = await project.whenQuiet()
    tell(connection, answer.changed ? 'information' : 'warning', `${answer.changed ? 'The state was fetched' : 'No manifest.json was written: the state is the one of before'}${state === null ? '' : `, ${state.info.generated_at === null ? 'of unknown age' : `made on ${state.info.generated_at}`}, ${state.nodes.size} nodes`}`)
    return true
  } finally {
    running.delete(root)
  }
}
