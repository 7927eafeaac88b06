// Sources: one node for each table of `sources:` in YAML, with the overrides of other packages, and their tests.
// dbt 1.12: parser/schemas.py SourceParser, parser/sources.py SourcePatcher. Sources know no config() and no generate_*_name macros.

import { strOf } from '../../../jinja/repr.ts'
import { PyDict } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { Place } from '../../../text/span.ts'
import type { YamlNode } from '../../../yaml/nodes.ts'
import { externalLocation } from '../../context/external-location.ts'
import { makeRelation } from '../../context/relation.ts'
import { withoutAliases } from '../../adapters/aliases.ts'
import { sourceParts } from '../../adapters/render.ts'
import type { Reads } from '../../context/types.ts'
import { buildConfig } from '../../names/config.ts'
import type { BuiltConfig } from '../../names/config.ts'
import { buildUnrendered } from '../../names/unrendered.ts'
import { foldersOf, originalPath } from '../../nodes/resource-file.ts'
import type { ResourceFile } from '../../nodes/resource-file.ts'
import { textSpan } from '../../nodes/property-file.ts'
import type { PropertyEntry } from '../../nodes/property-file.ts'
import { under, valueOf } from '../../nodes/yaml-values.ts'
import type { SourceNode } from '../../nodes/types.ts'
import type { Rules } from '../../rules/rules.ts'
import { duplicateName, duplicateSourcePatch } from '../messages.ts'
import { report } from './build.ts'
import type { Build } from './build.ts'
import { columnSources, columnsOf, configOf, listOf, nullableText, textList, textOr } from './columns.ts'
import type { ColumnSource } from './columns.ts'
import { configPlace, configPlaces } from './config-places.ts'
import { dictOf, testsOf } from './patches.ts'
import type { RenderedEntry } from './render-entry.ts'
import { loadedTwice, sourceConfig, sourceFields } from './source-config.ts'
import { testDeclarations } from './test-declarations.ts'
import type { TestDeclarations } from './test-declarations.ts'

type Data = ReadonlyMap<string, Value>

/** A table as YAML has it, before overrides. */
export interface RawSource {
  readonly unique_id: string
  readonly resource: ResourceFile
  readonly entry: PropertyEntry
  readonly rendered: RenderedEntry
  readonly source: Data
  readonly table: Data
  readonly tableNode: YamlNode | undefined
  readonly place: Place
}

export interface SourcePatch { readonly entry: PropertyEntry; readonly rendered: RenderedEntry; readonly data: Data; readonly path: string }

export class SourceList {
  readonly tables = new Map<string, RawSource>()
  readonly overrides = new Map<string, SourcePatch>()
  readonly used = new Set<string>()
}

/** Reads the `sources:` of one file. */
export function readSources(build: Build, into: SourceList, resource: ResourceFile, entries: readonly PropertyEntry[], render: (entry: PropertyEntry) => RenderedEntry): void {
  const path = originalPath(resource)
  for (const written of entries) {
    const rendered = render(written)
    const entry = { ...written, name: rendered.name }
    const data = dictOf(withoutAliases(build.project.adapter.aliases, rendered.value))
    const place: Place = { path: entry.file.path, ...entry.nameSpan }
    const overrides = data.get('overrides')
    if (typeof overrides === 'string') {
      const key = `${overrides}.${entry.name}`
      const other = into.overrides.get(key)
      if (other) report(build, 'name-duplicate', duplicateSourcePatch(entry.name, overrides, path, other.path), place)
      else into.overrides.set(key, { entry, rendered, data, path })
      continue
    }
    const tablesNode = under(entry.node, 'tables')
    listOf(data.get('tables')).forEach((table, index) => {
      const node = tablesNode?.kind === 'seq' ? tablesNode.items[index] : undefined
      const nameNode = under(node, 'name')
      const at: Place = nameNode ? { path: entry.file.path, ...textSpan(nameNode) } : place
      const name = table instanceof PyDict ? table.get('name') : undefined
      if (!(table instanceof PyDict) || typeof name !== 'string') {
        report(build, 'yaml-invalid', `Invalid sources config given in ${path} @ sources: - at path ['tables'][${index}]: ${name === undefined ? "'name' is a required property" : `${strOf(name)} is not of type 'string'`}`, at)
        return
      }
      const unique_id = `source.${resource.packageName}.${entry.name}.${tableInId(name, build.project.rules)}`
      const other = into.tables.get(unique_id)
      if (other) {
        const named = { unique_id, name: `${entry.name}_${name}`, original_file_path: path, resource_type: 'source' }
        report(build, 'name-duplicate', duplicateName(named, { ...named, original_file_path: originalPath(other.resource) }, `${entry.name}_${name}`, `source("${entry.name}", "${name}")`), at)
        return
      }
      into.tables.set(unique_id, { unique_id, resource, entry, rendered, source: data, table: dictOf(table), tableNode: node, place: at })
    })
  }
}

