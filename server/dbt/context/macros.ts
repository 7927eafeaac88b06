// All macros of a project: its own, its packages', dbt's own, and dbt's rules for finding one by name.
// Knows nothing of evaluation. Rules: dbt 1.12 context/macros.py, context/macro_resolver.py, contracts/graph/manifest.py.

import { internalPackageNames } from '../adapters/adapters.ts'
import type { Adapter } from '../adapters/types.ts'
import type { Problem } from '../problem.ts'
import type { InternalMacros, MacroDefinition, MacroIndex } from './types.ts'
import { builtinMacros } from './builtin-macros.ts'
import { macroFromText, macrosOfFile } from './macro-files.ts'
import type { MacroFile } from './macro-files.ts'

/**
 * `files`: macro files (`macro-paths/**.sql`) then generic-test files (`test-paths/generic/**.sql`) of every package in dbt's order.
 * `internal`: dbt's own macros as read from somewhere; null makes our own small versions serve.
 */
export function macroIndex(files: readonly MacroFile[], rootPackage: string, adapter: Adapter, internal: InternalMacros | null): MacroIndex {
  const internalPackages = internalPackageNames(adapter)
  const problems: Problem[] = []
  const strays: Problem[] = []
  const byId = new Map<string, MacroDefinition>()
  for (const file of files) {
    const read = macrosOfFile(file)
    problems.push(...read.problems)
    // dbt says it of packages too, where nobody here can mend it.
    if (file.packageName === rootPackage) strays.push(...read.strays)
    for (const macro of read.macros) {
      const other = byId.get(macro.unique_id)
      if (other) problems.push(duplicate(macro, other))
      else byId.set(macro.unique_id, macro)
    }
  }
  for (const definition of internalDefinitions(internal, internalPackages)) if (!byId.has(definition.unique_id)) byId.set(definition.unique_id, definition)
  const byPackage = new Map<string, Map<string, MacroDefinition>>()
  for (const macro of byId.values()) {
    let own = byPackage.get(macro.package_name)
    if (!own) byPackage.set(macro.package_name, own = new Map())
    own.set(macro.name, macro)
  }
  const index: MacroIndex = {
    byId, byPackage, rootPackage, internalPackages, problems, strays,
    source: internal?.source ?? null,
    find: (name, packageName) => visibleMacro(index, name, packageName),
  }
  return index
}

/** MacroNamespace without its sub-namespaces: own package, root, dbt's own. */
function visibleMacro(index: MacroIndex, name: string, packageName: string | null): MacroDefinition | null {
  return (packageName === null ? undefined : index.byPackage.get(packageName)?.get(name))
    ?? index.byPackage.get(index.rootPackage)?.get(name)
    ?? internalMacro(index, name)
}

/** A macro of dbt's own, the adapter's before its parents' before dbt's. */
export function internalMacro(index: MacroIndex, name: string): MacroDefinition | null {
  for (const packageName of index.internalPackages) {
    const macro = index.byPackage.get(packageName)?.get(name)
    if (macro) return macro
  }
  return null
}

/** A macro asked for as `package.name`, or null when there is none; `package` may be `dbt` for all of dbt's own. Undefined: no such package. */
export function macroOfPackage(index: MacroIndex, packageName: string, name: string): MacroDefinition | null | undefined {
  if (!index.internalPackages.includes(packageName)) return index.byPackage.has(packageName) ? index.byPackage.get(packageName)?.get(name) ?? null : undefined
  return packageName === 'dbt' ? internalMacro(index, name) : undefined
}

/** MacroResolver.get_macro: the given package, then root, then any package (the last one wins), then dbt's own. */
function resolveMacro(index: MacroIndex, localPackage: string | null, name: string): MacroDefinition | null {
  const own = localPackage === null ? undefined : index.byPackage.get(localPackage)?.get(name)
  return own ?? macroByName(index, name)
}

/** MacroResolver.get_macro_id. */
export function getMacroId(index: MacroIndex, localPackage: string | null, name: string): string | null {
  return resolveMacro(index, localPackage, name)?.unique_id ?? null
}

/** MacroResolver.macros_by_name. */
export function macroByName(index: MacroIndex, name: string): MacroDefinition | null {
  const root = index.byPackage.get(index.rootPackage)?.get(name)
  if (root) return root
  let last: MacroDefinition | null = null
  for (const [packageName, macros] of index.byPackage) {
    if (index.internalPackages.includes(packageName)) continue
    last = macros.get(name) ?? last
  }
  return last ?? internalMacro(index, name)
}

/**
 * Which generate_<component>_name decides for a node of `packageName` (RelationUpdate, find_generate_macro_by_name):
 * its own installed package's, else the root's, else dbt's own.
 */
export function findGenerateNameMacro(index: MacroIndex, component: string, packageName: string): MacroDefinition | null {
  const name = `generate_${component}_name`
  const imported = packageName !== index.rootPackage && !index.internalPackages.includes(packageName) ? index.byPackage.get(packageName)?.get(name) : undefined
  return imported ?? index.byPackage.get(index.rootPackage)?.get(name) ?? internalMacro(index, name)
}

/**
 * find_materialization_macro_by_name: the adapter's before its parents' before 'default', of these root before imported before dbt's own;
 * an imported one does not replace a built-in one (require_explicit_package_overrides_for_builtin_materializations).
 */
export function findMaterializationMacro(index: MacroIndex, adapter: Adapter, materialization: string): MacroDefinition | null {
  const names = [adapter.type, ...adapter.parents, 'default'].map(type => `materialization_${materialization}_${type}`)
  const first = (imported: boolean): MacroDefinition | null => {
    for (const name of names) {
      const found = index.byPackage.get(index.rootPackage)?.get(name) ?? (imported ? importedMacro(index, name) : null) ?? internalMacro(index, name)
      if (found) return found
    }
    return null
  }
  const found = first(true)
  const overridesBuiltin = found !== null && isImported(index, found) && names.some(name => internalMacro(index, name) !== null)
  return overridesBuiltin ? first(false) : found
}

function importedMacro(index: MacroIndex, name: string): MacroDefinition | null {
  for (const [packageName, macros] of index.byPackage) {
    const macro = macros.get(name)
    if (macro && packageName !== index.rootPackage && !index.internalPackages.includes(packageName)) return macro
  }
  return null
}

function isImported(index: MacroIndex, macro: MacroDefinition): boolean {
  return macro.package_name !== index.rootPackage && !index.internalPackages.includes(macro.package_name)
}

function internalDefinitions(internal: InternalMacros | null, packages: readonly string[]): MacroDefinition[] {
  const given = internal?.macros ?? builtinMacros()
  return given.filter(macro => packages.includes(macro.package_name)).map(macroFromText)
}

// DuplicateMacroInPackageError
function duplicate(macro: MacroDefinition, other: MacroDefinition): Problem {
  return {
    code: 'name-duplicate',
    severity: 'error',
    message: `dbt found multiple macros named "${macro.name}" in the project "${macro.package_name}". All macros require unique names, to fix this error rename or remove any duplicates. They can be found in these files: - ${macro.node.original_file_path} - ${other.node.original_file_path}`,
    place: macro.node.place,
    related: [{ place: other.node.place, message: `The other macro ${macro.name}` }],
    unique_id: macro.unique_id,
  }
}
