// Keys of one property file that dbt 1.12 calls deprecated and dbt 2 refuses, as problems at the key. A file at a time, from its YAML alone.
// dbt 1.12: jsonschemas/jsonschemas.py; dbt 2: schema/strict.ts. What its Jinja would give does not matter here.

import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { Place } from '../../../text/span.ts'
import type { YamlNode } from '../../../yaml/nodes.ts'
import { originalPath } from '../../nodes/resource-file.ts'
import type { ResourceFile } from '../../nodes/resource-file.ts'
import { propertyFile } from '../../nodes/property-file.ts'
import { under, valueOf } from '../../nodes/yaml-values.ts'
import type { Problem } from '../../problem.ts'
import type { Project } from '../../project/types.ts'
import { deprecatedKeys, deprecatedModelConfig, RESOURCE_SCHEMAS } from '../../schema/deprecated-keys.ts'
import { keyProblem, KEY_CODE, strictProblem } from '../../schema/key-problems.ts'
import { propertiesOf } from '../../schema/schema.ts'
import type { Schema } from '../../schema/schema.ts'
import { strictFindings } from '../../schema/strict.ts'
import type { StrictFinding } from '../../schema/strict.ts'

const known = new WeakMap<YamlNode, Map<string, readonly Problem[]>>()

/** Of a file of the root project; packages are their authors' business. */
export function keyProblems(project: Project, resource: ResourceFile): readonly Problem[] {
  const { rules, adapter } = project
  if (rules.keyChecks === 'none' || resource.packageName !== project.root.name) return NOTHING
  const shown = originalPath(resource)
  const { root } = propertyFile(resource.file, shown).document
  if (!root) return NOTHING
  let byKey = known.get(root)
  if (!byKey) known.set(root, byKey = new Map())
  const key = `${rules.keyChecks} ${adapter.type} ${shown}`
  let problems = byKey.get(key)
  if (!problems) byKey.set(key, problems = rules.keyChecks === 'strict' ? strictProblems(root, resource.file.path) : deprecatedKeys('resources', valueOf(root), shown, adapter.type).map((finding) => keyProblem(finding, root, resource.file.path)))
  return problems
}

/** Whether nothing is to be said of the keys of one entry of a section. */
export function quietEntry({ rules, adapter, root }: Project, resource: ResourceFile, section: string, entry: YamlNode): boolean {
  if (rules.keyChecks === 'none' || resource.packageName !== root.name) return true
  if (rules.keyChecks === 'deprecated') return deprecatedKeys('resources', new PyDict([[section, new PyList([valueOf(entry)])]]), originalPath(resource), adapter.type).length === 0
  const item = itemSchema(section)
  return item !== null && strictFindings(item, entry).length === 0 && nameFindings(section, entry).length === 0
}

function itemSchema(section: string): Schema | null {
  const whole = RESOURCE_SCHEMAS('')
  const items = (whole ? propertiesOf(whole).get(section) : undefined)?.keywords().find((each) => each.is === 'items')
  return items?.is === 'items' ? items.schema : null
}

/** Of the merged config() calls of a model. */
export function configKeyProblems(project: Project, config: Value, path: string, isPython: boolean, place: Place): Problem[] {
  if (project.rules.keyChecks === 'strict') return strictConfigKeys(config, place)
  if (project.rules.keyChecks !== 'deprecated') return []
  return deprecatedModelConfig(config, path, project.adapter.type, isPython).map(({ event, key, near, message }) => ({ code: KEY_CODE[event], severity: 'warning', message, place, data: { event, key, near } }))
}

function strictConfigKeys(config: Value, place: Place): Problem[] {
  const schema = RESOURCE_SCHEMAS('ModelConfig')
  const keys = schema ? propertiesOf(schema) : null
  if (!keys || !(config instanceof PyDict)) return []
  return config.items().flatMap(([key]) => (typeof key === 'string' && !keys.has(key) && !keys.has(key.replaceAll('-', '_'))
    ? [{ code: 'config-unknown', severity: 'error' as const, message: `Ignored unexpected key \`"${key}"\`. YAML path: \`${key}\`.`, place, data: { event: 'dbt1060', key } }] : []))
}

const NOTHING: readonly Problem[] = []

function strictProblems(root: YamlNode, file: string): Problem[] {
  const whole = RESOURCE_SCHEMAS('')
  if (root.kind !== 'map' || !whole) return []
  const sections = propertiesOf(whole)
  return root.entries.flatMap(({ key, value }) => {
    const name = key.kind === 'scalar' ? key.text : ''
    const schema = sections.get(name)
    if (!schema) return [strictProblem({ code: 'dbt1060', key: name, path: '', span: { start: key.start, end: key.end }, message: `Ignored unexpected key \`"${name}"\`. YAML path: \`${name}\`.` }, file)]
    const items = schema.keywords().find(each => each.is === 'items')
    const item = items?.is === 'items' ? items.schema : null
    if (!item || value.kind !== 'seq') return value.kind === 'scalar' && value.value === null ? [] : strictFindings(schema, value).map((finding) => strictProblem({ ...finding, message: finding.message.replace('YAML error: ', `YAML error: ${name}: `) }, file))
    return value.items.flatMap((entry) => [...strictFindings(item, entry), ...nameFindings(name, entry)]).map((finding) => strictProblem(finding, file))
  })
}

/** Seen of these sections; models' names are those of their files. */
const NAMED: ReadonlySet<string> = new Set(['sources', 'exposures', 'metrics'])

function nameFindings(section: string, entry: YamlNode): StrictFinding[] {
  const name = NAMED.has(section) ? under(entry, 'name') : undefined
  return name?.kind === 'scalar' && /\s/.test(name.text)
    ? [{ code: 'dbt1013', key: null, path: 'name', span: { start: name.start, end: name.end }, message: `Resource name '${name.text}' contains forbidden characters` }] : []
}
