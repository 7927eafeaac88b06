// The process's environment, current and home directory, captured once as values.

import { homedir } from 'node:os'
import type { Surroundings } from '../dbt/ports.ts'

/** `cwd`: where dbt would be started; an editor's server takes the project's directory, as people start dbt there. */
export function captureSurroundings(cwd: string = process.cwd()): Surroundings {
  const env = new Map(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))
  return { env, cwd: slashed(cwd), home: slashed(homedir()) }
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/').replace(/(.)\/+$/, '$1')
}