/** A table's name as its id has it. */
function tableInId(name: string, { sourceIdsAreWords }: Pick<Rules, 'sourceIdsAreWords'>): string {
  return sourceIdsAreWords ? name.replace(/[^A-Za-z0-9_]/gu, '__') : name
}

export interface BuiltSource {
  readonly node: SourceNode
  readonly tests: TestDeclarations
  /** What its config has of another type than dbt's SourceConfig takes. */
  readonly refusal: { readonly message: string; readonly place: Place } | null
}

/** The finished source and its tests; equal inputs give the very same objects. */
export function buildSource(build: Build, list: SourceList, raw: RawSource): BuiltSource {
  const key = `${raw.resource.packageName}.${raw.entry.name}`
  const patch = list.overrides.get(key)
  const name = strOf(raw.table.get('name') ?? '')
  return build.memory.fromEntry(raw.rendered, `source ${name} ${originalPath(raw.resource)}`, reads => {
    const table = patch ? tablePatch(patch, name) : null
    const source = patch ? overlaid(raw.source, patch.data, ['name', 'overrides', 'tables', 'path'], ['config', 'freshness']) : raw.source
    const merged = table ? overlaid(raw.table, table.data, ['name'], ['freshness', 'quoting']) : raw.table
    const { node, error, errorKey } = sourceNode(build, raw, source, merged, name, patch ? { path: patch.entry.file.path, ...patch.entry.nameSpan } : null)
    const twice = loadedTwice(source, merged)
    const refusal = raw.rendered.problem ? null : twice !== null ? { message: twice, place: raw.place } : error === null ? null : { message: error, place: (errorKey === undefined ? null : configPlace(errorKey, [], configPlaces(raw.entry.file.path, [raw.entry.node, ...raw.tableNode ? [raw.tableNode] : []]))) ?? raw.place }
    const columns = columnSources(merged.get('columns'), under(table?.node, 'columns') ?? under(raw.tableNode, 'columns'))
    return { node, refusal, tests: sourceTests(build, raw, source, merged, name, columns, reads) }
  }, [build.world.project, patch?.rendered])
}

function tablePatch(patch: SourcePatch, name: string): { readonly data: Data; readonly node: YamlNode | undefined } | null {
  const tables = listOf(patch.data.get('tables'))
  const index = tables.findIndex(table => table instanceof PyDict && table.get('name') === name)
  const table = tables[index]
  const node = under(patch.entry.node, 'tables')
  return table instanceof PyDict ? { data: dictOf(table), node: node?.kind === 'seq' ? node.items[index] : undefined } : null
}

/** `dct.update(patch.to_patch_dict())`: given and not None, without the patch's own keys; `always` are the fields whose empty default replaces what was there. */
function overlaid(base: Data, patch: Data, without: readonly string[], always: readonly string[]): Data {
  const result = new Map(base)
  for (const key of always) result.delete(key)
  for (const [key, value] of patch) if (!without.includes(key) && (value !== null || key === 'freshness')) result.set(key, value)
  return result
}

