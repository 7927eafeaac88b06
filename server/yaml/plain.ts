// A YAML tree as plain JSON data, for settings files of our own. Not for dbt's files: those keep Python's types.

import type { YamlNode } from './nodes.ts'

/** Numbers and bigints become numbers; dates and bytes their text; keys that are no strings their text. */
export function toPlain(node: YamlNode): unknown {
  if (node.kind === 'seq') return node.items.map(toPlain)
  if (node.kind === 'map') return Object.fromEntries(node.entries.map((entry) => [entry.key.kind === 'scalar' ? entry.key.text : '', toPlain(entry.value)]).filter(([key]) => key !== '__proto__'))
  const { value } = node
  if (typeof value === 'bigint') return Number(value)
  return value === null || typeof value !== 'object' ? value : node.text
}
