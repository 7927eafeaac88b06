// Columns and constraints of YAML as dbt's manifest keeps them. dbt 1.12: parser/common.py ParserRef._add, dbt_common/contracts/constraints.py.

import { reprOf, strOf } from '../../../jinja/repr.ts'
import { unknownWithin } from '../../../jinja/unknown-within.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import { compact, compactMap, NO_ITEMS } from '../../../text/compact.ts'
import type { YamlNode } from '../../../yaml/nodes.ts'
import { textSpan } from '../../nodes/property-file.ts'
import { under } from '../../nodes/yaml-values.ts'
import type { Column, Config } from '../../nodes/types.ts'
import { partialOf } from '../../names/config.ts'
import type { Rules } from '../../rules/rules.ts'
import { wrongEnum } from './semantic-enums.ts'

const CONSTRAINT_TYPES: ReadonlySet<Value> = new Set(['check', 'not_null', 'unique', 'primary_key', 'foreign_key', 'custom'])

/** A column's rendered value with the node it was written as. */
export interface ColumnSource { readonly value: PyDict; readonly node: YamlNode | undefined }

export interface Columns {
  readonly columns: ReadonlyMap<string, Column>
  /** dbt's complaint about the first column it refuses. */
  readonly error: { readonly message: string; readonly node: YamlNode | undefined } | null
}

/** The columns of an entry with the YAML nodes they come from; entries that are no dicts are left out. */
export function columnSources(value: Value | undefined, node: YamlNode | undefined): ColumnSource[] {
  if (!(value instanceof PyList)) return []
  return value.items.flatMap((item, index) => item instanceof PyDict ? [{ value: item, node: node?.kind === 'seq' ? node.items[index] : undefined }] : [])
}

export function columnsOf(sources: readonly ColumnSource[], path: string, rules: Rules): Columns {
  const columns = new Map<string, Column>()
  let error: Columns['error'] = null
  for (const { value, node } of sources) {
    const name = value.get('name')
    // What is wrong with such a name, the schema of the entry says (key-checks.ts).
    if (typeof name !== 'string') continue
    const constraints = listOf(value.get('constraints'))
    if (constraints.some(item => !(item instanceof PyDict) || !CONSTRAINT_TYPES.has(item.get('type') ?? null))) error ??= { message: `Invalid constraint type on column ${name}`, node: under(node, 'constraints') ?? node }
    if (rules.hasSemanticsInModels) error ??= enumRefusal(value, node)
    columns.set(name, columnOf(name, value, node, constraints, path, rules))
  }
  return { columns, error }
}

const COLUMN_FIELDS: ReadonlySet<Value> = new Set(['name', 'description', 'meta', 'data_type', 'constraints', 'docs', 'config', 'tests', 'quote', 'tags', 'granularity'])

const SEMANTIC_FIELDS: ReadonlySet<Value> = new Set(['dimension', 'entity'])

/** ParserRef._add makes enums of these texts (metricflow_semantic_interfaces ExtendedEnum). */
function enumRefusal(value: PyDict, node: YamlNode | undefined): Columns['error'] {
  for (const [key, name] of [['granularity', 'TimeGranularity'], ['dimension', 'DimensionType'], ['entity', 'EntityType']] as const) {
    const given = value.get(key)
    const type = given instanceof PyDict ? given.get('type') : given
    const message = type ? wrongEnum(name, type) : null
    if (message !== null) return { message, node: (given instanceof PyDict ? under(under(node, key), 'type') : under(node, key)) ?? node }
  }
  return null
}

