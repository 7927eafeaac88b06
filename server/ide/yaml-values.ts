// Names that fit at a place of a property file: measures, metrics, columns, arguments, sources, by what the project knows. Completion only.

import { PyDict, PyList } from '../jinja/value.ts'
import type { Value } from '../jinja/value.ts'
import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import { macroNamed } from './macros.ts'
import { parametersOf } from './signature-help.ts'
import { ownerIn } from './yaml-mentions.ts'

export interface Place { readonly snapshot: Snapshot; readonly path: string; readonly offset: number; /** From the root, `-` for items of lists. */ readonly keys: readonly string[] }

/** Names for the value of a key. */
export function namesAt(place: Place, key: string): readonly string[] {
  const { snapshot, keys } = place
  const section = keys[0] ?? ''
  const outer = keys.findLast((each) => each !== '-') ?? ''
  if (section === 'metrics' && (key === 'measure' || outer === 'measure')) return measures(snapshot)
  if (section === 'metrics' && (key === 'numerator' || key === 'denominator' || outer === 'metrics' && keys.includes('type_params') || outer === 'input_metrics')) return othersNamed(snapshot, 'metric')
  if (section === 'sources' && key === 'name' && keys.length === 2) return [...new Set([...snapshot.manifest.sources.values()].map((each) => each.source_name))]
  if (section === 'macros' && outer === 'arguments' && key === 'name') return argumentNames(place)
  if (key === 'agg_time_dimension') return dimensionNames(place)
  if (key === 'field' && keys.some((each) => each === 'relationships' || each === 'arguments')) return columnsOf(snapshot, nearest(place, /\bto: *["']?(.*)$/gm))
  if (COLUMN_KEYS.has(key)) return columnNames(place)
  if (key === 'standard_granularity_column' || (outer === 'columns' && key === 'name')) return columnNames(place)
  return []
}

const COLUMN_KEYS: ReadonlySet<string> = new Set(['unique_key', 'updated_at', 'check_cols', 'event_time', 'loaded_at_field', 'column_name'])

/** Names for a key. */
export function keyNames(place: Place): readonly string[] {
  const { snapshot, keys } = place
  if (keys[0] !== 'unit_tests') return []
  if (keys.at(-2) === 'rows') {
    const given = keys.includes('given') ? nearest(place, /\binput: *["']?(.*)$/gm) : null
    return columnsOf(snapshot, given !== null && given !== '' ? given : nearest(place, /^ +(?:- )?model: *["']?([\w.]+)/gm))
  }
  if (keys.at(-2) === 'overrides' && keys.at(-1) === 'macros') return ['is_incremental', ...[...snapshot.world.macros.byId.values()].filter((each) => !each.internal && each.package_name === snapshot.project.root.name && !each.name.startsWith('test_')).map((each) => each.name)]
  return keys.at(-2) === 'overrides' && keys.at(-1) === 'vars' ? [...snapshot.project.root.vars.keys()].filter((each) => !snapshot.project.packages.has(each)) : []
}

/** What a line above, or just below, names: the owner in `ref('orders')` or `source('till', 'raw')`, else its text. */
function nearest({ snapshot, path, offset }: Place, pattern: RegExp): string | null {
  const text = sourceFile(snapshot, path)?.text ?? ''
  const found = [...text.slice(Math.max(0, offset - 2000), offset).matchAll(pattern)].at(-1)?.[1] ?? [...text.slice(offset, offset + 200).matchAll(pattern)][0]?.[1]
  return found === undefined ? null : ownerIn(found) ?? found.trim()
}

/** `orders`, or `till.raw` of a source. */
function columnsOf(snapshot: Snapshot, owner: string | null): string[] {
  const names = new Set<string>()
  for (const node of snapshot.manifest.nodes.values()) if (node.name === owner && node.test === null) for (const column of node.columns.keys()) names.add(column)
  for (const source of snapshot.manifest.sources.values()) if (`${source.source_name}.${source.name}` === owner) for (const column of source.columns.keys()) names.add(column)
  return [...names]
}

function dimensionNames(place: Place): string[] {
  const name = entryName(place)
  const dimensions = [...place.snapshot.manifest.others.values()].find((each) => each.resource_type === 'semantic_model' && each.name === name)?.properties.get('dimensions')
  return namesIn(dimensions)
}

/** Names for an item of a list. */
export function listNames(place: Place): readonly string[] {
  const { snapshot, keys } = place
  const [section, , outer] = keys
  const list = keys.at(-2)
  if (section === 'saved_queries' && outer === 'query_params' && list === 'metrics') return othersNamed(snapshot, 'metric')
  if (list === 'to_columns' || (list === 'columns' && keys.includes('constraints'))) return columnNames(place)
  return []
}

function othersNamed(snapshot: Snapshot, type: string): string[] {
  return [...snapshot.manifest.others.values()].filter((each) => each.resource_type === type).map((each) => each.name)
}

function measures(snapshot: Snapshot): string[] {
  return [...snapshot.manifest.others.values()].filter((each) => each.resource_type === 'semantic_model').flatMap((each) => namesIn(each.properties.get('measures')))
}

function namesIn(value: Value | undefined): string[] {
  return value instanceof PyList ? value.items.flatMap((item) => { const name = item instanceof PyDict ? item.get('name') : undefined; return typeof name === 'string' ? [name] : [] }) : []
}

/** The entry of the section that the cursor is in, by the nearest `- name:` above with the least indentation; a line half typed does not matter. */
function entryName({ snapshot, path, keys, offset }: Place): string | null {
  const text = sourceFile(snapshot, path)?.text.slice(0, offset) ?? ''
  const at = [...text.matchAll(new RegExp(`^${keys[0] ?? ''}:`, 'gm'))].at(-1)?.index ?? -1
  const names = at < 0 ? [] : [...text.slice(at).matchAll(/^( *)- (?:name|model): *["']?([\w.]+)/gm)]
  const least = Math.min(...names.map((each) => each[1]?.length ?? 0))
  return names.findLast((each) => each[1]?.length === least)?.[2] ?? null
}

function columnNames(place: Place): string[] {
  const { snapshot } = place
  return columnsOf(snapshot, entryName(place))
}

function argumentNames(place: Place): string[] {
  const name = entryName(place)
  const macro = name === null ? null : macroNamed(place.snapshot, place.path, name)
  return macro ? parametersOf(place.snapshot, macro).map((each) => each.name) : []
}
