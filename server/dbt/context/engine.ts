// The one place of context/ that calls the evaluator: whole templates, macros of files, and texts inside of a running evaluation.
// Knows nothing of what the names mean.

import { parseTemplate } from '../../jinja/parse.ts'
import { PyException } from '../../jinja/errors.ts'
import { render, renderMacro, runRoot } from '../../jinja/evaluate.ts'
import type { RenderOptions, RenderResult } from '../../jinja/evaluate.ts'
import { callMacro } from '../../jinja/file-macro.ts'
import type { MacroFile } from '../../jinja/file-macro.ts'
import type { Lookup } from '../../jinja/frame.ts'
import type { Template } from '../../jinja/nodes.ts'
import { contents } from '../../jinja/output.ts'
import { Runtime } from '../../jinja/runtime.ts'
import type { CallArgs, CallContext, Value } from '../../jinja/value.ts'
import type { MacroDefinition } from './types.ts'

export interface TextPlace { readonly path: string; readonly offset: number }

export interface TemplateOptions {
  /** dbt's Undefined of parse time (capture_macros). */
  readonly permissive: boolean
  readonly native?: boolean
  readonly preview?: boolean
  readonly output?: RenderOptions['output']
}

/** A whole template. */
export function renderTemplate(template: Template, text: string, place: TextPlace, lookup: Lookup, { permissive, native = false, preview = false, output = 'pieces' }: TemplateOptions): RenderResult {
  return render(template, { path: place.path, offset: place.offset, text }, lookup, { undefined: permissive ? 'parse' : 'run', native, preview, output })
}

/** A macro as the root of an evaluation: generate_*_name, operations. */
export function renderRootMacro(macro: MacroDefinition, args: CallArgs, lookup: Lookup): RenderResult {
  return renderMacro(fileOf(macro), args, lookup, { undefined: 'run' })
}

/** A macro called from a running evaluation. */
export function runMacro(macro: MacroDefinition, args: CallArgs, context: CallContext, lookup: Lookup): Value {
  if (!(context instanceof Runtime)) throw new PyException('TypeError', 'a macro needs the evaluation that calls it')
  return callMacro(fileOf(macro), lookup, args, context)
}

/** get_rendered of a text inside of a running evaluation: a var that holds a template, `render()`. */
export function renderInside(text: string, context: CallContext, lookup: Lookup): Value {
  if (!RENDER_CHARS.test(text) || !(context instanceof Runtime)) return text
  const template = parseTemplate(text)
  const [syntax] = template.errors
  if (syntax) throw new PyException('TemplateSyntaxError', syntax.message)
  const { source, mode } = context
  const buffer = context.nested(false)
  context.mode = 'run'
  try {
    // Places inside such a text have no file: they are those of the call that asked for it.
    const at = context.stack[0]
    runRoot(template, false, context, { path: at?.path ?? '', offset: at?.start ?? 0, inMacro: at?.inMacro ?? null, at: at ?? null, lineOf: () => 1 }, lookup, buffer)
    return contents(buffer)
  } finally {
    context.source = source
    context.mode = mode
  }
}

/** dbt's test whether a text is rendered at all (clients/jinja.py get_rendered). */
export const RENDER_CHARS = /\{[{%#]|[#}%]\}/

/** Whether a template without a tag gives the very text: jinja2 takes one newline off its end and makes newlines alike. */
export function rendersToItself(text: string): boolean { return !NOT_PLAIN.test(text) }

const NOT_PLAIN = /[{\r\n]/

const macroFiles = new WeakMap<MacroDefinition, MacroFile>()

function fileOf(macro: MacroDefinition): MacroFile {
  let file = macroFiles.get(macro)
  if (!file) macroFiles.set(macro, file = { template: macro.template, variable: `dbt_macro__${macro.name}`, source: { path: macro.node.place.path, offset: macro.node.place.start, inMacro: macro.unique_id, at: null, lineOf: () => 1 } })
  return file
}
