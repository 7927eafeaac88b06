// One YAML file of properties: its sections and their entries with places. Nothing is rendered and no name is looked up here.
// dbt 1.12: parser/read_files.py validate_yaml, parser/schemas.py YamlReader.get_key_dicts.

import { reprOf, strOf } from '../../jinja/repr.ts'
import { rstrip } from '../../text/python.ts'
import { typeNameOf } from '../../jinja/types.ts'
import type { Place, Span } from '../../text/span.ts'
import type { YamlDocument, YamlMap, YamlNode } from '../../yaml/nodes.ts'
import { parseYamlSteps } from '../../yaml/parse.ts'
import { drained } from '../steps.ts'
import { rereadYaml, type Change } from '../../yaml/reread.ts'
import { originOf } from '../../yaml/shift.ts'
import type { SourceFile } from '../files.ts'
import type { Problem } from '../problem.ts'
import { entryOf, under, valueOf } from './yaml-values.ts'

/** In the order in which dbt's SchemaParser reads them. */
const SECTIONS = [
  'models', 'seeds', 'snapshots', 'sources', 'macros', 'data_tests', 'analyses', 'exposures', 'functions', 'metrics', 'groups', 'semantic_models', 'unit_tests', 'saved_queries',
] as const

export type Section = (typeof SECTIONS)[number]

/** Sections that dbt checks before it reads any (schema_file_keys). */
const CHECKED: ReadonlySet<string> = new Set(['models', 'seeds', 'snapshots', 'sources', 'macros', 'analyses', 'exposures', 'metrics', 'semantic_models', 'saved_queries', 'functions'])

export interface PropertyEntry {
  readonly section: Section
  readonly index: number
  readonly file: SourceFile
  readonly node: YamlMap
  readonly name: string
  readonly nameSpan: Span
}

export interface PropertyFile {
  readonly document: YamlDocument
  readonly sections: ReadonlyMap<Section, readonly PropertyEntry[]>
  readonly problems: readonly Problem[]
}

const files = new WeakMap<SourceFile, PropertyFile>()

/** `shown`: dbt's original_file_path, for messages; a file has the same one wherever it is asked for. */
export function propertyFile(file: SourceFile, shown: string): PropertyFile {
  let known = files.get(file)
  if (!known) files.set(file, known = readProperties(file, shown))
  return known
}

const documents = new WeakMap<SourceFile, YamlDocument>()

/** The tree of a YAML file as dbt reads it, made once. dbt strips files before: a block scalar at the end of a file has no line end. */
export function yamlDocument(file: SourceFile): YamlDocument {
  return documents.get(file) ?? drained(yamlSteps(file))
}

/** The same in steps, for a server that must stay awake meanwhile. */
export function* yamlSteps(file: SourceFile): Generator<void, YamlDocument> {
  let document = documents.get(file)
  if (!document) documents.set(file, document = yield* parseYamlSteps(rstrip(file.text)))
  return document
}

interface FileChange extends Change { readonly from: SourceFile }

const changes = new WeakMap<SourceFile, FileChange>()

/** How the tree of a file became that of a later text; null when it has to be read as a whole. */
export function changeBetween(before: SourceFile, file: SourceFile): Change | null {
  const known = changes.get(file)
  if (known?.from === before) return known
  return rereadYaml(yamlDocument(before), rstrip(file.text))?.change ?? null
}

/** The file as it is to be held when it follows `before`: with the last good text beside it when its own cannot be parsed. Places of facts kept so are those of that text. Only what the edit touched is read again. */
export function keepingLastGood(file: SourceFile, before: SourceFile | undefined): SourceFile {
  if (!before || before === file || file.lastGood) return file
  const good = isBroken(before) ? before.lastGood : before
  if (!good) return file
  if (!documents.has(file)) {
    const again = rereadYaml(yamlDocument(good), rstrip(file.text))
    if (again) documents.set(file, again.document)
    if (again?.change) changes.set(file, { from: good, ...again.change })
  }
  if (!isBroken(file)) return file
  const kept: SourceFile = { ...file, lastGood: good }
  documents.set(kept, yamlDocument(file))
  return kept
}

function isBroken(file: SourceFile): boolean {
  return yamlDocument(file).problems.some((each) => each.kind === 'syntax')
}

