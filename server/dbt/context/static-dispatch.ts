// adapter.dispatch as dbt 1 reads it in every macro of every package before anything runs, in branches that are never taken too:
// the macro it leads to, or the sentence with which dbt refuses the project. Nothing is evaluated; plain calls are macro-depends.ts's.
// Rules: dbt 1.12 clients/jinja_static.py statically_parse_adapter_dispatch, context/providers.py BaseDatabaseWrapper.dispatch.

import type { Call, Expression } from '../../jinja/nodes.ts'
import { strOf } from '../../jinja/repr.ts'
import { typeNameOf } from '../../jinja/types.ts'
import type { Value } from '../../jinja/value.ts'
import type { Problem } from '../problem.ts'
import type { Project } from '../project/types.ts'
import { type Candidate, dispatchFailure, dispatchSearch } from './dispatch.ts'
import { macroByName, macroOfPackage } from './macros.ts'
import type { MacroDefinition, MacroIndex } from './types.ts'
import { callsOf } from './walk.ts'

export interface StaticDispatch {
  /** What dbt adds to the "possible macro calls", in its order: the bare name, then `package.macro` of what was found. */
  readonly names: readonly string[]
  readonly refusal: { readonly code: 'macro-not-found' | 'compilation-error'; readonly message: string } | null
}

export function isDispatch(call: Call): boolean {
  const callee = call.node
  return callee.kind === 'Getattr' && callee.attr === 'dispatch' && callee.node.kind === 'Name' && callee.node.name === 'adapter'
}

export function staticDispatch(index: MacroIndex, project: Project, call: Call): StaticDispatch {
  const names: string[] = []
  const refuse = (message: string, code: 'macro-not-found' | 'compilation-error' = 'compilation-error'): StaticDispatch => ({ names, refusal: { code, message } })
  const [first, second] = call.args
  if (first && first.kind !== 'Const') return refuse(noValue(first))
  let name: Value = first?.value ?? null
  if (typeof name === 'string' && name !== '') names.push(name)
  let namespace: Value = null
  for (const { name: key, value } of call.kwargs) {
    if (key === 'macro_name') {
      if (value.kind !== 'Const') return refuse(noValue(value))
      name = value.value
      if (typeof name === 'string') names.push(name)
    } else if (key === 'macro_namespace') {
      if (value.kind !== 'Const') return refuse(`The macro_namespace parameter to adapter.dispatch is a ${jinjaClass(value)}, not a string`)
      namespace = value.value
    }
  }
  if (second?.kind === 'List') {
    const item = second.items.find((each) => each.kind !== 'Const')
    if (item) return refuse(noValue(item))
  } else if (second?.kind === 'Const') namespace = second.value
  if (typeof name !== 'string') return refuse(`argument of type '${typeNameOf(name)}' is not iterable`)
  if (name.includes('.')) {
    const [of, ...rest] = name.split('.')
    return refuse(`In adapter.dispatch, got a macro name of "${name}", but "." is not a valid macro name component. Did you mean \`adapter.dispatch("${rest.join('.')}", macro_namespace="${of}")\`?`)
  }
  if (namespace !== null && typeof namespace !== 'string') {
    return refuse(`In adapter.dispatch, got a <class '${typeNameOf(namespace)}'> macro_namespace argument ("${strOf(namespace)}"), but macro_namespace should be None or a string.`)
  }
  const candidates = dispatchSearch(project, name, namespace)
  for (const { packageName, macroName } of candidates) {
    const found = packageName === null ? macroByName(index, macroName) : macroOfPackage(index, packageName, macroName)
    if (found) return { names: [...names, `${found.package_name}.${found.name}`], refusal: null }
  }
  return isCertain(index, project, candidates) ? refuse(dispatchFailure(name, namespace, candidates), 'macro-not-found') : { names, refusal: null }
}

/** What dbt refuses of the project's and its packages' macros; dbt itself stops at the first. */
export function dispatchProblems(index: MacroIndex, project: Project): Problem[] {
  return [...index.byId.values()].filter((macro) => !macro.internal && macro.node.macro_sql.includes('dispatch') && macro.template.errors.length === 0).flatMap((macro) => ofMacro(index, project, macro))
}

function ofMacro(index: MacroIndex, project: Project, macro: MacroDefinition): Problem[] {
  const { path, start } = macro.node.place
  return callsOf(macro.template.body).filter(isDispatch).flatMap((call): Problem[] => {
    const { refusal } = staticDispatch(index, project, call)
    return refusal ? [{ severity: 'error', place: { path, start: start + call.start, end: start + call.end }, ...refusal }] : []
  })
}

/** Without dbt's own macros, or of an adapter that is not known here, what was not found may yet be there. */
function isCertain(index: MacroIndex, project: Project, candidates: readonly Candidate[]): boolean {
  if (!project.adapter.known) return false
  return index.source !== null || candidates.every(({ packageName }) => packageName !== null && !index.internalPackages.includes(packageName))
}

/** dbt reads an attribute that only constants have. */
function noValue(node: Expression): string { return `'${jinjaClass(node)}' object has no attribute 'value'` }

const BINARY = { '+': 'Add', '-': 'Sub', '*': 'Mul', '/': 'Div', '//': 'FloorDiv', '%': 'Mod', '**': 'Pow' } as const

/** jinja2's name of a node's class. */
function jinjaClass(node: Expression): string {
  switch (node.kind) {
    case 'BinOp': return BINARY[node.op]
    case 'UnaryOp': return node.op === '-' ? 'Neg' : 'Pos'
    case 'NamespaceRef': return 'NSRef'
    default: return node.kind
  }
}
