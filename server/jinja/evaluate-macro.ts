// Definitions of macros (and of dbt's docs, test and materialization blocks, which are macros too) and bodies of call blocks.

import { compileExpression } from './evaluate-expression.ts'
import type { Evaluate } from './evaluate-expression.ts'
import { PyException } from './errors.ts'
import { compileStatements } from './evaluate-statement.ts'
import { FunctionScope, entryOf, slotOf } from './frame.ts'
import type { Frame, Scope } from './frame.ts'
import { PyMacro } from './macro.ts'
import type { MacroCode } from './macro.ts'
import type { CallBlock, Docs, Expression, Macro, Materialization, Parameter, Statement, TestBlock } from './nodes.ts'
import { Symbols, macroVariable, visitParameters, visitStatements } from './symbols.ts'
import { mentions } from './walk-names.ts'

export function compileMacro(node: Macro | Docs | TestBlock | Materialization, scope: Scope): (frame: Frame) => PyMacro {
  const code = compileCode(macroVariable(node), parametersOf(node), node.body, scope)
  return frame => new PyMacro(code, frame)
}

export function compileCaller(node: CallBlock, scope: Scope): Evaluate {
  const code = compileCode(null, node.params, node.body, scope)
  return frame => new PyMacro(code, frame)
}

function parametersOf(node: Macro | Docs | TestBlock | Materialization): readonly Parameter[] {
  switch (node.kind) {
    case 'Macro': case 'Test': return node.params
    case 'Docs': return []
    case 'Materialization': {
      const { start, end } = node.nameSpan
      const fallback: Expression = node.supportedLanguages ?? { kind: 'List', items: [{ kind: 'Const', value: 'sql', unterminated: false, named: false, start, end }], start, end }
      return [{ name: 'supported_languages', nameSpan: node.nameSpan, type: null, default: fallback, start, end }]
    }
  }
}

/** jinja2.compiler.macro_body. */
function compileCode(name: string | null, params: readonly Parameter[], body: readonly Statement[], outer: Scope): MacroCode {
  const symbols = new Symbols(outer.symbols)
  const fn = new FunctionScope(symbols.level, outer.fn)
  const scope: Scope = { ...outer, symbols, fn, soft: false, loop: false }
  const analyze = (): void => { visitParameters(symbols, params); visitStatements(symbols, body) }
  analyze()
  const accessesCaller = mentions(body, 'caller')
  const explicit = params.find(param => param.name === 'caller')
  if (accessesCaller && explicit && !explicit.default) {
    throw new PyException('TemplateAssertionError', 'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.')
  }
  const special = (parameter: string): number | null => {
    if (!mentions(body, parameter) || params.some(param => param.name === parameter)) return null
    return slotOf(scope, symbols.parameter(parameter)).index
  }
  const callerSlot = special('caller')
  const kwargsSlot = special('kwargs')
  const varargsSlot = special('varargs')
  analyze()
  const parameters = params.map(param => {
    const identifier = symbols.find(param.name)
    return { name: param.name, slot: identifier ? slotOf(scope, identifier).index : 0, fallback: param.default ? compileExpression(param.default, scope) : null }
  })
  const run = compileStatements(body, scope)
  return { name, parameters, callerSlot, kwargsSlot, varargsSlot, accessesCaller, fn, native: scope.native, enter: entryOf(scope), body: run }
}
