// Which part of a dbt_project.yml speaks of a resource: `models:`, `seeds:` … and inside it the levels of its fqn.
// dbt 1.12: RenderedConfig / UnrenderedConfig.get_config_dict, utils.fqn_search.

import { PyDict } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { ResourceType } from '../nodes/types.ts'
import type { Package, Project } from '../project/types.ts'
import { behaves } from '../nodes/behaviour.ts'
import type { Partial } from './config.ts'

const SECTION: ReadonlyMap<ResourceType, string> = new Map<ResourceType, string>([
  ['seed', 'seeds'], ['snapshot', 'snapshots'], ['source', 'sources'], ['test', 'data_tests'], ['metric', 'metrics'], ['semantic_model', 'semantic-models'],
  ['saved_query', 'saved-queries'], ['exposure', 'exposures'], ['unit_test', 'unit_tests'], ['function', 'functions'],
])
// The unrendered side asks for other spellings, and has no entry for functions: they read `models:` there.
const UNRENDERED: ReadonlyMap<ResourceType, string> = new Map<ResourceType, string>([
  ...SECTION, ['semantic_model', 'semantic_models'], ['saved_query', 'saved_queries'], ['function', 'models'],
])

/** The section for a type; types without one of their own (analyses, operations, groups) read `models:`. */
export function projectConfigs(of: Package, type: ResourceType, unrendered: boolean, project: Project): PyDict | null {
  const section = type === 'analysis' && behaves(project, 'require_corrected_analysis_fqns') ? 'analyses' : (unrendered ? UNRENDERED : SECTION).get(type) ?? 'models'
  const value = (unrendered ? of.unrenderedConfigs : of.configs).get(section)
  return value instanceof PyDict ? value : null
}

/** The config of each level from the root of the section down the fqn: `+key`, and bare keys whose value is no dict. */
export function levelsOf(root: PyDict | null, fqn: readonly string[]): Partial[] {
  const levels: Partial[] = []
  let level: PyDict | null = root
  let depth = 0
  while (level) {
    const keys = keysOf(level)
    if (keys.size) levels.push(keys)
    const next: Value | undefined = depth < fqn.length ? level.get(fqn[depth] ?? '') : undefined
    depth++
    level = next instanceof PyDict ? next : null
  }
  return levels
}

const known = new WeakMap<PyDict, Partial>()

function keysOf(level: PyDict): Partial {
  let keys = known.get(level)
  if (!keys) {
    const found = new Map<string, Value>()
    for (const [key, value] of level.items()) {
      if (typeof key !== 'string') continue
      if (key.startsWith('+')) found.set(key.slice(1).trim(), value)
      else if (!(value instanceof PyDict)) found.set(key, value)
    }
    known.set(level, keys = found)
  }
  return keys
}
