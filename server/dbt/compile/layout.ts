// Where dbt writes compiled text: contracts/graph/nodes.py get_target_write_path.

import type { ManifestNode } from '../nodes/types.ts'

/** Relative to the target path. A file with several nodes becomes a folder of that name. */
export function compiledPath(node: Pick<ManifestNode, 'package_name' | 'path' | 'original_file_path'>): string {
  const { path, original_file_path: file } = node
  const alone = baseName(path) === baseName(file)
  return `compiled/${node.package_name}/${alone ? file : `${file}/${path}`}`
}

function baseName(path: string): string { return path.slice(path.lastIndexOf('/') + 1) }
