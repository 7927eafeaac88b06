// The commands of interfaces.md. Each changes a setting until the server ends, or shows something; only `dbtDefer.run` starts a program, when asked.

import type { Connection, ExecuteCommandParams } from 'vscode-languageserver/node'
import type { ProjectHost } from '../dbt/ports.ts'
import type { Problem } from '../dbt/problem.ts'
import { nodesIn, resourceOf, type Snapshot } from '../dbt/snapshot.ts'
import { projectProblems } from '../ide/diagnostics.ts'
import type { Settings } from '../ide/settings.ts'
import type { Variant } from '../ide/compiled-variants.ts'
import type { CompiledDocuments } from './compiled-documents.ts'
import { positionCommands, type PositionCommands } from './compiled-handlers.ts'
import type { Documents } from './documents.ts'
import type { ClientFeatures } from './features.ts'
import type { Log } from './logger.ts'
import { pullStates } from './pull.ts'
import { runDbtCommand } from './run.ts'
import { showPlan } from './plans.ts'
import type { SettingsSource } from './settings-source.ts'
import { statusOf } from './status.ts'
import { tell } from './tell.ts'
import { pathOf, uriOf } from './uris.ts'
import type { Workspace } from './workspace.ts'

export const COMMANDS = ['dbtDefer.setDefer', 'dbtDefer.setFavorState', 'dbtDefer.setTarget', 'dbtDefer.setState', 'dbtDefer.setExists', 'dbtDefer.refresh', 'dbtDefer.pullState', 'dbtDefer.showCompiled', 'dbtDefer.toCompiled', 'dbtDefer.toSource', 'dbtDefer.diffSaved', 'dbtDefer.diffState', 'dbtDefer.diffDefer', 'dbtDefer.copyCompiled', 'dbtDefer.copyRelation', 'dbtDefer.status', 'dbtDefer.run', 'dbtDefer.plan', 'dbtDefer.explainModified'] as const

export interface CommandOptions {
  readonly connection: Connection
  readonly workspace: Workspace
  readonly compiled: CompiledDocuments
  readonly host: ProjectHost
  readonly documents: Documents
  readonly features: () => ClientFeatures
  readonly settings: SettingsSource
  readonly log: Log
}

/** The answer is null, or plain data for the client. A wrong argument is said to the user. */
export function runCommand(options: CommandOptions, params: ExecuteCommandParams): unknown {
  const [argument, second, third] = Array.isArray(params?.arguments) ? (params.arguments as unknown[]) : []
  switch (params?.command) {
    case 'dbtDefer.setDefer': return set(options, ['defer', argument, 'boolean'])
    case 'dbtDefer.setFavorState': return set(options, ['favorState', argument, 'boolean'])
    case 'dbtDefer.setTarget': return set(options, ['target', argument, 'string'])
    case 'dbtDefer.setState':
      // The second argument is the defer-state, the third defer, where they change too.
      return set(options, ['deferState', second, 'string'], ['defer', third, 'boolean'], ['state', argument, 'string'])
    case 'dbtDefer.setExists': return set(options, ['exists', argument, 'string'])
    case 'dbtDefer.refresh':
      options.workspace.refresh()
      return null
    case 'dbtDefer.pullState': return pull(options, argument)
    case 'dbtDefer.showCompiled': return options.compiled.show(argument, second).then((shown) => shown ?? say(options, nothingCompiled(options, argument)))
    case 'dbtDefer.toCompiled': return positions(options).toCompiled(argument, second, third)
    case 'dbtDefer.toSource': return positions(options).toSource(argument, second)
    case 'dbtDefer.diffSaved': return diff(options, argument, second, ['saved', null], (name) => `${name}: saved ↔ as it stands`, 'no dbt model, or one that was never saved')
    case 'dbtDefer.diffState': return diff(options, argument, second, ['state', null], (name) => `${name}: production ↔ here`, 'the state has no such node, or there is no state')
    case 'dbtDefer.diffDefer': return diff(options, argument, second, ['defer-off', 'defer-on'], (name) => `${name}: without defer ↔ with defer`, nothingCompiled(options, argument))
    case 'dbtDefer.copyCompiled': return copyCompiled(options, argument, second)
    case 'dbtDefer.copyRelation': return copy(options, argument)
    case 'dbtDefer.status': return options.workspace.projects().map((project) => statusOf(project.snapshot(), options.documents, !project.settled()))
    case 'dbtDefer.run': return run(options, argument, second)
    case 'dbtDefer.plan': return showPlan(options, params.arguments ?? [])
    case 'dbtDefer.explainModified': return explainModified(options, argument)
    default: return say(options, `no such command: ${String(params?.command)}`)
  }
}

/** Why there is no compiled text: a model that is switched off looks like any other. */
function nothingCompiled({ workspace }: CommandOptions, uri: unknown): string {
  const path = typeof uri === 'string' ? pathOf(uri) ?? uri : ''
  const off = workspace.readersOf(path).flatMap((each) => nodesIn(each.snapshot(), path)).find((node) => 'enabled' in node && !node.enabled)
  return off ? `${off.name} is disabled: dbt compiles nothing of it` : 'nothing here is compiled'
}

function positions({ workspace, documents, compiled, log }: CommandOptions): PositionCommands {
  return positionCommands({ workspace, documents, log }, compiled)
}

