// What the semantic layer refuses of measures: aggregations, their parameters, dimensions over which they do not add up.
// metricflow_semantic_interfaces/validations: measures.py, shared_measure_and_metric_helpers.py.

import { strOf } from '../../../jinja/repr.ts'
import { PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { Rules } from '../../rules/rules.ts'
import { setOf } from './issue.ts'
import type { Issue } from './issue.ts'
import type { Measure, SemanticModel } from './view.ts'

function error({ resource }: SemanticModel, message: string): Issue { return { level: 'error', resource, message } }

/** PercentileAggregationRule. */
export function percentileIssues(model: SemanticModel, { name, agg, params }: Measure): Issue[] {
  const percentile = params?.get('percentile') ?? null
  const [discrete, approximate] = [params?.get('use_discrete_percentile') === true, params?.get('use_approximate_percentile') === true]
  if (agg === 'percentile') {
    if (percentile === null) return [error(model, `Measure '${name}' uses a PERCENTILE aggregation, which requires agg_params.percentile to be provided.`)]
    if (Number(percentile) > 0 && Number(percentile) < 1) return []
    return [error(model, `Percentile aggregation parameter for measure '${name}' is '${floatOf(percentile)}', but must be between 0 and 1 (non-inclusive). For example, to indicate the 65th percentile value, set 'percentile: 0.65'. For percentile values of 0, please use MIN, for percentile values of 1, please use MAX.`)]
  }
  if (agg === 'median') {
    return [
      ...percentile !== null && Number(percentile) !== 0.5 ? [error(model, `Measure '${name}' uses a MEDIAN aggregation, while percentile is set to '${floatOf(percentile)}', a conflicting value. Please remove the parameter or set to '0.5'.`)] : [],
      ...discrete ? [error(model, `Measure '${name}' uses a MEDIAN aggregation, while use_discrete_percentile is set to true. Please remove the parameter or set to False.`)] : [],
    ]
  }
  const wrong = [...percentile !== null && Number(percentile) !== 0 ? ['percentile'] : [], ...discrete ? ['use_discrete_percentile'] : [], ...approximate ? ['use_approximate_percentile'] : []]
  return wrong.length > 0 ? [error(model, `Measure '${name}' with aggregation '${agg}' uses agg_params (${wrong.join(', ')}) only relevant to Percentile measures.`)] : []
}

/** MeasureAggregationParameters.percentile is a float. */
function floatOf(value: Value): string { return typeof value === 'bigint' ? `${value}.0` : strOf(value) }

/** CountAggregationExprRule; dbt-semantic-interfaces forgets a quote. */
export function countIssues(model: SemanticModel, { name, agg, expr }: Measure, rules: Rules): Issue[] {
  if (agg !== 'count') return []
  if (expr === null) return [error(model, `Measure '${name}' uses a COUNT aggregation, which requires an expr to be provided. Provide 'expr: 1' if a count of all rows is desired.`)]
  return expr.toLowerCase().startsWith('distinct ')
    ? [error(model, `Measure '${name}' uses a 'count' aggregation with a DISTINCT expr: '${expr}${rules.hasSemanticsInModels ? "'" : ''}. This is not supported as it effectively converts an additive measure into a non-additive one, and this could cause certain queries to return incorrect results. Please use the count_distinct aggregation type.`)] : []
}

/** MeasuresNonAdditiveDimensionRule. */
export function additiveIssues(model: SemanticModel, { name, additive, time }: Measure): Issue[] {
  if (additive === null) return []
  const aggregated = time || model.time
  // Said by AggregationTimeDimensionRule.
  if (aggregated === null) return []
  const over = model.dimensions.find(dimension => dimension.name === aggregated)
  if (!over) return [error(model, `Measure '${name}' has a agg_time_dimension of ${aggregated} that is not defined as a dimension in semantic model '${model.name}'.`)]
  const wanted = strOf(additive.get('name') ?? null)
  const dimension = model.dimensions.find(each => each.name === wanted)
  const issues: Issue[] = []
  if (!dimension) issues.push(error(model, `Measure '${name}' has a non_additive_dimension with name '${wanted}' that is not defined as a dimension in semantic model '${model.name}'.`))
  else {
    if (dimension.type !== 'time') issues.push(error(model, `Measure '${name}' has a non_additive_dimension with name'${wanted}' that is defined as a categorical dimension which is not supported.`))
    if (dimension.granularity !== null && over.granularity !== null && dimension.granularity !== over.granularity) {
      issues.push(error(model, `Measure '${name}' has a non_additive_dimension with name '${wanted}' that has a base time granularity (${dimension.granularity.toUpperCase()}) that is not equal to the measure's agg_time_dimension ${over.name} with a base granularity of (${over.granularity.toUpperCase()}).`))
    }
  }
  const choice = strOf(additive.get('window_choice') ?? null).toLowerCase()
  if (choice !== 'min' && choice !== 'max') issues.push(error(model, `Measure '${name}' has a non_additive_dimension with an invalid 'window_choice' of '${choice}'. Only choices supported are 'min' or 'max'.`))
  const groupings = additive.get('window_groupings')
  const unknown = groupings instanceof PyList ? groupings.items.map(strOf).filter(each => !model.entities.some(entity => entity.name === each)) : []
  if (unknown.length > 0) issues.push(error(model, `Measure '${name}' has a non_additive_dimension with an invalid 'window_groupings'. These entities ${setOf(unknown)} do not exist in the semantic model.`))
  return issues
}
