// JSON schemas as dbt has them, and the tables that hold them: how a name becomes a schema. Draft 7, only what dbt's schemas use.
// The tables (classes.ts, resources.ts, project.ts) are generated; checking a value is validate.ts's business.

import { CLASSES, EARLIER } from './classes.ts'

/** A schema as the tables have it: "string|null", "dict" (keys are strings), "#Name", a list for anyOf, or an object. */
export type Short = string | boolean | readonly Short[] | ShortKeywords

type Scalar = string | number | boolean | null

/** The keywords of one schema; the order in which they are written counts. */
interface ShortKeywords {
  readonly type?: string | readonly string[]
  readonly properties?: ShortTable
  readonly patternProperties?: ShortTable
  readonly required?: readonly string[]
  readonly additionalProperties?: Short
  readonly items?: Short
  readonly propertyNames?: Short
  readonly anyOf?: readonly Short[]
  readonly oneOf?: readonly Short[]
  readonly allOf?: readonly Short[]
  readonly enum?: readonly Scalar[]
  readonly const?: Scalar
  readonly pattern?: string
  readonly minimum?: number
}

export interface ShortTable { readonly [name: string]: Short }

/** Keywords in dbt's order, which decides which error is the first. */
export type Keyword =
  | { readonly is: 'type'; readonly types: readonly string[] }
  | { readonly is: 'properties'; readonly properties: ReadonlyMap<string, Schema> }
  | { readonly is: 'required'; readonly names: readonly string[] }
  | { readonly is: 'additionalProperties'; readonly schema: Schema | false; readonly known: ReadonlySet<string>; readonly patterns: readonly RegExp[] }
  | { readonly is: 'items' | 'propertyNames'; readonly schema: Schema }
  | { readonly is: 'anyOf' | 'oneOf' | 'allOf'; readonly schemas: readonly Schema[] }
  | { readonly is: 'enum'; readonly values: readonly Scalar[] }
  | { readonly is: 'const'; readonly value: Scalar }
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
  return (Object.keys(short) as (keyof ShortKeywords)[]).flatMap((keyword) => keywordOf(keyword, short, table))
}

function isList(short: Short): short is readonly Short[] { return Array.isArray(short) }

/** Nothing for a keyword that another one needs (patternProperties). */
function keywordOf(keyword: keyof ShortKeywords, short: ShortKeywords, table: SchemaTable): Keyword[] {
  switch (keyword) {
    case 'type': return [{ is: keyword, types: typeof short.type === 'string' ? [short.type] : short.type ?? [] }]
    case 'properties': return [{ is: keyword, properties: new Map(Object.entries(short.properties ?? {}).map(([name, each]) => [name, lazy(each, table)])) }]
    case 'required': return [{ is: keyword, names: short.required ?? [] }]
    case 'additionalProperties': {
      const { additionalProperties: rest = true, properties = {}, patternProperties = {} } = short
      return [{ is: keyword, schema: rest === false ? false : lazy(rest, table), known: new Set(Object.keys(properties)), patterns: Object.keys(patternProperties).map((each) => new RegExp(each)) }]
    }
    case 'items': case 'propertyNames': return [{ is: keyword, schema: lazy(short[keyword] ?? true, table) }]
    case 'anyOf': case 'oneOf': case 'allOf': return [{ is: keyword, schemas: (short[keyword] ?? []).map((each) => lazy(each, table)) }]
    case 'enum': return [{ is: keyword, values: short.enum ?? [] }]
    case 'const': return short.const === undefined ? [] : [{ is: keyword, value: short.const }]
    case 'pattern': return short.pattern === undefined ? [] : [{ is: keyword, pattern: short.pattern }]
    case 'minimum': return short.minimum === undefined ? [] : [{ is: keyword, minimum: short.minimum }]
    case 'patternProperties': return []
  }
}
