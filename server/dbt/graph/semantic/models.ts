// What the semantic layer refuses of semantic models: keys, names, time dimensions, validity windows, labels.
// metricflow_semantic_interfaces/validations: one function here for each rule there, named after it.

import { strOf } from '../../../jinja/repr.ts'
import type { Rules } from '../../rules/rules.ts'
import { names, nameIssues, setOf } from './issue.ts'
import type { Issue } from './issue.ts'
import { additiveIssues, countIssues, percentileIssues } from './measures.ts'
import type { Dimension, SemanticModel, View } from './view.ts'

export function modelIssues(view: View, rules: Rules): Issue[] {
  const inTurn = [primaryEntity, validityWindow, naturalEntity, elementNames, reservedKeywords, aggregationTimes, defaultTime, labels]
  return [...uniqueMeasures(view), ...consistentDimensions(view), ...consistentElements(view), ...entityPairs(view), ...entityLabels(view), ...view.models.flatMap(model => [
    ...inTurn.flatMap(rule => rule(model)),
    ...model.measures.flatMap(measure => [...percentileIssues(model, measure), ...countIssues(model, measure, rules), ...additiveIssues(model, measure)]),
    ...rules.hasSemanticsInModels ? timeGranularity(model) : [],
  ])]
}

function error({ resource }: SemanticModel, message: string): Issue { return { level: 'error', resource, message } }

/** PrimaryEntityRule: the first that holds. */
function primaryEntity(model: SemanticModel): Issue[] {
  const primary = model.entities.filter(({ type }) => type === 'primary').map(({ name }) => name)
  const [first] = primary
  if (primary.length > 1) return [error(model, `Semantic models can have only one primary entity. The semantic model \`${model.name}\` has ${primary.length}: ${primary.join(', ')}`)]
  if (first !== undefined && model.primaryEntity !== null) return [error(model, `The semantic model \`${model.name}\` has an entity named \`${first}\` with type primary but it also has the \`primary_entity\` field set to \`${model.primaryEntity}\`. Both should not be present in the model.`)]
  if (first === undefined && model.primaryEntity === null && model.dimensions.length > 0) return [error(model, `The semantic model ${model.name} contains dimensions, but it does not define a primary entity. Either add an entity with type PRIMARY or set a value for the primary_entity key.`)]
  return []
}

/** SemanticModelValidityWindowRule. */
function validityWindow(model: SemanticModel): Issue[] {
  const { name, entities, measures } = model
  const windows = model.dimensions.filter(({ validity }) => validity !== null)
  if (windows.length === 0) return []
  const issues: Issue[] = []
  const requirements = 'Semantic models using dimension validity params to define a validity window must have exactly two time dimensions with validity params specified - one marked `is_start` and the other marked `is_end`.'
  const [all, starts, ends] = [windows, windows.filter(({ validity }) => validity?.start), windows.filter(({ validity }) => validity?.end)].map(each => each.map((dimension: Dimension) => dimension.name)) as [string[], string[], string[]]
  if (all.length === 1 && starts.length === 1 && ends.length === 1) {
    issues.push(error(model, `Semantic model ${name} has a single validity param dimension that defines its window: \`${all[0] ?? ''}\`. This is not a currently supported configuration! ${requirements} If you have one column defining a window, as in a daily snapshot table, you can define a separate dimension and increment the time value in the \`expr\` field as a work-around.`))
  } else if (all.length !== 2) {
    issues.push(error(model, `Semantic model ${name} has ${all.length} dimensions defined with validity params. They are: ${names(all)}. There must be either zero or two! If you wish to define a validity window for this semantic model, please follow these requirements: ${requirements}`))
  } else if (starts.length !== 1 || ends.length !== 1) {
    // It empties the list of starts before it prints it.
    issues.push(error(model, `Semantic model ${name} has two validity param dimensions defined, but does not have exactly one each marked with is_start and is_end! Dimensions: ${names(all)}. is_start dimensions: []. is_end dimensions: ${names(ends)}. ${requirements}`))
  }
  const keys = entities.filter(({ type }) => type === 'primary' || type === 'unique').map(entity => entity.name)
  if (!entities.some(({ type }) => type === 'natural')) {
    issues.push(error(model, `Semantic model ${name} has validity param dimensions defined, but does not have an entity with type \`natural\` set. The natural key for this semantic model is what we use to process a validity window join. Primary or unique entities, if any, might be suitable for use as natural keys: (${names(keys)}).`))
  }
  if (keys.length > 0) issues.push(error(model, `Semantic model ${name} has validity param dimensions defined and also has one or more entities designated as \`primary\` or \`unique\`. This is not yet supported, as we do not currently process joins against these key types for semantic models with validity windows specified.`))
  if (measures.length > 0) issues.push(error(model, `Semantic model ${name} has both measures and validity param dimensions defined. This is not currently supported! Please remove either the measures or the validity params. Measure names: ${names(measures.map(each => each.name))}. Validity param dimension names: ${names(all)}.`))
  return issues
}

