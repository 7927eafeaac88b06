// The semantic manifest as its validations read it: semantic models, metrics and saved queries of both ways to write them, with dbt's defaults.
// dbt 1.12: contracts/graph/semantic_manifest.py _get_pydantic_semantic_manifest, parser/schema_yaml_readers.py (SemanticModelParser, MetricParser).

import { strOf } from '../../../jinja/repr.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { Manifest, OtherResource } from '../../nodes/types.ts'
import { GRAINS } from '../build/semantic-enums.ts'

export interface Entity { readonly name: string; readonly label: string | null; readonly type: string }

export interface Dimension {
  readonly name: string
  readonly label: string | null
  readonly type: string
  readonly partition: boolean
  readonly granularity: string | null
  readonly validity: { readonly start: boolean; readonly end: boolean } | null
}

export interface Measure {
  readonly name: string
  readonly label: string | null
  readonly agg: string
  readonly expr: string | null
  readonly params: PyDict | null
  readonly additive: PyDict | null
  readonly time: string | null
}

export interface SemanticModel {
  readonly resource: OtherResource
  readonly name: string
  readonly label: string | null
  /** `defaults.agg_time_dimension`. */
  readonly time: string | null
  readonly primaryEntity: string | null
  readonly relation: string | null
  readonly entities: readonly Entity[]
  readonly dimensions: readonly Dimension[]
  readonly measures: readonly Measure[]
}

/** A measure or a metric that a metric is made of. */
export interface Input {
  readonly name: string
  readonly alias: string | null
  readonly filtered: boolean
  readonly joinsTimeSpine: boolean
  readonly fillsNulls: string | null
  readonly offsetWindow: Window | null
  readonly offsetToGrain: string | null
}

export interface Window { readonly count: string; readonly granularity: string }

export interface Conversion { readonly baseMeasure: Input | null; readonly baseMetric: Input | null; readonly measure: Input | null; readonly metric: Input | null; readonly entity: string; readonly window: Window | null; readonly constants: readonly (readonly [string, string])[] }

export interface Metric {
  readonly resource: OtherResource
  readonly name: string
  readonly label: string | null
  readonly type: string
  readonly measure: Input | null
  readonly expr: string | null
  /** Of derived metrics. */
  readonly inputs: readonly Input[]
  /** Numerator and denominator of ratio metrics. */
  readonly ratio: readonly Input[]
  readonly conversion: Conversion | null
  /** `type_params.window` and `grain_to_date`, which stood there before `cumulative_type_params`. */
  readonly legacy: { readonly window: Window | null; readonly grain: string | null }
  readonly cumulative: { readonly window: Window | null; readonly grain: string | null }
  /** Of simple metrics without a measure: the semantic model and how it is aggregated. */
  readonly over: { readonly model: string; readonly agg: string } | null
}

export interface SavedQuery { readonly resource: OtherResource; readonly name: string; readonly groupBy: readonly string[]; readonly limit: bigint | null }

export interface View {
  readonly models: readonly SemanticModel[]
  readonly metrics: readonly Metric[]
  readonly queries: readonly SavedQuery[]
  /** Of time spines, with the model's alias. */
  readonly customGrains: readonly { readonly name: string; readonly spine: OtherResource['place'] }[]
}

export function viewOf(manifest: Manifest): View {
  const others = [...manifest.others.values()]
  const of = (type: OtherResource['resource_type']): OtherResource[] => others.filter(({ resource_type }) => resource_type === type)
  return {
    models: of('semantic_model').map(resource => semanticModel(manifest, resource)), metrics: of('metric').map(metric), queries: of('saved_query').map(savedQuery),
    customGrains: [...manifest.nodes.values()].flatMap(({ properties, place }) => dicts(dict(properties.get('time_spine')).get('custom_granularities')).map(each => ({ name: text(each.get('name')) ?? '', spine: place }))),
  }
}

function semanticModel(manifest: Manifest, resource: OtherResource): SemanticModel {
  const { properties, name, depends_on } = resource
  const model = manifest.nodes.get(depends_on.nodes[0] ?? '')
  return {
    resource, name, label: text(properties.get('label')), time: text(dict(properties.get('defaults')).get('agg_time_dimension')), primaryEntity: text(properties.get('primary_entity')), relation: model?.relation_name ?? null,
    entities: dicts(properties.get('entities')).map(each => ({ ...named(each), type: lower(each.get('type')) ?? '' })),
    dimensions: dicts(properties.get('dimensions')).map((each) => {
      const params = dict(each.get('type_params'))
      const validity = params.get('validity_params')
      return {
        ...named(each), type: lower(each.get('type')) ?? '', partition: each.get('is_partition') === true, granularity: lower(params.get('time_granularity')),
        validity: validity instanceof PyDict ? { start: validity.get('is_start') === true, end: validity.get('is_end') === true } : null,
      }
    }),
    measures: dicts(properties.get('measures')).map((each) => {
      const [params, additive] = [each.get('agg_params'), each.get('non_additive_dimension')]
      return { ...named(each), agg: lower(each.get('agg')) ?? '', expr: anyText(each.get('expr')), params: params instanceof PyDict ? params : null, additive: additive instanceof PyDict ? additive : null, time: text(each.get('agg_time_dimension')) }
    }),
  }
}

