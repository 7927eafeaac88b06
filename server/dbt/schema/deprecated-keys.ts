// Keys that dbt 1.12 still takes but calls deprecated, in a property file, in dbt_project.yml and in config() of a model.
// dbt 1.12: jsonschemas/jsonschemas.py jsonschema_validate, validate_model_config; events/types.py for the words. Nothing is rendered.

import { distance } from 'fastest-levenshtein'
import { PROJECT } from './project.ts'
import { RESOURCES } from './resources.ts'
import { propertiesOf, schemaTable, stepInto } from './schema.ts'
import type { Schema, SchemaTable } from './schema.ts'
import { validate } from './validate.ts'
import type { SchemaError, SchemaPath } from './validate.ts'
import type { Value } from '../../jinja/value.ts'

export interface KeyFinding {
  /** dbt's event. */
  readonly event: 'CustomTopLevelKeyDeprecation' | 'CustomKeyInConfigDeprecation' | 'CustomKeyInObjectDeprecation' | 'PropertyMovedToConfigDeprecation' | 'MissingPlusPrefixDeprecation' | 'SourceOverrideDeprecation' | 'GenericJSONSchemaValidationDeprecation'
  /** Where the key stands, the key itself last; for the generic one, the value. */
  readonly path: SchemaPath
  readonly key: string
  readonly message: string
  /** A key of the schema that was perhaps meant. */
  readonly near: string | null
}

/** Only these adapters' projects are looked at (_JSONSCHEMA_SUPPORTED_ADAPTERS). */
const ADAPTERS: ReadonlySet<string> = new Set(['bigquery', 'databricks', 'redshift', 'snowflake'])
const EXTRA_KEYS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries<readonly string[]>({
  bigquery: ['dataset', 'project'], databricks: ['query_tags', 'zorder', 'options', 'unique_tmp_table_suffix', 'skip_optimize'],
}))
const HIERARCHICAL: ReadonlySet<unknown> = new Set(['seeds', 'sources', 'models', 'snapshots', 'tests', 'exposures', 'data_tests', 'metrics', 'saved_queries', 'semantic_models', 'unit_tests'])
const LIKE_DATES = { datesAreStrings: true }

export const RESOURCE_SCHEMAS: SchemaTable = schemaTable((name) => RESOURCES[name])
export const PROJECT_SCHEMAS: SchemaTable = schemaTable((name) => PROJECT[name])

function looksAtKeys(adapter: string): boolean { return ADAPTERS.has(adapter) }

/** A property file (`resources`) or dbt_project.yml; `file` as dbt shows it. */
export function deprecatedKeys(kind: 'resources' | 'project', value: Value, file: string, adapter: string): KeyFinding[] {
  const table = kind === 'resources' ? RESOURCE_SCHEMAS : PROJECT_SCHEMAS
  const schema = table('')
  if (!schema || !looksAtKeys(adapter)) return []
  const extra = EXTRA_KEYS.get(adapter) ?? []
  return [...validate(schema, value, LIKE_DATES)].flatMap((error) => findings(error, { table, root: schema, file, extra, project: kind === 'project' }))
}

interface Reading { readonly table: SchemaTable; readonly root: Schema; readonly file: string; readonly extra: readonly string[]; readonly project: boolean }

function findings(error: SchemaError, reading: Reading): KeyFinding[] {
  const { path, keyword } = error
  if (keyword === 'additionalProperties') return shown(error).flatMap((key) => additional(error, key, reading))
  if (keyword === 'anyOf' && path.length > 0) {
    if (path.at(-1) === 'config') {
      return error.context.filter((each) => each.keyword === 'additionalProperties').flatMap((each) => shown(each).filter((key) => !reading.extra.includes(key)).map((key) => inConfig(reading.file, pathOf(path), key, [...path, ...each.path, key], reading, path)))
    }
    return reading.project && HIERARCHICAL.has(path[0]) ? error.context.flatMap((each) => inProject(error, each, reading)) : []
  }
  return keyword === 'type' ? [] : [generic(error, reading.file)]
}

