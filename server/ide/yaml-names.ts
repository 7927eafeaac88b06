// Names in property files that mean a resource by where they stand: `models: - name: orders`, `sources: … tables: - name: raw`.

import { PyDict, PyList } from '../jinja/value.ts'
import type { Value } from '../jinja/value.ts'
import type { OtherResource } from '../dbt/nodes/types.ts'
import { lookupOf, idsOf, type NameTable } from '../dbt/graph/lookup.ts'
import { packageOf, resourceOf, sourceFile, type AnyResource, type Snapshot } from '../dbt/snapshot.ts'
import { mapGet, seqItems, stringValue } from '../yaml/find.ts'
import type { YamlNode } from '../yaml/parse.ts'
import { macroNamed } from './macros.ts'
import { documentOfFile, type Thing } from './scene.ts'

const NODE_SECTIONS: ReadonlySet<unknown> = new Set(['models', 'seeds', 'snapshots', 'analyses', 'data_tests', 'tests', 'functions'])

/** The resource that a YAML scalar names by its place; null for all else. */
export function yamlTarget(snapshot: Snapshot, path: string, thing: Extract<Thing, { kind: 'yaml' }>): AnyResource | null {
  const [section, index, key, innerIndex, innerKey] = thing.path
  if (snapshot.besides.has(path)) return null
  if (thing.on !== 'value') return testNamed(snapshot, path, thing)
  if (NODE_SECTIONS.has(section) && key === 'name' && thing.path.length === 3) return nodeNamed(snapshot, path, String(section), thing.text)
  if (section === 'macros' && key === 'name') return macroNamed(snapshot, path, thing.text)?.node ?? null
  if (section === 'sources' && key === 'tables' && innerKey === 'name') {
    const file = sourceFile(snapshot, path)
    const source = file && typeof index === 'number' ? sourceNameAt(documentOfFile(file).root, index) : null
    return source ? first(snapshot, lookupOf(snapshot.manifest).sources, `${source}.${thing.text}`, path) : null
  }
  if (section === 'sources' && key === 'name') return [...snapshot.manifest.sources.values()].find((each) => each.source_name === thing.text) ?? null
  if (section === 'unit_tests' && key === 'model') return nodeNamed(snapshot, path, 'models', thing.text)
  if (key === 'tests' || key === 'data_tests' || (key === 'columns' && (innerKey === 'tests' || innerKey === 'data_tests') && typeof innerIndex === 'number')) return macroNamed(snapshot, path, testMacro(thing.text))?.node ?? null
  if (key === 'group' || (key === 'config' && innerIndex === 'group')) return otherNamed(snapshot, 'group', thing.text)
  if (METRIC_HOLDERS.has(section) && thing.path.slice(2).some((step) => METRIC_KEYS.has(step))) return otherNamed(snapshot, 'metric', thing.text)
  const named = OTHER_SECTIONS.get(String(section))
  if (named && key === 'name') return otherNamed(snapshot, named, thing.text)
  return null
}

const METRIC_HOLDERS: ReadonlySet<unknown> = new Set(['metrics', 'saved_queries'])
/** Below these, names are those of metrics. */
const METRIC_KEYS: ReadonlySet<unknown> = new Set(['metrics', 'numerator', 'denominator', 'input_metrics', 'input_metric', 'base_metric', 'conversion_metric'])

function otherNamed(snapshot: Snapshot, type: string, name: string): AnyResource | null {
  return [...snapshot.manifest.others.values()].find((each) => each.resource_type === type && each.name === name) ?? null
}

/** The semantic model that has a measure. */
export function modelOfMeasure(snapshot: Snapshot, name: string): OtherResource | null {
  return [...snapshot.manifest.others.values()].find((each) => each.resource_type === 'semantic_model' && measuresOf(each).includes(name)) ?? null
}

function measuresOf(model: OtherResource): readonly Value[] {
  const measures = model.properties.get('measures')
  return measures instanceof PyList ? measures.items.map((each) => (each instanceof PyDict ? each.get('name') ?? null : null)) : []
}

/** The `name:` of a resource's YAML entry, as a place, for definition and rename. */
function sourceNameAt(root: YamlNode | null, index: number): string | null {
  return stringValue(mapGet(seqItems(mapGet(root, 'sources'))[index], 'name')) ?? null
}

const OTHER_SECTIONS: ReadonlyMap<string, string> = new Map(Object.entries<string>({ exposures: 'exposure', metrics: 'metric', semantic_models: 'semantic_model', saved_queries: 'saved_query', groups: 'group', unit_tests: 'unit_test' }))

/** A test written as a mapping (`- relationships: {…}`) is named by its key. */
function testNamed(snapshot: Snapshot, path: string, thing: Extract<Thing, { kind: 'yaml' }>): AnyResource | null {
  const under = thing.path.at(-3)
  return under === 'tests' || under === 'data_tests' ? (macroNamed(snapshot, path, testMacro(thing.text))?.node ?? null) : null
}

/** `unique` → the macro `test_unique`; `package.name` keeps its package. */
export function testMacro(name: string): string {
  const dot = name.indexOf('.')
  return dot < 0 ? `test_${name}` : `${name.slice(0, dot)}.test_${name.slice(dot + 1)}`
}

function nodeNamed(snapshot: Snapshot, path: string, section: string, name: string): AnyResource | null {
  const found = first(snapshot, lookupOf(snapshot.manifest).refs, name, path)
  if (found) return found
  const type = section === 'analyses' ? 'analysis' : section === 'data_tests' || section === 'tests' ? 'test' : section.replace(/s$/, '')
  const id = `${type}.${packageOf(snapshot, path)}.${name}`
  const direct = resourceOf(snapshot, id)
  if (direct) return direct
  for (const node of snapshot.manifest.nodes.values()) if (node.resource_type === type && node.name === name) return node
  return null
}

function first(snapshot: Snapshot, table: NameTable, key: string, path: string): AnyResource | null {
  const id = idsOf(table, key, packageOf(snapshot, path))[0] ?? idsOf(table, key, null)[0]
  return id === undefined ? null : resourceOf(snapshot, id)
}