/** NaturalEntityConfigurationRule. */
function naturalEntity(model: SemanticModel): Issue[] {
  const natural = new Set(model.entities.filter(({ type }) => type === 'natural').map(({ name }) => name))
  return [
    ...natural.size > 1 ? [error(model, `Semantic models can have at most one natural entity, but semantic model \`${model.name}\` has ${natural.size} distinct natural entities set! ${setOf(natural)}.`)] : [],
    ...natural.size > 0 && !model.dimensions.some(({ validity }) => validity !== null)
      ? [error(model, `The use of \`natural\` entities is currently supported only in conjunction with a validity window defined in the set of time dimensions associated with the semantic model. Semantic model \`${model.name}\` uses a natural entity (${setOf(natural)}) but does not define a validity window!`)] : [],
  ]
}

/** UniqueAndValidNameRule, of what stands in a semantic model. */
function elementNames(model: SemanticModel): Issue[] {
  const taken = new Map<string, string>()
  const issues: Issue[] = []
  const elements = [...model.measures.map(({ name }) => [name, 'measure'] as const), ...model.entities.map(({ name }) => [name, 'entity'] as const), ...model.dimensions.map(({ name }) => [name, 'dimension'] as const)]
  for (const [name, type] of elements) {
    // References of different kinds are equal only within their kind.
    const key = `${type} ${name}`
    const other = taken.get(key)
    if (other !== undefined) issues.push(error(model, `In semantic model \`${model.name}\`, can't use name \`${name}\` for a ${type} when it was already used for a ${other}`))
    else taken.set(key, type)
    issues.push(...nameIssues(name, model.resource))
  }
  return issues
}

const KEYWORDS: ReadonlySet<string> = new Set('AND AS CREATE DISTINCT FOR FROM FULL HAVING IN INNER INTO IS JOIN LEFT LIKE NATURAL NOT NULL ON OR RIGHT SELECT UNION USING WHERE WITH'.split(' '))

/** ReservedKeywordsRule. */
function reservedKeywords(model: SemanticModel): Issue[] {
  const isKeyword = ({ name }: { readonly name: string }): boolean => KEYWORDS.has(name.toUpperCase())
  const parts = model.relation?.split('.').map(part => part.toUpperCase()).filter(part => KEYWORDS.has(part)) ?? []
  return [
    ...parts.length > 0 ? [error(model, `'${model.relation ?? ''}' contains the SQL reserved keyword(s) ${setOf(parts)}, and thus cannot be used for 'node_relation'.`)] : [],
    ...model.dimensions.filter(isKeyword).map(({ name }) => error(model, `'${name}' is an SQL reserved keyword, and thus cannot be used as a dimension 'name'.`)),
    ...model.entities.filter(isKeyword).map(({ name }) => error(model, `'${name}' is an SQL reserved keyword, and thus cannot be used as an entity 'name'`)),
    ...model.measures.filter(isKeyword).map(({ name }) => error(model, `'${name}' is an SQL reserved keyword, and thus cannot be used as a measure 'name'.`)),
  ]
}

/** AggregationTimeDimensionRule: of a measure without one the rule itself fails, which ends it for the semantic model. */
function aggregationTimes(model: SemanticModel): Issue[] {
  const issues: Issue[] = []
  for (const { name, time } of model.measures) {
    const dimension = time || model.time
    if (dimension === null) {
      return [error(model, `An error occurred while checking aggregation time dimension for a semantic model - AssertionError: Aggregation time dimension for measure ${name} is not set! This should either be set directly on the measure specification in the model, or else defaulted to the primary time dimension in the data source containing the measure.\n`)]
    }
    if (!hasTime(model, dimension)) issues.push(error(model, `In semantic model '${model.name}', measure '${name}' has the aggregation time dimension set to '${dimension}', which is not a valid time dimension in the semantic model`))
  }
  return issues
}

function hasTime({ dimensions }: SemanticModel, name: string): boolean { return dimensions.some(dimension => dimension.type === 'time' && dimension.name === name) }

/** SemanticModelDefaultsRule. */
function defaultTime(model: SemanticModel): Issue[] {
  const { time } = model
  return time === null || hasTime(model, time) ? [] : [error(model, `Default aggregation time dimension was specified as '${time}' which doesn't exist as a time dimension in semantic model named '${model.name}'.`)]
}

/** SemanticModelLabelsRule, of what stands in a semantic model. */
function labels(model: SemanticModel): Issue[] {
  const twice = (kind: string, plural: string, elements: readonly { readonly label: string | null }[]): Issue[] => {
    const counts = new Map<string, number>()
    for (const { label } of elements) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1)
    return [...counts].filter(([, count]) => count > 1).map(([label, count]) => error(model, `${kind} labels must be unique within a semantic model. The label \`${label}\` was used for ${count} ${plural} on semantic model \`${model.name}`))
  }
  return [...twice('Dimension', 'dimensions', model.dimensions), ...twice('Entity', 'entities', model.entities), ...twice('Measure', 'measures', model.measures)]
}

