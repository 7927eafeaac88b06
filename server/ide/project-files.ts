// Hover, definition, references, completion and symbols in dbt_project.yml, packages.yml, selectors.yml and dbt_loom.config.yml.

import { strOf } from '../jinja/repr.ts'
import { METHODS } from '../dbt/graph/select-spec.ts'
import { absolutePath } from '../dbt/project/flags.ts'
import { projectFileKind, type ProjectFileKind } from '../dbt/project/project-files.ts'
import type { SourceFile } from '../dbt/files.ts'
import type { ManifestNode, ResourceType } from '../dbt/nodes/types.ts'
import { keysOfClass } from '../dbt/schema/known.ts'
import { sourceFile, type AnyResource, type Snapshot } from '../dbt/snapshot.ts'
import type { Place, Span } from '../text/span.ts'
import { mapGet, nodeAt, seqItems, stringValue, type YamlStep } from '../yaml/find.ts'
import { configKeys, configValues } from './complete-config.ts'
import { projectKeys } from './project-keys.ts'
import { ranked } from './ranking.ts'
import { callsOfFile, documentOfFile, stringArgument, textSpan } from './scene.ts'
import { selectorTerms, termAt } from './selector-terms.ts'
import type { Completion, CompletionList, Hover, Symbol } from './types.ts'
import { yamlContext } from './yaml-context.ts'

const SECTIONS: ReadonlyMap<string, ResourceType> = new Map(Object.entries<ResourceType>({ models: 'model', seeds: 'seed', snapshots: 'snapshot', sources: 'source', data_tests: 'test', tests: 'test', unit_tests: 'unit_test', analyses: 'analysis', metrics: 'metric', 'semantic-models': 'semantic_model', 'saved-queries': 'saved_query', exposures: 'exposure', functions: 'function' }))

function kindOfFile(snapshot: Snapshot, path: string): ProjectFileKind | null {
  return snapshot.besides.has(path) ? projectFileKind(snapshot.project.root.root, path) : null
}

/** What a place of such a file names. */
export type Named =
  | { readonly kind: 'resource'; readonly resource: AnyResource; readonly span: Span }
  | { readonly kind: 'file'; readonly path: string; readonly span: Span }
  | { readonly kind: 'selector'; readonly name: string; readonly span: Span }
  | { readonly kind: 'var'; readonly name: string; readonly span: Span }

export function namedIn(snapshot: Snapshot, path: string, offset: number): Named | null {
  const kind = kindOfFile(snapshot, path)
  const file = kind === null ? null : sourceFile(snapshot, path)
  if (!file || kind === null) return null
  if (kind === 'selectors') return inSelectors(snapshot, file, offset)
  const here = nodeAt(documentOfFile(file), offset)
  const last = here.path.at(-1)
  const steps = here.path.map(textOfStep)
  const root = snapshot.project.root.root
  if (kind === 'project') {
    if (last?.kind !== 'key' || last.on !== 'key' || last.entry.key.kind !== 'scalar') return null
    const span = textSpan(last.entry.key)
    if (steps[0] === 'vars' && (steps.length === 2 || (steps.length === 3 && snapshot.project.packages.has(steps[1] ?? '')))) return snapshot.project.packages.has(last.key) ? null : { kind: 'var', name: last.key, span }
    const resource = SECTIONS.has(steps[0] ?? '') ? byWay(snapshot, SECTIONS.get(steps[0] ?? '') ?? 'model', steps.slice(1)) : null
    return resource ? { kind: 'resource', resource, span } : null
  }
  if (here.node?.kind !== 'scalar' || last?.kind !== 'key' || last.on !== 'value') return null
  const span = textSpan(here.node)
  if (kind === 'packages' && last.key === 'local') return { kind: 'file', path: `${absolutePath(root, here.node.text)}/dbt_project.yml`, span }
  if (kind === 'packages' && last.key === 'package') {
    const installed = snapshot.project.packages.get(here.node.text.split('/').at(-1) ?? '')
    return installed && !installed.isRoot ? { kind: 'file', path: installed.file.path, span } : null
  }
  return kind === 'loom' && last.key === 'path' ? { kind: 'file', path: absolutePath(root, here.node.text), span } : null
}