function columnOf(name: string, value: PyDict, node: YamlNode | undefined, constraints: readonly Value[], path: string, rules: Rules): Column {
  const semantics = rules.hasSemanticsInModels
  const config = rules.columnsHaveConfig ? value.get('config') : null
  const meta = partialOf(value.get('meta'))
  if (config instanceof PyDict) for (const [key, item] of partialOf(config.get('meta'))) meta.set(key, item)
  const tags = new Set<string>([...textList(value.get('tags')), ...config instanceof PyDict ? textList(config.get('tags')) : []])
  const quote = value.get('quote')
  const nameNode = under(node, 'name')
  const span = nameNode ? textSpan(nameNode) : { start: node?.start ?? 0, end: node?.end ?? 0 }
  const extra = new Map<string, Value>()
  for (const [key, item] of value.items()) if (!(COLUMN_FIELDS.has(key) && (key !== 'config' || rules.columnsHaveConfig) && (key !== 'granularity' || rules.jinjaHas.has('column.granularity'))) && !(semantics && SEMANTIC_FIELDS.has(key)) && !(rules.hasDataTestsKey && key === 'data_tests') && typeof key === 'string') extra.set(key, item)
  return {
    name, description: textOr(value.get('description'), ''), data_type: nullableText(value.get('data_type')), quote: typeof quote === 'boolean' ? quote : null,
    tags: compact([...tags]), meta: compactMap(meta), constraints: compact(constraints.map(item => constraintOf(item, false, rules))), place: { path, start: span.start, end: span.end }, extra: compactMap(extra), granularity: nullableText(value.get('granularity')),
    dimension: semantic(semantics ? value.get('dimension') : null, name, value, ['label', 'is_partition', 'config', 'validity_params']), entity: semantic(semantics ? value.get('entity') : null, name, value, ['label', 'config']), doc_blocks: NO_ITEMS,
  }
}

/** ColumnDimension or ColumnEntity; one text is its type. */
function semantic(given: Value | undefined, name: string, column: PyDict, more: readonly string[]): Value {
  if (!(given instanceof PyDict)) return given ?? null
  const initial = (key: string): Value => key === 'is_partition' ? false : key === 'config' ? new PyDict() : null
  return new PyDict([
    ['name', given.get('name') || name], ['type', given.get('type') ?? null], ['description', given.get('description') || textOr(column.get('description'), '')],
    ...more.map((key): [string, Value] => [key, given.get(key) ?? initial(key)]),
  ])
}

/** ColumnLevelConstraint or ModelLevelConstraint with all of its fields. */
export function constraintOf(value: Value, model: boolean, rules: Rules): Value {
  if (!(value instanceof PyDict)) return value
  const field = (key: string, initial: Value): [string, Value] => [key, value.get(key) ?? initial]
  return new PyDict([
    field('type', null), field('name', null), field('expression', null), field('warn_unenforced', true), field('warn_unsupported', true), ...rules.constraintsNeedContract ? [] : [field('to', null), field('to_columns', new PyList([]))],
    ...model ? [field('columns', new PyList([]))] : [],
  ])
}

/** Python's repr of a list of constraint dataclasses, as contract checksums hold it. */
export function constraintsRepr(constraints: readonly Value[], model: boolean): string {
  const type = model ? 'ModelLevelConstraint' : 'ColumnLevelConstraint'
  return `[${constraints.map(item => {
    if (!(item instanceof PyDict)) return reprOf(item)
    return `${type}(${item.items().map(([key, value]) => `${strOf(key)}=${key === 'type' ? `<ConstraintType.${strOf(value)}: ${reprOf(value)}>` : reprOf(value)}`).join(', ')})`
  }).join(', ')}]`
}

export function listOf(value: Value | undefined): readonly Value[] { return value instanceof PyList ? value.items : [] }

/** A list of strings, or one string. */
export function textList(value: Value | undefined): string[] {
  if (typeof value === 'string') return [value]
  return listOf(value).flatMap(item => typeof item === 'string' ? [item] : unknownWithin(item) ? [] : [strOf(item)])
}

/** An unknown (no target, for one) is as if it were not there: its problem is told where it came from. */
export function nullableText(value: Value | undefined): string | null {
  return value === undefined || value === null || unknownWithin(value) ? null : strOf(value)
}
export function textOr(value: Value | undefined, initial: string): string { return typeof value === 'string' ? value : initial }

/** The keys of a dict as a Config. */
export function configOf(value: Value | undefined): Config { return compactMap(partialOf(value)) }
