// `inspect FILE`: what the Jinja layer sees in one template, for those who work on this program. Reads one file, evaluates nothing.

import type { Literal, LiteralCall } from '../jinja/literal.ts'
import { literalCalls } from '../jinja/literal.ts'
import { parseTemplate } from '../jinja/parse.ts'
import { printTree } from '../jinja/print.ts'
import { tokenize } from '../jinja/tokens.ts'

export interface InspectIo {
  /** Throws, as fs.readFileSync does, when the file cannot be read. */
  readonly readFile: (path: string) => string
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** The exit code: 0, or 2 for wrong usage and unreadable files. */
export function inspect(args: readonly string[], io: InspectIo): number {
  const [path, ...rest] = args
  if (path === undefined || rest.length > 0) {
    io.err('usage: dbt-defer-ls inspect FILE\n')
    return 2
  }
  let text: string
  try {
    text = io.readFile(path)
  } catch (error) {
    io.err(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}\n`)
    return 2
  }
  io.out(inspectText(text))
  return 0
}

/** Tokens, tree and literal calls of a template, each under a heading; offsets are UTF-16 units. */
export function inspectText(text: string): string {
  const tokens = tokenize(text).map((token) => `${token.start}..${token.end} ${token.type}${token.flaw === '' ? '' : ` (${token.flaw})`} ${JSON.stringify(text.slice(token.start, token.end))}\n`)
  const calls = literalCalls(parseTemplate(text, { blockTags: true })).map((call) => `${call.start}..${call.end} ${describeCall(call)}\n`)
  return ['== tokens\n', ...tokens, '== tree\n', printTree(parseTemplate(text, { blockTags: true })), '== calls\n', ...calls].join('')
}

function describeCall(call: LiteralCall): string {
  const args = [...call.args.map(describeLiteral), ...call.kwargs.map((k) => `${k.name}=${describeLiteral(k.value)}`), ...(call.spread ? ['*'] : [])]
  return `${call.name}(${args.join(', ')}${call.open ? '' : ')'}`
}

function describeLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'string': return JSON.stringify(literal.value)
    case 'value': return literal.value === null ? 'None' : String(literal.value)
    case 'list': return `[${literal.items.map(describeLiteral).join(', ')}]`
    case 'dict': return `{${literal.entries.map((entry) => `${describeLiteral(entry.key)}: ${describeLiteral(entry.value)}`).join(', ')}}`
    case 'dynamic': return '…'
    default: return literal satisfies never
  }
}
