// What dbt asks of a project with semantic models as a whole: a time spine of days or finer.
// dbt 1.12: contracts/graph/semantic_manifest.py SemanticManifest._get_pydantic_semantic_manifest. The further validations of
// metricflow_semantic_interfaces (names, joins, windows) are not made here.

import { PyDict } from '../../jinja/value.ts'
import type { Manifest, ManifestNode } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import type { Project } from '../project/types.ts'
import { GRAINS } from './build/semantic-enums.ts'
import { lookupOf, idsOf } from './lookup.ts'

const LEGACY = 'metricflow_time_spine'

export function semanticProblems(project: Project, manifest: Manifest): Problem[] {
  // dbt 2 checks by rules of its own.
  if (project.rules.strictYaml) return []
  const model = [...manifest.others.values()].find(other => other.resource_type === 'semantic_model')
  if (!model || idsOf(lookupOf(manifest).refs, LEGACY, null).length > 0) return []
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