function additional(error: SchemaError, key: string, reading: Reading): KeyFinding[] {
  const { path } = error
  const { file } = reading
  const at = [...path, key]
  const keyPath = pathOf(path)
  if (path.length === 0) return [{ event: 'CustomTopLevelKeyDeprecation', path: at, key, message: `Unexpected top-level key ${key} in file \`${file}\``, near: nearest(key, reading, path) }]
  if (key === 'type_params' || (path.length === 2 && path[0] === 'sources' && reading.extra.includes(key))) return []
  if (key === 'overrides' && keyPath.startsWith('sources')) {
    return [{ event: 'SourceOverrideDeprecation', path: at, key, near: null, message: `The source property \`overrides\` is deprecated but was found on source \`${keyPath.split('.').at(-1) ?? ''}\` in file \`${file}\`. Instead, \`enabled\` should be used to disable the unwanted source.` }]
  }
  if (configKeysAt(reading, path)?.has(key)) {
    return [{ event: 'PropertyMovedToConfigDeprecation', path: at, key, near: null, message: `Found \`${key}\` as a top-level property of \`${keyPath}\` in file \`${file}\`. The \`${key}\` top-level property should be moved into the \`config\` of \`${keyPath}\`.` }]
  }
  return [inObject(file, keyPath, key, at, nearest(key, reading, path))]
}

function inObject(file: string, keyPath: string, key: string, path: SchemaPath, near: string | null): KeyFinding {
  return { event: 'CustomKeyInObjectDeprecation', path, key, near, message: `Custom key \`${key}\` found at \`${keyPath}\` in file \`${file}\`. This may mean the key is a typo, or is simply not a key supported by the object.` }
}

function inConfig(file: string, keyPath: string, key: string, path: SchemaPath, reading: Reading | null, parent: SchemaPath): KeyFinding {
  const where = keyPath === '' ? '' : ` at path \`${keyPath}\``
  return { event: 'CustomKeyInConfigDeprecation', path, key, near: reading ? nearest(key, reading, parent) : null, message: `Custom key \`${key}\` found in \`config\`${where} in file \`${file}\`. Custom config keys should move into the \`config.meta\`.` }
}

/** What one alternative of a level of dbt_project.yml says. */
function inProject(error: SchemaError, each: SchemaError, reading: Reading): KeyFinding[] {
  const key = each.path.at(-1)
  if (each.keyword !== 'type' || typeof key !== 'string') return []
  const allowed = projectConfigKeys(reading, String(error.path[0]))
  const at = [...error.path, ...each.path]
  const keyPath = pathOf(each.path)
  if (allowed.has(`+${key}`) && !each.path.some((step) => typeof step === 'string' && allowed.has(step))) {
    return [{ event: 'MissingPlusPrefixDeprecation', path: at, key, near: `+${key}`, message: `Missing '+' prefix on \`${key}\` found at \`${keyPath}\` in file \`${reading.file}\`. Hierarchical config values without a '+' prefix are deprecated in dbt_project.yml.` }]
  }
  return allowed.has(key) ? [] : [{ ...inConfig(reading.file, keyPath, key, at, null, []), near: closest(key, allowed) }]
}

function generic(error: SchemaError, file: string): KeyFinding {
  const causes = 'This generally means that either we failed to catch this as a more specific deprecation type OR our JSONSchema had a regression (and this deprecation was erroneous).'
  const where = error.path.length === 0 ? `at top level in file \`${file}\`` : `in file \`${file}\` at path \`${pathOf(error.path)}\``
  return { event: 'GenericJSONSchemaValidationDeprecation', path: error.path, key: '', near: null, message: `${error.message} ${where} is possibly a deprecation. ${causes}` }
}

