// The selection methods that need nothing but the manifest, each as dbt-core 1.12 graph/selector_methods.py has it, quirks included.
// `state:`, `result:`, `source_status:` and `selector:` ask the environment; see select.ts.

import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import { equal } from '../../jinja/compare.ts'
import type { ManifestNode } from '../nodes/types.ts'
import { fnmatch, globMatches } from './fnmatch.ts'
import type { SelectionTrait } from '../rules/rules.ts'
import type { GraphMember } from './select-edges.ts'
import type { Criteria, MethodName } from './select-spec.ts'

/** What path: and package: ask besides the manifest. */
export interface MethodWorld {
  readonly projectName: string
  /** What of dbt 1.12's methods its version lacks. */
  readonly lacks: ReadonlySet<SelectionTrait>
  /** Whether a path relative to the project root exists there, and as what; dbt globs the root's disk even for package nodes. */
  pathKind(path: string): 'file' | 'directory' | null
  /** dbt's `patch_path` without its package: the YAML file of a member, relative to its package's root. */
  patchPath(member: GraphMember): string | null
}

/** A predicate over graph members, or dbt's error text. */
export type Test = ((member: GraphMember) => boolean) | { readonly error: string }
type PlainMethod = Exclude<MethodName, 'state' | 'result' | 'source_status' | 'selector'>

export function methodTest(criteria: Criteria, world: MethodWorld): Test {
  const method = criteria.method as PlainMethod
  if (method === 'config') return configTest(criteria.arguments, criteria.value)
  // Elsewhere dbt's code would fail on anything but text; YAML numbers are read as their text.
  const value = typeof criteria.value === 'string' ? criteria.value : String(criteria.value)
  switch (method) {
    case 'fqn': { const leaf = !world.lacks.has('leaf-wildcard'); return (member) => member.resource_type !== 'source' && (fqnMatches(member.fqn, value, versioned(member), leaf) || fqnMatches(member.fqn.slice(1), value, versioned(member), leaf)) }
    case 'tag': return (member) => member.tags.some((tag) => fnmatch(tag, value))
    case 'group': { const same = world.lacks.has('group-wildcard'); return (member) => { const group = groupOf(member); return group !== null && (same ? group === value : fnmatch(group, value)) } }
    case 'access': return (member) => member.resource_type === 'model' && (member as ManifestNode).access === value
    case 'source': return sourceTest(value)
    case 'path': return pathTest(value, world)
    case 'file': return (member) => fnmatch(fileName(member), value) || fnmatch(stem(fileName(member)), value)
    case 'package': { const name = value === 'this' && !world.lacks.has('package-this') ? world.projectName : value; return (member) => fnmatch(member.package_name, name) }
    case 'test_name': return (member) => member.resource_type === 'test' ? (member as ManifestNode).test !== null && fnmatch(((member as ManifestNode).test as NonNullable<ManifestNode['test']>).metadata.name, value) : member.resource_type === 'unit_test' && fnmatch(member.name, value)
    case 'test_type': return testTypeTest(value, world.lacks.has('data-tests'))
    case 'resource_type': return RESOURCE_TYPES.has(value) && !(value === 'function' && world.lacks.has('function-type')) && !(UNIT_TYPES.has(value) && world.lacks.has('unit_test')) ? (member) => member.resource_type === value : { error: `Invalid resource_type selector "${value}"` }
    case 'version': return versionTest(value)
    case 'exposure': case 'metric': case 'semantic_model': case 'saved_query': case 'unit_test': return namedTest(method, value)
  }
}

/** NodeType of dbt-core 1.12 artifacts/resources/types.py. */
const RESOURCE_TYPES: ReadonlySet<string> = new Set(['model', 'analysis', 'test', 'snapshot', 'operation', 'seed', 'rpc', 'sql_operation', 'doc', 'source', 'macro', 'exposure', 'metric', 'group', 'saved_query', 'semantic_model', 'unit_test', 'fixture', 'function'])

const UNIT_TYPES: ReadonlySet<string> = new Set(['unit_test', 'fixture'])

