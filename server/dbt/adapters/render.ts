// How an adapter prints a relation: dbt/adapters/base/relation.py `render`, `render_limited`, `_render_event_time_filtered` and their overrides.
// Pure text; what the parts and policies are is decided by names/ and context/.

import type { Adapter, Policy } from './types.ts'

export interface RelationParts {
  readonly database: string | null
  readonly schema: string | null
  readonly identifier: string | null
}

/** The relation of a source. ClickHouse has no databases: one that is given stands for the schema, where that is only the source's name (ClickHouseRelation.create_from). */
export function sourceParts({ database: kind }: Adapter, { database, schema, source_name, identifier }: { readonly database: string | null; readonly schema: string; readonly source_name: string; readonly identifier: string }): RelationParts {
  return kind === 'empty' ? { database: '', schema: schema === source_name && database !== null && database !== '' ? database : schema, identifier } : { database, schema, identifier }
}

/** What of a relation in this database is printed unless include() says otherwise. */
export function includeOf({ includePolicy, unprintedDatabases }: Adapter, database: string | null): Policy {
  return database !== null && unprintedDatabases.has(database.toLowerCase()) ? { ...includePolicy, database: false } : includePolicy
}

/** `str(relation)` without limit and filter. A part that is null or not included is left out; an empty one is printed. */
export function renderRelation(adapter: Adapter, parts: RelationParts, quote: Policy, include: Policy): string {
  const printed: string[] = []
  const add = (part: string | null, included: boolean, quoted: boolean): void => {
    if (part !== null && included) printed.push(quoted || adapter.alwaysQuotes ? quoteName(adapter, part) : part)
  }
  add(parts.database, include.database, quote.database)
  add(parts.schema, include.schema, quote.schema)
  add(parts.identifier, include.identifier, quote.identifier)
  const text = printed.join('.')
  return adapter.lowerCasesRendered ? text.toLowerCase() : text
}

/** `relation.quoted(name)`, `adapter.quote(name)`. */
export function quoteName(adapter: Adapter, name: string): string {
  const { open, close, escape } = adapter.quote
  return open + (escape === 'double' ? name.replaceAll(close, close + close) : name) + close
}

/** The limit subquery around a rendered relation (`--empty` is limit 0). */
export function renderLimited(adapter: Adapter, rendered: string, identifier: string | null, limit: number): string {
  const { empty, some, alias } = adapter.limit
  const suffix = alias ? ` _dbt_limit_subq_${identifier ?? 'None'}` : ''
  if (limit === 0) return `(select * from ${rendered} ${empty})${suffix}`
  return some === 'top' ? `(select TOP ${limit} * from ${rendered})${suffix}` : `(select * from ${rendered} limit ${limit})${suffix}`
}

/** The event-time subquery. `start` and `end` are Python's `str(datetime)`; null for an open end; both null prints the relation alone. */
export function renderEventTime(adapter: Adapter, rendered: string, identifier: string | null, filter: { readonly field: string; readonly start: string | null; readonly end: string | null }): string {
  const { alias, column: [before, after], literal, literalOfLoneEnd, wholeSeconds } = adapter.eventTime
  const field = before + filter.field + after
  const moment = (text: string, [open, close]: readonly [string, string]): string => open + (wholeSeconds ? text.slice(0, 19) : text) + close
  const conditions: string[] = []
  if (filter.start !== null) conditions.push(`${field} >= ${moment(filter.start, literal)}`)
  if (filter.end !== null) conditions.push(`${field} < ${moment(filter.end, filter.start === null ? literalOfLoneEnd : literal)}`)
  if (conditions.length === 0) return rendered
  return `(select * from ${rendered} where ${conditions.join(' and ')})${alias ? ` _dbt_et_filter_subq_${identifier ?? 'None'}` : ''}`
}
