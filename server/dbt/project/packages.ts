// Installed packages: which directories they are and whether they are the ones that were declared
// (config/runtime.py load_dependencies, config/project.py package_and_project_data_from_root).

import { reprOf } from '../../jinja/repr.ts'
import { PyDict } from '../../jinja/value.ts'
import type { YamlDocument, YamlNode } from '../../yaml/nodes.ts'
import { parseYaml } from '../../yaml/parse.ts'
import type { Disk } from '../ports.ts'
import type { Problem } from '../problem.ts'
import { absolutePath } from './flags.ts'
import { entryOf, valueOf, yamlValue } from './yaml-values.ts'

export interface InstalledPackages {
  /** Directories that dbt takes for packages, sorted. */
  readonly directories: readonly string[]
  /** `local:` packages that are declared but not installed: read in place, so that what is theirs is found though dbt itself would stop. */
  readonly localDirectories: readonly string[]
  /** Files that were read or would be: a change in them changes the answer. */
  readonly files: readonly string[]
  readonly problems: readonly Problem[]
}

export function findPackages(root: string, installPath: string, disk: Disk): InstalledPackages {
  const problems: Problem[] = []
  const declared = readDeclarations(root, disk, problems)
  const install = absolutePath(root, installPath)
  const directories = disk.list(install).filter(({ name, kind }) => kind === 'directory' && !name.startsWith('__')).map(({ name }) => `${install}/${name}`)
  const missing = checkCount(root, installPath, declared, directories, disk, problems)
  const localDirectories = missing.flatMap((entry) => {
    const local = valueOf(entry, 'local')
    if (local?.kind !== 'scalar' || typeof local.value !== 'string') return []
    const directory = absolutePath(root, local.value)
    return disk.kind(`${directory}/dbt_project.yml`) === 'file' ? [directory] : []
  })
  return { directories, localDirectories, files: ['packages.yml', 'dependencies.yml', 'package-lock.yml'].map((name) => `${root}/${name}`), problems }
}

interface Declarations {
  /** packages.yml or dependencies.yml; null when neither declares a package. */
  readonly path: string
  readonly name: string
  readonly list: YamlNode | null
  readonly entries: readonly YamlNode[]
  readonly malformed: boolean
}

function readDeclarations(root: string, disk: Disk, problems: Problem[]): Declarations {
  const packages = readYaml(`${root}/packages.yml`, disk, problems)
  const dependencies = readYaml(`${root}/dependencies.yml`, disk, problems)
  const own = entryOf(packages?.root, 'packages')
  const theirs = entryOf(dependencies?.root, 'packages')
  const projects = entryOf(packages?.root, 'projects')
  if (own && theirs) problems.push(problem("The 'packages' key cannot be specified in both packages.yml and dependencies.yml", `${root}/packages.yml`, own.key))
  else if (projects) problems.push(problem("The 'projects' key cannot be specified in packages.yml", `${root}/packages.yml`, projects.key))
  const name = theirs ? 'dependencies.yml' : 'packages.yml'
  const list = (theirs ?? own)?.value ?? null
  const entries = list?.kind === 'seq' ? list.items : []
  const malformed = entries.filter((entry) => !isPackage(entry))
  for (const entry of malformed) problems.push(problem(malformedText(entry), `${root}/${name}`, entry))
  return { path: `${root}/${name}`, name, list, entries, malformed: malformed.length > 0 }
}

function isPackage(entry: YamlNode): boolean {
  return ['package', 'git', 'local', 'tarball', 'private', 'name'].some((key) => valueOf(entry, key) !== null)
}

function malformedText(entry: YamlNode): string {
  const value = yamlValue(entry)
  const shown = value instanceof PyDict ? new PyDict([...value.items(), ['unrendered', value]]) : value
  return `The packages.yml file in this project is malformed. Please double check
the contents of this file and fix any errors before retrying.

You can find more information on the syntax for this file here:
https://docs.getdbt.com/docs/package-management

Validator Error:
${reprOf(shown)} is not valid under any of the given schemas
`
}

/** dbt counts: as many directories as packages in package-lock.yml, or in packages.yml when there is no lock. Answers the declared entries that have no directory. */
function checkCount(root: string, installPath: string, declared: Declarations, directories: readonly string[], disk: Disk, problems: Problem[]): readonly YamlNode[] {
  const lock = valueOf(readYaml(`${root}/package-lock.yml`, disk, problems)?.root, 'packages')
  const locked = lock?.kind === 'seq' ? lock.items : []
  const specified = locked.length > 0 ? locked : declared.entries
  const stems = new Set(directories.map((directory) => stem(directory.slice(directory.lastIndexOf('/') + 1))))
  if (specified.length === stems.size || declared.malformed) return []
  const lockedNames = locked.flatMap((entry) => textAt(entry, 'name') ?? [])
  const absent = [...new Set(lockedNames.filter((name) => !stems.has(name)))]
  const missing = declared.entries.filter((entry) => !likelyDirectories(entry).some((name) => stems.has(name)))
  const place = missing[0] ?? declared.list
  problems.push({
    code: 'package-not-installed', severity: 'error',
    message: `dbt expects ${specified.length} package(s) based on packages specified in ${declared.name}, but found only ${stems.size} package(s) installed in ${installPath}. `
      + (absent.length > 0 ? `Following packages were not found: ${absent.join(', ')}. ` : '') + 'Run "dbt deps" to install package dependencies.',
    place: place ? { path: declared.path, start: place.start, end: place.end } : { path: `${root}/dbt_project.yml`, start: 0, end: 0 },
  })
  return missing
}

/** What `dbt deps` may call the directory of an entry. */
function likelyDirectories(entry: YamlNode): string[] {
  const texts = ['name', 'package', 'git', 'local', 'tarball', 'private'].flatMap((key) => textAt(entry, key) ?? [])
  return texts.map((text) => text.replace(/\/+$/, '').replace(/\.git$/, '')).map((text) => text.slice(text.lastIndexOf('/') + 1)).flatMap((name) => [name, stem(name), name.replaceAll('-', '_')])
}

function textAt(entry: YamlNode, key: string): string | null {
  const value = valueOf(entry, key)
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : null
}

/** pathlib's `stem`. */
function stem(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 && dot < name.length - 1 ? name.slice(0, dot) : name
}

function readYaml(path: string, disk: Disk, problems: Problem[]): YamlDocument | null {
  const text = disk.read(path)
  if (text === null) return null
  const document = parseYaml(text)
  const broken = document.problems.find((each) => each.kind === 'syntax' || each.kind === 'value')
  if (broken) problems.push({ code: 'yaml-syntax', severity: 'error', message: broken.message, place: { path, start: broken.start, end: broken.end } })
  return document
}

function problem(message: string, path: string, node: YamlNode): Problem {
  return { code: 'package-invalid', severity: 'error', message, place: { path, start: node.start, end: node.end } }
}
