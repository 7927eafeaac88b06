// Keys that stand for others, in credentials, configs and entries of sources: `project` for `database` on BigQuery.
// Rules: dbt-adapters contracts/connection.py Credentials.translate_aliases, dbt-common Translator.

import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Adapter } from './types.ts'

type Aliases = Adapter['aliases']

/** A second key for what a dict already says, and dbt's sentence about it (a Runtime Error); null when there is none. */
export interface AliasClash { readonly key: string; readonly message: string }

export function aliasClash(aliases: Aliases, keys: readonly Value[]): AliasClash | null {
  const seen = new Set<Value>()
  for (const key of aliases.size === 0 ? [] : keys) {
    const canonical = canonicalOf(aliases, key)
    if (seen.has(canonical)) return { key: String(key), message: `Got duplicate keys: (${keys.filter((each) => typeof each === 'string' && aliases.get(each) === canonical).join(', ')}) all map to "${String(canonical)}"` }
    seen.add(canonical)
  }
  return null
}

/** The same dict with the keys that dbt goes on with, at every depth. */
export function withoutAliases(aliases: Aliases, dict: PyDict): PyDict {
  if (aliases.size === 0) return dict
  const deep = (value: Value): Value => value instanceof PyDict ? withoutAliases(aliases, value) : value instanceof PyList ? new PyList(value.items.map(deep)) : value
  return new PyDict(dict.items().map(([key, value]) => [canonicalOf(aliases, key), deep(value)]))
}

/** The first clash anywhere in a value, depth first, with the keys and indexes on the way to it. */
export function clashWithin(aliases: Aliases, value: Value): (AliasClash & { readonly path: readonly (string | bigint)[] }) | null {
  if (aliases.size === 0) return null
  const entries: readonly (readonly [string | bigint, Value])[] = value instanceof PyDict ? value.items().map(([key, item]) => [String(key), item] as const) : value instanceof PyList ? value.items.map((item, index) => [BigInt(index), item] as const) : []
  const own = value instanceof PyDict ? aliasClash(aliases, [...value.keys()]) : null
  for (const [step, item] of entries) {
    if (own?.key === step) return { ...own, path: [step] }
    const inner = clashWithin(aliases, item)
    if (inner) return { ...inner, path: [step, ...inner.path] }
  }
  return null
}

function canonicalOf(aliases: Aliases, key: Value): Value { return typeof key === 'string' ? aliases.get(key) ?? key : key }
