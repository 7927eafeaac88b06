// dbt 1.12 makes semantic models and metrics of the Open Semantic Interchange documents under `osi-paths` (parser/osi.py). They are not read here:
// the metrics of such a document come out of the SQL of its expressions. Each document is named, so that nobody takes the graph for the whole one.

import type { YamlDocument } from '../../yaml/nodes.ts'
import type { Disk } from '../ports.ts'
import type { Problem } from '../problem.ts'
import { valueOf } from './yaml-values.ts'

/** dbt/constants.py OSI_DIRECTORY_NAME and config/project.py; of the root project alone. */
const DEFAULT_PATHS = ['osi', 'OSI']
const DEEPEST = 20

export function osiProblems(root: string, project: YamlDocument, disk: Disk): readonly Problem[] {
  const node = valueOf(project.root, 'osi-paths')
  const paths = node?.kind === 'seq' ? node.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])) : DEFAULT_PATHS
  const files = new Set(paths.flatMap((each) => documents(`${root}/${each}`, disk, DEEPEST)))
  return [...files].map((path) => ({
    code: 'osi-unread', severity: 'warning', place: { path, start: 0, end: 0 },
    message: 'dbt makes semantic models and metrics of this document. It is not read here: they are missing in every list, and what needs them may be said to be missing.',
  }))
}

function documents(directory: string, disk: Disk, depth: number): string[] {
  if (depth === 0 || disk.kind(directory) !== 'directory') return []
  return disk.list(directory).flatMap(({ name, kind, link }) => {
    const path = `${directory}/${name}`
    if (kind === 'directory') return link ? [] : documents(path, disk, depth - 1)
    return name.endsWith('.json') ? [path] : []
  })
}
