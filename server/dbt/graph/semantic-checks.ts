// What dbt asks of a project with semantic models as a whole: a time spine of days or finer, and what its semantic layer says of the semantic manifest.
// dbt 1.12: contracts/graph/semantic_manifest.py SemanticManifest.validate, _get_pydantic_semantic_manifest.

import { PyDict } from '../../jinja/value.ts'
import { behaves } from '../nodes/behaviour.ts'
import type { Manifest, ManifestNode, OtherResource } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import type { Project } from '../project/types.ts'
import { GRAINS } from './build/semantic-enums.ts'
import { lookupOf, idsOf } from './lookup.ts'
import type { Issue } from './semantic/issue.ts'
import { metricIssues } from './semantic/metrics.ts'
import { modelIssues } from './semantic/models.ts'
import { viewOf } from './semantic/view.ts'
import type { View } from './semantic/view.ts'

const LEGACY = 'metricflow_time_spine'

export function semanticProblems(project: Project, manifest: Manifest): Problem[] {
  // dbt 2 checks by rules of its own.
  if (project.rules.strictYaml) return []
  const model = [...manifest.others.values()].find(other => other.resource_type === 'semantic_model')
  if (!model) return []
  return [...spineProblems(project, manifest, model), ...validationProblems(project, manifest)]
}

function spineProblems(project: Project, manifest: Manifest, model: OtherResource): Problem[] {
  if (idsOf(lookupOf(manifest).refs, LEGACY, null).length > 0) return []
  const inYaml = project.rules.flagDefaults.has('require_yaml_configuration_for_mf_time_spines')
  if (inYaml && [...manifest.nodes.values()].some(node => node.enabled && isFine(node))) return []
  return [{
    code: 'yaml-invalid', severity: 'error', place: model.place, unique_id: model.unique_id,
    message: inYaml
      ? 'The semantic layer requires a time spine model with granularity DAY or smaller in the project, but none was found. Guidance on creating this model can be found on our docs site (https://docs.getdbt.com/docs/build/metricflow-time-spine).'
      : `The semantic layer requires a '${LEGACY}' model in the project, but none was found. Guidance on creating this model can be found on our docs site (https://docs.getdbt.com/docs/build/metricflow-time-spine) `,
  }]
}

function isFine({ properties, columns }: ManifestNode): boolean {
  const spine = properties.get('time_spine')
  const column = spine instanceof PyDict ? spine.get('standard_granularity_column') : undefined
  const grain = typeof column === 'string' ? columns.get(column)?.granularity?.toLowerCase() : undefined
  return grain !== undefined && GRAINS.includes(grain) && GRAINS.indexOf(grain) <= GRAINS.indexOf('day')
}

/** Only of a project that has metrics and semantic models. The rules are those of dbt 1.10 and later. */
function validationProblems(project: Project, manifest: Manifest): Problem[] {
  const { rules } = project
  const resources = [...manifest.others.values()].filter(({ resource_type }) => resource_type === 'metric' || resource_type === 'semantic_model')
  // What is refused by itself dbt does not come to validate.
  if (!rules.flagDefaults.has('require_yaml_configuration_for_mf_time_spines') || resources.some(({ problems, unknown }) => unknown.length > 0 || problems.some(({ severity }) => severity === 'error'))) return []
  const view = viewOf(manifest)
  if (view.metrics.length === 0 || view.models.length === 0) return []
  return [...modelIssues(view, rules), ...metricIssues(view, rules), ...unnested(project, view)].map(({ level, message, resource }) => ({
    code: resource.resource_type === 'metric' ? 'metric-invalid' : 'yaml-invalid', severity: level, place: resource.place, unique_id: resource.unique_id,
    message: level === 'error' ? `${message.trimEnd()}\nSemantic Manifest validation failed.` : message,
  }))
}

/** SemanticManifest.validate, of the old place of cumulative fields: one sentence for all. */
function unnested(project: Project, { metrics }: View): Issue[] {
  const old = metrics.filter(({ legacy }) => legacy.window !== null || legacy.grain !== null)
  const [first] = old
  if (!first) return []
  const link = 'See documentation on behavior changes: https://docs.getdbt.com/reference/global-configs/behavior-changes.'
  return [behaves(project, 'require_nested_cumulative_type_params')
    ? { level: 'error', resource: first.resource, message: `Cumulative fields \`type_params.window\` and \`type_params.grain_to_date\` should be nested under \`type_params.cumulative_type_params.window\` and \`type_params.cumulative_type_params.grain_to_date\`. Invalid metrics: ${[...new Set(old.map(({ name }) => name))].join(', ')}. ${link}` }
    : { level: 'warning', resource: first.resource, message: `Cumulative fields \`type_params.window\` and \`type_params.grain_to_date\` have been moved and will soon be deprecated. Please nest those values under \`type_params.cumulative_type_params.window\` and \`type_params.cumulative_type_params.grain_to_date\`. ${link}` }]
}
