// Macros by the names that templates call them by.

import type { MacroDefinition } from '../dbt/context/types.ts'
import { packageOf, type Snapshot } from '../dbt/snapshot.ts'

/** The macro that `name` (plain or `package.name`) means in a file; null for none and for what is no macro. */
export function macroNamed(snapshot: Snapshot, path: string, name: string): MacroDefinition | null {
  const { macros } = snapshot.world
  const parts = name.split('.')
  const [first, second] = parts
  if (!first || parts.length > 2) return null
  if (second === undefined) return macros.find(first, packageOf(snapshot, path))
  return macros.byId.get(`macro.${first}.${second}`) ?? (first === 'dbt' ? macros.find(second, null) : null)
}

/** Macros of the project and its packages that can be called without and with a package name in a file. */
export function callableMacros(snapshot: Snapshot, path: string): { name: string; macro: MacroDefinition }[] {
  const own = packageOf(snapshot, path)
  const found: { name: string; macro: MacroDefinition }[] = []
  for (const macro of snapshot.world.macros.byId.values()) {
    if (macro.internal || macro.name.startsWith('test_') || macro.name.startsWith('materialization_')) continue
    const near = macro.package_name === own || macro.package_name === snapshot.project.root.name
    found.push({ name: near ? macro.name : `${macro.package_name}.${macro.name}`, macro })
  }
  return found
}