function versioned(member: GraphMember): boolean {
  return member.resource_type === 'model' && (member as ManifestNode).version !== null
}

/** selector_methods.py is_selected_node */
function fqnMatches(fqn: readonly string[], selector: string, isVersioned: boolean, leafToo: boolean): boolean {
  const wanted = selector.split('.')
  if (isVersioned) {
    if (fqn[fqn.length - 2] === selector) return true
    if (fqn.slice(-2).join('_') === wanted.slice(-2).join('_')) return true
  } else if (fqn[fqn.length - 1] === selector) return true
  const flat = fqn.flatMap((segment) => segment.split('.'))
  if (flat.length < wanted.length) return false
  for (const [i, part] of wanted.entries()) {
    if (/[*?[\]]/.test(part)) {
      if (fnmatch(flat.slice(i).join('.'), wanted.slice(i).join('.'))) return true
      return leafToo && wanted.length === 1 && fnmatch((isVersioned ? fqn[fqn.length - 2] : fqn[fqn.length - 1]) ?? '', selector)
    }
    if (flat[i] !== part) return false
  }
  return true
}

function groupOf(member: GraphMember): string | null {
  if (member.resource_type === 'source' || member.resource_type === 'exposure' || member.resource_type === 'unit_test' || member.resource_type === 'semantic_model' || member.resource_type === 'saved_query' || member.resource_type === 'function') return null
  const group = member.config.get('group')
  return typeof group === 'string' && group !== '' ? group : null
}

function sourceTest(value: string): Test {
  const parts = value.split('.')
  if (parts.length > 3) return { error: `Invalid source selector value "${value}". Sources must be of the form \`\${source_name}\`, \`\${source_name}.\${target_name}\`, or \`\${package_name}.\${source_name}.\${target_name}` }
  const [pkg, source, table] = parts.length === 1 ? ['*', parts[0], '*'] : parts.length === 2 ? ['*', parts[0], parts[1]] : parts
  return (member) => member.resource_type === 'source' && fnmatch(member.package_name, pkg ?? '') && fnmatch(member.source_name, source ?? '') && fnmatch(member.name, table ?? '')
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['exposure', 'Invalid exposure selector value "{}". Exposures must be of the form ${exposure_name} or ${exposure_package.exposure_name}'],
  ['metric', 'Invalid metric selector value "{}". Metrics must be of the form ${metric_name} or ${metric_package.metric_name}'],
  ['semantic_model', 'Invalid semantic model selector value "{}". Semantic models must be of the form ${semantic_model_name} or ${semantic_model_package.semantic_model_name}'],
  ['saved_query', 'Invalid saved query selector value "{}". Saved queries must be of the form ${saved_query_name} or ${saved_query_package.saved_query_name}'],
  ['unit_test', 'Invalid unit test selector value "{}". Saved queries must be of the form ${unit_test_name} or ${unit_test_package_name.unit_test_name}'],
])

function namedTest(type: string, value: string): Test {
  const parts = value.split('.')
  if (parts.length > 2) return { error: (NAMED.get(type) ?? '').replace('{}', () => value) }
  const [pkg, name] = parts.length === 1 ? ['*', parts[0] ?? ''] : [parts[0] ?? '', parts[1] ?? '']
  return (member) => member.resource_type === type && fnmatch(member.package_name, pkg) && fnmatch(member.name, name)
}

function pathTest(value: string, world: MethodWorld): Test {
  const found = new Map<string, boolean>()
  const globbed = (path: string): boolean => {
    const known = found.get(path)
    if (known !== undefined) return known
    const kind = path === '.' ? 'directory' : world.pathKind(path)
    const answer = kind !== null && globMatches(value, path === '.' ? [] : path.split('/'), kind === 'directory')
    found.set(path, answer)
    return answer
  }
  return (member) => {
    const path = member.original_file_path.replaceAll('\\', '/')
    if (globbed(path)) return true
    const patch = world.patchPath(member)
    if (patch !== null && globbed(patch)) return true
    const parts = path.split('/')
    return globbed('.') || parts.slice(0, -1).some((_part, i) => globbed(parts.slice(0, i + 1).join('/')))
  }
}

