// Installed packages: which directories they are and whether they are the ones that were declared
// (config/runtime.py load_dependencies, config/project.py package_and_project_data_from_root, package_config_from_data; contracts/project.py PackageConfig).

import { reprOf, strOf } from '../../jinja/repr.ts'
import { truthOf, typeNameOf } from '../../jinja/types.ts'
import { unknownWithin } from '../../jinja/unknown-within.ts'
import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { YamlDocument, YamlNode } from '../../yaml/nodes.ts'
import { parseYaml } from '../../yaml/parse.ts'
import type { Disk } from '../ports.ts'
import type { Problem } from '../problem.ts'
import type { Rules } from '../rules/rules.ts'
import { classesOf, propertiesOf } from '../schema/schema.ts'
import { firstError } from '../schema/validate.ts'
import type { ConfigContext } from './config-context.ts'
import { absolutePath } from './flags.ts'
import { renderNode } from './render.ts'
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

/** `context`: Jinja of packages.yml sees variables and the environment, secrets too. */
export function findPackages(root: string, installPath: string, disk: Disk, rules: Rules, context: ConfigContext): InstalledPackages {
  const problems: Problem[] = []
  const declared = readDeclarations(root, disk, rules, context, problems)
  const install = absolutePath(root, installPath)
  const directories = disk.list(install).filter(({ name, kind }) => kind === 'directory' && !name.startsWith('__')).map(({ name }) => `${install}/${name}`)
  const missing = checkCount(root, installPath, declared, directories, disk, problems)
  const localDirectories = missing.flatMap(({ value }) => {
    const local = textAt(value, 'local')
    const directory = local === null ? null : absolutePath(root, local)
    return directory !== null && disk.kind(`${directory}/dbt_project.yml`) === 'file' ? [directory] : []
  })
  return { directories, localDirectories, files: ['packages.yml', 'dependencies.yml', 'package-lock.yml'].map((name) => `${root}/${name}`), problems }
}

/** One package as it is rendered, and where it is written. */
interface Entry { readonly value: Value; readonly node: YamlNode }

interface Declarations {
  /** packages.yml or dependencies.yml; null when neither declares a package. */
  readonly path: string
  readonly name: string
  readonly list: YamlNode | null
  readonly entries: readonly Entry[]
  readonly malformed: boolean
}

function readDeclarations(root: string, disk: Disk, rules: Rules, context: ConfigContext, problems: Problem[]): Declarations {
  const packages = readYaml(`${root}/packages.yml`, disk, problems)
  const dependencies = readYaml(`${root}/dependencies.yml`, disk, problems)
  const own = entryOf(packages?.root, 'packages')
  const theirs = entryOf(dependencies?.root, 'packages')
  const projects = entryOf(packages?.root, 'projects')
  const before = problems.length
  if (own && theirs) problems.push(problem("The 'packages' key cannot be specified in both packages.yml and dependencies.yml", `${root}/packages.yml`, own.key))
  else if (projects) problems.push(problem("The 'projects' key cannot be specified in packages.yml", `${root}/packages.yml`, projects.key))
  const name = theirs ? 'dependencies.yml' : 'packages.yml'
  const path = `${root}/${name}`
  const list = (theirs ?? own)?.value ?? null
  // render_packages: what stands in dependencies.yml is taken as it is.
  const rendered = list === null ? null : theirs ? yamlValue(list) : renderNode(list, { path, context, problems })
  const items = rendered instanceof PyList && list?.kind === 'seq' ? list.items.map((node, index): Entry => ({ value: rendered.items[index] ?? null, node })) : []
  if (problems.length === before) {
    const whole = theirs ? null : packages?.root ?? null
    const refused = rules.keyChecks === 'strict' ? strictShape(whole, list, items, rules) : [shapeProblem(whole, list, rendered, items, rules)]
    for (const each of refused) if (each) problems.push(problem(each.said, path, each.node))
  }
  return { path, name, list, entries: items, malformed: problems.length > before }
}

interface Refused { readonly said: string; readonly node: YamlNode }

/** package_config_from_data and PackageConfig.validate: the first thing that dbt refuses. What is no mapping and no list makes dbt stop on an error of Python's own. */
function shapeProblem(whole: YamlNode | null, list: YamlNode | null, rendered: Value, entries: readonly Entry[], rules: Rules): Refused | null {
  if (whole && whole.kind !== 'map' && !isNull(whole)) return { said: `'${typeNameOf(yamlValue(whole))}' object has no attribute 'get'`, node: whole }
  if (list && rendered !== null && !(rendered instanceof PyList)) return { said: rendered instanceof PyDict ? '0' : noItems(rendered), node: list }
  for (const { value, node } of entries) if (!(value instanceof PyDict)) return { said: noItems(value), node }
  for (const { value, node } of entries) {
    const said = packageRule(value)
    if (said !== null) return { said, node }
  }
  // What hangs on something that is not known is not judged.
  if (entries.some(({ value }) => unknownWithin(value) !== null)) return null
  const more = otherKeys(whole)
  const data = new PyDict([
    ...more.map(({ key, value }): [Value, Value] => [yamlValue(key), yamlValue(value)]),
    ['packages', new PyList(entries.map(({ value, node }) => (value instanceof PyDict ? new PyDict([...value.items(), ['unrendered', yamlValue(node)]]) : value)))],
  ])
  const schema = classesOf(rules.name)('PackageConfig')
  const error = schema ? firstError(schema, data) : null
  if (!error) return null
  const index = error.path[0] === 'packages' ? error.path[1] : undefined
  const extra = more.find(({ key }) => key.kind === 'scalar' && error.keys.includes(String(key.value)))?.key
  const node = (typeof index === 'bigint' ? entries[Number(index)]?.node : undefined) ?? extra ?? list ?? whole
  return node ? { said: malformed(error.message), node } : null
}

