// Mends of a ref that dbt forbids: the reader joins the group, or the model is opened to it where its `access` stands in a file of the project.
// dbt 1.12 Manifest.is_invalid_private_ref and is_invalid_protected_ref decide what is forbidden (graph/resolve-edges.ts).

import type { ManifestNode } from '../dbt/nodes/types.ts'
import { under } from '../dbt/nodes/yaml-values.ts'
import { propertyFile } from '../dbt/nodes/property-file.ts'
import type { Problem } from '../dbt/problem.ts'
import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import type { Place } from '../text/span.ts'
import { callsOfFile, isPython, isYaml, stringArgument } from './scene.ts'
import type { CodeAction } from './types.ts'

export function accessFixes(snapshot: Snapshot, problem: Problem): CodeAction[] {
  const id = problem.data?.['target']
  const target = problem.code === 'ref-forbidden' && typeof id === 'string' ? snapshot.manifest.nodes.get(id) : undefined
  const reader = snapshot.manifest.nodes.get(problem.unique_id ?? '')
  if (!target || !reader) return []
  const near = reader.package_name === target.package_name
  const fix = (title: string, place: Place, text: string): CodeAction => ({ title, kind: 'quickfix', preferred: false, edits: [{ path: place.path, span: { start: place.start, end: place.end }, text }], command: null, fixes: [problem.code] })
  const join = near && target.group !== null ? groupPlace(snapshot, reader) : null
  const wanted = near ? 'protected' : 'public'
  const written = accessPlaces(snapshot, target)[0]
  return [
    ...(join ? [fix(`Put '${reader.name}' into the group '${target.group ?? ''}'`, join, `{{ config(group='${target.group ?? ''}') }}\n`)] : []),
    ...(written ? [fix(`Make '${target.name}' ${wanted}`, written, wanted)] : []),
  ]
}

/** The beginning of the text of a SQL model or snapshot of no group: a further `config()` adds to the others. */
function groupPlace({ project }: Snapshot, { group, place, resource_type, test, rawCodeOffset, package_name }: ManifestNode): Place | null {
  const own = package_name === project.root.name && group === null && resource_type === 'model' && test === null && rawCodeOffset !== null && !isPython(place.path) && !isYaml(place.path)
  return own ? { path: place.path, start: 0, end: 0 } : null
}

/** Where `access` of a model stands literally, in the order in which dbt takes them: in its property file, in its own `config()`. Not in installed packages. */
function accessPlaces(snapshot: Snapshot, { patch, place, access }: ManifestNode): Place[] {
  const places: Place[] = []
  const ours = (path: string) => !path.startsWith(`${snapshot.project.packagesInstallPath}/`)
  const properties = patch && ours(patch.path) ? sourceFile(snapshot, patch.path) : null
  const entry = properties && patch ? propertyFile(properties, patch.path).sections.get('models')?.find((each) => each.node.start <= patch.start && patch.start <= each.node.end) : undefined
  for (const node of [under(under(entry?.node, 'config'), 'access'), under(entry?.node, 'access')]) {
    if (properties && node?.kind === 'scalar' && node.value === access) {
      const quote = /["']/.test(properties.text[node.start] ?? '') ? 1 : 0
      places.push({ path: properties.path, start: node.start + quote, end: node.end - quote })
    }
  }
  const file = ours(place.path) && !isYaml(place.path) ? sourceFile(snapshot, place.path) : null
  for (const call of file ? callsOfFile(file) : []) {
    for (const { name, value } of call.name === 'config' || call.name === 'dbt.config' ? call.kwargs : []) {
      if (name === 'access' && stringArgument(value) === access) places.push({ path: place.path, start: value.span.start, end: value.span.end })
    }
  }
  return places
}
