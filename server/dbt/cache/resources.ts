// The resources of a manifest as records. Every field of nodes/types.ts has its line in write and in read, in the same order;
// a field that is missing in read does not compile, one that is missing in write fails the round trip of test/dbt/cache.

import type { GenericTest, ManifestNode, NodeType, OtherResource, SourceNode } from '../nodes/types.ts'
import type { Files } from '../files.ts'
import type { Cursor } from './reader.ts'
import { readCalls, readColumns, readMaybePlace, readOneOf, readPairs, readPlace, readProblems, readReasons, readRefs, readTextLists, writeCalls, writeColumns, writeMaybePlace, writePairs, writePlace, writeProblems, writeReasons, writeRefs, writeTextLists } from './shared.ts'
import { readConfig, readValue, readValues, readVersion, writeConfig, writeValue, writeValues } from './values.ts'
import type { Frame } from './writer.ts'

type Base = Pick<ManifestNode, 'unique_id' | 'name' | 'package_name' | 'path' | 'original_file_path' | 'fqn' | 'place' | 'description'>

function writeBase(frame: Frame, resource: Base): void {
  frame.text(resource.unique_id)
  frame.text(resource.name)
  frame.text(resource.package_name)
  frame.text(resource.path)
  frame.text(resource.original_file_path)
  frame.texts(resource.fqn)
  writePlace(frame, resource.place)
  frame.text(resource.description)
}

// One literal for each resource, without spreading a common part: objects that grow property by property cost twice the time and memory.

const NODE_TYPES: readonly [NodeType, ...NodeType[]] = ['model', 'seed', 'snapshot', 'test', 'analysis', 'operation', 'sql_operation', 'function']
const LANGUAGES: readonly ['sql', 'python', 'javascript'] = ['sql', 'python', 'javascript']
const ACCESS: readonly ['protected', 'private', 'public'] = ['protected', 'private', 'public']

/** The text of a node that stands in a file is not written: the file has it. */
export function writeNode(frame: Frame, node: ManifestNode, files: Files): void {
  writeBase(frame, node)
  frame.text(node.resource_type)
  frame.text(node.language)
  const inFile = node.rawCodeOffset !== null && files.get(node.place.path)?.text.startsWith(node.raw_code, node.rawCodeOffset) === true
  frame.maybeInt(node.rawCodeOffset)
  frame.maybeInt(inFile ? node.raw_code.length : null)
  if (!inFile) frame.text(node.raw_code)
  frame.text(node.checksum.name)
  frame.text(node.checksum.checksum)
  frame.flag(node.enabled)
  writeConfig(frame, node.config)
  writeConfig(frame, node.unrendered_config)
  frame.maybeText(node.database)
  frame.maybeText(node.schema)
  frame.text(node.alias)
  frame.maybeText(node.relation_name)
  frame.texts(node.tags)
  writeConfig(frame, node.meta)
  frame.maybeText(node.group)
  frame.text(node.access)
  writeValue(frame, node.version)
  writeValue(frame, node.latest_version)
  frame.maybeText(node.deprecation_date)
  writeColumns(frame, node.columns)
  writeValues(frame, node.constraints)
  frame.flag(node.contract.enforced)
  frame.flag(node.contract.alias_types)
  frame.maybeText(node.contract.checksum)
  writeMaybePlace(frame, node.patch)
  writeConfig(frame, node.docs)
  writeRefs(frame, node.refs)
  writePairs(frame, node.sources)
  writeTextLists(frame, node.metrics)
  writeTextLists(frame, node.functions)
  frame.texts(node.depends_on.nodes)
  frame.texts(node.depends_on.macros)
  writeCalls(frame, node.calls)
  frame.maybe(node.test, test => writeTest(frame, test))
  frame.maybeInt(node.index)
  writeConfig(frame, node.properties)
  writeProblems(frame, node.problems)
  writeReasons(frame, node.unknown)
}

/** `files`: as they were when it was written. */
export function readNode(cursor: Cursor, files: Files): ManifestNode {
  const unique_id = cursor.text(), name = cursor.text(), package_name = cursor.text(), path = cursor.text(), original_file_path = cursor.text()
  const fqn = cursor.texts(), place = readPlace(cursor), description = cursor.text(), resource_type = readOneOf(cursor, NODE_TYPES), language = readOneOf(cursor, LANGUAGES)
  const rawCodeOffset = cursor.maybeInt()
  const length = cursor.maybeInt()
  const raw_code = length === null ? cursor.text() : (files.get(place.path)?.text ?? '').slice(rawCodeOffset ?? 0, (rawCodeOffset ?? 0) + length)
  return {
    unique_id, name, package_name, path, original_file_path, fqn, place, description, resource_type, language, raw_code, rawCodeOffset, checksum: { name: cursor.text(), checksum: cursor.text() },
    enabled: cursor.flag(), config: readConfig(cursor), unrendered_config: readConfig(cursor), database: cursor.maybeText(), schema: cursor.maybeText(), alias: cursor.text(), relation_name: cursor.maybeText(),
    tags: cursor.texts(), meta: readConfig(cursor), group: cursor.maybeText(), access: readOneOf(cursor, ACCESS), version: readVersion(cursor), latest_version: readVersion(cursor),
    deprecation_date: cursor.maybeText(), columns: readColumns(cursor), constraints: readValues(cursor), contract: { enforced: cursor.flag(), alias_types: cursor.flag(), checksum: cursor.maybeText() },
    patch: readMaybePlace(cursor), docs: readConfig(cursor), refs: readRefs(cursor), sources: readPairs(cursor), metrics: readTextLists(cursor), functions: readTextLists(cursor),
    depends_on: { nodes: cursor.texts(), macros: cursor.texts() }, calls: readCalls(cursor), test: cursor.maybe(() => readTest(cursor)), index: cursor.maybeInt(), properties: readConfig(cursor),
    problems: readProblems(cursor), unknown: readReasons(cursor),
  }
}

