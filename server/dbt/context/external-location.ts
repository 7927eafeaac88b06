// Where a source of DuckDB lies when it is a file: `external_location` of its meta or config, a pattern filled with the source's own values.
// dbt-duckdb 1.7 to 1.11: relation.py DuckDBRelation.create_from_source, utils.py SourceConfig. dbt 2.0.0-alpha.4 has no such thing.

import { PyException, UnknownSignal } from '../../jinja/errors.ts'
import { percentFormat } from '../../jinja/python/percent.ts'
import { strFormat } from '../../jinja/python/format.ts'
import { strOf } from '../../jinja/repr.ts'
import { typeNameOf } from '../../jinja/types.ts'
import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Config, SourceNode } from '../nodes/types.ts'
import type { Project } from '../project/types.ts'

type Named = Pick<SourceNode, 'name' | 'identifier' | 'schema' | 'database' | 'tags' | 'meta' | 'config'> & { /** `meta` of the whole source, which the table's lies over. */ readonly sourceMeta: Config }

export type ExternalLocation = { readonly text: string | null; readonly error: null } | { readonly text: null; readonly error: string }

const NOWHERE: ExternalLocation = { text: null, error: null }

/** What is printed in place of the name; null: the source is a relation like others. */
export function externalLocation({ adapter, rules }: Project, source: Named): ExternalLocation {
  if (adapter.type !== 'duckdb' || !rules.duckdbHasExternalSources) return NOWHERE
  const options = new Map<string, Value>([...(rules.sourceFields === 'table' ? source.sourceMeta : []), ...source.meta, ...Array.from(source.config).filter(([key]) => !OWN_KEYS.has(key))])
  const pattern = options.get('external_location')
  // A plugin gives its table a name when dbt runs.
  if (pattern === undefined || options.has('plugin')) return NOWHERE
  const values = new Map<string, Value>([['name', source.name], ['identifier', source.identifier], ['schema', source.schema], ['database', source.database], ['tags', new PyList([...source.tags])], ...options])
  try {
    const text = filled(pattern, options.get('formatter') ?? (options.has('formatter') ? null : 'newstyle'), values)
    return { text: text.includes('(') || text.startsWith("'") ? text : `'${text}'`, error: null }
  } catch (error) {
    if (error instanceof PyException) return { text: null, error: error.errorClass === 'KeyError' ? `'${error.message.replace(/^'|'$/g, '')}'` : error.message }
    if (error instanceof UnknownSignal) return NOWHERE
    throw error
  }
}

/** Keys of SourceConfig's own fields: `extra` has the others. */
const OWN_KEYS: ReadonlySet<string> = new Set(['enabled', 'event_time', 'freshness', 'loaded_at_field', 'loaded_at_query', 'meta', 'tags', 'static_analysis'])

const FREE = { spend: () => undefined }

function filled(pattern: Value, formatter: Value, values: ReadonlyMap<string, Value>): string {
  switch (formatter) {
    case 'newstyle':
      if (typeof pattern !== 'string') throw new PyException('AttributeError', `'${typeNameOf(pattern)}' object has no attribute 'format_map'`)
      return strFormat(pattern, { args: [], kwargs: values }, { getattr: (object, name) => member(object, name), getitem: (object, key) => member(object, key) }, FREE)
    case 'oldstyle': return percentFormat(strOf(pattern), new PyDict([...values]), FREE)
    case 'template': return substituted(strOf(pattern), values)
    default: throw new PyException('ValueError', `Formatter ${strOf(formatter)} not recognized. Must be one of 'newstyle', 'oldstyle', or 'template'.`)
  }
}

function member(object: Value, key: Value): Value {
  const found = object instanceof PyDict ? object.getitem(key) : undefined
  if (found === undefined) throw new PyException('KeyError', strOf(key))
  return found
}

/** string.Template.substitute. */
function substituted(pattern: string, values: ReadonlyMap<string, Value>): string {
  return pattern.replace(/\$(?:(\$)|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)\}|)/gi, (_, escaped: string | undefined, named: string | undefined, braced: string | undefined, at: number) => {
    if (escaped !== undefined) return '$'
    const name = named ?? braced
    if (name === undefined) {
      const lines = pattern.slice(0, at).split('\n')
      throw new PyException('ValueError', `Invalid placeholder in string: line ${lines.length}, col ${at - pattern.lastIndexOf('\n', at - 1)}`)
    }
    const value = values.get(name)
    if (value === undefined) throw new PyException('KeyError', name)
    return strOf(value)
  })
}
