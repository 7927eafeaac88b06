// Holds a value against a JSON schema as Python's jsonschema does: the same errors in the same order and words.
// jsonschema 4.26 _keywords.py, validators.py iter_errors. A value that is not known passes; nothing is looked up.

import { reprOf } from '../../jinja/repr.ts'
import { PyDate } from '../../jinja/python/datetime.ts'
import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Keyword, Schema } from './schema.ts'

export type SchemaPath = readonly (string | bigint)[]

export interface SchemaError {
  /** From the value that was checked; keys, and indexes as bigint. */
  readonly path: SchemaPath
  /** Which keyword refused: `type`, `additionalProperties`, `anyOf` … */
  readonly keyword: string
  readonly message: string
  /** Keys that are too many, for `additionalProperties`. */
  readonly keys: readonly string[]
  /** Of `anyOf`: what each alternative said; their paths begin at the value of this error. */
  readonly context: readonly SchemaError[]
}

export interface Options {
  /** dbt's schemas of files take dates for strings (custom_type_rule). */
  readonly datesAreStrings?: boolean
  /** dbt 1.12 makes its config classes before it checks them: what has to be a text becomes one, and a text that has to be a list its letters. */
  readonly textsAreMade?: boolean
}

const NO_OPTIONS: Options = {}

/** Every error, in jsonschema's order. */
export function* validate(schema: Schema, value: Value, options: Options = NO_OPTIONS, path: SchemaPath = []): Generator<SchemaError> {
  if (isUnknown(value)) return
  for (const keyword of schema.keywords()) yield* check(keyword, value, options, path)
}

/** The first error: the one that dbt stops at. */
export function firstError(schema: Schema, value: Value, options: Options = NO_OPTIONS): SchemaError | null {
  if (isValid(schema, value, options)) return null
  for (const error of validate(schema, value, options)) return error
  return null
}

/** Whether `validate` finds nothing: most values are right, and asking that alone costs a fraction. Makes nothing, for it is asked of every entry of a project. */
export function isValid(schema: Schema, value: Value, options: Options = NO_OPTIONS): boolean {
  if (isUnknown(value)) return true
  for (const keyword of schema.keywords()) if (!obeys(keyword, value, options)) return false
  return true
}

function obeys(keyword: Keyword, value: Value, options: Options): boolean {
  switch (keyword.is) {
    case 'type':
      for (const type of keyword.types) if (isType(value, type, options)) return true
      return false
    case 'required':
      if (value instanceof PyDict) for (const name of keyword.names) if (!value.has(name)) return false
      return true
    case 'properties':
      if (!(value instanceof PyDict)) return true
      // A class has dozens of keys, an entry a few.
      for (const { key, value: item } of value.entries.values()) {
        const schema = typeof key === 'string' ? keyword.properties.get(key) : undefined
        if (schema !== undefined && !isValid(schema, item, options)) return false
      }
      return true
    case 'additionalProperties':
      if (!(value instanceof PyDict)) return true
      for (const { key, value: item } of value.entries.values()) {
        if (isExtra(keyword, key) && (keyword.schema === false || !isValid(keyword.schema, item, options))) return false
      }
      return true
    case 'items':
      if (value instanceof PyList) for (const item of value.items) if (!isValid(keyword.schema, item, options)) return false
      return true
    case 'propertyNames':
      if (value instanceof PyDict) for (const { key } of value.entries.values()) if (!isValid(keyword.schema, key, options)) return false
      return true
    case 'anyOf': case 'oneOf':
      for (const schema of keyword.schemas) if (isValid(schema, value, options)) return true
      return false
    case 'allOf':
      for (const schema of keyword.schemas) if (!isValid(schema, value, options)) return false
      return true
    default: return check(keyword, value, options, []).next().done === true
  }
}

function isExtra({ known, patterns }: Keyword & { readonly is: 'additionalProperties' }, key: Value): boolean {
  return typeof key !== 'string' || (!known.has(key) && !patterns.some((pattern) => pattern.test(key)))
}