function inSelectors(snapshot: Snapshot, file: SourceFile, offset: number): Named | null {
  const found = termAt(file, offset)
  if (found?.method === 'selector') return { kind: 'selector', name: found.value, span: found.span }
  if (found) {
    const resource = resourceOfTerm(snapshot, found.method, found.value)
    return resource ? { kind: 'resource', resource, span: found.span } : null
  }
  const entry = selectorEntries(file).find(({ span }) => offset >= span.start && offset <= span.end)
  return entry ? { kind: 'selector', name: entry.name, span: entry.span } : null
}

function resourceOfTerm(snapshot: Snapshot, method: string, value: string): AnyResource | null {
  const { nodes, sources, others } = snapshot.manifest
  if (method === 'fqn') return [...nodes.values()].find((node) => node.test === null && (node.name === value || node.fqn.join('.') === value || node.fqn.slice(1).join('.') === value)) ?? null
  if (method === 'source') return [...sources.values()].find((each) => value === `${each.source_name}.${each.name}` || value === each.source_name) ?? null
  if (method === 'file') return [...nodes.values()].find((node) => node.test === null && (node.original_file_path.endsWith(`/${value}`) || node.original_file_path.endsWith(`/${value}.sql`))) ?? null
  if (method === 'path') return [...nodes.values()].find((node) => node.test === null && node.original_file_path === value) ?? null
  return ['exposure', 'metric', 'semantic_model', 'saved_query', 'unit_test', 'group'].includes(method) ? [...others.values()].find((each) => each.resource_type === method && each.name === value) ?? null : null
}

/** The node that lies at the end of `shop: marts: orders:`. */
function byWay(snapshot: Snapshot, type: ResourceType, way: readonly string[]): ManifestNode | null {
  return [...snapshot.manifest.nodes.values()].find((node) => node.resource_type === type && node.test === null && node.fqn.length === way.length && node.fqn.every((part, at) => part === way[at])) ?? null
}

/** Where a selector is declared, and (`uses`) where others name it. */
export function selectorPlaces(snapshot: Snapshot, name: string, uses: boolean): readonly Place[] {
  return selectorFiles(snapshot).flatMap((file) => [
    ...selectorEntries(file).filter((each) => each.name === name).map(({ span }) => ({ path: file.path, ...span })),
    ...(uses ? selectorTerms(file).filter((each) => each.method === 'selector' && each.value === name).map(({ span }) => ({ path: file.path, ...span })) : []),
  ])
}

/** Every `var('name')`. */
export function varUses(snapshot: Snapshot, name: string): readonly Place[] {
  return [...snapshot.files.values(), ...snapshot.besides.values()].filter((file) => file.text.includes(name)).flatMap((file) => callsOfFile(file).flatMap((call) => {
    const argument = call.args[0]
    return (call.name === 'var' || /^var\.(?:has_var)$/.test(call.name)) && argument && stringArgument(argument) === name ? [{ path: file.path, ...argument.span }] : []
  }))
}

export function projectFileHover(snapshot: Snapshot, path: string, offset: number): Hover | null {
  const kind = kindOfFile(snapshot, path)
  const file = kind === null ? null : sourceFile(snapshot, path)
  if (!file || kind === null) return null
  const named = namedIn(snapshot, path, offset)
  if (named?.kind === 'selector') {
    const entry = selectorFiles(snapshot).flatMap(selectorEntries).find((each) => each.name === named.name)
    return { text: [`selector \`${named.name}\``, entry?.description ?? ''].filter(Boolean).join('\n\n'), span: named.span }
  }
  if (named?.kind === 'var') {
    const uses = varUses(snapshot, named.name).length
    return { text: `variable \`${named.name}\` = \`${strOf(snapshot.project.root.vars.get(named.name) ?? null)}\`\n\nused ${uses} ${uses === 1 ? 'time' : 'times'}`, span: named.span }
  }
  if (named?.kind === 'file') return { text: named.path, span: named.span }
  const here = nodeAt(documentOfFile(file), offset)
  const last = here.path.at(-1)
  if (last?.kind !== 'key' || last.on !== 'key' || last.entry.key.kind !== 'scalar') return null
  const outer = here.path.slice(0, -1).map((step) => (step.kind === 'key' ? step.key : '-'))
  const found = projectKeys(kind, outer).find((each) => each.key === last.key)
  return found ? { text: `\`${found.key}\`\n\n${found.description}`, span: textSpan(last.entry.key) } : null
}

