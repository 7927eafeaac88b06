// Where adapter.dispatch looks, in order, and what it says when nothing is there.
// Rules: dbt 1.12 context/providers.py BaseDatabaseWrapper.dispatch, _get_search_packages.

import { internalPackageNames } from '../adapters/adapters.ts'
import type { Project } from '../project/types.ts'

export interface Candidate { readonly packageName: string | null; readonly macroName: string }

/** Every place in dbt's order: packages outside, prefixes inside. */
export function dispatchSearch(project: Project, name: string, namespace: string | null): Candidate[] {
  const prefixes = [project.adapter.type, ...project.adapter.parents, 'default']
  return searchPackages(project, namespace).flatMap(packageName => prefixes.map(prefix => ({ packageName, macroName: `${prefix}__${name}` })))
}

/** dbt's words when no candidate exists. */
export function dispatchFailure(name: string, namespace: string | null, candidates: readonly Candidate[]): string {
  const searched = candidates.map(({ packageName, macroName }) => `'${packageName === null ? '' : `${packageName}.`}${macroName}'`).join(', ')
  return `In dispatch: No macro named '${name}' found within namespace: '${namespace ?? 'None'}'\n    Searched for: ${searched}`
}

// dbt's own packages count as dependencies too: `dispatch('x', 'dbt')` looks in the root, then in dbt's, and nowhere else (seen with dbt 1.12.6).
function searchPackages(project: Project, namespace: string | null): (string | null)[] {
  if (namespace === null) return [null]
  const configured = project.root.dispatch.find(entry => entry.macro_namespace === namespace)
  if (configured && configured.search_order.length > 0) return [...configured.search_order]
  const known = project.packages.has(namespace) || internalPackageNames(project.adapter).includes(namespace)
  return known ? [project.root.name, namespace] : [null]
}
