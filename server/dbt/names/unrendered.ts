// `unrendered_config`: what the state comparison reads. Raw texts of dbt_project.yml, YAML and the first config() call.
// dbt 1.12: UnrenderedConfigGenerator, clients/jinja_static.py (statically_parse_unrendered_config, _reconstruct_node), parser/base.py.

import type { Arguments, Call, Expression, Template } from '../../jinja/nodes.ts'
import { reprOf, stringRepr } from '../../jinja/repr.ts'
import type { Value } from '../../jinja/value.ts'
import type { Config, ResourceType } from '../nodes/types.ts'
import type { Project } from '../project/types.ts'
import type { Partial } from './config.ts'
import { levelsOf, projectConfigs } from './project-levels.ts'

export interface UnrenderedInputs {
  readonly type: ResourceType
  readonly packageName: string
  readonly fqn: readonly string[]
  readonly patch: Partial | null
  readonly inFile: Partial | null
}

/** Plain dict updates, nothing merges. Credential aliases are translated, the spelling of hooks is not. */
export function buildUnrendered(project: Project, inputs: UnrenderedInputs): Config {
  const { aliases } = project.adapter
  const own = project.packages.get(inputs.packageName) ?? project.root
  const levels: Partial[] = [...levelsOf(projectConfigs(own, inputs.type, true, project), inputs.fqn)]
  if (inputs.patch?.size) levels.push(inputs.patch)
  if (inputs.inFile?.size) levels.push(inputs.inFile)
  if (own !== project.root) levels.push(...levelsOf(projectConfigs(project.root, inputs.type, true, project), inputs.fqn))
  const [first] = levels
  if (!first) return NOTHING
  if (levels.length === 1 && !aliases.size) return first
  const result = new Map<string, Value>()
  for (const level of levels) for (const [key, value] of level) result.set(aliases.get(key) ?? key, value)
  return result
}

const NOTHING: Config = new Map()

/** The keyword arguments of the first `config(` call of a text, as source-like strings (1.12) or as reprs of the syntax tree (1.9–1.11); null when there is none. */
export function staticConfigCall(template: Template, style: 'source' | 'ast'): Map<string, Value> | null {
  const call = firstConfigCall(template.body)
  if (!call) return null
  const result = new Map<string, Value>()
  for (const argument of call.kwargs) {
    const { value } = argument
    if (style === 'ast') result.set(argument.name, `Keyword(key=${stringRepr(argument.name)}, value=${treeRepr(value)})`)
    else result.set(argument.name, value.kind === 'Const' && typeof value.value === 'string' ? value.value : reconstructed(value))
  }
  return result
}

/** jinja2's find_all: depth first, a node before what is in it. */
function firstConfigCall(nodes: readonly object[]): Call | null {
  for (const node of nodes) {
    if ('kind' in node && node.kind === 'Call') {
      const call = node as Call
      if (call.node.kind === 'Name' && call.node.name === 'config') return call
    }
    const found = firstConfigCall(childrenOf(node))
    if (found) return found
  }
  return null
}

function childrenOf(node: object): object[] {
  return Object.values(node).flatMap((value: unknown) => Array.isArray(value) ? value.filter((item): item is object => typeof item === 'object' && item !== null)
    : typeof value === 'object' && value !== null && 'kind' in value ? [value] : [])
}

const OPERATORS: { readonly [op: string]: string } = { eq: '==', ne: '!=', lt: '<', lteq: '<=', gt: '>', gteq: '>=', in: 'in', notin: 'not in' }