export function projectFileCompletion(snapshot: Snapshot, path: string, offset: number): CompletionList | null {
  const kind = kindOfFile(snapshot, path)
  const file = kind === null ? null : sourceFile(snapshot, path)
  if (!file || kind === null) return null
  const context = yamlContext(file.text, offset)
  const { path: keys, span, siblings, valueOf: key } = context
  const colon = /^\s*:/.test(file.text.slice(span.end)) ? '' : ': '
  const item = (label: string, documentation = '', detail = '', insert = label): Completion => ({ label, kind: 'value', detail, documentation, insert, span, sort: label })
  if (key === null) {
    const told = projectKeys(kind, keys)
    const more = kind === 'project' ? keysInProject(snapshot, keys, span, colon, siblings) : []
    return ranked([...told.filter((each) => !siblings.has(each.key)).map((each) => item(each.key, each.description, '', `${each.key}${colon}`)), ...more], context.typed)
  }
  return ranked(valuesIn(snapshot, kind, file, offset, keys, key, item, span), context.typed)
}

function keysInProject(snapshot: Snapshot, keys: readonly string[], span: Span, colon: string, siblings: ReadonlySet<string>): Completion[] {
  const item = (label: string, kind: Completion['kind'], detail: string): Completion => ({ label, kind, detail, documentation: '', insert: `${label}${colon}`, span, sort: ` ${label}` })
  const { project, manifest } = snapshot
  const [section = ''] = keys
  if (keys.length === 0) {
    const described = new Set(projectKeys('project', []).map((each) => each.key))
    return keysOfClass(project.rules.name, 'Project').filter((each) => !described.has(each) && !siblings.has(each) && each !== 'project-root').map((each) => item(each, 'value', ''))
  }
  if (section === 'flags' && keys.length === 1) return keysOfClass(project.rules.name, 'ProjectFlags').filter((each) => !siblings.has(each)).map((each) => item(each, 'value', 'flag'))
  if (section === 'vars' && keys.length === 1) return [...project.packages.keys()].filter((each) => !siblings.has(each)).map((each) => item(each, 'package', 'variables of this package'))
  const type = SECTIONS.get(section)
  if (!type) return []
  const way = keys.slice(1)
  const next = new Map<string, Completion['kind']>()
  if (way.length === 0) for (const each of project.packages.keys()) next.set(each, 'package')
  else for (const node of type === 'source' ? manifest.sources.values() : manifest.nodes.values()) {
    const part = node.fqn[way.length]
    if (node.resource_type === type && part !== undefined && !('test' in node && node.test) && way.every((each, at) => each === node.fqn[at])) next.set(part, node.fqn.length === way.length + 1 ? 'model' : 'value')
  }
  const configs = configKeys(snapshot, type, span, (each) => `+${each}${colon}`, new Set([...siblings].map((each) => each.replace(/^\+/, '')))).map((each) => ({ ...each, label: `+${each.label}`, sort: `+${each.sort}` }))
  return [...Array.from(next).filter(([name]) => !siblings.has(name)).map(([name, kind]) => item(name, kind, kind === 'package' ? 'package' : kind === 'model' ? type : 'folder')), ...configs]
}