function fileName(member: GraphMember): string {
  return member.original_file_path.slice(member.original_file_path.lastIndexOf('/') + 1)
}

/** PurePath.stem: a leading dot belongs to the name. */
function stem(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 && dot < name.length - 1 ? name.slice(0, dot) : name
}

function testTypeTest(value: string, old: boolean): Test {
  if (old) {
    if (value === 'singular' || value === 'data') return (member) => member.resource_type === 'test' && !isGenericTest(member)
    return value === 'generic' || value === 'schema' ? isGenericTest : { error: `Invalid test type selector ${value}: expected "generic" or "singular"` }
  }
  // `in ("data")` is a substring test in dbt's code: "at" and "" are data tests too.
  if (value === 'generic' || value === 'schema') return isGenericTest
  if ('data'.includes(value)) return (member) => member.resource_type === 'test'
  if ('singular'.includes(value)) return (member) => member.resource_type === 'test' && !isGenericTest(member)
  if ('unit'.includes(value)) return (member) => member.resource_type === 'unit_test'
  return { error: `Invalid test type selector ${value}: expected "generic", "singular", "unit", or "data"` }
}

function isGenericTest(member: GraphMember): boolean {
  return member.resource_type === 'test' && (member as ManifestNode).test !== null
}

/** How a model's version stands to the latest (UnparsedVersion.__lt__); null: it has none. */
function versionOrder(member: ManifestNode): number | null {
  const { version, latest_version: latest } = member
  if (!version || !latest) return null
  const [a, b] = [Number(version), Number(latest)]
  if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b
  return String(version) < String(latest) ? -1 : String(version) > String(latest) ? 1 : 0
}

function ofModels(test: (member: ManifestNode) => boolean): Test {
  return (member) => member.resource_type === 'model' && test(member as ManifestNode)
}

function versionTest(value: string): Test {
  switch (value) {
    case 'latest': return ofModels((member) => member.version !== null && equal(member.version, member.latest_version))
    case 'prerelease': return ofModels((member) => (versionOrder(member) ?? 0) > 0)
    case 'old': return ofModels((member) => (versionOrder(member) ?? 0) < 0)
    case 'none': return ofModels((member) => member.version === null)
    default: return { error: `Invalid version type selector ${value}: expected one of: "latest", "prerelease", "old", or "none"` }
  }
}

function configTest(path: readonly string[], wanted: Value): Test {
  const severity = path.length === 1 && path[0] === 'severity'
  const word = typeof wanted === 'string' ? wanted.toUpperCase() : typeof wanted === 'boolean' ? String(wanted).toUpperCase() : null
  const same = (value: Value): boolean => (severity && typeof wanted === 'string' && typeof value === 'string' ? value.toUpperCase() === word : equal(wanted, value))
  // `True in [1]` holds in Python.
  const truth = (value: Value): boolean => (word === 'TRUE' && equal(value, true)) || (word === 'FALSE' && equal(value, false))
  return (member) => {
    // dbt searches nodes and sources alone (configurable_nodes): functions and the semantic layer are not among them.
    if (!CONFIGURABLE.has(member.resource_type)) return false
    const value = descend(member, path)
    if (value === undefined) return false
    if (value instanceof PyList) return value.items.some((item) => same(item) || truth(item))
    return same(value) || (word === 'TRUE' && value === true) || (word === 'FALSE' && value === false)
  }
}

const CONFIGURABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'test', 'analysis', 'operation', 'sql_operation', 'source'])

function descend(member: GraphMember, path: readonly string[]): Value | undefined {
  let value: Value | undefined
  for (const [i, name] of path.entries()) {
    if (i === 0) value = member.config.get(name)
    else if (value instanceof PyDict) value = value.get(name)
    else return undefined
    if (value === undefined) return undefined
  }
  return value
}
