// What became of the entries of a property file, for making one of them again: the node that took the patch, and the tests that it declares.
// Only entries of which nothing else is to be said: one enabled node, no versions, no problem anywhere.

import type { PropertyEntry, Section } from '../../nodes/property-file.ts'
import { originalPath } from '../../nodes/resource-file.ts'
import type { ResourceFile } from '../../nodes/resource-file.ts'
import type { ManifestNode } from '../../nodes/types.ts'
import type { Build } from './build.ts'
import type { Work } from './work.ts'

/** Ids of enabled nodes; the tests in the manifest's order. */
export interface EntryRecord { readonly target: string; readonly tests: readonly string[] }

export interface FileRecord {
  readonly resource: ResourceFile
  /** Nothing is to be said of the file as YAML, nor of its keys. */
  readonly quiet: boolean
  /** Of sections whose entries patch nodes, by `recordKey`. */
  readonly entries: ReadonlyMap<string, EntryRecord>
}

export function recordKey(section: Section, index: number): string { return `${section} ${index}` }

interface Draft { readonly tests: Work[]; target: Work | null; quiet: boolean }

/** Of one file while it is applied. */
export class FileDraft {
  readonly resource: ResourceFile
  private readonly build: Build
  private readonly drafts = new Map<string, Draft>()
  private readonly quiet: boolean
  constructor(build: Build, resource: ResourceFile, quiet: boolean) {
    this.build = build
    this.resource = resource
    this.quiet = quiet
  }

  /** Runs one step of an entry; an entry of which a step reports a problem has no record. */
  step<T>({ section, index }: PropertyEntry, run: (draft: Draft) => T): T {
    const key = recordKey(section, index)
    let draft = this.drafts.get(key)
    if (!draft) this.drafts.set(key, draft = { tests: [], target: null, quiet: true })
    const before = this.build.problems.length
    const result = run(draft)
    if (this.build.problems.length !== before) draft.quiet = false
    return result
  }

  /** Of an entry that gives more than its node and tests: it is never made again alone. */
  givesMore({ section, index }: PropertyEntry): void {
    const draft = this.drafts.get(recordKey(section, index))
    if (draft) draft.quiet = false
  }

  finished(nodes: ReadonlyMap<string, ManifestNode>): FileRecord {
    const entries = new Map<string, EntryRecord>()
    const enabled = ({ unique_id, node }: Work): boolean => node !== null && node.enabled && nodes.has(unique_id)
    for (const [key, { quiet, target, tests }] of this.drafts) {
      if (!quiet || !target || !enabled(target) || target.problems.length || target.overloads.length || target.parsed.declaration.package_name !== this.resource.packageName) continue
      if (target.patch?.original_file_path !== originalPath(this.resource) || target.patch.version !== null) continue
      if (tests.every(test => enabled(test) && !test.problems.length && test.attached === target.unique_id)) entries.set(key, { target: target.unique_id, tests: tests.map(test => test.unique_id) })
    }
    return { resource: this.resource, quiet: this.quiet, entries }
  }
}
