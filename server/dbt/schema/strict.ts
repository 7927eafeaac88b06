// How dbt 2 reads YAML: keys that it does not know and values of another type are refused, in its words, at its places.
// Seen with dbt 2.0.0-alpha.4 (test/fixtures/refusals/dbt-2.json); the schemas are those that dbt 1.12 carries of it. Nothing is rendered:
// a text with Jinja passes for anything.

import type { YamlNode } from '../../yaml/nodes.ts'
import type { Span } from '../../text/span.ts'
import type { Keyword, Schema } from './schema.ts'

export interface StrictFinding {
  /** dbt 2's code: an unexpected key, or a value that cannot be read (which keeps dbt from reading on). */
  readonly code: 'dbt1060' | 'dbt1013'
  readonly message: string
  readonly span: Span
  readonly key: string | null
  /** Where the key was looked for. */
  readonly path: string
}

interface Reading { readonly unknown: StrictFinding[]; readonly failed: StrictFinding[] }

/** What dbt 2 says of one value. It stops at the first value that it cannot read; here all are named, since all are in its way. */
export function strictFindings(schema: Schema, node: YamlNode): readonly StrictFinding[] {
  const reading: Reading = { unknown: [], failed: [] }
  read(schema, node, '', reading)
  return [...reading.failed, ...reading.unknown]
}

function read(schema: Schema, node: YamlNode, path: string, into: Reading): void {
  const keywords = schema.keywords()
  if (keywords.length === 0 || isNull(node) || isJinja(node)) {
    if (isNull(node) && !takesNull(schema)) fail(into, node, path, `invalid type: ${written(node)}, expected ${expected(schema)}`)
    return
  }
  const any = keywords.find((each) => each.is === 'anyOf' || each.is === 'oneOf')
  if (any && 'schemas' in any) readAny(schema, any.schemas, node, path, into)
  else readOne(schema, keywords, node, path, into)
}

/** `[X, null]` is an option; more alternatives are tried in order. */
function readAny(schema: Schema, schemas: readonly Schema[], node: YamlNode, path: string, into: Reading): void {
  const open = schemas.filter((each) => !isOnlyNull(each) && !isTemplate(each))
  const only = open[0]
  if (open.length === 1 && only) {
    // Booleans of configuration and quoting may be any scalar: what is no boolean counts as false.
    const lenient = schemas.some(isTemplate) && node.kind === 'scalar' && /(^|\.)(config|quoting)\.[^.]+$|^config\.[^.]+$/.test(path) && hasType(only, 'boolean')
    if (!lenient) read(only, node, path, into)
    return
  }
  for (const each of open) {
    const attempt: Reading = { unknown: [], failed: [] }
    read(each, node, path, attempt)
    if (attempt.failed.length > 0) continue
    into.unknown.push(...attempt.unknown)
    return
  }
  const names = open.flatMap((each) => enumOf(each) ?? [])
  if (names.length > 0 && node.kind === 'scalar' && typeof scalarOf(node) === 'string') {
    // An enumeration with a place for the unknown takes every text.
    if (!open.some((each) => hasType(each, 'object'))) fail(into, node, path, variants(node.text, names))
    return
  }
  fail(into, node, path.replace(/\[\d+\]$/, ''), `data did not match any variant of untagged enum ${schema.name ?? 'value'}`)
}

function readOne(schema: Schema, keywords: readonly Keyword[], node: YamlNode, path: string, into: Reading): void {
  const types = keywords.find((each) => each.is === 'type')
  if (types?.is === 'type' && !types.types.some((type) => isType(node, type))) return fail(into, node, path, `invalid type: ${written(node)}, expected ${expected(schema)}`)
  const options = keywords.find((each) => each.is === 'enum')
  if (options?.is === 'enum' && node.kind === 'scalar' && !options.values.includes(node.text)) {
    // A variant called unknown takes what is.
    if (!options.values.includes('unknown')) fail(into, node, path, variants(node.text, options.values))
    return
  }
  if (node.kind === 'seq') {
    const items = keywords.find((each) => each.is === 'items')
    if (items?.is === 'items') node.items.forEach((item, index) => read(items.schema, item, `${path}[${index}]`, into))
  }
  if (node.kind === 'map') readMap(schema, keywords, node, path, into)
}

