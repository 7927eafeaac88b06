// Which variable a name means where: jinja2's idtracking, rule for rule, since its corners show
// (a name set in one branch only, read before it is set, set in a loop).
// Knows nothing of values.

import type { Expression, Parameter, Statement, Target } from './nodes.ts'

export type Load = { readonly kind: 'parameter' } | { readonly kind: 'resolve'; readonly name: string } | { readonly kind: 'alias'; readonly of: Identifier } | { readonly kind: 'missing' }

/** A Python variable of the generated code: frame level and name. */
export interface Identifier { readonly level: number; readonly name: string; readonly key: string }

const PARAMETER: Load = { kind: 'parameter' }
const MISSING: Load = { kind: 'missing' }

export class Symbols {
  readonly level: number
  readonly parent: Symbols | null
  refs = new Map<string, Identifier>()
  loads = new Map<string, { readonly identifier: Identifier; readonly load: Load }>()
  stores = new Set<string>()

  constructor(parent: Symbols | null) {
    this.parent = parent
    this.level = parent ? parent.level + 1 : 0
  }

  find(name: string): Identifier | null {
    return this.refs.get(name) ?? this.parent?.find(name) ?? null
  }

  store(name: string): void {
    this.stores.add(name)
    if (this.refs.has(name)) return
    const outer = this.parent?.find(name) ?? null
    this.define(name, outer ? { kind: 'alias', of: outer } : MISSING)
  }

  parameter(name: string): Identifier {
    this.stores.add(name)
    return this.define(name, PARAMETER)
  }

  load(name: string): void {
    if (this.find(name) === null) this.define(name, { kind: 'resolve', name })
  }

  copy(): Symbols {
    const copy = new Symbols(this.parent)
    copy.refs = new Map(this.refs)
    copy.loads = new Map(this.loads)
    copy.stores = new Set(this.stores)
    return copy
  }

  merge(branches: readonly Symbols[]): void {
    const stores = new Set<string>()
    for (const branch of branches) for (const name of branch.stores) if (!this.stores.has(name)) stores.add(name)
    for (const branch of branches) {
      for (const [name, identifier] of branch.refs) this.refs.set(name, identifier)
      for (const [key, load] of branch.loads) this.loads.set(key, load)
      for (const name of branch.stores) this.stores.add(name)
    }
    for (const name of stores) {
      const identifier = this.find(name)
      if (!identifier) continue
      const outer = this.parent?.find(name) ?? null
      this.loads.set(identifier.key, { identifier, load: outer ? { kind: 'alias', of: outer } : { kind: 'resolve', name } })
    }
  }

  private define(name: string, load: Load): Identifier {
    const identifier = { level: this.level, name, key: `${this.level}_${name}` }
    this.refs.set(name, identifier)
    this.loads.set(identifier.key, { identifier, load })
    return identifier
  }
}

/** Names read and written by statements of one frame; nested frames are not entered. */
export function visitStatements(symbols: Symbols, statements: readonly Statement[]): void {
  for (const statement of statements) visitStatement(symbols, statement)
}

function visitStatement(symbols: Symbols, node: Statement): void {
  switch (node.kind) {
    case 'Print': for (const expression of node.nodes) visitExpression(symbols, expression); return
    case 'Do': visitExpression(symbols, node.node); return
    case 'Set': visitExpression(symbols, node.value); visitTarget(symbols, node.target, false); return
    case 'SetBlock': visitTarget(symbols, node.target, false); return
    case 'For': visitExpression(symbols, node.iter); return
    case 'If': {
      visitExpression(symbols, node.test)
      const branch = (visit: (inner: Symbols) => void): Symbols => { const inner = symbols.copy(); visit(inner); return inner }
      symbols.merge([
        branch(inner => visitStatements(inner, node.body)),
        // jinja2 walks all elif branches in one copy, each as an If of its own.
        branch(inner => {
          for (const elif of node.elif) {
            visitExpression(inner, elif.test)
            const body = inner.copy()
            visitStatements(body, elif.body)
            inner.merge([body, inner.copy(), inner.copy()])
          }
        }),
        branch(inner => visitStatements(inner, node.orelse)),
      ])
      return
    }
    case 'Macro': case 'Docs': case 'Test': case 'Materialization': symbols.store(macroVariable(node)); return
    case 'CallBlock': visitExpression(symbols, node.call); return
    case 'FilterBlock': visitExpression(symbols, node.filter); return
    case 'With': for (const value of node.values) visitExpression(symbols, value); return
    case 'Text': case 'Break': case 'Continue': case 'Autoescape': case 'Snapshot': case 'Loader': case 'UnknownTag':
  }
}

