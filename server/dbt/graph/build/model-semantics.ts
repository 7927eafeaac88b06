// The semantic layer declared inside of models (dbt 1.12, "v2 YAML"): a model's entry gives a semantic model of its columns, and metrics.
// dbt 1.12: parser/schemas.py ModelPatchParser.patch_node_properties, parser/schema_yaml_readers.py parse_v2_semantic_model_from_dbt_model_patch,
// MetricParser._get_metric_type_params; contracts/graph/unparsed.py UnparsedMetricV2. `properties` are as dbt's manifest has them.

import { strOf } from '../../../jinja/repr.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { YamlNode } from '../../../yaml/nodes.ts'
import type { Column, Config } from '../../nodes/types.ts'
import { listOf, nullableText, textOr } from './columns.ts'
import { GRAINS, wrongEnum } from './semantic-enums.ts'

type Data = ReadonlyMap<string, Value>

/** True when the entry of a model declares a semantic model; its `metrics:` count only then. */
export function declaresSemantics(entry: PyDict): boolean {
  const given = entry.get('semantic_model')
  return given === true || (given instanceof PyDict && given.get('enabled') !== false)
}

export interface SemanticsOfModel {
  /** `semantic_model: {name: …}`, else the model's name; `node`: where that is written. */
  readonly name: string
  readonly node: YamlNode | undefined
  readonly config: PyDict
  readonly properties: Config
  /** What stops dbt. */
  readonly refusal: string | null
}

/** The semantic model of an entry. `model`: the name by which it is ref'd. */
export function semanticsOf(model: string, entry: PyDict, columns: ReadonlyMap<string, Column>, node: (name: string) => YamlNode | undefined): SemanticsOfModel {
  const given = dict(entry.get('semantic_model'))
  const name = given.get('name')
  const sub = given.get('config')
  const config = new PyDict()
  // Without a `config:` dbt looks at neither `enabled` nor `group`.
  if (sub instanceof PyDict) {
    config.set('meta', sub.get('meta') ?? new PyDict())
    config.set('enabled', given.get('enabled') ?? true)
    if ((given.get('group') ?? null) !== null) config.set('group', given.get('group') ?? null)
  }
  const derived = dict(entry.get('derived_semantics'))
  const [dimensions, entities] = [listOf(derived.get('dimensions')), listOf(derived.get('entities'))]
  const refusals = [...dimensions.map(each => wrongEnum('DimensionType', dict(each).get('type') ?? null)), ...entities.map(each => (dict(each).get('name') ?? null) === null ? "Derived entity is missing a required 'name' field." : wrongEnum('EntityType', dict(each).get('type') ?? null))]
  return {
    refusal: refusals.find(each => each !== null) ?? null,
    name: typeof name === 'string' ? name : model, node: typeof name === 'string' ? node('name') : undefined, config,
    properties: new Map<string, Value>([
      ['model', `ref('${model}')`], ['label', null], ['defaults', new PyDict([['agg_time_dimension', entry.get('agg_time_dimension') ?? null]])], ['primary_entity', entry.get('primary_entity') ?? null],
      ['entities', new PyList([...[...columns.values()].flatMap(columnEntity), ...entities.map(derivedEntity)])], ['measures', new PyList([])],
      ['dimensions', new PyList([...[...columns.values()].flatMap(columnDimension), ...dimensions.map(derivedDimension)])],
    ]),
  }
}

function columnEntity({ name, description, meta, entity }: Column): PyDict[] {
  if (typeof entity === 'string') return [entityDict(name, entity, description, null, null, new PyDict([...meta]))]
  if (!(entity instanceof PyDict)) return []
  const own = entity.get('name')
  // ColumnEntity.config is there, if empty: its meta hides that of the column only when it has one.
  const config = dict(entity.get('config')).get('meta') ?? new PyDict([...meta])
  return [entityDict(own ?? name, entity.get('type') ?? null, entity.get('description') ?? null, entity.get('label') ?? null, own !== name ? name : null, config)]
}

