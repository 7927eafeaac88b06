// Document symbols (models, macros, YAML entries with their columns) and workspace symbols.

import { linesOf } from '../text/lines.ts'
import type { Statement } from '../jinja/nodes.ts'
import { mapGet, seqItems, stringValue } from '../yaml/find.ts'
import type { YamlNode, YamlScalar } from '../yaml/parse.ts'
import { nodesIn, sourceFile, type AnyResource, type Snapshot } from '../dbt/snapshot.ts'
import { modifiedNodes } from './modified.ts'
import { projectFileSymbols } from './project-files.ts'
import { documentOfFile, isYaml, templateOfFile, textSpan } from './scene.ts'
import type { Symbol } from './types.ts'

const MOST_SYMBOLS = 200

export function documentSymbols(snapshot: Snapshot, path: string): readonly Symbol[] {
  const file = sourceFile(snapshot, path)
  if (!file) return []
  if (isYaml(path)) return projectFileSymbols(snapshot, path) ?? yamlSymbols(path, documentOfFile(file).root)
  const blocks = templateOfFile(file).body.flatMap((each) => blockSymbol(path, each))
  if (blocks.length > 0) return blocks
  const end = linesOf(file.text).length
  return nodesIn(snapshot, path).filter((node) => node.resource_type !== 'doc').slice(0, 1).map((node) => ({ name: node.name, detail: node.resource_type, kind: kindOf(node), place: { path, start: 0, end }, selection: { start: 0, end: 0 }, children: [] }))
}

/** Resources whose name holds the letters of the query in order; best first. `state:modified` and a name: only what is modified, with the reason. */
export function workspaceSymbols(snapshot: Snapshot, query: string): readonly Symbol[] {
  const modified = /^\s*(?:state:)?modified\b\s*/i.exec(query)
  if (modified) return modifiedSymbols(snapshot, query.slice(modified[0].length).trim().toLowerCase())
  const wanted = query.toLowerCase()
  const found: { rank: number; symbol: Symbol }[] = []
  const consider = (resource: AnyResource) => {
    if (!resource.place.path || (resource.resource_type === 'test' && 'test' in resource && resource.test)) return
    const name = resource.resource_type === 'source' && 'source_name' in resource ? `${resource.source_name}.${resource.name}` : resource.name
    const at = name.toLowerCase().indexOf(wanted)
    const rank = wanted === '' ? 1 : at === 0 ? 0 : at > 0 ? 1 : subsequence(name.toLowerCase(), wanted) ? 2 : null
    if (rank === null) return
    found.push({ rank, symbol: { name, detail: resource.resource_type, kind: kindOf(resource), place: resource.place, selection: { start: resource.place.start, end: resource.place.start }, children: [] } })
  }
  for (const table of [snapshot.manifest.nodes, snapshot.manifest.sources, snapshot.manifest.others, snapshot.manifest.macros]) for (const resource of table.values()) consider(resource)
  return found.toSorted((one, other) => one.rank - other.rank || (one.symbol.name < other.symbol.name ? -1 : 1)).slice(0, MOST_SYMBOLS).map((each) => each.symbol)
}

function modifiedSymbols(snapshot: Snapshot, wanted: string): readonly Symbol[] {
  return (modifiedNodes(snapshot) ?? []).filter(({ resource }) => resource.name.toLowerCase().includes(wanted)).slice(0, MOST_SYMBOLS)
    .map(({ resource, why }) => ({ name: `${resource.name} (modified ${why})`, detail: resource.resource_type, kind: kindOf(resource), place: resource.place, selection: { start: resource.place.start, end: resource.place.start }, children: [] }))
}

function blockSymbol(path: string, statement: Statement): Symbol[] {
  switch (statement.kind) {
    case 'Macro': case 'Test': case 'Materialization': case 'Docs': case 'Snapshot':
      return [{ name: statement.name, detail: statement.kind.toLowerCase(), kind: statement.kind === 'Docs' ? 'doc' : statement.kind === 'Snapshot' ? 'snapshot' : statement.kind === 'Test' ? 'test' : 'macro', place: { path, start: statement.start, end: statement.end }, selection: statement.nameSpan, children: [] }]
    default: return []
  }
}

const SECTIONS: ReadonlyMap<string, Symbol['kind']> = new Map(Object.entries<Symbol['kind']>({ models: 'model', seeds: 'seed', snapshots: 'snapshot', sources: 'source', macros: 'macro', exposures: 'exposure', metrics: 'metric', semantic_models: 'other', saved_queries: 'other', unit_tests: 'test', data_tests: 'test', tests: 'test', analyses: 'analysis', groups: 'other', functions: 'macro' }))

function yamlSymbols(path: string, root: YamlNode | null): Symbol[] {
  if (root?.kind !== 'map') return []
  return root.written.flatMap((entry) => {
    const kind = entry.key.kind === 'scalar' ? SECTIONS.get(entry.key.text) : undefined
    return kind ? entrySymbols(path, entry.value, kind) : []
  })
}

function entrySymbols(path: string, list: YamlNode | undefined, kind: Symbol['kind']): Symbol[] {
  return seqItems(list).flatMap((item) => {
    const name = mapGet(item, 'name')
    if (name?.kind !== 'scalar') return []
    const children = [...entrySymbols(path, mapGet(item, 'tables'), 'table'), ...entrySymbols(path, mapGet(item, 'columns'), 'column')]
    return [{ name: name.text, detail: stringValue(mapGet(item, 'description'))?.split('\n')[0]?.slice(0, 80) ?? '', kind, place: { path, start: item.start, end: Math.max(item.end, name.end) }, selection: textSpan(name as YamlScalar), children }]
  })
}

function kindOf(resource: AnyResource): Symbol['kind'] {
  switch (resource.resource_type) {
    case 'model': case 'seed': case 'snapshot': case 'macro': case 'test': case 'doc': case 'exposure': case 'metric': case 'analysis': return resource.resource_type
    case 'source': return 'table'
    case 'unit_test': return 'test'
    default: return 'other'
  }
}

function subsequence(name: string, letters: string): boolean {
  let from = 0
  for (const letter of letters) {
    from = name.indexOf(letter, from) + 1
    if (from === 0) return false
  }
  return true
}
