// Edges that no call makes: metrics over semantic models and other metrics, unit tests over the model they test.
// dbt 1.12: parser/manifest.py _process_metric_node, parser/unit_tests.py process_models_for_unit_test.

import { strOf } from '../../jinja/repr.ts'
import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Manifest, ManifestNode, OtherResource } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import type { Project } from '../project/types.ts'
import { idsOf, packagesToSearch, resolveMetric, resolveRef, sameVersion } from './lookup.ts'

/** Measure → package → semantic model, disabled ones included. */
export type Measures = ReadonlyMap<string, ReadonlyMap<string, string>>

export function measuresOf(manifest: Manifest): Measures {
  const measures = new Map<string, Map<string, string>>()
  const add = (resource: OtherResource): void => {
    for (const measure of itemsOf(resource.properties.get('measures'))) {
      const name = measure instanceof PyDict ? measure.get('name') : undefined
      if (typeof name !== 'string') continue
      const packages = measures.get(name) ?? new Map<string, string>()
      measures.set(name, packages)
      packages.set(resource.package_name, resource.unique_id)
    }
  }
  for (const resource of manifest.others.values()) if (resource.resource_type === 'semantic_model') add(resource)
  for (const list of manifest.disabled.values()) for (const resource of list) if (resource.resource_type === 'semantic_model') add(resource)
  return measures
}

export interface MetricEdges { readonly nodes: readonly string[]; readonly problems: readonly Problem[] }

/** A metric's depends_on.nodes. */
export function metricEdges(project: Project, manifest: Manifest, measures: Measures, metric: OtherResource): MetricEdges {
  const nodes = new Set<string>()
  const problems: Problem[] = []
  const refuse = (message: string): void => { problems.push({ code: 'metric-invalid', severity: 'error', message, place: metric.place, unique_id: metric.unique_id }) }
  const given = metric.properties.get('type_params')
  const params = given instanceof PyDict ? given : new PyDict()
  const type = metric.properties.get('type') ?? 'simple'
  const measure = (value: Value | undefined): void => {
    const name = nameOf(value)
    if (name === null) return
    for (const candidate of packagesToSearch(project, metric.package_name, null)) {
      const id = idsOf(measures, name, candidate)[0]
      if (id === undefined) continue
      if (manifest.others.has(id)) nodes.add(id)
      else refuse(`The measure \`${name}\` is referenced on disabled semantic model \`${id.split('.').at(-1) ?? ''}\`.`)
      return
    }
    refuse(`A semantic model having a measure \`${name}\` does not exist but was referenced.`)
  }
  const input = (value: Value | undefined, by: string): void => {
    const name = nameOf(value)
    if (name === null) return
    const found = resolveMetric(project, manifest, metric.package_name, [name])
    if (found.kind === 'found') nodes.add(found.unique_id)
    else refuse(found.kind === 'disabled' ? `The metric \`${name}\` is disabled and thus cannot be referenced.` : `The metric \`${name}\` does not exist but was referenced${by}.`)
  }
  switch (type) {
    case 'simple': {
      const over = params.get('metric_aggregation_params')
      // dbt takes the root project's name, whichever package the metric is of.
      if (over instanceof PyDict) nodes.add(`semantic_model.${project.root.name}.${strOf(over.get('semantic_model') ?? '')}`)
      else if ((params.get('measure') ?? null) === null && metric.problems.length === 0) refuse(`Simple metric ${metric.name} should have a measure or agg type defined, but it does not.`)
      measure(params.get('measure'))
      break
    }
    case 'cumulative': {
      const cumulative = params.get('cumulative_type_params')
      measure(params.get('measure'))
      if (cumulative instanceof PyDict) input(cumulative.get('metric'), '')
      break
    }
    case 'conversion': {
      const conversion = params.get('conversion_type_params')
      if (conversion instanceof PyDict) {
        measure(conversion.get('base_measure'))
        measure(conversion.get('conversion_measure'))
        input(conversion.get('base_metric'), '')
        input(conversion.get('conversion_metric'), '')
      }
      break
    }
    case 'ratio':
      if (['numerator', 'denominator'].some(key => nameOf(params.get(key)) === null)) refuse('Invalid ratio metric. Both a numerator and denominator must be specified')
      else for (const key of ['numerator', 'denominator']) input(params.get(key), ` by metric \`${metric.name}\``)
      break
    case 'derived': for (const item of itemsOf(params.get('metrics'))) input(item, ` by metric \`${metric.name}\``); break
    default: if (metric.problems.length === 0) refuse(`Invalid enum value: \`${strOf(type)}\` in enum MetricType`)
  }
  return { nodes: [...nodes], problems }
}

