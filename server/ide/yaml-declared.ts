// What is declared in YAML alone, at the cursor: columns, measures, metrics, dimensions, entities. Where it stands, what is known of it, who names it.

import type { SourceFile } from '../dbt/files.ts'
import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import type { Place } from '../text/span.ts'
import { mapGet, stringValue } from '../yaml/find.ts'
import type { YamlNode } from '../yaml/nodes.ts'
import { callsOfFile, isYaml, stringArgument } from './scene.ts'
import { modelOfMeasure } from './yaml-names.ts'
import { mentionAt, mentionsIn, type Mention } from './yaml-mentions.ts'

/** Kinds that no resource of the manifest stands for. */
const OWN: ReadonlySet<Mention['kind']> = new Set(['column', 'measure', 'dimension', 'entity'])

/** Null where there is nothing, or a resource of the manifest, which is found by its id. */
export function declaredAt(snapshot: Snapshot, path: string, offset: number): Mention | null {
  const file = isYaml(path) ? propertyFileAt(snapshot, path) : null
  const mention = file ? mentionAt(file, offset) : null
  return mention && OWN.has(mention.kind) && mention.of !== '' ? mention : null
}

/** The same name of the same owner in every property file. */
export function mentionsOf(snapshot: Snapshot, wanted: Pick<Mention, 'kind' | 'name' | 'of'>): readonly (Mention & { readonly path: string })[] {
  return [...snapshot.files.values()].filter((file) => isYaml(file.path) && file.text.includes(wanted.name))
    .flatMap((file) => mentionsIn(file).filter((each) => each.kind === wanted.kind && sameName(each, wanted) && each.of === wanted.of).map((each) => ({ ...each, path: file.path })))
}

/** Columns are one name whatever their case. */
function sameName(one: Pick<Mention, 'kind' | 'name'>, other: Pick<Mention, 'name'>): boolean {
  return one.kind === 'column' ? one.name.toLowerCase() === other.name.toLowerCase() : one.name === other.name
}

export function declarationsOf(snapshot: Snapshot, wanted: Pick<Mention, 'kind' | 'name' | 'of'>): readonly Place[] {
  return mentionsOf(snapshot, wanted).filter((each) => each.declares !== null).map(placeOf)
}

export function placeOf({ path, span }: Mention & { readonly path: string }): Place {
  return { path, ...span }
}

/** What its YAML says of it; the first declaration that says anything counts. */
export function declaredText(snapshot: Snapshot, wanted: Mention): string {
  const declared = mentionsOf(snapshot, wanted).filter((each) => each.declares !== null)
  const said = (key: string): string | undefined => declared.map((each) => textOf(mapGet(each.declares, key))).find(Boolean)
  const of = wanted.kind === 'measure' ? modelOfMeasure(snapshot, wanted.name)?.name ?? null : wanted.of
  const owner = of === null ? '' : ` of ${wanted.kind === 'column' ? '' : 'semantic model '}${of}`
  const head = `${wanted.kind} \`${wanted.name}\`${owner}`
  if (declared.length === 0) return `${head}\n\nnot described in YAML`
  const facts = wanted.kind === 'column' ? [said('data_type')] : wanted.kind === 'measure' ? [said('agg'), said('expr')] : [said('type'), said('expr')]
  const tests = wanted.kind === 'column' ? [...new Set(declared.flatMap((each) => testsOf(each.declares)))] : []
  const description = resolvedDescription(snapshot, wanted) ?? said('description')
  return [[head, facts.filter(Boolean).join(', ')].filter(Boolean).join(': '), description ?? '', tests.length > 0 ? `tests: ${tests.join(', ')}` : ''].filter(Boolean).join('\n\n')
}

/** With docs blocks put in, as the manifest has it. */
function resolvedDescription(snapshot: Snapshot, { kind, name, of }: Mention): string | null {
  if (kind !== 'column' || of === null) return null
  const dot = of.indexOf('.')
  const nodes = dot > 0 ? [...snapshot.manifest.sources.values()].filter((each) => each.source_name === of.slice(0, dot) && each.name === of.slice(dot + 1)) : [...snapshot.manifest.nodes.values()].filter((each) => each.name === of && each.test === null)
  for (const node of nodes) for (const column of node.columns.values()) if (column.name.toLowerCase() === name.toLowerCase() && column.description) return column.description
  return null
}

function testsOf(column: YamlNode | null): string[] {
  return ['tests', 'data_tests'].flatMap((key) => {
    const list = mapGet(column, key)
    return list?.kind === 'seq' ? list.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : item.kind === 'map' ? [stringValue(mapGet(item, 'name')) ?? textOf(item.written[0]?.key) ?? ''] : [])) : []
  })
}

/** Names of metrics in filters, `{{ Metric('total') }}`, and calls of `metric('total')`, in YAML and SQL; of groups in `config(group='fin')`. */
export function callsNaming(snapshot: Snapshot, kind: 'metric' | 'group', name: string): readonly Place[] {
  return [...snapshot.files.values()].filter((file) => file.text.includes(name)).flatMap((file) => (kind === 'metric' ? metricCalls(file, name) : groupConfigs(file, name)))
}

function metricCalls(file: SourceFile, name: string): Place[] {
  return callsOfFile(file).flatMap((call) => {
    const argument = call.args[0]
    return (call.name === 'metric' || call.name === 'Metric') && argument && stringArgument(argument) === name ? [{ path: file.path, ...argument.span }] : []
  })
}

function groupConfigs(file: SourceFile, name: string): Place[] {
  return callsOfFile(file).flatMap((call) => (call.name === 'config' ? call.kwargs.flatMap((each) => (each.name === 'group' && stringArgument(each.value) === name ? [{ path: file.path, ...each.value.span }] : [])) : []))
}

function propertyFileAt(snapshot: Snapshot, path: string): SourceFile | null {
  return snapshot.resources.get(path)?.some((each) => each.kind === 'schema') === true ? sourceFile(snapshot, path) : null
}

function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' ? node.text : undefined
}
