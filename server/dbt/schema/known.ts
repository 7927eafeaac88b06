// Which keys and values the schemas know at a place of a property file: for completion, not for judging.

import { RESOURCE_SCHEMAS } from './deprecated-keys.ts'
import { classesOf, propertiesOf, stepInto } from './schema.ts'
import type { Schema } from './schema.ts'

const CLASS: ReadonlyMap<string, string> = new Map(Object.entries<string>({
  models: 'UnparsedModelUpdate', seeds: 'UnparsedNodeUpdate', snapshots: 'UnparsedNodeUpdate', sources: 'UnparsedSourceDefinition', macros: 'UnparsedMacroUpdate', exposures: 'UnparsedExposure',
  groups: 'UnparsedGroup', metrics: 'UnparsedMetric', semantic_models: 'UnparsedSemanticModel', saved_queries: 'UnparsedSavedQuery', unit_tests: 'UnparsedUnitTest', functions: 'UnparsedFunctionUpdate',
}))

/** What dbt adds itself. */
const INTERNAL: ReadonlySet<string> = new Set(['original_file_path', 'yaml_key', 'package_name', '_extra', 'loaded_at_field_present', 'unrendered_database', 'unrendered_schema', 'static_analysis_off_reason'])

/** `path`: section, then keys with `-` for items of lists. */
export function knownKeys(rules: string, path: readonly string[]): readonly string[] {
  const keys = new Set(schemasAt(rules, path).flatMap((schema) => [...keysOf(schema)]))
  return [...keys].filter((key) => !INTERNAL.has(key))
}

/** Keys of one of dbt's classes: `Project`, `ProjectFlags`. */
export function keysOfClass(rules: string, name: string): readonly string[] {
  const schema = classesOf(rules)(name)
  return schema ? [...new Set(keysOf(schema))] : []
}

export function knownValues(rules: string, path: readonly string[], key: string): readonly string[] {
  return [...new Set(schemasAt(rules, [...path, key]).flatMap((schema) => [...valuesOf(schema)]))].filter((value) => value !== 'unknown')
}

function schemasAt(rules: string, [section = '', item, ...rest]: readonly string[]): Schema[] {
  if (item !== '-') return []
  const roots = [classesOf(rules)(CLASS.get(section) ?? ''), stepInto(stepInto(RESOURCE_SCHEMAS(''), section), 0n)]
  return roots.flatMap((root) => rest.reduce<Schema | null>((schema, step) => stepInto(schema, step === '-' ? 0n : step), root) ?? [])
}

function* keysOf(schema: Schema): Generator<string> {
  yield* propertiesOf(schema).keys()
  for (const keyword of schema.keywords()) if (keyword.is === 'anyOf') for (const each of keyword.schemas) yield* keysOf(each)
}

function* valuesOf(schema: Schema): Generator<string> {
  for (const keyword of schema.keywords()) {
    if (keyword.is === 'enum') yield* keyword.values.filter((value) => typeof value === 'string')
    if (keyword.is === 'type' && keyword.types.includes('boolean')) yield* ['true', 'false']
    if (keyword.is === 'anyOf' || keyword.is === 'oneOf') for (const each of keyword.schemas) yield* valuesOf(each)
  }
}
