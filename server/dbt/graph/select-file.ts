// selectors.yml (already read and rendered) → named selections. Ported from dbt-core 1.12 config/selectors.py and graph/cli.py.
// Errors are dbt's texts as values; a broken file gives no selectors at all, as in dbt.

import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import { reprOf, strOf } from '../../jinja/repr.ts'
import { INDIRECT_MODES, failed, makeCriteria, parseCriteria, parseDifference, type IndirectSelection, type SelectionSpec, type SpecResult } from './select-spec.ts'
import type { Selectors } from './select-types.ts'

/** `selector`: the name of the one that is refused, where the refusal is of one. */
export type SelectorsResult = { readonly ok: true; readonly selectors: Selectors } | { readonly ok: false; readonly message: string; readonly selector: string | null }

const NO_LISTS = 'Valid root-level selector definitions: union, intersection, string, dictionary. No lists. \nhttps://docs.getdbt.com/reference/node-selection/yaml-selectors'

/** `data`: the whole file as YAML; null or empty: no selectors. `indirect`: `--indirect-selection`. */
/** `excludeBeside`: see Rules.selectorsTakeExcludeBeside. */
export function parseSelectors(data: Value, indirect: IndirectSelection, excludeBeside = false): SelectorsResult {
  const selectors = new Map<string, { spec: SelectionSpec; isDefault: boolean; description: string }>()
  if (data === null || (data instanceof PyDict && !data.truthy())) return { ok: true, selectors }
  const list = data instanceof PyDict ? data.get('selectors') : undefined
  if (!(list instanceof PyList)) return invalid(data)
  const entries: { name: string; definition: Value; isDefault: boolean; description: string }[] = []
  for (const entry of list.items) {
    const name = entry instanceof PyDict ? entry.get('name') : undefined
    const definition = entry instanceof PyDict ? entry.get('definition') : undefined
    if (!(entry instanceof PyDict) || typeof name !== 'string' || (typeof definition !== 'string' && !(definition instanceof PyDict))) return invalid(entry)
    const description = entry.get('description')
    entries.push({ name, definition, isDefault: entry.get('default') === true, description: typeof description === 'string' ? description : '' })
  }
  const defaults = entries.filter((entry) => entry.isDefault)
  if (defaults[0] && defaults[1]) return { ok: false, message: `Error when parsing the selector file. Found multiple selectors with \`default: true\`:${defaults[0].name} and ${defaults[1].name}`, selector: defaults[1].name }
  for (const { name, definition, isDefault, description } of entries) {
    const parsed = parseDefinition(excludeBeside ? withExcludeInside(definition) : definition, indirect, true)
    if (!parsed.ok) return { ok: false, message: `Could not read selector file data: Runtime Error\n  ${parsed.message.replaceAll('\n', '\n  ')}`, selector: name }
    selectors.set(name, { spec: parsed.spec, isDefault, description })
  }
  return { ok: true, selectors }
}

/** What a command selects: `--selector`, else the default selector when neither --select nor --exclude is given, else the two (task/runnable.py get_selection_spec). */
export function selectionSpec(options: { readonly select: readonly string[]; readonly exclude: readonly string[]; readonly selector: string | null; readonly indirect: IndirectSelection }, selectors: Selectors): SpecResult {
  if (options.selector !== null) {
    const named = selectors.get(options.selector)
    return named ? { ok: true, spec: named.spec } : failed(`Could not find selector named ${options.selector}, expected one of [${Array.from(selectors.keys(), (name) => reprOf(name)).join(', ')}]`)
  }
  const standing = Array.from(selectors.values()).find((selector) => selector.isDefault)
  if (standing && options.select.length === 0 && options.exclude.length === 0) return { ok: true, spec: standing.spec }
  return parseDifference(options.select, options.exclude, options.indirect)
}

function invalid(instance: Value): SelectorsResult {
  const name = instance instanceof PyDict ? instance.get('name') : null
  return { ok: false, message: `Could not parse selector file data: \n${dump(instance)}\n${NO_LISTS}`, selector: typeof name === 'string' ? name : null }
}

/** `{union: […], exclude: […]}` as dbt 1 writes it: the exclusion is one of the items. */
function withExcludeInside(definition: Value): Value {
  if (!(definition instanceof PyDict) || definition.entries.size !== 2 || !definition.has('exclude')) return definition
  const kind = ['union', 'intersection'].find((each) => definition.has(each))
  const items = kind === undefined ? undefined : definition.get(kind)
  if (kind === undefined || !(items instanceof PyList)) return definition
  return new PyDict([[kind, new PyList([...items.items, new PyDict([['exclude', definition.get('exclude') ?? null]])])]])
}

function parseDefinition(definition: Value, indirect: IndirectSelection, root: boolean): SpecResult {
  if (typeof definition === 'string') return parseCriteria(definition, indirect)
  if (!(definition instanceof PyDict)) return failed(`Expected to find union, intersection, str or dict, instead found ${reprOf(definition)}`)
  if (root && (definition.has('union') || definition.has('intersection')) && definition.entries.size > 1) return failed(`Only a single 'union' or 'intersection' key is allowed in a root level selector definition; found ${definition.keys().map(strOf).join(',')}.`)
  if (definition.has('union')) return parseGroup(definition, 'union', indirect)
  if (definition.has('intersection')) return parseGroup(definition, 'intersection', indirect)
  return parseMethod(definition, indirect)
}

