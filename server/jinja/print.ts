// A tree as indented text, for golden files and `inspect`. Every field is shown, so that nothing changes unseen.

import type { Template } from './nodes.ts'

/** One line a node: `field: Kind start..end field=value …`, children indented below; errors last. */
export function printTree(template: Template): string {
  const lines: string[] = []
  for (const statement of template.body) printObject('', statement, 0, lines)
  for (const error of template.errors) lines.push(`error ${error.start}..${error.end} line ${error.line}: ${error.message}`)
  return lines.map((line) => line + '\n').join('')
}

function printObject(label: string, node: object, depth: number, lines: string[]): void {
  const fields = Object.entries(node) as [string, unknown][]
  const at = new Map(fields)
  const head = [at.get('kind') ?? '', at.has('start') ? `${String(at.get('start'))}..${String(at.get('end'))}` : ''].filter((part) => part !== '').join(' ')
  const scalars = fields.filter(([key]) => !['kind', 'start', 'end'].includes(key)).flatMap(([key, value]) => scalar(key, value))
  lines.push(`${'  '.repeat(depth)}${label}${[head, ...scalars].filter((part) => part !== '').join(' ')}`.trimEnd())
  for (const [key, value] of fields) {
    if (Array.isArray(value)) for (const item of value as object[]) printObject(`${key}: `, item, depth + 1, lines)
    else if (typeof value === 'object' && value !== null && !isPlainSpan(value)) printObject(`${key}: `, value, depth + 1, lines)
  }
}

function scalar(key: string, value: unknown): string[] {
  if (value === null) return key === 'value' ? ['value=None'] : []
  if (value === false) return key === 'value' ? ['value=false'] : []
  if (typeof value === 'bigint') return [`${key}=${value}n`]
  if (typeof value !== 'object') return [`${key}=${JSON.stringify(value)}`]
  return isPlainSpan(value) ? [`${key}=${value.start}..${value.end}`] : []
}

function isPlainSpan(value: object): value is { readonly start: number; readonly end: number } {
  return 'start' in value && 'end' in value && Object.keys(value).length === 2
}
