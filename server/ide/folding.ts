// Folding: Jinja blocks (macros, loops, conditions, set blocks, comments of several lines), and entries of property files.

import type { Statement } from '../jinja/nodes.ts'
import { walk } from '../jinja/walk.ts'
import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import type { Span } from '../text/span.ts'
import type { YamlNode } from '../yaml/nodes.ts'
import { documentOfFile, isYaml, templateOfFile } from './scene.ts'

export interface Fold extends Span { readonly kind: 'region' | 'comment' }

const FOLDED: ReadonlySet<Statement['kind']> = new Set(['Macro', 'Test', 'Materialization', 'Docs', 'Snapshot', 'For', 'If', 'SetBlock', 'CallBlock', 'FilterBlock', 'With'])

/** Spans from the first to the last character of what folds; those of one line are for the caller to leave out. */
export function folds(snapshot: Snapshot, path: string): readonly Fold[] {
  const file = sourceFile(snapshot, path)
  if (!file) return []
  return isYaml(path) ? yamlFolds(documentOfFile(file).root) : [...blockFolds(templateOfFile(file)), ...commentFolds(file.text)]
}

function blockFolds(template: Parameters<typeof walk>[0]): Fold[] {
  const found: Fold[] = []
  walk(template, (node) => { if (FOLDED.has(node.kind as Statement['kind']) || node.kind === 'Call' || node.kind === 'Dict' || node.kind === 'List') found.push({ start: node.start, end: node.end, kind: 'region' }) })
  return found
}

function commentFolds(text: string): Fold[] {
  const found: Fold[] = []
  for (let from = text.indexOf('{#'); from >= 0; from = text.indexOf('{#', from + 2)) {
    const end = text.indexOf('#}', from + 2)
    if (end < 0) break
    found.push({ start: from, end: end + 2, kind: 'comment' })
    from = end
  }
  return found
}

function yamlFolds(root: YamlNode | null): Fold[] {
  const found: Fold[] = []
  const visit = (node: YamlNode): void => {
    if (node.alias !== null || node.kind === 'scalar') return
    if (node.kind === 'seq') { for (const item of node.items) { if (item.kind !== 'scalar') found.push({ start: item.start, end: item.end, kind: 'region' }); visit(item) } return }
    for (const entry of node.written) { if (entry.value.kind !== 'scalar' && entry.value.alias === null) found.push({ start: entry.key.start, end: entry.value.end, kind: 'region' }); visit(entry.value) }
  }
  if (root) visit(root)
  return found
}
