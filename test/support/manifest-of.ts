// A fixture's manifest: project, macros and resource files as the program reads them, from memory. Also a plain text of it, to compare.

import { macroIndex } from '../../server/dbt/context/macros.ts'
import type { World } from '../../server/dbt/context/types.ts'
import type { SourceFile } from '../../server/dbt/files.ts'
import type { ManifestInput } from '../../server/dbt/graph/manifest.ts'
import type { Manifest } from '../../server/dbt/nodes/types.ts'
import { loadProject } from '../../server/dbt/project/load.ts'
import { resourceFileSteps } from '../../server/dbt/project/resource-files.ts'
import { drained } from '../../server/dbt/steps.ts'
import type { FoundFile } from '../../server/dbt/project/resource-files.ts'
import type { RuleSetName } from '../../server/dbt/rules/rules.ts'
import { reprOf } from '../../server/jinja/repr.ts'
import { PyObject } from '../../server/jinja/value.ts'
import { memoryDisk } from './memory-disk.ts'

/** `previous` lends files, project and macros that did not change. */
export function inputOf(texts: ReadonlyMap<string, string>, previous: ManifestInput | null = null, rules: RuleSetName = '1.12', env: ReadonlyMap<string, string> = new Map()): ManifestInput {
  const disk = memoryDisk(texts)
  const files = new Map<string, SourceFile>()
  for (const [path, text] of texts) {
    const known = previous?.files.get(path)
    files.set(path, known?.text === text ? known : { path, text, size: Buffer.byteLength(text) })
  }
  const settings = [...texts].filter(([path]) => /(dbt_project|profiles|packages)\.yml$/.test(path))
  const sameProject = previous && settings.every(([path, text]) => previous.files.get(path)?.text === text)
  const project = sameProject ? previous.world.project : loadProject('/p', disk, { env, cwd: '/p', home: '/home' }, { cli: {}, rules, installedDbt: null, stateVersion: null })
  const found = drained(resourceFileSteps(project, disk))
  const resources = previous && JSON.stringify(previous.resources) === JSON.stringify(found) ? previous.resources : found
  const world = worldOf(project, resources, files, previous)
  return { world, files, resources }
}

function worldOf(project: World['project'], resources: readonly FoundFile[], files: ReadonlyMap<string, SourceFile>, previous: ManifestInput | null): World {
  const isMacro = (found: FoundFile): boolean => found.kind === 'macro' || found.kind === 'generic_test'
  const of = (list: readonly FoundFile[], from: ReadonlyMap<string, SourceFile>): (SourceFile | undefined)[] => list.filter(isMacro).map(found => from.get(found.path))
  const now = of(resources, files)
  const before = previous ? of(previous.resources, previous.files) : []
  const same = previous !== null && now.length === before.length && now.every((file, index) => file === before[index])
  if (same && previous.world.project === project) return previous.world
  const macros = same ? previous.world.macros : macroIndex(resources.filter(isMacro).flatMap(found => {
    const file = files.get(found.path)
    return file ? [{ file, packageName: found.packageName, originalPath: `${found.searchedPath}/${found.relativePath}`, kind: found.kind === 'macro' ? 'macro' as const : 'generic-test' as const }] : []
  }), project.root.name, project.adapter, null)
  return { project, macros, dbtVersion: '1.12.6' }
}

/** Everything of a manifest as JSON; `sources` of values are their Python reprs. */
export function dumpOf(manifest: Manifest): string {
  return JSON.stringify({
    nodes: plain(manifest.nodes), sources: plain(manifest.sources), others: plain(manifest.others), disabled: plain(manifest.disabled), problems: plain(manifest.problems),
  }, null, 1)
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof PyObject) return reprOf(value)
  if (typeof value === 'function') return undefined
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plain)
  if (Symbol.iterator in value) return [...value as Iterable<readonly [unknown, unknown]>].map(([key, item]) => [key, plain(item)])
  if ('toJSON' in value) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}