function writeTest(frame: Frame, test: GenericTest): void {
  frame.text(test.metadata.name)
  frame.maybeText(test.metadata.namespace)
  writeConfig(frame, test.metadata.kwargs)
  frame.maybeText(test.column_name)
  frame.maybeText(test.attached_node)
  frame.maybeText(test.file_key_name)
}

function readTest(cursor: Cursor): GenericTest {
  return { metadata: { name: cursor.text(), namespace: cursor.maybeText(), kwargs: readConfig(cursor) }, column_name: cursor.maybeText(), attached_node: cursor.maybeText(), file_key_name: cursor.maybeText() }
}

export function writeSource(frame: Frame, source: SourceNode): void {
  writeBase(frame, source)
  frame.text(source.source_name)
  frame.text(source.source_description)
  frame.text(source.identifier)
  frame.maybeText(source.database)
  frame.text(source.schema)
  frame.text(source.relation_name)
  frame.maybeText(source.externalLocation)
  writeConfig(frame, source.quoting)
  frame.text(source.loader)
  writeConfig(frame, source.config)
  writeConfig(frame, source.unrendered_config)
  frame.maybeText(source.unrendered_database)
  frame.maybeText(source.unrendered_schema)
  frame.flag(source.enabled)
  frame.texts(source.tags)
  writeConfig(frame, source.meta)
  writeColumns(frame, source.columns)
  writeValue(frame, source.freshness)
  frame.maybeText(source.loaded_at_field)
  writeValue(frame, source.external)
  writeMaybePlace(frame, source.patch)
}

export function readSource(cursor: Cursor): SourceNode {
  return {
    unique_id: cursor.text(), name: cursor.text(), package_name: cursor.text(), path: cursor.text(), original_file_path: cursor.text(), fqn: cursor.texts(), place: readPlace(cursor), description: cursor.text(), resource_type: 'source', source_name: cursor.text(), source_description: cursor.text(), identifier: cursor.text(), database: cursor.maybeText(), schema: cursor.text(),
    relation_name: cursor.text(), externalLocation: cursor.maybeText(), quoting: readSwitches(cursor), loader: cursor.text(), config: readConfig(cursor), unrendered_config: readConfig(cursor), unrendered_database: cursor.maybeText(),
    unrendered_schema: cursor.maybeText(), enabled: cursor.flag(), tags: cursor.texts(), meta: readConfig(cursor), columns: readColumns(cursor), freshness: readValue(cursor),
    loaded_at_field: cursor.maybeText(), external: readValue(cursor), patch: readMaybePlace(cursor),
  }
}

function readSwitches(cursor: Cursor): ReadonlyMap<string, boolean> {
  return cursor.reader.once('switches', cursor.offset(), inner => new Map(inner.list(() => [inner.text(), readValue(inner) === true] as const)))
}

const OTHERS: readonly [OtherResource['resource_type'], ...OtherResource['resource_type'][]] = ['doc', 'exposure', 'metric', 'semantic_model', 'saved_query', 'unit_test', 'group']

export function writeOther(frame: Frame, other: OtherResource): void {
  writeBase(frame, other)
  frame.text(other.resource_type)
  frame.flag(other.enabled)
  writeConfig(frame, other.config)
  writeConfig(frame, other.unrendered_config)
  frame.texts(other.tags)
  writeConfig(frame, other.meta)
  writeConfig(frame, other.properties)
  frame.maybeText(other.group)
  writeValue(frame, other.version)
  writeRefs(frame, other.refs)
  writePairs(frame, other.sources)
  writeTextLists(frame, other.metrics)
  writeCalls(frame, other.calls)
  frame.texts(other.depends_on.nodes)
  frame.texts(other.depends_on.macros)
  writeProblems(frame, other.problems)
  writeReasons(frame, other.unknown)
}

export function readOther(cursor: Cursor): OtherResource {
  return {
    unique_id: cursor.text(), name: cursor.text(), package_name: cursor.text(), path: cursor.text(), original_file_path: cursor.text(), fqn: cursor.texts(), place: readPlace(cursor), description: cursor.text(), resource_type: readOneOf(cursor, OTHERS), enabled: cursor.flag(), config: readConfig(cursor), unrendered_config: readConfig(cursor), tags: cursor.texts(), meta: readConfig(cursor),
    properties: readConfig(cursor), group: cursor.maybeText(), version: readVersion(cursor), refs: readRefs(cursor), sources: readPairs(cursor), metrics: readTextLists(cursor), calls: readCalls(cursor),
    depends_on: { nodes: cursor.texts(), macros: cursor.texts() }, problems: readProblems(cursor), unknown: readReasons(cursor),
  }
}