/** TimeDimensionHasGranularityRule: a future error, of which dbt warns. */
function timeGranularity(model: SemanticModel): Issue[] {
  return model.dimensions.filter(({ type, granularity }) => type === 'time' && granularity === null)
    .map(({ name }) => ({ level: 'warning', resource: model.resource, message: `In semantic model \`${model.name}\`, time dimension \`${name}\` must have a time granularity set.` }))
}

/** SemanticModelMeasuresUniqueRule. */
function uniqueMeasures({ models }: View): Issue[] {
  const owners = new Map<string, string[]>()
  return models.flatMap(model => model.measures.flatMap(({ name }) => {
    const before = owners.get(name)
    if (!before) { owners.set(name, [model.name]); return [] }
    const issue = error(model, `Found measure with name ${name} in multiple semantic models with names (${names(before)})`)
    before.push(model.name)
    return [issue]
  }))
}

/** DimensionConsistencyRule: dimensions of one name are of one type, and all or none are partitions. */
function consistentDimensions({ models }: View): Issue[] {
  const first = new Map<string, Dimension>()
  return models.flatMap(model => model.dimensions.flatMap((dimension) => {
    const { name, type, partition } = dimension
    const known = first.get(name)
    if (!known) { first.set(name, dimension); return [] }
    const python = (flag: boolean): string => strOf(flag)
    return [
      ...known.type !== type ? [error(model, `In semantic model \`${model.name}\`, type conflict for dimension \`${name}\` - already in model as type \`${dimensionType(known.type)}\` but got \`${dimensionType(type)}\``)] : [],
      ...known.partition !== partition ? [error(model, `In semantic model \`${model.name}, conflicting is_partition attribute for dimension \`DimensionReference(element_name='${name}')\` - already in model with is_partition as \`${python(known.partition)}\` but got \`${python(partition)}\`\``)] : [],
    ]
  }))
}

function dimensionType(type: string): string { return `DimensionType.${type.toUpperCase()}` }

/** ElementConsistencyRule: a name is of one kind everywhere. */
function consistentElements({ models }: View): Issue[] {
  const found = new Map<string, Map<string, SemanticModel[]>>()
  const add = (kind: string, model: SemanticModel, name: string): void => {
    const kinds = found.get(name) ?? new Map<string, SemanticModel[]>()
    found.set(name, kinds)
    kinds.set(kind, [...kinds.get(kind) ?? [], model])
  }
  for (const model of models) {
    for (const { name } of model.measures) add('measure', model, name)
    for (const { name } of model.dimensions) add('dimension', model, name)
    for (const { name } of model.entities) add('entity', model, name)
  }
  return [...found].filter(([, kinds]) => kinds.size > 1).flatMap(([name, kinds]) => {
    const sorted = [...kinds].toSorted(([a], [b]) => a < b ? -1 : 1)
    const all = sorted.map(([kind]) => `<SemanticModelElementType.${kind.toUpperCase()}: '${kind}'>`).join(', ')
    return sorted.flatMap(([kind, users]) => users[0] ? [error(users[0], `In semantic models ${setOf(users.map(user => user.name))}, element \`${name}\` is of type SemanticModelElementType.${kind.toUpperCase()}, but it is used as types [${all}] across the model.`)] : [])
  })
}

/** PrimaryEntityDimensionPairs. */
function entityPairs({ models }: View): Issue[] {
  const known = new Map<string, Map<string, string>>()
  return models.flatMap((model) => {
    const entity = model.primaryEntity ?? model.entities.find(({ type }) => type === 'primary')?.name
    if (entity === undefined) return []
    const before = known.get(entity)
    const owners = before ?? new Map<string, string>()
    known.set(entity, owners)
    return model.dimensions.flatMap(({ name }) => {
      const owner = before?.get(name)
      if (owner === undefined) { owners.set(name, model.name); return [] }
      return [error(model, `Duplicate dimension + primary entity pairing detected, dimension + primary entity pairings must be unique. Semantic model \`${model.name}\` has a primary entity of \`${entity}\` and dimension \`${name}\`, but this pairing is already in use on semantic model \`${owner}\`.`)]
    })
  })
}

/** EntityLabelsRule, and the labels of semantic models (SemanticModelLabelsRule). */
function entityLabels({ models }: View): Issue[] {
  const entities = new Map<string, { readonly model: string; readonly label: string }>()
  const own = new Map<string, string>()
  return models.flatMap((model) => {
    const issues: Issue[] = []
    const taken = model.label === null ? undefined : own.get(model.label)
    if (taken !== undefined) issues.push(error(model, `Can't use label \`${model.label ?? ''}\` for  semantic model \`${model.name}\` as it's already used for semantic model \`${taken}\``))
    else if (model.label !== null) own.set(model.label, model.name)
    for (const { name, label } of model.entities) {
      if (label === null) continue
      const other = entities.get(name)
      if (!other) entities.set(name, { model: model.name, label })
      else if (other.label !== label) issues.push(error(model, `Entities with the same name must have the same label or the label must be \`None\`. Entity \`${name}\` on semantic model \`${model.name}\` has label \`${label}\` but the same entity on semantic model \`${other.model}\``))
    }
    return issues
  })
}
