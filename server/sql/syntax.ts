// What a SQL parser's complaint is worth: its place in UTF-16, and whether it is certain. Constructs that the parser is known to get wrong
// in a dialect are left out; README lists them. Knows no parser itself.

import type { Span } from '../text/span.ts'

/** Offsets of code points, as the parser counts them; null where it names no place. */
export interface ParserComplaint { readonly code: string; readonly message: string; readonly start: number | null; readonly end: number | null }

/** Whether there is a parser. `why`: in its own words, or what it did. */
export type SqlParser = { readonly kind: 'works' } | { readonly kind: 'absent' } | { readonly kind: 'broken'; readonly why: string }

export interface SqlError extends Span { readonly message: string }

/** dbt adapter → dialect of the parser; what is not here is not checked. */
export const DIALECTS: ReadonlyMap<string, string> = new Map([
  ['duckdb', 'duckdb'], ['postgres', 'postgresql'], ['redshift', 'redshift'], ['snowflake', 'snowflake'], ['bigquery', 'bigquery'], ['databricks', 'databricks'], ['spark', 'spark'], ['trino', 'trino'], ['athena', 'athena'], ['clickhouse', 'clickhouse'],
])

/** The complaint as an error in UTF-16 offsets; null when it may be the parser's own fault. */
export function certainError(text: string, dialect: string, complaint: ParserComplaint): SqlError | null {
  // Limits of the parser, not of the text.
  if (complaint.start === null || /^E_|DEPTH|GUARD/.test(complaint.code)) return null
  const start = utf16(text, complaint.start)
  const end = Math.max(start, utf16(text, complaint.end ?? complaint.start))
  const token = text.slice(start, end)
  const before = text.slice(Math.max(0, start - 400), start)
  if (DOUBTFUL.some(([dialects, matches]) => (dialects === null || dialects.has(dialect)) && matches({ token, before, after: text.slice(end, end + 80), text }))) return null
  return { start, end, message: complaint.message.split(' near [')[0]?.trim() ?? complaint.message }
}

interface Near { readonly token: string; readonly before: string; readonly after: string; readonly text: string }

/** Constructs that are right and that the parser (0.12) refuses, by dialect; null: in all. */
const DOUBTFUL: readonly (readonly [ReadonlySet<string> | null, (near: Near) => boolean])[] = [
  // x[0]:path
  [new Set(['snowflake', 'databricks']), ({ token, before }) => token === ':' && /\]\s*$/.test(before)],
  // array_agg(x) within group (order by y)[0], and a column called limit.
  [new Set(['snowflake']), ({ token, before }) => (token === '[' && /\)\s*$/.test(before)) || (token === ',' && /\blimit\s*$/i.test(before))],
  [new Set(['databricks', 'spark']), ({ text }) => /^\s*optimize\b/i.test(text)],
  // A word that is a keyword elsewhere as an alias without AS: the token is the word, or follows it.
  [null, ({ token, before }) => /^[a-z_]+$/i.test(token) && !SURE.has(token.toLowerCase()) && /[\w"`\])]\s+$/.test(before)],
  [null, ({ before }) => ALIASES.test(before)],
  // 30d_vol
  [new Set(['databricks', 'spark']), ({ token, before, after }) => /\d[a-z_]/i.test(token) || (/\d$/.test(before) && /^[a-z_]/i.test(token)) || (/\d$/.test(token) && /^[a-z_]/i.test(after))],
  // A column called from.
  [new Set(['databricks', 'spark', 'trino', 'athena']), ({ token, before }) => /^from$/i.test(token) || /\bfrom\s*$/i.test(before)],
  // bigint '0'
  [new Set(['trino', 'athena']), ({ token, before }) => /^['"]/.test(token) && /\b[a-z]+\s*$/i.test(before)],
  [new Set(['clickhouse']), ({ token, before }) => /^global$/i.test(token) || /\bglobal\s*$/i.test(before)],
  // listagg(distinct x, ',' order by …)
  [new Set(['duckdb']), ({ token, before }) => /^order$/i.test(token) && /\b(?:list|string|array|group)_?agg\s*\([^()]*$/i.test(before)],
  // r'\\': in a raw text the second of two backslashes is taken to escape the quote, and everything behind is read wrongly.
  [new Set(['bigquery', 'databricks', 'spark']), ({ text }) => /\br(?:'[^'\n]*\\\\'|"[^"\n]*\\\\")/i.test(text)],
  // '\''
  [new Set(['redshift']), ({ text }) => /\\'/.test(text)],
]

/** Words after which, or at which, a refusal is no matter of an alias. */
const SURE: ReadonlySet<string> = new Set(['from', 'where', 'select', 'and', 'or', 'on', 'then', 'else', 'end', 'when', 'by', 'union', 'group', 'having'])
const ALIASES = /\b(?:new|old|temp|type|first|last|date|key|index|filter|use|each|row|rows|range|start|end|year|month|day|hour|minute|second|time|timestamp|user|value|values|current|next|prior|show|set|out|over|partition|percent|pivot|sample|top|view|window)\s*$/i

/** Code points to UTF-16 units. */
function utf16(text: string, codePoints: number): number {
  let at = 0
  for (let i = 0; i < codePoints && at < text.length; i++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
  return at
}
