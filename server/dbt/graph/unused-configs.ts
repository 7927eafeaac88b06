// Configuration of dbt_project.yml that no resource has: usually a folder that was renamed or the project's name misspelt.
// dbt 1.12: config/runtime.py RuntimeConfig.warn_for_unused_resource_config_paths, Manifest.get_resource_fqns. dbt names all in one warning, we each at its place.

import { PyDict } from '../../jinja/value.ts'
import type { YamlEntry, YamlNode } from '../../yaml/nodes.ts'
import type { Manifest, ResourceType } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import { valueOf } from '../project/yaml-values.ts'
import type { Project } from '../project/types.ts'

interface Section { readonly name: string; readonly type: ResourceType; readonly keys: readonly string[] }

const SECTIONS: readonly Section[] = [
  { name: 'models', type: 'model', keys: ['models'] }, { name: 'seeds', type: 'seed', keys: ['seeds'] }, { name: 'snapshots', type: 'snapshot', keys: ['snapshots'] }, { name: 'sources', type: 'source', keys: ['sources'] },
  { name: 'data_tests', type: 'test', keys: ['data_tests', 'tests'] }, { name: 'unit_tests', type: 'unit_test', keys: ['unit_tests'] }, { name: 'metrics', type: 'metric', keys: ['metrics'] },
  { name: 'semantic_models', type: 'semantic_model', keys: ['semantic-models'] }, { name: 'saved_queries', type: 'saved_query', keys: ['saved-queries'] }, { name: 'exposures', type: 'exposure', keys: ['exposures'] },
  { name: 'functions', type: 'function', keys: ['functions'] },
]

export function unusedConfigProblems(project: Project, manifest: Manifest): Problem[] {
  const { root, rules } = project
  // dbt 2 has a sentence of its own.
  if (rules.strictYaml) return []
  let found: ReadonlyMap<string, Levels> | null = null
  return SECTIONS.flatMap(({ name, type, keys }) => {
    const config = root.configs.get(keys[0] ?? '')
    const given = keys.map(key => valueOf(root.document.root, key)).find(node => node !== null)
    if (!(config instanceof PyDict) || !given) return []
    const levels = (found ??= levelsOf(manifest))
    const used = [levels.get(type), levels.get('')].flatMap(each => each ?? [])
    return pathsIn(config).filter(path => !used.some(each => isUsed(each, path))).map((path): Problem => {
      const shown = [name === 'data_tests' && !rules.hasDataTestsKey ? 'tests' : name, ...path].join('.')
      const { start, end } = placeOf(given, path)
      return { code: 'config-path-unused', severity: 'warning', message: `Configuration paths exist in your dbt_project.yml file which do not apply to any resources.\nThere are 1 unused configuration paths:\n- ${shown}`, place: { path: root.file.path, start, end } }
    })
  })
}

/** The fqns as a tree. */
interface Levels extends ReadonlyMap<string, Levels> {}
interface Growing extends Map<string, Growing> {}

/** Of each type, and under '' of what is disabled, of whatever type. A test whose model is not there is switched off too late to be one of these. */
function levelsOf(manifest: Manifest): ReadonlyMap<string, Levels> {
  const found = new Map<string, Growing>()
  const add = (type: string, fqn: readonly string[]): void => {
    let at = below(found, type)
    for (const part of fqn) at = below(at, part)
  }
  for (const resources of [manifest.nodes, manifest.sources, manifest.others]) for (const resource of resources.values()) add(resource.resource_type, resource.fqn)
  for (const disabled of manifest.disabled.values()) for (const resource of disabled) add('', resource.fqn)
  return found
}

function below(levels: Growing, name: string): Growing {
  let next = levels.get(name)
  if (!next) levels.set(name, next = new Map<string, Growing>())
  return next
}

function isUsed(levels: Levels, path: readonly string[]): boolean {
  let at: Levels | undefined = levels
  for (const part of path) at = at?.get(part)
  return at !== undefined
}

/** Every path that has a config of its own: a key with + or a value that is no dict. */
function pathsIn(config: PyDict, path: readonly string[] = [], found: (readonly string[])[] = []): (readonly string[])[] {
  let isOwn = false
  for (const [key, value] of config.items()) {
    if (typeof key === 'string' && value instanceof PyDict && !key.startsWith('+')) pathsIn(value, [...path, key], found)
    else isOwn = true
  }
  if (isOwn) found.push(path)
  return found
}

/** The last key of the path that stands there. */
function placeOf(section: YamlNode, path: readonly string[]): { readonly start: number; readonly end: number } {
  let at: { readonly start: number; readonly end: number } = section
  let node: YamlNode | null = section
  for (const part of path) {
    const entry: YamlEntry | undefined = node?.kind === 'map' ? node.entries.find(({ key }) => key.kind === 'scalar' && key.value === part) : undefined
    if (!entry) break
    at = entry.key
    node = entry.value
  }
  return { start: at.start, end: at.end }
}
