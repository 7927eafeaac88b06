// jinja2's find_undeclared and "does this loop assign to `loop`?": questions about names anywhere below a node.

import type { Expression, For, Parameter, Statement, Target } from './nodes.ts'
import { childrenOf } from './symbols.ts'

/** Whether `name` is read before anything below binds it (jinja2.compiler.find_undeclared). */
export function mentions(nodes: readonly Statement[], name: string): boolean {
  const search = { name, bound: false, read: false }
  for (const node of nodes) {
    visit(node, search)
    if (search.read) return true
  }
  return false
}

/** Whether anything in the loop stores to `name`. */
export function storesTo(node: For, name: string): boolean {
  const search = { name, bound: false, read: false }
  bindTarget(node.target, search)
  for (const child of [...node.body, ...node.orelse]) visitStores(child, search)
  return search.bound
}

interface Search { readonly name: string; bound: boolean; read: boolean }

function visit(node: Statement, search: Search): void {
  for (const part of partsOf(node)) {
    if (search.read) return
    if (part.kind === 'read') read(part.node, search)
    else if (part.kind === 'bind') bindTarget(part.node, search)
    else for (const child of part.nodes) visit(child, search)
  }
}

function visitStores(node: Statement, search: Search): void {
  for (const part of partsOf(node)) {
    if (part.kind === 'bind' && !part.parameter) bindTarget(part.node, search)
    else if (part.kind === 'body') for (const child of part.nodes) visitStores(child, search)
  }
}

function read(node: Expression, search: Search): void {
  if (node.kind === 'Name') { if (node.name === search.name && !search.bound) search.read = true; return }
  for (const child of childrenOf(node)) read(child, search)
}

function bindTarget(target: Target | Expression, search: Search): void {
  if (target.kind === 'Name') { if (target.name === search.name) search.bound = true }
  else if (target.kind === 'Tuple') for (const item of target.items) bindTarget(item, search)
}

type Part =
  | { readonly kind: 'read'; readonly node: Expression }
  | { readonly kind: 'bind'; readonly node: Target; readonly parameter: boolean }
  | { readonly kind: 'body'; readonly nodes: readonly Statement[] }

/** What a statement is made of, in the order of jinja2's node fields. */
function partsOf(node: Statement): Part[] {
  switch (node.kind) {
    case 'Print': return node.nodes.map(readPart)
    case 'Do': return [readPart(node.node)]
    case 'Set': return [bindPart(node.target), readPart(node.value)]
    case 'SetBlock': return [bindPart(node.target), ...(node.filter ? [readPart(node.filter)] : []), bodyPart(node.body)]
    case 'For': return [bindPart(node.target), readPart(node.iter), bodyPart(node.body), bodyPart(node.orelse), ...(node.test ? [readPart(node.test)] : [])]
    case 'If': return [readPart(node.test), bodyPart(node.body), ...node.elif.flatMap(elif => [readPart(elif.test), bodyPart(elif.body)]), bodyPart(node.orelse)]
    case 'Macro': case 'Test': return [...parameterParts(node.params), bodyPart(node.body)]
    case 'CallBlock': return [readPart(node.call), ...parameterParts(node.params), bodyPart(node.body)]
    case 'Materialization': return [...(node.supportedLanguages ? [readPart(node.supportedLanguages)] : []), bodyPart(node.body)]
    case 'FilterBlock': return [bodyPart(node.body), readPart(node.filter)]
    case 'With': return [...node.targets.map(target => bindPart(target, true)), ...node.values.map(readPart), bodyPart(node.body)]
    case 'Autoescape': return [readPart(node.value), bodyPart(node.body)]
    case 'Docs': case 'Snapshot': case 'Loader': return [bodyPart(node.body)]
    case 'Text': case 'Break': case 'Continue': case 'UnknownTag': return []
  }
}

function readPart(node: Expression): Part { return { kind: 'read', node } }
function bindPart(node: Target, parameter = false): Part { return { kind: 'bind', node, parameter } }
function bodyPart(nodes: readonly Statement[]): Part { return { kind: 'body', nodes } }

function parameterParts(params: readonly Parameter[]): Part[] {
  return [
    ...params.map(({ name, start, end }) => bindPart({ kind: 'Name', name, start, end }, true)),
    ...params.flatMap(param => param.default ? [readPart(param.default)] : []),
  ]
}