/** Two compiled documents and what they are; editors that open documents themselves show them side by side. */
async function diff(options: CommandOptions, uri: unknown, id: unknown, [left, right]: readonly [Variant | null, Variant | null], title: (name: string) => string, otherwise: string): Promise<unknown> {
  const sides = await options.compiled.sides(uri, id, left, right)
  return sides ? { left: sides.left, right: sides.right, title: title(sides.name) } : say(options, otherwise)
}

/** As copyRelation, but not shown: the text is long. Clients without a clipboard get the document. */
async function copyCompiled(options: CommandOptions, uri: unknown, id: unknown): Promise<unknown> {
  const found = await positions(options).text(uri, id)
  if (!found) return say(options, nothingCompiled(options, uri))
  tell(options.connection, 'information', found.exact ? 'The compiled SQL is ready to be pasted.' : 'The compiled SQL is not wholly known: parts of it are as they are written.')
  return found
}

/** What is undefined stays as it is, but for the last, which the command is about. */
function set(options: CommandOptions, ...changes: readonly (readonly [key: keyof Settings, value: unknown, type: 'boolean' | 'string'])[]): null {
  const wanted = changes.filter(([, value], index) => value !== undefined || index === changes.length - 1)
  for (const [key, value, type] of wanted) if (value !== null && typeof value !== type) return say(options, `${key} needs a ${type}, not ${JSON.stringify(value)}`)
  const before = new Map(options.workspace.projects().map((project) => [project.root, new Set(troubles(project.snapshot()).map((each) => each.message))]))
  for (const [key, value] of wanted) options.settings.override(key, value)
  options.workspace.configure((_, root) => options.settings.of(root), 'command')
  sayTroubles(options, before).catch((error: unknown) => options.log(`looking at what a command changed failed: ${String(error)}`))
  return null
}

/** What a command can get wrong. Its diagnostic stands in a file that need not be open: who typed `:DbtState prdo` would see nothing. */
const TROUBLES = /^(?:state-(?!stale|behind|ahead)|defer-without-state|target-|profile-|exists-)/

function troubles(snapshot: Snapshot): readonly Problem[] {
  return projectProblems(snapshot).filter((each) => TROUBLES.test(each.code) && (each.severity === 'error' || each.severity === 'warning'))
}

/** Says those that were not there before, once everything that the command changed has been read. `before`: by project. */
async function sayTroubles({ connection, workspace }: CommandOptions, before: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
  for (const project of workspace.projects()) {
    for (const { message, severity } of troubles(await project.whenQuiet())) {
      if (before.get(project.root)?.has(message) !== true) tell(connection, severity === 'error' ? 'error' : 'warning', message)
    }
  }
}

/** Arguments: the dbt command (`run`, `test` …), and a unique_id or selection. In the project that has the node, else in the first. */
async function run(options: CommandOptions, command: unknown, selection: unknown): Promise<unknown> {
  if (typeof command !== 'string' || (selection !== undefined && typeof selection !== 'string')) return say(options, 'run needs a dbt command and what to select')
  const wanted = selection ?? ''
  const projects = await options.workspace.opened()
  const project = projects.find((each) => resourceOf(each.snapshot(), wanted)) ?? projects[0]
  if (!project) return say(options, 'no dbt project is open')
  const { connection, host, log } = options
  const answer = await runDbtCommand({ connection, host, log, progress: options.features().progress, trusted: options.settings.trusted() }, project, command, wanted)
  if (answer.code !== null) options.workspace.refresh()
  return answer
}

/** Argument: the directory of a project; without it, those that say how. */
async function pull(options: CommandOptions, root: unknown): Promise<unknown> {
  if (root !== undefined && root !== null && typeof root !== 'string') return say(options, 'pullState needs the directory of a project')
  const projects = await options.workspace.opened()
  const { connection, host, log } = options
  return pullStates({ connection, host, log, progress: options.features().progress, trusted: options.settings.trusted(), refresh: options.workspace.refresh }, typeof root === 'string' ? projects.filter((each) => each.root === root) : projects)
}

/** Why a node counts as modified, in sentences, and where its text is another one the two sides of a diff: answered, and said for clients that do nothing with it. */
async function explainModified(options: CommandOptions, id: unknown): Promise<unknown> {
  if (typeof id !== 'string') return say(options, 'explainModified needs a unique_id')
  const snapshot = (await options.workspace.opened()).map((each) => each.snapshot()).find((each) => resourceOf(each, id))
  const reasons = snapshot?.comparison()?.reasons(id) ?? []
  const node = snapshot?.manifest.nodes.get(id)
  const said = [...new Set(reasons.map((each) => each.message))]
  const rewritten = node !== undefined && node.resource_type !== 'seed' && reasons.some(({ what }) => what === 'body')
  const left = rewritten ? await options.compiled.source(node.place.path, id) : null
  if (!left || !node) tell(options.connection, 'information', said.length > 0 ? `${id}: ${said.join('; ')}` : `${id} is not modified`)
  return { reasons: said, ...(left && node ? { left, right: { uri: uriOf(node.place.path), path: node.place.path, exact: true }, title: `${node.name}: production's text ↔ here` } : {}) }
}

/** LSP has no clipboard: the text is answered for clients that have one, and shown for the others. */
function copy(options: CommandOptions, text: unknown): { text: string } | null {
  if (typeof text !== 'string') return say(options, 'copyRelation needs a text')
  tell(options.connection, 'information', text)
  return { text }
}

function say(options: CommandOptions, message: string): null {
  tell(options.connection, 'error', message)
  return null
}
