// Projects of a folder that read files beyond their own directory: `model-paths: [../shared]`, `local: ../shared` in packages.yml.
// Read as they are written, without Jinja: for finding which projects a shared file belongs to, before any of them is opened.

import { PyDict, PyList } from '../../jinja/value.ts'
import { parseYaml } from '../../yaml/parse.ts'
import type { Disk } from '../ports.ts'
import { absolutePath } from './flags.ts'
import { yamlValue } from './yaml-values.ts'

/** Root of each such project → absolute directories that it reads beyond it. */
export type OutsidePaths = ReadonlyMap<string, readonly string[]>

const MOST_DIRECTORIES = 5000
const DEEPEST = 6
const NEVER: ReadonlySet<string> = new Set(['node_modules', 'dbt_packages', 'dbt_modules', 'target', 'logs', 'venv', '__pycache__', 'site-packages'])

/** One step a directory. Looks at the projects under the folders, not into installed packages. */
export function* outsidePathsUnder(folders: readonly string[], disk: Disk): Generator<void, OutsidePaths> {
  const found = new Map<string, readonly string[]>()
  const waiting = folders.map((path) => ({ path, depth: 0 }))
  for (let at = 0; at < waiting.length && at < MOST_DIRECTORIES; at++) {
    const here = waiting[at]
    if (!here) break
    yield
    for (const { name, kind, link } of disk.list(here.path)) {
      if (kind === 'file' && name === 'dbt_project.yml') {
        const outside = outsideOf(here.path, disk)
        if (outside.length > 0) found.set(here.path, outside)
      }
      if (kind === 'directory' && link !== true && here.depth < DEEPEST && !name.startsWith('.') && !NEVER.has(name)) waiting.push({ path: `${here.path}/${name}`, depth: here.depth + 1 })
    }
  }
  return found
}

function outsideOf(root: string, disk: Disk): string[] {
  const project = mapOf(disk.read(`${root}/dbt_project.yml`))
  const named = [...project.entries.values()].flatMap(({ key, value }) => (typeof key === 'string' && key.endsWith('-paths') && value instanceof PyList ? value.items : []))
  const local = ['packages.yml', 'dependencies.yml'].flatMap((file) => {
    const packages = mapOf(disk.read(`${root}/${file}`)).get('packages')
    return packages instanceof PyList ? packages.items.map((each) => (each instanceof PyDict ? each.get('local') : undefined)) : []
  })
  return [...named, ...local].flatMap((each) => {
    if (typeof each !== 'string') return []
    const path = absolutePath(root, each)
    return path === root || path.startsWith(`${root}/`) ? [] : [path]
  })
}

function mapOf(text: string | null): PyDict {
  const value = text === null ? null : yamlValue(parseYaml(text).root)
  return value instanceof PyDict ? value : new PyDict()
}