function noItems(value: Value): string { return value instanceof PyList ? 'list indices must be integers or slices, not str' : `'${typeNameOf(value)}' object does not support item assignment` }

function otherKeys(whole: YamlNode | null): { readonly key: YamlNode; readonly value: YamlNode }[] {
  return whole?.kind === 'map' ? whole.entries.filter(({ key }) => key.kind === 'scalar' && key.value !== 'packages' && key.value !== 'sha1_hash') : []
}

/** dbt 2 names every key that it does not know. */
function strictShape(whole: YamlNode | null, list: YamlNode | null, entries: readonly Entry[], rules: Rules): Refused[] {
  if (whole && whole.kind !== 'map' && !isNull(whole)) return [{ said: `YAML error: invalid type: ${rustType(whole)}, expected struct DbtPackages`, node: whole }]
  if (list && list.kind !== 'seq' && !isNull(list)) return [{ said: `YAML error: packages: invalid type: ${rustType(list)}, expected a sequence`, node: list }]
  const unexpected = (key: string, path: string, node: YamlNode): Refused => ({ said: `Ignored unexpected key \`"${key}"\`. YAML path: \`${path}\`.`, node })
  const table = classesOf(rules.name)
  const known = new Set(PACKAGE_CLASSES.flatMap((name) => { const schema = table(name); return schema ? [...propertiesOf(schema).keys()] : [] }))
  return [
    ...otherKeys(whole).filter(({ key }) => key.kind === 'scalar' && key.value !== 'projects').map(({ key }) => unexpected(String(yamlValue(key)), String(yamlValue(key)), key)),
    ...entries.flatMap(({ node }, index) => (node.kind === 'map' ? node.entries : []).flatMap(({ key }) => {
      const name = String(yamlValue(key))
      return known.has(name) ? [] : [unexpected(name, `packages[${index}].${name}`, key)]
    })),
  ]
}

function rustType(node: YamlNode): string { return node.kind === 'scalar' ? `string ${JSON.stringify(node.text)}` : node.kind === 'seq' ? 'sequence' : 'map' }

const PACKAGE_CLASSES = ['LocalPackage', 'TarballPackage', 'GitPackage', 'RegistryPackage', 'PrivatePackage']

function isNull(node: YamlNode): boolean { return node.kind === 'scalar' && node.value === null }

/** The rules beside the schema. */
function packageRule(value: Value): string | null {
  if (!(value instanceof PyDict)) return null
  for (const [key, kind] of [['package', 'hub'], ['local', 'local'], ['git', 'git']] as const) if (value.get(key) === '') return malformed(`A ${kind} package is missing the value. It is a required property.`)
  const name = value.get('package')
  if (name === undefined || !truthOf(name)) return null
  const version = value.get('version')
  // Python's KeyError.
  if (version === undefined) return reprOf('version')
  if (!truthOf(version)) return malformed(`${strOf(name)} is missing the version. When installing from the Hub package index, version is a required property`)
  return strOf(name).includes('/') ? null : malformed(`${strOf(name)} was not found in the package index. Packages on the index require a namespace, e.g dbt-labs/dbt_utils`)
}

function malformed(said: string): string {
  return `The packages.yml file in this project is malformed. Please double check
the contents of this file and fix any errors before retrying.

You can find more information on the syntax for this file here:
https://docs.getdbt.com/docs/package-management

Validator Error:
${said}
`
}

/** dbt counts: as many directories as packages in package-lock.yml, or in packages.yml when there is no lock. Answers the declared entries that have no directory. */
function checkCount(root: string, installPath: string, declared: Declarations, directories: readonly string[], disk: Disk, problems: Problem[]): readonly Entry[] {
  const lock = valueOf(readYaml(`${root}/package-lock.yml`, disk, problems)?.root, 'packages')
  const locked = lock?.kind === 'seq' ? lock.items : []
  const specified = locked.length > 0 ? locked : declared.entries
  const stems = new Set(directories.map((directory) => stem(directory.slice(directory.lastIndexOf('/') + 1))))
  if (specified.length === stems.size || declared.malformed) return []
  const lockedNames = locked.flatMap((entry) => textAt(yamlValue(entry), 'name') ?? [])
  const absent = [...new Set(lockedNames.filter((name) => !stems.has(name)))]
  const missing = declared.entries.filter(({ value }) => !likelyDirectories(value).some((name) => stems.has(name)))
  const place = missing[0]?.node ?? declared.list
  problems.push({
    code: 'package-not-installed', severity: 'error',
    message: `dbt expects ${specified.length} package(s) based on packages specified in ${declared.name}, but found only ${stems.size} package(s) installed in ${installPath}. `
      + (absent.length > 0 ? `Following packages were not found: ${absent.join(', ')}. ` : '') + 'Run "dbt deps" to install package dependencies.',
    place: place ? { path: declared.path, start: place.start, end: place.end } : { path: `${root}/dbt_project.yml`, start: 0, end: 0 },
  })
  return missing
}

/** What `dbt deps` may call the directory of an entry. */
function likelyDirectories(entry: Value): string[] {
  const texts = ['name', 'package', 'git', 'local', 'tarball', 'private'].flatMap((key) => textAt(entry, key) ?? [])
  return texts.map((text) => text.replace(/\/+$/, '').replace(/\.git$/, '')).map((text) => text.slice(text.lastIndexOf('/') + 1)).flatMap((name) => [name, stem(name), name.replaceAll('-', '_')])
}

function textAt(entry: Value, key: string): string | null {
  const value = entry instanceof PyDict ? entry.get(key) : undefined
  return typeof value === 'string' ? value : null
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
