// Completion of names in property files: models, macros, columns and tests where YAML names them.

import { callableMacros } from './macros.ts'
import { ranked } from './ranking.ts'
import { documentOfFile, textSpan } from './scene.ts'
import type { Completion, CompletionList } from './types.ts'
import type { SourceFile } from '../dbt/files.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import { nodeAt } from '../yaml/find.ts'
import type { Span } from '../text/span.ts'

export function yamlCompletion(snapshot: Snapshot, path: string, file: SourceFile, offset: number): CompletionList {
  const place = nodeAt(documentOfFile(file), offset)
  const keys = place.path.map((step) => (step.kind === 'key' ? step.key : step.index))
  const scalar = place.node?.kind === 'scalar' ? place.node : null
  const span: Span = scalar && scalar.style !== 'missing' ? textSpan(scalar) : { start: offset, end: offset }
  const typed = file.text.slice(span.start, Math.min(offset, span.end))
  const items = itemsFor(snapshot, path, keys, span)
  return items.length > 0 ? ranked(items, typed) : { items: [], incomplete: false }
}

function itemsFor(snapshot: Snapshot, path: string, keys: readonly (string | number)[], span: Span): Completion[] {
  const [section, , key, inner, innerKey] = keys
  const last = keys.at(-1)
  const item = (label: string, kind: Completion['kind'], detail: string, documentation = ''): Completion => ({ label, kind, detail, documentation, insert: label, span, sort: label })
  if (key === 'name' && keys.length === 3) {
    const type = section === 'models' ? 'model' : section === 'seeds' ? 'seed' : section === 'snapshots' ? 'snapshot' : section === 'analyses' ? 'analysis' : null
    if (type) return [...snapshot.manifest.nodes.values()].filter((node) => node.resource_type === type).map((node) => item(node.name, type === 'seed' || type === 'snapshot' ? type : 'model', node.package_name, node.description))
    if (section === 'macros') return callableMacros(snapshot, path).map(({ macro }) => item(macro.name, 'macro', macro.package_name, macro.node.description))
  }
  if (section === 'unit_tests' && key === 'model') return [...snapshot.manifest.nodes.values()].filter((node) => node.resource_type === 'model').map((node) => item(node.name, 'model', node.package_name, node.description))
  const inTests = (each: unknown) => each === 'tests' || each === 'data_tests'
  if (inTests(key) || (key === 'columns' && typeof inner === 'number' && inTests(innerKey)) || (typeof last === 'number' && inTests(keys.at(-2)))) return testNames(snapshot).map(([name, from]) => item(name, 'test', from))
  return []
}

/** Generic tests by the name that YAML calls them by. */
function testNames(snapshot: Snapshot): (readonly [string, string])[] {
  const names: (readonly [string, string])[] = []
  const root = snapshot.project.root.name
  for (const macro of snapshot.world.macros.byId.values()) {
    if (!macro.name.startsWith('test_')) continue
    const name = macro.name.slice('test_'.length)
    names.push([macro.internal || macro.package_name === root ? name : `${macro.package_name}.${name}`, macro.package_name])
  }
  return names
}
