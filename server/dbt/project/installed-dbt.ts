// The dbt that people of this project run: found by the names of installed packages, nothing is started.

import type { Disk, Surroundings } from '../ports.ts'

export interface InstalledDbt {
  readonly version: string
  /** Where the packages `dbt` and `dbt/include/…` lie: dbt's own macros. */
  readonly sitePackages: string
}

/**
 * Looks in $VIRTUAL_ENV and $CONDA_PREFIX, then .venv, venv and env of the project and of the folders above it, then beside each `dbt` on the PATH
 * and around the Python that it is started with: pipx and uv put only a link on the PATH.
 */
export function findInstalledDbt(root: string, disk: Disk, surroundings: Surroundings): InstalledDbt | null {
  for (const environment of environments(root, disk, surroundings)) {
    for (const sitePackages of sitePackagesOf(environment, disk)) {
      const version = versionIn(sitePackages, disk)
      if (version !== null) return { version, sitePackages }
    }
  }
  return null
}

function environments(root: string, disk: Disk, { env }: Surroundings): string[] {
  const found = ['VIRTUAL_ENV', 'CONDA_PREFIX'].flatMap((name) => env.get(name) ?? [])
  for (let directory = root; directory !== ''; directory = directory.slice(0, directory.lastIndexOf('/'))) {
    for (const name of ['.venv', 'venv', 'env']) if (disk.kind(`${directory}/${name}`) === 'directory') found.push(`${directory}/${name}`)
  }
  for (const directory of (env.get('PATH') ?? '').split(':')) {
    if (!directory.startsWith('/') || disk.kind(`${directory}/dbt`) !== 'file') continue
    found.push(directory.slice(0, directory.lastIndexOf('/')))
    const python = SHEBANG.exec(disk.read(`${directory}/dbt`, SHEBANG_BYTES) ?? '')
    if (python?.groups?.['environment'] !== undefined) found.push(python.groups['environment'])
  }
  return found
}

const SHEBANG_BYTES = 1024

/** Of a script that pip made; of paths that are too long or hold blanks, `sh` is told to start Python. */
const SHEBANG = /^#!(?:\/bin\/sh\r?\n'''exec' )?"?(?<environment>\/[^"\n]*?)\/bin\/python[\d.]*"?(?:\s|$)/

function sitePackagesOf(environment: string, disk: Disk): string[] {
  const pythons = disk.list(`${environment}/lib`).filter(({ name, kind }) => kind === 'directory' && name.startsWith('python'))
  // dist-packages: Debian's own Python.
  return [...pythons.flatMap(({ name }) => [`${environment}/lib/${name}/site-packages`, `${environment}/lib/${name}/dist-packages`]), `${environment}/Lib/site-packages`]
}

function versionIn(sitePackages: string, disk: Disk): string | null {
  for (const { name } of disk.list(sitePackages)) {
    const version = /^dbt_core-(.+)\.dist-info$/.exec(name)?.[1] ?? /^dbt-([2-9].+)\.dist-info$/.exec(name)?.[1]
    if (version !== undefined) return version
  }
  return null
}