function* check(keyword: Keyword, value: Value, options: Options, path: SchemaPath): Generator<SchemaError> {
  const error = (message: string, more: Partial<SchemaError> = {}): SchemaError => ({ path, keyword: keyword.is, message, keys: [], context: [], ...more })
  switch (keyword.is) {
    case 'type':
      if (!keyword.types.some((type) => isType(value, type, options))) yield error(`${reprOf(value)} is not of type ${keyword.types.map((type) => reprOf(type)).join(', ')}`)
      return
    case 'properties':
      if (!(value instanceof PyDict)) return
      for (const [name, schema] of keyword.properties) {
        const item = value.get(name)
        if (item !== undefined) yield* validate(schema, item, options, [...path, name])
      }
      return
    case 'required':
      if (!(value instanceof PyDict)) return
      for (const name of keyword.names) if (!value.has(name)) yield error(`${reprOf(name)} is a required property`)
      return
    case 'additionalProperties': {
      if (!(value instanceof PyDict)) return
      const extras = value.items().filter(([key]) => isExtra(keyword, key))
      if (keyword.schema !== false) {
        for (const [key, item] of extras) yield* validate(keyword.schema, item, options, [...path, stepOf(key)])
      } else if (extras.length > 0) {
        const keys = extras.map(([key]) => key).toSorted((one, other) => (textOf(one) < textOf(other) ? -1 : 1))
        yield error(`Additional properties are not allowed (${keys.map((key) => reprOf(key)).join(', ')} ${keys.length === 1 ? 'was' : 'were'} unexpected)`, { keys: keys.filter((key): key is string => typeof key === 'string') })
      }
      return
    }
    case 'items':
      if (value instanceof PyList) for (const [index, item] of value.items.entries()) yield* validate(keyword.schema, item, options, [...path, BigInt(index)])
      return
    case 'propertyNames':
      if (value instanceof PyDict) for (const [key] of value.items()) yield* validate(keyword.schema, key, options, path)
      return
    case 'anyOf': case 'oneOf': {
      const context: SchemaError[] = []
      for (const schema of keyword.schemas) {
        if (isValid(schema, value, options)) return
        context.push(...validate(schema, value, options))
      }
      yield error(`${reprOf(value)} is not valid under any of the given schemas`, { context })
      return
    }
    case 'allOf':
      for (const schema of keyword.schemas) yield* validate(schema, value, options, path)
      return
    case 'enum':
      if (!keyword.values.some((each) => isEqual(value, each))) yield error(`${reprOf(value)} is not one of ${reprOf(new PyList(keyword.values.map(valueOf)))}`)
      return
    case 'const':
      if (!isEqual(value, keyword.value)) yield error(`${reprOf(valueOf(keyword.value))} was expected`)
      return
    case 'pattern':
      if (typeof value === 'string' && !new RegExp(keyword.pattern).test(value)) yield error(`${reprOf(value)} does not match ${reprOf(keyword.pattern)}`)
      return
    case 'minimum':
      if ((typeof value === 'bigint' || typeof value === 'number') && value < keyword.minimum) yield error(`${reprOf(value)} is less than the minimum of ${reprOf(valueOf(keyword.minimum))}`)
  }
}

function isUnknown(value: Value): boolean { return typeof value === 'object' && value !== null && value.unknown !== null }

function isType(value: Value, type: string, options: Options): boolean {
  switch (type) {
    case 'null': return value === null
    case 'boolean': return typeof value === 'boolean'
    case 'string': return typeof value === 'string' || (options.textsAreMade === true && value !== null) || (options.datesAreStrings === true && value instanceof PyDate)
    case 'integer': return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
    case 'number': return typeof value === 'bigint' || typeof value === 'number'
    case 'array': return value instanceof PyList || (options.textsAreMade === true && typeof value === 'string')
    case 'object': return value instanceof PyDict
    default: return true
  }
}

function isEqual(value: Value, wanted: string | number | boolean | null): boolean {
  return value === wanted || ((typeof value === 'bigint' || typeof value === 'number') && typeof wanted === 'number' && Number(value) === wanted)
}

/** Numbers of the schemas are whole. */
function valueOf(value: string | number | boolean | null): Value { return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value }

function stepOf(key: Value): string { return typeof key === 'string' ? key : reprOf(key) }

function textOf(value: Value): string { return typeof value === 'string' ? value : reprOf(value) }

/** As dbt's validator_error_message shows where: `['columns'][0]['name']`. */
export function pathText(path: SchemaPath): string {
  return path.length === 0 ? '[]' : path.map((step) => `[${reprOf(step)}]`).join('')
}
