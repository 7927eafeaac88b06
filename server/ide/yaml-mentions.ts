// Every scalar of a property file that names something which is declared in YAML too: columns, measures, metrics, dimensions, entities, groups,
// and what a unit test replaces. Read by where it stands; what its text means elsewhere is not this file's business.

import type { SourceFile } from '../dbt/files.ts'
import type { Span } from '../text/span.ts'
import { mapGet, seqItems, stringValue } from '../yaml/find.ts'
import type { YamlEntry, YamlNode, YamlScalar } from '../yaml/nodes.ts'
import { documentOfFile, textSpan } from './scene.ts'

export type MentionKind = 'column' | 'measure' | 'metric' | 'dimension' | 'entity' | 'group' | 'exposure' | 'semantic_model' | 'saved_query' | 'unit_test' | 'model' | 'macro' | 'var'

export interface Mention {
  readonly kind: MentionKind
  readonly name: string
  /** Of a column, dimension or entity: the node it belongs to (`orders`; `till.raw` for a table of a source) or the semantic model. */
  readonly of: string | null
  readonly span: Span
  /** The entry that declares it, here. */
  readonly declares: YamlNode | null
}

const known = new WeakMap<SourceFile, readonly Mention[]>()

/** In the order of the text. */
export function mentionsIn(file: SourceFile): readonly Mention[] {
  let found = known.get(file)
  if (!found) known.set(file, found = read(file).toSorted((one, other) => one.span.start - other.span.start))
  return found
}

export function mentionAt(file: SourceFile, offset: number): Mention | null {
  return mentionsIn(file).find((each) => offset >= each.span.start && offset <= each.span.end) ?? null
}

