// Models of other projects, known by their manifests alone, as dbt-loom hands them to dbt: dbt_loom.config.yml beside dbt_project.yml
// names the manifests. dbt-loom 0.9.6 config.py, manifests.py, __init__.py; dbt 1.12 parser/manifest.py inject_external_nodes.
// Only manifests on disk are read: for the others nothing is known, and nothing that could be in one is called missing.

import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { parseYaml } from '../../yaml/parse.ts'
import type { YamlNode } from '../../yaml/nodes.ts'
import type { Disk } from '../ports.ts'
import type { Problem } from '../problem.ts'
import { absolutePath } from './flags.ts'
import { valueOf, yamlValue } from './yaml-values.ts'

export interface UpstreamModel {
  /** Begins with the type that the resource has at home (`seed.…`): dbt takes all of them for models. */
  readonly unique_id: string
  readonly name: string
  readonly package_name: string
  readonly database: string | null
  readonly schema: string
  readonly identifier: string
  readonly relation_name: string | null
  readonly version: string | null
  readonly latest_version: string | null
  readonly access: 'private' | 'protected' | 'public'
  readonly group: string | null
  readonly deprecation_date: string | null
  readonly enabled: boolean
  readonly event_time: string | null
  /** Without sources. */
  readonly depends_on: readonly string[]
  /** The manifest that tells of it, and where its entry begins there. */
  readonly manifest: string
  readonly entry: number
  /** Its file, where the project that made the manifest lies around it. */
  readonly file: string | null
  /** For people: dbt-loom hands neither on. */
  readonly description: string
  readonly columns: readonly { readonly name: string; readonly data_type: string | null; readonly description: string }[]
}

export interface Upstream {
  /** dbt-loom is at work: it also changes which private models may be read. */
  readonly loom: boolean
  /** Projects whose protected and private models are closed to others. */
  readonly projects: ReadonlySet<string>
  readonly models: readonly UpstreamModel[]
  /** Some manifest is not on disk: what is not found may be in it. */
  readonly incomplete: boolean
  readonly files: readonly string[]
  readonly problems: readonly Problem[]
}

export const NO_UPSTREAM: Upstream = { loom: false, projects: new Set(), models: [], incomplete: false, files: [], problems: [] }

const CONFIG = 'dbt_loom.config.yml'
/** More than any manifest. */
const MANIFEST_BYTES = 400_000_000
const REMOTE: ReadonlySet<string> = new Set(['dbt_cloud', 'paradime', 'gcs', 's3', 'azure', 'snowflake', 'databricks'])