/** The variable a definition is stored in, under dbt-common's names: its parser renames every macro. */
export function macroVariable(node: Extract<Statement, { kind: 'Macro' | 'Docs' | 'Test' | 'Materialization' }>): string {
  switch (node.kind) {
    case 'Macro': return `dbt_macro__${node.name}`
    case 'Docs': return `dbt_docs__${node.name}`
    case 'Test': return `dbt_macro__test_${node.name}`
    case 'Materialization': return `dbt_macro__materialization_${node.name}_${node.adapter}`
  }
}

export function visitTarget(symbols: Symbols, target: Target | Expression, asParameter: boolean): void {
  switch (target.kind) {
    case 'Name': if (asParameter) symbols.parameter(target.name); else symbols.store(target.name); return
    case 'NamespaceRef': symbols.load(target.name); return
    case 'Tuple': for (const item of target.items) visitTarget(symbols, item, asParameter); return
    default:
  }
}

export function visitParameters(symbols: Symbols, parameters: readonly Parameter[]): void {
  for (const parameter of parameters) symbols.parameter(parameter.name)
  for (const parameter of parameters) if (parameter.default) visitExpression(symbols, parameter.default)
}

export function visitExpression(symbols: Symbols, node: Expression): void {
  switch (node.kind) {
    case 'Name': symbols.load(node.name); return
    case 'Const': case 'NamespaceRef': case 'Missing': return
    case 'Call': {
      // As childrenOf has them: most expressions are calls, and this is asked of every one.
      visitExpression(symbols, node.node)
      for (const arg of node.args) visitExpression(symbols, arg)
      for (const kwarg of node.kwargs) visitExpression(symbols, kwarg.value)
      if (node.dynArgs) visitExpression(symbols, node.dynArgs)
      if (node.dynKwargs) visitExpression(symbols, node.dynKwargs)
      return
    }
    default: for (const child of childrenOf(node)) visitExpression(symbols, child)
  }
}

/** The expressions directly inside an expression, in jinja2's order. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'Tuple': case 'List': return node.items
    case 'Dict': return node.items.flatMap(item => [item.key, item.value])
    case 'CondExpr': return node.orelse ? [node.test, node.then, node.orelse] : [node.test, node.then]
    case 'BinOp': case 'And': case 'Or': return [node.left, node.right]
    case 'UnaryOp': case 'Not': return [node.node]
    case 'Compare': return [node.expr, ...node.ops.map(op => op.expr)]
    case 'Concat': return node.nodes
    case 'Call': case 'Filter': case 'Test': {
      const children = node.node ? [node.node, ...node.args] : [...node.args]
      for (const kwarg of node.kwargs) children.push(kwarg.value)
      if (node.dynArgs) children.push(node.dynArgs)
      if (node.dynKwargs) children.push(node.dynKwargs)
      return children
    }
    case 'Getattr': return [node.node]
    case 'Getitem': return [node.node, node.arg]
    case 'Slice': return [node.from, node.to, node.step].filter(part => part !== null)
    case 'Name': case 'NamespaceRef': case 'Const': case 'Missing': return []
  }
}
