// From the scanner's bytes to a StateManifest that decodes an entry when it is asked for. The differences between manifest v4 … v12 end here.
// Entries that are no JSON or of the wrong shape are treated as absent; the file as a whole was checked by the scanner.

import { createHash } from 'node:crypto'
import { PyDict, type Value } from '../../jinja/value.ts'
import { parseJson, parseShallow } from './json.ts'
import type { StateFields, StateInfo, StateManifest, StateNode, StatePack, StateProblem, StateTable } from './types.ts'

/** `directory` as the user gave it, `path` the manifest's absolute path: both only travel along. */
export function openState(pack: StatePack, directory: string, path: string): StateManifest | StateProblem {
  const parsed = parseJson(pack.metadata)
  const metadata = parsed.ok && parsed.value instanceof PyDict ? fieldsOf(parsed.value) : new Map<string, Value>()
  const schema = text(metadata.get('dbt_schema_version'))
  // dbt-core artifacts/schemas/base.py get_artifact_schema_version
  if (!schema) return { code: 'state-unreadable', message: 'Internal Error\n  Artifact is missing schema version', path }
  const info: StateInfo = {
    directory,
    path,
    generated_at: text(metadata.get('generated_at')),
    dbt_version: text(metadata.get('dbt_version')),
    schema_version: Number(/\/v(\d+)(?:\.[^/]*)?$/.exec(schema)?.[1] ?? Number.NaN) || null,
    adapter_type: text(metadata.get('adapter_type')),
    project_name: text(metadata.get('project_name')),
    project_id: text(metadata.get('project_id')),
    invocation_id: text(metadata.get('invocation_id')),
    commit: commitOf(metadata.get('env')),
    bytes: pack.bytes,
  }
  const table = <Entry>(name: string, shape: (id: string, value: Value) => Entry | undefined): StateTable<Entry> => lazyTable(pack, name, shape)
  const fields = (_id: string, value: Value): StateFields | undefined => (value instanceof PyDict ? fieldsOf(value) : undefined)
  return {
    info,
    quoting: quotingOf(metadata.get('quoting')),
    nodes: table('nodes', nodeOf),
    functions: table('functions', nodeOf),
    sources: table('sources', fields),
    macros: table('macros', fields),
    exposures: table('exposures', fields),
    metrics: table('metrics', fields),
    semantic_models: table('semantic_models', fields),
    saved_queries: table('saved_queries', fields),
    unit_tests: table('unit_tests', fields),
    groups: table('groups', fields),
    disabled: table('disabled', (_id, value) => itemsOf(value).flatMap((item) => (item instanceof PyDict ? [fieldsOf(item)] : []))),
    digest: () => digestOf(pack),
  }
}

function digestOf(pack: StatePack): string {
  const hash = createHash('sha1').update(pack.metadata)
  for (const { name, ids, where } of pack.sections) hash.update(`\0${name}\0${ids}\0`).update(new Uint8Array(where.buffer, where.byteOffset, where.byteLength))
  for (const segment of pack.segments) hash.update(segment)
  return hash.digest('base64')
}

/** A model, seed, snapshot, test … or function of the state by unique_id. */
export function stateNode(state: StateManifest, id: string): StateNode | undefined {
  return state.nodes.get(id) ?? state.functions.get(id)
}

/** The commit that production was built from, where its CI says so: DBT_ENV_CUSTOM_ENV_… variables stand in `metadata.env`. */
function commitOf(env: Value | undefined): string | null {
  if (!(env instanceof PyDict)) return null
  return Array.from(fieldsOf(env).values()).find((value): value is string => typeof value === 'string' && /^[0-9a-f]{40}$/.test(value)) ?? null
}

/** A whole-number, text or null field; anything else counts as absent. */
function versionOf(value: Value | undefined): string | bigint | number | null {
  return typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number' ? value : null
}

export function fieldsOf(dict: PyDict): StateFields {
  const fields = new Map<string, Value>()
  for (const { key, value } of dict.entries.values()) if (typeof key === 'string') fields.set(key, value)
  return fields
}

function nodeOf(id: string, value: Value): StateNode | undefined {
  if (!(value instanceof PyDict)) return undefined
  const fields = new Map(fieldsOf(value))
  // ≤ v6: raw_sql (dbt-core artifacts/schemas/upgrades/upgrade_manifest.py rename_sql_attr)
  const old = fields.get('raw_sql')
  if (old !== undefined) { fields.set('raw_code', old); fields.delete('raw_sql') }
  const config = fields.get('config')
  const settings = config instanceof PyDict ? config : new PyDict()
  const name = text(fields.get('name')) ?? ''
  return {
    unique_id: id,
    resource_type: text(fields.get('resource_type')) ?? id.slice(0, Math.max(0, id.indexOf('.'))),
    name,
    package_name: text(fields.get('package_name')) ?? '',
    database: text(fields.get('database')),
    schema: text(fields.get('schema')) ?? '',
    alias: text(fields.get('alias')) ?? name,
    relation_name: text(fields.get('relation_name')),
    materialized: text(settings.get('materialized')),
    enabled: settings.get('enabled') !== false,
    version: versionOf(fields.get('version')),
    latest_version: versionOf(fields.get('latest_version')),
    original_file_path: text(fields.get('original_file_path')) ?? '',
    fields,
  }
}

/** Decoded entries kept: the few that the open files' refs reach, not the whole manifest that one comparison walks through. */
const REMEMBERED = 2_000

function lazyTable<Entry>(pack: StatePack, name: string, shape: (id: string, value: Value) => Entry | undefined): StateTable<Entry> {
  const section = pack.sections.find((candidate) => candidate.name === name)
  let index: ReadonlyMap<string, number> | null = null
  const decoded = new Map<string, Entry | undefined>()
  const decoder = new TextDecoder('utf-8')
  const places = (): ReadonlyMap<string, number> => {
    index ??= new Map(section && section.ids !== '' ? section.ids.split('\0').map((id, i) => [id, i * 3]) : [])
    return index
  }
  return {
    get size() { return places().size },
    has: (id) => places().has(id),
    ids: () => places().keys(),
    get: (id) => {
      if (decoded.has(id)) return decoded.get(id)
      const at = places().get(id)
      if (at === undefined || !section) return undefined
      const segment = pack.segments[section.where[at] ?? -1]
      const parsed = segment ? parseShallow(decoder.decode(segment.subarray(section.where[at + 1], section.where[at + 2]))) : null
      const entry = parsed?.ok ? shape(id, parsed.value) : undefined
      if (decoded.size >= REMEMBERED) decoded.clear()
      decoded.set(id, entry)
      return entry
    },
  }
}

function quotingOf(value: Value | undefined): ReadonlyMap<string, boolean> | null {
  if (!(value instanceof PyDict)) return null
  return new Map(Array.from(fieldsOf(value)).flatMap(([key, on]) => (typeof on === 'boolean' ? [[key, on] as const] : [])))
}

function itemsOf(value: Value): readonly Value[] {
  const out: Value[] = []
  if (typeof value !== 'object' || value === null) return out
  const iter = value.iter()
  for (let item = iter?.next(); item !== undefined; item = iter?.next()) out.push(item)
  return out
}

function text(value: Value | undefined): string | null {
  return typeof value === 'string' ? value : null
}