/** `ref('orders')` → `orders`, `source('till', 'raw')` → `till.raw`, also within `{{ }}`. */
export function ownerIn(text: string | undefined): string | null {
  const call = /\b(ref|source)\s*\(\s*(["'])([^"']*)\2\s*(?:,\s*(["'])([^"']*)\4)?/.exec(text ?? '')
  if (!call) return null
  return call[1] === 'source' ? `${call[3] ?? ''}.${call[5] ?? ''}` : call[5] ?? call[3] ?? null
}

function read(file: SourceFile): Mention[] {
  const { root } = documentOfFile(file)
  const found: Mention[] = []
  const say = (kind: MentionKind, node: YamlNode | undefined, of: string | null = null, declares: YamlNode | null = null): void => {
    if (node?.kind === 'scalar' && node.alias === null && node.style !== 'missing' && node.style !== 'literal' && node.style !== 'folded' && node.text !== '') found.push({ kind, name: node.text, of, span: textSpan(node), declares })
  }
  const names = (kind: MentionKind, node: YamlNode | undefined, of: string | null = null): void => {
    if (node?.kind === 'seq') for (const item of node.items) say(kind, item.kind === 'map' ? mapGet(item, 'name') : item, of)
    else say(kind, node?.kind === 'map' ? mapGet(node, 'name') : node, of)
  }

  const columns = (entry: YamlNode, of: string): void => {
    for (const column of seqItems(mapGet(entry, 'columns'))) {
      const name = mapGet(column, 'name')
      say('column', name, of, column)
      for (const key of ['include', 'exclude']) for (const each of seqItems(mapGet(column, key))) if (each.kind === 'scalar' && each.text !== '*' && each.text !== 'all') say('column', each, of)
      tests(column, of)
      constraints(column, of)
    }
    tests(entry, of)
    constraints(entry, of)
    const config = mapGet(entry, 'config')
    for (const holder of [entry, config]) {
      names('group', mapGet(holder, 'group'))
      for (const key of ['unique_key', 'updated_at', 'check_cols', 'event_time', 'loaded_at_field']) if (stringValue(mapGet(holder, key)) !== 'all') names('column', mapGet(holder, key), of)
    }
    say('column', mapGet(mapGet(entry, 'time_spine'), 'standard_granularity_column'), of)
  }

  const tests = (holder: YamlNode, of: string): void => {
    for (const item of [...seqItems(mapGet(holder, 'tests')), ...seqItems(mapGet(holder, 'data_tests'))]) {
      if (item.kind !== 'map') continue
      const given = mapGet(item, 'test_name') ? item : item.written[0]?.value
      const test = stringValue(mapGet(item, 'test_name')) ?? textOf(item.written[0]?.key)
      for (const args of [given, mapGet(given, 'arguments')]) {
        say('column', mapGet(args, 'column_name'), of)
        if (test === 'relationships') say('column', mapGet(args, 'field'), ownerIn(textOf(mapGet(args, 'to'))) ?? '')
        for (const key of ['combination_of_columns', 'group_by_columns']) names('column', mapGet(args, key), of)
      }
    }
  }

  const constraints = (holder: YamlNode, of: string): void => {
    for (const constraint of seqItems(mapGet(holder, 'constraints'))) {
      names('column', mapGet(constraint, 'columns'), of)
      names('column', mapGet(constraint, 'to_columns'), ownerIn(textOf(mapGet(constraint, 'to'))) ?? '')
    }
  }

  const rows = (holder: YamlNode | undefined, of: string): void => {
    const node = mapGet(holder, 'rows')
    for (const row of seqItems(node)) if (row.kind === 'map' && row.alias === null) for (const { key } of row.written) say('column', key, of)
    if (node?.kind === 'scalar' && stringValue(mapGet(holder, 'format')) === 'csv') found.push(...headerOf(file.text, node, of))
  }

  for (const section of ['models', 'seeds', 'snapshots', 'analyses']) {
    for (const entry of seqItems(mapGet(root, section))) {
      const name = textOf(mapGet(entry, 'name')) ?? ''
      columns(entry, name)
      for (const version of seqItems(mapGet(entry, 'versions'))) columns(version, name)
    }
  }
  for (const source of seqItems(mapGet(root, 'sources'))) {
    for (const table of seqItems(mapGet(source, 'tables'))) columns(table, `${textOf(mapGet(source, 'name')) ?? ''}.${textOf(mapGet(table, 'name')) ?? ''}`)
  }
  for (const entry of seqItems(mapGet(root, 'groups'))) say('group', mapGet(entry, 'name'), null, entry)
  for (const entry of seqItems(mapGet(root, 'exposures'))) {
    say('exposure', mapGet(entry, 'name'), null, entry)
    for (const holder of [entry, mapGet(entry, 'config')]) names('group', mapGet(holder, 'group'))
  }
  for (const entry of seqItems(mapGet(root, 'unit_tests'))) {
    say('unit_test', mapGet(entry, 'name'), null, entry)
    say('model', mapGet(entry, 'model'))
    const model = textOf(mapGet(entry, 'model')) ?? ''
    for (const given of seqItems(mapGet(entry, 'given'))) {
      const input = textOf(mapGet(given, 'input'))
      rows(given, input === 'this' ? model : ownerIn(input) ?? '')
    }
    rows(mapGet(entry, 'expect'), model)
    const overrides = mapGet(entry, 'overrides')
    for (const { key } of entriesOf(mapGet(overrides, 'macros'))) say('macro', key)
    for (const { key } of entriesOf(mapGet(overrides, 'vars'))) say('var', key)
  }
  for (const entry of seqItems(mapGet(root, 'semantic_models'))) {
    const name = textOf(mapGet(entry, 'name')) ?? ''
    const model = ownerIn(textOf(mapGet(entry, 'model'))) ?? ''
    say('semantic_model', mapGet(entry, 'name'), null, entry)
    say('dimension', mapGet(mapGet(entry, 'defaults'), 'agg_time_dimension'), name)
    for (const [list, kind] of [['entities', 'entity'], ['dimensions', 'dimension'], ['measures', 'measure']] as const) {
      for (const each of seqItems(mapGet(entry, list))) {
        say(kind, mapGet(each, 'name'), kind === 'measure' ? null : name, each)
        say('dimension', mapGet(each, 'agg_time_dimension'), name)
        if (/^[A-Za-z_]\w*$/.test(textOf(mapGet(each, 'expr')) ?? '')) say('column', mapGet(each, 'expr'), model)
      }
    }
    names('group', mapGet(mapGet(entry, 'config'), 'group'))
  }
  for (const entry of seqItems(mapGet(root, 'metrics'))) {
    say('metric', mapGet(entry, 'name'), null, entry)
    metricInputs(mapGet(entry, 'type_params'), names)
    // dbt 1.12 writes them beside the type.
    metricInputs(entry, names)
    names('group', mapGet(mapGet(entry, 'config'), 'group'))
  }
  for (const entry of seqItems(mapGet(root, 'saved_queries'))) {
    say('saved_query', mapGet(entry, 'name'), null, entry)
    names('metric', mapGet(mapGet(entry, 'query_params'), 'metrics'))
    names('group', mapGet(mapGet(entry, 'config'), 'group'))
  }
  return found
}

function metricInputs(holder: YamlNode | undefined, names: (kind: MentionKind, node: YamlNode | undefined) => void): void {
  for (const key of ['measure', 'input_measures']) names('measure', mapGet(holder, key))
  for (const key of ['numerator', 'denominator', 'metrics', 'input_metrics', 'input_metric', 'metric']) names('metric', mapGet(holder, key))
  const conversion = mapGet(holder, 'conversion_type_params') ?? holder
  for (const key of ['base_measure', 'conversion_measure']) names('measure', mapGet(conversion, key))
  for (const key of ['base_metric', 'conversion_metric']) names('metric', mapGet(conversion, key))
  const cumulative = mapGet(holder, 'cumulative_type_params')
  names('metric', mapGet(cumulative, 'metric'))
}

/** The first line of rows written as CSV in a block of text. */
function headerOf(text: string, node: YamlScalar, of: string): Mention[] {
  const first = node.style === 'literal' || node.style === 'folded' ? text.indexOf('\n', node.start) + 1 : textSpan(node).start
  const line = text.slice(first, node.end).split('\n')[0] ?? ''
  if (first === 0) return []
  return [...line.matchAll(/[^,\s"]+/g)].map((match) => ({ kind: 'column', name: match[0], of, span: { start: first + match.index, end: first + match.index + match[0].length }, declares: null }))
}

function entriesOf(node: YamlNode | undefined): readonly YamlEntry[] {
  return node?.kind === 'map' && node.alias === null ? node.written : []
}

function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' ? node.text : undefined
}