/** The merged config() calls of a model. `file`: its original_file_path. */
export function deprecatedModelConfig(config: Value, file: string, adapter: string, isPython: boolean): KeyFinding[] {
  const schema = RESOURCE_SCHEMAS('ModelConfig')
  if (!schema || !looksAtKeys(adapter)) return []
  const extra = EXTRA_KEYS.get(adapter) ?? []
  return [...validate(schema, config, LIKE_DATES)].flatMap((error): KeyFinding[] => {
    const { path, keyword } = error
    if (keyword === 'additionalProperties' && path.length === 0) {
      return shown(error).filter((key) => !HOOKS.has(key) && !(isPython && PYTHON_KEYS.has(key)) && !extra.includes(key)).map((key) => ({ ...inConfig(file, '', key, [key], null, []), near: closest(key, keysOf(schema)) }))
    }
    if (keyword === 'additionalProperties') return shown(error).map((key) => inObject(file, pathOf(['config', ...path]), key, [...path, key], null))
    if (keyword === 'type') return []
    if (keyword === 'anyOf' && path.length > 0) {
      // dbt puts `config` before the path once for each alternative that has keys too many.
      let shownPath: SchemaPath = path
      return error.context.filter((each) => each.keyword === 'additionalProperties').flatMap((each) => {
        shownPath = ['config', ...shownPath]
        const keyPath = pathOf(shownPath)
        return shown(each).map((key) => inObject(file, keyPath, key, [...path, ...each.path, key], null))
      })
    }
    return [generic(error, file)]
  })
}

const HOOKS: ReadonlySet<string> = new Set(['post-hook', 'pre-hook'])
const PYTHON_KEYS: ReadonlySet<string> = new Set(['config_keys_used', 'config_keys_defaults', 'meta_keys_used', 'meta_keys_defaults'])

/** dbt reads the keys out of jsonschema's sentence: those with blanks are lost. */
function shown({ keys }: SchemaError): readonly string[] { return keys.filter((key) => !/\s/.test(key)) }

/** error_path_to_string. */
function pathOf(path: SchemaPath): string {
  return path.map((step, index) => (typeof step === 'bigint' ? (index === 0 ? String(step) : `[${step}]`) : index === 0 ? step : `.${step}`)).join('')
}

function keysOf(schema: Schema | null | undefined): ReadonlySet<string> { return new Set(schema ? propertiesOf(schema).keys() : []) }

function schemaAt(reading: Reading, path: SchemaPath): Schema | null {
  return path.reduce<Schema | null>((schema, step) => stepInto(schema, step), reading.root)
}

/** _get_allowed_config_fields_from_error_path: the keys of `config` of the object that holds the key. */
function configKeysAt(reading: Reading, path: SchemaPath): ReadonlySet<string> | null {
  for (let length = path.length; length > 0; length--) {
    const config = stepInto(schemaAt(reading, path.slice(0, length)), 'config')
    if (typeof path[length - 1] === 'bigint') {
      if (!config) return null
      const first = config.keywords().find((keyword) => keyword.is === 'anyOf')
      return new Set([...keysOf(first && 'schemas' in first ? first.schemas[0] : config), ...reading.extra])
    }
  }
  return null
}

/** _get_allowed_config_fields_for_project_property. */
function projectConfigKeys(reading: Reading, property: string): ReadonlySet<string> {
  const schema = stepInto(reading.root, property)
  const any = schema?.keywords().find((keyword) => keyword.is === 'anyOf')
  const first = any && 'schemas' in any ? any.schemas.find((each) => propertiesOf(each).size > 0) : schema
  return new Set([...keysOf(first), ...reading.extra.map((key) => `+${key}`)])
}

function nearest(key: string, reading: Reading, parent: SchemaPath): string | null {
  const schema = schemaAt(reading, parent)
  const any = schema?.keywords().find((keyword) => keyword.is === 'anyOf')
  return closest(key, keysOf(any && 'schemas' in any ? any.schemas[0] : schema))
}

/** The known key that differs least, when it differs little. */
function closest(key: string, among: ReadonlySet<string>): string | null {
  let best: string | null = null
  let least = Math.max(1, Math.floor(key.length / 3)) + 1
  for (const each of among) {
    const far = distance(key, each)
    if (far > 0 && far < least) [best, least] = [each, far]
  }
  return best
}