/** `root` stands for the directory in which dbt is started, to which dbt-loom's paths are relative. */
export function readUpstream(root: string, disk: Disk, env: ReadonlyMap<string, string>): Upstream {
  const path = absolutePath(root, env.get('DBT_LOOM_CONFIG') ?? CONFIG)
  const text = disk.read(path)
  if (text === null) return { ...NO_UPSTREAM, files: [path] }
  const problems: Problem[] = []
  const files = [path]
  const projects = new Set<string>()
  const models = new Map<string, UpstreamModel>()
  let incomplete = false
  const say = (code: string, severity: Problem['severity'], message: string, node: YamlNode | null): void => {
    problems.push({ code, severity, message, place: { path, start: node?.start ?? 0, end: node?.end ?? 0 } })
  }
  // Places are those of the text as it is written.
  const written = valueOf(parseYaml(text).root, 'manifests')
  const document = parseYaml(replaced(text, env))
  const broken = document.problems.find(each => each.kind === 'syntax' || each.kind === 'value')
  if (broken) say('yaml-syntax', 'error', broken.message, null)
  const list = valueOf(document.root, 'manifests')
  if (!broken && list?.kind !== 'seq') say('upstream-invalid', 'error', "'manifests' of dbt-loom's configuration has to be a list", written)
  const entries = list?.kind === 'seq' ? list.items : []
  for (const [index, entry] of entries.entries()) {
    const at = written?.kind === 'seq' ? written.items[index] ?? written : written
    const reference = referenceOf(yamlValue(entry))
    if (typeof reference === 'string') {
      say('upstream-invalid', 'error', reference, at)
      incomplete = true
      continue
    }
    if (reference.path === null) {
      say('upstream-unread', 'information', `The manifest of '${reference.name}' (${reference.type}) is not read here: what it holds is not known, and a ref() that is not found may be in it.`, at)
      incomplete = true
      continue
    }
    const manifest = reference.path.startsWith('/') ? reference.path : `${root}/${reference.path}`
    files.push(normal(manifest))
    const read = disk.read(normal(manifest), MANIFEST_BYTES)
    const content = read === null ? null : jsonObject(read)
    if (!content) {
      incomplete = true
      if (read !== null) say('upstream-invalid', 'error', `${normal(manifest)} is no manifest: it cannot be read as JSON`, at)
      // dbt_loom.manifests.load_from_local_filesystem
      else if (!reference.optional) say('upstream-invalid', 'error', `The path \`${manifest}\` does not exist.`, at)
      continue
    }
    const project = textOf(fieldsOf(content['metadata'])['project_name']) ?? reference.name
    projects.add(project)
    for (const model of modelsOf(content, { path: normal(manifest), entries: entriesIn(read ?? ''), home: homeOf(normal(manifest), disk) }, disk)) {
      if (reference.included.length > 0 ? !reference.included.includes(model.package_name) : reference.excluded.includes(model.package_name)) continue
      // merge_loom_nodes: a project's own manifest knows best.
      if (model.package_name === project || !models.has(model.unique_id)) models.set(model.unique_id, model)
    }
  }
  return { loom: true, projects, models: [...models.values()], incomplete, files, problems }
}

/** dbtLoom.replace_env_variables: what is not set is nothing. */
function replaced(text: string, env: ReadonlyMap<string, string>): string {
  return text.replace(/\$([\p{L}\p{N}_]+)|\$\{([^}]+)\}/gu, (_all, bare: string | undefined, braced: string | undefined) => env.get(bare ?? braced ?? '') ?? '')
}

interface Reference {
  readonly name: string
  readonly type: string
  /** Null when it is not on disk. */
  readonly path: string | null
  readonly optional: boolean
  readonly included: readonly string[]
  readonly excluded: readonly string[]
}

/** config.py ManifestReference; a sentence when it is none. */
function referenceOf(value: Value): Reference | string {
  const entry = value instanceof PyDict ? value : new PyDict()
  const name = textOf(entry.get('name')), type = textOf(entry.get('type'))
  if (name === null || type === null) return "An entry of dbt-loom's 'manifests' needs a name and a type"
  if (type !== 'file' && !REMOTE.has(type)) return `'${type}' is no type of manifest that dbt-loom knows: file, ${[...REMOTE].join(', ')}`
  const included = texts(entry.get('included_packages')), excluded = texts(entry.get('excluded_packages'))
  if (included.length > 0 && excluded.length > 0) return "Cannot specify both 'included_packages' and 'excluded_packages'. Use one or the other."
  const config = entry.get('config')
  const path = config instanceof PyDict ? textOf(config.get('path')) : null
  const common = { name, type, optional: entry.get('optional') === true, included, excluded }
  if (type !== 'file') return { ...common, path: null }
  if (path === null) return `The manifest of '${name}' needs a path under 'config'`
  if (!/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//.test(path)) return { ...common, path }
  return { ...common, type: path.startsWith('file://') ? type : path, path: path.startsWith('file://') ? decoded(path.slice('file://'.length)) : null }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // A stray % is itself.
    return path
  }
}

type Fields = Readonly<Record<string, unknown>>

function jsonObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : null
  } catch {
    return null
  }
}

function fieldsOf(value: unknown): Fields { return typeof value === 'object' && value !== null ? value as Fields : {} }

