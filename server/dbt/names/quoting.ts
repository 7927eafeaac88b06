// `quoting:` as relations take it: the parts that it names, of a project under those of a node.

import { PyDict } from '../../jinja/value.ts'
import type { Config } from '../nodes/types.ts'
import type { Project } from '../project/types.ts'

type Quoting = ReadonlyMap<string, boolean>

export const NO_QUOTING: Quoting = new Map()

/** The quoting of what a node makes: the project's, in dbt 2 under the node's own. */
export function quotingOf({ root, rules }: Project, config: Config): Quoting {
  return rules.modelQuotingHonoured ? merged(root.quoting, flagsOf(config.get('quoting'))) : root.quoting
}

export function merged(base: Quoting, over: Quoting): Quoting {
  return over.size === 0 ? base : new Map([...base, ...over])
}

/** Of a `quoting:` as it stands in a config; what is no boolean says nothing. */
export function flagsOf(value: unknown): Quoting {
  return value instanceof PyDict ? new Map(value.items().flatMap(([key, on]) => (typeof key === 'string' && typeof on === 'boolean' ? [[key, on] as const] : []))) : NO_QUOTING
}