function parseGroup(definition: PyDict, kind: 'union' | 'intersection', indirect: IndirectSelection): SpecResult {
  const parts = listOf(definition, kind)
  if (!Array.isArray(parts)) return parts
  const included: SelectionSpec[] = []
  let excluded: SelectionSpec | null = null
  let exclusions = 0
  for (const part of parts) {
    // Whatever holds an `exclude` key counts as exclusion alone: its own method and value are passed over.
    if (part instanceof PyDict && part.has('exclude')) {
      if (exclusions++ > 0 && excluded !== null) return failed(`You cannot provide multiple exclude arguments to the same selector set operator:\n${dump(part)}`)
      const parsed = parseExclusions(part, indirect)
      if (!parsed.ok) return parsed
      excluded = parsed.spec
    } else {
      const parsed = parseDefinition(part, indirect, false)
      if (!parsed.ok) return parsed
      included.push(parsed.spec)
    }
  }
  const group: SelectionSpec = { kind, components: included, indirect: 'eager', expectExists: false, raw: reprOf(definition) }
  return { ok: true, spec: excluded === null ? group : difference(group, excluded, reprOf(definition)) }
}

function parseMethod(definition: PyDict, indirect: IndirectSelection): SpecResult {
  let dict = definition
  let excluded: SelectionSpec | null = null
  if (definition.entries.size === 1) {
    const [key, value] = definition.items()[0] as [Value, Value]
    if (typeof key !== 'string') return failed(`Expected definition key to be a "str", got one of type "${reprOf(key)}" (${strOf(key)})`)
    dict = new PyDict([['method', key], ['value', value]])
  } else if (!definition.has('method') || !definition.has('value')) {
    return failed(`Expected either 1 key or else "method" and "value" keys, but got ${reprOf(new PyList(definition.keys()))}`)
  } else if (definition.has('exclude')) {
    const parsed = parseExclusions(definition, indirect)
    if (!parsed.ok) return parsed
    excluded = parsed.spec
  }
  const method = dict.get('method') ?? null
  const mode = dict.get('indirect_selection')
  const chosen = mode === undefined ? indirect : INDIRECT_MODES.find((name) => name === mode)
  if (chosen === undefined) return failed(`${reprOf(mode ?? null)} is not a valid IndirectSelection`)
  const [parentsDepth, childrenDepth] = [depth(dict, 'parents_depth'), depth(dict, 'children_depth')]
  if (parentsDepth === undefined || childrenDepth === undefined) return failed(`Invalid node spec - could not handle parent depth ${strOf(dict.get(parentsDepth === undefined ? 'parents_depth' : 'children_depth') ?? null)}`)
  const base = makeCriteria(reprOf(definition), {
    method: method === null ? null : strOf(method),
    value: dict.get('value') ?? null,
    childrensParents: truthy(dict.get('childrens_parents')),
    parents: truthy(dict.get('parents')),
    parentsDepth,
    children: truthy(dict.get('children')),
    childrenDepth,
    indirect: chosen,
  })
  return base.ok && excluded !== null ? { ok: true, spec: difference(base.spec, excluded, 'None') } : base
}

function parseExclusions(definition: PyDict, indirect: IndirectSelection): { readonly ok: true; readonly spec: SelectionSpec | null } | { readonly ok: false; readonly message: string } {
  const parts = listOf(definition, 'exclude')
  if (!Array.isArray(parts)) return parts
  const specs: SelectionSpec[] = []
  for (const part of parts) {
    const parsed = parseDefinition(part, indirect, false)
    if (!parsed.ok) return parsed
    specs.push(parsed.spec)
  }
  if (specs.length <= 1) return { ok: true, spec: specs[0] ?? null }
  return { ok: true, spec: { kind: 'union', components: specs, indirect: 'eager', expectExists: false, raw: '' } }
}

function listOf(definition: PyDict, key: string): Value[] | { readonly ok: false; readonly message: string } {
  const values = definition.get(key)
  if (!(values instanceof PyList)) return failed(`Invalid value for key "${key}". Expected a list.`)
  for (const value of values.items) {
    if (typeof value !== 'string' && !(value instanceof PyDict)) return failed(`Invalid value type ${reprOf(value)} in key "${key}", expected dict or str (value: ${strOf(value)}).`)
  }
  return values.items
}

function difference(base: SelectionSpec, excluded: SelectionSpec, raw: string): SelectionSpec {
  return { kind: 'difference', components: [base, excluded], indirect: 'eager', expectExists: false, raw }
}

/** `_match_to_int`: null for absent or falsy, undefined for no number. */
function depth(dict: PyDict, key: string): number | null | undefined {
  const raw = dict.get(key)
  if (!truthy(raw)) return null
  if (raw === true) return 1
  const number = typeof raw === 'bigint' || typeof raw === 'number' ? Math.trunc(Number(raw)) : typeof raw === 'string' && /^\s*[-+]?\d+\s*$/.test(raw) ? Number(raw) : undefined
  return number
}

function truthy(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '' || value === 0n || value === 0) return false
  return typeof value === 'object' ? value.truthy() : true
}

/** PyYAML's block style for what a selectors.yml holds: keys sorted, lists not indented. */
function dump(value: Value, indent = ''): string {
  if (value instanceof PyDict) {
    if (!value.truthy()) return `${indent}{}\n`
    return value.items().map(([key, item]) => [strOf(key), item] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => {
      if ((item instanceof PyDict && item.truthy())) return `${indent}${key}:\n${dump(item, `${indent}  `)}`
      if (item instanceof PyList && item.truthy()) return `${indent}${key}:\n${dump(item, indent)}`
      return `${indent}${key}: ${dump(item).trimEnd()}\n`
    }).join('')
  }
  if (value instanceof PyList) return value.truthy() ? value.items.map((item) => `${indent}- ${dump(item, `${indent}  `).trimStart()}`).join('') : `${indent}[]\n`
  if (value === null) return `${indent}null\n`
  if (typeof value === 'boolean') return `${indent}${value}\n`
  return `${indent}${strOf(value)}\n`
}
