// Descriptions after dbt's process_docs: `{{ doc('x') }}` becomes the text of the block, other Jinja is rendered with the docs context.

import { parseTemplate } from '../../../jinja/parse.ts'
import { renderDocs } from '../../context/render-yaml.ts'
import type { Reads } from '../../context/types.ts'
import type { Place } from '../../../text/span.ts'
import type { Column, MacroNode, ManifestNode, OtherResource, SourceNode } from '../../nodes/types.ts'
import type { Problem } from '../../problem.ts'
import { resolveDoc } from '../lookup.ts'
import type { NameTable } from '../lookup.ts'
import type { Build } from './build.ts'

export interface Docs {
  readonly table: NameTable
  readonly texts: ReadonlyMap<string, string>
}

export function docsTable(build: Build, others: readonly OtherResource[]): Docs {
  return build.memory.stable('docs', docsOf(others), (one, two) => one.texts.size === two.texts.size && [...one.texts].every(([id, text], index) => [...two.texts][index]?.[0] === id && two.texts.get(id) === text))
}

/** The docs blocks among the resources. */
export function docsOf(others: Iterable<OtherResource>): Docs {
  const table = new Map<string, Map<string, string>>()
  const texts = new Map<string, string>()
  for (const doc of others) {
    if (doc.resource_type !== 'doc') continue
    const packages = table.get(doc.name) ?? new Map<string, string>()
    table.set(doc.name, packages)
    packages.set(doc.package_name, doc.unique_id)
    const text = doc.properties.get('block_contents')
    texts.set(doc.unique_id, typeof text === 'string' ? text : '')
  }
  return { table, texts }
}

interface Described { readonly unique_id: string; readonly package_name: string }

/** process_docs goes over enabled nodes alone: a disabled one keeps its text as written. */
export function describeNode(build: Build, docs: Docs, node: ManifestNode): ManifestNode {
  if (!node.enabled) return node
  if (!needsDocs(node.description) && !hasDocs(node.columns)) return node
  return remembered(build, docs, node, reads => {
    const problems: Problem[] = []
    const place = node.patch ?? node.place
    const description = renderSearched(build, docs, node, node.description, place, problems, reads)
    const columns = describeColumns(build, docs, node, node.columns, problems, reads)
    return { ...node, description, columns, problems: problems.length ? [...node.problems, ...problems] : node.problems }
  })
}

export function describeSource(build: Build, docs: Docs, source: SourceNode): SourceNode {
  if (!needsDocs(source.description) && !needsDocs(source.source_description) && !hasDocs(source.columns)) return source
  return remembered(build, docs, source, reads => {
    const problems: Problem[] = []
    const made = {
      ...source, description: renderSearched(build, docs, source, source.description, source.place, problems, reads),
      source_description: render(build, docs, source, source.source_description, source.place, problems, reads), columns: describeColumns(build, docs, source, source.columns, problems, reads),
    }
    build.problems.push(...problems)
    return made
  })
}

export function describeOther(build: Build, docs: Docs, other: OtherResource): OtherResource {
  if (!needsDocs(other.description) || other.resource_type === 'unit_test' || other.resource_type === 'group') return other
  return remembered(build, docs, other, reads => {
    const problems: Problem[] = []
    const description = render(build, docs, other, other.description, other.place, problems, reads)
    return { ...other, description, problems: problems.length ? [...other.problems, ...problems] : other.problems }
  })
}

export function describeMacro(build: Build, docs: Docs, macro: MacroNode): MacroNode {
  if (!needsDocs(macro.description) && !macro.arguments.some(argument => needsDocs(argument.description))) return macro
  const place = macro.patch ?? macro.place
  const reads: Reads[] = []
  const text = (description: string): string => render(build, docs, macro, description, place, build.problems, reads)
  const described = { ...macro, description: text(macro.description), arguments: macro.arguments.map(argument => ({ ...argument, description: text(argument.description) })) }
  for (const each of reads) build.memory.note(each)
  return described
}

