// What the semantic layer refuses of metrics and saved queries: names, labels, inputs, windows, conversions.
// metricflow_semantic_interfaces/validations: metrics.py, measures.py, labels.py, saved_query.py, unique_valid_name.py; one function for each rule.
// Not made here: Jinja in filters (WhereFiltersAreParseable) and `order_by` of saved queries.

import { reprOf, strOf } from '../../../jinja/repr.ts'
import type { Rules } from '../../rules/rules.ts'
import { GRAINS } from '../build/semantic-enums.ts'
import { names, nameIssues, setOf } from './issue.ts'
import type { Issue } from './issue.ts'
import type { Conversion, Input, Measure, Metric, SemanticModel, View, Window } from './view.ts'

export function metricIssues(view: View, rules: Rules): Issue[] {
  const grains = new Set(view.customGrains.map(({ name }) => name))
  return [
    ...view.metrics.flatMap(metric => [...derived(view, metric, grains), ...cumulative(metric, grains), ...conversion(view, metric, grains, rules), ...rules.hasSemanticsInModels ? proxyExpr(view, metric) : []]),
    ...topNames(view), ...metricLabels(view), ...customGrainNames(view), ...savedQueries(view), ...aliases(view),
  ]
}

function error({ resource }: Pick<Metric, 'resource'>, message: string): Issue { return { level: 'error', resource, message } }
function warning({ resource }: Pick<Metric, 'resource'>, message: string): Issue { return { level: 'warning', resource, message } }

/** DerivedMetricRule; offsets also of other types. */
function derived(view: View, metric: Metric, custom: ReadonlySet<string>): Issue[] {
  const { name, inputs, expr } = metric
  const issues: Issue[] = []
  if (metric.type === 'derived') {
    if (inputs.length === 0) issues.push(error(metric, `No input metrics found for derived metric '${name}'. Please add metrics to type_params.metrics.`))
    for (const input of inputs) {
      if (!view.metrics.some(each => each.name === input.name)) issues.push(error(metric, `For metric: ${name}, input metric: '${input.name}' does not exist as a configured metric in the model.`))
      if (input.alias) {
        issues.push(...nameIssues(input.alias, metric.resource))
        if (inputs.some(each => each.name === input.alias)) issues.push(error(metric, `Alias '${input.alias}' for input metric: '${input.name}' is already being used. Please choose another alias.`))
      }
      const used = input.alias || input.name
      if (expr && !expr.includes(used)) issues.push(warning(metric, `Input metric '${used}' is not used in \`expr\`: '${expr}' for derived metric '${name}'. Please update the \`expr\` or remove the input metric.`))
    }
    if (!expr) issues.push(warning(metric, `No \`expr\` set for derived metric ${name}. Please add an \`expr\` that references all input metrics.`))
  }
  for (const input of inputs) {
    if (input.offsetWindow) issues.push(...windowIssues(metric, input.offsetWindow, custom, true))
    if (input.offsetToGrain !== null && !GRAINS.includes(input.offsetToGrain)) issues.push(error(metric, `Invalid time granularity found in \`offset_to_grain\`: '${input.offsetToGrain}'. ${NO_CUSTOM}`))
    if (input.offsetWindow && input.offsetToGrain !== null) issues.push(error(metric, `Both offset_window and offset_to_grain set for derived metric '${name}' on input metric '${input.name}'. Please set one or the other.`))
  }
  return issues
}

const NO_CUSTOM = 'Custom granularities are not supported for this field yet.'

/** CumulativeMetricRule.validate_metric_time_window. */
function windowIssues(metric: Metric, window: Window, custom: ReadonlySet<string>, allowsCustom: boolean): Issue[] {
  const valid = (grain: string): boolean => custom.has(grain) || GRAINS.includes(grain)
  const given = window.granularity
  const grain = given.endsWith('s') && valid(given.slice(0, -1)) ? given.slice(0, -1) : given
  const message = `Invalid time granularity '${grain}' in window: '${window.count} ${given}'`
  if (!valid(grain)) return [error(metric, message)]
  return allowsCustom || GRAINS.includes(grain) ? [] : [error(metric, `${message} ${NO_CUSTOM}`)]
}

