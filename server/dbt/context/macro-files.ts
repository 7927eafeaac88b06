// The macros of one file: dbt's blocks, named as dbt names them, each with its tree.
// A broken block costs only itself. Rules: dbt 1.12 parser/macros.py, parser/generic_test.py.

import { extractBlocks } from '../../jinja/blocks.ts'
import type { Expression, Statement, Template } from '../../jinja/nodes.ts'
import { parseTemplate } from '../../jinja/parse.ts'
import { isSpace } from '../../text/python.ts'
import type { Span } from '../../text/span.ts'
import type { SourceFile } from '../files.ts'
import { strayTags } from '../nodes/stray-tags.ts'
import type { MacroNode } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import type { InternalMacro, MacroDefinition } from './types.ts'

export interface MacroFile {
  readonly file: SourceFile
  readonly packageName: string
  /** Relative to the package's root, as dbt writes it. */
  readonly originalPath: string
  /** 'generic-test': a file under `tests/generic`, of which only test blocks are read. */
  readonly kind: 'macro' | 'generic-test'
}

/** `strays`: warnings of tags outside of any block, which not every dbt has. */
export interface FileMacros { readonly macros: readonly MacroDefinition[]; readonly problems: readonly Problem[]; readonly strays: readonly Problem[] }

const MACRO_BLOCKS = new Set(['macro', 'materialization', 'test', 'data_test'])
const TEST_BLOCKS = new Set(['test', 'data_test'])

const memo = new WeakMap<SourceFile, { readonly of: MacroFile; readonly read: FileMacros }>()

/** Macros and problems of a file; remembered for as long as the file is the same. */
export function macrosOfFile(of: MacroFile): FileMacros {
  const known = memo.get(of.file)
  if (known && known.of.packageName === of.packageName && known.of.originalPath === of.originalPath && known.of.kind === of.kind) return known.read
  const read = readFile(of)
  memo.set(of.file, { of, read })
  return read
}

/** Where the macros of a file stand, as an earlier reading of the same text found them; for files without problems. */
export interface MacroSpan extends Span { readonly name: string }

export function spansOf({ macros, problems, strays }: FileMacros): readonly MacroSpan[] | null {
  return problems.length > 0 || strays.length > 0 ? null : macros.map(({ name, node: { place } }) => ({ name, start: place.start, end: place.end }))
}

/** The file need not be read again: its macros stand there. Their trees are made when they are asked for. */
export function rememberMacros(of: MacroFile, spans: readonly MacroSpan[]): void {
  const { text, path } = of.file
  const last = strippedEnd(text)
  const macros = spans.map(({ name, start, end }) => definition({ packageName: of.packageName, name, originalPath: of.originalPath, sql: text.slice(start, Math.min(end, last)), place: { path, start, end }, internal: false, installed: null, template: null }))
  memo.set(of.file, { of, read: { macros, problems: [], strays: [] } })
}

/** One of dbt's own macros, parsed when first asked for. */
export function macroFromText(macro: InternalMacro): MacroDefinition {
  const place = { path: `dbt:${macro.package_name}/${macro.original_file_path}`, start: 0, end: macro.macro_sql.length }
  return definition({ packageName: macro.package_name, name: macro.name, originalPath: macro.original_file_path, sql: macro.macro_sql, place, internal: true, installed: macro.file ?? null, template: null })
}

/** dbt strips files when it reads them: the space that `-%}` swallows after the last block is no part of it. */
function strippedEnd(text: string): number {
  let end = text.length
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--
  return end
}

function readFile(of: MacroFile): FileMacros {
  const { text, path } = of.file
  const macros: MacroDefinition[] = []
  const problems: Problem[] = []
  const extraction = extractBlocks(text, of.kind === 'macro' ? MACRO_BLOCKS : TEST_BLOCKS)
  const end = strippedEnd(text)
  for (const block of extraction.blocks) {
    const place = { path, start: block.start, end: block.end }
    const sql = text.slice(block.start, Math.min(block.end, end))
    const template = parseTemplate(sql)
    const [first] = template.errors
    if (first) problems.push({ code: 'template-syntax', severity: 'error', message: first.message, place: { path, start: block.start + first.start, end: block.start + first.end } })
    const name = nameOf(template.body[0]) ?? block.name
    if (name !== null) macros.push(definition({ packageName: of.packageName, name, originalPath: of.originalPath, sql, place, internal: false, installed: null, template }))
  }
  if (extraction.problem) problems.push({ code: 'template-syntax', severity: 'error', message: extraction.problem.message, place: { path, start: extraction.problem.start, end: extraction.problem.end } })
  return { macros, problems, strays: of.kind === 'macro' ? strayTags(extraction, of.originalPath, path, 0) : [] }
}

interface Parts {
  readonly packageName: string
  readonly name: string
  readonly originalPath: string
  readonly sql: string
  readonly place: MacroNode['place']
  readonly internal: boolean
  readonly installed: MacroDefinition['installed']
  readonly template: Template | null
}

function definition(parts: Parts): MacroDefinition {
  let template = parts.template
  let node: MacroNode | null = null
  const unique_id = `macro.${parts.packageName}.${parts.name}`
  const parsed = (): Template => template ??= parseTemplate(parts.sql)
  return {
    unique_id,
    name: parts.name,
    package_name: parts.packageName,
    internal: parts.internal,
    installed: parts.installed,
    get template() { return parsed() },
    get node() { return node ??= macroNode(unique_id, parts, parsed()) },
  }
}

function macroNode(unique_id: string, parts: Parts, template: Template): MacroNode {
  const block = template.body[0]
  const parameters = block?.kind === 'Macro' || (block?.kind === 'Test' && 'params' in block) ? block.params : []
  return {
    unique_id,
    name: parts.name,
    package_name: parts.packageName,
    resource_type: 'macro',
    path: parts.originalPath,
    original_file_path: parts.originalPath,
    fqn: [],
    place: parts.place,
    description: '',
    macro_sql: parts.sql,
    arguments: parameters.map(parameter => ({ name: parameter.name, type: parameter.type, default: parameter.default ? parts.sql.slice(parameter.default.start, parameter.default.end) : null, description: '' })),
    depends_on: { macros: [] },
    supported_languages: block?.kind === 'Materialization' ? languages(block.supportedLanguages) : null,
    patch: null,
  }
}

/** As dbt names the macro of a block: `x`, `test_x`, `materialization_x_adapter`. */
function nameOf(block: Statement | undefined): string | null {
  if (block?.kind === 'Macro') return block.name === '' ? null : block.name.replaceAll('dbt_macro__', '')
  if (block?.kind === 'Test' && 'body' in block) return `test_${block.name}`
  if (block?.kind === 'Materialization') return `materialization_${block.name}_${block.adapter}`
  return null
}

// get_supported_languages: ['sql'] when nothing is written.
function languages(list: Expression | null): string[] {
  if (list?.kind !== 'List' && list?.kind !== 'Tuple') return ['sql']
  return list.items.flatMap(item => item.kind === 'Const' && typeof item.value === 'string' ? [item.value] : [])
}
