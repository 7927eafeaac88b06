// How each candidate of a call prints: the current target's relation, the state's, an ephemeral's CTE, a source.
// dbt's `Relation.create_from`: the name parts come from the node or its defer_relation, quoting from the project (or the state, in 2).

import { PyDict } from '../../jinja/value.ts'
import { ephemeralPrefix, mergePolicy } from '../context/relation.ts'
import { includeOf, renderRelation, sourceParts } from '../adapters/render.ts'
import type { Policy } from '../adapters/types.ts'
import { flagsOf, merged, NO_QUOTING, quotingOf } from '../names/quoting.ts'
import type { Config, ManifestNode, SourceNode } from '../nodes/types.ts'
import type { Project } from '../project/types.ts'
import type { StateManifest, StateNode } from '../state/types.ts'
import type { RelationRead } from './types.ts'

export function currentRead(project: Project, node: ManifestNode): RelationRead {
  // Functions print with the adapter's own quoting (providers.py RuntimeFunctionResolver).
  const quoting = node.resource_type === 'function' ? NO_QUOTING : quotingOf(project, node.config)
  return { database: node.database, schema: node.schema, identifier: node.alias, quoting }
}

/** dbt 1: the state's names with the current quoting; 2: with the quoting the state was made with, else the current one. */
export function deferredRead(project: Project, state: StateManifest, node: StateNode): RelationRead {
  const isFunction = node.resource_type === 'function'
  const identifier = isFunction && project.rules.deferredFunctionIdentifier === 'name' ? node.name : node.alias
  const current = isFunction ? NO_QUOTING : project.root.quoting
  const own = project.rules.modelQuotingHonoured ? flagsOf(configOf(node).get('quoting')) : NO_QUOTING
  const quoting = project.rules.deferredQuoting === 'state' && !isFunction ? merged(merged(current, state.quoting ?? NO_QUOTING), own) : current
  return { database: node.database, schema: node.schema, identifier, quoting }
}

export function sourceRead(project: Project, source: SourceNode): RelationRead {
  const base = project.rules.projectQuotingInSource ? project.root.quoting : NO_QUOTING
  const read = { ...sourceParts(project.adapter, source), quoting: merged(base, source.quoting) }
  return source.externalLocation === null ? read : { ...read, external: source.externalLocation }
}

export function ephemeralRead(project: Project, node: ManifestNode): RelationRead {
  return { database: null, schema: null, identifier: ephemeralPrefix(project.rules.ephemeralNamedBy === 'name' ? node.name : node.alias), quoting: UNQUOTED }
}

export function printed(project: Project, read: RelationRead): string {
  return read.external ?? renderRelation(project.adapter, read, policyOf(project, read), includeOf(project.adapter, read.database))
}

export function policyOf(project: Project, read: RelationRead): Policy {
  return mergePolicy(project.adapter.quotePolicy, read.quoting)
}

const UNQUOTED: ReadonlyMap<string, boolean> = new Map([['identifier', false]])

function configOf(node: StateNode): Config {
  const config = node.fields.get('config')
  return config instanceof PyDict ? new Map(config.items().flatMap(([key, value]) => (typeof key === 'string' ? [[key, value] as const] : []))) : new Map()
}