/** CumulativeMetricRule. */
function cumulative(metric: Metric, custom: ReadonlySet<string>): Issue[] {
  if (metric.type !== 'cumulative') return []
  const { legacy, cumulative: { window, grain } } = metric
  const print = ({ count, granularity }: Window): string => `count=${count} granularity='${granularity}'`
  return [
    ...legacy.window && window && print(legacy.window) !== print(window)
      ? [error(metric, `Got differing values for \`window\` on cumulative metric '${metric.name}'. In \`type_params.window\`, got '${print(legacy.window)}'. In \`type_params.cumulative_type_params.window\`, got '${print(window)}'. Please remove the value from \`type_params.window\`.`)] : [],
    ...grain !== null && !GRAINS.includes(grain) ? [error(metric, `Invalid time granularity found in \`grain_to_date\`: '${grain}'. ${NO_CUSTOM}`)] : [],
    ...window && grain !== null ? [error(metric, 'Both window and grain_to_date set for cumulative metric. Please set one or the other.')] : [],
    ...window ? windowIssues(metric, window, custom, false) : [],
  ]
}

/** ConversionMetricRule. */
function conversion(view: View, metric: Metric, custom: ReadonlySet<string>, rules: Rules): Issue[] {
  const params = metric.conversion
  if (metric.type !== 'conversion' || !params) return []
  const [base, baseIssues] = modelOf(view, metric, params.baseMeasure, params.baseMetric)
  const [converted, convertedIssues] = modelOf(view, metric, params.measure, params.metric)
  const issues = [...baseIssues, ...convertedIssues]
  if (!base || !converted) return issues
  const has = (model: SemanticModel): boolean => model.entities.some(({ name }) => name === params.entity)
  if (!has(base)) issues.push(error(metric, `Entity: ${params.entity} not found in base semantic model: ${base.name}.`))
  if (!has(converted)) issues.push(error(metric, `Entity: ${params.entity} not found in conversion semantic model: ${converted.name}.`))
  issues.push(...conversionInputs(view, metric, params, base, converted, rules))
  if (params.window) issues.push(...windowIssues(metric, params.window, custom, false))
  const missing = (model: SemanticModel, properties: readonly string[]): Issue[] => properties.filter(name => ![...model.entities, ...model.dimensions].some(each => each.name === name))
    .map(name => error(metric, `The provided constant property: ${name}, cannot be found in semantic model ${model.name}`))
  return [...issues, ...missing(base, params.constants.map(([name]) => name)), ...missing(converted, params.constants.map(([, name]) => name))]
}

/** _get_validated_model_for_input. */
function modelOf(view: View, metric: Metric, measure: Input | null, input: Input | null): [SemanticModel | null, Issue[]] {
  const issues: Issue[] = []
  const real = input && view.metrics.find(({ name }) => name === input.name)
  if (real && real.type !== 'simple') issues.push(error(real, `Metric '${real.name}' is not a Simple metric, so it cannot be used as an input for Conversion metric '${metric.name}'.`))
  if (measure && !input) return [view.models.find(model => model.measures.some(({ name }) => name === measure.name)) ?? null, issues]
  if (!input || measure) return [null, issues]
  const model = view.models.find(({ name }) => name === real?.over?.model) ?? null
  if (!model) issues.push(error(metric, `Input metric '${input.name}' for conversion metric '${metric.name}' is linked to a semantic model that does not exist in your manifest.`))
  return [model, issues]
}

