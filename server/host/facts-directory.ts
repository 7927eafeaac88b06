// Where the program keeps what makes its next start fast: facts of projects, and its own compiled code.

import path from 'node:path'
import type { Surroundings } from '../dbt/ports.ts'

export interface FactsDirectory {
  /** Null: kept nowhere; `off` says why. */
  readonly directory: string | null
  readonly off: string | null
}

/**
 * DBT_DEFER_LS_CACHE_DIR, else dbt-defer-ls in XDG_CACHE_HOME, ~/.cache or (Windows) %LOCALAPPDATA%.
 * DBT_DEFER_LS_CACHE=off keeps none.
 */
export function factsDirectory({ env, home }: Surroundings, platform: NodeJS.Platform = process.platform): FactsDirectory {
  if (/^(0|off|false|no)$/i.test(env.get('DBT_DEFER_LS_CACHE') ?? '')) return { directory: null, off: 'DBT_DEFER_LS_CACHE switches it off' }
  const given = env.get('DBT_DEFER_LS_CACHE_DIR')
  if (given) return { directory: slashed(path.resolve(given)), off: null }
  const xdg = env.get('XDG_CACHE_HOME')
  // The XDG specification has relative paths ignored.
  const directory = xdg && path.isAbsolute(xdg) ? `${slashed(xdg)}/dbt-defer-ls` : ofHome(env, home, platform)
  return directory === null ? { directory, off: 'there is no home directory' } : { directory, off: null }
}

/** Where compiled code of the program is kept. Only in the user's home: a cache that the environment puts elsewhere may lie in a checkout, and who writes there would have the program run what it is given. */
export function codeDirectory(surroundings: Surroundings, platform: NodeJS.Platform = process.platform): string | null {
  const { directory } = factsDirectory(surroundings, platform)
  return directory === ofHome(surroundings.env, surroundings.home, platform) ? directory : null
}

function ofHome(env: Surroundings['env'], home: string, platform: NodeJS.Platform): string | null {
  const local = env.get('LOCALAPPDATA')
  const base = platform === 'win32' && local ? local : home === '' ? null : `${home}/.cache`
  return base === null ? null : `${slashed(base)}/dbt-defer-ls`
}

function slashed(file: string): string { return file.replaceAll('\\', '/') }
