// A ref() or source() standing in YAML (foreign keys, snapshots' relation, unit tests' inputs), read without running it.
// dbt 1.12: clients/jinja_static.py statically_parse_ref_or_source, which asks dbt-extractor: literal arguments only.

import type { Place, Span } from '../../../text/span.ts'
import { parseStatically } from '../../context/static-parser.ts'
import type { RefArgs, ResourceCall } from '../../nodes/types.ts'

export type StaticTarget =
  | { readonly kind: 'ref'; readonly ref: RefArgs; readonly nameSpan: Span }
  | { readonly kind: 'source'; readonly source: readonly [string, string]; readonly nameSpan: Span }

const LEAD = '{{ '

/** The first ref, else the first source; null when the expression is no such call. Spans are offsets in `text`. */
export function staticRef(text: string): StaticTarget | null {
  const found = parseStatically(`${LEAD}${text} }}`)
  const [ref] = found?.refs ?? []
  if (ref) return { kind: 'ref', ref: ref.ref, nameSpan: within(ref.nameSpan) }
  const [source] = found?.sources ?? []
  return source ? { kind: 'source', source: source.names, nameSpan: within(source.nameSpan) } : null
}

/** What dbt says of an expression that is no such call: the extractor reads literals, and everything else stops it. */
export function staticRefusal(text: string): string {
  return `Invalid ${parseStatically(`${LEAD}${text} }}`) ? 'ref or source' : 'jinja'} expression: ${text}`
}

function within({ start, end }: Span): Span { return { start: start - LEAD.length, end: end - LEAD.length } }

/** The call as resolution sees it; `place` is where the text stands in its file. */
export function callOf(target: StaticTarget, place: Place, textStart: number | null = null): ResourceCall {
  const span = { start: place.start, end: place.end }
  return {
    kind: target.kind, args: target.kind === 'ref' ? [...target.ref.package === null ? [] : [target.ref.package], target.ref.name] : [...target.source],
    version: target.kind === 'ref' ? target.ref.version : null, invalid: null, span, path: place.path,
    nameSpan: textStart === null ? null : { start: textStart + target.nameSpan.start, end: textStart + target.nameSpan.end }, via: [], certain: true,
  }
}
