// The files beside dbt_project.yml that say what the project is, as text: for editors, which answer in them too. profiles.yml is not among them: it holds secrets.

import type { SourceFile } from '../files.ts'
import type { Disk } from '../ports.ts'

export type ProjectFileKind = 'project' | 'packages' | 'selectors' | 'loom'

const KINDS: ReadonlyMap<string, ProjectFileKind> = new Map(Object.entries<ProjectFileKind>({ 'dbt_project.yml': 'project', 'packages.yml': 'packages', 'dependencies.yml': 'packages', 'selectors.yml': 'selectors', 'dbt_loom.config.yml': 'loom' }))

/** Null for every other file. */
export function projectFileKind(root: string, path: string): ProjectFileKind | null {
  return path.startsWith(`${root}/`) ? KINDS.get(path.slice(root.length + 1)) ?? null : null
}

/** By absolute path. */
export function projectFiles(root: string, disk: Disk): ReadonlyMap<string, SourceFile> {
  return new Map([...KINDS.keys()].flatMap((name) => {
    const path = `${root}/${name}`
    const text = disk.read(path)
    return text === null ? [] : [[path, { path, text, size: text.length }] as const]
  }))
}
