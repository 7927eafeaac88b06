// dbt's selection syntax as a tree: `--select`/`--exclude` text → SelectionSpec. Ported from dbt-core 1.12 graph/cli.py and selector_spec.py.
// Knows no manifest; errors are values with dbt's own texts.

import type { Value } from '../../jinja/value.ts'

export const METHODS = ['fqn', 'tag', 'group', 'access', 'source', 'path', 'file', 'package', 'config', 'test_name', 'test_type', 'resource_type', 'state', 'exposure', 'metric', 'result', 'source_status', 'version', 'semantic_model', 'saved_query', 'unit_test', 'selector'] as const
export type MethodName = typeof METHODS[number]

export const INDIRECT_MODES = ['eager', 'cautious', 'buildable', 'empty'] as const
export type IndirectSelection = typeof INDIRECT_MODES[number]

export interface Criteria {
  readonly kind: 'criteria'
  /** As written, for messages. */
  readonly raw: string
  readonly method: MethodName
  readonly arguments: readonly string[]
  /** A string on the command line; in selectors.yml any YAML value. */
  readonly value: Value
  readonly childrensParents: boolean
  readonly parents: boolean
  readonly parentsDepth: number | null
  readonly children: boolean
  readonly childrenDepth: number | null
  readonly indirect: IndirectSelection
}

export interface SpecGroup {
  readonly kind: 'union' | 'intersection' | 'difference'
  readonly components: readonly SelectionSpec[]
  readonly indirect: IndirectSelection
  /** Warn when it selects nothing. */
  readonly expectExists: boolean
  readonly raw: string
}

export type SelectionSpec = Criteria | SpecGroup
export type SpecResult = { readonly ok: true; readonly spec: SelectionSpec } | { readonly ok: false; readonly message: string }

/** What dbt selects when nothing is asked (graph/cli.py DEFAULT_INCLUDES). */
const DEFAULT_INCLUDES = ['fqn:*', 'source:*', 'exposure:*', 'metric:*', 'semantic_model:*']

/**
 * `--select`/`--exclude` as given on the command line, each element possibly several specs separated by blanks.
 * An empty `include` list means dbt's default, everything (graph/cli.py parse_difference).
 */
export function parseDifference(include: readonly string[], exclude: readonly string[], indirect: IndirectSelection): SpecResult {
  const included = include.length === 0 ? parseUnion(DEFAULT_INCLUDES, false, indirect) : parseUnion(include, true, indirect)
  if (!included.ok) return included
  const excluded = parseUnion(exclude, exclude.length > 0, indirect)
  if (!excluded.ok) return excluded
  return { ok: true, spec: { kind: 'difference', components: [included.spec, excluded.spec], indirect: 'eager', expectExists: false, raw: '' } }
}

function parseUnion(components: readonly string[], expectExists: boolean, indirect: IndirectSelection): SpecResult {
  const parts: SelectionSpec[] = []
  for (const raw of components.flatMap((component) => component.split(' '))) {
    const criteria: SelectionSpec[] = []
    for (const part of raw.split(',')) {
      const parsed = parseCriteria(part, indirect)
      if (!parsed.ok) return parsed
      criteria.push(parsed.spec)
    }
    parts.push({ kind: 'intersection', components: criteria, indirect, expectExists, raw })
  }
  return { ok: true, spec: { kind: 'union', components: parts, indirect, expectExists: false, raw: components.join(' ') } }
}

const RAW_SELECTOR = /^(?<childrensParents>@)?(?<parents>(?<parentsDepth>\p{Nd}*)\+)?(?:(?<method>[\p{L}\p{N}_.]+):)?(?<value>[^\n]*?)(?<children>\+(?<childrenDepth>\p{Nd}*))?\n?$/u

/** A method that is named in text: `method: selector` in selectors.yml is older than `selector:`. */
export function isNamedInText({ raw, method }: Criteria): boolean { return RAW_SELECTOR.exec(raw)?.groups?.['method'] === method }

/** One spec: `@`, `n+`, `method:value`, `+n` (SelectionCriteria.from_single_spec). */
export function parseCriteria(raw: string, indirect: IndirectSelection): SpecResult {
  const groups = RAW_SELECTOR.exec(raw)?.groups
  if (!groups) return failed(`Invalid selector spec "${raw}"`)
  return makeCriteria(raw, {
    method: groups.method ?? null,
    value: groups.value ?? '',
    childrensParents: groups.childrensParents !== undefined,
    parents: groups.parents !== undefined,
    parentsDepth: depthOf(groups.parentsDepth),
    children: groups.children !== undefined,
    childrenDepth: depthOf(groups.childrenDepth),
    indirect,
  })
}

export interface CriteriaParts {
  readonly method: string | null
  readonly value: Value
  readonly childrensParents: boolean
  readonly parents: boolean
  readonly parentsDepth: number | null
  readonly children: boolean
  readonly childrenDepth: number | null
  readonly indirect: IndirectSelection
}

/** SelectionCriteria.selection_criteria_from_dict with its checks. */
export function makeCriteria(raw: string, parts: CriteriaParts): SpecResult {
  const [name, ...args] = parts.method === null ? [defaultMethod(parts.value)] : parts.method.split('.')
  const method = METHODS.find((candidate) => candidate === name)
  if (!method) return failed(`'${name}' is not a valid method name`)
  if (parts.children && parts.childrensParents) return failed(`Invalid node spec ${raw} - "@" prefix and "+" suffix are incompatible`)
  return { ok: true, spec: { ...parts, kind: 'criteria', raw, method, arguments: args } }
}

function defaultMethod(value: Value): MethodName {
  if (typeof value !== 'string') return 'fqn'
  if (value.includes('/')) return 'path'
  return /\.(?:sql|py|csv)$/i.test(value) ? 'file' : 'fqn'
}

function depthOf(text: string | undefined): number | null {
  if (!text) return null
  const depth = Number(text.normalize('NFKC'))
  return Number.isFinite(depth) ? depth : Number.MAX_SAFE_INTEGER
}

export function failed(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message }
}
