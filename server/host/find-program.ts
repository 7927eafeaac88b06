// A program on PATH by its whole path. Relative folders of PATH are passed over, and Windows would look in the current directory first:
// either would have an opened project say what is run.

import path from 'node:path'
import type { Disk, Surroundings } from '../dbt/ports.ts'

/** Null: there is none. `name` without `.exe`. */
export function findProgram(name: string, disk: Pick<Disk, 'kind'>, env: Surroundings['env'], platform: NodeJS.Platform = process.platform): string | null {
  const { delimiter, isAbsolute } = platform === 'win32' ? path.win32 : path.posix
  const file = platform === 'win32' ? `${name}.exe` : name
  for (const folder of (env.get('PATH') ?? '').split(delimiter)) if (isAbsolute(folder) && disk.kind(`${folder}/${file}`) === 'file') return `${folder}/${file}`
  return null
}
