// dbt's static `depends_on.macros` of a macro: every call in its text that names another macro, with adapter.dispatch resolved.
// Nothing is evaluated. Rules: dbt 1.12 clients/jinja_static.py statically_extract_macro_calls, parser/manifest.py resolve_macro_depends_on.

import type { Statement } from '../../jinja/nodes.ts'
import type { Project } from '../project/types.ts'
import { getMacroId } from './macros.ts'
import { isDispatch, staticDispatch } from './static-dispatch.ts'
import type { MacroDefinition, MacroIndex } from './types.ts'
import { callsOf } from './walk.ts'

/** unique_ids, in the order in which dbt lists them (breadth first over the text's tree). */
export function macroDependsOn(index: MacroIndex, project: Project, macro: MacroDefinition): string[] {
  const ids: string[] = []
  for (const called of macroCalls(index, project, macro.template.body)) {
    if (called === macro.name) continue
    const dot = called.indexOf('.')
    const id = dot < 0 ? getMacroId(index, macro.package_name, called) : getMacroId(index, called.slice(0, dot), called.slice(dot + 1))
    if (id !== null && !ids.includes(id)) ids.push(id)
  }
  return ids
}

/** dbt's "possible macro calls": `name` or `package.name`. */
function macroCalls(index: MacroIndex, project: Project, body: readonly Statement[]): string[] {
  const names: string[] = []
  const add = (name: string): void => { if (!names.includes(name)) names.push(name) }
  for (const call of callsOf(body)) {
    const callee = call.node
    if (callee.kind === 'Name') {
      if (!STANDARD.has(callee.name) && !BASE_CONTEXT.has(callee.name)) add(callee.name)
    } else if (callee.kind === 'Getattr' && callee.node.kind === 'Name') {
      if (isDispatch(call)) names.push(...staticDispatch(index, project, call).names)
      else if (callee.node.name !== 'adapter') add(`${callee.node.name}.${callee.attr}`)
    }
  }
  return names
}

const STANDARD = new Set(['source', 'ref', 'config'])

// generate_macro_context's members: a call of one of these is no macro call.
const BASE_CONTEXT = new Set(`
dbt_version var env_var return fromjson tojson fromyaml toyaml set set_strict zip zip_strict log run_started_at invocation_id thread_id
otel_trace_id otel_span_id modules flags print diff_of_two_dicts local_md5 target project_name context builtins
`.trim().split(/\s+/))

const memo = new WeakMap<MacroIndex, Map<string, readonly string[]>>()

/** All macros that the given ones reach statically, themselves first (TestMacroNamespace.recursively_get_depends_on_macros). */
export function reachableFrom(index: MacroIndex, project: Project, ids: readonly string[]): string[] {
  let known = memo.get(index)
  if (!known) memo.set(index, known = new Map())
  const reached = new Set<string>()
  const pending = ids.toReversed()
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    let next = known.get(id)
    const macro = index.byId.get(id)
    if (!next) known.set(id, next = macro ? macroDependsOn(index, project, macro) : [])
    pending.push(...next.toReversed())
  }
  return [...reached]
}
