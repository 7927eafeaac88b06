// A ref() or source() standing in YAML (foreign keys, snapshots' relation, unit tests' inputs), read without running it.
// dbt 1.12: clients/jinja_static.py statically_parse_ref_or_source, which asks dbt-extractor: literal arguments only.

import type { Call, Expression } from '../../../jinja/nodes.ts'
import { parseTemplate } from '../../../jinja/parse.ts'
import type { Place, Span } from '../../../text/span.ts'
import type { RefArgs, ResourceCall } from '../../nodes/types.ts'

export type StaticTarget =
  | { readonly kind: 'ref'; readonly ref: RefArgs; readonly nameSpan: Span }
  | { readonly kind: 'source'; readonly source: readonly [string, string]; readonly nameSpan: Span }

/** Null when the expression is no such call. Spans are offsets in `text`. */
export function staticRef(text: string): StaticTarget | null {
  const template = parseTemplate(`{{ ${text} }}`)
  const statement = template.body[0]
  if (template.errors.length || statement?.kind !== 'Print' || template.body.length !== 1) return null
  const call = statement.nodes[0]
  return call?.kind === 'Call' && call.node.kind === 'Name' ? targetOf(call, call.node.name) : null
}

/** Of `{{ ` before the text. */
const LEAD = 3

function targetOf(call: Call, name: string): StaticTarget | null {
  if (call.dynArgs || call.dynKwargs) return null
  const texts = call.args.map(literal)
  if (texts.some(value => value === null)) return null
  const last = call.args.at(-1)
  const nameSpan = last ? { start: last.start + 1 - LEAD, end: last.end - 1 - LEAD } : { start: call.start - LEAD, end: call.end - LEAD }
  if (name === 'source') {
    const named = new Map(call.kwargs.map(argument => [argument.name, literal(argument.value)]))
    const source = texts[0] ?? named.get('source_name') ?? null
    const table = texts[1] ?? named.get('table_name') ?? null
    return texts.length <= 2 && source !== null && table !== null ? { kind: 'source', source: [source, table], nameSpan } : null
  }
  if (name !== 'ref' || texts.length < 1 || texts.length > 2) return null
  let version: RefArgs['version'] = null
  for (const argument of call.kwargs) {
    if (argument.name !== 'v' && argument.name !== 'version') return null
    const value = argument.value.kind === 'Const' ? argument.value.value : undefined
    if (value === undefined || value === null || typeof value === 'boolean') return null
    version = value
  }
  return { kind: 'ref', ref: { name: texts.at(-1) ?? '', package: texts.length === 2 ? texts[0] ?? null : null, version }, nameSpan }
}

function literal(node: Expression): string | null { return node.kind === 'Const' && typeof node.value === 'string' ? node.value : null }

/** The call as resolution sees it; `place` is where the text stands in its file. */
export function callOf(target: StaticTarget, place: Place, textStart: number | null = null): ResourceCall {
  const span = { start: place.start, end: place.end }
  return {
    kind: target.kind, args: target.kind === 'ref' ? [...target.ref.package === null ? [] : [target.ref.package], target.ref.name] : [...target.source],
    version: target.kind === 'ref' ? target.ref.version : null, invalid: null, span, path: place.path,
    nameSpan: textStart === null ? null : { start: textStart + target.nameSpan.start, end: textStart + target.nameSpan.end }, via: [], certain: true,
  }
}
