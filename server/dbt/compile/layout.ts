// Where dbt writes compiled text: contracts/graph/nodes.py get_target_write_path.

import type { ManifestNode } from '../nodes/types.ts'
import type { Rules } from '../rules/rules.ts'
import type { Batch } from './event-time.ts'

/** Null: the name leads out of the folder (a test may be called `../../x`), where dbt would write and we do not. Relative to the target path. A file with several nodes becomes a folder of that name, a batch of a microbatch model a file beside its model's. */
export function compiledPath(node: Pick<ManifestNode, 'package_name' | 'path' | 'original_file_path' | 'resource_type' | 'name'>, rules: Pick<Rules, 'snapshotsCompileIntoFolder'>, batch?: Batch): string | null {
  const { path, original_file_path: file } = node
  const inFolder = node.resource_type === 'snapshot' && rules.snapshotsCompileIntoFolder
  const own = inFolder ? `${file}/${node.name}.sql` : baseName(path) === baseName(file) ? file : `${file}/${path}`
  const inside = `${node.package_name}/${batch ? batchPath(own, batch.suffix) : own}`
  return leadsOut(inside) ? null : `compiled/${inside}`
}

function leadsOut(path: string): boolean {
  let depth = 0
  return path.split(/[/\\]/).some((step) => {
    if (step === '..') depth--
    else if (step !== '' && step !== '.') depth++
    return depth < 1
  })
}

function batchPath(file: string, suffix: string): string {
  const [, folder = '', stem = '', extension = ''] = /^(.*\/)?([^/]*?)(\.[^./]*)?$/.exec(file) ?? []
  return `${folder}${stem}/${stem}_${suffix}${extension}`
}

function baseName(path: string): string { return path.slice(path.lastIndexOf('/') + 1) }
