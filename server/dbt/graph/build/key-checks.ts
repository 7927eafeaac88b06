// Keys of one property file that dbt 1.12 calls deprecated and dbt 2 refuses, as problems at the key. A file at a time, from its YAML alone.
// dbt 1.12: jsonschemas/jsonschemas.py; dbt 2: schema/strict.ts. What its Jinja would give does not matter here.

import type { Value } from '../../../jinja/value.ts'
import type { Place } from '../../../text/span.ts'
import type { YamlNode } from '../../../yaml/nodes.ts'
import { originalPath } from '../../nodes/resource-file.ts'
import type { ResourceFile } from '../../nodes/resource-file.ts'
import { propertyFile } from '../../nodes/property-file.ts'
import { entryOf, nodeAt, valueOf } from '../../nodes/yaml-values.ts'
import type { Problem } from '../../problem.ts'
import type { Project } from '../../project/types.ts'
import { deprecatedKeys, deprecatedModelConfig, RESOURCE_SCHEMAS } from '../../schema/deprecated-keys.ts'
import type { KeyFinding } from '../../schema/deprecated-keys.ts'
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

/** Of the merged config() calls of a model. */
export function configKeyProblems(project: Project, config: Value, path: string, isPython: boolean, place: Place): Problem[] {
  if (project.rules.keyChecks !== 'deprecated') return []
  return deprecatedModelConfig(config, path, project.adapter.type, isPython).map(({ event, key, near, message }) => ({ code: CODE[event], severity: 'warning', message, place, data: { event, key, near } }))
}

const NOTHING: readonly Problem[] = []

const CODE: { readonly [event in KeyFinding['event']]: string } = {
  CustomTopLevelKeyDeprecation: 'key-unknown', CustomKeyInObjectDeprecation: 'key-unknown', CustomKeyInConfigDeprecation: 'config-unknown',
  PropertyMovedToConfigDeprecation: 'key-deprecated', MissingPlusPrefixDeprecation: 'key-deprecated', SourceOverrideDeprecation: 'key-deprecated', GenericJSONSchemaValidationDeprecation: 'key-deprecated',
}

/** The problem of a finding, at the key where there is one. `root`: the document that the finding's path begins in. */
export function keyProblem({ event, path, key, near, message }: KeyFinding, root: YamlNode, file: string): Problem {
  const parent = key === '' ? null : nodeAt(root, path.slice(0, -1))
  const entry = parent?.kind === 'map' ? entryOf(parent, key) : undefined
  const at = entry?.key ?? nodeAt(root, path) ?? root
  return { code: CODE[event], severity: 'warning', message, place: { path: file, start: at.start, end: at.end }, data: { event, key, near } }
}

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
    return value.items.flatMap((entry) => strictFindings(item, entry)).map((finding) => strictProblem(finding, file))
  })
}

function propertiesOf(schema: Schema): ReadonlyMap<string, Schema> {
  const found = schema.keywords().find((each) => each.is === 'properties')
  return found?.is === 'properties' ? found.properties : new Map<string, Schema>()
}

function strictProblem({ code, message, span, key, path }: StrictFinding, file: string): Problem {
  return {
    code: code === 'dbt1060' ? (/(^|\.)config$/.test(path) ? 'config-unknown' : 'key-unknown') : 'yaml-invalid',
    severity: 'error', message: `${message} (dbt 2, ${code})`, place: { path: file, ...span }, data: { event: code, key },
  }
}
