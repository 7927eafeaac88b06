// Where dbt's own macros are read from: the project's last manifest, the state, or an installed dbt's include folders. They are never copied into this program.

import path from 'node:path'
import { internalPackageNames } from '../dbt/adapters/adapters.ts'
import type { Adapter } from '../dbt/adapters/types.ts'
import { macrosOfFile } from '../dbt/context/macro-files.ts'
import type { InternalMacro, InternalMacros } from '../dbt/context/types.ts'
import type { Disk } from '../dbt/ports.ts'
import { openState } from '../dbt/state/open.ts'
import type { StateManifest } from '../dbt/state/types.ts'
import { scanFile } from './state-worker.ts'

export interface MacroPlaces {
  /** Of the project: `target/manifest.json`. */
  readonly targetPath: string
  readonly state: StateManifest | null
  readonly installed: readonly string[]
  readonly adapter: Adapter
}

/** The first place that has them; null: none has. */
export function findInternalMacros(places: MacroPlaces, disk: Disk): InternalMacros | null {
  const installed = fromFolders(places, disk)
  if (installed) return installed
  const manifest = path.posix.join(places.targetPath, 'manifest.json')
  if (disk.kind(manifest) === 'file') {
    const outcome = scanFile({ job: 'state', path: manifest, wants: 'all' })
    const opened = outcome.ok ? openState(outcome.pack, places.targetPath, manifest) : null
    const found = opened && !('code' in opened) ? fromManifest(opened, places.adapter, manifest) : null
    if (found) return found
  }
  return places.state ? fromManifest(places.state, places.adapter, places.state.info.path) : null
}

/** The macros of dbt and the adapter in a manifest; null when it has none, or another adapter's. */
function fromManifest(manifest: StateManifest, adapter: Adapter, file: string): InternalMacros | null {
  const packages = new Set(internalPackageNames(adapter))
  const macros: InternalMacro[] = []
  for (const id of manifest.macros.ids()) {
    const packageName = id.split('.')[1] ?? ''
    if (!packages.has(packageName)) continue
    const fields = manifest.macros.get(id)
    const text = (key: string) => { const value = fields?.get(key); return typeof value === 'string' ? value : '' }
    if (fields) macros.push({ package_name: packageName, name: text('name') || (id.split('.').at(-1) ?? ''), macro_sql: text('macro_sql'), original_file_path: text('original_file_path') })
  }
  return macros.some((each) => each.package_name === 'dbt') && macros.some((each) => each.package_name !== 'dbt') ? { source: file, macros } : null
}

/** `dbt/include/<name>` below a site-packages directory, as dbt's adapter packages lay them out. */
function fromFolders({ installed, adapter }: MacroPlaces, disk: Disk): InternalMacros | null {
  for (const site of installed) {
    const include = `${site}/dbt/include`
    const folders = [['global_project', 'dbt'], ...internalPackageNames(adapter).filter((name) => name !== 'dbt').map((name) => [name.replace(/^dbt_/, ''), name] as const)] as const
    const files = folders.flatMap(([folder, packageName]) => ['macros', 'tests/generic'].flatMap((place) => sqlBelow(`${include}/${folder}/${place}`, disk)).map((file) => ({ file, packageName, root: `${include}/${folder}` })))
    if (!files.some((each) => each.packageName === 'dbt') || !files.some((each) => each.packageName !== 'dbt')) continue
    const macros = files.flatMap(({ file, packageName, root }) => {
      const text = disk.read(file) ?? ''
      const original_file_path = file.slice(root.length + 1)
      const { macros: found } = macrosOfFile({ file: { path: file, text, size: text.length }, packageName, originalPath: original_file_path, kind: 'macro' })
      return found.map((macro): InternalMacro => ({ package_name: packageName, name: macro.name, macro_sql: macro.node.macro_sql, original_file_path, file: macro.node.place }))
    })
    return { source: include, macros }
  }
  return null
}

function sqlBelow(directory: string, disk: Disk): string[] {
  return disk.list(directory).flatMap((entry) => (entry.kind === 'directory' ? sqlBelow(`${directory}/${entry.name}`, disk) : entry.name.endsWith('.sql') ? [`${directory}/${entry.name}`] : []))
}
