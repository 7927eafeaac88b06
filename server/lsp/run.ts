// `dbtDefer.run`: the user's dbt with the flags of the current setting, as progress that can be cancelled. Never without being asked, never untrusted.

import type { Connection } from 'vscode-languageserver/node'
import type { ProjectHost } from '../dbt/ports.ts'
import { dbtArguments, RUNNABLE } from '../ide/dbt-command.ts'
import type { Log } from './logger.ts'
import { tell } from './tell.ts'
import type { ProjectSession } from './project-session.ts'

export interface RunOptions {
  readonly connection: Connection
  readonly host: ProjectHost
  readonly log: Log
  readonly progress: boolean
  readonly trusted: boolean
}

/** Resolves when dbt ended; `code` null: it was not run or was cancelled. */
export async function runDbtCommand({ connection, host, log, progress, trusted }: RunOptions, project: ProjectSession, command: string, selection: string): Promise<{ code: number | null; command: string }> {
  const shown = (args: readonly string[]) => ['dbt', ...args.map((each) => (/^[\w./:+@=-]+$/.test(each) ? each : JSON.stringify(each)))].join(' ')
  const refuse = (message: string) => { tell(connection, 'error', message); return { code: null, command: '' } }
  if (!RUNNABLE.has(command)) return refuse(`dbt ${command} is not run from here`)
  if (!trusted) return refuse('this workspace is not trusted: dbt is not run in it')
  const args = dbtArguments(await project.whenQuiet(), command, selection)
  const line = shown(args)
  log(`${project.root}: ${line}`)
  const output: string[] = []
  const reporter = progress ? await connection.window.createWorkDoneProgress() : null
  const run = host.runDbt(project.root, args, (text) => {
    output.push(text)
    if (output.length > 400) output.shift()
    log(text)
    reporter?.report(text.slice(0, 200))
  })
  if (!run) return refuse('no dbt was found: neither in a virtual environment of the project nor on PATH')
  reporter?.begin(`dbt ${command}`, undefined, line.slice(0, 200), true)
  reporter?.token.onCancellationRequested(() => run.cancel())
  const { code, problem } = await run.done
  reporter?.done()
  if (code === 0) tell(connection, 'information', `${line}: done`)
  else if (!reporter?.token.isCancellationRequested) tell(connection, 'error', `${line}: ${problem ?? output.findLast((text) => /error|fail/i.test(text)) ?? `exit code ${String(code)}`}`)
  return { code, command: line }
}
