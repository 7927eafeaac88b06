// Names, ids and text of generic tests. dbt 1.12: parser/generic_test_builders.py, parser/schema_generic_tests.py create_test_node.

import { reprOf, strOf } from '../../jinja/repr.ts'
import { lengthOf, sliceText } from '../../text/python.ts'
import { PyDict, PyList, PyTuple } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Rules } from '../rules/rules.ts'
import { md5 } from '../nodes/source-text.ts'

/** synthesize_generic_test_names: `short` is the full name unless that has 64 characters or more. */
export function synthesizedNames(type: string, target: string, args: ReadonlyMap<string, Value>): { readonly short: string; readonly full: string } {
  const parts: string[] = []
  for (const name of [...args.keys()].toSorted(byCodePoints)) {
    if (name === 'model') continue
    const value = args.get(name) ?? null
    const items = value instanceof PyDict ? value.values() : value instanceof PyList || value instanceof PyTuple ? value.items : [value]
    parts.push(...items.map(strOf))
  }
  const unique = parts.map(part => part.replace(/[^0-9a-zA-Z_]+/g, '_')).join('__')
  const identifier = `${type}_${target}`
  const full = `${identifier}_${unique}`
  return { full, short: lengthOf(full) >= 64 ? `${sliceText(identifier, 0, 30)}_${md5(full)}` : full }
}

function byCodePoints(one: string, two: string): number {
  const left = [...one], right = [...two]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0)
    if (difference) return difference
  }
  return left.length - right.length
}

/** The last ten hex digits that make a test's unique_id. */
export function testHash(name: string, namespace: string | null, testName: string, kwargs: ReadonlyMap<string, Value>, rules: Pick<Rules, 'testHashEscapes'>): string {
  const metadata = new PyDict([['namespace', namespace], ['name', testName], ['kwargs', new PyDict([...kwargs])]])
  return md5(name + (rules.testHashEscapes ? reprOf(hashable(metadata)) : plainRepr(hashable(metadata)))).slice(-10)
}

/** As dbt 2 writes Python's repr: quoted as Python does but for texts with both kinds of quotes, and nothing is escaped. */
function plainRepr(value: Value): string {
  if (value instanceof PyDict) return `{${value.items().map(([key, item]) => `${plainRepr(key)}: ${plainRepr(item)}`).join(', ')}}`
  if (value instanceof PyList) return `[${value.items.map(plainRepr).join(', ')}]`
  const text = strOf(value)
  const quote = text.includes("'") ? '"' : "'"
  return quote + text + quote
}

/** get_hashable_md: dicts by sorted key, lists item by item, all else as its text. */
function hashable(value: Value): Value {
  if (value instanceof PyDict) {
    const items = value.items().toSorted(([one], [two]) => byCodePoints(strOf(one), strOf(two)))
    return new PyDict(items.map(([key, item]) => [key, hashable(item)]))
  }
  return value instanceof PyList ? new PyList(value.items.map(hashable)) : strOf(value)
}

/** TestBuilder.build_raw_code. */
export function testCode(namespace: string | null, name: string, config: ReadonlyMap<string, Value>): string {
  const macro = namespace === null ? `test_${name}` : `${namespace}.test_${name}`
  const configs = [...config].map(([key, value]) => `${key}=${typeof value === 'string' ? `"${value.replaceAll('"', '\\"')}"` : strOf(value)}`).join(',')
  return `{{ ${macro}(**_dbt_generic_test_kwargs) }}${configs ? `{{ config(${configs}) }}` : ''}`
}