function sourceNode(build: Build, raw: RawSource, source: Data, table: Data, name: string, patch: Place | null): Pick<BuiltConfig, 'error' | 'errorKey'> & { readonly node: SourceNode } {
  const { project } = build
  const { resource, entry } = raw
  const fqn = [resource.packageName, ...foldersOf(resource.relativePath), entry.name, name]
  const inputs = { type: 'source' as const, packageName: resource.packageName, fqn, patch: sourceConfig(project.rules, source, table), inFile: null }
  const { config, error, errorKey } = buildConfig(project, inputs)
  const quoting = new Map<string, boolean>()
  for (const level of [source.get('quoting'), table.get('quoting')]) {
    if (level instanceof PyDict) for (const [key, value] of level.items()) if (typeof key === 'string' && typeof value === 'boolean') quoting.set(key, value)
  }
  const database = nullableText(source.get('database') || null) ?? project.target?.database ?? null
  const schema = nullableText(source.get('schema') || null) ?? entry.name
  const identifier = nullableText(table.get('identifier') || null) ?? name
  const columns = columnsOf(columnSources(table.get('columns'), under(raw.tableNode, 'columns')), entry.file.path, build.project.rules)
  const rawEntry = valueOf(entry.node)
  const rawText = (key: string): string | null => rawEntry instanceof PyDict ? nullableText(rawEntry.get(key)) : null
  const external = table.get('external')
  const policy = new Map([...project.rules.sourceNamesTakeProjectQuoting ? project.root.quoting : [], ...quoting])
  const fields = sourceFields(project.rules, config, source, table)
  const where = externalLocation(project, { name, identifier, schema, database, sourceMeta: configOf(source.get('meta')), config, tags: fields.tags, meta: fields.meta })
  const node: SourceNode = {
    unique_id: raw.unique_id, resource_type: 'source', name, package_name: resource.packageName, path: originalPath(resource), original_file_path: originalPath(resource), fqn, place: raw.place,
    description: textOr(table.get('description'), ''), source_name: entry.name, source_description: textOr(source.get('description'), ''), identifier, database, schema,
    relation_name: makeRelation(project.adapter, sourceParts(project.adapter, { database, schema, source_name: entry.name, identifier }), { quoting: policy, external: where.text }).render(), externalLocation: where.text, quoting, loader: textOr(source.get('loader'), ''), config,
    unrendered_config: buildUnrendered(project, inputs), unrendered_database: rawText('database'), unrendered_schema: rawText('schema'),
    enabled: config.get('enabled') !== false, tags: fields.tags, meta: fields.meta, columns: columns.columns, freshness: fields.freshness,
    loaded_at_field: fields.loaded_at_field, external: external instanceof PyDict ? externalOf(external) : null, patch,
  }
  if (error === null && where.error !== null) return { node, error: where.error }
  return errorKey === undefined ? { node, error } : { node, error, errorKey }
}

const EXTERNAL: readonly string[] = ['location', 'file_format', 'row_format', 'tbl_properties', 'partitions']

/** ExternalTable: its fields, then what else is written. */
function externalOf(value: PyDict): PyDict {
  return new PyDict([...EXTERNAL.map((key): [string, Value] => [key, value.get(key) ?? null]), ...value.items().filter(([key]) => typeof key !== 'string' || !EXTERNAL.includes(key))])
}

function sourceTests(build: Build, raw: RawSource, source: Data, table: Data, name: string, columns: readonly ColumnSource[], reads: Reads[]): TestDeclarations {
  const errors: string[] = []
  const tests = testsOf(build.project.rules, table, raw.tableNode, message => errors.push(message))
  const declared = testDeclarations(build, {
    packageName: raw.resource.packageName, original_file_path: originalPath(raw.resource), file: raw.entry.file.path, key: `sources.${raw.entry.name}`, name: `${raw.entry.name}_${name}`,
    call: `source('${raw.entry.name}', '${name}')`, prefix: 'source_', target: { kind: 'source', source: raw.entry.name, table: name }, version: null,
    quoteColumns: configOf(table.get('quoting')).get('column') === true || (configOf(table.get('quoting')).get('column') === undefined && configOf(source.get('quoting')).get('column') === true),
    tags: [...textList(source.get('tags')), ...textList(table.get('tags'))], place: raw.place,
  }, columns, tests, reads)
  return { tests: declared.tests, errors: [...declared.errors, ...errors.map(message => ({ message, place: raw.place, code: 'yaml-invalid', severity: 'error' as const }))] }
}