function derivedEntity(value: Value): PyDict {
  const of = dict(value)
  return entityDict(of.get('name') ?? null, of.get('type') ?? null, of.get('description') ?? null, of.get('label') ?? null, of.get('expr') ?? null, metaOf(of))
}

function entityDict(name: Value, type: Value, description: Value, label: Value, expr: Value, meta: Value): PyDict {
  return new PyDict([['name', name], ['type', type], ['description', description], ['label', label], ['role', null], ['expr', expr], ['config', new PyDict([['meta', meta]])]])
}

function columnDimension({ name, description, meta, dimension, granularity }: Column): PyDict[] {
  if (typeof dimension === 'string') return [dimensionDict({ name, type: dimension, description, meta: new PyDict([...meta]) })]
  if (!(dimension instanceof PyDict)) return []
  const own = textOr(dimension.get('name'), name)
  const all = new PyDict([...meta])
  for (const [key, value] of dict(dict(dimension.get('config')).get('meta')).items()) all.set(key, value)
  return [dimensionDict({
    name: own, type: dimension.get('type') ?? null, description: dimension.get('description') || description, meta: all, label: dimension.get('label') ?? null,
    partition: dimension.get('is_partition') === true, params: timeParams(granularity, dimension.get('validity_params')), expr: own !== name ? name : null,
  })]
}

function derivedDimension(value: Value): PyDict {
  const of = dict(value)
  return dimensionDict({
    name: of.get('name') ?? null, type: of.get('type') ?? null, description: of.get('description') ?? null, meta: metaOf(of), label: of.get('label') ?? null,
    partition: of.get('is_partition') === true, params: timeParams(of.get('granularity') ?? null, of.get('validity_params')), expr: of.get('expr') ?? null,
  })
}

interface Dimension { readonly name: Value; readonly type: Value; readonly description: Value; readonly meta: Value; readonly label?: Value; readonly partition?: boolean; readonly params?: Value; readonly expr?: Value }

function dimensionDict({ name, type, description, meta, label, partition, params, expr }: Dimension): PyDict {
  return new PyDict([
    ['name', name], ['type', type], ['description', description], ['label', label ?? null], ['is_partition', partition ?? false], ['type_params', params ?? null], ['expr', expr ?? null],
    ['metadata', null], ['config', new PyDict([['meta', meta]])], ['datatype', null],
  ])
}

function timeParams(granularity: Value, validity: Value | undefined): Value {
  if (granularity === null) return null
  const params = validity instanceof PyDict ? new PyDict([['is_start', validity.get('is_start') ?? false], ['is_end', validity.get('is_end') ?? false]]) : null
  return new PyDict([['time_granularity', granularity], ['validity_params', params]])
}

function metaOf(of: PyDict): Value { return dict(of.get('config')).get('meta') ?? new PyDict() }

/** The semantic model that a simple metric is aggregated over, with its default time dimension. */
export interface AggregatedOver { readonly semanticModel: string; readonly timeDimension: Value }