/** Of measures, metricflow says it in other words than dbt-semantic-interfaces. */
function conversionInputs(view: View, metric: Metric, params: Conversion, base: SemanticModel, converted: SemanticModel, { hasSemanticsInModels: isNew }: Rules): Issue[] {
  const aggregation = (kind: 'Measure' | 'Metric', name: string, agg: string, expr: string | null): Issue[] => agg === 'count' || agg === 'count_distinct' || (agg === 'sum' && expr === '1')
    ? [] : [error(metric, `For conversion metrics, the ${isNew ? 'input ' : ''}${kind.toLowerCase()} must be COUNT/SUM(1)/COUNT_DISTINCT. ${kind}${isNew ? ` '${name}'` : `: ${name}`} is agg type: AggregationType.${agg.toUpperCase()}`)]
  const filtered = (kind: 'Measure' | 'Metric', { name, filtered: has }: Input): Issue[] => has
    ? [warning(metric, isNew ? `${kind} input '${name}' has a filter. For conversion metrics, filtering on the conversion input is not fully supported yet. ` : `${kind} input ${name} has a filter. For conversion metrics, filtering on a conversion input measure is not fully supported yet.`)] : []
  const measure = (model: SemanticModel, input: Input | null): Issue[] => {
    const found = model.measures.find(({ name }) => name === input?.name)
    return found ? aggregation('Measure', found.name, found.agg, found.expr) : []
  }
  const input = (given: Input | null): Issue[] => {
    const found = view.metrics.find(({ name }) => name === given?.name)
    return found?.over ? aggregation('Metric', found.name, found.over.agg, found.expr) : []
  }
  return [
    ...measure(base, params.baseMeasure), ...measure(converted, params.measure), ...params.measure ? filtered('Measure', params.measure) : [],
    ...input(params.baseMetric), ...input(params.metric), ...params.metric ? filtered('Metric', params.metric) : [],
  ]
}

/** SimpleMetricExprRule. */
function proxyExpr(view: View, metric: Metric): Issue[] {
  const { expr, measure, type } = metric
  if (type !== 'simple' || !measure || expr === null) return []
  const found = view.models.flatMap(({ measures }) => measures).findLast(({ name }) => name === measure.name)
  return found && expr !== found.expr && expr !== found.name ? [warning(metric, `Metric '${metric.name}' should not have an expr set if it's proxy from measures`)] : []
}

/** UniqueAndValidNameRule, of what stands at the top. */
function topNames({ models, metrics, queries }: View): Issue[] {
  const of = (type: string, resources: readonly Pick<Metric, 'name' | 'resource'>[]): Issue[] => {
    const taken = new Set<string>()
    return resources.flatMap(({ name, resource }) => {
      const twice = taken.has(name)
      taken.add(name)
      return [...nameIssues(name, resource), ...twice ? [error({ resource }, `Can't use name \`${name}\` for a SemanticManifestNodeType.${type} when it was already used for another SemanticManifestNodeType.${type}`)] : []]
    })
  }
  return [...of('SEMANTIC_MODEL', models), ...of('METRIC', metrics), ...of('SAVED_QUERY', queries)]
}

/** UniqueAndValidNameRule, of the granularities that time spines bring; a later meaning of a name hides an earlier one. */
function customGrainNames({ models, metrics, customGrains }: View): Issue[] {
  const [model] = models
  if (!model || customGrains.length === 0) return []
  const taken = new Map<string, string>()
  for (const { measures, entities, dimensions } of models) {
    for (const { name } of measures) taken.set(name, 'measure')
    for (const { name } of entities) taken.set(name, 'entity')
    for (const { name } of dimensions) taken.set(name, 'dimension')
  }
  for (const { name } of metrics) taken.set(name, 'metric')
  for (const { name } of models) taken.set(name, 'semantic model')
  const counts = new Map<string, number>()
  const issues = customGrains.flatMap(({ name, spine }) => {
    const resource = { ...model.resource, place: spine }
    counts.set(name, (counts.get(name) ?? 0) + 1)
    const other = taken.get(name)
    return [...nameIssues(name, resource), ...other === undefined ? [] : [error({ resource }, `Can't use name \`${name}\` for a custom granularity when it was already used for a ${other}.`)]]
  })
  const twice = [...counts].filter(([, count]) => count > 1).map(([name]) => name)
  return twice.length > 0 ? [...issues, error(model, `Custom granularity names must be unique, but found duplicate custom granularities with the names ${setOf(twice)}.`)] : issues
}