function nameOf(value: Value | undefined): string | null {
  if (typeof value === 'string') return value
  const name = value instanceof PyDict ? value.get('name') : undefined
  return typeof name === 'string' ? name : null
}

function itemsOf(value: Value | undefined): readonly Value[] { return value instanceof PyList ? value.items : [] }

export interface UnitTests { readonly enabled: readonly OtherResource[]; readonly disabled: readonly OtherResource[] }

/** One unit test becomes one for each version it tests, or is switched off with its model. */
export function resolveUnitTest(project: Project, manifest: Manifest, unit: OtherResource): UnitTests {
  const [name, version] = strOf(unit.properties.get('model') ?? '').trim().split(/\s+/)
  const ref = { name: name ?? '', package: unit.package_name, version: version ?? null }
  const found = resolveRef(project, manifest, unit.package_name, ref)
  if (found.kind === 'disabled') return { enabled: [], disabled: [{ ...unit, enabled: false, config: new Map<string, Value>([...unit.config, ['enabled', false]]) }] }
  const model = found.kind === 'found' ? manifest.nodes.get(found.unique_id) : undefined
  if (!model && project.rules.switchesUnitTestsOff) return { enabled: [], disabled: [{ ...unit, enabled: false }] }
  if (!model) return { enabled: [failed(unit, `Unable to find model '${unit.package_name}.${strOf(unit.properties.get('model') ?? '')}' for unit test '${unit.name}' in ${unit.original_file_path}`)], disabled: [] }
  const refusal = incrementalRefusal(unit, model)
  const base = refusal === null ? unit : failed(unit, refusal)
  const versions = unit.properties.get('versions')
  const include = versions instanceof PyDict ? itemsOf(versions.get('include')) : []
  const exclude = versions instanceof PyDict ? itemsOf(versions.get('exclude')) : []
  if (model.version === null) {
    const message = `Unit test '${unit.name}' should not have a versions include or exclude when referencing non-versioned model '${model.name}'`
    return { enabled: [on(project, include.length || exclude.length ? failed(base, message) : base, model, null, model.schema)], disabled: [] }
  }
  const all = [...manifest.nodes.values()].filter(node => node.resource_type === 'model' && node.name === model.name && node.package_name === model.package_name && node.version !== null)
  const tested = exclude.length ? all.filter(node => !has(exclude, node)) : include.length ? all.filter(node => has(include, node)) : all
  if (!tested.length) return { enabled: [failed(base, `Unit test '${unit.name}' referenced a version of '${model.name}' which was not found.`)], disabled: [] }
  return { enabled: tested.map(node => on(project, base, node, node.version, model.schema)), disabled: [] }
}

function has(list: readonly Value[], { version }: ManifestNode): boolean {
  return list.some(item => (typeof item === 'string' || typeof item === 'bigint' || typeof item === 'number') && sameVersion(item, version))
}

function on({ rules }: Project, unit: OtherResource, model: ManifestNode, version: ManifestNode['version'], schema: string | null): OtherResource {
  return { ...unit, unique_id: version === null ? unit.unique_id : `${unit.unique_id}${rules.unitTestVersionMark}${strOf(version)}`, version, depends_on: { nodes: [model.unique_id], macros: [] }, properties: new Map([...unit.properties, ['schema', schema]]) }
}

function failed(unit: OtherResource, message: string): OtherResource {
  return { ...unit, problems: [...unit.problems, { code: 'unit-test-invalid', severity: 'error', message, place: unit.place, unique_id: unit.unique_id }] }
}

function incrementalRefusal(unit: OtherResource, model: ManifestNode): string | null {
  if (!model.depends_on.macros.includes('macro.dbt.is_incremental')) return null
  const overrides = unit.properties.get('overrides')
  const macros = overrides instanceof PyDict ? overrides.get('macros') : undefined
  const override = macros instanceof PyDict ? macros.get('is_incremental') : undefined
  if (typeof override !== 'boolean') return `Boolean override for 'is_incremental' must be provided for unit test '${unit.name}' in model '${model.name}'`
  const inputs = itemsOf(unit.properties.get('given')).map(item => item instanceof PyDict ? item.get('input') : undefined)
  return override && !inputs.includes('this') ? `Unit test '${unit.name}' for incremental model '${model.name}' must have a 'this' input` : null
}