/** dbt renders only what has a mark of Jinja; a text without stays as it is, line ends and all. */
function needsDocs(text: string): boolean { return /\{[{%#]|[#}%]\}/.test(text) }

function hasDocs(columns: ReadonlyMap<string, Column>): boolean {
  for (const column of columns.values()) if (needsDocs(column.description)) return true
  return false
}

/** The same node with the same docs gives the same described node. */
function remembered<T extends object>(build: Build, docs: Docs, resource: T, make: (reads: Reads[]) => T): T {
  return build.memory.fromEntry(resource, 'described', make, [docs])
}

function describeColumns(build: Build, docs: Docs, of: Described, columns: ReadonlyMap<string, Column>, problems: Problem[], reads: Reads[]): ReadonlyMap<string, Column> {
  if (!hasDocs(columns)) return columns
  const result = new Map<string, Column>()
  for (const [name, column] of columns) result.set(name, needsDocs(column.description) ? { ...column, description: renderSearched(build, docs, of, column.description, column.place, problems, reads), doc_blocks: blocksOf(build, docs, of, column.description) } : column)
  return result
}

/** _get_doc_blocks: calls of doc() that print by themselves, with literal arguments. */
function blocksOf(build: Build, docs: Docs, of: Described, text: string): string[] {
  return parseTemplate(text).body.flatMap(statement => statement.kind === 'Print' ? statement.nodes : []).flatMap(node => {
    if (node.kind !== 'Call' || node.node.kind !== 'Name' || node.node.name !== 'doc') return []
    const texts = node.args.flatMap(argument => argument.kind === 'Const' && typeof argument.value === 'string' ? [argument.value] : [])
    const name = texts.at(-1)
    const id = name === undefined || texts.length > 2 ? null : resolveDoc(build.project, docs.table, of.package_name, texts.length === 2 ? texts[0] ?? null : null, name)
    return id === null ? [] : [id]
  })
}

/** _get_doc_blocks goes before rendering, and takes every statement for printed text. */
function renderSearched(build: Build, docs: Docs, of: Described, text: string, place: Place, problems: Problem[], reads: Reads[]): string {
  if (build.project.rules.refusesTagsInDescriptions && text.includes('{%')) {
    const { body, errors } = parseTemplate(text)
    const tag = body.find(({ kind }) => kind !== 'Text' && kind !== 'Print')
    if (tag && errors.length === 0) {
      const kind = tag.kind === 'Loader' ? tag.tag : tag.kind
      problems.push({ code: 'description-tag', severity: 'error', message: `'${CLASSES.get(kind) ?? kind}' object has no attribute 'nodes'`, place, unique_id: of.unique_id })
      return text
    }
  }
  return render(build, docs, of, text, place, problems, reads)
}

/** What jinja2 calls them, where it is another word. */
const CLASSES: ReadonlyMap<string, string> = new Map([['Set', 'Assign'], ['SetBlock', 'AssignBlock'], ['Do', 'ExprStmt'], ['Autoescape', 'Scope'], ['Materialization', 'Macro'], ['TestBlock', 'Macro'], ['Docs', 'Macro'], ['SnapshotBlock', 'Macro'], ['include', 'Include'], ['import', 'Import'], ['from', 'FromImport'], ['extends', 'Extends'], ['block', 'Block']])

/** Variables are the root project's, whichever package's description it is (process_docs). */
function render(build: Build, docs: Docs, of: Described, text: string, place: Place, problems: Problem[], reads: Reads[]): string {
  if (!needsDocs(text)) return text
  const result = renderDocs(build.world, build.project.root.name, of, text, { path: place.path, offset: place.start }, (name, packageName) => {
    const id = resolveDoc(build.project, docs.table, of.package_name, packageName, name)
    if (id !== null || build.project.rules.refusesMissingDocs) return id === null ? null : docs.texts.get(id) ?? null
    const from = packageName ?? of.package_name
    problems.push({ code: 'doc-not-found', severity: 'warning', message: `doc macro reference '${name}' not found for package '${from}'`, place, unique_id: of.unique_id })
    return `<missing doc('${name}', package='${from}')>`
  })
  reads.push(result.reads)
  if (result.problem) problems.push({ ...result.problem, unique_id: of.unique_id })
  return result.text ?? text
}
