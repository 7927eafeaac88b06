// `dbtDefer.plan`: what a dbt command would do, and what would change if something were otherwise. Shown as Markdown; runs nothing.

import path from 'node:path'
import type { Connection } from 'vscode-languageserver/node'
import { planChange } from '../dbt/defer/plan-change.ts'
import { DBT_COMMANDS } from '../dbt/graph/select-commands.ts'
import type { ProjectHost } from '../dbt/ports.ts'
import { resourceOf } from '../dbt/snapshot.ts'
import { selectionFor } from '../ide/dbt-command.ts'
import { changeMarkdown, planMarkdown } from '../ide/plan-text.ts'
import { parseAssumption, planned } from '../ide/planned.ts'
import type { ClientFeatures } from './features.ts'
import type { Log } from './logger.ts'
import { tell } from './tell.ts'
import { uriOf } from './uris.ts'
import type { ProjectSession } from './project-session.ts'
import type { Workspace } from './workspace.ts'

export interface PlanShown { readonly text: string; readonly uri: string | null; readonly command_line: string }

export interface PlansOptions {
  readonly connection: Connection
  readonly workspace: Workspace
  readonly host: ProjectHost
  readonly features: () => ClientFeatures
  readonly log: Log
}

/** Arguments: the dbt command, a unique_id or selection, and words as `plan --against` takes them. */
export async function showPlan(options: PlansOptions, given: readonly unknown[]): Promise<PlanShown | null> {
  const [command, selection = '', ...words] = given
  const meant = DBT_COMMANDS.find((each) => each === command)
  const refuse = (message: string) => { tell(options.connection, 'error', message); return null }
  if (meant === undefined || typeof selection !== 'string' || !words.every((each) => typeof each === 'string')) return refuse('plan needs a dbt command, what to select, and what to assume')
  const projects = await options.workspace.opened()
  const project = projects.find((each) => resourceOf(each.snapshot(), selection)) ?? projects[0]
  if (!project) return refuse('no dbt project is open')
  const snapshot = await project.whenQuiet()
  const asked = { command: meant, select: selectionFor(snapshot, selection).split(' ').filter(Boolean), exclude: [], selector: null, otherOptions: snapshot.project.target ? ['--target', snapshot.project.target.name] : [] }
  const made = planned(snapshot, project.inputs(), asked, null)
  if (!made.ok) return refuse(made.message)
  let text = planMarkdown(snapshot, made.plan)
  if (words.length > 0) {
    const assumption = parseAssumption(words)
    if (!assumption.ok) return refuse(assumption.message)
    const evidence = await otherState(options.host, project, assumption.assumption.state)
    const other = evidence === null ? { ok: false as const, message: `no state in ${assumption.assumption.state ?? ''}` } : planned(snapshot, project.inputs(), asked, assumption.assumption, evidence)
    if (!other.ok) return refuse(other.message)
    text = `${changeMarkdown(planChange(made.plan, other.plan), words.join(' '))}\n${text}`
  }
  return { text, uri: show(options, snapshot.project.targetPath, text), command_line: made.plan.commandLine }
}

async function otherState(host: ProjectHost, session: ProjectSession, state: string | undefined) {
  const inputs = session.inputs()
  if (state === undefined) return inputs.evidence
  const { project } = inputs
  const flags = { ...project.flags, state: { value: path.resolve(session.root, state).replaceAll('\\', '/'), from: 'what if' }, deferState: { value: null, from: 'default' } }
  const evidence = await host.evidence({ ...inputs, project: { ...project, flags } }, { ...inputs.request, cli: { ...inputs.request.cli, state } }, session.snapshot().manifest)
  return evidence.deferState === null ? null : evidence
}

/** A file below the target path, for clients that can be asked to show one. */
function show({ connection, host, features, log }: PlansOptions, targetPath: string, text: string): string | null {
  if (!features().showDocument) return null
  const file = path.join(targetPath, 'dbt-defer-ls', 'plan.md')
  const problem = host.write(file, text)
  if (problem !== null) {
    log(`cannot write ${file}: ${problem}`)
    return null
  }
  void connection.window.showDocument({ uri: uriOf(file), takeFocus: false })
  return uriOf(file)
}