function variants(text: string, values: readonly unknown[]): string {
  return `unknown variant \`${text}\`, expected ${values.length === 1 ? '' : 'one of '}${values.map((each) => `\`${String(each)}\``).join(', ')}`
}

/** Keys that are let be though no schema has them: owners may say more, versions too, arguments of tests are judged by test-declarations.ts. */
const LET_BE: ReadonlySet<string> = new Set(['DbtOwner', 'Versions', 'CustomTestInner', 'CustomTestMultiKey'])

function readMap(of: Schema, keywords: readonly Keyword[], node: Extract<YamlNode, { kind: 'map' }>, path: string, into: Reading): void {
  const known = keywords.find((each) => each.is === 'properties')
  const rest = keywords.find((each) => each.is === 'additionalProperties')
  for (const { key, value } of node.entries) {
    const name = key.kind === 'scalar' ? key.text : ''
    const at = path === '' ? name : `${path}.${name}`
    const schema = known?.is === 'properties' ? known.properties.get(name) : undefined
    if (schema) read(of.name === 'Versions' && name === 'config' ? of.sibling('ModelConfig') ?? schema : schema, value, at, into)
    else if (name === 'type_params' || LET_BE.has(of.name ?? '')) continue
    else if (rest?.is === 'additionalProperties' && rest.schema !== false) read(rest.schema, value, at, into)
    else if (rest?.is === 'additionalProperties') into.unknown.push({ code: 'dbt1060', message: `Ignored unexpected key \`"${name}"\`. YAML path: \`${at}\`.`, span: { start: key.start, end: key.end }, key: name, path })
  }
  const required = keywords.find((each) => each.is === 'required')
  if (required?.is !== 'required') return
  const names = new Set(node.entries.map(({ key }) => (key.kind === 'scalar' ? key.text : '')))
  const missing = required.names.find((name) => !names.has(name))
  if (missing !== undefined) fail(into, node, path, `missing field \`${missing}\``)
}

function fail(into: Reading, node: YamlNode, path: string, what: string): void {
  into.failed.push({ code: 'dbt1013', message: `YAML error: ${path === '' ? '' : `${path}: `}${what}`, span: { start: node.start, end: node.end }, key: null, path })
}

function isNull(node: YamlNode): boolean { return node.kind === 'scalar' && node.value === null }

function isJinja(node: YamlNode): boolean { return node.kind === 'scalar' && typeof node.value === 'string' && /\{[{%]/.test(node.value) }

/** YAML 1.2 has no `yes`, `no`, `on`, `off`. */
function scalarOf(node: Extract<YamlNode, { kind: 'scalar' }>): unknown {
  if (typeof node.value === 'boolean' && !/^(true|false)$/i.test(node.text)) return node.text
  return typeof node.value === 'object' && node.value !== null ? node.text : node.value
}

function isType(node: YamlNode, type: string): boolean {
  if (node.kind === 'map') return type === 'object' || type === 'dict'
  if (node.kind === 'seq') return type === 'array'
  const value = scalarOf(node)
  switch (type) {
    case 'null': return value === null
    case 'string': return typeof value === 'string'
    case 'boolean': return typeof value === 'boolean'
    case 'integer': return typeof value === 'bigint'
    case 'number': return typeof value === 'bigint' || typeof value === 'number'
    default: return false
  }
}

function written(node: YamlNode): string {
  if (node.kind === 'map') return 'map'
  if (node.kind === 'seq') return 'sequence'
  const value = scalarOf(node)
  if (value === null) return 'unit value'
  if (typeof value === 'boolean') return `boolean \`${node.text}\``
  if (typeof value === 'bigint') return `integer \`${String(value)}\``
  return typeof value === 'number' ? `floating point \`${String(value)}\`` : `string ${JSON.stringify(node.text)}`
}

function expected(schema: Schema): string {
  const keywords = schema.keywords()
  if (keywords.some((each) => each.is === 'enum')) return 'a Value::Tagged enum'
  const type = keywords.find((each) => each.is === 'type')
  const first = type?.is === 'type' ? type.types.find((each) => each !== 'null') : undefined
  switch (first) {
    case 'object': return schema.name === null ? 'a map' : `struct ${schema.name}`
    case 'array': return 'a sequence'
    case 'boolean': return 'a boolean'
    case 'integer': return 'i32'
    case 'number': return 'f32'
    default: return 'a string'
  }
}

function takesNull(schema: Schema): boolean {
  const keywords = schema.keywords()
  return keywords.length === 0 || keywords.some((each) => (each.is === 'type' && each.types.includes('null')) || ((each.is === 'anyOf' || each.is === 'oneOf') && each.schemas.some(takesNull)))
}

function isOnlyNull(schema: Schema): boolean {
  return schema.keywords().some((each) => each.is === 'type' && each.types.length === 1 && each.types[0] === 'null')
}

function hasType(schema: Schema, type: string): boolean { return schema.keywords().some((each) => each.is === 'type' && each.types.includes(type)) }

/** `^\{.*\}$`: where a template may stand instead. */
function isTemplate(schema: Schema): boolean { return schema.keywords().some((each) => each.is === 'pattern') }

function enumOf(schema: Schema): readonly unknown[] | null {
  const found = schema.keywords().find((each) => each.is === 'enum')
  return found?.is === 'enum' ? found.values : null
}
