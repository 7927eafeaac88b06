// `warn_error_options` under `flags:` of dbt_project.yml: a list has one name, and events that dbt knows. config/utils.py
// normalize_warn_error_options, exclusive_primary_alt_value_setting, dbt_common/helper_types.py WarnErrorOptionsV2 (1.10 to 1.12).

import type { YamlDocument, YamlNode } from '../../yaml/nodes.ts'
import type { Problem } from '../problem.ts'
import { EVENT_NAMES } from './event-names.ts'
import { valueOf } from './yaml-values.ts'

const TWINS = [['include', 'error'], ['exclude', 'warn']] as const

export function warnErrorProblems(document: YamlDocument, path: string): Problem[] {
  const options = valueOf(valueOf(document.root, 'flags'), 'warn_error_options')
  const refused = (message: string, { start, end }: YamlNode): Problem => ({ code: 'project-invalid', severity: 'error', message, place: { path, start, end } })
  const twins = TWINS.flatMap(([old, name]): Problem[] => {
    const at = valueOf(options, old)
    if (!at || !isGiven(at) || !isGiven(valueOf(options, name))) return []
    return [refused(`Only \`${old}\` or \`${name}\` can be specified in \`warn_error_options\`, not both`, at)]
  })
  if (twins.length > 0 || options?.kind !== 'map') return twins
  const [errors, warns, silenced] = [valueOf(options, 'error') ?? valueOf(options, 'include'), valueOf(options, 'warn') ?? valueOf(options, 'exclude'), valueOf(options, 'silence')]
  const all = errors?.kind === 'scalar' && ALL.has(errors.value)
  if (errors?.kind === 'scalar' && typeof errors.value === 'string' && !all && !errors.value.includes('{{')) return [refused("error must be one of ('all', '*') or a list of strings", errors)]
  if (warns && isGiven(warns) && !all && !textsOf(errors).includes(DEPRECATIONS) && !textsOf(silenced).includes(DEPRECATIONS)) {
    return [refused("`warn` can only be specified if `error` is one of ('all', '*') or Deprecations is in `error` or silence.", warns)]
  }
  return [errors, warns, silenced].flatMap((list) => list?.kind === 'seq' ? list.items : []).flatMap((item) => {
    const name = item.kind === 'scalar' ? item.value : null
    return typeof name !== 'string' || name.includes('{{') || EVENT_NAMES.has(name) ? [] : [refused(`${name} is not a valid dbt error name.`, item)]
  })
}

const DEPRECATIONS = 'Deprecations'
const ALL: ReadonlySet<unknown> = new Set(['all', '*'])

function textsOf(node: YamlNode | null): unknown[] { return node?.kind === 'seq' ? node.items.map((item) => item.kind === 'scalar' ? item.value : null) : [] }

/** Anything that Python takes for true. */
function isGiven(node: YamlNode | null): boolean {
  return node !== null && (node.kind === 'seq' ? node.items.length > 0 : node.kind === 'map' ? node.entries.length > 0 : node.kind === 'scalar' && node.value !== null && node.value !== '' && node.value !== false)
}
