// Where settings come from, in rising order: defaults, `.dbt-defer-ls.yml`, initializationOptions, the client's configuration, commands.

import type { Connection } from 'vscode-languageserver/node'
import type { ProjectHost } from '../dbt/ports.ts'
import { DEFAULTS, layerSettings, withEnvironment, type Settings, type SettingsProblem } from '../ide/settings.ts'
import type { ClientFeatures } from './features.ts'
import type { Log } from './logger.ts'
import { tell } from './tell.ts'

export interface SettingsSource {
  initialize(options: unknown): void
  changed(settings: unknown): void
  /** Asks the client, if it can be asked. */
  pull(): Promise<void>
  base(): Settings
  /** A client that begins with `trusted: false` stays so until it starts the server anew: a project's own settings reach us through its configuration, and must not declare the project trusted. */
  trusted(): boolean
  of(root: string): Settings
  /** A command of the user overrules everything until the server ends. */
  override(key: keyof Settings, value: unknown): void
}

export interface SettingsSourceOptions {
  readonly connection: Connection
  readonly host: ProjectHost
  readonly log: Log
  readonly features: () => ClientFeatures
}

export function createSettingsSource({ connection, host, log, features }: SettingsSourceOptions): SettingsSource {
  let initial: unknown = null
  let pushed: unknown = null
  let pulled: unknown = null
  const overrides = new Map<string, unknown>()
  const said = new Set<string>()

  const say = (problems: readonly SettingsProblem[], where: string) => {
    for (const problem of problems) {
      const text = `${where}: ${problem.message}`
      if (said.has(text)) continue
      said.add(text)
      log(text)
      tell(connection, 'warning', text)
    }
  }
  const layered = (from: Settings): Settings => {
    let settings = from
    for (const [data, where] of [[initial, 'initializationOptions of dbt-defer-ls'], [pushed, 'settings of dbt-defer-ls'], [pulled, 'settings of dbt-defer-ls'], [Object.fromEntries(overrides), 'command']] as const) {
      const layer = layerSettings(settings, data)
      settings = layer.settings
      say(layer.problems, where)
    }
    return layerSettings(DEFAULTS, initial).settings.trusted ? settings : { ...settings, trusted: false }
  }
  return {
    initialize(options) { initial = options },
    changed(settings) {
      if (typeof settings !== 'object' || settings === null) return
      pushed = 'dbtDefer' in settings ? settings : null
    },
    async pull() {
      if (!features().configuration) return
      try {
        pulled = await connection.workspace.getConfiguration('dbtDefer')
      } catch (error) {
        log(`the client would not tell its configuration: ${error instanceof Error ? error.message : String(error)}`)
      }
    },
    base: () => layered(DEFAULTS),
    trusted: () => layered(DEFAULTS).trusted,
    of(root) {
      const file = host.projectSettings(root)
      const layer = layerSettings(DEFAULTS, file.data)
      say([...layer.problems, ...file.problems.map((message) => ({ key: '', message }))], '.dbt-defer-ls.yml')
      return withEnvironment(layered(layer.settings), host.environment)
    },
    override(key, value) { overrides.set(key, value) },
  }
}
