// Snapshots that stand wholly in YAML (`relation:`). dbt 1.12: parser/schemas.py _add_yaml_snapshot_nodes_to_manifest.

import { strOf } from '../../../jinja/repr.ts'
import { parseTemplate } from '../../../jinja/parse.ts'
import type { Template } from '../../../jinja/nodes.ts'
import type { Place } from '../../../text/span.ts'
import type { Declaration } from '../../nodes/declaration.ts'
import { foldersOf, originalPath } from '../../nodes/resource-file.ts'
import type { ResourceFile } from '../../nodes/resource-file.ts'
import { textSpan } from '../../nodes/property-file.ts'
import type { PropertyEntry } from '../../nodes/property-file.ts'
import { LazyChecksum, strippedText } from '../../nodes/source-text.ts'
import { under, valueOf } from '../../nodes/yaml-values.ts'
import type { Build } from './build.ts'

/** Null for entries without `relation`. dbt does not render the text: it becomes `select * from {{ relation }}`. */
export function yamlSnapshot(build: Build, resource: ResourceFile, entry: PropertyEntry): Declaration | { readonly code: string; readonly message: string; readonly place: Place } | null {
  const relation = under(entry.node, 'relation')
  if (!relation) return null
  const text = strOf(valueOf(relation))
  const place: Place = { path: entry.file.path, ...textSpan(relation) }
  return build.memory.fromEntry(entry.node, `snapshot ${originalPath(resource)}`, () => {
    const code = `select * from {{ ${text} }}`
    const { packageName } = resource
    const source = strippedText(entry.file, build.project.rules).text
    let template: Template | null = null
    return {
      type: 'snapshot', unique_id: `snapshot.${packageName}.${entry.name}`, name: entry.name, package_name: packageName, path: build.project.rules.yamlSnapshotPath === 'in-file' ? `${resource.relativePath}/${entry.name}.sql` : `${entry.name}.sql`, original_file_path: originalPath(resource),
      fqn: [packageName, ...foldersOf(resource.relativePath), entry.name], language: 'sql', raw_code: code, offset: null,
      checksum: new LazyChecksum(source, build.project.rules.fileChecksum === 'collapsed'), place: { path: entry.file.path, ...entry.nameSpan },
      template: () => template ??= parseTemplate(code), index: null, tags: [], test: null, preset: { text, place }, error: null,
    }
  })
}
