// Where dbt writes compiled text: contracts/graph/nodes.py get_target_write_path.

import type { ManifestNode } from '../nodes/types.ts'
import type { Rules } from '../rules/rules.ts'
import type { Batch } from './event-time.ts'

/** Relative to the target path. A file with several nodes becomes a folder of that name, a batch of a microbatch model a file beside its model's. */
export function compiledPath(node: Pick<ManifestNode, 'package_name' | 'path' | 'original_file_path' | 'resource_type' | 'name'>, rules: Pick<Rules, 'snapshotsCompileIntoFolder'>, batch?: Batch): string {
  const { path, original_file_path: file } = node
  const inFolder = node.resource_type === 'snapshot' && rules.snapshotsCompileIntoFolder
  const own = inFolder ? `${file}/${node.name}.sql` : baseName(path) === baseName(file) ? file : `${file}/${path}`
  return `compiled/${node.package_name}/${batch ? batchPath(own, batch.suffix) : own}`
}

function batchPath(file: string, suffix: string): string {
  const [, folder = '', stem = '', extension = ''] = /^(.*\/)?([^/]*?)(\.[^./]*)?$/.exec(file) ?? []
  return `${folder}${stem}/${stem}_${suffix}${extension}`
}

function baseName(path: string): string { return path.slice(path.lastIndexOf('/') + 1) }
