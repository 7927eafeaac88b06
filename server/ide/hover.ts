// Hover: which relation a call reads and why, both candidates, what is known of them, and what the resource is. Reads well as plain text.

import { strOf } from '../jinja/repr.ts'
import type { Resolution } from '../dbt/defer/types.ts'
import type { Column, ManifestNode, MacroNode, SourceNode } from '../dbt/nodes/types.ts'
import { unsureOf } from '../dbt/nodes/unsure.ts'
import { callsIn, resourceOf, sourceFile, type AnyResource, type Snapshot } from '../dbt/snapshot.ts'
import { becauseOf, factsOf, headlineOf } from './describe.ts'
import { BUILTINS } from './builtin-docs.ts'
import { reasonsText } from './modified-text.ts'
import { builtinText, nameHover } from './hover-names.ts'
import { valueHover } from './hover-values.ts'
import { macroNamed, manifestMacro } from './macros.ts'
import { answersFor } from './meaning.ts'
import { namedIn, projectFileHover } from './project-files.ts'
import { thingAt, type Thing } from './scene.ts'
import { parametersOf } from './signature-help.ts'
import type { Hover } from './types.ts'
import { upstreamOf } from './upstream.ts'
import { declaredAt, declaredText } from './yaml-declared.ts'
import { yamlTarget } from './yaml-names.ts'

const MOST_COLUMNS = 12
/** Lines of one difference in a hover. */
const MOST_DIFFERENCE = 12

export function hover(snapshot: Snapshot, path: string, offset: number): Hover | null {
  const file = sourceFile(snapshot, path)
  if (!file) return null
  const declared = declaredAt(snapshot, path, offset)
  if (declared) return { text: declaredText(snapshot, declared), span: declared.span }
  const thing = thingAt(file, offset)
  const text = thing ? textOf(snapshot, path, thing) : null
  if (thing && text) {
    const value = thing.kind === 'macro' ? valueHover(snapshot, path, offset) : null
    return { text: value ? `${text}\n\n---\n\n${value.text}` : text, span: thing.span }
  }
  const named = namedIn(snapshot, path, offset)
  if (named?.kind === 'resource') return { text: aboutText(snapshot, named.resource), span: named.span }
  return projectFileHover(snapshot, path, offset) ?? nameHover(snapshot, path, file, offset) ?? valueHover(snapshot, path, offset) ?? generated(snapshot, path, offset)
}

