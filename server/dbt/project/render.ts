// Jinja in dbt_project.yml, profiles.yml and packages.yml, as dbt/config/renderer.py renders it: natively, key by key, keys themselves never.
// Sees var (command line and vars.yml), env_var, target and the builtins; no macros, no project.

import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import type { YamlNode } from '../../yaml/nodes.ts'
import type { Problem } from '../problem.ts'
import { evaluateConfigText, type ConfigContext } from './config-context.ts'
import { yamlValue } from './yaml-values.ts'

export interface Rendering {
  readonly path: string
  readonly context: ConfigContext
  readonly problems: Problem[]
  /** What only a running dbt knows stays in the values as an unknown; otherwise it is as if it were not there. */
  readonly keepsUnknown?: boolean
}

/** A path of keys, as dbt's Keypath. */
export type KeyPath = readonly (string | number)[]

export type Selects = (keys: KeyPath) => boolean

/** A node with its strings rendered, except below key paths that `selects` refuses. What fails is a problem at its scalar and stays null. */
export function renderNode(node: YamlNode, rendering: Rendering, selects: Selects = () => true, keys: KeyPath = []): Value {
  if (node.kind === 'seq') return new PyList(node.items.map((item, index) => renderNode(item, rendering, selects, [...keys, index])))
  if (node.kind === 'map') {
    return new PyDict(node.entries.map(({ key, value }) => {
      const keyValue = yamlValue(key)
      return [keyValue, renderNode(value, rendering, selects, [...keys, typeof keyValue === 'string' ? keyValue : String(keyValue)])] as const
    }))
  }
  if (typeof node.value !== 'string' || !selects(keys)) return yamlValue(node)
  return renderScalar(node.value, node, rendering)
}

export function renderScalar(text: string, place: { readonly start: number; readonly end: number }, rendering: Rendering): Value {
  const result = evaluateConfigText(text, rendering.context, rendering.path)
  if (result.problem === null) return result.value
  rendering.problems.push({
    ...result.problem,
    place: { path: rendering.path, start: place.start, end: place.end },
  })
  return rendering.keepsUnknown ? result.value : null
}

const LATE_HOOKS = new Set(['pre-hook', 'post-hook', 'pre_hook', 'post_hook'])

/** DbtProjectYamlRenderer.should_render_keypath. */
export function isRenderedInProject(keys: KeyPath): boolean {
  const first = keys[0]
  if (first === 'on-run-start' || first === 'on-run-end' || first === 'query-comment' || first === 'vars') return false
  if (first === 'seeds' || first === 'models' || first === 'snapshots' || first === 'tests' || first === 'data_tests') {
    return !keys.some((key) => typeof key === 'string' && LATE_HOOKS.has(key.replace(/^[+ ]+/, '')))
  }
  return true
}
