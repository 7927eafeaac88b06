// What dbt's classes refuse in one entry of a property file, in dbt's words and at the place where it stands. One entry at a time.
// dbt 1.12: contracts/graph/unparsed.py (the classes and their validate()), parser/schemas.py and schema_yaml_readers.py, YamlParseDictError.

import { reprOf } from '../../../jinja/repr.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { Span } from '../../../text/span.ts'
import { clashWithin, withoutAliases } from '../../adapters/aliases.ts'
import { keyAt, nodeAt } from '../../../yaml/node-at.ts'
import type { YamlNode } from '../../../yaml/nodes.ts'
import type { PropertyEntry, Section } from '../../nodes/property-file.ts'
import type { Project } from '../../project/types.ts'
import type { Rules } from '../../rules/rules.ts'
import { classesOf } from '../../schema/schema.ts'
import { firstError, pathText } from '../../schema/validate.ts'
import type { SchemaPath } from '../../schema/validate.ts'

export interface Refusal { readonly message: string; readonly span: Span }

/** Null when nothing is wrong. `path`: the file's original_file_path. `value`: the entry as it was rendered. */
export function entryRefusal({ rules, adapter: { aliases } }: Project, packageName: string, path: string, entry: PropertyEntry, value: PyDict): Refusal | null {
  // dbt 2 reads entries by other schemas: key-checks.ts.
  if (rules.keyChecks === 'strict') return null
  const { section } = entry
  const clash = section === 'sources' ? clashWithin(aliases, value) : null
  if (clash) return { message: clash.message, span: spanOf(keyAt(entry.node, clash.path) ?? entry.node) }
  const shown = shownTo(section, packageName, path, section === 'sources' ? withoutAliases(aliases, value) : value)
  const name = classOf(section, value, rules)
  const schema = name === null ? null : classesOf(rules.name)(name)
  if (!schema) return null
  const error = firstError(schema, shown)
  const found = error ? { path: error.path, said: `at path ${pathText(error.path)}: ${error.message}` } : ownRule(section, shown)
  if (!found) return null
  const extra = error?.keyword === 'additionalProperties' ? error.keys[0] : undefined
  const at = extra !== undefined ? keyAt(entry.node, [...found.path, extra]) : found.path.length > 0 ? nodeAt(entry.node, found.path) : null
  return { message: `Invalid ${section} config given in ${path} @ ${section}: ${reprOf(shown)} - ${found.said}`, span: at ? spanOf(at) : entry.nameSpan }
}

/** A mapping in block style goes on to the next line; its first line says enough. */
function spanOf(node: YamlNode): Span { return { start: node.start, end: node.end } }

const CLASS: { readonly [section in Section]?: string } = {
  models: 'UnparsedModelUpdate', seeds: 'UnparsedNodeUpdate', snapshots: 'UnparsedNodeUpdate', analyses: 'UnparsedAnalysisUpdate', functions: 'UnparsedFunctionUpdate',
  macros: 'UnparsedMacroUpdate', data_tests: 'UnparsedSingularTestUpdate', exposures: 'UnparsedExposure', groups: 'UnparsedGroup',
  semantic_models: 'UnparsedSemanticModel', saved_queries: 'UnparsedSavedQuery', unit_tests: 'UnparsedUnitTest',
}

function classOf(section: Section, value: PyDict, rules: Rules): string | null {
  if (section === 'sources') return value.has('overrides') ? 'SourcePatch' : 'UnparsedSourceDefinition'
  if (section === 'metrics') return !rules.hasSemanticsInModels || value.has('type_params') ? 'UnparsedMetric' : 'UnparsedMetricV2'
  return CLASS[section] ?? null
}

const PATCHES: ReadonlySet<Section> = new Set(['models', 'seeds', 'snapshots', 'analyses', 'functions', 'macros', 'data_tests'])

/** What dbt adds to an entry before it looks at it. */
function shownTo(section: Section, packageName: string, path: string, value: PyDict): PyDict {
  if (PATCHES.has(section)) return new PyDict([...value.items(), ['original_file_path', path], ['yaml_key', section], ['package_name', packageName]])
  if (section === 'sources') {
    const items = value.items().map(([key, item]): [Value, Value] => [key, key === 'tables' && item === null ? new PyList([]) : item])
    return value.has('overrides') ? new PyDict([...items, ['path', path]]) : new PyDict(items)
  }
  return value
}

interface Said { readonly path: SchemaPath; readonly said: string }

/** The rules that the classes have beside their schemas. */
function ownRule(section: Section, value: PyDict): Said | null {
  switch (section) {
    case 'exposures': return ownerRule('Exposure', value)
    case 'groups': return ownerRule('Group', value)
    case 'sources': return value.has('overrides') ? null : loadedAtRule(value)
    case 'metrics': return metricRule(value)
    case 'unit_tests': return versionsRule(value)
    default: return null
  }
}

function say(path: SchemaPath, message: string): Said { return { path, said: `at path []: ${message}` } }

function ownerRule(of: string, value: PyDict): Said | null {
  const owner = value.get('owner')
  return owner instanceof PyDict && (owner.get('name') ?? null) === null && (owner.get('email') ?? null) === null
    ? say(['owner'], `${of} owner must have at least one of 'name' or 'email'.`) : null
}

function loadedAtRule(value: PyDict): Said | null {
  const message = 'loaded_at_field cannot be an empty string.'
  if (value.get('loaded_at_field') === '') return say(['loaded_at_field'], message)
  const tables = value.get('tables')
  const index = tables instanceof PyList ? tables.items.findIndex((table) => table instanceof PyDict && table.get('loaded_at_field') === '') : -1
  return index < 0 ? null : say(['tables', BigInt(index), 'loaded_at_field'], message)
}

/** UnparsedMetricBase.validate, UnparsedMetricV2.validate. */
function metricRule(value: PyDict): Said | null {
  const name = value.get('name')
  if (typeof name === 'string') {
    const errors: string[] = []
    if (name.includes(' ')) errors.push('cannot contain spaces')
    if (Array.from(name).length > 250) errors.push('cannot contain more than 250 characters')
    if (!/^[A-Za-z]/.test(name)) errors.push('must begin with a letter')
    if (!/^[\p{L}\p{N}_]+\n?$/u.test(name)) errors.push('must contain only letters, numbers and underscores')
    if (errors.length > 0) return say([], `The metric name '${name}' is invalid.  It ${errors.join(', ')}`)
  }
  if (value.has('type_params') || value.get('type') !== 'simple') return null
  return (value.get('agg') ?? null) === null ? say([], 'Simple metrics must have an agg param.') : null
}

function versionsRule(value: PyDict): Said | null {
  const versions = value.get('versions')
  const given = (key: string): boolean => versions instanceof PyDict && versions.get(key) instanceof PyList && (versions.get(key) as PyList).items.length > 0
  return given('include') && given('exclude') ? say(['versions'], 'Unit tests can not both include and exclude versions.') : null
}
