// The manifest while YAML is applied to it: enabled and disabled nodes, and the names under which patches find them.
// dbt 1.12: contracts/graph/manifest.py add_node, add_disabled, RefableLookup, DisabledLookup; parser/manifest.py cleanup_disabled.

import { strOf } from '../../../jinja/repr.ts'
import { sameVersion } from '../lookup.ts'
import { duplicateName } from '../messages.ts'
import type { NodeType } from '../../nodes/types.ts'
import type { Problem } from '../../problem.ts'
import { versionOf } from './work.ts'
import type { Work } from './work.ts'

const REFABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

export class Assembly {
  readonly nodes = new Map<string, Work>()
  readonly disabled = new Map<string, Work[]>()
  private readonly tables = new Map<string, Map<string, Map<string, string>>>()
  private disabledNames: Map<string, Map<string, Work[]>> | null = null

  /** add_result_node: of two enabled nodes with one id the first stays and both are told. */
  add(work: Work, enabled: boolean): void {
    if (!enabled) {
      this.addDisabled(work)
      return
    }
    const other = this.nodes.get(work.unique_id)
    if (other) {
      const message = duplicateOf(work, other)
      other.problems.push(problem(other, work, message))
      return
    }
    this.nodes.set(work.unique_id, work)
    this.enter(work)
  }

  addDisabled(work: Work): void {
    const list = this.disabled.get(work.unique_id)
    if (list) list.push(work)
    else this.disabled.set(work.unique_id, [work])
    this.disabledNames = null
  }

  private enter(work: Work): void {
    const { type } = work.parsed.declaration
    const table = this.table(REFABLE.has(type) ? 'refable' : type)
    const version = versionOf(work)
    if (version !== null) {
      put(table, `${work.name}.v${strOf(version)}`, work)
      if (!table.has(work.name)) table.set(work.name, new Map<string, string>())
      if (!sameVersion(version, work.patch?.latest_version ?? null)) return
    }
    put(table, work.name, work)
  }

  private table(kind: string): Map<string, Map<string, string>> {
    let table = this.tables.get(kind)
    if (!table) this.tables.set(kind, table = new Map<string, Map<string, string>>())
    return table
  }

  /** The ids that a name has among nodes of a kind; more than one only for "any package". */
  find(kind: 'refable' | NodeType, name: string, packageName: string | null): readonly string[] {
    const packages = this.table(kind).get(name)
    if (!packages) return []
    if (packageName === null) return [...packages.values()]
    const id = packages.get(packageName)
    return id === undefined ? [] : [id]
  }

  /** DisabledLookup.find. */
  findDisabled(name: string, packageName: string | null, types: ReadonlySet<string> | null): readonly Work[] {
    this.disabledNames ??= this.namesOfDisabled()
    const packages = this.disabledNames.get(name)
    if (!packages) return []
    const works = packageName === null ? packages.values().next().value : packages.get(packageName)
    return (works ?? []).filter(work => !types || types.has(work.parsed.declaration.type))
  }

  private namesOfDisabled(): Map<string, Map<string, Work[]>> {
    const names = new Map<string, Map<string, Work[]>>()
    for (const works of this.disabled.values()) {
      for (const work of works) {
        const version = versionOf(work)
        const name = version === null ? work.name : `${work.name}.v${strOf(version)}`
        const packages = names.get(name) ?? new Map<string, Work[]>()
        names.set(name, packages)
        const { package_name: of } = work.parsed.declaration
        const list = packages.get(of)
        if (list) list.push(work)
        else packages.set(of, [work])
      }
    }
    return names
  }

  /** A model becomes a version: it leaves its file's name and comes back, last, under its new id. */
  rename(work: Work, change: () => void): void {
    const old = work.unique_id
    const enabled = this.nodes.get(old) === work
    if (enabled) {
      this.nodes.delete(old)
      const packages = this.table('refable').get(work.name)
      const { package_name: of } = work.parsed.declaration
      if (packages?.get(of) === old) {
        packages.delete(of)
        const other = [...this.nodes.values()].find(node => node.name === work.name && node.parsed.declaration.package_name === of && REFABLE.has(node.parsed.declaration.type) && versionOf(node) === null)
        if (other) packages.set(of, other.unique_id)
        else if (!packages.size) this.table('refable').delete(work.name)
      }
    } else {
      // dbt takes the whole list of that id out of the disabled ones and keeps the first.
      this.disabled.delete(old)
    }
    change()
    if (enabled) this.add(work, true)
    else this.addDisabled(work)
    this.disabledNames = null
  }

  /** Functions that became overloads of another one. */
  remove(work: Work): void {
    this.nodes.delete(work.unique_id)
    this.table(work.parsed.declaration.type).get(work.name)?.delete(work.parsed.declaration.package_name)
  }
}

function put(table: Map<string, Map<string, string>>, name: string, work: Work): void {
  const packages = table.get(name)
  if (packages) packages.set(work.parsed.declaration.package_name, work.unique_id)
  else table.set(name, new Map([[work.parsed.declaration.package_name, work.unique_id]]))
}

function named(work: Work): { unique_id: string; name: string; original_file_path: string; resource_type: string } {
  const { original_file_path, type } = work.parsed.declaration
  return { unique_id: work.unique_id, name: work.name, original_file_path, resource_type: type }
}

/** DuplicateResourceNameError in its several wordings. */
function duplicateOf(one: Work, two: Work): string {
  const { type, test } = one.parsed.declaration
  if (REFABLE.has(type)) return duplicateName(named(one), named(two), one.name, `ref("${one.name}")`)
  if (!test) return duplicateName(named(one), named(two), one.name, one.name)
  const column = test.column_name === null ? '' : `column "${test.column_name}" in `
  return duplicateName(named(one), named(two), `${one.name}" defined on ${column}"${test.file_key_name}`, 'tests', 'running')
}

function problem(at: Work, other: Work, message: string): Problem {
  const { place } = other.parsed.declaration
  return { code: 'name-duplicate', severity: 'error', message, place, unique_id: at.unique_id, related: [{ place: at.parsed.declaration.place, message: at.parsed.declaration.original_file_path }] }
}
