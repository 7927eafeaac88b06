// Python's ast.literal_eval: literals only. The text is parsed as one template expression, of which only literal nodes are accepted.

import type { Expression } from './nodes.ts'
import { parseTemplate } from './parse.ts'
import { PySet } from './set.ts'
import { PyDict, PyList, PyTuple, keyOf } from './value.ts'
import type { Value } from './value.ts'

/** The value of a Python literal; undefined when the text is none. */
export function literalEval(text: string): Value | undefined {
  const source = text.replace(/^[ \t]+/, '')
  if (source === 'set()') return new PySet()
  const template = parseTemplate(`{{ (${source}\n) }}`)
  const [print, ...others] = template.body
  if (template.errors.length > 0 || others.length > 0 || print?.kind !== 'Print' || print.nodes.length !== 1) return undefined
  const [node] = print.nodes
  return node ? literal(node, source) : undefined
}

function literal(node: Expression, source: string): Value | undefined {
  switch (node.kind) {
    // jinja2 also takes `true`, `false`, `none` in small letters, which to Python are names.
    case 'Const': return typeof node.value === 'boolean' || node.value === null ? (/^(?:True|False|None)$/.test(sourceOf(node, source)) ? node.value : undefined) : node.value
    case 'UnaryOp': {
      const value = literal(node.node, source)
      if (typeof value !== 'bigint' && typeof value !== 'number') return undefined
      return node.op === '-' ? -value : value
    }
    case 'Tuple': case 'List': {
      const items = node.items.map(item => literal(item, source))
      if (items.some(item => item === undefined)) return undefined
      return node.kind === 'List' ? new PyList(items as Value[]) : new PyTuple(items as Value[])
    }
    case 'Dict': {
      const dict = new PyDict()
      for (const item of node.items) {
        const key = literal(item.key, source)
        const value = literal(item.value, source)
        if (key === undefined || value === undefined || keyOf(key) === undefined) return undefined
        dict.set(key, value)
      }
      return dict
    }
    default: return undefined
  }
}

const OPENING = '{{ ('.length

function sourceOf(node: Expression, source: string): string { return source.slice(node.start - OPENING, node.end - OPENING) }