/** MetricLabelsRule. */
function metricLabels({ metrics }: View): Issue[] {
  const owners = new Map<string, string>()
  return metrics.flatMap((metric) => {
    const { label, name } = metric
    if (label === null) return []
    const owner = owners.get(label)
    if (owner === undefined) { owners.set(label, name); return [] }
    return [error(metric, `Can't use label \`${label}\` for  metric \`${name}\` as it's already used for metric \`${owner}\``)]
  })
}

/** `Dimension('user__country')` and its kin, without a method behind it. */
const GROUP_BY = /^\s*(?:Dimension|TimeDimension|Entity|Metric)\(\s*(['"])([a-z0-9_]+)\1\s*[,)]/

/** SavedQueryRule: the last part of a group-by's name is an element of some semantic model. Of forms that are not read here nothing is said. */
function savedQueries({ models, metrics, queries, customGrains }: View): Issue[] {
  const valid = new Set(['metric_time', ...metrics.map(({ name }) => name), ...models.flatMap(({ dimensions, entities }) => [...dimensions, ...entities].map(({ name }) => name))])
  const isGrain = (part: string | undefined): boolean => part !== undefined && (GRAINS.includes(part) || customGrains.some(({ name }) => name === part))
  return queries.flatMap(query => [
    ...query.groupBy.filter((item) => {
      const parts = GROUP_BY.exec(item)?.[2]?.split('__') ?? []
      const element = isGrain(parts.at(-1)) ? parts.at(-2) : parts.at(-1)
      return element !== undefined && !valid.has(element)
    }).map(item => error(query, `\`${item}\` is not a valid group-by name.`)),
    ...query.limit !== null && query.limit < 0n ? [error(query, `Invalid limit value: ${strOf(query.limit)} (should be >= 0)`)] : [],
  ])
}

/** MeasureConstraintAliasesRule, of aliases: of a metric over metrics, dbt has the measures of those too. */
function aliases({ models, metrics }: View): Issue[] {
  const measures = new Set(models.flatMap(model => model.measures).map(({ name }: Measure) => name))
  const users = new Map<string, string[]>()
  return metrics.flatMap(metric => inputMeasures(metric, metrics, new Set()).flatMap((measure) => {
    const { name, alias } = measure
    if (alias === null) return []
    const before = users.get(alias)
    users.set(alias, [...before ?? [], metric.name])
    return [
      ...nameIssues(alias, metric.resource),
      ...measures.has(alias) ? [error(metric, `Alias \`${alias}\` for measure \`${name}\` conflicts with measure names defined elsewhere in the model! This can cause ambiguity for certain types of query. Please choose another alias.`)] : [],
      ...before ? [error(metric, `Measure alias ${alias} conflicts with a measure alias used elsewhere in the model! This can cause ambiguity for certain types of query. Please choose another alias, or, if the measures are constrained in the same way, consider centralizing that definition in a new semantic model. ${specification(measure)}Existing metrics with that measure alias used: ${names(before)}`)] : [],
    ]
  }))
}

/** The measure as pydantic prints it; a filter's own form is left out. */
function specification({ name, alias, filtered, joinsTimeSpine, fillsNulls }: Input): string {
  return filtered ? '' : `Measure specification: name=${reprOf(name)} filter=None alias=${reprOf(alias)} join_to_timespine=${strOf(joinsTimeSpine)} fill_nulls_with=${fillsNulls ?? 'None'}. `
}

/** _process_metric_node: Metric.type_params.input_measures. */
function inputMeasures(metric: Metric, metrics: readonly Metric[], above: ReadonlySet<string>): readonly Input[] {
  if (above.has(metric.name)) return []
  if (metric.type === 'simple' || metric.type === 'cumulative') return metric.measure ? [metric.measure] : []
  if (metric.type === 'conversion') return [metric.conversion?.baseMeasure, metric.conversion?.measure].filter(each => each !== null && each !== undefined)
  const found = new Map<string, Input>()
  for (const { name } of metric.type === 'derived' ? metric.inputs : metric.ratio) {
    const input = metrics.find(each => each.name === name)
    for (const measure of input ? inputMeasures(input, metrics, new Set([...above, metric.name])) : []) found.set(JSON.stringify(measure), measure)
  }
  return [...found.values()]
}
