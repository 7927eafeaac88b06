// Code lenses above a model: whether and why it is modified, how many of its refs read production, and the run of it.

import { nodesIn, resolvedCalls, type Snapshot } from '../dbt/snapshot.ts'
import type { ManifestNode } from '../dbt/nodes/types.ts'
import type { Span } from '../text/span.ts'
import { modifiedText } from './modified-text.ts'
import type { CodeLens } from './types.ts'

const SHOWN: ReadonlySet<string> = new Set(['model', 'snapshot', 'seed', 'analysis', 'test'])

export function codeLenses(snapshot: Snapshot, path: string, options: { readonly run: boolean }): readonly CodeLens[] {
  return nodesIn(snapshot, path).flatMap((node) => {
    if (!SHOWN.has(node.resource_type) || !('calls' in node) || !('raw_code' in node) || node.test !== null || node.place.path !== path) return []
    const span = { start: node.place.start, end: node.place.start }
    return [modified(snapshot, node, span), reads(snapshot, node, span), ...(options.run ? runs(node, span) : []), ...copies(node, span)].filter((lens) => lens !== null)
  })
}

function modified(snapshot: Snapshot, node: ManifestNode, span: Span): CodeLens | null {
  const reasons = snapshot.comparison()?.reasons(node.unique_id)
  const why = reasons ? modifiedText(reasons) : null
  return why === null ? null : { span, title: why.startsWith('new') ? why : `modified (${why})`, command: { name: 'dbtDefer.explainModified', arguments: [node.unique_id] } }
}

function reads(snapshot: Snapshot, node: ManifestNode, span: Span): CodeLens | null {
  if (!snapshot.deferring.defer) return null
  const targets = new Map(resolvedCalls(snapshot, node).flatMap(({ resolution }) => (resolution.target ? [[resolution.target, resolution.kind] as const] : [])))
  const count = (kind: string) => [...targets.values()].filter((each) => each === kind).length
  const parts = [['prod', count('prod')], ['dev', count('dev')], ['unknown', count('unknown')]].filter(([, number]) => number !== 0).map(([name, number]) => `${number} ${name}`)
  return parts.length > 0 ? { span, title: `reads ${parts.join(', ')}`, command: null } : null
}

function copies(node: ManifestNode, span: Span): CodeLens[] {
  if (node.resource_type === 'seed') return []
  return [
    { span, title: 'copy compiled', command: { name: 'dbtDefer.copyCompiled', arguments: [node.place.path, node.unique_id] } },
    ...(node.relation_name === null ? [] : [{ span, title: 'copy relation', command: { name: 'dbtDefer.copyRelation', arguments: [node.relation_name] } }]),
  ]
}

function runs(node: ManifestNode, span: Span): CodeLens[] {
  const dbt = node.resource_type === 'test' ? 'test' : node.resource_type === 'seed' ? 'seed' : node.resource_type === 'snapshot' ? 'snapshot' : node.resource_type === 'model' ? 'run' : null
  return dbt === null ? [] : [{ span, title: `dbt ${dbt}`, command: { name: 'dbtDefer.run', arguments: [dbt, node.unique_id] } }]
}
