// dbt's macros: each is a template of one block, run anew for every call, whose free names come from the calling node's context.
// Rules: dbt-common clients/jinja.py BaseMacroGenerator. Only this catches `return()`.

import { MacroReturn, PyException } from './errors.ts'
import { definedMacro } from './evaluate.ts'
import type { Lookup } from './frame.ts'
import type { Template } from './nodes.ts'
import { Runtime } from './runtime.ts'
import type { Source } from './runtime.ts'
import { PyObject, PyUnknown } from './value.ts'
import type { CallArgs, CallContext, Value } from './value.ts'

/** One macro block, parsed alone. */
export interface MacroFile {
  readonly template: Template
  /** The variable it defines: `dbt_macro__NAME` and the like (symbols.ts macroVariable). */
  readonly variable: string
  readonly source: Source
}

/** A macro as dbt's context offers it. `lookup` is asked when a call runs. */
export class PyFileMacro extends PyObject {
  readonly typeName = 'MacroGenerator'
  override get qualifiedTypeName(): string { return 'dbt.clients.jinja.MacroGenerator' }
  readonly file: MacroFile
  private readonly lookup: Lookup
  constructor(file: MacroFile, lookup: Lookup) {
    super()
    this.file = file
    this.lookup = lookup
  }
  override callable(): boolean { return true }
  override call(args: CallArgs, context: CallContext): Value {
    if (!(context instanceof Runtime)) throw new PyException('TypeError', 'a macro needs the evaluation that calls it')
    return callMacro(this.file, this.lookup, args, context)
  }
}

/** Runs a macro; a `return()` inside becomes the result, text otherwise. */
export function callMacro(file: MacroFile, lookup: Lookup, args: CallArgs, runtime: Runtime): Value {
  const { maybeReturned, source, level, mode } = runtime
  runtime.maybeReturned = null
  // dbt-common's template_cache.get_node_template: never capture_macros.
  runtime.mode = 'run'
  const { template } = file
  const syntax = template.errors[0]
  if (syntax) throw new PyException('TemplateSyntaxError', syntax.message)
  try {
    const macro = definedMacro(template, file.variable, runtime, file.source, lookup)
    if (!macro) throw new PyException('KeyError', `'${file.variable}'`)
    return settle(runtime, runtime.call(macro, args))
  } catch (problem) {
    if (!(problem instanceof MacroReturn)) throw problem
    return settle(runtime, problem.value)
  } finally {
    runtime.maybeReturned = maybeReturned
    runtime.source = source
    runtime.mode = mode
    runtime.closeTo(level)
  }
}

/** When an earlier return() may have happened, nobody knows which result it is. */
function settle(runtime: Runtime, value: Value): Value {
  return runtime.maybeReturned ? new PyUnknown(runtime.maybeReturned) : value
}

