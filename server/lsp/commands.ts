// The commands of interfaces.md. Each changes a setting until the server ends, or shows something; only `dbtDefer.run` starts a program, when asked.

import type { Connection, ExecuteCommandParams } from 'vscode-languageserver/node'
import type { ProjectHost } from '../dbt/ports.ts'
import type { Settings } from '../ide/settings.ts'
import type { Documents } from './documents.ts'
import type { ClientFeatures } from './features.ts'
import type { Log } from './logger.ts'
import type { SettingsSource } from './settings-source.ts'
import { statusOf } from './status.ts'
import type { Workspace } from './workspace.ts'

export const COMMANDS = ['dbtDefer.setDefer', 'dbtDefer.setFavorState', 'dbtDefer.setTarget', 'dbtDefer.setState', 'dbtDefer.setExists', 'dbtDefer.refresh', 'dbtDefer.copyRelation', 'dbtDefer.status'] as const

export interface CommandOptions {
  readonly connection: Connection
  readonly workspace: Workspace
  readonly host: ProjectHost
  readonly documents: Documents
  readonly features: () => ClientFeatures
  readonly settings: SettingsSource
  readonly log: Log
}

/** The answer is null, or plain data for the client. A wrong argument is said to the user. */
export function runCommand(options: CommandOptions, params: ExecuteCommandParams): unknown {
  const [argument] = params.arguments ?? []
  switch (params.command) {
    case 'dbtDefer.setDefer': return set(options, 'defer', argument, 'boolean')
    case 'dbtDefer.setFavorState': return set(options, 'favorState', argument, 'boolean')
    case 'dbtDefer.setTarget': return set(options, 'target', argument, 'string')
    case 'dbtDefer.setState': return set(options, 'state', argument, 'string')
    case 'dbtDefer.setExists': return set(options, 'exists', argument, 'string')
    case 'dbtDefer.refresh':
      options.workspace.refresh()
      return null
    case 'dbtDefer.copyRelation': return copy(options, argument)
    case 'dbtDefer.status': return options.workspace.projects().map((project) => statusOf(project.snapshot(), options.documents, !project.settled()))
    default: return say(options, `no such command: ${params.command}`)
  }
}

function set(options: CommandOptions, key: keyof Settings, value: unknown, type: 'boolean' | 'string'): null {
  if (value !== null && typeof value !== type) return say(options, `${key} needs a ${type}, not ${JSON.stringify(value)}`)
  options.settings.override(key, value)
  options.workspace.configure((_, root) => options.settings.of(root), 'command')
  return null
}

/** LSP has no clipboard: the text is answered for clients that have one, and shown for the others. */
function copy(options: CommandOptions, text: unknown): { text: string } | null {
  if (typeof text !== 'string') return say(options, 'copyRelation needs a text')
  void options.connection.window.showInformationMessage(text)
  return { text }
}

function say(options: CommandOptions, message: string): null {
  void options.connection.window.showErrorMessage(`dbt-defer-ls: ${message}`)
  return null
}
