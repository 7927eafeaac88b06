// `warn_error_options` under `flags:` of dbt_project.yml: a list has one name. config/utils.py normalize_warn_error_options, exclusive_primary_alt_value_setting (1.10 to 1.12).

import type { YamlDocument, YamlNode } from '../../yaml/nodes.ts'
import type { Problem } from '../problem.ts'
import { valueOf } from './yaml-values.ts'

const TWINS = [['include', 'error'], ['exclude', 'warn']] as const

export function warnErrorProblems(document: YamlDocument, path: string): Problem[] {
  const options = valueOf(valueOf(document.root, 'flags'), 'warn_error_options')
  return TWINS.flatMap(([old, name]): Problem[] => {
    const at = valueOf(options, old)
    if (!at || !isGiven(at) || !isGiven(valueOf(options, name))) return []
    return [{ code: 'project-invalid', severity: 'error', message: `Only \`${old}\` or \`${name}\` can be specified in \`warn_error_options\`, not both`, place: { path, start: at.start, end: at.end } }]
  })
}

/** Anything that Python takes for true. */
function isGiven(node: YamlNode | null): boolean {
  return node !== null && (node.kind === 'seq' ? node.items.length > 0 : node.kind === 'map' ? node.entries.length > 0 : node.kind === 'scalar' && node.value !== null && node.value !== '' && node.value !== false)
}
