// JSON schemas as dbt has them, and the tables that hold them: how a name becomes a schema. Draft 7, only what dbt's schemas use.
// The tables (classes.ts, resources.ts, project.ts) are generated; checking a value is validate.ts's business.

import { CLASSES, EARLIER } from './classes.ts'

/** A schema as the tables have it: "string|null", "dict" (keys are strings), "#Name", a list for anyOf, or an object. */
export type Short = string | boolean | readonly Short[] | { readonly [keyword: string]: unknown }

export interface ShortTable { readonly [name: string]: Short }

/** Keywords in dbt's order, which decides which error is the first. */
export type Keyword =
  | { readonly is: 'type'; readonly types: readonly string[] }
  | { readonly is: 'properties'; readonly properties: ReadonlyMap<string, Schema> }
  | { readonly is: 'required'; readonly names: readonly string[] }
  | { readonly is: 'additionalProperties'; readonly schema: Schema | false; readonly known: ReadonlySet<string>; readonly patterns: readonly RegExp[] }
  | { readonly is: 'items' | 'propertyNames'; readonly schema: Schema }
  | { readonly is: 'anyOf' | 'oneOf' | 'allOf'; readonly schemas: readonly Schema[] }
  | { readonly is: 'enum'; readonly values: readonly (string | number | boolean | null)[] }
  | { readonly is: 'const'; readonly value: string | number | boolean | null }
  | { readonly is: 'pattern'; readonly pattern: string }
  | { readonly is: 'minimum'; readonly minimum: number }

/** Keywords are read when they are asked for: a table has many schemas, a project needs few. */
export interface Schema {
  /** Of a definition: its name in the table; of what is written inside of one, null. */
  readonly name: string | null
  readonly keywords: () => readonly Keyword[]
  /** Another definition of the same table. */
  readonly sibling: SchemaTable
}

/** Finds schemas by name; the same schema for the same name. */
export type SchemaTable = (name: string) => Schema | null

export function schemaTable(find: (name: string) => Short | undefined): SchemaTable {
  const made = new Map<string, Schema | null>()
  const table: SchemaTable = (name) => {
    let schema = made.get(name)
    if (schema === undefined) {
      const short = find(name)
      made.set(name, schema = short === undefined ? null : lazy(short, table, name))
    }
    return schema
  }
  return table
}

/** What a schema says of keys; empty when it says nothing. */
export function propertiesOf(schema: Schema): ReadonlyMap<string, Schema> {
  for (const keyword of schema.keywords()) if (keyword.is === 'properties') return keyword.properties
  return NO_PROPERTIES
}

const NO_PROPERTIES: ReadonlyMap<string, Schema> = new Map()

/** The schema of a member, through alternatives; null when there is none. */
export function stepInto(schema: Schema | null, step: string | bigint): Schema | null {
  for (const keyword of schema?.keywords() ?? []) {
    if (keyword.is === 'properties' && typeof step === 'string' && keyword.properties.has(step)) return keyword.properties.get(step) ?? null
    if (keyword.is === 'items' && typeof step === 'bigint') return keyword.schema
    if (keyword.is === 'anyOf' || keyword.is === 'allOf') {
      for (const each of keyword.schemas) {
        const found = stepInto(each, step)
        if (found) return found
      }
    }
  }
  return null
}

const ORDER = ['1.12', '1.11', '1.10', '1.8', '1.7']
/** dbt 1.9's classes were never asked; 1.10's are the nearest that refuse nothing more. dbt 2 has other rules (dbt-2.ts). */
const LIKE: { readonly [rules: string]: string } = { '1.9': '1.10', 2: '1.12' }
const classTables = new Map<string, SchemaTable>()

/** dbt's own classes (UnparsedModelUpdate, ModelConfig, Project …) in a version, named as the rule set is. */
export function classesOf(rules: string): SchemaTable {
  const version = LIKE[rules] ?? rules
  let table = classTables.get(version)
  if (!table) {
    const at = Math.max(0, ORDER.indexOf(version))
    classTables.set(version, table = schemaTable((name) => {
      for (let index = at; index > 0; index--) {
        const short = EARLIER[ORDER[index] as string]?.[name]
        if (short !== undefined) return short
      }
      return CLASSES[name]
    }))
  }
  return table
}

function lazy(short: Short, table: SchemaTable, name: string | null = null): Schema {
  if (typeof short === 'string' && short.startsWith('#')) return table(short.slice(1)) ?? ANYTHING
  let keywords: readonly Keyword[] | null = null
  return { name, sibling: table, keywords: () => (keywords ??= keywordsOf(short, table)) }
}

const ANYTHING: Schema = { name: null, sibling: () => null, keywords: () => [] }

function keywordsOf(short: Short, table: SchemaTable): Keyword[] {
  if (typeof short === 'boolean') return []
  if (short === 'dict') return [{ is: 'type', types: ['object'] }, { is: 'propertyNames', schema: lazy('string', table) }]
  if (typeof short === 'string') return [{ is: 'type', types: short.split('|') }]
  if (isList(short)) return [{ is: 'anyOf', schemas: short.map((each) => lazy(each, table)) }]
  return Object.entries(short).flatMap(([keyword, value]) => keywordOf(keyword, value as Short, short, table))
}

function isList(short: Short): short is readonly Short[] { return Array.isArray(short) }

function keywordOf(keyword: string, value: Short, whole: { readonly [keyword: string]: unknown }, table: SchemaTable): Keyword[] {
  switch (keyword) {
    case 'type': return [{ is: 'type', types: typeof value === 'string' ? [value] : value as unknown as readonly string[] }]
    case 'properties': return [{ is: 'properties', properties: new Map(Object.entries(value).map(([name, each]) => [name, lazy(each as Short, table)])) }]
    case 'required': return [{ is: 'required', names: value as unknown as readonly string[] }]
    case 'additionalProperties': {
      const known = new Set(Object.keys(whole['properties'] ?? {}))
      return [{ is: 'additionalProperties', schema: value === false ? false : lazy(value, table), known, patterns: Object.keys(whole['patternProperties'] ?? {}).map((each) => new RegExp(each)) }]
    }
    case 'items': case 'propertyNames': return [{ is: keyword, schema: lazy(value, table) }]
    case 'anyOf': case 'oneOf': case 'allOf': return [{ is: keyword, schemas: (value as readonly Short[]).map((each) => lazy(each, table)) }]
    case 'enum': return [{ is: 'enum', values: value as unknown as readonly string[] }]
    case 'const': return [{ is: 'const', value: value as string }]
    case 'pattern': return [{ is: 'pattern', pattern: value as string }]
    case 'minimum': return [{ is: 'minimum', minimum: value as unknown as number }]
    default: return []
  }
}
