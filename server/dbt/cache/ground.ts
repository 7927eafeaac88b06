// What facts rest on, as hashes: the project's settings, its files, dbt's own macros, the variables of the environment that were read.
// Two grounds that are the same give the same facts; where they differ, the difference says what must be evaluated again.

import { createHash } from 'node:crypto'
import type { InternalMacros } from '../context/types.ts'
import type { SourceFile } from '../files.ts'
import type { Inputs } from '../inputs.ts'
import type { Flags } from '../project/flags.ts'
import type { FoundFile } from '../project/resource-files.ts'
import type { Project } from '../project/types.ts'
import { digestOf } from './writer.ts'

export interface Ground {
  /** Rules, adapter, flags that templates see, packages, dispatch, quoting, dbt's version: what every evaluation rests on. */
  readonly frame: string
  /** The rest of the project files, and which files there are. */
  readonly project: string
  readonly vars: string
  readonly target: string
  /** dbt's own macros. */
  readonly internal: string
}

export function groundOf(inputs: Inputs): Ground {
  const { project } = inputs
  return { ...settingsOf(inputs), project: digestOf(`${packagesOf(project)}\n${listOf(inputs.resources)}`), internal: inputs.internal === null ? '-' : internalOf(inputs.internal) }
}

function settingsOf({ project, installedDbt }: Inputs): Omit<Ground, 'project' | 'internal'> {
  const packages = [...project.packages.values()]
  return {
    frame: digest([{ ...project.rules, chosenBy: '' }, project.adapter, shownFlags(project.flags), installedDbt, packages.map(of => [of.name, of.root, of.dispatch, of.quoting, of.restrictAccess])]),
    vars: digest([project.cliVars, packages.map(of => of.vars)]),
    target: digest(project.target === null ? null : [project.target.name, project.target.type, project.target.database, project.target.schema, project.target.context]),
  }
}

// What is long is made once for each value.
const packagesOf = once((project: Project) => digest([project.root.name, Array.from(project.packages.values(), of => [of.name, of.root, of.isRoot, of.file.path, of.file.text, of.paths, of.configs, of.unrenderedConfigs, of.onRunStart, of.onRunEnd, of.version]), project.upstream.models, project.upstream.incomplete]))
const listOf = once((resources: readonly FoundFile[]) => digestOf(resources.map(({ path, packageName, kind, searchedPath, relativePath }) => `${path}\0${packageName}\0${kind}\0${searchedPath}\0${relativePath}`).join('\n')))
const internalOf = once((internal: InternalMacros) => digest([internal.source, internal.macros.map(macro => [macro.package_name, macro.name, macro.original_file_path, macro.macro_sql])]))

function once<K extends object>(make: (key: K) => string): (key: K) => string {
  const known = new WeakMap<K, string>()
  return key => {
    let text = known.get(key)
    if (text === undefined) known.set(key, text = make(key))
    return text
  }
}

/** Where a project and its settings keep their facts: what changes without coming back (texts) is not in it. */
export function placeOf({ project }: Inputs): string {
  return digest([project.root.root, project.target?.profileName ?? null, project.target?.name ?? null, project.rules.name, project.adapter.type, shownFlags(project.flags), project.cliVars])
}

/** dbt's options that a template or the manifest can see; where state and profiles lie, and what is selected, changes no fact. */
function shownFlags(flags: Flags): readonly unknown[] {
  return [
    flags.fullRefresh.value, flags.empty.value, flags.indirectSelection.value, flags.storeFailures.value, flags.versionCheck.value, flags.staticParser.value, flags.introspect.value,
    flags.seedSizeLimit.value, Array.from(flags.behaviour, ([name, flag]) => [name, flag.value]),
  ]
}

/** Of one file: its text and what else of it a fact may rest on. */
export function hashOfFile(file: SourceFile): string {
  let hash = hashes.get(file)
  if (hash === undefined) hashes.set(file, hash = createHash('sha256').update(`${markOf(file)}\0`).update(file.text).digest('base64').slice(0, 24))
  return hash
}

const hashes = new WeakMap<SourceFile, string>()

/** Sizes matter for seeds alone, whose text is only the first line. */
function markOf(file: SourceFile): string {
  return [file.text.length, file.undecodable ?? '', file.checksum ?? '', file.path.endsWith('.csv') ? file.size : '', file.lastGood === undefined ? '' : hashOfFile(file.lastGood)].join('\n')
}

const SECRET = 'DBT_ENV_SECRET'
/** Stands for every variable whose name begins so: `dbt_metadata_envs`. */
const METADATA = 'DBT_ENV_CUSTOM_ENV_'

/** The value that a variable of the environment has, as a hash that says nothing without its salt; of a secret nothing is kept, not even that. */
export function hashOfEnv(project: Project, name: string, salt: string): string {
  if (name.startsWith(SECRET)) return ''
  if (name === `${METADATA}*`) return digestOf(`${salt}\0${[...project.env].filter(([each]) => each.startsWith(METADATA)).map(([each, value]) => `${each}=${value}`).toSorted().join('\0')}`)
  const value = project.env.get(name)
  return value === undefined ? '-' : digestOf(`${salt}\0${name}\0${value}`)
}

function digest(value: unknown): string {
  const parts: string[] = []
  spell(value, parts)
  return digestOf(parts.join('\n'))
}

/** Plain data as text, kinds told apart: equal texts mean equal data. */
function spell(value: unknown, parts: string[]): void {
  switch (typeof value) {
    case 'string': parts.push(`s${value.length}:${value}`); return
    case 'number': parts.push(`n${Object.is(value, -0) ? '-0' : String(value)}`); return
    case 'bigint': parts.push(`i${value}`); return
    case 'boolean': parts.push(value ? 't' : 'f'); return
    case 'object': break
    default: parts.push('u'); return
  }
  if (value === null) { parts.push('0'); return }
  const all = (name: string, items: Iterable<unknown>, size: number): void => {
    parts.push(`${name}${size}`)
    for (const item of items) spell(item, parts)
  }
  if (Array.isArray(value)) return all('a', value, value.length)
  if (value instanceof Set) return all('e', value, value.size)
  if (isMap(value)) return all('m', value, value.size)
  const entries = Object.entries(value)
  return all('o', entries, entries.length)
}

function isMap(value: object): value is ReadonlyMap<unknown, unknown> {
  return 'entries' in value && 'get' in value && 'size' in value && Symbol.iterator in value
}