function metric(resource: OtherResource): Metric {
  const { properties, name } = resource
  const params = dict(properties.get('type_params'))
  const type = lower(properties.get('type')) ?? 'simple'
  const legacy = { window: windowOf(params.get('window')), grain: lower(params.get('grain_to_date')) }
  const nested = dict(params.get('cumulative_type_params'))
  const over = params.get('metric_aggregation_params')
  return {
    resource, name, label: text(properties.get('label')), type, measure: inputOf(params.get('measure')), expr: anyText(params.get('expr')), inputs: list(params.get('metrics')).flatMap(each => inputOf(each) ?? []),
    ratio: [params.get('numerator'), params.get('denominator')].flatMap(each => inputOf(each) ?? []),
    conversion: conversionOf(params.get('conversion_type_params')), legacy,
    // What is set at the old place counts at the new one.
    cumulative: { window: windowOf(nested.get('window')) ?? (type === 'cumulative' ? legacy.window : null), grain: lower(nested.get('grain_to_date')) ?? (type === 'cumulative' ? legacy.grain : null) },
    over: over instanceof PyDict ? { model: text(over.get('semantic_model')) ?? '', agg: lower(over.get('agg')) ?? '' } : null,
  }
}

function conversionOf(value: Value | undefined): Conversion | null {
  if (!(value instanceof PyDict)) return null
  return {
    baseMeasure: inputOf(value.get('base_measure')), baseMetric: inputOf(value.get('base_metric')), measure: inputOf(value.get('conversion_measure')), metric: inputOf(value.get('conversion_metric')),
    entity: text(value.get('entity')) ?? '', window: windowOf(value.get('window')),
    constants: dicts(value.get('constant_properties')).map(each => [text(each.get('base_property')) ?? '', text(each.get('conversion_property')) ?? '']),
  }
}

function savedQuery(resource: OtherResource): SavedQuery {
  const params = dict(resource.properties.get('query_params'))
  const limit = params.get('limit')
  return { resource, name: resource.name, groupBy: list(params.get('group_by')).flatMap(each => text(each) ?? []), limit: typeof limit === 'bigint' ? limit : null }
}

function inputOf(value: Value | undefined): Input | null {
  const of = typeof value === 'string' ? new PyDict([['name', value]]) : value
  const name = of instanceof PyDict ? text(of.get('name')) : null
  if (!(of instanceof PyDict) || name === null) return null
  return { name, alias: text(of.get('alias')), filtered: (of.get('filter') ?? null) !== null, joinsTimeSpine: of.get('join_to_timespine') === true, fillsNulls: anyText(of.get('fill_nulls_with')), offsetWindow: windowOf(of.get('offset_window')), offsetToGrain: lower(of.get('offset_to_grain')) }
}

/** MetricParser._get_optional_time_window: `7 days`; null also for what is none, which is refused elsewhere. */
function windowOf(value: Value | undefined): Window | null {
  if (value instanceof PyDict) return { count: strOf(value.get('count') ?? null), granularity: text(value.get('granularity')) ?? '' }
  const parts = lower(value)?.split(' ') ?? []
  const [count, grain] = parts
  if (parts.length !== 2 || count === undefined || grain === undefined || !/^\d+$/.test(count)) return null
  return { count: String(BigInt(count)), granularity: grain.endsWith('s') && GRAINS.includes(grain.slice(0, -1)) ? grain.slice(0, -1) : grain }
}

function named(of: PyDict): { name: string; label: string | null } { return { name: text(of.get('name')) ?? '', label: text(of.get('label')) } }
function text(value: Value | undefined): string | null { return typeof value === 'string' ? value : null }
function lower(value: Value | undefined): string | null { return text(value)?.toLowerCase() ?? null }
function anyText(value: Value | undefined): string | null { return value === undefined || value === null ? null : strOf(value) }
function list(value: Value | undefined): readonly Value[] { return value instanceof PyList ? value.items : [] }
function dicts(value: Value | undefined): PyDict[] { return list(value).filter(each => each instanceof PyDict) }
function dict(value: Value | undefined): PyDict { return value instanceof PyDict ? value : new PyDict() }
