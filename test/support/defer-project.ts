// The little of a Project that deferral reads, for tests that start from dbt's own manifest.

import { adapterOf } from '../../server/dbt/adapters/adapters.ts'
import type { Package, Project } from '../../server/dbt/project/types.ts'
import type { RuleSetName } from '../../server/dbt/rules/rules.ts'
import { RULE_SETS } from '../../server/dbt/rules/sets.ts'

export function deferProject(name: string, version: RuleSetName, options: { readonly adapter?: string; readonly quoting?: ReadonlyMap<string, boolean>; readonly packages?: readonly string[] } = {}): Project {
  const set = RULE_SETS.get(version)
  if (!set) throw new Error(`no rules ${version}`)
  const packageOf = (packageName: string): Package => ({ name: packageName, root: `/${packageName}`, isRoot: packageName === name, quoting: options.quoting ?? new Map(), restrictAccess: false } as unknown as Package)
  const root = packageOf(name)
  const rules = { ...set, chosenBy: 'setting' }
  const packages = new Map([root, ...(options.packages ?? []).map(packageOf)].map((each) => [each.name, each]))
  return { root, packages, rules, target: null, adapter: adapterOf(options.adapter ?? 'duckdb', rules), flags: { behaviour: new Map() }, env: new Map(), cliVars: new Map(), problems: [] } as unknown as Project
}