function valuesIn(snapshot: Snapshot, kind: ProjectFileKind, file: SourceFile, offset: number, keys: readonly string[], key: string, item: (label: string, documentation?: string, detail?: string) => Completion, span: Span): Completion[] {
  const { manifest, project } = snapshot
  if (kind === 'project') {
    if (SECTIONS.has(keys[0] ?? '')) return configValues(snapshot, key.replace(/^\+/, '').replaceAll('-', '_'), span, (value) => value)
    if (key === 'macro_namespace') return [...project.packages.keys()].map((each) => item(each, '', 'package'))
    return (keys[0] === 'flags' || keys[0] === 'quoting' || key === 'restrict-access') ? ['true', 'false'].map((each) => item(each)) : []
  }
  if (kind === 'loom' && key === 'type') return ['file', 'dbt_cloud', 'paradime', 'gcs', 's3', 'azure', 'snowflake', 'databricks'].map((each) => item(each))
  if (kind !== 'selectors') return []
  if (key === 'method') return METHODS.map((each) => item(each))
  if (key === 'indirect_selection') return ['eager', 'cautious', 'buildable', 'empty'].map((each) => item(each))
  const method = key === 'value' ? methodBefore(file.text, offset) : key
  const nodes = [...manifest.nodes.values()].filter((node) => node.test === null)
  switch (method) {
    case 'fqn': return nodes.map((node) => item(node.name, node.description, node.resource_type))
    case 'tag': return [...new Set([...nodes, ...manifest.sources.values()].flatMap((node) => node.tags))].map((each) => item(each, '', 'tag'))
    case 'package': return [...project.packages.keys()].map((each) => item(each, '', 'package'))
    case 'source': return [...manifest.sources.values()].map((each) => item(`${each.source_name}.${each.name}`, each.description, 'source'))
    case 'resource_type': return ['model', 'seed', 'snapshot', 'source', 'test', 'unit_test', 'analysis', 'exposure', 'metric', 'semantic_model', 'saved_query', 'function'].map((each) => item(each))
    case 'access': return ['private', 'protected', 'public'].map((each) => item(each))
    case 'state': return ['modified', 'new', 'old', 'unmodified'].map((each) => item(each))
    case 'selector': return selectorFiles(snapshot).flatMap(selectorEntries).map((each) => item(each.name, each.description, 'selector'))
    case 'exposure': case 'metric': case 'semantic_model': case 'saved_query': case 'group': case 'unit_test': return [...manifest.others.values()].filter((each) => each.resource_type === method).map((each) => item(each.name, each.description, method))
    default: return []
  }
}

/** The method of the mapping whose `value:` is being typed: it stands just above, or below. */
function methodBefore(text: string, offset: number): string {
  const above = [...text.slice(0, offset).matchAll(/^[ -]*method: *["']?(\w+)/gm)].at(-1)?.[1]
  return above ?? 'fqn'
}

export function projectFileSymbols(snapshot: Snapshot, path: string): readonly Symbol[] | null {
  const kind = kindOfFile(snapshot, path)
  const file = kind === null ? null : sourceFile(snapshot, path)
  if (!file || kind === null) return null
  const { root } = documentOfFile(file)
  const symbol = (name: string, detail: string, place: Span, selection: Span, children: readonly Symbol[] = []): Symbol => ({ name, detail, kind: 'other', place: { path, start: place.start, end: Math.max(place.end, selection.end) }, selection, children })
  if (kind === 'selectors') return selectorEntries(file).map((each) => symbol(each.name, each.description.split('\n')[0] ?? '', each.whole, each.span))
  if (kind === 'packages' || kind === 'loom') {
    return ['packages', 'projects', 'manifests'].flatMap((list) => seqItems(mapGet(root, list)).flatMap((entry) => {
      const named = ['package', 'git', 'local', 'tarball', 'private', 'name'].map((key) => mapGet(entry, key)).find((each) => each?.kind === 'scalar')
      return named?.kind === 'scalar' ? [symbol(named.text, stringValue(mapGet(entry, 'version')) ?? stringValue(mapGet(entry, 'revision')) ?? '', entry, textSpan(named))] : []
    }))
  }
  return root?.kind === 'map' ? root.written.flatMap(({ key, value }) => (key.kind === 'scalar' ? [symbol(key.text, value.kind === 'scalar' ? value.text.slice(0, 80) : '', { start: key.start, end: value.end }, textSpan(key))] : [])) : []
}

function selectorFiles(snapshot: Snapshot): SourceFile[] {
  return [...snapshot.besides.values()].filter((file) => kindOfFile(snapshot, file.path) === 'selectors')
}

function selectorEntries(file: SourceFile): readonly { readonly name: string; readonly description: string; readonly span: Span; readonly whole: Span }[] {
  return seqItems(mapGet(documentOfFile(file).root, 'selectors')).flatMap((entry) => {
    const name = mapGet(entry, 'name')
    return name?.kind === 'scalar' ? [{ name: name.text, description: stringValue(mapGet(entry, 'description')) ?? '', span: textSpan(name), whole: entry }] : []
  })
}

function textOfStep(step: YamlStep): string {
  return step.kind === 'key' ? step.key : '-'
}
