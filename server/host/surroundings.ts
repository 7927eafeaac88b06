// The process's environment, current and home directory, captured once as values.

import { homedir } from 'node:os'
import type { Surroundings } from '../dbt/ports.ts'

/** `cwd`: where dbt would be started; an editor's server takes the project's directory, as people start dbt there. */
export function captureSurroundings(cwd: string = process.cwd()): Surroundings {
  return { env: environmentOf(process.env, process.platform), cwd: slashed(cwd), home: slashed(homedir()) }
}

/** Windows spells names as it likes (`Path`) and Python's os.environ has them in capitals there. */
export function environmentOf(variables: NodeJS.ProcessEnv, platform: NodeJS.Platform): Surroundings['env'] {
  return new Map(Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[platform === 'win32' ? name.toUpperCase() : name, value] as const])))
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/').replace(/(.)\/+$/, '$1')
}
