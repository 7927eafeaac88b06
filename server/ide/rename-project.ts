// Names of resources in dbt_project.yml (configuration of one node by its path) and selectors.yml, for renames.

import type { SourceFile } from '../dbt/files.ts'
import type { ManifestNode } from '../dbt/nodes/types.ts'
import { projectFileKind } from '../dbt/project/project-files.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import { mapGet } from '../yaml/find.ts'
import type { YamlNode } from '../yaml/nodes.ts'
import { documentOfFile, textSpan } from './scene.ts'
import { selectorTerms } from './selector-terms.ts'
import type { TextEdit } from './types.ts'

/** Terms of one method whose value is the name. */
export function selectorEdits(snapshot: Snapshot, methods: readonly string[], name: string, wanted: string): TextEdit[] {
  return files(snapshot, 'selectors').flatMap((file) => selectorTerms(file).flatMap((each) => (methods.includes(each.method) && each.value === name ? [{ path: file.path, span: each.span, text: wanted }] : [])))
}

/** `orders`, `shop.marts.orders`, `orders.v2`, `file:orders.sql`, `path:models/orders.sql`. */
export function nodeInSelectors(snapshot: Snapshot, node: ManifestNode, wanted: string): TextEdit[] {
  return files(snapshot, 'selectors').flatMap((file) => selectorTerms(file).flatMap((each) => {
    const at = startOf(each.method, each.value, node)
    return at === null ? [] : [{ path: file.path, span: { start: each.span.start + at, end: each.span.start + at + node.name.length }, text: wanted }]
  }))
}

function startOf(method: string, value: string, node: ManifestNode): number | null {
  const own = node.fqn.slice(0, node.fqn.lastIndexOf(node.name) + 1)
  const rest = value.replace(/\.v[^.]+$/, '')
  if (method === 'fqn') return rest === node.name || (rest.endsWith(`.${node.name}`) && own.join('.').endsWith(rest)) ? rest.length - node.name.length : null
  if (method === 'file') return value.replace(/\.[^.]*$/, '') === node.name ? 0 : null
  if (method === 'path') return value === node.original_file_path && value.slice(value.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '') === node.name ? value.lastIndexOf('/') + 1 : null
  return null
}

const SECTIONS: Readonly<Record<string, string>> = { model: 'models', seed: 'seeds', snapshot: 'snapshots' }

/** `models: shop: marts: orders: +tags: x`. */
export function nodeInProject(snapshot: Snapshot, node: ManifestNode, wanted: string): TextEdit[] {
  const way = node.fqn.slice(0, node.fqn.lastIndexOf(node.name) + 1)
  return files(snapshot, 'project').flatMap((file) => {
    let here: YamlNode | undefined = mapGet(documentOfFile(file).root, SECTIONS[node.resource_type] ?? '')
    for (const part of way.slice(0, -1)) here = mapGet(here, part)
    const entry = here?.kind === 'map' ? here.written.find((each) => each.key.kind === 'scalar' && each.key.text === node.name) : undefined
    return entry?.key.kind === 'scalar' ? [{ path: file.path, span: textSpan(entry.key), text: wanted }] : []
  })
}

/** `+group: fin` at any depth. */
export function groupInProject(snapshot: Snapshot, name: string, wanted: string): TextEdit[] {
  return files(snapshot, 'project').flatMap((file) => {
    const visit = (node: YamlNode): TextEdit[] => (node.kind !== 'map' || node.alias !== null ? [] : node.written.flatMap(({ key, value }) => {
      if (key.kind === 'scalar' && key.text.replace(/^\+/, '') === 'group' && value.kind === 'scalar' && value.text === name) return [{ path: file.path, span: textSpan(value), text: wanted }]
      return visit(value)
    }))
    const { root } = documentOfFile(file)
    return root ? visit(root) : []
  })
}

function files(snapshot: Snapshot, kind: 'project' | 'selectors'): SourceFile[] {
  return [...snapshot.besides.values()].filter((file) => projectFileKind(snapshot.project.root.root, file.path) === kind)
}
