// Signature help: the parameters of the macro or dbt function around the cursor, and which one is being typed. Works while the call is open.

import type { LiteralCall } from '../jinja/literal.ts'
import type { Parameter } from '../jinja/nodes.ts'
import type { MacroDefinition } from '../dbt/context/types.ts'
import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import { BUILTINS } from './builtin-docs.ts'
import { macroNamed, manifestMacro } from './macros.ts'
import { callAround } from './scene.ts'
import type { SignatureHelp } from './types.ts'

interface Described { readonly name: string; readonly shown: string; readonly documentation: string }

export function signatureHelp(snapshot: Snapshot, path: string, offset: number): SignatureHelp | null {
  const file = sourceFile(snapshot, path)
  const call = file ? callAround(file, offset) : null
  if (!file || !call || offset <= call.argsSpan.start || (!call.open && offset >= call.argsSpan.end)) return null
  const described = describe(snapshot, path, call)
  if (!described) return null
  const parameters: { start: number; end: number; documentation: string }[] = []
  let label = `${call.name}(`
  for (const [index, parameter] of described.parameters.entries()) {
    if (index > 0) label += ', '
    parameters.push({ start: label.length, end: label.length + parameter.shown.length, documentation: parameter.documentation })
    label += parameter.shown
  }
  return { label: `${label})`, documentation: described.documentation, parameters, active: activeParameter(call, offset, file.text, described.parameters) }
}

/** Parameters as the block declares them, with what YAML says of each. */
export function parametersOf(snapshot: Snapshot, macro: MacroDefinition): readonly Described[] {
  const block = macro.template.body.find((each) => each.kind === 'Macro' || each.kind === 'Test')
  const declared: readonly Parameter[] = block?.params ?? []
  const told = new Map(manifestMacro(snapshot, macro).arguments.map((each) => [each.name, each]))
  return declared.map((each) => {
    const more = told.get(each.name)
    const type = more?.type ?? each.type
    const text = each.default ? macro.node.macro_sql.slice(each.default.start, each.default.end) : null
    return { name: each.name, shown: `${each.name}${type ? `: ${type}` : ''}${text === null ? '' : `=${text}`}`, documentation: more?.description ?? '' }
  })
}

function describe(snapshot: Snapshot, path: string, call: LiteralCall): { readonly parameters: readonly Described[]; readonly documentation: string } | null {
  const macro = macroNamed(snapshot, path, call.name)
  if (macro && !macro.internal) return { parameters: parametersOf(snapshot, macro), documentation: manifestMacro(snapshot, macro).description }
  const builtin = BUILTINS.get(call.name)
  if (builtin?.parameters) return { parameters: builtin.parameters.map((each) => ({ name: each.name, shown: each.default === null ? each.name : `${each.name}=${each.default}`, documentation: each.description })), documentation: builtin.description }
  return macro ? { parameters: parametersOf(snapshot, macro), documentation: manifestMacro(snapshot, macro).description } : null
}

/** By name after `name=`, else by the number of commas before the cursor that belong to this call. */
function activeParameter(call: LiteralCall, offset: number, text: string, parameters: readonly Described[]): number {
  const named = call.kwargs.find((each) => offset > each.nameSpan.end && offset <= each.value.span.end)
  if (named) return parameters.findIndex((each) => each.name === named.name)
  const typed = /(\w+)\s*=\s*$/.exec(text.slice(call.argsSpan.start, offset))?.[1]
  if (typed !== undefined) { const index = parameters.findIndex((each) => each.name === typed); if (index >= 0) return index }
  const before = [...call.args, ...call.kwargs.map((each) => each.value)].filter((each) => each.span.end <= offset)
  const last = before.reduce((end, each) => Math.max(end, each.span.end), call.argsSpan.start)
  const comma = text.slice(last, offset).includes(',')
  return Math.max(0, before.length - (comma ? 0 : 1))
}

