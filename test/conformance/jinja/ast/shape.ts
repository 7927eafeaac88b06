// Our tree in the shape that dump.py gives jinja2's, so that both can be compared as JSON. Broken trees have no such shape.

import type { Arguments, Expression, Parameter, Statement } from '../../../../server/jinja/nodes.ts'

type Json = string | number | boolean | null | readonly Json[]

export function shapeOf(body: readonly Statement[]): Json[] {
  return body.flatMap(statement)
}

function statement(node: Statement): Json[] {
  switch (node.kind) {
    case 'Text': return [['Text', node.text]]
    case 'Print': return node.nodes.map((n) => ['Print', expr(n)])
    case 'Set': return [['Assign', expr(node.target), expr(node.value)]]
    case 'SetBlock': return [['AssignBlock', expr(node.target), expr(node.filter), shapeOf(node.body)]]
    case 'For': return [['For', expr(node.target), expr(node.iter), expr(node.test), node.recursive, shapeOf(node.body), shapeOf(node.orelse)]]
    case 'If': return [['If', expr(node.test), shapeOf(node.body), node.elif.map((e) => [expr(e.test), shapeOf(e.body)]), shapeOf(node.orelse)]]
    case 'Macro': return [['Macro', `dbt_macro__${node.name}`, params(node.params), shapeOf(node.body)]]
    case 'Test': return [['Macro', `dbt_macro__test_${node.name}`, params(node.params), shapeOf(node.body)]]
    case 'Docs': return [['Macro', `dbt_docs__${node.name}`, [], shapeOf(node.body)]]
    case 'Materialization': {
      const languages = node.supportedLanguages === null ? ['List', [['str', 'sql']]] : expr(node.supportedLanguages)
      return [['Macro', `dbt_macro__materialization_${node.name}_${node.adapter}`, [['supported_languages', null, languages]], shapeOf(node.body)]]
    }
    case 'CallBlock': return [['CallBlock', params(node.params), expr(node.call), shapeOf(node.body)]]
    case 'FilterBlock': return [['FilterBlock', expr(node.filter), shapeOf(node.body)]]
    case 'With': return [['With', node.targets.map(expr), node.values.map(expr), shapeOf(node.body)]]
    case 'Do': return [['Do', expr(node.node)]]
    case 'Break': return [['Break']]
    case 'Continue': return [['Continue']]
    case 'Autoescape': return [['Autoescape', expr(node.value), shapeOf(node.body)]]
    case 'Loader': return [['Loader', node.tag, shapeOf(node.body)]]
    case 'Snapshot': case 'UnknownTag': return [[node.kind]]
    default: return node satisfies never
  }
}

function params(list: readonly Parameter[]): Json[] {
  return list.map((p) => [p.name, p.type, expr(p.default)])
}

function call(node: Arguments): Json {
  return [node.args.map(expr), node.kwargs.map((k) => [k.name, expr(k.value)]), expr(node.dynArgs), expr(node.dynKwargs)]
}

const BINARY = { '+': 'Add', '-': 'Sub', '*': 'Mul', '/': 'Div', '//': 'FloorDiv', '%': 'Mod', '**': 'Pow' } as const

function expr(node: Expression | null): Json {
  if (node === null) return null
  switch (node.kind) {
    case 'Const': return constant(node.value)
    case 'Name': return ['Name', node.name]
    case 'NamespaceRef': return ['NSRef', node.name, node.attr]
    case 'Tuple': case 'List': return [node.kind, node.items.map(expr)]
    case 'Dict': return ['Dict', node.items.map((p) => [expr(p.key), expr(p.value)])]
    case 'CondExpr': return ['CondExpr', expr(node.test), expr(node.then), expr(node.orelse)]
    case 'BinOp': return [BINARY[node.op], expr(node.left), expr(node.right)]
    case 'UnaryOp': return [node.op === '-' ? 'Neg' : 'Pos', expr(node.node)]
    case 'And': case 'Or': return [node.kind, expr(node.left), expr(node.right)]
    case 'Not': return ['Not', expr(node.node)]
    case 'Compare': return ['Compare', expr(node.expr), node.ops.map((o) => [o.op, expr(o.expr)])]
    case 'Concat': return ['Concat', node.nodes.map(expr)]
    case 'Call': return ['Call', expr(node.node), call(node)]
    case 'Filter': case 'Test': return [node.kind, expr(node.node), node.name, call(node)]
    case 'Getattr': return ['Getattr', expr(node.node), node.attr]
    case 'Getitem': return ['Getitem', expr(node.node), expr(node.arg)]
    case 'Slice': return ['Slice', expr(node.from), expr(node.to), expr(node.step)]
    case 'Missing': return ['Missing']
    default: return node satisfies never
  }
}

function constant(value: string | bigint | number | boolean | null): Json {
  if (typeof value === 'bigint') return ['int', `0x${value.toString(16)}`]
  if (typeof value === 'string') return ['str', value]
  if (typeof value !== 'number') return ['Const', value]
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return ['float', view.getBigUint64(0).toString(16).padStart(16, '0')]
}
