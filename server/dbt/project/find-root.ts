// Which project a path belongs to: the nearest dbt_project.yml above it, unless that one is an installed package of a project further up.

import { PyDict } from '../../jinja/value.ts'
import { parseYaml } from '../../yaml/parse.ts'
import type { Disk } from '../ports.ts'
import { absolutePath } from './flags.ts'
import { yamlValue } from './yaml-values.ts'

/** The project's directory, null when there is none. `path` is absolute and may not exist yet. */
export function findProjectRoot(path: string, disk: Disk): string | null {
  let found: string | null = null
  for (let directory = path; directory !== ''; directory = directory.slice(0, directory.lastIndexOf('/'))) {
    if (disk.kind(`${directory}/dbt_project.yml`) !== 'file') continue
    if (found === null || isInstalledIn(found, directory, disk)) found = directory
  }
  return found
}

function isInstalledIn(inner: string, outer: string, disk: Disk): boolean {
  const value = yamlValue(parseYaml(disk.read(`${outer}/dbt_project.yml`) ?? '').root)
  const written = value instanceof PyDict ? value.get('packages-install-path') : undefined
  const install = absolutePath(outer, typeof written === 'string' ? written : 'dbt_packages')
  return inner.startsWith(`${install}/`)
}