interface Source {
  readonly path: string
  readonly entries: ReadonlyMap<string, number>
  /** The directory of the project that wrote the manifest into its target path; null when none is there. */
  readonly home: string | null
}

/** Where each node's own object begins: in the graph's tables of the manifest, lists stand behind the same names. */
function entriesIn(text: string): Map<string, number> {
  const found = new Map<string, number>()
  for (const match of text.matchAll(/"((?:model|seed|snapshot)\.[^"\\]+)"\s*:\s*\{/g)) if (match[1] !== undefined && !found.has(match[1])) found.set(match[1], match.index)
  return found
}

function homeOf(manifest: string, disk: Disk): string | null {
  const directory = manifest.slice(0, manifest.lastIndexOf('/'))
  return [directory, directory.slice(0, directory.lastIndexOf('/'))].find((each) => disk.kind(`${each}/dbt_project.yml`) === 'file') ?? null
}

/** identify_node_subgraph and ManifestNode: everything but tests. */
function* modelsOf(manifest: Fields, source: Source, disk: Disk): Generator<UpstreamModel> {
  for (const [key, value] of Object.entries(fieldsOf(manifest['nodes']))) {
    if (key.startsWith('test.') || key.startsWith('macro.')) continue
    const node = fieldsOf(value), config = fieldsOf(node['config'])
    const name = textOf(node['name']), packageName = textOf(node['package_name']), schema = textOf(node['schema'])
    if (name === null || packageName === null || schema === null) continue
    const access = node['access'] ?? config['access'] ?? 'protected'
    const version = versionOf(node['version'])
    const relation = textOf(node['relation_name'])
    const depends = fieldsOf(node['depends_on'])['nodes']
    yield {
      unique_id: `${key.slice(0, key.indexOf('.'))}.${packageName}.${name}${version === null ? '' : `.v${version}`}`, name, package_name: packageName, database: textOf(node['database']), schema,
      // The last part of relation_name, whatever quotes it has.
      identifier: relation === null || relation === '' ? name : (relation.split('.').at(-1) ?? '').replace(/["`[\]]/g, ''), relation_name: relation, version, latest_version: versionOf(node['latest_version']),
      access: access === 'public' || access === 'private' ? access : 'protected', group: textOf(node['group']), deprecation_date: textOf(node['deprecation_date']), enabled: node['enabled'] !== false,
      event_time: textOf(config['event_time']), depends_on: Array.isArray(depends) ? depends.filter((id): id is string => typeof id === 'string' && !id.startsWith('source.')) : [],
      manifest: source.path, entry: source.entries.get(key) ?? 0, file: fileOf(source, textOf(node['original_file_path']), disk), description: textOf(node['description']) ?? '', columns: columnsOf(node['columns']),
    }
  }
}

function fileOf({ home }: Source, path: string | null, disk: Disk): string | null {
  const file = home === null || path === null ? null : normal(`${home}/${path.replaceAll('\\', '/')}`)
  return file !== null && disk.kind(file) === 'file' ? file : null
}

function columnsOf(value: unknown): UpstreamModel['columns'] {
  return Object.values(fieldsOf(value)).flatMap((each) => {
    const column = fieldsOf(each), name = textOf(column['name'])
    return name === null ? [] : [{ name, data_type: textOf(column['data_type']), description: textOf(column['description']) ?? '' }]
  })
}

function textOf(value: unknown): string | null { return typeof value === 'string' ? value : null }

function texts(value: Value | undefined): string[] { return value instanceof PyList ? value.items.filter(item => typeof item === 'string') : [] }

/** dbt-loom makes texts of versions. */
function versionOf(value: unknown): string | null { return (typeof value === 'string' && value !== '') || (typeof value === 'number' && value !== 0) ? String(value) : null }

/** `a/../b` is `b`. */
function normal(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return `/${parts.join('/')}`
}