function textOf(snapshot: Snapshot, path: string, thing: Thing): string | null {
  switch (thing.kind) {
    case 'macro': {
      const macro = macroNamed(snapshot, path, thing.name)
      if (macro && !macro.internal) return macroWithReads(snapshot, path, thing, macroText(snapshot, manifestMacro(snapshot, macro)))
      return builtinText(BUILTINS.get(thing.name)) ?? (macro ? macroText(snapshot, macro.node) : null)
    }
    case 'yaml': {
      const target = yamlTarget(snapshot, path, thing)
      return target ? aboutText(snapshot, target) : null
    }
    case 'call': {
      const answers = answersFor(snapshot, path, thing)
      if (answers.kind === 'resolutions') return resolutionsText(snapshot, answers.resolutions, answers.evaluated)
      if (answers.kind === 'doc') return answers.text
      if (answers.kind === 'variable') return [`**${answers.function}('${answers.name}')**${answers.shown === null ? '' : ` = \`${answers.shown}\``}`, answers.from].filter(Boolean).join('\n\n')
      return null
    }
  }
}

/** A macro that leads to refs also says where they read. */
function macroWithReads(snapshot: Snapshot, path: string, thing: Extract<Thing, { kind: 'macro' }>, text: string): string {
  const { start, end } = thing.call
  const reached = callsIn(snapshot, path).filter((each) => each.call.via.length > 0 && each.call.span.start === start && each.call.span.end === end)
  const lines = distinct(reached.map((each) => each.resolution)).map((each) => `- ${each.relation === null ? '' : `\`${each.relation}\`: `}${headlineOf(each)}`)
  return lines.length > 0 ? `${text}\n\nreads here:\n${lines.slice(0, 8).join('\n')}` : text
}

/** Where no literal call stands but evaluation reached refs through the place: macros, loops. */
function generated(snapshot: Snapshot, path: string, offset: number): Hover | null {
  const here = callsIn(snapshot, path).filter((each) => offset >= each.call.span.start && offset <= each.call.span.end)
  const narrowest = here.toSorted((one, other) => width(one.call.span) - width(other.call.span))[0]
  if (!narrowest) return null
  const same = here.filter((each) => each.call.span.start === narrowest.call.span.start && each.call.span.end === narrowest.call.span.end)
  return { text: resolutionsText(snapshot, distinct(same.map((each) => each.resolution)), true), span: narrowest.call.span }
}

export function resolutionsText(snapshot: Snapshot, resolutions: readonly Resolution[], evaluated: boolean): string {
  if (!snapshot.manifest.final) return [...resolutions.flatMap((each) => { const resource = each.target ? resourceOf(snapshot, each.target) : null; return resource ? [aboutText(snapshot, resource)] : [] }), 'The project is still being read: where this reads is not known yet.'].join('\n\n')
  const parts = resolutions.slice(0, 8).map((resolution) => resolutionText(snapshot, resolution))
  if (resolutions.length > 8) parts.push(`and ${resolutions.length - 8} more`)
  if (!evaluated) parts.push('dbt does not reach this call when it parses the project; the answer is for its literal arguments.')
  return parts.join('\n\n---\n\n')
}

function resolutionText(snapshot: Snapshot, resolution: Resolution): string {
  const resource = resolution.target ? resourceOf(snapshot, resolution.target) : null
  const because = becauseOf(resolution)
  const headline = `**${headlineOf(resolution)}**${because ? `: ${because}` : ''}`
  const facts = factsOf(resolution, snapshot.now).map((line) => `- ${line}`)
  return [resolution.relation ? `\`${resolution.relation}\`` : '', headline, facts.join('\n'), resource ? aboutText(snapshot, resource, { ownRelation: resolution.dev === null }) : ''].filter(Boolean).join('\n\n')
}

/** `difference`: lines shown of each difference from the state. */
export function aboutText(snapshot: Snapshot, resource: AnyResource, options: { readonly ownRelation: boolean; readonly difference?: number } = { ownRelation: true }): string {
  if (resource.resource_type === 'macro') return macroText(snapshot, resource as MacroNode)
  const node = resource as ManifestNode | SourceNode
  const materialized = 'config' in node ? node.config.get('materialized') : undefined
  const version = 'version' in node && node.version !== null ? `, version ${String(node.version)}${String(node.latest_version) === String(node.version) ? ' (latest)' : ''}` : ''
  const upstream = upstreamOf(snapshot, resource.unique_id)
  const lines = [
    `${node.resource_type} \`${node.resource_type === 'source' ? `${(node as SourceNode).source_name}.${node.name}` : node.name}\` in ${node.package_name}${materialized && strOf(materialized) !== node.resource_type ? `, ${strOf(materialized)}` : ''}${version}`,
    node.original_file_path || (upstream?.file ?? `known by ${node.place.path}`),
  ]
  if (options.ownRelation && 'relation_name' in node && node.relation_name && node.resource_type !== 'source') {
    const unsure = unsureOf(node)
    lines.push(unsure ? `current target: not known, ${unsure.message}` : `current target: \`${node.relation_name}\``)
  }
  if ('enabled' in node && !node.enabled) lines.push('disabled')
  const text = [lines.join('  \n')]
  const description = upstream?.description || node.description || ('source_description' in node ? node.source_description : '')
  if (description.trim()) text.push(description.trim())
  const columns = upstream?.columns ?? ('columns' in node ? [...node.columns.values()] : [])
  if (columns.length > 0) text.push(columnsText(columns))
  const reasons = snapshot.manifest.final ? snapshot.comparison()?.reasons(resource.unique_id) ?? [] : []
  if (reasons.length > 0) text.push(`${reasons.some(({ counts }) => counts) ? 'modified' : 'differs from the state, but does not count as modified'}:\n${reasonsText(reasons, options.difference ?? MOST_DIFFERENCE)}`)
  return text.join('\n\n')
}

function columnsText(columns: readonly Pick<Column, 'name' | 'data_type' | 'description'>[]): string {
  const shown = columns.slice(0, MOST_COLUMNS).map((column) => `- \`${column.name}\`${column.data_type ? ` ${column.data_type}` : ''}${column.description ? `: ${firstLine(column.description)}` : ''}`)
  if (columns.length > MOST_COLUMNS) shown.push(`- … ${columns.length - MOST_COLUMNS} more columns`)
  return shown.join('\n')
}

export function macroText(snapshot: Snapshot, macro: MacroNode): string {
  const definition = snapshot.world.macros.byId.get(macro.unique_id)
  const parameters = definition ? parametersOf(snapshot, definition) : []
  const told = parameters.filter((each) => each.documentation).map((each) => `- \`${each.name}\`: ${each.documentation}`)
  return [`macro \`${macro.name}(${parameters.map((each) => each.shown).join(', ')})\``, `${macro.package_name}: ${macro.original_file_path}`, macro.description.trim(), told.join('\n')].filter(Boolean).join('\n\n')
}

function distinct(resolutions: readonly Resolution[]): Resolution[] {
  const seen = new Map<string, Resolution>()
  for (const each of resolutions) seen.set(`${each.kind} ${each.target ?? each.message}`, each)
  return [...seen.values()]
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? ''
}

function width(span: { start: number; end: number }): number {
  return span.end - span.start
}
