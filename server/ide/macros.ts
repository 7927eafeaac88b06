// Macros by the names that templates call them by.

import type { MacroDefinition } from '../dbt/context/types.ts'
import type { MacroNode } from '../dbt/nodes/types.ts'
import { packageOf, sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import type { Place, Span } from '../text/span.ts'
import { templateOfFile } from './scene.ts'

/** The macro that `name` (plain or `package.name`) means in a file; null for none and for what is no macro. */
export function macroNamed(snapshot: Snapshot, path: string, name: string): MacroDefinition | null {
  const { macros } = snapshot.world
  const parts = name.split('.')
  const [first, second] = parts
  if (!first || parts.length > 2) return null
  if (second === undefined) return macros.find(first, packageOf(snapshot, path))
  return macros.byId.get(`macro.${first}.${second}`) ?? (first === 'dbt' ? macros.find(second, null) : null)
}

export interface CallableMacro { readonly name: string; readonly macro: MacroDefinition }

/** What can be called as `package.macro`; those of `dbt` are dbt's own, without the versions for adapters. */
export function macrosOfPackage(snapshot: Snapshot, packageName: string): CallableMacro[] {
  const found: CallableMacro[] = []
  for (const macro of snapshot.world.macros.byId.values()) {
    if (macro.name.startsWith('test_') || macro.name.startsWith('materialization_')) continue
    if (macro.package_name === packageName && !(macro.internal && macro.name.includes('__'))) found.push({ name: `${packageName}.${macro.name}`, macro })
  }
  return found
}

/** Macros of the project and its packages that can be called without and with a package name in a file. */
export function callableMacros(snapshot: Snapshot, path: string): CallableMacro[] {
  const own = packageOf(snapshot, path)
  const found: CallableMacro[] = []
  for (const macro of snapshot.world.macros.byId.values()) {
    if (macro.internal || macro.name.startsWith('test_') || macro.name.startsWith('materialization_')) continue
    const near = macro.package_name === own || macro.package_name === snapshot.project.root.name
    found.push({ name: near ? macro.name : `${macro.package_name}.${macro.name}`, macro })
  }
  return found
}

/** The macro with what YAML says of it. */
export function manifestMacro(snapshot: Snapshot, macro: MacroDefinition): MacroNode {
  return snapshot.manifest.macros.get(macro.unique_id) ?? macro.node
}

/** Where a macro is declared, and its name there; null where its file is not at hand: of dbt's own it is when dbt is installed. */
export function macroDeclaration(snapshot: Snapshot, macro: MacroDefinition): { readonly place: Place; readonly name: Span } | null {
  const { place } = macro.node
  if (sourceFile(snapshot, place.path)) return { place, name: macroNamePlace(snapshot, macro) }
  const { installed } = macro
  if (installed === null) return null
  const block = macro.template.body[0]
  const name = block && 'nameSpan' in block ? block.nameSpan : { start: 0, end: 0 }
  return { place: installed, name: { start: installed.start + name.start, end: installed.start + name.end } }
}

/** Where a macro's name stands in its file; the block's start where the file is not at hand. */
export function macroNamePlace(snapshot: Snapshot, macro: { readonly node: MacroDefinition['node'] }): Span {
  const { place } = macro.node
  const file = sourceFile(snapshot, place.path)
  const block = file && templateOfFile(file).body.find((each) => (each.kind === 'Macro' || each.kind === 'Test' || each.kind === 'Materialization') && each.start <= place.start && each.end >= place.end)
  return block && 'nameSpan' in block ? block.nameSpan : { start: place.start, end: place.start }
}