function readProperties(file: SourceFile, shown: string): PropertyFile {
  const document = yamlDocument(file)
  const problems: Problem[] = []
  const place = (span: Span): Place => ({ path: file.path, start: span.start, end: span.end })
  for (const problem of document.problems) {
    problems.push({
      code: problem.kind === 'duplicate-key' ? 'yaml-duplicate-key' : 'yaml-syntax',
      severity: problem.kind === 'duplicate-key' ? 'warning' : 'error',
      message: problem.context === null ? problem.message : `${problem.context}: ${problem.message}`,
      place: place(problem),
    })
  }
  if (file.lastGood && document.problems.some((each) => each.kind === 'syntax')) return { document, sections: propertyFile(file.lastGood, shown).sections, problems }
  const sections = new Map<Section, readonly PropertyEntry[]>()
  const { root } = document
  if (root && root.kind !== 'map') {
    if (root.kind !== 'scalar' || root.value !== null) problems.push(invalid(`Contents of file '${shown}' are not valid. Dictionary expected.`, place(root)))
    return { document, sections, problems }
  }
  for (const section of SECTIONS) {
    const entry = root ? entryOf(root, section) : undefined
    if (!entry) continue
    const found: Problem[] = []
    sections.set(section, readSection(file, shown, section, entry.value, entry.key, found))
    // SchemaParser.parse_file: of this section dbt 1.12 says what is wrong and goes on.
    problems.push(...section === 'data_tests' ? found.map((problem): Problem => ({ ...problem, severity: 'warning' })) : found)
  }
  return { document, sections, problems }
}

/** Names of entries, with their places from the entry's start. */
const names = new WeakMap<YamlNode, { readonly name: string; readonly start: number; readonly end: number }>()

function readSection(file: SourceFile, shown: string, section: Section, node: YamlNode, key: YamlNode, problems: Problem[]): PropertyEntry[] {
  const place = (span: Span): Place => ({ path: file.path, start: span.start, end: span.end })
  const reason = (text: string): string => `The schema file at ${shown} is invalid because ${text}`
  if (node.kind !== 'seq') {
    problems.push(invalid(CHECKED.has(section) ? reason(`the value of '${section}' is not a list`) : `${section} must be a list, got <class '${typeNameOf(valueOf(node))}'> instead: (${trimmed(strOf(valueOf(node)))})`, place(key)))
    return []
  }
  const keys = (): string => `Invalid ${section} config given in ${shown} @ ${section}: ${reprOf(valueOf(node))} - expected a dict with string keys`
  const entries: PropertyEntry[] = []
  node.items.forEach((item, index) => {
    if (item.kind !== 'map') {
      problems.push(invalid(CHECKED.has(section) ? reason(`a list element for '${section}' is not a dictionary`) : keys(), place(item)))
      return
    }
    // Of an item that only moved, the name is known: looking into it would move all that it holds.
    const known = names.get(originOf(item))
    if (known) {
      entries.push({ section, index, file, node: item, name: known.name, nameSpan: { start: item.start + known.start, end: item.start + known.end } })
      return
    }
    const name = under(item, 'name')
    if (!name) {
      problems.push(invalid(CHECKED.has(section) ? reason(`a list element for '${section}' does not have a name attribute.`) : 'Entry did not contain a name', place(item)))
      return
    }
    if (name.kind !== 'scalar' || typeof name.value !== 'string') {
      problems.push(invalid(`Invalid ${section} config given in ${shown} @ ${section}: ${reprOf(valueOf(item))} - at path ['name']: ${reprOf(valueOf(name))} is not of type 'string'`, place(name)))
      return
    }
    const odd = item.entries.find((entry) => entry.key.kind !== 'scalar' || typeof entry.key.value !== 'string')
    if (odd) {
      problems.push(invalid(keys(), place(odd.key)))
      return
    }
    const nameSpan = textSpan(name)
    names.set(originOf(item), { name: name.value, start: nameSpan.start - item.start, end: nameSpan.end - item.start })
    entries.push({ section, index, file, node: item, name: name.value, nameSpan })
  })
  return entries
}

/** The span of a scalar's text, without its quotes. */
export function textSpan(node: YamlNode): Span {
  const quoted = node.kind === 'scalar' && (node.style === 'single' || node.style === 'double') && node.alias === null
  return quoted ? { start: node.start + 1, end: Math.max(node.start + 1, node.end - 1) } : { start: node.start, end: node.end }
}

function invalid(message: string, place: Place): Problem { return { code: 'yaml-invalid', severity: 'error', message, place } }

/** parser/common.py trimmed. */
function trimmed(text: string): string { return text.length < 50 ? text : `${text.slice(0, 44)}...${text.slice(-3)}` }
