// macro-not-found: a call of a name that is no macro, no member of dbt's context and nothing the template defines itself.
// dbt parses such a call without a word and stops when it compiles the node; in a branch that may not be taken it is a warning.

import { adapterOf } from '../../dbt/adapters/adapters.ts'
import { isDbtsName } from '../../dbt/context/builtin-macros.ts'
import type { Problem } from '../../dbt/problem.ts'
import type { ManifestNode } from '../../dbt/nodes/types.ts'
import { sourceFile, type Snapshot } from '../../dbt/snapshot.ts'
import type { Call } from '../../jinja/nodes.ts'
import { childrenOf, walk, type Node } from '../../jinja/walk.ts'
import { callableMacros, macroNamed } from '../macros.ts'
import { templateOfFile } from '../scene.ts'
import { nearest, suggested } from './suggestions.ts'

const CONTEXT: ReadonlySet<string> = new Set(`
adapter adapter_macro api builtins caller column config context context_macro_stack cycler database dbt_metadata_envs dbt_version defer_relation dict diff_of_two_dicts doc env env_var
exceptions execute flags fromjson fromyaml function graph invocation_args_dict invocation_id joiner lipsum load_agate_table load_result local_md5 log loop metric model modules namespace otel_span_id
otel_trace_id post_hooks pre_hooks print project_name range ref render return run_started_at schema selected_resources self set set_strict source sql sql_now store_raw_result store_result
submit_python_job super target this thread_id tojson toyaml try_or_compiler_error validation var varargs kwargs write zip zip_strict
`.trim().split(/\s+/))

/** A package's name is a dict of its macros. */
const OF_DICTS: ReadonlySet<string> = new Set(['get', 'keys', 'values', 'items', 'copy', 'pop', 'popitem', 'setdefault', 'update', 'clear'])

export function macroNameProblems(snapshot: Snapshot, node: ManifestNode): readonly Problem[] {
  const file = node.rawCodeOffset === null || node.language !== 'sql' ? null : sourceFile(snapshot, node.place.path)
  if (!file) return []
  const { path } = file
  const template = templateOfFile(file)
  if (template.errors.length > 0) return []
  const own = namesDefined(template)
  const problems: Problem[] = []
  visitCalls(template, true, (call, certain) => {
    const callee = call.node
    const name = callee.kind === 'Name' ? callee.name : callee.kind === 'Getattr' && callee.node.kind === 'Name' && snapshot.project.packages.has(callee.node.name) && !own.has(callee.node.name) ? `${callee.node.name}.${callee.attr}` : null
    if (certain) problems.push(...unknownPackage(snapshot, node, call, own))
    if (name === null || callee.start < node.place.start || callee.end > node.place.end) return
    if (!name.includes('.') && (own.has(name) || CONTEXT.has(name) || isDbtsName(name))) return
    if (name.includes('.') && callee.kind === 'Getattr' && OF_DICTS.has(callee.attr)) return
    if (macroNamed(snapshot, path, name)) return
    // Without dbt's own macros a name that we do not know may be one of the adapter's.
    const sure = certain && snapshot.world.macros.source !== null
    const short = name.split('.').at(-1) ?? name
    const problem: Problem = {
      code: 'macro-not-found', severity: sure ? 'error' : 'warning', unique_id: node.unique_id, place: { path, start: callee.end - short.length, end: callee.end },
      message: `'${short}' is undefined. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".`,
    }
    problems.push(suggested(problem, nearest(callableMacros(snapshot, path).map((each) => each.name), name)))
  })
  return problems
}

/** `utils.star()` where nothing is called `utils`: a package that is not there. In a branch it may never be asked for. */
function unknownPackage(snapshot: Snapshot, node: ManifestNode, { node: callee }: Call, own: ReadonlySet<string>): readonly Problem[] {
  if (callee.kind !== 'Getattr' || callee.node.kind !== 'Name' || snapshot.world.macros.source === null) return []
  const { name, start, end } = callee.node
  const brought = name === 'dbt' || (name.startsWith('dbt_') && adapterOf(name.slice(4), snapshot.project.rules).known)
  if (brought || own.has(name) || CONTEXT.has(name) || isDbtsName(name) || snapshot.project.packages.has(name) || start < node.place.start || end > node.place.end) return []
  const { path } = node.place
  return macroNamed(snapshot, path, name) ? [] : [{
    code: 'macro-not-found', severity: 'error', unique_id: node.unique_id, place: { path, start, end },
    message: `'${name}' is undefined. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".`,
  }]
}

const defined = new WeakMap<Node, ReadonlySet<string>>()

/** Names that the template sets anywhere: a name set in one branch only is not looked into. Asked by each check of a keystroke, so kept with the tree. */
export function namesDefined(template: Node): ReadonlySet<string> {
  const known = defined.get(template)
  if (known) return known
  const names = namesSet(template)
  defined.set(template, names)
  return names
}

function namesSet(template: Node): Set<string> {
  const names = new Set<string>()
  const target = (node: Node): void => { walk(node, (each) => { if (each.kind === 'Name') names.add(each.name) }) }
  walk(template, (node) => {
    if (node.kind === 'Set' || node.kind === 'SetBlock' || node.kind === 'For') target(node.target)
    if (node.kind === 'With') for (const each of node.targets) target(each)
    if (node.kind === 'Macro' || (node.kind === 'Test' && 'params' in node) || node.kind === 'CallBlock') for (const each of node.params) names.add(each.name)
    if (node.kind === 'Macro') names.add(node.name)
  })
  return names
}

const BRANCHES: ReadonlySet<string> = new Set(['If', 'For', 'CondExpr', 'And', 'Or', 'Macro', 'CallBlock'])

/** Every call of a template; `certain`: in no branch, loop or macro. */
export function visitCalls(node: Node, certain: boolean, found: (call: Call, certain: boolean) => void): void {
  if (node.kind === 'Call') found(node, certain)
  for (const child of childrenOf(node)) visitCalls(child, certain && !BRANCHES.has(node.kind), found)
}