/** `label`, `type`, `type_params` … of a metric written without `type_params`; a sentence when dbt refuses it. */
export function metricProperties(data: Data, over: AggregatedOver | null): { readonly properties: Config; readonly refusal: string | null } {
  const get = (key: string): Value => data.get(key) ?? null
  const type = get('type') ?? 'simple'
  const refusals: string[] = []
  const refuse = (message: string): void => { refusals.push(message) }
  const wrong = wrongEnum('MetricType', type) ?? (get('agg') === null || !over ? null : wrongEnum('AggregationType', get('agg')))
  if (wrong !== null) refuse(wrong)
  const named = (value: Value): Value => value === null ? null : metricInput(value, refuse)
  const expr = get('expr')
  const required = (key: string): Value => {
    if (get(key) === null) refuse(`${key} is required for ${strOf(type)} metrics.`)
    return get(key)
  }
  const params = new PyDict([
    ['measure', null], ['input_measures', new PyList([])], ['numerator', named(get('numerator'))], ['denominator', named(get('denominator'))], ['expr', expr === null ? null : strOf(expr)],
    ['window', null], ['grain_to_date', null], ['metrics', new PyList(listOf(get('input_metrics')).map(named))],
    ['conversion_type_params', type !== 'conversion' ? null : new PyDict([
      ['base_measure', null], ['conversion_measure', null], ['base_metric', named(required('base_metric'))], ['conversion_metric', named(required('conversion_metric'))], ['entity', required('entity')],
      ['calculation', get('calculation')], ['window', timeWindow(get('window'), refuse)], ['constant_properties', get('constant_properties')],
    ])],
    ['cumulative_type_params', type !== 'cumulative' ? null : new PyDict([
      ['metric', named(required('input_metric'))], ['window', timeWindow(get('window'), refuse)], ['grain_to_date', get('grain_to_date')], ['period_agg', get('period_agg') ?? 'first'],
    ])],
    ['metric_aggregation_params', get('agg') === null || !over ? null : aggregation(get, over)],
    ['fill_nulls_with', null], ['join_to_timespine', get('join_to_timespine') || false], ['is_private', get('hidden') ?? false],
  ])
  const properties = new Map<string, Value>([['label', get('label') || get('name')], ['type', type], ['type_params', params], ['filter', whereFilter(get('filter'))], ['time_granularity', get('time_granularity')]])
  return { properties, refusal: refusals[0] ?? null }
}

function aggregation(get: (key: string) => Value, { semanticModel, timeDimension }: AggregatedOver): PyDict {
  const kind = get('percentile_type')
  const percentile = typeof kind === 'string' ? kind.toLowerCase() : ''
  const additive = get('non_additive_dimension')
  return new PyDict([
    ['semantic_model', semanticModel], ['agg', get('agg')],
    ['agg_params', new PyDict([['percentile', get('percentile')], ['use_discrete_percentile', percentile === 'discrete'], ['use_approximate_percentile', percentile === 'continuous']])],
    ['agg_time_dimension', get('agg_time_dimension') || timeDimension],
    ['non_additive_dimension', additive instanceof PyDict
      ? new PyDict([['name', additive.get('name') ?? null], ['window_choice', additive.get('window_agg') ?? null], ['window_groupings', additive.get('group_by') ?? new PyList([])]]) : null],
  ])
}

function metricInput(value: Value, refuse: (message: string) => void): Value {
  const of = value instanceof PyDict ? value : new PyDict([['name', value]])
  return new PyDict([
    ['name', of.get('name') ?? null], ['filter', whereFilter(of.get('filter') ?? null)], ['alias', of.get('alias') ?? null], ['offset_window', timeWindow(of.get('offset_window') ?? null, refuse)],
    ['offset_to_grain', of.get('offset_to_grain') ?? null],
  ])
}

/** parse_where_filter. */
function whereFilter(value: Value): Value {
  if (value === null) return null
  const filters = typeof value === 'string' ? [value] : listOf(value)
  return new PyDict([['where_filters', new PyList(filters.map(each => new PyDict([['where_sql_template', each]])))]])
}

/** MetricParser._get_optional_time_window: `<count> <granularity>`. */
function timeWindow(value: Value, refuse: (message: string) => void): Value {
  const window = nullableText(value)
  if (window === null) return null
  const parts = window.toLowerCase().split(' ')
  const [count, grain] = parts
  if (parts.length !== 2 || count === undefined || grain === undefined) {
    refuse(`Invalid window (${window}) in cumulative/conversion metric. Should be of the form \`<count> <granularity>\`, e.g., \`28 days\``)
    return null
  }
  if (!/^\p{Nd}+$/u.test(count)) {
    refuse(`Invalid count (${count}) in cumulative/conversion metric window string: (${window})`)
    return null
  }
  return new PyDict([['count', BigInt(count)], ['granularity', grain.endsWith('s') && GRAINS.includes(grain.slice(0, -1)) ? grain.slice(0, -1) : grain]])
}

function dict(value: Value | undefined): PyDict { return value instanceof PyDict ? value : new PyDict() }