/** dbt's _reconstruct_node: source-like text for what it knows, the syntax tree's repr for the rest. */
function reconstructed(node: Expression): string {
  switch (node.kind) {
    case 'Const': return reprOf(node.value)
    case 'Name': return node.name
    case 'Call': return `${reconstructed(node.node)}(${[
      ...node.args.map(reconstructed), ...node.kwargs.map(argument => `${argument.name}=${reconstructed(argument.value)}`),
      ...(node.dynArgs ? [`*${reconstructed(node.dynArgs)}`] : []), ...(node.dynKwargs ? [`**${reconstructed(node.dynKwargs)}`] : []),
    ].join(', ')})`
    case 'List': return `[${node.items.map(reconstructed).join(', ')}]`
    case 'Tuple': return node.items.length === 1 ? `(${node.items.map(reconstructed).join('')},)` : `(${node.items.map(reconstructed).join(', ')})`
    case 'Dict': return `{${node.items.map(({ key, value }) => `${reconstructed(key)}: ${reconstructed(value)}`).join(', ')}}`
    case 'Getattr': return `${reconstructed(node.node)}.${node.attr}`
    case 'Getitem': return node.arg.kind === 'Slice' ? `${reconstructed(node.node)}[${treeRepr(node.arg)}]` : `${reconstructed(node.node)}[${reconstructed(node.arg)}]`
    case 'Concat': return node.nodes.map(reconstructed).join(' ~ ')
    case 'Compare': return `${reconstructed(node.expr)} ${node.ops.map(({ op, expr }) => `${OPERATORS[op]} ${reconstructed(expr)}`).join(' ')}`
    case 'Not': return `not ${reconstructed(node.node)}`
    case 'UnaryOp': return node.op === '-' ? `-${reconstructed(node.node)}` : treeRepr(node)
    case 'And': return `${reconstructed(node.left)} and ${reconstructed(node.right)}`
    case 'Or': return `${reconstructed(node.left)} or ${reconstructed(node.right)}`
    default: return treeRepr(node)
  }
}

const BINARY: { readonly [op: string]: string } = { '+': 'Add', '-': 'Sub', '*': 'Mul', '/': 'Div', '//': 'FloorDiv', '%': 'Mod', '**': 'Pow' }

/** `repr` of a jinja2 syntax tree. */
function treeRepr(node: Expression | null): string {
  if (node === null) return 'None'
  switch (node.kind) {
    case 'Const': return `Const(value=${reprOf(node.value)})`
    case 'Name': return `Name(name=${stringRepr(node.name)}, ctx='load')`
    case 'NamespaceRef': return `NSRef(name=${stringRepr(node.name)}, attr=${stringRepr(node.attr)})`
    case 'Tuple': return `Tuple(items=${listRepr(node.items)}, ctx='load')`
    case 'List': return `List(items=${listRepr(node.items)})`
    case 'Dict': return `Dict(items=[${node.items.map(({ key, value }) => `Pair(key=${treeRepr(key)}, value=${treeRepr(value)})`).join(', ')}])`
    case 'CondExpr': return `CondExpr(test=${treeRepr(node.test)}, expr1=${treeRepr(node.then)}, expr2=${treeRepr(node.orelse)})`
    case 'BinOp': return `${BINARY[node.op]}(left=${treeRepr(node.left)}, right=${treeRepr(node.right)})`
    case 'UnaryOp': return `${node.op === '-' ? 'Neg' : 'Pos'}(node=${treeRepr(node.node)})`
    case 'And':
    case 'Or': return `${node.kind}(left=${treeRepr(node.left)}, right=${treeRepr(node.right)})`
    case 'Not': return `Not(node=${treeRepr(node.node)})`
    case 'Compare': return `Compare(expr=${treeRepr(node.expr)}, ops=[${node.ops.map(({ op, expr }) => `Operand(op=${stringRepr(op)}, expr=${treeRepr(expr)})`).join(', ')}])`
    case 'Concat': return `Concat(nodes=${listRepr(node.nodes)})`
    case 'Call': return `Call(node=${treeRepr(node.node)}, ${argumentsRepr(node)})`
    case 'Filter': return `Filter(node=${treeRepr(node.node)}, name=${stringRepr(node.name)}, ${argumentsRepr(node)})`
    case 'Test': return `Test(node=${treeRepr(node.node)}, name=${stringRepr(node.name)}, ${argumentsRepr(node)})`
    case 'Getattr': return `Getattr(node=${treeRepr(node.node)}, attr=${stringRepr(node.attr)}, ctx='load')`
    case 'Getitem': return `Getitem(node=${treeRepr(node.node)}, arg=${treeRepr(node.arg)}, ctx='load')`
    case 'Slice': return `Slice(start=${treeRepr(node.from)}, stop=${treeRepr(node.to)}, step=${treeRepr(node.step)})`
    case 'Missing': return 'None'
  }
}

function listRepr(nodes: readonly Expression[]): string { return `[${nodes.map(treeRepr).join(', ')}]` }

function argumentsRepr(node: Arguments): string {
  const kwargs = node.kwargs.map(argument => `Keyword(key=${stringRepr(argument.name)}, value=${treeRepr(argument.value)})`).join(', ')
  return `args=${listRepr(node.args)}, kwargs=[${kwargs}], dyn_args=${treeRepr(node.dynArgs)}, dyn_kwargs=${treeRepr(node.dynKwargs)}`
}
